//! One person's employment as HR states it, and how a line becomes one. Decides nothing about access.

use super::{Extra, FeedError};
use serde::{Deserialize, Serialize};
use types::Timestamp;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HrRecord {
    pub employee_id: String,
    pub given_name: String,
    pub family_name: String,
    pub email: String,
    pub department: String,
    pub job_title: String,
    pub manager_id: Option<String>,
    pub status: EmploymentStatus,
    /// First day of employment, in the person's own time zone.
    pub start_date: Day,
    /// Last day of employment, when one is known.
    pub end_date: Option<Day>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EmploymentStatus {
    Active,
    Leave,
    Terminated,
}

impl EmploymentStatus {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Leave => "leave",
            Self::Terminated => "terminated",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Active, Self::Leave, Self::Terminated].into_iter().find(|status| status.as_str() == text)
    }
}

/// A calendar day such as `2026-11-21`. Orders as time does.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day(String);

impl Day {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The day's first moment in UTC.
    pub fn start_utc(&self) -> Timestamp {
        self.0.parse().expect("a day was checked when it was made")
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::str::FromStr for Day {
    type Err = types::clock::BadTimestamp;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let day_only = text.len() == "2026-11-21".len();
        match text.parse::<Timestamp>() {
            Ok(_) if day_only => Ok(Self(text.to_owned())),
            _ => Err(types::clock::BadTimestamp(text.chars().take(60).collect())),
        }
    }
}

impl TryFrom<String> for Day {
    type Error = types::clock::BadTimestamp;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Day> for String {
    fn from(day: Day) -> String {
        day.0
    }
}

pub(super) const COLUMNS: [&str; 10] = [
    "employee_id",
    "given_name",
    "family_name",
    "email",
    "department",
    "job_title",
    "manager_id",
    "status",
    "start_date",
    "end_date",
];

/// For each field of a line, its place in `COLUMNS`, behind which those of the source's own columns follow.
pub(super) struct Columns<'a> {
    places: Vec<usize>,
    extra: &'a [String],
}

impl<'a> Columns<'a> {
    pub(super) fn from_header(names: &[String], extra: &'a [String]) -> Result<Self, FeedError> {
        let known: Vec<&str> = COLUMNS.iter().copied().chain(extra.iter().map(String::as_str)).collect();
        let mut places = Vec::with_capacity(known.len());
        for name in names {
            let place = known.iter().position(|known| known == name);
            let place = place.ok_or_else(|| FeedError::UnknownColumn { name: name.clone() })?;
            if places.contains(&place) {
                return Err(FeedError::RepeatedColumn { name: name.clone() });
            }
            places.push(place);
        }
        match (0..known.len()).find(|place| !places.contains(place)) {
            Some(missing) if missing < COLUMNS.len() => Err(FeedError::MissingColumn { name: COLUMNS[missing] }),
            Some(missing) => Err(FeedError::MissingDeclared { name: known[missing].to_owned() }),
            None => Ok(Self { places, extra }),
        }
    }

    pub(super) fn record(&self, line: u64, values: Vec<String>) -> Result<(HrRecord, Extra), FeedError> {
        if values.len() != self.places.len() {
            return Err(FeedError::WrongFieldCount { line, expected: self.places.len(), found: values.len() });
        }
        let mut ordered: [String; COLUMNS.len()] = Default::default();
        let mut own = Extra::new();
        for (place, value) in self.places.iter().zip(values) {
            match place.checked_sub(COLUMNS.len()) {
                Some(extra) => drop(own.insert(self.extra[extra].clone(), value)),
                None => ordered[*place] = value,
            }
        }
        Ok((build(line, ordered)?, own))
    }
}

fn build(line: u64, values: [String; COLUMNS.len()]) -> Result<HrRecord, FeedError> {
    let [employee_id, given_name, family_name, email, department, job_title, manager_id, status, start_date, end_date] =
        values;
    let bad = |column: &'static str, value: &str, wanted: &'static str| FeedError::BadValue {
        line,
        column,
        value: value.to_owned(),
        wanted,
    };
    let day = |column, text: &str| text.parse::<Day>().map_err(|_| bad(column, text, "a day such as 2026-11-21"));
    if employee_id.is_empty() {
        return Err(bad("employee_id", &employee_id, "the person's number, never empty"));
    }
    if given_name.is_empty() && family_name.is_empty() {
        return Err(bad("family_name", &family_name, "a name in given_name or family_name"));
    }
    if !is_email(&email) {
        return Err(bad("email", &email, "an address such as alice@example.com"));
    }
    let status =
        EmploymentStatus::parse(&status).ok_or_else(|| bad("status", &status, "one of active, leave, terminated"))?;
    let start_date = day("start_date", &start_date)?;
    let end_date = if end_date.is_empty() { None } else { Some(day("end_date", &end_date)?) };
    if let Some(end) = end_date.as_ref().filter(|end| **end < start_date) {
        return Err(bad("end_date", end.as_str(), "a day that is not before start_date"));
    }
    let manager_id = (!manager_id.is_empty()).then_some(manager_id);
    Ok(HrRecord {
        employee_id,
        given_name,
        family_name,
        email,
        department,
        job_title,
        manager_id,
        status,
        start_date,
        end_date,
    })
}

fn is_email(text: &str) -> bool {
    match text.split_once('@') {
        Some((local, domain)) => {
            !local.is_empty() && !domain.is_empty() && !domain.contains('@') && !text.contains(char::is_whitespace)
        }
        None => false,
    }
}
