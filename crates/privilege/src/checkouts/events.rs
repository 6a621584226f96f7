//! The ledger entries of checkouts. They stand in the thread of their checkout, about its grant and its account.

use super::{Checkout, CheckoutError, EndCause, Held, LapseCause};
use grants::Permit;
use ledger::{Entry, EventKind};
use types::{Failure, IdentityId, Timestamp};

const ASKED: EventKind = EventKind {
    name: "checkout.asked",
    doc: "Somebody with a grant asked for a credential that a second person confirms.",
};
const CONFIRMED: EventKind = EventKind {
    name: "checkout.confirmed",
    doc: "A second person confirmed that somebody may take a credential in hand.",
};
const OPENED: EventKind = EventKind {
    name: "checkout.opened",
    doc: "An account's credential was handed out, with the time when it is due back.",
};
const EXTENDED: EventKind = EventKind { name: "checkout.extended", doc: "A credential may be kept longer." };
const RETURNED: EventKind = EventKind { name: "checkout.returned", doc: "A credential was given back by its holder." };
const ENDED: EventKind = EventKind {
    name: "checkout.ended",
    doc: "A credential was taken back: by force, because it was overdue, or because its grant ended.",
};
const LAPSED: EventKind =
    EventKind { name: "checkout.lapsed", doc: "A credential that was asked for was never handed out." };
const OUTDATED: EventKind = EventKind {
    name: "checkout.outdated",
    doc: "The grant under which somebody had seen a credential is over, so that the credential is changed.",
};
const GONE: EventKind =
    EventKind { name: "checkout.gone", doc: "The credential that somebody had seen is dead: its account has another." };
const REFUSED: EventKind =
    EventKind { name: "checkout.refused", doc: "Somebody with a grant was refused an account's credential, and why." };

pub const KINDS: &[EventKind] = &[ASKED, CONFIRMED, OPENED, EXTENDED, RETURNED, ENDED, LAPSED, OUTDATED, GONE, REFUSED];

fn about(kind: EventKind, checkout: &Checkout) -> Entry {
    Entry::new(kind, &checkout.id).about(&checkout.grant).about(&checkout.account)
}

pub(super) fn asked(checkout: &Checkout, permit: &Permit) -> Entry {
    about(ASKED, checkout)
        .about(&checkout.holder)
        .with("permit", permit.id())
        .with("target", &checkout.target)
        .with("login", &checkout.login)
        .with("answer_by", checkout.answer_by())
        .with_personal(&checkout.holder, "reason", &checkout.reason)
}

pub(super) fn confirmed(checkout: &Checkout, because: &'static str) -> Entry {
    about(CONFIRMED, checkout).about(&checkout.holder).with("because", because).with("answer_by", checkout.answer_by())
}

pub(super) fn opened(checkout: &Checkout, held: &Held, permit: &Permit) -> Entry {
    about(OPENED, checkout)
        .about(&checkout.holder)
        .with("permit", permit.id())
        .with("target", &checkout.target)
        .with("login", &checkout.login)
        .with("account", &checkout.account)
        .with("version", held.version)
        .with("due_at", held.due_at)
        .with("exclusive", held.exclusive)
        .with("one_time", held.one_time)
        .with("confirmed_by", &held.confirmed_by)
        .with_personal(&checkout.holder, "reason", &checkout.reason)
}

pub(super) fn extended(checkout: &Checkout, due_at: Timestamp) -> Entry {
    about(EXTENDED, checkout).with("due_at", due_at)
}

pub(super) fn returned(checkout: &Checkout, rotates: bool) -> Entry {
    about(RETURNED, checkout).about(&checkout.holder).with("rotates", rotates)
}

pub(super) fn ended(checkout: &Checkout, cause: EndCause, reason: Option<&str>) -> Entry {
    let entry = about(ENDED, checkout).about(&checkout.holder).with("cause", cause);
    match reason {
        Some(reason) => entry.with_personal(&checkout.holder, "reason", reason),
        None => entry,
    }
}

pub(super) fn lapsed(checkout: &Checkout, cause: LapseCause) -> Entry {
    about(LAPSED, checkout).about(&checkout.holder).with("cause", cause)
}

pub(super) fn outdated(checkout: &Checkout, cause: EndCause) -> Entry {
    about(OUTDATED, checkout).with("cause", cause)
}

pub(super) fn gone(checkout: &Checkout, version: u32) -> Entry {
    about(GONE, checkout).with("version", version)
}

pub(super) fn refused(who: &IdentityId, permit: &Permit, error: &CheckoutError) -> Entry {
    Entry::new(REFUSED, who)
        .about(permit.grant())
        .with("permit", permit.id())
        .with("target", permit.target())
        .with("login", permit.login())
        .with("code", error.code())
}
