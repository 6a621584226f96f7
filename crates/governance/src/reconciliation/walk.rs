//! Who may differ on a system: after a reading, whoever's accounts are not as they were when all was as it should be, and
//! whoever should have one and has none; otherwise only those of whom something changed. A page at a time.

use super::ground::Ground;
use super::store::{self, Position};
use super::verdict::REFUSED_FOR;
use crate::drifts;
use crate::plans::{self, PlanError};
use db::{ReadTx, Value};
use provisioning::{order, walk};
use std::collections::BTreeSet;
use std::time::Duration;
use types::{AssignmentId, IdentityId, Timestamp};

/// Everybody is looked at closely once in so long, whatever the digests say.
pub(crate) const EVERYBODY_EVERY: Duration = Duration::from_secs(24 * 60 * 60);

/// Accounts or people that are read at once.
const PAGE: u32 = 5_000;

/// Who is to be looked at closely, and how far the system is looked at then.
pub(crate) struct Suspects {
    pub(crate) people: BTreeSet<IdentityId>,
    pub(crate) position: Position,
    /// Whoever may differ is among them, whatever the reason.
    pub(crate) is_whole: bool,
}

/// How much of a system is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    System,
    /// The system and, because a person asked, also those of whom it refused something.
    Anew,
    /// Those in the open plan and those of whom something changed since; the rest is left to whoever looks next.
    OpenPlan,
}

/// How closely the whole system is to be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extent {
    Everybody,
    /// Those whose accounts changed.
    Changed,
    /// Nothing was read since.
    Nobody,
}

pub(crate) async fn suspects(
    tx: &mut ReadTx,
    ground: &Ground,
    reach: Reach,
    now: Timestamp,
) -> Result<Suspects, PlanError> {
    let before = store::position(tx, &ground.system).await?;
    let dirty = store::dirty(tx, before.as_ref().map_or(0, |before| before.seq)).await?;
    let mut people = plans::store::people_of_open(tx, &ground.system).await?;
    people.extend(dirty);
    if reach == Reach::Anew {
        // What was refused before that was tried again when everybody was looked at.
        let since = now.minus(REFUSED_FOR + EVERYBODY_EVERY);
        people.extend(order::refused_since(tx, &ground.system, since).await?);
    }
    if let (Some(position), Reach::OpenPlan) = (&before, reach) {
        return Ok(Suspects { people, position: position.clone(), is_whole: false });
    }
    let (premise, read_at) = (ground.premise(), ground.read_at());
    let extent = match &before {
        Some(before) if before.premise == premise && now < before.looked_at.plus(EVERYBODY_EVERY) => {
            if before.read_at == read_at { Extent::Nobody } else { Extent::Changed }
        }
        _ => Extent::Everybody,
    };
    let position = Position {
        seq: store::newest(tx).await?,
        read_at,
        premise,
        looked_at: match (&before, extent) {
            (Some(before), Extent::Changed | Extent::Nobody) => before.looked_at,
            _ => now,
        },
        loaded_at: before.and_then(|before| before.loaded_at),
    };
    if extent != Extent::Nobody {
        // What was changed by hand may have been changed back by hand: then all is as it was before.
        people.extend(drifts::store::people_of_open(tx, &ground.system).await?);
        holders(tx, ground, extent, &mut people).await?;
        newcomers(tx, ground, &mut people).await?;
    }
    Ok(Suspects { people, position, is_whole: extent != Extent::Nobody })
}

async fn holders(
    tx: &mut ReadTx,
    ground: &Ground,
    extent: Extent,
    people: &mut BTreeSet<IdentityId>,
) -> Result<(), PlanError> {
    let mut after = None;
    while let Some(page) = walk::marks(tx, &ground.system, after, PAGE).await? {
        after = Some(page.last);
        let known = match extent {
            Extent::Everybody | Extent::Nobody => Default::default(),
            Extent::Changed => {
                store::observed_of(tx, page.marks.iter().map(|mark| Value::from(&mark.account)).collect()).await?
            }
        };
        for mark in page.marks {
            let is_same =
                |(identity, observed): &(IdentityId, [u8; 32])| *identity == mark.identity && *observed == mark.digest;
            if !known.get(&mark.account).is_some_and(is_same) {
                people.insert(mark.identity);
            }
        }
    }
    Ok(())
}

/// Who should have an account and has none.
async fn newcomers(tx: &mut ReadTx, ground: &Ground, people: &mut BTreeSet<IdentityId>) -> Result<(), PlanError> {
    if !ground.mapping.creates {
        return Ok(());
    }
    let ways: Vec<Option<&str>> = std::iter::once(None).chain(ground.roles().map(Some)).collect();
    for role in ways {
        let mut after: Option<AssignmentId> = None;
        loop {
            let page = match role {
                None => store::entitled_directly(tx, &ground.system, after.as_ref(), PAGE).await?,
                Some(role) => store::entitled_by_role(tx, role, after.as_ref(), PAGE).await?,
            };
            let Some((last, _)) = page.last() else { break };
            after = Some(last.clone());
            let have = walk::having(tx, &ground.system, page.iter().map(|(_, identity)| identity)).await?;
            people.extend(page.into_iter().map(|(_, identity)| identity).filter(|identity| !have.contains(identity)));
        }
    }
    Ok(())
}
