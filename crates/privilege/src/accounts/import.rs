//! Putting accounts under management, one or many at once, all or none.

use super::credential::{self, Fresh};
use super::{
    AccountError, AccountKind, Change, CredentialKind, Filter, Managed, Settings, State, VersionState, events, rules,
    store, system, verify,
};
use crate::checkouts::loosen;
use crate::passwords;
use crate::rotation::{self, Cause};
use db::ReadTx;
use ledger::{Ctx, Write};
use types::{IdentityId, ManagedAccountId, Secret};

/// An account as somebody puts it under management.
#[derive(Debug, Clone)]
pub struct Import {
    pub target: String,
    pub login: String,
    pub kind: AccountKind,
    pub credential: CredentialKind,
    pub owner: IdentityId,
    pub purpose: String,
    pub given: Given,
    /// How else than usual it is managed.
    pub change: Change,
}

/// The credential of an account when its management begins.
#[derive(Debug, Clone)]
pub enum Given {
    Value(Secret<String>),
    /// Nobody knows it, or nobody should: a new one is set through the administrator.
    Generate,
}

/// Puts accounts under management, all or none, and sees that each credential works.
///
/// # Errors
/// [`AccountError::Managed`] when one is already; what else is wrong with one, by its name.
pub async fn import(ctx: &Ctx, imports: Vec<Import>) -> Result<Vec<Managed>, AccountError> {
    let mut tx = ctx.decide().await?;
    let mut managed: Vec<Managed> = Vec::with_capacity(imports.len());
    for import in imports {
        let same = |account: &Managed| {
            (&account.login, &account.target, account.credential) == (&import.login, &import.target, import.credential)
        };
        if managed.iter().any(same) {
            return Err(AccountError::Twice(format!("{}@{}", import.login, import.target)));
        }
        managed.push(one(ctx, &mut tx, import).await?);
    }
    if !managed.is_empty() {
        tx.commit().await?;
    }
    Ok(managed)
}

async fn one(ctx: &Ctx, tx: &mut Write, import: Import) -> Result<Managed, AccountError> {
    let now = tx.now();
    let mut settings = Settings::new(import.kind, import.purpose);
    import.change.apply(&mut settings);
    let mut account = Managed {
        id: ManagedAccountId::new(ctx.clock(), ctx.chance()),
        target: import.target,
        login: import.login,
        credential: import.credential,
        owner: import.owner,
        settings,
        state: State::Unknown { current: None },
        pair: None,
        managed_at: now,
        changed_at: None,
        verified_at: None,
        verify_at: None,
        rotate_at: None,
        unmanaged_at: None,
        fence: 0,
    };
    check(tx, &account).await?;
    let others = store::of_login(tx, &account.target, &account.login).await?;
    if others.iter().any(|other| other.credential == account.credential) {
        return Err(AccountError::Managed(account.name()));
    }
    match import.given {
        Given::Value(value) => {
            let public_key = rules::check_value(&account.name(), account.credential, &value)?;
            account.state = State::Settled { current: 1 };
            account.changed_at = Some(now);
            account.verify_at = rules::verify_at(&account.settings, &account, now);
            account.rotate_at = rules::rotate_at(&account.settings, &account, now);
            store::insert(tx, &account).await?;
            credential::keep(ctx, tx, &account.id, &Fresh { value, public_key }, VersionState::Current).await?;
            if account.credential.is_verifiable() {
                verify::enqueue(ctx, tx, &account.id).await?;
            }
        }
        Given::Generate if account.credential != CredentialKind::Password => {
            let reason = "only a password can be set without knowing the one that is there".to_owned();
            return Err(AccountError::BadSettings { account: account.name(), reason });
        }
        Given::Generate => {
            store::insert(tx, &account).await?;
            rotation::order(ctx, tx, &account.id, Cause::Import).await?;
        }
    }
    tx.also(events::managed(&account));
    Ok(account)
}

/// Everything that must be true of how an account is managed.
pub(super) async fn check(tx: &mut Write, account: &Managed) -> Result<(), AccountError> {
    let system = system::find(tx, &account.target).await?;
    rules::check_login(&account.login, system.place())?;
    rules::check_settings(account, system.place())?;
    passwords::get(tx, &account.settings.policy).await?;
    if let Some(by) = &account.settings.reconcile_by {
        rules::check_reconciler(account, &super::find(tx, by).await?)?;
    }
    match before(tx, account).await? {
        Some(before) => loosen::check(tx, &before, account).await,
        None => Ok(()),
    }
}

/// The account as it is managed now, or was when its management ended.
async fn before(tx: &mut ReadTx, account: &Managed) -> Result<Option<Managed>, AccountError> {
    if let Some(now) = store::get(tx, &account.id).await? {
        return Ok(Some(now));
    }
    let (target, login) = (Some(account.target.clone()), Some(account.login.clone()));
    let same = Filter { target, login, all: true, limit: 50, ..Filter::default() };
    let earlier = store::list(tx, &same).await?;
    Ok(earlier.into_iter().find(|earlier| earlier.credential == account.credential))
}
