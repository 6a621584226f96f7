//! Since when what is kept of a leaver is kept: from when it became known that they have left, whatever is said later.

use crate::company::{Company, HEADER, on_both_engines};
use connectors::sources::csv;
use governance::imports::{self, Mode, Outcome};
use governance::sources::{self, Declaration, Settings, SourceKind};
use governance::states::{self, New, OrderKind, State, StateName};
use governance::{duties, identities};
use types::{IdentityId, Timestamp};

const A_DAY: u64 = 24 * 3600;

/// The agency says this of Alice, and the same of somebody who stays.
async fn agency_says(company: &Company, of_alice: &str) {
    let zed = "A8,Zed,Other,zed@agency.example,Sales,Agent,,active,2020-01-01,";
    let rows: String = [of_alice, zed].iter().filter(|row| !row.is_empty()).map(|row| format!("{row}\n")).collect();
    let feed = csv::read(format!("{HEADER}{rows}").as_bytes(), &[]).unwrap();
    let run = imports::take(&company.ctx, "agency", &feed, Mode::Apply).await.unwrap();
    assert!(matches!(run.outcome, Outcome::Applied(_)), "{run:?}");
}

fn contract(department: &str, status: &str, days: &str) -> String {
    format!("A7,Alice,Moreau,alice@example.com,{department},Consultant,,{status},{days}")
}

/// Alice works for the company, and for it by the agency.
async fn with_two_employments(company: &Company) -> IdentityId {
    let (name, owner) = ("agency".to_owned(), "bob@example.com".to_owned());
    let settings = Settings { precedence: Some(200), ..Settings::default() };
    let agency = Declaration { name, kind: SourceKind::Csv, description: String::new(), owner, settings };
    sources::declare(&company.ctx, &[agency], None).await.unwrap();
    agency_says(company, &contract("Consulting", "active", "2024-01-01,")).await;
    let alice = company.id("alice").await;
    let (_, records) = sources::of_identity(&company.ctx, &alice).await.unwrap();
    assert_eq!(records.len(), 2, "she is one person");
    alice
}

async fn settled(company: &Company, id: &IdentityId) -> State {
    identities::get(&company.ctx, id).await.unwrap().outlook.settled().clone()
}

async fn kept_from(company: &Company, id: &IdentityId) -> String {
    let day = |at: Timestamp| at.to_string()[..16].to_owned();
    match settled(company, id).await {
        State::Terminated { since, learned, .. } => day(learned.unwrap_or(since)),
        here => here.name().as_str().to_owned(),
    }
}

async fn days_pass(company: &Company, days: u64) {
    company.pass(days * A_DAY);
    duties::run_once(&company.ctx).await.unwrap();
}

on_both_engines! {
    async fn who_has_left_has_left_once_however_often_their_records_are_stated(company: Company) {
        let alice = with_two_employments(&company).await;
        agency_says(&company, &contract("Consulting", "terminated", "2024-01-01,")).await;
        assert_eq!(kept_from(&company, &alice).await, "active", "she works for the company still");
        days_pass(&company, 1).await;
        company.import(&company.feed_changing("E1", "active", "terminated")).await;
        assert_eq!(kept_from(&company, &alice).await, "2026-11-22T09:01");

        days_pass(&company, 1).await;
        agency_says(&company, &contract("Sales", "terminated", "2024-01-01,")).await;
        assert_eq!(kept_from(&company, &alice).await, "2026-11-22T09:01", "another department is no leaving");
        days_pass(&company, 1).await;
        company.import(&company.feed_changing("E1", "active,2021-09-06,", "terminated,2021-09-06,2026-11-21")).await;
        assert_eq!(kept_from(&company, &alice).await, "2026-11-22T09:01", "nor is a last day that is added");
        days_pass(&company, 1).await;
        company.import(&company.feed_with("E1", "")).await;
        agency_says(&company, "").await;
        assert_eq!(kept_from(&company, &alice).await, "2026-11-22T09:01", "nor that nobody names her any more");
        duties::run_once(&company.ctx).await.unwrap();
        assert_eq!(kept_from(&company, &alice).await, "2026-11-22T09:01");
    }

    async fn of_two_employments_the_one_counts_whose_end_became_known_last(company: Company) {
        let alice = with_two_employments(&company).await;
        company.import(&company.feed_changing("E1", "2021-09-06,", "2021-09-06,2026-11-22")).await;
        days_pass(&company, 5).await;
        assert_eq!(kept_from(&company, &alice).await, "active");
        agency_says(&company, &contract("Consulting", "active", "2024-01-01,2026-11-20")).await;
        assert_eq!(kept_from(&company, &alice).await, "2026-11-26T09:01", "nobody knew it before");
    }

    async fn who_was_to_come_back_and_does_not_is_kept_from_when_that_became_known(company: Company) {
        let alice = with_two_employments(&company).await;
        agency_says(&company, &contract("Consulting", "terminated", "2024-01-01,")).await;
        company.import(&company.feed_changing("E1", "active", "terminated")).await;
        assert_eq!(kept_from(&company, &alice).await, "2026-11-21T09:01");
        days_pass(&company, 10).await;
        let back = contract("Consulting", "active", "2026-12-04,").replace("A7,", "A9,");
        agency_says(&company, &back).await;
        assert_eq!(kept_from(&company, &alice).await, "pre_hire");
        days_pass(&company, 1).await;
        agency_says(&company, &back.replace("2026-12-04", "2027-02-01")).await;
        assert_eq!(kept_from(&company, &alice).await, "2026-12-02T09:01", "the first day moved away");
        agency_says(&company, &back).await;
        assert_eq!(kept_from(&company, &alice).await, "pre_hire");
        days_pass(&company, 1).await;
        agency_says(&company, "").await;
        assert_eq!(kept_from(&company, &alice).await, "2026-12-03T09:01", "it was cancelled");
    }

    async fn a_lifted_termination_for_cause_gives_back_what_sources_say_and_when_they_said_it(company: Company) {
        let (alice, ada) = (company.id("alice").await, company.acting("ada").await);
        let because = New { reason: "as the board decided".into(), ..New::default() };
        states::order(&ada, &alice, OrderKind::TerminatedForCause, because).await.unwrap();
        assert_eq!(kept_from(&company, &alice).await, "2026-11-21T09:01");
        days_pass(&company, 3).await;
        company.import(&company.feed_changing("E1", "2021-09-06,", "2021-09-06,2026-11-18")).await;
        assert_eq!(kept_from(&company, &alice).await, "2026-11-21T09:01", "the order was known first");
        days_pass(&company, 1).await;
        states::resume(&ada, &alice, "she did nothing wrong").await.unwrap();
        assert_eq!(kept_from(&company, &alice).await, "2026-11-24T09:01");
    }

    async fn a_last_day_that_passed_under_an_order_is_no_news_when_the_feed_comes_or_the_order_is_lifted(company: Company) {
        let (alice, ada) = (company.id("alice").await, company.acting("ada").await);
        let because = New { reason: "as the board decided".into(), ..New::default() };
        states::order(&ada, &alice, OrderKind::TerminatedForCause, because).await.unwrap();
        company.import(&company.feed_changing("E1", "2021-09-06,", "2021-09-06,2026-11-23")).await;
        days_pass(&company, 5).await;
        assert_eq!(kept_from(&company, &alice).await, "2026-11-21T09:01");
        company.import(&company.feed_changing("E1", "active,2021-09-06,", "terminated,2021-09-06,2026-11-23")).await;
        states::resume(&ada, &alice, "she did nothing wrong").await.unwrap();
        assert_eq!(kept_from(&company, &alice).await, "2026-11-24T00:00");
    }

    async fn a_last_day_counts_of_an_employment_that_does_not_speak_for_the_person(company: Company) {
        let alice = with_two_employments(&company).await;
        company.import(&company.feed_changing("E1", "2021-09-06,", "2021-09-06,2026-11-30")).await;
        agency_says(&company, &contract("Consulting", "active", "2024-01-01,2026-11-25")).await;
        days_pass(&company, 8).await;
        assert_eq!(settled(&company, &alice).await.name(), StateName::Active);
        days_pass(&company, 3).await;
        assert_eq!(kept_from(&company, &alice).await, "2026-12-01T00:00", "no feed came meanwhile");
    }
}
