//! HR feeds: applied once, planned without a trace, held and confirmed.

use crate::company::{Company, HEADER, migrations, on_both_engines, parsed, records};
use connectors::hr_csv::Feed;
use governance::duties;
use governance::identities::{self, Filter, Status};
use governance::imports::{self, Counts, Mode, Outcome, State, Trip, What};
use grants::EndCause;
use ledger::finding;
use types::Failure;

/// Somebody else with Alice's address.
const ALICIA: &str = "E41,Alicia,Nova,alice@example.com,Sales,Agent,E3,active,2020-01-01,\n";

on_both_engines! {
    async fn a_feed_makes_people_with_accounts_and_the_same_feed_again_writes_nothing(company: Company) {
        let (alice, bob) = (company.id("alice").await, company.id("bob").await);
        let person = identities::get(&company.ctx, &alice).await.unwrap();
        assert_eq!((person.manager, person.manager_employee_id.as_deref()), (Some(bob), Some("E2")));
        let account = authn::accounts::get(&company.ctx, &alice).await.unwrap();
        assert_eq!((account.name.as_str(), account.enabled), ("alice@example.com", true));
        let size = company.log_size().await;
        let run = company.import(&company.feed).await;
        assert_eq!(run.outcome, Outcome::Unchanged);
        assert_eq!(run.counts, Counts { unchanged: 40, ..Counts::default() });
        assert_eq!(company.log_size().await, size);
        assert_eq!(imports::list(&company.ctx, None, None, 10).await.unwrap().len(), 1);
    }

    async fn a_dry_run_tells_what_would_change_and_changes_nothing(company: Company) {
        let size = company.log_size().await;
        let feed = company.feed_changing("E1", "Site Reliability Engineer", "Head of Reliability");
        let run = imports::apply(&company.ctx, &parsed(&feed), Mode::DryRun).await.unwrap();
        assert_eq!(run.outcome, Outcome::Planned(None));
        assert_eq!(run.counts, Counts { movers: 1, unchanged: 39, ..Counts::default() });
        assert_eq!(run.lines[0].after["job_title"], "Head of Reliability");
        assert_eq!(company.log_size().await, size);
        let alice = identities::get(&company.ctx, &company.id("alice").await).await.unwrap();
        assert_eq!(alice.job_title, "Site Reliability Engineer");
    }

    async fn a_move_is_one_entry_and_the_person_before_it_is_still_known(company: Company) {
        let alice = company.id("alice").await;
        let before = company.ctx.now();
        company.pass(3600);
        let feed = company.feed_changing("E1", "alice@example.com", "alice.moreau@example.com");
        let run = company.import(&feed).await;
        let Outcome::Applied(import) = run.outcome else { panic!("{run:?}") };
        assert_eq!(company.timeline(&import).await, ["import.applied"]);
        let history = identities::history(&company.ctx, &alice).await.unwrap();
        let emails: Vec<_> = history.iter().map(|version| version.identity.email.as_str()).collect();
        assert_eq!(emails, ["alice@example.com", "alice.moreau@example.com"]);
        assert_eq!(history[0].until, Some(company.ctx.now()));
        assert_eq!((history[1].from, history[1].until), (company.ctx.now(), None));
        let then = identities::true_on(&company.ctx, &alice, before).await.unwrap().unwrap();
        assert_eq!(then.email, "alice@example.com");
        let hired = "2021-09-05".parse().unwrap();
        assert_eq!(identities::true_on(&company.ctx, &alice, hired).await.unwrap(), None);
        let account = authn::accounts::get(&company.ctx, &alice).await.unwrap();
        assert_eq!(account.name, "alice.moreau@example.com");
        let line = &imports::changes(&company.ctx, &import).await.unwrap()[0];
        assert_eq!((line.what, line.before["email"].as_str()), (What::Mover, "alice@example.com"));
    }

    async fn an_address_passes_from_one_person_to_the_next_in_one_feed(company: Company) {
        let (alice, bob) = (company.id("alice").await, company.id("bob").await);
        let feed = company.feed_changing("E1", "alice@example.com", "bob@example.com");
        let bob_moves = feed.replace("E2,Bob,Lindqvist,bob@example.com", "E2,Bob,Lindqvist,robert@example.com");
        assert!(matches!(company.import(&bob_moves).await.outcome, Outcome::Applied(_)));
        assert_eq!(company.id("bob").await, alice);
        assert_eq!(company.id("robert").await, bob);
        assert_eq!(authn::accounts::get(&company.ctx, &alice).await.unwrap().name, "bob@example.com");
    }

    async fn a_newcomer_takes_an_address_that_was_given_up(company: Company) {
        let alice = company.id("alice").await;
        let moves = company.feed_changing("E1", "alice@example.com", "moreau@example.com") + ALICIA;
        assert!(matches!(company.import(&moves).await.outcome, Outcome::Applied(_)));
        assert_eq!(company.id("moreau").await, alice);
        let alicia = company.id("alice").await;
        assert_eq!(authn::accounts::get(&company.ctx, &alicia).await.unwrap().name, "alice@example.com");
    }

    async fn a_newcomer_with_the_address_of_a_leaver_holds_nobodys_leaving_up_and_gets_the_account_when_it_is_free(company: Company) {
        let (alice, (_, grant)) = (company.id("alice").await, company.alice_gets_root().await);
        let permit = company.alice_connects().await.unwrap();
        assert!(matches!(company.import(&(company.feed_with("E1", "") + ALICIA)).await.outcome, Outcome::Applied(_)));
        assert_eq!(company.grant(&grant).await.ended().unwrap().cause, EndCause::Leaver);
        let alicia = company.id("alice").await;
        assert_ne!(alicia, alice);
        let worker = company.worker();
        worker.run_due().await.unwrap();
        assert_eq!(authn::accounts::get(&company.ctx, &alicia).await.unwrap_err().code(), "no_such_account");
        let waiting = finding::open(&company.ctx, "account_name_taken").await.unwrap();
        assert_eq!(waiting.iter().map(|finding| finding.subject.as_str()).collect::<Vec<_>>(), [alicia.as_str()]);
        assert!(!waiting[0].detail.contains("example.com"), "{waiting:?}");

        company.session_ends(&permit).await;
        duties::run_once(&company.ctx).await.unwrap();
        company.pass(60);
        worker.run_due().await.unwrap();
        let account = authn::accounts::get(&company.ctx, &alicia).await.unwrap();
        assert_eq!((account.name.as_str(), account.enabled), ("alice@example.com", true));
        assert!(!authn::accounts::get(&company.ctx, &alice).await.unwrap().enabled);
        assert_eq!(finding::open(&company.ctx, "account_name_taken").await.unwrap(), []);
    }

    async fn two_people_who_swap_their_addresses_hold_nobodys_leaving_up(company: Company) {
        let (alice, bob) = (company.id("alice").await, company.id("bob").await);
        let swapped = company.feed_with("E40", "").replace("alice@", "x@").replace("bob@", "alice@").replace("x@", "bob@");
        assert!(matches!(company.import(&swapped).await.outcome, Outcome::Applied(_)));
        assert_eq!(identities::count_active(&company.ctx).await.unwrap(), 39);
        company.worker().run_due().await.unwrap();
        assert_eq!(finding::open(&company.ctx, "account_name_taken").await.unwrap().len(), 2);
        for (who, name) in [(&alice, "alice@example.com"), (&bob, "bob@example.com")] {
            assert_eq!(authn::accounts::get(&company.ctx, who).await.unwrap().name, name);
        }
        assert!(matches!(company.import(&company.feed_with("E40", "")).await.outcome, Outcome::Applied(_)));
        company.pass(60);
        company.worker().run_due().await.unwrap();
        assert_eq!(finding::open(&company.ctx, "account_name_taken").await.unwrap(), []);
    }

    async fn who_waits_for_a_name_and_leaves_gets_no_account(company: Company) {
        company.alice_gets_root().await;
        let permit = company.alice_connects().await.unwrap();
        company.import(&(company.feed_with("E1", "") + ALICIA)).await;
        let alicia = company.id("alice").await;
        company.worker().run_due().await.unwrap();
        company.import(&company.feed_with("E1", "")).await;
        company.session_ends(&permit).await;
        duties::run_once(&company.ctx).await.unwrap();
        company.pass(60);
        company.worker().run_due().await.unwrap();
        assert!(authn::accounts::get(&company.ctx, &alicia).await.is_err());
        assert_eq!(finding::open(&company.ctx, "account_name_taken").await.unwrap(), []);
    }

    async fn no_personal_value_of_a_feed_lies_open_in_the_ledger_or_in_an_import(company: Company) {
        for entry in ledger::timeline::raw(&company.ctx, 0, 10_000).await.unwrap() {
            let text = String::from_utf8(entry.bytes).unwrap();
            assert!(!text.contains("Moreau") && !text.contains("example.com"), "{text}");
        }
        let held = imports::apply(&company.ctx, &parsed(&first_people(&company, 20)), Mode::Apply).await.unwrap();
        assert!(matches!(held.outcome, Outcome::Held(..)));
        let mut tx = company.ctx.read().await.unwrap();
        for sql in ["select sealed from import_lines", "select sealed_feed as sealed from imports where state = 'held'"] {
            let rows = tx.all(sql, Vec::new()).await.unwrap();
            assert!(!rows.is_empty());
            for mut row in rows {
                let sealed: Vec<u8> = row.take("sealed").unwrap();
                let text = String::from_utf8_lossy(&sealed).into_owned();
                assert!(!text.contains("Moreau") && !text.contains("example.com"), "{sql}");
            }
        }
    }

    async fn a_cut_off_feed_is_held_once_until_a_person_confirms_it_with_a_reason(company: Company) {
        let feed = first_people(&company, 30);
        let Outcome::Held(id, trip) = company.import(&feed).await.outcome else { panic!("not held") };
        assert_eq!(trip, Trip::LooksTruncated { known: 40, missing: 10 });
        let Outcome::Held(again, _) = company.import(&feed).await.outcome else { panic!("not held again") };
        assert_eq!(again, id);
        assert_eq!(company.timeline(&id).await, ["import.held", "finding.raised"]);
        assert_eq!(identities::count_active(&company.ctx).await.unwrap(), 40);
        assert_eq!(imports::changes(&company.ctx, &id).await.unwrap().len(), 10);

        let (console, ada) = (&company.ctx, company.acting("ada").await);
        assert_eq!(imports::confirm(console, &id, "sold").await.unwrap_err().code(), "not_a_person");
        assert_eq!(imports::confirm(&ada, &id, "  ").await.unwrap_err().code(), "reason_missing");
        let run = imports::confirm(&ada, &id, "the branch in Turku was sold").await.unwrap();
        assert_eq!((run.outcome, run.counts.leavers), (Outcome::Applied(id.clone()), 10));
        assert_eq!(identities::count_active(&company.ctx).await.unwrap(), 30);
        assert_eq!(imports::confirm(&ada, &id, "again").await.unwrap_err().code(), "import_not_held");
        let State::Applied { confirmed_by, .. } = imports::get(console, &id).await.unwrap().state else { panic!() };
        assert_eq!(confirmed_by, ada.actor().identity().cloned());
        assert!(finding::list(console).await.unwrap().iter().all(|finding| finding.cleared_at.is_some()));
        let kinds = company.timeline(&id).await;
        assert!(kinds.starts_with(&["import.held".into(), "finding.raised".into(), "import.applied".into()]), "{kinds:?}");
    }

    async fn a_held_feed_is_dropped_when_a_newer_one_comes(company: Company) {
        let Outcome::Held(first, _) = company.import(&first_people(&company, 30)).await.outcome else { panic!() };
        let Outcome::Held(second, _) = company.import(&first_people(&company, 31)).await.outcome else { panic!() };
        let ada = company.acting("ada").await;
        assert_eq!(imports::confirm(&ada, &first, "too late").await.unwrap_err().code(), "import_not_held");
        assert_eq!(company.import(&company.feed).await.outcome, Outcome::Unchanged);
        assert_eq!(imports::confirm(&ada, &second, "too late").await.unwrap_err().code(), "import_not_held");
        assert!(matches!(imports::get(&ada, &second).await.unwrap().state, State::Superseded { .. }));
        assert_eq!(identities::count_active(&ada).await.unwrap(), 40);
    }

    async fn leavers_are_counted_over_a_day_so_that_a_slow_bleed_is_held_too(company: Company) {
        let without = |count: usize| {
            let gone: Vec<String> = (0..count).map(|n| format!("E{},", 40 - n)).collect();
            let kept = company.feed.lines().filter(|line| !gone.iter().any(|gone| line.starts_with(gone)));
            kept.map(|line| format!("{line}\n")).collect::<String>()
        };
        assert!(matches!(company.import(&without(2)).await.outcome, Outcome::Applied(_)));
        company.pass(3600);
        assert!(matches!(company.import(&without(4)).await.outcome, Outcome::Applied(_)));
        company.pass(3600);
        let Outcome::Held(_, trip) = company.import(&without(5)).await.outcome else { panic!("not held") };
        assert_eq!(trip, Trip::TooManyLeavers { leavers: 5, limit: 4 });
        company.pass(24 * 3600);
        assert!(matches!(company.import(&without(5)).await.outcome, Outcome::Applied(_)));
    }

    async fn who_leaves_by_a_date_is_counted_as_who_leaves_at_once(company: Company) {
        let ending = |people: std::ops::Range<usize>, day: &str| {
            let is_one = |line: &&str| people.clone().any(|number| line.starts_with(&format!("E{number},")));
            let line = |line| if is_one(&line) { format!("{line}{day}\n") } else { format!("{line}\n") };
            company.feed.lines().map(line).collect::<String>()
        };
        // Today, in the past, tomorrow, or together on any day to come.
        for day in ["2026-11-21", "2026-11-20", "2026-11-22", "2027-03-31"] {
            let Outcome::Held(_, trip) = company.import(&ending(6..11, day)).await.outcome else { panic!("not held: {day}") };
            assert_eq!(trip, Trip::TooManyLeavers { leavers: 5, limit: 4 }, "{day}");
        }
        let begins_later = ending(6..11, "").replace(",active,2020-01-01,", ",active,2027-01-01,");
        assert!(matches!(company.import(&begins_later).await.outcome, Outcome::Held(_, Trip::TooManyLeavers { .. })));

        // A few on one day are let through; with those of another feed they are too many, also when their day has come.
        let few = ending(6..10, "2026-11-23");
        assert!(matches!(company.import(&few).await.outcome, Outcome::Applied(_)));
        let one_more = |feed: &str| feed.replace("E40,Person,No 40,p40@example.com,Sales,Agent,E3,active,2020-01-01,\n", "");
        assert!(matches!(company.import(&one_more(&few)).await.outcome, Outcome::Held(..)));
        company.pass(64 * 3600);
        duties::run_once(&company.ctx).await.unwrap();
        assert_eq!(identities::count_active(&company.ctx).await.unwrap(), 36);
        let Outcome::Held(_, trip) = company.import(&one_more(&few)).await.outcome else { panic!("not held") };
        assert_eq!(trip, Trip::TooManyLeavers { leavers: 5, limit: 4 });
        company.pass(24 * 3600);
        assert!(matches!(company.import(&one_more(&few)).await.outcome, Outcome::Applied(_)));
    }

    async fn feeds_of_several_days_that_together_make_too_many_leave_on_one_day_are_held(company: Company) {
        let ending = |people: std::ops::Range<usize>, day: &str| {
            let is_one = |line: &&str| people.clone().any(|number| line.starts_with(&format!("E{number},")));
            let line = |line| if is_one(&line) { format!("{line}{day}\n") } else { format!("{line}\n") };
            company.feed.lines().map(line).collect::<String>()
        };
        assert!(matches!(company.import(&ending(6..10, "2027-03-31")).await.outcome, Outcome::Applied(_)));
        for _ in 0..2 {
            company.pass(25 * 3600);
            let Outcome::Held(held, trip) = company.import(&ending(6..11, "2027-03-31")).await.outcome else { panic!("not held") };
            assert_eq!(trip, Trip::TooManyLeavers { leavers: 5, limit: 4 });
            // Somebody on another day, or somebody who stays, is no more of them.
            let other = ending(6..10, "2027-03-31").replace("E11,Person,No 11,p11@example.com,Sales,Agent,E3,active,2020-01-01,", "E11,Person,No 11,p11@example.com,Sales,Agent,E3,active,2020-01-01,2027-06-30");
            assert!(matches!(company.import(&other).await.outcome, Outcome::Applied(_) | Outcome::Unchanged));
            assert!(matches!(imports::get(&company.ctx, &held).await.unwrap().state, State::Superseded { .. }));
        }
        let Outcome::Held(held, _) = company.import(&ending(6..11, "2027-03-31")).await.outcome else { panic!("not held") };
        imports::confirm(&company.acting("ada").await, &held, "the branch closes then").await.unwrap();
        // Those that a person confirmed count no more.
        company.pass(25 * 3600);
        let Outcome::Held(_, trip) = company.import(&ending(6..12, "2027-03-31")).await.outcome else { panic!("not held") };
        assert_eq!(trip, Trip::TooManyLeavers { leavers: 5, limit: 4 });
        let fewer = ending(7..12, "2027-03-31");
        assert!(matches!(company.import(&fewer).await.outcome, Outcome::Applied(_)));
    }

    async fn a_named_person_may_override_the_breaker_and_nobody_else(company: Company) {
        let feed = parsed(&first_people(&company, 20));
        let reason = || Mode::Override { reason: "the company was split".into() };
        assert_eq!(imports::apply(&company.ctx, &feed, reason()).await.unwrap_err().code(), "not_a_person");
        let run = imports::apply(&company.acting("ada").await, &feed, reason()).await.unwrap();
        let Outcome::Applied(id) = run.outcome else { panic!("{run:?}") };
        let entry = &ledger::timeline::about(&company.ctx, &id).await.unwrap()[0];
        assert_eq!(entry.personal["reason"], "the company was split");
    }

    async fn somebody_who_had_left_before_they_were_known_gets_no_account(company: Company) {
        let line = "E99,Old,Timer,old@example.com,Sales,Agent,,terminated,2010-01-01,2015-12-31\n";
        let run = company.import(&format!("{}{line}", company.feed)).await;
        assert_eq!((run.counts.joiners, run.counts.leavers), (1, 0));
        let filter = Filter { query: Some("TIMER".into()), limit: 10, ..Filter::default() };
        let found = identities::list(&company.ctx, &filter).await.unwrap();
        assert_eq!((found.len(), found[0].status), (1, Status::Terminated));
        assert!(authn::accounts::get(&company.ctx, &found[0].id).await.is_err());
    }

    async fn people_are_found_by_any_part_of_their_name_and_by_nothing_cleverer(company: Company) {
        for (query, expected) in [("moreau", 1), ("ALICE@", 1), ("E40", 1), ("person", 35), ("%", 0), ("_lice", 0), ("!", 0)] {
            let filter = Filter { query: Some(query.into()), limit: 100, ..Filter::default() };
            assert_eq!(identities::list(&company.ctx, &filter).await.unwrap().len(), expected, "{query}");
        }
        let filter = Filter { department: Some("Platform".into()), status: Some(Status::Active), limit: 1, ..Filter::default() };
        let first = identities::list(&company.ctx, &filter).await.unwrap();
        let next = Filter { after: Some(first[0].id.clone()), ..filter };
        assert_ne!(identities::list(&company.ctx, &next).await.unwrap(), first);
    }
}

/// The feed with only its first people.
fn first_people(company: &Company, count: usize) -> String {
    company.feed.lines().take(count + 1).map(|line| format!("{line}\n")).collect()
}

#[tokio::test]
async fn ten_thousand_people_are_imported_in_one_transaction() {
    let company = Company::empty(db::fixture::sqlite(&migrations()).await).await;
    let people =
        (1..=10_000).map(|n| format!("E{n},Person,No {n},p{n}@example.com,Sales,Agent,E1,active,2020-01-01,\n"));
    let feed = Feed {
        records: records(&format!("{HEADER}{}", people.collect::<String>())),
        sha256: [1; 32],
        trailer: false,
        as_of: None,
    };
    let run = imports::apply(&company.ctx, &feed, Mode::Apply).await.unwrap();
    assert_eq!(run.counts.joiners, 10_000);
    assert_eq!(identities::count_active(&company.ctx).await.unwrap(), 10_000);
}
