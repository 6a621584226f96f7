//! Discovery: which accounts a target has and how they are privileged, as the target itself states it, over time.
//! It says what is there, not what should be.

mod events;
mod model;
mod rules;
mod store;

pub use events::KINDS;
pub use model::{Account, Report};

use crate::sessions::Node;
use crate::targets::{self, NoRoute, Target, TargetError, route};
use crate::visits::{self, VisitError};
use connectors::ConnectorError;
use connectors::linux::{self, Discovery};
use db::DbError;
use ledger::{Ctx, LedgerError};
use types::{AccountId, Failure, Kind};

#[derive(Debug, thiserror::Error)]
pub enum DiscoveryError {
    #[error(transparent)]
    Target(#[from] TargetError),
    #[error(transparent)]
    NoRoute(#[from] NoRoute),
    #[error(transparent)]
    Host(#[from] ConnectorError),
    #[error(transparent)]
    Visit(#[from] VisitError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Failure for DiscoveryError {
    fn kind(&self) -> Kind {
        match self {
            Self::Target(e) => e.kind(),
            Self::NoRoute(_) => Kind::Unavailable,
            Self::Host(e) => e.kind(),
            Self::Visit(e) => e.kind(),
            Self::Ledger(e) => e.kind(),
            Self::Db(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Target(e) => e.code(),
            Self::NoRoute(_) => "no_route",
            Self::Host(e) => e.code(),
            Self::Visit(e) => e.code(),
            Self::Ledger(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}

/// Asks a target for its accounts and keeps what it says. The visit leaves evidence before it begins.
pub async fn discover(ctx: &Ctx, node: &Node, name: &str) -> Result<Report, DiscoveryError> {
    let target = targets::get(ctx, name).await?;
    let discovery = visit(ctx, node, &target).await?;
    keep(ctx, &target, discovery).await
}

/// Accounts of a target that are there now, by login.
pub async fn accounts(ctx: &Ctx, target: &str) -> Result<Vec<Account>, DiscoveryError> {
    let target = targets::get(ctx, target).await?;
    Ok(store::present(&mut ctx.read().await?, &target.name).await?)
}

async fn visit(ctx: &Ctx, node: &Node, target: &Target) -> Result<Discovery, DiscoveryError> {
    let route = route::find(target, node.source_address).await?;
    let (address, login) = (route.to.to_string(), &target.discovery_login);
    let mut tx = ctx.decide().await?;
    let why = format!("tenure discovery of {}", target.name);
    let visit = visits::prepare(ctx, &mut tx, target, login, why, route.from).await?;
    tx.also(events::started(target, route.from, visit.account()));
    tx.commit().await?;
    let host = visit.connect(&address, target, login).await?;
    let discovery = linux::discover(&host, ctx.now()).await;
    host.close().await;
    Ok(discovery?)
}

async fn keep(ctx: &Ctx, target: &Target, discovery: Discovery) -> Result<Report, DiscoveryError> {
    let mut tx = ctx.decide().await?;
    let now = tx.now();
    let before = store::present(&mut tx, &target.name).await?;
    let difference = rules::compare(&before, &discovery.accounts);
    let login = |found: &connectors::linux::FoundAccount| found.login.clone();
    let report = Report {
        target: target.name.clone(),
        appeared: difference.appeared.iter().map(|found| login(found)).collect(),
        changed: difference.changed(),
        gone: difference.gone.iter().map(|account| login(&account.facts)).collect(),
        accounts: discovery.accounts.clone(),
        gaps: discovery.gaps,
    };
    tx.also(events::found(&report));
    for found in difference.appeared {
        let id = AccountId::new(ctx.clock(), ctx.chance());
        let (target, facts) = (target.name.clone(), found.clone());
        let account = Account { id, target, facts, first_seen: now, last_seen: now, gone_at: None };
        store::insert(&mut tx, &account).await?;
    }
    for (account, facts) in difference.seen {
        store::update_seen(&mut tx, &account.id, facts, now).await?;
    }
    for account in difference.gone {
        store::update_gone(&mut tx, &account.id, now).await?;
    }
    tx.commit().await?;
    Ok(report)
}
