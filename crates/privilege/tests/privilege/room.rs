//! Without room for recordings nothing begins, and what is under way goes on.

use crate::house::{House, MINUTE, on_both_engines};
use ledger::finding;
use privilege::recordings::{Limits, verify, watch_room};
use privilege::sessions::{self, EndReason, Node, Opening};
use types::{Failure, Kind};

const LITTLE_ROOM: &str = "little_room_for_recordings";

/// The same node on a disk that can never have the room it must keep.
fn without_room(house: &House) -> Node {
    Node { recording_limits: Limits { reserve_bytes: u64::MAX, ..Limits::NONE }, ..house.node.clone() }
}

on_both_engines! {
    async fn below_the_reserve_no_session_begins_and_live_ones_go_on(house: House) {
        house.grant(MINUTE * 60, 2).await;
        let live = house.open().await.unwrap();
        let node = without_room(&house);
        let error = sessions::open(&house.ctx, &node, &house.opening()).await.unwrap_err();
        assert_eq!((error.code(), error.kind()), ("no_room_for_recordings", Kind::Unavailable));
        assert_eq!(
            error.to_string(),
            "this tenure server has too little room for recordings: tell an administrator"
        );
        assert_eq!(house.kinds(&house.alice).await.last().unwrap(), "session.not_opened");
        assert_eq!(house.recordings().len(), 1);
        let stranger = Opening { login: "deploy".into(), ..house.opening() };
        let error = sessions::open(&house.ctx, &node, &stranger).await.unwrap_err();
        assert_eq!(error.code(), "no_grant", "who has none learns nothing about a target");

        live.recorder.note("still recorded").await.unwrap();
        let id = live.id.clone();
        house.close(live, EndReason::ClientClosed).await;
        verify(&house.ctx, &house.node, &id).await.unwrap();
        house.open().await.unwrap();
    }

    async fn little_room_is_a_finding_until_there_is_more(house: House) {
        let open = async || finding::open(&house.ctx, LITTLE_ROOM).await.unwrap();
        watch_room(&house.ctx, &house.node).await.unwrap();
        assert_eq!(open().await, []);
        for _ in 0..2 {
            let free = watch_room(&house.ctx, &without_room(&house)).await.unwrap();
            assert!(free > 0 && free < u64::MAX);
        }
        let found = open().await;
        assert_eq!((found.len(), found[0].subject.as_str()), (1, "node-1"));
        assert!(found[0].detail.contains("no session begins there: make room"), "{}", found[0].detail);
        watch_room(&house.ctx, &house.node).await.unwrap();
        assert_eq!(open().await, []);
    }
}
