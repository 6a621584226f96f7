//! Calls to a described API, signed and no faster than it bears.

use super::auth::Caller;
use super::description::{Act, Description, Headers, Method};
use super::template::Values;
use crate::ConnectorError;
use crate::http::{Answered, Effect, Http, Reach};
use crate::{Server, Tls};
use reqwest::RequestBuilder;
use reqwest::header::HeaderMap;
use serde_json::Value;
use serde_saphyr::Spanned;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;
use types::Secret;

pub(super) struct Calls {
    http: Http,
    caller: Caller,
    base: String,
    headers: Headers,
    gone_when: Vec<u16>,
    taken_when: Vec<u16>,
    pace: Pace,
}

/// What a look found.
pub(super) enum Looked {
    There(Value, HeaderMap),
    Gone,
}

/// What became of a change.
pub(super) enum Done {
    Yes,
    Gone,
    Taken,
}

impl Calls {
    /// # Errors
    /// `BadServer`.
    pub(super) fn new(
        api: &Description,
        server: &Server,
        login: &str,
        secret: Secret<String>,
    ) -> Result<Self, ConnectorError> {
        let inside = api.private || server.tls == Tls::LoopbackPlain;
        let reach = if inside { Reach::Anywhere } else { Reach::Public };
        let base = api.base.as_ref().map(|base| base.value.fill(&Values::new())).transpose()?;
        Ok(Self {
            http: Http::new(server, reach)?,
            caller: Caller::new(&api.auth.value, server, reach, login, secret)?,
            base: base.unwrap_or_default().trim_end_matches('/').to_owned(),
            headers: api.headers.as_ref().map(|headers| headers.value.clone()).unwrap_or_default(),
            gone_when: api.gone_when.clone(),
            taken_when: api.taken_when.clone(),
            pace: Pace::of(api.per_second()),
        })
    }

    pub(super) fn http(&self) -> &Http {
        &self.http
    }

    pub(super) fn login(&self) -> &str {
        self.caller.login()
    }

    /// It says that something is there already, or not there, where that is no answer.
    pub(super) fn refused(&self, act: &'static str) -> ConnectorError {
        let detail = "something in its way is there already, or is not there any more".to_owned();
        ConnectorError::Rejected { address: self.http.address().to_owned(), act, detail }
    }

    /// Where on the server a path of the file is.
    pub(super) fn below(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// # Errors
    /// Those of [`Http::send`]; `Rejected`; `Unexpected`: it answered something that is no JSON.
    pub(super) async fn look(&self, place: &str, act: &'static str) -> Result<Looked, ConnectorError> {
        let call = self.http.call(reqwest::Method::GET, place);
        let answered = self.send(call, None, Effect::Look, act).await?;
        if self.gone_when.contains(&answered.status.as_u16()) {
            return Ok(Looked::Gone);
        }
        if !answered.status.is_success() {
            return Err(self.http.rejected(&answered, act));
        }
        match serde_json::from_slice(&answered.body) {
            Ok(value) => Ok(Looked::There(value, answered.headers)),
            Err(_) => Err(self.http.not_understood(Effect::Look, act, "the answer is no JSON")),
        }
    }

    /// # Errors
    /// Those of [`Http::send`]; `BadName`; `Rejected`; `AnswerLost` also where the answer is no JSON.
    pub(super) async fn change(
        &self,
        act: &Act,
        values: &Values<'_>,
        name: &'static str,
    ) -> Result<Done, ConnectorError> {
        let method = match act.method {
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
            Method::Patch => reqwest::Method::PATCH,
            Method::Delete => reqwest::Method::DELETE,
        };
        let mut call = self.http.call(method, &self.below(&act.path.value.fill(values)?));
        if let Some(body) = &act.body {
            call = call.header("content-type", "application/json").body(body.value.fill(values).to_string());
        }
        let answered = self.send(call, act.headers.as_ref(), Effect::Change, name).await?;
        let status = answered.status.as_u16();
        if self.gone_when.contains(&status) {
            return Ok(Done::Gone);
        }
        if self.taken_when.contains(&status) {
            return Ok(Done::Taken);
        }
        if !answered.status.is_success() {
            return Err(self.http.rejected(&answered, name));
        }
        // A page that says that all is well comes from somebody on the way.
        let is_json = || serde_json::from_slice::<Value>(&answered.body).is_ok();
        if answered.body.is_empty() || is_json() {
            return Ok(Done::Yes);
        }
        Err(self.http.not_understood(Effect::Change, name, "the answer is no JSON"))
    }

    async fn send(
        &self,
        call: RequestBuilder,
        headers: Option<&Spanned<Headers>>,
        effect: Effect,
        act: &'static str,
    ) -> Result<Answered, ConnectorError> {
        let mut call = self.caller.sign(&self.http, call.header("accept", "application/json")).await?;
        // What an act says itself counts.
        let own = headers.map(|headers| &headers.value);
        let is_own = |name: &str| own.is_some_and(|own| own.keys().any(|key| key.eq_ignore_ascii_case(name)));
        let shared = self.headers.iter().filter(|(name, _)| !is_own(name));
        let mut all = HeaderMap::new();
        for (name, value) in shared.chain(own.into_iter().flatten()) {
            let pair = (name.parse::<reqwest::header::HeaderName>(), value.parse::<reqwest::header::HeaderValue>());
            if let (Ok(name), Ok(value)) = pair {
                all.insert(name, value);
            }
        }
        call = call.headers(all);
        self.pace.wait().await;
        let answered = self.http.send(call, effect, act, self.caller.login()).await;
        if matches!(answered, Err(ConnectorError::LogInRefused { .. })) {
            self.caller.forget().await;
        }
        answered
    }
}

/// Calls go out with this much time between them.
struct Pace {
    between: Duration,
    next: Mutex<Option<Instant>>,
}

impl Pace {
    fn of(per_second: u32) -> Self {
        Self { between: Duration::from_secs(1) / per_second.max(1), next: Mutex::new(None) }
    }

    async fn wait(&self) {
        let at = slot(&mut *self.next.lock().await, Instant::now(), self.between);
        tokio::time::sleep_until(at).await;
    }
}

/// When a call may go that comes now.
fn slot(next: &mut Option<Instant>, now: Instant, between: Duration) -> Instant {
    let at = next.map_or(now, |next| next.max(now));
    *next = Some(at + between);
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_keep_their_distance_also_when_many_come_at_once() {
        let (now, between, mut next) = (Instant::now(), Duration::from_millis(10), None);
        for (later, at) in [(0, 0), (0, 10), (0, 20), (25, 30), (100, 100), (100, 110)] {
            let came = now + Duration::from_millis(later);
            assert_eq!(slot(&mut next, came, between), now + Duration::from_millis(at));
        }
    }
}
