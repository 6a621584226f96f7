//! Which feeds are refused, before anything is compared with what is known. Pure.

use super::asks;
use super::model::{Attribute, AttributeKind, Authority, Declaration, Health, Says, Settings, Source, SourceKind};
use super::refusal::Refusal;
use crate::loosening::is_higher;
use crate::scim::ATTRIBUTES;
use crate::states::days::Zone;
use connectors::sources::{Asserted, Extent, Feed, Record};
use std::collections::{HashMap, HashSet};
use std::time::Duration;
use types::Timestamp;

/// What every source may state without declaring it.
pub const EVERYBODYS: [&str; 7] =
    ["employee_id", "given_name", "family_name", "email", "department", "job_title", "manager"];

/// Characters of one value.
const LONGEST_VALUE: usize = 1024;
/// Values of one list.
const LONGEST_LIST: usize = 1000;
/// Characters of a key.
const LONGEST_KEY: usize = 256;

/// By which clocks and time zones may differ.
const CLOCKS_APART: Duration = Duration::from_secs(24 * 60 * 60);

/// Refuses a feed that cannot be whole, or holds what the source does not declare.
pub(crate) fn validate(source: &Source, feed: &Feed) -> Result<(), Refusal> {
    if feed.extent == Extent::Whole && feed.records.is_empty() {
        return Err(Refusal::Empty);
    }
    fit(source, &feed.records)
}

/// That records can be taken as they are.
pub(crate) fn fit(source: &Source, records: &[Record]) -> Result<(), Refusal> {
    unique("key", records.iter().map(|record| Some(record.key.clone())))?;
    if source.settings.authority == Authority::People {
        unique("email", records.iter().map(|record| record.text("email").map(str::to_lowercase)))?;
    }
    let declared = declared(source);
    (1..).zip(records).try_for_each(|(number, record)| check(number, record, source, &declared))
}

/// The kinds of a source's own attributes, by name.
pub(super) fn declared(source: &Source) -> HashMap<&str, AttributeKind> {
    source.settings.attributes.iter().map(|Attribute { name, kind }| (name.as_str(), *kind)).collect()
}

/// The first setting by which a feed is taken that was refused before, or people are not missed who were.
pub(super) fn loosened(was: &Settings, is: &Settings) -> Option<&'static str> {
    let settings = [
        ("says", (was.says, is.says) == (Says::Everybody, Says::Changes)),
        ("authority", (was.authority, is.authority) == (Authority::Attributes, Authority::People)),
        ("max_missing_percent", is.max_missing_percent() > was.max_missing_percent()),
        ("stale_after_hours", is_higher(was.stale_after_hours, is.stale_after_hours)),
    ];
    settings.into_iter().find_map(|(name, is_looser)| is_looser.then_some(name))
}

/// Refuses a feed that is not news: older than what was taken, true of a time to come, which would make every feed until
/// then an older one, or the same for longer than the source allows.
pub(crate) fn is_news(source: &Source, health: &Health, feed: &Feed, now: Timestamp) -> Result<(), Refusal> {
    let latest = now.plus(CLOCKS_APART);
    if let Some(as_of) = feed.as_of {
        if as_of > latest {
            return Err(Refusal::ToCome { as_of });
        }
        if let Some(last) = health.last_as_of.filter(|last| as_of < *last && *last <= latest) {
            return Err(Refusal::Older { as_of, last });
        }
    }
    let hours = source.settings.stale_after_hours.map(|hours| Duration::from_secs(u64::from(hours) * 60 * 60));
    if let (Some(allowed), Some(since)) = (hours, health.same_since)
        && health.last_sha256.as_deref() == Some(feed.sha256.as_str())
        && now > since.plus(allowed)
    {
        return Err(Refusal::Unchanging { since });
    }
    Ok(())
}

/// Refuses a feed that was begun before one that was taken meanwhile: it would bring back what was so before.
pub(crate) fn is_latest(health: &Health, began: Timestamp) -> Result<(), Refusal> {
    match health.last_began_at {
        Some(last) if began < last => Err(Refusal::Overtaken { began, last }),
        _ => Ok(()),
    }
}

fn unique(what: &'static str, values: impl Iterator<Item = Option<String>>) -> Result<(), Refusal> {
    let mut seen = HashMap::new();
    for (record, value) in (1..).zip(values) {
        let Some(value) = value else { continue };
        if let Some(first) = seen.insert(value.clone(), record) {
            return Err(Refusal::Doubled { what, value: shown(&value), first, record });
        }
    }
    Ok(())
}

/// Refuses a record by itself; `number` is its place in the feed, from 1.
pub(super) fn check(
    number: usize,
    record: &Record,
    source: &Source,
    declared: &HashMap<&str, AttributeKind>,
) -> Result<(), Refusal> {
    let bad = |attribute: &str, value: &str, wanted| {
        Err(Refusal::BadValue { record: number, attribute: attribute.to_owned(), value: shown(value), wanted })
    };
    if record.key.is_empty() || record.key.chars().count() > LONGEST_KEY {
        return bad("key", &record.key, "what the source calls the person, 1 to 256 characters");
    }
    for (name, value) in &record.attributes {
        let kind = declared.get(name.as_str()).copied();
        let Some(kind) = kind.or(EVERYBODYS.contains(&name.as_str()).then_some(AttributeKind::Text)) else {
            return Err(Refusal::Undeclared { record: number, attribute: shown(name) });
        };
        if let Some((value, wanted)) = misfit(kind, value) {
            return bad(name, value, wanted);
        }
    }
    if let Some(zone) = record.employment.as_ref().and_then(|employment| employment.time_zone.as_deref())
        && zone.parse::<Zone>().is_err()
    {
        return bad("time_zone", zone, "a name of the IANA database such as Europe/Berlin");
    }
    if source.settings.authority == Authority::People {
        if record.employment.is_none() {
            return bad("status", "", "one of active, leave, terminated");
        }
        let named = record.text("given_name").or(record.text("family_name")).is_some();
        if !named {
            return bad("family_name", "", "a name in given_name or family_name");
        }
        if !record.text("email").is_some_and(is_email) {
            return bad("email", record.text("email").unwrap_or_default(), "an address such as alice@example.com");
        }
    }
    Ok(())
}

/// A value that is not of its kind, and what it should be.
fn misfit(kind: AttributeKind, value: &Asserted) -> Option<(&str, &'static str)> {
    let long = |text: &str| text.chars().count() > LONGEST_VALUE || text.chars().any(char::is_control);
    let plain = "text of at most 1,024 characters without control characters";
    match (kind, value) {
        (_, Asserted::Cleared) => None,
        (AttributeKind::Number, Asserted::Text(text)) if text.parse::<i64>().is_err() => {
            Some((text, "a whole number of 64 bits"))
        }
        (AttributeKind::List, Asserted::Text(text)) => Some((text, "a list")),
        (_, Asserted::Text(text)) => long(text).then_some((text, plain)),
        (AttributeKind::List, Asserted::List(values)) if values.len() > LONGEST_LIST => {
            Some(("…", "a list of at most 1,000 values"))
        }
        (AttributeKind::List, Asserted::List(values)) => {
            values.iter().find(|value| long(value)).map(|value| (value.as_str(), plain))
        }
        (_, Asserted::List(_)) => Some(("…", "one value and not a list")),
    }
}

pub(super) fn is_email(text: &str) -> bool {
    match text.split_once('@') {
        Some((local, domain)) => {
            !local.is_empty() && !domain.is_empty() && !domain.contains('@') && !text.contains(char::is_whitespace)
        }
        None => false,
    }
}

/// What is wrong with a declaration by itself.
pub(super) fn problem(declaration: &Declaration) -> Option<String> {
    let settings = &declaration.settings;
    let mut names = HashSet::new();
    for Attribute { name, kind } in &settings.attributes {
        if !is_attribute(name) {
            return Some(format!(
                "`{}` is not a name for an attribute: use lower case letters, digits and `_`",
                shown(name)
            ));
        }
        if EVERYBODYS.contains(&name.as_str())
            || ["status", "start_date", "end_date", "manager_id"].contains(&name.as_str())
        {
            return Some(format!("everybody has the attribute `{name}`: leave it out"));
        }
        let pushed = ATTRIBUTES.iter().find(|(pushed, _)| pushed == name);
        if declaration.kind == SourceKind::Scim && pushed.is_none_or(|(_, pushed)| pushed != kind) {
            let known = ATTRIBUTES.map(|(name, _)| name).join(", ");
            return Some(format!(
                "nobody pushes `{name}` as such: the attributes are {known}, of which `groups` is a list"
            ));
        }
        if !names.insert(name) {
            return Some(format!("the attribute `{name}` is declared twice: keep one"));
        }
    }
    let known = |name: &&String| names.contains(name) || EVERYBODYS.contains(&name.as_str());
    if let Some(unknown) = settings.precedence_of.keys().find(|name| !known(name)) {
        return Some(format!("`precedence_of` names `{}`, which the source does not declare", shown(unknown)));
    }
    if settings.max_missing_percent.is_some_and(|percent| percent > 100) {
        return Some("`max_missing_percent` is more than 100".to_owned());
    }
    if settings.says == Says::Changes && settings.max_missing_percent.is_some() {
        return Some(
            "`max_missing_percent` counts whole feeds only: leave it out where a feed says what changed".to_owned(),
        );
    }
    if declaration.description.len() > LONGEST_VALUE {
        return Some("`description` is longer than 1,024 bytes".to_owned());
    }
    asks::problem(declaration, &names.into_iter().map(String::as_str).collect())
}

fn is_attribute(name: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    (1..=63).contains(&name.len()) && name.bytes().all(word) && name.as_bytes()[0].is_ascii_lowercase()
}

fn shown(text: &str) -> String {
    text.chars().take(60).collect()
}

#[cfg(test)]
mod tests;
