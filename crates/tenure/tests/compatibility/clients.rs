//! Other people's SSH clients and what is built on them: paramiko, Dropbear, git, Ansible.

use crate::world::{World, here, noise, run, succeed, text, tool};
use std::fs;
use std::process::Stdio;

const PARAMIKO: &str = include_str!("paramiko.py");

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn paramiko_runs_commands_moves_files_and_talks_to_a_shell() {
    let world = World::start().await;
    let mut python = tool(peers::tools::python());
    python.args(["-c", PARAMIKO, &world.port()]).arg(&world.bed.alice.ssh_key_file).arg(world.path("known_hosts"));
    let shown = succeed(&mut python).await;
    assert_eq!(shown, "b'root\\n' b'oops\\n' 5\n3000000 True ['one']\nshell 42\n");
    let sessions = world.sessions(3).await;
    let channels: Vec<_> = sessions.iter().map(|session| session["channel"].as_str().expect("a channel")).collect();
    assert_eq!(channels, ["exec", "sftp", "shell"]);
    let recording = world.recording(&sessions[1]).await;
    recording.assert_notes(&[
        "close \"/tmp/p/one\": 0 bytes read, 3000000 bytes written".to_owned(),
        "remove \"/tmp/p/one\"".to_owned(),
    ]);
    // Paramiko reads ahead, and asks again for what is slow to come.
    let read =
        |note: &&str| note.strip_prefix("close \"/tmp/p/one\": ")?.split_once(" bytes read, 0 ")?.0.parse::<u64>().ok();
    assert!(recording.notes().iter().filter_map(read).any(|bytes| bytes >= 3_000_000), "{:?}", recording.notes());
    assert!(world.recording(&sessions[2]).await.output().contains("shell 42"));
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dropbears_client_runs_commands_and_carries_bytes() {
    let world = World::start().await;
    let key = world.path("dropbear_key");
    let mut convert = tool(peers::tools::find("dropbearconvert").map(std::process::Command::new));
    succeed(convert.args(["openssh", "dropbear"]).arg(&world.bed.alice.ssh_key_file).arg(&key)).await;
    let dbclient = |command: &str| {
        let mut dbclient = tool(peers::tools::dbclient());
        dbclient.env("HOME", world.bed.folder()).arg("-i").arg(&key);
        dbclient.args(["-y", "-p", &world.port(), "-l", "root@web-1", "127.0.0.1", command]);
        dbclient
    };
    let output = run(&mut dbclient("id -un; echo oops >&2; exit 6")).await;
    let errors = text(&output.stderr);
    assert_eq!((text(&output.stdout).as_str(), output.status.code()), ("root\n", Some(6)), "{errors}");
    assert!(errors.ends_with("oops\n"), "{errors}");
    let sent = noise(20_000_000);
    fs::write(world.path("sent"), &sent).expect("a file");
    let output = run(dbclient("cat").stdin(Stdio::from(fs::File::open(world.path("sent")).expect("a file")))).await;
    assert!(output.stdout == sent, "{} bytes came back: {}", output.stdout.len(), text(&output.stderr));
    let sessions = world.sessions(2).await;
    assert_eq!((&sessions[0]["exit_status"], &sessions[1]["bytes_out"]), (&6.into(), &20_000_000.into()));
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn git_clones_and_pushes() {
    let world = World::start().await;
    world.on_host("git init -q --bare --initial-branch=main /srv/r.git").await;
    let (work, again) = (world.path("work").display().to_string(), world.path("again").display().to_string());
    fs::create_dir(&work).expect("a folder");
    fs::write(world.path("work/large"), noise(5_000_000)).expect("a file");
    let commit =
        "git init -q -b main . && git add . && git -c user.name=a -c user.email=a@example.com commit -qm first";
    here(&format!("cd '{work}' && {commit}")).await;
    let git = |folder: &str, arguments: &[&str]| {
        let mut git = tool(peers::tools::git());
        git.env("GIT_SSH_COMMAND", world.ssh_line()).env("GIT_SSH_VARIANT", "ssh").args(["-C", folder]).args(arguments);
        git
    };
    succeed(&mut git(&work, &["push", "-q", "127.0.0.1:/srv/r.git", "main"])).await;
    succeed(&mut git("/", &["clone", "-q", "127.0.0.1:/srv/r.git", &again])).await;
    let head = succeed(&mut git(&work, &["rev-parse", "HEAD"])).await;
    assert_eq!(succeed(&mut git(&again, &["rev-parse", "HEAD"])).await, head);
    succeed(&mut git(&again, &["fsck", "--full", "--strict"])).await;
    assert!(fs::read(world.path("again/large")).expect("a file") == noise(5_000_000));
    let sessions = world.sessions(2).await;
    let commands: Vec<_> = sessions.iter().map(|session| session["command"].as_str().expect("a command")).collect();
    assert_eq!(commands, ["git-receive-pack '/srv/r.git'", "git-upload-pack '/srv/r.git'"]);
    assert!(world.recording(&sessions[0]).await.input().contains(head.trim()), "the pushed commit is named");
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ansible_pings_copies_and_runs() {
    let world = World::start().await;
    let options = world.bed.ssh_options(&world.bed.alice).join(" ");
    let line = format!(
        "web ansible_host=127.0.0.1 ansible_port={} ansible_user=root@web-1 ansible_ssh_common_args=\"{options}\"\n",
        world.port()
    );
    fs::write(world.path("inventory"), line).expect("an inventory");
    fs::write(world.path("source"), noise(100_000)).expect("a file");
    let copy = format!("src={} dest=/tmp/copied", world.path("source").display());
    for (module, arguments, expected) in
        [("ping", "", "\"ping\": \"pong\""), ("copy", copy.as_str(), "CHANGED"), ("command", "id -un", "root")]
    {
        let mut ansible = tool(peers::tools::ansible());
        ansible.env("HOME", world.bed.folder()).env("ANSIBLE_LOCAL_TEMP", world.path("ansible"));
        ansible.arg("-i").arg(world.path("inventory")).args(["web", "-m", module, "-a", arguments]);
        let shown = succeed(&mut ansible).await;
        assert!(shown.contains(expected), "{module}: {shown}");
    }
    let digest = here(&format!("sha256sum < '{}'", world.path("source").display())).await;
    assert_eq!(world.on_host("sha256sum < /tmp/copied").await, digest);
    let sessions = world.bed.sessions_of(&world.grant).await;
    let moved = sessions.iter().filter(|session| session["channel"] == "sftp").count();
    let ran = sessions.iter().filter(|session| session["channel"] == "exec").count();
    assert!(moved >= 1 && ran >= 3, "{sessions:#?}");
    world.stop().await;
}
