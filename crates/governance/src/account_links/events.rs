//! The ledger entries about whose accounts are. A link itself is told by `provisioning`; the people are named by their ids
//! only.

use super::model::{AccountCase, Said};
use ledger::{Entry, EventKind};
use provisioning::ObservedAccount;
use types::{IdentityId, Reason, Timestamp};

const MATCHED: EventKind = EventKind {
    name: "system.accounts_matched",
    doc: "The accounts of a system that were nobody's were compared with everybody known, after a reading.",
};
const CASE_OPENED: EventKind = EventKind {
    name: "account.match_opened",
    doc: "Nobody can be sure whose an account on a system is; a person decides.",
};
const CASE_MOOT: EventKind = EventKind {
    name: "account.match_moot",
    doc: "An account went, or became certain, before anybody decided whose it is.",
};
const ANSWERED: EventKind = EventKind {
    name: "account.holder_decided",
    doc: "A person said whose an account on a system is, or that it is no person's own and who answers for it.",
};

const GIVEN_TO: EventKind = EventKind {
    name: "account.owner_changed",
    doc: "Somebody else answers for an account on a system that is no person's own, because whoever did has left.",
};

const DISTRUSTED: EventKind = EventKind {
    name: "account.distrusted",
    doc: "An account that a leaver answered for came under management: whoever left may know its credential until it has another one.",
};

/// Every kind of entry of this slice.
pub const KINDS: &[EventKind] = &[MATCHED, CASE_OPENED, CASE_MOOT, ANSWERED, GIVEN_TO, DISTRUSTED];

pub(super) fn distrusted(account: &ObservedAccount, left: &IdentityId) -> Entry {
    Entry::new(DISTRUSTED, &account.id).about(left).with("system", &account.system).with("left", left)
}

pub(super) fn given_to(account: &ObservedAccount, owner: &IdentityId) -> Entry {
    Entry::new(GIVEN_TO, &account.id).about(owner).with("system", &account.system).with("owner", owner)
}

/// What one comparison found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) linked: u64,
    pub(super) asked: u64,
    pub(super) unmatched: u64,
}

pub(super) fn matched(system: &str, read_at: Timestamp, found: Found) -> Entry {
    Entry::new(MATCHED, &system)
        .with("read_at", read_at)
        .with("linked", found.linked)
        .with("asked", found.asked)
        .with("unmatched", found.unmatched)
}

pub(super) fn opened(case: &AccountCase) -> Entry {
    let candidates: Vec<&IdentityId> = case.candidates.iter().map(|candidate| &candidate.identity).collect();
    Entry::new(CASE_OPENED, &case.id).about(&case.account).with("system", &case.system).with("candidates", candidates)
}

pub(super) fn moot(case: &AccountCase) -> Entry {
    Entry::new(CASE_MOOT, &case.id).about(&case.account).with("system", &case.system)
}

pub(super) fn answered(
    account: &ObservedAccount,
    case: Option<&AccountCase>,
    said: &Said,
    by: &IdentityId,
    reason: &Reason,
) -> Entry {
    let mut entry = Entry::new(ANSWERED, &account.id).about(by).with("system", &account.system);
    if let Some(case) = case {
        entry = entry.about(&case.id).with("case", &case.id);
    }
    for (name, person) in [("identity", said.person()), ("owner", said.owner())] {
        if let Some(person) = person {
            entry = entry.about(person).with(name, person);
        }
    }
    entry.with_personal(by, "reason", reason.as_str())
}
