//! What a verdict on a checkout needs to know, read inside its transaction.

use super::rules::{self, Circumstances, Facts};
use super::{Asked, Checkout, CheckoutError, store};
use crate::accounts::{self, Managed};
use crate::rotation;
use db::ReadTx;
use grants::{Grant, GrantError, enforce};
use types::{Channel, IdentityId, Timestamp};

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
    account: &'a Managed,
    active: &'a [Checkout],
    name: String,
    until: Timestamp,
    now: Timestamp,
) -> Result<Facts<'a>, CheckoutError> {
    let is_outdated = match account.state.current() {
        Some(version) => store::count_outdated(tx, &account.id, version).await? > 0,
        None => false,
    };
    Ok(Facts { account, name, active, is_outdated, until, now })
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
