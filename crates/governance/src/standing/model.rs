//! A privilege that somebody has all the time, as it was found on a system.

use crate::account_links::Account;
use crate::conversions::Refusal;
use crate::entitlements::Risk;
use types::{EntitlementId, IdentityId, ObservedAccountId, Timestamp};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Privilege {
    pub account: Account,
    /// Whose the account is.
    pub holder: Option<IdentityId>,
    /// Who answers for the entitlement, else for the system.
    pub owner: Option<IdentityId>,
    /// By which membership it is had; `None` where the account has it by itself.
    pub by: Option<By>,
    /// The direct membership itself or what it brings along, by the shortest way to each.
    pub powers: Vec<Power>,
    pub last_used_at: Option<Timestamp>,
    pub assessment: Assessment,
    /// The roles by which it could be asked for.
    pub roles: Vec<String>,
    /// Why it cannot be converted as it is.
    pub obstacle: Option<Refusal>,
}

/// A direct membership: what can be taken away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct By {
    pub entitlement: EntitlementId,
    pub slug: String,
    pub name: String,
}

/// Something that gives power.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Power {
    /// `None` for what the account has by itself.
    pub name: Option<String>,
    /// Which rule says so.
    pub why: String,
    /// Names from the direct membership on.
    pub path: Vec<String>,
}

/// How risky it is, and what that follows from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    pub risk: Risk,
    pub because: Vec<Because>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Because {
    /// Somebody declared how risky the entitlement is.
    Declared(Risk),
    /// Nobody did: what gives power is risky.
    Undeclared,
    /// Days since the account was used last.
    Unused(u64),
    /// The system does not tell.
    UseUnknown,
    Orphaned,
    Unmatched,
    /// No person's own, and nobody answers for it.
    Unowned,
    /// Nothing is ever sent to it.
    Protected,
    Disabled,
}

impl std::fmt::Display for Because {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Declared(risk) => write!(f, "declared {}", risk.as_str()),
            Self::Undeclared => f.write_str("gives power, and nobody has declared how risky it is"),
            Self::Unused(days) => write!(f, "the account was not used for {days} days"),
            Self::UseUnknown => f.write_str("the system does not tell when the account was used"),
            Self::Orphaned => f.write_str("whose account it is has left"),
            Self::Unmatched => f.write_str("nobody knows whose the account is"),
            Self::Unowned => f.write_str("the account is no person's own, and nobody answers for it"),
            Self::Protected => f.write_str("the account is protected: nothing is ever sent to it"),
            Self::Disabled => f.write_str("the account is disabled"),
        }
    }
}

/// Which to list. `None` does not narrow.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub system: Option<String>,
    pub holder: Option<IdentityId>,
    /// Who answers for the entitlement, else for the system.
    pub owner: Option<IdentityId>,
    /// At least so risky.
    pub risk: Option<Risk>,
    /// Only what can be converted, or only what cannot.
    pub convertible: Option<bool>,
    /// Continue behind this account.
    pub after: Option<ObservedAccountId>,
    /// Accounts.
    pub limit: u32,
}

/// A part of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub privileges: Vec<Privilege>,
    /// Where the next part begins; a part may be short, or empty, and another may still follow.
    pub next: Option<ObservedAccountId>,
}
