//! Rotation on a real PostgreSQL and a real OpenLDAP with a policy of its own.

use crate::accounts::{FIRST, db_1, declare, import, refused};
use crate::house::{House, on_both_engines};
use connectors::LogIn;
use db::jobs::JobError;
use ledger::finding;
use peers::postgres::Server as Postgres;
use peers::relay::Relay;
use peers::slapd;
use privilege::accounts::{self, Change, ChangeAs, Given, Reconcile, State, VersionState};
use privilege::rotation::{self, Cause, Ending, Filter, Rotation, run};
use privilege::{duties, services};
use std::time::Duration;
use types::{Kind, ManagedAccountId, Secret};

/// Whether PostgreSQL itself takes the password.
async fn logs_in(postgres: &Postgres, login: &str, password: &str) -> bool {
    let server = connectors::Server {
        host: "127.0.0.1".into(),
        port: postgres.port(),
        tls: connectors::Tls::LoopbackPlain,
        database: None,
    };
    let password = Secret::new(password.to_owned());
    connectors::postgres::log_in(&server, login, &password).await.unwrap() == LogIn::Accepted
}

async fn app(house: &House) -> ManagedAccountId {
    accounts::import(&house.ctx, vec![import(house, "app", FIRST)]).await.unwrap().remove(0).id
}

async fn value(house: &House, id: &ManagedAccountId) -> String {
    accounts::current_for_reader(&house.ctx, id).await.unwrap().value.expose().clone()
}

async fn state(house: &House, id: &ManagedAccountId) -> State {
    accounts::get(&house.ctx, id).await.unwrap().state
}

/// Orders and runs a rotation once.
async fn rotate(house: &House, id: &ManagedAccountId, cause: Cause) -> Result<Rotation, JobError> {
    let rotation = rotation::rotate(&house.ctx, id, cause).await.unwrap();
    run::run(&house.ctx, &house.node, &rotation.account).await?;
    Ok(rotation::get(&house.ctx, &rotation.id).await.unwrap())
}

/// None of those kept logs in: looks again when nothing can be on its way any more, and when a lock would have passed.
async fn until_certain(house: &House, id: &ManagedAccountId) {
    for seconds in [30, 15 * 60] {
        assert!(run::run(&house.ctx, &house.node, id).await.is_err(), "not at once");
        assert!(!matches!(state(house, id).await, State::Settled { .. }), "and it is not handed out");
        house.clock.advance(Duration::from_secs(seconds));
    }
    run::run(&house.ctx, &house.node, id).await.unwrap();
}

async fn findings(house: &House, kind: &str) -> usize {
    finding::open(&house.ctx, kind).await.unwrap().len()
}

on_both_engines! {
    async fn a_rotation_keeps_its_candidate_first_and_the_old_password_is_dead_afterwards(house: House) {
        let postgres = db_1(&house).await;
        let id = app(&house).await;
        rotation::rotate(&house.ctx, &id, Cause::Person).await.unwrap();
        while house.worker().run_due().await.unwrap() > 0 {}
        let new = value(&house, &id).await;
        assert_eq!((new.len(), state(&house, &id).await), (32, State::Settled { current: 2 }));
        assert!(logs_in(&postgres, "app", &new).await && !logs_in(&postgres, "app", FIRST).await);
        let history = accounts::history(&house.ctx, &id).await.unwrap();
        let states: Vec<_> = history.iter().map(|version| (version.version, version.state)).collect();
        assert_eq!(states, [(2, VersionState::Current), (1, VersionState::Previous)]);
        let kinds = house.kinds(&id).await;
        let rotated: Vec<_> = kinds.iter().filter(|kind| kind.starts_with("rotation.")).map(String::as_str).collect();
        assert_eq!(rotated, ["rotation.ordered", "rotation.attempted", "rotation.candidate_kept", "rotation.settled"]);
        let said = format!("{:?}", ledger::timeline::about(&house.ctx, &id).await.unwrap());
        assert!(!said.contains(&new) && !said.contains(FIRST));
        let by_hand = accounts::import(&house.ctx, vec![accounts::Import {
            credential: accounts::CredentialKind::ApiKey, ..import(&house, "key", "k")
        }]).await.unwrap().remove(0).id;
        assert_eq!(refused(rotation::rotate(&house.ctx, &by_hand, Cause::Person).await).1, "rotated_by_hand");
        let given = accounts::give(&house.ctx, &by_hand, Secret::new("k2".into())).await.unwrap();
        assert_eq!((given.state, value(&house, &by_hand).await.as_str()), (State::Settled { current: 2 }, "k2"));
    }

    async fn a_target_that_is_away_is_tried_again_and_the_old_password_is_given_out_meanwhile(house: House) {
        let mut postgres = db_1(&house).await;
        let id = app(&house).await;
        postgres.stop().unwrap();
        let again = rotate(&house, &id, Cause::Schedule).await.unwrap_err();
        assert!(matches!(again, JobError::RetryAt(_)), "{again}");
        let open = rotation::list(&house.ctx, &Filter { open: true, limit: 9, ..Filter::default() }).await.unwrap().remove(0);
        assert!(open.retry_at > Some(house.ctx.now()) && open.last_error.unwrap().contains("cannot be reached"));
        assert_eq!((state(&house, &id).await, value(&house, &id).await.as_str()), (State::Settled { current: 1 }, FIRST));
        postgres.start().unwrap();
        assert!(run::run(&house.ctx, &house.node, &id).await.is_err(), "not before its time");
        house.clock.advance(Duration::from_secs(2));
        run::run(&house.ctx, &house.node, &id).await.unwrap();
        assert!(logs_in(&postgres, "app", &value(&house, &id).await).await);
    }

    async fn what_was_changed_behind_our_back_is_set_anew_through_the_administrator_if_it_may(house: House) {
        let postgres = db_1(&house).await;
        let id = app(&house).await;
        postgres.sql("alter role app password 'changed by hand'").unwrap();
        accounts::verify(&house.ctx, &house.node, &id).await.unwrap();
        until_certain(&house, &id).await;
        assert!(matches!(state(&house, &id).await, State::Unknown { .. }), "a person is asked");
        assert_eq!(findings(&house, "account_drift").await, 1);
        let admin = import(&house, "postgres", postgres.password());
        let admin = accounts::import(&house.ctx, vec![admin]).await.unwrap().remove(0).id;
        accounts::set(&house.ctx, &id, Change { reconcile: Some(Reconcile::Automatic), ..Change::default() }).await.unwrap();
        let rotation = rotation::rotate(&house.ctx, &id, Cause::Drift).await.unwrap();
        until_certain(&house, &id).await;
        assert_eq!(rotation::get(&house.ctx, &rotation.id).await.unwrap().ended.unwrap().how, Ending::Settled);
        assert!(logs_in(&postgres, "app", &value(&house, &id).await).await);
        assert_eq!(findings(&house, "account_drift").await, 0);
        assert!(house.kinds(&admin).await.contains(&"rotation.administrator_used".to_owned()));
        postgres.sql("alter role app password 'changed again'").unwrap();
        accounts::set(&house.ctx, &id, Change { reconcile: Some(Reconcile::Ask), ..Change::default() }).await.unwrap();
        let lost = rotation::rotate(&house.ctx, &id, Cause::Schedule).await.unwrap();
        until_certain(&house, &id).await;
        let lost = rotation::get(&house.ctx, &lost.id).await.unwrap();
        assert_eq!((lost.ended.unwrap().how, findings(&house, "account_unknown").await), (Ending::Lost, 1));
        rotate(&house, &id, Cause::Reconcile).await.unwrap();
        assert!(logs_in(&postgres, "app", &value(&house, &id).await).await);
        assert_eq!(findings(&house, "account_unknown").await, 0);
    }

    async fn an_account_whose_password_nobody_knows_gets_one_through_the_administrator(house: House) {
        let postgres = db_1(&house).await;
        accounts::import(&house.ctx, vec![import(&house, "postgres", postgres.password())]).await.unwrap();
        let new = accounts::Import { given: Given::Generate, ..import(&house, "app", "") };
        let id = accounts::import(&house.ctx, vec![new]).await.unwrap().remove(0).id;
        assert_eq!(refused(accounts::current_for_reader(&house.ctx, &id).await), (Kind::Conflict, "account_unknown"));
        run::run(&house.ctx, &house.node, &id).await.unwrap();
        assert!(logs_in(&postgres, "app", &value(&house, &id).await).await && !logs_in(&postgres, "app", FIRST).await);
    }

    async fn without_the_right_to_change_it_the_old_password_stays_in_use_and_nobody_waits(house: House) {
        let postgres = db_1(&house).await;
        let id = app(&house).await;
        accounts::set(&house.ctx, &id, Change { change_as: Some(ChangeAs::Administrator), ..Change::default() }).await.unwrap();
        assert!(rotate(&house, &id, Cause::Person).await.is_err());
        assert_eq!((state(&house, &id).await, value(&house, &id).await.as_str()), (State::Settled { current: 1 }, FIRST));
        accounts::import(&house.ctx, vec![import(&house, "postgres", postgres.password())]).await.unwrap();
        rotate(&house, &id, Cause::Person).await.unwrap();
        assert!(logs_in(&postgres, "app", &value(&house, &id).await).await);
    }

    async fn of_a_pair_one_is_changed_while_the_other_is_used_and_a_leak_changes_both(house: House) {
        let postgres = db_1(&house).await;
        postgres.sql("create role app_b login password 'b'").unwrap();
        let (a, b) = (app(&house).await, accounts::import(&house.ctx, vec![import(&house, "app_b", "b")]).await.unwrap().remove(0).id);
        accounts::pair(&house.ctx, &a, &b).await.unwrap();
        assert!(rotate(&house, &a, Cause::Person).await.is_err(), "somebody may have read the other one just before");
        house.clock.advance(Duration::from_secs(24 * 3600));
        accounts::pair(&house.ctx, &a, &b).await.unwrap();
        run::run(&house.ctx, &house.node, &b).await.unwrap();
        let current = accounts::current_for_reader(&house.ctx, &a).await.unwrap();
        assert_eq!(current.account.login, "app_b");
        assert!(logs_in(&postgres, "app_b", current.value.expose()).await);
        assert!(logs_in(&postgres, "app", FIRST).await, "who was given it before can still use it");
        assert!(rotate(&house, &a, Cause::Schedule).await.is_err(), "not within the grace");
        assert!(rotate(&house, &a, Cause::Person).await.is_err(), "nor for a person");
        accounts::pair(&house.ctx, &a, &b).await.unwrap();
        assert_eq!(value(&house, &a).await, *current.value.expose(), "declared once more, the pair is as it was");
        assert!(logs_in(&postgres, "app", FIRST).await);
        house.clock.advance(Duration::from_secs(24 * 3600));
        run::run(&house.ctx, &house.node, &a).await.unwrap();
        assert!(!logs_in(&postgres, "app", FIRST).await);
        let known = [value(&house, &a).await, current.value.expose().clone()];
        rotation::rotate(&house.ctx, &a, Cause::Leak).await.unwrap();
        while house.worker().run_due().await.unwrap() > 0 {}
        let dead = [logs_in(&postgres, "app", &known[0]).await, logs_in(&postgres, "app_b", &known[1]).await];
        assert_eq!(dead, [false, false]);
        let current = accounts::current_for_reader(&house.ctx, &b).await.unwrap();
        assert!(logs_in(&postgres, &current.account.login, current.value.expose()).await);
    }

    async fn a_run_that_was_overtaken_says_nothing_about_the_account(house: House) {
        let postgres = db_1(&house).await;
        let relay = Relay::to(postgres.port()).unwrap();
        declare(&house, relay.port()).await;
        let id = app(&house).await;
        rotation::rotate(&house.ctx, &id, Cause::Person).await.unwrap();
        // The first connection sees whether the old password works; the second one is to change it.
        relay.hold(1);
        let (ctx, node, same) = (house.ctx.clone(), house.node.clone(), id.clone());
        let slow = tokio::spawn(async move { run::run(&ctx, &node, &same).await });
        while relay.accepted() < 2 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        run::run(&house.ctx, &house.node, &id).await.unwrap();
        let settled = (state(&house, &id).await, value(&house, &id).await);
        relay.release();
        assert!(slow.await.unwrap().is_err(), "whether anything is still open is looked at once more");
        run::run(&house.ctx, &house.node, &id).await.unwrap();
        assert_eq!((state(&house, &id).await, value(&house, &id).await), settled);
        assert!(logs_in(&postgres, "app", &settled.1).await);
        let count = house.kinds(&id).await.iter().filter(|kind| *kind == "rotation.settled").count();
        assert_eq!(count, 1);
    }

    async fn whoever_knew_a_password_once_and_sets_it_again_does_not_keep_it(house: House) {
        let postgres = db_1(&house).await;
        let id = app(&house).await;
        rotate(&house, &id, Cause::Person).await.unwrap();
        postgres.sql(&format!("alter role app password '{FIRST}'")).unwrap();
        accounts::verify(&house.ctx, &house.node, &id).await.unwrap();
        run::run(&house.ctx, &house.node, &id).await.unwrap();
        assert!(!logs_in(&postgres, "app", FIRST).await && logs_in(&postgres, "app", &value(&house, &id).await).await);
        let given = accounts::give(&house.ctx, &id, Secret::new(FIRST.to_owned())).await;
        assert_eq!(refused(given), (Kind::Invalid, "credential_value"));
    }

    async fn an_account_that_was_locked_is_the_same_when_the_lock_is_gone(house: House) {
        let postgres = db_1(&house).await;
        let id = app(&house).await;
        postgres.sql("alter role app nologin").unwrap();
        rotation::rotate(&house.ctx, &id, Cause::Schedule).await.unwrap();
        until_certain(&house, &id).await;
        assert!(matches!(state(&house, &id).await, State::Unknown { current: Some(1) }));
        postgres.sql("alter role app login").unwrap();
        accounts::verify(&house.ctx, &house.node, &id).await.unwrap();
        assert_eq!((state(&house, &id).await, value(&house, &id).await.as_str()), (State::Settled { current: 1 }, FIRST));
    }

    async fn a_lock_in_the_middle_of_a_change_leaves_an_account_that_can_be_read(house: House) {
        let postgres = db_1(&house).await;
        let relay = Relay::to(postgres.port()).unwrap();
        declare(&house, relay.port()).await;
        let id = app(&house).await;
        rotation::rotate(&house.ctx, &id, Cause::Schedule).await.unwrap();
        // The first connection sees whether the old password works; the second one is to change it.
        relay.hold(1);
        let (ctx, node, same) = (house.ctx.clone(), house.node.clone(), id.clone());
        let run = tokio::spawn(async move { run::run(&ctx, &node, &same).await });
        while relay.accepted() < 2 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        postgres.sql("alter role app nologin").unwrap();
        relay.cut();
        relay.release();
        assert!(run.await.unwrap().is_err());
        house.clock.advance(Duration::from_secs(30));
        assert!(run::run(&house.ctx, &house.node, &id).await.is_err());
        house.clock.advance(Duration::from_secs(15 * 60));
        run::run(&house.ctx, &house.node, &id).await.unwrap();
        assert!(matches!(state(&house, &id).await, State::Unknown { .. }));
        postgres.sql("alter role app login").unwrap();
        accounts::verify(&house.ctx, &house.node, &id).await.unwrap();
        assert_eq!((state(&house, &id).await, value(&house, &id).await.as_str()), (State::Settled { current: 1 }, FIRST));
        assert_eq!(accounts::history(&house.ctx, &id).await.unwrap()[0].state, VersionState::Previous);
    }

    async fn what_is_ordered_during_a_run_is_done_too(house: House) {
        let postgres = db_1(&house).await;
        let relay = Relay::to(postgres.port()).unwrap();
        declare(&house, relay.port()).await;
        let id = app(&house).await;
        let rotation = rotation::rotate(&house.ctx, &id, Cause::Drift).await.unwrap();
        relay.hold(0);
        let (ctx, node, same) = (house.ctx.clone(), house.node.clone(), id.clone());
        let run = tokio::spawn(async move { run::run(&ctx, &node, &same).await });
        while relay.accepted() < 1 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        rotation::rotate(&house.ctx, &id, Cause::Leak).await.unwrap();
        let every = Change { rotate_every_seconds: Some(Some(3600)), ..Change::default() };
        accounts::set(&house.ctx, &id, every).await.unwrap();
        relay.release();
        assert!(run.await.unwrap().is_err(), "there is more to do");
        assert!(rotation::get(&house.ctx, &rotation.id).await.unwrap().ended.is_none());
        run::run(&house.ctx, &house.node, &id).await.unwrap();
        assert!(!logs_in(&postgres, "app", FIRST).await && logs_in(&postgres, "app", &value(&house, &id).await).await);
        assert!(accounts::get(&house.ctx, &id).await.unwrap().rotate_at.is_some(), "what was set meanwhile holds");
    }

    async fn a_leak_of_the_one_handed_out_changes_both_though_the_other_is_being_changed_already(house: House) {
        let postgres = db_1(&house).await;
        postgres.sql("create role app_b login password 'b'").unwrap();
        let (a, b) = (app(&house).await, accounts::import(&house.ctx, vec![import(&house, "app_b", "b")]).await.unwrap().remove(0).id);
        accounts::pair(&house.ctx, &a, &b).await.unwrap();
        rotation::rotate(&house.ctx, &b, Cause::Schedule).await.unwrap();
        rotation::rotate(&house.ctx, &a, Cause::Leak).await.unwrap();
        while house.worker().run_due().await.unwrap() > 0 {}
        assert_eq!([logs_in(&postgres, "app", FIRST).await, logs_in(&postgres, "app_b", "b").await], [false, false]);
    }

    async fn schedules_order_rotations_once_and_old_versions_are_destroyed_but_not_the_last_two(house: House) {
        let postgres = db_1(&house).await;
        let id = app(&house).await;
        let day = Duration::from_secs(24 * 3600);
        accounts::set(&house.ctx, &id, Change { rotate_every_seconds: Some(Some(day.as_secs())), ..Change::default() }).await.unwrap();
        for _ in 0..3 {
            house.clock.advance(day);
            duties::run_once(&house.ctx).await.unwrap();
            duties::run_once(&house.ctx).await.unwrap();
            while house.worker().run_due().await.unwrap() > 0 {}
        }
        let all = Filter { limit: 9, ..Filter::default() };
        assert_eq!(rotation::list(&house.ctx, &all).await.unwrap().len(), 3);
        accounts::set(&house.ctx, &id, Change { rotate_every_seconds: Some(None), ..Change::default() }).await.unwrap();
        house.clock.advance(day * 31);
        duties::run_once(&house.ctx).await.unwrap();
        let history = accounts::history(&house.ctx, &id).await.unwrap();
        let kept: Vec<u32> = history.iter().filter(|version| version.destroyed_at.is_none()).map(|version| version.version).collect();
        assert_eq!(kept, [4, 3]);
        assert!(logs_in(&postgres, "app", &value(&house, &id).await).await);
    }
}

#[tokio::test]
async fn a_policy_of_the_target_that_takes_no_candidate_leaves_the_old_password_and_ends_in_a_finding() {
    let house = House::on_sqlite().await;
    let slapd =
        slapd::Server::start_with(&slapd::Options { password_policy: true, ..slapd::Options::default() }).unwrap();
    let entry = format!("dn: uid=app,{}\nobjectClass: inetOrgPerson\nuid: app\ncn: App\nsn: App\n", slapd::PEOPLE);
    slapd.add(&format!("{entry}userPassword: first password\n")).unwrap();
    let service = serde_json::json!({
        "name": "dir-1", "kind": "openldap", "host": "127.0.0.1", "port": slapd.port(), "tls": "loopback_plain",
        "admin_login": slapd::ADMIN, "base_dn": slapd::PEOPLE,
    });
    services::declare(&house.ctx, &[serde_json::from_value(service).unwrap()]).await.unwrap();
    let app = accounts::Import { target: "dir-1".into(), ..import(&house, "app", "first password") };
    let id = accounts::import(&house.ctx, vec![app]).await.unwrap().remove(0).id;
    let least = |length: u32| {
        let policy = format!("dn: cn=policy,{}\nchangetype: modify\nreplace: pwdMinLength\n", slapd::BASE);
        slapd.modify(&format!("{policy}pwdMinLength: {length}\n")).unwrap();
    };
    least(64);
    assert!(rotate(&house, &id, Cause::Person).await.is_err());
    assert_eq!(
        (state(&house, &id).await, findings(&house, "rotation_refused").await),
        (State::Settled { current: 1 }, 1)
    );
    let refused = accounts::history(&house.ctx, &id).await.unwrap();
    assert_eq!(refused.iter().filter(|version| version.state == VersionState::Refused).count(), 5);
    assert_eq!(accounts::verify(&house.ctx, &house.node, &id).await.unwrap(), LogIn::Accepted);
    least(10);
    rotate(&house, &id, Cause::Person).await.unwrap();
    assert_eq!(
        (state(&house, &id).await, findings(&house, "rotation_refused").await),
        (State::Settled { current: 7 }, 0)
    );
    assert_eq!(accounts::verify(&house.ctx, &house.node, &id).await.unwrap(), LogIn::Accepted);
}
