//! Calendar days, and the places of the company with their clocks. The clock rules are written out here, so that they
//! judge whatever time zone library the product uses.

use connectors::hr_csv::Day;
use types::Timestamp;

const MICROS_PER_MINUTE: i64 = 60_000_000;
const MICROS_PER_DAY: i64 = 86_400_000_000;

/// A calendar day, counted from 1970-01-01. Prints as `2026-11-21`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(pub i64);

impl Date {
    /// # Panics
    /// When `text` is no day such as `2026-11-21`.
    pub fn parse(text: &str) -> Self {
        let day: Day = text.parse().expect("a day such as 2026-11-21");
        Self(day.start_utc().micros() / MICROS_PER_DAY)
    }

    pub const fn plus(self, days: i64) -> Self {
        Self(self.0 + days)
    }

    /// Whole days from `earlier` to this one; negative when that one is later.
    pub const fn since(self, earlier: Self) -> i64 {
        self.0 - earlier.0
    }

    /// The moment `hour` hours after the day began in UTC.
    pub const fn at_hour(self, hour: i64) -> Timestamp {
        Timestamp::from_micros(self.0 * MICROS_PER_DAY + hour * 60 * MICROS_PER_MINUTE)
    }

    fn year(self) -> i64 {
        self.to_string()[..4].parse().expect("a year of four digits")
    }

    fn of(year: i64, month: u32, day: u32) -> Self {
        Self::parse(&format!("{year:04}-{month:02}-{day:02}"))
    }

    /// 0 on Sundays. 1970-01-01 was a Thursday.
    const fn weekday(self) -> i64 {
        (self.0 + 4).rem_euclid(7)
    }

    /// The first Sunday that is not before this day.
    const fn sunday_from(self) -> Self {
        Self(self.0 + (7 - self.weekday()) % 7)
    }
}

impl std::fmt::Display for Date {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.at_hour(0).to_string()[..10])
    }
}

/// When clocks are an hour ahead. Every switch named here happens in the small hours of a Sunday, after midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Summer {
    Never,
    /// From the last Sunday of March to the last Sunday of October.
    Europe,
    /// From the second Sunday of March to the first Sunday of November.
    America,
    /// From the last Sunday of September to the first Sunday of April.
    NewZealand,
}

/// Where somebody works.
#[derive(Debug, PartialEq, Eq)]
pub struct Place {
    pub country: &'static str,
    /// Name in the IANA time zone database.
    pub zone: &'static str,
    /// Minutes ahead of UTC in winter.
    pub offset_minutes: i64,
    pub summer: Summer,
}

const fn place(country: &'static str, zone: &'static str, offset_minutes: i64, summer: Summer) -> Place {
    Place { country, zone, offset_minutes, summer }
}

pub static BERLIN: Place = place("DE", "Europe/Berlin", 60, Summer::Europe);
pub static WARSAW: Place = place("PL", "Europe/Warsaw", 60, Summer::Europe);
pub static PRAGUE: Place = place("CZ", "Europe/Prague", 60, Summer::Europe);
pub static REYKJAVIK: Place = place("IS", "Atlantic/Reykjavik", 0, Summer::Never);
pub static KOLKATA: Place = place("IN", "Asia/Kolkata", 330, Summer::Never);
pub static TOKYO: Place = place("JP", "Asia/Tokyo", 540, Summer::Never);
pub static AUCKLAND: Place = place("NZ", "Pacific/Auckland", 720, Summer::NewZealand);
pub static NEW_YORK: Place = place("US", "America/New_York", -300, Summer::America);
pub static HONOLULU: Place = place("US", "Pacific/Honolulu", -600, Summer::Never);
pub static SAO_PAULO: Place = place("BR", "America/Sao_Paulo", -180, Summer::Never);
pub static JAKARTA: Place = place("ID", "Asia/Jakarta", 420, Summer::Never);
pub static DUBAI: Place = place("AE", "Asia/Dubai", 240, Summer::Never);
pub static HANOI: Place = place("VN", "Asia/Ho_Chi_Minh", 420, Summer::Never);

impl Place {
    /// The moment in which the day begins here.
    pub fn midnight(&self, date: Date) -> Timestamp {
        let ahead = self.offset_minutes + if self.is_summer(date) { 60 } else { 0 };
        Timestamp::from_micros(date.0 * MICROS_PER_DAY - ahead * MICROS_PER_MINUTE)
    }

    /// The day that it is here.
    pub fn date(&self, at: Timestamp) -> Date {
        let near = Date(at.micros().div_euclid(MICROS_PER_DAY));
        let begun = [near.plus(1), near, near.plus(-1)].into_iter().find(|date| self.midnight(*date) <= at);
        begun.expect("no clock is more than a day from UTC")
    }

    /// Whether clocks are ahead when the day begins: on the day of a switch they are as they were the day before.
    fn is_summer(&self, date: Date) -> bool {
        let year = date.year();
        let last_sunday = |month, day| Date::of(year, month, day).plus(-6).sunday_from();
        match self.summer {
            Summer::Never => false,
            Summer::Europe => last_sunday(3, 31) < date && date <= last_sunday(10, 31),
            Summer::America => Date::of(year, 3, 8).sunday_from() < date && date <= Date::of(year, 11, 1).sunday_from(),
            Summer::NewZealand => last_sunday(9, 30) < date || date <= Date::of(year, 4, 1).sunday_from(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn midnight(place: &Place, date: &str) -> String {
        place.midnight(Date::parse(date)).to_string().replace(":00.000000", "")
    }

    #[test]
    fn a_day_begins_when_it_begins_there_also_when_clocks_change() {
        for (place, date, expected) in [
            (&AUCKLAND, "2027-01-15", "2027-01-14T11:00Z"),
            (&AUCKLAND, "2027-04-04", "2027-04-03T11:00Z"),
            (&AUCKLAND, "2027-04-05", "2027-04-04T12:00Z"),
            (&AUCKLAND, "2027-09-26", "2027-09-25T12:00Z"),
            (&AUCKLAND, "2027-09-27", "2027-09-26T11:00Z"),
            (&HONOLULU, "2027-07-01", "2027-07-01T10:00Z"),
            (&BERLIN, "2027-03-28", "2027-03-27T23:00Z"),
            (&BERLIN, "2027-03-29", "2027-03-28T22:00Z"),
            (&BERLIN, "2027-10-31", "2027-10-30T22:00Z"),
            (&BERLIN, "2027-11-01", "2027-10-31T23:00Z"),
            (&NEW_YORK, "2027-03-14", "2027-03-14T05:00Z"),
            (&NEW_YORK, "2027-03-15", "2027-03-15T04:00Z"),
            (&NEW_YORK, "2027-11-07", "2027-11-07T04:00Z"),
            (&NEW_YORK, "2027-11-08", "2027-11-08T05:00Z"),
            (&KOLKATA, "2027-07-01", "2027-06-30T18:30Z"),
        ] {
            assert_eq!(midnight(place, date), expected, "{} {date}", place.zone);
        }
    }

    #[test]
    fn the_day_there_is_the_one_that_began_last() {
        for place in [&AUCKLAND, &HONOLULU, &BERLIN, &NEW_YORK, &KOLKATA] {
            for day in 0..800 {
                let date = Date::parse("2027-01-01").plus(day);
                let midnight = place.midnight(date);
                assert_eq!(place.date(midnight), date, "{} {date}", place.zone);
                let before = Timestamp::from_micros(midnight.micros() - 1);
                assert_eq!(place.date(before), date.plus(-1), "{} {date}", place.zone);
            }
        }
    }
}
