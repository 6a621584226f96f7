//! Reads systems: every account, entitlement and membership, a page at a time. Only a listing that came to its end says that
//! something is missing.

mod events;

pub use events::KINDS;

use crate::fulfilment::{self, FulfilmentError, Reach};
use crate::sessions::Node;
use connectors::ConnectorError;
use connectors::connector::{
    Connector, Entitlement, EntitlementKind, Member, Membership, NativeId, PAGE_OBJECTS, Page, Part, Unread,
};
use connectors::listing;
use db::DbError;
use db::jobs::{JobError, NewJob};
use futures::StreamExt;
use ledger::{Ctx, Write};
use provisioning::inventory;
use provisioning::observe::{self, Outcome, Reading, Scope};
use provisioning::{ObservedEntitlement, ProvisioningError};
use std::pin::pin;
use std::time::Duration;
use types::{Failure, JobId};

pub(crate) const KIND: &str = "privilege.read_system";

/// How often a system is read that was read once.
pub const READ_EVERY: Duration = Duration::from_secs(3600);

/// Has a system read now, and from then on by itself.
///
/// # Errors
/// `Account` when there is no such system, or the vault has no password for its admin login.
pub async fn read(ctx: &Ctx, system: &str) -> Result<(), FulfilmentError> {
    fulfilment::check(ctx, system).await?;
    let mut tx = ctx.record(events::ordered(system)).await?;
    enqueue(&mut tx, system).await?;
    Ok(tx.commit().await?)
}

/// A system that was read is seen otherwise from now on: it is read at once, so that it is known what that takes away.
pub(crate) async fn again(tx: &mut Write, system: &str) -> Result<(), ProvisioningError> {
    match provisioning::inventory::system(tx, system).await? {
        Some(_) => Ok(enqueue(tx, system).await?),
        None => Ok(()),
    }
}

async fn enqueue(tx: &mut Write, system: &str) -> Result<(), DbError> {
    let ctx = tx.ctx();
    let (id, due_at) = (JobId::new(ctx.clock(), ctx.chance()), tx.now());
    let job = NewJob { kind: KIND, key: system.to_owned(), payload: String::new(), due_at, max_attempts: None };
    tx.enqueue(&id, &job).await
}

/// Reads a system to its end, and says when it is to be read again.
pub(crate) async fn run(ctx: &Ctx, node: &Node, system: &str) -> Result<(), JobError> {
    let opened = match fulfilment::open(ctx, node, system).await {
        Ok(opened) => opened,
        Err(error) => return Err(fulfilment::away(ctx, system, &error).await),
    };
    let outcome = match &opened.reach {
        Reach::System(connector) => whole(ctx, (system, opened.kind), &opened.view, connector.as_ref()).await,
        Reach::Person { entitlements } => declared(ctx, system, opened.kind, entitlements).await,
    };
    match outcome {
        Ok(_) => Err(JobError::RetryAt(ctx.now().plus(READ_EVERY))),
        Err(error @ FulfilmentError::Provisioning(ProvisioningError::Stale(_))) => {
            Err(JobError::Retry(error.to_string()))
        }
        Err(error) => {
            let told = observe::broken(ctx, system, opened.kind, error.code(), &error.to_string()).await;
            told.map_err(|error| JobError::Retry(error.to_string()))?;
            Err(fulfilment::away(ctx, system, &error).await)
        }
    }
}

/// # Errors
/// When it was not read to its end: then nothing is concluded from what was not seen.
pub(crate) async fn whole(
    ctx: &Ctx,
    (system, kind): (&str, &'static str),
    view: &str,
    connector: &dyn Connector,
) -> Result<Outcome, FulfilmentError> {
    let mut reading = Reading::through(ctx, (system, kind), Scope::Whole, view).await?;
    let mut pages = pin!(listing::checked(system.to_owned(), connector.list()));
    while let Some(page) = pages.next().await {
        match page? {
            Page::Part(part) => reading.page(ctx, &part).await?,
            Page::Unread(unread) => {
                for part in as_before(ctx, system, unread).await? {
                    reading.page(ctx, &part).await?;
                }
            }
            Page::End => {
                let outcome = reading.end(ctx, None).await?;
                fulfilment::reached(ctx, system).await?;
                return Ok(outcome);
            }
        }
    }
    let detail = "it stopped before its end".to_owned();
    Err(ConnectorError::BrokenListing { address: system.to_owned(), detail }.into())
}

/// What accounts had when they were read last, of what could not be read now.
async fn as_before(ctx: &Ctx, system: &str, unread: Unread) -> Result<Vec<Part>, FulfilmentError> {
    let mut tx = ctx.read().await?;
    let mut parts = Vec::new();
    for id in unread.accounts {
        let Some(account) = inventory::by_native(&mut tx, system, &id.0).await? else { continue };
        let held = inventory::direct(&mut tx, &account).await?.into_iter().filter(|held| held.kind == unread.kind);
        let held: Vec<Entitlement> = held.map(as_listed).collect();
        for some in held.chunks(PAGE_OBJECTS) {
            let membership =
                |held: &Entitlement| Membership { member: Member::Account(id.clone()), entitlement: held.id.clone() };
            let memberships = some.iter().map(membership).collect();
            parts.push(Part { entitlements: some.to_vec(), memberships, ..Part::default() });
        }
    }
    Ok(parts)
}

fn as_listed(held: ObservedEntitlement) -> Entitlement {
    Entitlement { id: NativeId(held.native_id), kind: held.kind, name: held.name, privileged: held.privileged }
}

/// Of a system that only persons reach it is known what they said; what there is to hold is declared.
async fn declared(ctx: &Ctx, system: &str, kind: &'static str, names: &[String]) -> Result<Outcome, FulfilmentError> {
    let mut reading = Reading::begin(ctx, system, kind, Scope::ByHand).await?;
    let entitlement = |name: &String| Entitlement {
        id: NativeId(name.clone()),
        kind: EntitlementKind::Other,
        name: name.clone(),
        privileged: None,
    };
    for names in names.chunks(PAGE_OBJECTS) {
        let entitlements = names.iter().map(entitlement).collect();
        reading.page(ctx, &Part { entitlements, ..Part::default() }).await?;
    }
    Ok(reading.end(ctx, None).await?)
}
