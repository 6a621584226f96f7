//! Ordinary programs through the gateway behave as they do without it.

use crate::fixture::{World, run, text, tool};
use privilege::sessions::EndReason;
use std::process::Stdio;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use types::Channel;

#[tokio::test(flavor = "multi_thread")]
async fn a_command_runs_with_its_output_its_errors_and_its_exit_status() {
    let world = World::start().await;
    world.grant("root").await;
    let output = run(&mut world.ssh("root@web-1", &["id -un; echo oops >&2; exit 7"])).await;
    assert_eq!(text(&output.stderr), "oops\n");
    assert_eq!(text(&output.stdout), "root\n");
    assert_eq!(output.status.code(), Some(7));
    let session = world.ended().await;
    assert_eq!(session.command.as_deref(), Some("id -un; echo oops >&2; exit 7"));
    let outcome = session.outcome().unwrap();
    assert_eq!((outcome.reason, outcome.exit_status), (EndReason::TargetClosed, Some(7)));
    assert!(world.recording(&session).await.contains("root"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_percent_sign_separates_account_and_target_too_and_a_certificate_proves_alice() {
    let world = World::start().await;
    world.grant("deploy").await;
    let line = crate::fixture::key(3).public_key().to_openssh().unwrap();
    let certificate = authn::certificates::issue(&world.ctx, &world.alice, &line, crate::fixture::HOUR).await.unwrap();
    world.write_key("certified", &crate::fixture::key(3));
    std::fs::write(world.path("certified-cert.pub"), certificate.line).unwrap();
    let mut ssh = tool(peers::tools::ssh());
    ssh.args(world.options_with_key("certified")).args(["-p", &world.port().to_string()]);
    let output = run(ssh.args(["deploy%web-1@127.0.0.1", "id -un"])).await;
    assert_eq!(text(&output.stdout), "deploy\n", "{}", text(&output.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_terminal_has_its_size_and_is_recorded() {
    let world = World::start().await;
    world.grant("root").await;
    let mut ssh = world.ssh("root@web-1", &["-tt", "stty size; tty"]);
    let output = run(&mut ssh).await;
    let shown = text(&output.stdout);
    assert!(shown.contains("/dev/pts/"), "{shown} {}", text(&output.stderr));
    let session = world.ended().await;
    assert!(world.recording(&session).await.contains("/dev/pts/"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shell_answers_what_is_typed_and_ends_with_its_own_status() {
    let world = World::start().await;
    world.grant("deploy").await;
    let mut ssh = world.ssh("deploy@web-1", &[]);
    let mut child = ssh.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"echo $((40 + 2))\nexit 3\n").await.unwrap();
    let output = child.wait_with_output().await.unwrap();
    assert!(text(&output.stdout).ends_with("\n42\n"), "{}", text(&output.stderr));
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(world.ended().await.channel, Channel::Shell);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_window_size_reaches_the_target() {
    let world = World::start().await;
    world.grant("root").await;
    let line = format!(
        "stty cols 80 rows 24; {} 127.0.0.1 'trap \"stty size; exit 0\" WINCH; echo ready; while :; do sleep 0.05; done'",
        shell_line(&world, "-tt", "root@web-1")
    );
    let script = format!(
        "import os, pty, time, fcntl, termios, struct, sys\n\
         pid, fd = pty.fork()\n\
         if pid == 0:\n    os.execvp('sh', ['sh', '-c', {line:?}])\n\
         seen = b''\n\
         while b'ready' not in seen: seen += os.read(fd, 1000)\n\
         fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', 51, 133, 0, 0))\n\
         try:\n    while True: seen += os.read(fd, 1000)\n\
         except OSError: pass\n\
         sys.stdout.buffer.write(seen)\n"
    );
    let mut python = tool(peers::tools::python());
    let output = run(python.args(["-c", &script])).await;
    assert!(text(&output.stdout).contains("51 133"), "{} {}", text(&output.stdout), text(&output.stderr));
    let recording = world.recording(&world.ended().await).await;
    assert!(recording.contains("133x51"), "{recording}");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_bytes_pass_both_ways_unchanged_while_the_output_is_much_more_than_the_input() {
    let world = World::start().await;
    world.grant("root").await;
    let mut ssh = world.ssh("root@web-1", &["tee /tmp/copy | sha256sum >&2; cat /tmp/copy /tmp/copy /tmp/copy"]);
    let mut child = ssh.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let sent: Vec<u8> = (0..20_000_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let (mut stdin, mut stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let write = async {
        stdin.write_all(&sent).await.unwrap();
        drop(stdin);
    };
    let mut received = Vec::new();
    let (_, read) = tokio::join!(write, stdout.read_to_end(&mut received));
    read.unwrap();
    assert!(child.wait().await.unwrap().success());
    assert!(received == sent.repeat(3), "{} bytes came back", received.len());
    let outcome = world.ended().await.outcome().unwrap().clone();
    assert_eq!(outcome.bytes_in, 20_000_000);
    assert!(outcome.bytes_out > 60_000_000);
}

/// A filter that gives much more than it takes, and a reader that takes nothing until everything is written.
#[tokio::test(flavor = "multi_thread")]
async fn a_filter_that_swells_its_input_does_not_stall() {
    let world = World::start().await;
    world.grant("root").await;
    let mut ssh = world.ssh("root@web-1", &["while read -r line; do head -c 100000 /dev/zero; done"]);
    let mut child = ssh.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let (mut stdin, mut stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let write = async {
        for _ in 0..500 {
            stdin.write_all(b"line\n").await.unwrap();
        }
        drop(stdin);
    };
    let read = async {
        let mut sum = 0;
        let mut buffer = vec![0; 65536];
        loop {
            match stdout.read(&mut buffer).await.unwrap() {
                0 => return sum,
                count => sum += count,
            }
        }
    };
    let (_, sum) =
        tokio::time::timeout(std::time::Duration::from_secs(60), async { tokio::join!(write, read) }).await.unwrap();
    assert_eq!(sum, 50_000_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn sftp_moves_files_both_ways_and_every_operation_is_noted() {
    let world = World::start().await;
    world.grant("deploy").await;
    let contents: Vec<u8> = (0..3_000_000_u32).map(|n| (n % 251) as u8).collect();
    std::fs::write(world.path("up"), &contents).unwrap();
    let batch = format!(
        "put {up} one\nchmod 600 one\nmkdir d\nrename one d/two\nls d\nget d/two {down}\nrm d/two\nrmdir d\n-rm nothing\n",
        up = world.path("up").display(),
        down = world.path("down").display()
    );
    std::fs::write(world.path("batch"), batch).unwrap();
    let mut sftp = tool(peers::tools::sftp());
    sftp.args(world.options()).args(["-P", &world.port().to_string(), "-b"]).arg(world.path("batch"));
    let output = run(sftp.arg("deploy@web-1@127.0.0.1")).await;
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(std::fs::read(world.path("down")).unwrap() == contents);
    let session = world.ended().await;
    assert_eq!(session.channel, Channel::Sftp);
    let recording = world.recording(&session).await;
    for operation in [
        "close \\\"/home/deploy/one\\\": 0 bytes read, 3000000 bytes written",
        "make folder \\\"/home/deploy/d\\\"",
        "rename \\\"/home/deploy/one\\\" to \\\"/home/deploy/d/two\\\"",
        "close \\\"/home/deploy/d/two\\\": 3000000 bytes read, 0 bytes written",
        "remove \\\"/home/deploy/nothing\\\": failed, no such file",
    ] {
        assert!(
            recording.contains(&operation.replace('\\', "\\\\").replace("\\\\\"", "\\\"")),
            "{operation} in {recording}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn scp_in_both_modes_rsync_and_git_work() {
    let world = World::start().await;
    world.grant("deploy").await;
    let contents: Vec<u8> = (0..2_000_000_u32).map(|n| (n % 241) as u8).collect();
    std::fs::write(world.path("up"), &contents).unwrap();
    let remote = "deploy@web-1@127.0.0.1";
    for (mode, name) in [("-s", "by-sftp"), ("-O", "by-exec")] {
        let mut up = tool(peers::tools::scp());
        up.args(world.options()).args([mode, "-P", &world.port().to_string()]).arg(world.path("up"));
        let output = run(up.arg(format!("{remote}:{name}"))).await;
        assert!(output.status.success(), "{mode}: {}", text(&output.stderr));
        let mut down = tool(peers::tools::scp());
        down.args(world.options()).args([mode, "-P", &world.port().to_string()]).arg(format!("{remote}:{name}"));
        let output = run(down.arg(world.path("down"))).await;
        assert!(output.status.success(), "{mode}: {}", text(&output.stderr));
        assert!(std::fs::read(world.path("down")).unwrap() == contents, "{mode}");
    }
    let shell = shell_line(&world, "", "deploy@web-1");
    let mut rsync = tool(peers::tools::rsync());
    let output = run(rsync.args(["-a", "-e", &shell]).arg(world.path("up")).arg("127.0.0.1:by-rsync")).await;
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(world.host.read("/home/deploy/by-rsync").unwrap() == contents);

    world.host.sh("cd /home/deploy && su deploy -c 'git init -q r && cd r && git -c user.name=a -c user.email=a@b commit -q --allow-empty -m first'").unwrap();
    let mut git = tool(peers::tools::git());
    git.env("GIT_SSH_COMMAND", &shell).args(["clone", "-q", "127.0.0.1:r"]).arg(world.path("clone"));
    let output = run(&mut git).await;
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(world.ended().await.command.unwrap().starts_with("git-upload-pack"));
}

/// Paramiko is what many tools are made of; it asks for ciphers in an order of its own.
#[tokio::test(flavor = "multi_thread")]
async fn paramiko_and_ansible_work() {
    let world = World::start().await;
    world.grant("root").await;
    let script = "import sys, paramiko\n\
        client = paramiko.SSHClient()\n\
        client.load_host_keys(sys.argv[3])\n\
        client.connect('127.0.0.1', int(sys.argv[1]), 'root@web-1', key_filename=sys.argv[2], look_for_keys=False)\n\
        _, out, err = client.exec_command('id -un; echo oops >&2; exit 5')\n\
        print(out.read(), err.read(), out.channel.recv_exit_status())\n\
        sftp = client.open_sftp()\n\
        with sftp.file('/tmp/p', 'w') as file: file.write('x' * 300000)\n\
        print(len(sftp.file('/tmp/p').read()))\n\
        for cipher in ['aes256-ctr', 'aes128-gcm@openssh.com']:\n    \
            transport = paramiko.Transport(('127.0.0.1', int(sys.argv[1])))\n    \
            transport.get_security_options().ciphers = [cipher]\n    \
            transport.connect(username='root@web-1', pkey=paramiko.Ed25519Key.from_private_key_file(sys.argv[2]))\n    \
            print(transport.remote_cipher)\n";
    let mut python = tool(peers::tools::python());
    python.args(["-c", script, &world.port().to_string()]).arg(world.path("alice")).arg(world.path("known_hosts"));
    let output = run(&mut python).await;
    let expected = "b'root\\n' b'oops\\n' 5\n300000\naes256-ctr\naes128-gcm@openssh.com\n";
    assert_eq!(text(&output.stdout), expected, "{}", text(&output.stderr));

    let inventory = format!(
        "web ansible_host=127.0.0.1 ansible_port={} ansible_user=root@web-1 ansible_ssh_common_args=\"{}\"\n",
        world.port(),
        world.options().join(" ")
    );
    std::fs::write(world.path("inventory"), inventory).unwrap();
    let mut ansible = tool(peers::tools::ansible());
    ansible.env("HOME", world.folder.path()).env("ANSIBLE_LOCAL_TEMP", world.path("ansible"));
    let output = run(ansible.arg("-i").arg(world.path("inventory")).args(["web", "-m", "ping"])).await;
    assert!(text(&output.stdout).contains("pong"), "{} {}", text(&output.stdout), text(&output.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn channels_of_one_connection_are_sessions_of_their_own() {
    let world = World::start().await;
    world.grant("root").await;
    let socket = world.path("master").display().to_string();
    let mut master = world.ssh_with(&["-M", "-S", &socket], "root@web-1", &["sleep 30"]);
    let mut master = master.stdin(Stdio::null()).spawn().unwrap();
    world.live_session().await;
    for number in 0..3 {
        let mut second = tool(peers::tools::ssh());
        second.args(["-F", "none", "-S", &socket, "127.0.0.1", &format!("echo {number}")]);
        let output = run(&mut second).await;
        assert_eq!(text(&output.stdout), format!("{number}\n"), "{}", text(&output.stderr));
    }
    master.kill().await.unwrap();
    assert_eq!(world.sessions().await.len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_renewed_while_bytes_flow() {
    let world = World::start().await;
    world.grant("root").await;
    let mut ssh = world.ssh_with(&["-o", "RekeyLimit=1M"], "root@web-1", &["head -c 30000000 /dev/zero"]);
    let output = run(&mut ssh).await;
    assert_eq!(output.stdout.len(), 30_000_000, "{}", text(&output.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signal_reaches_the_program_and_its_end_by_a_signal_is_told() {
    let world = World::start().await;
    world.grant("root").await;
    let output = run(&mut world.ssh("root@web-1", &["kill -TERM $$"])).await;
    assert_eq!(output.status.code(), Some(255), "{}", text(&output.stderr));
}

/// The words of `ssh` for this world, for programs that start it themselves.
fn shell_line(world: &World, more: &str, user: &str) -> String {
    let options = world.options().iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" ");
    format!("ssh {options} {more} -p {} -l {user}", world.port())
}
