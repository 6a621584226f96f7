//! One account, looked at by itself after a change: more recent than whatever page of a reading tells of it.

use super::write;
use crate::difference::{Difference, Seen};
use crate::machine::{Event, Observer};
use crate::reading::Native;
use crate::sight::{self, Sight};
use crate::{
    Act, ProvisioningError, TOPIC, events, observed_store, order_store, reading_store as store, settle, system_store,
};
use connectors::connector::{AccountRef, Held, Member, Membership, Part};
use db::Value;
use ledger::{Ctx, Write};
use std::collections::BTreeMap;
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
    lines.extend(write::close_memberships(ctx, tx, system, &native.0, "account", |of| !keeps(of)).await?);
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
    write::close(ctx, tx, system, Native::Account, &ordinals).await
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
    let natives = held.entitlements.iter().map(|entitlement| Value::from(&entitlement.id.0)).collect();
    let members = observed_store::entitlements_by_native(tx, system, natives).await?;
    let orders = order_store::live_of(tx, id).await?;
    let of_orders = orders.iter().filter(|order| matches!(order.act, Act::Grant | Act::Revoke));
    let entitlements: Vec<EntitlementId> = of_orders.filter_map(|order| order.entitlement.clone()).collect();
    for entitlement in entitlements {
        let is_member = members.iter().any(|member| member.id == entitlement);
        sights.push(Sight::Membership { account: id.clone(), entitlement, is_member });
    }
    Ok(!sight::tell(ctx, tx, system, sights).await?.is_empty())
}

/// An account that was to be made is not there, or one that is known is gone.
async fn tell_not_made(ctx: &Ctx, tx: &mut Write, system: &str, asked: &AccountRef) -> Result<bool, ProvisioningError> {
    let by_login = order_store::by_login(tx, system, vec![Value::from(&asked.login)]).await?;
    let creates = by_login.into_iter().filter(|order| order.act == Act::Create);
    let seen = Event::Seen { as_ordered: false, by: Observer::Read };
    let mut changed = settle::on(ctx, tx, creates.map(|order| (order, seen.clone())).collect()).await?;
    if let Some(id) = &asked.id {
        let closed = store::past_ids(tx, system, &id.0).await?;
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
