//! One bound connection: over TLS, or to a loopback address. Tells what the directory meant by its result codes
//! (RFC 4511, appendix A) and knows no operation by name.

use crate::account::{authorities, cut};
use crate::error::one_line;
use crate::within::{CONNECT_SECONDS, within};
use crate::{ConnectorError, Server, Tls};
use ldap3::{Ldap, LdapConnAsync, LdapConnSettings, LdapError};
use std::sync::Arc;
use std::time::Duration;
use types::Secret;

/// For one operation.
const OPERATION: Duration = Duration::from_secs(30);
/// Where TLS begins at once (LDAPS); on every other port it begins with StartTLS (RFC 4511, 4.14).
const LDAPS_PORT: u16 = 636;
/// The longest name that is sent.
const DN_BYTES: usize = 1024;

pub(super) struct Session {
    ldap: Ldap,
    address: String,
    login: String,
}

impl Session {
    /// # Errors
    /// Those of [`try_open`](Self::try_open), and `LogInRefused`.
    pub(super) async fn open(server: &Server, dn: &str, password: &Secret<String>) -> Result<Self, ConnectorError> {
        let refused = || ConnectorError::LogInRefused { address: server.address(), login: cut(dn) };
        Self::try_open(server, dn, password).await?.ok_or_else(refused)
    }

    /// `None`: the directory judged the password and refused it.
    ///
    /// # Errors
    /// `BadServer`, `BadName`, `Unreachable`, `Busy`, `Timeout`, `Untrusted`, `Unexpected`.
    pub(super) async fn try_open(
        server: &Server,
        dn: &str,
        password: &Secret<String>,
    ) -> Result<Option<Self>, ConnectorError> {
        check(dn)?;
        let (settings, url) = settings(server)?;
        if password.expose().is_empty() {
            return Ok(None);
        }
        let address = server.address();
        let what = || format!("logging in to `{address}`");
        within(CONNECT_SECONDS, what, async {
            let opened = LdapConnAsync::with_settings(settings, &url).await;
            let (connection, mut ldap) = opened.map_err(|error| lost(error, &address))?;
            tokio::spawn(async move {
                // How the connection ends is told to whoever asks over it.
                let _ = connection.drive().await;
            });
            let answer = ldap.simple_bind(dn, password.expose()).await.map_err(|error| lost(error, &address))?;
            let session = Self { ldap, address: address.clone(), login: dn.to_owned() };
            match answer.rc {
                0 => Ok(Some(session)),
                INVALID_CREDENTIALS => Ok(None),
                code => Err(session.explain("bind", code, &answer.text)),
            }
        })
        .await
    }

    /// The connection for one operation more, which ends in time.
    pub(super) fn operation(&mut self) -> &mut Ldap {
        self.ldap.with_timeout(OPERATION)
    }

    pub(super) fn lost(&self, error: LdapError) -> ConnectorError {
        lost(error, &self.address)
    }

    /// What a result code means, where it means nothing special.
    pub(super) fn explain(&self, command: &str, code: u32, text: &str) -> ConnectorError {
        let detail = format!("{} (result code {code})", one_line(text));
        match code {
            // Administrative limit, busy, unavailable, time limit.
            3 | 11 | 51 | 52 => ConnectorError::Busy { address: self.address.clone(), detail },
            34 => ConnectorError::BadName { name: cut(&self.login), reason: "it is no distinguished name" },
            // Insufficient access rights; not without more authentication or confidentiality.
            8 | 13 | 50 => ConnectorError::NotPermitted { login: cut(&self.login), detail },
            _ => ConnectorError::Unexpected { command: command.to_owned(), detail },
        }
    }

    /// Ends the connection in an orderly way.
    pub(super) async fn close(mut self) {
        // The directory may have gone first, which is what is wanted.
        let _ = tokio::time::timeout(OPERATION, self.ldap.unbind()).await;
    }
}

const INVALID_CREDENTIALS: u32 = 49;

/// The empty name is nobody's, and binding as nobody succeeds.
pub(super) fn check(dn: &str) -> Result<(), ConnectorError> {
    let reason = if dn.trim().is_empty() {
        "it is empty"
    } else if dn.contains('\0') {
        "it holds a nul byte"
    } else if dn.len() > DN_BYTES {
        "it is longer than 1024 bytes"
    } else {
        return Ok(());
    };
    Err(ConnectorError::BadName { name: cut(dn), reason })
}

fn settings(server: &Server) -> Result<(LdapConnSettings, String), ConnectorError> {
    let host = server.host()?;
    let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
    let port = server.port;
    let plain = LdapConnSettings::new();
    let Tls::Required { ca_pem } = &server.tls else { return Ok((plain, format!("ldap://{host}:{port}"))) };
    let settings = match ca_pem {
        None => plain,
        Some(pem) => plain.set_config(trusting(pem, &server.address())?),
    };
    Ok(match port {
        LDAPS_PORT => (settings, format!("ldaps://{host}:{port}")),
        _ => (settings.set_starttls(true), format!("ldap://{host}:{port}")),
    })
}

fn trusting(pem: &str, address: &str) -> Result<Arc<rustls::ClientConfig>, ConnectorError> {
    let untrusted = |detail: String| ConnectorError::Untrusted { address: address.to_owned(), detail };
    let roots = authorities(pem).map_err(|error| untrusted(one_line(&error)))?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.map_err(|error| untrusted(one_line(&error.to_string())))?;
    Ok(Arc::new(config.with_root_certificates(roots).with_no_client_auth()))
}

fn lost(error: LdapError, address: &str) -> ConnectorError {
    let (address, detail) = (address.to_owned(), one_line(&error.to_string()));
    match error {
        LdapError::Rustls { .. } | LdapError::DNSName { .. } => ConnectorError::Untrusted { address, detail },
        LdapError::Io { source } if source.get_ref().is_some_and(|inner| inner.is::<rustls::Error>()) => {
            ConnectorError::Untrusted { address, detail }
        }
        // The only operation whose refusal arrives here is StartTLS.
        LdapError::LdapResult { .. } => ConnectorError::Untrusted { address, detail },
        LdapError::Timeout { .. } => {
            ConnectorError::Timeout { what: format!("an operation on `{address}`"), seconds: OPERATION.as_secs() }
        }
        LdapError::Io { .. }
        | LdapError::OpSend { .. }
        | LdapError::ResultRecv { .. }
        | LdapError::MiscSend { .. }
        | LdapError::IdScrubSend { .. }
        | LdapError::EndOfStream => ConnectorError::Unreachable { address, detail },
        _ => ConnectorError::Unexpected { command: "the conversation".to_owned(), detail },
    }
}
