//! What an organisation says about entitlements of its systems: who owns one, how risky it is, whether it may be asked
//! for. Which entitlements a system has is read there and stands elsewhere.

mod error;
mod events;
mod model;
mod observed;
mod rules;
pub(crate) mod store;

pub use error::EntitlementError;
pub use events::KINDS;
pub use model::{Declaration, Entitlement, File, Privileged, Risk};
pub use observed::{Held, Member, Observed, held_by, members, observed};
pub(crate) use observed::{Said, named, names, said, told};

use crate::loosening::needed;
use crate::{assignments, identities, reconciliation, systems};
use db::{DbError, ReadTx};
use ledger::{Ctx, Write};
use provisioning::{inventory, power};
use rules::Terms;
use std::collections::BTreeMap;
use types::{IdentityId, Reason};

const LONGEST_SLUG: usize = 200;
const LONGEST_DESCRIPTION: usize = 1024;
/// Minutes: 30 days.
const LONGEST_TERM: u32 = 30 * 24 * 60;

/// Says it about entitlements, all or none. Those not named stay as they are.
///
/// # Errors
/// `Loosens` when one would let more through than before, or is said to give no power, and no reason is given.
pub async fn declare(
    ctx: &Ctx,
    declarations: &[Declaration],
    reason: Option<&str>,
) -> Result<Vec<Entitlement>, EntitlementError> {
    let reason = reason.map(Reason::new).transpose()?;
    let mut tx = ctx.decide().await?;
    let (declared, changed) = declare_in(&mut tx, declarations, reason.as_ref()).await?;
    if changed {
        tx.commit().await?;
    }
    Ok(declared)
}

/// The same inside another decision; says whether anything changed.
pub(crate) async fn declare_in(
    tx: &mut Write,
    declarations: &[Declaration],
    reason: Option<&Reason>,
) -> Result<(Vec<Entitlement>, bool), EntitlementError> {
    for (at, declaration) in declarations.iter().enumerate() {
        check(declaration)?;
        let same = |earlier: &Declaration| (&earlier.system, &earlier.slug) == (&declaration.system, &declaration.slug);
        if declarations[..at].iter().any(same) {
            return Err(EntitlementError::Twice(name_of(declaration)));
        }
    }
    let now = tx.now();
    let (mut declared, mut changed) = (Vec::with_capacity(declarations.len()), false);
    for declaration in declarations {
        if systems::store::get(tx, &declaration.system).await?.is_none() {
            return Err(EntitlementError::NoSuchSystem(shown(&declaration.system)));
        }
        let owner = identities::store::by_email(tx, &declaration.owner).await?.ok_or_else(|| {
            EntitlementError::NoSuchOwner { entitlement: name_of(declaration), owner: shown(&declaration.owner) }
        })?;
        let entitlement = Entitlement {
            system: declaration.system.clone(),
            slug: declaration.slug.clone(),
            owner: owner.id,
            description: declaration.description.clone(),
            risk: declaration.risk,
            privileged: declaration.privileged.clone(),
            requestable: declaration.requestable,
            max_minutes: declaration.max_minutes,
        };
        let before = store::get(tx, &entitlement.system, &entitlement.slug).await?;
        if before.as_ref() != Some(&entitlement) {
            let before = match &before {
                Some(before) => Some(Terms::from(before)),
                None => store::removed(tx, &entitlement.system, &entitlement.slug).await?,
            };
            let loosened = rules::loosened(before, Terms::from(&entitlement));
            let why = needed(loosened, reason)
                .map_err(|setting| EntitlementError::Loosens { entitlement: name_of(declaration), setting })?;
            tx.also(events::declared(&entitlement, tx.ctx().actor().identity(), why));
            store::save(tx, &entitlement, now).await?;
            changed = true;
        }
        declared.push(entitlement);
    }
    if changed {
        reconciliation::mark_everybody(tx).await?;
    }
    Ok((declared, changed))
}

/// What is said of those that are there.
pub(crate) async fn said_of_power(tx: &mut ReadTx) -> Result<power::Said, DbError> {
    let mut by_system: BTreeMap<String, BTreeMap<String, bool>> = BTreeMap::new();
    for Entitlement { system, slug, privileged, .. } in store::all(tx).await? {
        if let Some(Privileged { is, .. }) = privileged {
            by_system.entry(system).or_default().insert(slug, is);
        }
    }
    let mut of_power = power::Said::new();
    for (system, said) in by_system {
        let found = inventory::by_slugs(tx, &system, said.keys().map(String::as_str)).await?;
        of_power.extend(found.into_iter().filter_map(|one| said.get(&one.slug).map(|is| (one.id, *is))));
    }
    Ok(of_power)
}

/// Whether `SLUG@SYSTEM` gives power. What was never read gives what is said of it, or none.
pub(crate) async fn gives_power(
    tx: &mut ReadTx,
    said: &power::Said,
    system: &str,
    slug: &str,
) -> Result<bool, DbError> {
    match inventory::by_slug(tx, system, slug).await? {
        Some(found) => power::gives(tx, &found, said).await,
        None => {
            let said = store::get(tx, system, slug).await?.and_then(|known| known.privileged);
            Ok(said.is_some_and(|privileged| privileged.is))
        }
    }
}

/// Takes back what is said about an entitlement. Nobody may have been given it.
///
/// # Errors
/// `Loosens` when it was said to give power and no reason is given.
pub(crate) async fn remove_in(
    tx: &mut Write,
    system: &str,
    slug: &str,
    reason: Option<&Reason>,
) -> Result<(), EntitlementError> {
    let name = format!("{}@{}", shown(slug), shown(system));
    let found = store::get(tx, system, slug).await?.ok_or_else(|| EntitlementError::NotFound(name.clone()))?;
    if assignments::store::of_entitlement(tx, system, slug).await? > 0 {
        return Err(EntitlementError::Given(name));
    }
    let loosened = rules::is_said_to_have_power(&found).then_some("privileged");
    let why = needed(loosened, reason).map_err(|setting| EntitlementError::Loosens { entitlement: name, setting })?;
    let entry = events::removed(&found, tx.ctx().actor().identity(), why);
    tx.also(entry);
    Ok(store::remove(tx, &found).await?)
}

/// Somebody else owns it from now on.
pub(crate) async fn give_to(tx: &mut Write, system: &str, slug: &str, owner: &IdentityId) -> Result<(), DbError> {
    let Some(entitlement) = store::get(tx, system, slug).await? else { return Ok(()) };
    let entitlement = Entitlement { owner: owner.clone(), ..entitlement };
    tx.also(events::declared(&entitlement, None, None));
    let now = tx.now();
    store::save(tx, &entitlement, now).await
}

fn check(declaration: &Declaration) -> Result<(), EntitlementError> {
    let Declaration { slug, description, max_minutes, privileged, .. } = declaration;
    if slug.trim() != slug || slug.is_empty() || slug.len() > LONGEST_SLUG || slug.chars().any(char::is_control) {
        return Err(EntitlementError::BadName(shown(slug)));
    }
    if description.len() > LONGEST_DESCRIPTION {
        return Err(EntitlementError::LongDescription(name_of(declaration)));
    }
    if max_minutes.is_some_and(|minutes| !(1..=LONGEST_TERM).contains(&minutes)) {
        return Err(EntitlementError::BadTerm(name_of(declaration)));
    }
    match privileged.as_ref().map(|privileged| Reason::new(&privileged.why)) {
        Some(Err(_)) => Err(EntitlementError::NoWhy(name_of(declaration))),
        _ => Ok(()),
    }
}

fn name_of(declaration: &Declaration) -> String {
    format!("{}@{}", shown(&declaration.slug), shown(&declaration.system))
}

fn shown(text: &str) -> String {
    text.chars().take(70).collect()
}

/// By system and name.
pub async fn list(ctx: &Ctx) -> Result<Vec<Entitlement>, EntitlementError> {
    Ok(store::all(&mut ctx.read().await?).await?)
}
