//! One difference on a system that nothing of ours explains.

use crate::mappings::DriftPolicy;
use provisioning::Act;
use types::{DriftId, EntitlementId, IdentityId, ObservedAccountId, Timestamp};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drift {
    pub id: DriftId,
    pub system: String,
    /// The account, its attributes, or the membership: as in orders.
    pub subject: String,
    /// What would change it back.
    pub act: Act,
    /// Whose account it is.
    pub identity: IdentityId,
    /// `None` where the account is missing.
    pub account: Option<ObservedAccountId>,
    pub entitlement: Option<EntitlementId>,
    /// It is about power.
    pub privileged: bool,
    pub found_at: Timestamp,
    pub answer: Answer,
}

/// What becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// A person decides.
    Waiting,
    /// It is changed back by the next plan.
    Reverting(Decided),
    /// It stays for as long as its owner is at work.
    Accepted(Decided),
    /// Nothing is left of it.
    Over { at: Timestamp, decided: Option<Decided> },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    pub at: Timestamp,
    /// `None` where the policy of the system did.
    pub by: Option<IdentityId>,
}

impl Answer {
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Reverting(_) => "reverting",
            Self::Accepted(_) => "accepted",
            Self::Over { .. } => "over",
        }
    }

    pub const fn decided(&self) -> Option<&Decided> {
        match self {
            Self::Waiting => None,
            Self::Reverting(decided) | Self::Accepted(decided) => Some(decided),
            Self::Over { decided, .. } => decided.as_ref(),
        }
    }
}

/// Ends the subject of what is compared and never set.
pub(crate) const COMPARED: &str = "/compared";

impl Drift {
    pub fn is_only_compared(&self) -> bool {
        self.subject.ends_with(COMPARED)
    }

    pub const fn is_accepted(&self) -> bool {
        matches!(self.answer, Answer::Accepted(_))
    }

    pub const fn is_reverting(&self) -> bool {
        matches!(self.answer, Answer::Reverting(_))
    }

    /// The policy that accepted it is another one now.
    pub(crate) fn must_be_judged_again(&self, policy: DriftPolicy) -> bool {
        let by_policy = self.answer.decided().is_some_and(|decided| decided.by.is_none());
        by_policy && policy != DriftPolicy::Accept
    }

    /// The same, under a policy. What a person decided about somebody at work is not judged.
    pub(crate) fn judged(&self, policy: DriftPolicy, now: Timestamp) -> Self {
        let stays = match (&self.answer, policy) {
            (Answer::Reverting(decided), _) if decided.by.is_some() => true,
            (Answer::Reverting(_), DriftPolicy::Revert) => true,
            (Answer::Accepted(_), DriftPolicy::Accept) => true,
            (Answer::Waiting, DriftPolicy::Ask) => true,
            _ => false,
        };
        let answer = if stays { self.answer.clone() } else { Answer::of(policy, now) };
        Self { answer, ..self.clone() }
    }

    pub(crate) fn over(&self, at: Timestamp) -> Self {
        Self { answer: Answer::Over { at, decided: self.answer.decided().cloned() }, ..self.clone() }
    }
}

/// Which to list. `None` does not narrow.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub system: Option<String>,
    pub identity: Option<IdentityId>,
    /// As [`Answer::as_str`] says.
    pub state: Option<String>,
    pub privileged: Option<bool>,
    /// Continue after this one (newest first).
    pub after: Option<DriftId>,
    pub limit: u32,
}
