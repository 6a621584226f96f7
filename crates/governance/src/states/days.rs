//! Calendar days where people live. Nothing else in the workspace knows time zones.

use crate::identities::Day;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::time::Duration;
use types::Timestamp;

const ONE_DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A time zone of the IANA database, such as `Europe/Berlin`. The database is part of the binary.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(into = "String")]
pub struct Zone(TimeZone);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a time zone: use a name of the IANA database such as `Europe/Berlin` or `UTC`")]
pub struct UnknownZone(String);

impl Zone {
    pub const UTC: Self = Self(TimeZone::UTC);

    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }
}

impl Default for Zone {
    fn default() -> Self {
        Self::UTC
    }
}

impl std::str::FromStr for Zone {
    type Err = UnknownZone;

    fn from_str(name: &str) -> Result<Self, UnknownZone> {
        if name == "UTC" {
            return Ok(Self::UTC);
        }
        TimeZone::get(name).map(Self).map_err(|_| UnknownZone(name.chars().take(60).collect()))
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> String {
        zone.name().to_owned()
    }
}

/// The first moment of a day. A day that the zone left out begins when the next one does.
pub fn starts(day: &Day, zone: &Zone) -> Timestamp {
    if *zone == Zone::UTC {
        return day.start_utc();
    }
    // The last days of the calendar, which mean "no end", are beyond what a zone can be asked for.
    date(day).and_then(|date| first_moment(date, zone)).unwrap_or_else(|| day.start_utc())
}

/// The first moment after a day.
pub fn ends(day: &Day, zone: &Zone) -> Timestamp {
    if *zone == Zone::UTC {
        return day.start_utc().plus(ONE_DAY);
    }
    let next = date(day).and_then(|date| date.tomorrow().ok());
    next.and_then(|date| first_moment(date, zone)).unwrap_or_else(|| day.start_utc().plus(ONE_DAY))
}

/// The first moment of the day that comes so many days after the one that it is where somebody lives.
pub fn days_after(now: Timestamp, days: u32, zone: &Zone) -> Timestamp {
    let today = jiff::Timestamp::from_microsecond(now.micros()).ok().map(|at| at.to_zoned(zone.0.clone()).date());
    let day = today.and_then(|date| date.checked_add(jiff::Span::new().days(i64::from(days))).ok());
    day.and_then(|date| first_moment(date, zone)).unwrap_or_else(|| now.plus(ONE_DAY * days))
}

fn date(day: &Day) -> Option<Date> {
    day.as_str().parse().ok()
}

fn first_moment(date: Date, zone: &Zone) -> Option<Timestamp> {
    let noon = date.at(12, 0, 0, 0).to_zoned(zone.0.clone()).ok()?;
    Some(Timestamp::from_micros(noon.start_of_day().ok()?.timestamp().as_microsecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str, zone: &str) -> (String, String) {
        let (day, zone) = (text.parse().unwrap(), zone.parse().unwrap());
        let shown = |at: Timestamp| at.to_string()[..16].to_owned();
        (shown(starts(&day, &zone)), shown(ends(&day, &zone)))
    }

    #[test]
    fn a_day_begins_and_ends_where_the_person_lives() {
        for (text, zone, begins, ends) in [
            ("2026-03-02", "UTC", "2026-03-02T00:00", "2026-03-03T00:00"),
            ("2026-03-02", "Pacific/Auckland", "2026-03-01T11:00", "2026-03-02T11:00"),
            ("2026-07-02", "Pacific/Auckland", "2026-07-01T12:00", "2026-07-02T12:00"),
            ("2026-03-02", "Pacific/Honolulu", "2026-03-02T10:00", "2026-03-03T10:00"),
            ("2026-03-02", "Pacific/Kiritimati", "2026-03-01T10:00", "2026-03-02T10:00"),
            ("2026-03-02", "Asia/Kathmandu", "2026-03-01T18:15", "2026-03-02T18:15"),
            // 23 and 25 hours long.
            ("2026-03-29", "Europe/Berlin", "2026-03-28T23:00", "2026-03-29T22:00"),
            ("2026-10-25", "Europe/Berlin", "2026-10-24T22:00", "2026-10-25T23:00"),
            // Midnight did not exist.
            ("2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00", "2018-11-05T02:00"),
            // Midnight came twice.
            ("2026-11-01", "America/Havana", "2026-11-01T04:00", "2026-11-02T05:00"),
            // The day was left out.
            ("2011-12-30", "Pacific/Apia", "2011-12-30T10:00", "2011-12-30T10:00"),
            ("2028-02-29", "Europe/Berlin", "2028-02-28T23:00", "2028-02-29T23:00"),
            ("9999-12-31", "Pacific/Auckland", "9999-12-31T00:00", "10000-01-01T00:00"),
        ] {
            assert_eq!(day(text, zone), (begins.to_owned(), ends[..16].to_owned()), "{text} in {zone}");
        }
    }

    #[test]
    fn a_zone_that_does_not_exist_is_refused_and_never_taken_for_utc() {
        for name in ["", "Mars/Olympus", "CEST", "+02:00", "Europe/Berlin ", "../etc/passwd"] {
            assert!(name.parse::<Zone>().is_err(), "{name}");
        }
        assert_eq!("europe/berlin".parse::<Zone>().unwrap().name(), "Europe/Berlin");
        assert_eq!("UTC".parse::<Zone>().unwrap(), Zone::UTC);
    }

    #[test]
    fn a_day_is_counted_from_the_one_that_it_is_where_the_person_lives() {
        for (now, days, zone, expected) in [
            ("2026-11-21T23:30:00Z", 1, "UTC", "2026-11-22T00:00"),
            // It is the next day there already, and summer time ends in between.
            ("2026-10-20T22:30:00Z", 14, "Europe/Berlin", "2026-11-03T23:00"),
            ("2026-11-21T09:00:00Z", 1, "Pacific/Honolulu", "2026-11-21T10:00"),
        ] {
            let found = days_after(now.parse().unwrap(), days, &zone.parse().unwrap());
            assert_eq!(found.to_string()[..16], *expected, "{now} {zone}");
        }
    }
}
