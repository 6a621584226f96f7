//! After a crash: sessions that nobody carries are ended, and their recordings sealed as far as they came.

use crate::house::{House, MINUTE, ended, on_both_engines};
use crate::invariants::tamper;
use bytes::Bytes;
use privilege::recordings::{self, Damage, RecordingError};
use privilege::sessions::{self, EndReason, Node, Opened};
use std::path::PathBuf;
use std::time::Duration;
use types::{Failure, Kind, SessionId};

fn file(house: &House, session: &SessionId) -> PathBuf {
    house.folder.path().join(session.as_str())
}

/// What a crash leaves: the file as it is now, and nobody who carries the session.
async fn crash(house: &House, opened: Opened) -> SessionId {
    let path = file(house, &opened.id);
    let id = opened.id.clone();
    opened.recorder.output(Bytes::from_static(b"before the crash\n")).await.unwrap();
    opened.recorder.finish().await;
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(path, &bytes[..bytes.len() - 3]).unwrap();
    id
}

on_both_engines! {
    async fn what_a_crash_left_open_is_closed_at_the_next_start_and_only_on_its_node(house: House) {
        house.grant(MINUTE * 60, 2).await;
        let crashed = crash(&house, house.open().await.unwrap()).await;
        let elsewhere = Node { name: "node-2".into(), ..house.node.clone() };
        let other = sessions::open(&house.ctx, &elsewhere, &house.opening()).await.unwrap();
        let orphan = SessionId::new(&house.clock, house.ctx.chance());
        let header = format!("{{\"tenure_recording\":1,\"session\":\"{orphan}\",\"node\":\"node-1\"}}\n");
        std::fs::write(file(&house, &orphan), header).unwrap();
        std::fs::write(house.folder.path().join("lost+found"), "").unwrap();

        assert_eq!(sessions::recover(&house.ctx, &house.node).await.unwrap(), 1);
        assert_eq!(sessions::recover(&house.ctx, &house.node).await.unwrap(), 0);
        let session = sessions::get(&house.ctx, &crashed).await.unwrap();
        assert_eq!(session.outcome().unwrap().reason, EndReason::NodeCrashed);
        assert!(sessions::get(&house.ctx, &other.id).await.unwrap().is_live());
        assert!(!file(&house, &orphan).exists() && file(&house, &other.id).exists());
        assert!(house.folder.path().join("lost+found").exists());
        let recordings::State::Sealed { proof, .. } = recordings::get(&house.ctx, &crashed).await.unwrap().state else {
            panic!("not sealed")
        };
        assert_eq!(proof.damage, Some(Damage::Crashed));
        recordings::verify(&house.ctx, &house.node, &crashed).await.unwrap();
        house.open().await.unwrap();
    }

    async fn an_end_that_fails_for_whatever_reason_is_tried_again_until_it_is_kept(house: House) {
        let grant = house.grant(MINUTE * 60, 1).await;
        let opened = house.open().await.unwrap();
        let end = ended(&opened.id, EndReason::ClientClosed, opened.recorder.finish().await);
        tamper(&house, "alter table recordings rename to hidden").await;
        let failure = sessions::close(&house.ctx, &end).await.unwrap_err();
        assert_eq!(failure.kind(), Kind::Internal, "{failure}");
        let mut closing = Box::pin(sessions::close_surely(&house.ctx, &end));
        let early = tokio::time::timeout(Duration::from_millis(500), &mut closing).await;
        assert!(early.is_err(), "{early:?}");
        tamper(&house, "alter table hidden rename to recordings").await;
        let closed = tokio::time::timeout(Duration::from_secs(10), closing).await.expect("tried again").unwrap();
        assert_eq!(closed.outcome().unwrap().reason, EndReason::ClientClosed);
        assert!(house.kinds(&grant.id).await.contains(&"permit.released".to_owned()));
        house.open().await.unwrap();

        let nobody = sessions::Ended { session: SessionId::new(&house.clock, house.ctx.chance()), ..end };
        let unknown = sessions::close_surely(&house.ctx, &nobody).await.unwrap_err();
        assert_eq!(unknown.kind(), Kind::NotFound, "{unknown}");
    }

    async fn a_session_whose_recording_is_lost_is_closed_and_says_so(house: House) {
        house.grant(MINUTE * 60, 1).await;
        let opened = house.open().await.unwrap();
        let id = opened.id.clone();
        drop(opened.recorder.finish().await);
        std::fs::remove_file(file(&house, &id)).unwrap();
        assert_eq!(sessions::recover(&house.ctx, &house.node).await.unwrap(), 1);
        let lines = ledger::timeline::about(&house.ctx, &id).await.unwrap();
        let sealed = lines.iter().find(|line| line.kind == "recording.sealed").unwrap();
        assert_eq!(sealed.body["damage"], "missing");
        assert!(matches!(recordings::replay(&house.ctx, &house.node, &id).await, Err(RecordingError::Unreadable { .. })));
    }

    async fn a_recording_changed_cut_or_replaced_after_its_seal_is_refused(house: House) {
        house.grant(MINUTE * 60, 2).await;
        let (opened, other) = (house.open().await.unwrap(), house.open().await.unwrap());
        let (id, other_id) = (opened.id.clone(), other.id.clone());
        opened.recorder.output(Bytes::from_static(b"one")).await.unwrap();
        house.close(opened, EndReason::ClientClosed).await;
        house.close(other, EndReason::ClientClosed).await;
        let path = file(&house, &id);
        let whole = std::fs::read(&path).unwrap();
        recordings::verify(&house.ctx, &house.node, &id).await.unwrap();
        for at in (0..whole.len()).step_by(7) {
            let mut changed = whole.clone();
            changed[at] ^= 0x20;
            std::fs::write(&path, changed).unwrap();
            let refused = recordings::replay(&house.ctx, &house.node, &id).await;
            assert!(matches!(refused, Err(RecordingError::Broken { .. })), "byte {at}: {refused:?}");
            std::fs::write(&path, &whole[..at]).unwrap();
            assert!(recordings::verify(&house.ctx, &house.node, &id).await.is_err(), "cut at {at}");
        }
        std::fs::write(&path, [&whole[..], b"more"].concat()).unwrap();
        assert!(recordings::verify(&house.ctx, &house.node, &id).await.is_err());
        std::fs::copy(file(&house, &other_id), &path).unwrap();
        assert!(recordings::verify(&house.ctx, &house.node, &id).await.is_err());
        std::fs::write(&path, &whole).unwrap();
        recordings::verify(&house.ctx, &house.node, &id).await.unwrap();
    }

    async fn a_late_close_after_recovery_changes_nothing(house: House) {
        house.grant(MINUTE * 60, 1).await;
        let opened = house.open().await.unwrap();
        let id = opened.id.clone();
        let sealed = opened.recorder.finish().await;
        sessions::recover(&house.ctx, &house.node).await.unwrap();
        let late = sessions::close(&house.ctx, &ended(&id, EndReason::ClientClosed, sealed)).await.unwrap();
        assert_eq!(late.outcome().unwrap().reason, EndReason::NodeCrashed);
        recordings::verify(&house.ctx, &house.node, &id).await.unwrap();
    }
}
