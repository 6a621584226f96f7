//! Sources of people, several at once: what each may state, how its feeds are taken, and what it said last. Their feeds
//! are applied by `imports`.

mod asks;
mod events;
pub(crate) mod merge;
mod model;
pub mod pages;
pub(crate) mod reading;
mod refusal;
mod rows;
pub(crate) mod rules;
pub(crate) mod sift;
pub(crate) mod store;

pub use asks::Reads;
pub use events::KINDS;
pub(crate) use events::unchanged;
pub use merge::{Merged, Ranks};
pub use model::{
    Attribute, AttributeKind, Authority, Declaration, HR, Health, Held, Refused, Said, Says, Settings, Source,
    SourceKind,
};
pub use reading::{missing, question, read, reading, readings};
pub use refusal::{Refusal, SourceError};
pub use rules::EVERYBODYS;

use crate::loosening::needed;
use crate::{identities, roles};
use connectors::sources::csv::{EMPLOYMENT, TIME_ZONE};
use db::{DbError, ReadTx};
use ledger::{Ctx, Write, finding};
use provisioning::feed;
use std::collections::BTreeMap;
use types::{IdentityId, Reason, Timestamp};

/// The kind of finding that stands while the last feed of a source was refused.
const REFUSED: &str = "source_refused";

/// The kind of finding that stands while the last feed of a source had values that were not taken.
pub const MISFITS: &str = "source_values_not_taken";

/// Registers sources or changes them; all or none. Sources that are not named stay as they are.
///
/// # Errors
/// `Loosens` when one would take more without a question than before and no reason is given.
pub async fn declare(
    ctx: &Ctx,
    declarations: &[Declaration],
    reason: Option<&str>,
) -> Result<Vec<Source>, SourceError> {
    let reason = reason.map(Reason::new).transpose()?;
    let mut tx = ctx.decide().await?;
    let (sources, changed) = declare_in(&mut tx, declarations, reason.as_ref()).await?;
    if changed {
        conditions_hold(&mut tx).await?;
        tx.commit().await?;
    }
    Ok(sources)
}

/// The same inside another decision; says whether anything changed. Whether the conditions of roles still hold up is asked
/// when everything is said.
pub(crate) async fn declare_in(
    tx: &mut Write,
    declarations: &[Declaration],
    reason: Option<&Reason>,
) -> Result<(Vec<Source>, bool), SourceError> {
    for (at, declaration) in declarations.iter().enumerate() {
        check(declaration)?;
        if declarations[..at].iter().any(|earlier| earlier.name == declaration.name) {
            return Err(SourceError::Twice(declaration.name.clone()));
        }
    }
    let now = tx.now();
    let (mut sources, mut changed) = (Vec::with_capacity(declarations.len()), false);
    for declaration in declarations {
        let source_name = declaration.name.clone();
        let Some(owner) = identities::store::by_email(tx, &declaration.owner).await? else {
            return Err(SourceError::NoSuchOwner { source_name, owner: shown(&declaration.owner) });
        };
        let source = store::declared(declaration, owner.id);
        let before = store::get(tx, &source.name).await?;
        if before.as_ref() != Some(&source) {
            let before = match before {
                Some(before) => Some(before.settings),
                None => store::removed(tx, &source.name).await?,
            };
            let loosened = before.and_then(|before| rules::loosened(&before, &source.settings));
            let why = needed(loosened, reason).map_err(|setting| loosens(&source.name, setting))?;
            let entry = events::declared(&source, tx.ctx().actor().identity(), why);
            tx.also(entry);
            store::save(tx, &source, now).await?;
            changed = true;
        }
        sources.push(source);
    }
    agree(&store::all(tx).await?)?;
    Ok((sources, changed))
}

/// No condition of a role looks at an attribute that no source declares any more.
pub(crate) async fn conditions_hold(tx: &mut ReadTx) -> Result<(), SourceError> {
    roles::unreadable(tx).await?.map_or(Ok(()), |role| Err(SourceError::AttributeInUse(role)))
}

/// Takes a source out of the register. Nobody may live by what it states.
///
/// # Errors
/// `Loosens` when the one that is there without being declared takes its place, lets more through, and no reason is given.
pub(crate) async fn remove_in(tx: &mut Write, name: &str, reason: Option<&Reason>) -> Result<(), SourceError> {
    let source = existing(tx, name).await?;
    if source.owner.is_none() {
        return Err(SourceError::NotFound(shown(name)));
    }
    let open = feed::open(tx, name).await?.is_some();
    if open || store::records_there(tx, name).await? > 0 {
        return Err(SourceError::InUse(source.name));
    }
    let default = (name == HR).then(Settings::default);
    let loosened = default.and_then(|default| rules::loosened(&source.settings, &default));
    let why = needed(loosened, reason).map_err(|setting| loosens(name, setting))?;
    let entry = events::removed(&source, tx.ctx().actor().identity(), why);
    tx.also(entry);
    Ok(store::remove(tx, &source).await?)
}

fn loosens(name: &str, setting: &'static str) -> SourceError {
    SourceError::Loosens { source_name: shown(name), setting }
}

/// Somebody else owns it from now on.
pub(crate) async fn give_to(tx: &mut Write, name: &str, owner: &IdentityId) -> Result<(), DbError> {
    let Some(source) = store::get(tx, name).await? else { return Ok(()) };
    let source = Source { owner: Some(owner.clone()), ..source };
    tx.also(events::declared(&source, None, None));
    let now = tx.now();
    store::save(tx, &source, now).await
}

fn check(declaration: &Declaration) -> Result<(), SourceError> {
    if !types::is_target(&declaration.name) {
        return Err(SourceError::BadName(shown(&declaration.name)));
    }
    let source_name = declaration.name.clone();
    rules::problem(declaration).map_or(Ok(()), |problem| Err(SourceError::BadSetting { source_name, problem }))
}

/// Sources that state the same attribute must state the same kind of value.
fn agree(sources: &[Source]) -> Result<(), SourceError> {
    let mut kinds: BTreeMap<&str, (AttributeKind, &str)> = BTreeMap::new();
    for source in sources {
        for Attribute { name, kind } in &source.settings.attributes {
            let (other, by) = *kinds.entry(name).or_insert((*kind, &source.name));
            if other != *kind {
                let problem =
                    format!("the attribute `{name}` has another kind in the source `{by}`: give both the same");
                return Err(SourceError::BadSetting { source_name: source.name.clone(), problem });
            }
        }
    }
    Ok(())
}

fn shown(text: &str) -> String {
    text.chars().take(70).collect()
}

pub async fn get(ctx: &Ctx, name: &str) -> Result<Source, SourceError> {
    existing(&mut ctx.read().await?, name).await
}

/// A source whose feeds somebody sends as CSV.
pub async fn csv(ctx: &Ctx, name: &str) -> Result<Source, SourceError> {
    let source = get(ctx, name).await?;
    if source.kind != SourceKind::Csv {
        return Err(SourceError::NotCsv(source.name));
    }
    Ok(source)
}

pub(crate) async fn existing(tx: &mut ReadTx, name: &str) -> Result<Source, SourceError> {
    store::get(tx, name).await?.ok_or_else(|| SourceError::NotFound(shown(name)))
}

/// By name, each with how it has been lately.
pub async fn list(ctx: &Ctx) -> Result<Vec<(Source, Health)>, SourceError> {
    let mut tx = ctx.read().await?;
    let mut listed = Vec::new();
    for source in store::all(&mut tx).await? {
        let health = store::health(&mut tx, &source.name).await?;
        listed.push((source, health));
    }
    Ok(listed)
}

/// The organisation's own attributes, those of all sources, by name.
pub async fn attributes(ctx: &Ctx) -> Result<Vec<Attribute>, SourceError> {
    let sources = store::all(&mut ctx.read().await?).await?;
    let all = sources.into_iter().flat_map(|source| source.settings.attributes);
    let of_the_person = all.filter(|attribute| ![TIME_ZONE, EMPLOYMENT].contains(&attribute.name.as_str()));
    let by_name: BTreeMap<String, Attribute> =
        of_the_person.map(|attribute| (attribute.name.clone(), attribute)).collect();
    Ok(by_name.into_values().collect())
}

/// What is true of somebody by their records, and which source said it; `None` when no record is kept of them. With it
/// the records themselves, by source and key, also those that are gone.
pub async fn of_identity(ctx: &Ctx, identity: &IdentityId) -> Result<(Option<Merged>, Vec<Held>), SourceError> {
    let mut tx = ctx.read().await?;
    let records = store::records_of(&mut tx, identity).await?;
    let ranks = Ranks::new(&store::all(&mut tx).await?);
    let merged = merge::merge(&records.iter().collect::<Vec<_>>(), &ranks, ctx.now());
    Ok((merged, records))
}

/// Every employment that sources state of somebody.
pub(crate) async fn employments_of(
    tx: &mut ReadTx,
    identity: &IdentityId,
) -> Result<Vec<crate::states::Employment>, DbError> {
    let records = store::records_of(tx, identity).await?;
    if records.len() < 2 {
        return Ok(merge::employments(&records, &Ranks::default()));
    }
    Ok(merge::employments(&records, &Ranks::new(&store::all(tx).await?)))
}

/// Keeps that a feed was refused, so that somebody sees it who did not send it.
pub(crate) async fn refuse(ctx: &Ctx, source: &Source, refusal: &Refusal) -> Result<(), SourceError> {
    let mut tx = ctx.record(events::refused(source, refusal)).await?;
    let at = tx.now();
    let health = store::health(&mut tx, &source.name).await?;
    let refused = Some(Refused { at, code: refusal.code().to_owned(), detail: refusal.open_detail() });
    store::save_health(&mut tx, &source.name, &Health { refused, ..health }).await?;
    tx.commit().await?;
    let detail = format!("the last feed of the source `{}` was refused: {}", source.name, refusal.open_detail());
    Ok(finding::raise(ctx, REFUSED, &source.name, &detail).await?)
}

/// Keeps that a feed was taken which somebody began to read then. In the transaction that takes it.
pub(crate) async fn taken(
    tx: &mut Write,
    source: &Source,
    feed: &connectors::sources::Feed,
    began: Timestamp,
) -> Result<(), SourceError> {
    let now = tx.now();
    let before = store::health(tx, &source.name).await?;
    let same = before.last_sha256.as_deref() == Some(feed.sha256.as_str());
    let whole = feed.extent == connectors::sources::Extent::Whole;
    let health = Health {
        last_whole_at: if whole { Some(now) } else { before.last_whole_at },
        last_as_of: feed.as_of.max(before.last_as_of),
        last_began_at: before.last_began_at.max(Some(began)),
        same_since: if same { before.same_since } else { Some(now) },
        last_sha256: Some(feed.sha256.clone()),
        refused: None,
    };
    Ok(store::save_health(tx, &source.name, &health).await?)
}

/// Tells of values of a feed that were not taken, or that the last one had none. Names no value.
pub(crate) async fn tell_misfits(ctx: &Ctx, source: &Source, misfits: &[sift::Misfit]) -> Result<(), SourceError> {
    let name = &source.name;
    if misfits.is_empty() {
        return Ok(finding::clear(ctx, MISFITS, name).await?);
    }
    let first: Vec<String> =
        misfits.iter().take(5).map(|misfit| format!("record {}: {}", misfit.number, misfit.attribute)).collect();
    let detail = format!(
        "{} values of the last feed of the source `{name}` were not taken ({}{}): what was known stays in their place, \
         who was not known is not taken, and who is missing and may be one of them has not left; correct them where they are written",
        misfits.len(),
        first.join("; "),
        if misfits.len() > first.len() { "; …" } else { "" }
    );
    Ok(finding::raise(ctx, MISFITS, name, &detail).await?)
}

/// The finding about a refused feed is over when a feed was taken.
pub(crate) async fn cleared(ctx: &Ctx, source: &Source) -> Result<(), SourceError> {
    Ok(finding::clear(ctx, REFUSED, &source.name).await?)
}
