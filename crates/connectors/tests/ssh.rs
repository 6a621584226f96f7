//! The SSH client against a real sshd: pinning, certificates, commands and their bounds.

mod host;

use connectors::ConnectorError;
use connectors::linux::{HostKeyPin, HostSession, Probe, fetch_host_key, probe};
use host::{Host, authority, credential, private_key, signed_by};
use peers::sshd::HostOptions;
use russh::keys::ssh_key::private::Ed25519Keypair;
use types::{Failure, Kind};

#[tokio::test]
async fn commands_run_with_their_arguments_input_and_status() {
    let host = Host::start(HostOptions::default());
    let session = host.session("root").await;

    let odd = ["a b", "$(id)", "'", "\"", "\\", "*", "", "-n", "é\n;"];
    let output = session.exec(&[&["printf", "%s|"], &odd[..]].concat(), None).await.unwrap();
    assert_eq!(output.stdout_text(), odd.map(|argument| format!("{argument}|")).concat());

    let input = vec![b'x'; 3_000_000];
    let output = session.exec(&["sh", "-c", "cat; echo oops >&2; exit 3"], Some(&input)).await.unwrap();
    assert_eq!((output.status, output.stdout.len(), output.stderr_text().as_str()), (3, input.len(), "oops\n"));

    let output = session.exec(&["true"], Some(&input)).await.unwrap();
    assert_eq!((output.status, output.stdout), (0, Vec::new()));
    assert_eq!(session.exec(&["no-such-program"], None).await.unwrap().status, 127);
    session.close().await;
}

#[tokio::test]
async fn a_command_without_end_or_killed_is_an_error_and_the_session_lives_on() {
    let host = Host::start(HostOptions::default());
    let session = host.session("root").await;
    let endless = session.exec(&["cat", "/dev/zero"], None).await.unwrap_err();
    assert_eq!((endless.code(), endless.kind()), ("host_too_much_output", Kind::Internal));
    let killed = session.exec(&["sh", "-c", "kill -9 $$"], None).await.unwrap_err();
    assert!(killed.to_string().contains("killed by signal KILL"), "{killed}");
    assert_eq!(session.exec(&["true"], None).await.unwrap().status, 0);
    host.linux.sh("timeout 5 sh -c \"while pgrep -xf 'cat /dev/zero'; do sleep 0.05; done\"").unwrap();
}

#[tokio::test]
async fn a_host_with_another_key_is_offered_nothing() {
    let host = Host::start(HostOptions::default());
    assert_eq!(fetch_host_key(&host.address).await.unwrap(), host.pin);
    let other = HostKeyPin::new(Ed25519Keypair::from_seed(&[9; 32]).public.into());
    let refused = HostSession::connect(&host.address, &other, "root", &credential("root")).await;
    let Err(mismatch @ ConnectorError::HostKeyMismatch { .. }) = refused.map(drop) else { panic!("connected") };
    assert!(mismatch.to_string().contains(&host.pin.fingerprint()), "{mismatch}");
    let probed = probe(&host.address, &other, "root", credential("root").certificate()).await;
    assert_eq!(probed, Err(mismatch));
    let log = host.linux.sshd_log().unwrap();
    assert!(!log.contains("ED25519-CERT") && !log.contains("Postponed"), "{log}");
}

#[tokio::test]
async fn a_certificate_is_accepted_for_its_login_and_refused_for_others_or_from_another_authority() {
    let host = Host::start(HostOptions { users: vec!["ann".into()], ..HostOptions::default() });
    let stranger = Ed25519Keypair::from_seed(&[9; 32]).into();
    for (login, credential, accepted) in [
        ("ann", credential("ann"), true),
        ("root", credential("ann"), false),
        ("nobody-here", credential("nobody-here"), false),
        ("ann", signed_by(&stranger, "ann"), false),
    ] {
        let probed = probe(&host.address, &host.pin, login, credential.certificate()).await.unwrap();
        assert_eq!(probed == Probe::Accepted, accepted, "{login}");
        match HostSession::connect(&host.address, &host.pin, login, &credential).await {
            Ok(session) => assert!(accepted && session.login() == login),
            Err(error) => assert_eq!((error.code(), accepted), ("host_refused_certificate", false), "{login}"),
        }
    }
    let log = host.linux.sshd_log().unwrap();
    assert_eq!(log.matches("Accepted publickey for ann").count(), 1, "a probe logs nobody in: {log}");
}

#[tokio::test]
async fn a_revoked_certificate_is_observed_to_be_refused() {
    let host = Host::start(HostOptions { reads_revoked_keys: true, ..HostOptions::default() });
    let dead = credential("root");
    assert_eq!(probe(&host.address, &host.pin, "root", dead.certificate()).await, Ok(Probe::Accepted));
    let folder = tempfile::tempdir().unwrap();
    let (krl, ca, serials) = (folder.path().join("krl"), folder.path().join("ca.pub"), folder.path().join("serials"));
    std::fs::write(&ca, authority().public_key().to_openssh().unwrap()).unwrap();
    std::fs::write(&serials, "serial: 7\n").unwrap();
    let mut keygen = peers::tools::ssh_keygen().unwrap();
    assert!(keygen.args(["-q", "-k", "-f"]).arg(&krl).arg("-s").arg(&ca).arg(&serials).status().unwrap().success());
    host.linux.revoke(&std::fs::read(krl).unwrap()).unwrap();
    assert_eq!(probe(&host.address, &host.pin, "root", dead.certificate()).await, Ok(Probe::Refused));
}

#[tokio::test]
async fn a_host_that_is_gone_or_silent_has_judged_nothing() {
    let host = Host::start(HostOptions::default());
    host.linux.stop().unwrap();
    let gone = probe(&host.address, &host.pin, "root", credential("root").certificate()).await.unwrap_err();
    assert_eq!((gone.code(), gone.kind()), ("host_unreachable", Kind::Unavailable));
    assert!(gone.to_string().contains(&host.address), "{gone}");

    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = silent.local_addr().unwrap().to_string();
    let timeout = fetch_host_key(&address).await.unwrap_err();
    assert_eq!(
        timeout.to_string(),
        format!("asking `{address}` for its host key took longer than 10 s; try again when the host is less busy")
    );

    host.linux.start_again().unwrap();
    assert_eq!(probe(&host.address, &host.pin, "root", credential("root").certificate()).await, Ok(Probe::Accepted));
}

#[test]
fn a_pin_reads_and_prints_and_a_credential_prints_no_key() {
    let pin: HostKeyPin =
        format!("{} with a comment", private_key().public_key().to_openssh().unwrap()).parse().unwrap();
    assert_eq!(pin.to_string().split(' ').count(), 2);
    assert_eq!(pin.to_string().parse::<HostKeyPin>().unwrap(), pin);
    assert_eq!("ssh-ed25519 nonsense".parse::<HostKeyPin>().unwrap_err().code(), "host_key_invalid");
    assert_eq!(format!("{:?}", credential("root")), "HostCredential(test)");
}
