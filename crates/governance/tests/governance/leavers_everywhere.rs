//! Somebody leaves, and has accounts on systems: everything is ordered at once, each system delays its own part alone,
//! and what comes up later is taken away too.

use crate::company::{Company, on_both_engines};
use crate::estate::{Corp, orders_of};
use connectors::connector::Status;
use governance::lifecycle::{self, Case, Step};
use governance::{duties, entitlements, invariants};
use ledger::finding;
use provisioning::machine::Answer;
use provisioning::{Act, Cause, Holder, NewOrder, What, fulfil, inventory, order};
use std::time::Duration;
use types::IdentityId;

async fn case_of(company: &Company, who: &IdentityId) -> Case {
    lifecycle::of_identity(&company.ctx, who).await.unwrap().expect("a case")
}

/// What the ledger says of a case, without its orders.
async fn steps(company: &Company, case: &Case) -> Vec<String> {
    let mut kinds = company.timeline(&case.id).await;
    kinds.retain(|kind| kind.starts_with("leaver."));
    kinds
}

async fn round(company: &Company) {
    duties::run_once(&company.ctx).await.unwrap();
}

async fn all_holds(company: &Company) {
    let invariants = invariants::verify(&company.ctx, 100).await.unwrap();
    let broken: Vec<_> = invariants.iter().flat_map(|invariant| &invariant.broken).collect();
    assert!(broken.is_empty(), "{broken:?}");
}

async fn broken(company: &Company) -> Vec<&'static str> {
    let checked = invariants::verify(&company.ctx, 100).await.unwrap();
    checked.into_iter().filter(|invariant| !invariant.broken.is_empty()).map(|invariant| invariant.name).collect()
}

/// Alice's account on a system, where she is one of the administrators.
async fn alices(company: &Company, name: &'static str) -> Corp {
    let corp = Corp::new(name, &["alice", "bob"], &[("alice", "admins"), ("alice", "staff"), ("bob", "staff")]);
    corp.read(company).await;
    corp.is(company, "alice", &company.id("alice").await).await;
    corp
}

async fn leaves(company: &Company) {
    company.import(&company.feed_with("E1", "")).await;
}

on_both_engines! {
    async fn one_system_that_is_away_delays_only_its_own_part(company: Company) {
        let alice = company.id("alice").await;
        let (mut near, mut far) = (alices(&company, "near").await, alices(&company, "far").await);
        let event = company.ctx.now();
        leaves(&company).await;
        let given = [(Act::Revoke, "ordered"), (Act::Disable, "ordered")];
        assert_eq!(orders_of(&company, &alice).await, [given, given].concat(), "all of it at once, privilege first");
        all_holds(&company).await;
        company.pass(2);
        assert_eq!(near.obey(&company).await, 2);
        assert_eq!((near.status("alice"), near.groups_of("alice")), (Status::Disabled, vec!["staff"]));
        round(&company).await;
        assert!(matches!(case_of(&company, &alice).await.step, Step::AwaitPrivilegeGone { .. }), "it is there on the other");

        company.pass(3 * 24 * 3600);
        round(&company).await;
        all_holds(&company).await;
        far.obey(&company).await;
        round(&company).await;
        let case = case_of(&company, &alice).await;
        assert!(matches!(case.step, Step::Done { .. }), "{case:?}");
        let away = Duration::from_secs(3 * 24 * 3600 + 2);
        let times = case.times();
        assert_eq!((case.event_at, times.sessions_ended), (event, Some(Duration::ZERO)));
        assert_eq!((times.last_privilege_gone, times.accounts_disabled, times.owned), (Some(away), Some(away), None));
        let kinds = ["leaver.begun", "leaver.account_disabled", "leaver.accounts_disabled", "leaver.done"];
        assert_eq!(steps(&company, &case).await, kinds);
    }

    async fn what_somebody_says_gives_power_is_taken_with_the_privilege(company: Company) {
        let alice = company.id("alice").await;
        let mut corp = alices(&company, "web-1").await;
        let said = "[[entitlement]]\nsystem = 'web-1'\nslug = 'staff'\nowner = 'bob@example.com'\n\
                    privileged = { is = true, why = 'may read everything' }\n";
        let said = toml::from_str::<entitlements::File>(said).unwrap().entitlement;
        entitlements::declare(&company.ctx, &said, None).await.unwrap();
        leaves(&company).await;
        let given = [(Act::Revoke, "ordered"), (Act::Revoke, "ordered"), (Act::Disable, "ordered")];
        assert_eq!(orders_of(&company, &alice).await, given);
        round(&company).await;
        assert!(matches!(case_of(&company, &alice).await.step, Step::AwaitPrivilegeGone { .. }));
        assert_eq!(corp.obey(&company).await, 3);
        assert_eq!((corp.groups_of("alice"), corp.groups_of("bob")), (vec![], vec!["staff"]));
        round(&company).await;
        assert!(matches!(case_of(&company, &alice).await.step, Step::Done { .. }));
        all_holds(&company).await;
    }

    async fn privilege_that_is_gone_is_told_before_the_accounts_are(company: Company) {
        let alice = company.id("alice").await;
        let corp = alices(&company, "corp").await;
        leaves(&company).await;
        let revoke = fulfil::take(&company.ctx, "corp", 1).await.unwrap().remove(0);
        assert_eq!(revoke.order.act, Act::Revoke);
        fulfil::answered(&company.ctx, vec![(revoke.order, Answer::Yes)]).await.unwrap();
        let mut seen = corp.clone();
        seen.leave_group("alice", "admins");
        seen.look(&company, "alice").await;
        round(&company).await;
        let case = case_of(&company, &alice).await;
        assert!(matches!(case.step, Step::AwaitAccountsDisabled { last_privilege_gone_at: Some(_), .. }), "{case:?}");
        assert_eq!(steps(&company, &case).await.last().unwrap(), "leaver.privilege_gone");
        seen.obey(&company).await;
        round(&company).await;
        assert!(!case_of(&company, &alice).await.is_open());
    }

    async fn a_revoke_that_comes_back_opens_the_case_again_until_it_is_seen_gone(company: Company) {
        let alice = company.id("alice").await;
        let mut corp = alices(&company, "corp").await;
        leaves(&company).await;
        corp.obey(&company).await;
        round(&company).await;
        let done = case_of(&company, &alice).await;
        assert!(!done.is_open());
        company.pass(3600);
        corp.join("alice", "admins");
        corp.read(&company).await;
        assert_eq!(finding::open(&company.ctx, "revoke_came_back").await.unwrap().len(), 1);
        round(&company).await;
        let again = case_of(&company, &alice).await;
        assert_eq!((again.id.clone(), again.reopened), (done.id, 1));
        assert!(matches!(again.step, Step::AwaitPrivilegeGone { .. }), "{again:?}");
        corp.obey(&company).await;
        round(&company).await;
        let closed = case_of(&company, &alice).await;
        assert!(!closed.is_open());
        assert!(closed.took().unwrap() > Duration::from_secs(3600), "it says when it was gone at last");
        let kinds = steps(&company, &closed).await;
        assert_eq!(kinds[kinds.len() - 3..], ["leaver.reopened", "leaver.accounts_disabled", "leaver.done"]);
        all_holds(&company).await;
    }

    async fn an_account_that_is_found_to_be_a_leavers_later_is_disabled_too(company: Company) {
        let alice = company.id("alice").await;
        let mut corp = Corp::new("corp", &["alice", "alice2"], &[("alice2", "admins")]);
        corp.read(&company).await;
        leaves(&company).await;
        corp.is(&company, "alice", &alice).await;
        round(&company).await;
        assert_eq!(orders_of(&company, &alice).await, [(Act::Disable, "ordered")], "the case is open still");
        corp.obey(&company).await;
        round(&company).await;
        assert!(!case_of(&company, &alice).await.is_open());

        // Weeks later, when the case is long done. The invariant leaves a minute for it.
        company.pass(20 * 24 * 3600);
        corp.is(&company, "alice2", &alice).await;
        assert_eq!(broken(&company).await, Vec::<&str>::new());
        company.pass(60);
        assert_eq!(
            broken(&company).await,
            ["every account on a system of somebody who has left is disabled, or ordered to be"]
        );
        round(&company).await;
        let case = case_of(&company, &alice).await;
        assert!(case.is_open() && case.reopened == 1, "{case:?}");
        let lines = ledger::timeline::about(&company.ctx, &case.id).await.unwrap();
        let more = lines.iter().rfind(|line| line.kind == "leaver.ordered_more").unwrap();
        assert_eq!(more.body["ordered"], 2);
        all_holds(&company).await;
        corp.obey(&company).await;
        round(&company).await;
        assert!(!case_of(&company, &alice).await.is_open());
        assert_eq!((corp.status("alice2"), corp.groups_of("alice2").len()), (Status::Disabled, 0));
        let size = company.log_size().await;
        round(&company).await;
        assert_eq!(company.log_size().await, size, "twice is once");
    }

    async fn a_protected_account_of_a_leaver_is_a_persons_to_settle(company: Company) {
        let alice = company.id("alice").await;
        let mut corp = alices(&company, "corp").await;
        corp.protect(&company, "alice", true).await;
        leaves(&company).await;
        assert!(orders_of(&company, &alice).await.is_empty());
        let told = finding::open(&company.ctx, lifecycle::PROTECTED).await.unwrap();
        assert!(told.len() == 1 && told[0].detail.contains("`corp`"), "{told:?}");
        let case = case_of(&company, &alice).await;
        assert_eq!(lifecycle::progress(&company.ctx, &case).await.unwrap().protected.len(), 1);
        round(&company).await;
        assert!(!case_of(&company, &alice).await.is_open(), "a case waits for nothing that is never sent");
        // Somebody takes the protection away: it is ordered.
        corp.protect(&company, "alice", false).await;
        round(&company).await;
        assert_eq!(orders_of(&company, &alice).await, [(Act::Revoke, "ordered"), (Act::Disable, "ordered")]);
        assert!(finding::open(&company.ctx, lifecycle::PROTECTED).await.unwrap().is_empty());
        corp.obey(&company).await;
        round(&company).await;
        assert!(!case_of(&company, &alice).await.is_open());
    }

    async fn what_only_a_person_can_do_is_waited_for_and_shown(company: Company) {
        let alice = company.id("alice").await;
        alices(&company, "paper").await;
        leaves(&company).await;
        fulfil::wait_for_person(&company.ctx, "paper", 10).await.unwrap();
        round(&company).await;
        let case = case_of(&company, &alice).await;
        let progress = lifecycle::progress(&company.ctx, &case).await.unwrap();
        let waiting: Vec<_> = progress.orders.iter().map(|order| (order.act, order.state.as_str())).collect();
        assert_eq!(waiting, [(Act::Revoke, "waiting_for_person"), (Act::Disable, "waiting_for_person")]);
        for order in progress.orders {
            let mut tx = company.ctx.decide().await.unwrap();
            order::done_by_person(&company.ctx, &mut tx, &order.id).await.unwrap();
            tx.commit().await.unwrap();
        }
        round(&company).await;
        assert!(!case_of(&company, &alice).await.is_open());
    }

    async fn what_was_ordered_for_somebody_is_withdrawn_or_taken_back_when_they_leave(company: Company) {
        let alice = company.id("alice").await;
        let mut corp = Corp::new("corp", &["alice", "alice-adm"], &[]);
        corp.read(&company).await;
        for login in ["alice", "alice-adm"] {
            corp.is(&company, login, &alice).await;
        }
        let mut tx = company.ctx.read().await.unwrap();
        let admins = inventory::by_slug(&mut tx, "corp", "admins").await.unwrap().expect("it was read").id;
        drop(tx);
        let new = |what| NewOrder {
            system: "corp".into(),
            identity: Some(alice.clone()),
            cause: Cause::Plan,
            because: "pln_1".into(),
            plan: None,
            what,
        };
        let grant = |holder| new(What::Grant { holder, entitlement: admins.clone() });
        let account = corp.account(&company, "alice-adm").await.id;
        let create = new(What::Create { login: "alice3".into(), attributes: Default::default() });
        let mut tx = company.ctx.decide().await.unwrap();
        order::give(&company.ctx, &mut tx, vec![grant(Holder::Account(account)), create]).await.unwrap();
        tx.commit().await.unwrap();
        let mut taken = fulfil::take(&company.ctx, "corp", 9).await.unwrap();
        taken.retain(|task| task.order.act == Act::Grant);
        leaves(&company).await;
        // The grant is under way: its revoke waits for the answer, and then wins.
        let told = orders_of(&company, &alice).await;
        assert!(told.contains(&(Act::Grant, "sending")) && told.contains(&(Act::Revoke, "queued")), "{told:?}");
        fulfil::answered(&company.ctx, vec![(taken.remove(0).order, Answer::Yes)]).await.unwrap();
        corp.join("alice-adm", "admins");
        corp.obey(&company).await;
        round(&company).await;
        assert!(corp.groups_of("alice-adm").is_empty());
        assert_eq!(corp.status("alice-adm"), Status::Disabled);
    }

    async fn a_gift_under_way_of_what_a_person_calls_power_is_taken_back_in_the_transaction_of_the_leaving(company: Company) {
        let alice = company.id("alice").await;
        let mut corp = Corp::new("web-1", &["alice"], &[]);
        corp.read(&company).await;
        corp.is(&company, "alice", &alice).await;
        let said = "[[entitlement]]\nsystem = 'web-1'\nslug = 'staff'\nowner = 'bob@example.com'\n\
                    privileged = { is = true, why = 'may read everything' }\n";
        let said = toml::from_str::<entitlements::File>(said).unwrap().entitlement;
        entitlements::declare(&company.ctx, &said, None).await.unwrap();
        let holder = Holder::Account(corp.account(&company, "alice").await.id);
        let mut tx = company.ctx.decide().await.unwrap();
        let staff = inventory::by_slug(&mut tx, "web-1", "staff").await.unwrap().expect("it was read").id;
        // As a grant for a time gives it, which knows only what the system says.
        let gift = NewOrder {
            system: "web-1".into(),
            identity: Some(alice.clone()),
            cause: Cause::Grant,
            because: "grt_1".into(),
            plan: None,
            what: What::Grant { holder, entitlement: staff },
        };
        order::give(&company.ctx, &mut tx, vec![gift]).await.unwrap();
        tx.commit().await.unwrap();
        let gift = fulfil::take(&company.ctx, "web-1", 9).await.unwrap().remove(0).order;
        leaves(&company).await;
        let told = orders_of(&company, &alice).await;
        assert!(told.contains(&(Act::Grant, "sending")) && told.contains(&(Act::Revoke, "queued")), "{told:?}");
        corp.join("alice", "staff");
        fulfil::answered(&company.ctx, vec![(gift, Answer::Yes)]).await.unwrap();
        corp.obey(&company).await;
        assert!(corp.groups_of("alice").is_empty());
    }

    async fn who_is_rehired_is_not_disabled_again_and_gets_nothing_old_back(company: Company) {
        let alice = company.id("alice").await;
        let (mut near, mut far) = (alices(&company, "near").await, alices(&company, "far").await);
        leaves(&company).await;
        near.obey(&company).await;
        company.import(&company.feed).await;
        assert!(matches!(case_of(&company, &alice).await.step, Step::Cancelled { .. }));
        assert_eq!(far.obey(&company).await, 0, "what was not done yet is not done any more");
        assert_eq!((far.status("alice"), far.groups_of("alice")), (Status::Enabled, vec!["admins", "staff"]));
        assert_eq!((near.status("alice"), near.groups_of("alice")), (Status::Disabled, vec!["staff"]));
        // Somebody enables the account: nothing takes that back, and nothing is a finding.
        near.set("alice", Status::Enabled);
        near.read(&company).await;
        round(&company).await;
        assert_eq!(near.obey(&company).await, 0);
        assert!(finding::open(&company.ctx, "revoke_came_back").await.unwrap().is_empty());
        all_holds(&company).await;
        // And who leaves once more loses it once more.
        leaves(&company).await;
        assert_eq!((near.obey(&company).await, far.obey(&company).await), (1, 2));
        round(&company).await;
        assert!(!case_of(&company, &alice).await.is_open());
    }
}
