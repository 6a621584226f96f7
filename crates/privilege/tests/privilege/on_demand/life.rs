//! One credential from its making to its end.

use super::*;
use authn::tokens;
use grants::{EndCause, Refusal};
use ledger::finding;
use privilege::credentials::Cause;
use types::{Failure, Role};

/// Runs a scenario with each database, each time on another engine of Tenure's own.
macro_rules! with_both_databases {
    ($(async fn $name:ident($house:ident: House, $engine:ident: Engine) $body:block)+) => { $(
        mod $name {
            use super::*;

            async fn scenario($house: House, $engine: Engine) $body

            #[tokio::test(flavor = "multi_thread")]
            async fn of_postgresql() {
                let (house, engine) = (House::with_running_clock_on_postgresql().await, Engine::postgres());
                meet(&house, &engine).await;
                scenario(house, engine).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn of_mariadb() {
                let (house, engine) = (House::with_running_clock().await, Engine::mariadb());
                meet(&house, &engine).await;
                scenario(house, engine).await;
            }
        }
    )+ };
}

with_both_databases! {
    async fn a_user_works_from_its_making_until_its_grant_is_withdrawn_and_is_then_seen_gone(
        house: House, engine: Engine
    ) {
        let grant = grant(&house, Channel::Credential, HOUR).await;
        let issued = issue(&house, Some(TEN)).await.unwrap();
        let (lease, secret) = (&issued.lease, password(&issued).to_owned());
        assert_eq!(engine.orders_as(&lease.name, &secret).as_deref(), Ok("7"));
        assert!(engine.orders_as(&lease.name, "wrong").is_err());
        assert_eq!(engine.users(&house), std::slice::from_ref(&lease.name));
        assert_eq!((state(&house, lease).await, lease.grant.clone()), (State::Live, grant.id.clone()));

        round(&house).await;
        assert_eq!(state(&house, lease).await, State::Live, "nothing ends that is not due");
        house.withdraw(&grant, EndCause::Withdrawn).await;
        round(&house).await;
        assert!(matches!(state(&house, lease).await, State::Gone { cause: Cause::GrantEnded, .. }));
        assert!(engine.orders_as(&lease.name, &secret).is_err());
        assert!(engine.users(&house).is_empty());
        assert!(matches!(grants::get(&house.ctx, &grant.id).await.unwrap().state, grants::State::Gone { .. }));
        let evidence = ["credential.ordered", "credential.issued", "credential.ended", "credential.gone"];
        assert_eq!(house.kinds(&lease.id).await, evidence);
        let kinds = house.kinds(&grant.id).await;
        assert_eq!(kinds.last().unwrap(), "grant.gone");
        assert!(evidence.iter().all(|kind| kinds.iter().any(|known| known == kind)), "{kinds:?}");
    }

    async fn what_a_user_made_stays_with_its_role_and_what_it_has_open_is_cut(house: House, engine: Engine) {
        grant(&house, Channel::Credential, HOUR).await;
        let issued = issue(&house, None).await.unwrap();
        let first = issue(&house, None).await.unwrap();
        assert_ne!((password(&issued), &issued.lease.name), (password(&first), &first.lease.name));
        credentials::revoke(&house.ctx, &house.alice_signed_in(), &issued.lease.id, "the laptop was lost").await.unwrap();
        credentials::revoke(&house.ctx, &house.alice_signed_in(), &issued.lease.id, "asked twice").await.unwrap();
        round(&house).await;
        assert!(matches!(state(&house, &issued.lease).await, State::Gone { cause: Cause::Revoked, .. }));
        assert_eq!(state(&house, &first.lease).await, State::Live);
        assert_eq!(engine.orders_as(&first.lease.name, password(&first)).as_deref(), Ok("7"));
    }
}

#[tokio::test]
async fn without_a_grant_for_the_channel_nothing_is_made_and_the_refusal_is_evidence() {
    let (house, engine) = (House::with_running_clock().await, Engine::postgres());
    meet(&house, &engine).await;
    let refused = issue(&house, None).await.unwrap_err();
    assert!(matches!(&refused, CredentialError::Refused(Refusal::NoGrant { .. })), "{refused}");
    grant(&house, Channel::Checkout, HOUR).await;
    let refused = issue(&house, None).await.unwrap_err();
    assert!(matches!(&refused, CredentialError::Refused(Refusal::Channel { .. })), "{refused}");
    grant(&house, Channel::Credential, TEN).await;
    assert_eq!(issue(&house, Some(HOUR * 2)).await.unwrap_err().code(), "lease_term");
    assert!(engine.users(&house).is_empty());
    let refusals = house.kinds(&house.alice).await.into_iter().filter(|kind| kind == "permit.refused");
    assert_eq!(refusals.count(), 2);

    let lease = issue(&house, None).await.unwrap().lease;
    assert!(lease.ends_at <= house.ctx.now().plus(TEN), "not longer than the grant");
}

#[tokio::test]
async fn a_lease_ends_with_its_time_unless_it_is_renewed_and_never_later_than_it_may() {
    let (house, engine) = (House::with_running_clock().await, Engine::postgres());
    meet(&house, &engine).await;
    grant(&house, Channel::Credential, HOUR * 10).await;
    let short = issue(&house, Some(TEN)).await.unwrap().lease;
    let renewed = issue(&house, Some(TEN)).await.unwrap();
    let (id, auditor) = (&renewed.lease.id, house.auditor());
    let stranger = house.caller(&auditor.identity, Role::Member);
    assert_eq!(credentials::get(&house.ctx, &stranger, id).await.unwrap_err().code(), "no_such_lease");
    assert_eq!(credentials::renew(&house.ctx, &stranger, id, None).await.unwrap_err().code(), "no_such_lease");
    assert_eq!(credentials::renew(&house.ctx, &auditor, id, None).await.unwrap_err().code(), "not_the_holder");
    assert_eq!(credentials::revoke(&house.ctx, &stranger, id, "spite").await.unwrap_err().code(), "no_such_lease");
    assert_eq!(credentials::revoke(&house.ctx, &auditor, id, "spite").await.unwrap_err().code(), "not_the_holder");
    let until =
        credentials::renew(&house.ctx, &house.alice_signed_in(), &renewed.lease.id, None).await.unwrap().ends_at;
    assert_eq!(until, renewed.lease.ordered_at.plus(HOUR));
    let again =
        credentials::renew(&house.ctx, &house.alice_signed_in(), &renewed.lease.id, Some(HOUR)).await.unwrap_err();
    assert_eq!(again.code(), "not_later");

    house.clock.advance(TEN);
    assert_eq!(
        credentials::renew(&house.ctx, &house.alice_signed_in(), &short.id, None).await.unwrap_err().code(),
        "not_live"
    );
    round(&house).await;
    assert!(matches!(state(&house, &short).await, State::Gone { cause: Cause::Expired, .. }));
    assert_eq!(engine.users(&house), std::slice::from_ref(&renewed.lease.name));
    assert_eq!(engine.orders_as(&renewed.lease.name, password(&renewed)).as_deref(), Ok("7"));
    house.clock.advance(HOUR);
    round(&house).await;
    assert!(engine.users(&house).is_empty());
}

#[tokio::test]
async fn what_the_service_refuses_is_not_handed_out_and_nothing_of_it_is_left() {
    let (house, engine) = (House::with_running_clock().await, Engine::postgres());
    meet(&house, &engine).await;
    let grant = grant(&house, Channel::Credential, HOUR).await;
    engine.sql("drop owned by readers; drop role readers");
    assert!(matches!(issue(&house, None).await.unwrap_err(), CredentialError::Connector(_)));
    let lease = credentials::list(&house.ctx, &credentials::Filter { limit: 9, ..Default::default() }).await.unwrap();
    assert!(matches!(lease[0].state, State::Ending { cause: Cause::NotIssued, .. }), "{lease:?}");
    house.withdraw(&grant, EndCause::Withdrawn).await;
    duties::run_once(&house.ctx).await.unwrap();
    assert!(matches!(grants::get(&house.ctx, &grant.id).await.unwrap().state, grants::State::Ended(_)));
    round(&house).await;
    assert!(matches!(state(&house, &lease[0]).await, State::Gone { cause: Cause::NotIssued, .. }));
    assert!(matches!(grants::get(&house.ctx, &grant.id).await.unwrap().state, grants::State::Gone { .. }));
}

#[tokio::test]
async fn what_a_crash_left_half_made_is_removed_and_its_grant_waits_for_that() {
    for cause in [Cause::NotIssued, Cause::GrantEnded] {
        left_half_made(cause).await;
    }
}

async fn left_half_made(cause: Cause) {
    let (house, engine) = (House::with_running_clock().await, Engine::postgres());
    meet(&house, &engine).await;
    // A service that takes the connection and never answers, so that the maker can be stopped in the middle.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    move_service(&house, "orders", silent.local_addr().unwrap().port()).await;
    let grant = grant(&house, Channel::Credential, HOUR).await;
    let cut = tokio::time::timeout(Duration::from_millis(500), issue(&house, None)).await;
    assert!(cut.is_err());
    let lease = credentials::list(&house.ctx, &credentials::Filter { limit: 9, ..Default::default() }).await.unwrap();
    assert_eq!((lease.len(), lease[0].state), (1, State::Issuing));
    assert_eq!(house.kinds(&lease[0].id).await, ["credential.ordered"]);
    assert_eq!(
        credentials::revoke(&house.ctx, &house.alice_signed_in(), &lease[0].id, "?").await.unwrap_err().code(),
        "not_live"
    );

    // It had reached the database before the crash.
    engine.sql(&format!("create role {} login in role readers", lease[0].name));
    if cause == Cause::GrantEnded {
        house.withdraw(&grant, EndCause::Withdrawn).await;
    }
    round(&house).await;
    let gone = matches!(state(&house, &lease[0]).await, State::Gone { .. });
    assert!(!gone, "its maker may still be at work");
    move_service(&house, "orders", engine.port()).await;
    house.clock.advance(Duration::from_secs(121));
    round(&house).await;
    let State::Gone { cause: ended, .. } = state(&house, &lease[0]).await else { panic!("it is there") };
    assert_eq!((ended, engine.users(&house)), (cause, vec![]));
    if cause == Cause::NotIssued {
        house.withdraw(&grant, EndCause::Withdrawn).await;
        round(&house).await;
    }
    assert!(matches!(grants::get(&house.ctx, &grant.id).await.unwrap().state, grants::State::Gone { .. }));
    assert!(finding::open(&house.ctx, "revocation_backlog").await.unwrap().is_empty());
}

const MOVED: ledger::EventKind = ledger::EventKind { name: "test.moved", doc: "" };

/// As a name leads to another address: nobody may declare a service anew while its administrator's password is kept.
pub(crate) async fn move_service(house: &House, name: &str, port: u16) {
    let mut tx = house.ctx.record(ledger::Entry::new(MOVED, &name)).await.unwrap();
    let there = format!("{{\"host\":\"127.0.0.1\",\"port\":{port},\"tls\":\"loopback_plain\"}}");
    tx.run_one("update services set server = $1 where name = $2", db::args![there, name]).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn what_a_token_ordered_ends_with_it_and_nothing_else_does() {
    let (house, engine) = (House::with_running_clock().await, Engine::postgres());
    meet(&house, &engine).await;
    grant(&house, Channel::Credential, HOUR).await;
    let [revoked, expires, stays] = [house.token(HOUR).await, house.token(TEN).await, house.token(HOUR).await];
    let by_hand = issue(&house, None).await.unwrap().lease;
    let [first, second, third] = [
        issue_by(&house, &revoked).await.unwrap().lease,
        issue_by(&house, &expires).await.unwrap().lease,
        issue_by(&house, &stays).await.unwrap().lease,
    ];
    assert!(house.kinds(&revoked).await.contains(&"credential.ordered".to_owned()));
    round(&house).await;
    tokens::revoke(&house.ctx, &house.alice, &revoked).await.unwrap();
    round(&house).await;
    assert!(matches!(state(&house, &first).await, State::Gone { cause: Cause::TokenEnded, .. }));
    assert_eq!(state(&house, &second).await, State::Live);
    house.clock.advance(TEN);
    round(&house).await;
    assert!(matches!(state(&house, &second).await, State::Gone { cause: Cause::TokenEnded, .. }));
    assert_eq!(issue_by(&house, &revoked).await.unwrap_err().code(), "not_live", "it ended before it was handed out");
    round(&house).await;
    for lease in [&by_hand, &third] {
        assert_eq!(state(&house, lease).await, State::Live);
    }
    assert_eq!(engine.users(&house).len(), 2);
}

#[tokio::test]
async fn a_grant_has_no_more_of_a_profile_at_a_time_than_that_allows() {
    let (house, engine) = (House::with_running_clock().await, Engine::postgres());
    meet(&house, &engine).await;
    credentials::declare(&house.ctx, &[Declaration { max_live: 2, ..profile("readers") }]).await.unwrap();
    let grant = grant(&house, Channel::Credential, HOUR).await;
    let first = issue(&house, None).await.unwrap().lease;
    issue(&house, None).await.unwrap();
    for _ in 0..2 {
        assert_eq!(issue(&house, None).await.unwrap_err().code(), "too_many_leases");
    }
    credentials::revoke(&house.ctx, &house.alice_signed_in(), &first.id, "done").await.unwrap();
    assert_eq!(issue(&house, None).await.unwrap_err().code(), "too_many_leases", "it is there until it is seen gone");
    round(&house).await;
    assert_eq!(issue(&house, None).await.unwrap().lease.grant, grant.id);
}
