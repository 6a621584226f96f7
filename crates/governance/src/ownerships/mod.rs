//! What leavers owned: each thing gets another owner, or a date on which it ends. A leaver's case waits until none is
//! without either.

mod error;
mod events;
mod known;
mod model;
mod rules;
pub(crate) mod store;
mod things;

pub use error::OwnershipError;
pub use events::KINDS;
pub use known::KNOWN_TO_LEAVER;
pub use model::{Filter, Kind, Ownership, State, Thing};

use crate::identities::{self, Identity};
use authn::accounts;
use db::{DbError, ReadTx};
use ledger::{Ctx, Write, finding};
use rules::{Act, Heir};
use std::collections::BTreeSet;
use types::{CaseId, IdentityId, OwnershipId, Reason, Timestamp};

/// The finding while nobody answers for what a leaver owned.
pub const OWNED_BY_NOBODY: &str = "owned_by_nobody";

/// Finds an owner for everything of a leaver, as part of their case. Returns how much changed.
pub(crate) async fn settle(
    ctx: &Ctx,
    tx: &mut Write,
    case: &CaseId,
    leaver: &Identity,
) -> Result<usize, OwnershipError> {
    let known = store::of_case(tx, case).await?;
    let now = tx.now();
    let acts = planned(tx, &known, leaver, now).await?;
    let changed = acts.len();
    for act in acts {
        carry_out(ctx, tx, (case, leaver), &known, act).await?;
    }
    Ok(changed)
}

/// Whether that would change something now.
pub(crate) async fn is_due(
    tx: &mut ReadTx,
    case: &CaseId,
    leaver: &Identity,
    now: Timestamp,
) -> Result<bool, OwnershipError> {
    let known = store::of_case(tx, case).await?;
    Ok(!planned(tx, &known, leaver, now).await?.is_empty())
}

/// Since when everything that a leaver owned has an owner or an end; `None` while something has neither.
pub(crate) async fn settled(
    tx: &mut ReadTx,
    case: &CaseId,
    leaver: &Identity,
    now: Timestamp,
) -> Result<Option<Option<Timestamp>>, OwnershipError> {
    let known = store::of_case(tx, case).await?;
    let waits = known.iter().any(|one| one.state == State::Unowned)
        || things::is_being_given_away(tx, &leaver.id).await?
        || !planned(tx, &known, leaver, now).await?.is_empty();
    Ok((!waits).then(|| known.iter().filter_map(|one| one.state.settled_at()).max()))
}

async fn planned(
    tx: &mut ReadTx,
    known: &[Ownership],
    leaver: &Identity,
    now: Timestamp,
) -> Result<Vec<Act>, OwnershipError> {
    let found = things::of(tx, &leaver.id).await?;
    if found.is_empty() && known.iter().all(|one| one.state != State::Unowned) {
        return Ok(Vec::new());
    }
    let heir = heir(tx, leaver, now).await?;
    Ok(rules::plan(&found, known, heir.as_ref()))
}

/// Sees to shared accounts whose credential somebody who left may know.
pub(crate) async fn follow_known(ctx: &Ctx) -> Result<(), OwnershipError> {
    known::follow(ctx).await
}

/// Who acts in the place of somebody who must not: the nearest manager above them who works here, or an administrator.
pub(crate) async fn stand_in(tx: &mut ReadTx, of: &Identity, now: Timestamp) -> Result<Option<IdentityId>, DbError> {
    Ok(heir(tx, of, now).await?.map(|heir| heir.id))
}

async fn heir(tx: &mut ReadTx, leaver: &Identity, now: Timestamp) -> Result<Option<Heir>, DbError> {
    let managers = managers_above(tx, leaver).await?;
    let administrators = accounts::administrators(tx).await?;
    let mut administrators: Vec<Identity> =
        identities::store::of_ids(tx, administrators.iter()).await?.into_values().collect();
    administrators.retain(|person| person.id != leaver.id);
    administrators.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(rules::heir(&managers, &administrators, now))
}

/// The nearest first. Ends where managers go in a circle.
async fn managers_above(tx: &mut ReadTx, of: &Identity) -> Result<Vec<Identity>, DbError> {
    let (mut chain, mut seen) = (Vec::new(), BTreeSet::from([of.id.clone()]));
    let mut next = of.manager.clone();
    while let Some(id) = next.take().filter(|id| seen.insert(id.clone())) {
        if let Some(person) = identities::store::get(tx, &id).await? {
            next = person.manager.clone();
            chain.push(person);
        }
    }
    Ok(chain)
}

async fn carry_out(
    ctx: &Ctx,
    tx: &mut Write,
    (case, leaver): (&CaseId, &Identity),
    known: &[Ownership],
    act: Act,
) -> Result<(), OwnershipError> {
    let at = tx.now();
    let about = |thing: Thing, state: State| {
        let same = known.iter().find(|one| rules::is_same(&one.thing, &thing));
        let id = same.map_or_else(|| OwnershipId::new(ctx.clock(), ctx.chance()), |one| one.id.clone());
        let found_at = same.map_or(at, |one| one.found_at);
        Ownership { id, case: case.clone(), owner: leaver.id.clone(), thing, found_at, state }
    };
    let ownership = match act {
        // Its own thread says when it ends.
        Act::LetDie { thing, deadline } => about(thing, State::DiesAt { deadline, at }),
        Act::HandOver { thing, heir } => {
            let to = existing(tx, &heir.id).await?;
            things::give(ctx, tx, &thing, &to, &heir.because).await?;
            let state = State::HandedOver { to: heir.id.clone(), at, by: None, because: heir.because.clone() };
            let ownership = about(thing, state);
            tx.also(events::handed_over(&ownership, &heir.id, &heir.because));
            finding::clear_in(tx, OWNED_BY_NOBODY, ownership.id.as_str()).await?;
            ownership
        }
        Act::Ask { thing } => {
            let ownership = about(thing, State::Unowned);
            tx.also(events::unowned(&ownership));
            let asking = rules::asking(&ownership);
            finding::raise_in(ctx, tx, OWNED_BY_NOBODY, ownership.id.as_str(), &asking).await?;
            ownership
        }
        Act::Settled { ownership } => {
            let state = match things::owner_of(tx, &ownership.thing).await? {
                Some(to) => State::HandedOver { to, at, by: None, because: DECLARED_ANEW.to_owned() },
                None => State::Gone { at },
            };
            let ownership = Ownership { state, ..ownership };
            tx.also(events::settled(&ownership));
            finding::clear_in(tx, OWNED_BY_NOBODY, ownership.id.as_str()).await?;
            ownership
        }
    };
    Ok(store::save(tx, &ownership).await?)
}

const DECLARED_ANEW: &str = "was named its owner elsewhere";

/// Ada says who owns from now on what a leaver owned; also instead of whoever took it over by rule.
pub async fn hand_over(
    ctx: &Ctx,
    id: &OwnershipId,
    to: &IdentityId,
    reason: &str,
) -> Result<Ownership, OwnershipError> {
    let by = ctx.actor().identity().ok_or(OwnershipError::NotAPerson)?.clone();
    let reason = Reason::new(reason)?;
    let mut tx = ctx.decide().await?;
    let at = tx.now();
    let before = in_tx(&mut tx, id).await?;
    let new_owner = existing(&mut tx, to).await?;
    if !new_owner.is_working(at) {
        return Err(OwnershipError::NotWorking(new_owner.standing(at)));
    }
    let owner = things::owner_of(&mut tx, &before.thing).await?;
    match (&before.state, owner) {
        (State::Gone { .. }, _) | (State::Unowned | State::HandedOver { .. }, None) => {
            return Err(OwnershipError::Gone);
        }
        (_, Some(owner)) if owner == *to => return Err(OwnershipError::SameOwner),
        (State::HandedOver { to, .. }, Some(owner)) if owner != *to => return Err(OwnershipError::ElsewhereOwned),
        (State::Unowned | State::DiesAt { .. }, Some(owner)) if owner != before.owner => {
            return Err(OwnershipError::ElsewhereOwned);
        }
        _ => {}
    }
    things::give(ctx, &mut tx, &before.thing, &new_owner, reason.as_str()).await?;
    let because = reason.as_str().to_owned();
    let state = State::HandedOver { to: to.clone(), at, by: Some(by.clone()), because };
    let ownership = Ownership { state, ..before };
    tx.also(events::handed_over_by(&ownership, to, &by, reason.as_str()));
    finding::clear_in(&mut tx, OWNED_BY_NOBODY, ownership.id.as_str()).await?;
    store::save(&mut tx, &ownership).await?;
    tx.commit().await?;
    Ok(ownership)
}

/// Somebody took a machine identity over that a leaver left behind.
pub(crate) async fn taken_over(tx: &mut Write, machine: &IdentityId, to: &IdentityId) -> Result<(), DbError> {
    let Some(known) = store::newest_of(tx, Kind::Machine, machine.as_str()).await? else { return Ok(()) };
    if !matches!(known.state, State::DiesAt { .. }) {
        return Ok(());
    }
    let state = State::HandedOver { to: to.clone(), at: tx.now(), by: None, because: DECLARED_ANEW.to_owned() };
    store::save(tx, &Ownership { state, ..known }).await
}

pub async fn get(ctx: &Ctx, id: &OwnershipId) -> Result<Ownership, OwnershipError> {
    in_tx(&mut ctx.read().await?, id).await
}

/// Newest first.
pub async fn list(ctx: &Ctx, filter: &Filter) -> Result<Vec<Ownership>, OwnershipError> {
    Ok(store::list(&mut ctx.read().await?, filter).await?)
}

async fn in_tx(tx: &mut ReadTx, id: &OwnershipId) -> Result<Ownership, OwnershipError> {
    store::get(tx, id).await?.ok_or_else(|| OwnershipError::NotFound(id.clone()))
}

async fn existing(tx: &mut ReadTx, id: &IdentityId) -> Result<Identity, OwnershipError> {
    let found = identities::store::get(tx, id).await?;
    found.ok_or_else(|| OwnershipError::NoSuchIdentity(id.clone()))
}
