//! What depends on an account under management: files on hosts that hold its password. They are found by the password
//! itself, confirmed by a person, and given each new one by the rotation that made it.

mod error;
mod events;
mod model;
mod on_host;
mod store;
pub(crate) mod update;

pub use error::DependentError;
pub use events::KINDS;
pub use model::{Dependent, Line, Looked, Place, Reading, Rehearsal, State};
pub(crate) use on_host::rehearse;

use crate::accounts::{self, AccountError, CredentialKind, Managed};
use crate::passwords;
use crate::rotation;
use crate::sessions::Node;
use connectors::linux::dependents as host;
use db::{DbError, ReadTx};
use events::Purpose;
use ledger::{Ctx, Write};
use std::collections::BTreeMap;
use types::{DependentId, ManagedAccountId, Secret, Timestamp};

/// Paths that one look takes besides the usual places.
const MOST_FILES: usize = 20;

/// The passwords of an account that are kept, by version.
pub(crate) type Values = BTreeMap<u32, Secret<String>>;

/// Looks on a host for files that hold the account's password, and notes them; changes nothing there. `files` are whole
/// paths of files or folders to look at besides units and cron tabs.
///
/// # Errors
/// [`DependentError::NotAPassword`]; those of the visit; a conflict when the password is being changed.
pub async fn find(
    ctx: &Ctx,
    node: &Node,
    id: &ManagedAccountId,
    on: &str,
    files: &[String],
) -> Result<Looked, DependentError> {
    if files.len() > MOST_FILES {
        return Err(DependentError::TooManyFiles { most: MOST_FILES });
    }
    let account = password_of(&mut ctx.read().await?, id).await?;
    let current = accounts::own_in(ctx, &mut ctx.read().await?, id).await?;
    let session = on_host::enter(ctx, node, &account, on, Purpose::Find).await?;
    let looked = host::find(&session, &account.login, &current.value, files).await;
    session.close().await;
    let mut looked = looked?;
    withhold(&mut looked, &current.value);
    note(ctx, &current.account, current.version, on, looked).await
}

/// A path is kept and shown, so one that holds the password itself is not.
fn withhold(looked: &mut host::Dependents, value: &Secret<String>) {
    let shows = |path: &str| path.contains(value.expose().as_str());
    looked.gaps.retain(|gap| !shows(gap));
    let before = looked.found.len();
    looked.found.retain(|found| !shows(&found.file));
    if looked.found.len() < before {
        looked.gaps.push("a file whose own path holds the password is not shown".to_owned());
    }
}

async fn note(
    ctx: &Ctx,
    account: &Managed,
    version: u32,
    on: &str,
    looked: host::Dependents,
) -> Result<Looked, DependentError> {
    let mut tx = ctx.decide().await?;
    let now = tx.now();
    if accounts::find_managed(&mut tx, &account.id).await?.state.current() != Some(version) {
        return Err(AccountError::Rotating(account.name()).into());
    }
    let mut by_file: BTreeMap<&str, Vec<&host::Dependent>> = BTreeMap::new();
    for line in &looked.found {
        by_file.entry(&line.file).or_default().push(line);
    }
    for (file, lines) in by_file {
        store::insert_or_see(&mut tx, &seen(ctx, account, version, on, file, &lines, now)).await?;
    }
    let all = store::of_account(&mut tx, &account.id).await?;
    let is_found = |dependent: &Dependent| looked.found.iter().any(|found| found.file == dependent.file);
    let found = all.into_iter().filter(|dependent| dependent.host == on && is_found(dependent)).collect();
    let looked = Looked { found, gaps: looked.gaps };
    tx.also(events::found(&account.id, on, &looked));
    tx.commit().await?;
    Ok(looked)
}

fn seen(
    ctx: &Ctx,
    account: &Managed,
    version: u32,
    on: &str,
    file: &str,
    lines: &[&host::Dependent],
    now: Timestamp,
) -> Dependent {
    Dependent {
        id: DependentId::new(ctx.clock(), ctx.chance()),
        account: account.id.clone(),
        host: on.to_owned(),
        file: file.to_owned(),
        place: lines[0].place,
        unit: lines[0].unit.clone(),
        lines: lines.iter().map(|line| line.line).collect(),
        names_login: lines.iter().any(|line| line.names_login),
        holds: version,
        found_at: now,
        seen_at: now,
        state: State::Found,
    }
}

/// By host and file.
pub async fn list(ctx: &Ctx, account: &ManagedAccountId) -> Result<Vec<Dependent>, DependentError> {
    let mut tx = ctx.read().await?;
    accounts::find(&mut tx, account).await?;
    Ok(store::of_account(&mut tx, account).await?)
}

/// Confirms one: from now on rotations update it. A run that is under way without it begins anew.
///
/// # Errors
/// [`DependentError::Stale`] when the account has another password by now, [`DependentError::NoUnit`] when nothing is known
/// that could be restarted.
pub async fn keep(ctx: &Ctx, id: &DependentId, reading: Reading) -> Result<Dependent, DependentError> {
    let mut tx = ctx.decide().await?;
    let now = tx.now();
    let dependent = get(&mut tx, id).await?;
    let account = accounts::find_managed(&mut tx, &dependent.account).await?;
    if reading == Reading::AfterRestart && dependent.unit.is_none() {
        return Err(DependentError::NoUnit(dependent.file));
    }
    if !dependent.is_kept() {
        match account.state {
            accounts::State::Settled { current } if current == dependent.holds => {}
            accounts::State::Changing { .. } => return Err(AccountError::Rotating(account.name()).into()),
            _ => return Err(DependentError::Stale(dependent.file)),
        }
        rotation::begin_anew(ctx, &mut tx, &account).await?;
    }
    store::update_kept(&mut tx, id, reading, now).await?;
    tx.also(events::kept(&dependent, reading));
    let dependent = get(&mut tx, id).await?;
    tx.commit().await?;
    Ok(dependent)
}

/// Takes one away. The file stays as it is, and a later look may find it again.
pub async fn remove(ctx: &Ctx, id: &DependentId) -> Result<(), DependentError> {
    let mut tx = ctx.decide().await?;
    let now = tx.now();
    let dependent = get(&mut tx, id).await?;
    store::update_removed(&mut tx, id, now).await?;
    tx.also(events::removed(&dependent));
    Ok(tx.commit().await?)
}

/// What a rotation would do to each dependent, found or kept, without doing it.
pub async fn dry_run(ctx: &Ctx, node: &Node, id: &ManagedAccountId) -> Result<Vec<Rehearsal>, DependentError> {
    let mut tx = ctx.read().await?;
    let account = password_of(&mut tx, id).await?;
    let (all, values) = (store::of_account(&mut tx, id).await?, values(ctx, &mut tx, id).await?);
    let characters = characters(&mut tx, &account).await?;
    drop(tx);
    Ok(rehearse(ctx, node, &account, all, &values, &characters).await?)
}

/// Everything that may occur in the next password of an account.
pub(crate) async fn characters(tx: &mut ReadTx, account: &Managed) -> Result<String, AccountError> {
    let policy = passwords::get(tx, &account.settings.policy).await?;
    Ok(policy.alphabet().into_iter().map(char::from).collect())
}

async fn values(ctx: &Ctx, tx: &mut ReadTx, id: &ManagedAccountId) -> Result<Values, AccountError> {
    let kept = accounts::credential::kept(ctx, tx, id).await?;
    Ok(kept.into_iter().map(|kept| (kept.version, kept.value)).collect())
}

pub(crate) async fn kept_of(tx: &mut ReadTx, account: &ManagedAccountId) -> Result<Vec<Dependent>, DbError> {
    store::kept_of(tx, account).await
}

async fn get(tx: &mut Write, id: &DependentId) -> Result<Dependent, DependentError> {
    store::get(tx, id).await?.ok_or_else(|| DependentError::NotFound(id.clone()))
}

async fn password_of(tx: &mut ReadTx, id: &ManagedAccountId) -> Result<Managed, DependentError> {
    let account = accounts::find_managed(tx, id).await?;
    if account.credential == CredentialKind::Password {
        Ok(account)
    } else {
        Err(DependentError::NotAPassword(account.name()))
    }
}
