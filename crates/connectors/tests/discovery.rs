//! Discovery against a real Debian host whose accounts are privileged in as many ways as there are rows below,
//! or look privileged and are not. Found exactly: none missed, none invented.

mod host;

use connectors::linux::{Discovery, FoundAccount, PasswordState, discover};
use host::{Host, credential, private_key};
use peers::sshd::HostOptions;
use russh::keys::ssh_key::LineEnding;
use types::{Clock, Timestamp};

const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE3goDm7fK7PR5IrI7FSvHOcT6gBqQzZlCZa6j+ubOdw";
const SHA256: &str = "SHA256:N+8OiKE7DYza8gZXx9/PcfBaPFN3s6mo6lWTaBRZYp8";

/// What makes an account.
#[derive(Default, Clone, Copy)]
struct Row {
    login: &'static str,
    /// A script that makes it, with `LOGIN` for its name, after the ordinary `useradd`.
    made_by: &'static str,
    /// Lines for `/etc/sudoers`.
    sudoers: &'static str,
    /// A line of its `authorized_keys`, with `KEY` for the key.
    key: &'static str,
    /// How it is privileged, with `SHA256` for the fingerprint; nothing when it is not.
    how: &'static [&'static str],
}

const ROWS: [Row; 32] = [
    Row {
        login: "ann",
        sudoers: "ann ALL=(root) /usr/bin/systemctl restart nginx",
        how: &["sudo (root) /usr/bin/systemctl restart nginx"],
        ..PLAIN
    },
    Row {
        login: "bert",
        made_by: "groupadd web; usermod -aG web LOGIN",
        sudoers: "%web ALL=(ALL) /usr/bin/nginx",
        how: &["sudo (ALL) /usr/bin/nginx"],
        ..PLAIN
    },
    Row {
        login: "carl",
        sudoers: "User_Alias OPS = carl, departed\nOPS ALL=/usr/bin/uptime",
        how: &["sudo (root) /usr/bin/uptime"],
        ..PLAIN
    },
    Row {
        login: "dora",
        sudoers: "Runas_Alias DB = postgres, mysql\ndora ALL=(DB) /usr/bin/psql",
        how: &["sudo (postgres, mysql) /usr/bin/psql"],
        ..PLAIN
    },
    Row {
        login: "emil",
        sudoers: "Cmnd_Alias PKG = /usr/bin/apt-get update, /usr/bin/dpkg -l\nemil ALL=PKG",
        how: &["sudo (root) /usr/bin/apt-get update, /usr/bin/dpkg -l"],
        ..PLAIN
    },
    Row {
        login: "fay",
        sudoers: "Host_Alias HERE = web-1, web-2\nfay HERE=/usr/bin/id",
        how: &["sudo (root) /usr/bin/id"],
        ..PLAIN
    },
    Row { login: "gus", sudoers: "Host_Alias THERE = db-1\ngus THERE=ALL", ..PLAIN },
    Row {
        login: "hal",
        made_by: "echo 'LOGIN ALL=(ALL) ALL' > /etc/sudoers.d/hal; chmod 440 /etc/sudoers.d/hal",
        how: &["sudo (ALL) ALL"],
        ..PLAIN
    },
    Row {
        login: "iris",
        made_by: "echo 'LOGIN ALL=/usr/bin/w' > /etc/sudoers.more; chmod 440 /etc/sudoers.more",
        sudoers: "@include /etc/sudoers.more",
        how: &["sudo (root) /usr/bin/w"],
        ..PLAIN
    },
    Row {
        login: "jon",
        sudoers: "jon ALL=(ALL) ALL, !/usr/bin/su, !/usr/bin/passwd root",
        how: &["sudo (ALL) ALL, !/usr/bin/su, !/usr/bin/passwd root"],
        ..PLAIN
    },
    Row { login: "kim", made_by: "groupadd admins; usermod -aG admins LOGIN", ..PLAIN },
    Row {
        login: "lars",
        made_by: "usermod -aG admins LOGIN",
        sudoers: "%admins, !kim ALL=(ALL) /usr/bin/journalctl",
        how: &["sudo (ALL) /usr/bin/journalctl"],
        ..PLAIN
    },
    Row {
        login: "mona",
        sudoers: "mona ALL=(root) NOPASSWD: /usr/bin/apt-get update, PASSWD: /usr/bin/apt-get install *",
        how: &["sudo (root) NOPASSWD: /usr/bin/apt-get update", "sudo (root) /usr/bin/apt-get install *"],
        ..PLAIN
    },
    Row { login: "nils", made_by: "usermod -o -u 0 LOGIN", how: &["uid 0"], ..PLAIN },
    Row { login: "olga", made_by: "usermod -o -u 0 -s /usr/sbin/nologin LOGIN", how: &["uid 0"], ..PLAIN },
    Row {
        login: "paul",
        sudoers: "paul ALL=ALL",
        key: r#"from="10.0.0.0/8,!10.1.1.1",command="echo \"a, b\"" KEY paul@laptop"#,
        how: &[
            "sudo (root) ALL",
            r#"the holder of SHA256 (paul@laptop) becomes paul by /home/paul/.ssh/authorized_keys:1, limited by from="10.0.0.0/8,!10.1.1.1",command="echo \"a, b\"""#,
        ],
        ..PLAIN
    },
    Row { login: "quinn", key: "restrict KEY", ..PLAIN },
    Row {
        login: "rosa",
        made_by: "echo LOGIN:pw | chpasswd; usermod -L LOGIN",
        sudoers: "rosa ALL=(ALL:ALL) NOPASSWD: SETENV: ALL",
        key: "KEY rosa",
        how: &[
            "sudo (ALL : ALL) NOPASSWD: ALL [setenv]",
            "the holder of SHA256 (rosa) becomes rosa by /home/rosa/.ssh/authorized_keys:1",
        ],
    },
    Row {
        login: "sven",
        made_by: "groupadd docker; usermod -aG docker LOGIN",
        how: &["group docker, which starts containers as root"],
        ..PLAIN
    },
    Row {
        login: "tina",
        made_by: "groupadd -g 4242 tools; usermod -aG tools LOGIN",
        sudoers: "%#4242 ALL=/usr/bin/lsblk",
        how: &["sudo (root) /usr/bin/lsblk"],
        ..PLAIN
    },
    Row {
        login: "uwe",
        made_by: "usermod -u 4343 LOGIN",
        sudoers: "#4343 ALL=/usr/bin/df",
        how: &["sudo (root) /usr/bin/df"],
        ..PLAIN
    },
    Row { login: "vera", made_by: "groupadd administrators; usermod -aG administrators LOGIN", ..PLAIN },
    Row { login: "walt", sudoers: "# walt ALL=(ALL) ALL", ..PLAIN },
    Row {
        login: "xena",
        made_by: "usermod -e 2020-01-01 LOGIN",
        sudoers: "xena ALL=(ALL) ALL",
        how: &["sudo (ALL) ALL"],
        ..PLAIN
    },
    Row { login: "yuri", sudoers: "Defaults:yuri !authenticate, !requiretty", ..PLAIN },
    Row {
        login: "zoe",
        sudoers: "zoe ALL=sudoedit /etc/hosts, NOEXEC: /usr/bin/vim",
        how: &["sudo (root) sudoedit /etc/hosts", "sudo (root) /usr/bin/vim [noexec]"],
        ..PLAIN
    },
    Row {
        login: "abel",
        made_by: "usermod -g disk LOGIN",
        how: &["group disk, which reads and writes every disk"],
        ..PLAIN
    },
    Row {
        login: "beth",
        made_by: "echo 'LOGIN ALL=ALL' > /etc/sudoers.d/beth.bak; chmod 440 /etc/sudoers.d/beth.bak",
        ..PLAIN
    },
    Row {
        login: "cody",
        made_by: "usermod -aG sudo,shadow LOGIN",
        key: "cert-authority,principals=\"cody\" KEY team ca",
        how: &[
            "sudo (ALL : ALL) ALL",
            "group shadow, which reads the password hashes",
            "whoever holds a certificate of ca SHA256 (team ca) becomes cody by /home/cody/.ssh/authorized_keys:1, limited by cert-authority,principals=\"cody\"",
        ],
        ..PLAIN
    },
    Row {
        login: "dana",
        made_by: "mkdir -p /etc/ssh/keys; printf '# hers\\n\\nKEY\\n' > /etc/ssh/keys/LOGIN",
        sudoers: "dana ALL=(:adm) /usr/bin/cat",
        how: &["sudo (dana : adm) /usr/bin/cat", "the holder of SHA256 becomes dana by /etc/ssh/keys/dana:3"],
        ..PLAIN
    },
    Row { login: "evan", sudoers: "evan ALL=!/usr/bin/su", ..PLAIN },
    Row {
        login: "fern",
        sudoers: "Defaults:fern !authenticate\nfern ALL=/usr/bin/ss\n",
        how: &["sudo (root) NOPASSWD: /usr/bin/ss"],
        ..PLAIN
    },
];

const PLAIN: Row = Row { login: "", made_by: "", sudoers: "", key: "", how: &[] };

fn host_with_every_row() -> Host {
    let sshd_config_extra = "Match User dana\n  AuthorizedKeysFile /etc/ssh/keys/%u\nMatch all\n".to_owned();
    let host = Host::start(HostOptions {
        users: ROWS.iter().map(|row| row.login.to_owned()).collect(),
        sshd_config_extra,
        ..HostOptions::default()
    });
    let mut sudoers = String::from_utf8(host.linux.read("/etc/sudoers").unwrap()).unwrap();
    for row in ROWS {
        let script = row.made_by.replace("LOGIN", row.login).replace("KEY", KEY);
        host.linux.sh(&format!("set -e; {script}")).unwrap();
        sudoers.push_str(&format!("\n{}\n", row.sudoers));
        if !row.key.is_empty() {
            let path = format!("/home/{}/.ssh/authorized_keys", row.login);
            host.linux.write(&path, row.key.replace("KEY", KEY) + "\n", 0o600).unwrap();
            host.linux.sh(&format!("chown -R {0}: /home/{0}/.ssh", row.login)).unwrap();
        }
    }
    host.linux.write("/etc/sudoers", &sudoers, 0o440).unwrap();
    host.linux.sh("visudo -c").unwrap();
    host
}

fn account<'a>(found: &'a Discovery, login: &str) -> &'a FoundAccount {
    found.accounts.iter().find(|account| account.login == login).unwrap_or_else(|| panic!("{login} was not found"))
}

#[tokio::test]
async fn every_privileged_account_is_found_with_how_and_no_other() {
    let host = host_with_every_row();
    let began = Clock::system().now();
    log_in_on_a_terminal(&host, "ann");
    let session = host.session("root").await;
    let found = discover(&session, Clock::system().now()).await.unwrap();

    let mut expected: Vec<(String, Vec<String>)> =
        vec![("root".into(), vec!["uid 0".into(), "sudo (ALL : ALL) ALL".into()])];
    let rows = ROWS.iter().filter(|row| !row.how.is_empty());
    expected.extend(
        rows.map(|row| (row.login.to_owned(), row.how.iter().map(|how| how.replace("SHA256", SHA256)).collect())),
    );
    let privileged = found.accounts.iter().filter(|account| account.privileged());
    let mut stated: Vec<(String, Vec<String>)> =
        privileged.map(|account| (account.login.clone(), account.how())).collect();
    expected.sort();
    stated.sort();
    assert_eq!(stated, expected);

    for row in ROWS {
        let account = account(&found, row.login);
        let holds_key = !row.key.is_empty() || row.login == "dana";
        assert_eq!(account.keys.len(), usize::from(holds_key), "{}", row.login);
        assert_eq!(account.login_possible, !matches!(row.login, "olga" | "xena"), "{}", row.login);
        assert_eq!(account.last_login.is_some(), row.login == "ann", "{}", row.login);
        assert_eq!(account.password, PasswordState::Locked, "{}", row.login);
    }
    assert_eq!(account(&found, "xena").expires, Some("2020-01-01".parse::<Timestamp>().unwrap()));
    assert!(account(&found, "ann").last_login.unwrap() >= began.minus(std::time::Duration::from_secs(1)));
    assert_eq!(account(&found, "quinn").keys[0].options, ["restrict"]);
    assert!(found.accounts.iter().all(|account| account.login_possible || account.privileged()));
    assert!(found.sudo_rules.as_deref().unwrap().contains("User_Specs"));
    assert_eq!(found.gaps, Vec::<String>::new());
    let kept: Discovery = serde_json::from_str(&serde_json::to_string(&found).unwrap()).unwrap();
    assert_eq!(kept, found);
}

#[tokio::test]
async fn a_login_with_sudo_sees_what_root_sees_and_one_without_is_told_so() {
    let host = Host::start(HostOptions { users: vec!["scout".into(), "mallory".into()], ..HostOptions::default() });
    host.linux.write("/etc/sudoers.d/scout", "scout ALL=(ALL) NOPASSWD: ALL\n", 0o440).unwrap();
    let now = Clock::system().now();
    let mut seen = Vec::new();
    for login in ["root", "scout"] {
        let mut found = discover(&host.session(login).await, now).await.unwrap();
        found.accounts.iter_mut().for_each(|account| account.last_login = None);
        seen.push(found);
    }
    assert_eq!(seen[0], seen[1]);
    let error = discover(&host.session("mallory").await, now).await.unwrap_err();
    assert!(error.to_string().contains("a password is required"), "{error}");
}

#[tokio::test]
async fn what_cannot_be_read_is_a_gap_and_not_an_omission() {
    let sshd_config_extra = "AuthorizedKeysCommand /usr/bin/echo %u\nAuthorizedKeysCommandUser nobody\n".to_owned();
    let host = Host::start(HostOptions { users: vec!["ann".into()], sshd_config_extra, ..HostOptions::default() });
    host.linux.write("/etc/sudoers", "root ALL=ALL\nann ALL=(ALL ALL\n", 0o440).unwrap();
    host.linux.write("/home/ann/.ssh/authorized_keys", format!("not a key\n{KEY}\n"), 0o600).unwrap();
    host.linux
        .sh("chown -R ann: /home/ann/.ssh; rm /usr/bin/lastlog /usr/bin/last; mkdir -p /root/.ssh; mkfifo /root/.ssh/authorized_keys2")
        .unwrap();
    let found = discover(&host.session("root").await, Clock::system().now()).await.unwrap();
    let gaps = found.gaps.join("\n");
    for part in [
        "cvtsudoers",
        "`last -w",
        "keys that `/usr/bin/echo %u` prints",
        "`/home/ann/.ssh/authorized_keys` line 1 is not a key",
    ] {
        assert!(gaps.contains(part), "{part} is not among\n{gaps}");
    }
    assert_eq!(account(&found, "ann").keys.len(), 1);
    assert_eq!(found.sudo_rules, None);
}

/// Only a log-in with a terminal is remembered as the last one.
fn log_in_on_a_terminal(host: &Host, login: &str) {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    private_key().write_openssh_file(path("key"), LineEnding::LF).unwrap();
    std::fs::write(path("key-cert.pub"), credential(login).certificate().to_openssh().unwrap()).unwrap();
    std::fs::write(path("known_hosts"), host.linux.known_hosts_line()).unwrap();
    let mut ssh = peers::tools::ssh().unwrap();
    ssh.args(["-F", "none", "-tt", "-o", "BatchMode=yes", "-i"]).arg(path("key"));
    ssh.arg("-o").arg(format!("UserKnownHostsFile={}", path("known_hosts").display()));
    ssh.args(["-p", &host.linux.addr().port().to_string(), &format!("{login}@127.0.0.1"), "true"]);
    let output = ssh.stdin(std::process::Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
