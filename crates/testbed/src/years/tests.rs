//! That the company is the same for the same seed, that nothing is missing from a story, and that its good feeds are read.

use super::events::FeedFault;
use super::feed::{Columns, Feeds};
use super::roles::{DEPARTMENTS, ROLES, SYSTEMS, entitlements};
use super::*;
use connectors::hr_csv;
use std::collections::{BTreeMap, BTreeSet};

fn story(seed: u64, people: usize, days: usize) -> Story {
    Story::write(Company::generate(seed, people, Date::parse("2027-01-04")), days)
}

#[test]
fn one_seed_makes_one_story_and_another_seed_another() {
    let text = |seed| format!("{:?}", story(seed, 150, 60));
    assert_eq!(text(1), text(1));
    assert_ne!(text(1), text(2));
}

#[test]
fn every_scene_happens_in_the_shortest_story_and_in_every_round_of_a_long_one() {
    for (people, days, times) in [(120, scenes::SHORTEST, 1), (120, 60, 1), (300, 400, 4)] {
        for seed in 0..8 {
            let mut seen: BTreeMap<Scene, BTreeSet<usize>> = BTreeMap::new();
            let story = story(seed, people, days);
            for (number, day) in story.days.iter().enumerate() {
                for scene in day.events.iter().filter_map(|told| told.scene) {
                    seen.entry(scene).or_default().insert((number / 90).min(times - 1));
                }
            }
            for scene in Scene::ALL {
                assert!(
                    seen.get(&scene).is_some_and(|rounds| rounds.len() >= times),
                    "seed {seed}: {scene:?} in {seen:?}"
                );
            }
        }
    }
}

#[test]
fn every_good_feed_is_read_and_says_what_the_records_say() {
    let story = story(3, 200, 60);
    let mut feeds = Feeds::new(&story, Columns::Ten);
    while feeds.next_day().is_some() {
        for source in Source::BOTH {
            let (fault, text) = feeds.of(source).pop().expect("a feed on every day");
            assert_eq!(fault, None);
            let read = hr_csv::read(text.as_bytes()).unwrap_or_else(|error| panic!("{error}\n{text}"));
            let names = |given: &str, family: &str, status: &str, end: Option<String>| {
                [given.to_owned(), family.to_owned(), status.to_owned(), end.unwrap_or_default()]
            };
            let found: BTreeMap<String, _> = read
                .records
                .into_iter()
                .map(|one| {
                    let end = one.end_date.map(|day| day.to_string());
                    (one.employee_id, names(&one.given_name, &one.family_name, one.status.as_str(), end))
                })
                .collect();
            let told: BTreeMap<String, _> = feeds
                .records(source)
                .map(|one| {
                    let (written, end) = (&one.written, one.end.map(|end| end.to_string()));
                    (one.key.clone(), names(&written.given_name, &written.family_name, one.status.as_str(), end))
                })
                .collect();
            assert_eq!(found, told);
        }
    }
}

#[test]
fn a_feed_with_more_columns_names_zone_and_employment() {
    let story = story(3, 100, 45);
    let text = Feeds::new(&story, Columns::Thirteen).first(Source::Contractors);
    let (header, records) = text.split_once('\n').expect("lines");
    assert!(header.ends_with(",time_zone,employment,worker"), "{header}");
    let (trailer, records) = records.trim_end().rsplit_once('\n').map(|(all, last)| (last, all)).expect("a trailer");
    assert!(records.lines().all(|line| line.contains('/') && line.ends_with(",contractor,contractor")), "{records}");
    assert_eq!(trailer, format!("#end,{},2027-01-03", records.lines().count()));
}

#[test]
fn every_fault_of_a_feed_is_sent_before_the_good_one_and_differs_from_it() {
    let story = story(5, 150, 60);
    let mut feeds = Feeds::new(&story, Columns::Ten);
    let mut read = BTreeMap::new();
    while feeds.next_day().is_some() {
        let mut today = feeds.of(Source::Hr);
        let (_, good) = today.pop().expect("a good feed");
        for (fault, text) in today {
            assert_ne!(text, good, "{fault:?}");
            read.insert(fault.expect("a fault"), hr_csv::read(text.as_bytes()).map_err(|error| error.to_string()));
        }
    }
    let code = |fault| read[&fault].as_ref().err().cloned().unwrap_or_default();
    assert!(code(FeedFault::Truncated).contains("cut off") || code(FeedFault::Truncated).contains("fields"));
    assert!(code(FeedFault::Empty).contains("no record"));
    assert!(code(FeedFault::Doubled).contains("again on line"));
    for only_the_source_can_tell in [FeedFault::HalfLoaded, FeedFault::Rekeyed, FeedFault::Stale, FeedFault::Shifted] {
        assert!(read[&only_the_source_can_tell].is_ok(), "{only_the_source_can_tell:?}");
    }
}

#[test]
fn names_come_with_accents_other_scripts_one_word_commas_quotes_and_doubles() {
    let company = Company::generate(1, 2000, Date::parse("2027-01-04"));
    let written: Vec<_> = company.employments.values().map(|one| &one.written).collect();
    let any = |has: &dyn Fn(&str) -> bool| written.iter().any(|one| has(&one.family_name) || has(&one.given_name));
    for letter in ['ß', 'Ł', 'Þ', '佐', 'ه', 'श', ',', '"', '\''] {
        assert!(any(&|name| name.contains(letter)), "{letter}");
    }
    assert!(written.iter().any(|one| one.given_name.is_empty()));
    let mut names = BTreeMap::new();
    for one in &written {
        *names.entry((&one.given_name, &one.family_name)).or_insert(0) += 1;
    }
    assert!(names.values().any(|times| *times > 2), "people of one name");
    let addresses: BTreeSet<_> = written.iter().map(|one| &one.email).collect();
    assert_eq!(addresses.len(), written.len());
    let countries: BTreeSet<_> = company.employments.values().map(|one| one.place.country).collect();
    assert_eq!(countries.len(), 12);
}

#[test]
fn everybody_has_a_manager_who_works_there_and_nobody_but_one_has_none() {
    let company = Company::generate(9, 500, Date::parse("2027-01-04"));
    let without = company.employments.values().filter(|one| one.written.manager.is_none()).count();
    assert_eq!(without, 1);
    for manager in company.employments.values().filter_map(|one| one.written.manager.as_ref()) {
        assert_eq!(company.employments[manager].source, Source::Hr);
    }
    let departments: BTreeSet<_> = company.employments.values().map(|one| one.written.department.as_str()).collect();
    assert_eq!(departments.len(), DEPARTMENTS.len() + 1);
}

#[test]
fn every_system_has_entitlements_and_every_pair_is_forbidden_both_ways() {
    let systems: BTreeSet<_> = entitlements().into_iter().map(|grant| grant.system).collect();
    assert_eq!(systems, BTreeSet::from(SYSTEMS));
    for role in &ROLES {
        if let Some(other) = role.conflicts_with {
            let other = ROLES.iter().find(|one| one.name == other).expect("a role");
            assert_eq!(other.conflicts_with, Some(role.name));
        }
    }
    let oncall = ROLES.iter().find(|role| role.name == "platform-oncall").expect("a role");
    let expected = "principal.department == \"Platform\" && principal.job_title == \"Site Reliability Engineer\" \
                    && principal has worker && principal.worker == \"employee\"";
    assert_eq!(oncall.condition(), expected);
}
