//! The ledger entries of memberships for a time, in the thread of their grant.

use super::Membership;
use grants::Permit;
use ledger::{Entry, EventKind};
use types::{GrantId, OrderId};

const GIVEN: EventKind = EventKind {
    name: "membership.given",
    doc: "The window of a grant began, and its holder's account is ordered into what it is for; without an order where it was in there already.",
};
const TAKEN: EventKind =
    EventKind { name: "membership.taken", doc: "The grant of a membership ended, and it is ordered to be taken away." };
const KEPT: EventKind = EventKind {
    name: "membership.kept",
    doc: "The grant of a membership ended, and nothing is taken away: the account has it by something else.",
};
const GONE: EventKind =
    EventKind { name: "membership.gone", doc: "The account of an ended grant was seen not to be in there any more." };

pub const KINDS: &[EventKind] = &[GIVEN, TAKEN, KEPT, GONE];

/// Why an account stays where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept<'a> {
    /// It was in there before.
    Before,
    By(&'a GrantId),
    /// Somebody else ordered it.
    ByOrder(&'a OrderId),
}

pub(super) fn given(permit: &Permit, one: &Membership) -> Entry {
    let entry = of(GIVEN, one).about(&one.holder).with("permit", permit.id());
    match &one.added_by {
        Some(order) => entry.about(order).with("order", order),
        None => entry,
    }
}

pub(super) fn taken(one: &Membership, order: &OrderId) -> Entry {
    of(TAKEN, one).about(order).with("order", order)
}

pub(super) fn kept(one: &Membership, why: Kept<'_>) -> Entry {
    match why {
        Kept::Before => of(KEPT, one),
        Kept::By(grant) => of(KEPT, one).with("by_grant", grant),
        Kept::ByOrder(order) => of(KEPT, one).with("by_order", order),
    }
}

pub(super) fn gone(one: &Membership) -> Entry {
    of(GONE, one)
}

fn of(kind: EventKind, one: &Membership) -> Entry {
    Entry::new(kind, &one.grant)
        .with("system", &one.system)
        .with("account", &one.account)
        .with("entitlement", &one.entitlement)
}
