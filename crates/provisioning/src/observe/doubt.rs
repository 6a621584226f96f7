//! Why nothing is concluded from what a reading lacks, and how that is told. What is concluded stands in `observe.rs`.

use super::{Outcome, Reading, Scope, rebuild_closure};
use crate::reading::{self, Lack, Native};
use crate::{ProvisioningError, TOPIC, events, missing_store as store, reading_store, system_store};
use ledger::{Ctx, Write, finding};
use std::time::Duration;

/// What readings lack is counted over this span too, so that a slow bleed does not pass.
const WINDOW: Duration = Duration::from_secs(24 * 3600);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// So much at once that the listing was more likely cut off.
    AtOnce,
    /// So much in a day, a little in each reading.
    InADay,
    /// The system is seen otherwise than when it was there.
    OtherView,
    /// Somebody has what is not declared any more.
    StillHeld,
}

/// What of a kind is not believed to be gone.
#[derive(Debug, Clone, Copy)]
pub(super) struct Doubted {
    doubt: Doubt,
    native: Native,
    missing: u64,
    of: u64,
}

impl Doubt {
    const ALL: [Self; 4] = [Self::AtOnce, Self::InADay, Self::OtherView, Self::StillHeld];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::AtOnce => "reading_looks_cut_off",
            Self::InADay => "readings_lose_too_much",
            Self::OtherView => "reading_through_other_view",
            Self::StillHeld => "undeclared_and_still_held",
        }
    }
}

impl Doubted {
    fn detail(self, system: &str, lack: Lack) -> String {
        let Self { doubt, native, missing, of } = self;
        let what = native.as_str();
        let (seen, check) = match doubt {
            Doubt::AtOnce => (
                format!("{missing} of {of} {what}s of `{system}` are missing from its listing"),
                "check what the service account may see there",
            ),
            Doubt::InADay => (
                format!(
                    "{missing} of {of} {what}s of `{system}` are missing, too many with those of the last 24 hours"
                ),
                "check what the service account may see there",
            ),
            Doubt::OtherView => (
                format!(
                    "since the declaration of `{system}` changed, {missing} of {of} {what}s are not listed or are listed as \
                     disabled"
                ),
                "declare it as it was, or check that they are so indeed",
            ),
            Doubt::StillHeld => (
                format!("{missing} of {of} {what}s of `{system}` are not declared any more, and somebody has them"),
                "declare them again until they are taken away",
            ),
        };
        let others = Native::ALL.iter().zip(lack.missing).filter(|(other, lacks)| **other != native && *lacks > 0);
        let others: String =
            others.map(|(other, lacks)| format!(", and with them {lacks} {}s", other.as_str())).collect();
        format!(
            "{seen}{others}: nothing is concluded, and {check}; if it is so, say so with `tenure inventory read {system}{} \
             --accept-missing REASON`",
            named(lack)
        )
    }
}

/// As the command takes it.
fn named(lack: Lack) -> String {
    let options = ["accounts", "entitlements", "memberships"];
    let named = options.iter().zip(lack.missing).filter(|(_, missing)| *missing > 0);
    named.map(|(option, missing)| format!(" --{option} {missing}")).collect()
}

impl Reading {
    /// Why what is missing is not believed to be gone; `None` where it is.
    pub(super) async fn doubt(
        &self,
        tx: &mut Write,
        native: Native,
        known: u64,
        missing: &[u64],
    ) -> Result<Option<Doubted>, ProvisioningError> {
        let because = |doubt, missing| Doubted { doubt, native, missing, of: known };
        let withheld = self.withheld(native);
        if withheld > 0 {
            return Ok(Some(because(Doubt::OtherView, withheld)));
        }
        if self.is_other_view {
            let unseen = self.unseen(native, known);
            return Ok((unseen > 0).then(|| because(Doubt::OtherView, unseen)));
        }
        let count = missing.len() as u64;
        if count == 0 {
            return Ok(None);
        }
        if self.scope == Scope::ByHand {
            let is_held = store::is_held(tx, &self.system, missing).await?;
            return Ok(is_held.then(|| because(Doubt::StillHeld, count)));
        }
        if reading::looks_cut_off(known, count) {
            return Ok(Some(because(Doubt::AtOnce, count)));
        }
        let since = tx.now().minus(WINDOW);
        let lately = store::concluded_since(tx, &self.system, native, since).await?;
        Ok(reading::bleeds(known, lately, count).then(|| because(Doubt::InADay, count)))
    }

    /// Also what came or was looked at since the reading began: that was seen otherwise.
    fn unseen(&self, native: Native, known: u64) -> u64 {
        known.saturating_sub(self.seen_of(native).count())
    }

    /// How many are listed as disabled through another view.
    fn withheld(&self, native: Native) -> u64 {
        if native == Native::Account { self.seen.withheld.count() } else { 0 }
    }

    /// How much of a kind a person would let go with this reading.
    pub(super) fn lacks(&self, native: Native, known: u64, missing: &[u64]) -> u64 {
        let gone = if self.is_other_view { self.unseen(native, known) } else { missing.len() as u64 };
        gone + self.withheld(native)
    }

    /// The same of every kind.
    async fn lack(&self, tx: &mut Write) -> Result<Lack, ProvisioningError> {
        let mut lack = Lack { view: self.view, missing: [0; 3] };
        for (lacks, native) in lack.missing.iter_mut().zip(Native::ALL) {
            if self.scope.concludes().contains(&native) {
                let known = reading_store::count(tx, native, &self.system).await?;
                *lacks = self.lacks(native, known, &self.missing(tx, native, known).await?);
            }
        }
        Ok(lack)
    }

    /// What is concluded counts in the window, unless a person lets it through: then the window begins anew.
    pub(super) async fn count(
        &self,
        tx: &mut Write,
        native: Native,
        missing: u64,
        accepted: bool,
    ) -> Result<(), ProvisioningError> {
        let now = tx.now();
        if missing == 0 {
            return Ok(());
        }
        if accepted {
            store::forget(tx, &self.system, native).await?;
        } else if self.scope == Scope::Whole {
            store::forget_before(tx, &self.system, now.minus(WINDOW)).await?;
            store::insert(tx, &self.system, native, now, missing).await?;
        }
        Ok(())
    }

    pub(super) async fn hold(&self, ctx: &Ctx, mut tx: Write, doubted: Doubted) -> Result<Outcome, ProvisioningError> {
        let lack = self.lack(&mut tx).await?;
        let state = system_store::system(&mut tx, &self.system).await?;
        if state.and_then(|state| state.held) != Some(lack) {
            // What a person reads is what they would accept.
            clear(&mut tx, &self.system).await?;
        }
        let detail = doubted.detail(&self.system, lack);
        finding::raise_in(ctx, &mut tx, doubted.doubt.as_str(), &self.system, &detail).await?;
        let now = tx.now();
        system_store::set_trouble(&mut tx, &self.system, &detail, now).await?;
        system_store::set_held(&mut tx, &self.system, lack).await?;
        // What it has that was not there before is compared with what should be, whatever it lacks.
        rebuild_closure(ctx, &mut tx, &self.system).await?;
        system_store::set_changed(&mut tx, &self.system, now).await?;
        tx.wake(TOPIC);
        let Doubted { doubt, native, missing, of } = doubted;
        tx.also(events::held(&self.system, &self.id, (doubt, native), missing, of));
        tx.commit().await?;
        Ok(Outcome::Held { missing, of })
    }
}

/// Nothing is doubted any more.
pub(super) async fn clear(tx: &mut Write, system: &str) -> Result<(), ProvisioningError> {
    for doubt in Doubt::ALL {
        finding::clear_in(tx, doubt.as_str(), system).await?;
    }
    Ok(())
}
