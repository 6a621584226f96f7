//! Which source's word counts for each attribute, and which employment somebody lives by.

use super::*;
use crate::sources::model::{Settings, SourceKind};
use crate::test_company::at;
use connectors::sources::{Asserted, Record};
use proptest::prelude::*;

const NOW: &str = "2026-11-21T09:00:00Z";

fn source(name: &str, precedence: u32, single: &[(&str, u32)]) -> Source {
    let precedence_of = single.iter().map(|(name, rank)| ((*name).to_owned(), *rank)).collect();
    let settings = Settings { precedence: Some(precedence), precedence_of, ..Settings::default() };
    Source { name: name.to_owned(), kind: SourceKind::Csv, description: String::new(), owner: None, settings }
}

/// HR goes first, except for mail addresses, which the directory knows best.
fn ranks() -> Ranks {
    Ranks::new(&[source("hr", 10, &[]), source("ad", 20, &[("email", 1)]), source("scim", 30, &[])])
}

fn held(source: &str, key: &str, values: &[(&str, &str)], employment: Option<Employment>) -> Held {
    let attributes = values.iter().map(|(name, value)| ((*name).to_owned(), Asserted::text(*value))).collect();
    let record = Record { key: key.to_owned(), attributes, employment };
    Held {
        source: source.to_owned(),
        record,
        identity: None,
        from: at("2026-01-01"),
        said_at: at("2026-01-01"),
        gone_at: None,
    }
}

fn from_to(status: Status, start: &str, end: Option<&str>) -> Option<Employment> {
    let (start, end) = (Some(start.parse().unwrap()), end.map(|day| day.parse().unwrap()));
    Some(Employment { status, start, end, time_zone: None, kind: None })
}

fn active() -> Option<Employment> {
    from_to(Status::Active, "2020-01-01", None)
}

fn merged(records: &[Held]) -> Merged {
    merge(&records.iter().collect::<Vec<_>>(), &ranks(), at(NOW)).expect("an employment")
}

fn said<'a>(merged: &'a Merged, name: &str) -> (Option<&'a str>, &'a str) {
    (merged.text(name), merged.values[name].source.as_str())
}

#[test]
fn the_first_source_that_says_something_has_the_word_for_each_attribute_by_itself() {
    let records = [
        held("scim", "s1", &[("email", "scim@x"), ("cost_center", "1"), ("phone", "555")], active()),
        held("hr", "E1", &[("email", "hr@x"), ("cost_center", "2"), ("department", "Platform")], active()),
        held("ad", "guid", &[("email", "ad@x"), ("department", "Legacy")], None),
    ];
    let merged = merged(&records);
    assert_eq!(said(&merged, "email"), (Some("ad@x"), "ad"));
    assert_eq!(said(&merged, "cost_center"), (Some("2"), "hr"));
    assert_eq!(said(&merged, "department"), (Some("Platform"), "hr"));
    assert_eq!(said(&merged, "phone"), (Some("555"), "scim"));
    assert_eq!(merged.primary, ("hr".to_owned(), "E1".to_owned()));
}

#[test]
fn what_a_source_does_not_mention_is_another_than_what_it_says_there_is_none_of() {
    let other = held("scim", "s1", &[("cost_center", "1")], None);
    let silent = held("hr", "E1", &[("department", "Platform")], active());
    assert_eq!(said(&merged(&[other.clone(), silent]), "cost_center"), (Some("1"), "scim"));
    let cleared = held("hr", "E1", &[("cost_center", "")], active());
    assert_eq!(said(&merged(&[other, cleared]), "cost_center"), (None, "hr"));
}

#[test]
fn who_has_two_employments_and_leaves_one_stays_with_what_the_other_gives() {
    let first = |status, end| held("hr", "E1", &[("department", "Platform")], from_to(status, "2020-01-01", end));
    let second = held("scim", "s9", &[("department", "Finance")], from_to(Status::Active, "2024-01-01", None));
    let both = merged(&[first(Status::Active, None), second.clone()]);
    assert_eq!((both.text("department"), both.status), (Some("Platform"), Status::Active));
    for (status, end) in
        [(Status::Terminated, None), (Status::Active, Some("2026-11-20")), (Status::Terminated, Some("2026-11-20"))]
    {
        let left = merged(&[first(status, end), second.clone()]);
        assert_eq!((left.text("department"), left.status), (Some("Finance"), Status::Active), "{status:?} {end:?}");
        assert_eq!(left.values["department"].source, "scim");
    }
    let gone = Held { gone_at: Some(at(NOW)), ..first(Status::Active, None) };
    assert_eq!(merged(&[gone, second.clone()]).text("department"), Some("Finance"));
    let over = Held {
        record: Record { employment: from_to(Status::Terminated, "2024-01-01", None), ..second.record },
        ..second
    };
    assert_eq!(merged(&[first(Status::Terminated, None), over]).status, Status::Terminated);
}

#[test]
fn a_contractor_who_becomes_an_employee_is_what_the_later_employment_says() {
    let contractor =
        held("scim", "C1", &[("employee_id", "C1")], from_to(Status::Active, "2024-01-01", Some("2026-11-20")));
    let employee = held("hr", "E1", &[("employee_id", "E1")], from_to(Status::Active, "2026-11-21", None));
    let merged = merged(&[contractor, employee]);
    assert_eq!((merged.text("employee_id"), merged.status, merged.end.as_ref()), (Some("E1"), Status::Active, None));
}

#[test]
fn what_an_employment_states_counts_from_its_first_day() {
    let now = held("scim", "C1", &[("department", "Support")], from_to(Status::Active, "2024-01-01", None));
    let next = |start| held("hr", "E1", &[("department", "Finance")], from_to(Status::Active, start, None));
    for (start, department) in [("2026-11-22", "Support"), ("2026-11-21", "Finance")] {
        assert_eq!(merged(&[now.clone(), next(start)]).text("department"), Some(department), "{start}");
    }
    assert_eq!(merged(&[next("2026-11-22")]).text("department"), Some("Finance"), "there is no other");
}

#[test]
fn the_last_day_is_one_of_the_persons_own_time_zone() {
    let until = |zone: &str| {
        let employment = from_to(Status::Active, "2020-01-01", Some("2026-11-20")).unwrap();
        let record = held("hr", "E1", &[], Some(Employment { time_zone: Some(zone.to_owned()), ..employment }));
        merge(&[&record], &ranks(), at("2026-11-21T05:00:00Z")).unwrap().status
    };
    assert_eq!(until("Europe/Paris"), Status::Terminated);
    assert_eq!(until("Pacific/Honolulu"), Status::Active, "there it is still the 20th");
}

#[test]
fn nobody_is_employed_by_a_source_that_only_adds_attributes() {
    let only = held("ad", "guid", &[("email", "ad@x")], None);
    assert_eq!(merge(&[&only], &ranks(), at(NOW)), None);
    let gone = Held { gone_at: Some(at(NOW)), ..held("hr", "E1", &[], active()) };
    assert_eq!(merge(&[&only, &gone], &ranks(), at(NOW)), None);
    assert_eq!(merge(&[], &ranks(), at(NOW)), None);
}

proptest! {
    #[test]
    fn the_order_in_which_records_come_does_not_matter(
        records in proptest::collection::vec((0_usize..3, 0_u8..4, proptest::option::of(0_usize..3), 0_u8..3), 1..6),
        turn in 0_usize..6,
    ) {
        let statuses = [Status::Active, Status::Leave, Status::Terminated];
        let mut all: Vec<Held> = records.iter().enumerate().map(|(at, (source, value, status, end))| {
            let end = ["2026-11-20", "2026-11-21"].get(usize::from(*end)).copied();
            let employment = status.and_then(|status| from_to(statuses[status], "2020-01-01", end));
            held(["hr", "ad", "scim"][*source], &format!("k{at}"), &[("department", &format!("D{value}"))], employment)
        }).collect();
        let once = merge(&all.iter().collect::<Vec<_>>(), &ranks(), at(NOW));
        let turn = turn % all.len();
        all.rotate_left(turn);
        all.reverse();
        prop_assert_eq!(merge(&all.iter().collect::<Vec<_>>(), &ranks(), at(NOW)), once);
    }
}
