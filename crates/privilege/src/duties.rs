//! What this plane does by itself: sees ended grants gone, and says so when that takes too long.
//! Every duty looks at the state and is harmless when run twice.

use crate::accounts::{self, verify};
use crate::checkouts;
use crate::credentials::{self, revoker};
use crate::hygiene;
use crate::issuers;
use crate::leases::{LeaseError, observe};
use crate::rotation;
use crate::secrets;
use crate::sessions::{self, Node, leftovers};
use crate::silent::Silent;
use db::DbError;
use db::jobs::{self, JobError, Worker};
use grants::{Grant, State, enforce};
use ledger::{Ctx, finding};
use std::time::Duration;
use types::{Actor, LeaseId, ManagedAccountId, SessionId, Timestamp};

/// An ended grant that is not observed gone for longer than this needs a person's attention.
pub const GONE_WITHIN: Duration = Duration::from_secs(300);

/// The kinds of jobs that visit systems which may be away, in lanes: what waits in one holds up no other, and none of them
/// anything that needs no visit.
pub const LANES: [&[&str]; 4] =
    [&[revoker::KIND], &[observe::KIND, leftovers::KIND], &[rotation::run::KIND], &[verify::KIND]];

const NOT_GONE: &str = "grant_not_gone";

/// Registers what runs the jobs of this plane.
pub fn handlers(worker: Worker, ctx: &Ctx, node: &Node) -> Worker {
    let worker = sweeper(worker, ctx, node);
    let worker = rotator(verifier(worker, ctx, node), ctx, node);
    let worker = revoker(worker, ctx);
    let (ctx, node) = (ctx.acting_as(Actor::duty("privilege.observe_gone")), node.clone());
    worker.handle(observe::KIND, move |job| {
        let (ctx, node) = (ctx.clone(), node.clone());
        async move {
            let lease: LeaseId = job.key.parse().map_err(|e: types::BadId| JobError::Hopeless(e.to_string()))?;
            observe::look(&ctx, &node, &lease).await
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

/// At the start of a server: what a server that stopped was at goes on at once, and not when its claim has passed. All
/// of it may be done twice at the same time.
pub async fn recover(ctx: &Ctx) -> Result<(), DbError> {
    for kind in [observe::KIND, leftovers::KIND, verify::KIND, rotation::run::KIND, revoker::KIND] {
        jobs::release(ctx.db(), kind).await?;
    }
    Ok(())
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
    note("issuers", failed(issuers::run_once(&duty("privilege.issuers")).await));
    note("accounts", failed(accounts::duties::run_once(&duty("privilege.accounts")).await));
    note("rotation", failed(rotation::duties::run_once(&duty("privilege.rotation")).await));
    note("hygiene", failed(hygiene::run_once(&duty("privilege.hygiene")).await));
    note("secrets", failed(secrets::settle_findings(&duty("privilege.secrets")).await));
    note("settling", failed(settle(&duty("privilege.settle")).await));
    if postponed.is_empty() { Ok(()) } else { Err(Postponed(postponed)) }
}

fn failed<T, E: std::fmt::Display>(outcome: Result<T, E>) -> Option<String> {
    outcome.err().map(|error| error.to_string())
}

/// Reports ended grants of which nothing is left, and raises or clears the findings about the others.
async fn settle(ctx: &Ctx) -> Result<(), LeaseError> {
    let ended = enforce::not_gone(ctx).await?;
    let waiting = credentials::with_left(&mut ctx.read().await?, &ended).await?;
    // What of them waits to be revoked has a finding of its own.
    for grant in ended.into_iter().filter(|grant| !waiting.contains(&grant.id)) {
        let last_token = issuers::last_token_of(ctx, &grant.id).await?;
        if !observe::settle(ctx, &grant.id).await? && is_late(&grant, last_token, ctx.now()) {
            let carried = sessions::live_of(ctx, &grant.id).await?;
            let stubborn = leftovers::stubborn(ctx, &grant.id).await?;
            let known = checkouts::left_of(&mut ctx.read().await?, &grant.id).await?;
            finding::raise(ctx, NOT_GONE, grant.id.as_str(), &late_line(&grant, carried, stubborn, known)).await?;
        }
    }
    for open in finding::open(ctx, NOT_GONE).await? {
        let gone = match open.subject.parse() {
            Ok(id) => matches!(grants::get(ctx, &id).await?.state, State::Gone { .. }),
            Err(_) => false,
        };
        if gone {
            finding::clear(ctx, NOT_GONE, &open.subject).await?;
        }
    }
    Ok(())
}

/// Whether an ended grant should have been observed gone by now. A token of it dies when it expires, and not before.
pub(crate) fn is_late(grant: &Grant, last_token: Option<Timestamp>, now: Timestamp) -> bool {
    let over = |at: Timestamp| now >= at.plus(GONE_WITHIN);
    matches!(&grant.state, State::Ended(ended) if over(ended.at)) && last_token.is_none_or(over)
}

/// `carried` is a session of the grant that was never closed; `stubborn` one whose processes would not end; `known` is
/// how many checkouts saw a credential that lives on.
fn late_line(
    grant: &Grant,
    carried: Option<(SessionId, String)>,
    stubborn: Option<(SessionId, u32)>,
    known: u64,
) -> String {
    let (login, target) = (&grant.login, &grant.target);
    if let Some((session, node)) = carried {
        return format!(
            "the grant for {login} on {target} ended, but the server `{node}` that carried the session {session} never \
             closed it: start a server of that name, with its folder for recordings"
        );
    }
    if let Some((session, left)) = stubborn {
        return format!(
            "the grant for {login} on {target} ended, but processes of the session {session} that {login} may not end \
             still run there ({left} at the last visit): end them on {target} as root"
        );
    }
    if known > 0 {
        return format!(
            "the grant for {login} on {target} ended, but a credential that its holder saw is not changed yet: see \
             `tenure accounts show {login}@{target}`"
        );
    }
    format!(
        "the grant for {login} on {target} ended, but {target} was not seen to refuse its certificates: \
         check that {target} can be reached and that its clock is right"
    )
}
