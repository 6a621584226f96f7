//! Accounts under management, on a real PostgreSQL.

use crate::house::{House, on_both_engines};
use connectors::LogIn;
use peers::postgres::{Durability, Server as Postgres};
use privilege::accounts::{
    self, AccountError, AccountKind, Change, CredentialKind, Filter, Given, Import, State, VersionState,
};
use privilege::{duties, passwords, services};
use std::time::Duration;
use types::{Failure, Kind, Secret};

pub(crate) const FIRST: &str = "first password of app";

/// A PostgreSQL with the role `app`, declared as `db-1` of which `postgres` is the administrator.
pub(crate) async fn db_1(house: &House) -> Postgres {
    let postgres = Postgres::start_with(Durability::Fast).unwrap();
    postgres.sql(&format!("create role app login password '{FIRST}'")).unwrap();
    declare(house, postgres.port()).await;
    postgres
}

pub(crate) async fn declare(house: &House, port: u16) {
    let service = serde_json::json!({
        "name": "db-1", "kind": "postgres", "host": "127.0.0.1", "port": port, "tls": "loopback_plain",
        "admin_login": "postgres"
    });
    services::declare(&house.ctx, &[serde_json::from_value(service).unwrap()]).await.unwrap();
}

pub(crate) fn import(house: &House, login: &str, value: &str) -> Import {
    Import {
        target: "db-1".into(),
        login: login.into(),
        kind: AccountKind::Service,
        credential: CredentialKind::Password,
        owner: house.alice.clone(),
        purpose: "the shop's database".into(),
        given: Given::Value(Secret::new(value.into())),
        change: Change::default(),
    }
}

pub(crate) fn refused(answer: Result<impl std::fmt::Debug, AccountError>) -> (Kind, &'static str) {
    let error = answer.expect_err("a refusal");
    assert_eq!(error.to_string().lines().count(), 1, "{error}");
    (error.kind(), error.code())
}

on_both_engines! {
    async fn an_account_is_imported_verified_and_read_and_no_answer_holds_its_credential(house: House) {
        let _postgres = db_1(&house).await;
        let account = accounts::import(&house.ctx, vec![import(&house, "app", FIRST)]).await.unwrap().remove(0);
        assert_eq!((account.state, account.verified_at), (State::Settled { current: 1 }, None));
        assert_eq!(accounts::verify(&house.ctx, &house.node, &account.id).await.unwrap(), LogIn::Accepted);
        let shown = accounts::get(&house.ctx, &account.id).await.unwrap();
        assert_eq!(shown.verified_at, Some(house.ctx.now()));
        let current = accounts::administrator(&house.ctx, "db-1", "app").await.unwrap();
        assert_eq!((current.account.id, current.version, current.value.expose().as_str()), (account.id.clone(), 1, FIRST));
        let history = accounts::history(&house.ctx, &account.id).await.unwrap();
        assert_eq!(history.iter().map(|v| (v.version, v.state)).collect::<Vec<_>>(), [(1, VersionState::Current)]);
        let printed = format!("{shown:?}{history:?}{:?}", ledger::timeline::about(&house.ctx, &account.id).await.unwrap());
        assert!(!printed.contains(FIRST));
        assert_eq!(house.kinds(&account.id).await, ["account.managed", "account.verified"]);
        assert_eq!(refused(accounts::administrator(&house.ctx, "db-1", "postgres").await).1, "no_such_account");
    }

    async fn accounts_are_imported_all_or_none(house: House) {
        let _postgres = db_1(&house).await;
        let good = || import(&house, "app", FIRST);
        let import = |login: &str, change: &dyn Fn(&mut Import)| {
            let mut import = import(&house, login, "secret of two");
            change(&mut import);
            import
        };
        for (bad, code) in [
            (import("app", &|_| {}), "given_twice"),
            (import("no such login!", &|_| {}), "account_login"),
            (import("two", &|it| it.target = "db-2".into()), "no_such_system"),
            (import("two", &|it| it.purpose = " ".into()), "account_settings"),
            (import("two", &|it| it.credential = CredentialKind::SshKey), "account_settings"),
            (import("two", &|it| it.change.policy = Some("none".into())), "no_such_policy"),
            (import("two", &|it| it.change.rotate_every_seconds = Some(Some(1))), "account_settings"),
            (import("two", &|it| it.given = Given::Value(Secret::new("a\nb".into()))), "credential_value"),
        ] {
            assert_eq!(refused(accounts::import(&house.ctx, vec![good(), bad]).await).1, code);
            assert!(accounts::list(&house.ctx, &Filter { limit: 9, ..Filter::default() }).await.unwrap().is_empty());
        }
        accounts::import(&house.ctx, vec![good(), import("two", &|_| {})]).await.unwrap();
        assert_eq!(refused(accounts::import(&house.ctx, vec![good()]).await), (Kind::Conflict, "account_managed_already"));
    }

    async fn a_credential_that_was_changed_behind_our_back_is_found_and_not_handed_out(house: House) {
        let postgres = db_1(&house).await;
        let id = accounts::import(&house.ctx, vec![import(&house, "app", FIRST)]).await.unwrap().remove(0).id;
        postgres.sql("alter role app password 'changed by hand'").unwrap();
        assert_eq!(accounts::verify(&house.ctx, &house.node, &id).await.unwrap(), LogIn::Refused);
        assert_eq!(refused(accounts::current_for_reader(&house.ctx, &id).await), (Kind::Conflict, "account_unknown"));
        let open = || async { ledger::finding::open(&house.ctx, "account_drift").await.unwrap() };
        assert!(open().await[0].detail.contains("somebody changed it there"), "{:?}", open().await);
        postgres.sql(&format!("alter role app password '{FIRST}'")).unwrap();
        assert_eq!(accounts::verify(&house.ctx, &house.node, &id).await.unwrap(), LogIn::Accepted);
        assert!(open().await.is_empty());
        assert_eq!(accounts::current_for_reader(&house.ctx, &id).await.unwrap().value.expose(), FIRST);
    }

    async fn a_system_that_is_away_has_refused_nothing(house: House) {
        let mut postgres = db_1(&house).await;
        let id = accounts::import(&house.ctx, vec![import(&house, "app", FIRST)]).await.unwrap().remove(0).id;
        postgres.stop().unwrap();
        assert_eq!(refused(accounts::verify(&house.ctx, &house.node, &id).await), (Kind::Unavailable, "host_unreachable"));
        assert_eq!(accounts::current_for_reader(&house.ctx, &id).await.unwrap().value.expose(), FIRST);
        assert!(ledger::finding::open(&house.ctx, "account_drift").await.unwrap().is_empty());
    }

    async fn a_verification_that_is_due_is_asked_for_once(house: House) {
        let _postgres = db_1(&house).await;
        let id = accounts::import(&house.ctx, vec![import(&house, "app", FIRST)]).await.unwrap().remove(0).id;
        let worker = house.worker();
        assert_eq!(worker.run_due().await.unwrap(), 1, "the import's own");
        for (hours, jobs) in [(12, 0), (12, 1), (0, 0)] {
            house.clock.advance(Duration::from_secs(hours * 3600));
            duties::run_once(&house.ctx).await.unwrap();
            assert_eq!(worker.run_due().await.unwrap(), jobs);
        }
        assert_eq!(accounts::get(&house.ctx, &id).await.unwrap().verified_at, Some(house.ctx.now()));
    }

    async fn what_is_managed_for_another_stays_and_what_is_not_managed_is_not_handed_out(house: House) {
        let _postgres = db_1(&house).await;
        let two = vec![import(&house, "app", FIRST), import(&house, "other", "x")];
        let ids: Vec<_> = accounts::import(&house.ctx, two).await.unwrap().into_iter().map(|account| account.id).collect();
        let by = Change { reconcile_by: Some(Some(ids[1].clone())), ..Change::default() };
        accounts::set(&house.ctx, &ids[0], by).await.unwrap();
        assert_eq!(refused(accounts::unmanage(&house.ctx, &ids[1]).await), (Kind::Conflict, "account_needed"));
        let own = Change { reconcile_by: Some(Some(ids[0].clone())), ..Change::default() };
        assert_eq!(refused(accounts::set(&house.ctx, &ids[0], own).await).1, "account_settings");
        accounts::set(&house.ctx, &ids[0], Change { reconcile_by: Some(None), ..Change::default() }).await.unwrap();
        accounts::unmanage(&house.ctx, &ids[1]).await.unwrap();
        assert_eq!(refused(accounts::current_for_reader(&house.ctx, &ids[1]).await).1, "account_unmanaged");
        assert_eq!(accounts::history(&house.ctx, &ids[1]).await.unwrap().len(), 1);
        accounts::import(&house.ctx, vec![import(&house, "other", "y")]).await.unwrap();
    }

    async fn of_a_pair_the_one_that_is_handed_out_answers_for_both(house: House) {
        let _postgres = db_1(&house).await;
        let three = vec![import(&house, "app", FIRST), import(&house, "app-b", "b"), import(&house, "app-c", "c")];
        let ids: Vec<_> = accounts::import(&house.ctx, three).await.unwrap().into_iter().map(|account| account.id).collect();
        accounts::pair(&house.ctx, &ids[0], &ids[1]).await.unwrap();
        for id in &ids[..2] {
            let current = accounts::current_for_reader(&house.ctx, id).await.unwrap();
            assert_eq!((current.account.login.as_str(), current.value.expose().as_str()), ("app", FIRST));
        }
        assert_eq!(refused(accounts::pair(&house.ctx, &ids[2], &ids[1]).await).1, "account_settings");
        assert_eq!(refused(accounts::pair(&house.ctx, &ids[2], &ids[2]).await).1, "account_settings");
        accounts::unpair(&house.ctx, &ids[1]).await.unwrap();
        assert_eq!(accounts::current_for_reader(&house.ctx, &ids[1]).await.unwrap().account.login, "app-b");
    }

    async fn password_policies_are_declared_and_the_built_in_one_stays(house: House) {
        let policy = passwords::Policy { name: "long".into(), length: 64, ..passwords::list(&house.ctx).await.unwrap().remove(0) };
        passwords::declare(&house.ctx, std::slice::from_ref(&policy)).await.unwrap();
        passwords::declare(&house.ctx, std::slice::from_ref(&policy)).await.unwrap();
        assert_eq!(house.kinds(&"password_policy:long").await, ["password_policy.declared"]);
        let short = passwords::Policy { length: 6, ..policy.clone() };
        assert_eq!(passwords::declare(&house.ctx, &[short]).await.unwrap_err().code(), "policy_impossible");
        let names: Vec<_> = passwords::list(&house.ctx).await.unwrap().into_iter().map(|policy| (policy.name, policy.length)).collect();
        assert_eq!(names, [("default".to_owned(), 32), ("long".to_owned(), 64)]);
    }
}
