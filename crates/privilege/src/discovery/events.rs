//! The ledger entries of discovery.

use super::Report;
use crate::targets::Target;
use ledger::{Entry, EventKind};
use std::net::IpAddr;
use types::ManagedAccountId;

const STARTED: EventKind = EventKind {
    name: "discovery.started",
    doc: "Somebody had a target asked for its accounts; a certificate of one minute was issued, or the vault used.",
};
const FOUND: EventKind =
    EventKind { name: "accounts.found", doc: "A target stated its accounts and who is privileged there." };

pub const KINDS: &[EventKind] = &[STARTED, FOUND];

/// `account` and its version are named where the visit uses the vault's credential of one.
pub(super) fn started(target: &Target, source: IpAddr, account: Option<(&ManagedAccountId, u32)>) -> Entry {
    let entry = Entry::new(STARTED, &target.name).with("login", &target.discovery_login).with("source_address", source);
    match account {
        Some((account, version)) => entry.about(account).with("account", account).with("version", version),
        None => entry,
    }
}

pub(super) fn found(report: &Report) -> Entry {
    let privileged: Vec<&str> =
        report.accounts.iter().filter(|account| account.privileged()).map(|account| account.login.as_str()).collect();
    Entry::new(FOUND, &report.target)
        .with("accounts", report.accounts.len())
        .with("privileged", privileged)
        .with("appeared", &report.appeared)
        .with("changed", &report.changed)
        .with("gone", &report.gone)
        .with("gaps", report.gaps.len())
}
