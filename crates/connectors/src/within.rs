//! Every call to a system that is not ours ends in time. Nothing else belongs here.

use crate::ConnectorError;
use std::time::Duration;

/// For the connection, the encryption and the login together.
pub(crate) const CONNECT_SECONDS: u64 = 10;

pub(crate) async fn within<T>(
    seconds: u64,
    what: impl FnOnce() -> String,
    work: impl Future<Output = Result<T, ConnectorError>>,
) -> Result<T, ConnectorError> {
    match tokio::time::timeout(Duration::from_secs(seconds), work).await {
        Ok(result) => result,
        Err(_) => Err(ConnectorError::Timeout { what: what(), seconds }),
    }
}
