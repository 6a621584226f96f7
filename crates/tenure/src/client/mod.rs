//! The REST API as the commands call it: one method, one path, one answer, and every refusal as one line and one
//! exit code. Shows nothing and knows no noun.

mod address;
mod refusal;

pub(crate) use address::ServerArgs;

use crate::exit::{Exit, Failed};
use crate::output::items;
use address::{base, token};
use refusal::{Unreachable, cause, refusal};
use reqwest::header::{ACCEPT, CONTENT_TYPE, ETAG, HeaderMap, IF_NONE_MATCH};
use reqwest::{Method, Response, StatusCode, Url};
use serde_json::{Value, json};
use std::time::Duration;
use types::{Chance, Secret};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);
const RETRY_AFTER: Duration = Duration::from_millis(300);
const KEEPALIVE: Duration = Duration::from_secs(15);
/// The most that one page is asked to hold.
const PAGE: usize = 100;

/// A connection to one server.
pub(crate) struct Client {
    http: reqwest::Client,
    base: Url,
    token: Option<Secret<String>>,
    chance: Chance,
}

impl Client {
    pub(crate) fn new(server: &ServerArgs) -> Result<Self, Failed> {
        let base = base(server.url.as_deref())?;
        let mut http = reqwest::Client::builder()
            .user_agent(concat!("tenure/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .tcp_keepalive(KEEPALIVE);
        if let Some(path) = &server.ca_file {
            let pem = std::fs::read(path).map_err(|error| Failed::file("read", path, &error))?;
            let roots = reqwest::Certificate::from_pem_bundle(&pem).unwrap_or_default();
            if roots.is_empty() {
                return Err(Failed::usage(format!("`{}` holds no certificate in PEM", path.display())));
            }
            http = http.tls_certs_only(roots);
        }
        let http = http.build().map_err(|error| Failed::usage(format!("cannot set up TLS: {}", cause(&error))))?;
        Ok(Self { http, base, token: token(server)?, chance: Chance::system() })
    }

    /// Where the server is, without a path.
    pub(crate) fn base(&self) -> &Url {
        &self.base
    }

    pub(crate) fn get(&self, path: &[&str]) -> Call<'_> {
        self.call(Method::GET, path)
    }

    pub(crate) fn put(&self, path: &[&str], body: &Value) -> Call<'_> {
        self.call(Method::PUT, path).json(body)
    }

    /// A new version: its key lets it be sent again without being kept twice.
    pub(crate) fn replace(&self, path: &[&str], body: &Value) -> Call<'_> {
        self.put(path, body).once()
    }

    /// The same with what is left out kept as it is.
    pub(crate) fn patch(&self, path: &[&str], body: &Value) -> Call<'_> {
        self.call(Method::PATCH, path).json(body).once()
    }

    /// For whoever asks; who is signed in says so.
    pub(crate) fn open(&self, path: &[&str], body: &Value) -> Call<'_> {
        Call { signed_in: self.token.is_some(), ..self.post(path, body) }
    }

    pub(crate) fn delete(&self, path: &[&str]) -> Call<'_> {
        self.call(Method::DELETE, path)
    }

    /// A decision on what exists already.
    pub(crate) fn post(&self, path: &[&str], body: &Value) -> Call<'_> {
        self.call(Method::POST, path).json(body)
    }

    /// A creation: its key lets it be sent again without being done twice.
    pub(crate) fn create(&self, path: &[&str], body: &Value) -> Call<'_> {
        self.post(path, body).once()
    }

    pub(crate) fn create_from_csv(&self, path: &[&str], csv: Vec<u8>) -> Call<'_> {
        let call = self.call(Method::POST, path).once();
        Call { body: Some(("text/csv", csv)), ..call }
    }

    /// What hosts may read without a token; it lies beside the API.
    pub(crate) fn public(&self, path: &[&str]) -> Call<'_> {
        Call { signed_in: false, url: self.at(path), ..self.call(Method::GET, &[]) }
    }

    /// What anybody may ask of the server.
    pub(crate) fn public_post(&self, path: &[&str], body: &Value) -> Call<'_> {
        Call { signed_in: false, url: self.at(path), ..self.call(Method::POST, &[]) }.json(body)
    }

    fn call(&self, method: Method, path: &[&str]) -> Call<'_> {
        let url = self.at(&[&["api", "v1"], path].concat());
        Call {
            client: self,
            method,
            url,
            signed_in: true,
            body: None,
            once: None,
            etag: None,
            patience: ANSWER_TIMEOUT,
        }
    }

    fn at(&self, path: &[&str]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        url
    }

    fn random_id(&self) -> String {
        data_encoding::HEXLOWER.encode(&self.chance.bytes::<16>())
    }
}

/// One request, before it is sent.
#[must_use]
pub(crate) struct Call<'a> {
    client: &'a Client,
    method: Method,
    url: Url,
    signed_in: bool,
    body: Option<(&'static str, Vec<u8>)>,
    once: Option<String>,
    etag: Option<String>,
    patience: Duration,
}

impl Call<'_> {
    pub(crate) fn query(mut self, name: &str, value: &str) -> Self {
        self.url.query_pairs_mut().append_pair(name, value);
        self
    }

    pub(crate) fn maybe(self, name: &str, value: Option<&impl ToString>) -> Self {
        match value {
            Some(value) => self.query(name, &value.to_string()),
            None => self,
        }
    }

    /// Waits longer for the answer than is usual.
    pub(crate) fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    pub(crate) fn unless_still(mut self, etag: Option<String>) -> Self {
        self.etag = etag;
        self
    }

    fn json(mut self, body: &Value) -> Self {
        self.body = Some(("application/json", body.to_string().into_bytes()));
        self
    }

    fn once(mut self) -> Self {
        self.once = Some(self.client.random_id());
        self
    }

    /// The whole answer as text.
    pub(crate) async fn send(self) -> Result<Answer, Failed> {
        let patience = self.patience;
        let read = async {
            let (response, unreachable) = self.open().await?;
            response.text().await.map(|text| Answer { text }).map_err(|error| unreachable.because(&error))
        };
        let late = |_| Failed::new(Exit::Unavailable, format!("the server gave no answer in {} s", patience.as_secs()));
        tokio::time::timeout(patience, read).await.map_err(late)?
    }

    /// Follows the pages of a list until there are `limit` items; the answer has the shape of one page.
    pub(crate) async fn pages(self, limit: usize, after: Option<String>) -> Result<Answer, Failed> {
        let (client, url) = (self.client, self.url);
        let (mut collected, mut after) = (Vec::new(), after);
        loop {
            let call = Call { url: url.clone(), ..client.call(Method::GET, &[]) };
            let wanted = (limit - collected.len()).min(PAGE);
            let answer = call.query("limit", &wanted.to_string()).maybe("after", after.as_ref()).send().await?;
            let page = answer.value()?;
            let next = page.get("next").and_then(Value::as_str).map(str::to_owned);
            if collected.is_empty() && (next.is_none() || items(&page).len() >= limit) {
                return Ok(answer);
            }
            collected.extend_from_slice(items(&page));
            if next.is_none() || collected.len() >= limit || next == after {
                return Ok(Answer { text: json!({"items": collected, "next": next}).to_string() });
            }
            after = next;
        }
    }

    /// The answer while it arrives, for what is long or never ends.
    pub(crate) async fn stream(self) -> Result<Stream, Failed> {
        let (response, unreachable) = self.open().await?;
        Ok(Stream { response, unreachable })
    }

    async fn open(self) -> Result<(Response, Unreachable), Failed> {
        let unreachable = Unreachable { server: self.client.base.origin().ascii_serialization() };
        let request_id = self.client.random_id();
        let again = self.method != Method::POST || self.once.is_some();
        let mut sent = self.request(&request_id)?.send().await;
        if sent.as_ref().is_err_and(|error| !error.is_timeout()) && again {
            tokio::time::sleep(RETRY_AFTER).await;
            sent = self.request(&request_id)?.send().await;
        }
        let response = sent.map_err(|error| unreachable.because(&error))?;
        match response.status() {
            status if status.is_success() || status == StatusCode::NOT_MODIFIED => Ok((response, unreachable)),
            status => Err(refusal(status, &response.text().await.unwrap_or_default(), &request_id)),
        }
    }

    fn request(&self, request_id: &str) -> Result<reqwest::RequestBuilder, Failed> {
        let mut request = self.client.http.request(self.method.clone(), self.url.clone());
        request = request.header("x-request-id", request_id).header(ACCEPT, "application/json, */*;q=0.5");
        if self.signed_in {
            let missing =
                || Failed::new(Exit::Forbidden, "not signed in: set TENURE_TOKEN to a token made in the console");
            request = request.bearer_auth(self.client.token.as_ref().ok_or_else(missing)?.expose());
        }
        if let Some(key) = &self.once {
            request = request.header("idempotency-key", key);
        }
        if let Some(etag) = &self.etag {
            request = request.header(IF_NONE_MATCH, etag);
        }
        if let Some((media_type, body)) = &self.body {
            request = request.header(CONTENT_TYPE, *media_type).body(body.clone());
        }
        Ok(request)
    }
}

/// A successful answer.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn value(&self) -> Result<Value, Failed> {
        if self.text.trim().is_empty() {
            return Ok(Value::Null);
        }
        let wrong = |_| Failed::new(Exit::Unavailable, "the answer is not JSON: does the URL lead to Tenure?");
        serde_json::from_str(&self.text).map_err(wrong)
    }
}

/// An answer that is still arriving.
pub(crate) struct Stream {
    response: Response,
    unreachable: Unreachable,
}

impl Stream {
    pub(crate) fn unchanged(&self) -> bool {
        self.response.status() == StatusCode::NOT_MODIFIED
    }

    pub(crate) fn etag(&self) -> Option<String> {
        header(self.response.headers(), ETAG.as_str())
    }

    pub(crate) async fn chunk(&mut self) -> Result<Option<Vec<u8>>, Failed> {
        let chunk = self.response.chunk().await.map_err(|error| self.unreachable.because(&error))?;
        Ok(chunk.map(|bytes| bytes.to_vec()))
    }
}

fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_a_path_cannot_leave_it() {
        let server = ServerArgs { url: Some("http://127.0.0.1:1/below/".into()), ca_file: None, token_file: None };
        let client = Client::new(&server).unwrap();
        let url = client.get(&["targets", "../me?x", "accounts"]).url;
        assert_eq!(url.as_str(), "http://127.0.0.1:1/below/api/v1/targets/..%2Fme%3Fx/accounts");
        assert_eq!(client.public(&["ssh", "krl"]).url.as_str(), "http://127.0.0.1:1/below/ssh/krl");
    }
}
