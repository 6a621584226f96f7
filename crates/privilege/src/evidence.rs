//! What of this plane goes into evidence: recordings for a grant's bundle, and that a recording was looked at.

use crate::recordings::{self, RecordingError, State};
use crate::sessions::{self, Node, SessionError};
use ledger::bundle::Attachment;
use ledger::{Ctx, Entry, EventKind, LedgerError, timeline};
use types::{GrantId, SessionId};

const LOOKED_AT: EventKind =
    EventKind { name: "recording.looked_at", doc: "Somebody replayed a recording or watched a session live." };

pub const KINDS: &[EventKind] = &[LOOKED_AT];

/// No grant has more sessions than this in one bundle.
const MOST: u32 = 10_000;

/// The sealed recordings of a grant's sessions, each with the entry that sealed it. What was lost on disk is left
/// out; its entry still says what it was.
pub async fn attachments(ctx: &Ctx, node: &Node, grant: &GrantId) -> Result<Vec<Attachment>, SessionError> {
    let filter = sessions::Filter { grant: Some(grant.clone()), live: Some(false), limit: MOST, ..Default::default() };
    let mut attachments = Vec::new();
    for session in sessions::list(ctx, &filter).await? {
        let sealed = matches!(recordings::get(ctx, &session.id).await?.state, State::Sealed { .. });
        let lines = timeline::about(ctx, &session.id).await?;
        let entry = lines.iter().find(|line| line.kind == "recording.sealed" && line.thread == session.id.as_str());
        if let (true, Some(entry)) = (sealed, entry)
            && let Some(asciicast) = readable(recordings::replay(ctx, node, &session.id).await)?
        {
            attachments.push(Attachment { seq: entry.seq, asciicast });
        }
    }
    attachments.sort_by_key(|attachment| attachment.seq);
    Ok(attachments)
}

fn readable(replayed: Result<String, RecordingError>) -> Result<Option<String>, RecordingError> {
    match replayed {
        Ok(text) => Ok(Some(text)),
        Err(RecordingError::Unreadable { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Leaves evidence before a recording is shown.
pub async fn looked_at(ctx: &Ctx, session: &SessionId) -> Result<(), LedgerError> {
    ctx.append(Entry::new(LOOKED_AT, &format!("evidence:{session}")).about(session)).await
}
