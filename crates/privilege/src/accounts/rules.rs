//! What may be put under management, and when it is looked at. Pure.

use super::{AccountError, ChangeAs, CredentialKind, Managed, Settings};
use russh::keys::{PrivateKey, PublicKey};
use std::time::Duration;
use types::{ManagedAccountId, Secret, Timestamp};

/// The system's side of an account, as far as rules need it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place<'a> {
    Host,
    Service { admin_login: &'a str },
    /// Which takes a name in upper and lower case for the same.
    Directory { admin_login: &'a str },
}

const LONGEST_PURPOSE: usize = 500;
const LONGEST_PASSWORD: usize = 256;
const LONGEST_KEY: usize = 16 << 10;
const LONGEST_OPAQUE: usize = 64 << 10;
const SHORTEST_PERIOD: u64 = 60;
const LONGEST_PERIOD: u64 = 10 * 365 * 24 * 3600;

/// A service's administrator may have a name that nobody can ask for, such as a DN.
pub(super) fn check_login(login: &str, place: Place<'_>) -> Result<(), AccountError> {
    let (admin, folds) = match place {
        Place::Host => (None, false),
        Place::Service { admin_login } => (Some(admin_login), false),
        Place::Directory { admin_login } => (Some(admin_login), true),
    };
    if admin == Some(login) {
        return Ok(());
    }
    if !types::is_login(login) {
        return Err(AccountError::BadLogin(login.chars().take(40).collect()));
    }
    if folds && login.bytes().any(|b| b.is_ascii_uppercase()) {
        return Err(AccountError::UpperCase(login.to_owned()));
    }
    Ok(())
}

pub(super) fn check_settings(account: &Managed, place: Place<'_>) -> Result<(), AccountError> {
    let refuse = |reason: String| Err(AccountError::BadSettings { account: account.name(), reason });
    let settings = &account.settings;
    let purpose = settings.purpose.trim();
    if purpose.is_empty() || purpose.len() > LONGEST_PURPOSE || purpose.contains('\0') {
        return refuse(format!("say its purpose in at most {LONGEST_PURPOSE} bytes"));
    }
    if account.credential == CredentialKind::SshKey && !matches!(place, Place::Host) {
        return refuse("a service takes no ssh key: use a password".to_owned());
    }
    let periods = [
        ("rotate_every_seconds", settings.rotate_every_seconds),
        ("verify_every_seconds", settings.verify_every_seconds),
        ("max_checkout_seconds", settings.max_checkout_seconds),
    ];
    for (name, period) in periods {
        if period.is_some_and(|period| !(SHORTEST_PERIOD..=LONGEST_PERIOD).contains(&period)) {
            return refuse(format!("`{name}` must be from a minute to ten years"));
        }
    }
    if settings.grace_seconds > LONGEST_PERIOD {
        return refuse("`grace_seconds` must be at most ten years".to_owned());
    }
    if !account.credential.is_verifiable() && (settings.rotate_every_seconds.is_some() || settings.one_time) {
        return refuse(
            "a credential of this kind is rotated by hand: leave out `rotate_every_seconds` and `one_time`".to_owned(),
        );
    }
    if settings.reconcile_by.as_ref() == Some(&account.id) {
        return refuse("an account does not reconcile itself".to_owned());
    }
    if matches!(place, Place::Host) && (settings.reconcile_by.is_some() || settings.change_as != ChangeAs::Itself) {
        return refuse(
            "on a host Tenure itself changes credentials: leave out `reconcile_by` and `change_as`".to_owned(),
        );
    }
    Ok(())
}

/// Who reconciles an account must be another one of the same service with a password.
pub(super) fn check_reconciler(account: &Managed, by: &Managed) -> Result<(), AccountError> {
    if by.target == account.target && by.credential == CredentialKind::Password && by.is_managed() {
        return Ok(());
    }
    let reason = format!("`{}` must be a managed password on `{}`", by.name(), account.target);
    Err(AccountError::BadSettings { account: account.name(), reason })
}

pub(super) fn check_pair(one: &Managed, other: &Managed) -> Result<(), AccountError> {
    let refuse = |reason: &str| Err(AccountError::BadSettings { account: one.name(), reason: reason.to_owned() });
    if one.id == other.id || one.target != other.target || one.credential != other.credential {
        return refuse("a pair is two logins of one target with the same kind of credential");
    }
    if !one.credential.is_verifiable() {
        return refuse("a pair needs credentials that Tenure can change");
    }
    let free =
        |account: &Managed, other: &ManagedAccountId| account.pair.as_ref().is_none_or(|pair| pair.other == *other);
    if !free(one, &other.id) || !free(other, &one.id) {
        return refuse("one of the two is of another pair already");
    }
    Ok(())
}

/// What somebody gives as a credential, with the public part that it has.
pub(super) fn check_value(
    account: &str,
    kind: CredentialKind,
    value: &Secret<String>,
) -> Result<Option<String>, AccountError> {
    let refuse = |reason| Err(AccountError::BadValue { account: account.to_owned(), reason });
    let text = value.expose();
    let longest = match kind {
        CredentialKind::Password => LONGEST_PASSWORD,
        CredentialKind::SshKey => LONGEST_KEY,
        CredentialKind::ApiKey | CredentialKind::Certificate => LONGEST_OPAQUE,
    };
    if text.is_empty() {
        return refuse("its credential is empty");
    }
    if text.len() > longest {
        return refuse("its credential is too long");
    }
    if text.contains('\0') {
        return refuse("its credential holds U+0000");
    }
    match kind {
        CredentialKind::Password if text.chars().any(char::is_control) => {
            refuse("its password holds a control character")
        }
        CredentialKind::SshKey => match PrivateKey::from_openssh(text) {
            Ok(key) if key.is_encrypted() => refuse("its private key is encrypted: give it without a passphrase"),
            // Its comment is whatever somebody wrote into the private file, and stays in there.
            Ok(key) => Ok(PublicKey::new(key.public_key().key_data().clone(), "").to_openssh().ok()),
            Err(_) => refuse("its private key is not in OpenSSH's format"),
        },
        _ => Ok(None),
    }
}

/// The next moment of something that happens every so often: earlier by up to a tenth, by the account's own share, so
/// that accounts that came together do not stay together.
pub(super) fn next(every_seconds: Option<u64>, id: &ManagedAccountId, now: Timestamp) -> Option<Timestamp> {
    let every = Duration::from_secs(every_seconds?);
    Some(now.plus(every - every.mul_f64(share(id) / 10.0)))
}

/// In `0..1`, of the random part of an id.
fn share(id: &ManagedAccountId) -> f64 {
    let end = id.as_str().len();
    let drawn = u32::from_str_radix(&id.as_str()[end - 8..], 16).unwrap_or(0);
    f64::from(drawn) / (f64::from(u32::MAX) + 1.0)
}

pub(super) fn verify_at(settings: &Settings, account: &Managed, now: Timestamp) -> Option<Timestamp> {
    next(settings.verify_every_seconds, &account.id, now).filter(|_| account.credential.is_verifiable())
}

pub(super) fn rotate_at(settings: &Settings, account: &Managed, now: Timestamp) -> Option<Timestamp> {
    next(settings.rotate_every_seconds, &account.id, now)
}
