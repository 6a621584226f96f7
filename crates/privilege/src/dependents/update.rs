//! Giving every kept dependent the version that its account has now, within a run of a rotation. What was begun is noted
//! before a host is touched, and what was seen to be done afterwards, so that the next run goes on from there.

use super::on_host::{self, Answer};
use super::{Dependent, Values, events, store};
use crate::accounts::{self, AccountError, Managed};
use crate::sessions::Node;
use db::ReadTx;
use ledger::Ctx;

/// What is left to do after an update.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Updated {
    All,
    /// Why some do not hold the version, one line each.
    Not(Vec<String>),
    /// Another run has taken over.
    Overtaken,
}

/// `account` as the run has left it: a run that was overtaken writes nothing.
pub(crate) async fn update(
    ctx: &Ctx,
    node: &Node,
    account: &Managed,
    values: &Values,
    version: u32,
) -> Result<Updated, AccountError> {
    let mut tx = ctx.decide().await?;
    let kept = store::kept_of(&mut tx, &account.id).await?;
    let behind: Vec<Dependent> = kept.into_iter().filter(|dependent| dependent.needs(version)).collect();
    if behind.is_empty() {
        return Ok(Updated::All);
    }
    if !still_counts(&mut tx, account).await? {
        return Ok(Updated::Overtaken);
    }
    for dependent in &behind {
        store::update_writing(&mut tx, &dependent.id, version).await?;
    }
    tx.also(events::updating(&account.id, version, &behind));
    tx.commit().await?;
    let mut failed = Vec::new();
    for (on, dependents) in on_host::by_host(behind) {
        let answers = on_host::update_on(ctx, node, account, &on, dependents, values, version).await?;
        failed.extend(answers.iter().filter_map(|(dependent, answer)| {
            answer.as_ref().err().map(|problem| format!("{}: {problem}", dependent.host))
        }));
        if !note(ctx, account, version, &answers).await? {
            return Ok(Updated::Overtaken);
        }
    }
    Ok(if failed.is_empty() { Updated::All } else { Updated::Not(failed) })
}

/// Says whether this run still counts.
async fn note(ctx: &Ctx, account: &Managed, version: u32, answers: &[Answer]) -> Result<bool, AccountError> {
    let mut tx = ctx.decide().await?;
    let now = tx.now();
    if !still_counts(&mut tx, account).await? {
        return Ok(false);
    }
    for (dependent, answer) in answers {
        match answer {
            Ok(()) => {
                store::update_held(&mut tx, &dependent.id, version, now).await?;
                tx.also(events::updated(dependent, version));
            }
            Err(problem) => {
                store::update_error(&mut tx, &dependent.id, problem).await?;
                tx.also(events::not_updated(dependent, version));
            }
        }
    }
    tx.commit().await?;
    Ok(true)
}

async fn still_counts(tx: &mut ReadTx, account: &Managed) -> Result<bool, AccountError> {
    let now = accounts::find(tx, &account.id).await?;
    Ok(now.fence == account.fence && now.is_managed())
}
