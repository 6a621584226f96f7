//! How long a lease lives, and what a target's answer about an ended one proves. Pure.

use super::Credential;
use connectors::linux::Probe;
use std::net::IpAddr;
use std::time::Duration;
use types::Timestamp;

/// A certificate is for logging in now; sessions outlive it.
pub(super) const LIFE: Duration = Duration::from_secs(120);

/// For targets whose clock is behind ours.
pub(super) const EARLY: Duration = Duration::from_secs(60);

/// How far a target's clock may be from ours before an expired certificate is still believed in there.
const CLOCK_MARGIN: Duration = Duration::from_secs(600);

/// Ended serials stay in the KRL for this long after their expiry.
pub(super) const KEEP_REVOKED: Duration = Duration::from_secs(600);

/// The end of a lease: never after its grant's.
pub(super) fn expiry(now: Timestamp, deadline: Timestamp) -> Timestamp {
    now.plus(LIFE).min(deadline)
}

/// When it makes sense to ask the target about an ended lease for the first time. The target may round the expiry.
pub(super) fn first_look(reads_krl: bool, now: Timestamp, expires_at: Timestamp) -> Timestamp {
    if reads_krl { now } else { now.max(expires_at.plus(Duration::from_secs(1))) }
}

/// What is asked, by whom and when.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    pub(super) reads_krl: bool,
    /// The address from which the target saw us asking.
    pub(super) from: IpAddr,
    pub(super) now: Timestamp,
}

/// Whether the answer proves that the certificate is dead on the target, or why not.
///
/// A refusal proves it when the certificate must be refused from now on, and was not refused for where we asked from.
pub(super) fn judge(credential: &Credential, probe: Probe, look: Look) -> Result<(), &'static str> {
    if probe == Probe::Accepted {
        return Err("the target still accepts the certificate");
    }
    let expired = look.now >= credential.expires_at;
    if !expired && !look.reads_krl {
        return Err("the target refused the certificate before its end, which may pass: asked again then");
    }
    let bound_elsewhere = credential.source_address().is_some_and(|bound| bound != look.from.to_canonical());
    if bound_elsewhere && look.now < credential.expires_at.plus(CLOCK_MARGIN) {
        return Err("the target refused the certificate from an address that it is not for: asked again later");
    }
    Ok(())
}
