//! What a feed means, row by row, and that a plan once carried out leaves nothing to do.

use super::*;
use crate::identities::Day;
use crate::imports::Trip;
use crate::sources::Ranks;
use crate::test_company::{alice, at, bob, carol, id, person};
use connectors::hr_csv::EmploymentStatus;
use connectors::hr_csv::{self, HrRecord};
use connectors::sources::csv;
use proptest::prelude::*;

const NOW: &str = "2026-11-21T09:00:00Z";
const NEVER: Breaker = Breaker { max_leavers_share: 1.0, max_leavers: u32::MAX };

fn record(identity: &Identity) -> HrRecord {
    HrRecord {
        employee_id: identity.employee_id.clone(),
        given_name: identity.given_name.clone(),
        family_name: identity.family_name.clone(),
        email: identity.email.clone(),
        department: identity.department.clone(),
        job_title: identity.job_title.clone(),
        manager_id: identity.manager_employee_id.clone(),
        status: identity.status,
        start_date: identity.start_date.clone(),
        end_date: identity.end_date.clone(),
    }
}

fn known(people: Vec<Identity>) -> Known {
    Known { unkept: people.iter().map(as_record).collect(), ranks: Ranks::new(&[hr()]), people, ..Known::default() }
}

fn hr() -> Source {
    let (name, kind, settings) =
        ("hr".to_owned(), crate::sources::SourceKind::Csv, crate::sources::Settings::default());
    Source { name, kind, description: String::new(), owner: None, settings }
}

/// What a whole feed of these records would change.
fn plan(known: &Known, records: &[HrRecord], breaker: &Breaker, now: Timestamp) -> Plan {
    let feed = hr_csv::Feed { records: records.to_vec(), sha256: [0; 32], trailer: true, as_of: None };
    let feed = csv::from_hr(feed, Vec::new());
    super::plan(known, &News { source: &hr(), feed: &feed }, breaker, now)
}

fn company(size: u32) -> Vec<Identity> {
    (1..=size).map(|number| person(number, &format!("P{number}"), None)).collect()
}

fn only_change(people: Vec<Identity>, records: &[HrRecord]) -> Change {
    let mut plan = plan(&known(people), records, &NEVER, at(NOW));
    assert_eq!(plan.changes.len(), 1, "{plan:?}");
    plan.changes.remove(0)
}

#[test]
fn a_feed_that_says_what_is_known_changes_nothing() {
    let people = vec![alice(), bob(), carol()];
    let records: Vec<HrRecord> = people.iter().map(record).collect();
    let plan = plan(&known(people), &records, &NEVER, at(NOW));
    assert_eq!(plan.counts, Counts { unchanged: 3, ..Counts::default() });
    assert!(plan.changes.is_empty() && plan.held.is_none());
}

#[test]
fn a_mover_is_shown_with_what_was_before_and_what_is_after() {
    let moved = HrRecord { job_title: "Head of Things".into(), manager_id: None, ..record(&alice()) };
    let change = only_change(vec![alice(), bob(), carol()], &[moved, record(&bob()), record(&carol())]);
    let line = change.line();
    assert_eq!(line.what, What::Mover);
    let pairs = |values: &std::collections::BTreeMap<String, String>| format!("{values:?}");
    assert_eq!(pairs(&line.before), r#"{"job_title": "Engineer", "manager_id": "E2"}"#);
    assert_eq!(pairs(&line.after), r#"{"job_title": "Head of Things"}"#);
}

#[test]
fn a_person_leaves_by_status_by_their_last_day_or_by_absence() {
    let (terminated, leave) = (EmploymentStatus::Terminated, EmploymentStatus::Leave);
    let day = |text: &str| Some(text.parse::<Day>().unwrap());
    for (records, expected) in [
        (vec![HrRecord { status: terminated, ..record(&alice()) }], Some(LeaverSign::Terminated)),
        (vec![HrRecord { end_date: day("2026-11-20"), ..record(&alice()) }], Some(LeaverSign::EndDatePassed)),
        (
            vec![HrRecord { status: terminated, end_date: day("2026-01-01"), ..record(&alice()) }],
            Some(LeaverSign::EndDatePassed),
        ),
        (vec![], Some(LeaverSign::AbsentFromFeed)),
        (vec![HrRecord { end_date: day("2026-11-21"), ..record(&alice()) }], None),
        (vec![HrRecord { status: leave, ..record(&alice()) }], None),
    ] {
        let change = only_change(vec![alice()], &records);
        assert_eq!(change.sign, expected, "{records:?}");
        assert_eq!(change.what == What::Leaver, expected.is_some());
    }
}

#[test]
fn who_comes_back_under_the_same_number_is_a_rejoiner_and_keeps_the_identity() {
    let gone = Identity { status: EmploymentStatus::Terminated, ..alice() };
    let change = only_change(vec![gone], &[HrRecord { manager_id: None, ..record(&alice()) }]);
    assert_eq!((change.what, change.identity), (What::Rejoiner, Some(id(1))));
}

#[test]
fn a_manager_whom_nobody_knows_is_left_out_and_one_in_the_same_feed_is_kept() {
    let manager = |records: &[HrRecord]| {
        let plan = plan(&known(vec![]), records, &NEVER, at(NOW));
        plan.changes.iter().find(|change| change.after.employee_id == "E1").unwrap().after.manager_id.clone()
    };
    assert_eq!(manager(&[record(&alice())]), None);
    assert_eq!(manager(&[record(&alice()), record(&bob())]).as_deref(), Some("E2"));
}

#[test]
fn the_breaker_holds_too_many_leavers_and_lets_the_limit_pass() {
    let breaker = Breaker { max_leavers_share: 0.1, max_leavers: 20 };
    let leaving = |size: u32, leavers: usize, recent_leavers: u64| {
        let people = company(size);
        let left = |(at, person): (usize, &Identity)| {
            let status = if at < leavers { EmploymentStatus::Terminated } else { person.status };
            HrRecord { status, ..record(person) }
        };
        let records: Vec<HrRecord> = people.iter().enumerate().map(left).collect();
        plan(&Known { recent_leavers, ..known(people) }, &records, &breaker, at(NOW)).held.map(|trip| trip.code())
    };
    for (size, leavers, recent, expected) in [
        (100, 10, 0, None),
        (100, 11, 0, Some("too_many_leavers")),
        (500, 20, 0, None),
        (500, 21, 0, Some("too_many_leavers")),
        (100, 5, 5, None),
        (100, 6, 5, Some("too_many_leavers")),
        (100, 1, 10, None),
        (100, 2, 10, Some("too_many_leavers")),
        (100, 0, 11, None),
        (3, 1, 0, None),
        (3, 2, 0, Some("too_many_leavers")),
    ] {
        assert_eq!(leaving(size, leavers, recent), expected, "{leavers} of {size} after {recent}");
    }
}

#[test]
fn a_feed_that_lacks_more_than_a_tenth_of_the_people_looks_cut_off() {
    let people = company(100);
    for (present, expected) in [(90, None), (89, Some("looks_truncated")), (0, Some("looks_truncated"))] {
        let records: Vec<HrRecord> = people[..present].iter().map(record).collect();
        let held = plan(&known(people.clone()), &records, &NEVER, at(NOW)).held;
        assert_eq!(held.map(|trip| trip.code()), expected, "{present} of 100");
    }
    let rekeyed: Vec<HrRecord> = people
        .iter()
        .map(|person| HrRecord { employee_id: format!("N-{}", person.employee_id), ..record(person) })
        .collect();
    let held = plan(&known(people), &rekeyed, &NEVER, at(NOW)).held;
    assert_eq!(held, Some(Trip::Rekeyed { unknown: 100, matching: 100 }));
}

/// What is known once the plan has been carried out, by the words of the plan alone.
fn carried_out(known: &Known, plan: &Plan) -> Known {
    let mut people = known.people.clone();
    for change in &plan.changes {
        let after = change.after.clone();
        let found = people.iter().position(|person| person.employee_id == after.employee_id);
        let at = found.unwrap_or_else(|| {
            people.push(person(u32::try_from(people.len()).unwrap() + 1000, "New", None));
            people.len() - 1
        });
        people[at] = Identity {
            manager: None,
            employee_id: after.employee_id,
            given_name: after.given_name,
            family_name: after.family_name,
            email: after.email,
            department: after.department,
            job_title: after.job_title,
            manager_employee_id: after.manager_id,
            status: after.status,
            start_date: after.start_date,
            end_date: after.end_date,
            ..people[at].clone()
        };
    }
    self::known(people)
}

fn records() -> impl Strategy<Value = Vec<HrRecord>> {
    let statuses = [EmploymentStatus::Active, EmploymentStatus::Leave, EmploymentStatus::Terminated];
    let ends = [None, Some("2026-11-20"), Some("2026-11-21"), Some("2027-01-01")];
    let one = (0_usize..12, 0_usize..3, 0_usize..4, proptest::option::of(0_usize..14), 0_usize..3);
    proptest::collection::btree_map(0_u32..12, one, 0..12).prop_map(move |people| {
        let record_of = |(number, (title, status, end, manager, department)): (
            u32,
            (usize, usize, usize, Option<usize>, usize),
        )| HrRecord {
            job_title: format!("title {title}"),
            department: format!("department {department}"),
            status: statuses[status],
            end_date: ends[end].map(|day| day.parse().unwrap()),
            manager_id: manager.map(|manager| format!("E{manager}")),
            ..record(&person(number, &format!("P{number}"), None))
        };
        people.into_iter().map(record_of).collect()
    })
}

proptest! {
    #[test]
    fn a_plan_that_was_carried_out_leaves_nothing_to_do(first in records(), second in records()) {
        let mut state = known(Vec::new());
        for feed in [&first, &second] {
            let planned = plan(&state, feed, &NEVER, at(NOW));
            let counts = planned.counts;
            prop_assert_eq!(counts.joiners + counts.movers + counts.leavers, planned.changes.len() as u64);
            state = carried_out(&state, &planned);
            let again = plan(&state, feed, &NEVER, at(NOW));
            prop_assert!(again.changes.is_empty(), "{:?}", again.changes);
            prop_assert_eq!(again.counts.unchanged, feed.len() as u64);
        }
    }

    #[test]
    fn every_person_of_the_feed_and_every_person_known_is_accounted_for_once(first in records(), second in records()) {
        let state = carried_out(&known(Vec::new()), &plan(&known(Vec::new()), &first, &NEVER, at(NOW)));
        let planned = plan(&state, &second, &NEVER, at(NOW));
        let mut seen = HashSet::new();
        prop_assert!(planned.changes.iter().all(|change| seen.insert(change.after.employee_id.clone())));
        let changed = planned.changes.iter().filter(|change| change.sign != Some(LeaverSign::AbsentFromFeed)).count() as u64;
        prop_assert_eq!(changed + planned.counts.unchanged, second.len() as u64);
    }
}
