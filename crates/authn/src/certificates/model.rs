//! A certificate that was issued to a person. Pure.

use types::{IdentityId, Timestamp};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    pub serial: u64,
    pub identity: IdentityId,
    /// Of the certified key.
    pub fingerprint: String,
    /// The text of a `-cert.pub` file.
    pub line: String,
    pub issued_at: Timestamp,
    pub expires_at: Timestamp,
}
