//! Values that do not fit, which one person can write: they hold up nobody else, and nothing else that is stated of them.
//! What was known stays in their place. Pure.

mod addresses;
mod missing;

use super::model::{Authority, Source};
use super::refusal::Refusal;
use super::rules::{check, declared, fit};
use connectors::sources::{Asserted, Extent, Feed, Record};
use std::collections::{HashMap, HashSet};

pub(crate) use missing::called;

/// A feed by what can be taken of it.
#[derive(Debug, Default)]
pub(crate) struct Sifted {
    /// With what was known in the place of what does not fit.
    pub(crate) sound: Vec<Record>,
    /// Of whom nothing can be taken.
    pub(crate) unfit: Vec<Record>,
    /// What did not fit, in the order of the records.
    pub(crate) misfits: Vec<Misfit>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Misfit {
    /// Of the record in its feed, from 1.
    pub(crate) number: usize,
    pub(crate) key: String,
    pub(crate) attribute: String,
    pub(crate) code: &'static str,
}

/// What a source states now, by key.
pub(crate) type Known = HashMap<String, Record>;

pub(crate) fn sift(source: &Source, records: Vec<Record>, known: &Known) -> Sifted {
    let declared = declared(source);
    let (mut sifted, mut numbers) = (Sifted::default(), HashMap::new());
    for (number, mut record) in (1..).zip(records) {
        numbers.insert(record.key.clone(), number);
        let (before, mut tried) = (known.get(&record.key), HashSet::new());
        let fits = loop {
            let Err(refusal) = check(number, &record, source, &declared) else { break true };
            let Some(attribute) = attribute_of(&refusal).map(str::to_owned) else { break false };
            let is_first = tried.insert(attribute.clone());
            if is_first {
                let (key, code) = (record.key.clone(), refusal.code());
                sifted.misfits.push(Misfit { number, key, attribute: attribute.clone(), code });
            }
            if !before.is_some_and(|before| keep(&mut record, before, &attribute, is_first)) {
                break false;
            }
        };
        if fits { sifted.sound.push(record) } else { sifted.unfit.push(record) }
    }
    if source.settings.authority == Authority::People {
        addresses::settle(known, &numbers, &mut sifted);
    }
    sifted.misfits.sort_by_key(|misfit| misfit.number);
    sifted
}

/// What one person's record can do without. A record without a key or an employment, or with what its source does not
/// declare, is the feed's own fault.
fn attribute_of(refusal: &Refusal) -> Option<&str> {
    match refusal {
        Refusal::BadValue { attribute, .. } if !["key", "status"].contains(&attribute.as_str()) => Some(attribute),
        _ => None,
    }
}

/// Puts what was known in the place of a value, or nothing where that does not fit either. Says whether that is something
/// new.
fn keep(record: &mut Record, before: &Record, attribute: &str, is_first: bool) -> bool {
    match (attribute, &mut record.employment) {
        ("time_zone", Some(employment)) => {
            let known = before.employment.as_ref().and_then(|known| known.time_zone.clone());
            employment.time_zone = known.filter(|_| is_first);
            true
        }
        // One of them is enough, so they are kept together.
        ("given_name" | "family_name", _) => {
            for name in ["given_name", "family_name"] {
                put(record, name, before.attributes.get(name));
            }
            is_first
        }
        _ => {
            let was_there = record.attributes.contains_key(attribute);
            let known = before.attributes.get(attribute).filter(|_| is_first);
            put(record, attribute, known);
            known.is_some() || was_there
        }
    }
}

fn put(record: &mut Record, attribute: &str, value: Option<&Asserted>) {
    match value {
        Some(value) => record.attributes.insert(attribute.to_owned(), value.clone()),
        None => record.attributes.remove(attribute),
    };
}

fn address(record: &Record) -> Option<String> {
    record.text("email").map(str::to_lowercase)
}

/// The feed with what can be taken of it. `None` where nothing can, where its shape is wrong, or where more than half of its
/// records do not fit, which no single person wrote: that refuses it as a whole. Whom a whole feed lacks and who may be
/// somebody of whom nothing can be taken stays as they were known.
pub(crate) fn sound_feed(source: &Source, feed: &Feed, sifted: &Sifted, known: &Known) -> Option<Feed> {
    let mut keys = HashSet::new();
    let odd: HashSet<&String> = sifted.misfits.iter().map(|misfit| &misfit.key).collect();
    let is_shaped = feed.records.iter().all(|record| keys.insert(&record.key))
        && odd.len() * 2 <= feed.records.len()
        && sifted.unfit.iter().all(|record| odd.contains(&record.key))
        // Who is known and of whom not even that can be kept would look as if they were gone.
        && !sifted.unfit.iter().any(|record| known.contains_key(&record.key));
    if !is_shaped || sifted.sound.is_empty() {
        return None;
    }
    let mut records = sifted.sound.clone();
    if feed.extent == Extent::Whole {
        let missing = known.values().filter(|record| !keys.contains(&record.key));
        records.extend(missing::perhaps_there(missing, &sifted.unfit).into_iter().cloned());
    }
    // Another may have the address by now that one of them had.
    fit(source, &records).is_ok().then(|| Feed { records, ..feed.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::model::{Settings, SourceKind};
    use connectors::hr_csv::EmploymentStatus;
    use connectors::sources::{Employment, Extent};

    fn source() -> Source {
        let (name, description, settings) = ("idp".to_owned(), String::new(), Settings::default());
        Source { name, kind: SourceKind::Scim, description, owner: None, settings }
    }

    fn person(key: &str, department: &str) -> Record {
        let email = format!("{key}@x");
        let values = [("given_name", key), ("email", email.as_str()), ("department", department)];
        let attributes = values.map(|(name, value)| (name.to_owned(), Asserted::text(value))).into();
        let (status, time_zone) = (EmploymentStatus::Active, Some("Europe/Paris".to_owned()));
        let employment = Some(Employment { status, start: None, end: None, time_zone, kind: None });
        Record { key: key.to_owned(), attributes, employment }
    }

    fn with(record: Record, name: &str, value: &str) -> Record {
        let mut record = record;
        match (name, &mut record.employment) {
            ("time_zone", Some(employment)) => employment.time_zone = Some(value.to_owned()),
            _ => drop(record.attributes.insert(name.to_owned(), Asserted::text(value))),
        }
        record
    }

    fn told(records: Vec<Record>) -> (Vec<Record>, Vec<String>, Vec<String>) {
        let known = ["alice", "bob"].map(|key| (key.to_owned(), person(key, "Tours"))).into();
        let sifted = sift(&source(), records, &known);
        let misfit = |misfit: &Misfit| format!("{} {} {}", misfit.number, misfit.attribute, misfit.code);
        let unfit = sifted.unfit.iter().map(|record| record.key.clone()).collect();
        (sifted.sound, unfit, sifted.misfits.iter().map(misfit).collect())
    }

    #[test]
    fn what_does_not_fit_is_as_it_was_known_and_the_rest_is_taken() {
        let (long, moved) = ("x".repeat(1025), || person("alice", "Parks"));
        for (name, value) in [
            ("time_zone", "x"),
            ("given_name", "a\u{7}b"),
            ("given_name", ""),
            ("email", "nowhere"),
            ("email", ""),
            ("job_title", &long),
        ] {
            let (sound, unfit, misfits) = told(vec![with(moved(), name, value), person("bob", "Tours")]);
            assert_eq!(
                (sound, unfit.len(), misfits.len()),
                (vec![moved(), person("bob", "Tours")], 0, 1),
                "{name} {value}"
            );
        }
        let both = with(with(moved(), "time_zone", "x"), "job_title", &long);
        assert_eq!(told(vec![both]).2, ["1 job_title feed_bad_value", "1 time_zone feed_bad_value"]);
        let (sound, unfit, _) = told(vec![with(person("carol", "Parks"), "time_zone", "x")]);
        assert_eq!((sound.len(), unfit), (0, vec!["carol".to_owned()]), "of whom nothing is known");
    }

    #[test]
    fn an_address_stays_with_who_had_it() {
        let claims = |key: &str, address: &str| with(person(key, "Parks"), "email", address);
        for (records, sound, unfit) in [
            (vec![claims("alice", "Bob@x"), person("bob", "Parks")], vec!["alice@x", "bob@x"], vec![]),
            (vec![claims("alice", "bob@x"), claims("bob", "alice@x")], vec!["bob@x", "alice@x"], vec![]),
            (vec![claims("alice", "new@x"), claims("bob", "new@x")], vec!["alice@x", "bob@x"], vec![]),
            (vec![claims("carol", "bob@x"), person("bob", "Parks")], vec!["bob@x"], vec!["carol"]),
            // Whoever is put back into their place there pushes out who took it.
            (
                vec![claims("alice", "bob@x"), person("bob", "Parks"), claims("carol", "alice@x")],
                vec!["alice@x", "bob@x"],
                vec!["carol"],
            ),
        ] {
            let (found, left, _) = told(records);
            let addresses: Vec<&str> = found.iter().filter_map(|record| record.text("email")).collect();
            assert_eq!((addresses, left), (sound, unfit.into_iter().map(str::to_owned).collect()));
            assert!(found.iter().all(|record| record.text("department") == Some("Parks")));
        }
    }

    #[test]
    fn a_feed_whose_shape_is_wrong_is_not_sifted() {
        let known: Known = [("alice".to_owned(), person("alice", "Tours"))].into();
        let of = |records: Vec<Record>| {
            let feed = Feed { records: records.clone(), extent: Extent::Whole, sha256: String::new(), as_of: None };
            sound_feed(&source(), &feed, &sift(&source(), records, &known), &known).is_some()
        };
        let bad = || with(person("carol", "Parks"), "time_zone", "x");
        assert!(of(vec![person("alice", "Parks"), bad()]));
        for records in [
            vec![bad()],
            vec![person("alice", "Parks"), bad(), with(person("dave", "Parks"), "email", "x")],
            vec![person("alice", "Parks"), person("alice", "Parks"), bad()],
            vec![person("alice", "Parks"), Record { employment: None, ..person("dave", "Parks") }],
            vec![person("alice", "Parks"), with(person("dave", "Parks"), "undeclared", "x")],
        ] {
            assert!(!of(records));
        }
    }

    #[test]
    fn a_column_of_addresses_that_slipped_by_one_row_is_refused_as_soon_as_a_small_one() {
        for many in [50, 50_000] {
            let key = |number: usize| format!("p{number}");
            let known: Known = (0..many).map(|number| (key(number), person(&key(number), "Tours"))).collect();
            let slipped = |number: usize| {
                let next = format!("{}@x", key((number + 1).min(many - 1)));
                with(person(&key(number), "Tours"), "email", &next)
            };
            let records: Vec<Record> = (0..many).map(slipped).collect();
            let feed = Feed { records: records.clone(), extent: Extent::Whole, sha256: String::new(), as_of: None };
            let sifted = sift(&source(), records, &known);
            assert_eq!((sifted.misfits.len(), sifted.sound.len(), sifted.unfit.len()), (many - 1, many, 0));
            assert!(sifted.sound.iter().all(|record| *record == known[&record.key]));
            assert!(sound_feed(&source(), &feed, &sifted, &known).is_none());
        }
    }

    #[test]
    fn who_is_missing_and_may_be_somebody_of_whom_nothing_can_be_taken_stays() {
        let mut known: Known = ["alice", "bob", "dave"].map(|key| (key.to_owned(), person(key, "Tours"))).into();
        known.insert("bob".to_owned(), with(person("bob", "Tours"), "employee_id", "7"));
        let there = |others: Vec<Record>, extent: Extent| {
            let records: Vec<Record> = ["alice", "erin", "frank"].map(|key| person(key, "Parks")).into();
            let records = [records, others].concat();
            let feed = Feed { records: records.clone(), extent, sha256: String::new(), as_of: None };
            let sound = sound_feed(&source(), &feed, &sift(&source(), records, &known), &known)?;
            let mut keys: Vec<String> = sound.records.into_iter().map(|record| record.key).collect();
            keys.retain(|key| !["alice", "erin", "frank"].contains(&key.as_str()));
            keys.sort();
            Some(keys)
        };
        let bob = || with(Record { key: "k2".to_owned(), ..person("bob", "Parks") }, "time_zone", "x");
        let other = |record| with(with(record, "email", "k2@x"), "given_name", "Zed");
        for (record, staying) in [
            (bob(), vec!["bob"]),
            (with(bob(), "email", "Bob@X"), vec!["bob"]),
            (with(bob(), "email", "nowhere"), vec!["bob"]),
            (with(bob(), "given_name", "b\u{7}ob"), vec!["bob"]),
            (with(other(bob()), "employee_id", "7"), vec!["bob"]),
            // By what can be read of it, it is somebody else.
            (other(bob()), vec![]),
            // Nobody can say whose it is.
            (with(with(bob(), "email", "nowhere"), "given_name", ""), vec!["bob", "dave"]),
            (with(with(bob(), "email", ""), "given_name", "\u{7}"), vec!["bob", "dave"]),
        ] {
            assert_eq!(there(vec![record.clone()], Extent::Whole).unwrap(), staying, "{record:?}");
            let extent = Extent::Changes { gone: vec!["bob".to_owned()] };
            assert_eq!(there(vec![record], extent).unwrap(), Vec::<String>::new(), "its source says who is gone");
        }
        assert_eq!(there(vec![], Extent::Whole).unwrap(), Vec::<String>::new());
        let heir = || with(person("grace", "Parks"), "email", "bob@x");
        assert_eq!(there(vec![with(bob(), "email", "k2@x"), heir()], Extent::Whole), None, "his address is another's");
    }
}
