//! Roles, declared by files or the API, and what they make people eligible for.

mod events;
mod model;
pub(crate) mod rules;
pub(crate) mod store;

pub use events::KINDS;
pub(crate) use events::thread;
pub use model::{Attribute, Condition, Declaration, DeclaredCondition, Eligibility, File, Offer, Role, Test};

use crate::{identities, machines, policy, systems};
use db::{DbError, ReadTx};
use ledger::{Ctx, LedgerError};
use types::{Failure, IdentityId, Kind, Timestamp};

#[derive(Debug, thiserror::Error)]
pub enum RoleError {
    #[error("there is no role `{0}`")]
    NotFound(String),
    #[error("there is no identity `{0}`")]
    NoSuchIdentity(IdentityId),
    #[error("`{0}` is not a name for a role: use lower case letters, digits and `-`, at most 63")]
    BadName(String),
    #[error("role `{0}` is declared twice: keep one")]
    Twice(String),
    #[error("role `{0}` has no condition, so that everybody would have it: add a `when`")]
    NoCondition(String),
    #[error("role `{role}`: there is no attribute `{attribute}`: the attributes are {known}")]
    UnknownAttribute { role: String, attribute: String, known: String },
    #[error(
        "role `{role}`: a condition on {attribute} needs exactly one of equals, one_of, starts_with, and a value that is not empty"
    )]
    BadTest { role: String, attribute: String },
    #[error("role `{role}`: there is no login `{login}` on a system `{system}`: declare the system first")]
    UnknownLogin { role: String, system: String, login: String },
    #[error("role `{role}`: max_minutes and max_sessions must be at least 1, and one channel allowed")]
    EmptyOffer { role: String },
    #[error("role `{0}`: `description` is longer than 1,024 bytes, or a value of `when` longer than 255")]
    TooLong(String),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Failure for RoleError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound(_) | Self::NoSuchIdentity(_) => Kind::NotFound,
            Self::Ledger(e) => e.kind(),
            Self::Db(e) => e.kind(),
            _ => Kind::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "no_such_role",
            Self::NoSuchIdentity(_) => "no_such_identity",
            Self::BadName(_) => "bad_role_name",
            Self::Twice(_) => "declared_twice",
            Self::NoCondition(_) => "no_condition",
            Self::UnknownAttribute { .. } => "unknown_attribute",
            Self::BadTest { .. } => "bad_test",
            Self::UnknownLogin { .. } => "unknown_login",
            Self::EmptyOffer { .. } => "empty_offer",
            Self::TooLong(_) => "role_too_long",
            Self::Ledger(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}

/// Registers roles or changes them; all or none. Roles that are not named stay as they are.
pub async fn declare(ctx: &Ctx, declarations: &[Declaration]) -> Result<Vec<Role>, RoleError> {
    let roles = rules::checked(declarations)?;
    let mut tx = ctx.decide().await?;
    rules::logins_exist(&roles, &systems::store::all(&mut tx).await?)?;
    let now = tx.now();
    let mut changed = false;
    for role in &roles {
        if store::get(&mut tx, &role.name).await?.as_ref() != Some(role) {
            tx.also(events::declared(role));
            store::save(&mut tx, role, now).await?;
            changed = true;
        }
    }
    if changed {
        tx.commit().await?;
    }
    Ok(roles)
}

pub async fn get(ctx: &Ctx, name: &str) -> Result<Role, RoleError> {
    let role = store::get(&mut ctx.read().await?, name).await?;
    role.ok_or_else(|| RoleError::NotFound(name.chars().take(70).collect()))
}

/// By name.
pub async fn list(ctx: &Ctx) -> Result<Vec<Role>, RoleError> {
    Ok(store::all(&mut ctx.read().await?).await?)
}

/// What a person may ask for now.
pub async fn eligibility(ctx: &Ctx, id: &IdentityId) -> Result<Vec<Eligibility>, RoleError> {
    let mut tx = ctx.read().await?;
    if machines::store::get(&mut tx, id).await?.is_some() {
        // A machine asks for nothing: its owner does.
        return Ok(Vec::new());
    }
    let identity = identities::store::get(&mut tx, id).await?.ok_or_else(|| RoleError::NoSuchIdentity(id.clone()))?;
    Ok(catalogue(&mut tx).await?.eligibility(&identity, ctx.now()))
}

/// Everything that eligibility depends on besides the person.
pub(crate) struct Catalogue {
    roles: Vec<Role>,
    systems: Vec<systems::System>,
    max_minutes: u32,
}

pub(crate) async fn catalogue(tx: &mut ReadTx) -> Result<Catalogue, DbError> {
    Ok(Catalogue {
        roles: store::all(tx).await?,
        systems: systems::store::all(tx).await?,
        max_minutes: policy::store::get(tx).await?.requests.max_duration_minutes,
    })
}

impl Catalogue {
    pub(crate) fn system(&self, name: &str) -> Option<&systems::System> {
        self.systems.iter().find(|system| system.name == name)
    }

    pub(crate) fn eligibility(&self, identity: &identities::Identity, now: Timestamp) -> Vec<Eligibility> {
        rules::eligibility(identity, &self.roles, &self.systems, self.max_minutes, now)
    }

    /// What the owner of a machine identity may ask for on its behalf: whatever they are eligible for themselves, and
    /// the logins that systems keep for machines.
    pub(crate) fn eligibility_of_machine(&self, owner: &identities::Identity, now: Timestamp) -> Vec<Eligibility> {
        let mut eligible = self.eligibility(owner, now);
        if owner.is_working(now) {
            eligible.extend(rules::for_machines(&self.systems, self.max_minutes));
        }
        eligible
    }
}
