//! What governance does by itself. Each duty takes no input, looks at the state, and is harmless when run twice.

use crate::account_links::{self, AccountLinkError};
use crate::assignments::{self, AssignmentError};
use crate::conversions::{self, ConversionError};
use crate::imports;
use crate::lifecycle::{self, LifecycleError};
use crate::machines::{self, MachineError};
use crate::plans::PlanError;
use crate::reconciliation;
use crate::requests::{self, RequestError};
use crate::scim::{self, ScimFault};
use crate::simulations::{self, SimulationError};
use crate::sources::{self, SourceError};
use crate::states::{self, StateError};
use crate::tickets::{self, TicketError};
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
    Source(#[from] SourceError),
    #[error(transparent)]
    Ticket(#[from] TicketError),
    #[error(transparent)]
    AccountLink(#[from] AccountLinkError),
    #[error(transparent)]
    Plan(#[from] PlanError),
    #[error(transparent)]
    Conversion(#[from] ConversionError),
    #[error(transparent)]
    Simulation(#[from] SimulationError),
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
            Self::Source(e) => e.kind(),
            Self::Ticket(e) => e.kind(),
            Self::AccountLink(e) => e.kind(),
            Self::Plan(e) => e.kind(),
            Self::Conversion(e) => e.kind(),
            Self::Simulation(e) => e.kind(),
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
            Self::Source(e) => e.code(),
            Self::Ticket(e) => e.code(),
            Self::AccountLink(e) => e.code(),
            Self::Plan(e) => e.code(),
            Self::Conversion(e) => e.code(),
            Self::Simulation(e) => e.code(),
            Self::Grant(e) => e.code(),
        }
    }
}

/// Jobs that may take long, and hold up no other: a lane of their own takes them.
pub const LONG: &[&str] = &[reconciliation::KIND];

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
    pub readings_asked: usize,
    /// Conversions that went a step further.
    pub conversions_moved: usize,
    /// Simulations that nobody applied in time, deleted.
    pub simulations_forgotten: usize,
    /// Persons asked for what nothing else reaches.
    pub tickets_opened: usize,
    /// Systems whose accounts are compared with people anew.
    pub systems_to_match: usize,
    /// Systems that are compared because something changed.
    pub systems_woken: usize,
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
        readings_asked: sources::reading::ask_due(&ctx).await?,
        conversions_moved: conversions::run_due(&ctx).await?,
        simulations_forgotten: simulations::forget_old(&ctx).await?,
        tickets_opened: tickets::run_due(&ctx).await?,
        systems_to_match: account_links::order_due(&ctx).await?,
        systems_woken: reconciliation::run_due(&ctx).await?,
    })
}

/// Registers the jobs of this plane.
pub fn handlers(worker: Worker, ctx: &Ctx) -> Worker {
    let worker = scim::handlers(imports::handlers(lifecycle::handlers(worker, ctx), ctx), ctx);
    let worker = account_links::handlers(assignments::handlers(worker, ctx), ctx);
    sources::reading::handlers(reconciliation::handlers(worker, ctx), ctx)
}
