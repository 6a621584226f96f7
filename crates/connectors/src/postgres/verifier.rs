//! A SCRAM-SHA-256 verifier (RFC 5802, as PostgreSQL writes it): what is sent in place of a new password, so that the
//! password itself reaches neither the server nor its log.

use crate::ConnectorError;
use crate::account::settable;
use stringprep::saslprep;
use types::Secret;

/// Whether clients can send a password: SCRAM has them prepare it by SASLprep (RFC 4013, RFC 5802, 5.1), and what SASLprep
/// does not take, some send as it is and ours not at all.
///
/// # Errors
/// `BadPassword`.
pub(super) fn sendable(password: &Secret<String>) -> Result<(), ConnectorError> {
    let text = password.expose();
    match saslprep(text) {
        Ok(prepared) if text.is_empty() || !prepared.is_empty() => Ok(()),
        _ => Err(ConnectorError::BadPassword {
            reason: "it holds a character that SASLprep (RFC 4013) does not take, such as an emoji or a change of \
                direction, so not every client of PostgreSQL can log in with it: choose another one",
        }),
    }
}

#[derive(Clone)]
pub(super) struct Verifier(Secret<String>);

impl Verifier {
    /// Salted by chance; 4096 rounds.
    ///
    /// # Errors
    /// `BadPassword`.
    pub(super) fn of(password: &Secret<String>) -> Result<Self, ConnectorError> {
        sendable(password)?;
        let password = settable(password)?;
        Ok(Self(Secret::new(postgres_protocol::password::scram_sha_256(password.as_bytes()))))
    }

    pub(super) fn expose(&self) -> &str {
        self.0.expose()
    }
}

/// Works where waiting is allowed: hashing passwords takes milliseconds each.
pub(super) async fn off_the_thread<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ConnectorError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| {
        let detail = crate::error::one_line(&error.to_string());
        ConnectorError::Unexpected { command: "hashing a password".to_owned(), detail }
    })
}
