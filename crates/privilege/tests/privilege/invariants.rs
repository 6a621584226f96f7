//! What must always hold, and that it is seen when it does not.

use crate::house::{House, MINUTE, on_both_engines};
use grants::{EndCause, enforce};
use ledger::{Entry, EventKind, Invariant, ROWS_AT_ONCE, finding};
use privilege::duties;
use privilege::invariants::{Depth, verify};
use privilege::sessions::{EndReason, Node};

const MALLORY: EventKind = EventKind { name: "test.mallory", doc: "" };

fn broken(invariants: Vec<Invariant>) -> Vec<&'static str> {
    invariants.into_iter().filter(|one| !one.broken.is_empty()).map(|one| one.name).collect()
}

pub(crate) async fn check(house: &House) -> Vec<&'static str> {
    broken(verify(&house.ctx, &house.node, Depth::Everything, ROWS_AT_ONCE).await.unwrap())
}

/// Somebody who can write the database but not the code.
pub(crate) async fn tamper(house: &House, sql: &'static str) {
    let mut tx = house.ctx.record(Entry::new(MALLORY, &"mallory")).await.unwrap();
    tx.run(sql, db::args![]).await.unwrap();
    tx.commit().await.unwrap();
}

on_both_engines! {
    async fn an_honest_house_breaks_none(house: House) {
        house.grant(MINUTE * 60, 2).await;
        let ended = house.open().await.unwrap();
        house.close(ended, EndReason::ClientClosed).await;
        let _live = house.open().await.unwrap();
        let all = verify(&house.ctx, &house.node, Depth::Everything, ROWS_AT_ONCE).await.unwrap();
        assert_eq!(all.iter().map(|one| one.checked).collect::<Vec<_>>(), [1, 1, 1, 2, 0, 0, 0, 0, 2, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(verify(&house.ctx, &house.node, Depth::Everything, 1).await.unwrap(), all, "in pages of one");
        assert_eq!(broken(all), Vec::<&str>::new());
        let elsewhere = Node { name: "node-2".into(), recordings_dir: "/no/such/folder".into(), ..house.node.clone() };
        assert_eq!(broken(verify(&house.ctx, &elsewhere, Depth::Everything, ROWS_AT_ONCE).await.unwrap()), Vec::<&str>::new());
    }

    async fn a_released_permit_under_a_live_session_is_seen(house: House) {
        house.grant(MINUTE * 60, 1).await;
        let session = house.open().await.unwrap();
        let mut tx = house.ctx.decide().await.unwrap();
        enforce::release(&mut tx, &session.id).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(check(&house).await, ["every live session has a permit"]);
    }

    async fn a_permit_without_a_live_session_is_seen_on_whatever_node_it_is(house: House) {
        house.grant(MINUTE * 60, 1).await;
        let session = house.open().await.unwrap();
        house.close(session, EndReason::ClientClosed).await;
        tamper(&house, "update permits set released_at = null, node = 'node-9'").await;
        assert_eq!(check(&house).await, ["every permit belongs to a live session"]);
    }

    async fn a_session_that_outlives_its_grant_is_seen(house: House) {
        let grant = house.grant(MINUTE * 60, 1).await;
        let _session = house.open().await.unwrap();
        house.withdraw(&grant, EndCause::Withdrawn).await;
        assert_eq!(check(&house).await, Vec::<&str>::new());
        house.clock.advance(MINUTE);
        assert_eq!(check(&house).await, ["every live session has a grant that stands"]);
    }

    async fn a_session_that_was_ended_in_the_database_alone_is_seen(house: House) {
        house.grant(MINUTE * 60, 1).await;
        let _session = house.open().await.unwrap();
        tamper(&house, "update sessions set ended_at = started_at, end_reason = 'killed', bytes_in = 0, bytes_out = 0").await;
        assert_eq!(
            check(&house).await,
            ["every permit belongs to a live session", "every session ends with its lease and recording"]
        );
    }

    async fn a_recording_that_is_gone_or_changed_is_seen(house: House) {
        house.grant(MINUTE * 60, 1).await;
        let session = house.open().await.unwrap();
        let file = house.folder.path().join(session.id.as_str());
        house.close(session, EndReason::ClientClosed).await;
        let mut bytes = std::fs::read(&file).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        std::fs::write(&file, bytes).unwrap();
        assert_eq!(check(&house).await, ["every recording is there and whole"]);
        std::fs::remove_file(&file).unwrap();
        assert_eq!(check(&house).await, ["every recording is there and whole"]);
    }

    async fn an_ended_grant_whose_session_nobody_closed_is_a_finding_that_names_the_server(house: House) {
        let grant = house.grant(MINUTE * 60, 1).await;
        let session = house.open().await.unwrap();
        session.recorder.finish().await;
        house.withdraw(&grant, EndCause::Withdrawn).await;
        house.clock.advance(MINUTE * 5);
        duties::run_once(&house.ctx).await.unwrap();
        let found = finding::list(&house.ctx).await.unwrap();
        let expected = format!("the server `node-1` that carried the session {} never closed it", session.id);
        assert!(found.len() == 1 && found[0].detail.contains(&expected), "{found:?}");

        assert_eq!(privilege::sessions::recover(&house.ctx, &house.node).await.unwrap(), 1);
        tamper(&house, "update leases set gone_at = ended_at").await;
        duties::run_once(&house.ctx).await.unwrap();
        assert!(finding::list(&house.ctx).await.unwrap()[0].cleared_at.is_some());
    }

    async fn an_ended_grant_whose_processes_would_not_end_is_a_finding_that_names_them(house: House) {
        let grant = house.grant(MINUTE * 60, 1).await;
        let session = house.open().await.unwrap();
        let id = session.id.clone();
        house.close(session, EndReason::Withdrawn).await;
        house.withdraw(&grant, EndCause::Withdrawn).await;
        tamper(&house, "update sessions set leftover_processes = 2").await;
        tamper(&house, "update leases set gone_at = ended_at").await;
        house.clock.advance(MINUTE * 5);
        duties::run_once(&house.ctx).await.unwrap();
        let found = finding::list(&house.ctx).await.unwrap();
        let expected = format!("processes of the session {id} that root may not end still run there (2 at the last visit)");
        assert!(found.len() == 1 && found[0].detail.contains(&expected), "{found:?}");
    }

    async fn a_grant_that_left_nothing_behind_is_reported_gone_and_a_late_one_is_a_finding_until_it_is(house: House) {
        let unused = house.grant(MINUTE * 60, 1).await;
        house.withdraw(&unused, EndCause::Withdrawn).await;
        duties::run_once(&house.ctx).await.unwrap();
        assert_eq!(house.kinds(&unused.id).await.last().unwrap(), "grant.gone");

        let used = house.grant(MINUTE * 60, 1).await;
        let session = house.open().await.unwrap();
        house.close(session, EndReason::Withdrawn).await;
        house.withdraw(&used, EndCause::Withdrawn).await;
        duties::run_once(&house.ctx).await.unwrap();
        assert!(finding::list(&house.ctx).await.unwrap().is_empty());
        house.clock.advance(MINUTE * 5);
        duties::run_once(&house.ctx).await.unwrap();
        duties::run_once(&house.ctx).await.unwrap();
        let found = finding::list(&house.ctx).await.unwrap();
        assert_eq!((found.len(), found[0].kind.as_str(), found[0].subject.as_str()), (1, "grant_not_gone", used.id.as_str()));
        assert_eq!(check(&house).await, ["every ended grant is observed gone"]);

        tamper(&house, "update leases set gone_at = ended_at").await;
        duties::run_once(&house.ctx).await.unwrap();
        duties::run_once(&house.ctx).await.unwrap();
        assert!(finding::list(&house.ctx).await.unwrap()[0].cleared_at.is_some());
        assert_eq!(check(&house).await, Vec::<&str>::new());
    }
}
