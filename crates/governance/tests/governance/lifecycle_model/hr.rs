//! What sources say of people, as plain rows that steps change and that are told as feeds.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;
use types::Timestamp;

/// A person by their number here. The first ones run the company and stay.
pub(crate) type Who = usize;

pub(crate) const ADA: Who = 0;
pub(crate) const BOB: Who = 1;
pub(crate) const STAFF: usize = 3;

pub(crate) const DEPARTMENTS: [&str; 5] = ["Platform", "Finance", "Purchasing", "Support", "Sales"];
pub(crate) const TITLES: [&str; 2] = ["Agent", "Lead"];

const NAMES: [(&str, &str); 17] = [
    ("Ada", "Nowak"),
    ("Bob", "Lindqvist"),
    ("Carol", "Adeyemi"),
    ("Mallory", "Quinn"),
    ("Nia", "Okafor"),
    ("Emil", "Brandt"),
    ("Rosa", "Costa"),
    ("Ines", "Duarte"),
    ("Liv", "Eriksen"),
    ("Otto", "Fischer"),
    ("Pilar", "Gomez"),
    ("Tor", "Hansen"),
    ("Vera", "Ivanova"),
    ("Kaja", "Jensen"),
    ("Zofia", "Kowalska"),
    ("Hugo", "Lambert"),
    ("Wim", "Maes"),
];

pub(crate) const PEOPLE: usize = NAMES.len();

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Source {
    Hr,
    Agency,
}

impl Source {
    pub(crate) const ALL: [Self; 2] = [Self::Hr, Self::Agency];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Hr => "hr",
            Self::Agency => "agency",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Says {
    Active,
    OnLeave,
    Terminated,
}

/// One employment, as its source states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) key: String,
    pub(crate) department: &'static str,
    pub(crate) title: &'static str,
    pub(crate) manager: Option<Who>,
    pub(crate) says: Says,
    /// Days since 1970.
    pub(crate) start: i64,
    /// The last day.
    pub(crate) end: Option<i64>,
}

pub(crate) struct Hr {
    pub(crate) rows: BTreeMap<(Source, Who), Row>,
    renamed: [u32; PEOPLE],
    /// The last number that somebody had.
    known: BTreeMap<(Source, Who), String>,
    numbers: u32,
}

pub(crate) fn day_of(at: Timestamp) -> i64 {
    at.seconds().div_euclid(86_400)
}

pub(crate) fn starts(day: i64) -> Timestamp {
    Timestamp::from_micros(day * 86_400_000_000)
}

pub(crate) fn days(count: u64) -> Duration {
    Duration::from_secs(count * 86_400)
}

impl Hr {
    /// The first eleven work here already, and one for an agency.
    pub(crate) fn new(now: Timestamp) -> Self {
        let mut hr = Self { rows: BTreeMap::new(), renamed: [0; PEOPLE], known: BTreeMap::new(), numbers: 0 };
        for who in 0..=11 {
            let source = if who == 11 { Source::Agency } else { Source::Hr };
            let department = if who < STAFF { "Board" } else { DEPARTMENTS[who % DEPARTMENTS.len()] };
            hr.hire(who, source, department, day_of(now) - 1_000);
        }
        // A source that says nothing of anybody is refused.
        hr.hire(STAFF - 1, Source::Agency, "Board", day_of(now) - 1_000);
        hr
    }

    /// With a new number.
    pub(crate) fn hire(&mut self, who: Who, source: Source, department: &'static str, start: i64) {
        self.known.remove(&(source, who));
        self.hire_back(who, source, department, start);
    }

    /// With the number that they had, where they had one.
    pub(crate) fn hire_back(&mut self, who: Who, source: Source, department: &'static str, start: i64) {
        self.numbers += 1;
        let letter = if source == Source::Hr { 'E' } else { 'A' };
        let new = format!("{letter}{}", self.numbers);
        let key = self.known.entry((source, who)).or_insert(new).clone();
        let manager = (who != ADA).then_some(ADA);
        let row = Row { key, department, title: "Agent", manager, says: Says::Active, start, end: None };
        self.rows.insert((source, who), row);
    }

    pub(crate) fn rename(&mut self, who: Who) {
        self.renamed[who] += 1;
    }

    pub(crate) fn family(&self, who: Who) -> String {
        match self.renamed[who] {
            0 => NAMES[who].1.to_owned(),
            times => format!("{}{}", NAMES[who].1, ["a", "e", "i", "o", "u"].repeat(times as usize).concat()),
        }
    }

    pub(crate) fn email(&self, who: Who) -> String {
        let times = Some(self.renamed[who]).filter(|times| *times > 0).map_or(String::new(), |times| times.to_string());
        format!("{}{times}@example.com", NAMES[who].0.to_lowercase())
    }

    pub(crate) fn login(&self, who: Who) -> String {
        format!("{}{}", &NAMES[who].0[..1], self.family(who)).to_lowercase()
    }

    pub(crate) fn told(&self, source: Source) -> String {
        let mut text = crate::company::HEADER.to_owned();
        for ((of, who), row) in &self.rows {
            if *of != source {
                continue;
            }
            let manager = row.manager.and_then(|who| self.rows.get(&(source, who))).map_or("", |row| &row.key);
            let says = match row.says {
                Says::Active => "active",
                Says::OnLeave => "leave",
                Says::Terminated => "terminated",
            };
            let day = |day: i64| starts(day).to_string()[..10].to_owned();
            let (given, family, email) = (NAMES[*who].0, self.family(*who), self.email(*who));
            let (key, start, end) = (&row.key, day(row.start), row.end.map_or_else(String::new, day));
            let (department, title) = (row.department, row.title);
            writeln!(text, "{key},{given},{family},{email},{department},{title},{manager},{says},{start},{end}")
                .unwrap();
        }
        text
    }
}
