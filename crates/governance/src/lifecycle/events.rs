//! The ledger entries of leaver cases.

use super::{Case, Step};
use crate::imports::LeaverSign;
use ledger::{Entry, EventKind};

const BEGUN: EventKind = EventKind {
    name: "leaver.begun",
    doc: "Somebody has left; their grants were withdrawn, and what they have on systems was ordered taken away, in this \
          same transaction.",
};
const ACCOUNT_DISABLED: EventKind =
    EventKind { name: "leaver.account_disabled", doc: "The leaver's account of Tenure itself was disabled." };
const PRIVILEGE_GONE: EventKind = EventKind {
    name: "leaver.privilege_gone",
    doc: "Every privilege of the leaver was seen gone; accounts without power, or owners, are waited for still.",
};
const ACCOUNTS_DISABLED: EventKind = EventKind {
    name: "leaver.accounts_disabled",
    doc: "Every account of the leaver on other systems was seen disabled, or a person says so.",
};
const OWNERSHIP_SETTLED: EventKind = EventKind {
    name: "leaver.ownership_settled",
    doc: "Whatever the leaver owned has another owner, or a date on which it ends.",
};
const ORDERED_MORE: EventKind = EventKind {
    name: "leaver.ordered_more",
    doc: "More of the leaver was found on systems, and was ordered taken away.",
};
const REOPENED: EventKind = EventKind {
    name: "leaver.reopened",
    doc: "Something of the leaver is there that had been seen gone, or was not known: the case waits for it again.",
};
const DONE: EventKind = EventKind {
    name: "leaver.done",
    doc: "Every privilege of the leaver was seen gone, every account disabled, and nothing is without an owner; says how \
          long it took until the last privilege was gone.",
};
const CANCELLED: EventKind = EventKind {
    name: "leaver.cancelled",
    doc: "The person works here again before the case was done. What was withdrawn stays withdrawn.",
};

/// Every kind of entry of this slice.
pub const KINDS: &[EventKind] = &[
    BEGUN,
    ACCOUNT_DISABLED,
    PRIVILEGE_GONE,
    ACCOUNTS_DISABLED,
    OWNERSHIP_SETTLED,
    ORDERED_MORE,
    REOPENED,
    DONE,
    CANCELLED,
];

/// How much was found when a case began.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    /// Machine identities that have nobody who answers for them any more.
    pub(super) unowned: u64,
    pub(super) orders: usize,
    pub(super) protected: usize,
}

pub(super) fn begun(case: &Case, sign: LeaverSign, found: Found) -> Entry {
    let entry = Entry::new(BEGUN, &case.id)
        .about(&case.identity)
        .with("identity", &case.identity)
        .with("sign", sign)
        .with("event_at", case.event_at)
        .with("withdrawn", case.withdrawn)
        .with("machines_left_unowned", found.unowned)
        .with("ordered", found.orders)
        .with("protected_accounts", found.protected);
    match &case.import {
        Some(import) => entry.about(import).with("import", import),
        None => entry,
    }
}

pub(super) fn ordered_more(case: &Case, orders: usize) -> Entry {
    of(ORDERED_MORE, case).with("ordered", orders)
}

pub(super) fn reopened(case: &Case) -> Entry {
    of(REOPENED, case).with("reopened", case.reopened)
}

/// Of the two steps that are entered by doing something.
pub(super) fn entered(case: &Case) -> Option<Entry> {
    match case.step {
        Step::AwaitPrivilegeGone { .. } => Some(of(ACCOUNT_DISABLED, case)),
        Step::Cancelled { .. } => Some(of(CANCELLED, case)),
        _ => None,
    }
}

/// What is over since the case was in the step `from`; of what there was nothing to do for, nothing.
pub(super) fn went(from: &Step, case: &Case) -> Vec<Entry> {
    let mut entries = Vec::new();
    let (step, done) = (&case.step, matches!(case.step, Step::Done { .. }));
    if matches!(from, Step::AwaitPrivilegeGone { .. }) && !done {
        entries.push(of(PRIVILEGE_GONE, case).with("last_privilege_gone_at", step.last_privilege_gone_at()));
    }
    let waited = matches!(from, Step::AwaitAccountsDisabled { .. });
    let disabled = matches!(step, Step::AwaitOwnership { .. } | Step::Done { .. });
    let was_known = matches!(from, Step::AwaitOwnership { .. });
    if disabled && !was_known && (waited || step.accounts_disabled_at().is_some()) {
        entries.push(of(ACCOUNTS_DISABLED, case).with("last_disabled_at", step.accounts_disabled_at()));
    }
    if let Some(at) = step.owned_at() {
        entries.push(of(OWNERSHIP_SETTLED, case).with("settled_at", at));
    }
    if done {
        let took_ms = case.took().map(|took| u64::try_from(took.as_millis()).unwrap_or(u64::MAX));
        let entry = of(DONE, case).with("event_at", case.event_at).with("took_ms", took_ms);
        entries.push(entry.with("last_privilege_gone_at", step.last_privilege_gone_at()));
    }
    entries
}

fn of(kind: EventKind, case: &Case) -> Entry {
    Entry::new(kind, &case.id).about(&case.identity).with("identity", &case.identity)
}
