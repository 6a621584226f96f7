//! What differs between two discoveries of a target. Pure.

use super::Account;
use connectors::linux::FoundAccount;

pub(super) struct Difference<'a> {
    pub(super) appeared: Vec<&'a FoundAccount>,
    /// Seen before, as it was and as it is.
    pub(super) seen: Vec<(&'a Account, &'a FoundAccount)>,
    pub(super) gone: Vec<&'a Account>,
}

pub(super) fn compare<'a>(before: &'a [Account], now: &'a [FoundAccount]) -> Difference<'a> {
    let known = |found: &FoundAccount| before.iter().find(|account| account.facts.login == found.login);
    let still = |account: &Account| now.iter().any(|found| found.login == account.facts.login);
    Difference {
        appeared: now.iter().filter(|found| known(found).is_none()).collect(),
        seen: now.iter().filter_map(|found| Some((known(found)?, found))).collect(),
        gone: before.iter().filter(|account| !still(account)).collect(),
    }
}

impl Difference<'_> {
    /// A log-in alone is no change.
    pub(super) fn changed(&self) -> Vec<String> {
        let differs = |(before, now): &&(&Account, &FoundAccount)| {
            FoundAccount { last_login: None, ..before.facts.clone() }
                != FoundAccount { last_login: None, ..(*now).clone() }
        };
        self.seen.iter().filter(differs).map(|(_, now)| now.login.clone()).collect()
    }
}
