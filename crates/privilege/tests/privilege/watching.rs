//! Live sessions are told to end: by withdrawal, expiry, leaver, kill, and when the database cannot be asked.

use crate::house::{House, MINUTE, on_both_engines};
use grants::EndCause;
use privilege::sessions::watch::{CONTACT_LIMIT, Watch};
use privilege::sessions::{self, EndReason, Node};
use std::time::{Duration, Instant};

async fn within_a_second(told: &mut sessions::watch::Told) -> EndReason {
    tokio::time::timeout(Duration::from_secs(1), told.to_end()).await.expect("told within a second")
}

on_both_engines! {
    async fn a_withdrawal_reaches_the_session_at_once_and_no_other_session(house: House) {
        let watch = Watch::start(house.ctx.clone(), &house.node);
        let withdrawn = house.grant(MINUTE, 1).await;
        let first = house.open().await.unwrap();
        house.grant(MINUTE * 60, 1).await;
        let second = house.open().await.unwrap();
        assert_eq!(first.permit.grant(), &withdrawn.id);
        let (mut first, mut second) = (watch.attach(&first.id), watch.attach(&second.id));
        let started = Instant::now();
        house.withdraw(&withdrawn, EndCause::Withdrawn).await;
        assert_eq!(within_a_second(&mut first).await, EndReason::Withdrawn);
        assert!(started.elapsed() < Duration::from_millis(500), "{:?}", started.elapsed());
        assert_eq!(within_a_second(&mut first).await, EndReason::Withdrawn);
        assert!(tokio::time::timeout(Duration::from_millis(300), second.to_end()).await.is_err());
    }

    async fn expiry_leaver_and_kill_each_say_which(house: House) {
        let watch = Watch::start(house.ctx.clone(), &house.node);
        let leaver = house.grant(MINUTE, 1).await;
        let session = house.open().await.unwrap();
        let mut told = watch.attach(&session.id);
        house.withdraw(&leaver, EndCause::Leaver).await;
        assert_eq!(within_a_second(&mut told).await, EndReason::Leaver);

        house.grant(MINUTE * 5, 1).await;
        let session = house.open().await.unwrap();
        let mut told = watch.attach(&session.id);
        sessions::kill(&house.ctx, &session.id, "wrong host").await.unwrap();
        assert_eq!(within_a_second(&mut told).await, EndReason::Killed);

        house.grant(MINUTE * 10, 1).await;
        let session = house.open().await.unwrap();
        let mut told = watch.attach(&session.id);
        house.clock.advance(MINUTE * 10);
        assert_eq!(within_a_second(&mut told).await, EndReason::Expired);
    }

    async fn a_session_that_was_withdrawn_before_anybody_watched_it_is_told_too(house: House) {
        let grant = house.grant(MINUTE, 1).await;
        let session = house.open().await.unwrap();
        house.withdraw(&grant, EndCause::Withdrawn).await;
        let watch = Watch::start(house.ctx.clone(), &house.node);
        let mut told = watch.attach(&session.id);
        assert_eq!(within_a_second(&mut told).await, EndReason::Withdrawn);
    }

    async fn sessions_end_when_the_database_is_out_of_reach_for_too_long(house: House) {
        let watch = Watch::start(house.ctx.clone(), &house.node);
        house.grant(MINUTE, 1).await;
        let session = house.open().await.unwrap();
        let mut told = watch.attach(&session.id);
        house.fixture.db.close().await;
        assert!(tokio::time::timeout(Duration::from_millis(600), told.to_end()).await.is_err());
        house.clock.advance(CONTACT_LIMIT);
        assert_eq!(within_a_second(&mut told).await, EndReason::LostContact);
    }

    async fn a_session_that_another_server_of_this_name_took_for_crashed_ends_here_too(house: House) {
        let watch = Watch::start(house.ctx.clone(), &house.node);
        let grant = house.grant(MINUTE, 1).await;
        let session = house.open().await.unwrap();
        let mut told = watch.attach(&session.id);
        assert!(tokio::time::timeout(Duration::from_millis(600), told.to_end()).await.is_err());
        let second = tempfile::tempdir().unwrap();
        let second = Node::new(house.node.name.clone(), second.path());
        assert_eq!(sessions::recover(&house.ctx, &second).await.unwrap(), 1);
        assert_eq!(within_a_second(&mut told).await, EndReason::NodeCrashed);
        assert_eq!(house.kinds(&grant.id).await.iter().filter(|kind| *kind == "session.ended").count(), 1);
    }

    async fn a_session_whose_permit_was_given_back_ends(house: House) {
        let watch = Watch::start(house.ctx.clone(), &house.node);
        house.grant(MINUTE, 1).await;
        let session = house.open().await.unwrap();
        let mut told = watch.attach(&session.id);
        let mut tx = house.ctx.decide().await.unwrap();
        grants::enforce::release(&mut tx, &session.id).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(within_a_second(&mut told).await, EndReason::NodeCrashed);
    }

    async fn a_node_that_stops_tells_every_session(house: House) {
        let watch = Watch::start(house.ctx.clone(), &house.node);
        house.grant(MINUTE, 2).await;
        let sessions = [house.open().await.unwrap(), house.open().await.unwrap()];
        let mut told = sessions.each_ref().map(|session| watch.attach(&session.id));
        watch.tell_all(EndReason::NodeStopped);
        for told in &mut told {
            assert_eq!(within_a_second(told).await, EndReason::NodeStopped);
        }
    }
}
