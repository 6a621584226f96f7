//! Streams whose ends are slow, stand still, or go away: nothing stalls, nothing is lost, nothing is left.

use crate::world::{World, noise};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdin, ChildStdout};
use tokio::time::{sleep, timeout};

const ECHOED: usize = 60_000_000;
/// An end that could not move for so long stands still.
const STILL: Duration = Duration::from_millis(500);
const LIMIT: Duration = Duration::from_secs(60);

fn start(world: &World, arguments: &[&str]) -> (Child, ChildStdin, ChildStdout) {
    let mut ssh = world.ssh(arguments).stdin(Stdio::piped()).spawn().expect("ssh starts");
    let (stdin, stdout) = (ssh.stdin.take().expect("an input"), ssh.stdout.take().expect("an output"));
    (ssh, stdin, stdout)
}

/// Writes until nothing more goes in; returns how much did.
async fn fill(stdin: &mut ChildStdin) -> usize {
    let (chunk, mut written) = (noise(1 << 16), 0);
    while let Ok(count) = timeout(STILL, stdin.write(&chunk)).await {
        written += count.expect("ssh listens");
        assert!(written < 400_000_000, "a reader that takes nothing must be felt by the writer");
    }
    written
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_echo_does_not_stall_when_its_reader_waits_until_the_writer_cannot_go_on() {
    let world = World::start().await;
    let (mut ssh, mut stdin, mut stdout) = start(&world, &["cat"]);
    let written = fill(&mut stdin).await;
    let mut taken = tokio::spawn(async move {
        let (mut sum, mut buffer) = (0, vec![0; 1 << 16]);
        loop {
            match stdout.read(&mut buffer).await.expect("output") {
                0 => return sum,
                count => sum += count,
            }
        }
    });
    let rest = noise(ECHOED);
    timeout(LIMIT, stdin.write_all(&rest)).await.expect("the stream flows again").expect("ssh listens");
    drop(stdin);
    let taken = timeout(LIMIT, &mut taken).await.expect("everything arrives").expect("a reader");
    assert_eq!(taken, written + ECHOED);
    assert!(ssh.wait().await.expect("an end").success());
    let session = world.session().await;
    assert_eq!((&session["bytes_in"], &session["bytes_out"]), (&(written + ECHOED).into(), &(written + ECHOED).into()));
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_echo_of_sixty_megabytes_arrives_whole_through_a_slow_reader_and_a_slow_writer() {
    let world = World::start().await;
    let sent = noise(ECHOED);
    for slow_reader in [true, false] {
        let (mut ssh, mut stdin, mut stdout) = start(&world, &["cat"]);
        let write = async {
            for chunk in sent.chunks(600_000) {
                stdin.write_all(chunk).await.expect("ssh listens");
                if !slow_reader {
                    sleep(Duration::from_millis(10)).await;
                }
            }
            drop(stdin);
        };
        let mut received = Vec::with_capacity(ECHOED);
        let read = async {
            let mut buffer = vec![0; 600_000];
            loop {
                match stdout.read(&mut buffer).await.expect("output") {
                    0 => break,
                    count => received.extend_from_slice(&buffer[..count]),
                }
                if slow_reader {
                    sleep(Duration::from_millis(1)).await;
                }
            }
        };
        timeout(LIMIT, async { tokio::join!(write, read) }).await.expect("everything arrives");
        assert!(received == sent, "{} bytes came back", received.len());
        assert!(ssh.wait().await.expect("an end").success());
    }
    world.sessions(2).await;
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_killed_in_the_middle_ends_its_session_and_leaves_nothing_on_the_host() {
    let world = World::start().await;
    // What waits: output for the client; input for a program, which goes with its terminal; both.
    let rows: [&[&str]; 3] = [&["cat /dev/zero"], &["-tt", "-e", "none", "stty raw; echo ready; sleep 1000"], &["cat"]];
    for (number, arguments) in rows.into_iter().enumerate() {
        let (mut ssh, mut stdin, mut stdout) = start(&world, arguments);
        if number < 2 {
            stdout.read_u8().await.expect("output");
        }
        if number == 0 {
            sleep(STILL).await;
        } else {
            fill(&mut stdin).await;
        }
        ssh.kill().await.expect("ssh dies");
        let sessions = world.sessions(number + 1).await;
        assert_eq!(sessions[number]["end_reason"], "client_closed", "{arguments:?}");
        world.nothing_is_left_on_the_host().await;
        drop((stdin, stdout));
    }
    world.stop().await;
}
