//! Movers: who loses roles because their record changed keeps what they granted for a grace, so that work can be handed
//! over; but nothing that gives power, and nothing that may not be held beside what they hold now. What is kept is an
//! assignment with an end, so nothing but that end takes it away.

mod events;
mod model;
pub(crate) mod rules;
pub(crate) mod store;

pub use events::KINDS;
pub use model::{Filter, Kept, Lost, MoverCase, Why};

use crate::assignments::{self, Because};
use crate::identities::Identity;
use crate::roles::Entitled;
use crate::states::days::days_after;
use crate::{entitlements, policy};
use db::DbError;
use ledger::{Ctx, LedgerError, Write};
use provisioning::power::Said;
use rules::{Grace, LostRole};
use std::collections::BTreeSet;
use types::{Failure, IdentityId, Kind, MoverCaseId};

#[derive(Debug, thiserror::Error)]
pub enum MoverError {
    #[error("there is no mover case `{0}`: see `tenure movers list`")]
    NotFound(MoverCaseId),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Failure for MoverError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound(_) => Kind::NotFound,
            Self::Ledger(e) => e.kind(),
            Self::Db(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "no_such_mover_case",
            Self::Ledger(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}

/// What somebody lost and gained in one change of their record.
pub(crate) struct Move {
    pub(crate) gained: Vec<String>,
    pub(crate) lost: Vec<LostRole>,
    /// What they are entitled to by something else.
    pub(crate) still: BTreeSet<Entitled>,
}

/// Opens a case with the change of the record. The caller gives what is kept, until the end of the grace; `said` is what
/// persons said of entitlements.
pub(crate) async fn begin(
    ctx: &Ctx,
    tx: &mut Write,
    person: &Identity,
    moved: Move,
    said: &Said,
) -> Result<MoverCase, DbError> {
    let (now, days) = (tx.now(), policy::store::get(tx).await?.lifecycle.mover_grace_days);
    let mut privileged = BTreeSet::new();
    for entitled in moved.lost.iter().flat_map(|role| &role.grants) {
        if entitlements::gives_power(tx, said, &entitled.system, &entitled.entitlement).await? {
            privileged.insert(entitled.clone());
        }
    }
    let grace = if days == 0 { Grace::None } else { Grace::Some };
    let window = rules::window(&moved.lost, &moved.still, &privileged, grace);
    let is_settled = window.kept.is_empty();
    let case = MoverCase {
        id: MoverCaseId::new(ctx.clock(), ctx.chance()),
        identity: person.id.clone(),
        begun_at: now,
        grace_until: if is_settled { now } else { days_after(now, days, &person.time_zone) },
        gained: moved.gained,
        lost: moved.lost.into_iter().map(|role| role.name).collect(),
        kept: window.kept,
        ended: window.ended,
        settled_at: is_settled.then_some(now),
    };
    tx.also(events::begun(&case));
    store::insert(tx, &case).await?;
    Ok(case)
}

/// Settles the cases of somebody of which nothing is kept any more.
pub(crate) async fn settle(tx: &mut Write, identity: &IdentityId) -> Result<(), DbError> {
    let open = store::open_of(tx, identity).await?;
    if open.is_empty() {
        return Ok(());
    }
    let has = assignments::store::open_of(tx, [identity]).await?.remove(identity).unwrap_or_default();
    let now = tx.now();
    for case in open {
        let is_of_it = |because: &Because| matches!(because, Because::Grace { case: of, .. } if *of == case.id);
        if !has.iter().any(|assignment| is_of_it(&assignment.because)) {
            tx.also(events::settled(&case));
            store::settle(tx, &case.id, now).await?;
        }
    }
    Ok(())
}

pub async fn get(ctx: &Ctx, id: &MoverCaseId) -> Result<MoverCase, MoverError> {
    store::get(&mut ctx.read().await?, id).await?.ok_or_else(|| MoverError::NotFound(id.clone()))
}

/// Newest first.
pub async fn list(ctx: &Ctx, filter: &Filter) -> Result<Vec<MoverCase>, MoverError> {
    Ok(store::list(&mut ctx.read().await?, filter).await?)
}
