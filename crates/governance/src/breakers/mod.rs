//! What stops a plan that would do too much at once: limits for one run and for a window, so that a slow bleed does not
//! pass either. On by default; one plan can be let through by name, and that changes no limit.

mod error;
mod events;
mod model;
pub mod rules;
mod store;

pub use error::BreakerError;
pub use events::KINDS;
pub use model::{Breaker, Counts, File, Limit, Measure, Override, Setting, Trip, Window};

use crate::loosening::needed;
use db::{DbError, ReadTx};
use ledger::{Ctx, Write};
use std::collections::{BTreeMap, BTreeSet};
use types::Reason;

const MOST: usize = 50;
/// 30 days.
const LONGEST_WINDOW: u32 = 30 * 24 * 60;

/// Every breaker that holds now, by name.
pub async fn settings(tx: &mut ReadTx) -> Result<Vec<Breaker>, DbError> {
    Ok(known(tx).await?.into_values().map(|setting| setting.breaker).collect())
}

/// The same, each with when it was declared.
pub async fn list(ctx: &Ctx) -> Result<Vec<Setting>, BreakerError> {
    Ok(known(&mut ctx.read().await?).await?.into_values().collect())
}

/// Defaults, and what was declared in their place or beside them.
async fn known(tx: &mut ReadTx) -> Result<BTreeMap<String, Setting>, DbError> {
    let default = |breaker: Breaker| (breaker.name.clone(), Setting { breaker, declared_at: None });
    let mut known: BTreeMap<String, Setting> = Breaker::defaults().into_iter().map(default).collect();
    known.append(&mut store::declared(tx).await?);
    Ok(known)
}

/// Adds breakers or changes them; all or none. Those not named stay as they are.
///
/// # Errors
/// `Loosens` when one would let more through than before and no reason is given.
pub async fn declare(ctx: &Ctx, breakers: &[Breaker], reason: Option<&str>) -> Result<Vec<Setting>, BreakerError> {
    let reason = reason.map(Reason::new).transpose()?;
    let mut tx = ctx.decide().await?;
    let (declared, changed) = declare_in(&mut tx, breakers, reason.as_ref()).await?;
    if changed {
        tx.commit().await?;
    }
    Ok(declared)
}

/// The same inside another decision; says whether anything changed.
pub(crate) async fn declare_in(
    tx: &mut Write,
    breakers: &[Breaker],
    reason: Option<&Reason>,
) -> Result<(Vec<Setting>, bool), BreakerError> {
    for (at, breaker) in breakers.iter().enumerate() {
        check(breaker)?;
        if breakers[..at].iter().any(|earlier| earlier.name == breaker.name) {
            return Err(BreakerError::Twice(breaker.name.clone()));
        }
    }
    let (mut known, now) = (known(tx).await?, tx.now());
    let (mut declared, mut changed) = (Vec::with_capacity(breakers.len()), false);
    for breaker in breakers {
        let before = known.get(&breaker.name);
        if let Some(same) = before.filter(|before| before.breaker == *breaker && before.declared_at.is_some()) {
            declared.push(same.clone());
            continue;
        }
        let loosens = before.is_some_and(|before| rules::loosens(&before.breaker, breaker));
        let why = needed(loosens.then(|| breaker.name.clone()), reason).map_err(BreakerError::Loosens)?;
        let entry = events::declared(breaker, tx.ctx().actor().identity(), why);
        tx.also(entry);
        store::save(tx, breaker, now).await?;
        let setting = Setting { breaker: breaker.clone(), declared_at: Some(now) };
        known.insert(breaker.name.clone(), setting.clone());
        declared.push(setting);
        changed = true;
    }
    if known.len() > MOST {
        return Err(BreakerError::TooMany(MOST));
    }
    Ok((declared, changed))
}

/// What was declared, without the defaults that nobody touched.
pub(crate) async fn declared(tx: &mut ReadTx) -> Result<Vec<Breaker>, DbError> {
    Ok(store::declared(tx).await?.into_values().map(|setting| setting.breaker).collect())
}

/// Takes a declaration back: the default of that name holds again, or nothing does.
///
/// # Errors
/// `Loosens` when that would let more through than before and no reason is given.
pub(crate) async fn remove_in(tx: &mut Write, name: &str, reason: Option<&Reason>) -> Result<(), BreakerError> {
    let shown = || name.chars().take(70).collect::<String>();
    let before = store::declared(tx).await?.remove(name).ok_or_else(|| BreakerError::NotFound(shown()))?;
    let default = Breaker::defaults().into_iter().find(|default| default.name == name);
    let loosens = default.is_none_or(|default| rules::loosens(&before.breaker, &default));
    let why = needed(loosens.then(shown), reason).map_err(BreakerError::Loosens)?;
    let entry = events::removed(name, tx.ctx().actor().identity(), why);
    tx.also(entry);
    Ok(store::remove(tx, name).await?)
}

fn check(breaker: &Breaker) -> Result<(), BreakerError> {
    let Breaker { name, per_run, window, .. } = breaker;
    if !types::is_target(name) {
        return Err(BreakerError::BadName(name.chars().take(70).collect()));
    }
    let out_of_range = |setting, given: String, wanted| {
        Err(BreakerError::OutOfRange { breaker: name.clone(), setting, given, wanted })
    };
    for (setting, share) in [("per_run.share", per_run.share), ("window.share", window.and_then(|w| w.limit.share))] {
        match share {
            Some(share) if !(0.0..=1.0).contains(&share) => {
                return out_of_range(setting, share.to_string(), "from 0 to 1");
            }
            _ => {}
        }
    }
    for (setting, number) in
        [("per_run.number", per_run.number), ("window.number", window.and_then(|w| w.limit.number))]
    {
        match number {
            Some(number) if i64::try_from(number).is_err() => {
                return out_of_range(setting, number.to_string(), "at most 9223372036854775807");
            }
            _ => {}
        }
    }
    match window {
        Some(window) if !(1..=LONGEST_WINDOW).contains(&window.minutes) => {
            out_of_range("window.minutes", window.minutes.to_string(), "from 1 to 43200 (30 days)")
        }
        _ => Ok(()),
    }
}

/// A person lets one plan through that trips these breakers, with the decision in `tx`. No limit changes.
///
/// # Errors
/// `NotAPerson`: nothing but a person can.
pub async fn let_through(tx: &mut Write, plan: &str, trips: &[Trip], reason: &Reason) -> Result<(), BreakerError> {
    let (ctx, at) = (tx.ctx(), tx.now());
    let by = ctx.actor().identity().ok_or(BreakerError::NotAPerson)?;
    for breaker in trips.iter().map(|trip| trip.breaker.as_str()).collect::<BTreeSet<_>>() {
        let (breaker, plan, reason) = (breaker.to_owned(), plan.to_owned(), reason.as_str().to_owned());
        let one = Override { breaker, plan, by: by.clone(), reason, at };
        tx.also(events::overridden(&one));
        store::insert_override(tx, &one).await?;
    }
    Ok(())
}

/// Who let a plan through, by breaker.
pub async fn overrides_of(tx: &mut ReadTx, plan: &str) -> Result<Vec<Override>, DbError> {
    store::overrides_of(tx, plan).await
}
