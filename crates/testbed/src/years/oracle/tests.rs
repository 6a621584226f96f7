//! The oracle on one life after the other, told by hand.

use super::super::events::Told;
use super::super::people::{Kind, Written};
use super::super::places::{AUCKLAND, BERLIN, HONOLULU, Place};
use super::super::roles::BY_HAND;
use super::*;

const FIRST: &str = "2027-03-01";

fn day(number: i64) -> Date {
    Date::parse(FIRST).plus(number)
}

fn record(key: &str, source: Source, job: (&str, &str), start: i64, place: &'static Place) -> Employment {
    let written = Written {
        given_name: "Alice".to_owned(),
        family_name: "Moreau".to_owned(),
        email: "alice@example.com".to_owned(),
        department: job.0.to_owned(),
        job_title: job.1.to_owned(),
        manager: None,
    };
    let (key, start) = (key.to_owned(), day(start));
    Employment { key, human: 0, source, written, status: Status::Active, start, end: None, place }
}

const ONCALL: (&str, &str) = ("Platform", "Site Reliability Engineer");

fn alice(start: i64) -> Employment {
    record("E1", Source::Hr, ONCALL, start, &BERLIN)
}

fn moved(key: &str, department: &str, job_title: &str) -> Event {
    let (key, department, job_title) = (key.to_owned(), department.to_owned(), job_title.to_owned());
    Event::Transferred { key, department, job_title, manager: None }
}

fn left(key: &str, last_day: i64) -> Event {
    Event::Left { key: key.to_owned(), last_day: day(last_day) }
}

/// What is right for Alice on `system`, with the day from which it is, through 60 days.
fn told(system: &str, script: Vec<(i64, Event)>) -> Vec<String> {
    let company = Company::generate(1, 100, day(0));
    let company = Company { employments: BTreeMap::new(), ..company };
    let mut oracle = Oracle::new(&company, Policy { prepare: 7, grace: 14, retention: 30 });
    let mut lines: Vec<(i64, String)> = Vec::new();
    for number in 0..60 {
        let events = script.iter().filter(|(on, _)| *on == number);
        let events = events.map(|(_, event)| Told { scene: None, event: event.clone() }).collect();
        let line =
            oracle.day(&StoryDay { date: day(number), events }).get(&0).map_or("unknown".to_owned(), |desired| {
                let state = format!("{:?}", desired.state);
                let state = state.split(' ').next().unwrap_or_default();
                match desired.accounts.get(system) {
                    None => format!("{state}, no account"),
                    Some(Account { login, may_be_gone: true, .. }) => format!("{state}, {login} may be gone"),
                    Some(Account { login, enabled, entitlements, .. }) => {
                        let on_it = entitlements.iter().copied().collect::<Vec<_>>().join("+");
                        let way = if *enabled { "works" } else { "is locked" };
                        format!("{state}, {login} {way} with {on_it}").trim_end().to_owned()
                    }
                }
            });
        if lines.last().is_none_or(|(_, last)| *last != line) {
            lines.push((number, line));
        }
    }
    lines.into_iter().map(|(number, line)| format!("{number} {line}")).collect()
}

#[test]
fn who_starts_later_is_prepared_without_power_and_works_from_the_first_day() {
    let hired = (0, Event::Hired(alice(12)));
    let expected = [
        "0 PreHire, no account",
        "5 PreHire, e1 is locked with app_read",
        "12 Active, e1 works with app_admin+app_read",
    ];
    assert_eq!(told("postgres", vec![hired]), expected);
}

#[test]
fn a_start_that_moves_takes_what_was_prepared_away_and_brings_it_back() {
    let moved = Event::StartMoved { key: "E1".to_owned(), to: day(50) };
    let earlier = Event::StartMoved { key: "E1".to_owned(), to: day(45) };
    assert_eq!(
        told("postgres", vec![(0, Event::Hired(alice(5))), (2, moved), (40, earlier)]),
        [
            "0 PreHire, e1 is locked with app_read",
            "2 PreHire, e1 is locked with",
            "40 PreHire, e1 is locked with app_read",
            "45 Active, e1 works with app_admin+app_read"
        ]
    );
    let removed = Event::Removed { key: "E1".to_owned() };
    assert_eq!(
        told("postgres", vec![(0, Event::Hired(alice(5))), (2, removed)]),
        [
            "0 PreHire, e1 is locked with app_read",
            "2 Terminated, e1 is locked with",
            "32 Terminated, e1 may be gone",
            "34 Terminated, no account"
        ]
    );
}

#[test]
fn the_first_day_is_that_of_their_own_zone_at_noon_in_utc() {
    for (place, works, gone) in [(&AUCKLAND, 4, 9), (&BERLIN, 5, 10), (&HONOLULU, 5, 10)] {
        let one = record("E1", Source::Hr, ("Sales", "Account Executive"), 5, place);
        let ends = Event::LeavingAnnounced { key: "E1".to_owned(), last_day: day(9) };
        let expected = [
            "0 PreHire, e1 is locked with crm".to_owned(),
            format!("{works} Active, e1 works with crm"),
            format!("{gone} Terminated, e1 is locked with"),
            format!("{} Terminated, e1 may be gone", gone + 30),
            format!("{} Terminated, no account", gone + 32),
        ];
        assert_eq!(told("helpdesk", vec![(0, Event::Hired(one)), (1, ends)]), expected, "{}", place.zone);
    }
}

#[test]
fn who_comes_back_within_retention_keeps_the_account_and_gets_nothing_back_that_was_given_by_hand() {
    let given = Event::Act(Act::GivenByHand { human: 0, grant: BY_HAND[2] });
    let begin = vec![(0, Event::Hired(alice(-9))), (1, given), (3, left("E1", 2))];
    let again = Event::Rehired { key: "E1".to_owned(), start: day(20) };
    let same = [begin.clone(), vec![(10, again)]].concat();
    let mut other = alice(20);
    other.key = "E2".to_owned();
    let new = [begin, vec![(9, Event::Removed { key: "E1".to_owned() }), (10, Event::Hired(other))]].concat();
    for script in [same, new] {
        assert_eq!(
            told("postgres", script),
            [
                "0 Active, e1 works with app_admin+app_read",
                "1 Active, e1 works with app_admin+app_read+archive_read",
                "3 Terminated, e1 is locked with",
                "10 PreHire, e1 is locked with",
                "13 PreHire, e1 is locked with app_read",
                "20 Active, e1 works with app_admin+app_read"
            ]
        );
    }
}

#[test]
fn who_moves_keeps_the_old_for_the_grace_without_what_is_privileged() {
    assert_eq!(
        told("postgres", vec![(0, Event::Hired(alice(-9))), (5, moved("E1", "Sales", "Account Executive"))]),
        [
            "0 Active, e1 works with app_admin+app_read",
            "5 Active, e1 works with app_read",
            "19 Active, e1 is locked with"
        ]
    );
}

#[test]
fn no_forbidden_pair_is_held_inside_the_grace() {
    let payer = record("E1", Source::Hr, ("Finance", "Accountant"), -9, &BERLIN);
    assert_eq!(
        told("mariadb", vec![(0, Event::Hired(payer)), (5, moved("E1", "Procurement", "Buyer"))]),
        ["0 Active, e1 works with payments_write", "5 Active, e1 works with suppliers_write"]
    );
}

#[test]
fn a_leave_takes_what_is_privileged_and_ends_in_the_department_of_meanwhile() {
    let (began, ended) = (Event::LeaveBegan { key: "E1".to_owned() }, Event::LeaveEnded { key: "E1".to_owned() });
    let script =
        vec![(0, Event::Hired(alice(-9))), (5, began), (10, moved("E1", "Data", "Data Engineer")), (30, ended)];
    assert_eq!(
        told("postgres", script),
        [
            "0 Active, e1 works with app_admin+app_read",
            "5 Leave, e1 is locked with app_read",
            "10 Leave, e1 is locked with app_read+reporting_read",
            "24 Leave, e1 is locked with reporting_read",
            "30 Active, e1 works with reporting_admin+reporting_read"
        ]
    );
}

#[test]
fn who_ends_one_of_two_employments_stays_with_what_the_other_gives() {
    let second = record("C1", Source::Contractors, ("Support", "Support Agent"), 2, &BERLIN);
    let script = vec![(0, Event::Hired(alice(-9))), (1, Event::Hired(second)), (10, left("E1", 9))];
    assert_eq!(
        told("directory", script.clone()),
        ["0 Active, e1 works with employees+staff", "24 Active, e1 works with staff"]
    );
    assert_eq!(told("helpdesk", script.clone()), ["0 Active, no account", "10 Active, c1 works with agents"]);
    assert_eq!(told("ad", script)[1], "10 Active, e1 works with all-staff+dept-platform+dept-support");
}

#[test]
fn a_contractor_who_becomes_an_employee_keeps_the_account() {
    let contractor = record("C1", Source::Contractors, ("Sales", "Account Executive"), -9, &BERLIN);
    let employee = record("E1", Source::Hr, ("Sales", "Account Executive"), 10, &BERLIN);
    assert_eq!(contractor.kind(), Kind::Contractor);
    let script = vec![(0, Event::Hired(contractor)), (3, Event::Hired(employee)), (10, left("C1", 9))];
    assert_eq!(
        told("directory", script),
        ["0 Active, c1 works with staff", "10 Active, c1 works with employees+staff"]
    );
}

#[test]
fn a_person_who_ends_an_employment_outranks_every_feed_and_a_suspension_ends_when_it_is_lifted() {
    let for_cause = Event::Act(Act::TerminatedForCause { human: 0 });
    assert_eq!(
        told("web-1", vec![(0, Event::Hired(alice(-9))), (5, for_cause)])[..2],
        ["0 Active, e1 works with deploy+ops", "5 Terminated, e1 is locked with"]
    );
    let (suspended, resumed) = (Act::Suspended { human: 0 }, Act::Resumed { human: 0 });
    assert_eq!(
        told("web-1", vec![(0, Event::Hired(alice(-9))), (5, Event::Act(suspended)), (8, Event::Act(resumed))]),
        [
            "0 Active, e1 works with deploy+ops",
            "5 Suspended, e1 is locked with deploy",
            "8 Active, e1 works with deploy+ops"
        ]
    );
}

#[test]
fn a_termination_in_the_past_acts_today_and_one_that_is_withdrawn_never() {
    assert_eq!(
        told("web-1", vec![(0, Event::Hired(alice(-90))), (5, left("E1", -20))])[..2],
        ["0 Active, e1 works with deploy+ops", "5 Terminated, e1 is locked with"]
    );
    let announced = Event::LeavingAnnounced { key: "E1".to_owned(), last_day: day(9) };
    let withdrawn = Event::LeavingWithdrawn { key: "E1".to_owned() };
    assert_eq!(
        told("web-1", vec![(0, Event::Hired(alice(-90))), (5, announced), (8, withdrawn)]),
        ["0 Active, e1 works with deploy+ops"]
    );
}
