//! Sources that Tenure reads itself: asked for, taken when the end came, refused when it did not, and read again in time.

use crate::company::{Company, HEADER, on_both_engines};
use connectors::hr_csv::EmploymentStatus;
use connectors::sources::{Asserted, Employment, Extent, Feed, Record};
use governance::imports::{self, Mode, Outcome as Taken};
use governance::sources::{self, Declaration, SourceKind};
use governance::{duties, identities};
use ledger::finding;
use provisioning::feed::{self, Asks, End, Outcome, Page, Reading, State, Trouble};
use serde_json::{Value, json};
use types::Failure;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;

async fn declare(company: &Company, kind: SourceKind, settings: Value) {
    let settings = serde_json::from_value(settings).unwrap();
    let (name, owner) = ("crew".to_owned(), "bob@example.com".to_owned());
    let declaration = Declaration { name, kind, description: String::new(), owner, settings };
    sources::declare(&company.ctx, &[declaration], None).await.unwrap();
}

/// A query that is asked every hour, and says what changed.
async fn database(company: &Company) {
    let read = json!({"query": "select * from hr.crew", "every_minutes": 60, "whole_every_hours": 24,
        "changes_by": "changed_at", "columns": {"key": "id", "family_name": "name", "email": "mail"}});
    declare(company, SourceKind::Sql, json!({"service": "hr-db", "max_missing_percent": 50, "read": read})).await;
}

fn rows(names: &[&str]) -> Value {
    let row = |name: &&str| json!({"id": [name], "name": [name], "mail": [format!("{name}@crew.example")]});
    names.iter().map(row).collect()
}

/// Does what the other plane does with a reading that is asked for.
async fn answer(company: &Company, pages: &[Value], cursor: Option<&str>) -> Reading {
    let reading = feed::begin(&company.ctx, "crew").await.unwrap().expect("a reading is asked for");
    for (number, rows) in (0..).zip(pages) {
        keep(company, &reading, number, rows, None).await;
    }
    let end = End { stated_total: None, cursor: cursor.map(str::to_owned) };
    keep(company, &reading, pages.len() as u32, &json!([]), Some(end)).await;
    take(company).await
}

async fn keep(company: &Company, reading: &Reading, number: u32, rows: &Value, end: Option<End>) {
    let (bytes, records) = (rows.to_string().into_bytes(), rows.as_array().unwrap().len() as u64);
    let page = Page { source: "crew", read: &reading.id, number, bytes: &bytes, records, end };
    feed::keep(&company.ctx, &page).await.unwrap();
}

async fn take(company: &Company) -> Reading {
    company.worker().without(&[feed::READ]).run_due().await.unwrap();
    newest(company).await
}

async fn newest(company: &Company) -> Reading {
    sources::readings(&company.ctx, "crew", None, 1).await.unwrap().pop().expect("a reading")
}

fn outcome(reading: &Reading) -> &str {
    assert!(reading.state.is_settled(), "{reading:?}");
    reading.state.as_str()
}

async fn crew(company: &Company) -> Vec<String> {
    let filter = identities::Filter { query: Some("crew.example".to_owned()), limit: 100, ..Default::default() };
    let found = identities::list(&company.ctx, &filter).await.unwrap();
    let here = found.into_iter().filter(|person| !person.has_left());
    let mut names: Vec<String> = here.map(|person| person.family_name).collect();
    names.sort();
    names
}

async fn due(company: &Company) -> usize {
    duties::run_once(&company.ctx).await.unwrap().readings_asked
}

on_both_engines! {
    async fn a_source_is_read_in_time_all_of_it_first_and_then_what_changed(company: Company) {
        database(&company).await;
        assert_eq!((due(&company).await, due(&company).await), (1, 0), "one reading at a time");
        let asked = newest(&company).await;
        assert!(asked.question.is_whole() && matches!(asked.question.asks, Asks::Query { .. }));
        let first = answer(&company, &[rows(&["una", "ugo"]), rows(&["ida"])], Some("10")).await;
        assert_eq!((outcome(&first), first.pages, first.records), ("applied", 3, 3));
        assert_eq!(crew(&company).await, ["ida", "ugo", "una"]);
        company.pass(HOUR - 1);
        assert_eq!(due(&company).await, 0, "the time has not come");
        company.pass(1);
        assert_eq!(due(&company).await, 1);
        let changes = newest(&company).await.question.changes.unwrap();
        assert_eq!((changes.by.as_str(), changes.since.as_deref()), ("changed_at", Some("10")));
        let second = answer(&company, &[rows(&["ida", "eva"])], Some("11")).await;
        assert_eq!(outcome(&second), "applied");
        assert_eq!(crew(&company).await, ["eva", "ida", "ugo", "una"], "what did not change proves nobody gone");
        for cursor in ["11", "11"] {
            company.pass(HOUR);
            due(&company).await;
            let size = company.log_size().await;
            assert_eq!(outcome(&answer(&company, &[rows(&["ida", "eva"])], Some(cursor)).await), "unchanged");
            assert!(company.log_size().await <= size + 6, "no import, only the reading");
        }
        company.pass(22 * HOUR);
        due(&company).await;
        assert!(newest(&company).await.question.is_whole(), "everything is read once a day");
        let whole = answer(&company, &[rows(&["eva", "ida", "ugo"])], Some("12")).await;
        assert_eq!((outcome(&whole), crew(&company).await), ("applied", vec!["eva".into(), "ida".into(), "ugo".to_owned()]));
    }

    async fn a_reading_without_its_end_is_refused_and_changes_nothing(company: Company) {
        database(&company).await;
        due(&company).await;
        answer(&company, &[rows(&["una", "ugo"])], None).await;
        company.pass(HOUR);
        due(&company).await;
        let reading = feed::begin(&company.ctx, "crew").await.unwrap().unwrap();
        keep(&company, &reading, 0, &rows(&["una"]), None).await;
        assert!(!take(&company).await.state.is_settled(), "it goes on");
        let trouble = Trouble { code: "host_unreachable".into(), detail: "`hr-db` is away".into() };
        feed::broken(&company.ctx, &reading.id, trouble).await.unwrap();
        let broken = take(&company).await;
        assert!(matches!(&broken.state, State::Settled { outcome: Outcome::Refused(trouble), .. } if trouble.code == "host_unreachable"));
        assert_eq!(crew(&company).await, ["ugo", "una"]);
        let refused = async || finding::open(&company.ctx, "source_refused").await.unwrap().len();
        let health = sources::list(&company.ctx).await.unwrap();
        let of_crew = health.into_iter().find(|(source, _)| source.name == "crew").unwrap().1;
        assert_eq!((of_crew.refused.unwrap().code.as_str(), refused().await), ("feed_half_loaded", 1));
        company.pass(HOUR);
        due(&company).await;
        assert_eq!(outcome(&answer(&company, &[rows(&["una", "ugo"])], None).await), "unchanged");
        assert_eq!(refused().await, 0, "the next one is taken");
        company.pass(HOUR);
        due(&company).await;
        let reading = feed::begin(&company.ctx, "crew").await.unwrap().unwrap();
        keep(&company, &reading, 0, &rows(&["una"]), None).await;
        keep(&company, &reading, 2, &rows(&[]), Some(End::default())).await;
        let State::Settled { outcome: Outcome::Refused(trouble), .. } = take(&company).await.state else { panic!() };
        assert_eq!((trouble.code.as_str(), crew(&company).await.len()), ("feed_half_loaded", 2), "a page is missing");
    }

    async fn what_is_read_passes_the_same_gates_as_what_is_sent(company: Company) {
        database(&company).await;
        due(&company).await;
        let many: Vec<String> = (0..20).map(|n| format!("hand{n}")).collect();
        let all: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(outcome(&answer(&company, &[rows(&all)], None).await), "applied");
        company.pass(HOUR);
        due(&company).await;
        let held = answer(&company, &[rows(&all[..5])], None).await;
        let State::Settled { outcome: Outcome::Held(import), .. } = &held.state else { panic!("{held:?}") };
        assert_eq!(crew(&company).await.len(), 20, "it looks cut off, and waits for a person");
        let run = imports::confirm(&company.acting("ada").await, import, "the crew was paid off").await.unwrap();
        assert!(matches!(run.outcome, Taken::Applied(_)));
        assert_eq!(crew(&company).await.len(), 5);
        for (rows, code) in [
            (json!([{"id": ["x"], "name": ["x"], "mail": ["no address"]}]), "feed_bad_value"),
            (json!([{"id": [], "name": ["x"], "mail": ["x@crew.example"]}]), "feed_bad_value"),
            (json!([{"id": ["x"], "name": ["x"], "mail": ["x@y"]}, {"id": ["x"], "name": ["z"], "mail": ["z@y"]}]), "feed_doubled"),
            (json!([]), "feed_empty"),
        ] {
            company.pass(HOUR);
            due(&company).await;
            let refused = answer(&company, std::slice::from_ref(&rows), None).await;
            let State::Settled { outcome: Outcome::Refused(trouble), .. } = &refused.state else { panic!("{refused:?}") };
            assert_eq!((trouble.code.as_str(), crew(&company).await.len()), (code, 5), "{rows}");
        }
    }

    async fn a_feed_in_a_folder_is_read_as_one_that_is_sent(company: Company) {
        declare(&company, SourceKind::Csv, json!({"service": "drop"})).await;
        let asked = sources::read(&company.ctx, "crew").await.unwrap();
        assert_eq!(sources::read(&company.ctx, "crew").await.unwrap().id, asked.id, "it is asked for already");
        let text = format!("{HEADER}C1,Una,Una,una@crew.example,Deck,Sailor,,active,2026-01-01,\n#end,1\n");
        let csv = async |text: &str| {
            let reading = feed::begin(&company.ctx, "crew").await.unwrap().unwrap();
            let (one, other) = text.as_bytes().split_at(text.len() / 2);
            for (number, bytes, end) in [(0, one, None), (1, other, None), (2, &b""[..], Some(End { stated_total: Some(0), cursor: None }))] {
                let page = Page { source: "crew", read: &reading.id, number, bytes, records: 0, end };
                feed::keep(&company.ctx, &page).await.unwrap();
            }
            take(&company).await
        };
        assert_eq!(outcome(&csv(&text).await), "applied");
        assert_eq!(crew(&company).await, ["Una"]);
        assert_eq!(due(&company).await, 0, "nobody said how often");
        company.pass(MINUTE);
        sources::read(&company.ctx, "crew").await.unwrap();
        let cut = csv(&text.replace("#end,1", "#end,2")).await;
        let State::Settled { outcome: Outcome::Refused(trouble), .. } = cut.state else { panic!() };
        assert_eq!(trouble.code, "feed_truncated");
        for (name, code) in [("hr", "source_not_read"), ("nowhere", "no_such_source")] {
            assert_eq!(sources::read(&company.ctx, name).await.unwrap_err().code(), code);
            assert_eq!(sources::question(&company.ctx, name).await.unwrap_err().code(), code);
        }
    }

    async fn a_reading_that_was_taken_before_a_crash_is_not_taken_twice(company: Company) {
        database(&company).await;
        due(&company).await;
        let reading = feed::begin(&company.ctx, "crew").await.unwrap().unwrap();
        keep(&company, &reading, 0, &rows(&["una"]), None).await;
        keep(&company, &reading, 1, &rows(&[]), Some(End::default())).await;
        // A worker took it and stopped before it said so.
        let text = |value: &str| Asserted::text(value);
        let attributes = [("family_name", text("una")), ("email", text("una@crew.example"))];
        let attributes = attributes.map(|(name, value)| (name.to_owned(), value)).into();
        let (status, start) = (EmploymentStatus::Active, None);
        let employment = Some(Employment { status, start, end: None, time_zone: None, kind: None });
        let records = vec![Record { key: "una".to_owned(), attributes, employment }];
        let feed = Feed { records, extent: Extent::Whole, sha256: "00".repeat(32), as_of: None };
        let run = imports::take(&company.ctx, "crew", &feed, Mode::Apply).await.unwrap();
        assert!(matches!(run.outcome, Taken::Applied(_)));
        assert_eq!(outcome(&take(&company).await), "unchanged");
        let imports = imports::list(&company.ctx, Some("crew"), None, 10).await.unwrap();
        assert_eq!((imports.len(), crew(&company).await), (1, vec!["una".to_owned()]));
    }

    async fn a_reading_that_began_before_a_feed_that_was_taken_brings_nothing_back(company: Company) {
        database(&company).await;
        due(&company).await;
        let slow = feed::begin(&company.ctx, "crew").await.unwrap().unwrap();
        keep(&company, &slow, 0, &rows(&["una"]), None).await;
        company.pass(MINUTE);
        let text = |value: &str| Asserted::text(value);
        let record = |name: &str| Record {
            key: name.to_owned(),
            attributes: [("family_name", text(name)), ("email", text(&format!("{name}@crew.example")))]
                .map(|(name, value)| (name.to_owned(), value))
                .into(),
            employment: Some(Employment {
                status: EmploymentStatus::Active,
                start: None,
                end: None,
                time_zone: None,
                kind: None,
            }),
        };
        let records = vec![record("una"), record("vera")];
        let sent = Feed { records, extent: Extent::Whole, sha256: "11".repeat(32), as_of: None };
        imports::take(&company.ctx, "crew", &sent, Mode::Apply).await.unwrap();
        keep(&company, &slow, 1, &rows(&[]), Some(End::default())).await;
        let settled = take(&company).await;
        assert_eq!(outcome(&settled), "refused");
        let State::Settled { outcome: Outcome::Refused(trouble), .. } = settled.state else { panic!() };
        assert_eq!((trouble.code.as_str(), trouble.detail.contains("read it again")), ("feed_stale", true));
        assert_eq!(crew(&company).await, ["una", "vera"]);
        let refused = finding::open(&company.ctx, "source_refused").await.unwrap();
        assert_eq!(refused.len(), 1);
    }
}
