//! Where nothing of ours can look, a person's word stands for the observation: what they did is written down as what is
//! there, so that it can be taken away again.

use crate::body;
use crate::machine::{Event, Observer, State};
use crate::{
    Act, ObservedAccount, ObservedEntitlement, Order, Protection, ProvisioningError, observe, observed_store, order,
    order_store, settle, sight,
};
use connectors::connector::{Account, AccountKind, AccountRef, Attributes, Entitlement, Held, NativeId, Status};
use db::ReadTx;
use ledger::{Ctx, Write};
use types::OrderId;

/// A person says that an order was carried out. The caller records who and by which proof.
///
/// # Errors
/// `NotForPerson` unless it waits for one; `NotMadeYet` when it is about an account that another order is to make first.
pub(crate) async fn done(ctx: &Ctx, tx: &mut Write, id: &OrderId) -> Result<Order, ProvisioningError> {
    let order = order::get_in(tx, id).await?;
    if !matches!(order.state, State::WaitingForPerson { .. }) {
        return Err(ProvisioningError::NotForPerson(id.clone()));
    }
    let asked = asked(tx, &order).await?;
    let after = after(ctx, tx, &order).await?;
    let seen = Event::Seen { as_ordered: true, by: Observer::Person };
    let over = settle::on(ctx, tx, vec![(order, seen)]).await?;
    let over =
        over.into_iter().find(|over| over.id == *id).ok_or_else(|| ProvisioningError::NotForPerson(id.clone()))?;
    observe::placed(ctx, tx, (&over.system, KIND), &asked, after.as_ref()).await?;
    let over = order::get_in(tx, id).await?;
    sight::link_created(tx, std::slice::from_ref(&over)).await?;
    Ok(over)
}

/// The kind of a system that only persons reach.
const KIND: &str = "manual";

async fn asked(tx: &mut ReadTx, order: &Order) -> Result<AccountRef, ProvisioningError> {
    let login = || order.login.clone().unwrap_or_default();
    Ok(match &order.account {
        None => AccountRef { id: None, login: login() },
        Some(id) => {
            let account = observed_store::account_of(tx, id).await?;
            let account = account.ok_or_else(|| ProvisioningError::NoSuchAccount(id.clone()))?;
            AccountRef { id: Some(NativeId(account.native_id)), login: account.login }
        }
    })
}

/// The account as the order leaves it; `None` where it takes it away.
async fn after(ctx: &Ctx, tx: &mut ReadTx, order: &Order) -> Result<Option<Held>, ProvisioningError> {
    let sealed = order_store::body(tx, &order.id).await?.unwrap_or_default();
    let attributes = body::unsealed(ctx, &order.id, &sealed)?.attributes;
    if order.act == Act::Create {
        return Ok(Some(Held { account: made(order, attributes), entitlements: Vec::new() }));
    }
    let account = match &order.account {
        Some(id) => observed_store::account_of(tx, id).await?.filter(|account| account.until.is_none()),
        None => None,
    };
    let Some(account) = account else {
        return match order.act {
            Act::Disable | Act::Delete | Act::Revoke => Ok(None),
            _ => Err(ProvisioningError::NotMadeYet(order.id.clone())),
        };
    };
    let direct = observed_store::direct_of(tx, &account.system, &account.native_id).await?;
    let mut held = Held { account: as_read(account), entitlements: direct.into_iter().map(entitlement).collect() };
    match order.act {
        Act::Create => {}
        Act::Change => held.account.attributes.extend(attributes),
        Act::Enable => held.account.status = Status::Enabled,
        Act::Disable => held.account.status = Status::Disabled,
        Act::Delete => return Ok(None),
        Act::Grant | Act::Revoke => {
            let Some(id) = &order.entitlement else { return Ok(Some(held)) };
            let about = observed_store::entitlement_of(tx, id).await?;
            let about = entitlement(about.ok_or_else(|| ProvisioningError::NoSuchEntitlement(id.clone()))?);
            held.entitlements.retain(|other| other.id != about.id);
            if order.act == Act::Grant {
                held.entitlements.push(about);
            }
        }
    }
    Ok(Some(held))
}

/// Its login is all that tells such an account apart.
fn made(order: &Order, attributes: Attributes) -> Account {
    let login = order.login.clone().unwrap_or_default();
    Account {
        id: NativeId(login.clone()),
        login,
        status: Status::Enabled,
        attributes,
        privileged: Vec::new(),
        last_used_at: None,
        kind: AccountKind::Ordinary,
    }
}

fn as_read(account: ObservedAccount) -> Account {
    let is_built_in = account.protection == Some(Protection::BuiltIn);
    Account {
        id: NativeId(account.native_id),
        login: account.login,
        status: account.status,
        attributes: account.attributes,
        privileged: account.privileged,
        last_used_at: account.last_used_at,
        kind: if is_built_in { AccountKind::BuiltIn } else { AccountKind::Ordinary },
    }
}

fn entitlement(observed: ObservedEntitlement) -> Entitlement {
    Entitlement {
        id: NativeId(observed.native_id),
        kind: observed.kind,
        name: observed.name,
        privileged: observed.privileged,
    }
}
