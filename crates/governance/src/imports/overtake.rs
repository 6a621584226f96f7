//! What still waits for a person when its source speaks again: the newer word counts.

use super::{Import, ImportError, ImportId, State, events, lines, store};
use connectors::sources::{Extent, Feed};
use data_encoding::HEXLOWER;
use ledger::{Ctx, Write};
use sha2::{Digest, Sha256};
use std::collections::HashSet;

/// What a newer feed left of those that were held.
#[derive(Default)]
pub(super) struct Overtaken {
    /// Of these nothing is left.
    pub(super) superseded: Vec<ImportId>,
    pub(super) is_any: bool,
}

/// Whether the newer feed is taken, or held itself.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Newer {
    Taken,
    Held,
}

/// Drops what held feeds of a source say of people of whom `feed` speaks. A whole feed speaks of everybody, so nothing is
/// left of one when anything newer is taken: it would bring back who left since, and lose who came. Those held no earlier
/// than `than` stay as they are.
pub(super) async fn overtake(
    ctx: &Ctx,
    tx: &mut Write,
    (source, feed): (&str, &Feed),
    newer: Newer,
    than: Option<&ImportId>,
) -> Result<Overtaken, ImportError> {
    let mut overtaken = Overtaken::default();
    for import in store::held(tx, source).await? {
        if than.is_some_and(|than| import.id >= *than) {
            continue;
        }
        let held = lines::held_feed(ctx, tx, &import).await?;
        match (&feed.extent, &held.extent) {
            (Extent::Changes { .. }, Extent::Whole) if newer == Newer::Held => {}
            (Extent::Whole, _) | (_, Extent::Whole) => supersede(tx, import, &mut overtaken).await?,
            (Extent::Changes { gone }, Extent::Changes { .. }) => {
                let keys = feed.records.iter().map(|record| &record.key).chain(gone).map(String::as_str).collect();
                drop_said(ctx, tx, import, (held, &keys), &mut overtaken).await?;
            }
        }
    }
    Ok(overtaken)
}

async fn drop_said(
    ctx: &Ctx,
    tx: &mut Write,
    import: Import,
    (mut held, newer): (Feed, &HashSet<&str>),
    overtaken: &mut Overtaken,
) -> Result<(), ImportError> {
    let Extent::Changes { gone } = &mut held.extent else { return Ok(()) };
    let before = held.records.len() + gone.len();
    held.records.retain(|record| !newer.contains(record.key.as_str()));
    gone.retain(|key| !newer.contains(key.as_str()));
    let left = held.records.len() + gone.len();
    if left == 0 {
        return supersede(tx, import, overtaken).await;
    }
    if left < before {
        // It is another feed than the one that was sent, and that one may be sent again.
        let said = serde_json::to_vec(&(&held.records, &held.extent)).expect("records are plain data");
        held.sha256 = HEXLOWER.encode(&Sha256::digest(said));
        tx.also(events::overtaken(&import, &held.sha256, before - left));
        store::set_feed(tx, &import.id, &held.sha256, lines::seal_feed(ctx, &import.id, &held)?).await?;
        overtaken.is_any = true;
    }
    Ok(())
}

async fn supersede(tx: &mut Write, import: Import, overtaken: &mut Overtaken) -> Result<(), ImportError> {
    let State::Held { trip } = import.state.clone() else { return Ok(()) };
    let import = Import { state: State::Superseded { at: tx.now(), trip }, ..import };
    tx.also(events::superseded(&import));
    store::settle(tx, &import).await?;
    overtaken.superseded.push(import.id);
    overtaken.is_any = true;
    Ok(())
}
