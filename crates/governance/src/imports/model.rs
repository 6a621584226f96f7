//! A plan of what a feed would change, and the runs that changed it or were held.

use crate::correlation::Doubt;
use crate::identities::{Day, Identity, Status};
use crate::sources::{Held, Ranks};
use crate::states::Employment;
use crate::states::days::Zone;
use connectors::sources::Asserted;
use std::collections::{BTreeMap, HashMap, HashSet};
use types::{IdentityId, ImportId, Timestamp};

/// A person's attributes as all their sources together state them; the manager by employee number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attributes {
    pub employee_id: String,
    pub given_name: String,
    pub family_name: String,
    pub email: String,
    pub department: String,
    pub job_title: String,
    pub manager_id: Option<String>,
    pub status: Status,
    pub start_date: Day,
    pub end_date: Option<Day>,
    pub time_zone: Zone,
    /// The organisation's own, by declared name.
    pub own: BTreeMap<String, Asserted>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Known for the first time, also when they have left already.
    Joiner,
    /// Had left, and works here again under the same number. Counts as a joiner.
    Rejoiner,
    Mover,
    Leaver,
}

/// How HR said that a person has left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeaverSign {
    Terminated,
    EndDatePassed,
    AbsentFromFeed,
    /// A person said so.
    ForCause,
}

/// One change of one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub what: What,
    /// `None` for a joiner.
    pub identity: Option<IdentityId>,
    /// `None` for a joiner.
    pub before: Option<Attributes>,
    pub after: Attributes,
    /// Set for a leaver only.
    pub sign: Option<LeaverSign>,
    /// All of them where there are several; none where `after` says it all.
    pub employments: Vec<Employment>,
}

/// A change as people read it: the attributes that differ, by column name.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Line {
    pub employee_id: String,
    pub what: What,
    pub before: BTreeMap<String, String>,
    pub after: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sign: Option<LeaverSign>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct Counts {
    pub joiners: u64,
    pub movers: u64,
    pub leavers: u64,
    pub unchanged: u64,
    /// Records of which a person must say whose they are.
    pub undecided: u64,
}

/// What a feed would change, and whether the breaker lets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub counts: Counts,
    /// The most of those whom it makes leave within any one day, now or by the dates that it states.
    pub leaving: u64,
    pub changes: Vec<Change>,
    pub held: Option<Trip>,
    pub(super) records: Vec<RecordWrite>,
    pub(super) doubts: Vec<Doubt>,
    /// Keys whose record is certain now, or gone.
    pub(super) cleared: Vec<String>,
}

/// A record that is kept anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RecordWrite {
    /// Without an identity where `joiner` says whose it will be, or nobody knows.
    pub(super) held: Held,
    /// Employee number of the joiner of this plan whose record it is.
    pub(super) joiner: Option<String>,
    pub(super) first: First,
}

/// Whether a version of the record is kept already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum First {
    Yes,
    No,
}

/// Why an import was held for a person to look at.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, thiserror::Error)]
#[serde(tag = "trip", rename_all = "snake_case")]
pub enum Trip {
    #[error(
        "{missing} of {known} people are missing from the feed, which looks cut off: check the feed, then confirm the import or send a whole one"
    )]
    LooksTruncated { known: u64, missing: u64 },
    #[error(
        "{matching} of {unknown} people whom the feed names for the first time are people whom it lacks, so it looks as if its keys were given anew: if that is right, confirm the import, and they stay who they are"
    )]
    Rekeyed { unknown: u64, matching: u64 },
    #[error(
        "`{attribute}` is another for {changed} of {known} people, as if columns were exchanged: check the feed, then confirm the import"
    )]
    Shifted { attribute: String, changed: u64, known: u64 },
    #[error(
        "{leavers} people would have left within 24 hours, more than the limit of {limit}: check the feed, then confirm the import"
    )]
    TooManyLeavers { leavers: u64, limit: u64 },
}

impl Trip {
    pub const fn code(&self) -> &'static str {
        match self {
            Self::LooksTruncated { .. } => "looks_truncated",
            Self::Rekeyed { .. } => "feed_rekeyed",
            Self::Shifted { .. } => "feed_shifted",
            Self::TooManyLeavers { .. } => "too_many_leavers",
        }
    }
}

/// What is known before an import.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    pub(super) people: Vec<Identity>,
    /// Those of all sources.
    pub(super) records: Vec<Held>,
    /// What people of before there were records would have stated.
    pub(super) unkept: Vec<Held>,
    pub(super) ranks: Ranks,
    /// What persons said about keys of the feed's source.
    pub(super) decided: HashMap<String, Option<IdentityId>>,
    /// Of the last 24 hours: those whom feeds made leave, and those whose date came, that no person confirmed.
    pub(super) recent_leavers: u64,
    /// Of those who leave on a day to come: of whom a person confirmed what feeds stated last.
    pub(super) confirmed: HashSet<IdentityId>,
}

/// An import as it is kept. Dry runs and feeds that change nothing are not.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Import {
    pub id: ImportId,
    /// Whose feed it was.
    pub source: String,
    pub received_at: Timestamp,
    /// Of the feed, hex.
    pub sha256: String,
    pub records: u64,
    pub counts: Counts,
    /// As in its plan.
    pub leaving: u64,
    pub state: State,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    Applied {
        at: Timestamp,
        /// Who took responsibility for an import that the breaker had stopped.
        confirmed_by: Option<IdentityId>,
    },
    Held {
        trip: Trip,
    },
    /// Held, and a newer feed came before anybody confirmed it.
    Superseded {
        at: Timestamp,
        trip: Trip,
    },
}

/// What to do with a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mode {
    DryRun,
    Apply,
    /// Applies although the breaker would hold it: a named person says why.
    Override {
        reason: String,
    },
}

/// What became of a feed.
#[derive(Debug, Clone)]
pub struct Run {
    pub outcome: Outcome,
    pub counts: Counts,
    pub lines: Vec<Line>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A dry run: nothing was written. With what would hold it.
    Planned(Option<Trip>),
    /// The feed says what is known already; nothing was written.
    Unchanged,
    Applied(ImportId),
    Held(ImportId, Trip),
}

impl Plan {
    pub(super) fn says_nothing_new(&self) -> bool {
        self.changes.is_empty() && self.records.is_empty()
    }
}

impl Change {
    pub fn line(&self) -> Line {
        let after = self.after.columns();
        let before = self.before.as_ref().map(Attributes::columns).unwrap_or_default();
        let differing = |columns: &BTreeMap<String, String>, other: &BTreeMap<String, String>| {
            let differs = |(name, value): &(&String, &String)| other.get(*name) != Some(*value);
            columns.iter().filter(differs).map(|(name, value)| (name.clone(), value.clone())).collect()
        };
        Line {
            employee_id: self.after.employee_id.clone(),
            what: self.what,
            before: differing(&before, &after),
            after: differing(&after, &before),
            sign: self.sign,
        }
    }
}

impl Attributes {
    pub fn of(identity: &Identity) -> Self {
        Self {
            employee_id: identity.employee_id.clone(),
            given_name: identity.given_name.clone(),
            family_name: identity.family_name.clone(),
            email: identity.email.clone(),
            department: identity.department.clone(),
            job_title: identity.job_title.clone(),
            manager_id: identity.manager_employee_id.clone(),
            status: identity.status,
            start_date: identity.start_date.clone(),
            end_date: identity.end_date.clone(),
            time_zone: identity.time_zone.clone(),
            own: identity.attributes.clone(),
        }
    }

    /// Values by column name; columns without a value are left out.
    fn columns(&self) -> BTreeMap<String, String> {
        let mut columns = BTreeMap::new();
        let mut put = |name: &str, value: &str| {
            if !value.is_empty() {
                columns.insert(name.to_owned(), value.to_owned());
            }
        };
        put("employee_id", &self.employee_id);
        put("given_name", &self.given_name);
        put("family_name", &self.family_name);
        put("email", &self.email);
        put("department", &self.department);
        put("job_title", &self.job_title);
        put("manager_id", self.manager_id.as_deref().unwrap_or_default());
        put("status", self.status.as_str());
        put("start_date", self.start_date.as_str());
        put("end_date", self.end_date.as_ref().map_or("", Day::as_str));
        put("time_zone", if self.time_zone == Zone::UTC { "" } else { self.time_zone.name() });
        for (name, value) in &self.own {
            match value {
                Asserted::Cleared => {}
                Asserted::Text(text) => put(name, text),
                Asserted::List(values) => put(name, &values.iter().cloned().collect::<Vec<_>>().join(", ")),
            }
        }
        columns
    }
}
