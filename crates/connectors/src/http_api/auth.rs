//! How a call says who asks: with a token, with a login and its secret, or with a token that they get.

use super::description::Auth;
use crate::account::cut;
use crate::http::{Effect, Http, Reach};
use crate::{ConnectorError, Server, Tls};
use reqwest::{Method, RequestBuilder};
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;
use types::Secret;

/// A token is not used in the last moments of its life.
const MARGIN: Duration = Duration::from_secs(30);
/// Of a token that does not say how long it lives.
const LIFE: Duration = Duration::from_secs(300);
/// The longest that a token is used.
const LONGEST: u64 = 24 * 60 * 60;

pub(super) struct Caller {
    login: String,
    secret: Secret<String>,
    how: How,
}

enum How {
    Bearer,
    Basic,
    Client { issuer: Option<Http>, place: String, scope: Option<String>, token: Mutex<Option<Token>> },
}

struct Token {
    text: Secret<String>,
    until: Instant,
}

impl Caller {
    /// # Errors
    /// `BadServer`.
    pub(super) fn new(
        auth: &Auth,
        server: &Server,
        reach: Reach,
        login: &str,
        secret: Secret<String>,
    ) -> Result<Self, ConnectorError> {
        let refused = |reason| ConnectorError::BadServer { address: cut(&server.address()), reason };
        if secret.expose().is_empty() || secret.expose().chars().any(char::is_control) {
            return Err(refused("the secret of the service account is empty, or of more than one line"));
        }
        let how = match auth {
            Auth::Bearer => How::Bearer,
            Auth::Basic if login.contains(':') => return Err(refused("a login with a colon has no place there")),
            Auth::Basic => How::Basic,
            Auth::Oauth2ClientCredentials { token, scope } => {
                let elsewhere = token.strip_prefix("https://");
                let issuer = elsewhere.map(|address| issuer(address, server, reach)).transpose()?;
                let place =
                    elsewhere.map_or(token.as_str(), |address| &address[address.find('/').unwrap_or(address.len())..]);
                let place = if place.is_empty() { "/".to_owned() } else { place.to_owned() };
                How::Client { issuer, place, scope: scope.clone(), token: Mutex::new(None) }
            }
        };
        Ok(Self { login: login.to_owned(), secret, how })
    }

    pub(super) fn login(&self) -> &str {
        &self.login
    }

    /// # Errors
    /// Those of getting a token.
    pub(super) async fn sign(&self, api: &Http, call: RequestBuilder) -> Result<RequestBuilder, ConnectorError> {
        Ok(match &self.how {
            How::Bearer => call.bearer_auth(self.secret.expose()),
            How::Basic => call.basic_auth(&self.login, Some(self.secret.expose())),
            How::Client { issuer, place, scope, token } => {
                let mut kept = token.lock().await;
                let token = match kept.take().filter(|token| Instant::now() < token.until) {
                    Some(token) => token,
                    None => self.token(issuer.as_ref().unwrap_or(api), place, scope.as_deref()).await?,
                };
                let signed = call.bearer_auth(token.text.expose());
                *kept = Some(token);
                signed
            }
        })
    }

    /// The target does not take it any more: the next call gets another one, where it can.
    pub(super) async fn forget(&self) {
        if let How::Client { token, .. } = &self.how {
            *token.lock().await = None;
        }
    }

    /// By the client's own credentials (RFC 6749, 4.4.2).
    async fn token(&self, issuer: &Http, place: &str, scope: Option<&str>) -> Result<Token, ConnectorError> {
        const ACT: &str = "get a token";
        let form = [("grant_type", Some("client_credentials")), ("scope", scope)];
        let form =
            form.into_iter().filter_map(|(name, value)| Some(format!("{name}={}", super::template::encoded(value?))));
        let call = issuer.call(Method::POST, place).basic_auth(&self.login, Some(self.secret.expose()));
        let call = call.header("content-type", "application/x-www-form-urlencoded");
        let call = call.body(form.collect::<Vec<_>>().join("&"));
        // A token that nobody got does no harm: it may be asked for again.
        let answered = issuer.send(call, Effect::Look, ACT, &self.login).await?;
        if !answered.status.is_success() {
            let address = issuer.address().to_owned();
            return Err(ConnectorError::LogInRefused { address, login: self.login.clone() });
        }
        let read: Granted = serde_json::from_slice(&answered.body)
            .map_err(|_| issuer.not_understood(Effect::Look, ACT, "the answer holds no token"))?;
        let fits = |c: char| c.is_ascii_graphic();
        if read.access_token.is_empty()
            || !read.access_token.chars().all(fits)
            || !read.token_type.eq_ignore_ascii_case("bearer")
        {
            return Err(issuer.not_understood(Effect::Look, ACT, "the token is none that a bearer shows"));
        }
        let life = read.expires_in.map_or(LIFE, |seconds| Duration::from_secs(seconds.min(LONGEST)));
        Ok(Token { text: Secret::new(read.access_token), until: Instant::now() + life.saturating_sub(MARGIN) })
    }
}

/// What a token's answer says that we look at (RFC 6749, 5.1).
#[derive(serde::Deserialize)]
struct Granted {
    access_token: String,
    token_type: String,
    #[serde(default)]
    expires_in: Option<u64>,
}

fn issuer(address: &str, server: &Server, reach: Reach) -> Result<Http, ConnectorError> {
    let host = address.split(['/', '?']).next().unwrap_or_default();
    let (host, port) = match host.rsplit_once(':').filter(|_| !host.ends_with(']')) {
        Some((host, port)) => (host, port.parse().ok()),
        None => (host, Some(443)),
    };
    let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    let refused =
        || ConnectorError::BadServer { address: cut(address), reason: "the port of the token's server is none" };
    let ca_pem = match &server.tls {
        Tls::Required { ca_pem } => ca_pem.clone(),
        Tls::LoopbackPlain => None,
    };
    let port = port.ok_or_else(refused)?;
    Http::new(&Server { host, port, tls: Tls::Required { ca_pem }, database: None }, reach)
}
