//! Machine identities: service accounts with an owner, a purpose, an environment and an end. What happens to one
//! without a person's doing stands in `ending`; its tokens in `tokens`.

mod ending;
mod error;
mod events;
mod model;
pub(crate) mod pushed;
pub(crate) mod rules;
pub(crate) mod store;
mod tokens;

pub(crate) use ending::{orphan_all_of, run_due, withdraw_unearned};
pub use error::MachineError;
pub use events::KINDS;
pub use model::{Cause, Environment, Filter, Machine, New, Reach, State, StateName, Version};
pub use rules::{Refusal, whose};
pub use tokens::{create_token, revoke_token, tokens};

use crate::identities::{self, Identity};
use crate::{ownerships, policy, requests, roles};
use authn::{Caller, accounts};
use db::ReadTx;
use ledger::{Ctx, Write, finding};
use types::{IdentityId, Reason, Timestamp};

/// The finding while nobody answers for a machine.
pub const WITHOUT_OWNER: &str = "machine_without_owner";
/// The finding in the last days of a machine.
pub const ENDS_SOON: &str = "machine_ends_soon";

/// Alice registers a machine identity for which she answers. It holds nothing yet.
pub async fn register(ctx: &Ctx, new: New, reach: Reach) -> Result<Machine, MachineError> {
    rules::name(&new.name)?;
    let purpose = rules::purpose(&new.purpose)?;
    let mut tx = ctx.decide().await?;
    let (who, now) = (person(ctx, &mut tx).await?, tx.now());
    let owner = match &new.owner {
        Some(other) if *other != who.id && reach == Reach::Own => return Err(Refusal::ForAnother.into()),
        Some(other) => owner(&mut tx, other).await?,
        None => who,
    };
    rules::may_own(&owner, now)?;
    rules::end(new.ends_at, &policy::store::get(&mut tx).await?.machines, now)?;
    if store::by_name(&mut tx, &new.name).await?.is_some() {
        return Err(Refusal::NameTaken(new.name).into());
    }
    let machine = Machine {
        id: IdentityId::new(ctx.clock(), ctx.chance()),
        name: new.name,
        owner: owner.id,
        purpose,
        environment: new.environment,
        ends_at: new.ends_at,
        registered_at: now,
        state: State::Active,
    };
    tx.also(events::registered(&machine));
    accounts::create_machine(&mut tx, &machine.id, &machine.name).await?;
    store::insert(&mut tx, &machine).await?;
    tx.commit().await?;
    Ok(machine)
}

/// States what it is for and where it works. The environment stays while it holds access or waits for some.
pub async fn change(
    ctx: &Ctx,
    id: &IdentityId,
    purpose: &str,
    environment: Environment,
    reach: Reach,
) -> Result<Machine, MachineError> {
    let purpose = rules::purpose(purpose)?;
    let mut tx = ctx.decide().await?;
    let before = managed(ctx, &mut tx, id, reach).await?;
    if before.environment != environment {
        let holds = !grants::not_ended_of(&mut tx, id).await?.is_empty();
        if holds || !requests::store::pending_of(&mut tx, id).await?.is_empty() {
            return Err(Refusal::HoldsAccess(before.name).into());
        }
    }
    let machine = Machine { purpose, environment, ..before.clone() };
    if machine == before {
        return Ok(machine);
    }
    tx.also(events::changed(&machine));
    save(&mut tx, &machine).await?;
    tx.commit().await?;
    Ok(machine)
}

/// Gives it a later end.
pub async fn extend(ctx: &Ctx, id: &IdentityId, ends_at: Timestamp, reach: Reach) -> Result<Machine, MachineError> {
    let mut tx = ctx.decide().await?;
    let (before, now) = (managed(ctx, &mut tx, id, reach).await?, tx.now());
    let policy = policy::store::get(&mut tx).await?.machines;
    rules::has_owner(&before, now)?;
    rules::end(ends_at, &policy, now)?;
    if ends_at <= before.ends_at {
        return Err(Refusal::NotLater(before.ends_at).into());
    }
    let machine = Machine { ends_at, ..before };
    tx.also(events::extended(&machine));
    if ends_at > now.plus(policy.notice()) {
        finding::clear_in(&mut tx, ENDS_SOON, id.as_str()).await?;
    }
    save(&mut tx, &machine).await?;
    tx.commit().await?;
    Ok(machine)
}

/// Somebody else answers for it from now on. Whoever did so before keeps no token and no open request of it, and it
/// keeps only what its new owner is eligible for.
pub async fn hand_over(
    ctx: &Ctx,
    id: &IdentityId,
    to: &IdentityId,
    reason: &str,
    reach: Reach,
) -> Result<Machine, MachineError> {
    let reason = Reason::new(reason).map_err(Refusal::from)?;
    let mut tx = ctx.decide().await?;
    let (before, now) = (managed(ctx, &mut tx, id, reach).await?, tx.now());
    let new_owner = owner(&mut tx, to).await?;
    rules::may_own(&new_owner, now)?;
    if before.state == State::Active && before.owner == new_owner.id {
        return Err(Refusal::SameOwner.into());
    }
    let machine = give_to(ctx, &mut tx, before, &new_owner, reason.as_str()).await?;
    ownerships::taken_over(&mut tx, id, to).await?;
    tx.commit().await?;
    Ok(machine)
}

/// The same, as part of handing over what a leaver owned.
pub(crate) async fn take_over(
    ctx: &Ctx,
    tx: &mut Write,
    id: &IdentityId,
    new_owner: &Identity,
    reason: &str,
) -> Result<Machine, MachineError> {
    let before = existing(tx, id).await?;
    if matches!(before.state, State::Ended { .. }) {
        return Err(Refusal::HasEnded(before.name).into());
    }
    give_to(ctx, tx, before, new_owner, reason).await
}

async fn give_to(
    ctx: &Ctx,
    tx: &mut Write,
    before: Machine,
    new_owner: &Identity,
    reason: &str,
) -> Result<Machine, MachineError> {
    let machine = Machine { owner: new_owner.id.clone(), state: State::Active, ..before.clone() };
    tx.also(events::handed_over(&machine, &before.owner, reason));
    let why = "the machine identity has another owner, who may ask again";
    requests::cancel_all_of(ctx, tx, &machine.id, why).await.map_err(Box::new)?;
    accounts::revoke_proofs(tx, &machine.id).await?;
    accounts::enable(tx, &machine.id).await?;
    let catalogue = roles::catalogue(tx, [&new_owner.id]).await?;
    ending::withdraw_unearned_of(ctx, tx, &machine, new_owner, &catalogue).await?;
    finding::clear_in(tx, WITHOUT_OWNER, machine.id.as_str()).await?;
    save(tx, &machine).await?;
    Ok(machine)
}

/// Its owner or an administrator ends it for good: its grants, tokens and open requests go with it.
pub async fn end(ctx: &Ctx, id: &IdentityId, reason: &str, reach: Reach) -> Result<Machine, MachineError> {
    let reason = Reason::new(reason).map_err(Refusal::from)?;
    let mut tx = ctx.decide().await?;
    let machine = managed(ctx, &mut tx, id, reach).await?;
    let machine = ending::end(ctx, &mut tx, machine, Cause::Person, Some(reason.as_str())).await?;
    tx.commit().await?;
    Ok(machine)
}

pub async fn get(ctx: &Ctx, id: &IdentityId) -> Result<Machine, MachineError> {
    existing(&mut ctx.read().await?, id).await
}

/// A machine by its id or its name, if `caller` may see it: their own, or anybody's with `machines.read`.
pub async fn visible(ctx: &Ctx, caller: &Caller, id_or_name: &str) -> Result<Machine, MachineError> {
    let mut tx = ctx.read().await?;
    let found = match id_or_name.parse::<IdentityId>() {
        Ok(id) => store::get(&mut tx, &id).await?,
        Err(_) => store::by_name(&mut tx, id_or_name).await?,
    };
    let found = found.filter(|machine| rules::may_see(machine, caller));
    found.ok_or_else(|| MachineError::NotFound(id_or_name.chars().take(60).collect()))
}

/// Oldest first.
pub async fn list(ctx: &Ctx, filter: &Filter) -> Result<Vec<Machine>, MachineError> {
    Ok(store::list(&mut ctx.read().await?, filter).await?)
}

/// Everything that was ever known about a machine, oldest first.
pub async fn history(ctx: &Ctx, id: &IdentityId) -> Result<Vec<Version>, MachineError> {
    Ok(store::history(&mut ctx.read().await?, id).await?)
}

async fn save(tx: &mut Write, machine: &Machine) -> Result<(), MachineError> {
    let now = tx.now();
    Ok(store::change(tx, machine, now).await?)
}

async fn existing(tx: &mut ReadTx, id: &IdentityId) -> Result<Machine, MachineError> {
    store::get(tx, id).await?.ok_or_else(|| MachineError::NotFound(id.to_string()))
}

/// A machine that whoever acts may manage.
async fn managed(ctx: &Ctx, tx: &mut ReadTx, id: &IdentityId, reach: Reach) -> Result<Machine, MachineError> {
    let (machine, who) = (existing(tx, id).await?, person(ctx, tx).await?);
    rules::may_manage(&machine, &who, reach, ctx.now())?;
    Ok(machine)
}

async fn person(ctx: &Ctx, tx: &mut ReadTx) -> Result<Identity, MachineError> {
    let who = ctx.actor().identity().ok_or(Refusal::NotAPerson)?;
    Ok(identities::store::get(tx, who).await?.ok_or(Refusal::NotAPerson)?)
}

async fn owner(tx: &mut ReadTx, id: &IdentityId) -> Result<Identity, MachineError> {
    Ok(identities::store::get(tx, id).await?.ok_or_else(|| Refusal::NoSuchOwner(id.clone()))?)
}
