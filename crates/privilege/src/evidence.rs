//! What of this plane goes into evidence: recordings for a grant's bundle, and that a recording was looked at.

use crate::recordings::{self, Damage, SEALED, State};
use crate::sessions::{self, Node, SessionError};
use ledger::bundle::Attachment;
use ledger::verify::{Fact, Shown};
use ledger::{Ctx, Entry, EventKind, LedgerError, timeline};
use std::collections::HashSet;
use types::{GrantId, SessionId};

const LOOKED_AT: EventKind =
    EventKind { name: "recording.looked_at", doc: "Somebody replayed a recording or watched a session live." };

pub const KINDS: &[EventKind] = &[LOOKED_AT];

/// No grant has more sessions than this in one bundle.
const MOST: u32 = 10_000;

/// A bundle is one document, made in memory.
const LARGEST: u64 = 512 << 20;

/// The sealed recordings of a grant's sessions, each with the entry that sealed it. What was found lost when it was
/// sealed is left out, and its entry says so.
///
/// # Errors
/// When a recording cannot be read here: evidence is whole or not given out.
/// [`SessionError::EvidenceTooLarge`] when the recordings together are too long for one document.
pub async fn attachments(ctx: &Ctx, node: &Node, grant: &GrantId) -> Result<Vec<Attachment>, SessionError> {
    let filter = sessions::Filter { grant: Some(grant.clone()), live: Some(false), limit: MOST, ..Default::default() };
    let (mut sealed, mut bytes) = (Vec::new(), 0);
    for session in sessions::list(ctx, &filter).await? {
        if let State::Sealed { proof, .. } = recordings::get(ctx, &session.id).await?.state
            && proof.damage != Some(Damage::Missing)
        {
            bytes += proof.bytes;
            sealed.push(session.id);
        }
    }
    if bytes > LARGEST {
        return Err(SessionError::EvidenceTooLarge {
            grant: grant.clone(),
            mebibytes: bytes >> 20,
            most: LARGEST >> 20,
        });
    }
    let mut attachments = Vec::with_capacity(sealed.len());
    for session in sealed {
        let lines = timeline::about(ctx, &session).await?;
        let entry = lines.iter().find(|line| line.kind == SEALED.name && line.thread == session.as_str());
        if let Some(entry) = entry {
            let asciicast = recordings::replay(ctx, node, &session).await?;
            attachments.push(Attachment { seq: entry.seq, asciicast });
        }
    }
    attachments.sort_by_key(|attachment| attachment.seq);
    Ok(attachments)
}

/// Verifies a bundle offline: first that nothing in it was changed, then that nothing of the grant's story was left out.
///
/// # Errors
/// A line that says what is wrong or missing.
pub fn verify_bundle(bytes: &[u8]) -> Result<Shown, String> {
    let shown = ledger::verify::bundle(bytes)?;
    request_is_told(&shown)?;
    uses_are_told(&shown)?;
    recordings_are_attached(&shown)?;
    Ok(shown)
}

fn request_is_told(shown: &Shown) -> Result<(), String> {
    let issued = of_kind(shown, "grant.issued").find(|fact| fact.thread == shown.grant);
    let request = issued.and_then(|fact| fact.body.get("because")?.get("request")?.as_str());
    let request = request.ok_or("the grant does not say which request it follows")?;
    let told = |kind: &str| of_kind(shown, kind).any(|fact| fact.thread == request);
    if told("request.submitted") && told("request.approved") {
        return Ok(());
    }
    Err(format!("the request `{request}`, which the grant follows, was left out"))
}

/// Every permit of the grant names a session, and the story of each is there to its end.
fn uses_are_told(shown: &Shown) -> Result<(), String> {
    let released: HashSet<&str> = of_kind(shown, "permit.released").filter_map(|fact| text(fact, "session")).collect();
    for permit in of_kind(shown, "permit.given").filter(|fact| fact.thread == shown.grant) {
        let session = text(permit, "session").ok_or("a permit names no session")?;
        let told = |kind: &str| of_kind(shown, kind).any(|fact| fact.thread == session);
        if !told("session.started") && !told("session.not_opened") {
            return Err(format!("the session `{session}` was left out"));
        }
        if released.contains(session) && !told("session.ended") && !told("session.not_opened") {
            return Err(format!("the end of the session `{session}` was left out"));
        }
    }
    Ok(())
}

fn recordings_are_attached(shown: &Shown) -> Result<(), String> {
    for sealed in of_kind(shown, SEALED.name) {
        let lost = text(sealed, "damage") == Some(Damage::Missing.as_str());
        if !lost && !shown.attached.contains(&sealed.seq) {
            return Err(format!("the recording of the session `{}` was left out", sealed.thread));
        }
    }
    Ok(())
}

fn of_kind<'a>(shown: &'a Shown, kind: &str) -> impl Iterator<Item = &'a Fact> {
    shown.facts.iter().filter(move |fact| fact.kind == kind)
}

fn text<'a>(fact: &'a Fact, name: &str) -> Option<&'a str> {
    fact.body.get(name)?.as_str()
}

/// Leaves evidence before a recording is shown.
pub async fn looked_at(ctx: &Ctx, session: &SessionId) -> Result<(), LedgerError> {
    ctx.append(Entry::new(LOOKED_AT, &format!("evidence:{session}")).about(session)).await
}
