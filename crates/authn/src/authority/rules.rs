//! What an authority refuses to sign. OpenSSH splits a principal at commas (CVE-2026-35414) and reads an empty list as
//! anybody, so neither leaves this place. Pure.

use super::{Params, Purpose};
use std::time::Duration;
use types::Timestamp;

const MAX_TEXT: usize = 255;

/// The longest life, with a minute before the issue for clocks that run behind.
const fn max_life(purpose: Purpose) -> Duration {
    match purpose {
        Purpose::Users => Duration::from_secs(12 * 3600 + 60),
        Purpose::Targets => Duration::from_secs(120 + 60),
    }
}

pub(super) fn check(purpose: Purpose, params: &Params) -> Result<(), &'static str> {
    if params.principal.is_empty() || params.principal.len() > MAX_TEXT {
        return Err("its principal must have 1 to 255 characters");
    }
    if params.principal.chars().any(|c| c == ',' || c.is_whitespace() || c.is_control()) {
        return Err("its principal must not contain commas, spaces or control characters");
    }
    if params.key_id.is_empty() || params.key_id.len() > MAX_TEXT || params.key_id.chars().any(char::is_control) {
        return Err("its key id must have 1 to 255 printable characters");
    }
    if params.serial == 0 {
        return Err("its serial number must be above 0");
    }
    if params.valid_after.seconds() < 0 || params.valid_before.seconds() <= params.valid_after.seconds() {
        return Err("it must end at least a second after it begins");
    }
    if params.valid_before.since(params.valid_after) > max_life(purpose) {
        return Err("its life is longer than this authority allows");
    }
    crate::ssh_keys::rules::check(params.public_key.key_data())
        .map_err(|_| "its public key is too weak or of an unknown kind")
}

pub(super) fn seconds(at: Timestamp) -> u64 {
    u64::try_from(at.seconds()).unwrap_or(0)
}
