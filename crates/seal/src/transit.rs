//! The transit engine of another Vault or OpenBao, which wraps the root key for us. Its token is read from a file for each
//! call, goes into one header, and into nothing else.

use crate::SealError;
use crate::unseal::read_private;
use data_encoding::BASE64;
use reqwest::header::HeaderValue;
use reqwest::{Certificate, Client, StatusCode, Url};
use std::path::PathBuf;
use std::time::Duration;
use types::Secret;
use zeroize::Zeroizing;

const CONNECT: Duration = Duration::from_secs(5);
const ANSWER: Duration = Duration::from_secs(15);
const LARGEST_ANSWER: usize = 64 << 10;
const LONGEST_REASON: usize = 200;

#[derive(serde::Serialize)]
#[serde(untagged)]
enum Order<'a> {
    Encrypt { plaintext: &'a str, associated_data: String },
    Decrypt { ciphertext: &'a str, associated_data: String },
}

#[derive(Default, serde::Deserialize)]
#[serde(default)]
struct Answered {
    data: Option<Done>,
    errors: Vec<String>,
}

#[derive(serde::Deserialize)]
struct Done {
    ciphertext: Option<String>,
    plaintext: Option<Secret<String>>,
}

/// Which key of which engine.
#[derive(Debug, Clone)]
pub struct Transit {
    /// Such as `https://vault.example:8200`.
    pub address: String,
    /// Where the engine is mounted; `transit` by default.
    pub mount: String,
    pub key: String,
    pub token_file: PathBuf,
    /// Whom to trust, in PEM, instead of the system's authorities.
    pub ca_file: Option<PathBuf>,
}

impl Transit {
    pub(crate) async fn encrypt(&self, associated: &[u8], plain: &[u8]) -> Result<Vec<u8>, SealError> {
        let plain = Secret::new(BASE64.encode(plain));
        let order = Order::Encrypt { plaintext: plain.expose(), associated_data: BASE64.encode(associated) };
        let ciphertext = self.ask("encrypt", &order).await?.ciphertext.filter(|text| !text.is_empty());
        ciphertext.map(String::into_bytes).ok_or_else(|| self.strange())
    }

    pub(crate) async fn decrypt(&self, associated: &[u8], sealed: &[u8]) -> Result<Secret<Vec<u8>>, SealError> {
        let ciphertext = std::str::from_utf8(sealed).map_err(|_| SealError::Unreadable)?;
        let order = Order::Decrypt { ciphertext, associated_data: BASE64.encode(associated) };
        let plain = self.ask("decrypt", &order).await?.plaintext.ok_or_else(|| self.strange())?;
        BASE64.decode(plain.expose().as_bytes()).map(Secret::new).map_err(|_| self.strange())
    }

    async fn ask(&self, act: &str, order: &Order<'_>) -> Result<Done, SealError> {
        let url = self.url(act)?;
        let token = read_private(&self.token_file)?;
        let call = self.client()?.post(url).header("x-vault-token", self.header(&token)?).json(order);
        let mut response = call.send().await.map_err(|error| self.away(&cause(&error)))?;
        let status = response.status();
        let mut text = Zeroizing::new(Vec::with_capacity(LARGEST_ANSWER));
        while let Some(chunk) = response.chunk().await.map_err(|error| self.away(&cause(&error)))? {
            if text.len() + chunk.len() > LARGEST_ANSWER {
                return Err(self.strange());
            }
            text.extend_from_slice(&chunk);
        }
        let answer: Answered = serde_json::from_slice(&text).unwrap_or_default();
        if status.is_success() {
            return answer.data.ok_or_else(|| self.strange());
        }
        let said = answer.errors.first().map_or("no reason given", String::as_str).replace(['\n', '\t'], " ");
        let said: String = format!("{status}: {}", said.trim()).chars().take(LONGEST_REASON).collect();
        match status {
            StatusCode::BAD_REQUEST | StatusCode::FORBIDDEN | StatusCode::NOT_FOUND | StatusCode::UNAUTHORIZED => {
                Err(SealError::Refused { device: self.device(), problem: said })
            }
            _ => Err(self.away(&said)),
        }
    }

    /// Marked, so that no log of the HTTP libraries shows it.
    fn header(&self, token: &Secret<String>) -> Result<HeaderValue, SealError> {
        let unfit =
            |_| SealError::Refused { device: self.device(), problem: "the token file holds no token".to_owned() };
        let mut value = HeaderValue::from_str(token.expose().trim()).map_err(unfit)?;
        value.set_sensitive(true);
        Ok(value)
    }

    fn url(&self, act: &str) -> Result<Url, SealError> {
        let wrong = || SealError::Refused { device: self.device(), problem: "its address is not a URL".to_owned() };
        let mut url = Url::parse(&self.address).map_err(|_| wrong())?;
        let mut path = url.path_segments_mut().map_err(|()| wrong())?;
        path.pop_if_empty().push("v1").extend(self.mount.split('/').filter(|part| !part.is_empty()));
        path.extend([act, self.key.as_str()]);
        drop(path);
        Ok(url)
    }

    fn client(&self) -> Result<Client, SealError> {
        let mut client = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT)
            .timeout(ANSWER)
            .no_proxy();
        if let Some(file) = &self.ca_file {
            let problem = |problem: String| SealError::KeyFile { path: file.display().to_string(), problem };
            let pem = std::fs::read(file).map_err(|error| problem(error.to_string()))?;
            let roots = Certificate::from_pem_bundle(&pem).unwrap_or_default();
            if roots.is_empty() {
                return Err(problem("it holds no certificate in PEM".to_owned()));
            }
            client = client.tls_certs_only(roots);
        }
        client.build().map_err(|error| self.away(&cause(&error)))
    }

    fn device(&self) -> String {
        format!("the transit engine at `{}` (key `{}`)", self.address, self.key)
    }

    fn away(&self, problem: &str) -> SealError {
        SealError::Away { device: self.device(), problem: problem.to_owned() }
    }

    fn strange(&self) -> SealError {
        self.away("its answer is not one of a transit engine")
    }
}

/// The innermost cause: what is outside of it repeats the URL.
fn cause(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
