//! From the records of one person to what is true of them, attribute by attribute, and who said it. Pure.

use super::model::{Held, Said, Source};
use crate::identities::{Day, Status};
use crate::states::{
    self,
    days::{self, Zone},
};
use connectors::sources::{Employment, Record};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use types::Timestamp;

/// Which source goes first, by attribute.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ranks(HashMap<String, (u32, BTreeMap<String, u32>)>);

/// One person as all their sources together state them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    pub values: BTreeMap<String, Said>,
    /// Source and key of the employment that counts.
    pub primary: (String, String),
    pub status: Status,
    /// `None` when no source says.
    pub start: Option<Day>,
    pub end: Option<Day>,
    pub zone: Zone,
}

impl Ranks {
    pub fn new<'a>(sources: impl IntoIterator<Item = &'a Source>) -> Self {
        let rank = |source: &Source| (source.precedence(), source.settings.precedence_of.clone());
        Self(sources.into_iter().map(|source| (source.name.clone(), rank(source))).collect())
    }

    fn of(&self, source: &str, attribute: Option<&str>) -> u32 {
        let Some((rank, single)) = self.0.get(source) else { return u32::MAX };
        attribute.and_then(|attribute| single.get(attribute)).copied().unwrap_or(*rank)
    }
}

/// `None` when no record that is there says that the person works here, or ever did.
pub(crate) fn merge(records: &[&Held], ranks: &Ranks, now: Timestamp) -> Option<Merged> {
    let there: Vec<&Held> = records.iter().copied().filter(|held| held.gone_at.is_none()).collect();
    let mut employed: Vec<(&Held, &Employment)> =
        there.iter().filter_map(|held| Some((*held, held.record.employment.as_ref()?))).collect();
    employed.sort_by_key(|(held, _)| (held.source.clone(), held.record.key.clone()));
    let employments: Vec<states::Employment> = employed.iter().filter_map(|(held, _)| stated(held, ranks)).collect();
    let (primary, employment) = employed[states::rules::primary(&employments, now)?];
    // What a past employment states is past, as long as there is another.
    let past = |held: &Held| held.record.employment.as_ref().is_some_and(|other| has_ended(other, now));
    // What one states that has not begun is to come, as long as there is one that has.
    let to_come = |held: &Held| held.record.employment.as_ref().is_some_and(|other| !has_begun(other, now));
    let mut stating: Vec<&Held> = there
        .iter()
        .copied()
        .filter(|held| has_ended(employment, now) || !past(held))
        .filter(|held| !has_begun(employment, now) || !to_come(held))
        .collect();
    stating.sort_by_key(|held| (Reverse(is_same(held, primary)), held.source.clone(), held.record.key.clone()));
    let names: BTreeSet<&String> = stating.iter().flat_map(|held| held.record.attributes.keys()).collect();
    let said = |name: &String| {
        let having = stating.iter().filter(|held| held.record.attributes.contains_key(name));
        let first = having.min_by_key(|held| ranks.of(&held.source, Some(name))).expect("a name of one of them");
        (name.clone(), Said { value: first.record.attributes[name].clone(), source: first.source.clone() })
    };
    Some(Merged {
        values: names.into_iter().map(said).collect(),
        primary: (primary.source.clone(), primary.record.key.clone()),
        status: if has_ended(employment, now) { Status::Terminated } else { employment.status },
        start: employment.start.clone(),
        end: employment.end.clone(),
        zone: zone_of(employment),
    })
}

/// The employment of a record, as far as a state follows from it. One without a first day begins when it is known.
fn stated(held: &Held, ranks: &Ranks) -> Option<states::Employment> {
    let employment = held.record.employment.as_ref()?;
    Some(states::Employment {
        status: employment.status,
        start: employment.start.clone().unwrap_or_else(|| day_of(held.said_at)),
        end: employment.end.clone(),
        zone: zone_of(employment),
        said_at: held.said_at,
        gone_at: held.gone_at,
        precedence: ranks.of(&held.source, None),
    })
}

/// Every employment of one person, also those that their sources name no more.
pub(crate) fn employments<'a>(records: impl IntoIterator<Item = &'a Held>, ranks: &Ranks) -> Vec<states::Employment> {
    records.into_iter().filter_map(|held| stated(held, ranks)).collect()
}

/// When it was learned what `record` says of the employment, if it comes now in place of `before`. What was over is over
/// since then, however it is stated later.
pub(crate) fn said_at(before: &Held, record: &Record, now: Timestamp) -> Timestamp {
    if before.gone_at.is_none() && before.record.employment == record.employment {
        return before.said_at;
    }
    let over = |held: &Held| states::rules::known_over(&stated(held, &Ranks::default())?, now);
    let after = Held { record: record.clone(), said_at: now, gone_at: None, ..before.clone() };
    over(before).filter(|_| over(&after).is_some()).unwrap_or(now)
}

pub(crate) fn day_of(at: Timestamp) -> Day {
    at.to_string()[..10].parse().expect("a time begins with its day")
}

fn has_ended(employment: &Employment, now: Timestamp) -> bool {
    let over = |end: &Day| days::ends(end, &zone_of(employment)) <= now;
    employment.status == Status::Terminated || employment.end.as_ref().is_some_and(over)
}

fn has_begun(employment: &Employment, now: Timestamp) -> bool {
    employment.start.as_ref().is_none_or(|start| days::starts(start, &zone_of(employment)) <= now)
}

/// UTC where the source names none: those that are none were refused.
pub(crate) fn zone_of(employment: &Employment) -> Zone {
    employment.time_zone.as_ref().and_then(|zone| zone.parse().ok()).unwrap_or(Zone::UTC)
}

fn is_same(one: &Held, other: &Held) -> bool {
    (&one.source, &one.record.key) == (&other.source, &other.record.key)
}

impl Merged {
    pub fn text(&self, attribute: &str) -> Option<&str> {
        self.values.get(attribute).and_then(|said| said.value.as_text())
    }
}

#[cfg(test)]
mod tests;
