//! What a verdict on a checkout needs to know, read inside its transaction.

use super::rules::{self, Circumstances, Facts};
use super::{Asked, Checkout, CheckoutError, State, store};
use crate::accounts::{self, AccountError, Managed};
use crate::rotation;
use db::ReadTx;
use grants::{Grant, GrantError, Permit, enforce};
use types::{Channel, IdentityId, Permission, Timestamp};

/// The account that was asked for; of a pair, the one that is handed out now.
pub(super) async fn account(tx: &mut ReadTx, asked: &Asked) -> Result<Managed, CheckoutError> {
    let (login, target) = (&asked.access.login, &asked.access.target);
    let mut found = accounts::of_login(tx, target, login).await?;
    found.retain(|account| asked.credential.is_none_or(|kind| kind == account.credential));
    let name = asked.access.to_string();
    let account = match found.len() {
        0 => return Err(CheckoutError::NoAccount(name)),
        1 => found.remove(0),
        _ => {
            let kinds = found.iter().map(|account| account.credential).collect();
            return Err(CheckoutError::Several { account: name, kinds });
        }
    };
    match &account.pair {
        Some(pair) if !pair.handed_out => Ok(accounts::find(tx, &pair.other).await?),
        _ => Ok(account),
    }
}

pub(super) async fn active(tx: &mut ReadTx, account: &Managed) -> Result<Vec<Checkout>, CheckoutError> {
    let pair = account.pair.as_ref().map(|pair| &pair.other);
    Ok(store::active_on(tx, &account.id, pair).await?)
}

pub(super) async fn facts<'a>(
    tx: &mut ReadTx,
    permit: &Permit,
    account: &'a Managed,
    active: &'a [Checkout],
    now: Timestamp,
) -> Result<Facts<'a>, CheckoutError> {
    let is_outdated = match account.state.current() {
        Some(version) => store::count_outdated(tx, &account.id, version).await? > 0,
        None => false,
    };
    let (who, since) = (permit.holder(), now.minus(rules::LATELY));
    let lately = store::count_lately(tx, who, &account.id, since, rules::MOST_LATELY).await?;
    let is_confirmed = is_confirmed(tx, who, active, now).await?;
    let name = format!("{}@{}", permit.login(), permit.target());
    Ok(Facts { account, name, active, is_outdated, lately, is_confirmed, until: permit.deadline(), now })
}

/// Whether whoever said yes to somebody's checkout would still be let say so.
async fn is_confirmed(
    tx: &mut ReadTx,
    who: &IdentityId,
    active: &[Checkout],
    now: Timestamp,
) -> Result<bool, CheckoutError> {
    for checkout in active.iter().filter(|checkout| checkout.holder == *who) {
        if let State::Confirmed { by, .. } = &checkout.state {
            return Ok(has_grant(tx, by, checkout, now).await? || is_operator(tx, by).await?);
        }
    }
    Ok(false)
}

async fn is_operator(tx: &mut ReadTx, who: &IdentityId) -> Result<bool, CheckoutError> {
    let account = authn::accounts::find(tx, who).await?.filter(|account| account.enabled);
    Ok(account.is_some_and(|account| account.roles.iter().any(|role| role.permits(Permission::CheckoutsForce))))
}

/// Whether somebody holds a grant of their own for what was checked out.
pub(super) async fn has_grant(
    tx: &mut ReadTx,
    who: &IdentityId,
    checkout: &Checkout,
    now: Timestamp,
) -> Result<bool, CheckoutError> {
    let grants = grants::not_ended_of(tx, who).await?;
    Ok(grants.iter().any(|grant| is_for(grant, checkout) && grant.stands(now)))
}

fn is_for(grant: &Grant, checkout: &Checkout) -> bool {
    (&grant.target, &grant.login) == (&checkout.target, &checkout.login) && grant.channels.contains(&Channel::Checkout)
}

/// Whether somebody has a grant, now or later, to take an account's credential in hand, or that of the other of its pair.
pub(super) async fn may_take(
    tx: &mut ReadTx,
    who: &IdentityId,
    account: &Managed,
    now: Timestamp,
) -> Result<bool, AccountError> {
    let mut logins = vec![account.login.clone()];
    if let Some(pair) = &account.pair {
        logins.push(accounts::find(tx, &pair.other).await?.login);
    }
    let grants = grants::not_ended_of(tx, who).await?;
    Ok(grants.iter().any(|grant| {
        grant.target == account.target
            && logins.contains(&grant.login)
            && grant.channels.contains(&Channel::Checkout)
            && !grant.window.has_ended(now)
    }))
}

/// The grant of a checkout, while it stands.
pub(super) async fn standing(
    tx: &mut ReadTx,
    checkout: &Checkout,
    now: Timestamp,
) -> Result<Option<Grant>, CheckoutError> {
    let grants = grants::not_ended_of(tx, &checkout.holder).await?;
    Ok(grants.into_iter().find(|grant| grant.id == checkout.grant && grant.stands(now)))
}

/// `ended` is what ended the grant, where somebody has marked it.
pub(super) async fn circumstances(
    tx: &mut ReadTx,
    checkout: &Checkout,
    ended: Option<grants::EndCause>,
    now: Timestamp,
) -> Result<Circumstances, CheckoutError> {
    let over = !enforce::ended_of(tx, vec![checkout.grant.clone()], now).await?.is_empty();
    let account = accounts::find(tx, &checkout.account).await?;
    let current = match account.state {
        accounts::State::Settled { current } => Some(current),
        _ => None,
    };
    let is_changing = !account.credential.is_verifiable() || rotation::is_open(tx, &account).await?;
    Ok(Circumstances { grant_over: over.then(|| rules::cause_of(ended)), current, is_changing, now })
}

/// What ended a grant; `None` while nobody has marked it as ended.
pub(super) async fn end_of(ctx: &ledger::Ctx, checkout: &Checkout) -> Result<Option<grants::EndCause>, GrantError> {
    Ok(grants::get(ctx, &checkout.grant).await?.ended().map(|ended| ended.cause))
}
