//! Limits, and what is held against them.

use std::time::Duration;
use types::{IdentityId, Timestamp};

const DAY: u32 = 24 * 60;

/// What a breaker counts, of one system. People who leave are held by the breaker of imports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
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
    pub const ALL: [Self; 4] = [Self::Accounts, Self::Grants, Self::Privileged, Self::Creations];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accounts => "accounts",
            Self::Grants => "grants",
            Self::Privileged => "privileged",
            Self::Creations => "creations",
        }
    }

    const fn describe(self) -> &'static str {
        match self {
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
    #[serde(default)]
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
    #[serde(default)]
    pub per_run: Limit,
    #[serde(default)]
    pub window: Option<Window>,
}

impl Breaker {
    /// Those that hold where nobody declared anything: what one plan may do, and twice that within a day.
    pub fn defaults() -> Vec<Self> {
        let shared = |counts: Measure, share: f64, number: u64| {
            let limit = |times: u64| Limit { share: Some(share * times as f64), number: Some(number * times) };
            Self::standard(counts, limit(1), limit(2))
        };
        let number = |number| Limit { share: None, number: Some(number) };
        vec![
            shared(Measure::Accounts, 0.05, 50),
            shared(Measure::Creations, 0.2, 1_000),
            shared(Measure::Grants, 0.1, 500),
            Self::standard(Measure::Privileged, number(5), number(10)),
        ]
    }

    fn standard(counts: Measure, per_run: Limit, per_day: Limit) -> Self {
        let window = Some(Window { minutes: DAY, limit: per_day });
        Self { name: counts.as_str().to_owned(), counts, per_run, window }
    }
}

/// A breaker as it holds now.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    pub breaker: Breaker,
    /// `None` where the default holds.
    pub declared_at: Option<Timestamp>,
}

/// A person's word that one plan goes through although it trips a breaker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    pub breaker: String,
    pub plan: String,
    pub by: IdentityId,
    pub reason: String,
    pub at: Timestamp,
}

/// `breakers.toml`.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    #[serde(default)]
    pub breaker: Vec<Breaker>,
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

impl Trip {
    /// Whether who was told of the other one knows this one: of the same breaker, and no more than it counted.
    pub(crate) fn is_told_by(&self, told: &Self) -> bool {
        (&self.breaker, self.counts, self.window_minutes) == (&told.breaker, told.counts, told.window_minutes)
            && self.counted <= told.counted
    }
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
        write!(f, ", more than the limit of {limit} of the breaker `{breaker}`")
    }
}
