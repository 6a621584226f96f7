//! Nobody passes without a permit, on no channel: one line says why and what to do, the host hears nothing of it, and
//! the ledger keeps that somebody tried.

use crate::proven::must_be_proven;
use std::time::Duration;
use testbed::{Engine, Person, Run, Testbed, finish};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::process::Command;
use tokio::sync::Mutex;

const NO_GRANT: &str =
    "no grant for root on web-1: request one with `tenure request root@web-1 --for 1h --reason TEXT`";

async fn end(mut client: Command) -> Run {
    tokio::time::timeout(Duration::from_secs(30), finish(client.spawn().unwrap())).await.expect("the client ends")
}

/// A client with these options and arguments, to its end.
async fn ssh(bed: &Testbed, person: &Person, user: &str, options: &[&str], arguments: &[&str]) -> Run {
    let mut client = bed.ssh_as(person, user, options, arguments);
    client.env("DISPLAY", "127.0.0.1:9").env_remove("XAUTHORITY");
    end(client).await
}

fn refused(run: &Run, line: &str) {
    let told = run.stderr.lines().filter(|told| told.trim().contains(line)).count();
    assert_eq!(told, 1, "{run:?}");
    assert_ne!(run.code(), Some(0), "{run:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_permit_every_channel_is_refused_and_the_host_hears_nothing() {
    for engine in Engine::BOTH {
        let bed = Testbed::start(engine).await;
        let log = bed.sshd_log().await;
        let alice = &bed.alice;
        refused(&ssh(&bed, alice, "root@web-1", &["-tt"], &[]).await, NO_GRANT);
        refused(&ssh(&bed, alice, "root@web-1", &[], &["id"]).await, NO_GRANT);
        refused(&end(bed.sftp(alice, "root", "/dev/null")).await, NO_GRANT);
        refused(&ssh(&bed, alice, "root@web-1", &["-W", "127.0.0.1:22", "-o", "LogLevel=INFO"], &[]).await, NO_GRANT);
        refused(&local_forward(&bed).await, NO_GRANT);
        refused(&dynamic_forward(&bed).await, NO_GRANT);
        assert_eq!(
            bed.timeline_with(alice.id.as_str(), &["login", "channel", "code"]).await.split_off(3),
            [
                "permit.refused by alice root shell no_grant",
                "permit.refused by alice root exec no_grant",
                "permit.refused by alice root sftp no_grant",
                "permit.refused by alice root port_forward no_grant",
                "permit.refused by alice root port_forward no_grant",
                "permit.refused by alice root port_forward no_grant",
            ]
        );

        for (options, line) in [
            (&["-R", "0:127.0.0.1:1"][..], "forwarding of remote ports is not offered"),
            (&["-A", "-o", "ForwardAgent=yes"], NO_GRANT),
            (&["-Y"], "x11 forwarding is not offered"),
        ] {
            let run = ssh(&bed, alice, "root@web-1", options, &["id"]).await;
            refused(&run, line);
            refused(&run, NO_GRANT);
        }
        let other = ssh(&bed, alice, "root@web-1", &["-s"], &["netconf"]).await;
        refused(&other, "subsystem request failed on channel 0");

        for (user, line) in [
            ("root@nowhere", "no grant for root on nowhere: request one with `tenure request root@nowhere"),
            ("nobody@web-1", "no grant for nobody on web-1: request one with `tenure request nobody@web-1"),
            ("web-1", "LOGIN@TARGET"),
        ] {
            refused(&ssh(&bed, alice, user, &[], &["id"]).await, line);
        }
        refused(&ssh(&bed, &bed.mallory, "root@web-1", &[], &["id"]).await, NO_GRANT);
        let refused_to_mallory = "permit.refused by mallory root exec no_grant".to_owned();
        let told = bed.timeline_with(bed.mallory.id.as_str(), &["login", "channel", "code"]).await;
        assert_eq!(told.last(), Some(&refused_to_mallory));
        let asked =
            serde_json::json!({"target": "web-1", "login": "root", "minutes": 5, "reason": "because I want it"});
        let asked = bed.post(&bed.mallory, "/api/v1/requests", asked).await;
        assert_eq!((asked.status, asked.json["code"].as_str()), (403, Some("not_eligible")));

        let unused = bed.grant("root", 10).await;
        bed.withdraw(&unused).await;
        bed.gone(&unused).await;
        assert_eq!(bed.sshd_log().await, log, "the host heard of it");
        let bundle = privilege::evidence::verify_bundle(&bed.evidence(&unused).await).unwrap();
        let told = bundle.facts.iter().filter(|fact| fact.kind == "permit.refused" && fact.thread == alice.id.as_str());
        assert_eq!(told.count(), bed.refusals_of(alice).await.len(), "the bundle tells every refusal");
        must_be_proven(&bed, &unused).await;
        bed.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_grant_for_one_channel_opens_no_other() {
    for engine in Engine::BOTH {
        let bed = Testbed::start(engine).await;
        let log = bed.sshd_log().await;
        let grant = bed.grant_of("deploy", &["sftp"]).await;
        let line = |channel| format!("your grant for deploy on web-1 does not allow {channel} (it allows sftp)");
        refused(&ssh(&bed, &bed.alice, "deploy@web-1", &["-tt"], &[]).await, &line("shell"));
        refused(&ssh(&bed, &bed.alice, "deploy@web-1", &[], &["id"]).await, &line("exec"));
        let forward = ssh(&bed, &bed.alice, "deploy@web-1", &["-W", "127.0.0.1:22", "-o", "LogLevel=INFO"], &[]).await;
        refused(&forward, &line("port_forward"));
        let opened = |log: &str| log.matches("Accepted publickey").count();
        assert_eq!(opened(&bed.sshd_log().await), opened(&log), "no certificate was shown");
        let batch = bed.folder().join("batch");
        std::fs::write(&batch, "pwd\n").unwrap();
        let run = end(bed.sftp(&bed.alice, "deploy", batch.to_str().unwrap())).await;
        assert!(run.stdout.contains("/home/deploy") && run.code() == Some(0), "{run:?}");
        bed.withdraw(&grant).await;
        bed.gone(&grant).await;
        must_be_proven(&bed, &grant).await;

        let other = bed.grant_of("deploy", &["shell", "exec", "port_forward"]).await;
        refused(
            &end(bed.sftp(&bed.alice, "deploy", "/dev/null")).await,
            "your grant for deploy on web-1 does not allow sftp (it allows shell, exec, port_forward)",
        );
        bed.withdraw(&other).await;
        bed.gone(&other).await;
        assert_eq!(
            bed.timeline(&other).await,
            ["grant.issued by bob", "request.approved by bob", "grant.ended by bob", "grant.gone by tenure"]
        );
        assert_eq!(
            bed.refusals_of(&bed.alice).await,
            [
                "permit.refused by alice shell channel_not_granted",
                "permit.refused by alice exec channel_not_granted",
                "permit.refused by alice port_forward channel_not_granted",
                "permit.refused by alice sftp channel_not_granted",
            ]
        );
        must_be_proven(&bed, &other).await;
        bed.stop().await;
    }
}

/// `ssh -N -L`, used once; what the client said when it was ended.
async fn local_forward(bed: &Testbed) -> Run {
    let port = peers::process::free_port().unwrap();
    let options = ["-N", "-L", &format!("127.0.0.1:{port}:127.0.0.1:22"), "-o", "LogLevel=INFO"];
    forwarded(bed, &options, port, &[]).await
}

/// `ssh -N -D`, used once over SOCKS 5 (RFC 1928) to reach 127.0.0.1:22.
async fn dynamic_forward(bed: &Testbed) -> Run {
    let port = peers::process::free_port().unwrap();
    let options = ["-N", "-D", &format!("127.0.0.1:{port}"), "-o", "LogLevel=INFO"];
    forwarded(bed, &options, port, &[5, 1, 0, 5, 1, 0, 1, 127, 0, 0, 1, 0, 22]).await
}

async fn forwarded(bed: &Testbed, options: &[&str], port: u16, hello: &[u8]) -> Run {
    let mut client = bed.ssh_as(&bed.alice, "root@web-1", options, &[]).spawn().unwrap();
    let answer = Mutex::new(Vec::new());
    let asked = || async {
        let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)).await else { return false };
        stream.write_all(hello).await.unwrap();
        // A connection that is reset is as good an end as one that is closed.
        let _ = stream.read_to_end(&mut *answer.lock().await).await;
        true
    };
    assert!(bed.eventually(Duration::from_secs(20), asked).await, "the client does not listen");
    let answer = answer.into_inner();
    assert!(!answer.windows(4).any(|bytes| bytes == b"SSH-"), "{answer:?}");
    client.start_kill().unwrap();
    finish(client).await
}
