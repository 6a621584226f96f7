//! What an observation says about orders: whether the system is as each of them wants it.

use crate::body::{self, Body};
use crate::machine::{Event, Observer, State};
use crate::order::{About, subject_key};
use crate::{Act, Link, Order, ProvisioningError, events, observed_store, order_store, settle};
use connectors::connector::{Account, Status};
use db::Value;
use ledger::{Ctx, Write};
use std::collections::{BTreeMap, BTreeSet};
use types::{EntitlementId, ObservedAccountId};

/// Something as it was seen.
pub(crate) enum Sight<'a> {
    /// `None`: it is not there.
    Account {
        id: ObservedAccountId,
        account: Option<&'a Account>,
    },
    Membership {
        account: ObservedAccountId,
        entitlement: EntitlementId,
        is_member: bool,
    },
}

impl Sight<'_> {
    fn subjects(&self) -> Vec<String> {
        match self {
            Self::Account { id, .. } => {
                [About::Account, About::Attributes].map(|about| subject_key(Some(id), None, about)).into()
            }
            Self::Membership { account, entitlement, .. } => {
                vec![subject_key(Some(account), None, About::Membership(entitlement))]
            }
        }
    }
}

/// Lets orders of a system know what was seen. Returns those that changed by it.
pub(crate) async fn tell(
    ctx: &Ctx,
    tx: &mut Write,
    system: &str,
    sights: Vec<Sight<'_>>,
) -> Result<Vec<Order>, ProvisioningError> {
    told(ctx, tx, system, sights, |_| true).await
}

/// The same of what a listing lacks. Nobody looked at it: what takes power away is sent all the same, and is over when its
/// account was looked at; what was refused stays refused.
pub(crate) async fn tell_missing(
    ctx: &Ctx,
    tx: &mut Write,
    system: &str,
    sights: Vec<Sight<'_>>,
) -> Result<Vec<Order>, ProvisioningError> {
    let is_told = |order: &Order| match order.act {
        Act::Revoke | Act::Disable => false,
        Act::Delete => !matches!(order.state, State::Refused { .. }),
        Act::Create | Act::Change | Act::Enable | Act::Grant => true,
    };
    told(ctx, tx, system, sights, is_told).await
}

async fn told(
    ctx: &Ctx,
    tx: &mut Write,
    system: &str,
    sights: Vec<Sight<'_>>,
    is_told: impl Fn(&Order) -> bool,
) -> Result<Vec<Order>, ProvisioningError> {
    let by_subject = sights.iter().flat_map(|sight| sight.subjects().into_iter().map(move |subject| (subject, sight)));
    let sights: BTreeMap<String, &Sight<'_>> = by_subject.collect();
    let live = order_store::live_on(tx, system, sights.keys().map(Value::from).collect()).await?;
    let (mut events, mut to_make_anew) = (Vec::with_capacity(live.len()), Vec::new());
    for order in live.into_iter().filter(is_told) {
        let Some(sight) = sights.get(&order.subject_key) else { continue };
        if order.act == Act::Create && order.state.is_open() && matches!(sight, Sight::Account { account: None, .. }) {
            to_make_anew.push(order.clone());
        }
        let as_ordered = match sight {
            Sight::Account { account, .. } => account_is_as_ordered(ctx, tx, &order, *account).await?,
            Sight::Membership { is_member, .. } => Some((order.act == Act::Grant) == *is_member),
        };
        events.extend(as_ordered.map(|as_ordered| (order, Event::Seen { as_ordered, by: Observer::Read })));
    }
    let changed = settle::on(ctx, tx, events).await?;
    link_created(tx, &changed).await?;
    let as_it_is = |order: Order| changed.iter().find(|now| now.id == order.id).cloned().unwrap_or(order);
    lost(ctx, tx, to_make_anew.into_iter().map(as_it_is).collect()).await?;
    Ok(changed)
}

/// Whoever had the login of an account that is to be made is gone: what is made is another account.
async fn lost(ctx: &Ctx, tx: &mut Write, orders: Vec<Order>) -> Result<(), ProvisioningError> {
    let mut in_the_way = Vec::new();
    for order in orders {
        let subject = subject_key(None, order.login.as_ref(), About::Account);
        if another_is_open(tx, &order, &subject).await? {
            in_the_way.push((order, Event::Withdrawn));
        } else {
            order_store::forget_account(tx, &order.id, &subject).await?;
        }
    }
    settle::on(ctx, tx, in_the_way).await?;
    Ok(())
}

/// An account that was made for somebody is theirs.
pub(crate) async fn link_created(tx: &mut Write, orders: &[Order]) -> Result<(), ProvisioningError> {
    let made = orders.iter().filter(|order| order.act == Act::Create && matches!(order.state, State::Observed { .. }));
    for order in made {
        let (Some(account), Some(identity)) = (&order.account, &order.identity) else { continue };
        let Some(mut account) = observed_store::account_of(tx, account).await? else { continue };
        if account.link.is_none() {
            account.link = Some(Link { identity: identity.clone(), by: order.id.to_string() });
            let now = tx.now();
            observed_store::set_link(tx, &account.id, account.link.as_ref(), now).await?;
            tx.also(events::linked(&account));
        }
    }
    Ok(())
}

/// Orders about a login are about the account from now on that was seen to have it. What is given to a login waits until
/// that account is known to be whose it should be: somebody else may have been there first.
pub(crate) async fn found(
    ctx: &Ctx,
    tx: &mut Write,
    system: &str,
    accounts: &BTreeMap<String, ObservedAccountId>,
) -> Result<(), ProvisioningError> {
    let orders = order_store::by_login(tx, system, accounts.keys().map(Value::from).collect()).await?;
    let (mut in_the_way, mut is_open) = (Vec::new(), false);
    for order in orders {
        let Some(account) = order.login.as_ref().and_then(|login| accounts.get(login)) else { continue };
        if order.act == Act::Grant && !is_theirs(tx, system, account, &order).await? {
            continue;
        }
        let about = order.entitlement.as_ref().map_or(About::Account, About::Membership);
        let subject = subject_key(Some(account), None, about);
        if order.state.is_open() && another_is_open(tx, &order, &subject).await? {
            in_the_way.push((order, Event::Withdrawn));
        } else {
            order_store::set_account(tx, &order.id, account, &subject).await?;
            is_open |= order.state.is_open();
        }
    }
    if is_open {
        settle::enqueue(ctx, tx, BTreeSet::from([system])).await?;
    }
    settle::on(ctx, tx, in_the_way).await?;
    Ok(())
}

/// Whether another order of its system is open about what an order would be about.
async fn another_is_open(tx: &mut Write, order: &Order, subject: &str) -> Result<bool, ProvisioningError> {
    let live = order_store::live_on(tx, &order.system, vec![Value::from(subject)]).await?;
    Ok(live.iter().any(|other| other.id != order.id && other.state.is_open()))
}

/// Whether an account was made by an order for the same person, or is linked to them. To a protected one nothing is given.
async fn is_theirs(
    tx: &mut Write,
    system: &str,
    account: &ObservedAccountId,
    gift: &Order,
) -> Result<bool, ProvisioningError> {
    let known = observed_store::account_of(tx, account).await?;
    if known.as_ref().is_some_and(|known| known.protection.is_some()) {
        return Ok(false);
    }
    let link = known.and_then(|known| known.link);
    if link.is_some_and(|link| Some(&link.identity) == gift.identity.as_ref()) {
        return Ok(true);
    }
    let bound = vec![Value::from(&subject_key(Some(account), None, About::Account))];
    let unbound = gift.login.iter().map(Value::from).collect();
    let orders =
        [order_store::standing_on(tx, system, bound).await?, order_store::by_login(tx, system, unbound).await?];
    let made = |order: &Order| {
        let is_done = matches!(order.state, State::Done { .. } | State::Observed { .. });
        order.act == Act::Create && is_done && order.identity == gift.identity
    };
    Ok(orders.iter().flatten().any(made))
}

/// `None` when an account says nothing about such an order.
async fn account_is_as_ordered(
    ctx: &Ctx,
    tx: &mut Write,
    order: &Order,
    account: Option<&Account>,
) -> Result<Option<bool>, ProvisioningError> {
    Ok(match (order.act, account) {
        (Act::Create, account) => Some(account.is_some()),
        (Act::Delete, account) => Some(account.is_none()),
        (Act::Disable, account) => Some(account.is_none_or(|account| account.status == Status::Disabled)),
        (Act::Enable, account) => Some(account.is_some_and(|account| account.status == Status::Enabled)),
        (Act::Change, None) => Some(false),
        (Act::Change, Some(account)) => {
            let sealed = order_store::body(tx, &order.id).await?.unwrap_or_default();
            Some(holds(account, &body::unsealed(ctx, &order.id, &sealed)?))
        }
        (Act::Grant | Act::Revoke, _) => None,
    })
}

/// An attribute that the system does not show says nothing.
fn holds(account: &Account, body: &Body) -> bool {
    body.attributes.iter().all(|(name, wanted)| match account.attributes.get(name) {
        Some(shown) => {
            let (mut shown, mut wanted) = (shown.clone(), wanted.clone());
            shown.sort();
            wanted.sort();
            shown == wanted
        }
        None if name == "login" => wanted.iter().all(|login| *login == account.login),
        None => true,
    })
}
