//! Agents that were pushed, as machine identities. An agent whose owner is nobody who works here is kept, and is nobody
//! until its owner is known.

use super::{Resource, ResourceKind, ScimFault, events, model, records, store};
use crate::identities::{self, Identity, Standing};
use crate::machines::pushed;
use connectors::scim::language::{ScimError, ScimType};
use db::ReadTx;
use ledger::{Ctx, Write, finding};
use serde_json::Value;
use types::{IdentityId, ScimResourceId, Timestamp};

/// The finding while nobody who works here answers for an agent.
pub const WITHOUT_OWNER: &str = "agent_without_owner";

/// The machine identity of an agent, once it has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Agent {
    pub(super) resource: ScimResourceId,
    pub(super) machine: Option<IdentityId>,
    /// Whom its source named last of those who work here. Where a person has said otherwise since, that stays.
    pub(super) owner: Option<IdentityId>,
    /// Its owner is not known yet.
    pub(super) waits: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    There,
    Gone,
}

fn owners(agent: &Resource) -> impl Iterator<Item = &str> {
    let listed = agent.body.get("owners").and_then(Value::as_array).into_iter().flatten();
    listed.filter_map(|owner| owner.get("value").and_then(Value::as_str))
}

/// That an agent names an owner who was pushed.
pub(super) async fn has_owner(tx: &mut Write, agent: &Resource) -> Result<(), ScimFault> {
    let named: Vec<&str> = owners(agent).collect();
    let found = store::related(tx, &agent.source, named.iter().map(|id| db::Value::from(*id)).collect()).await?;
    let is_user = |id: &&str| found.get(*id).is_some_and(|related| related.kind == ResourceKind::User);
    if named.is_empty() || !named.iter().all(is_user) {
        let detail = "an agent needs `owners` who answer for it: users of this source by their ids; push them first";
        return Err(ScimError::new(ScimType::InvalidValue, detail).into());
    }
    Ok(())
}

/// The first owner who works here, by the address that was pushed.
async fn owner(tx: &mut ReadTx, now: Timestamp, agent: &Resource) -> Result<Option<Identity>, ScimFault> {
    let ids: Vec<ScimResourceId> = owners(agent).filter_map(|id| id.parse().ok()).collect();
    for user in store::of_ids(tx, &ids).await? {
        let Some(address) = records::address(&user.body).and_then(Value::as_str) else { continue };
        let person = identities::store::by_email(tx, address).await?;
        if let Some(person) = person.filter(|person| person.standing(now) == Standing::Working) {
            return Ok(Some(person));
        }
    }
    Ok(None)
}

/// Makes the machine identity of an agent what its source says of it. Part of the transaction of the push.
pub(super) async fn settle(ctx: &Ctx, tx: &mut Write, agent: &Resource, presence: Presence) -> Result<(), ScimFault> {
    let known = store::agent(tx, &agent.id).await?;
    let mut machine = known.as_ref().and_then(|known| known.machine.clone());
    let works = presence == Presence::There && model::is_active(&agent.body);
    let mut named = known.as_ref().and_then(|known| known.owner.clone());
    let mut waits = false;
    if !works {
        if let Some(id) = &machine {
            pushed::end(ctx, tx, id).await?;
        }
    } else {
        let resting = match &machine {
            Some(id) => pushed::was_ended_by_its_source(tx, id).await?,
            None => true,
        };
        let now = tx.now();
        let owner = owner(tx, now, agent).await?;
        let before = named.clone();
        if let Some(owner) = &owner {
            named = Some(owner.id.clone());
        }
        match (owner, &machine) {
            (Some(owner), Some(id)) if !resting => pushed::hand_over(ctx, tx, id, before.as_ref(), &owner).await?,
            (Some(owner), _) => {
                let purpose = agent.body.get("description").and_then(Value::as_str).unwrap_or(agent.name());
                machine = Some(pushed::register(ctx, tx, agent.name(), purpose, &owner).await?.id);
            }
            (None, _) => waits = resting,
        }
    }
    tell(ctx, tx, agent, waits).await?;
    let now = Agent { resource: agent.id.clone(), machine, owner: named, waits };
    if known.as_ref() != Some(&now) {
        store::keep_agent(tx, &now).await?;
    }
    Ok(())
}

async fn tell(ctx: &Ctx, tx: &mut Write, agent: &Resource, waits: bool) -> Result<(), ScimFault> {
    if !waits {
        finding::clear_in(tx, WITHOUT_OWNER, agent.id.as_str()).await?;
        return Ok(());
    }
    let (id, source) = (&agent.id, &agent.source);
    let detail = format!(
        "nobody who works here is an owner of the agent `{id}` of the source `{source}`, so it is no machine identity \
         yet: push an owner with the mail address of somebody who works here"
    );
    finding::raise_in(ctx, tx, WITHOUT_OWNER, agent.id.as_str(), &detail).await?;
    Ok(())
}

/// Whether a waiting agent has one by now: only for those that have is anybody kept from writing.
async fn is_owned(ctx: &Ctx, id: &ScimResourceId) -> Result<bool, ScimFault> {
    let mut tx = ctx.read().await?;
    let Some(agent) = store::of_ids(&mut tx, std::slice::from_ref(id)).await?.pop() else { return Ok(false) };
    Ok(owner(&mut tx, ctx.now(), &agent).await?.is_some())
}

/// Keeps whom the source of an agent names, where that was not kept: a person's word is known by its being another.
async fn keep_named(ctx: &Ctx) -> Result<(), ScimFault> {
    for id in store::unnamed_agents(&mut ctx.read().await?).await? {
        if !is_owned(ctx, &id).await? {
            continue;
        }
        let mut tx = ctx.decide().await?;
        let Some(agent) = store::of_ids(&mut tx, std::slice::from_ref(&id)).await?.pop() else { continue };
        let now = tx.now();
        if let Some(owner) = owner(&mut tx, now, &agent).await? {
            tx.also(events::named(&agent, &owner.id));
            store::set_named(&mut tx, &id, &owner.id).await?;
            tx.commit().await?;
        }
    }
    Ok(())
}

/// Looks again whether the owners of waiting agents are known by now.
pub(crate) async fn settle_waiting(ctx: &Ctx) -> Result<(), ScimFault> {
    keep_named(ctx).await?;
    for id in store::waiting_agents(&mut ctx.read().await?).await? {
        if !is_owned(ctx, &id).await? {
            continue;
        }
        let mut tx = ctx.decide().await?;
        let Some(agent) = store::of_ids(&mut tx, std::slice::from_ref(&id)).await?.pop() else { continue };
        let now = tx.now();
        if owner(&mut tx, now, &agent).await?.is_some() {
            settle(ctx, &mut tx, &agent, Presence::There).await?;
            tx.commit().await?;
        }
    }
    Ok(())
}
