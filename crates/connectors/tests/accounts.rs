//! A Linux host's accounts against a real sshd: passwords and keys that let in, and how they are changed.

mod host;

use connectors::linux::{HostKeyPin, log_in, replace_key, set_password};
use connectors::{Credential, LogIn};
use host::{Host, private_key};
use peers::sshd::HostOptions;
use russh::keys::PrivateKey;
use russh::keys::ssh_key::LineEnding;
use russh::keys::ssh_key::private::Ed25519Keypair;
use types::{Failure, Kind, Secret};

fn secret(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

fn host(sshd_config_extra: &str) -> Host {
    let users = ["ann", "ben"].map(str::to_owned).to_vec();
    Host::start(HostOptions { users, sshd_config_extra: sshd_config_extra.to_owned(), ..HostOptions::default() })
}

fn key(seed: u8) -> PrivateKey {
    Ed25519Keypair::from_seed(&[seed; 32]).into()
}

fn pem(key: &PrivateKey) -> Secret<String> {
    secret(&key.to_openssh(LineEnding::LF).unwrap())
}

fn line(key: &PrivateKey) -> String {
    key.public_key().to_openssh().unwrap().split(' ').take(2).collect::<Vec<_>>().join(" ")
}

fn by_password(password: &str) -> Credential {
    Credential::Password(secret(password))
}

fn by_key(pem: &Secret<String>) -> Credential {
    Credential::SshKey(pem.clone())
}

async fn accepted(host: &Host, login: &str, key: &PrivateKey) -> bool {
    log_in(&host.address, &host.pin, login, &by_key(&pem(key))).await.unwrap() == LogIn::Accepted
}

#[tokio::test]
async fn a_password_is_set_and_lets_in_and_every_other_is_refused() {
    for config in ["PasswordAuthentication yes", "PasswordAuthentication no\nKbdInteractiveAuthentication yes"] {
        let host = host(config);
        let session = host.session("root").await;
        let with = async |login: &str, password: &str| {
            log_in(&host.address, &host.pin, login, &by_password(password)).await.unwrap() == LogIn::Accepted
        };
        assert!(!with("ann", "n€w 'pass\\word'").await, "{config}");
        set_password(&session, "ann", &secret("n€w 'pass\\word'")).await.unwrap();
        assert!(with("ann", "n€w 'pass\\word'").await, "{config}");
        set_password(&session, "ann", &secret(":$6$x:second")).await.unwrap();
        assert!(with("ann", ":$6$x:second").await, "{config}");
        for (login, password) in
            [("ann", "n€w 'pass\\word'"), ("ann", ""), ("ben", ":$6$x:second"), ("nobody-here", ":$6$x:second")]
        {
            assert!(!with(login, password).await, "{config}: {login} {password}");
        }
    }
}

#[tokio::test]
async fn what_would_be_another_line_for_chpasswd_is_refused() {
    let host = host("");
    let session = host.session("root").await;
    let before = host.linux.read("/etc/shadow").unwrap();
    for (login, password, code) in [
        ("ann", "", "password_invalid"),
        ("ann", "x\nroot:owned", "password_invalid"),
        ("ann", "x\0y", "password_invalid"),
        ("ann:x\nroot", "owned", "account_name_invalid"),
        ("ann:x", "owned", "account_name_invalid"),
        ("-ann", "owned", "account_name_invalid"),
        ("", "owned", "account_name_invalid"),
        ("a\0nn", "owned", "account_name_invalid"),
        ("nobody-here", "owned", "host_account_missing"),
        ("0", "owned", "host_account_missing"),
    ] {
        let error = set_password(&session, login, &secret(password)).await.unwrap_err();
        assert_eq!(error.code(), code, "{login:?} {password:?}");
    }
    assert_eq!(host.linux.read("/etc/shadow").unwrap(), before);
    let powerless = host.session("ann").await;
    assert!(set_password(&powerless, "ben", &secret("taken-over")).await.is_err());
    assert_eq!(host.linux.read("/etc/shadow").unwrap(), before);
}

#[tokio::test]
async fn the_hosts_own_policy_refuses_a_password_and_does_not_repeat_it() {
    let host = host("");
    let session = host.session("root").await;
    host.linux.sh("sed -i '1i password requisite pam_deny.so' /etc/pam.d/common-password").unwrap();
    let refused = set_password(&session, "ann", &secret("refused-1")).await.unwrap_err();
    assert_eq!(refused.code(), "host_refused_new_password", "{refused}");
    assert!(!refused.to_string().contains("refused-1"), "{refused}");
}

#[tokio::test]
async fn a_password_or_key_is_offered_to_the_pinned_host_and_judged_by_one_that_is_there() {
    let host = host("PasswordAuthentication yes");
    let other = HostKeyPin::new(key(9).public_key().clone());
    let mismatch = log_in(&host.address, &other, "ann", &by_password("x")).await.unwrap_err();
    assert_eq!(mismatch.code(), "host_key_mismatch");
    let mismatch = log_in(&host.address, &other, "ann", &by_key(&pem(&key(7)))).await.unwrap_err();
    assert_eq!(mismatch.code(), "host_key_mismatch");
    let log = host.linux.sshd_log().unwrap();
    assert!(!log.contains("Failed password") && !log.contains("ann"), "{log}");
    for nonsense in ["", "no key", &line(&key(7))] {
        let error = log_in(&host.address, &host.pin, "ann", &by_key(&secret(nonsense))).await.unwrap_err();
        assert_eq!(error.code(), "private_key_invalid");
    }
    host.linux.stop().unwrap();
    let away = log_in(&host.address, &host.pin, "ann", &by_password("x")).await.unwrap_err();
    assert!(away.kind() == Kind::Unavailable && away.code() == "host_unreachable", "{away}");
    let away = log_in(&host.address, &host.pin, "ann", &by_key(&pem(&key(7)))).await.unwrap_err();
    assert!(away.kind() == Kind::Unavailable, "{away}");
}

#[tokio::test]
async fn a_host_that_takes_no_passwords_or_no_keys_has_judged_none() {
    let host = host("PasswordAuthentication no\nKbdInteractiveAuthentication no");
    let error = log_in(&host.address, &host.pin, "ann", &by_password("x")).await.unwrap_err();
    assert!(error.to_string().contains("takes no passwords"), "{error}");
    let host = self::host("PasswordAuthentication yes\nPubkeyAuthentication no");
    let error = log_in(&host.address, &host.pin, "ann", &by_key(&pem(&key(7)))).await.unwrap_err();
    assert!(error.to_string().contains("takes no keys"), "{error}");
}

#[tokio::test]
async fn a_key_is_replaced_in_place_and_everything_else_stays() {
    let host = host("");
    let session = host.session("root").await;
    let (old, new, other) = (key(11), key(12), private_key());
    let file = |key: &PrivateKey| {
        format!(
            "# {0}\n\nfrom=\"127.0.0.1,10.0.0.0/8\",no-pty {0} ann's laptop\r\n{1} other\nnonsense\n",
            line(key),
            line(&other)
        )
    };
    let file_of = |commented: &PrivateKey, used: &PrivateKey| {
        file(used).replacen(&format!("# {}", line(used)), &format!("# {}", line(commented)), 1)
    };
    let path = "/home/ann/.ssh/authorized_keys";
    host.linux.write(path, file(&old), 0o640).unwrap();
    host.linux.sh("chown -R ann:ann /home/ann/.ssh; chmod 700 /home/ann/.ssh; groupadd team; usermod -aG team ann; chgrp team /home/ann/.ssh/authorized_keys").unwrap();
    assert!(accepted(&host, "ann", &old).await && !accepted(&host, "ann", &new).await);
    for _ in 0..2 {
        replace_key(&session, "ann", &line(&old), &line(&new)).await.unwrap();
        assert_eq!(String::from_utf8(host.linux.read(path).unwrap()).unwrap(), file_of(&old, &new));
        assert_eq!(
            host.linux.sh(&format!("stat -c '%U %G %a' {path}; ls -A /home/ann/.ssh")).unwrap(),
            "ann team 640\nauthorized_keys\n"
        );
    }
    assert!(!accepted(&host, "ann", &old).await && accepted(&host, "ann", &new).await);
    assert!(accepted(&host, "ann", &other).await);

    let error = replace_key(&session, "ann", &line(&old), &line(&key(13))).await.unwrap_err();
    assert!(error.to_string().contains("none of the login's files"), "{error}");
    for (login, code) in
        [("nobody-here", "host_account_missing"), ("a:b", "account_name_invalid"), ("-x", "account_name_invalid")]
    {
        assert_eq!(replace_key(&session, login, &line(&old), &line(&new)).await.unwrap_err().code(), code);
    }
    assert_eq!(replace_key(&session, "ann", "no key", &line(&new)).await.unwrap_err().code(), "host_key_invalid");

    host.linux.write("/root/.ssh/authorized_keys", format!("{}\n", line(&old)), 0o600).unwrap();
    host.linux.sh("chmod 700 /root/.ssh").unwrap();
    replace_key(&session, "root", &line(&old), &line(&new)).await.unwrap();
    assert!(accepted(&host, "root", &new).await && !accepted(&host, "root", &old).await);
}

#[tokio::test]
async fn links_and_what_belongs_to_somebody_else_are_refused_and_left_as_they_are() {
    let host = host("");
    let session = host.session("root").await;
    let (old, new) = (line(&key(11)), line(&key(12)));
    let held = format!("{old}\n");
    host.linux.write("/home/ben/.ssh/authorized_keys", &held, 0o600).unwrap();
    host.linux.write("/etc/secret", &held, 0o600).unwrap();
    host.linux.sh("chown -R ben: /home/ben/.ssh; chmod 700 /home/ben/.ssh").unwrap();
    for (what, script) in [
        ("a link to root's file", "install -d -o ann -m 700 .ssh; ln -s /etc/secret .ssh/authorized_keys"),
        ("a link to another's folder", "ln -s /home/ben/.ssh .ssh"),
        (
            "a file of root's",
            "install -d -o ann -m 700 .ssh; cp /etc/secret .ssh/authorized_keys; chmod 644 .ssh/authorized_keys",
        ),
        (
            "a folder of root's",
            "install -d -m 755 .ssh; cp /etc/secret .ssh/authorized_keys; chmod 644 .ssh/authorized_keys",
        ),
        (
            "a folder that others write in",
            "install -d -o ann -m 777 .ssh; cp /etc/secret .ssh/authorized_keys; chown ann .ssh/*",
        ),
        ("a folder in place of the file", "install -d -o ann -m 700 .ssh .ssh/authorized_keys"),
        (
            "a home of another",
            "install -d -o ann -m 700 .ssh; cp /etc/secret .ssh/authorized_keys; chown ann .ssh/*; chown ben .",
        ),
    ] {
        host.linux.sh(&format!("cd /home/ann; rm -rf .ssh; {script}")).unwrap();
        let listing = "cd /home; ls -lAR ann ben; cat /etc/secret /home/ben/.ssh/authorized_keys";
        let before = host.linux.sh(listing).unwrap();
        let error = replace_key(&session, "ann", &old, &new).await.unwrap_err();
        assert_eq!(error.code(), "host_unexpected", "{what}: {error}");
        assert_eq!(host.linux.sh(listing).unwrap(), before, "{what}");
    }
}
