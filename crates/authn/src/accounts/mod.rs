//! Accounts: who may sign in to Tenure, under which name, with which roles in Tenure itself.
//! Holds no password and no key; business roles and eligibility live in governance.

mod events;
mod model;
mod rules;
pub(crate) mod store;

pub use events::KINDS;
pub use model::{Account, AccountKind};

use crate::{TOPIC, certificates, credentials, setup, sign_in, ssh_keys, tokens};
use db::{DbError, ReadTx};
use ledger::{Ctx, LedgerError, Write};
use std::collections::BTreeSet;
use types::{Failure, IdentityId, Kind, Role};

#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    #[error("there is no account of `{0}`")]
    NotFound(IdentityId),
    #[error(
        "`{0}` cannot be a sign-in name: give 1 to 254 characters without spaces or colons, such as a mail address"
    )]
    BadName(String),
    #[error("the sign-in name `{0}` belongs to another account: disable that one first, or correct the name")]
    NameTaken(String),
    #[error("nobody changes their own roles: ask another administrator")]
    OwnRoles,
    #[error("`{0}` is a machine identity: it has no roles, no sign-in, and only the tokens that its owner makes")]
    Machine(IdentityId),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Failure for AccountError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound(_) => Kind::NotFound,
            Self::BadName(_) => Kind::Invalid,
            Self::NameTaken(_) => Kind::Conflict,
            Self::OwnRoles | Self::Machine(_) => Kind::Forbidden,
            Self::Ledger(e) => e.kind(),
            Self::Db(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "no_such_account",
            Self::BadName(_) => "bad_sign_in_name",
            Self::NameTaken(_) => "sign_in_name_taken",
            Self::OwnRoles => "own_roles",
            Self::Machine(_) => "machine_account",
            Self::Ledger(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}

/// Makes the account with the role of a member, or gives it this sign-in name. A disabled account stays disabled.
/// Names are compared in lower case; the name of a disabled account is free for another.
pub async fn ensure(tx: &mut Write, identity: &IdentityId, sign_in_name: &str) -> Result<(), AccountError> {
    let name = rules::normalised(sign_in_name).ok_or_else(|| bad_name(sign_in_name))?;
    let account = store::get(tx, identity).await?;
    if account.as_ref().is_some_and(|account| account.name == name) {
        return Ok(());
    }
    if account.as_ref().is_none_or(|account| account.enabled) {
        require_free(tx, &name).await?;
    }
    match account {
        Some(_) => {
            tx.also(events::renamed(identity, &name));
            store::update_name(tx, identity, &name).await?;
        }
        None => {
            let account = Account::new(identity.clone(), name);
            tx.also(events::created(&account));
            let now = tx.now();
            store::insert(tx, &account, now).await?;
        }
    }
    tx.wake(TOPIC);
    Ok(())
}

/// Makes the account of a machine identity, under a name that nobody can sign in with.
pub async fn create_machine(tx: &mut Write, identity: &IdentityId, name: &str) -> Result<(), AccountError> {
    let account = Account::of_machine(identity.clone(), name);
    tx.also(events::created(&account));
    let now = tx.now();
    store::insert(tx, &account, now).await?;
    tx.wake(TOPIC);
    Ok(())
}

/// [`ensure`] for many identities that have no account yet. Returns those who got none: another has their name.
pub async fn create_all(tx: &mut Write, newcomers: &[(&IdentityId, &str)]) -> Result<Vec<IdentityId>, AccountError> {
    let mut accounts = Vec::with_capacity(newcomers.len());
    for (identity, sign_in_name) in newcomers {
        let name = rules::normalised(sign_in_name).ok_or_else(|| bad_name(sign_in_name))?;
        accounts.push(Account::new((*identity).clone(), name));
    }
    let mut taken = store::taken(tx, accounts.iter().map(|account| account.name.as_str()).collect()).await?;
    let (free, refused): (Vec<_>, Vec<_>) =
        accounts.into_iter().partition(|account| taken.insert(account.name.clone()));
    free.iter().for_each(|account| tx.also(events::created(account)));
    let now = tx.now();
    store::insert_all(tx, free, now).await?;
    tx.wake(TOPIC);
    Ok(refused.into_iter().map(|account| account.identity).collect())
}

/// From this commit on nothing proves this identity: sign-ins, tokens, keys and certificates are revoked, set-up links
/// voided, password and second factor erased. Harmless when repeated.
pub async fn disable(tx: &mut Write, identity: &IdentityId) -> Result<(), AccountError> {
    let account = store::get(tx, identity).await?.ok_or_else(|| AccountError::NotFound(identity.clone()))?;
    if !account.enabled {
        return Ok(());
    }
    tx.also(events::disabled(identity));
    store::update_enabled(tx, identity, false).await?;
    sign_in::end_all(tx, identity, sign_in::Because::AccountDisabled).await?;
    revoke_proofs(tx, identity).await?;
    setup::void_all(tx, identity).await?;
    credentials::store::delete(tx, identity).await?;
    tx.wake(TOPIC);
    Ok(())
}

/// Revokes every token, SSH key and certificate of an account that stays enabled.
pub async fn revoke_proofs(tx: &mut Write, identity: &IdentityId) -> Result<(), AccountError> {
    tokens::revoke_all(tx, identity).await?;
    ssh_keys::remove_all(tx, identity).await?;
    certificates::revoke_all(tx, identity).await?;
    tx.wake(TOPIC);
    Ok(())
}

/// Lets a disabled account be used again. Nothing that was revoked comes back: it needs a new set-up link.
pub async fn enable(tx: &mut Write, identity: &IdentityId) -> Result<(), AccountError> {
    let account = store::get(tx, identity).await?.ok_or_else(|| AccountError::NotFound(identity.clone()))?;
    if account.enabled {
        return Ok(());
    }
    require_free(tx, &account.name).await?;
    tx.also(events::enabled(identity));
    store::update_enabled(tx, identity, true).await?;
    tx.wake(TOPIC);
    Ok(())
}

/// Sets the roles in Tenure itself; every account stays a member.
pub async fn set_roles(ctx: &Ctx, identity: &IdentityId, roles: &BTreeSet<Role>) -> Result<(), AccountError> {
    if ctx.actor().identity() == Some(identity) {
        return Err(AccountError::OwnRoles);
    }
    let mut tx = ctx.decide().await?;
    let account = store::get(&mut tx, identity).await?.ok_or_else(|| AccountError::NotFound(identity.clone()))?;
    if account.kind == AccountKind::Machine {
        return Err(AccountError::Machine(identity.clone()));
    }
    let mut roles = roles.clone();
    roles.insert(Role::Member);
    if account.roles == roles {
        return Ok(());
    }
    tx.also(events::roles_set(identity, &account.roles, &roles));
    store::update_roles(&mut tx, identity, &roles).await?;
    tx.wake(TOPIC);
    Ok(tx.commit().await?)
}

pub async fn get(ctx: &Ctx, identity: &IdentityId) -> Result<Account, AccountError> {
    store::get(&mut ctx.read().await?, identity).await?.ok_or_else(|| AccountError::NotFound(identity.clone()))
}

/// The account of an identity, if it has one, as the transaction sees it.
pub async fn find(tx: &mut ReadTx, identity: &IdentityId) -> Result<Option<Account>, DbError> {
    store::get(tx, identity).await
}

/// People who administer Tenure and can sign in, by id.
pub async fn administrators(tx: &mut ReadTx) -> Result<Vec<IdentityId>, DbError> {
    let enabled = store::with_more_than_membership(tx, None, u32::MAX).await?;
    let able = enabled.into_iter().filter(|account| account.roles.contains(&Role::Administrator));
    Ok(able.map(|account| account.identity).collect())
}

async fn require_free(tx: &mut Write, name: &str) -> Result<(), AccountError> {
    match store::by_name(tx, name).await? {
        Some(other) if other.enabled => Err(AccountError::NameTaken(name.to_owned())),
        _ => Ok(()),
    }
}

fn bad_name(given: &str) -> AccountError {
    AccountError::BadName(given.chars().filter(|c| !c.is_control()).take(60).collect())
}
