//! Files: `sftp`, `scp` in both of its modes, `rsync`. The same bytes on both sides, and every file in the recording.

use crate::world::{Recording, World, checksum, here, noise, succeed, tool};
use std::fs;
use std::path::Path;

const HOST: &str = "root@web-1@127.0.0.1";
const GIBIBYTE: u64 = 1 << 30;

async fn sftp(world: &World, batch: &str) {
    let file = world.path("batch");
    fs::write(&file, batch).expect("a batch");
    succeed(world.openssh(peers::tools::sftp()).arg("-b").arg(file).arg(HOST)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sftp_carries_a_gibibyte_there_and_back() {
    let world = World::start().await;
    let (up, down) = (world.path("up"), world.path("down"));
    here(&format!("head -c {GIBIBYTE} /dev/urandom > '{}'", up.display())).await;
    let sent = digest(&up).await;
    sftp(&world, &format!("put {} /tmp/big\nget /tmp/big {}\n", up.display(), down.display())).await;
    assert_eq!(world.on_host("sha256sum < /tmp/big").await, sent);
    assert_eq!(digest(&down).await, sent);
    let session = world.session().await;
    assert_eq!((&session["channel"], &session["exit_status"]), (&"sftp".into(), &0.into()));
    assert!(session["bytes_in"].as_u64() > Some(GIBIBYTE) && session["bytes_out"].as_u64() > Some(GIBIBYTE));
    world.recording(&session).await.assert_notes(&[
        format!("close \"/tmp/big\": 0 bytes read, {GIBIBYTE} bytes written"),
        format!("close \"/tmp/big\": {GIBIBYTE} bytes read, 0 bytes written"),
    ]);
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sftp_carries_two_thousand_small_files_there_and_back() {
    let world = World::start().await;
    let sizes = small_files(&world.path("up"), 2000);
    let (up, down) = (world.path("up"), world.path("down"));
    sftp(&world, &format!("put -r {} /tmp/small\nget -r /tmp/small {}\n", up.display(), down.display())).await;
    let sent = here(&checksum(&up.display().to_string())).await;
    assert_eq!(world.on_host(&checksum("/tmp/small")).await, sent);
    assert_eq!(here(&checksum(&down.display().to_string())).await, sent);
    let recording = world.recording(&world.session().await).await;
    let mut expected = Vec::new();
    for (name, size) in sizes {
        expected.push(format!("close \"/tmp/small/{name}\": 0 bytes read, {size} bytes written"));
        expected.push(format!("close \"/tmp/small/{name}\": {size} bytes read, 0 bytes written"));
    }
    recording.assert_notes(&expected);
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn scp_carries_files_both_ways_in_both_of_its_modes() {
    let world = World::start().await;
    small_files(&world.path("up"), 50);
    fs::write(world.path("up/large file"), noise(5_000_000)).expect("a file");
    let sent = here(&checksum(&world.path("up").display().to_string())).await;
    for (mode, name) in [("-s", "by-sftp"), ("-O", "by-command")] {
        let remote = format!("{HOST}:/tmp/{name}");
        succeed(world.openssh(peers::tools::scp()).args(["-rp", mode]).arg(world.path("up")).arg(&remote)).await;
        assert_eq!(world.on_host(&checksum(&format!("/tmp/{name}"))).await, sent, "{mode}");
        succeed(world.openssh(peers::tools::scp()).args(["-rp", mode, &remote]).arg(world.path(name))).await;
        assert_eq!(here(&checksum(&world.path(name).display().to_string())).await, sent, "{mode}");
    }
    let sessions = world.sessions(4).await;
    let channels: Vec<_> = sessions.iter().map(|session| session["channel"].as_str().expect("a channel")).collect();
    assert_eq!(channels, ["sftp", "sftp", "exec", "exec"]);
    world.recording(&sessions[0]).await.assert_notes(&[closed("/tmp/by-sftp/large file", 0, 5_000_000)]);
    world.recording(&sessions[1]).await.assert_notes(&[closed("/tmp/by-sftp/large file", 5_000_000, 0)]);
    assert_eq!(sessions[2]["command"], "scp -r -p -t /tmp/by-command");
    assert_eq!(sessions[3]["command"], "scp -r -p -f /tmp/by-command");
    let (there, back) = (world.recording(&sessions[2]).await, world.recording(&sessions[3]).await);
    assert!(there.input().contains("5000000 large file\n") && back.output().contains("5000000 large file\n"));
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rsync_carries_folders_both_ways_and_sends_only_what_changed() {
    let world = World::start().await;
    let up = world.path("up");
    small_files(&up, 300);
    fs::write(up.join("large"), noise(20_000_000)).expect("a file");
    let (here_up, down) = (format!("{}/", up.display()), format!("{}/", world.path("down").display()));
    rsync(&world, &[&here_up, "127.0.0.1:/tmp/tree/"]).await;
    rsync(&world, &["127.0.0.1:/tmp/tree/", &down]).await;
    let sent = here(&checksum(&here_up)).await;
    assert_eq!(world.on_host(&checksum("/tmp/tree")).await, sent);
    assert_eq!(here(&checksum(&down)).await, sent);
    fs::write(up.join("f0"), "changed").expect("a file");
    fs::remove_file(up.join("f1")).expect("a file");
    rsync(&world, &["--delete", &here_up, "127.0.0.1:/tmp/tree/"]).await;
    assert_eq!(world.on_host(&checksum("/tmp/tree")).await, here(&checksum(&here_up)).await);
    let sessions = world.sessions(3).await;
    for session in &sessions {
        let command = session["command"].as_str().expect("a command");
        assert!(command.starts_with("rsync --server") && command.ends_with("/tmp/tree/"), "{command}");
    }
    assert!(sessions[2]["bytes_in"].as_u64() < Some(1_000_000), "{}", sessions[2]["bytes_in"]);
    let sent: u64 = carried(&world.recording(&sessions[0]).await, "input");
    assert_eq!(Some(sent), sessions[0]["bytes_in"].as_u64());
    world.stop().await;
}

async fn rsync(world: &World, arguments: &[&str]) {
    succeed(tool(peers::tools::rsync()).args(["-a", "-e", &world.ssh_line()]).args(arguments)).await;
}

/// What the recording says that a direction carried in all.
fn carried(recording: &Recording, direction: &str) -> u64 {
    let line = recording.notes().into_iter().find(|note| note.starts_with(&format!("{direction}: ")));
    let bytes = line.and_then(|line| line.split(' ').nth(1)).expect("a line about the direction");
    bytes.parse().expect("a number")
}

fn closed(path: &str, read: u64, written: u64) -> String {
    format!("close {path:?}: {read} bytes read, {written} bytes written")
}

/// Files of 0 to 4000 bytes, some in a folder below; their names and sizes.
fn small_files(folder: &Path, count: usize) -> Vec<(String, usize)> {
    fs::create_dir_all(folder.join("below")).expect("a folder");
    let contents = noise(5000);
    let file = |number: usize| {
        let name = if number % 5 == 4 { format!("below/f{number}") } else { format!("f{number}") };
        let size = number * 37 % 4001;
        fs::write(folder.join(&name), &contents[number % 900..][..size]).expect("a file");
        (name, size)
    };
    (0..count).map(file).collect()
}

async fn digest(file: &Path) -> String {
    here(&format!("sha256sum < '{}'", file.display())).await
}
