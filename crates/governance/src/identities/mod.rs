//! The people of the HR feed and their history. Only an import or a passed end date changes them.

mod model;
pub(crate) mod store;

pub use model::{Day, Filter, Identity, Standing, Status, Version, end_of, has_passed};

use crate::machines;
use db::DbError;
use ledger::Ctx;
use std::collections::{BTreeSet, HashMap};
use types::{Failure, IdentityId, Kind, Timestamp};

#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    #[error("there is no identity `{0}`")]
    NotFound(IdentityId),
    #[error("nobody who works here has the address `{0}`: check its spelling, or import the HR feed first")]
    NoSuchEmail(String),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Failure for IdentityError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound(_) | Self::NoSuchEmail(_) => Kind::NotFound,
            Self::Db(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "no_such_identity",
            Self::NoSuchEmail(_) => "no_such_email",
            Self::Db(e) => e.code(),
        }
    }
}

pub async fn get(ctx: &Ctx, id: &IdentityId) -> Result<Identity, IdentityError> {
    store::get(&mut ctx.read().await?, id).await?.ok_or_else(|| IdentityError::NotFound(id.clone()))
}

/// How somebody is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    pub name: String,
    pub is_machine: bool,
}

/// The names of people and machine identities, for pages that show many. Who is not known has none.
pub async fn names(
    ctx: &Ctx,
    ids: impl IntoIterator<Item = &IdentityId>,
) -> Result<HashMap<IdentityId, Name>, IdentityError> {
    let mut tx = ctx.read().await?;
    let ids: BTreeSet<&IdentityId> = ids.into_iter().collect();
    let people = store::of_ids(&mut tx, ids.iter().copied()).await?;
    let others = ids.into_iter().filter(|id| !people.contains_key(id));
    let machines = machines::store::of_ids(&mut tx, others).await?;
    let people = people.iter().map(|(id, person)| (id.clone(), Name { name: person.name(), is_machine: false }));
    let machines = machines.iter().map(|(id, of)| (id.clone(), Name { name: of.name.clone(), is_machine: true }));
    Ok(people.chain(machines).collect())
}

/// The person who has this address now, in any case; never somebody who has left.
pub async fn by_email(ctx: &Ctx, email: &str) -> Result<Identity, IdentityError> {
    let found = store::by_email(&mut ctx.read().await?, email).await?;
    found.ok_or_else(|| IdentityError::NoSuchEmail(email.chars().take(100).collect()))
}

/// Oldest first.
pub async fn list(ctx: &Ctx, filter: &Filter) -> Result<Vec<Identity>, IdentityError> {
    Ok(store::list(&mut ctx.read().await?, filter).await?)
}

/// Everything that was ever known about a person, oldest first.
pub async fn history(ctx: &Ctx, id: &IdentityId) -> Result<Vec<Version>, IdentityError> {
    Ok(store::history(&mut ctx.read().await?, id).await?)
}

/// What is now known to have been true of a person at `at`; `None` when they were not employed yet.
pub async fn true_on(ctx: &Ctx, id: &IdentityId, at: Timestamp) -> Result<Option<Identity>, IdentityError> {
    Ok(store::true_on(&mut ctx.read().await?, id, at).await?)
}

/// People who have not left.
pub async fn count_active(ctx: &Ctx) -> Result<u64, IdentityError> {
    Ok(store::count_active(&mut ctx.read().await?).await?)
}
