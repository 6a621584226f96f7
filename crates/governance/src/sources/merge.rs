//! From the records of one person to what is true of them, attribute by attribute, and who said it. Pure.

use super::model::{Held, Said, Source};
use crate::identities::{Day, Status, has_passed};
use connectors::sources::Employment;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use types::Timestamp;

/// Which source goes first, by attribute.
#[derive(Debug, Clone, Default)]
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

/// `None` when no record says that the person works here, or ever did.
pub fn merge(records: &[&Held], ranks: &Ranks, now: Timestamp) -> Option<Merged> {
    let there: Vec<&Held> = records.iter().copied().filter(|held| held.gone_at.is_none()).collect();
    let employed = there.iter().filter_map(|held| Some((*held, held.record.employment.as_ref()?)));
    let (primary, employment) = employed.min_by_key(|(held, employment)| {
        (standing(employment, now), ranks.of(&held.source, None), employment.start.clone(), held.record.key.clone())
    })?;
    // What a past employment states is past, as long as there is another.
    let past = |held: &Held| held.record.employment.as_ref().is_some_and(|other| has_ended(other, now));
    let mut stating: Vec<&Held> = there.iter().copied().filter(|held| has_ended(employment, now) || !past(held)).collect();
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
    })
}

/// The lower, the rather it is what somebody lives by.
fn standing(employment: &Employment, now: Timestamp) -> u8 {
    let begun = employment.start.as_ref().is_none_or(|start| start.start_utc() <= now);
    match employment.status {
        _ if has_ended(employment, now) => 3,
        _ if !begun => 2,
        Status::Leave => 1,
        Status::Active | Status::Terminated => 0,
    }
}

fn has_ended(employment: &Employment, now: Timestamp) -> bool {
    employment.status == Status::Terminated || has_passed(employment.end.as_ref(), now)
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
