//! Limits, and what is held against them.

use std::time::Duration;

/// What a breaker counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// People who leave.
    People,
    /// Accounts disabled or deleted.
    Accounts,
    /// Entitlements taken away.
    Grants,
    /// Privileged entitlements given.
    Privileged,
    /// Accounts created.
    Creations,
}

impl Measure {
    pub const ALL: [Self; 5] = [Self::People, Self::Accounts, Self::Grants, Self::Privileged, Self::Creations];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::People => "people",
            Self::Accounts => "accounts",
            Self::Grants => "grants",
            Self::Privileged => "privileged",
            Self::Creations => "creations",
        }
    }

    const fn describe(self) -> &'static str {
        match self {
            Self::People => "people would leave",
            Self::Accounts => "accounts would be disabled or deleted",
            Self::Grants => "entitlements would be taken away",
            Self::Privileged => "privileged entitlements would be given",
            Self::Creations => "accounts would be created",
        }
    }
}

/// The most that may happen; the lower of the two. Without either there is no limit.
#[derive(Debug, Clone, Copy, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limit {
    /// Of what there is, from 0 to 1. Never less than one.
    pub share: Option<f64>,
    pub number: Option<u64>,
}

/// A limit over the last minutes.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    pub minutes: u32,
    pub limit: Limit,
}

impl Window {
    pub fn length(&self) -> Duration {
        Duration::from_secs(u64::from(self.minutes) * 60)
    }
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Breaker {
    pub name: String,
    pub counts: Measure,
    pub per_run: Limit,
    #[serde(default)]
    pub window: Option<Window>,
}

/// What a breaker's measure is in a plan, and was before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// What the plan would do.
    pub planned: u64,
    /// What was done within the breaker's window, and no person confirmed.
    pub recent: u64,
    /// What there is of it now, before the plan.
    pub there: u64,
}

/// Why a plan is held for a person to look at.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trip {
    pub breaker: String,
    pub counts: Measure,
    pub counted: u64,
    pub limit: u64,
    /// `None` when the limit of one run is exceeded.
    pub window_minutes: Option<u32>,
}

impl std::fmt::Display for Trip {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { breaker, counted, limit, .. } = self;
        write!(f, "{counted} {}", self.counts.describe())?;
        match self.window_minutes {
            Some(minutes) if minutes % 60 == 0 => write!(f, " within {} hours", minutes / 60)?,
            Some(minutes) => write!(f, " within {minutes} minutes")?,
            None => {}
        }
        write!(f, ", more than the limit of {limit} of the breaker `{breaker}`: look at the plan, then confirm it")
    }
}
