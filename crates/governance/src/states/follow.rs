//! What follows from a change of state, in the transaction that records it. Privileged access goes first.

use super::{State, StateError};
use crate::assignments::{self, Follows};
use crate::identities::Identity;
use crate::lifecycle::{self, Event};
use crate::roles::Catalogue;
use crate::{imports, machines, reconciliation, requests};
use authn::accounts::{self, AccountError};
use grants::EndCause;
use ledger::{Ctx, Write};

/// Takes away what the settled state of `person` does not allow any more. Gives nothing back.
pub(crate) async fn follow(
    ctx: &Ctx,
    tx: &mut Write,
    was: &State,
    person: &Identity,
    catalogue: &Catalogue,
    event: Event<'_>,
) -> Result<(), StateError> {
    let is = person.outlook.settled();
    assignments::rederive(ctx, tx, &[person], catalogue, Follows::Record).await?;
    reconciliation::mark(tx, [&person.id]).await?;
    match (was.has_left(), is.has_left()) {
        (true, true) => return Ok(()),
        (false, true) => return Ok(lifecycle::begin(ctx, tx, &person.id, event).await.map(drop)?),
        (true, false) => lifecycle::cancel(ctx, tx, &person.id).await?,
        (false, false) => {}
    }
    if is.is_shut_out() {
        shut_out(ctx, tx, person).await?;
    } else {
        withdraw_unearned(ctx, tx, person, catalogue).await?;
    }
    Ok(machines::withdraw_unearned(ctx, tx, person, catalogue).await.map_err(Box::new)?)
}

/// Somebody who may come back holds nothing, waits for nothing and proves nothing meanwhile.
async fn shut_out(ctx: &Ctx, tx: &mut Write, person: &Identity) -> Result<(), StateError> {
    let reason = "the holder is suspended";
    grants::issue::withdraw_all(ctx, tx, &person.id, EndCause::Ineligible, reason).await?;
    requests::cancel_all_of(ctx, tx, &person.id, "the person is suspended").await.map_err(Box::new)?;
    match accounts::disable(tx, &person.id).await {
        Ok(()) | Err(AccountError::NotFound(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Ends grants on logins for which no role makes the person eligible any more.
pub(crate) async fn withdraw_unearned(
    ctx: &Ctx,
    tx: &mut Write,
    person: &Identity,
    catalogue: &Catalogue,
) -> Result<(), StateError> {
    let now = tx.now();
    let open = grants::not_ended_of(tx, &person.id).await?;
    if open.is_empty() {
        return Ok(());
    }
    let eligible = catalogue.eligibility(person, now);
    let reason = match person.outlook.settled() {
        State::Active => "the HR record changed, and no role makes the holder eligible any more".to_owned(),
        other => format!("the holder {}", other.standing()),
    };
    for grant in open.into_iter().filter(|grant| !grant.window.has_ended(now)) {
        if !eligible.iter().any(|offer| offer.system == grant.target && offer.login == grant.login) {
            grants::issue::withdraw(ctx, tx, &grant.id, EndCause::Ineligible, &reason).await?;
        }
    }
    Ok(())
}

/// Lets somebody sign in again who was shut out. Grants and credentials do not come back.
pub(super) async fn let_in(ctx: &Ctx, tx: &mut Write, person: &Identity) -> Result<(), StateError> {
    match accounts::enable(tx, &person.id).await {
        Ok(()) => Ok(()),
        Err(AccountError::NotFound(_) | AccountError::NameTaken(_)) => {
            Ok(imports::give_account_later(ctx, tx, vec![person.id.clone()]).await?)
        }
        Err(error) => Err(error.into()),
    }
}
