//! The window of a grant begins: its holder's account is ordered into what the grant is for.

use super::{Membership, MembershipError, NOT_GIVEN, State, events, store};
use connectors::connector::Status;
use db::{ReadTx, Value};
use grants::{Ask, Grant, enforce};
use ledger::{Ctx, finding};
use provisioning::order;
use provisioning::{
    Act, Cause, Holder, NewOrder, ObservedAccount, ObservedEntitlement, ProvisioningError, What, inventory,
};
use types::Channel;

/// Every grant that stands and has none yet.
pub(super) async fn all(ctx: &Ctx) -> Result<(), MembershipError> {
    let begun = enforce::standing(ctx, Channel::Membership).await?;
    let known =
        store::known(&mut ctx.read().await?, begun.iter().map(|grant| Value::from(&grant.id)).collect()).await?;
    for grant in begun.iter().filter(|grant| !known.contains(&grant.id)) {
        if let Err(trouble) = one(ctx, grant).await? {
            let Grant { login, target, .. } = grant;
            let detail = format!("the grant for {login} on {target} stands, but its holder is not in there: {trouble}");
            finding::raise(ctx, NOT_GIVEN, grant.id.as_str(), &detail).await?;
        }
    }
    Ok(())
}

/// What is in the way, in words.
type Trouble = &'static str;

async fn one(ctx: &Ctx, grant: &Grant) -> Result<Result<(), Trouble>, MembershipError> {
    let mut tx = ctx.decide().await?;
    if store::get(&mut tx, &grant.id).await?.is_some() {
        return Ok(Ok(()));
    }
    let (entitlement, account) = match facts(&mut tx, grant).await? {
        Ok(facts) => facts,
        Err(trouble) => return Ok(Err(trouble)),
    };
    let (who, target, login) = (&grant.holder, grant.target.as_str(), grant.login.as_str());
    let permit = match enforce::permit(ctx, &mut tx, &Ask { who, target, login, channel: Channel::Membership }).await? {
        // Another one lasts longer: it is that one which gives and takes.
        Ok(permit) if *permit.grant() != grant.id => return Ok(Ok(())),
        Ok(permit) => permit,
        // It ended just now.
        Err(_) => return Ok(Ok(tx.commit().await?)),
    };
    let mut new = Membership {
        grant: grant.id.clone(),
        holder: grant.holder.clone(),
        system: grant.target.clone(),
        account: account.id.clone(),
        entitlement: entitlement.id.clone(),
        added_by: None,
        given_at: tx.now(),
        state: State::Given,
    };
    let is_in = inventory::direct(&mut tx, &account).await?.iter().any(|held| held.id == entitlement.id);
    if !is_in || is_being_taken(&mut tx, &new).await? {
        let what = What::Grant { holder: Holder::Account(account.id), entitlement: entitlement.id };
        let order = NewOrder {
            system: grant.target.clone(),
            identity: Some(grant.holder.clone()),
            cause: Cause::Grant,
            because: grant.id.to_string(),
            plan: None,
            what,
        };
        match order::give(ctx, &mut tx, vec![order]).await {
            // What something else is giving already is not ours to take away.
            Ok(orders) => {
                let ours = orders.into_iter().find(|order| order.cause == Cause::Grant);
                new.added_by = ours.map(|order| order.id);
            }
            Err(ProvisioningError::Protected(_)) => {
                return Ok(Err("the account is protected: take the protection away, or withdraw the grant"));
            }
            Err(error) => return Err(error.into()),
        }
    }
    tx.also(events::given(&permit, &new));
    store::insert(&mut tx, &new).await?;
    finding::clear_in(&mut tx, NOT_GIVEN, grant.id.as_str()).await?;
    tx.commit().await?;
    Ok(Ok(()))
}

/// Whether the account is on its way out: after another grant, or by anybody's order.
async fn is_being_taken(tx: &mut ReadTx, new: &Membership) -> Result<bool, MembershipError> {
    if store::beside(tx, new).await?.iter().any(|other| matches!(other.state, State::Taking { .. })) {
        return Ok(true);
    }
    let what = What::Revoke { account: new.account.clone(), entitlement: new.entitlement.clone() };
    let latest = order::latest(tx, &new.system, std::iter::once(order::subject(&what))).await?;
    Ok(latest.values().any(|order| order.act == Act::Revoke && order.state.is_open()))
}

/// The oldest account of the holder there that is in use.
async fn facts(
    tx: &mut ReadTx,
    grant: &Grant,
) -> Result<Result<(ObservedEntitlement, ObservedAccount), Trouble>, MembershipError> {
    let Some(entitlement) = inventory::by_slug(tx, &grant.target, &grant.login).await? else {
        return Ok(Err("there is no such entitlement there: read the system, or withdraw the grant"));
    };
    let mut accounts = inventory::accounts_of(tx, &grant.holder).await?;
    accounts.retain(|account| account.system == grant.target && account.status == Status::Enabled);
    accounts.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(match accounts.into_iter().next() {
        Some(account) => Ok((entitlement, account)),
        None => Err("no account there is theirs and enabled: say which one is with `tenure inventory link`"),
    })
}
