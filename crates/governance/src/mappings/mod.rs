//! How people and what they are entitled to become accounts on a system, and what happens when the system differs. A
//! system without a mapping is read and never changed.

mod error;
mod events;
mod model;
pub(crate) mod store;
mod template;

pub use error::MappingError;
pub use events::KINDS;
pub use model::{Declaration, Deprovision, DriftPolicy, File, Mapping};
pub use template::{BadTemplate, Template};

use crate::identities::Identity;
use crate::loosening::needed;
use crate::{reconciliation, roles, systems};
use connectors::sources::Asserted;
use db::{DbError, ReadTx};
use ledger::{Ctx, Write};
use provisioning::inventory;
use std::collections::BTreeMap;
use types::Reason;

/// What is known of everybody.
const EVERYBODYS: [&str; 6] = ["given_name", "family_name", "email", "employee_id", "department", "job_title"];

/// What stands before the `@` of the mail address.
const MAIL_NAME: &str = "mail_name";

const MOST_ATTRIBUTES: usize = 64;
const LONGEST_NAME: usize = 200;
/// Ten years.
const LONGEST_DAYS: u32 = 3650;

/// Says of systems how accounts there are made and kept; all or none. Those not named stay as they are.
///
/// # Errors
/// `Loosens` when one would let more through than before and no reason is given.
pub async fn declare(
    ctx: &Ctx,
    declarations: &[Declaration],
    reason: Option<&str>,
) -> Result<Vec<Mapping>, MappingError> {
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
) -> Result<(Vec<Mapping>, bool), MappingError> {
    let (known, now) = (attributes(tx).await?, tx.now());
    let (mut declared, mut changed) = (Vec::with_capacity(declarations.len()), false);
    for (at, declaration) in declarations.iter().enumerate() {
        if declarations[..at].iter().any(|earlier| earlier.system == declaration.system) {
            return Err(MappingError::Twice(shown(&declaration.system)));
        }
        if systems::store::get(tx, &declaration.system).await?.is_none() {
            return Err(MappingError::NoSuchSystem(shown(&declaration.system)));
        }
        let mapping = checked(declaration, &known)?;
        let before = store::get(tx, &mapping.system).await?;
        let declared_through = store::view(tx, &mapping.system).await?;
        // What proves whose an account is, is said of the system as it is seen now, if all of it is seen in one way.
        let view = match inventory::system(tx, &mapping.system).await? {
            Some(state) if state.is_mixed() => declared_through,
            state => state.and_then(|state| state.view()),
        };
        let is_seen_anew = !mapping.authoritative.is_empty() && declared_through != view;
        if before.as_ref() != Some(&mapping) || is_seen_anew {
            let loosened = match before {
                Some(before) => mapping.loosened(&before),
                // That nothing is changed back without a mapping was agreed to when it was removed.
                None => store::removed(tx, &mapping.system).await?.and_then(|proved| mapping.proves_more(&proved)),
            };
            let why = needed(loosened, reason).map_err(|setting| loosens(&mapping.system, setting))?;
            let entry = events::declared(&mapping, tx.ctx().actor().identity(), why);
            tx.also(entry);
            store::save(tx, &mapping, now).await?;
            store::set_view(tx, &mapping.system, view).await?;
            changed = true;
        }
        declared.push(mapping);
    }
    if changed {
        let ctx = tx.ctx();
        for mapping in &declared {
            reconciliation::later(&ctx, tx, &mapping.system).await?;
        }
        reconciliation::mark_everybody(tx).await?;
    }
    Ok((declared, changed))
}

/// From now on the system is read and never changed: what is changed there by hand stays, so that needs a reason.
pub(crate) async fn remove_in(tx: &mut Write, system: &str, reason: Option<&Reason>) -> Result<(), MappingError> {
    let mapping = store::get(tx, system).await?.ok_or_else(|| MappingError::NotFound(shown(system)))?;
    let loosened = DriftPolicy::Accept.lets_more_stay_than(mapping.drift).then_some("drift");
    let why = needed(loosened, reason).map_err(|setting| loosens(system, setting))?;
    let entry = events::removed(&mapping, tx.ctx().actor().identity(), why);
    tx.also(entry);
    store::remove(tx, &mapping).await?;
    Ok(reconciliation::mark_everybody(tx).await?)
}

fn loosens(system: &str, setting: &'static str) -> MappingError {
    MappingError::Loosens { system: shown(system), setting }
}

fn checked(declaration: &Declaration, known: &[String]) -> Result<Mapping, MappingError> {
    let Declaration { system, login, attributes, compares, authoritative, .. } = declaration;
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let wrong = |problem| MappingError::Template { system: system.clone(), problem };
    let parsed = |text: &str| Template::parse(text, &known).map_err(wrong);
    let bad_name = |name: &&String| name.trim() != name.as_str() || name.is_empty() || name.len() > LONGEST_NAME;
    let control = |name: &&String| name.chars().any(char::is_control);
    let mut names = attributes.keys().chain(compares.keys()).chain(authoritative);
    if let Some(name) = names.find(|name| bad_name(name) || control(name) || *name == "login") {
        return Err(MappingError::BadAttribute { system: system.clone(), attribute: shown(name) });
    }
    if let Some(name) = attributes.keys().find(|name| compares.contains_key(*name)) {
        return Err(MappingError::SetAndCompared { system: system.clone(), attribute: shown(name) });
    }
    if attributes.len() + compares.len() > MOST_ATTRIBUTES || authoritative.len() > MOST_ATTRIBUTES {
        return Err(MappingError::TooMany(system.clone()));
    }
    let all = |texts: &BTreeMap<String, String>| {
        texts
            .iter()
            .map(|(name, text)| Ok((name.clone(), parsed(text)?)))
            .collect::<Result<BTreeMap<_, _>, MappingError>>()
    };
    let deprovision = match declaration.delete_after_days {
        None => Deprovision::Disable,
        Some(days) if (1..=LONGEST_DAYS).contains(&days) => Deprovision::DeleteAfterDays(days),
        Some(_) => return Err(MappingError::BadDays(system.clone())),
    };
    Ok(Mapping {
        system: system.clone(),
        login: Template::parse_login(login, &known).map_err(wrong)?,
        attributes: all(attributes)?,
        compares: all(compares)?,
        authoritative: authoritative.clone(),
        creates: declaration.creates,
        renames: declaration.renames,
        drift: declaration.drift,
        deprovision,
    })
}

/// The names that a template may use.
async fn attributes(tx: &mut ReadTx) -> Result<Vec<String>, DbError> {
    let own = roles::own_attributes(tx).await?.into_keys();
    Ok(EVERYBODYS.into_iter().chain([MAIL_NAME]).map(str::to_owned).chain(own).collect())
}

/// What templates are filled with.
pub(crate) fn values(person: &Identity) -> BTreeMap<String, String> {
    let text = |(name, stated): (&String, &Asserted)| match stated {
        Asserted::Text(text) => Some((name.clone(), text.clone())),
        _ => None,
    };
    let mut values: BTreeMap<String, String> = person.attributes.iter().filter_map(text).collect();
    let Identity { given_name, family_name, email, employee_id, department, job_title, .. } = person;
    let everybodys = [given_name, family_name, email, employee_id, department, job_title];
    let mail_name = email.split('@').next().unwrap_or_default();
    values.entry(MAIL_NAME.to_owned()).or_insert_with(|| mail_name.to_owned());
    values.extend(EVERYBODYS.into_iter().zip(everybodys).map(|(name, value)| (name.to_owned(), value.clone())));
    values
}

/// By system.
pub async fn list(ctx: &Ctx) -> Result<Vec<Mapping>, MappingError> {
    Ok(store::all(&mut ctx.read().await?).await?)
}

pub async fn get(ctx: &Ctx, system: &str) -> Result<Mapping, MappingError> {
    let found = store::get(&mut ctx.read().await?, system).await?;
    found.ok_or_else(|| MappingError::NotFound(shown(system)))
}

fn shown(text: &str) -> String {
    text.chars().take(70).collect()
}
