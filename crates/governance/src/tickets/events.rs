//! The ledger entries of tickets. What is to be done stands in the order.

use super::Ticket;
use ledger::{Entry, EventKind};
use provisioning::Order;
use types::{IdentityId, Reason};

const OPENED: EventKind =
    EventKind { name: "ticket.opened", doc: "A person was asked to carry out an order that nothing else can." };
const REMINDED: EventKind =
    EventKind { name: "ticket.reminded", doc: "A ticket is open for too long; its owner is reminded." };
const DONE: EventKind =
    EventKind { name: "ticket.done", doc: "A person said that they carried an order out, and by which proof." };
const MOOT: EventKind = EventKind { name: "ticket.moot", doc: "Nobody wants the order of a ticket any more." };

/// Every kind of entry of this slice.
pub const KINDS: &[EventKind] = &[OPENED, REMINDED, DONE, MOOT];

pub(super) fn opened(ticket: &Ticket) -> Entry {
    let entry = about(OPENED, ticket).with("stand_in", &ticket.stand_in);
    ticket.stand_in.iter().fold(entry, |entry, stand_in| entry.about(stand_in))
}

pub(super) fn reminded(ticket: &Ticket) -> Entry {
    about(REMINDED, ticket).with("reminders", ticket.reminders)
}

/// The proof belongs to the person whose account it is about, where it is somebody's.
pub(super) fn done(ticket: &Ticket, order: &Order, by: &IdentityId, proof: &Reason) -> Entry {
    let whose = order.identity.as_ref().unwrap_or(by);
    about(DONE, ticket).about(by).with("by", by).with_personal(whose, "proof", proof.as_str())
}

pub(super) fn moot(ticket: &Ticket) -> Entry {
    about(MOOT, ticket)
}

fn about(kind: EventKind, ticket: &Ticket) -> Entry {
    Entry::new(kind, &ticket.id).about(&ticket.order).with("order", &ticket.order).with("system", &ticket.system)
}
