//! Recordings for a grant's bundle.

use crate::house::{House, MINUTE, on_both_engines};
use crate::invariants::tamper;
use bytes::Bytes;
use privilege::evidence::attachments;
use privilege::sessions::EndReason;
use types::{Failure, Kind};

on_both_engines! {
    async fn a_bundle_holds_every_recording_of_its_grant_unless_they_are_too_long_together(house: House) {
        let grant = house.grant(MINUTE * 60, 2).await;
        for text in ["one\n", "two\n"] {
            let session = house.open().await.unwrap();
            session.recorder.output(Bytes::from_static(text.as_bytes())).await.unwrap();
            house.close(session, EndReason::ClientClosed).await;
        }
        let _live = house.open().await.unwrap();
        let found = attachments(&house.ctx, &house.node, &grant.id).await.unwrap();
        assert_eq!(found.len(), 2);
        assert!(found[0].asciicast.contains("one") && found[1].asciicast.contains("two"));

        tamper(&house, "update recordings set bytes = 300 * 1024 * 1024 where sealed_at is not null").await;
        let error = attachments(&house.ctx, &house.node, &grant.id).await.unwrap_err();
        assert_eq!((error.code(), error.kind()), ("evidence_too_large", Kind::Invalid));
        assert!(error.to_string().contains("600 MiB") && error.to_string().contains("tenure sessions replay"), "{error}");
    }
}
