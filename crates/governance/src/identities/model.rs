//! A person as HR states them, now and before. Says nothing about access.

use crate::states::days::Zone;
use crate::states::{Employment, Outlook, StateName};
pub use connectors::hr_csv::{Day, EmploymentStatus as Status};
use connectors::sources::Asserted;
use std::collections::BTreeMap;
use std::time::Duration;
use types::{IdentityId, Timestamp};

const ONE_DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Identity {
    pub id: IdentityId,
    /// The HR system's number for the person; never changes.
    pub employee_id: String,
    pub given_name: String,
    pub family_name: String,
    pub email: String,
    pub department: String,
    pub job_title: String,
    pub manager: Option<IdentityId>,
    /// The manager's number in the HR system.
    pub manager_employee_id: Option<String>,
    pub status: Status,
    /// First day of employment.
    pub start_date: Day,
    /// Last day of employment, when one is known.
    pub end_date: Option<Day>,
    /// Where those days are counted.
    pub time_zone: Zone,
    /// Since when Tenure knows of `status`.
    pub status_since: Timestamp,
    #[serde(skip)]
    pub outlook: Outlook,
    /// The organisation's own, by declared name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, Asserted>,
}

/// What a person's employment allows at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    NotYetStarted,
    Working,
    OnLeave,
    Suspended,
    Left,
}

impl Identity {
    pub fn name(&self) -> String {
        [self.given_name.as_str(), self.family_name.as_str()].join(" ").trim().to_owned()
    }

    pub fn standing(&self, now: Timestamp) -> Standing {
        self.outlook.at(now).standing()
    }

    /// Whether the person has left and the consequences of that were drawn.
    pub fn has_left(&self) -> bool {
        self.outlook.settled().has_left()
    }

    /// The one employment that the record states.
    pub(crate) fn employment(&self) -> Employment {
        let Self { status, start_date, end_date, time_zone, status_since, .. } = self;
        Employment::alone(*status, start_date, end_date.as_ref(), time_zone, *status_since)
    }

    pub fn is_working(&self, now: Timestamp) -> bool {
        self.standing(now) == Standing::Working
    }
}

/// The first moment after a day.
pub fn end_of(day: &Day) -> Timestamp {
    day.start_utc().plus(ONE_DAY)
}

/// Whether a last day of employment is over.
pub fn has_passed(end_date: Option<&Day>, now: Timestamp) -> bool {
    end_date.is_some_and(|day| now >= end_of(day))
}

impl std::fmt::Display for Standing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NotYetStarted => "has not started yet",
            Self::Working => "is working",
            Self::OnLeave => "is on leave",
            Self::Suspended => "is suspended",
            Self::Left => "has left",
        })
    }
}

/// What was known about a person during one span. A closed span is never changed again.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Version {
    pub identity: Identity,
    /// Since when this was true in the world, which may be before or after it became known.
    pub true_from: Timestamp,
    /// When Tenure recorded it.
    pub from: Timestamp,
    /// When Tenure recorded something else.
    pub until: Option<Timestamp>,
}

/// Which identities to list. `None` does not narrow.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Part of the name, the address or the employee number, in any case.
    pub query: Option<String>,
    pub department: Option<String>,
    pub status: Option<Status>,
    /// The name of a lifecycle state.
    pub state: Option<StateName>,
    /// Continue after this one (oldest first).
    pub after: Option<IdentityId>,
    pub limit: u32,
}
