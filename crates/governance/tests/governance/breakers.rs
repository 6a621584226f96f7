//! What holds a plan: on before anybody declared anything, loosened only with a reason, let through once by a person.

use crate::company::{Company, on_both_engines};
use governance::breakers::{self, Breaker, Counts, File, Limit, Measure, Trip};
use ledger::{Entry, EventKind};
use types::{Failure, Reason};

const CONFIRMED: EventKind = EventKind { name: "plan.confirmed", doc: "" };

fn breaker(text: &str) -> Breaker {
    toml::from_str::<File>(&format!("[[breaker]]\n{text}")).unwrap().breaker.remove(0)
}

/// As many accounts disabled in one run, and twice that in a day.
fn accounts(number: u64) -> Breaker {
    breaker(&format!(
        "name = \"accounts\"\ncounts = \"accounts\"\nper_run = {{ share = 0.05, number = {number} }}\n\
         window = {{ minutes = 1440, limit = {{ share = 0.1, number = {} }} }}",
        number * 2
    ))
}

async fn held(company: &Company, planned: u64) -> Vec<Trip> {
    let all = breakers::settings(&mut company.ctx.read().await.unwrap()).await.unwrap();
    breakers::rules::trips(&all, |breaker| match breaker.counts {
        Measure::Accounts => Counts { planned, recent: 0, there: 10_000 },
        _ => Counts::default(),
    })
}

on_both_engines! {
    async fn breakers_hold_before_anybody_declared_one(company: Company) {
        assert_eq!((held(&company, 50).await.len(), held(&company, 51).await.len()), (0, 1));
        let all = breakers::list(&company.ctx).await.unwrap();
        let names: Vec<&str> = all.iter().map(|setting| setting.breaker.name.as_str()).collect();
        assert_eq!(names, ["accounts", "creations", "grants", "privileged"]);
        assert!(all.iter().all(|setting| setting.declared_at.is_none()));
    }

    async fn a_breaker_is_tightened_by_a_word_and_loosened_only_with_a_reason(company: Company) {
        let ada = company.acting("ada").await;
        breakers::declare(&ada, &[accounts(10)], None).await.unwrap();
        assert_eq!(held(&company, 11).await.len(), 1);
        let refused = breakers::declare(&ada, &[accounts(20)], None).await.unwrap_err();
        assert_eq!(refused.code(), "breaker_loosened");
        assert_eq!(breakers::declare(&ada, &[accounts(20)], Some("  ")).await.unwrap_err().code(), "reason_missing");
        assert_eq!(held(&company, 11).await.len(), 1);
        breakers::declare(&ada, &[accounts(20)], Some("the shop closes two offices")).await.unwrap();
        assert_eq!((held(&company, 20).await.len(), held(&company, 21).await.len()), (0, 1));
        let size = company.log_size().await;
        breakers::declare(&ada, &[accounts(20)], None).await.unwrap();
        assert_eq!(company.log_size().await, size, "the same again changes nothing");
        assert_eq!(company.timeline(&"breaker:accounts").await, ["breaker.declared", "breaker.loosened"]);
    }

    async fn of_several_breakers_all_are_declared_or_none(company: Company) {
        let nightly = Breaker { name: "nightly".into(), ..accounts(5) };
        let wrong = |change: fn(&mut Breaker)| {
            let mut breaker = Breaker { name: "other".into(), ..accounts(5) };
            change(&mut breaker);
            breaker
        };
        for (wrong, code) in [
            (wrong(|breaker| breaker.name = "Not a name".into()), "bad_breaker_name"),
            (wrong(|breaker| breaker.name = "nightly".into()), "declared_twice"),
            (wrong(|breaker| breaker.per_run.share = Some(1.5)), "setting_out_of_range"),
            (wrong(|breaker| breaker.per_run.share = Some(f64::NAN)), "setting_out_of_range"),
            (wrong(|breaker| breaker.per_run.number = Some(u64::MAX)), "setting_out_of_range"),
            (wrong(|breaker| breaker.window.as_mut().unwrap().minutes = 0), "setting_out_of_range"),
            (wrong(|breaker| breaker.window.as_mut().unwrap().limit.share = Some(-0.1)), "setting_out_of_range"),
            (Breaker { name: "grants".into(), counts: Measure::Grants, per_run: Limit::default(), window: None }, "breaker_loosened"),
        ] {
            let error = breakers::declare(&company.ctx, &[nightly.clone(), wrong], None).await.unwrap_err();
            assert_eq!(error.code(), code);
        }
        assert_eq!(breakers::list(&company.ctx).await.unwrap().len(), 4);
        breakers::declare(&company.ctx, std::slice::from_ref(&nightly), None).await.unwrap();
        let tripped: Vec<String> = held(&company, 6).await.into_iter().map(|trip| trip.breaker).collect();
        assert_eq!(tripped, ["nightly"], "one more breaker takes nothing from the others");
        let many: Vec<Breaker> = (0..50).map(|n| Breaker { name: format!("b-{n}"), ..accounts(5) }).collect();
        assert_eq!(breakers::declare(&company.ctx, &many, None).await.unwrap_err().code(), "too_many_breakers");
    }

    async fn one_plan_is_let_through_by_a_person_and_the_setting_stays(company: Company) {
        let (trips, reason) = (held(&company, 60).await, Reason::new("the office in Lyon closes").unwrap());
        let mut tx = company.ctx.record(Entry::new(CONFIRMED, &"pln_1")).await.unwrap();
        let refused = breakers::let_through(&mut tx, "pln_1", &trips, &reason).await.unwrap_err();
        assert_eq!(refused.code(), "not_a_person", "the console of a server is nobody's name");
        drop(tx);
        let ada = company.acting("ada").await;
        let mut tx = ada.record(Entry::new(CONFIRMED, &"pln_1")).await.unwrap();
        breakers::let_through(&mut tx, "pln_1", &trips, &reason).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = company.ctx.read().await.unwrap();
        let known = breakers::overrides_of(&mut tx, "pln_1").await.unwrap();
        assert_eq!((known.len(), known[0].breaker.as_str()), (1, "accounts"));
        assert_eq!((&known[0].by, known[0].reason.as_str()), (&company.id("ada").await, reason.as_str()));
        assert!(breakers::overrides_of(&mut tx, "pln_2").await.unwrap().is_empty());
        drop(tx);
        assert_eq!(held(&company, 60).await, trips);
        assert_eq!(company.timeline(&"breaker:accounts").await, ["breaker.overridden"]);
        assert_eq!(company.timeline(&"pln_1").await, ["plan.confirmed", "breaker.overridden"]);
    }
}

on_both_engines! {
    async fn what_the_documents_of_the_inventory_and_of_breakers_declare_is_taken(company: Company) {
        let documents = [include_str!("../../../../docs/inventory.md"), include_str!("../../../../docs/breakers.md")];
        let of = |document: &'static str| document.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next());
        let blocks: Vec<&str> = documents.into_iter().flat_map(of).collect();
        assert_eq!(blocks.len(), 2);
        let corp = serde_json::from_str(r#"{"name": "corp", "owner": "bob@example.com"}"#).unwrap();
        governance::systems::declare(&company.ctx, &[corp]).await.unwrap();
        let mappings: governance::mappings::File = toml::from_str(blocks[0]).unwrap();
        governance::mappings::declare(&company.ctx, &mappings.mapping, None).await.unwrap();
        let file: File = toml::from_str(blocks[1]).unwrap();
        breakers::declare(&company.ctx, &file.breaker, None).await.unwrap();
        assert_eq!((held(&company, 20).await.len(), held(&company, 21).await.len()), (0, 1));
    }
}
