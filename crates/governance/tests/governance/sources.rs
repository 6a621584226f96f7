//! Several sources of people at once: whose word counts, which feeds are refused, and who is who.

use crate::company::{Company, HEADER, on_both_engines};
use connectors::sources::{Asserted, Employment, Extent, Feed, Record, csv};
use governance::correlation::{self, CaseState, Decision, Test};
use governance::identities::{self, Filter, Identity, Status};
use governance::imports::{self, Counts, Mode, Outcome, Run, Trip, What};
use governance::roles;
use governance::sources::{self, Attribute, AttributeKind, Authority, Declaration, Says, Settings, SourceKind};
use ledger::finding;
use std::collections::BTreeMap;
use types::Failure;

fn declaration(name: &str, settings: Settings) -> Declaration {
    let owner = "bob@example.com".to_owned();
    Declaration { name: name.to_owned(), kind: SourceKind::Csv, description: String::new(), owner, settings }
}

async fn declare(company: &Company, name: &str, settings: Settings) {
    sources::declare(&company.ctx, &[declaration(name, settings)], None).await.unwrap();
}

fn record(key: &str, values: &[(&str, &str)]) -> Record {
    let attributes: BTreeMap<String, Asserted> =
        values.iter().map(|(name, value)| ((*name).to_owned(), Asserted::text(*value))).collect();
    Record { key: key.to_owned(), attributes, employment: None }
}

fn working(record: Record) -> Record {
    let (status, start) = (Status::Active, Some("2026-01-01".parse().unwrap()));
    Record { employment: Some(Employment { status, start, end: None, time_zone: None, kind: None }), ..record }
}

fn someone(key: &str, given: &str, family: &str, email: &str) -> Record {
    working(record(key, &[("given_name", given), ("family_name", family), ("email", email)]))
}

/// Bytes that differ whenever the records do.
fn feed(extent: Extent, records: Vec<Record>) -> Feed {
    let sha256 = format!("{:x}", serde_json::to_string(&(&records, &extent)).unwrap().len() * 7919 + records.len());
    Feed { records, extent, sha256, as_of: None }
}

fn whole(records: Vec<Record>) -> Feed {
    feed(Extent::Whole, records)
}

fn changes(records: Vec<Record>, gone: &[&str]) -> Feed {
    feed(Extent::Changes { gone: gone.iter().map(|key| (*key).to_owned()).collect() }, records)
}

async fn take(company: &Company, source: &str, feed: &Feed) -> Run {
    imports::take(&company.ctx, source, feed, Mode::Apply).await.unwrap()
}

fn applied(run: &Run) -> Counts {
    assert!(matches!(run.outcome, Outcome::Applied(_)), "{run:?}");
    run.counts
}

async fn person(company: &Company, name: &str) -> Identity {
    identities::get(&company.ctx, &company.id(name).await).await.unwrap()
}

async fn find(company: &Company, query: &str) -> Vec<Identity> {
    let filter = Filter { query: Some(query.to_owned()), limit: 100, ..Filter::default() };
    identities::list(&company.ctx, &filter).await.unwrap()
}

/// The company's HR feed with its people as records.
fn hr(company: &Company) -> Feed {
    csv::read(company.feed.as_bytes(), &[]).unwrap()
}

on_both_engines! {
    async fn each_attribute_is_what_the_first_source_says_that_says_anything(company: Company) {
        let attributes = vec![Attribute { name: "cost_center".into(), kind: AttributeKind::Text }];
        let precedence_of = [("email".to_owned(), 1)].into();
        let settings = Settings { authority: Authority::Attributes, attributes, precedence_of, ..Settings::default() };
        declare(&company, "ad", settings).await;
        let alice = company.id("alice").await;
        let known = record("guid-1", &[("employee_id", "E1"), ("email", "a.moreau@example.com"), ("department", "Legacy"), ("cost_center", "4711")]);
        let stranger = record("guid-2", &[("email", "printer@example.com")]);
        let counts = applied(&take(&company, "ad", &whole(vec![known, stranger])).await);
        assert_eq!((counts.joiners, counts.movers, counts.undecided), (0, 1, 0), "it makes nobody known");
        let person = identities::get(&company.ctx, &alice).await.unwrap();
        assert_eq!((person.email.as_str(), person.department.as_str()), ("a.moreau@example.com", "Platform"));
        assert_eq!(person.attributes["cost_center"], Asserted::Text("4711".into()));
        assert_eq!(identities::history(&company.ctx, &alice).await.unwrap().last().unwrap().identity.attributes, person.attributes);
        let (merged, records) = sources::of_identity(&company.ctx, &alice).await.unwrap();
        let merged = merged.unwrap();
        assert_eq!((merged.values["email"].source.as_str(), merged.values["department"].source.as_str()), ("ad", "hr"));
        assert_eq!(records.iter().map(|held| held.source.as_str()).collect::<Vec<_>>(), ["ad", "hr"]);

        // HR's own feed says what it always said, and takes nothing away.
        assert_eq!(take(&company, "hr", &hr(&company)).await.outcome, Outcome::Unchanged);
        assert_eq!(identities::get(&company.ctx, &alice).await.unwrap().email, "a.moreau@example.com");
        // What the directory does not say any more, HR says again.
        let run = take(&company, "ad", &whole(vec![record("guid-2", &[("email", "printer@example.com")])])).await;
        assert_eq!(applied(&run).movers, 1);
        let person = identities::get(&company.ctx, &alice).await.unwrap();
        assert_eq!((person.email.as_str(), person.attributes.len()), ("alice@example.com", 0));
    }

    async fn who_has_two_employments_leaves_with_the_last(company: Company) {
        declare(&company, "agency", Settings { precedence: Some(200), ..Settings::default() }).await;
        let alice = company.id("alice").await;
        let second = working(record("A-7", &[("employee_id", "E1"), ("family_name", "Moreau"), ("given_name", "Alice"), ("email", "alice@agency.example"), ("department", "Consulting")]));
        applied(&take(&company, "agency", &whole(vec![second.clone(), someone("A-8", "Zed", "Other", "zed@agency.example")])).await);
        assert_eq!(person(&company, "alice").await.department, "Platform");
        company.pass(60);
        let without = company.feed_with("E1", "");
        assert_eq!(applied(&company.import(&without).await), Counts { movers: 1, unchanged: 39, ..Counts::default() });
        let stays = identities::get(&company.ctx, &alice).await.unwrap();
        assert_eq!((stays.department.as_str(), stays.status, stays.has_left()), ("Consulting", Status::Active, false));
        company.pass(60);
        let run = take(&company, "agency", &whole(vec![someone("A-8", "Zed", "Other", "zed@agency.example")])).await;
        assert_eq!((applied(&run).leavers, run.lines[0].what), (1, What::Leaver));
        assert!(identities::get(&company.ctx, &alice).await.unwrap().has_left());
    }

    async fn a_contractor_who_becomes_an_employee_is_one_person_with_one_account(company: Company) {
        declare(&company, "agency", Settings { precedence: Some(200), ..Settings::default() }).await;
        let nora = |key: &str| someone(key, "Nora", "Vik", "nora@example.com");
        applied(&take(&company, "agency", &whole(vec![nora("A-1")])).await);
        let contractor = person(&company, "nora").await;
        assert_eq!(contractor.employee_id, "agency:A-1");
        company.pass(60);
        let hired = format!("{}E50,Nora,Vik,nora@example.com,Sales,Agent,E3,active,2026-11-01,\n", company.feed);
        assert_eq!(applied(&company.import(&hired).await).movers, 1);
        let employee = person(&company, "nora").await;
        assert_eq!((employee.id.clone(), employee.employee_id.as_str()), (contractor.id.clone(), "E50"));
        company.pass(60);
        let over = Record { employment: Some(Employment { status: Status::Terminated, ..nora("A-1").employment.unwrap() }), ..nora("A-1") };
        take(&company, "agency", &whole(vec![over])).await;
        assert!(!person(&company, "nora").await.has_left());
        assert_eq!(find(&company, "nora").await.len(), 1);
        assert_eq!(authn::accounts::get(&company.ctx, &contractor.id).await.unwrap().name, "nora@example.com");
    }

    async fn who_is_rehired_with_a_new_id_keeps_the_identity_and_gets_no_old_grant_back(company: Company) {
        let (alice, (_, grant)) = (company.id("alice").await, company.alice_gets_root().await);
        assert_eq!(applied(&company.import(&company.feed_with("E1", "")).await).leavers, 1);
        company.pass(3600);
        let back = format!("{}E77,Alice,Moreau,alice@example.com,Platform,Site Reliability Engineer,E2,active,2026-11-21,\n", company.feed_with("E1", ""));
        let run = company.import(&back).await;
        assert_eq!((applied(&run).joiners, run.lines[0].what), (1, What::Rejoiner));
        let again = person(&company, "alice").await;
        assert_eq!((again.id.clone(), again.employee_id.as_str()), (alice.clone(), "E77"));
        assert!(authn::accounts::get(&company.ctx, &alice).await.unwrap().enabled);
        assert!(company.grant(&grant).await.ended().is_some());
        assert_eq!(company.import(&back).await.outcome, Outcome::Unchanged);
    }

    async fn a_record_that_may_be_somebody_waits_for_a_person_and_is_never_asked_about_twice(company: Company) {
        declare(&company, "agency", Settings { precedence: Some(200), ..Settings::default() }).await;
        let alice = company.id("alice").await;
        // The same address and given name, another family name: she may have married, or it is somebody else.
        let doubtful = someone("A-1", "Alice", "Schmidt", "alice@example.com");
        let other = someone("A-2", "Bob", "Smith", "bob@example.com");
        let agency = whole(vec![doubtful.clone(), other]);
        let run = take(&company, "agency", &agency).await;
        assert_eq!(applied(&run), Counts { undecided: 2, ..Counts::default() });
        assert!(find(&company, "schmidt").await.is_empty(), "nobody gets anything meanwhile");
        let cases = correlation::list(&company.ctx, Some("open"), None, 10).await.unwrap();
        assert_eq!(cases.len(), 2);
        let case = cases.iter().find(|case| case.key == "A-1").unwrap();
        assert_eq!(case.candidates.iter().map(|c| (&c.identity, c.score)).collect::<Vec<_>>(), [(&alice, 80)]);
        assert_eq!(case.candidates[0].tests, [Test::SameEmail]);
        assert_eq!(finding::open(&company.ctx, "match_case_open").await.unwrap().len(), 1);
        assert_eq!(take(&company, "agency", &agency).await.outcome, Outcome::Unchanged);
        assert_eq!(correlation::list(&company.ctx, Some("open"), None, 10).await.unwrap().len(), 2);

        let (ada, id) = (company.acting("ada").await, case.id.clone());
        let same = || Decision::Same(alice.clone());
        assert_eq!(correlation::decide(&company.ctx, &id, same(), "married").await.unwrap_err().code(), "not_a_person");
        assert_eq!(correlation::decide(&ada, &id, same(), " ").await.unwrap_err().code(), "reason_missing");
        let herself = company.acting("alice").await;
        for decision in [same(), Decision::New] {
            let own = correlation::decide(&herself, &id, decision, "it is me, or not").await.unwrap_err();
            assert_eq!(own.code(), "own_identity");
        }
        let mine = correlation::decide(&ada, &id, Decision::Same(company.id("ada").await), "it is me").await.unwrap_err();
        assert_eq!(mine.code(), "own_identity");
        correlation::decide(&ada, &id, same(), "she married in October").await.unwrap();
        assert_eq!(correlation::decide(&ada, &id, same(), "again").await.unwrap_err().code(), "match_case_not_open");
        let CaseState::Decided { identity, .. } = correlation::get(&ada, &id).await.unwrap().state else { panic!() };
        assert_eq!(identity, Some(alice.clone()));
        let (_, records) = sources::of_identity(&ada, &alice).await.unwrap();
        assert_eq!(records.len(), 2);

        let second = cases.iter().find(|case| case.key == "A-2").unwrap();
        let run = correlation::decide(&ada, &second.id, Decision::New, "another Bob").await.unwrap();
        assert_eq!(applied(&run).joiners, 1);
        assert_eq!(find(&company, "smith").await.len(), 1);
        assert_eq!(finding::open(&company.ctx, "match_case_open").await.unwrap(), []);
        assert_eq!(company.timeline(&id).await, ["match.opened", "match.decided"]);

        company.pass(60);
        let renamed = someone("A-1", "Alice", "Schmidt-Moreau", "alice@example.com");
        let run = take(&company, "agency", &whole(vec![renamed, someone("A-2", "Bob", "Smith", "bob@example.com")])).await;
        assert_eq!(run.counts.undecided, 0, "the answers were kept: {run:?}");
        assert_eq!(correlation::list(&company.ctx, Some("open"), None, 10).await.unwrap(), []);
    }

    async fn a_case_is_over_when_its_record_goes(company: Company) {
        declare(&company, "agency", Settings::default()).await;
        let doubtful = someone("A-1", "Alice", "Schmidt", "alice@example.com");
        take(&company, "agency", &whole(vec![doubtful, someone("A-9", "Zed", "Other", "zed@x")])).await;
        let case = correlation::list(&company.ctx, None, None, 10).await.unwrap().remove(0);
        take(&company, "agency", &whole(vec![someone("A-9", "Zed", "Other", "zed@x")])).await;
        assert!(matches!(correlation::get(&company.ctx, &case.id).await.unwrap().state, CaseState::Moot { .. }));
        let ada = company.acting("ada").await;
        let late = correlation::decide(&ada, &case.id, Decision::New, "too late").await;
        assert_eq!(late.unwrap_err().code(), "match_case_not_open");
    }

    async fn a_feed_of_changes_proves_nobody_gone_but_whom_it_names(company: Company) {
        declare(&company, "scim", Settings { says: Says::Changes, ..Settings::default() }).await;
        let (ann, ben) = (someone("s1", "Ann", "One", "ann@x"), someone("s2", "Ben", "Two", "ben@x"));
        assert_eq!(applied(&take(&company, "scim", &changes(vec![ann.clone(), ben], &[])).await).joiners, 2);
        let moved = Record { attributes: record("s1", &[("given_name", "Ann"), ("family_name", "One"), ("email", "ann@x"), ("department", "Law")]).attributes, ..ann };
        assert_eq!(applied(&take(&company, "scim", &changes(vec![moved], &[])).await), Counts { movers: 1, ..Counts::default() });
        assert!(!find(&company, "ben@x").await[0].has_left(), "he was not mentioned");
        company.pass(1);
        assert_eq!(applied(&take(&company, "scim", &changes(vec![], &["s2", "s404"])).await).leavers, 1);
        assert!(find(&company, "ben@x").await[0].has_left());
    }

    async fn a_held_change_that_was_overtaken_is_left_out_when_it_is_confirmed(company: Company) {
        declare(&company, "scim", Settings { says: Says::Changes, ..Settings::default() }).await;
        let people = |status| -> Vec<Record> {
            (0..12).map(|n| {
                let person = someone(&format!("s{n}"), "Pat", &format!("Number {n}"), &format!("pat{n}@x"));
                let employment = person.employment.clone().unwrap();
                Record { employment: Some(Employment { status, ..employment }), ..person }
            }).collect()
        };
        applied(&take(&company, "scim", &changes(people(Status::Active), &[])).await);
        company.pass(60);
        let Outcome::Held(id, Trip::TooManyLeavers { leavers: 12, .. }) =
            take(&company, "scim", &changes(people(Status::Terminated), &[])).await.outcome else { panic!("not held") };
        company.pass(60);
        let newer = Record { attributes: record("s0", &[("given_name", "Pat"), ("family_name", "Zero"), ("email", "pat0@x")]).attributes, ..people(Status::Active).remove(0) };
        applied(&take(&company, "scim", &changes(vec![newer], &[])).await);
        assert!(matches!(imports::get(&company.ctx, &id).await.unwrap().state, imports::State::Held { .. }), "a change does not replace another");
        let run = imports::confirm(&company.acting("ada").await, &id, "the contract ended").await.unwrap();
        assert_eq!(run.counts.leavers, 11);
        assert!(!find(&company, "pat0@x").await[0].has_left());
    }

    async fn a_manager_may_be_named_by_the_number_that_another_source_gave_them(company: Company) {
        declare(&company, "agency", Settings::default()).await;
        let named = |key: &str, number: Option<&str>, manager: &str| {
            let mut record = someone(key, "Pat", &format!("Of {key}"), &format!("{key}@x"));
            let number = number.map(|number| ("employee_id", number));
            for (name, value) in [Some(("manager", manager)), number].into_iter().flatten() {
                record.attributes.insert(name.to_owned(), Asserted::text(value));
            }
            record
        };
        let people = vec![
            named("a1", Some("X1"), "E2"),
            named("a2", Some("X2"), "a1"),
            named("a3", Some("X3"), "E404"),
            // A source that does not speak of numbers means its own keys.
            named("a4", None, "E2"),
            // Its own keys go first.
            named("E3", Some("X5"), "a1"),
            named("a6", Some("X6"), "E3"),
        ];
        applied(&take(&company, "agency", &whole(people)).await);
        let mut managers = Vec::new();
        for key in ["a1", "a2", "a3", "a4", "E3", "a6"] {
            managers.push(find(&company, &format!("{key}@x")).await[0].manager_employee_id.clone());
        }
        let expected = [Some("E2"), Some("X1"), None, None, Some("X1"), Some("X5")];
        assert_eq!(managers.iter().map(Option::as_deref).collect::<Vec<_>>(), expected);
    }

    async fn a_held_feed_brings_nobody_back_who_left_by_a_newer_one(company: Company) {
        declare(&company, "agency", Settings::default()).await;
        let people = |numbers: std::ops::Range<u32>| -> Vec<Record> {
            numbers.map(|n| someone(&format!("s{n}"), "Pat", &format!("Number {n}"), &format!("pat{n}@x"))).collect()
        };
        applied(&take(&company, "agency", &whole(people(0..12))).await);
        company.pass(60);
        let Outcome::Held(monday, _) = take(&company, "agency", &whole(people(0..8))).await.outcome else { panic!("not held") };
        company.pass(60);
        let joined = someone("s20", "Quin", "Twenty", "quin@x");
        applied(&take(&company, "agency", &changes(vec![joined], &["s0"])).await);
        let ada = company.acting("ada").await;
        let refused = imports::confirm(&ada, &monday, "looked at it on Wednesday").await.unwrap_err();
        assert_eq!(refused.code(), "import_not_held");
        assert!(refused.to_string().contains("send the feed as it is now"), "{refused}");
        assert!(matches!(imports::get(&ada, &monday).await.unwrap().state, imports::State::Superseded { .. }));
        assert_eq!(finding::open(&ada, "import_held").await.unwrap(), []);
        assert!(find(&company, "pat0@x").await[0].has_left() && !find(&company, "quin@x").await[0].has_left());

        // What says again what is known is a newer word, too; and what is held itself, about the same people.
        let mut leaving = people(1..8);
        leaving.iter_mut().for_each(|record| record.employment.as_mut().unwrap().status = Status::Terminated);
        let held = async |feed: &Feed| match take(&company, "agency", feed).await.outcome {
            Outcome::Held(id, _) => id,
            other => panic!("{other:?}"),
        };
        let first = held(&changes(leaving.clone(), &[])).await;
        company.pass(60);
        let second = held(&changes(leaving[1..].to_vec(), &["s404"])).await;
        assert_ne!(imports::get(&ada, &first).await.unwrap().sha256, changes(leaving.clone(), &[]).sha256);
        assert_eq!(take(&company, "agency", &changes(people(1..2), &[])).await.outcome, Outcome::Unchanged);
        assert_eq!(imports::confirm(&ada, &first, "too late").await.unwrap_err().code(), "import_not_held");
        assert_eq!(imports::confirm(&ada, &second, "the contract ended").await.unwrap().counts.leavers, 6);
        assert!(!find(&company, "pat1@x").await[0].has_left());
    }

    async fn a_feed_that_looks_wrong_is_stopped_with_its_reason_and_changes_nothing(company: Company) {
        let before = find(&company, "").await;
        let of = |change: &dyn Fn(&Record) -> Record| {
            let feed = hr(&company);
            let records: Vec<Record> = feed.records.iter().map(change).collect();
            Feed { sha256: format!("{:?}", records[0]), records, ..feed }
        };
        let doubled = { let mut feed = of(&Record::clone); feed.records.push(feed.records[0].clone()); feed };
        let swapped = of(&|record| {
            let mut record = record.clone();
            let (given, family) = (record.attributes["given_name"].clone(), record.attributes["family_name"].clone());
            record.attributes.extend([("given_name".to_owned(), family), ("family_name".to_owned(), given)]);
            record
        });
        let rekeyed = of(&|record| Record { key: format!("N{}", record.key), attributes: record.attributes.iter()
            .map(|(name, value)| (name.clone(), if name == "employee_id" { Asserted::Text(format!("N{}", record.key)) } else { value.clone() })).collect(), ..record.clone() });
        let truncated = { let mut feed = of(&Record::clone); feed.records.truncate(30); Feed { sha256: "short".into(), ..feed } };
        let fresh = Feed { as_of: Some("2026-11-20".parse().unwrap()), ..of(&Record::clone) };
        assert_eq!(take(&company, "hr", &fresh).await.outcome, Outcome::Unchanged);
        let stale = Feed { as_of: Some("2026-11-19".parse().unwrap()), ..of(&Record::clone) };
        for (feed, expected) in [
            (whole(vec![]), "feed_empty"),
            (doubled, "feed_doubled"),
            (stale, "feed_stale"),
            (swapped, "feed_shifted"),
            (rekeyed.clone(), "feed_rekeyed"),
            (truncated, "looks_truncated"),
        ] {
            let stopped = match imports::take(&company.ctx, "hr", &feed, Mode::Apply).await {
                Err(error) => error.code(),
                Ok(run) => match run.outcome { Outcome::Held(_, trip) => trip.code(), other => panic!("{expected}: {other:?}") },
            };
            assert_eq!(stopped, expected);
            assert_eq!(find(&company, "").await, before, "{expected}");
            let refused = matches!(expected, "feed_empty" | "feed_doubled" | "feed_stale");
            let open = finding::open(&company.ctx, if refused { "source_refused" } else { "import_held" }).await.unwrap();
            assert_eq!(open.len(), 1, "{expected}");
            assert!(!open[0].detail.contains("example.com"), "{}", open[0].detail);
        }
        // A person says that the numbers were given anew: everybody stays who they are.
        let Outcome::Held(id, Trip::Rekeyed { .. }) = take(&company, "hr", &rekeyed).await.outcome else { panic!("not held") };
        let run = imports::confirm(&company.acting("ada").await, &id, "a new HR system").await.unwrap();
        assert_eq!((run.counts.joiners, run.counts.leavers, run.counts.movers), (0, 0, 40));
        let after = find(&company, "").await;
        assert_eq!(after.iter().map(|p| &p.id).collect::<Vec<_>>(), before.iter().map(|p| &p.id).collect::<Vec<_>>());
        let numbers: Vec<&str> = after.iter().map(|person| person.employee_id.as_str()).collect();
        assert!(numbers.iter().all(|number| number.starts_with("NE")), "{numbers:?}");
        assert_eq!(finding::open(&company.ctx, "source_refused").await.unwrap(), []);
    }

    async fn the_same_bytes_for_too_long_are_no_news(company: Company) {
        declare(&company, "agency", Settings { stale_after_hours: Some(24), ..Settings::default() }).await;
        let feed = whole(vec![someone("A-1", "Zed", "Other", "zed@x")]);
        applied(&take(&company, "agency", &feed).await);
        company.pass(24 * 3600);
        assert_eq!(take(&company, "agency", &feed).await.outcome, Outcome::Unchanged);
        company.pass(1);
        let refused = imports::take(&company.ctx, "agency", &feed, Mode::Apply).await.unwrap_err();
        assert_eq!(refused.code(), "feed_stale");
        let (_, health) = sources::list(&company.ctx).await.unwrap().into_iter().find(|(s, _)| s.name == "agency").unwrap();
        assert_eq!(health.refused.unwrap().code, "feed_stale");
        assert_eq!(company.timeline(&"source:agency").await, ["source.declared", "source.refused"]);
    }

    async fn a_source_is_declared_by_somebody_who_works_here_and_agrees_with_the_others(company: Company) {
        let settings = |kind| Settings { attributes: vec![Attribute { name: "grade".into(), kind }], ..Settings::default() };
        let size = company.log_size().await;
        for (declarations, expected) in [
            (vec![Declaration { owner: "nobody@example.com".into(), ..declaration("ad", Settings::default()) }], "no_such_owner"),
            (vec![declaration("Not a name", Settings::default())], "bad_source_name"),
            (vec![declaration("ad", Settings::default()), declaration("ad", Settings::default())], "declared_twice"),
            (vec![declaration("ad", settings(AttributeKind::Text)), declaration("scim", settings(AttributeKind::Number))], "bad_source_setting"),
        ] {
            assert_eq!(sources::declare(&company.ctx, &declarations, None).await.unwrap_err().code(), expected);
        }
        assert_eq!(company.log_size().await, size);
        declare(&company, "ad", settings(AttributeKind::Number)).await;
        let size = company.log_size().await;
        declare(&company, "ad", settings(AttributeKind::Number)).await;
        assert_eq!(company.log_size().await, size, "declaring the same again changes nothing");
        let names: Vec<String> = sources::list(&company.ctx).await.unwrap().into_iter().map(|(source, _)| source.name).collect();
        assert_eq!(names, ["ad", "hr"]);
        assert_eq!(sources::attributes(&company.ctx).await.unwrap(), settings(AttributeKind::Number).attributes);
        assert_eq!(imports::take(&company.ctx, "nowhere", &whole(vec![]), Mode::Apply).await.unwrap_err().code(), "no_such_source");
    }

    async fn who_has_an_unreadable_time_zone_or_somebody_elses_address_loses_the_roles_of_the_department_they_left(company: Company) {
        let alice = company.id("alice").await;
        let eligible = async || roles::eligibility(&company.ctx, &alice).await.unwrap().len();
        assert_eq!(eligible().await, 1);
        let moved = |change: &dyn Fn(&mut Record)| {
            let mut feed = hr(&company);
            let record = feed.records.iter_mut().find(|record| record.key == "E1").unwrap();
            change(record);
            Feed { sha256: format!("{record:?}"), ..feed }
        };
        let text = |value: &str| Asserted::text(value);
        let bad: [&dyn Fn(&mut Record); 4] = [
            &|record| record.employment.as_mut().unwrap().time_zone = Some("x".into()),
            &|record| drop(record.attributes.insert("email".into(), text("bob@example.com"))),
            &|record| drop(record.attributes.insert("family_name".into(), text("Mo\u{7}reau"))),
            &|record| drop(record.attributes.insert("job_title".into(), text(&"x".repeat(1025)))),
        ];
        let before = identities::get(&company.ctx, &alice).await.unwrap();
        for bad in bad {
            let department = |record: &mut Record, to: &str| drop(record.attributes.insert("department".into(), text(to)));
            let run = take(&company, "hr", &moved(&|record| { department(record, "Support"); bad(record) })).await;
            assert_eq!(applied(&run), Counts { movers: 1, unchanged: 39, ..Counts::default() });
            let person = identities::get(&company.ctx, &alice).await.unwrap();
            assert_eq!((person.department.as_str(), eligible().await), ("Support", 0));
            let Identity { email, family_name, job_title, time_zone, .. } = &before;
            assert_eq!((&person.email, &person.family_name, &person.job_title, &person.time_zone), (email, family_name, job_title, time_zone));
            assert_eq!(company.id("bob").await, person.manager.unwrap(), "whose address it is keeps it");
            let open = finding::open(&company.ctx, sources::MISFITS).await.unwrap();
            assert!(open.len() == 1 && open[0].detail.contains("record 1: "), "{open:?}");
            take(&company, "hr", &moved(&|record| department(record, "Platform"))).await;
            assert_eq!((finding::open(&company.ctx, sources::MISFITS).await.unwrap().len(), eligible().await), (0, 1));
            company.pass(60);
        }
        // Who leaves has left, and who joins with such a record is not known yet, and holds up nobody.
        let leaves = moved(&|record| {
            record.employment.as_mut().unwrap().status = Status::Terminated;
            bad[0](record);
        });
        let mut leaves = Feed { sha256: "leaves".into(), ..leaves };
        let mut stranger = someone("E50", "Nora", "Vik", "nora@example.com");
        bad[0](&mut stranger);
        leaves.records.push(stranger);
        let counts = applied(&take(&company, "hr", &leaves).await);
        assert_eq!((counts.leavers, counts.joiners), (1, 0));
    }

    async fn who_comes_under_another_key_with_a_value_that_does_not_fit_has_not_left(company: Company) {
        let bob = company.id("bob").await;
        let misfits = async || finding::open(&company.ctx, sources::MISFITS).await.unwrap().len();
        let with = |change: &dyn Fn(&mut Record)| {
            let mut feed = hr(&company);
            feed.records.retain(|record| record.key != "E6");
            let record = feed.records.iter_mut().find(|record| record.key == "E2").unwrap();
            "K2".clone_into(&mut record.key);
            record.attributes.insert("employee_id".into(), Asserted::text("K2"));
            change(record);
            Feed { sha256: format!("{record:?}"), ..feed }
        };
        // Whoever else is missing has left.
        let zoned = |record: &mut Record| record.employment.as_mut().unwrap().time_zone = Some("Nowhere/None".into());
        let run = take(&company, "hr", &with(&zoned)).await;
        assert_eq!((applied(&run).leavers, &run.lines[0].employee_id), (1, &"E6".to_owned()));
        assert_eq!((person(&company, "bob").await.has_left(), misfits().await), (false, 1));
        // Corrected, he is who he was.
        company.pass(60);
        let run = take(&company, "hr", &with(&|_| ())).await;
        assert_eq!((applied(&run).leavers, applied(&run).joiners, misfits().await), (0, 0, 0));
        let known = person(&company, "bob").await;
        assert_eq!((known.id, known.employee_id.as_str()), (bob, "K2"));
    }

    async fn a_feed_that_is_true_of_tomorrow_or_later_is_refused_and_changes_nothing(company: Company) {
        declare(&company, "agency", Settings::default()).await;
        let of = |people: &[&str], as_of: Option<&str>| {
            let records = people.iter().map(|name| someone(name, name, "Other", &format!("{name}@x"))).collect();
            Feed { as_of: as_of.map(|as_of| as_of.parse().unwrap()), ..whole(records) }
        };
        applied(&take(&company, "agency", &of(&["zed"], None)).await);
        let people = find(&company, "").await;
        for later in ["2026-11-22T09:01:01Z", "2026-11-23", "2999-01-01"] {
            let refused = imports::take(&company.ctx, "agency", &of(&["zed", "yan"], Some(later)), Mode::Apply).await.unwrap_err();
            assert_eq!(refused.code(), "feed_to_come", "{later}");
            assert_eq!(find(&company, "").await, people);
        }
        // Clocks and days may differ; and the source is open still, also one that was closed by such a feed before.
        let (_, health) = sources::list(&company.ctx).await.unwrap().into_iter().find(|(source, _)| source.name == "agency").unwrap();
        assert_eq!(health.last_as_of, None);
        assert_eq!(applied(&take(&company, "agency", &of(&["zed", "yan"], Some("2026-11-22"))).await).joiners, 1);
        let mut tx = company.fixture.db.begin_unexplained().await.unwrap();
        let closed = i64::MAX / 2;
        tx.run("update source_states set last_as_of = $1 where source = 'agency'", vec![db::Value::from(closed)]).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(applied(&take(&company, "agency", &of(&["zed", "yan", "xue"], Some("2026-11-21"))).await).joiners, 1);
    }

    async fn nothing_personal_of_a_source_or_a_case_stands_open_in_the_ledger(company: Company) {
        declare(&company, "agency", Settings::default()).await;
        take(&company, "agency", &whole(vec![someone("A-1", "Alice", "Schmidt", "alice@example.com")])).await;
        let twice = vec![someone("A-1", "Al", "Schmidt", "twice@example.com"), someone("A-2", "Al", "Schmidt", "twice@example.com")];
        assert!(imports::take(&company.ctx, "agency", &whole(twice), Mode::Apply).await.is_err());
        let case = correlation::list(&company.ctx, None, None, 10).await.unwrap().remove(0);
        correlation::decide(&company.acting("ada").await, &case.id, Decision::New, "asked Schmidt herself").await.unwrap();
        for entry in ledger::timeline::raw(&company.ctx, 0, 10_000).await.unwrap() {
            let text = String::from_utf8(entry.bytes).unwrap();
            assert!(!text.contains("Schmidt") && !text.contains("example.com"), "{text}");
        }
    }
}

#[tokio::test]
async fn a_feed_with_a_column_of_the_sources_own_gives_people_that_attribute() {
    let company = Company::on_sqlite().await;
    let settings = Settings {
        attributes: vec![Attribute { name: "cost_center".into(), kind: AttributeKind::Text }],
        ..Settings::default()
    };
    declare(&company, "hr", settings).await;
    let header = format!("{},cost_center\n", HEADER.trim_end());
    let lines = company.feed.lines().skip(1).map(|line| format!("{line},4711\n"));
    let text = format!("{header}{}", lines.collect::<String>());
    let feed = csv::read(text.as_bytes(), &sources::get(&company.ctx, "hr").await.unwrap().own_attributes()).unwrap();
    assert_eq!(applied(&take(&company, "hr", &feed).await).movers, 40);
    assert_eq!(person(&company, "alice").await.attributes["cost_center"], Asserted::Text("4711".into()));
}
