//! A grant that names port forwarding: a local port leads to where the host sees it, as a session of its own.

use crate::proven::must_be_proven;
use testbed::{Engine, Live, Testbed};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_forwarded_port_is_a_session_with_its_own_permit_and_end() {
    for engine in Engine::BOTH {
        let bed = Testbed::start(engine).await;
        let grant = bed.grant_of("deploy", &["port_forward"]).await;
        let destination = bed.host.addr().to_string();
        let mut forward = Live::start(bed.ssh_as(&bed.alice, "deploy@web-1", &["-W", &destination], &[]));
        assert!(forward.hear("SSH-2.0-").await.starts_with("OpenSSH"));
        let session = bed.live_session(&grant).await;
        forward.hang_up().await;
        let path = format!("/api/v1/sessions/{session}");
        bed.quiet(&grant).await;
        let told = bed.get(&bed.carol, &path).await.json;
        assert_eq!((told["channel"].as_str(), told["command"].as_str()), (Some("port_forward"), Some(&*destination)));
        assert!(told["bytes_out"].as_u64().unwrap() > 20, "{told}");
        let run = testbed::finish(bed.ssh(&bed.alice, "deploy", &["id"]).spawn().unwrap()).await;
        assert!(run.stderr.contains("does not allow exec (it allows port_forward)"), "{run:?}");
        bed.withdraw(&grant).await;
        bed.gone(&grant).await;
        assert_eq!(
            bed.timeline_with(&grant, &["channel", "cause"]).await,
            [
                "grant.issued by bob",
                "request.approved by bob",
                "permit.given by alice port_forward",
                "session.started by alice port_forward",
                "lease.issued by alice",
                "session.ended by alice",
                "permit.released by alice",
                "lease.ended by alice",
                "recording.sealed by alice",
                "lease.gone by tenure",
                "grant.ended by bob withdrawn",
                "grant.gone by tenure",
            ]
        );
        must_be_proven(&bed, &grant).await;
        bed.stop().await;
    }
}
