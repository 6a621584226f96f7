//! Carries out what was ordered on systems: takes orders, sends them, and looks what became of them. Each system is worked
//! on by itself, so that one that is away holds up no other. Decides nothing about what is ordered.

mod error;
mod events;
mod look;
mod open;
mod send;

pub use error::FulfilmentError;
pub use events::KINDS;
pub use open::test;
pub(crate) use open::{Reach, check, open};

use crate::sessions::Node;
use crate::visits::VisitError;
use connectors::Class;
use connectors::connector::Connector;
use db::jobs::JobError;
use ledger::{Ctx, finding};
use provisioning::fulfil;
use send::Stopped;
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::time::Instant;

pub(crate) const KIND: &str = provisioning::FULFIL;

/// What was taken away and is not seen gone for longer than this needs a person's attention.
pub(crate) const GONE_WITHIN: Duration = Duration::from_secs(300);

const UNREACHABLE: &str = "system_unreachable";
const NOT_GONE: &str = "revoke_not_seen_gone";

/// Then others of its lane have their turn.
const TURN: Duration = Duration::from_secs(30);
const BATCH: u32 = 100;
/// What was sent and is not to be seen yet is looked at again after this.
const LOOK_AGAIN: Duration = Duration::from_secs(2);

/// Everything that is due on one system. Done when nothing is open there but what waits for a person.
pub(crate) async fn run(ctx: &Ctx, node: &Node, system: &str) -> Result<(), JobError> {
    fulfil::recover(ctx, system).await.map_err(again)?;
    let opened = match open(ctx, node, system).await {
        Ok(opened) => opened,
        Err(error) => return Err(away(ctx, system, &error).await),
    };
    match &opened.reach {
        Reach::Person { .. } => hand_over(ctx, system).await,
        Reach::System(hand) => match turn(ctx, node, (system, opened.kind), hand.as_ref()).await {
            Ok(over) => over,
            Err(error) => Err(away(ctx, system, &error).await),
        },
    }
}

/// Nothing of ours reaches it.
async fn hand_over(ctx: &Ctx, system: &str) -> Result<(), JobError> {
    while !fulfil::wait_for_person(ctx, system, BATCH).await.map_err(again)?.is_empty() {}
    match fulfil::next_due(ctx, system).await.map_err(again)? {
        None => Ok(()),
        Some(at) => Err(JobError::RetryAt(at.max(ctx.now().plus(LOOK_AGAIN)))),
    }
}

async fn turn(
    ctx: &Ctx,
    node: &Node,
    (system, kind): (&str, &str),
    hand: &dyn Connector,
) -> Result<Result<(), JobError>, FulfilmentError> {
    let until = Instant::now() + TURN;
    let mut looked = look::all(ctx, node, system, kind).await?;
    let mut was_reached = looked.was_reached;
    loop {
        let tasks = fulfil::take(ctx, system, BATCH).await?;
        if tasks.is_empty() {
            break;
        }
        let sent = send::all(ctx, hand, tasks).await;
        fulfil::answered(ctx, sent.answers).await?;
        match sent.stopped {
            Some(Stopped::Away(error)) => return Err(error.into()),
            Some(Stopped::Busy(until)) => return Ok(Err(JobError::RetryAt(until))),
            None => looked = look::all(ctx, node, system, kind).await?,
        }
        was_reached = true;
        if Instant::now() > until {
            return Ok(Err(JobError::RetryAt(ctx.now())));
        }
    }
    if was_reached {
        reached(ctx, system).await?;
    }
    let due = fulfil::next_due(ctx, system).await?;
    Ok(match (due, looked.trouble) {
        (None, _) => Ok(()),
        (Some(_), Some(trouble)) => Err(JobError::Retry(trouble)),
        (Some(at), None) => Err(JobError::RetryAt(at.max(ctx.now().plus(LOOK_AGAIN)))),
    })
}

/// It cannot be reached, or does not let us in: a person should know, and it is tried again.
pub(crate) async fn away(ctx: &Ctx, system: &str, error: &FulfilmentError) -> JobError {
    let is_away = match error {
        FulfilmentError::System(error) => error.class() == Class::Outage,
        FulfilmentError::Visit(VisitError::Ledger(_) | VisitError::Db(_)) => false,
        FulfilmentError::ByHand(_)
        | FulfilmentError::NoRoute(_)
        | FulfilmentError::Visit(_)
        | FulfilmentError::Described { .. }
        | FulfilmentError::Account(_) => true,
        FulfilmentError::Provisioning(_) | FulfilmentError::Ledger(_) | FulfilmentError::Db(_) => false,
    };
    if is_away {
        let detail = format!("`{system}` cannot be worked on: {error}; what is ordered there waits");
        if let Err(error) = finding::raise(ctx, UNREACHABLE, system, &detail).await {
            return again(error);
        }
    }
    again(error)
}

pub(crate) async fn reached(ctx: &Ctx, system: &str) -> Result<(), FulfilmentError> {
    Ok(finding::clear(ctx, UNREACHABLE, system).await?)
}

fn again(error: impl std::fmt::Display) -> JobError {
    JobError::Retry(error.to_string())
}

/// Raises and clears the findings about what should be gone by now.
pub(crate) async fn tell(ctx: &Ctx) -> Result<(), FulfilmentError> {
    let now = ctx.now();
    let backlog = fulfil::backlog(ctx).await?;
    let late: BTreeSet<&str> = backlog
        .iter()
        .filter(|one| one.not_gone_since.is_some_and(|since| now >= since.plus(GONE_WITHIN)))
        .map(|one| one.system.as_str())
        .collect();
    for system in &late {
        let detail = format!(
            "what was to be taken away on `{system}` is not seen gone after {} minutes: check that it can be reached and that its admin login may change it",
            GONE_WITHIN.as_secs() / 60
        );
        finding::raise(ctx, NOT_GONE, system, &detail).await?;
    }
    for open in finding::open(ctx, NOT_GONE).await? {
        if !late.contains(open.subject.as_str()) {
            finding::clear(ctx, NOT_GONE, &open.subject).await?;
        }
    }
    Ok(())
}
