//! A standing privilege on its way to being one on request.

use super::{ConversionError, State};
use authn::Caller;
use std::time::Duration;
use types::{AssignmentId, ConversionId, EntitlementId, IdentityId, ObservedAccountId, OrderId, Permission, Timestamp};

/// One direct membership of one account. What it gives beyond itself goes with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversion {
    pub id: ConversionId,
    pub system: String,
    pub account: ObservedAccountId,
    pub entitlement: EntitlementId,
    /// Whose it was, and who may ask for it.
    pub identity: IdentityId,
    /// By which they may ask.
    pub role: String,
    /// The role was given for this; `None` where they held it already.
    pub assignment: Option<AssignmentId>,
    /// The order that takes it away.
    pub removal: OrderId,
    pub began_at: Timestamp,
    pub began_by: IdentityId,
    /// Not seen gone by then, it is undone.
    pub deadline: Timestamp,
    pub state: State,
}

/// What a person undoes long afterwards is no undoing.
pub const UNDONE_WITHIN: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Minutes in which it is to be seen gone.
pub const DEADLINE: std::ops::RangeInclusive<u32> = 1..=7 * 24 * 60;
/// A day: what is away for less comes back by itself.
pub const USUAL_DEADLINE: u32 = 24 * 60;

/// Conversions that one call begins.
pub const MOST: usize = 200;

/// A direct membership.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Membership {
    pub account: ObservedAccountId,
    pub entitlement: EntitlementId,
}

/// As `ACCOUNT/ENTITLEMENT`.
impl std::fmt::Display for Membership {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.account, self.entitlement)
    }
}

impl std::str::FromStr for Membership {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parsed = text.split_once('/').and_then(|(account, entitlement)| {
            Some(Self { account: account.parse().ok()?, entitlement: entitlement.parse().ok()? })
        });
        parsed.ok_or_else(|| {
            let shown: String = text.chars().take(80).collect();
            format!("`{shown}` is no membership: give one as `tenure standing list` shows it, oac_…/ent_…")
        })
    }
}

/// What a person wants converted.
#[derive(Debug, Clone)]
pub struct New {
    pub memberships: Vec<Membership>,
    /// Is given to whoever may not ask yet.
    pub role: Option<String>,
    pub reason: String,
    pub within_minutes: u32,
    pub breakers: Breakers,
}

/// What a breaker that trips means for a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breakers {
    Hold,
    /// The person, who may confirm plans, takes responsibility with their reason: for what somebody else began.
    LetThrough,
}

impl Breakers {
    /// # Errors
    /// `MayNotConfirm`: what a breaker holds is let through by who may confirm plans.
    pub fn of(caller: &Caller, let_through: bool) -> Result<Self, ConversionError> {
        match (let_through, caller.may(Permission::PlansConfirm)) {
            (false, _) => Ok(Self::Hold),
            (true, true) => Ok(Self::LetThrough),
            (true, false) => Err(ConversionError::MayNotConfirm),
        }
    }
}

/// Which to list. `None` does not narrow.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub system: Option<String>,
    pub identity: Option<IdentityId>,
    /// As [`State::as_str`] says.
    pub state: Option<String>,
    /// Continue after this one (newest first).
    pub after: Option<ConversionId>,
    pub limit: u32,
}
