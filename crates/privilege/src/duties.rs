//! What this plane does by itself: sees ended grants gone, and says so when that takes too long.
//! Every duty looks at the state and is harmless when run twice.

use crate::accounts::{self, verify};
use crate::checkouts;
use crate::credentials::{self, revoker};
use crate::feeds;
use crate::fulfilment;
use crate::gone;
use crate::hygiene;
use crate::inventory;
use crate::issuers;
use crate::leases::observe;
use crate::memberships;
use crate::ownership;
use crate::rotation;
use crate::secrets;
use crate::sessions::{Node, leftovers};
use crate::silent::Silent;
use db::jobs::{JobError, Worker};
use ledger::Ctx;
use types::{Actor, LeaseId, ManagedAccountId, SessionId};

/// Jobs that visit systems which may be away: what waits in one lane holds up no other, and none of them anything that needs
/// no visit.
#[derive(Debug, Clone, Copy)]
pub struct Lane {
    pub kinds: &'static [&'static str],
    /// What one worker of it runs at the same time.
    pub at_once: usize,
}

/// Of readings and of carrying out, one system at a time is worked on by whoever has its job: many wait together.
pub const LANES: [Lane; 7] = [
    Lane { kinds: &[revoker::KIND], at_once: 1 },
    Lane { kinds: &[observe::KIND, leftovers::KIND], at_once: 1 },
    Lane { kinds: &[rotation::run::KIND], at_once: 1 },
    Lane { kinds: &[verify::KIND], at_once: 1 },
    Lane { kinds: &[fulfilment::KIND], at_once: 16 },
    Lane { kinds: &[inventory::KIND], at_once: 4 },
    Lane { kinds: &[feeds::KIND], at_once: 4 },
];

/// Every kind of them.
pub fn visits() -> Vec<&'static str> {
    LANES.iter().flat_map(|lane| lane.kinds).copied().collect()
}

/// Registers what runs the jobs of this plane.
pub fn handlers(worker: Worker, ctx: &Ctx, node: &Node) -> Worker {
    let worker = sweeper(worker, ctx, node);
    let worker = rotator(verifier(worker, ctx, node), ctx, node);
    let worker = reader(fulfiller(revoker(worker, ctx), ctx, node), ctx, node);
    let worker = feeder(worker, ctx, node);
    let (ctx, node) = (ctx.acting_as(Actor::duty("privilege.observe_gone")), node.clone());
    worker.handle(observe::KIND, move |job| {
        let (ctx, node) = (ctx.clone(), node.clone());
        async move {
            let lease: LeaseId = job.key.parse().map_err(|e: types::BadId| JobError::Hopeless(e.to_string()))?;
            let grant = observe::look(&ctx, &node, &lease).await?;
            gone::look(&ctx, &grant).await.map_err(|e| JobError::Retry(e.to_string()))
        }
    })
}

fn sweeper(worker: Worker, ctx: &Ctx, node: &Node) -> Worker {
    let (ctx, node) = (ctx.acting_as(Actor::duty("privilege.sweep")), node.clone());
    worker.handle(leftovers::KIND, move |job| {
        let (ctx, node) = (ctx.clone(), node.clone());
        async move {
            let session: SessionId = job.key.parse().map_err(|e: types::BadId| JobError::Hopeless(e.to_string()))?;
            leftovers::sweep(&ctx, &node, &session).await
        }
    })
}

fn verifier(worker: Worker, ctx: &Ctx, node: &Node) -> Worker {
    let (ctx, node) = (ctx.acting_as(Actor::duty("privilege.verify_account")), node.clone());
    worker.handle(verify::KIND, move |job| {
        let (ctx, node) = (ctx.clone(), node.clone());
        async move {
            let id = job.key.parse().map_err(|e: types::BadId| JobError::Hopeless(e.to_string()))?;
            visit(&ctx, &node.silent, &id, verify::run(&ctx, &node, &id)).await
        }
    })
}

fn rotator(worker: Worker, ctx: &Ctx, node: &Node) -> Worker {
    let (ctx, node) = (ctx.acting_as(Actor::duty("privilege.rotate")), node.clone());
    worker.handle(rotation::run::KIND, move |job| {
        let (ctx, node) = (ctx.clone(), node.clone());
        async move {
            let id = job.key.parse().map_err(|e: types::BadId| JobError::Hopeless(e.to_string()))?;
            visit(&ctx, &node.silent, &id, rotation::run::run(&ctx, &node, &id)).await
        }
    })
}

/// Goes to the system of an account, unless that lets everybody wait at the moment.
async fn visit(
    ctx: &Ctx,
    silent: &Silent,
    id: &ManagedAccountId,
    visit: impl Future<Output = Result<(), JobError>>,
) -> Result<(), JobError> {
    match accounts::get(ctx, id).await {
        Ok(account) => silent.visit(ctx.clock(), &account.target, visit).await,
        // Whoever works on it says what is wrong with it.
        Err(_) => visit.await,
    }
}

fn revoker(worker: Worker, ctx: &Ctx) -> Worker {
    let ctx = ctx.acting_as(Actor::duty("privilege.revoke"));
    worker.handle(revoker::KIND, move |job| {
        let ctx = ctx.clone();
        async move { revoker::run(&ctx, &job.key, &job.payload).await }
    })
}

fn fulfiller(worker: Worker, ctx: &Ctx, node: &Node) -> Worker {
    let (ctx, node) = (ctx.acting_as(Actor::duty("privilege.fulfil")), node.clone());
    worker.handle(fulfilment::KIND, move |job| {
        let (ctx, node) = (ctx.clone(), node.clone());
        async move { fulfilment::run(&ctx, &node, &job.key).await }
    })
}

fn reader(worker: Worker, ctx: &Ctx, node: &Node) -> Worker {
    let (ctx, node) = (ctx.acting_as(Actor::duty("privilege.read_system")), node.clone());
    worker.handle(inventory::KIND, move |job| {
        let (ctx, node) = (ctx.clone(), node.clone());
        async move { inventory::run(&ctx, &node, &job.key).await }
    })
}

fn feeder(worker: Worker, ctx: &Ctx, node: &Node) -> Worker {
    let (ctx, node) = (ctx.acting_as(Actor::duty(feeds::KIND)), node.clone());
    worker.handle(feeds::KIND, move |job| {
        let (ctx, node) = (ctx.clone(), node.clone());
        async move { feeds::run(&ctx, &node, &job.key).await }
    })
}

/// Duties that could not be done this time, and why. They are done again soon.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.join("; "))]
pub struct Postponed(Vec<String>);

/// Everything that is due now. What hangs on ended grants comes first; a duty that fails holds no other up.
pub async fn run_once(ctx: &Ctx) -> Result<(), Postponed> {
    let duty = |name: &'static str| ctx.acting_as(Actor::duty(name));
    let mut postponed = Vec::new();
    let mut note = |name: &str, error: Option<String>| postponed.extend(error.map(|e| format!("{name}: {e}")));
    note("credentials", failed(credentials::run_due(&duty("privilege.credentials")).await));
    note("checkouts", failed(checkouts::run_once(&duty("privilege.checkouts")).await));
    note("memberships", failed(memberships::run_once(&duty("privilege.memberships")).await));
    note("issuers", failed(issuers::run_once(&duty("privilege.issuers")).await));
    note("accounts", failed(accounts::duties::run_once(&duty("privilege.accounts")).await));
    note("rotation", failed(rotation::duties::run_once(&duty("privilege.rotation")).await));
    note("hygiene", failed(hygiene::run_once(&duty("privilege.hygiene")).await));
    note("secrets", failed(secrets::settle_findings(&duty("privilege.secrets")).await));
    note("ownership", failed(ownership::run_once(&duty("privilege.ownership")).await));
    note("fulfilment", failed(fulfilment::tell(&duty("privilege.fulfilment")).await));
    note("settling", failed(gone::run_once(&duty("privilege.settle")).await));
    if postponed.is_empty() { Ok(()) } else { Err(Postponed(postponed)) }
}

fn failed<T, E: std::fmt::Display>(outcome: Result<T, E>) -> Option<String> {
    outcome.err().map(|error| error.to_string())
}
