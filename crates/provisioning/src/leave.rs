//! What is taken from somebody who leaves, and what is not taken any more from somebody who is back. A part of
//! governance's door.

use crate::machine::{Event, State};
use crate::order::{self, About, subject_key};
use crate::power::{self, Said};
use crate::{
    Act, Cause, NewOrder, ObservedAccount, Order, ProvisioningError, Rank, What, observed_store, order_store as store,
    settle,
};
use connectors::connector::Status;
use db::{ReadTx, Value};
use ledger::{Ctx, Write};
use types::{EntitlementId, IdentityId, ObservedAccountId, Timestamp};

/// What is taken from somebody who leaves, everywhere at once.
#[derive(Debug, Clone, Default)]
pub struct Leave {
    pub orders: Vec<Order>,
    /// Their accounts that nothing is ever sent to: a person has to see to them.
    pub protected: Vec<ObservedAccountId>,
}

/// Orders every privileged membership of every account of a person taken away, also one by which a nested group gives
/// power, and every account disabled. Whatever was ordered to give them something is withdrawn; what of it is under way
/// is taken back as soon as it is answered.
pub async fn leave(
    ctx: &Ctx,
    tx: &mut Write,
    identity: &IdentityId,
    because: &str,
    said: &Said,
) -> Result<Leave, ProvisioningError> {
    let gifts = store::gifts_to(tx, identity).await?;
    let (sent, unsent): (Vec<Order>, Vec<Order>) = gifts.into_iter().partition(was_sent);
    settle::on(ctx, tx, unsent.into_iter().map(|order| (order, Event::Withdrawn)).collect()).await?;
    let Taken { mut orders, protected } = taken(tx, identity, because, said).await?;
    for (account, entitlement) in given_meanwhile(tx, &sent, said).await? {
        let what = What::Revoke { account: account.id.clone(), entitlement };
        if orders.iter().all(|order| order.what != what) {
            orders.push(new_order(&account, identity, because, what));
        }
    }
    Ok(Leave { orders: order::give_where(ctx, tx, orders, said).await?, protected })
}

/// The same for whatever is theirs since: accounts that were linked to them, memberships that they got. What is ordered
/// already, or was taken away, stays as it is.
pub async fn leave_again(
    ctx: &Ctx,
    tx: &mut Write,
    identity: &IdentityId,
    because: &str,
    said: &Said,
) -> Result<Leave, ProvisioningError> {
    let Taken { orders, protected } = taken(tx, identity, because, said).await?;
    let left_out = left_out(tx, orders).await?;
    Ok(Leave { orders: order::give_where(ctx, tx, left_out, said).await?, protected })
}

/// What is left of somebody who has left, as far as systems are concerned.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    /// Their accounts that nothing is ever sent to, and that are not disabled.
    pub protected: Vec<ObservedAccount>,
    /// Whether something of theirs is there that nobody ordered taken away.
    pub is_left_out: bool,
}

pub async fn standing(tx: &mut ReadTx, identity: &IdentityId, said: &Said) -> Result<Standing, ProvisioningError> {
    let Taken { orders, protected: ids } = taken(tx, identity, "", said).await?;
    let is_left_out = !left_out(tx, orders).await?.is_empty();
    let mut protected = observed_store::accounts_by_id(tx, ids.iter().map(Value::from).collect()).await?;
    protected.retain(|account| account.status == Status::Enabled);
    Ok(Standing { protected, is_left_out })
}

/// Every order that takes something from a person or their accounts, and was not replaced by a newer one.
pub async fn against(tx: &mut ReadTx, identity: &IdentityId) -> Result<Vec<Order>, ProvisioningError> {
    Ok(store::against(tx, identity).await?)
}

/// Somebody is back: what was ordered because they left, and is not done, is withdrawn, and so is every deletion of an
/// account of theirs that waits; what is done stays done, and is not done again when somebody gives it back. Returns what
/// changed.
pub async fn come_back(ctx: &Ctx, tx: &mut Write, identity: &IdentityId) -> Result<Vec<Order>, ProvisioningError> {
    let ordered = store::against(tx, identity).await?;
    let of_leaver = ordered.into_iter().filter(|order| order.cause == Cause::Leaver || order.act == Act::Delete);
    settle::on(ctx, tx, of_leaver.map(|order| (order, Event::Withdrawn)).collect()).await
}

/// Whom something is still to be taken from because they left.
pub async fn leavers(tx: &mut ReadTx) -> Result<Vec<IdentityId>, ProvisioningError> {
    Ok(store::leavers(tx).await?)
}

/// Who of these people has an enabled account that may be changed, that no order disables, and that was theirs by then.
pub async fn exposed(
    tx: &mut ReadTx,
    people: impl IntoIterator<Item = &IdentityId>,
    linked_until: Timestamp,
) -> Result<Vec<IdentityId>, ProvisioningError> {
    Ok(observed_store::exposed(tx, people.into_iter().map(Value::from).collect(), linked_until).await?)
}

struct Taken {
    orders: Vec<NewOrder>,
    protected: Vec<ObservedAccountId>,
}

async fn taken(tx: &mut ReadTx, identity: &IdentityId, because: &str, said: &Said) -> Result<Taken, ProvisioningError> {
    let (mut orders, mut protected) = (Vec::new(), Vec::new());
    for account in observed_store::accounts_of(tx, identity).await? {
        if account.protection.is_some() {
            protected.push(account.id);
            continue;
        }
        let order = |what| new_order(&account, identity, because, what);
        for entitlement in observed_store::direct_of(tx, &account.system, &account.native_id).await? {
            if power::gives(tx, &entitlement, said).await? {
                orders.push(order(What::Revoke { account: account.id.clone(), entitlement: entitlement.id }));
            }
        }
        orders.push(order(What::Disable { account: account.id.clone() }));
    }
    Ok(Taken { orders, protected })
}

fn new_order(account: &ObservedAccount, identity: &IdentityId, because: &str, what: What) -> NewOrder {
    NewOrder {
        system: account.system.clone(),
        identity: Some(identity.clone()),
        cause: Cause::Leaver,
        because: because.to_owned(),
        plan: None,
        what,
    }
}

/// Those that nothing was ordered about, and whose account is not disabled as it is.
async fn left_out(tx: &mut ReadTx, orders: Vec<NewOrder>) -> Result<Vec<NewOrder>, ProvisioningError> {
    let mut left_out = Vec::new();
    for new in orders {
        let about = new.what.entitlement().map_or(About::Account, About::Membership);
        let subject = subject_key(new.what.account(), None, about);
        let live = store::live_on(tx, &new.system, vec![Value::from(&subject)]).await?;
        if live.iter().all(|order| order.act != new.what.act()) && !is_disabled(tx, &new).await? {
            left_out.push(new);
        }
    }
    Ok(left_out)
}

async fn is_disabled(tx: &mut ReadTx, new: &NewOrder) -> Result<bool, ProvisioningError> {
    let (Act::Disable, Some(account)) = (new.what.act(), new.what.account()) else { return Ok(false) };
    let account = observed_store::account_of(tx, account).await?;
    Ok(account.is_none_or(|account| account.status == Status::Disabled))
}

/// Whether the system may have it already.
const fn was_sent(order: &Order) -> bool {
    order.state.is_unsettled() || matches!(order.state, State::Done { .. })
}

/// Privileged memberships that are there as soon as what is under way is answered. Whoever gave it may have known less of
/// what gives power.
async fn given_meanwhile(
    tx: &mut ReadTx,
    sent: &[Order],
    said: &Said,
) -> Result<Vec<(ObservedAccount, EntitlementId)>, ProvisioningError> {
    let mut given = Vec::new();
    for order in sent.iter().filter(|order| order.act == Act::Grant) {
        let (Some(account), Some(entitlement)) = (&order.account, &order.entitlement) else { continue };
        let (account, entitlement) =
            (observed_store::account_of(tx, account).await?, observed_store::entitlement_of(tx, entitlement).await?);
        let (Some(account), Some(entitlement)) = (account, entitlement) else { continue };
        let was_power = order.rank == Rank::of(Act::Grant, order.cause, true);
        if account.protection.is_none() && (was_power || power::gives(tx, &entitlement, said).await?) {
            given.push((account, entitlement.id));
        }
    }
    Ok(given)
}
