//! What may be kept, read and listed. Pure.

use super::{Change, Describe, Metadata, Name, Named, NewVersion, Prefix, SecretError, Sees, State, Which};
use grants::{Grant, Refusal};
use std::collections::BTreeSet;
use std::time::Duration;
use types::{Channel, IdentityId, Timestamp};

pub(super) const MAX_VERSIONS: u32 = 10;
const MOST_VERSIONS: u32 = 100;
const LONGEST_DELETE_AFTER: Duration = Duration::from_secs(3660 * 86_400);
const LONGEST_PURPOSE: usize = 500;
const MOST_CUSTOM: usize = 64;
const LONGEST_CUSTOM: usize = 512;
const LONGEST_WRAP: Duration = Duration::from_secs(24 * 3600);

/// Tokens that opened nothing count for so long, and so many of one network are too many.
pub(super) const WINDOW: Duration = Duration::from_secs(15 * 60);
const PER_NETWORK: u64 = 30;

pub(super) fn check(new: &NewVersion) -> Result<(), SecretError> {
    match &new.change {
        Change::Replace(data) => data.check()?,
        // A key that is removed is no key of the value; what comes of it is checked as a whole.
        Change::Merge(_) => {}
    }
    new.purpose.as_deref().map_or(Ok(()), purpose)
}

fn purpose(text: &str) -> Result<(), SecretError> {
    if text.trim().is_empty() || text.len() > LONGEST_PURPOSE || text.chars().any(char::is_control) {
        return Err(SecretError::Metadata("a purpose is one line of 1 to 500 bytes"));
    }
    Ok(())
}

pub(super) fn check_metadata(change: &Describe) -> Result<(), SecretError> {
    change.purpose.as_deref().map_or(Ok(()), purpose)?;
    if change.max_versions.is_some_and(|most| !(1..=MOST_VERSIONS).contains(&most)) {
        return Err(SecretError::Metadata("a secret keeps 1 to 100 versions"));
    }
    if change.delete_after.is_some_and(|span| span > LONGEST_DELETE_AFTER) {
        return Err(SecretError::Metadata("a version is deleted after ten years at most"));
    }
    let bad = |text: &str| text.len() > LONGEST_CUSTOM || text.contains('\0');
    if let Some(custom) = &change.custom
        && (custom.len() > MOST_CUSTOM
            || custom.iter().any(|(key, value)| key.trim().is_empty() || bad(key) || bad(value)))
    {
        return Err(SecretError::Metadata("custom metadata has at most 64 keys, each text with at most 512 bytes"));
    }
    Ok(())
}

pub(super) fn check_ttl(ttl: Duration) -> Result<(), SecretError> {
    match ttl.as_secs() >= 1 && ttl <= LONGEST_WRAP {
        true => Ok(()),
        false => Err(SecretError::Ttl),
    }
}

/// Whether a write that follows `cas` may be the next version.
pub(super) fn may_follow(name: &Name, before: Option<&Metadata>, cas: Option<u32>) -> Result<(), SecretError> {
    let current = before.map_or(0, |before| before.current);
    match cas {
        Some(given) if given != current => Err(SecretError::CasMismatch { name: name.clone(), given, current }),
        None if before.is_some_and(|before| before.cas_required) => Err(SecretError::CasRequired(name.clone())),
        _ => Ok(()),
    }
}

/// Owner and purpose are told with the first version, and may be told again.
/// Whom a caller means, after the permit.
pub(super) fn somebody(named: Option<&Named>) -> Result<Option<IdentityId>, SecretError> {
    match named {
        Some(Named::Known(id)) => Ok(Some(id.clone())),
        Some(Named::Unknown) => Err(SecretError::NobodyNamed),
        None => Ok(None),
    }
}

pub(super) fn same_terms(before: &Metadata, new: &NewVersion) -> Result<(), SecretError> {
    let owner = somebody(new.owner.as_ref())?.is_none_or(|owner| owner == before.owner);
    let purpose = new.purpose.as_ref().is_none_or(|purpose| purpose.trim() == before.purpose);
    if owner && purpose { Ok(()) } else { Err(SecretError::Differs(before.name.clone())) }
}

pub(super) fn readable(name: &Name, version: u32, state: State) -> Result<(), SecretError> {
    let name = name.clone();
    match state {
        State::Live { .. } => Ok(()),
        State::Deleted { at } => Err(SecretError::Deleted { name, version, at }),
        State::Destroyed { at } => Err(SecretError::Destroyed { name, version, at }),
    }
}

/// The versions that are meant, each once.
pub(super) fn named(which: &Which, current: u32) -> Result<BTreeSet<u32>, SecretError> {
    match which {
        Which::Latest => Ok(BTreeSet::from([current])),
        Which::These(versions) if (1..=100).contains(&versions.len()) => Ok(versions.iter().copied().collect()),
        Which::These(_) => Err(SecretError::WhichVersions),
    }
}

/// The folders that somebody may see, from the grants that stand: safe and folder.
pub(super) fn own_folders(grants: &[Grant], now: Timestamp) -> BTreeSet<(String, String)> {
    let of_secrets = |grant: &&Grant| {
        grant.stands(now) && grant.channels.iter().any(|c| matches!(c, Channel::SecretRead | Channel::SecretWrite))
    };
    grants.iter().filter(of_secrets).map(|grant| (grant.target.clone(), grant.login.clone())).collect()
}

/// Whether names in a folder may be seen. Says the same of folders that do not exist.
pub(super) fn may_see(
    sees: Sees,
    own: &BTreeSet<(String, String)>,
    safe: &str,
    folder: &str,
) -> Result<(), SecretError> {
    if sees == Sees::Everything || own.contains(&(safe.to_owned(), folder.to_owned())) {
        return Ok(());
    }
    Err(SecretError::Refused(Refusal::NoGrant { target: safe.to_owned(), login: folder.to_owned() }))
}

/// The safes, or the folders of a safe, that are one's own, by name.
pub(super) fn own_places(own: &BTreeSet<(String, String)>, prefix: &Prefix) -> BTreeSet<String> {
    let place = |(safe, folder): &(String, String)| match prefix.place().0 {
        None => Some(format!("{safe}/")),
        Some(asked) if asked == safe => Some(format!("{safe}/{folder}/")),
        Some(_) => None,
    };
    own.iter().filter_map(place).collect()
}

/// How long to wait before the next token may be tried; `None` when it may be now.
pub(super) fn wait(failed: u64, oldest_at: Option<Timestamp>, now: Timestamp) -> Option<Duration> {
    oldest_at.filter(|_| failed >= PER_NETWORK).map(|oldest_at| oldest_at.plus(WINDOW).since(now))
}
