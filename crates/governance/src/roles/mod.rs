//! Roles, declared by files or the API, and what they make people eligible for.

mod changes;
mod events;
mod holding;
mod judge;
mod model;
pub(crate) mod rules;
pub(crate) mod store;

pub(crate) use changes::Changes;
pub use events::KINDS;
pub(crate) use events::thread;
pub(crate) use holding::{Given, Held, conflict};
pub use model::{Attribute, Condition, Declaration, DeclaredCondition, Eligibility, Entitled, File, Offer, Role, Test};

use crate::assignments::{self, Assignment, Because, What};
use crate::identities::Identity;
use crate::{identities, machines, policy, reconciliation, systems};
use conditions::{ConditionError, Conditions};
use db::{DbError, ReadTx};
use ledger::{Ctx, LedgerError, Write};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use types::{Channel, Failure, IdentityId, Kind, Timestamp};

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
    #[error(
        "role `{0}` has no condition, so that everybody would have it: add a `when` or a `condition`, or say \
         `given = true` for a role that people are given"
    )]
    NoCondition(String),
    #[error("role `{0}` has a condition and says `given = true`: keep one of them")]
    GivenWithCondition(String),
    #[error("role `{role}`: condition, {fault}")]
    BadCondition { role: String, fault: ConditionError },
    #[error("role `{role}` names the role `{named}`, which is not there or is itself")]
    UnknownRole { role: String, named: String },
    #[error("role `{role}`: there is no system `{system}`: declare the system first")]
    UnknownSystem { role: String, system: String },
    #[error("roles include each other in a circle: {0}")]
    Circle(String),
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
    #[error("the role `{role}` is named by {by}: take that away first")]
    InUse { role: String, by: String },
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Failure for RoleError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound(_) | Self::NoSuchIdentity(_) => Kind::NotFound,
            Self::InUse { .. } => Kind::Conflict,
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
            Self::GivenWithCondition(_) => "given_with_condition",
            Self::BadCondition { .. } => "bad_condition",
            Self::UnknownRole { .. } => "unknown_role",
            Self::UnknownSystem { .. } => "unknown_system",
            Self::Circle(_) => "circle_of_roles",
            Self::UnknownAttribute { .. } => "unknown_attribute",
            Self::BadTest { .. } => "bad_test",
            Self::UnknownLogin { .. } => "unknown_login",
            Self::EmptyOffer { .. } => "empty_offer",
            Self::TooLong(_) => "role_too_long",
            Self::InUse { .. } => "role_in_use",
            Self::Ledger(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}

/// Registers roles or changes them; all or none. Roles that are not named stay as they are.
pub async fn declare(ctx: &Ctx, declarations: &[Declaration]) -> Result<Vec<Role>, RoleError> {
    let own = judge::own(&mut ctx.read().await?).await?;
    let mut roles = rules::checked(declarations, &own)?;
    let mut tx = ctx.decide().await?;
    let own_now = judge::own(&mut tx).await?;
    if own_now != own {
        roles = rules::checked(declarations, &own_now)?;
    }
    if keep(&mut tx, &roles).await? {
        tx.commit().await?;
    }
    Ok(roles)
}

/// The same inside another decision; says whether anything changed.
pub(crate) async fn declare_in(tx: &mut Write, declarations: &[Declaration]) -> Result<(Vec<Role>, bool), RoleError> {
    let roles = rules::checked(declarations, &judge::own(tx).await?)?;
    let changed = keep(tx, &roles).await?;
    Ok((roles, changed))
}

/// Says whether anything changed.
async fn keep(tx: &mut Write, roles: &[Role]) -> Result<bool, RoleError> {
    let systems = systems::store::all(tx).await?;
    rules::logins_exist(roles, &systems)?;
    let others = store::all(tx).await?.into_iter();
    let others = others.filter(|other| roles.iter().all(|role| role.name != other.name));
    rules::names_exist(roles, &others.chain(roles.iter().cloned()).collect::<Vec<_>>(), &systems)?;
    let now = tx.now();
    let mut changed = false;
    for role in roles {
        if store::get(tx, &role.name).await?.as_ref() != Some(role) {
            tx.also(events::declared(role));
            store::save(tx, role, now).await?;
            changed = true;
        }
    }
    if changed {
        assignments::later(&tx.ctx(), tx).await?;
        reconciliation::mark_everybody(tx).await?;
    }
    Ok(changed)
}

/// Takes a role away. Nobody may hold it, and no other role name it.
pub(crate) async fn remove_in(tx: &mut Write, name: &str) -> Result<(), RoleError> {
    let shown = || name.chars().take(70).collect::<String>();
    let role = store::get(tx, name).await?.ok_or_else(|| RoleError::NotFound(shown()))?;
    let in_use = |by: String| RoleError::InUse { role: shown(), by };
    for other in store::all(tx).await?.into_iter().filter(|other| other.name != name) {
        if other.includes.iter().chain(&other.conflicts_with).any(|named| named == name) {
            return Err(in_use(format!("the role `{}`", other.name)));
        }
    }
    match assignments::store::of_role(tx, name).await? {
        0 => {}
        count => return Err(in_use(format!("{count} assignments that are open"))),
    }
    tx.also(events::removed(&role));
    Ok(store::remove(tx, name).await?)
}

/// A role whose condition looks at what no source declares any more, as the transaction has it.
pub(crate) async fn unreadable(tx: &mut ReadTx) -> Result<Option<String>, DbError> {
    let (roles, own) = (store::all(tx).await?, judge::own(tx).await?);
    Ok(judge::parsed(&roles, &own).err().and_then(|faults| faults.into_iter().next()).map(|(role, _)| role))
}

/// The attributes of the organisation's own that sources declare, by name.
pub(crate) async fn own_attributes(tx: &mut ReadTx) -> Result<judge::Own, DbError> {
    judge::own(tx).await
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
    Ok(catalogue(&mut tx, [id]).await?.eligibility(&identity, ctx.now()))
}

/// Everything that roles and eligibility depend on besides the person's record.
pub(crate) struct Catalogue {
    roles: Vec<Role>,
    systems: Vec<systems::System>,
    max_minutes: u32,
    conditions: Arc<Conditions>,
    own: judge::Own,
    given: HashMap<IdentityId, Vec<Assignment>>,
}

/// With what these people were given. Of others it knows what follows from conditions only.
pub(crate) async fn catalogue(
    tx: &mut ReadTx,
    people: impl IntoIterator<Item = &IdentityId>,
) -> Result<Catalogue, DbError> {
    let (roles, systems) = (store::all(tx).await?, systems::store::all(tx).await?);
    let (own, policy) = (judge::own(tx).await?, policy::store::get(tx).await?);
    let mut catalogue = Catalogue::of(roles, systems, own, policy.requests.max_duration_minutes)?;
    catalogue.given = assignments::store::open_of(tx, people).await?;
    Ok(catalogue)
}

impl Catalogue {
    fn of(roles: Vec<Role>, systems: Vec<systems::System>, own: judge::Own, max_minutes: u32) -> Result<Self, DbError> {
        let unreadable = |faults: Vec<(String, ConditionError)>| match faults.into_iter().next() {
            Some((role, fault)) => DbError::impossible("roles", "condition", role, fault),
            None => DbError::impossible("roles", "condition", "any", "refused without a fault"),
        };
        let conditions = judge::parsed(&roles, &own).map_err(unreadable)?;
        Ok(Self { roles, systems, max_minutes, conditions, own, given: HashMap::new() })
    }

    pub(crate) fn system(&self, name: &str) -> Option<&systems::System> {
        self.systems.iter().find(|system| system.name == name)
    }

    pub(crate) fn role_names(&self) -> impl Iterator<Item = &str> {
        self.roles.iter().map(|role| role.name.as_str())
    }

    /// The roles that make eligible for an entitlement by a channel.
    pub(crate) fn offering(&self, entitled: &Entitled, channel: Channel) -> Vec<String> {
        let Entitled { system, entitlement } = entitled;
        if !self.system(system).is_some_and(|known| known.logins.contains(entitlement)) {
            return Vec::new();
        }
        let is_it =
            |offer: &Offer| offer.system == *system && offer.login == *entitlement && offer.channels.contains(&channel);
        let offering = self.roles.iter().filter(|role| role.makes_eligible.iter().any(is_it));
        offering.map(|role| role.name.clone()).collect()
    }

    /// The roles that somebody holds without anybody having given them, and those that these include.
    pub(crate) fn by_condition(&self, identity: &Identity) -> Vec<Held<'_>> {
        self.held(identity, &[])
    }

    /// The same, and what assignments of roles by persons would add, whenever they begin.
    pub(crate) fn with(&self, identity: &Identity, assignments: &[&Assignment]) -> Vec<Held<'_>> {
        let given = |assignment: &&Assignment| match (&assignment.what, &assignment.because) {
            (What::Role(role), Because::Person { .. }) => Some(Given { role: role.clone(), until: assignment.until }),
            _ => None,
        };
        self.held(identity, &assignments.iter().filter_map(given).collect::<Vec<_>>())
    }

    /// The same, and roles of which something is kept for a grace: two that conflict are not held there either.
    pub(crate) fn within_grace(&self, identity: &Identity, assignments: &[&Assignment]) -> Vec<Held<'_>> {
        let given = |assignment: &&Assignment| match (&assignment.what, &assignment.because) {
            (What::Role(role), Because::Person { .. }) | (_, Because::Grace { role, .. }) => {
                Some(Given { role: role.clone(), until: assignment.until })
            }
            _ => None,
        };
        self.held(identity, &assignments.iter().filter_map(given).collect::<Vec<_>>())
    }

    /// Whether a role, or one that it includes, conflicts with one of those that somebody holds.
    pub(crate) fn is_forbidden_beside(&self, held: &[Held<'_>], role: &str) -> bool {
        let included = self.with_included(role);
        held.iter().any(|held| {
            let names = |one: &Role, other: &Role| one.conflicts_with.contains(&other.name);
            included.iter().any(|lost| names(held.role, lost) || names(lost, held.role))
        })
    }

    fn held(&self, identity: &Identity, given: &[Given]) -> Vec<Held<'_>> {
        let values = judge::values(identity, &self.own);
        let by_condition = self.conditions.holding(&values);
        holding::held(&self.roles, &values, &by_condition, given, |role| self.looks_at(role))
    }

    /// The attributes that a role's condition looks at, those of `when` first.
    fn looks_at(&self, name: &str) -> Vec<String> {
        let when = self.roles.iter().filter(|role| role.name == name).flat_map(|role| &role.when);
        let mut names: Vec<&str> = when.map(|condition| condition.attribute.as_str()).collect();
        let others: Vec<&str> =
            self.conditions.looks_at(name).into_iter().filter(|name| !names.contains(name)).collect();
        names.extend(others);
        names.into_iter().map(str::to_owned).collect()
    }

    /// What everybody has on systems who has the role, by itself and by what it includes.
    pub(crate) fn grants_of(&self, name: &str) -> Vec<Entitled> {
        let grants: BTreeSet<Entitled> =
            self.with_included(name).into_iter().flat_map(|role| role.grants.iter().cloned()).collect();
        grants.into_iter().collect()
    }

    fn with_included<'a>(&'a self, name: &'a str) -> Vec<&'a Role> {
        let (mut open, mut seen, mut all) = (vec![name], BTreeSet::new(), Vec::new());
        while let Some(name) = open.pop() {
            let Some(role) = self.roles.iter().find(|role| role.name == name && seen.insert(name)) else { continue };
            open.extend(role.includes.iter().map(String::as_str));
            all.push(role);
        }
        all
    }

    pub(crate) fn eligibility(&self, identity: &Identity, now: Timestamp) -> Vec<Eligibility> {
        let given = self.given.get(&identity.id).map_or(&[][..], Vec::as_slice);
        let in_force: Vec<&Assignment> = given.iter().filter(|assignment| assignment.holds(now)).collect();
        self.eligible(identity, &self.with(identity, &in_force), now)
    }

    /// What the owner of a machine identity may ask for on its behalf: whatever they are eligible for themselves, and
    /// the logins that systems keep for machines.
    pub(crate) fn eligibility_of_machine(&self, owner: &Identity, now: Timestamp) -> Vec<Eligibility> {
        let mut eligible = self.eligibility(owner, now);
        if owner.is_working(now) {
            eligible.extend(rules::for_machines(&self.systems, self.max_minutes));
        }
        eligible
    }
}
