//! Bob withdraws a grant while Alice works with it: she is told why and let go within a second, nothing of hers is
//! left on the host, and the host refuses the certificate of her session.

use crate::proven::must_be_proven;
use crate::under_way::UnderWay;
use connectors::linux::Probe;
use std::time::Duration;
use testbed::{Engine, Revocation, Testbed};
use tokio::time::Instant;

/// A certificate's whole life, and the second that a host may round it up to.
const TWO_MINUTES: Duration = Duration::from_secs(121);

const STORY: [&str; 12] = [
    "grant.issued by bob",
    "request.approved by bob",
    "permit.given by alice",
    "session.started by alice",
    "lease.issued by alice",
    "grant.ended by bob withdrawn",
    "session.ended by alice withdrawn",
    "permit.released by alice",
    "lease.ended by alice",
    "recording.sealed by alice",
    "lease.gone by tenure",
    "grant.gone by tenure",
];

fn line(login: &str) -> String {
    format!(
        "your access to {login}@web-1 ended: the grant was withdrawn: \
         request it again with `tenure request {login}@web-1 --for 1h --reason TEXT`"
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_withdrawal_ends_a_live_shell_command_and_transfer_and_their_certificates_at_once() {
    for engine in Engine::BOTH {
        let bed = Testbed::start(engine).await;
        for channel in ["shell", "exec", "sftp"] {
            let login = if channel == "shell" { "root" } else { "deploy" };
            let grant = bed.grant(login, 10).await;
            let session = match channel {
                "shell" => UnderWay::shell(&bed, &grant, login).await,
                "exec" => UnderWay::exec(&bed, &grant, login).await,
                _ => UnderWay::sftp(&bed, &grant, login).await,
            };
            bed.withdraw(&grant).await;
            let since = Instant::now();
            println!("{engine:?}, {channel}:");
            session.must_be_over(&bed, since, &line(login)).await;
            let again = testbed::finish(bed.ssh(&bed.alice, login, &["id"]).spawn().unwrap()).await;
            assert!(again.stderr.contains("was withdrawn at") && again.code() == Some(255), "{again:?}");
            bed.gone(&grant).await;
            assert_eq!(bed.timeline_with(&grant, &["cause", "reason"]).await, STORY, "{channel}");
            must_be_proven(&bed, &grant).await;
        }
        bed.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_without_the_revocation_list_refuses_the_certificate_when_its_two_minutes_are_over() {
    for engine in Engine::BOTH {
        let bed = Testbed::start_with(engine, Revocation::HostWaitsForExpiry).await;
        let grant = bed.grant("deploy", 10).await;
        let session = UnderWay::exec(&bed, &grant, "deploy").await;
        let credential = session.credential.clone();
        bed.withdraw(&grant).await;
        session.must_be_let_go(&bed, Instant::now(), &line("deploy")).await;
        assert_eq!(bed.offer(&credential, bed.host.addr()).await, Probe::Accepted, "the host cannot know yet");
        let grant_path = format!("/api/v1/grants/{grant}");
        assert_eq!(bed.get(&bed.carol, &grant_path).await.json["state"], "ended");

        let host = bed.host.clone();
        let later = testbed::blocking(move || host.shift(TWO_MINUTES).unwrap()).await;
        assert_eq!(bed.offer(&credential, bed.host.addr()).await, Probe::Refused);
        bed.clock.advance(TWO_MINUTES);
        bed.gone(&grant).await;
        assert_eq!(bed.timeline_with(&grant, &["cause", "reason"]).await, STORY);
        must_be_proven(&bed, &grant).await;
        testbed::blocking(move || drop(later)).await;
        bed.stop().await;
    }
}
