//! HTTP to a service of somebody else: bounded in time and size, never redirected, without a proxy. Tells what the answers
//! mean that every such service gives alike, and knows neither its paths nor its bodies.

use crate::account::cut;
use crate::within::CONNECT_SECONDS;
use crate::{ConnectorError, Server, Tls};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, Method, RequestBuilder, Response, StatusCode};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

const ANSWER_SECONDS: u64 = 30;
/// The longest answer that is read.
const ANSWER_BYTES: usize = 8 << 20;

/// Which addresses a service may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    Anywhere,
    /// None that is of a private network: what looks like a service outside must not lead to one inside.
    Public,
}

pub(crate) struct Http {
    client: Client,
    /// Scheme, host and port.
    origin: String,
    address: String,
}

/// What a service answered.
#[derive(Debug)]
pub(crate) struct Answered {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Http {
    /// # Errors
    /// `BadServer`.
    pub(crate) fn new(server: &Server, reach: Reach) -> Result<Self, ConnectorError> {
        server.check()?;
        let address = server.address();
        let refused = |reason| ConnectorError::BadServer { address: cut(&address), reason };
        let host = server.host()?;
        if reach == Reach::Public && host.parse().is_ok_and(is_private) {
            return Err(refused("it is an address of a private network: say `private: true` where that is meant"));
        }
        let builder = Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .connect_timeout(Duration::from_secs(CONNECT_SECONDS))
            .timeout(Duration::from_secs(ANSWER_SECONDS));
        let builder = if reach == Reach::Public { builder.dns_resolver(Arc::new(Outside)) } else { builder };
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
        let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
        Ok(Self { client, origin: format!("{scheme}://{host}:{}", server.port), address })
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// A call to a place on the server: a path, with its query.
    pub(crate) fn call(&self, method: Method, place: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{place}", self.origin))
    }

    /// The whole answer, where it is one to this call: yes, or a no about what was asked for.
    ///
    /// # Errors
    /// `LogInRefused`, `NotPermitted`, `RateLimited`, `Busy`, `TooMuchOutput`, `Unreachable`, `Untrusted`; of a look also
    /// `Timeout`; of a change `AnswerLost`.
    pub(crate) async fn send(
        &self,
        call: RequestBuilder,
        effect: Effect,
        act: &'static str,
        login: &str,
    ) -> Result<Answered, ConnectorError> {
        let response = call.send().await.map_err(|error| self.lost(&error, effect, act))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = self.body(response, effect, act).await?;
        let address = || self.address.clone();
        match status {
            StatusCode::UNAUTHORIZED => {
                Err(ConnectorError::LogInRefused { address: address(), login: login.to_owned() })
            }
            StatusCode::FORBIDDEN => {
                Err(ConnectorError::NotPermitted { login: login.to_owned(), detail: detail(&body) })
            }
            StatusCode::TOO_MANY_REQUESTS => {
                Err(ConnectorError::RateLimited { address: address(), after_seconds: retry_after(&headers) })
            }
            StatusCode::SERVICE_UNAVAILABLE => Err(self.busy("it says so itself")),
            status if status.is_server_error() && status != StatusCode::NOT_IMPLEMENTED => Err(match effect {
                Effect::Look => self.busy(&format!("it answered {}", status.as_u16())),
                Effect::Change => ConnectorError::AnswerLost { address: address(), act },
            }),
            _ => Ok(Answered { status, headers, body }),
        }
    }

    async fn body(&self, mut response: Response, effect: Effect, act: &'static str) -> Result<Vec<u8>, ConnectorError> {
        let mut body = Vec::new();
        while let Some(some) = response.chunk().await.map_err(|error| self.lost(&error, effect, act))? {
            if body.len() + some.len() > ANSWER_BYTES {
                let command = format!("{act} at {}", self.address);
                return Err(ConnectorError::TooMuchOutput { command, limit_bytes: ANSWER_BYTES });
            }
            body.extend_from_slice(&some);
        }
        Ok(body)
    }

    /// What a call that got no whole answer means.
    fn lost(&self, error: &reqwest::Error, effect: Effect, act: &'static str) -> ConnectorError {
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
        match effect {
            Effect::Look if error.is_timeout() => {
                ConnectorError::Timeout { what: format!("{act} at {address}"), seconds: ANSWER_SECONDS }
            }
            Effect::Look => ConnectorError::Unreachable { address, detail },
            Effect::Change => ConnectorError::AnswerLost { address, act },
        }
    }

    fn busy(&self, detail: &str) -> ConnectorError {
        ConnectorError::Busy { address: self.address.clone(), detail: detail.to_owned() }
    }

    /// It said no to something that will never be taken.
    pub(crate) fn rejected(&self, answered: &Answered, act: &'static str) -> ConnectorError {
        let detail = format!("it answered {} {}", answered.status.as_u16(), detail(&answered.body));
        ConnectorError::Rejected { address: self.address.clone(), act, detail }
    }

    /// It said that all is well, in words that nobody understands: an answer of somebody on the way, such as a page.
    pub(crate) fn not_understood(&self, effect: Effect, act: &'static str, detail: &str) -> ConnectorError {
        match effect {
            Effect::Look => {
                ConnectorError::Unexpected { command: format!("{act} at {}", self.address), detail: detail.to_owned() }
            }
            Effect::Change => ConnectorError::AnswerLost { address: self.address.clone(), act },
        }
    }

    pub(crate) fn broken(&self, detail: &str) -> ConnectorError {
        ConnectorError::BrokenListing { address: self.address.clone(), detail: detail.to_owned() }
    }
}

/// What a call may do there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    Look,
    Change,
}

/// Resolves names, and leaves out what is of a private network.
struct Outside;

impl Resolve for Outside {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let outside: Vec<SocketAddr> = found.filter(|address| !is_private(address.ip())).collect();
            if outside.is_empty() {
                return Err("the name leads to a private network: say `private: true` where that is meant".into());
            }
            Ok(Box::new(outside.into_iter()) as Addrs)
        })
    }
}

/// Whether an address is none of a machine out in the internet (the special-purpose registries of RFC 6890).
fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            let [first, second, ..] = ip.octets();
            ip.is_private()
                || ip.is_loopback()
                || ip.is_link_local()
                || ip.is_broadcast()
                || ip.is_multicast()
                || first == 0
                || first >= 240
                || (first == 100 && (64..128).contains(&second))
                || (first == 192 && second == 0 && ip.octets()[2] == 0)
                || (first == 198 && (second == 18 || second == 19))
        }
        IpAddr::V6(ip) => {
            let inner = ip.to_ipv4_mapped();
            let [first, ..] = ip.segments();
            // Translated addresses lead to any of the fourth version (RFC 6052).
            let translated = ip.segments()[..6] == [0x64, 0xff9b, 0, 0, 0, 0];
            inner.is_some_and(|inner| is_private(IpAddr::V4(inner)))
                || translated
                || ip.is_loopback()
                || ip.is_unspecified()
                || ip.is_multicast()
                || (first & 0xfe00) == 0xfc00
                || (first & 0xffc0) == 0xfe80
        }
    }
}

fn retry_after(headers: &HeaderMap) -> Option<u64> {
    headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()
}

/// What a service says of a no, where it says it as most do.
fn detail(body: &[u8]) -> String {
    let said: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    let words = ["detail", "message", "error_description", "title", "error"];
    cut(words.iter().find_map(|word| said[*word].as_str()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_of_a_private_network_passes_for_one_outside() {
        for (ip, private) in [
            ("10.1.2.3", true),
            ("172.16.0.1", true),
            ("192.168.1.1", true),
            ("127.0.0.1", true),
            ("169.254.169.254", true),
            ("100.64.0.1", true),
            ("0.0.0.0", true),
            ("198.18.0.1", true),
            ("::1", true),
            ("fd00::1", true),
            ("fe80::1", true),
            ("::ffff:10.0.0.1", true),
            ("64:ff9b::a00:1", true),
            ("93.184.216.34", false),
            ("100.128.0.1", false),
            ("2606:2800:220:1::1", false),
        ] {
            assert_eq!(is_private(ip.parse().unwrap()), private, "{ip}");
        }
    }

    #[test]
    fn a_private_address_is_used_only_where_that_is_meant() {
        for (host, reach, fits) in [
            ("10.1.2.3", Reach::Public, false),
            ("10.1.2.3", Reach::Anywhere, true),
            ("api.example.org", Reach::Public, true),
        ] {
            let tls = Tls::Required { ca_pem: None };
            let server = Server { host: host.to_owned(), port: 443, tls, database: None };
            assert_eq!(Http::new(&server, reach).is_ok(), fits, "{host}");
        }
    }
}
