//! Governance's door: orders that are carried out. Each is given in the transaction of the decision that it follows from.

use crate::body::{self, Body};
use crate::by_hand;
use crate::machine::{Event, State};
use crate::power::{self, Said};
use crate::{
    Act, Holder, NewOrder, ObservedAccount, ObservedEntitlement, Order, ProvisioningError, Rank, TOPIC, What, events,
    observed_store, order_store as store, settle,
};
use connectors::connector::Attributes;
use db::{ReadTx, Value};
use ledger::{Ctx, Write};
use std::collections::{BTreeMap, BTreeSet};
use types::{EntitlementId, IdentityId, ObservedAccountId, OrderId, Timestamp};

pub use crate::leave::{Leave, Standing, against, come_back, exposed, leave, leave_again, leavers, standing};
pub use crate::order_store::{Given, OrderFilter};

/// Gives orders with the decision in `tx`. A newer one about the same account or membership takes the place of an older
/// one; while nobody knows what became of that, it waits behind it. Answers with the order of each, in turn: one that is
/// under way already with the same intention, or a new one.
///
/// # Errors
/// `Protected`, `NoSuchAccount`, `NoSuchEntitlement`, `ElsewhereOrdered`, or `Twice`; then none is given.
pub async fn give(ctx: &Ctx, tx: &mut Write, orders: Vec<NewOrder>) -> Result<Vec<Order>, ProvisioningError> {
    give_where(ctx, tx, orders, &Said::new()).await
}

/// The same with what persons said of entitlements.
///
/// # Errors
/// As [`give`].
pub async fn give_where(
    ctx: &Ctx,
    tx: &mut Write,
    orders: Vec<NewOrder>,
    said: &Said,
) -> Result<Vec<Order>, ProvisioningError> {
    let facts = Known::read(tx, &orders, said).await?;
    let mut subjects: BTreeMap<(String, String), Option<Order>> = BTreeMap::new();
    let mut placed = Vec::with_capacity(orders.len());
    for new in orders {
        let (order, body) = facts.place(ctx, tx, new)?;
        let subject = (order.system.clone(), order.subject_key.clone());
        if subjects.insert(subject, None).is_some() {
            return Err(ProvisioningError::Twice { system: order.system, subject: order.subject_key });
        }
        placed.push((order, body));
    }
    let mut live = live_on(tx, subjects.keys()).await?;
    let (mut answer, mut fresh, mut withdrawn) = (Vec::new(), Vec::new(), Vec::new());
    for (mut order, body) in placed {
        let older = live.remove(&(order.system.clone(), order.subject_key.clone())).unwrap_or_default();
        if let Some(same) = under_way_already(&order, &older) {
            answer.push(same.clone());
            continue;
        }
        if let Some(unsettled) = older.iter().find(|older| older.state.is_unsettled()) {
            order.state = State::Queued;
            order.supersedes = Some(unsettled.id.clone());
        }
        withdrawn.extend(older.into_iter().map(|older| (older, Event::Withdrawn)));
        answer.push(order.clone());
        fresh.push((order, body));
    }
    settle::on(ctx, tx, withdrawn).await?;
    write(ctx, tx, fresh).await?;
    Ok(answer)
}

async fn write(ctx: &Ctx, tx: &mut Write, fresh: Vec<(Order, Vec<u8>)>) -> Result<(), ProvisioningError> {
    store::insert(tx, &fresh).await?;
    let orders: Vec<Order> = fresh.into_iter().map(|(order, _)| order).collect();
    for entry in events::given(&orders) {
        tx.also(entry);
    }
    settle::enqueue(ctx, tx, orders.iter().map(|order| order.system.as_str()).collect()).await?;
    if !orders.is_empty() {
        tx.wake(TOPIC);
    }
    Ok(())
}

async fn live_on(
    tx: &mut ReadTx,
    subjects: impl Iterator<Item = &(String, String)>,
) -> Result<BTreeMap<(String, String), Vec<Order>>, ProvisioningError> {
    let mut keys: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for (system, subject) in subjects {
        keys.entry(system).or_default().push(Value::from(subject));
    }
    let mut live: BTreeMap<(String, String), Vec<Order>> = BTreeMap::new();
    for (system, keys) in keys {
        for order in store::live_on(tx, system, keys).await? {
            live.entry((order.system.clone(), order.subject_key.clone())).or_default().push(order);
        }
    }
    Ok(live)
}

/// The newest intention counts: one that waits behind another is newer than that.
fn under_way_already<'a>(new: &Order, older: &'a [Order]) -> Option<&'a Order> {
    let open = || older.iter().filter(|older| older.state.is_open());
    let newest = open().find(|older| older.state == State::Queued).or_else(|| open().next())?;
    let sets_nothing = !matches!(new.act, Act::Create | Act::Change);
    (newest.act == new.act && sets_nothing && newest.rank <= new.rank).then_some(newest)
}

/// Nobody wants it any more. What was sent already stays as it is there.
///
/// # Errors
/// `NoSuchOrder`. An order that is being sent, or over, is not changed.
pub async fn withdraw(ctx: &Ctx, tx: &mut Write, id: &OrderId) -> Result<Option<Order>, ProvisioningError> {
    let order = get_in(tx, id).await?;
    Ok(settle::on(ctx, tx, vec![(order, Event::Withdrawn)]).await?.pop())
}

/// A person says that it was carried out, where nothing of ours can look: from then on it counts as seen there. The caller
/// records who and by which proof.
///
/// # Errors
/// `NotForPerson` unless it waits for one; `NotMadeYet` when it is about an account that another order is to make first.
pub async fn done_by_person(ctx: &Ctx, tx: &mut Write, id: &OrderId) -> Result<Order, ProvisioningError> {
    by_hand::done(ctx, tx, id).await
}

/// What the accounts and entitlements are that new orders name.
struct Known {
    accounts: BTreeMap<ObservedAccountId, ObservedAccount>,
    entitlements: BTreeMap<String, (ObservedEntitlement, bool)>,
    /// By system and key of the login, under which a system may have several.
    logins: BTreeMap<(String, String), Vec<ObservedAccount>>,
}

impl Known {
    async fn read(tx: &mut ReadTx, orders: &[NewOrder], said: &Said) -> Result<Self, ProvisioningError> {
        let ids: BTreeSet<_> = orders.iter().filter_map(|order| order.what.account()).collect();
        let accounts = observed_store::accounts_by_id(tx, ids.into_iter().map(Value::from).collect()).await?;
        let ids: BTreeSet<_> = orders.iter().filter_map(|order| order.what.entitlement()).collect();
        let mut entitlements = BTreeMap::new();
        for entitlement in observed_store::entitlements_by_id(tx, ids.into_iter().map(Value::from).collect()).await? {
            let gives_power = power::gives(tx, &entitlement, said).await?;
            entitlements.insert(entitlement.id.to_string(), (entitlement, gives_power));
        }
        let mut logins: BTreeMap<(String, String), Vec<ObservedAccount>> = BTreeMap::new();
        for system in orders.iter().map(|order| order.system.as_str()).collect::<BTreeSet<_>>() {
            let of_system = orders.iter().filter(|order| order.system == system);
            let holders = of_system.filter_map(|order| match &order.what {
                What::Grant { holder: Holder::Login(login), .. } => Some(Value::from(login_key(login))),
                _ => None,
            });
            for account in observed_store::accounts_by_login(tx, system, holders.collect()).await? {
                logins.entry((account.system.clone(), login_key(&account.login))).or_default().push(account);
            }
        }
        let accounts = accounts.into_iter().map(|account| (account.id.clone(), account)).collect();
        Ok(Self { accounts, entitlements, logins })
    }

    fn place(&self, ctx: &Ctx, tx: &Write, new: NewOrder) -> Result<(Order, Vec<u8>), ProvisioningError> {
        let account = match (new.what.account(), &new.what) {
            (Some(account), _) => Some(self.changeable(&new.system, account)?.clone()),
            (None, What::Grant { holder: Holder::Login(login), .. }) => self.theirs(&new, login),
            (None, _) => None,
        };
        let is_privileged = match new.what.entitlement() {
            Some(entitlement) => {
                let known = self.entitlements.get(entitlement.as_str());
                let (known, gives_power) =
                    known.ok_or_else(|| ProvisioningError::NoSuchEntitlement(entitlement.clone()))?;
                elsewhere(&known.system, &new.system, entitlement.as_str())?;
                *gives_power
            }
            None => false,
        };
        let id = OrderId::new(ctx.clock(), ctx.chance());
        let attributes = new.what.attributes().cloned().unwrap_or_default();
        let sealed = body::sealed(ctx, &id, &Body { attributes, password: None })?;
        let order = Order {
            subject_key: subject_key(account.as_ref(), new.what.login(), about(&new.what)),
            system: new.system,
            identity: new.identity,
            cause: new.cause,
            because: new.because,
            rank: Rank::of(new.what.act(), new.cause, is_privileged),
            act: new.what.act(),
            login: new.what.login().cloned(),
            entitlement: new.what.entitlement().cloned(),
            account,
            plan: new.plan,
            state: State::Ordered,
            fence: 0,
            attempts: 0,
            reopened: 0,
            ordered_at: tx.now(),
            sent_at: None,
            supersedes: None,
            id,
        };
        Ok((order, sealed))
    }

    /// The account of that login where it is known to be the person's, and may be changed. Any other may be somebody
    /// else's: then the order waits for [`found`](crate::sight::found).
    fn theirs(&self, new: &NewOrder, login: &str) -> Option<ObservedAccountId> {
        let of_login = self.logins.get(&(new.system.clone(), login_key(login)))?;
        let is_theirs = |account: &&ObservedAccount| {
            let link = account.link.as_ref();
            account.protection.is_none() && link.is_some_and(|link| Some(&link.identity) == new.identity.as_ref())
        };
        of_login.iter().find(is_theirs).map(|account| account.id.clone())
    }

    fn changeable(&self, system: &str, id: &ObservedAccountId) -> Result<&ObservedAccountId, ProvisioningError> {
        let account = self.accounts.get(id).ok_or_else(|| ProvisioningError::NoSuchAccount(id.clone()))?;
        elsewhere(&account.system, system, id.as_str())?;
        match account.protection {
            Some(_) => Err(ProvisioningError::Protected(id.clone())),
            None => Ok(&account.id),
        }
    }
}

fn elsewhere(on: &str, system: &str, thing: &str) -> Result<(), ProvisioningError> {
    if on == system {
        return Ok(());
    }
    Err(ProvisioningError::ElsewhereOrdered { thing: thing.to_owned(), system: system.to_owned() })
}

/// What of an account an order is about: a membership, its attributes, or the account itself.
#[derive(Debug, Clone, Copy)]
pub(crate) enum About<'a> {
    Account,
    Attributes,
    Membership(&'a EntitlementId),
}

const fn about(what: &What) -> About<'_> {
    match (what, what.entitlement()) {
        (_, Some(entitlement)) => About::Membership(entitlement),
        (What::Change { .. }, None) => About::Attributes,
        (_, None) => About::Account,
    }
}

/// By the account that is observed, or the login of the one that is not.
pub(crate) fn subject_key(account: Option<&ObservedAccountId>, login: Option<&String>, about: About<'_>) -> String {
    let of = match (account, login) {
        (Some(account), _) => account.to_string(),
        (None, login) => format!("login:{}", login_key(login.map_or("", String::as_str))),
    };
    match about {
        About::Account => of,
        About::Attributes => format!("{of}/attributes"),
        About::Membership(entitlement) => format!("{of}/{entitlement}"),
    }
}

/// By which a login is found whatever its case.
pub(crate) fn login_key(login: &str) -> String {
    login.to_lowercase()
}

/// What it sets, by the names of the system; empty once the order is over. Never a password.
pub async fn attributes(ctx: &Ctx, id: &OrderId) -> Result<Attributes, ProvisioningError> {
    let sealed = store::body(&mut ctx.read().await?, id).await?.unwrap_or_default();
    Ok(body::unsealed(ctx, id, &sealed)?.attributes)
}

/// The account, its attributes or the membership that an order of this kind is about, as [`Order::subject_key`] names it.
pub fn subject(what: &What) -> String {
    subject_key(what.account(), what.login(), about(what))
}

/// The newest order about each of these subjects that nothing took the place of.
pub async fn latest(
    tx: &mut ReadTx,
    system: &str,
    subjects: impl Iterator<Item = String>,
) -> Result<BTreeMap<String, Order>, ProvisioningError> {
    let subjects: BTreeSet<String> = subjects.collect();
    let orders = store::standing_on(tx, system, subjects.into_iter().map(Value::from).collect()).await?;
    // In the order of their ids: the last one stays.
    Ok(orders.into_iter().map(|order| (order.subject_key.clone(), order)).collect())
}

/// What is under way to make accounts for these people on a system: by person, the login.
pub async fn being_made(
    tx: &mut ReadTx,
    system: &str,
    people: impl IntoIterator<Item = &IdentityId>,
) -> Result<BTreeMap<IdentityId, String>, ProvisioningError> {
    let orders = store::making(tx, system, people.into_iter().map(Value::from).collect()).await?;
    Ok(orders.into_iter().filter_map(|order| Some((order.identity?, order.login?))).collect())
}

/// People of whom a system refused something that was ordered since.
pub async fn refused_since(
    tx: &mut ReadTx,
    system: &str,
    since: Timestamp,
) -> Result<Vec<IdentityId>, ProvisioningError> {
    Ok(store::refused_since(tx, system, since).await?)
}

/// How many orders were given for a system since, by what they do and the plan that they are a part of.
pub async fn given_since(tx: &mut ReadTx, system: &str, since: Timestamp) -> Result<Vec<Given>, ProvisioningError> {
    Ok(store::given_since(tx, system, since).await?)
}

/// Every order, in the order of their ids, after one.
pub async fn oldest(tx: &mut ReadTx, after: Option<&OrderId>, limit: u32) -> Result<Vec<Order>, ProvisioningError> {
    Ok(store::oldest(tx, after, limit).await?)
}

pub async fn get(ctx: &Ctx, id: &OrderId) -> Result<Order, ProvisioningError> {
    get_in(&mut ctx.read().await?, id).await
}

/// As seen inside a decision's transaction.
pub async fn get_in(tx: &mut ReadTx, id: &OrderId) -> Result<Order, ProvisioningError> {
    store::get(tx, id).await?.ok_or_else(|| ProvisioningError::NoSuchOrder(id.clone()))
}

/// Those that a person is to carry out.
pub async fn waiting_for_person(tx: &mut ReadTx) -> Result<Vec<OrderId>, ProvisioningError> {
    Ok(store::waiting_for_person(tx).await?)
}

/// Newest first.
pub async fn list(ctx: &Ctx, filter: &OrderFilter) -> Result<Vec<Order>, ProvisioningError> {
    Ok(store::list(&mut ctx.read().await?, filter).await?)
}

/// The same, as seen inside a decision's transaction.
pub async fn list_in(tx: &mut ReadTx, filter: &OrderFilter) -> Result<Vec<Order>, ProvisioningError> {
    Ok(store::list(tx, filter).await?)
}
