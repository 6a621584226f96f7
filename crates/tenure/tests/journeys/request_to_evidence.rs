//! Alice asks, Bob approves, Alice works, the grant is withdrawn; nothing is left and everything is proven.

use crate::proven::must_be_proven;
use crate::under_way::BOUND;
use testbed::{Engine, Testbed};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_becomes_a_recorded_session_and_evidence_that_verifies_offline() {
    for engine in Engine::BOTH {
        let bed = Testbed::start(engine).await;
        let refused = bed.run(&bed.alice, "id -un").await;
        assert!(refused.stderr.contains("no grant for root on web-1: request one with `tenure request"), "{refused:?}");
        let grant = bed.grant("root", 10).await;
        let run = bed.run(&bed.alice, "id -un; echo oops >&2; exit 7").await;
        assert_eq!((run.stdout.as_str(), run.stderr.as_str(), run.code()), ("root\n", "oops\n", Some(7)));
        assert!(bed.eventually(BOUND, || bed.nothing_lives(&grant)).await, "{:?}", bed.sessions_of(&grant).await);
        bed.quiet(&grant).await;
        bed.withdraw(&grant).await;
        bed.gone(&grant).await;
        assert_eq!(
            bed.timeline(&grant).await,
            [
                "grant.issued by bob",
                "request.approved by bob",
                "permit.given by alice",
                "session.started by alice",
                "lease.issued by alice",
                "session.ended by alice",
                "permit.released by alice",
                "lease.ended by alice",
                "recording.sealed by alice",
                "lease.gone by tenure",
                "grant.ended by bob",
                "grant.gone by tenure",
            ]
        );
        must_be_proven(&bed, &grant).await;
        bed.stop().await;
    }
}
