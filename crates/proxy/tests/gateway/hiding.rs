//! What somebody with a grant may try so that less of what they do is seen, or so that it goes on for longer.

use crate::fixture::{World, run, text, tool};
use privilege::sessions::{self, EndReason};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::time::{Instant, sleep, timeout};

/// Speaks SFTP by hand: asks for so much that no answer passes any more, then does what nobody is to see.
const UNREAD: &str = r#"
import struct, subprocess, sys, time
ssh = subprocess.Popen(sys.argv[2:], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
u32 = lambda n: struct.pack('>I', n)
text = lambda b: u32(len(b)) + b
def send(kind, body):
    ssh.stdin.write(text(bytes([kind]) + body)); ssh.stdin.flush()
def answer():
    return ssh.stdout.read(struct.unpack('>I', ssh.stdout.read(4))[0])
send(1, u32(3)); answer()
send(3, u32(1) + text(b'/root/big') + u32(1) + u32(0))
handle = answer()[9:]
for n in range(90):
    send(5, u32(100 + n) + text(handle) + struct.pack('>QI', n * 65536, 65536))
time.sleep(1.5)
send(13, u32(2) + text(b'/root/victim'))
send(3, u32(3) + text(b'/root/planted') + u32(0x1a) + u32(0))
if sys.argv[1] == 'guess':
    send(6, u32(4) + text(u32(1)) + struct.pack('>Q', 0) + text(b'hidden'))
time.sleep(1.5)
ssh.kill(); ssh.wait()
"#;

async fn unread_sftp(world: &World, how: &str) -> (EndReason, String) {
    world.host.sh("head -c 6000000 /dev/urandom > /root/big; echo x > /root/victim; rm -f /root/planted").unwrap();
    let mut python = tool(peers::tools::python());
    python.args(["-c", UNREAD, how, "ssh"]).args(world.options());
    python.args(["-p", &world.port().to_string(), "-s", "root@web-1@127.0.0.1", "sftp"]);
    let output = run(&mut python).await;
    assert!(output.status.success(), "{}", text(&output.stderr));
    let session = world.ended().await;
    (session.outcome().unwrap().reason, world.recording(&session).await.replace('\\', ""))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_operation_whose_answer_nobody_reads_is_told_all_the_same() {
    let world = World::start().await;
    world.grant("root").await;
    let (_, recording) = unread_sftp(&world, "wait").await;
    world.host.sh("test ! -e /root/victim && test -e /root/planted").unwrap();
    for line in [
        r#"remove "/root/victim": sent, no answer seen"#,
        r#"open "/root/planted" (write, create, truncate): sent, no answer seen"#,
    ] {
        assert!(recording.contains(line), "{line} in {recording}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guessed_handle_ends_the_session_before_anything_is_written_with_it() {
    let world = World::start().await;
    world.grant("root").await;
    let (reason, recording) = unread_sftp(&world, "guess").await;
    assert_eq!(reason, EndReason::RecordingFailed);
    assert!(recording.contains(r#"open "/root/planted""#), "{recording}");
    world.host.sh("test ! -s /root/planted").unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_environment_is_recorded_and_takes_nothing_but_names() {
    let world = World::start().await;
    world.grant("root").await;
    let command = "echo ${LANG:-none} ${LC_TIME:-none}";
    let mut ssh = world.ssh_with(&["-o", "SetEnv=LANG=C.UTF-8 \"LC_TIME=id;id\""], "root@web-1", &[command]);
    let output = run(&mut ssh).await;
    assert_eq!(text(&output.stdout), "C.UTF-8 none\n", "{}", text(&output.stderr));
    let recording = world.recording(&world.ended().await).await;
    assert!(recording.lines().next().unwrap().contains(r#""env":{"LANG":"C.UTF-8"}"#), "{recording}");
    assert!(!recording.contains("id;id"), "{recording}");
    assert!(recording.contains("end of input"), "{recording}");

    let terminal = async |term| {
        let mut ssh = world.ssh_with(&["-tt"], "root@web-1", &["echo [$TERM]"]);
        run(ssh.env("TERM", term)).await
    };
    let output = terminal("xterm-256color").await;
    assert!(text(&output.stdout).contains("[xterm-256color]"), "{}", text(&output.stderr));
    let recording = world.recording(&world.ended().await).await;
    assert!(recording.lines().next().unwrap().contains(r#""env":{"TERM":"xterm-256color"}"#), "{recording}");
    let output = terminal("xterm\nid").await;
    assert!(text(&output.stderr).contains("PTY allocation request failed"), "{}", text(&output.stderr));
    assert_eq!(text(&output.stdout), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_is_no_text_is_told_byte_by_byte() {
    let world = World::start().await;
    world.grant("root").await;
    let mut ssh = world.ssh("root@web-1", &[]);
    let output = run(ssh.arg(OsStr::from_bytes(b"printf %s a\xffb"))).await;
    assert_eq!(output.stdout, b"a\xffb");
    assert_eq!(world.ended().await.command.as_deref(), Some(r"printf %s a\xffb"));
}

async fn remove_key(world: &World) {
    let keys = authn::ssh_keys::list(&world.ctx, &world.alice).await.unwrap();
    authn::ssh_keys::remove(&world.ctx, &world.alice, &keys[0].id).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_removed_ends_what_is_open_within_a_second_and_opens_nothing_more() {
    let world = World::start().await;
    world.grant("root").await;
    let mut ssh = world.ssh("root@web-1", &["echo ready; sleep 1000"]);
    let mut child = ssh.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut ready = [0; 6];
    child.stdout.as_mut().unwrap().read_exact(&mut ready).await.unwrap();
    let since = Instant::now();
    remove_key(&world).await;
    let output = timeout(Duration::from_secs(5), child.wait_with_output()).await.expect("it ends").unwrap();
    assert!(since.elapsed() < Duration::from_secs(1), "{:?}", since.elapsed());
    assert!(text(&output.stderr).contains("that you signed in with was removed"), "{}", text(&output.stderr));
    let outcome = world.ended().await.outcome().unwrap().clone();
    assert_eq!((outcome.reason, outcome.leftover_processes), (EndReason::ProofRevoked, Some(0)));
    let output = run(&mut world.ssh("root@web-1", &["id"])).await;
    assert!(text(&output.stderr).contains("Permission denied (publickey)"), "{}", text(&output.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shared_connection_opens_no_session_for_a_disabled_account() {
    let world = World::start().await;
    world.grant("root").await;
    let socket = world.path("master").display().to_string();
    let mut master = world.ssh_with(&["-N", "-M", "-S", &socket], "root@web-1", &[]);
    let mut master = master.stdin(Stdio::null()).spawn().unwrap();
    while !world.path("master").exists() {
        sleep(Duration::from_millis(20)).await;
    }
    let through = async || {
        let mut ssh = tool(peers::tools::ssh());
        run(ssh.args(["-F", "none", "-o", "BatchMode=yes", "-S", &socket, "127.0.0.1", "echo in"])).await
    };
    assert_eq!(text(&through().await.stdout), "in\n");
    let mut tx = world.ctx.decide().await.unwrap();
    authn::accounts::disable(&mut tx, &world.alice).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(text(&through().await.stdout), "");
    timeout(Duration::from_secs(5), master.wait()).await.expect("the connection ends").unwrap();
    let all = sessions::list(&world.ctx, &sessions::Filter { limit: 9, ..Default::default() }).await.unwrap();
    assert_eq!(all.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_whose_requests_are_all_refused_is_ended() {
    let world = World::start().await;
    let script = "import sys, paramiko\n\
        transport = paramiko.Transport(('127.0.0.1', int(sys.argv[1])))\n\
        transport.connect(username='root@web-1', pkey=paramiko.Ed25519Key.from_private_key_file(sys.argv[2]))\n\
        refused = 0\n\
        try:\n    \
            while refused < 30:\n        \
                channel = transport.open_session()\n        \
                channel.exec_command('id')\n        \
                channel.recv_exit_status()\n        \
                refused += 1\n\
        except Exception: pass\n\
        print(refused)\n";
    let mut python = tool(peers::tools::python());
    let output = run(python.args(["-c", script, &world.port().to_string()]).arg(world.path("alice"))).await;
    let refused: u32 = text(&output.stdout).trim().parse().unwrap();
    assert!((20..=22).contains(&refused), "{refused} {}", text(&output.stderr));
}
