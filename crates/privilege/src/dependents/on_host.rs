//! Visits of Tenure's own to hosts with dependents: one log-in for all files of a host. What goes wrong at a host is an
//! answer about its files; only what goes wrong here ends the work.

use super::events::{self, Purpose};
use super::{Dependent, DependentError, Line, Rehearsal, Values};
use crate::accounts::{AccountError, Managed};
use crate::sessions::Node;
use crate::targets::{self, route};
use crate::visits::{self, VisitError};
use connectors::ConnectorError;
use connectors::linux::HostSession;
use connectors::linux::dependents as host;
use ledger::Ctx;
use std::collections::BTreeMap;
use types::Secret;

const NOT_KEPT: &str =
    "the password that it held is not kept any more: look again by `tenure accounts dependents find`";

/// Logs in to a host. The visit leaves evidence before it begins.
pub(super) async fn enter(
    ctx: &Ctx,
    node: &Node,
    account: &Managed,
    on: &str,
    purpose: Purpose,
) -> Result<HostSession, DependentError> {
    let target = targets::get(ctx, on).await?;
    let route = route::find(&target, node.source_address).await?;
    let login = &target.discovery_login;
    let mut tx = ctx.decide().await?;
    let why = format!("tenure dependents of {}", account.name());
    let visit = visits::prepare(ctx, &mut tx, &target, login, why, route.from).await?;
    tx.also(events::host_visited(&account.id, &target, route.from, visit.account(), purpose));
    tx.commit().await?;
    Ok(visit.connect(&route.to.to_string(), &target, login).await?)
}

/// What an error says of a host; an error of our own is none.
fn about_the_host(error: DependentError) -> Result<String, AccountError> {
    match error {
        DependentError::Db(error) | DependentError::Visit(VisitError::Db(error)) => Err(error.into()),
        DependentError::Ledger(error) | DependentError::Visit(VisitError::Ledger(error)) => Err(error.into()),
        error => Ok(error.to_string()),
    }
}

/// The session, or why there is none.
async fn enter_or_say(
    ctx: &Ctx,
    node: &Node,
    account: &Managed,
    on: &str,
    purpose: Purpose,
) -> Result<Result<HostSession, String>, AccountError> {
    match enter(ctx, node, account, on, purpose).await {
        Ok(session) => Ok(Ok(session)),
        Err(error) => about_the_host(error).map(Err),
    }
}

pub(super) fn by_host(dependents: Vec<Dependent>) -> BTreeMap<String, Vec<Dependent>> {
    let mut hosts: BTreeMap<String, Vec<Dependent>> = BTreeMap::new();
    for dependent in dependents {
        hosts.entry(dependent.host.clone()).or_default().push(dependent);
    }
    hosts
}

/// Whether each could be given another password of these characters. Changes nothing.
pub(crate) async fn rehearse(
    ctx: &Ctx,
    node: &Node,
    account: &Managed,
    dependents: Vec<Dependent>,
    values: &Values,
    characters: &str,
) -> Result<Vec<Rehearsal>, AccountError> {
    let mut rehearsals = Vec::with_capacity(dependents.len());
    for (on, dependents) in by_host(dependents) {
        let session = enter_or_say(ctx, node, account, &on, Purpose::DryRun).await?;
        for dependent in dependents {
            let answer = match &session {
                Ok(session) => rehearse_one(session, &dependent, values, characters).await,
                Err(problem) => Err(problem.clone()),
            };
            let (lines, problem) = match answer {
                Ok(lines) => (lines, None),
                Err(problem) => (Vec::new(), Some(without(values, problem))),
            };
            rehearsals.push(Rehearsal { dependent, lines, problem });
        }
        if let Ok(session) = session {
            session.close().await;
        }
    }
    Ok(rehearsals)
}

/// Whichever of the versions that it may hold stands there.
async fn rehearse_one(
    session: &HostSession,
    dependent: &Dependent,
    values: &Values,
    characters: &str,
) -> Result<Vec<Line>, String> {
    let mut problem = NOT_KEPT.to_owned();
    for value in dependent.may_hold().filter_map(|version| values.get(&version)) {
        match host::rehearse(session, &dependent.file, value, characters).await {
            Ok(lines) => return Ok(lines),
            Err(error) => problem = error.to_string(),
        }
    }
    Err(problem)
}

/// A dependent, and why it could not be given a version.
pub(super) type Answer = (Dependent, Result<(), String>);

/// Gives the dependents on a host a version.
pub(super) async fn update_on(
    ctx: &Ctx,
    node: &Node,
    account: &Managed,
    on: &str,
    dependents: Vec<Dependent>,
    values: &Values,
    version: u32,
) -> Result<Vec<Answer>, AccountError> {
    let session = enter_or_say(ctx, node, account, on, Purpose::Update).await?;
    let mut answers = Vec::with_capacity(dependents.len());
    for dependent in dependents {
        let answer = match &session {
            Ok(session) => update_one(session, &dependent, values, version).await,
            Err(problem) => Err(problem.clone()),
        };
        answers.push((dependent, answer.map_err(|problem| without(values, problem))));
    }
    if let Ok(session) = session {
        session.close().await;
    }
    Ok(answers)
}

/// May be done twice: what holds the version already is only looked at, and its unit restarted.
async fn update_one(session: &HostSession, dependent: &Dependent, values: &Values, version: u32) -> Result<(), String> {
    let new = values.get(&version).ok_or(NOT_KEPT)?;
    let replaced = replace(session, dependent, values, new, version).await;
    replaced.map_err(|error| error.to_string())?;
    let said = |error: ConnectorError| error.to_string();
    if !host::holds(session, &dependent.file, new).await.map_err(said)? {
        return Err(format!(
            "`{}` holds neither the old password nor the new one: remove it, or look again",
            dependent.file
        ));
    }
    match dependent.restarts() {
        Some(unit) => host::restart_unit(session, unit).await.map_err(said),
        None => Ok(()),
    }
}

async fn replace(
    session: &HostSession,
    dependent: &Dependent,
    values: &Values,
    new: &Secret<String>,
    version: u32,
) -> Result<(), ConnectorError> {
    let others = dependent.may_hold().filter(|held| *held != version).filter_map(|held| values.get(&held));
    // One that was brought back is the same under a new number.
    for old in others.filter(|old| old.expose() != new.expose()) {
        if host::holds(session, &dependent.file, old).await? {
            host::replace_value(session, &dependent.file, old, new).await?;
        }
    }
    Ok(())
}

/// What a host printed is kept and shown, so not when it repeats a password.
fn without(values: &Values, problem: String) -> String {
    if values.values().any(|value| problem.contains(value.expose().as_str())) {
        "the host's answer holds a password, and is not shown".to_owned()
    } else {
        problem
    }
}
