//! OpenSSH's `ssh`: commands, shells, terminals, shared connections, many connections, renewed keys.

use crate::world::{World, here, noise, run, succeed, text, tool};
use serde_json::Value;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commands_end_with_their_own_output_errors_and_exit_codes() {
    let world = World::start().await;
    let rows = [
        ("echo out; echo err >&2; exit 7", "out\n", "err\n", 7),
        ("true", "", "", 0),
        ("printf 'é\\n\\0x'", "é\n\0x", "", 0),
        ("echo \"$LC_TENURE\"", "passed-on\n", "", 0),
        // What OpenSSH says when a program died by a signal.
        ("kill -KILL $$", "", "", 255),
    ];
    for (command, stdout, stderr, code) in rows {
        let mut ssh = world.ssh(&["-o", "SendEnv=LC_TENURE", command]);
        let output = run(ssh.env("LC_TENURE", "passed-on")).await;
        let seen = (text(&output.stdout), text(&output.stderr), output.status.code());
        assert_eq!(seen, (stdout.to_owned(), stderr.to_owned(), Some(code)), "{command}");
    }
    for (session, (command, stdout, ..)) in world.sessions(rows.len()).await.iter().zip(rows) {
        assert_eq!((&session["channel"], &session["command"]), (&Value::from("exec"), &Value::from(command)));
        assert_eq!((&session["end_reason"], &session["recording"]["sealed"]), (&"target_closed".into(), &true.into()));
        assert!(world.recording(session).await.output().starts_with(stdout), "{command}");
    }
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shell_at_a_real_terminal_has_its_size_and_all_of_it_is_recorded() {
    let world = World::start().await;
    let line = format!("stty rows 43 cols 132; {} 127.0.0.1", world.ssh_line());
    let mut terminal = tool(peers::tools::find("script").map(std::process::Command::new));
    terminal.args(["-qefc", &line, "/dev/null"]).env("TERM", "xterm-256color");
    let mut terminal = terminal.stdin(Stdio::piped()).spawn().expect("a terminal");
    let mut keys = terminal.stdin.take().expect("a keyboard");
    let mut screen = terminal.stdout.take().expect("a screen");
    let mut seen = String::new();
    for (typed, shown) in [("", "# "), ("stty size; tty; echo $TERM\r", "xterm-256color\r\n"), ("exit 9\r", "logout")] {
        keys.write_all(typed.as_bytes()).await.expect("keys");
        seen += &until(&mut screen, shown).await;
    }
    assert_eq!(terminal.wait().await.expect("an end").code(), Some(9), "{seen}");
    assert!(seen.contains("43 132") && seen.contains("/dev/pts/"), "{seen}");
    let session = world.session().await;
    assert_eq!((&session["channel"], &session["exit_status"]), (&"shell".into(), &9.into()));
    let recording = world.recording(&session).await;
    assert!(seen.starts_with(&recording.output()), "{seen:?} {recording:?}");
    assert_eq!(recording.input(), "stty size; tty; echo $TERM\rexit 9\r");
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_with_a_terminal_and_a_shell_without_one_work() {
    let world = World::start().await;
    let terminal = run(&mut world.ssh(&["-tt", "tty; exit 4"])).await;
    assert!(text(&terminal.stdout).starts_with("/dev/pts/"), "{}", text(&terminal.stdout));
    assert_eq!(terminal.status.code(), Some(4));
    let mut shell = world.ssh(&["-T"]).stdin(Stdio::piped()).spawn().expect("ssh starts");
    shell.stdin.take().expect("an input").write_all(b"tty; echo $((40 + 2))\nexit 3\n").await.expect("input");
    let shell = shell.wait_with_output().await.expect("an end");
    let shown = text(&shell.stdout);
    assert!(shown.ends_with("not a tty\n42\n"), "{shown}");
    assert_eq!(shell.status.code(), Some(3));
    let sessions = world.sessions(2).await;
    assert_eq!((&sessions[0]["channel"], &sessions[1]["channel"]), (&"exec".into(), &"shell".into()));
    assert!(world.recording(&sessions[0]).await.output().contains("/dev/pts/"));
    let recording = world.recording(&sessions[1]).await;
    assert!(recording.input().contains("40 + 2") && recording.output().ends_with("42\n"), "{recording:?}");
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_asks_for_nothing_is_ended_politely_and_is_no_session() {
    let world = World::start().await;
    let mut idle = world.ssh(&["-N", "-v", "-o", "LogLevel=INFO"]);
    let mut idle = idle.spawn().expect("ssh starts");
    let mut stderr = idle.stderr.take().expect("its errors");
    let mut seen = until(&mut stderr, "Authenticated to").await;
    world.bed.clock.advance(Duration::from_secs(29));
    assert!(tokio::time::timeout(Duration::from_millis(300), idle.wait()).await.is_err(), "half a minute is allowed");
    world.bed.clock.advance(Duration::from_secs(2));
    let ended = tokio::time::timeout(Duration::from_secs(5), idle.wait()).await.expect("an end").expect("an end");
    stderr.read_to_string(&mut seen).await.expect("its errors");
    assert_eq!(ended.code(), Some(255));
    assert!(seen.contains("no session was open for too long: connect again with a command or for a shell"), "{seen}");
    world.sessions(0).await;
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn channels_of_a_shared_connection_are_sessions_of_their_own() {
    let world = World::start().await;
    let socket = format!("ControlPath={}", world.path("master").display());
    let master = ["-o", "ControlMaster=yes", "-o", &socket, "-o", "ControlPersist=60", "true"];
    succeed(world.ssh(&master).stdout(Stdio::null()).stderr(Stdio::null())).await;
    let mut clients = tokio::task::JoinSet::new();
    for number in 0..8 {
        let mut client = world.ssh(&[
            "-o",
            &socket,
            "-o",
            "ProxyCommand=false",
            &format!("sleep 0.5; echo {number}; exit {number}"),
        ]);
        clients.spawn(async move { (run(&mut client).await, number) });
    }
    while let Some(answer) = clients.join_next().await {
        let (output, number) = answer.expect("a client");
        let seen = (text(&output.stdout), output.status.code());
        assert_eq!(seen, (format!("{number}\n"), Some(number)), "{}", text(&output.stderr));
    }
    let batch = world.path("batch");
    std::fs::write(&batch, "ls /etc/hostname\n").expect("a batch");
    let mut sftp = world.openssh(peers::tools::sftp());
    sftp.args(["-o", &socket, "-o", "ProxyCommand=false", "-b"]).arg(&batch).arg("root@web-1@127.0.0.1");
    assert!(succeed(&mut sftp).await.contains("/etc/hostname"));
    succeed(&mut world.ssh(&["-o", &socket, "-O", "exit"])).await;
    let sessions = world.sessions(10).await;
    let peers: std::collections::BTreeSet<_> = sessions.iter().map(|session| session["client"].to_string()).collect();
    assert_eq!(peers.len(), 1, "one connection carried all of them");
    let serials: std::collections::BTreeSet<_> =
        sessions.iter().map(|session| session["credential"]["serial"].to_string()).collect();
    assert_eq!(serials.len(), 10, "each had a certificate of its own");
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_connections_at_once_get_their_own_answers() {
    let world = World::start().await;
    let mut clients = tokio::task::JoinSet::new();
    for number in 0..20 {
        let mut client = world.ssh(&[&format!("echo {number}; exit {number}")]);
        clients.spawn(async move { (number, run(&mut client).await) });
    }
    while let Some(answer) = clients.join_next().await {
        let (number, output) = answer.expect("a client");
        assert_eq!(text(&output.stdout), format!("{number}\n"), "{}", text(&output.stderr));
        assert_eq!(output.status.code(), Some(number));
    }
    let mut statuses: Vec<_> =
        world.sessions(20).await.iter().map(|session| session["exit_status"].as_u64().expect("a status")).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, (0..20).collect::<Vec<_>>());
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_megabytes_pass_both_ways_whatever_the_client_asks_of_the_connection() {
    let world = World::start().await;
    let sent = noise(20_000_000);
    std::fs::write(world.path("sent"), &sent).expect("a file");
    let digest = here(&format!("sha256sum < '{}'", world.path("sent").display())).await;
    let digest = digest.split(' ').next().expect("a digest");
    let rows: [&[&str]; 5] = [
        &[],
        &["-o", "RekeyLimit=1M"],
        &["-C"],
        &["-c", "aes256-gcm@openssh.com", "-o", "KexAlgorithms=diffie-hellman-group16-sha512"],
        &["-o", "KexAlgorithms=sntrup761x25519-sha512@openssh.com,curve25519-sha256", "-o", "IPQoS=none"],
    ];
    for options in rows {
        let mut echo = world.ssh(&[options, &["tee /tmp/got"]].concat());
        echo.stdin(std::fs::File::open(world.path("sent")).expect("a file"));
        let output = run(&mut echo).await;
        assert!(output.status.success(), "{options:?}: {}", text(&output.stderr));
        assert!(output.stdout == sent, "{options:?}: {} bytes came back", output.stdout.len());
        assert!(world.on_host("sha256sum < /tmp/got").await.starts_with(digest), "{options:?}");
    }
    for session in world.sessions(rows.len()).await {
        assert_eq!((&session["bytes_in"], &session["bytes_out"]), (&20_000_000.into(), &20_000_000.into()));
        let recording = world.recording(&session).await;
        recording.assert_notes(&[
            format!("output: 20000000 bytes in all, sha256 {digest}"),
            format!("input: 20000000 bytes in all, sha256 {digest}"),
        ]);
    }
    world.stop().await;
}

/// Reads until `what` was seen.
async fn until(from: &mut (impl AsyncReadExt + Unpin), what: &str) -> String {
    let mut seen = Vec::new();
    let read = async {
        while !text(&seen).contains(what) {
            assert_ne!(from.read_buf(&mut seen).await.expect("something"), 0, "{what:?} is not in {:?}", text(&seen));
        }
    };
    let done = tokio::time::timeout(Duration::from_secs(20), read).await;
    assert!(done.is_ok(), "{what:?} is not in {:?}", text(&seen));
    text(&seen)
}
