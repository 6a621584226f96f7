//! The demo host seen by the real OpenSSH client.
//! Certificates are made by `ssh-keygen`, so that the host is judged by OpenSSH's own format.

mod place;

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use connectors::linux::log_in;
use connectors::{Credential, LogIn};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use types::{Chance, Secret};

use super::load_or_create_host_key;
use place::{GOOD, Place, REVOKED_SERIAL};

/// Waits for another process, at most five seconds.
async fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    for _ in 0..250 {
        if is_so() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{what}");
}

fn is_running(pid_file: &Path) -> bool {
    let pid = std::fs::read_to_string(pid_file).unwrap();
    Path::new("/proc").join(pid.trim()).exists()
}

#[tokio::test]
async fn a_certificate_of_the_authority_opens_exactly_the_login_it_names() {
    let place = Place::new().await;
    place.certify("ca", GOOD).await;
    let outcome = place.ssh(&["root@127.0.0.1", "echo $USER; pwd; echo oops >&2; exit 7"]).await;
    assert_eq!(outcome.status, Some(7), "{outcome:?}");
    assert_eq!(outcome.out, format!("root\n{}\n", place.at("home").display()));
    assert_eq!(outcome.err, "oops\n");
    let outcome = place.ssh(&["deploy@127.0.0.1", "true"]).await;
    assert!(outcome.err.contains("Permission denied (publickey,password)"), "{outcome:?}");
}

#[tokio::test]
async fn every_other_certificate_is_refused() {
    let place = Place::new().await;
    let check = async |authority: &str, options: &[&str], expected: Option<i32>| {
        place.certify(authority, options).await;
        let outcome = place.ssh(&["root@127.0.0.1", "true"]).await;
        assert_eq!(outcome.status, expected, "{authority} {options:?} {outcome:?}");
    };
    let (yes, no) = (Some(0), Some(255));
    for (authority, options, expected) in [
        ("ca", GOOD, yes),
        ("ca", &["-I", "a", "-n", "root", "-V", "-1m:+2m", "-O", "source-address=127.0.0.1/32"][..], yes),
        ("ca", &["-I", "a", "-n", "root", "-V", "-1m:+2m", "-O", "source-address=10.0.0.0/8"], no),
        ("other_ca", GOOD, no),
        ("ca", &["-I", "a", "-n", "deploy", "-V", "-1m:+2m"], no),
        ("ca", &["-I", "a", "-n", "root,deploy", "-V", "-1m:+2m"], no),
        ("ca", &["-I", "a", "-V", "-1m:+2m"], no),
        ("ca", &["-I", "a", "-n", "root", "-V", "-2m:-1m"], no),
        ("ca", &["-I", "a", "-n", "root", "-V", "+1m:+2m"], no),
        ("ca", &["-I", "a", "-n", "root", "-V", "-1m:+2m", "-z", REVOKED_SERIAL], no),
        ("ca", &["-I", "a", "-n", "root", "-V", "-1m:+2m", "-h"], no),
        ("ca", &["-I", "a", "-n", "root", "-V", "-1m:+2m", "-O", "force-command=true"], no),
        ("ca", &["-I", "a", "-n", "root", "-V", "-1m:+2m", "-O", "critical:x@example.com=1"], no),
    ] {
        check(authority, options, expected).await;
    }
}

#[tokio::test]
async fn a_key_without_a_certificate_and_an_unknown_login_are_refused() {
    let place = Place::new().await;
    let outcome = place.ssh(&["root@127.0.0.1", "true"]).await;
    assert!(outcome.err.contains("Permission denied (publickey,password)"), "{outcome:?}");
    place.certify("ca", &["-I", "a", "-n", "mallory", "-V", "-1m:+2m"]).await;
    let outcome = place.ssh(&["mallory@127.0.0.1", "true"]).await;
    assert!(outcome.err.contains("Permission denied (publickey,password)"), "{outcome:?}");
}

#[tokio::test]
async fn a_password_is_found_set_and_judged_by_the_host_itself_and_never_by_the_machine_it_runs_on() {
    let place = Place::new().await;
    place.certify("ca", GOOD).await;
    let (address, pin) = place.as_tenure_knows_it();
    let judged = async |password: &str| {
        let offered = Credential::Password(Secret::new(password.to_owned()));
        log_in(&address, &pin, "deploy", &offered).await.unwrap()
    };
    assert_eq!(judged("").await, LogIn::Refused);
    for (set, accepted, refused) in [("first: '1'", "first: '1'", "1"), ("second 2", "second 2", "first: '1'")] {
        let told = format!("deploy:{set}\n");
        let outcome = place.ssh_with_input(&["root@127.0.0.1", "'sudo' '-n' '--' 'chpasswd'"], told.as_bytes()).await;
        assert_eq!((outcome.status, outcome.out.as_str()), (Some(0), ""), "{outcome:?}");
        assert_eq!(judged(accepted).await, LogIn::Accepted);
        assert_eq!(judged(refused).await, LogIn::Refused);
        assert!(!std::fs::read_to_string(place.at("passwords")).unwrap().contains(set));
    }
    let found = place.ssh(&["root@127.0.0.1", "'env' 'getent' 'passwd' '--' 'deploy'"]).await;
    assert!(found.out.starts_with("deploy:x:"), "{found:?}");
    for (command, told, status) in [
        ("'getent' 'passwd' '--' 'daemon'", "", 2),
        ("'chpasswd'", "daemon:x", 1),
        ("'chpasswd'", "deploy", 1),
        ("'chpasswd'", &"x".repeat(9000), 1),
        ("echo chpasswd", "", 0),
    ] {
        let outcome = place.ssh_with_input(&["root@127.0.0.1", command], told.as_bytes()).await;
        assert_eq!(outcome.status, Some(status), "{command}: {outcome:?}");
    }
    assert_eq!(judged("second 2").await, LogIn::Accepted);
}

#[tokio::test]
async fn a_certificate_dies_with_its_term() {
    let place = Place::new().await;
    place.certify("ca", GOOD).await;
    assert_eq!(place.ssh(&["root@127.0.0.1", "true"]).await.status, Some(0));
    place.clock.advance(Duration::from_secs(121));
    assert_eq!(place.ssh(&["root@127.0.0.1", "true"]).await.status, Some(255));
}

#[tokio::test]
async fn a_shell_has_a_terminal_and_says_which_host_it_is() {
    let place = Place::new().await;
    place.certify("ca", GOOD).await;
    let typed = b"tty; stty size; echo \"<$TERM $SHELL>\"; exit 5\n";
    let outcome = place.ssh_with_input(&["-tt", "root@127.0.0.1"], typed).await;
    assert_eq!(outcome.status, Some(5), "{outcome:?}");
    assert!(outcome.out.contains("root@web-1:~"), "{outcome:?}");
    assert!(outcome.out.contains("/dev/pts/") || outcome.out.contains("/dev/tty"), "{outcome:?}");
}

#[tokio::test]
async fn a_terminal_follows_the_size_of_the_clients_window() {
    let place = Place::new().await;
    place.certify("ca", GOOD).await;
    let mut client = place.client("ssh", "-p");
    client.args(["-t", "root@127.0.0.1", "trap 'stty size; exit' WINCH; stty size; while :; do sleep 0.05; done"]);
    let (mut window, inside) = pty_process::open().unwrap();
    window.resize(pty_process::Size::new(24, 80)).unwrap();
    let mut client = pty_process::Command::from(client).spawn(inside).unwrap();
    assert!(read_until(&mut window, "24 80").await);
    window.resize(pty_process::Size::new(50, 132)).unwrap();
    assert!(read_until(&mut window, "50 132").await);
    client.wait().await.unwrap();
}

async fn read_until(window: &mut pty_process::Pty, expected: &str) -> bool {
    let mut seen = String::new();
    let mut chunk = [0; 1024];
    let reading = async {
        while let Ok(length @ 1..) = window.read(&mut chunk).await {
            seen.push_str(&String::from_utf8_lossy(&chunk[..length]));
            if seen.contains(expected) {
                return true;
            }
        }
        false
    };
    tokio::time::timeout(Duration::from_secs(10), reading).await.unwrap_or(false)
}

#[tokio::test]
async fn a_terminal_needs_the_certificates_leave() {
    let place = Place::new().await;
    place.certify("ca", &[GOOD, &["-O", "no-pty"]].concat()).await;
    let outcome = place.ssh(&["-tt", "root@127.0.0.1", "tty"]).await;
    assert!(outcome.err.contains("PTY allocation request failed"), "{outcome:?}");
}

#[tokio::test]
async fn the_environment_is_the_hosts_except_for_the_language() {
    let place = Place::new().await;
    place.certify("ca", GOOD).await;
    let client = ["-o", "SetEnv=LANG=fr_FR.UTF-8 LC_TIME=C EVIL=1 LD_PRELOAD=/x", "root@127.0.0.1", "env"];
    let outcome = place.ssh(&client).await;
    let mut names: Vec<&str> = outcome.out.lines().filter_map(|line| line.split('=').next()).collect();
    names.sort_unstable();
    names.retain(|name| !["_", "PWD", "SHLVL", "OLDPWD"].contains(name));
    assert_eq!(names, ["HOME", "LANG", "LC_TIME", "LOGNAME", "PATH", "PS1", "SHELL", "SSH_CONNECTION", "USER"]);
    let connection = outcome.out.lines().find_map(|line| line.strip_prefix("SSH_CONNECTION=")).unwrap();
    let [peer, _, local, port] = connection.split(' ').collect::<Vec<_>>()[..] else { panic!("{connection}") };
    assert_eq!((peer, local, port), ("127.0.0.1", "127.0.0.1", place.host.local_addr().port().to_string().as_str()));
}

#[tokio::test]
async fn a_program_may_answer_while_it_is_fed() {
    let place = Place::new().await;
    place.certify("ca", GOOD).await;
    let input: String = (0..3_000_000).map(|line| format!("{line:07}\n")).collect();
    let outcome = place.ssh_with_input(&["root@127.0.0.1", "cat"], input.as_bytes()).await;
    assert_eq!(outcome.status, Some(0), "{}", outcome.err);
    assert!(outcome.out == input, "{} bytes of {} came back", outcome.out.len(), input.len());
}

#[tokio::test]
async fn a_program_killed_by_a_signal_is_told_so() {
    let place = Place::new().await;
    place.certify("ca", GOOD).await;
    let outcome = place.ssh(&["-v", "root@127.0.0.1", "kill -TERM $$"]).await;
    assert_eq!(outcome.status, Some(255), "{outcome:?}");
    assert!(outcome.err.contains("exit-signal"), "{outcome:?}");
}

#[tokio::test]
async fn a_program_ends_with_its_connection_even_when_it_reads_nothing() {
    let place = Place::new().await;
    place.certify("ca", GOOD).await;
    for (number, arguments) in [&["-T"][..], &["-tt"]].into_iter().enumerate() {
        let pid_file = place.at(&format!("pid{number}"));
        let program = format!("echo $$ > {}; trap '' HUP; sleep 600 & wait", pid_file.display());
        let mut client = place.client("ssh", "-p");
        client.args(arguments).args(["root@127.0.0.1", &program]).stdin(Stdio::piped()).stdout(Stdio::null());
        let mut client = client.spawn().unwrap();
        let mut stdin = client.stdin.take().unwrap();
        let flood = tokio::spawn(async move { while stdin.write_all(&[b'x'; 65536]).await.is_ok() {} });
        eventually("the program starts", || std::fs::read_to_string(&pid_file).is_ok_and(|pid| pid.ends_with('\n')))
            .await;
        assert!(is_running(&pid_file));
        client.kill().await.unwrap();
        eventually("the program is gone", || !is_running(&pid_file)).await;
        flood.abort();
    }
}

#[tokio::test]
async fn sftp_copies_a_file_to_the_host_and_back() {
    let place = Place::new().await;
    place.certify("ca", GOOD).await;
    std::fs::write(place.at("letter"), "dear host").unwrap();
    let (batch, back) = (place.at("batch"), place.at("back"));
    let steps = format!("put {} there\nget there {}\n", place.at("letter").display(), back.display());
    std::fs::write(&batch, steps).unwrap();
    let mut sftp = place.client("sftp", "-P");
    let done = sftp.args(["-b", batch.to_str().unwrap(), "root@127.0.0.1"]).output().await.unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert_eq!(std::fs::read_to_string(back).unwrap(), "dear host");
    assert!(place.at("home/there").exists());
}

#[tokio::test]
async fn forwarding_is_refused() {
    let place = Place::new().await;
    place.certify("ca", GOOD).await;
    let outcome = place.ssh(&["-W", "127.0.0.1:1", "root@127.0.0.1"]).await;
    assert!(outcome.err.contains("stdio forwarding failed"), "{outcome:?}");
    let outcome = place.ssh(&["-o", "ExitOnForwardFailure=yes", "-R", "0:127.0.0.1:1", "root@127.0.0.1", "true"]).await;
    assert_eq!(outcome.status, Some(255), "{outcome:?}");
    assert!(outcome.err.contains("remote port forwarding failed"), "{outcome:?}");
}

#[tokio::test]
async fn stopping_ends_every_program_and_the_port_is_free() {
    let place = Place::new().await;
    place.certify("ca", GOOD).await;
    let pid_file = place.at("pid");
    let mut client = place.client("ssh", "-p");
    let program = format!("echo $$ > {}; exec sleep 600", pid_file.display());
    let mut client = client.args(["root@127.0.0.1", &program]).stdin(Stdio::null()).spawn().unwrap();
    eventually("the program starts", || std::fs::read_to_string(&pid_file).is_ok_and(|pid| pid.ends_with('\n'))).await;
    let address = place.host.local_addr();
    place.host.stop().await;
    assert!(!is_running(&pid_file));
    assert!(!client.wait().await.unwrap().success());
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}

#[test]
fn the_host_key_is_made_once_and_is_its_owners_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("host_key");
    let made = load_or_create_host_key(&path, &Chance::system()).unwrap();
    let read = load_or_create_host_key(&path, &Chance::system()).unwrap();
    assert_eq!(made.public_key(), read.public_key());
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    std::fs::write(&path, "not a key").unwrap();
    assert!(load_or_create_host_key(&path, &Chance::system()).is_err());
}
