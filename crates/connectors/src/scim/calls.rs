//! HTTP to a SCIM service: bounded in time and size, never redirected, with the token of the service account.

use super::language::{ERROR, Object, PATCH_OP};
use crate::account::cut;
use crate::within::CONNECT_SECONDS;
use crate::{ConnectorError, Server, Tls};
use reqwest::header::{ACCEPT, CONTENT_TYPE, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, Method, Response, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;
use types::Secret;

const ANSWER_SECONDS: u64 = 30;
/// The longest answer that is read.
const ANSWER_BYTES: usize = 8 << 20;

pub(super) struct Calls {
    client: Client,
    /// Without a slash at its end.
    base: String,
    address: String,
    token: Secret<String>,
}

/// What a service answered that is neither a yes nor a failure of the whole system.
#[derive(Debug)]
pub(super) enum No {
    /// 404: the resource is surely not there.
    NotThere,
    /// 409: something else has its name.
    Taken,
    /// 405 or 501: it does not do this at all.
    CannotDo,
    /// 400: it does not understand, with what it says of it.
    Misunderstood(String),
}

pub(super) type Answered = Result<Result<Object, No>, ConnectorError>;

impl Calls {
    pub(super) fn new(server: &Server, path: &str, token: Secret<String>) -> Result<Self, ConnectorError> {
        server.check()?;
        let address = server.address();
        let refused = |reason| ConnectorError::BadServer { address: cut(&address), reason };
        let sound = path.is_empty() || path.starts_with('/');
        if !sound || path.contains(['?', '#', '\\', ' ']) || path.split('/').any(|part| part == "..") {
            return Err(refused("`path` begins with a slash and has neither a query nor a fragment"));
        }
        if token.expose().is_empty() || token.expose().chars().any(|c| c.is_control() || c == ' ') {
            return Err(refused("the token of the service account is no bearer token"));
        }
        let builder = Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .connect_timeout(Duration::from_secs(CONNECT_SECONDS))
            .timeout(Duration::from_secs(ANSWER_SECONDS));
        let (scheme, builder) = match &server.tls {
            Tls::LoopbackPlain => ("http", builder),
            Tls::Required { ca_pem } => {
                let known = Certificate::from_pem_bundle(ca_pem.as_deref().unwrap_or_default().as_bytes());
                let known = known.map_err(|_| refused("`ca_pem` holds no certificate of an authority in PEM"))?;
                let builder = if known.is_empty() { builder } else { builder.tls_certs_merge(known) };
                ("https", builder.https_only(true))
            }
        };
        let client = builder.build().map_err(|_| refused("no client can be made for it"))?;
        let host = server.host()?;
        let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
        let base = format!("{scheme}://{host}:{}{}", server.port, path.trim_end_matches('/'));
        Ok(Self { client, base, address, token })
    }

    pub(super) fn address(&self) -> &str {
        &self.address
    }

    pub(super) async fn get(&self, path: &str, query: &[(&str, String)]) -> Answered {
        self.call(Method::GET, path, query, None, "read").await
    }

    pub(super) async fn post(&self, path: &str, body: &Value) -> Answered {
        self.call(Method::POST, path, &[], Some(body), "create").await
    }

    pub(super) async fn put(&self, path: &str, body: &Value) -> Answered {
        self.call(Method::PUT, path, &[], Some(body), "change").await
    }

    pub(super) async fn patch(&self, path: &str, operations: Value) -> Answered {
        let body = json!({"schemas": [PATCH_OP], "Operations": operations});
        self.call(Method::PATCH, path, &[], Some(&body), "change").await
    }

    pub(super) async fn delete(&self, path: &str) -> Answered {
        self.call(Method::DELETE, path, &[], None, "delete").await
    }

    async fn call(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, String)],
        body: Option<&Value>,
        act: &'static str,
    ) -> Answered {
        let reads = method == Method::GET;
        let mut call = self.client.request(method, format!("{}{path}", self.base));
        call = call.bearer_auth(self.token.expose()).header(ACCEPT, "application/scim+json").query(query);
        if let Some(body) = body {
            call = call.header(CONTENT_TYPE, "application/scim+json").body(body.to_string());
        }
        let response = call.send().await.map_err(|error| self.lost(&error, reads, act))?;
        let (status, after) = (response.status(), retry_after(&response));
        let text = self.text(response, reads, act).await?;
        let said = || serde_json::from_slice::<Value>(&text).unwrap_or_default();
        let address = || self.address.clone();
        match status {
            StatusCode::NO_CONTENT => Ok(Ok(Object::new())),
            status if status.is_success() => match serde_json::from_slice(&text) {
                // A page that says that it is all well is not an answer of a SCIM service.
                Ok(Value::Object(fields)) if !is_error(&fields) => Ok(Ok(fields)),
                _ if reads => Err(ConnectorError::Unexpected {
                    command: format!("{act} at {}", self.address),
                    detail: "the answer is no SCIM resource".to_owned(),
                }),
                _ => Err(ConnectorError::AnswerLost { address: address(), act }),
            },
            StatusCode::NOT_FOUND => Ok(Err(No::NotThere)),
            StatusCode::CONFLICT => Ok(Err(No::Taken)),
            StatusCode::METHOD_NOT_ALLOWED | StatusCode::NOT_IMPLEMENTED => Ok(Err(No::CannotDo)),
            StatusCode::BAD_REQUEST => Ok(Err(No::Misunderstood(detail(&said())))),
            StatusCode::UNAUTHORIZED => {
                Err(ConnectorError::LogInRefused { address: address(), login: "the bearer token".to_owned() })
            }
            StatusCode::FORBIDDEN => {
                Err(ConnectorError::NotPermitted { login: "the bearer token".to_owned(), detail: detail(&said()) })
            }
            StatusCode::TOO_MANY_REQUESTS => {
                Err(ConnectorError::RateLimited { address: address(), after_seconds: after })
            }
            StatusCode::SERVICE_UNAVAILABLE => {
                Err(ConnectorError::Busy { address: address(), detail: "it says so itself".to_owned() })
            }
            status if status.is_server_error() && reads => {
                Err(ConnectorError::Busy { address: address(), detail: format!("it answered {}", status.as_u16()) })
            }
            status if status.is_server_error() => Err(ConnectorError::AnswerLost { address: address(), act }),
            status => {
                let detail = format!("it answered {} {}", status.as_u16(), detail(&said()));
                Err(ConnectorError::Rejected { address: address(), act, detail })
            }
        }
    }

    async fn text(&self, mut response: Response, reads: bool, act: &'static str) -> Result<Vec<u8>, ConnectorError> {
        let mut text = Vec::new();
        while let Some(some) = response.chunk().await.map_err(|error| self.lost(&error, reads, act))? {
            if text.len() + some.len() > ANSWER_BYTES {
                let command = format!("{act} at {}", self.address);
                return Err(ConnectorError::TooMuchOutput { command, limit_bytes: ANSWER_BYTES });
            }
            text.extend_from_slice(&some);
        }
        Ok(text)
    }

    /// What a call that got no whole answer means.
    fn lost(&self, error: &reqwest::Error, reads: bool, act: &'static str) -> ConnectorError {
        let address = self.address.clone();
        let mut causes = Vec::new();
        let mut cause: Option<&dyn std::error::Error> = std::error::Error::source(error);
        while let Some(this) = cause {
            causes.push(this.to_string());
            cause = this.source();
        }
        let detail = cut(&causes.last().cloned().unwrap_or_default());
        if error.is_connect() {
            let untrusted = causes.iter().any(|cause| cause.contains("certificate"));
            return if untrusted {
                ConnectorError::Untrusted { address, detail }
            } else {
                ConnectorError::Unreachable { address, detail }
            };
        }
        match reads {
            true if error.is_timeout() => {
                ConnectorError::Timeout { what: format!("{act} at {address}"), seconds: ANSWER_SECONDS }
            }
            true => ConnectorError::Unreachable { address, detail },
            false => ConnectorError::AnswerLost { address, act },
        }
    }
}

fn retry_after(response: &Response) -> Option<u64> {
    response.headers().get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()
}

fn is_error(fields: &Object) -> bool {
    let schemas = fields.get("schemas").and_then(Value::as_array);
    schemas.is_some_and(|schemas| schemas.iter().any(|schema| schema == ERROR))
}

fn detail(said: &Value) -> String {
    cut(said["detail"].as_str().unwrap_or_default())
}
