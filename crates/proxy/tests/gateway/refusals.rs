//! What is not allowed is refused in one line that says what to do, and the target hears nothing of it.

use crate::fixture::{HOUR, World, key, run, text, tool};
use privilege::sessions::EndReason;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use types::Channel;

#[tokio::test(flavor = "multi_thread")]
async fn without_a_grant_one_line_says_how_to_ask_for_one() {
    let world = World::start().await;
    let output = run(&mut world.ssh("root@web-1", &["id"])).await;
    assert_eq!(
        text(&output.stderr),
        "tenure: no grant for root on web-1: request one with `tenure request root@web-1 --for 1h --reason TEXT`\n"
    );
    assert_eq!((text(&output.stdout).as_str(), output.status.code()), ("", Some(255)));
    world.grant("deploy").await;
    let output = run(&mut world.ssh("root@web-1", &["id"])).await;
    assert!(text(&output.stderr).contains("no grant for root on web-1"));
    assert!(!world.host.sshd_log().unwrap().contains("publickey"));
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_terminal_a_refusal_stands_on_a_line_of_its_own() {
    let world = World::start().await;
    let output = run(&mut world.ssh_with(&["-tt"], "root@web-1", &[])).await;
    let shown = text(&output.stderr);
    assert!(shown.starts_with("\r\ntenure: no grant for root on web-1") && shown.contains("TEXT`\r\n"), "{shown:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_name_without_a_target_is_taught_the_syntax() {
    let world = World::start().await;
    world.grant("root").await;
    for user in ["root", "root@", "a b@web-1"] {
        let output = run(&mut world.ssh(user, &["id"])).await;
        assert!(text(&output.stderr).contains("LOGIN@TARGET"), "{user}: {}", text(&output.stderr));
        assert_eq!(output.status.code(), Some(255));
    }
    let output = run(&mut world.ssh("root@nowhere", &["id"])).await;
    assert!(text(&output.stderr).contains("no grant for root on nowhere"), "{}", text(&output.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_that_the_grant_does_not_name_is_refused() {
    let world = World::start().await;
    world.grant_for("root", &[Channel::Exec], HOUR).await;
    assert!(run(&mut world.ssh("root@web-1", &["true"])).await.status.success());
    for (options, what) in [(&["-tt"][..], "shell"), (&["-s"], "sftp")] {
        let arguments: &[&str] = if what == "sftp" { &["sftp"] } else { &[] };
        let output = run(&mut world.ssh_with(options, "root@web-1", arguments)).await;
        let line = format!("does not allow {what} (it allows exec)");
        assert!(text(&output.stderr).contains(&line), "{}", text(&output.stderr));
    }
    let output = run(&mut world.ssh_with(&["-s"], "root@web-1", &["netconf"])).await;
    assert!(text(&output.stderr).contains("subsystem request failed"), "{}", text(&output.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_enters_without_a_key_of_theirs() {
    let world = World::start().await;
    world.grant("root").await;
    world.write_key("mallory", &key(66));
    let mut ssh = tool(peers::tools::ssh());
    ssh.args(world.options_with_key("mallory")).args(["-p", &world.port().to_string(), "root@web-1@127.0.0.1", "id"]);
    let output = run(&mut ssh).await;
    assert!(text(&output.stderr).contains("Permission denied (publickey)"), "{}", text(&output.stderr));

    let mut tx = world.ctx.decide().await.unwrap();
    authn::accounts::disable(&mut tx, &world.alice).await.unwrap();
    tx.commit().await.unwrap();
    let output = run(&mut world.ssh("root@web-1", &["id"])).await;
    assert!(text(&output.stderr).contains("Permission denied (publickey)"), "{}", text(&output.stderr));
    assert_eq!(world.sessions().await.len(), 0);
}

/// Mallory knows Alice's public key, offers it, and signs with a key of her own (GHSA-3cjp-w4cp-m9c8).
#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_was_only_offered_proves_nobody() {
    let world = World::start().await;
    world.grant("root").await;
    let script = r#"
import sys, socket, paramiko
port, alice = int(sys.argv[1]), paramiko.Ed25519Key.from_private_key_file(sys.argv[2])
mallory = paramiko.Ed25519Key.from_private_key_file(sys.argv[3])
class Pretender(paramiko.PKey):
    name = "ssh-ed25519"
    public_blob = None
    def get_name(self): return "ssh-ed25519"
    def get_bits(self): return 256
    def asbytes(self): return alice.asbytes()
    def can_sign(self): return True
    def sign_ssh_data(self, data, algorithm=None): return mallory.sign_ssh_data(data)
transport = paramiko.Transport(("127.0.0.1", port))
transport.start_client()
try:
    transport.auth_publickey("root@web-1", Pretender())
    print("entered")
except paramiko.AuthenticationException:
    print("refused")
"#;
    world.write_key("mallory", &key(66));
    let mut python = tool(peers::tools::python());
    python.args(["-c", script, &world.port().to_string()]).arg(world.path("alice")).arg(world.path("mallory"));
    let output = run(&mut python).await;
    assert_eq!(text(&output.stdout), "refused\n", "{}", text(&output.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn forwardings_are_refused_and_say_why() {
    let world = World::start().await;
    world.grant("root").await;
    let port = peers::process::free_port().unwrap();
    let output = run(&mut world.ssh_with(&["-R", &format!("{port}:127.0.0.1:1")], "root@web-1", &["true"])).await;
    assert!(text(&output.stderr).contains("remote port forwarding failed"), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("tenure: forwarding of remote ports is not offered"));

    let mut agent = world.ssh_with(&["-A"], "root@web-1", &["echo ${SSH_AUTH_SOCK:-none}"]);
    let output = run(agent.env("SSH_AUTH_SOCK", agent_socket(&world).await)).await;
    assert!(text(&output.stderr).contains("tenure: agent forwarding is not offered"), "{}", text(&output.stderr));
    assert_eq!(text(&output.stdout), "none\n");

    let mut x11 = world.ssh_with(&["-Y"], "root@web-1", &["echo ${DISPLAY:-none}"]);
    let output = run(x11.env("DISPLAY", "127.0.0.1:9")).await;
    assert!(text(&output.stderr).contains("tenure: x11 forwarding is not offered"), "{}", text(&output.stderr));
    assert_eq!(text(&output.stdout), "none\n");

    let output = run(&mut world.ssh_with(&["-W", "127.0.0.1:22"], "root@web-1", &[])).await;
    assert!(text(&output.stderr).contains("does not allow port_forward"), "{}", text(&output.stderr));

    let local = peers::process::free_port().unwrap();
    let mut ssh = world.ssh_with(&["-L", &format!("{local}:/run/x.sock")], "root@web-1", &["echo ready; cat"]);
    let mut child = ssh.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdout.as_mut().unwrap().read_exact(&mut [0; 6]).await.unwrap();
    let mut forwarded = tokio::net::TcpStream::connect(("127.0.0.1", local)).await.unwrap();
    assert_eq!(forwarded.read(&mut [0; 1]).await.unwrap(), 0);
    drop(child.stdin.take());
    let output = child.wait_with_output().await.unwrap();
    assert!(text(&output.stderr).contains("forwarding of sockets is not offered"), "{}", text(&output.stderr));
    let refused = ["remote_forwarding", "agent_forwarding", "x11_forwarding", "socket_forwarding"];
    assert_eq!(world.refused(refused.len()).await, refused);
}

async fn agent_socket(world: &World) -> std::path::PathBuf {
    let path = world.path("agent");
    let listener = tokio::net::UnixListener::bind(&path).unwrap();
    tokio::spawn(async move { while listener.accept().await.is_ok() {} });
    path
}

#[tokio::test(flavor = "multi_thread")]
async fn a_granted_port_that_the_target_does_not_open_is_told_and_recorded_with_where_it_should_lead() {
    let world = World::start().await;
    world.grant_for("root", &[Channel::PortForward], HOUR).await;
    let destination = format!("127.0.0.1:{}", peers::process::free_port().unwrap());
    let output = run(&mut world.ssh_with(&["-W", &destination], "root@web-1", &[])).await;
    let line = format!("{destination}: it does not offer this connection onwards");
    assert!(text(&output.stderr).contains(&line), "{}", text(&output.stderr));
    let session = world.ended().await;
    assert_eq!((session.channel, session.command.as_deref()), (Channel::PortForward, Some(destination.as_str())));
    let output = run(&mut world.ssh("root@web-1", &["id"])).await;
    assert!(text(&output.stderr).contains("does not allow exec"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_granted_port_is_forwarded_and_recorded_with_where_it_led() {
    let world = World::start().await;
    world.grant_for("root", &[Channel::PortForward], HOUR).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let destination = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut question = [0; 5];
        stream.read_exact(&mut question).await.unwrap();
        stream.write_all(b"answer").await.unwrap();
    });
    let mut ssh = world.ssh_with(&["-W", &destination], "root@web-1", &[]);
    let mut child = ssh.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(b"hello").await.unwrap();
    let output = child.wait_with_output().await.unwrap();
    assert_eq!(text(&output.stdout), "answer", "{}", text(&output.stderr));
    drop(stdin);
    let session = world.ended().await;
    assert_eq!((session.channel, session.command.as_deref()), (Channel::PortForward, Some(destination.as_str())));
    let outcome = session.outcome().unwrap();
    assert_eq!((outcome.bytes_in, outcome.bytes_out), (5, 6));
    let output = run(&mut world.ssh("root@web-1", &["id"])).await;
    assert!(text(&output.stderr).contains("does not allow exec"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_opens_no_session_is_ended_politely() {
    let world = World::start().await;
    world.grant("root").await;
    let mut ssh = world.ssh_with(&["-N", "-v"], "root@web-1", &[]);
    let mut child = ssh.stdin(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stderr = child.stderr.take().unwrap();
    let mut seen = Vec::new();
    while !text(&seen).contains("Authenticated to") {
        assert_ne!(stderr.read_buf(&mut seen).await.unwrap(), 0, "{}", text(&seen));
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    world.ctx.clock().advance(Duration::from_secs(31));
    stderr.read_to_end(&mut seen).await.unwrap();
    assert!(text(&seen).contains("connect again with a command or for a shell"), "{}", text(&seen));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_with_another_host_key_gets_no_credential() {
    let world = World::start().await;
    let other = key(77).public_key().to_openssh().unwrap();
    privilege::targets::pin(&world.ctx, "web-1", &other).await.unwrap();
    world.grant("root").await;
    let output = run(&mut world.ssh("root@web-1", &["id"])).await;
    assert!(text(&output.stderr).contains("showed another host key than the pinned one"), "{}", text(&output.stderr));
    assert_eq!(output.status.code(), Some(255));
    assert_eq!(world.ended().await.outcome().unwrap().reason, EndReason::HostKeyChanged);
    let log = world.host.sshd_log().unwrap();
    assert!(!log.contains("publickey") && !log.contains("root"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_that_is_down_and_one_that_trusts_another_authority_are_told_apart() {
    let world = World::start().await;
    world.grant("root").await;
    world.host.trust(&key(77).public_key().to_openssh().unwrap()).unwrap();
    let output = run(&mut world.ssh("root@web-1", &["id"])).await;
    assert!(text(&output.stderr).contains("refused tenure's certificate"), "{}", text(&output.stderr));
    assert_eq!(world.ended().await.outcome().unwrap().reason, EndReason::TargetRefused);
    world.host.stop().unwrap();
    let output = run(&mut world.ssh("root@web-1", &["id"])).await;
    assert!(text(&output.stderr).contains("the target cannot be reached"), "{}", text(&output.stderr));
    assert_eq!(world.ended().await.outcome().unwrap().reason, EndReason::TargetUnreachable);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_audit_of_the_gateways_algorithms_finds_no_failure() {
    let world = World::start().await;
    let mut audit = tool(peers::tools::ssh_audit());
    let output = run(audit.args(["--no-colors", "-p", &world.port().to_string(), "127.0.0.1"])).await;
    let report = text(&output.stdout);
    assert!(report.contains("(kex) mlkem768x25519-sha256"), "{report} {}", text(&output.stderr));
    assert!(!report.contains("[fail]"), "{report}");
}
