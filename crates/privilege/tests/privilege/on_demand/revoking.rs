//! Revocation of many: services that are away, credentials that will not go, and what people are told meanwhile.

use super::*;
use db::jobs::{NewJob, backlog};
use grants::EndCause;
use ledger::{ROWS_AT_ONCE, finding, timeline};
use privilege::credentials::{Backlog, Selection, probe};
use privilege::invariants::{Depth, verify};
use std::collections::BTreeSet;
use types::JobId;

async fn waiting(house: &House) -> Vec<Backlog> {
    credentials::backlog(&house.ctx).await.unwrap()
}

async fn broken(house: &House) -> Vec<String> {
    let all = verify(&house.ctx, &house.node, Depth::Running, ROWS_AT_ONCE).await.unwrap();
    all.into_iter().flat_map(|one| one.broken).collect()
}

#[tokio::test]
async fn a_service_that_is_away_is_tried_for_ever_and_again_within_seconds_of_its_return() {
    let (house, mut engine) = (House::with_running_clock().await, Engine::postgres());
    meet(&house, &engine).await;
    let grant = grant(&house, Channel::Credential, HOUR).await;
    let lease = issue(&house, None).await.unwrap().lease;
    round(&house).await;
    engine.stop();
    house.withdraw(&grant, EndCause::Withdrawn).await;
    round(&house).await;
    assert!(matches!(state(&house, &lease).await, State::Ending { .. }));
    assert!(finding::open(&house.ctx, "revocation_backlog").await.unwrap().is_empty(), "not late yet");

    let mut away = BTreeSet::new();
    for minutes in 1..=30 {
        house.clock.advance(Duration::from_secs(301));
        round(&house).await;
        probe::look(&house.ctx, &mut away).await.unwrap();
        let waiting = waiting(&house).await;
        assert_eq!((waiting.len(), waiting[0].count, away.len()), (1, 1, 1), "round {minutes}");
        let next = waiting[0].next_try.unwrap();
        assert!(next <= house.ctx.now().plus(Duration::from_secs(300)), "{next} is too far");
        assert!(waiting[0].last_error.as_ref().unwrap().contains("cannot be reached"), "{waiting:?}");
    }
    assert!(waiting(&house).await[0].attempts >= 30);
    let findings = finding::open(&house.ctx, "revocation_backlog").await.unwrap();
    assert_eq!(findings.iter().map(|one| one.subject.as_str()).collect::<Vec<_>>(), ["orders"]);
    assert!(finding::open(&house.ctx, "grant_not_gone").await.unwrap().is_empty(), "one finding for all of them");
    assert_eq!(backlog(house.ctx.db()).await.unwrap(), (1, 0), "never dead");

    engine.start();
    round(&house).await;
    assert!(matches!(state(&house, &lease).await, State::Ending { .. }), "its turn has not come");
    probe::look(&house.ctx, &mut away).await.unwrap();
    round(&house).await;
    assert!(matches!(state(&house, &lease).await, State::Gone { .. }));
    assert!(engine.users(&house).is_empty() && waiting(&house).await.is_empty());
    assert!(finding::open(&house.ctx, "revocation_backlog").await.unwrap().is_empty());
    assert_eq!(broken(&house).await, Vec::<String>::new());
}

#[tokio::test]
async fn one_that_cannot_be_dropped_holds_up_no_other_and_is_tried_until_it_can() {
    let (house, engine) = (House::with_running_clock().await, Engine::postgres());
    meet(&house, &engine).await;
    grant(&house, Channel::Credential, HOUR).await;
    let stubborn = issue(&house, None).await.unwrap().lease;
    let others = [issue(&house, None).await.unwrap().lease, issue(&house, None).await.unwrap().lease];
    // What it owns cannot be handed on, where nobody may connect.
    engine.sql("create database closed");
    engine.sql_in("closed", &format!("create table notes (); alter table notes owner to {}", stubborn.name));
    engine.sql("alter database closed allow_connections false");
    let selection = Selection { service: Some("orders".into()), ..Selection::default() };
    assert_eq!(credentials::revoke_all(&house.ctx, &selection, "incident").await.unwrap(), 3);
    for _ in 0..3 {
        round(&house).await;
        house.clock.advance(Duration::from_secs(301));
    }
    for other in &others {
        assert!(matches!(state(&house, other).await, State::Gone { .. }));
    }
    assert!(matches!(state(&house, &stubborn).await, State::Ending { .. }));
    let waiting = waiting(&house).await;
    assert!(waiting[0].count == 1 && waiting[0].last_error.as_ref().unwrap().starts_with("1 are not removed yet"));
    engine.sql("alter database closed allow_connections true");
    round(&house).await;
    assert!(matches!(state(&house, &stubborn).await, State::Gone { .. }));
}

#[tokio::test]
async fn a_bulk_revocation_takes_what_was_selected_and_refuses_to_take_everything() {
    let (house, engine) = (House::with_running_clock_on_postgresql().await, Engine::postgres());
    meet(&house, &engine).await;
    credentials::declare(&house.ctx, &[profile("writers")]).await.unwrap();
    engine.sql("create role writers");
    let grant = grant(&house, Channel::Credential, HOUR).await;
    let lease = issue(&house, None).await.unwrap().lease;
    let all = credentials::revoke_all(&house.ctx, &Selection::default(), "oops").await;
    assert!(matches!(all.unwrap_err(), CredentialError::NothingSelected));
    let selection = |change: fn(&mut Selection)| {
        let mut selection = Selection::default();
        change(&mut selection);
        selection
    };
    for missed in [
        selection(|it| it.service = Some("other".into())),
        selection(|it| it.profile = Some("writers".into())),
        selection(|it| (it.service, it.profile) = (Some("orders".into()), Some("writers".into()))),
    ] {
        assert_eq!(credentials::revoke_all(&house.ctx, &missed, "incident").await.unwrap(), 0, "{missed:?}");
    }
    let (grant, holder) = (Some(grant.id.clone()), Some(house.alice.clone()));
    let exact = Selection { service: Some("orders".into()), profile: Some("readers".into()), grant, holder };
    assert_eq!(credentials::revoke_all(&house.ctx, &exact, "incident").await.unwrap(), 1);
    assert_eq!(credentials::revoke_all(&house.ctx, &exact, "again").await.unwrap(), 0);
    let lines = timeline::about(&house.ctx, &lease.id).await.unwrap();
    let said = lines.iter().find(|line| line.kind == "credential.ended").unwrap();
    assert_eq!(said.body["cause"], "revoked");
    assert!(!serde_json::to_string(&said.body).unwrap().contains("incident"), "a reason is personal");
}

#[tokio::test]
async fn what_earlier_turns_passed_over_is_tried_again_from_the_start() {
    let (house, engine) = (House::with_running_clock().await, Engine::postgres());
    meet(&house, &engine).await;
    grant(&house, Channel::Credential, HOUR).await;
    let lease = issue(&house, None).await.unwrap().lease;
    credentials::revoke(&house.ctx, &house.alice_signed_in(), &lease.id, "the laptop was lost").await.unwrap();
    // As a turn leaves it that tried this one, and had to hand on behind it.
    let (id, key) = (JobId::new(&house.clock, house.ctx.chance()), "orders".to_owned());
    let payload = format!("{} crd_zzz", house.ctx.now().plus(HOUR).micros());
    let job = NewJob { kind: "privilege.revoke", key, payload, due_at: house.ctx.now(), max_attempts: None };
    let mut tx = house.fixture.db.begin_unexplained().await.unwrap();
    tx.enqueue(&id, &job).await.unwrap();
    tx.commit().await.unwrap();
    worker(&house).run_due().await.unwrap();
    assert!(matches!(state(&house, &lease).await, State::Gone { .. }));
    assert!(engine.users(&house).is_empty() && waiting(&house).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_ends_while_it_is_being_made_is_handed_to_nobody_and_is_not_gone_before_it_can_be() {
    let (house, engine) = (House::with_running_clock().await, Engine::postgres());
    meet(&house, &engine).await;
    for by_grant in [true, false] {
        let grant = grant(&house, Channel::Credential, HOUR).await;
        let held = engine.hold_up_new_users();
        let (ctx, who) = (house.ctx.clone(), house.alice.clone());
        let (service, login) = ("orders".to_owned(), "readers".to_owned());
        let issuing = tokio::spawn(async move {
            credentials::issue(&ctx, Order { who, service, login, ttl: None, token: None }).await
        });
        engine.wait_for(
            "select count(*) from pg_stat_activity where query like 'create role%' and wait_event_type = 'Lock'",
        );
        let of_grant = credentials::Filter { grant: Some(grant.id.clone()), limit: 9, ..Default::default() };
        let lease = credentials::list(&house.ctx, &of_grant).await.unwrap().remove(0);
        assert_eq!(lease.state, State::Issuing);
        if by_grant {
            house.withdraw(&grant, grants::EndCause::Withdrawn).await;
        } else {
            let selection = Selection { grant: Some(grant.id.clone()), ..Selection::default() };
            assert_eq!(credentials::revoke_all(&house.ctx, &selection, "incident").await.unwrap(), 1);
        }
        round(&house).await;
        assert!(matches!(state(&house, &lease).await, State::Ending { .. }), "it may come to be yet");
        engine.let_go(held);
        let refused = issuing.await.unwrap().unwrap_err();
        assert!(matches!(&refused, CredentialError::NotLive(_)), "{refused}");
        round(&house).await;
        assert!(matches!(state(&house, &lease).await, State::Gone { .. }));
        assert!(engine.users(&house).is_empty());
        assert!(house.kinds(&lease.id).await.contains(&"credential.not_handed_out".to_owned()));
    }
}

#[tokio::test]
async fn a_session_outlives_no_revocation_also_when_somebody_else_dropped_its_user() {
    let (house, engine) = (House::with_running_clock().await, Engine::postgres());
    meet(&house, &engine).await;
    grant(&house, Channel::Credential, HOUR).await;
    let issued = issue(&house, None).await.unwrap();
    let mut session = engine.asleep_as(&issued.lease.name, password(&issued));
    engine.sql(&format!("drop role {}", issued.lease.name));
    let alive = || engine.sql("select count(*) from pg_stat_activity where wait_event = 'PgSleep'");
    assert_eq!(alive().trim(), "1");
    credentials::revoke(&house.ctx, &house.alice_signed_in(), &issued.lease.id, "the laptop was lost").await.unwrap();
    round(&house).await;
    assert!(matches!(state(&house, &issued.lease).await, State::Gone { .. }));
    assert_eq!(alive().trim(), "0");
    assert!(!session.wait().unwrap().success());
}
