//! What governance does by itself. Each duty takes no input, looks at the state, and is harmless when run twice.

use crate::assignments::{self, AssignmentError};
use crate::imports;
use crate::lifecycle::{self, LifecycleError};
use crate::machines::{self, MachineError};
use crate::requests::{self, RequestError};
use crate::scim::{self, ScimFault};
use crate::states::{self, StateError};
use db::jobs::Worker;
use grants::GrantError;
use ledger::Ctx;
use types::{Actor, Failure, Kind};

#[derive(Debug, thiserror::Error)]
pub enum DutyError {
    #[error(transparent)]
    Request(#[from] RequestError),
    #[error(transparent)]
    Lifecycle(#[from] LifecycleError),
    #[error(transparent)]
    Assignment(#[from] AssignmentError),
    #[error(transparent)]
    State(#[from] StateError),
    #[error(transparent)]
    Machine(#[from] MachineError),
    #[error(transparent)]
    Scim(#[from] ScimFault),
    #[error(transparent)]
    Grant(#[from] GrantError),
}

impl Failure for DutyError {
    fn kind(&self) -> Kind {
        match self {
            Self::Request(e) => e.kind(),
            Self::Lifecycle(e) => e.kind(),
            Self::Assignment(e) => e.kind(),
            Self::State(e) => e.kind(),
            Self::Machine(e) => e.kind(),
            Self::Scim(e) => e.kind(),
            Self::Grant(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Request(e) => e.code(),
            Self::Lifecycle(e) => e.code(),
            Self::Assignment(e) => e.code(),
            Self::State(e) => e.code(),
            Self::Machine(e) => e.code(),
            Self::Scim(e) => e.code(),
            Self::Grant(e) => e.code(),
        }
    }
}

/// What one round did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Round {
    pub grants_expired: usize,
    pub requests_expired: usize,
    pub leavers_begun: usize,
    /// Leaver cases that are not finished yet.
    pub leavers_open: usize,
    pub machines_ended: usize,
    pub assignments_ended: usize,
}

/// Does everything that is due now.
pub async fn run_once(ctx: &Ctx) -> Result<Round, DutyError> {
    let ctx = ctx.acting_as(Actor::duty("governance"));
    scim::settle_waiting(&ctx).await?;
    Ok(Round {
        grants_expired: grants::enforce::expire_due(&ctx).await?,
        leavers_begun: states::run_due(&ctx).await?,
        requests_expired: requests::expire_due(&ctx).await?,
        leavers_open: lifecycle::resume(&ctx).await?,
        machines_ended: machines::run_due(&ctx).await?,
        assignments_ended: assignments::run_due(&ctx).await?,
    })
}

/// Registers the jobs of this plane.
pub fn handlers(worker: Worker, ctx: &Ctx) -> Worker {
    assignments::handlers(imports::handlers(lifecycle::handlers(worker, ctx), ctx), ctx)
}
