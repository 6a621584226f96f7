//! The ledger entries of orders and readings. Up to a hundred orders that change alike together have an entry each, in the
//! thread of the order; more of them share one, whose manifest covers a line for each. No entry holds a login or a name.

use crate::feed::{Outcome, Page, Reading as FeedReading, State as FeedState};
use crate::machine::State;
use crate::observe::Doubt;
use crate::reading::{Lack, Native};
use crate::{ObservedAccount, Order};
use data_encoding::HEXLOWER;
use ledger::{Entry, EventKind, canonical, manifest};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use types::{Actor, ObservedAccountId, ReadId};

const GIVEN: EventKind =
    EventKind { name: "order.given", doc: "A change of a system was ordered: what, where, because of what." };
const SENT: EventKind = EventKind { name: "order.sent", doc: "An order is being sent to its system." };
const POSTPONED: EventKind = EventKind {
    name: "order.postponed",
    doc: "A system could not carry an order out yet, or nobody knows whether it did; it is looked at and tried again.",
};
const PASSWORD_MADE: EventKind = EventKind {
    name: "order.password_made",
    doc: "The first password of an account that is ordered was made and kept, sealed, before it is sent.",
};
const DONE: EventKind = EventKind { name: "order.done", doc: "A system said that it carried an order out." };
const OBSERVED: EventKind =
    EventKind { name: "order.observed", doc: "What was ordered was seen on its system, or a person says so." };
const GONE: EventKind = EventKind {
    name: "order.gone",
    doc: "What was to be taken away was seen not to be there any more, or a person says so.",
};
const REOPENED: EventKind =
    EventKind { name: "order.reopened", doc: "What had been taken away was seen again; it is taken away again." };
const REFUSED: EventKind = EventKind {
    name: "order.refused",
    doc: "A system will not carry an order out, or something else has its place there: a person decides.",
};
const GIVEN_TO_PERSON: EventKind =
    EventKind { name: "order.given_to_person", doc: "Nothing reaches the system but a person, who is asked." };
const SUPERSEDED: EventKind =
    EventKind { name: "order.superseded", doc: "Something newer was ordered, or nobody wants the order any more." };

const CHANGED: EventKind = EventKind {
    name: "system.changed",
    doc: "A reading saw a part of a system differ from before; `manifest` is the Merkle root over its `lines`.",
};
const READ: EventKind = EventKind { name: "system.read", doc: "A system was read to its end: how much there is." };
const READING_HELD: EventKind = EventKind {
    name: "system.reading_held",
    doc: "Nothing was concluded from what is missing in a reading: it is too much at once or in a day, or the system's declaration changed; a person decides.",
};
const MISSING_ACCEPTED: EventKind = EventKind {
    name: "system.missing_accepted",
    doc: "A person said that what a held reading lacked is gone: the next whole reading that lacks no more concludes it.",
};
const READING_FAILED: EventKind =
    EventKind { name: "system.reading_failed", doc: "A system could not be read to its end; nothing was concluded." };
const LINKED: EventKind = EventKind { name: "account.linked", doc: "It was said whose account on a system it is." };
const UNLINKED: EventKind = EventKind { name: "account.unlinked", doc: "An account on a system is nobody's any more." };
const PROTECTED: EventKind =
    EventKind { name: "account.protected", doc: "Nothing is sent to an account on a system from now on." };
const UNPROTECTED: EventKind =
    EventKind { name: "account.unprotected", doc: "An account on a system may be changed from now on." };
const FEED_ASKED: EventKind = EventKind {
    name: "source.reading_asked",
    doc: "A source is to be read, all of it or what changed: of which service, and the digest of what is asked.",
};
const FEED_BEGAN: EventKind = EventKind { name: "source.reading_began", doc: "Somebody reads a source." };
const FEED_BROKEN: EventKind = EventKind {
    name: "source.reading_broken",
    doc: "A source could not be read to its end; nothing of what came is taken.",
};
const FEED_SETTLED: EventKind =
    EventKind { name: "source.reading_settled", doc: "What became of a reading of a source: taken, held or refused." };
const FEED_PAGE: EventKind =
    EventKind { name: "source.page_kept", doc: "A part of what a source says was read and kept, sealed." };
const FEED_FORGOTTEN: EventKind =
    EventKind { name: "source.pages_forgotten", doc: "What was kept of a reading of a source was destroyed." };

/// Every kind of entry of this crate.
pub const KINDS: &[EventKind] = &[
    GIVEN,
    SENT,
    PASSWORD_MADE,
    POSTPONED,
    DONE,
    OBSERVED,
    GONE,
    REOPENED,
    REFUSED,
    GIVEN_TO_PERSON,
    SUPERSEDED,
    CHANGED,
    READ,
    READING_HELD,
    MISSING_ACCEPTED,
    READING_FAILED,
    LINKED,
    UNLINKED,
    PROTECTED,
    UNPROTECTED,
    FEED_ASKED,
    FEED_BEGAN,
    FEED_BROKEN,
    FEED_SETTLED,
    FEED_PAGE,
    FEED_FORGOTTEN,
];

/// More than this share an entry.
const ONE_BY_ONE: usize = 100;

pub(crate) fn given(orders: &[Order]) -> Vec<Entry> {
    told(GIVEN, orders.iter().collect())
}

/// What became of orders, by kind. `reopened` are those that begin anew.
pub(crate) fn became(orders: &[Order]) -> Vec<Entry> {
    let mut by_kind: Vec<(EventKind, Vec<&Order>)> = Vec::new();
    for order in orders {
        let kind = kind_of(order);
        match by_kind.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, orders)) => orders.push(order),
            None => by_kind.push((kind, vec![order])),
        }
    }
    by_kind.into_iter().flat_map(|(kind, orders)| told(kind, orders)).collect()
}

fn kind_of(order: &Order) -> EventKind {
    match &order.state {
        State::Queued | State::Unknown { .. } | State::Waiting { .. } => POSTPONED,
        State::Ordered if order.reopened > 0 && order.attempts == 0 => REOPENED,
        State::Ordered => POSTPONED,
        State::Sending { .. } => SENT,
        State::WaitingForPerson { .. } => GIVEN_TO_PERSON,
        State::Done { .. } => DONE,
        State::Observed { .. } => OBSERVED,
        State::Gone { .. } => GONE,
        State::Refused { .. } | State::Conflict { .. } => REFUSED,
        State::Superseded { .. } => SUPERSEDED,
    }
}

pub(crate) fn password_kept(order: &Order) -> Entry {
    one(PASSWORD_MADE, order)
}

fn told(kind: EventKind, orders: Vec<&Order>) -> Vec<Entry> {
    if orders.len() < ONE_BY_ONE {
        return orders.into_iter().map(|order| one(kind, order)).collect();
    }
    let lines: Vec<Vec<u8>> = orders.iter().map(|order| canonical(&facts(order))).collect();
    let first = orders[0];
    let thread = first.plan.as_deref().unwrap_or(&first.system);
    vec![
        Entry::new(kind, &thread)
            .about(&first.system)
            .with("lines", lines.len())
            .with("manifest", HEXLOWER.encode(&manifest::root(&lines))),
    ]
}

fn one(kind: EventKind, order: &Order) -> Entry {
    let mut entry = Entry::new(kind, &order.id).about(&order.system).about(&order.because);
    if let Some(identity) = &order.identity {
        entry = entry.about(identity);
    }
    if let Some(account) = &order.account {
        entry = entry.about(account);
    }
    let Value::Object(facts) = facts(order) else { return entry };
    const NAMES: [&str; 10] =
        ["system", "act", "cause", "because", "rank", "account", "entitlement", "state", "attempts", "observed_by"];
    NAMES.into_iter().fold(entry, |entry, name| match facts.get(name) {
        Some(value) if !value.is_null() => entry.with(name, value),
        _ => entry,
    })
}

fn facts(order: &Order) -> Value {
    let observer = match &order.state {
        State::Observed { by, .. } | State::Gone { by, .. } => Some(*by),
        _ => None,
    };
    json!({
        "order": order.id,
        "system": order.system,
        "act": order.act,
        "cause": order.cause,
        "because": order.because,
        "rank": order.rank,
        "account": order.account,
        "entitlement": order.entitlement,
        "state": order.state.as_str(),
        "attempts": order.attempts,
        "observed_by": observer,
    })
}

/// What a reading saw differ; `lines` are canonical.
pub(crate) fn changed(system: &str, read: &ReadId, lines: &[Vec<u8>]) -> Entry {
    Entry::new(CHANGED, &system)
        .with("read", read)
        .with("lines", lines.len())
        .with("manifest", HEXLOWER.encode(&manifest::root(lines)))
}

pub(crate) fn read(system: &str, read: &ReadId, whole: bool, counts: [u64; 3], changed: u64) -> Entry {
    Entry::new(READ, &system)
        .with("read", read)
        .with("whole", whole)
        .with("accounts", counts[0])
        .with("entitlements", counts[1])
        .with("memberships", counts[2])
        .with("changed", changed)
}

pub(crate) fn held(system: &str, read: &ReadId, (why, what): (Doubt, Native), missing: u64, of: u64) -> Entry {
    let entry = Entry::new(READING_HELD, &system).with("read", read).with("why", why.as_str());
    entry.with("what", what.as_str()).with("missing", missing).with("of", of)
}

pub(crate) fn failed(system: &str, code: &str) -> Entry {
    Entry::new(READING_FAILED, &system).with("code", code)
}

pub(crate) fn missing_accepted(by: &Actor, system: &str, reason: &str, held: Lack) -> Entry {
    let [accounts, entitlements, memberships] = held.missing;
    let entry = Entry::new(MISSING_ACCEPTED, &system)
        .with("accounts", accounts)
        .with("entitlements", entitlements)
        .with("memberships", memberships);
    match by.identity() {
        Some(person) => entry.about(person).with_personal(person, "reason", reason),
        None => entry.with_personal(&system, "reason", reason),
    }
}

fn of_reading(kind: EventKind, reading: &FeedReading) -> Entry {
    Entry::new(kind, &reading.source).about(&reading.id).with("read", &reading.id)
}

pub(crate) fn feed_asked(reading: &FeedReading) -> Entry {
    let question = canonical(&json!(reading.question));
    of_reading(FEED_ASKED, reading)
        .with("service", &reading.question.service)
        .with("since", reading.question.changes.as_ref().and_then(|changes| changes.since.as_ref()))
        .with("question_sha256", HEXLOWER.encode(&Sha256::digest(question)))
}

pub(crate) fn feed_began(reading: &FeedReading) -> Entry {
    of_reading(FEED_BEGAN, reading)
}

pub(crate) fn feed_broken(reading: &FeedReading) -> Entry {
    let code = match &reading.state {
        FeedState::Broken { trouble, .. } => trouble.code.as_str(),
        _ => "",
    };
    of_reading(FEED_BROKEN, reading).with("code", code).with("pages", reading.pages)
}

pub(crate) fn feed_settled(reading: &FeedReading) -> Entry {
    let entry = of_reading(FEED_SETTLED, reading)
        .with("outcome", reading.state.as_str())
        .with("pages", reading.pages)
        .with("records", reading.records);
    match &reading.state {
        FeedState::Settled { outcome: Outcome::Applied(import) | Outcome::Held(import), .. } => {
            entry.about(import).with("import", import)
        }
        FeedState::Settled { outcome: Outcome::Refused(trouble), .. } => entry.with("code", &trouble.code),
        _ => entry,
    }
}

pub(crate) fn feed_page(page: &Page<'_>) -> Entry {
    Entry::new(FEED_PAGE, &page.source)
        .about(page.read)
        .with("read", page.read)
        .with("page", page.number)
        .with("records", page.records)
        .with("sha256", HEXLOWER.encode(&Sha256::digest(page.bytes)))
        .with("ends", page.end.is_some())
}

pub(crate) fn feed_forgotten(source: &str, read: &ReadId, pages: u64) -> Entry {
    Entry::new(FEED_FORGOTTEN, &source).about(read).with("read", read).with("pages", pages)
}

pub(crate) fn linked(account: &ObservedAccount) -> Entry {
    let entry = |kind| Entry::new(kind, &account.id).about(&account.system).with("system", &account.system);
    match &account.link {
        Some(link) => entry(LINKED).about(&link.identity).with("identity", &link.identity).with("by", &link.by),
        None => entry(UNLINKED),
    }
}

pub(crate) fn protected(account: &ObservedAccountId, system: &str, on: bool, reason: &str) -> Entry {
    Entry::new(if on { PROTECTED } else { UNPROTECTED }, account)
        .about(&system)
        .with("system", system)
        .with_personal(account, "reason", reason)
}
