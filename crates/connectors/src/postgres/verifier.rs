//! A SCRAM-SHA-256 verifier (RFC 5802, as PostgreSQL writes it): what is sent in place of a new password, so that the
//! password itself reaches neither the server nor its log.

use crate::ConnectorError;
use crate::account::settable;
use types::Secret;

#[derive(Clone)]
pub(super) struct Verifier(Secret<String>);

impl Verifier {
    /// Salted by chance; 4096 rounds.
    ///
    /// # Errors
    /// `BadPassword`.
    pub(super) fn of(password: &Secret<String>) -> Result<Self, ConnectorError> {
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
