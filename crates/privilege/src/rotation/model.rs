//! What a rotation is: one change of an account's credential, from its order to its end. Pure.

use super::machine::Wants;
use crate::accounts::words;
use types::{ManagedAccountId, RotationId, Timestamp};

words! {
    /// Why a credential is changed: a closed list.
    Cause {
        /// Somebody asked for it.
        Person "person",
        Schedule "schedule",
        /// It was handed out for one use, and is given back.
        CheckedIn "checked_in",
        /// Whoever had it in hand kept it too long.
        Overdue "overdue",
        /// It was taken back from whoever had it in hand.
        Forced "forced",
        /// Whoever had seen it may not use it any more.
        GrantEnded "grant_ended",
        /// Whoever had seen it has left.
        Leaver "leaver",
        /// It was found where it must not be.
        Leak "leak",
        /// The target refused what is kept.
        Drift "drift",
        /// Somebody asked which one is valid, and for a new one if none is.
        Reconcile "reconcile",
        /// It came under management without a credential.
        Import "import",
        /// What depends on it does not hold the one that logs in, as when somebody gave another one by hand.
        Dependents "dependents",
    }
}

impl Cause {
    /// Whether it waits for no back-off that another cause began.
    pub const fn is_urgent(self) -> bool {
        self.distrusts() || matches!(self, Self::Reconcile | Self::Person)
    }

    /// Whether it does not wait until readers have had their time to turn to the other of a pair.
    pub(super) const fn skips_grace(self) -> bool {
        self.distrusts() || matches!(self, Self::Reconcile)
    }

    /// Whether it is about the very account that it names, not about the one of its pair whose turn it is.
    pub(super) const fn is_exact(self) -> bool {
        matches!(self, Self::Drift | Self::Reconcile | Self::Import | Self::Dependents)
    }

    /// Whether whoever could know the old credential must be kept out, so that of a pair both are changed.
    pub(super) const fn distrusts(self) -> bool {
        matches!(self, Self::Leak | Self::CheckedIn | Self::Overdue | Self::Forced | Self::GrantEnded | Self::Leaver)
    }

    pub(super) const fn wants(self) -> Wants {
        match self {
            Self::Drift | Self::Reconcile | Self::Import | Self::Dependents => Wants::Truth,
            _ => Wants::Change,
        }
    }
}

words! {
    Ending {
        /// The new credential logged in.
        Settled "settled",
        /// What depends on the credential could not be updated, so the old one was set again.
        RolledBack "rolled_back",
        /// None of those kept logs in: a person must reconcile the account.
        Lost "lost",
        /// The account is not managed any more.
        Unmanaged "unmanaged",
    }
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Rotation {
    pub id: RotationId,
    /// The account that is changed.
    pub account: ManagedAccountId,
    pub login: String,
    pub target: String,
    /// The account that was named: of a pair, the other one is changed when this one is handed out.
    pub asked_for: ManagedAccountId,
    pub cause: Cause,
    pub ordered_at: Timestamp,
    /// Runs so far.
    pub attempts: u32,
    /// Not before then.
    pub retry_at: Option<Timestamp>,
    /// Since when every run has found that none of those kept logs in.
    pub none_since: Option<Timestamp>,
    /// Why the last run did not end it.
    pub last_error: Option<String>,
    /// The target has the new one; what depends on it is being updated.
    pub changed: Option<Changed>,
    /// The old one is being set again, as this version.
    pub rolled_back_to: Option<u32>,
    pub ended: Option<Ended>,
}

/// A change that was made at the target. Numbers are versions.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Changed {
    pub from: Option<u32>,
    pub to: u32,
    /// Runs in which not everything that depends on it could be updated.
    pub tries: u32,
}

impl Rotation {
    /// A change that was made is not made again: what is wanted is that everything holds it.
    pub(super) fn wants(&self) -> Wants {
        if self.changed.is_some() || self.rolled_back_to.is_some() { Wants::Truth } else { self.cause.wants() }
    }

    /// Whether the target has the old one again.
    pub(super) fn went_back(&self) -> bool {
        let to = self.changed.as_ref().map(|changed| changed.to);
        to.is_some() && to == self.rolled_back_to
    }

    /// The version to set again, where what depends on the new one could not be updated so often.
    pub(super) fn way_back(&self) -> Option<u32> {
        let changed =
            self.changed.as_ref().filter(|changed| changed.tries >= TRIES && changed.from != Some(changed.to));
        let may = self.rolled_back_to.is_none() && self.cause.wants() == Wants::Change && !self.cause.distrusts();
        changed.filter(|_| may)?.from
    }
}

/// From this failed update on, an account that is to be rolled back is.
const TRIES: u32 = 5;

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Ended {
    pub at: Timestamp,
    pub how: Ending,
    /// The version that logs in now.
    pub version: Option<u32>,
}
