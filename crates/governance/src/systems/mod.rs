//! Systems and their owners, declared by files or the API. Declaring the same again changes nothing.

mod events;
mod model;
pub(crate) mod store;

pub use events::KINDS;
pub(crate) use events::thread;
pub use model::{Declaration, Environment, File, System};

use crate::{entitlements, identities, mappings, roles};
use db::DbError;
use grants::GrantError;
use ledger::{Ctx, LedgerError, Write};
use types::{Failure, IdentityId, Kind};

const LONGEST_DESCRIPTION: usize = 1024;

#[derive(Debug, thiserror::Error)]
pub enum SystemError {
    #[error("there is no system `{0}`: see `tenure systems list`")]
    NotFound(String),
    #[error("`{0}` is not a name for a system: use lower case letters, digits, `.`, `_` and `-`, at most 63")]
    BadName(String),
    #[error("system `{system}`: `{login}` is not a login: use letters, digits, `.`, `_` and `-`, at most 32")]
    BadLogin { system: String, login: String },
    #[error("system `{0}`: `description` is longer than 1,024 bytes")]
    LongDescription(String),
    #[error("system `{0}` is declared twice: keep one")]
    Twice(String),
    #[error(
        "system `{system}`: nobody who works here has the address `{owner}`: import the HR feed first or name another owner"
    )]
    NoSuchOwner { system: String, owner: String },
    #[error("the system `{system}` is named by {by}: take that away first")]
    InUse { system: String, by: String },
    #[error(transparent)]
    Grant(#[from] GrantError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Failure for SystemError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound(_) => Kind::NotFound,
            Self::BadName(_)
            | Self::BadLogin { .. }
            | Self::LongDescription(_)
            | Self::Twice(_)
            | Self::NoSuchOwner { .. } => Kind::Invalid,
            Self::InUse { .. } => Kind::Conflict,
            Self::Grant(e) => e.kind(),
            Self::Ledger(e) => e.kind(),
            Self::Db(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "no_such_system",
            Self::BadName(_) => "bad_system_name",
            Self::BadLogin { .. } => "bad_login",
            Self::LongDescription(_) => "description_length",
            Self::Twice(_) => "declared_twice",
            Self::NoSuchOwner { .. } => "no_such_owner",
            Self::InUse { .. } => "system_in_use",
            Self::Grant(e) => e.code(),
            Self::Ledger(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}

/// Registers systems or changes them; all or none. Systems that are not named stay as they are.
pub async fn declare(ctx: &Ctx, declarations: &[Declaration]) -> Result<Vec<System>, SystemError> {
    let mut tx = ctx.decide().await?;
    let (systems, changed) = declare_in(&mut tx, declarations).await?;
    if changed {
        tx.commit().await?;
    }
    Ok(systems)
}

/// The same inside another decision; says whether anything changed.
pub(crate) async fn declare_in(
    tx: &mut Write,
    declarations: &[Declaration],
) -> Result<(Vec<System>, bool), SystemError> {
    for (at, declaration) in declarations.iter().enumerate() {
        check(declaration)?;
        if declarations[..at].iter().any(|earlier| earlier.name == declaration.name) {
            return Err(SystemError::Twice(declaration.name.clone()));
        }
    }
    let now = tx.now();
    let (mut systems, mut changed) = (Vec::with_capacity(declarations.len()), false);
    for declaration in declarations.iter().cloned() {
        let Declaration { name, description, owner, logins, environment, machine_logins } = declaration;
        let Some(owner) = identities::store::by_email(tx, &owner).await? else {
            return Err(SystemError::NoSuchOwner { system: name, owner: shown(&owner) });
        };
        let system = System { name, description, owner: owner.id, logins, environment, machine_logins };
        if store::get(tx, &system.name).await?.as_ref() != Some(&system) {
            tx.also(events::declared(&system));
            store::save(tx, &system, now).await?;
            changed = true;
        }
        systems.push(system);
    }
    Ok((systems, changed))
}

/// Takes a system out of the register. Nothing may name it any more.
pub(crate) async fn remove_in(tx: &mut Write, name: &str) -> Result<(), SystemError> {
    let system = store::get(tx, name).await?.ok_or_else(|| SystemError::NotFound(shown(name)))?;
    let in_use = |by: String| SystemError::InUse { system: shown(name), by };
    for role in roles::store::all(tx).await? {
        let offers = role.makes_eligible.iter().map(|offer| &offer.system);
        if offers.chain(role.grants.iter().map(|entitled| &entitled.system)).any(|named| named == name) {
            return Err(in_use(format!("the role `{}`", role.name)));
        }
    }
    if let Some(known) = entitlements::store::all(tx).await?.into_iter().find(|known| known.system == name) {
        return Err(in_use(format!("the entitlement `{}`", known.slug)));
    }
    if mappings::store::get(tx, name).await?.is_some() {
        return Err(in_use("its mapping".to_owned()));
    }
    match grants::count_not_gone(tx, name).await? {
        0 => {}
        count => return Err(in_use(format!("{count} grants that are not gone"))),
    }
    tx.also(events::removed(&system));
    Ok(store::remove(tx, name).await?)
}

/// Somebody else owns it from now on.
pub(crate) async fn give_to(tx: &mut Write, name: &str, owner: &IdentityId) -> Result<(), DbError> {
    let Some(system) = store::get(tx, name).await? else { return Ok(()) };
    let system = System { owner: owner.clone(), ..system };
    tx.also(events::declared(&system));
    let now = tx.now();
    store::save(tx, &system, now).await
}

fn check(declaration: &Declaration) -> Result<(), SystemError> {
    let system = shown(&declaration.name);
    if !types::is_target(&declaration.name) {
        return Err(SystemError::BadName(system));
    }
    if declaration.description.len() > LONGEST_DESCRIPTION {
        return Err(SystemError::LongDescription(system));
    }
    match declaration.logins.iter().chain(&declaration.machine_logins).find(|login| !types::is_login(login)) {
        Some(login) => Err(SystemError::BadLogin { system, login: shown(login) }),
        None => Ok(()),
    }
}

fn shown(text: &str) -> String {
    text.chars().take(70).collect()
}

pub async fn get(ctx: &Ctx, name: &str) -> Result<System, SystemError> {
    store::get(&mut ctx.read().await?, name).await?.ok_or_else(|| SystemError::NotFound(shown(name)))
}

/// By name.
pub async fn list(ctx: &Ctx) -> Result<Vec<System>, SystemError> {
    Ok(store::all(&mut ctx.read().await?).await?)
}

/// Whether somebody owns a system, and so decides on it. Nobody owns what is not there.
pub async fn owns(ctx: &Ctx, who: &IdentityId, name: &str) -> Result<bool, SystemError> {
    let system = store::get(&mut ctx.read().await?, name).await?;
    Ok(system.is_some_and(|system| system.is_owned_by(who)))
}

pub async fn owned_by(ctx: &Ctx, owner: &IdentityId) -> Result<Vec<System>, SystemError> {
    Ok(store::owned_by(&mut ctx.read().await?, owner).await?)
}
