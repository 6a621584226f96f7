//! One row for each thing that dates, feeds and people do to each other.

use super::super::model::Lifted;
use super::*;
use crate::policy::LifecyclePolicy;
use proptest::prelude::*;
use types::IdentityId;

const WINDOWS: LifecyclePolicy =
    LifecyclePolicy { prepare_days: 14, leaver_grace_days: 0, archive_days: 90, mover_grace_days: 0 };

fn at(text: &str) -> Timestamp {
    text.parse().or_else(|_| format!("{text}:00Z").parse()).unwrap()
}

/// `active 2026-03-02..2026-12-31 Europe/Berlin said=2026-01-01 gone=2026-05-01 second`
fn employment(text: &str) -> Employment {
    let mut words = text.split(' ');
    let status = match words.next().unwrap() {
        "active" => Status::Active,
        "leave" => Status::Leave,
        "terminated" => Status::Terminated,
        other => panic!("{other}"),
    };
    let (start, end) = words.next().unwrap().split_once("..").unwrap();
    let mut employment = Employment {
        status,
        start: start.parse().unwrap(),
        end: (!end.is_empty()).then(|| end.parse().unwrap()),
        zone: super::super::days::Zone::UTC,
        said_at: at("2026-01-01"),
        gone_at: None,
        precedence: 0,
    };
    for word in words {
        match word.split_once('=') {
            Some(("said", time)) => employment.said_at = at(time),
            Some(("gone", time)) => employment.gone_at = Some(at(time)),
            None if word == "second" => employment.precedence = 1,
            _ => employment.zone = word.parse().unwrap(),
        }
    }
    employment
}

/// `suspended 2026-05-01..2026-06-01`, and ` lifted` behind it.
fn order(text: &str) -> StateOrder {
    let words: Vec<&str> = text.split(' ').collect();
    let kind = OrderKind::ALL.into_iter().find(|kind| kind.as_str().starts_with(words[0])).unwrap();
    let (from, until) = words[1].split_once("..").unwrap();
    let by: IdentityId = format!("idn_{:032x}", 9).parse().unwrap();
    StateOrder {
        position: 1,
        ordered_at: at(from),
        kind,
        from: at(from),
        until: (!until.is_empty()).then(|| at(until)),
        by: by.clone(),
        reason: "the board decided".to_owned(),
        lifted: words.get(2).map(|_| Lifted { at: at(from), by }),
    }
}

fn short(at: Timestamp) -> String {
    let text = at.to_string();
    text.strip_suffix("T00:00:00.000000Z").unwrap_or(&text[..16]).to_owned()
}

fn shown((state, next): (State, Option<Timestamp>)) -> String {
    let what = match &state {
        State::Terminated { since, cause, .. } => {
            let cause = match cause {
                Cause::LastDayPassed => "last day",
                Cause::Stated => "stated",
                Cause::AbsentFromFeed => "absent",
                Cause::NeverStarted => "never started",
                Cause::ForCause { .. } => "for cause",
            };
            format!("terminated, {cause}, since {}", short(*since))
        }
        State::Archived { since } => format!("archived since {}", short(*since)),
        other => other.name().as_str().to_owned(),
    };
    next.map_or_else(|| what.clone(), |next| format!("{what} | {}", short(next)))
}

type Row = (&'static [&'static str], &'static [&'static str], &'static str, &'static str);

fn check(title: &str, rows: &[Row]) {
    for (employments, orders, now, expected) in rows {
        let all: Vec<Employment> = employments.iter().map(|text| employment(text)).collect();
        let orders: Vec<StateOrder> = orders.iter().map(|text| order(text)).collect();
        let facts = Facts { employments: &all, orders: &orders, windows: WINDOWS, known: Known::Nothing };
        assert_eq!(shown(derive(&facts, at(now))), *expected, "{title}: {employments:?} at {now}");
    }
}

const ONE: &[&str] = &["active 2026-03-02..2026-12-31"];
const OPEN: &[&str] = &["active 2020-03-02.."];

#[test]
fn an_employment_begins_and_ends_at_its_days() {
    check(
        "one employment",
        &[
            (ONE, &[], "2026-01-01", "pre_hire | 2026-02-16"),
            (ONE, &[], "2026-02-16", "pre_hire | 2026-03-02"),
            (ONE, &[], "2026-03-01T23:59", "pre_hire | 2026-03-02"),
            (ONE, &[], "2026-03-02", "active | 2027-01-01"),
            (ONE, &[], "2026-12-31T23:59", "active | 2027-01-01"),
            (ONE, &[], "2027-01-01", "terminated, last day, since 2027-01-01 | 2027-04-01"),
            (ONE, &[], "2027-03-31T23:59", "terminated, last day, since 2027-01-01 | 2027-04-01"),
            (ONE, &[], "2027-04-01", "archived since 2027-04-01"),
            (OPEN, &[], "2026-05-01", "active"),
            (&["active 2026-03-02..2026-03-02"], &[], "2026-03-02T12:00", "active | 2026-03-03"),
            (&["active 2026-03-02..9999-12-31"], &[], "2026-05-01", "active | 10000-01-01"),
            (&["active 2028-02-29..2028-02-29"], &[], "2028-02-29", "active | 2028-03-01"),
        ],
    );
}

#[test]
fn a_first_day_that_moves_is_derived_anew() {
    check(
        "moved",
        &[
            // Earlier, also into the past.
            (&["active 2026-02-02.."], &[], "2026-02-20", "active"),
            (&["active 2026-02-20.."], &[], "2026-02-20", "active"),
            // Later, before it and after it was reached.
            (&["active 2026-04-01.."], &[], "2026-02-20", "pre_hire | 2026-03-18"),
            (&["active 2026-04-01.."], &[], "2026-03-20", "pre_hire | 2026-04-01"),
            // Cancelled: stated, absent, or a last day before the first.
            (
                &["terminated 2026-04-01.. said=2026-03-20"],
                &[],
                "2026-03-21",
                "terminated, never started, since 2026-03-20 | 2026-06-18",
            ),
            (
                &["active 2026-04-01.. gone=2026-03-20"],
                &[],
                "2026-03-21",
                "terminated, never started, since 2026-03-20 | 2026-06-18",
            ),
            (
                &["active 2026-04-01..2026-03-31 said=2026-03-20"],
                &[],
                "2026-03-21",
                "terminated, never started, since 2026-03-20 | 2026-06-18",
            ),
            (
                &["active 2026-04-01..2026-03-31 said=2026-03-20"],
                &[],
                "2026-04-02",
                "terminated, never started, since 2026-03-20 | 2026-06-18",
            ),
            (&["terminated 2026-04-01.. said=2026-03-20"], &[], "2026-06-18", "archived since 2026-06-18"),
            // Cancelled, and hired again for another day.
            (
                &["terminated 2026-04-01.. said=2026-03-20", "active 2026-05-01.."],
                &[],
                "2026-03-21",
                "pre_hire | 2026-04-17",
            ),
        ],
    );
}

#[test]
fn the_first_and_the_last_day_are_those_of_the_persons_own_time_zone() {
    const AUCKLAND: &[&str] = &["active 2026-03-02..2026-03-31 Pacific/Auckland"];
    const HONOLULU: &[&str] = &["active 2026-03-02..2026-03-31 Pacific/Honolulu"];
    const BERLIN: &[&str] = &["active 2026-03-29..2026-10-25 Europe/Berlin"];
    check(
        "zones",
        &[
            (AUCKLAND, &[], "2026-03-01T10:59", "pre_hire | 2026-03-01T11:00"),
            (AUCKLAND, &[], "2026-03-01T11:00", "active | 2026-03-31T11:00"),
            (AUCKLAND, &[], "2026-03-31T10:59", "active | 2026-03-31T11:00"),
            (AUCKLAND, &[], "2026-03-31T11:00", "terminated, last day, since 2026-03-31T11:00 | 2026-06-29T11:00"),
            (HONOLULU, &[], "2026-03-02T09:59", "pre_hire | 2026-03-02T10:00"),
            (HONOLULU, &[], "2026-03-02T10:00", "active | 2026-04-01T10:00"),
            (HONOLULU, &[], "2026-04-01T09:59", "active | 2026-04-01T10:00"),
            (HONOLULU, &[], "2026-04-01T10:00", "terminated, last day, since 2026-04-01T10:00 | 2026-06-30T10:00"),
            // The days on which the clock moves.
            (BERLIN, &[], "2026-03-28T22:59", "pre_hire | 2026-03-28T23:00"),
            (BERLIN, &[], "2026-03-28T23:00", "active | 2026-10-25T23:00"),
            (BERLIN, &[], "2026-10-25T22:59", "active | 2026-10-25T23:00"),
            (BERLIN, &[], "2026-10-25T23:00", "terminated, last day, since 2026-10-25T23:00 | 2027-01-23T23:00"),
            // Midnight did not exist, and a whole day did not.
            (&["active 2018-11-04.. America/Sao_Paulo"], &[], "2018-11-04T02:59", "pre_hire | 2018-11-04T03:00"),
            (&["active 2011-12-30.. Pacific/Apia"], &[], "2011-12-30T09:59", "pre_hire | 2011-12-30T10:00"),
            // Two employments in two places.
            (
                &["active 2020-01-01..2026-03-31 Pacific/Honolulu", "active 2026-04-01.. Pacific/Auckland"],
                &[],
                "2026-03-31T12:00",
                "active | 2026-04-01T10:00",
            ),
        ],
    );
}

#[test]
fn a_feed_that_says_terminated_is_believed_at_once_and_a_last_day_dates_it_back() {
    check(
        "terminated",
        &[
            (
                &["terminated 2020-03-02.. said=2026-05-04T09:00"],
                &[],
                "2026-05-04T09:00",
                "terminated, stated, since 2026-05-04T09:00 | 2026-08-02T09:00",
            ),
            (
                &["terminated 2020-03-02..2026-05-01 said=2026-05-04T09:00"],
                &[],
                "2026-05-04T09:00",
                "terminated, last day, since 2026-05-02 | 2026-08-02T09:00",
            ),
            // Stated before the last day has come.
            (
                &["terminated 2020-03-02..2026-05-31 said=2026-05-04"],
                &[],
                "2026-05-04",
                "terminated, stated, since 2026-05-04 | 2026-08-02",
            ),
            // However far it is dated back, what is kept is kept from when it became known.
            (
                &["terminated 2020-03-02..2021-02-01 said=2026-05-04"],
                &[],
                "2026-05-04",
                "terminated, last day, since 2021-02-02 | 2026-08-02",
            ),
            (&["terminated 2020-03-02..2021-02-01 said=2026-05-04"], &[], "2026-08-02", "archived since 2026-08-02"),
            (
                &["terminated 2020-03-02..2026-05-31 said=2026-05-04"],
                &[],
                "2026-06-02",
                "terminated, stated, since 2026-05-04 | 2026-08-02",
            ),
            (
                &["active 2020-03-02.. gone=2026-05-04"],
                &[],
                "2026-05-04",
                "terminated, absent, since 2026-05-04 | 2026-08-02",
            ),
            (
                &["active 2020-03-02..2026-04-30 gone=2026-05-04"],
                &[],
                "2026-05-04",
                "terminated, last day, since 2026-05-01 | 2026-07-30",
            ),
            (
                &["terminated 2020-03-02.. said=2026-05-01 gone=2026-05-04"],
                &[],
                "2026-05-04",
                "terminated, stated, since 2026-05-01 | 2026-07-30",
            ),
            (
                &["active 2020-03-02..2026-06-30 gone=2026-05-04"],
                &[],
                "2026-07-04",
                "terminated, absent, since 2026-05-04 | 2026-08-02",
            ),
        ],
    );
}

#[test]
fn a_leaver_whose_record_is_stated_anew_is_kept_no_longer() {
    let left = |said: &str, before: Option<&Outlook>, now: &str| {
        let record = employment(&format!("active 2020-03-02..2026-03-31 said={said}"));
        outlook_of(&[record], &[], WINDOWS, before, at(now))
    };
    let known = left("2026-01-01", None, "2026-04-02");
    let State::Terminated { since, learned: None, .. } = known.settled() else { panic!("{known:?}") };
    assert_eq!(*since, at("2026-04-01"));
    let restated = left("2026-05-04", Some(&known), "2026-05-04");
    assert_eq!((restated.settled(), restated.next_change(at("2026-05-04"))), (known.settled(), Some(at("2026-06-30"))));
    let archived = left("2026-01-01", Some(&restated), "2026-07-15");
    assert_eq!(left("2026-07-20", Some(&archived), "2026-07-20").settled(), archived.settled());
    let back_dated = left("2026-05-04", None, "2026-05-04");
    assert_eq!(back_dated.next_change(at("2026-05-04")), Some(at("2026-08-02")));
}

#[test]
fn a_rehire_ends_the_waiting_for_the_archive() {
    const LEFT: &str = "active 2020-03-02..2026-03-31";
    const BACK: &[&str] = &[LEFT, "active 2026-06-01.."];
    const FAR: &[&str] = &[LEFT, "active 2027-06-01.."];
    check(
        "rehire",
        &[
            (&[LEFT], &[], "2026-04-02", "terminated, last day, since 2026-04-01 | 2026-06-30"),
            (BACK, &[], "2026-04-02", "terminated, last day, since 2026-04-01 | 2026-05-18"),
            (BACK, &[], "2026-05-18", "pre_hire | 2026-06-01"),
            (BACK, &[], "2026-06-01", "active"),
            // Nothing is archived while a first day is known, however far it is.
            (FAR, &[], "2026-07-15", "terminated, last day, since 2026-04-01 | 2027-05-18"),
            (FAR, &[], "2027-05-18", "pre_hire | 2027-06-01"),
            // The second employment is cancelled again.
            (&[LEFT, "active 2027-06-01.. gone=2026-07-15"], &[], "2026-07-15", "archived since 2026-06-30"),
            // Without a day between, nobody ever left.
            (&[LEFT, "active 2026-04-01.."], &[], "2026-04-01", "active"),
            // A weekend between two contracts is nobody's leaving.
            (&["active 2020-03-02..2026-03-27", "active 2026-03-30.."], &[], "2026-03-28", "pre_hire | 2026-03-30"),
            // The same record, with another first day.
            (&["active 2026-06-01.. said=2026-05-25"], &[], "2026-05-25", "pre_hire | 2026-06-01"),
        ],
    );
}

#[test]
fn who_has_two_employments_has_left_when_the_last_has_ended() {
    const TWO: &[&str] = &["active 2020-03-02..2026-03-31", "active 2024-01-01..2026-09-30 second"];
    check(
        "two",
        &[
            (TWO, &[], "2026-02-01", "active | 2026-04-01"),
            (TWO, &[], "2026-04-01", "active | 2026-10-01"),
            (TWO, &[], "2026-10-01", "terminated, last day, since 2026-10-01 | 2026-12-30"),
            (&["terminated 2020-03-02.. said=2026-03-01", "active 2024-01-01.. second"], &[], "2026-03-01", "active"),
            (&["active 2020-03-02.. gone=2026-03-01", "active 2024-01-01.. second"], &[], "2026-03-01", "active"),
            (&["leave 2020-03-02..", "active 2024-01-01.. second"], &[], "2026-03-01", "active"),
            (&["leave 2020-03-02..", "terminated 2024-01-01.. second"], &[], "2026-03-01", "leave"),
            (&["leave 2020-03-02..2026-03-31", "active 2026-03-10.. second"], &[], "2026-03-01", "leave | 2026-03-10"),
            // A contractor becomes an employee, with a gap and without.
            (
                &["active 2025-01-01..2026-02-28 second", "active 2026-03-01.."],
                &[],
                "2026-02-28T12:00",
                "active | 2026-03-01",
            ),
            (&["active 2025-01-01..2026-02-28 second", "active 2026-03-01.."], &[], "2026-03-01", "active"),
        ],
    );
}

#[test]
fn a_leave_is_what_the_source_or_a_person_says_and_ends_where_it_was() {
    check(
        "leave",
        &[
            (&["leave 2020-03-02.."], &[], "2026-05-01", "leave"),
            (&["leave 2020-03-02..2026-06-30"], &[], "2026-05-01", "leave | 2026-07-01"),
            (
                &["leave 2020-03-02..2026-06-30"],
                &[],
                "2026-07-01",
                "terminated, last day, since 2026-07-01 | 2026-09-29",
            ),
            (&["leave 2026-06-01.."], &[], "2026-05-25", "pre_hire | 2026-06-01"),
            (OPEN, &["leave 2026-05-01..2026-08-01"], "2026-04-01", "active | 2026-05-01"),
            (OPEN, &["leave 2026-05-01..2026-08-01"], "2026-05-01", "leave | 2026-08-01"),
            (OPEN, &["leave 2026-05-01..2026-08-01"], "2026-08-01", "active"),
            (OPEN, &["leave 2026-05-01.. lifted"], "2026-05-02", "active"),
            // The source says leave too, and goes on saying so.
            (&["leave 2020-03-02.."], &["leave 2026-05-01..2026-08-01"], "2026-08-01", "leave"),
            (
                &["active 2020-03-02..2026-06-30"],
                &["leave 2026-05-01..2026-08-01"],
                "2026-07-01",
                "terminated, last day, since 2026-07-01 | 2026-08-01",
            ),
        ],
    );
}

#[test]
fn a_suspension_outranks_every_source_and_is_outranked_by_leaving() {
    const HELD: &[&str] = &["suspended 2026-05-01..2026-06-01"];
    check(
        "suspended",
        &[
            (OPEN, &["suspended 2026-05-01.."], "2026-04-30", "active | 2026-05-01"),
            (OPEN, &["suspended 2026-05-01.."], "2026-05-01", "suspended"),
            (OPEN, HELD, "2026-05-31T23:59", "suspended | 2026-06-01"),
            (OPEN, HELD, "2026-06-01", "active"),
            (OPEN, &["suspended 2026-05-01.. lifted"], "2026-05-02", "active"),
            (&["leave 2020-03-02.."], HELD, "2026-05-02", "suspended | 2026-06-01"),
            (&["active 2026-05-10.."], HELD, "2026-05-02", "suspended | 2026-05-10"),
            (&["active 2026-05-10.."], HELD, "2026-06-01", "active"),
            (&["active 2026-06-10.."], HELD, "2026-06-01", "pre_hire | 2026-06-10"),
            (
                &["active 2020-03-02..2026-05-15"],
                HELD,
                "2026-05-16",
                "terminated, last day, since 2026-05-16 | 2026-06-01",
            ),
            (
                &["terminated 2020-03-02.. said=2026-05-15"],
                HELD,
                "2026-05-16",
                "terminated, stated, since 2026-05-15 | 2026-06-01",
            ),
            (
                OPEN,
                &["leave 2026-04-01..2026-07-01", "suspended 2026-05-01..2026-06-01"],
                "2026-05-02",
                "suspended | 2026-06-01",
            ),
            (
                OPEN,
                &["leave 2026-04-01..2026-07-01", "suspended 2026-05-01..2026-06-01"],
                "2026-06-01",
                "leave | 2026-07-01",
            ),
        ],
    );
}

#[test]
fn a_termination_for_cause_outranks_everything_until_a_person_lifts_it() {
    const CAUSE: &[&str] = &["terminated 2026-05-01T15:00.."];
    const STANDS: &str = "terminated, for cause, since 2026-05-01T15:00 | 2026-07-30T15:00";
    check(
        "for cause",
        &[
            (OPEN, CAUSE, "2026-05-01T14:59", "active | 2026-05-01T15:00"),
            (OPEN, CAUSE, "2026-05-01T15:00", STANDS),
            (OPEN, CAUSE, "2026-07-30T15:00", "archived since 2026-07-30T15:00"),
            (OPEN, &["terminated 2026-05-01T15:00.. lifted"], "2026-05-02", "active"),
            (&["leave 2020-03-02.."], CAUSE, "2026-05-02", STANDS),
            (OPEN, &["terminated 2026-05-01T15:00..", "suspended 2026-04-01.."], "2026-05-02", STANDS),
            // The feed follows later, with its own last day; what is earlier counts.
            (&["active 2020-03-02..2026-05-31"], CAUSE, "2026-06-02", STANDS),
            (
                &["active 2020-03-02..2026-04-30"],
                CAUSE,
                "2026-05-02",
                "terminated, for cause, since 2026-05-01 | 2026-07-30",
            ),
            // A rehire is no pardon.
            (&["active 2020-03-02..2026-05-31", "active 2026-06-15.."], CAUSE, "2026-06-20", STANDS),
            (
                &["active 2026-06-15.."],
                CAUSE,
                "2026-06-10",
                "terminated, for cause, since 2026-05-01T15:00 | 2026-06-15",
            ),
            // Before the first day.
            (&["active 2026-05-15.."], CAUSE, "2026-05-16", STANDS),
        ],
    );
}

#[test]
fn who_has_no_employment_has_never_started() {
    check("none", &[(&[], &[], "2026-05-01", "archived since 1970-04-01")]);
}

#[test]
fn accounts_without_privilege_stay_for_the_grace_and_never_for_one_who_left_for_cause() {
    let windows = LifecyclePolicy { leaver_grace_days: 7, ..WINDOWS };
    for (record, orders, now, expected) in [
        ("active 2020-03-02..2026-05-31", &[][..], "2026-06-01", Some(true)),
        ("active 2020-03-02..2026-05-31", &[], "2026-06-08", Some(false)),
        ("terminated 2020-03-02.. said=2026-06-01", &[], "2026-06-01", Some(true)),
        ("active 2020-03-02.. gone=2026-06-01", &[], "2026-06-01", Some(false)),
        ("active 2026-07-01.. gone=2026-06-01", &[], "2026-06-01", Some(false)),
        ("active 2020-03-02..2026-05-31", &["terminated 2026-06-01.."], "2026-06-01", Some(false)),
        ("active 2020-03-02..", &[], "2026-06-01", None),
    ] {
        let (employments, orders) = ([employment(record)], orders.iter().map(|text| order(text)).collect::<Vec<_>>());
        let (state, next) =
            derive(&Facts { employments: &employments, orders: &orders, windows, known: Known::Nothing }, at(now));
        let keeps = match state {
            State::Terminated { keeps_accounts, .. } => Some(keeps_accounts),
            _ => None,
        };
        assert_eq!(keeps, expected, "{record}");
        assert!(keeps != Some(true) || next == Some(at("2026-06-08")), "{record}: looks again then");
    }
}

#[test]
fn the_employment_that_is_on_speaks_for_the_person() {
    for (employments, now, expected) in [
        (&["leave 2019-01-01..", "active 2024-01-01.. second"][..], "2026-05-01", 1),
        (&["active 2024-01-01.. second", "active 2025-01-01.."], "2026-05-01", 1),
        (&["active 2025-01-01..", "active 2024-01-01.."], "2026-05-01", 1),
        (&["active 2020-01-01..2026-03-31", "active 2024-01-01.. second"], "2026-04-01", 1),
        (&["active 2020-01-01..2026-03-31", "active 2026-06-01.. second"], "2026-04-01", 1),
        (&["active 2027-01-01..", "active 2026-06-01.. second"], "2026-04-01", 1),
        (&["active 2020-01-01..2026-02-28", "active 2024-01-01..2026-03-31 second"], "2026-04-01", 1),
        (&["active 2020-01-01.."], "2026-04-01", 0),
    ] {
        let all: Vec<Employment> = employments.iter().map(|text| employment(text)).collect();
        assert_eq!(primary(&all, at(now)), Some(expected), "{employments:?}");
    }
    assert_eq!(primary(&[], at("2026-04-01")), None);
}

#[test]
fn the_outlook_tells_the_whole_future_and_answers_for_each_moment_of_it() {
    let employments = [employment("active 2026-03-02..2026-12-31")];
    let orders = [order("leave 2026-05-01..2026-08-01"), order("suspended 2026-07-01..2026-07-15")];
    let outlook = outlook(
        &Facts { employments: &employments, orders: &orders, windows: WINDOWS, known: Known::Nothing },
        at("2026-02-01"),
    );
    let told: Vec<String> =
        outlook.phases().iter().map(|phase| format!("{} {}", short(phase.from), phase.state.name().as_str())).collect();
    assert_eq!(
        told,
        [
            "2026-02-01 pre_hire",
            "2026-02-16 pre_hire",
            "2026-03-02 active",
            "2026-05-01 leave",
            "2026-07-01 suspended",
            "2026-07-15 leave",
            "2026-08-01 active",
            "2027-01-01 terminated",
            "2027-04-01 archived",
        ]
    );
    assert_eq!(outlook.next_change(at("2026-07-01")), Some(at("2026-07-15")));
    assert_eq!(outlook.next_change(at("2027-04-01")), None);
    let kept: Outlook = serde_json::from_str(&serde_json::to_string(&outlook).unwrap()).unwrap();
    assert_eq!(kept, outlook);
    assert!(serde_json::from_str::<Outlook>("[]").is_err());
}

fn any_day() -> impl Strategy<Value = String> {
    (1u32..=12, 1u32..=28).prop_map(|(month, day)| format!("2026-{month:02}-{day:02}"))
}

fn any_employment() -> impl Strategy<Value = Employment> {
    let zone = prop_oneof![Just("UTC"), Just("Pacific/Auckland"), Just("Pacific/Honolulu"), Just("Europe/Berlin")];
    let status = prop_oneof![Just("active"), Just("leave"), Just("terminated")];
    (status, any_day(), proptest::option::of(any_day()), zone, proptest::option::of(any_day())).prop_map(
        |(status, start, end, zone, gone)| {
            let gone = gone.map_or(String::new(), |day| format!(" gone={day}"));
            employment(&format!("{status} {start}..{} {zone}{gone}", end.unwrap_or_default()))
        },
    )
}

fn any_order() -> impl Strategy<Value = StateOrder> {
    let kind = prop_oneof![Just("suspended"), Just("terminated"), Just("leave")];
    (kind, any_day(), proptest::option::of(any_day()), any::<bool>()).prop_map(|(kind, from, until, lifted)| {
        let until = until.unwrap_or_default();
        order(&format!("{kind} {from}..{until}{}", if lifted { " lifted" } else { "" }))
    })
}

proptest! {
    /// Whoever looks only when the outlook says so never misses a change, and sees what a look at that moment sees.
    #[test]
    fn nothing_changes_between_two_looks(
        employments in proptest::collection::vec(any_employment(), 1..4),
        orders in proptest::collection::vec(any_order(), 0..4),
        hours in proptest::collection::vec(0u64..20_000, 20),
    ) {
        let facts = Facts { employments: &employments, orders: &orders, windows: WINDOWS, known: Known::Nothing };
        let began = at("2026-01-01");
        let outlook = outlook(&facts, began);
        for hours in hours {
            let now = began.plus(Duration::from_secs(hours * 3600));
            prop_assert_eq!(&derive(&facts, now).0, outlook.at(now));
        }
    }

    /// Who is ordered out for cause is at work at no moment of the order, whatever the sources say.
    #[test]
    fn no_source_undoes_a_termination_for_cause(
        employments in proptest::collection::vec(any_employment(), 1..4),
        hours in 0u64..20_000,
    ) {
        let orders = [order("terminated 2026-01-01..")];
        let facts = Facts { employments: &employments, orders: &orders, windows: WINDOWS, known: Known::Nothing };
        prop_assert!(derive(&facts, at("2026-01-01").plus(Duration::from_secs(hours * 3600))).0.has_left());
    }
}
