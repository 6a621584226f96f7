//! The one policy of this installation. Declaring the same again changes nothing; what lets more through needs a reason.

mod events;
mod model;
mod rules;
pub(crate) mod store;

pub use events::KINDS;
pub use model::{ApproverPolicy, Breaker, ImportPolicy, LifecyclePolicy, MachinePolicy, Policy, RequestPolicy};

use crate::loosening::needed;
use crate::states;
use db::DbError;
use ledger::{Ctx, LedgerError, Write};
use types::{BadReason, Failure, Kind, Reason};

#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    #[error("{setting} is `{given}`: it must be {wanted}")]
    OutOfRange { setting: &'static str, given: String, wanted: &'static str },
    #[error("policy: `{0}` would let more through than before: give a reason, which the auditors will read")]
    Loosens(&'static str),
    #[error(transparent)]
    NoReason(#[from] BadReason),
    #[error("there is always a policy: leave it in the files")]
    Needed,
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Failure for PolicyError {
    fn kind(&self) -> Kind {
        match self {
            Self::OutOfRange { .. } | Self::Loosens(_) => Kind::Invalid,
            Self::NoReason(e) => e.kind(),
            Self::Needed => Kind::Conflict,
            Self::Ledger(e) => e.kind(),
            Self::Db(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::OutOfRange { .. } => "setting_out_of_range",
            Self::Loosens(_) => "policy_loosened",
            Self::NoReason(e) => e.code(),
            Self::Needed => "policy_needed",
            Self::Ledger(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}

/// The policy, or the defaults when none was declared.
pub async fn get(ctx: &Ctx) -> Result<Policy, PolicyError> {
    Ok(store::get(&mut ctx.read().await?).await?)
}

/// # Errors
/// `OutOfRange`; `Loosens` when it would let more through than before and no reason is given.
pub async fn declare(ctx: &Ctx, policy: &Policy, reason: Option<&str>) -> Result<(), PolicyError> {
    let reason = reason.map(Reason::new).transpose()?;
    check(policy)?;
    let mut tx = ctx.decide().await?;
    if declare_in(&mut tx, policy, reason.as_ref()).await? {
        tx.commit().await?;
    }
    Ok(())
}

/// The same inside another decision; says whether anything changed.
pub(crate) async fn declare_in(tx: &mut Write, policy: &Policy, reason: Option<&Reason>) -> Result<bool, PolicyError> {
    check(policy)?;
    let before = store::get(tx).await?;
    if before == *policy {
        return Ok(false);
    }
    let why = needed(rules::loosened(&before, policy), reason).map_err(PolicyError::Loosens)?;
    let entry = events::declared(policy, tx.ctx().actor().identity(), why);
    tx.also(entry);
    let now = tx.now();
    if before.lifecycle != policy.lifecycle {
        states::look_at_everybody(tx, now).await?;
    }
    store::save(tx, policy, now).await?;
    Ok(true)
}

fn check(policy: &Policy) -> Result<(), PolicyError> {
    let Policy { requests, hr_import, machines, lifecycle } = policy;
    let share = hr_import.breaker.max_leavers_share;
    let minutes = requests.max_duration_minutes;
    if !(1..=30 * 24 * 60).contains(&minutes) {
        let wanted = "from 1 to 43200 (30 days)";
        return Err(PolicyError::OutOfRange { setting: "max_duration_minutes", given: minutes.to_string(), wanted });
    }
    if !(1..=30 * 24).contains(&requests.pending_hours) {
        let given = requests.pending_hours.to_string();
        return Err(PolicyError::OutOfRange { setting: "pending_hours", given, wanted: "from 1 to 720 (30 days)" });
    }
    if requests.reason_min_length > 500 {
        let given = requests.reason_min_length.to_string();
        return Err(PolicyError::OutOfRange { setting: "reason_min_length", given, wanted: "at most 500" });
    }
    for (setting, days, range, wanted) in [
        ("max_days", machines.max_days, 1..=3660, "from 1 to 3660 (ten years)"),
        ("notice_days", machines.notice_days, 0..=365, "at most 365"),
        ("unowned_days", machines.unowned_days, 0..=365, "at most 365"),
        ("prepare_days", lifecycle.prepare_days, 0..=365, "at most 365"),
        ("leaver_grace_days", lifecycle.leaver_grace_days, 0..=365, "at most 365"),
        ("mover_grace_days", lifecycle.mover_grace_days, 0..=365, "at most 365"),
        ("archive_days", lifecycle.archive_days, 1..=3660, "from 1 to 3660 (ten years)"),
    ] {
        if !range.contains(&days) {
            return Err(PolicyError::OutOfRange { setting, given: days.to_string(), wanted });
        }
    }
    if !(0.0..=1.0).contains(&share) {
        return Err(PolicyError::OutOfRange {
            setting: "max_leavers_share",
            given: share.to_string(),
            wanted: "from 0 to 1",
        });
    }
    Ok(())
}
