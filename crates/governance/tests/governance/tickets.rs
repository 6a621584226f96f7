//! What is ordered on systems that only persons reach: asked for, reminded of, done with a proof.

use crate::company::{Company, on_both_engines};
use connectors::connector::Attributes;
use governance::tickets::{self, Filter, Reach, State, Ticket};
use governance::{duties, systems};
use ledger::{Entry, EventKind, finding, timeline};
use provisioning::{Cause, Link, NewOrder, Order, What, fulfil, inventory, order};
use std::time::Duration;
use types::{Failure, Role};

const DECIDED: EventKind = EventKind { name: "test.decided", doc: "" };
const DAY: Duration = Duration::from_secs(24 * 3600);

const BADGES: &str = r#"
[[system]]
name = "badges"
owner = "bob@example.com"
logins = []
"#;

/// Somebody orders an account for Alice on Bob's system, which waits for a person as privilege leaves it.
async fn ordered(company: &Company) -> Order {
    ordered_for(company, "alice").await
}

async fn ordered_for(company: &Company, who: &str) -> Order {
    systems::declare(&company.ctx, &toml::from_str::<systems::File>(BADGES).unwrap().system).await.unwrap();
    let badge = Attributes::from([("badge".to_owned(), vec!["blue".to_owned()])]);
    let create = NewOrder {
        system: "badges".into(),
        identity: Some(company.id(who).await),
        cause: Cause::Plan,
        because: "pln_1".into(),
        plan: None,
        what: What::Create { login: who.into(), attributes: badge },
    };
    let mut tx = company.ctx.record(Entry::new(DECIDED, &"test")).await.unwrap();
    let order = order::give(&company.ctx, &mut tx, vec![create]).await.unwrap().remove(0);
    tx.commit().await.unwrap();
    assert_eq!(fulfil::wait_for_person(&company.ctx, "badges", 10).await.unwrap().len(), 1);
    order
}

async fn all(company: &Company) -> Vec<Ticket> {
    let filter = Filter { limit: 100, ..Filter::default() };
    tickets::list(&company.ctx, &filter).await.unwrap().into_iter().map(|(ticket, _)| ticket).collect()
}

async fn round(company: &Company) -> usize {
    duties::run_once(&company.ctx).await.unwrap().tickets_opened
}

async fn overdue(company: &Company) -> usize {
    finding::open(&company.ctx, tickets::OVERDUE).await.unwrap().len()
}

on_both_engines! {
    async fn the_owner_is_asked_once_and_says_by_which_proof_it_was_done(company: Company) {
        let order = ordered(&company).await;
        assert_eq!((round(&company).await, round(&company).await), (1, 0));
        let ticket = all(&company).await.remove(0);
        let wanted = order::attributes(&company.ctx, &order.id).await.unwrap();
        assert_eq!(wanted["badge"], ["blue"], "whoever does it knows what");
        let (bob, mallory) = (company.acting("bob").await, company.acting("mallory").await);
        let done = |ctx, proof| tickets::done(ctx, &ticket.id, proof, Reach::Own);
        assert_eq!(done(&mallory, "done").await.unwrap_err().code(), "no_such_ticket");
        assert_eq!(done(&bob, " ").await.unwrap_err().code(), "no_proof");
        assert_eq!(done(&company.ctx, "done").await.unwrap_err().code(), "not_a_person");
        let after = done(&bob, "form 2031 at the badge office").await.unwrap();
        assert!(matches!(after.state, State::Done { .. }));
        assert_eq!(done(&bob, "again").await.unwrap_err().code(), "ticket_closed");
        let (alice, mut tx) = (company.id("alice").await, company.ctx.read().await.unwrap());
        let of_alice = inventory::accounts_of(&mut tx, &alice).await.unwrap();
        assert_eq!((of_alice.len(), of_alice[0].login.as_str()), (1, "alice"), "it is hers, and can be taken away");
        let told = timeline::about(&company.ctx, &ticket.id).await.unwrap();
        let kinds: Vec<&str> = told.iter().map(|line| line.kind.as_str()).collect();
        assert_eq!(kinds, ["ticket.opened", "ticket.done"]);
    }

    async fn only_who_manages_tickets_sees_and_closes_those_of_others(company: Company) {
        ordered(&company).await;
        round(&company).await;
        let ticket = all(&company).await.remove(0);
        let (ada, mallory) = (company.id("ada").await, company.id("mallory").await);
        for (role, reach) in [(Role::Administrator, Reach::Any), (Role::Operator, Reach::Own), (Role::Member, Reach::Own)] {
            assert_eq!(Reach::of(&company.caller("mallory", role, None).await), reach);
        }
        assert!(tickets::get(&company.ctx, &ticket.id, &mallory, Reach::Own).await.is_err());
        assert!(tickets::get(&company.ctx, &ticket.id, &ada, Reach::Any).await.is_ok());
        let of = |worker| Filter { worker: Some(worker), limit: 10, ..Filter::default() };
        assert!(tickets::list(&company.ctx, &of(mallory)).await.unwrap().is_empty());
        assert_eq!(tickets::list(&company.ctx, &of(company.id("bob").await)).await.unwrap().len(), 1);
        tickets::done(&company.acting("ada").await, &ticket.id, "saw it myself", Reach::Any).await.unwrap();
    }

    async fn who_does_nothing_is_reminded_until_it_is_done(company: Company) {
        ordered(&company).await;
        round(&company).await;
        company.clock.advance(2 * DAY);
        round(&company).await;
        assert_eq!(overdue(&company).await, 0);
        company.clock.advance(DAY);
        round(&company).await;
        round(&company).await;
        let ticket = all(&company).await.remove(0);
        assert_eq!((ticket.reminders, overdue(&company).await), (1, 1));
        tickets::done(&company.acting("bob").await, &ticket.id, "form 2031", Reach::Own).await.unwrap();
        assert_eq!(overdue(&company).await, 0);
    }

    async fn nobody_does_what_is_not_wanted_any_more(company: Company) {
        let order = ordered(&company).await;
        round(&company).await;
        let mut tx = company.ctx.record(Entry::new(DECIDED, &"test")).await.unwrap();
        order::withdraw(&company.ctx, &mut tx, &order.id).await.unwrap();
        tx.commit().await.unwrap();
        let ticket = all(&company).await.remove(0);
        let bob = company.acting("bob").await;
        let late = tickets::done(&bob, &ticket.id, "form 2031", Reach::Own).await.unwrap_err();
        assert_eq!(late.code(), "order_not_for_person");
        round(&company).await;
        assert!(matches!(all(&company).await[0].state, State::Moot { .. }));
    }

    async fn nobody_says_of_their_own_account_that_it_was_done_and_who_is_above_them_stands_in(company: Company) {
        ordered_for(&company, "bob").await;
        round(&company).await;
        let ticket = all(&company).await.remove(0);
        let carol = company.id("carol").await;
        assert_eq!(ticket.stand_in.as_ref(), Some(&carol));
        let (bob, mallory) = (company.acting("bob").await, company.acting("mallory").await);
        let done = async |ctx, reach| tickets::done(ctx, &ticket.id, "form 2031", reach).await;
        for reach in [Reach::Own, Reach::Any] {
            assert_eq!(done(&bob, reach).await.unwrap_err().code(), "own_account", "also who manages tickets");
        }
        assert_eq!(done(&mallory, Reach::Own).await.unwrap_err().code(), "no_such_ticket");
        let of = Filter { worker: Some(carol), limit: 10, ..Filter::default() };
        assert_eq!(tickets::list(&company.ctx, &of).await.unwrap().len(), 1);
        done(&company.acting("carol").await, Reach::Own).await.unwrap();
    }

    async fn nobody_says_of_an_account_that_was_linked_to_them_since_that_it_was_taken_away(company: Company) {
        ordered(&company).await;
        round(&company).await;
        let opened = all(&company).await.remove(0);
        tickets::done(&company.acting("bob").await, &opened.id, "form 2031", Reach::Own).await.unwrap();
        let (alice, bob) = (company.id("alice").await, company.id("bob").await);
        let account = inventory::accounts_of(&mut company.ctx.read().await.unwrap(), &alice).await.unwrap().remove(0);
        let disable = NewOrder {
            system: "badges".into(),
            identity: None,
            cause: Cause::Plan,
            because: "pln_2".into(),
            plan: None,
            what: What::Disable { account: account.id.clone() },
        };
        let mut tx = company.ctx.record(Entry::new(DECIDED, &"test")).await.unwrap();
        order::give(&company.ctx, &mut tx, vec![disable]).await.unwrap();
        inventory::link(&mut tx, &account.id, Some(Link { identity: bob, by: "test".into() })).await.unwrap();
        tx.commit().await.unwrap();
        fulfil::wait_for_person(&company.ctx, "badges", 10).await.unwrap();
        round(&company).await;
        let ticket = all(&company).await.remove(0);
        let own = tickets::done(&company.acting("bob").await, &ticket.id, "form 2032", Reach::Own).await.unwrap_err();
        assert_eq!(own.code(), "own_account");
        tickets::done(&company.acting("carol").await, &ticket.id, "form 2032", Reach::Own).await.unwrap();
    }
}
