//! The ledger entries of leaver cases.

use super::{Case, Step};
use crate::imports::LeaverSign;
use ledger::{Entry, EventKind};

const BEGUN: EventKind =
    EventKind { name: "leaver.begun", doc: "Somebody has left; their grants were withdrawn in this same transaction." };
const ACCOUNT_DISABLED: EventKind =
    EventKind { name: "leaver.account_disabled", doc: "The leaver's account of Tenure itself was disabled." };
const DONE: EventKind =
    EventKind { name: "leaver.done", doc: "Every privilege of the leaver was seen gone; says how long it took." };
const CANCELLED: EventKind = EventKind {
    name: "leaver.cancelled",
    doc: "The person works here again before the case was done. What was withdrawn stays withdrawn.",
};

/// Every kind of entry of this slice.
pub const KINDS: &[EventKind] = &[BEGUN, ACCOUNT_DISABLED, DONE, CANCELLED];

/// `unowned` machine identities have nobody who answers for them any more.
pub(super) fn begun(case: &Case, sign: LeaverSign, unowned: u64) -> Entry {
    let entry = Entry::new(BEGUN, &case.id)
        .about(&case.identity)
        .with("identity", &case.identity)
        .with("sign", sign)
        .with("event_at", case.event_at)
        .with("withdrawn", case.withdrawn)
        .with("machines_left_unowned", unowned);
    match &case.import {
        Some(import) => entry.about(import).with("import", import),
        None => entry,
    }
}

/// Of the step that the case is in now; nothing while it waits for sessions.
pub(super) fn entered(case: &Case) -> Option<Entry> {
    let entry = |kind| Entry::new(kind, &case.id).about(&case.identity).with("identity", &case.identity);
    match case.step {
        Step::AwaitSessionsEnded => None,
        Step::AwaitPrivilegeGone { .. } => Some(entry(ACCOUNT_DISABLED)),
        Step::Done { last_privilege_gone_at, .. } => {
            let took_ms = case.took().map(|took| u64::try_from(took.as_millis()).unwrap_or(u64::MAX));
            let entry = entry(DONE).with("event_at", case.event_at).with("took_ms", took_ms);
            Some(entry.with("last_privilege_gone_at", last_privilege_gone_at))
        }
        Step::Cancelled { .. } => Some(entry(CANCELLED)),
    }
}
