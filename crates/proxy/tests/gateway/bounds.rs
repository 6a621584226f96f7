//! What is bounded: requests for what is not offered, the stay of somebody who cannot be identified, a recording.

use crate::fixture::{World, refused, run, text, tool};
use peers::sshd::HostOptions;
use privilege::recordings::{self, Limits, State};
use privilege::sessions::EndReason;
use std::process::Stdio;
use std::time::Duration;
use tokio::time::Instant;

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_requests_for_what_is_not_offered_is_one_entry_and_ends_the_connection() {
    let world = World::start().await;
    world.grant("root").await;
    let script = r#"
import sys, paramiko
transport = paramiko.Transport(("127.0.0.1", int(sys.argv[1])))
transport.connect(username="root@web-1", pkey=paramiko.Ed25519Key.from_private_key_file(sys.argv[2]))
refused = 0
try:
    for _ in range(100):
        channel = transport.open_session()
        try:
            channel.invoke_subsystem("netconf")
        except paramiko.SSHException:
            refused += 1
            if not transport.is_active():
                break
except (paramiko.SSHException, EOFError):
    pass
print(15 <= refused <= 40, transport.is_active())
"#;
    let mut python = tool(peers::tools::python());
    let output = run(python.args(["-c", script, &world.port().to_string()]).arg(world.path("alice"))).await;
    assert_eq!(text(&output.stdout), "True False\n", "{}", text(&output.stderr));
    let World { gateway, ctx, alice, .. } = world;
    gateway.stop().await;
    assert_eq!(refused(&ctx, &alice).await, ["subsystem"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_cannot_be_identified_is_told_so_on_one_channel_and_does_not_stay() {
    let world = World::start().await;
    world.ctx.db().close().await;
    let line = "tenure cannot reach its database, so it cannot tell who you are: try again soon";
    let output = run(&mut world.ssh("root@web-1", &["id"])).await;
    assert!(text(&output.stderr).contains(&format!("tenure: {line}")), "{}", text(&output.stderr));
    assert_eq!((text(&output.stdout).as_str(), output.status.code()), ("", Some(255)));

    let since = Instant::now();
    let output = run(&mut world.ssh_with(&["-N"], "root@web-1", &[])).await;
    assert!(text(&output.stderr).contains(line), "{}", text(&output.stderr));
    assert!(since.elapsed() < Duration::from_secs(8), "{:?}", since.elapsed());

    let script = r#"
import sys, paramiko
transport = paramiko.Transport(("127.0.0.1", int(sys.argv[1])))
transport.connect(username="root@web-1", pkey=paramiko.Ed25519Key.from_private_key_file(sys.argv[2]))
transport.open_session()
try:
    transport.open_session()
    print("two channels")
except (paramiko.SSHException, EOFError):
    transport.join(4)
    print("one channel", transport.is_active())
"#;
    let mut python = tool(peers::tools::python());
    let output = run(python.args(["-c", script, &world.port().to_string()]).arg(world.path("alice"))).await;
    assert_eq!(text(&output.stdout), "one channel False\n", "{}", text(&output.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_whose_recording_is_as_large_as_one_may_become_ends_and_says_so() {
    const MEBIBYTE: u64 = 1024 * 1024;
    let limits = Limits { max_bytes: MEBIBYTE, ..Limits::NONE };
    let world = World::limited(HostOptions::default(), limits).await;
    world.grant("root").await;
    let output = run(world.ssh_with(&["-tt"], "root@web-1", &["yes"]).stderr(Stdio::piped())).await;
    let line = "your access to root@web-1 ended: its recording is as large as one may become";
    assert!(text(&output.stderr).contains(line), "{}", text(&output.stderr));
    assert_eq!(output.status.code(), Some(255));
    let ended = world.ended().await;
    let outcome = ended.outcome().unwrap();
    assert_eq!((outcome.reason, outcome.leftover_processes), (EndReason::RecordingFull, Some(0)));
    let State::Sealed { proof, .. } = recordings::get(&world.ctx, &ended.id).await.unwrap().state else {
        panic!("it is sealed")
    };
    assert!((MEBIBYTE..32 * MEBIBYTE).contains(&proof.bytes) && proof.damage.is_none(), "{proof:?}");
    recordings::verify(&world.ctx, &world.node, &ended.id).await.unwrap();
    assert!(run(&mut world.ssh("root@web-1", &["true"])).await.status.success());
}
