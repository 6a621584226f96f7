//! What in a set-up makes a leak likelier or worse. Pure: each rule sees facts, and says what is wrong and what to do.

use crate::accounts::{CredentialKind, Managed};
use crate::credentials;
use crate::issuers::{self, Rules};
use crate::services::Service;
use connectors::Tls;
use grants::Grant;
use std::time::Duration;
use types::Timestamp;

const DAY: Duration = Duration::from_secs(24 * 3600);
const LONGEST_GRANT: Duration = Duration::from_secs(30 * 24 * 3600);
const UNUSED: Duration = Duration::from_secs(90 * 24 * 3600);
const LONGEST_CREDENTIAL: Duration = Duration::from_secs(24 * 3600);
const LONGEST_CERTIFICATE: Duration = Duration::from_secs(90 * 24 * 3600);
const MOST_EYES: u64 = 3;

/// One thing to improve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lint {
    /// A word in snake_case.
    pub rule: &'static str,
    /// What it is about, by name or id.
    pub subject: String,
    /// What is wrong and what to do.
    pub detail: String,
}

fn lint(rule: &'static str, subject: impl ToString, detail: impl Into<String>) -> Option<Lint> {
    Some(Lint { rule, subject: subject.to_string(), detail: detail.into() })
}

fn days(span: Duration) -> u64 {
    span.as_secs() / DAY.as_secs()
}

pub(super) fn long_grant(grant: &Grant) -> Option<Lint> {
    let length = grant.window.until.since(grant.window.from);
    if length <= LONGEST_GRANT {
        return None;
    }
    let (login, target, days) = (&grant.login, &grant.target, days(length));
    let detail = format!("`{login}@{target}` is granted for {days} days: withdraw it, and ask for shorter times");
    lint("long_grant", &grant.id, detail)
}

/// `used_at` is the last time that it was read or written.
pub(super) fn unused_secret(name: &str, used_at: Timestamp, now: Timestamp) -> Option<Lint> {
    let unused = now.since(used_at);
    if unused <= UNUSED {
        return None;
    }
    let detail = format!("nobody read or wrote it for {} days: destroy it if nothing needs it", days(unused));
    lint("unused_secret", name, detail)
}

pub(super) fn unverified_account(account: &Managed, now: Timestamp) -> Option<Lint> {
    let is_new = now.since(account.managed_at) < DAY;
    if !account.credential.is_verifiable() || account.verified_at.is_some() || is_new {
        return None;
    }
    lint("unverified_account", account.name(), "its credential was never seen working: run `tenure accounts verify`")
}

pub(super) fn unrotated_account(account: &Managed) -> Option<Lint> {
    if !account.credential.is_verifiable() || account.settings.rotate_every_seconds.is_some() {
        return None;
    }
    // Whoever has it gets a new one each time.
    if account.settings.one_time {
        return None;
    }
    lint("unrotated_account", account.name(), "its credential is never changed: give it `rotate_every_seconds`")
}

/// `names` have one value in common.
pub(super) fn shared_value(names: &[String]) -> Option<Lint> {
    let (first, rest) = names.split_first()?;
    if rest.is_empty() {
        return None;
    }
    let detail = format!("has the same value as {}: give each its own", rest.join(", "));
    lint("shared_value", first, detail)
}

pub(super) fn seen_by_many(name: &str, people: u64) -> Option<Lint> {
    if people < MOST_EYES {
        return None;
    }
    let detail = format!("{people} people have seen its current credential: rotate it, or make it one-time");
    lint("seen_by_many", name, detail)
}

pub(super) fn long_credential(profile: &credentials::Profile) -> Option<Lint> {
    if profile.max_ttl <= LONGEST_CREDENTIAL {
        return None;
    }
    let hours = profile.max_ttl.as_secs() / 3600;
    let detail = format!("its credentials live for up to {hours} hours: give it a shorter `max_ttl_minutes`");
    lint("long_credential", format!("{}@{}", profile.name, profile.service), detail)
}

pub(super) fn long_issue(issuer: &str, profile: &issuers::Profile) -> Option<Lint> {
    let longest = match profile.rules {
        Rules::X509(_) => LONGEST_CERTIFICATE,
        Rules::Jwt(_) | Rules::Ssh(_) => LONGEST_CREDENTIAL,
    };
    if Duration::from_secs(u64::from(profile.max_minutes) * 60) <= longest {
        return None;
    }
    let hours = profile.max_minutes / 60;
    let detail = format!("what it issues lives for up to {hours} hours: give it a shorter `max_minutes`");
    lint("long_credential", format!("{}@{issuer}", profile.name), detail)
}

pub(super) fn plain_service(service: &Service) -> Option<Lint> {
    match service.server.tls {
        Tls::Required { .. } => None,
        Tls::LoopbackPlain => lint("plain_service", &service.name, "it is spoken to without TLS: set up TLS there"),
    }
}

/// Opaque credentials are changed by hand, so that nothing else notices their age.
pub(super) fn old_by_hand(account: &Managed, now: Timestamp) -> Option<Lint> {
    let since = account.changed_at.unwrap_or(account.managed_at);
    let by_hand = matches!(account.credential, CredentialKind::ApiKey | CredentialKind::Certificate);
    if !by_hand || now.since(since) <= UNUSED {
        return None;
    }
    let days = days(now.since(since));
    lint("old_by_hand", account.name(), format!("it is {days} days old and only a person can change it: do so"))
}

#[cfg(test)]
mod tests;
