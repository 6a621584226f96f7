//! Who works at the company on its first day, and how people get their numbers and addresses. What happens later is in
//! `events.rs`.

use super::names::{NAMINGS, Name, Naming};
use super::places::{Date, Place};
use super::roles::DEPARTMENTS;
use std::collections::{BTreeMap, BTreeSet};
use types::Chance;

/// A human being, by position in the order of arrival. The product is never told; it has to find out.
pub type Human = usize;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Employee,
    Contractor,
}

impl Kind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Employee => "employee",
            Self::Contractor => "contractor",
        }
    }
}

/// Which of the company's two feeds a record is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    Hr,
    Contractors,
}

impl Source {
    pub const BOTH: [Self; 2] = [Self::Hr, Self::Contractors];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hr => "hr",
            Self::Contractors => "contractors",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    Active,
    Leave,
    Terminated,
}

impl Status {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Leave => "leave",
            Self::Terminated => "terminated",
        }
    }
}

/// What a record says of somebody, beside days and status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    pub given_name: String,
    pub family_name: String,
    pub email: String,
    pub department: String,
    pub job_title: String,
    /// The number of another record of either source.
    pub manager: Option<String>,
}

/// One record of one source. A human being may have several, one after the other or at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Employment {
    /// The person's number in that source; no other source uses it.
    pub key: String,
    pub human: Human,
    pub source: Source,
    pub written: Written,
    pub status: Status,
    pub start: Date,
    /// The last day, when one is known.
    pub end: Option<Date>,
    pub place: &'static Place,
}

impl Employment {
    pub const fn kind(&self) -> Kind {
        match self.source {
            Source::Hr => Kind::Employee,
            Source::Contractors => Kind::Contractor,
        }
    }
}

#[derive(Debug, Clone)]
pub struct Company {
    pub seed: u64,
    pub first_day: Date,
    /// By number, as they stand in the feeds of the first day.
    pub employments: BTreeMap<String, Employment>,
    /// How many human beings there are.
    pub humans: usize,
    pub(super) registry: Registry,
}

impl Company {
    /// The same company for the same seed, always.
    ///
    /// # Panics
    /// With fewer than 100 people, who would be too few for all that has to happen.
    pub fn generate(seed: u64, people: usize, first_day: Date) -> Self {
        assert!(people >= 100, "a company of {people} is too small for all that happens");
        let chance = Chance::seeded(seed);
        let mut registry = Registry::default();
        let mut employments: BTreeMap<String, Employment> = BTreeMap::new();
        let mut leads: BTreeMap<&str, (String, usize)> = BTreeMap::new();
        let mut chief = None;
        for human in 0..people {
            let naming = naming(&chance);
            let who = if human % 41 == 40 { namesake(&employments, &chance) } else { Who::draw(naming, &chance) };
            let (department, titles) = match human {
                0 => ("Executive", &["Chief Executive"][..]),
                _ if human <= DEPARTMENTS.len() => DEPARTMENTS[human - 1],
                _ => DEPARTMENTS[chance.below(u32::try_from(DEPARTMENTS.len()).expect("few")) as usize],
            };
            let is_head = human <= DEPARTMENTS.len();
            let job_title = if is_head { titles[0] } else { pick(&titles[1..], &chance) };
            let source = if !is_head && chance.below(100) < 8 { Source::Contractors } else { Source::Hr };
            let manager = if is_head { chief.clone() } else { leads.get(department).map(|(key, _)| key.clone()) };
            let key = registry.number(source);
            let written = registry.written(&who, department, job_title, manager);
            let start = first_day.plus(-30 - i64::from(chance.below(4000)));
            if human == 0 {
                chief = Some(key.clone());
            } else if is_head {
                leads.insert(department, (key.clone(), 0));
            } else if source == Source::Hr {
                lead(leads.get_mut(department).expect("every department has a head"), &key);
            }
            let place = who.place;
            let status = Status::Active;
            let employment = Employment { key: key.clone(), human, source, written, status, start, end: None, place };
            employments.insert(key, employment);
        }
        Self { seed, first_day, employments, humans: people, registry }
    }
}

/// Every ninth of a department leads those who come after.
fn lead(current: &mut (String, usize), key: &str) {
    current.1 += 1;
    if current.1 == 9 {
        *current = (key.to_owned(), 0);
    }
}

/// A name, and where it is at home.
#[derive(Debug, Clone)]
pub(super) struct Who {
    pub(super) given: String,
    pub(super) family: String,
    mail: String,
    pub(super) place: &'static Place,
}

impl Who {
    pub(super) fn draw(naming: &Naming, chance: &Chance) -> Self {
        let family = pick(naming.family, chance);
        let given = if naming.given.is_empty() { ("", "") } else { pick(naming.given, chance) };
        let mail = if given.1.is_empty() { family.1.to_owned() } else { format!("{}.{}", given.1, family.1) };
        Self { given: given.0.to_owned(), family: family.0.to_owned(), mail, place: naming.place }
    }

    /// Somebody else with the very same name.
    pub(super) fn namesake_of(employment: &Employment) -> Self {
        let local = employment.written.email.split('@').next().unwrap_or_default();
        Self {
            given: employment.written.given_name.clone(),
            family: employment.written.family_name.clone(),
            mail: local.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned(),
            place: employment.place,
        }
    }

    /// The family name that somebody takes who was called so before.
    pub(super) fn renamed(employment: &Employment, family: Name) -> Self {
        let given = employment.written.given_name.clone();
        let local = employment.written.email.split(['.', '@']).next().unwrap_or_default();
        Self { given, family: family.0.to_owned(), mail: format!("{local}.{}", family.1), place: employment.place }
    }
}

fn namesake(employments: &BTreeMap<String, Employment>, chance: &Chance) -> Who {
    let all: Vec<&Employment> = employments.values().collect();
    Who::namesake_of(pick(&all, chance))
}

/// Hands out numbers and addresses, each once and never again.
#[derive(Debug, Clone, Default)]
pub(super) struct Registry {
    employees: u32,
    contractors: u32,
    addresses: BTreeSet<String>,
}

impl Registry {
    pub(super) fn number(&mut self, source: Source) -> String {
        let (letter, count) = match source {
            Source::Hr => ('E', &mut self.employees),
            Source::Contractors => ('C', &mut self.contractors),
        };
        *count += 1;
        format!("{letter}{count:05}")
    }

    pub(super) fn address(&mut self, who: &Who) -> String {
        let mut number = 1;
        loop {
            let suffix = if number == 1 { String::new() } else { number.to_string() };
            let address = format!("{}{suffix}@example.com", who.mail);
            if self.addresses.insert(address.clone()) {
                return address;
            }
            number += 1;
        }
    }

    pub(super) fn written(&mut self, who: &Who, department: &str, job_title: &str, manager: Option<String>) -> Written {
        Written {
            given_name: who.given.clone(),
            family_name: who.family.clone(),
            email: self.address(who),
            department: department.to_owned(),
            job_title: job_title.to_owned(),
            manager,
        }
    }
}

pub(super) fn naming(chance: &Chance) -> &'static Naming {
    let mut drawn = chance.below(100);
    for naming in &NAMINGS {
        match drawn.checked_sub(naming.share) {
            Some(rest) => drawn = rest,
            None => return naming,
        }
    }
    &NAMINGS[0]
}

pub(super) fn pick<T: Copy>(of: &[T], chance: &Chance) -> T {
    of[chance.below(u32::try_from(of.len()).expect("a short list")) as usize]
}
