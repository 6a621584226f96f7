//! A registered SSH public key. Pure.

use types::{IdentityId, SshKeyId, Timestamp};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SshKey {
    pub id: SshKeyId,
    pub identity: IdentityId,
    /// What its owner calls it.
    pub name: String,
    /// `SHA256:` and base64, as `ssh-keygen -l` prints it.
    pub fingerprint: String,
    /// Algorithm and base64, without a comment.
    pub line: String,
    pub registered_at: Timestamp,
}
