//! The ledger entries of grants and permits. Permits stand in the thread of their grant, so that a bundle of the
//! grant shows every use of it or fails to verify.

use crate::{Ask, Ended, Grant, Refusal, SessionPermit};
use ledger::{Entry, EventKind};
use serde_json::{Value, json};
use types::{Channel, GrantId, PermitId, SessionId, Timestamp};

pub(crate) const ISSUED: EventKind =
    EventKind { name: "grant.issued", doc: "A grant was issued: who, what, until when, because of what." };
pub(crate) const ENDED: EventKind =
    EventKind { name: "grant.ended", doc: "A grant expired or was withdrawn; nothing can start with it." };
pub(crate) const GONE: EventKind =
    EventKind { name: "grant.gone", doc: "Nothing of an ended grant is left on its target; this was observed there." };
const PERMITTED: EventKind = EventKind { name: "permit.given", doc: "One use of a grant was allowed and counted." };
const RELEASED: EventKind = EventKind { name: "permit.released", doc: "One use of a grant is over." };
const REFUSED: EventKind =
    EventKind { name: "permit.refused", doc: "A use was refused: who asked for what, and why not." };

/// Every kind of entry of this crate.
pub const KINDS: &[EventKind] = &[ISSUED, ENDED, GONE, PERMITTED, RELEASED, REFUSED];

pub(crate) fn issued(grant: &Grant) -> Entry {
    let crate::Because::Request { request, .. } = &grant.because;
    let entry = Entry::new(ISSUED, &grant.id).about(&grant.holder).about(request);
    issued_facts(grant).into_iter().fold(entry, |entry, (name, value)| entry.with(name, value))
}

/// Everything that a grant allows, as its entry says it.
pub(crate) fn issued_facts(grant: &Grant) -> [(&'static str, Value); 8] {
    [
        ("holder", json!(grant.holder)),
        ("target", json!(grant.target)),
        ("login", json!(grant.login)),
        ("channels", json!(grant.channels)),
        ("from", json!(grant.window.from)),
        ("until", json!(grant.window.until)),
        ("max_sessions", json!(grant.terms.max_sessions)),
        ("because", json!(grant.because)),
    ]
}

pub(crate) fn ended(grant: &Grant, ended: &Ended) -> Entry {
    Entry::new(ENDED, &grant.id)
        .about(&grant.holder)
        .with("cause", ended.cause)
        .with("ended_at", ended.at)
        .with_personal(&grant.holder, "reason", &ended.reason)
}

pub(crate) fn gone(grant: &GrantId) -> Entry {
    Entry::new(GONE, grant)
}

pub(crate) fn permitted(permit: &SessionPermit, node: &str) -> Entry {
    Entry::new(PERMITTED, permit.grant())
        .about(permit.session())
        .about(permit.holder())
        .with("permit", permit.id())
        .with("session", permit.session())
        .with("channel", permit.channel())
        .with("deadline", permit.deadline())
        .with("node", node)
}

pub(crate) fn released(grant: &GrantId, permit: &PermitId, session: &SessionId) -> Entry {
    Entry::new(RELEASED, grant).about(session).with("permit", permit).with("session", session)
}

pub(crate) fn refused(ask: &Ask<'_>, refusal: &Refusal, at: Timestamp) -> Entry {
    Entry::new(REFUSED, ask.who)
        .with("target", cut(ask.target))
        .with("login", cut(ask.login))
        .with("channel", ask.channel)
        .with("code", refusal.code())
        .with("asked_at", at)
}

/// What is asked for may be anything; the log keeps it for good.
fn cut(asked: &str) -> String {
    asked.chars().take(128).collect()
}

pub(crate) fn channels(grant: &Grant) -> String {
    grant.channels.iter().map(|channel: &Channel| channel.as_str()).collect::<Vec<_>>().join(", ")
}
