//! `ssh-audit`, which knows what is weak: the gateway offers nothing that it calls a failure, to any client.

use crate::world::{World, run, text, tool};
use serde_json::Value;
use std::net::SocketAddr;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ssh_audit_reports_no_failure_whatever_client_it_says_it_is() {
    let world = World::start().await;
    let gateway = world.bed.open.ssh;
    for (port, client) in [(gateway.port(), "OpenSSH"), (renaming(gateway).await, "another client")] {
        let mut audit = tool(peers::tools::ssh_audit());
        let output = run(audit.args(["-j", "--skip-rate-test", "-p", &port.to_string(), "127.0.0.1"])).await;
        let report: Value =
            serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", text(&output.stdout)));
        let offered: Vec<&Value> = ["kex", "key", "enc", "mac"]
            .iter()
            .flat_map(|part| report[*part].as_array().expect("a list of algorithms"))
            .collect();
        assert!(offered.len() > 8, "{client}: {report:#}");
        let failures: Vec<&&Value> = offered.iter().filter(|algorithm| !algorithm["notes"]["fail"].is_null()).collect();
        assert!(failures.is_empty(), "{client}: {failures:#?}");
        assert_eq!(report["cves"].as_array().map_or(0, Vec::len), 0, "{client}: {report:#}");
        // 3 is its code for a failure.
        assert_ne!(output.status.code(), Some(3), "{client}: {report:#}");
    }
    world.stop().await;
}

/// A relay to the gateway on a port of its own, behind which every client calls itself `SSH-2.0-Other`.
async fn renaming(gateway: SocketAddr) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(relay(client, gateway));
        }
    });
    port
}

async fn relay(client: TcpStream, gateway: SocketAddr) -> std::io::Result<()> {
    let mut upstream = TcpStream::connect(gateway).await?;
    let mut client = BufReader::new(client);
    let mut greeting = String::new();
    (&mut client).take(255).read_line(&mut greeting).await?;
    upstream.write_all(b"SSH-2.0-Other\r\n").await?;
    copy_bidirectional(&mut client, &mut upstream).await.map(drop)
}
