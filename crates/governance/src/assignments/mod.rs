//! Roles and entitlements that people are to have, from when until when, and because of what. What grants something by
//! a role's condition is kept here too, so that who had what is a matter of rows.

mod derive;
mod error;
mod events;
mod model;
pub mod rules;
pub(crate) mod store;

pub use derive::handlers;
pub(crate) use derive::{Follows, foreseen, later, rederive};
pub use error::AssignmentError;
pub use events::KINDS;
pub use model::{Assignment, Because, EndCause, Ended, Filter, New, What};

use crate::identities::{self, Identity};
use crate::roles::{self, Entitled};
use crate::{entitlements, machines, movers, reconciliation, states};
use db::ReadTx;
use ledger::{Ctx, Write};
use std::time::Duration;
use types::{AssignmentId, IdentityId, Reason, Timestamp};

/// One may begin at most so much later.
const FURTHEST: Duration = Duration::from_secs(366 * 24 * 60 * 60);

/// Assignments whose time is over that are ended in one round.
const AT_ONCE: u32 = 500;

/// Ada gives Alice a role or an entitlement for a time.
pub async fn give(ctx: &Ctx, new: New) -> Result<Assignment, AssignmentError> {
    let mut tx = ctx.decide().await?;
    let assignment = give_in(ctx, &mut tx, new).await?;
    tx.commit().await?;
    Ok(assignment)
}

/// The same inside another decision of hers.
pub(crate) async fn give_in(ctx: &Ctx, tx: &mut Write, new: New) -> Result<Assignment, AssignmentError> {
    let by = ctx.actor().identity().ok_or(AssignmentError::NotAPerson)?.clone();
    let reason = Reason::new(&new.reason)?.as_str().to_owned();
    let now = tx.now();
    let person = existing(tx, &new.identity).await?;
    let from = new.from.unwrap_or(now);
    if by == person.id {
        return Err(AssignmentError::Own);
    }
    if person.has_left() {
        return Err(AssignmentError::NotHere(person.standing(now)));
    }
    if from < now || from > now.plus(FURTHEST) {
        return Err(AssignmentError::BadBegin);
    }
    if new.until.is_some_and(|until| until <= from) {
        return Err(AssignmentError::BadEnd);
    }
    is_known(tx, &new.what).await?;
    let open = store::open_of(tx, [&person.id]).await?.remove(&person.id).unwrap_or_default();
    if open.iter().any(|assignment| assignment.what == new.what) {
        return Err(AssignmentError::HasIt);
    }
    let assignment = Assignment {
        id: AssignmentId::new(ctx.clock(), ctx.chance()),
        identity: person.id.clone(),
        what: new.what,
        from,
        until: new.until,
        given_at: now,
        because: Because::Person { by, reason },
        ended: None,
    };
    no_conflict(tx, &person, &open, &assignment).await?;
    tx.also(events::given(&assignment));
    store::insert_all(tx, std::slice::from_ref(&assignment)).await?;
    reconciliation::mark(tx, [&assignment.identity]).await?;
    Ok(assignment)
}

async fn is_known(tx: &mut ReadTx, what: &What) -> Result<(), AssignmentError> {
    match what {
        What::Role(role) if roles::store::get(tx, role).await?.is_none() => {
            Err(AssignmentError::NoSuchRole(role.chars().take(70).collect()))
        }
        What::Entitlement(Entitled { system, entitlement }) => {
            let known = entitlements::store::get(tx, system, entitlement).await?;
            let shown = |text: &str| text.chars().take(70).collect::<String>();
            let unknown =
                || AssignmentError::NoSuchEntitlement { system: shown(system), entitlement: shown(entitlement) };
            known.map(drop).ok_or_else(unknown)
        }
        What::Role(_) => Ok(()),
    }
}

/// Whatever begins later counts too, and what is kept for a grace: two roles that conflict are never held at once.
async fn no_conflict(
    tx: &mut ReadTx,
    person: &Identity,
    open: &[Assignment],
    new: &Assignment,
) -> Result<(), AssignmentError> {
    let catalogue = roles::catalogue(tx, []).await?;
    let gifts: Vec<&Assignment> = open.iter().chain([new]).collect();
    match roles::conflict(&catalogue.within_grace(person, &gifts)) {
        Some((one, other)) => Err(AssignmentError::Conflict { one: one.to_owned(), other: other.to_owned() }),
        None => Ok(()),
    }
}

/// A person takes back what a person gave.
pub async fn end(ctx: &Ctx, id: &AssignmentId, reason: &str) -> Result<Assignment, AssignmentError> {
    let by = ctx.actor().identity().ok_or(AssignmentError::NotAPerson)?.clone();
    let reason = Reason::new(reason)?;
    let mut tx = ctx.decide().await?;
    let found = store::get(&mut tx, id).await?;
    let assignment = found.ok_or_else(|| AssignmentError::NotFound(id.clone()))?;
    if by == assignment.identity {
        return Err(AssignmentError::Own);
    }
    if assignment.ended.is_some() {
        return Err(AssignmentError::HasEnded(id.clone()));
    }
    if let (What::Role(role), Because::Condition { .. }) = (&assignment.what, &assignment.because) {
        return Err(AssignmentError::FollowsFromCondition(role.clone()));
    }
    tx.also(events::ended(&assignment, EndCause::Person, Some(reason.as_str())));
    let ended = close(ctx, &mut tx, assignment, EndCause::Person).await?;
    tx.commit().await?;
    Ok(ended)
}

/// What a conversion gave is not given any more. One that has ended already stays as it is.
pub(crate) async fn end_undone(ctx: &Ctx, tx: &mut Write, id: &AssignmentId) -> Result<(), AssignmentError> {
    let Some(assignment) = store::get(tx, id).await?.filter(|found| found.ended.is_none()) else { return Ok(()) };
    tx.also(events::ended(&assignment, EndCause::Undone, None));
    close(ctx, tx, assignment, EndCause::Undone).await?;
    Ok(())
}

/// Ends those whose time is over. Returns how many.
pub(crate) async fn run_due(ctx: &Ctx) -> Result<usize, AssignmentError> {
    let due = store::due(&mut ctx.read().await?, ctx.now(), AT_ONCE).await?;
    for seen in &due {
        let mut tx = ctx.decide().await?;
        let now = tx.now();
        let Some(assignment) = store::get(&mut tx, &seen.id).await? else { continue };
        if assignment.ended.is_some() || !assignment.is_over(now) {
            continue;
        }
        tx.also(events::ended(&assignment, EndCause::Over, None));
        close(ctx, &mut tx, assignment, EndCause::Over).await?;
        tx.commit().await?;
    }
    Ok(due.len())
}

/// With what followed from it: grants that are not earned any more. The role may follow from its condition now.
async fn close(
    ctx: &Ctx,
    tx: &mut Write,
    assignment: Assignment,
    cause: EndCause,
) -> Result<Assignment, AssignmentError> {
    let ended = Ended { at: tx.now(), cause };
    store::end_all(tx, &[&assignment.id], ended).await?;
    let person = existing(tx, &assignment.identity).await?;
    movers::settle(tx, &person.id).await?;
    let catalogue = roles::catalogue(tx, [&person.id]).await?;
    rederive(ctx, tx, &[&person], &catalogue, Follows::Other).await?;
    reconciliation::mark(tx, [&person.id]).await?;
    states::withdraw_unearned(ctx, tx, &person, &catalogue).await.map_err(Box::new)?;
    let of_machines = machines::withdraw_unearned(ctx, tx, &person, &catalogue).await;
    of_machines.map_err(|error| Box::new(states::StateError::Machine(Box::new(error))))?;
    Ok(Assignment { ended: Some(ended), ..assignment })
}

pub async fn get(ctx: &Ctx, id: &AssignmentId) -> Result<Assignment, AssignmentError> {
    let found = store::get(&mut ctx.read().await?, id).await?;
    found.ok_or_else(|| AssignmentError::NotFound(id.clone()))
}

/// Oldest first.
pub async fn list(ctx: &Ctx, filter: &Filter) -> Result<Vec<Assignment>, AssignmentError> {
    Ok(store::list(&mut ctx.read().await?, filter).await?)
}

/// What somebody is entitled to at this moment by what they were given and by their roles, each with its assignment.
pub async fn entitled(ctx: &Ctx, id: &IdentityId) -> Result<Vec<(Entitled, Assignment)>, AssignmentError> {
    let mut tx = ctx.read().await?;
    let person = existing(&mut tx, id).await?;
    let open = store::open_of(&mut tx, [id]).await?.remove(id).unwrap_or_default();
    let catalogue = roles::catalogue(&mut tx, []).await?;
    let now: Timestamp = ctx.now();
    if !rules::keeps(person.outlook.at(now)) {
        return Ok(Vec::new());
    }
    let all = rules::entitled(&open, |role| catalogue.grants_of(role), now);
    Ok(all.into_iter().map(|(entitled, assignment)| (entitled, assignment.clone())).collect())
}

async fn existing(tx: &mut ReadTx, id: &IdentityId) -> Result<Identity, AssignmentError> {
    let found = identities::store::get(tx, id).await?;
    found.ok_or_else(|| AssignmentError::NoSuchIdentity(id.clone()))
}
