//! Accounts whose name another account still has. They hold nothing up that a feed says of others: a job gives them
//! when the name is free.

use super::ImportError;
use crate::identities;
use authn::accounts::{self, AccountError};
use db::DbError;
use db::jobs::{JobError, NewJob, Worker};
use ledger::{Ctx, Write, finding};
use types::{Actor, BadId, Failure, IdentityId, JobId};

/// The kind of the job that gives somebody their account.
const JOB: &str = "imports.account";

/// The kind of finding that stands while a name is not free.
const TAKEN: &str = "account_name_taken";

pub(crate) async fn later(ctx: &Ctx, tx: &mut Write, nameless: Vec<IdentityId>) -> Result<(), DbError> {
    for identity in nameless {
        let (key, due_at) = (identity.to_string(), tx.now());
        let job = NewJob { kind: JOB, key, payload: String::new(), due_at, max_attempts: None };
        tx.enqueue(&JobId::new(ctx.clock(), ctx.chance()), &job).await?;
    }
    Ok(())
}

/// Gives somebody who works here their account under the mail address that HR knows now.
async fn give(ctx: &Ctx, identity: &IdentityId) -> Result<(), ImportError> {
    let mut tx = ctx.decide().await?;
    let Some(person) = identities::store::get(&mut tx, identity).await? else { return Ok(()) };
    let name = person.email.to_lowercase();
    let account = accounts::find(&mut tx, identity).await?;
    let given = account.is_some_and(|account| account.enabled && account.name == name);
    if given || person.outlook.settled().is_shut_out() {
        return Ok(());
    }
    accounts::ensure(&mut tx, identity, &name).await?;
    accounts::enable(&mut tx, identity).await?;
    Ok(tx.commit().await?)
}

async fn give_or_tell(ctx: &Ctx, identity: &IdentityId) -> Result<(), ImportError> {
    let given = give(ctx, identity).await;
    match &given {
        Ok(()) => finding::clear(ctx, TAKEN, identity.as_str()).await?,
        Err(ImportError::Account(AccountError::NameTaken(_))) => {
            let detail = format!(
                "`{identity}` waits for an account under their mail address: another account has that name. It is \
                 given by itself when a leaver's account is disabled; otherwise correct the address in the HR feed"
            );
            finding::raise(ctx, TAKEN, identity.as_str(), &detail).await?;
        }
        Err(_) => {}
    }
    given
}

/// Registers what gives accounts later.
pub(crate) fn handlers(worker: Worker, ctx: &Ctx) -> Worker {
    let ctx = ctx.acting_as(Actor::duty(JOB));
    worker.handle(JOB, move |job| {
        let ctx = ctx.clone();
        async move {
            let identity: IdentityId = job.key.parse().map_err(|e: BadId| JobError::Hopeless(e.to_string()))?;
            // The queue keeps what it is told, and the error's text holds a mail address.
            give_or_tell(&ctx, &identity).await.map_err(|error| JobError::Retry(error.code().to_owned()))
        }
    })
}
