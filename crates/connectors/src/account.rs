//! What every system with accounts has in common: where it is, what proves an account, and what it answered.
//! Opens no connection.

use crate::ConnectorError;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use std::collections::BTreeMap;
use std::net::IpAddr;
use types::{Secret, Timestamp};

/// What an account proves itself with.
#[derive(Debug, Clone)]
pub enum Credential {
    Password(Secret<String>),
    /// A private key as OpenSSH writes it.
    SshKey(Secret<String>),
}

/// What a system answered to an attempt to log in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogIn {
    Accepted,
    /// The system itself judged the credential. Not to be reached, busy or shutting down is an error instead.
    Refused,
}

/// A server that keeps accounts of its own.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Server {
    /// A name or an address; under [`Tls::Required`] the certificate must be for it.
    pub host: String,
    pub port: u16,
    pub tls: Tls,
    /// The database to connect to, where the kind of system has several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub database: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tls {
    Required {
        /// Certificates in PEM of the authorities to trust as well; without them, public authorities alone.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ca_pem: Option<String>,
    },
    /// Plain text, for a loopback address and no other.
    LoopbackPlain,
}

impl Tls {
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Required { .. } => "required",
            Self::LoopbackPlain => "loopback_plain",
        }
    }
}

impl Server {
    /// Whether it can be used at all.
    ///
    /// # Errors
    /// `BadServer`: a host that is none, plain text to another machine, or an authority that is no certificate.
    pub fn check(&self) -> Result<(), ConnectorError> {
        self.host()?;
        let Tls::Required { ca_pem: Some(pem) } = &self.tls else { return Ok(()) };
        let reason = if pem.len() > CA_BYTES {
            "`ca_pem` is longer than 64 KiB: give the authorities that it needs"
        } else if authorities(pem).is_err() {
            "`ca_pem` holds no certificate of an authority in PEM"
        } else {
            return Ok(());
        };
        Err(ConnectorError::BadServer { address: cut(&self.address()), reason })
    }

    /// `host:port`, as messages show it.
    pub fn address(&self) -> String {
        if self.host.contains(':') {
            format!("[{}]:{}", self.host, self.port)
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }

    /// The host to connect to.
    ///
    /// # Errors
    /// `BadServer`: a host that is none, or plain text to another machine.
    pub(crate) fn host(&self) -> Result<&str, ConnectorError> {
        let refuse = |reason| Err(ConnectorError::BadServer { address: cut(&self.address()), reason });
        let fits = |c: char| c.is_alphanumeric() || ".-_:".contains(c);
        let odd = self.host.starts_with(['-', '.']) || self.host.contains("..");
        if self.host.is_empty() || self.host.len() > 253 || odd || !self.host.chars().all(fits) {
            return refuse("the host is neither a name nor an address");
        }
        match &self.tls {
            Tls::Required { .. } => Ok(&self.host),
            Tls::LoopbackPlain if self.host == "localhost" => Ok("127.0.0.1"),
            Tls::LoopbackPlain if self.host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback()) => Ok(&self.host),
            Tls::LoopbackPlain => refuse("without TLS only a loopback address is allowed: require TLS"),
        }
    }
}

const CA_BYTES: usize = 64 << 10;

/// The authorities to trust.
///
/// # Errors
/// What is wrong with the text, when not every certificate in it can be read or there is none.
pub(crate) fn authorities(pem: &str) -> Result<RootCertStore, String> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        let certificate = certificate.map_err(|error| error.to_string())?;
        roots.add(certificate).map_err(|error| error.to_string())?;
    }
    if roots.is_empty() { Err("the authority to trust is no certificate in pem".to_owned()) } else { Ok(roots) }
}

/// A user to be made on demand.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// Whoever makes names marks them as its own by a prefix.
    pub name: String,
    pub password: Secret<String>,
    /// The role that gives the user its rights. It exists already.
    pub role: String,
    /// When the system itself stops to accept the password, where it can.
    pub valid_until: Option<Timestamp>,
    pub max_connections: Option<u32>,
}

/// A user to be dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OldUser {
    pub name: String,
    /// What the server itself called the user when it was made ([`Batch::ids`]). By that its sessions are found also where
    /// somebody else has dropped it.
    pub id: Option<String>,
    /// Who inherits what the user owns; `None`: the one role that it is in, if it is in one.
    pub role: Option<String>,
}

/// A user that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundUser {
    pub name: String,
    pub valid_until: Option<Timestamp>,
}

/// What became of each of many. None of them held another up.
#[derive(Debug, Default)]
pub struct Batch {
    pub done: Vec<String>,
    /// What the server itself calls those that were made, where sessions go by that: on PostgreSQL its OID.
    pub ids: BTreeMap<String, String>,
    pub failed: Vec<(String, ConnectorError)>,
}

impl Batch {
    pub(crate) fn fail<'a>(&mut self, names: impl IntoIterator<Item = &'a str>, error: &ConnectorError) {
        self.failed.extend(names.into_iter().map(|name| (name.to_owned(), error.clone())));
    }

    pub(crate) fn finish<'a>(&mut self, names: impl IntoIterator<Item = &'a str>) {
        self.done.extend(names.into_iter().map(str::to_owned));
    }
}

/// The start of a text that somebody gave, short enough for a message.
pub(crate) fn cut(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(80).collect()
}

/// The longest password that is sent anywhere.
const PASSWORD_BYTES: usize = 256;

/// A password that can be set: every system can store it, and no line-based protocol is broken by it.
///
/// # Errors
/// `BadPassword`.
pub(crate) fn settable(password: &Secret<String>) -> Result<&str, ConnectorError> {
    let text = password.expose();
    let reason = if text.is_empty() {
        "it is empty"
    } else if text.len() > PASSWORD_BYTES {
        "it is longer than 256 bytes"
    } else if text.chars().any(char::is_control) {
        "it holds a control character"
    } else {
        return Ok(text);
    };
    Err(ConnectorError::BadPassword { reason })
}

#[cfg(test)]
mod tests {
    use super::*;
    use types::Failure;

    fn server(host: &str, tls: Tls) -> Server {
        Server { host: host.to_owned(), port: 5432, tls, database: None }
    }

    #[test]
    fn plain_text_goes_to_a_loopback_address_and_no_other() {
        for (host, plain, tls) in [
            ("127.0.0.1", Some("127.0.0.1"), true),
            ("127.8.8.8", Some("127.8.8.8"), true),
            ("::1", Some("::1"), true),
            ("localhost", Some("127.0.0.1"), true),
            ("db.example.org", None, true),
            ("10.0.0.7", None, true),
            ("127.0.0.1.example.org", None, true),
            ("localhost.example.org", None, true),
            ("--help", None, false),
            ("db..example.org", None, false),
            ("", None, false),
            ("/run/postgresql", None, false),
            ("a b", None, false),
        ] {
            let (plainly, safely) = (server(host, Tls::LoopbackPlain), server(host, Tls::Required { ca_pem: None }));
            assert_eq!(plainly.host().ok(), plain, "{host}");
            assert_eq!(safely.host().is_ok(), tls, "{host}");
            assert_eq!(plainly.host().err().map(|error| error.code()), plain.is_none().then_some("server_invalid"));
        }
    }

    #[test]
    fn a_password_that_no_system_could_store_is_refused_and_not_repeated() {
        for (password, fits) in [
            ("correct horse".to_owned(), true),
            ("ü€😀\\'\"`$%".to_owned(), true),
            ("x".repeat(256), true),
            ("x".repeat(257), false),
            (String::new(), false),
            ("two\nlines".to_owned(), false),
            ("nul\0inside".to_owned(), false),
        ] {
            let answer = settable(&Secret::new(password.clone())).map(str::to_owned);
            assert_eq!(answer.is_ok(), fits, "{password:?}");
            assert!(answer.err().is_none_or(|error| password.is_empty() || !error.to_string().contains(&password)));
        }
    }
}
