//! Whose an account on a system is, what a person said about it, and the cases that a person decides.

use crate::correlation::{Candidate, CaseState};
use provisioning::ObservedAccount;
use types::{IdentityId, MatchCaseId, ObservedAccountId, Timestamp};

/// How an account stands to the people that are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkState {
    /// Nothing is ever sent to it, whoever has it.
    Protected,
    Linked,
    /// Whose it is has left.
    Orphaned,
    /// A person said that it is no person's own.
    NonPersonal,
    /// Nobody knows whose it is.
    Unmatched,
}

impl LinkState {
    pub const ALL: [Self; 5] = [Self::Protected, Self::Linked, Self::Orphaned, Self::NonPersonal, Self::Unmatched];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Protected => "protected",
            Self::Linked => "linked",
            Self::Orphaned => "orphaned",
            Self::NonPersonal => "non_personal",
            Self::Unmatched => "unmatched",
        }
    }
}

impl std::str::FromStr for LinkState {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|state| state.as_str() == text).ok_or_else(|| {
            let shown: String = text.chars().take(40).collect();
            format!("`{shown}` is no such state; choose from {}", Self::ALL.map(Self::as_str).join(", "))
        })
    }
}

/// What a person says about an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    Person(IdentityId),
    /// It is no person's own; who answers for it, where somebody does.
    NonPersonal {
        owner: Option<IdentityId>,
    },
}

impl Said {
    pub(super) const fn person(&self) -> Option<&IdentityId> {
        match self {
            Self::Person(person) => Some(person),
            Self::NonPersonal { .. } => None,
        }
    }

    pub(super) const fn owner(&self) -> Option<&IdentityId> {
        match self {
            Self::Person(_) => None,
            Self::NonPersonal { owner } => owner.as_ref(),
        }
    }
}

/// A person's word about an account: kept, and never asked for again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub said: Said,
    pub by: IdentityId,
    pub at: Timestamp,
}

impl Answer {
    /// That an account is somebody's says nothing of one that was made later under its name.
    pub(super) fn is_about(&self, account: &ObservedAccount) -> bool {
        self.said.person().is_none() || self.at >= account.from
    }
}

/// An account with what is known of its holder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub observed: ObservedAccount,
    pub state: LinkState,
    pub answer: Option<Answer>,
}

impl Account {
    /// Who answers for it although it is nobody's own.
    pub fn owner(&self) -> Option<&IdentityId> {
        self.answer.as_ref().and_then(|answer| answer.said.owner())
    }
}

/// Which accounts to list. `None` does not narrow.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub system: Option<String>,
    pub identity: Option<IdentityId>,
    pub state: Option<LinkState>,
    /// Whether it has power by itself or by a direct membership.
    pub privileged: Option<bool>,
    /// A part of the login or name, in any case.
    pub query: Option<String>,
    pub after: Option<ObservedAccountId>,
    pub limit: u32,
}

/// A part of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub accounts: Vec<Account>,
    /// Where the next part begins; a part may hold fewer than asked for, and another may still follow.
    pub next: Option<ObservedAccountId>,
}

/// An account of which nobody can be sure whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountCase {
    pub id: MatchCaseId,
    pub system: String,
    pub account: ObservedAccountId,
    /// The likeliest first.
    pub candidates: Vec<Candidate>,
    pub opened_at: Timestamp,
    pub state: CaseState,
}
