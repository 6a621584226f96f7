//! The ledger entries of match cases. The people are named by their ids only.

use super::model::MatchCase;
use ledger::{Entry, EventKind};
use types::{IdentityId, Reason};

const OPENED: EventKind =
    EventKind { name: "match.opened", doc: "A record came of which nobody can be sure whose it is; a person decides." };
const DECIDED: EventKind =
    EventKind { name: "match.decided", doc: "A person said whose record it is, or that it is of somebody new." };
const MOOT: EventKind =
    EventKind { name: "match.moot", doc: "The record went, or became certain, before anybody decided." };

/// Every kind of entry of this slice.
pub const KINDS: &[EventKind] = &[OPENED, DECIDED, MOOT];

pub(super) fn opened(case: &MatchCase) -> Entry {
    let candidates: Vec<&IdentityId> = case.candidates.iter().map(|candidate| &candidate.identity).collect();
    Entry::new(OPENED, &case.id)
        .with("source", &case.source)
        .with("import", &case.import)
        .with("candidates", candidates)
}

pub(super) fn decided(case: &MatchCase, by: &IdentityId, identity: Option<&IdentityId>, reason: &Reason) -> Entry {
    Entry::new(DECIDED, &case.id).about(by).with("source", &case.source).with("identity", identity).with_personal(
        by,
        "reason",
        reason.as_str(),
    )
}

pub(super) fn moot(case: &MatchCase) -> Entry {
    Entry::new(MOOT, &case.id).with("source", &case.source)
}
