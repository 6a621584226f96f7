//! Privilege's door: what a system was seen to hold. A reading is a page at a time; only its end says that something is
//! missing, and too much missing at once says nothing. One account alone is looked at after each change.

mod back;
mod doubt;
mod look;
mod write;

pub(crate) use doubt::Doubt;
use doubt::Doubted;
pub use look::account;
pub(crate) use look::placed;

use crate::difference::{Difference, Seen};
use crate::reading::{Bits, Native, View};
use crate::{ProvisioningError, TOPIC, closure, events, reading_store as store, system_store};
use connectors::connector::Part;
use db::ReadTx;
use ledger::{Ctx, Write, finding};
use types::{ReadId, Timestamp};
use write::Gone;

pub use crate::reading::{Cursor, SystemState};

const CIRCLE: &str = "entitlements_in_a_circle";

/// Numbers that are walked at once.
const WALKED: u32 = 5_000;

/// A reading under way. A second one of the same system that writes first makes this one stale.
#[derive(Debug)]
pub struct Reading {
    system: String,
    kind: String,
    id: ReadId,
    began: Timestamp,
    scope: Scope,
    view: Option<View>,
    /// What was seen before was seen through another view.
    is_other_view: bool,
    generation: Generation,
    seen: Seen,
    counts: Counts,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    Whole,
    /// Only what changed: what is not told is as it was.
    Changes,
    /// What there is to hold, of a system that only persons reach; who holds it is as they said.
    ByHand,
}

impl Scope {
    /// Of what its end says that the rest is gone.
    const fn concludes(self) -> &'static [Native] {
        match self {
            Self::Whole => &Native::ALL,
            Self::ByHand => &[Native::Entitlement],
            Self::Changes => &[],
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Generation {
    /// As it was when the reading began.
    Before(u64),
    Ours(u64),
}

/// What a reading saw.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    pub accounts: u64,
    pub entitlements: u64,
    pub memberships: u64,
    /// What was not there before, is otherwise than before, or is gone.
    pub changed: u64,
}

/// What came of a reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Whole(Counts),
    /// So much is missing that nothing was concluded from what is missing: a person looks, or the next reading has it.
    Held {
        missing: u64,
        of: u64,
    },
}

impl Reading {
    pub async fn begin(ctx: &Ctx, system: &str, kind: &str, scope: Scope) -> Result<Self, ProvisioningError> {
        let state = system_store::system(&mut ctx.read().await?, system).await?;
        Ok(Self::of(ctx, (system, kind), scope, state))
    }

    /// The same through a view: whatever decides what of the system is listed, and how. Through another one than before
    /// nothing is concluded from what is missing, or is listed as disabled, until a person says so.
    pub async fn through(
        ctx: &Ctx,
        (system, kind): (&str, &str),
        scope: Scope,
        view: &str,
    ) -> Result<Self, ProvisioningError> {
        let (view, state) = (View::of(view), system_store::system(&mut ctx.read().await?, system).await?);
        let is_other_view = state.as_ref().is_some_and(|state| !state.is_seen_through(view));
        let reading = Self::of(ctx, (system, kind), scope, state);
        Ok(Self { view: Some(view), is_other_view, ..reading })
    }

    fn of(ctx: &Ctx, (system, kind): (&str, &str), scope: Scope, state: Option<SystemState>) -> Self {
        Self {
            system: system.to_owned(),
            kind: kind.to_owned(),
            id: ReadId::new(ctx.clock(), ctx.chance()),
            began: ctx.now(),
            scope,
            view: None,
            is_other_view: false,
            generation: Generation::Before(state.as_ref().map_or(0, |state| state.generation)),
            seen: Seen::default(),
            counts: Counts::default(),
        }
    }

    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// Takes a page in; writes only where something differs.
    ///
    /// # Errors
    /// `Stale` when another reading has written since this one began.
    pub async fn page(&mut self, ctx: &Ctx, part: &Part) -> Result<(), ProvisioningError> {
        let difference = self.difference(&mut ctx.read().await?, part).await?;
        if difference.is_none() {
            difference.same.note(&mut self.seen);
        } else {
            drop(difference);
            let mut tx = self.claimed(ctx.decide().await?).await?;
            let difference = self.difference(&mut tx, part).await?;
            difference.same.note(&mut self.seen);
            let lines = write::apply(ctx, &mut tx, &self.system, difference, &mut self.seen, None).await?;
            if !lines.is_empty() {
                tx.also(events::changed(&self.system, &self.id, &lines));
                tx.wake(TOPIC);
                tx.commit().await?;
                self.generation = Generation::Ours(self.generation.ours());
                self.counts.changed += lines.len() as u64;
            }
        }
        self.counts.accounts += part.accounts.len() as u64;
        self.counts.entitlements += part.entitlements.len() as u64;
        self.counts.memberships += part.memberships.len() as u64;
        Ok(())
    }

    async fn difference<'a>(&self, tx: &mut ReadTx, part: &'a Part) -> Result<Difference<'a>, ProvisioningError> {
        let mut difference = Difference::of(tx, &self.system, part, self.began).await?;
        if self.is_other_view {
            difference.withhold_disabled();
        }
        Ok(difference)
    }

    /// The listing came to its end: what it did not name is gone, unless that is too much to be believed.
    ///
    /// # Errors
    /// `Stale` when another reading has written since this one began.
    pub async fn end(mut self, ctx: &Ctx, changes_from: Option<&Cursor>) -> Result<Outcome, ProvisioningError> {
        let mut tx = self.claimed(ctx.decide().await?).await?;
        if let Some(doubted) = self.conclude(ctx, &mut tx).await? {
            // With it goes what was concluded of the kinds before.
            drop(tx);
            let tx = self.claimed(ctx.decide().await?).await?;
            return self.hold(ctx, tx, doubted).await;
        }
        rebuild_closure(ctx, &mut tx, &self.system).await?;
        self.settle(&mut tx, changes_from).await?;
        tx.commit().await?;
        Ok(Outcome::Whole(self.counts))
    }

    /// What is missing is gone, or what is doubted of it.
    async fn conclude(&mut self, ctx: &Ctx, tx: &mut Write) -> Result<Option<Doubted>, ProvisioningError> {
        if self.scope == Scope::Changes {
            return Ok(None);
        }
        let state = system_store::system(tx, &self.system).await?;
        let told = state.filter(|state| state.missing_is_accepted).and_then(|state| state.held);
        for native in self.scope.concludes() {
            let known = store::count(tx, *native, &self.system).await?;
            let missing = self.missing(tx, *native, known).await?;
            let lacks = self.lacks(*native, known, &missing);
            let is_told = told.is_some_and(|told| told.tells(self.view, *native, lacks));
            let doubted = if is_told { None } else { self.doubt(tx, *native, known, &missing).await? };
            if doubted.is_some() {
                return Ok(doubted);
            }
            self.count(tx, *native, missing.len() as u64, is_told).await?;
            let lines = write::close(ctx, tx, &self.system, *native, &missing, Gone::Missing).await?;
            if !lines.is_empty() {
                tx.also(events::changed(&self.system, &self.id, &lines));
                self.counts.changed += lines.len() as u64;
            }
        }
        doubt::clear(tx, &self.system).await?;
        system_store::forget_held(tx, &self.system).await?;
        Ok(None)
    }

    async fn settle(&self, tx: &mut Write, changes_from: Option<&Cursor>) -> Result<(), ProvisioningError> {
        let mut counts = [0; 3];
        for (count, native) in counts.iter_mut().zip(Native::ALL) {
            *count = store::count(tx, native, &self.system).await?;
        }
        let now = tx.now();
        let is_whole = self.scope != Scope::Changes;
        let whole_at = is_whole.then_some(now);
        let cursor = changes_from.map(|cursor| cursor.0.as_str());
        system_store::set_counts(tx, &self.system, counts, cursor, whole_at, now).await?;
        if let Some(view) = self.view.filter(|_| is_whole) {
            system_store::set_view(tx, &self.system, view).await?;
        }
        tx.also(events::read(&self.system, &self.id, is_whole, counts, self.counts.changed));
        tx.wake(TOPIC);
        Ok(())
    }

    const fn seen_of(&self, native: Native) -> &Bits {
        match native {
            Native::Account => &self.seen.accounts,
            Native::Entitlement => &self.seen.entitlements,
            Native::Membership => &self.seen.memberships,
        }
    }

    async fn missing(&self, tx: &mut ReadTx, native: Native, known: u64) -> Result<Vec<u64>, ProvisioningError> {
        let seen = self.seen_of(native);
        let (mut missing, mut after) = (Vec::new(), -1);
        if seen.count() >= known {
            return Ok(missing);
        }
        loop {
            let page = store::settled_ordinals(tx, native, &self.system, self.began, after, WALKED).await?;
            let Some(last) = page.last() else { return Ok(missing) };
            after = i64::try_from(*last).unwrap_or(i64::MAX);
            missing.extend(page.into_iter().filter(|ordinal| !seen.has(*ordinal)));
        }
    }

    /// Makes this reading the newest one of its system, in a transaction.
    async fn claimed(&self, mut tx: Write) -> Result<Write, ProvisioningError> {
        system_store::insert_system(&mut tx, &self.system, &self.kind).await?;
        let (expected, ours) = match self.generation {
            Generation::Before(before) => (before, before + 1),
            Generation::Ours(ours) => (ours, ours),
        };
        if !system_store::claim(&mut tx, &self.system, &self.id, expected, ours).await? {
            return Err(ProvisioningError::Stale(self.system.clone()));
        }
        if self.is_other_view {
            system_store::mix(&mut tx, &self.system).await?;
        }
        Ok(tx)
    }
}

impl Generation {
    const fn ours(self) -> u64 {
        match self {
            Self::Before(before) => before + 1,
            Self::Ours(ours) => ours,
        }
    }
}

/// Whether a look at one account through a view says what it has not: not since the system's declaration changed, until it
/// was read to its end.
pub async fn says_what_is_not(ctx: &Ctx, system: &str, view: &str) -> Result<bool, ProvisioningError> {
    let state = system_store::system(&mut ctx.read().await?, system).await?;
    Ok(state.is_none_or(|state| state.is_seen_through(View::of(view))))
}

/// A reading that did not come to its end; nothing is concluded from it.
pub async fn broken(ctx: &Ctx, system: &str, kind: &str, code: &str, why: &str) -> Result<(), ProvisioningError> {
    let mut tx = ctx.record(events::failed(system, code)).await?;
    let now = tx.now();
    system_store::insert_system(&mut tx, system, kind).await?;
    system_store::set_trouble(&mut tx, system, why, now).await?;
    Ok(tx.commit().await?)
}

/// Groups in groups, when one of them changed.
async fn rebuild_closure(ctx: &Ctx, tx: &mut Write, system: &str) -> Result<(), ProvisioningError> {
    if !system_store::system(tx, system).await?.is_some_and(|state| state.closure_is_stale) {
        return Ok(());
    }
    let edges = store::edges(tx, system).await?;
    let closure = closure::closure(edges.iter().map(|(inner, outer)| (inner.as_str(), outer.as_str())));
    store::replace_closure(tx, system, &closure.reaches).await?;
    if closure.circles.is_empty() {
        finding::clear_in(tx, CIRCLE, system).await?;
    } else {
        let detail = format!(
            "{} group(s) of entitlements on `{system}` contain each other: whoever is in one is in all of them; take one \
             of the memberships away there",
            closure.circles.len()
        );
        finding::raise_in(ctx, tx, CIRCLE, system, &detail).await?;
    }
    Ok(())
}
