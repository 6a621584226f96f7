//! The ledger entries of requests. Reasons are personal: they are people's own words.

use super::{AccessRequest, State};
use crate::{roles, systems};
use ledger::{Entry, EventKind};
use types::IdentityId;

const SUBMITTED: EventKind =
    EventKind { name: "request.submitted", doc: "Somebody asked for access that a role makes them eligible for." };
const APPROVED: EventKind = EventKind {
    name: "request.approved",
    doc: "A request was approved; its premises were checked again and a grant was issued.",
};
const DENIED: EventKind = EventKind { name: "request.denied", doc: "A request was denied." };
const CANCELLED: EventKind = EventKind {
    name: "request.cancelled",
    doc: "A request was taken back, or whoever asked or would benefit has left.",
};
const EXPIRED: EventKind = EventKind { name: "request.expired", doc: "Nobody decided on a request in time." };

/// Every kind of entry of this slice.
pub const KINDS: &[EventKind] = &[SUBMITTED, APPROVED, DENIED, CANCELLED, EXPIRED];

fn about(kind: EventKind, request: &AccessRequest) -> Entry {
    Entry::new(kind, &request.id).about(&request.requester).about(&request.beneficiary)
}

/// `eligible` is the person whose HR record the reason quotes.
pub(super) fn submitted(request: &AccessRequest, eligible: &IdentityId, eligible_because: &str) -> Entry {
    about(SUBMITTED, request)
        .about(&roles::thread(&request.role))
        .about(&systems::thread(&request.system))
        .with("requester", &request.requester)
        .with("beneficiary", &request.beneficiary)
        .with("system", &request.system)
        .with("login", &request.login)
        .with("channels", &request.channels)
        .with("minutes", request.minutes)
        .with("role", &request.role)
        .with_personal(&request.requester, "reason", &request.reason)
        .with_personal(eligible, "eligible_because", eligible_because)
}

/// Empty of facts unless the request is approved or denied.
pub(super) fn decided(request: &AccessRequest) -> Entry {
    let (kind, grant) = match &request.state {
        State::Approved { grant, .. } => (APPROVED, Some(grant)),
        _ => (DENIED, None),
    };
    let mut entry = about(kind, request);
    if let Some(grant) = grant {
        entry = entry.about(grant).with("grant", grant);
    }
    match request.decided() {
        Some(decided) => entry
            .about(&decided.by)
            .with("decided_by", &decided.by)
            .with_personal(&decided.by, "reason", &decided.reason)
            .with_personal(&decided.by, "because", &decided.because),
        None => entry,
    }
}

pub(super) fn cancelled(request: &AccessRequest) -> Entry {
    match &request.state {
        State::Cancelled { why, .. } => about(CANCELLED, request).with("why", why),
        _ => about(CANCELLED, request),
    }
}

pub(super) fn expired(request: &AccessRequest) -> Entry {
    about(EXPIRED, request)
}
