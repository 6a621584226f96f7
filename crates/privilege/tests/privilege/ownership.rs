//! Who answers for accounts under management and secrets, told to governance and changed as it decided.

use crate::accounts::{FIRST, db_1, declare, import, refused};
use crate::house::{House, on_both_engines};
use crate::secrets::{acting, name, version};
use ledger::finding;
use privilege::accounts::State;
use privilege::secrets::{self, Describe, Named};
use privilege::{accounts, duties};
use provisioning::ownership::{self, Kind, Owned};
use std::time::Duration;
use types::{Channel, IdentityId, Secret};

const BOTH: [Channel; 2] = [Channel::SecretRead, Channel::SecretWrite];
const DB: &str = "prod/billing/db";

async fn owned(house: &House, who: &IdentityId) -> Vec<Owned> {
    ownership::of(&mut house.ctx.read().await.unwrap(), [who]).await.unwrap()
}

async fn names(house: &House, who: &IdentityId) -> Vec<String> {
    owned(house, who).await.into_iter().map(|owned| owned.name.unwrap()).collect()
}

/// As governance does when the owner left.
async fn give(house: &House, kind: Kind, subject: &str, to: &IdentityId) {
    let mut tx = house.ctx.record(ledger::Entry::new(DECIDED, &"test")).await.unwrap();
    ownership::hand_over(&mut tx, kind, subject, to).await.unwrap();
    tx.commit().await.unwrap();
}

const DECIDED: ledger::EventKind = ledger::EventKind { name: "test.decided", doc: "" };

on_both_engines! {
    async fn what_there_is_and_whose_is_told_with_every_change_of_it(house: House) {
        let bob = IdentityId::new(&house.clock, house.ctx.chance());
        declare(&house, 1).await;
        let account = accounts::import(&house.ctx, vec![import(&house, "app", FIRST)]).await.unwrap().remove(0);
        house.folder(&house.alice, "billing", &BOTH, Duration::from_secs(3600)).await;
        let alice = acting(&house, &house.alice);
        secrets::write(&alice, &house.alice, version(DB, r#"{"a":1}"#)).await.unwrap();
        assert_eq!(names(&house, &house.alice).await, ["app@db-1", DB]);
        let change = accounts::Change { owner: Some(bob.clone()), ..accounts::Change::default() };
        accounts::set(&house.ctx, &account.id, change).await.unwrap();
        let described = Describe { owner: Some(Named::Known(bob.clone())), ..Describe::default() };
        secrets::describe(&alice, &house.alice, &name(DB), described).await.unwrap();
        assert_eq!((names(&house, &house.alice).await.len(), names(&house, &bob).await), (0, vec!["app@db-1".to_owned(), DB.to_owned()]));
        accounts::unmanage(&house.ctx, &account.id).await.unwrap();
        assert_eq!(names(&house, &bob).await, [DB]);
    }

    async fn what_a_leaver_owned_is_handed_over_to_their_heir_once(house: House) {
        let bob = IdentityId::new(&house.clock, house.ctx.chance());
        declare(&house, 1).await;
        let account = accounts::import(&house.ctx, vec![import(&house, "app", FIRST)]).await.unwrap().remove(0);
        house.folder(&house.alice, "billing", &BOTH, Duration::from_secs(3600)).await;
        let alice = acting(&house, &house.alice);
        let secret = secrets::write(&alice, &house.alice, version(DB, r#"{"a":1}"#)).await.unwrap();
        give(&house, Kind::Account, account.id.as_str(), &bob).await;
        give(&house, Kind::Secret, secret.id.as_str(), &bob).await;
        assert!(owned(&house, &house.alice).await.iter().all(|owned| owned.heir.as_ref() == Some(&bob)));
        duties::run_once(&house.ctx).await.unwrap();
        assert_eq!(accounts::get(&house.ctx, &account.id).await.unwrap().owner, bob);
        assert!(owned(&house, &house.alice).await.is_empty());
        assert!(owned(&house, &bob).await.iter().all(|owned| owned.owner == bob && owned.heir.is_none()));
        let kinds = house.kinds(&account.id).await;
        assert_eq!(kinds[kinds.len() - 2..], ["account.changed", "rotation.ordered"]);
        assert_eq!(house.kinds(&secret.id).await.last().unwrap(), "secret.handed_over");
        let size = house.ctx.ledger().size().await.unwrap();
        duties::run_once(&house.ctx).await.unwrap();
        assert_eq!(house.ctx.ledger().size().await.unwrap(), size, "twice is once");
        // A later value changes nothing of who answers for it.
        let later = secrets::NewVersion { purpose: None, ..version(DB, r#"{"a":2}"#) };
        secrets::write(&alice, &house.alice, later).await.unwrap();
        assert_eq!(names(&house, &bob).await, ["app@db-1", DB]);
    }

    async fn a_credential_that_a_leaver_may_know_is_changed_before_they_are_done_with(house: House) {
        let bob = IdentityId::new(&house.clock, house.ctx.chance());
        let _postgres = db_1(&house).await;
        let account = accounts::import(&house.ctx, vec![import(&house, "app", FIRST)]).await.unwrap().remove(0);
        let knows = async || ownership::is_known_to(&mut house.ctx.read().await.unwrap(), &house.alice).await.unwrap();
        give(&house, Kind::Account, account.id.as_str(), &bob).await;
        assert!(knows().await);
        duties::run_once(&house.ctx).await.unwrap();
        assert!(knows().await, "what is ordered is not done");
        while house.worker().run_due().await.unwrap() > 0 {}
        assert_eq!(accounts::get(&house.ctx, &account.id).await.unwrap().state, State::Settled { current: 2 });
        duties::run_once(&house.ctx).await.unwrap();
        assert!(!knows().await);
        assert_eq!(house.kinds(&account.id).await.last().unwrap(), "account.known_no_more");
        // Somebody left who answered for an account of that name on its system.
        let carol = IdentityId::new(&house.clock, house.ctx.chance());
        let mut tx = house.ctx.record(ledger::Entry::new(DECIDED, &"test")).await.unwrap();
        assert!(ownership::distrust(&mut tx, "APP@db-1", &carol).await.unwrap());
        assert!(!ownership::distrust(&mut tx, "other@db-1", &carol).await.unwrap());
        tx.commit().await.unwrap();
        duties::run_once(&house.ctx).await.unwrap();
        while house.worker().run_due().await.unwrap() > 0 {}
        assert_eq!(accounts::get(&house.ctx, &account.id).await.unwrap().state, State::Settled { current: 3 });
    }

    async fn what_only_a_person_can_change_is_asked_for_until_another_one_is_given(house: House) {
        let bob = IdentityId::new(&house.clock, house.ctx.chance());
        declare(&house, 1).await;
        let key = accounts::Import { credential: accounts::CredentialKind::ApiKey, ..import(&house, "key", "k") };
        let account = accounts::import(&house.ctx, vec![key]).await.unwrap().remove(0);
        give(&house, Kind::Account, account.id.as_str(), &bob).await;
        let open = async || finding::open(&house.ctx, "credential_known_to_leaver").await.unwrap().len();
        for _ in 0..2 {
            duties::run_once(&house.ctx).await.unwrap();
            assert_eq!(open().await, 1);
        }
        assert!(ownership::is_known_to(&mut house.ctx.read().await.unwrap(), &house.alice).await.unwrap());
        accounts::give(&house.ctx, &account.id, Secret::new("k2".into())).await.unwrap();
        duties::run_once(&house.ctx).await.unwrap();
        assert_eq!(open().await, 0);
        assert!(!ownership::is_known_to(&mut house.ctx.read().await.unwrap(), &house.alice).await.unwrap());
    }

    async fn ending_the_management_of_an_account_that_a_leaver_answered_for_waits_for_another_credential(house: House) {
        let bob = IdentityId::new(&house.clock, house.ctx.chance());
        declare(&house, 1).await;
        let key = accounts::Import { credential: accounts::CredentialKind::ApiKey, ..import(&house, "key", "k") };
        let imports = vec![import(&house, "app", FIRST), key];
        for account in accounts::import(&house.ctx, imports).await.unwrap() {
            let knows = async || ownership::is_known_to(&mut house.ctx.read().await.unwrap(), &house.alice).await.unwrap();
            let open = async || finding::open(&house.ctx, "credential_known_to_leaver").await.unwrap().len();
            give(&house, Kind::Account, account.id.as_str(), &bob).await;
            assert_eq!(refused(accounts::unmanage(&house.ctx, &account.id).await), (types::Kind::Conflict, "account_known"));
            duties::run_once(&house.ctx).await.unwrap();
            assert_eq!(refused(accounts::unmanage(&house.ctx, &account.id).await).1, "account_known");
            assert!(knows().await);
            accounts::give(&house.ctx, &account.id, Secret::new("nobody knows it yet".into())).await.unwrap();
            assert_eq!(refused(accounts::unmanage(&house.ctx, &account.id).await).1, "account_known", "it is not seen yet");
            duties::run_once(&house.ctx).await.unwrap();
            assert!(!knows().await);
            assert_eq!(open().await, 0);
            accounts::unmanage(&house.ctx, &account.id).await.unwrap();
        }
    }
}
