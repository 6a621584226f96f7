//! The calls that a SCIM service understands, with the token of the service account.

use super::language::{ERROR, Object, PATCH_OP};
use crate::account::cut;
use crate::http::{Effect, Http, Reach};
use crate::{ConnectorError, Server};
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use types::Secret;

const LOGIN: &str = "the bearer token";

pub(super) struct Calls {
    http: Http,
    /// Where the service is on its server, without a slash at its end.
    path: String,
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
        // Whoever names a service inside means it: the address stands in its declaration.
        let http = Http::new(server, Reach::Anywhere)?;
        let refused = |reason| ConnectorError::BadServer { address: cut(http.address()), reason };
        let sound = path.is_empty() || path.starts_with('/');
        if !sound || path.contains(['?', '#', '\\', ' ']) || path.split('/').any(|part| part == "..") {
            return Err(refused("`path` begins with a slash and has neither a query nor a fragment"));
        }
        if token.expose().is_empty() || token.expose().chars().any(|c| c.is_control() || c == ' ') {
            return Err(refused("the token of the service account is no bearer token"));
        }
        Ok(Self { http, path: path.trim_end_matches('/').to_owned(), token })
    }

    pub(super) fn address(&self) -> &str {
        self.http.address()
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
        let effect = if method == Method::GET { Effect::Look } else { Effect::Change };
        let mut call = self.http.call(method, &format!("{}{path}", self.path));
        call = call.bearer_auth(self.token.expose()).header(ACCEPT, "application/scim+json").query(query);
        if let Some(body) = body {
            call = call.header(CONTENT_TYPE, "application/scim+json").body(body.to_string());
        }
        let answered = self.http.send(call, effect, act, LOGIN).await?;
        match answered.status {
            StatusCode::NO_CONTENT => Ok(Ok(Object::new())),
            status if status.is_success() => match serde_json::from_slice(&answered.body) {
                // A page that says that it is all well is not an answer of a SCIM service.
                Ok(Value::Object(fields)) if !is_error(&fields) => Ok(Ok(fields)),
                _ => Err(self.http.not_understood(effect, act, "the answer is no SCIM resource")),
            },
            StatusCode::NOT_FOUND => Ok(Err(No::NotThere)),
            StatusCode::CONFLICT => Ok(Err(No::Taken)),
            StatusCode::METHOD_NOT_ALLOWED | StatusCode::NOT_IMPLEMENTED => Ok(Err(No::CannotDo)),
            StatusCode::BAD_REQUEST => {
                let said: Value = serde_json::from_slice(&answered.body).unwrap_or_default();
                Ok(Err(No::Misunderstood(cut(said["detail"].as_str().unwrap_or_default()))))
            }
            _ => Err(self.http.rejected(&answered, act)),
        }
    }
}

fn is_error(fields: &Object) -> bool {
    let schemas = fields.get("schemas").and_then(Value::as_array);
    schemas.is_some_and(|schemas| schemas.iter().any(|schema| schema == ERROR))
}
