//! The ledger entries of issuers, in the thread of the issuer, and of what they issue, each in a thread of its own.

use super::crl::Crl;
use super::{Cause, Issued, Issuer, Key, Profile};
use grants::Permit;
use ledger::{Entry, EventKind};
use types::Timestamp;

const CREATED: EventKind =
    EventKind { name: "issuer.created", doc: "An issuer was made, with a key of its own that never leaves the seal." };
const CERTIFIED: EventKind =
    EventKind { name: "issuer.certified", doc: "An X.509 issuer was given its CA certificate, here or from outside." };
const ROTATED: EventKind = EventKind { name: "issuer.key_rotated", doc: "An issuer of tokens signs with a new key." };
const WITHDRAWN: EventKind = EventKind { name: "issuer.withdrawn", doc: "An issuer issues nothing any more." };
const PROFILE: EventKind =
    EventKind { name: "issuer.profile_declared", doc: "What may be issued under a profile was said, or changed." };
const CRL_SIGNED: EventKind =
    EventKind { name: "issuer.crl_signed", doc: "The revocation list of an X.509 issuer was signed anew." };
const MADE: EventKind =
    EventKind { name: "issuance.made", doc: "A certificate or token was issued under a grant, until when, for what." };
const REFUSED: EventKind =
    EventKind { name: "issuance.refused", doc: "A certificate or token was refused although a grant stood: why." };
const ENDED: EventKind = EventKind {
    name: "issuance.ended",
    doc: "A certificate or token was revoked, or ended with its grant, its token or its signing key.",
};
const GONE: EventKind = EventKind {
    name: "issuance.gone",
    doc: "A certificate or token expired, or was seen on the revocation list that everybody reads.",
};

pub const KINDS: &[EventKind] =
    &[CREATED, CERTIFIED, ROTATED, WITHDRAWN, PROFILE, CRL_SIGNED, MADE, REFUSED, ENDED, GONE];

pub(super) fn created(issuer: &Issuer, key: &Key) -> Entry {
    Entry::new(CREATED, &issuer.id)
        .about(&issuer.name)
        .with("issuer", &issuer.name)
        .with("terms", &issuer.terms)
        .with("key", &key.id)
        .with("public_key", &key.public_key)
}

pub(super) fn certified(issuer: &Issuer, key: &Key, facts: &super::x509::Facts) -> Entry {
    Entry::new(CERTIFIED, &issuer.id)
        .about(&issuer.name)
        .with("key", &key.id)
        .with("serial", &facts.serial)
        .with("sha256", &facts.sha256)
        .with("expires_at", facts.not_after)
}

pub(super) fn rotated(issuer: &Issuer, key: &Key, old_published_until: Timestamp) -> Entry {
    Entry::new(ROTATED, &issuer.id)
        .about(&issuer.name)
        .with("key", &key.id)
        .with("public_key", &key.public_key)
        .with("old_keys_published_until", old_published_until)
}

pub(super) fn withdrawn(issuer: &Issuer) -> Entry {
    Entry::new(WITHDRAWN, &issuer.id).about(&issuer.name).with("issuer", &issuer.name)
}

pub(super) fn profile(issuer: &Issuer, profile: &Profile) -> Entry {
    Entry::new(PROFILE, &issuer.id).about(&issuer.name).with("profile", profile)
}

pub(super) fn crl_signed(issuer: &Issuer, crl: &Crl) -> Entry {
    Entry::new(CRL_SIGNED, &issuer.id)
        .about(&issuer.name)
        .with("number", crl.number)
        .with("revoked", crl.revoked)
        .with("next_update", crl.next_update)
        .with("sha256", &crl.sha256)
}

pub(super) fn made(permit: &Permit, issued: &Issued) -> Entry {
    let entry = Entry::new(MADE, &issued.id);
    let entry = match &issued.token {
        Some(token) => entry.about(token).with("token", token),
        None => entry,
    };
    entry
        .about(permit.grant())
        .about(permit.holder())
        .about(&issued.issuer)
        .with("permit", permit.id())
        .with("issuer", &issued.issuer)
        .with("profile", &issued.profile)
        .with("form", issued.form.as_str())
        .with("key", &issued.key)
        .with("serial", &issued.serial)
        .with("sha256", &issued.sha256)
        .with("names", &issued.names)
        .with("expires_at", issued.expires_at)
}

pub(super) fn refused(permit: &Permit, code: &str) -> Entry {
    Entry::new(REFUSED, permit.grant())
        .about(permit.holder())
        .with("permit", permit.id())
        .with("issuer", permit.target())
        .with("profile", permit.login())
        .with("code", code)
}

pub(super) fn ended(issued: &Issued, cause: Cause, reason: Option<&str>) -> Entry {
    let entry = Entry::new(ENDED, &issued.id)
        .about(&issued.grant)
        .about(&issued.issuer)
        .with("serial", &issued.serial)
        .with("cause", cause);
    match reason {
        Some(reason) => entry.with_personal(&issued.holder, "reason", reason),
        None => entry,
    }
}

pub(super) fn gone(issued: &Issued, by: &'static str) -> Entry {
    Entry::new(GONE, &issued.id)
        .about(&issued.grant)
        .about(&issued.issuer)
        .with("serial", &issued.serial)
        .with("by", by)
}
