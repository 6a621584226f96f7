//! The ledger entries of drifts: one for each, or one with a manifest for a hundred and more that change alike.

use super::{Answer, Drift};
use data_encoding::HEXLOWER;
use ledger::{Entry, EventKind, canonical, manifest};
use serde_json::json;

const FOUND: EventKind = EventKind {
    name: "drift.found",
    doc: "Something on a system differs from what it should be, nothing of Tenure's explains it, and a person decides.",
};
const REVERTED: EventKind =
    EventKind { name: "drift.reverted", doc: "What was changed by hand on a system is changed back." };
const ACCEPTED: EventKind =
    EventKind { name: "drift.accepted", doc: "What was changed by hand on a system stays as it is." };
const OVER: EventKind = EventKind { name: "drift.over", doc: "Nothing is left of what was changed by hand." };

/// Every kind of entry of this slice.
pub const KINDS: &[EventKind] = &[FOUND, REVERTED, ACCEPTED, OVER];

/// More than this share an entry.
const ONE_BY_ONE: usize = 100;

/// By policy, or because nothing is left of them.
pub(super) fn kept(drifts: &[Drift]) -> Vec<Entry> {
    let mut entries = Vec::new();
    for kind in KINDS {
        let alike: Vec<&Drift> = drifts.iter().filter(|drift| kind_of(drift) == *kind).collect();
        match alike.first() {
            Some(first) if alike.len() >= ONE_BY_ONE => {
                let lines: Vec<Vec<u8>> = alike.iter().map(|drift| line(drift)).collect();
                let root = HEXLOWER.encode(&manifest::root(&lines));
                entries.push(Entry::new(*kind, &first.system).with("lines", lines.len()).with("manifest", root));
            }
            _ => entries.extend(alike.into_iter().map(one)),
        }
    }
    entries
}

/// By a person.
pub(super) fn decided(drift: &Drift, reason: &str) -> Entry {
    let by = drift.answer.decided().and_then(|decided| decided.by.clone());
    let entry = one(drift).with("by", &by);
    match &by {
        Some(by) => entry.about(by).with_personal(by, "reason", reason),
        None => entry,
    }
}

fn kind_of(drift: &Drift) -> EventKind {
    match drift.answer {
        Answer::Waiting => FOUND,
        Answer::Reverting(_) => REVERTED,
        Answer::Accepted(_) => ACCEPTED,
        Answer::Over { .. } => OVER,
    }
}

fn one(drift: &Drift) -> Entry {
    let mut entry = Entry::new(kind_of(drift), &drift.id).about(&drift.system).about(&drift.identity);
    if let Some(account) = &drift.account {
        entry = entry.about(account);
    }
    entry
        .with("system", &drift.system)
        .with("identity", &drift.identity)
        .with("account", &drift.account)
        .with("entitlement", &drift.entitlement)
        .with("changed_back_by", drift.act)
        .with("privileged", drift.privileged)
}

fn line(drift: &Drift) -> Vec<u8> {
    canonical(&json!({
        "drift": drift.id,
        "identity": drift.identity,
        "account": drift.account,
        "entitlement": drift.entitlement,
        "changed_back_by": drift.act,
        "privileged": drift.privileged,
    }))
}
