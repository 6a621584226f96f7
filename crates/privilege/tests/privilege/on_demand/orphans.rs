//! Users on a database that no lease explains.

use super::life::move_service;
use super::*;
use ledger::{finding, timeline};
use privilege::credentials::{Swept, sweep};
use std::collections::BTreeMap;

#[tokio::test]
async fn users_with_our_mark_that_no_lease_explains_are_removed_and_all_others_stay() {
    for engine in [Engine::postgres(), Engine::mariadb()] {
        let house = House::with_running_clock().await;
        meet(&house, &engine).await;
        grant(&house, Channel::Credential, HOUR).await;
        let live = issue(&house, None).await.unwrap();
        let mark = credentials::mark(&house.ctx);
        let orphans = [format!("app_{mark}_aaaaaaaaaaaaaaaa"), format!("old_{mark}_bbbbbbbbbbbbbbbb")];
        let by_hand = ["app_reports".to_owned(), format!("app_{mark}_nightly"), "app_zzzzzz_cccccccccccccccc".into()];
        for name in orphans.iter().chain(&by_hand) {
            match engine {
                Engine::Postgres(_) => engine.sql(&format!("create role {name} login")),
                Engine::Mariadb(_) => engine.sql(&format!("create user `{name}`@'%'")),
            };
        }
        let swept = credentials::sweep(&house.ctx, "orders").await.unwrap();
        assert_eq!(swept, Swept { found: 3, orphans: 2, removed: 2 });
        let left: Vec<String> = engine.users(&house);
        assert_eq!(left.len(), 2, "{left:?}");
        assert!(left.contains(&live.lease.name) && left.contains(&by_hand[1]), "{left:?}");
        assert_eq!(engine.orders_as(&live.lease.name, password(&live)).as_deref(), Ok("7"));
        let lines = timeline::about(&house.ctx, &"orders").await.unwrap();
        let found = lines.iter().find(|line| line.kind == "credential.orphan_found").unwrap();
        assert_eq!(found.body["names"], json!(orphans));
        assert_eq!(finding::open(&house.ctx, "orphan_credentials").await.unwrap().len(), 1);

        let swept = credentials::sweep(&house.ctx, "orders").await.unwrap();
        assert_eq!(swept, Swept { found: 1, orphans: 0, removed: 0 });
        assert!(finding::open(&house.ctx, "orphan_credentials").await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_server_that_is_two_services_keeps_the_users_of_both() {
    let (house, engine) = (House::with_running_clock().await, Engine::postgres());
    meet(&house, &engine).await;
    grant(&house, Channel::Credential, HOUR).await;
    let live = issue(&house, None).await.unwrap();
    meet_as(&house, &engine, "archive", 1).await;
    // As two names lead to one address.
    move_service(&house, "archive", engine.port()).await;
    let swept = credentials::sweep(&house.ctx, "archive").await.unwrap();
    assert_eq!(swept, Swept { found: 1, orphans: 0, removed: 0 });
    assert_eq!(engine.orders_as(&live.lease.name, password(&live)).as_deref(), Ok("7"));
}

#[tokio::test]
async fn what_an_orphan_owns_goes_to_its_own_role_or_it_stays_locked_out_and_a_person_is_told() {
    let (house, engine) = (House::with_running_clock().await, Engine::postgres());
    meet(&house, &engine).await;
    let mark = credentials::mark(&house.ctx);
    let [writer, nobody] = ["a", "b"].map(|letter| format!("app_{mark}_{}", letter.repeat(16)));
    engine.sql(&format!("create role writers; create role {writer} login in role writers; create role {nobody} login"));
    engine.sql(&format!("create table w (); alter table w owner to {writer}"));
    engine.sql(&format!("create table n (); alter table n owner to {nobody}"));
    let swept = credentials::sweep(&house.ctx, "orders").await.unwrap();
    assert_eq!(swept, Swept { found: 2, orphans: 2, removed: 1 });
    let owner = |table: &str| engine.sql(&format!("select relowner::regrole from pg_class where relname = '{table}'"));
    assert_eq!((owner("w").trim(), owner("n").trim()), ("writers", nobody.as_str()));
    assert_eq!(engine.sql(&format!("select rolcanlogin from pg_roles where rolname = '{nobody}'")).trim(), "f");
    let left = finding::open(&house.ctx, "orphan_credentials_left").await.unwrap();
    assert!(left.len() == 1 && left[0].detail.contains("1 users on `orders`"), "{left:?}");

    engine.sql("alter table n owner to readers");
    let swept = credentials::sweep(&house.ctx, "orders").await.unwrap();
    assert_eq!((swept.orphans, swept.removed), (1, 1));
    credentials::sweep(&house.ctx, "orders").await.unwrap();
    assert!(finding::open(&house.ctx, "orphan_credentials_left").await.unwrap().is_empty());
}

#[tokio::test]
async fn a_service_is_searched_every_hour_and_one_that_is_away_a_minute_later_again() {
    let (house, mut engine) = (House::with_running_clock().await, Engine::postgres());
    meet(&house, &engine).await;
    let mut not_before = BTreeMap::new();
    let mut searches = async |expected: usize, why: &str| {
        sweep::run_due(&house.ctx, &mut not_before).await.unwrap();
        let lines = timeline::about(&house.ctx, &"orders").await.unwrap();
        assert_eq!(lines.iter().filter(|line| line.kind == "credential.swept").count(), expected, "{why}");
    };
    searches(1, "never before").await;
    house.clock.advance(MINUTE * 59);
    searches(1, "not an hour ago").await;
    engine.stop();
    house.clock.advance(MINUTE);
    searches(1, "away").await;
    engine.start();
    searches(1, "not at once").await;
    house.clock.advance(MINUTE);
    searches(2, "back").await;
}
