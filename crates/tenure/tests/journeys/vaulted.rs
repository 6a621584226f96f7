//! `old-1` takes no certificate: people are logged in there by the password or key that the vault keeps for the login.
//! They never see it, and neither do the recording, the evidence and the errors.

use crate::shop::{eligible, grant};
use peers::sshd::{HostOptions, LinuxHost};
use privilege::accounts::{self, AccountKind, Change, CredentialKind, Given, Import};
use privilege::targets::{self, Declaration, SignIn};
use russh::keys::PrivateKey;
use russh::keys::ssh_key::LineEnding;
use russh::keys::ssh_key::private::Ed25519Keypair;
use std::time::Duration;
use testbed::{Engine, Live, Testbed, blocking, finish};
use tokio::time::Instant;
use types::{Actor, ManagedAccountId, Secret};

const PASSWORD: &str = "canary-of-the-vault";

/// How `old-1` lets people in.
#[derive(Clone, Copy)]
enum Lets {
    Password,
    /// PAM asks for it.
    Questions,
    Key,
}

impl Lets {
    const ALL: [Self; 3] = [Self::Password, Self::Questions, Self::Key];

    fn sshd(self) -> &'static str {
        match self {
            Self::Password => "PasswordAuthentication yes\nPubkeyAuthentication no",
            Self::Questions => "KbdInteractiveAuthentication yes\nPasswordAuthentication no\nPubkeyAuthentication no",
            Self::Key => "PasswordAuthentication no\nKbdInteractiveAuthentication no",
        }
    }
}

/// The host, declared, with `deploy` under management; it trusts no authority of ours.
async fn old_1(bed: &Testbed, lets: Lets) -> (LinuxHost, ManagedAccountId) {
    let options = HostOptions {
        name: "old-1".into(),
        users: vec!["deploy".into()],
        sshd_config_extra: lets.sshd().into(),
        ..HostOptions::default()
    };
    let host = blocking(move || LinuxHost::start(options).unwrap()).await;
    let (kind, value) = match lets {
        Lets::Password | Lets::Questions => {
            host.sh(&format!("echo 'deploy:{PASSWORD}' | chpasswd")).unwrap();
            (CredentialKind::Password, PASSWORD.to_owned())
        }
        Lets::Key => {
            let key: PrivateKey = Ed25519Keypair::from_seed(&[9; 32]).into();
            let line = key.public_key().to_openssh().unwrap();
            host.write("/home/deploy/.ssh/authorized_keys", line, 0o600).unwrap();
            host.sh("chown -R deploy: /home/deploy/.ssh; chmod 700 /home/deploy/.ssh").unwrap();
            (CredentialKind::SshKey, key.to_openssh(LineEnding::LF).unwrap().to_string())
        }
    };
    let ctx = &bed.ctx().acting_as(Actor::Console);
    let declaration = Declaration {
        name: "old-1".into(),
        host: "127.0.0.1".into(),
        port: host.addr().port(),
        host_key: host.host_key_line().into(),
        reads_krl: false,
        sign_in: SignIn::Vaulted,
        sudo: Default::default(),
        description: "a host that trusts nobody's authority".into(),
        discovery_login: "root".into(),
    };
    targets::declare(ctx, &[declaration]).await.unwrap();
    eligible(bed, "old-1", "deploy", "shell").await;
    let import = Import {
        target: "old-1".into(),
        login: "deploy".into(),
        kind: AccountKind::Shared,
        credential: kind,
        owner: bed.bob.id.clone(),
        purpose: "releases".into(),
        given: Given::Value(Secret::new(value)),
        change: Change::default(),
    };
    let account = accounts::import(ctx, vec![import]).await.unwrap().remove(0).id;
    let verified = || async { accounts::get(ctx, &account).await.unwrap().verified_at.is_some() };
    assert!(bed.eventually(Duration::from_secs(20), verified).await, "what the vault keeps is seen to work");
    (host, account)
}

async fn run(bed: &Testbed, command: &str) -> testbed::Run {
    finish(bed.ssh_as(&bed.alice, "deploy@old-1", &[], &[command]).spawn().unwrap()).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_work_on_a_host_without_certificates_by_what_the_vault_keeps_and_nobody_sees_it() {
    for (engine, lets) in Lets::ALL.into_iter().flat_map(|lets| Engine::BOTH.map(|engine| (engine, lets))) {
        let bed = Testbed::start(engine).await;
        let (host, account) = old_1(&bed, lets).await;
        let refused = run(&bed, "id -un").await;
        assert!(refused.code() == Some(255) && refused.stderr.contains("no grant for deploy on old-1"), "{refused:?}");
        let grant = grant(&bed, &bed.alice, "deploy@old-1", &["shell", "exec"], 60).await;
        let done = run(&bed, "id -un; env").await;
        assert_eq!((done.code(), done.stdout.lines().next()), (Some(0), Some("deploy")), "{done:?}");
        let session = bed.sessions_of(&grant).await[0].clone();
        assert_eq!(session["vaulted"], serde_json::json!({"account": account, "version": 1}));
        assert_eq!(session["credential"], serde_json::Value::Null);
        let id = session["id"].as_str().unwrap();
        let closed = || async { bed.timeline(id).await.len() == 7 };
        assert!(bed.eventually(Duration::from_secs(20), closed).await, "{:?}", bed.timeline(id).await);
        assert_eq!(
            bed.timeline(id).await,
            [
                "permit.given by alice",
                "session.started by alice",
                "session.credential_used by alice",
                "session.connected by alice",
                "session.ended by alice",
                "permit.released by alice",
                "recording.sealed by alice",
            ]
        );
        let recording = bed.get(&bed.carol, &format!("/api/v1/sessions/{id}/recording")).await.text;
        assert!(recording.contains("deploy") && !recording.contains(PASSWORD), "{recording}");

        let mut live = Live::start(bed.ssh_as(&bed.alice, "deploy@old-1", &["-tt"], &[]));
        live.say("setsid sleep 1001 & echo re''ady").await;
        live.hear("ready").await;
        bed.withdraw(&grant).await;
        let last = live.last_words(Instant::now()).await;
        assert!(last.text.contains("the grant was withdrawn"), "{}", last.text);
        bed.gone(&grant).await;
        assert!(host.processes_of("deploy").unwrap().is_empty(), "nothing of it runs on old-1");
        assert_eq!(bed.timeline(&grant).await.last().unwrap(), "grant.gone by tenure");
        assert_eq!(bed.broken_invariants().await, Vec::<String>::new());
        let evidence = bed.evidence(&grant).await;
        privilege::evidence::verify_bundle(&evidence).unwrap();
        assert!(!String::from_utf8_lossy(&evidence).contains(PASSWORD));
        blocking(move || drop(host)).await;
        bed.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_that_the_host_refuses_or_nobody_keeps_ends_in_words_without_it() {
    let bed = Testbed::start(Engine::Sqlite).await;
    let (host, account) = old_1(&bed, Lets::Password).await;
    grant(&bed, &bed.alice, "deploy@old-1", &["exec"], 60).await;
    host.sh("echo 'deploy:changed by hand' | chpasswd").unwrap();
    let refused = run(&bed, "id").await;
    assert_eq!(refused.code(), Some(255), "{refused:?}");
    assert!(refused.stderr.contains("it refused the credential that tenure keeps"), "{}", refused.stderr);
    assert!(!refused.stderr.contains(PASSWORD));
    let noticed = || async {
        let findings = bed.get(&bed.carol, "/api/v1/findings").await;
        findings.json["items"].as_array().unwrap().iter().any(|open| open["subject"] == account.as_str())
    };
    assert!(bed.eventually(Duration::from_secs(20), noticed).await, "a refused password is looked into at once");
    let unknown = run(&bed, "id").await;
    assert!(unknown.stderr.contains("none of the kept credentials of `deploy@old-1` logs in"), "{}", unknown.stderr);

    host.sh(&format!("echo 'deploy:{PASSWORD}' | chpasswd")).unwrap();
    accounts::unmanage(&bed.ctx().acting_as(Actor::Console), &account).await.unwrap();
    let nobody = run(&bed, "id").await;
    assert!(nobody.stderr.contains("the vault has no password or key of `deploy` on `old-1`"), "{}", nobody.stderr);
    blocking(move || drop(host)).await;
    bed.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_that_shows_another_key_is_offered_no_password() {
    let bed = Testbed::start(Engine::Sqlite).await;
    let (host, _) = old_1(&bed, Lets::Password).await;
    grant(&bed, &bed.alice, "deploy@old-1", &["exec"], 60).await;
    host.sh("rm /etc/ssh/ssh_host_*; ssh-keygen -q -t ed25519 -N '' -C '' -f /etc/ssh/ssh_host_ed25519_key").unwrap();
    let host = blocking(move || {
        host.stop().unwrap();
        host.start_again().unwrap();
        host
    })
    .await;
    let before = host.sshd_log().unwrap();
    let refused = run(&bed, "id").await;
    assert!(refused.stderr.contains("another host key than the pinned one"), "{}", refused.stderr);
    let since = host.sshd_log().unwrap().split_off(before.len());
    assert!(!since.contains("deploy"), "{since}");
    blocking(move || drop(host)).await;
    bed.stop().await;
}
