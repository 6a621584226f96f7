//! Something that a leaver owned, and who answers for it since.

use types::{CaseId, IdentityId, OwnershipId, Timestamp};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ownership {
    pub id: OwnershipId,
    /// The leaver case in which it came up.
    pub case: CaseId,
    /// Who left.
    pub owner: IdentityId,
    pub thing: Thing,
    pub found_at: Timestamp,
    pub state: State,
}

/// Something that has an owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thing {
    pub kind: Kind,
    /// By which its slice knows it: a name, or an id.
    pub subject: String,
    /// How people know it.
    pub name: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A machine identity: a service account, a pipeline, an agent.
    Machine,
    System,
    Entitlement,
    /// A source of people.
    Source,
    /// An account under management.
    Account,
    Secret,
    /// An account on a system that is no person's own.
    SharedAccount,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Nobody answers for it: a person must say who does.
    Unowned,
    HandedOver {
        to: IdentityId,
        at: Timestamp,
        /// Whoever decided; `None` where the rule did.
        by: Option<IdentityId>,
        because: String,
    },
    /// It ends then, unless somebody takes it over.
    DiesAt { deadline: Timestamp, at: Timestamp },
    /// It is not there any more.
    Gone { at: Timestamp },
}

impl Kind {
    pub const ALL: [Self; 7] = [
        Self::Machine,
        Self::System,
        Self::Entitlement,
        Self::Source,
        Self::Account,
        Self::Secret,
        Self::SharedAccount,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Machine => "machine",
            Self::System => "system",
            Self::Entitlement => "entitlement",
            Self::Source => "source",
            Self::Account => "account",
            Self::Secret => "secret",
            Self::SharedAccount => "shared_account",
        }
    }
}

impl State {
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Unowned => "unowned",
            Self::HandedOver { .. } => "handed_over",
            Self::DiesAt { .. } => "dies_at",
            Self::Gone { .. } => "gone",
        }
    }

    /// Since when it needs nobody any more.
    pub const fn settled_at(&self) -> Option<Timestamp> {
        match self {
            Self::Unowned => None,
            Self::HandedOver { at, .. } | Self::DiesAt { at, .. } | Self::Gone { at } => Some(*at),
        }
    }
}

/// Which to list. `None` does not narrow.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Who left.
    pub owner: Option<IdentityId>,
    pub case: Option<CaseId>,
    /// As [`State::as_str`] says.
    pub state: Option<String>,
    /// Continue behind this one (newest first).
    pub after: Option<OwnershipId>,
    pub limit: u32,
}
