//! One account, looked at by itself after a change: more recent than whatever page of a reading tells of it.

use super::write::{self, Gone};
use crate::difference::{Difference, Seen};
use crate::machine::{Event, Observer, State};
use crate::reading::Native;
use crate::sight::{self, Sight};
use crate::{
    Act, ObservedEntitlement, Order, ProvisioningError, TOPIC, events, observed_store, order_store, past_store,
    reading_store as store, settle, system_store,
};
use connectors::connector::{AccountRef, Held, Member, Membership, Part, Status};
use db::{ReadTx, Value};
use ledger::{Ctx, Write};
use std::collections::{BTreeMap, BTreeSet};
use types::{EntitlementId, ObservedAccountId, ReadId, Timestamp};

/// Writes down how an account is now, `None` when it is surely not there, and lets its orders know. Returns its id where
/// it is there.
pub async fn account(
    ctx: &Ctx,
    system: &str,
    kind: &str,
    asked: &AccountRef,
    held: Option<&Held>,
) -> Result<Option<ObservedAccountId>, ProvisioningError> {
    let mut tx = ctx.decide().await?;
    let placed = placed(ctx, &mut tx, (system, kind), asked, held).await?;
    if placed.is_news {
        tx.commit().await?;
    }
    Ok(placed.id)
}

/// What came of writing an account down.
pub(crate) struct Placed {
    pub(crate) id: Option<ObservedAccountId>,
    /// Whether anything is otherwise than before.
    pub(crate) is_news: bool,
}

/// The same, inside a decision's transaction. `system` comes with its kind.
pub(crate) async fn placed(
    ctx: &Ctx,
    tx: &mut Write,
    (system, kind): (&str, &str),
    asked: &AccountRef,
    held: Option<&Held>,
) -> Result<Placed, ProvisioningError> {
    system_store::insert_system(tx, system, kind).await?;
    let (lines, id) = match held {
        Some(held) => there(ctx, tx, system, held).await?,
        None => (not_there(ctx, tx, system, asked).await?, None),
    };
    let told = match (&id, held) {
        (Some(id), Some(held)) => tell(ctx, tx, system, id, held).await?,
        _ => tell_not_made(ctx, tx, system, asked).await?,
    };
    if !lines.is_empty() {
        tx.also(events::changed(system, &ReadId::new(ctx.clock(), ctx.chance()), &lines));
    }
    let is_news = told || !lines.is_empty();
    if is_news {
        tx.wake(TOPIC);
    }
    Ok(Placed { id, is_news })
}

type Lines = Vec<Vec<u8>>;

async fn there(
    ctx: &Ctx,
    tx: &mut Write,
    system: &str,
    held: &Held,
) -> Result<(Lines, Option<ObservedAccountId>), ProvisioningError> {
    let native = &held.account.id;
    let membership = |entitlement: &connectors::connector::Entitlement| Membership {
        member: Member::Account(native.clone()),
        entitlement: entitlement.id.clone(),
    };
    let part = Part {
        accounts: vec![held.account.clone()],
        entitlements: held.entitlements.clone(),
        memberships: held.entitlements.iter().map(membership).collect(),
        gone: Vec::new(),
    };
    // Nothing is newer than what was looked at now.
    let latest = Timestamp::from_micros(i64::MAX);
    let mut difference = Difference::of(tx, system, &part, latest).await?;
    // A listing says more about an entitlement than who looks at one of its members sees.
    difference.changed_entitlements.clear();
    let now = tx.now();
    let mut lines = write::apply(ctx, tx, system, difference, &mut Seen::default(), Some(now)).await?;
    let keeps = |of: &str| held.entitlements.iter().any(|entitlement| entitlement.id.0 == of);
    lines.extend(write::close_memberships(ctx, tx, system, (&native.0, "account"), Gone::Seen, |of| !keeps(of)).await?);
    let found = observed_store::accounts_by_native(tx, system, vec![Value::from(&native.0)]).await?;
    let id = found.into_iter().next().map(|account| account.id);
    if let Some(id) = &id {
        store::set_looked(tx, id, now).await?;
        let login = BTreeMap::from([(held.account.login.clone(), id.clone())]);
        sight::found(ctx, tx, system, &login).await?;
    }
    Ok((lines, id))
}

async fn not_there(ctx: &Ctx, tx: &mut Write, system: &str, asked: &AccountRef) -> Result<Lines, ProvisioningError> {
    let Some(id) = &asked.id else { return Ok(Vec::new()) };
    let known = store::known_accounts(tx, system, vec![Value::from(&id.0)]).await?;
    let ordinals: Vec<u64> = known.values().map(|known| known.ordinal).collect();
    write::close(ctx, tx, system, Native::Account, &ordinals, Gone::Seen).await
}

/// Every order of the account learns whether it is as ordered now, also where nothing changed.
async fn tell(
    ctx: &Ctx,
    tx: &mut Write,
    system: &str,
    id: &ObservedAccountId,
    held: &Held,
) -> Result<bool, ProvisioningError> {
    let mut sights = vec![Sight::Account { id: id.clone(), account: Some(&held.account) }];
    let orders = order_store::live_of(tx, id).await?;
    let named = named_by(tx, &orders).await?;
    for order in &orders {
        let Some(entitlement) = order.entitlement.as_ref().and_then(|id| named.get(id)) else { continue };
        let is_member = is_in(held, entitlement);
        // What has its id by now is not what was taken away before.
        if !(was_gone(order) && entitlement.until.is_some()) {
            let (account, entitlement) = (id.clone(), entitlement.id.clone());
            sights.push(Sight::Membership { account, entitlement, is_member });
        }
    }
    let told = !sight::tell(ctx, tx, system, sights).await?.is_empty();
    Ok(tell_earlier(ctx, tx, system, held).await? || told)
}

/// Orders about accounts that had the id before, unless they are over: they are sent to whatever has it now.
async fn tell_earlier(ctx: &Ctx, tx: &mut Write, system: &str, held: &Held) -> Result<bool, ProvisioningError> {
    let mut seen = Vec::new();
    for earlier in past_store::ids(tx, system, &held.account.id.0).await? {
        let mut orders = order_store::live_of(tx, &earlier).await?;
        orders.retain(|order| !was_gone(order) && order.act != Act::Create);
        let named = named_by(tx, &orders).await?;
        for order in orders {
            let entitlement = order.entitlement.as_ref().and_then(|id| named.get(id));
            let as_ordered = match order.act {
                Act::Revoke => !entitlement.is_some_and(|entitlement| is_in(held, entitlement)),
                Act::Disable => held.account.status == Status::Disabled,
                Act::Delete => true,
                Act::Create | Act::Change | Act::Enable | Act::Grant => false,
            };
            seen.push((order, Event::Seen { as_ordered, by: Observer::Read }));
        }
    }
    Ok(!settle::on(ctx, tx, seen).await?.is_empty())
}

const fn was_gone(order: &Order) -> bool {
    matches!(order.state, State::Gone { .. })
}

/// What orders are about, also where it is gone.
async fn named_by(
    tx: &mut ReadTx,
    orders: &[Order],
) -> Result<BTreeMap<EntitlementId, ObservedEntitlement>, ProvisioningError> {
    let ids: BTreeSet<&EntitlementId> = orders.iter().filter_map(|order| order.entitlement.as_ref()).collect();
    let found = observed_store::entitlements_by_id(tx, ids.into_iter().map(Value::from).collect()).await?;
    Ok(found.into_iter().map(|entitlement| (entitlement.id.clone(), entitlement)).collect())
}

/// By what the system calls it: it may have gone, and come back as another one to us.
fn is_in(held: &Held, entitlement: &ObservedEntitlement) -> bool {
    held.entitlements.iter().any(|member| member.id.0 == entitlement.native_id)
}

/// An account that was to be made is not there, or one that is known is gone.
async fn tell_not_made(ctx: &Ctx, tx: &mut Write, system: &str, asked: &AccountRef) -> Result<bool, ProvisioningError> {
    let by_login = order_store::by_login(tx, system, vec![Value::from(&asked.login)]).await?;
    let creates = by_login.into_iter().filter(|order| order.act == Act::Create);
    let seen = Event::Seen { as_ordered: false, by: Observer::Read };
    let mut changed = settle::on(ctx, tx, creates.map(|order| (order, seen.clone())).collect()).await?;
    if let Some(id) = &asked.id {
        let closed = past_store::ids(tx, system, &id.0).await?;
        for account in closed {
            let mut sights = vec![Sight::Account { id: account.clone(), account: None }];
            for order in order_store::live_of(tx, &account).await? {
                if let Some(entitlement) = order.entitlement {
                    sights.push(Sight::Membership { account: account.clone(), entitlement, is_member: false });
                }
            }
            changed.extend(sight::tell(ctx, tx, system, sights).await?);
        }
    }
    Ok(!changed.is_empty())
}
