//! Configuration as code: everything that governance has declared, as files that are compared with what is true, applied in
//! one transaction and written out again. What exists because of people, and not because of a declaration, is not in it.

mod error;
mod events;
mod faults;
mod files;
mod kinds;
mod model;
mod store;
mod tree;
mod yaml;

pub use error::ConfigurationError;
pub use events::KINDS;
pub use kinds::Kind;
pub use model::{Act, Applied, Change, Drift, Fault, File, Plan, Prune, Terms};
pub(crate) use store::SEALED;

use crate::simulations::{self, Declared, Proposal};
use crate::sources;
use data_encoding::HEXLOWER;
use db::ReadTx;
use ledger::{Ctx, Write};
use model::Object;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use types::Reason;

/// What is declared, by kind and name.
type State = BTreeMap<(Kind, String), Value>;

/// What the files would change, for whom, or what is wrong with them. What is declared stays as it is; what it would do to
/// people is kept as a simulation.
pub async fn plan(ctx: &Ctx, given: &[File], terms: &Terms) -> Result<Plan, ConfigurationError> {
    let reason = terms.reason.as_deref().map(Reason::new).transpose()?;
    let objects = match files::read(given) {
        Ok(objects) => objects,
        Err(faults) => return Ok(Plan { state: None, changes: Vec::new(), unchanged: 0, faults, simulation: None }),
    };
    let mut tx = ctx.decide().await?;
    let before = state(&mut tx).await?;
    let changes = changes(&before, &objects, terms.prune);
    let unchanged = objects.len() - changes.iter().filter(|change| change.act != Act::Delete).count();
    // Tried out in a transaction that is not committed.
    let faults = carry_out(reason.as_ref(), &mut tx, &objects, &changes).await?;
    let simulation = match faults.is_empty() && !changes.is_empty() {
        true => {
            let after = Declared::read(&mut tx).await.map_err(Box::new)?;
            drop(tx);
            let declared = digests(&before);
            let proposal = Proposal { files: given, terms, changes: &changes, declared, after };
            Some(simulations::compute(ctx, proposal).await.map_err(Box::new)?)
        }
        false => None,
    };
    Ok(Plan { state: Some(digest(&before)), changes, unchanged, faults, simulation })
}

/// Makes true what the files say. `expected` is the state that the plan was made of.
///
/// # Errors
/// `Moved` when something was declared since; `Faulty` when a plan would say what is wrong.
pub async fn apply(
    ctx: &Ctx,
    given: &[File],
    terms: &Terms,
    expected: &str,
) -> Result<Vec<Change>, ConfigurationError> {
    let objects = files::read(given).map_err(ConfigurationError::Faulty)?;
    let mut tx = ctx.decide().await?;
    let before = state(&mut tx).await?;
    if digest(&before) != expected {
        return Err(ConfigurationError::Moved);
    }
    let (changes, news) = make_true(ctx, &mut tx, &before, &objects, terms).await?;
    if news == News::Some {
        tx.commit().await?;
    }
    Ok(changes)
}

/// The same inside another decision, to whatever state there is.
pub(crate) async fn apply_in(
    ctx: &Ctx,
    tx: &mut Write,
    given: &[File],
    terms: &Terms,
) -> Result<Vec<Change>, ConfigurationError> {
    let objects = files::read(given).map_err(ConfigurationError::Faulty)?;
    let before = state(tx).await?;
    make_true(ctx, tx, &before, &objects, terms).await.map(|(changes, _)| changes)
}

/// Whether there is something to be kept.
#[derive(PartialEq, Eq)]
enum News {
    Some,
    None,
}

async fn make_true(
    ctx: &Ctx,
    tx: &mut Write,
    before: &State,
    objects: &[Object],
    terms: &Terms,
) -> Result<(Vec<Change>, News), ConfigurationError> {
    let reason = terms.reason.as_deref().map(Reason::new).transpose()?;
    let changes = changes(before, objects, terms.prune);
    let faults = carry_out(reason.as_ref(), tx, objects, &changes).await?;
    if !faults.is_empty() {
        return Err(ConfigurationError::Faulty(faults));
    }
    let after = state(tx).await?;
    if changes.is_empty() && store::applied(ctx, tx).await?.is_some_and(|applied| applied.objects == after) {
        return Ok((changes, News::None));
    }
    tx.also(events::applied(&changes, &digest(&after)));
    let now = tx.now();
    store::save(ctx, tx, &Applied { at: now, objects: after }).await?;
    Ok((changes, News::Some))
}

/// A digest of each thing that is declared, by kind and name.
pub(crate) async fn declared(tx: &mut ReadTx) -> Result<BTreeMap<String, String>, ConfigurationError> {
    Ok(digests(&state(tx).await?))
}

/// Everything that is declared, one file for each kind. Applied at once it changes nothing.
pub async fn export(ctx: &Ctx) -> Result<Vec<File>, ConfigurationError> {
    let state = state(&mut ctx.read().await?).await?;
    Kind::ALL
        .into_iter()
        .filter_map(|kind| {
            let mut of_kind = state.iter().filter(|((of, _), _)| *of == kind).peekable();
            of_kind.peek()?;
            let documents = of_kind.map(|((_, name), spec)| (name.as_str(), spec));
            Some(yaml::written(kind, documents).map(|text| File { name: kind.file(), text }))
        })
        .collect()
}

/// What was declared otherwise since files were applied last; `None` when none ever were.
pub async fn drift(ctx: &Ctx) -> Result<Option<Drift>, ConfigurationError> {
    let mut tx = ctx.read().await?;
    let Some(applied) = store::applied(ctx, &mut tx).await? else { return Ok(None) };
    let now = state(&mut tx).await?;
    let change = |(kind, name): &(Kind, String)| {
        let (before, after) = (applied.objects.get(&(*kind, name.clone())), now.get(&(*kind, name.clone())));
        Change::between(*kind, name, before, after)
    };
    let all: std::collections::BTreeSet<&(Kind, String)> = applied.objects.keys().chain(now.keys()).collect();
    Ok(Some(Drift { applied_at: applied.at, changes: all.into_iter().filter_map(change).collect() }))
}

async fn state(tx: &mut ReadTx) -> Result<State, ConfigurationError> {
    let mut state = State::new();
    for kind in Kind::ALL {
        for (name, spec) in kind.state(tx).await? {
            state.insert((kind, name), spec);
        }
    }
    Ok(state)
}

fn changes(before: &State, objects: &[Object], prune: Prune) -> Vec<Change> {
    let declared = objects.iter().filter_map(|object| {
        let before = before.get(&(object.kind, object.name.clone()));
        Change::between(object.kind, &object.name, before, Some(&object.spec))
    });
    let mut changes: Vec<Change> = declared.collect();
    if prune == Prune::Yes {
        let named = |(kind, name): &(Kind, String)| {
            objects.iter().any(|object| (object.kind, &object.name) == (*kind, name)) || !kind.may_be_removed()
        };
        let left = before.iter().filter(|(key, _)| !named(key));
        changes.extend(left.filter_map(|((kind, name), spec)| Change::between(*kind, name, Some(spec), None)));
    }
    changes.sort_by(|one, other| (one.kind, &one.name).cmp(&(other.kind, &other.name)));
    changes
}

/// Declares what differs in the order in which one thing names another, then removes in the other order.
async fn carry_out(
    reason: Option<&Reason>,
    tx: &mut Write,
    objects: &[Object],
    changes: &[Change],
) -> Result<Vec<Fault>, ConfigurationError> {
    let mut faults = Vec::new();
    let is_changed =
        |object: &&Object| changes.iter().any(|change| (change.kind, &change.name) == (object.kind, &object.name));
    for kind in Kind::ALL {
        let mut of_kind: Vec<&Object> =
            objects.iter().filter(|object| object.kind == kind).filter(is_changed).collect();
        while !of_kind.is_empty() {
            let Err(refusal) = kind.declare(reason, tx, &of_kind).await? else { break };
            let culprit = faults::culprit(&of_kind, &refusal);
            faults.push(faults::of_refusal(of_kind.remove(culprit), &refusal));
        }
    }
    faults.extend(remove(reason, tx, changes.iter().rev().filter(|change| change.act == Act::Delete).collect()).await?);
    if faults.is_empty()
        && let Err(error) = sources::conditions_hold(tx).await
    {
        faults.push(faults::of_all(&kinds::refusal(error)?));
    }
    Ok(faults)
}

/// What one of them holds up goes when that one is gone.
async fn remove(
    reason: Option<&Reason>,
    tx: &mut Write,
    mut left: Vec<&Change>,
) -> Result<Vec<Fault>, ConfigurationError> {
    loop {
        let (mut refused, before) = (Vec::new(), left.len());
        for change in left {
            if let Err(refusal) = change.kind.remove(reason, tx, &change.name).await? {
                refused.push((change, refusal));
            }
        }
        if refused.is_empty() || refused.len() == before {
            return Ok(refused.iter().map(|(change, refusal)| faults::of_removal(change, refusal)).collect());
        }
        left = refused.into_iter().map(|(change, _)| change).collect();
    }
}

fn digests(state: &State) -> BTreeMap<String, String> {
    let one = |((kind, name), spec): (&(Kind, String), &Value)| {
        (format!("{} {name}", kind.name()), HEXLOWER.encode(&Sha256::digest(spec.to_string())))
    };
    state.iter().map(one).collect()
}

fn digest(state: &State) -> String {
    let lines = state.iter().map(|((kind, name), spec)| format!("{} {name} {spec}\n", kind.name()));
    HEXLOWER.encode(&Sha256::digest(lines.collect::<String>()))
}
