//! A Linux host as a system with accounts and entitlements, against a real one: what is there, changes, refusals.

mod host;
mod systems;

use connectors::connector::{AccountKind, AccountRef, EntitlementKind, Member, NativeId, PRIMARY_GROUP, Status};
use connectors::linux::{DeclaredRule, Linux, Scope, discover, log_in};
use connectors::{Class, Connector, Credential, LogIn};
use host::{Host, credential, private_key};
use peers::sshd::HostOptions;
use russh::keys::ssh_key::LineEnding;
use std::collections::BTreeMap;
use systems::secret;
use systems::whole::{attributes, by_login, held, new_account, whole};
use types::{Clock, Failure};

fn rule(run_as: &str, command: &str) -> DeclaredRule {
    DeclaredRule { run_as: run_as.to_owned(), commands: vec![command.to_owned()], nopasswd: true }
}

fn scope() -> Scope {
    let rules = [("show-id", rule("root", "/usr/bin/id -u")), ("all", rule("ALL", "ALL"))];
    Scope { sudo: rules.map(|(slug, rule)| (slug.to_owned(), rule)).into_iter().collect() }
}

fn host(users: &[&str]) -> Host {
    Host::start(HostOptions {
        users: users.iter().map(|login| (*login).to_owned()).collect(),
        sshd_config_extra: "PasswordAuthentication yes".to_owned(),
        ..HostOptions::default()
    })
}

async fn connect(host: &Host) -> Linux {
    Linux::on(host.session("root").await, scope()).unwrap()
}

async fn lets_in(host: &Host, login: &str, password: &str) -> bool {
    let credential = Credential::Password(secret(password));
    log_in(&host.address, &host.pin, login, &credential).await.unwrap() == LogIn::Accepted
}

async fn key_lets_in(host: &Host, login: &str) -> bool {
    let key = private_key().to_openssh(LineEnding::LF).unwrap();
    let credential = Credential::SshKey(secret(&key));
    log_in(&host.address, &host.pin, login, &credential).await == Ok(LogIn::Accepted)
}

async fn certificate_lets_in(host: &Host, login: &str) -> bool {
    let session = connectors::linux::HostSession::connect(&host.address, &host.pin, login, &credential(login)).await;
    match session {
        Ok(session) => session.exec(&["true"], None).await.is_ok_and(|output| output.status == 0),
        Err(_) => false,
    }
}

fn id(text: &str) -> NativeId {
    NativeId(text.to_owned())
}

#[tokio::test]
async fn the_whole_host_is_listed_as_its_own_files_have_it() {
    let host = host(&["ann", "ben"]);
    let key = private_key().public_key().to_openssh().unwrap();
    let setup = format!(
        "usermod -aG sudo,games ann; useradd -o -u 0 -M toor; usermod -c 'Ben Brook,,,,x' ben; mkdir -m 700 ~ben/.ssh; \
         echo '{key} bens laptop' > ~ben/.ssh/authorized_keys; chown -R ben: ~ben/.ssh"
    );
    host.linux.sh(&setup).unwrap();
    let all = whole(&connect(&host).await).await.unwrap();
    let logins = host.linux.sh("cut -d: -f1 /etc/passwd | sort").unwrap();
    assert_eq!(all.logins().into_iter().collect::<Vec<_>>(), logins.lines().collect::<Vec<_>>());
    let groups = host.linux.sh("cut -d: -f1 /etc/group").unwrap();
    for name in groups.lines() {
        assert_eq!(all.entitlement(name).kind, EntitlementKind::Group);
    }
    assert_eq!(
        (all.members("games"), all.members("sudo")),
        (vec!["ann".into(), "games".into()], vec!["ann".to_owned()])
    );
    assert_eq!(all.members("ben"), ["ben"], "a primary group is a membership");
    assert_eq!(all.account("ben").attributes[PRIMARY_GROUP], [all.entitlement("ben").id.0.as_str()]);
    assert!(all.entitlement("sudo").privileged.is_some() && all.entitlement("games").privileged.is_none());
    let (ann, ben) = (all.account("ann"), all.account("ben"));
    assert!(ann.privileged.iter().any(|why| why.contains("(ALL : ALL) ALL")), "{:?}", ann.privileged);
    assert_eq!((ben.privileged.len(), ben.attributes["name"][0].as_str()), (0, "Ben Brook"));
    let keys: Vec<_> = all.entitlements.iter().filter(|it| it.kind == EntitlementKind::SshKey).collect();
    assert!(keys.len() == 1 && keys[0].name.contains("bens laptop"), "{keys:?}");
    assert_eq!(all.members(&keys[0].name), ["ben"]);
    for (login, kind) in [
        ("ann", AccountKind::Ordinary),
        ("root", AccountKind::BuiltIn),
        ("toor", AccountKind::BuiltIn),
        ("nobody", AccountKind::BuiltIn),
    ] {
        assert_eq!(all.account(login).kind, kind, "{login}");
    }
    assert_ne!(all.account("root").id, all.account("toor").id, "two of one number are two");
}

#[tokio::test]
async fn a_user_is_made_once_and_nobody_gets_a_number_that_somebody_had() {
    let host = host(&["ann"]);
    let system = connect(&host).await;
    let mut carl = new_account("carl", Some("first-of-all"), "ord-1");
    carl.attributes = attributes(&[("name", "Carl Ö. O'Neill $(id)"), ("shell", "/bin/sh")]);
    let made = system.create(&carl).await.unwrap();
    assert_eq!(system.create(&carl).await.unwrap(), made);
    assert!(lets_in(&host, "carl", "first-of-all").await);
    let found = system.read(&made).await.unwrap().unwrap().account;
    assert_eq!(found.attributes["name"], ["Carl Ö. O'Neill $(id)"]);
    assert_eq!((found.attributes["shell"][0].as_str(), found.status), ("/bin/sh", Status::Enabled));

    host.linux
        .sh("touch ~carl/secret; mkdir -p /var/spool/cron/crontabs; touch /var/spool/cron/crontabs/carl")
        .unwrap();
    for _ in 0..2 {
        system.delete(&made).await.unwrap();
        assert_eq!(system.read(&made).await.unwrap(), None);
    }
    assert!(host.linux.sh("ls /var/spool/cron/crontabs").unwrap().is_empty());
    let next = system.create(&new_account("carl", None, "ord-2")).await.unwrap();
    let next_of_all = system.create(&new_account("dora", None, "ord-3")).await.unwrap();
    let uids: Vec<u32> = [made, next, next_of_all].map(|made| made.id.unwrap().0.parse().unwrap()).to_vec();
    assert!(uids[0] < uids[1] && uids[1] < uids[2], "{uids:?}");

    for (login, mark, code) in [
        ("ann", "ord-1", "account_already_there"),
        ("carl", "ord-9", "account_already_there"),
        ("root", "ord-1", "account_already_there"),
        ("a b", "ord-1", "account_name_invalid"),
        ("--help", "ord-1", "account_name_invalid"),
        ("ALL", "ord-1", "account_name_invalid"),
        ("eve", "ord:1", "account_name_invalid"),
    ] {
        let error = system.create(&new_account(login, None, mark)).await.unwrap_err();
        assert_eq!((error.code(), error.class()), (code, Class::Permanent), "{login}: {error}");
    }
    for (name, value) in [("name", "x:0:0"), ("name", "a,b"), ("shell", "bash"), ("uid", "0"), ("home", "/root")] {
        let mut eve = new_account("eve", None, "ord-4");
        eve.attributes = attributes(&[(name, value)]);
        assert_eq!(system.create(&eve).await.unwrap_err().code(), "account_name_invalid", "{name}");
    }
    assert_eq!(system.read(&by_login("eve")).await.unwrap(), None);
}

#[tokio::test]
async fn who_is_switched_off_is_let_in_by_no_password_no_key_and_no_certificate() {
    let host = host(&["ann"]);
    let system = connect(&host).await;
    let ann = by_login("ann");
    system.set_password(&ann, &secret("first-of-all")).await.unwrap();
    let key = private_key().public_key().to_openssh().unwrap();
    let add = format!("mkdir -m 700 ~ann/.ssh; echo '{key}' > ~ann/.ssh/authorized_keys; chown -R ann: ~ann/.ssh");
    host.linux.sh(&add).unwrap();
    assert!(key_lets_in(&host, "ann").await);
    for status in [Status::Disabled, Status::Disabled, Status::Enabled, Status::Enabled] {
        system.set_status(&ann, status).await.unwrap();
        assert_eq!(system.read(&ann).await.unwrap().unwrap().account.status, status);
        let enabled = status == Status::Enabled;
        assert_eq!(lets_in(&host, "ann", "first-of-all").await, enabled, "{status:?}");
        assert_eq!(key_lets_in(&host, "ann").await, enabled, "{status:?}");
        assert_eq!(certificate_lets_in(&host, "ann").await, enabled, "{status:?}");
    }
}

#[tokio::test]
async fn groups_rules_and_keys_come_and_go_once_or_twice() {
    let host = host(&["ann", "ben"]);
    let key = private_key().public_key().to_openssh().unwrap();
    let add_key = format!(
        "mkdir -m 700 ~ann/.ssh; printf 'restrict {key} a\\n# kept\\n' > ~ann/.ssh/authorized_keys; chown -R ann: ~ann/.ssh"
    );
    host.linux.sh(&add_key).unwrap();
    let system = connect(&host).await;
    let (ann, ben) = (by_login("ann"), by_login("ben"));
    let is_ann = Member::Account(system.read(&ann).await.unwrap().unwrap().account.id);
    for (what, proof) in
        [("group:games", "id -nG ann | grep -qw games"), ("sudo:show-id", "su ann -c 'sudo -n id -u' | grep -qx 0")]
    {
        for _ in 0..2 {
            system.grant(&ann, &id(what)).await.unwrap();
            host.linux.sh(proof).unwrap();
        }
        assert!(system.members(&id(what)).await.unwrap().unwrap().contains(&is_ann), "{what}");
        system.grant(&ben, &id(what)).await.unwrap();
        for _ in 0..2 {
            system.revoke(&ann, &id(what)).await.unwrap();
            assert!(host.linux.sh(proof).is_err(), "{what}");
        }
        system.revoke(&ben, &id(what)).await.unwrap();
    }
    assert!(
        host.linux.sh("ls /etc/sudoers.d").unwrap().lines().all(|file| file == "README"),
        "an empty rule has no file"
    );

    let keys = system.read(&ann).await.unwrap().unwrap().entitlements;
    let key = keys.into_iter().find(|it| it.kind == EntitlementKind::SshKey).unwrap().id;
    assert_eq!(system.grant(&ben, &key).await.unwrap_err().code(), "system_cannot");
    for _ in 0..2 {
        system.revoke(&ann, &key).await.unwrap();
        assert_eq!(host.linux.sh("cat ~ann/.ssh/authorized_keys").unwrap(), "# kept\n");
    }
    assert_eq!(system.members(&key).await.unwrap(), None);

    let stays = system.revoke(&ann, &id("group:ann")).await.unwrap_err();
    assert!(stays.code() == "system_rejected" && stays.to_string().contains("primary group"), "{stays}");
    for nothing in ["group:nosuch", "sudo:nosuch", "group:games; id", "group:--help", "nonsense"] {
        let error = system.grant(&ann, &id(nothing)).await.unwrap_err();
        assert_eq!(error.code(), "entitlement_missing", "{nothing}");
        assert_eq!(system.members(&id(nothing)).await.unwrap(), None);
        system.revoke(&ann, &id(nothing)).await.unwrap();
    }
}

#[tokio::test]
async fn a_rule_that_is_not_declared_any_more_is_seen_and_taken_away_as_long_as_somebody_has_it() {
    let host = host(&["ann", "ben"]);
    let (ann, ben, show_id) = (by_login("ann"), by_login("ben"), id("sudo:show-id"));
    let before = connect(&host).await;
    for who in [&ann, &ben] {
        before.grant(who, &show_id).await.unwrap();
    }
    let is_root = |login: &str| host.linux.sh(&format!("su {login} -c 'sudo -n id -u' | grep -qx 0")).is_ok();
    assert!(is_root("ann") && is_root("ben"));

    let other = Scope { sudo: BTreeMap::from([("show-id".to_owned(), rule("games", "/usr/bin/id -u"))]) };
    let changed = whole(&Linux::on(host.session("root").await, other).unwrap()).await.unwrap();
    let why = changed.entitlement("sudo show-id").privileged.clone().unwrap();
    assert!(why.contains("not what is declared"), "{why}");

    let system = Linux::on(host.session("root").await, Scope::default()).unwrap();
    let all = whole(&system).await.unwrap();
    assert_eq!(all.members("sudo show-id"), ["ann", "ben"]);
    let why = all.entitlement("sudo show-id").privileged.clone().unwrap();
    assert!(why.contains("not declared any more"), "{why}");
    assert!(held(&system, &ann).await.unwrap().iter().any(|name| name == "sudo show-id"));
    assert_eq!(
        system.grant(&ann, &show_id).await.unwrap_err().code(),
        "entitlement_missing",
        "nobody gets it any more"
    );

    for _ in 0..2 {
        system.revoke(&ann, &show_id).await.unwrap();
        assert!(!is_root("ann") && is_root("ben"));
    }
    assert_eq!(whole(&system).await.unwrap().members("sudo show-id"), ["ben"]);
    system.delete(&ben).await.unwrap();
    assert_eq!(system.members(&show_id).await.unwrap(), None);
    assert!(host.linux.sh("ls /etc/sudoers.d").unwrap().lines().all(|file| file == "README"));
}

#[tokio::test]
async fn who_gets_a_number_that_somebody_has_takes_nobodys_place() {
    let host = host(&["ann", "ben"]);
    let system = connect(&host).await;
    system.grant(&by_login("ann"), &id("group:games")).await.unwrap();
    let number = system.read(&by_login("ann")).await.unwrap().unwrap().account.id;
    let ann = AccountRef { id: Some(number.clone()), login: "ann".to_owned() };
    host.linux.sh(&format!("useradd -o -u {} twin", number.0)).unwrap();
    let twin = AccountRef { id: Some(id(&format!("{}:twin", number.0))), login: "twin".to_owned() };

    let all = whole(&system).await.unwrap();
    assert_eq!((&all.account("ann").id, &all.account("twin").id), (&number, twin.id.as_ref().unwrap()));
    for account in [&ann, &twin] {
        let found = system.read(account).await.unwrap().unwrap().account;
        assert_eq!((&found.login, Some(&found.id)), (&account.login, account.id.as_ref()));
    }
    // As whoever shared a number was called before.
    let before = AccountRef { id: Some(id(&format!("{}:ann", number.0))), ..ann.clone() };
    assert_eq!(system.read(&before).await.unwrap().unwrap().account.login, "ann");
    system.revoke(&ann, &id("group:games")).await.unwrap();
    assert!(host.linux.sh("id -nG ann | grep -qw games").is_err());
    system.set_status(&ann, Status::Disabled).await.unwrap();
    assert_eq!(system.read(&twin).await.unwrap().unwrap().account.status, Status::Enabled);

    let nobody = AccountRef { login: "anna".to_owned(), ..ann.clone() };
    for error in [
        system.read(&nobody).await.unwrap_err(),
        system.revoke(&nobody, &id("group:games")).await.unwrap_err(),
        system.delete(&nobody).await.unwrap_err(),
    ] {
        assert_eq!((error.code(), error.class()), ("system_listing_broken", Class::Retry), "{error}");
    }
    let shared = system.delete(&ann).await.unwrap_err();
    assert!(shared.code() == "system_rejected" && shared.to_string().contains("`twin`"), "{shared}");
    system.delete(&twin).await.unwrap();
    assert_eq!(system.read(&twin).await.unwrap(), None);
    system.delete(&ann).await.unwrap();
    assert_eq!(system.read(&ann).await.unwrap(), None);
}

#[tokio::test]
async fn no_key_is_gone_because_the_host_does_not_say_where_keys_are() {
    let options = HostOptions {
        users: vec!["ann".to_owned()],
        sshd_config_extra: "AuthorizedKeysFile .ssh/authorized_keys /etc/ssh/keys/%u".to_owned(),
        ..HostOptions::default()
    };
    let host = Host::start(options);
    let key = private_key().public_key().to_openssh().unwrap();
    host.linux.write("/etc/ssh/keys/ann", &key, 0o644).unwrap();
    let (system, ann) = (connect(&host).await, by_login("ann"));
    let held = system.read(&ann).await.unwrap().unwrap().entitlements;
    let key = held.into_iter().find(|it| it.kind == EntitlementKind::SshKey).unwrap().id;
    host.linux.sh("cp /etc/ssh/sshd_config /etc/ssh/before; echo Nonsense yes >> /etc/ssh/sshd_config").unwrap();
    for error in [
        system.read(&ann).await.unwrap_err(),
        system.revoke(&ann, &key).await.unwrap_err(),
        system.members(&key).await.unwrap_err(),
        whole(&system).await.unwrap_err(),
    ] {
        assert!(error.class() == Class::Retry && error.to_string().contains("sshd -T"), "{error}");
    }
    assert!(key_lets_in(&host, "ann").await);
    host.linux.sh("mv /etc/ssh/before /etc/ssh/sshd_config").unwrap();
    assert!(whole(&system).await.unwrap().entitlements.iter().any(|it| it.id == key));

    // Another server's host: its keys are at their usual places.
    let keys =
        "install -d -m 700 -o ann ~ann/.ssh && install -m 600 -o ann /etc/ssh/keys/ann ~ann/.ssh/authorized_keys";
    host.linux.sh(&format!("{keys} && mv $(command -v sshd) /tmp/away")).unwrap();
    let all = whole(&system).await.unwrap();
    assert!(all.unread.is_empty() && all.entitlements.iter().any(|it| it.id == key));
    system.revoke(&ann, &key).await.unwrap();
    assert_eq!(system.members(&key).await.unwrap(), None);
}

#[tokio::test]
async fn whose_keys_cannot_be_read_loses_none_and_hinders_nobody_else() {
    let host = host(&["ann", "ben", "cid", "dan", "eve"]);
    let key = private_key().public_key().to_openssh().unwrap();
    host.linux.write("/tmp/key", key + "\n", 0o644).unwrap();
    let setup = "set -e; install -d -m 700 /root/.ssh; cp /tmp/key /root/.ssh/authorized_keys; usermod -d /root eve
        for login in ann ben cid dan; do install -d -m 700 -o $login /home/$login/.ssh; done
        ln -s /proc/self/mem /home/ann/.ssh/authorized_keys
        install -o ben /tmp/key /home/ben/.ssh/authorized_keys
        { head -c 1048576 /dev/zero | tr '\\0' '\\n'; cat /tmp/key; } > /home/cid/.ssh/authorized_keys
        install -o dan /tmp/key /home/dan/.ssh/authorized_keys; chmod 0 /home/dan/.ssh";
    host.linux.sh(setup).unwrap();
    let system = connect(&host).await;
    let all = whole(&system).await.unwrap();
    let unread: Vec<&str> = ["ann", "ben", "cid", "dan", "eve", "root"]
        .into_iter()
        .filter(|login| all.unread.contains(&all.account(login).id))
        .collect();
    assert_eq!((unread, all.unread.len()), (vec!["ann", "cid", "dan"], 3));
    let key = all.entitlements.iter().find(|it| it.kind == EntitlementKind::SshKey).unwrap();
    assert_eq!(all.members(&key.name), ["ben", "root"], "who cannot reach the file of another has no key by it");

    for (login, says) in [("ann", "Input/output error"), ("cid", "1048576"), ("dan", "cannot reach it")] {
        let error = system.read(&by_login(login)).await.unwrap_err();
        assert_eq!((error.code(), error.class()), ("system_listing_broken", Class::Retry), "{error}");
        assert!(error.to_string().contains(&format!("`{login}`")) && error.to_string().contains(says), "{error}");
    }
    for (login, keys) in [("ben", 1), ("eve", 0), ("root", 1)] {
        let held = system.read(&by_login(login)).await.unwrap().unwrap().entitlements;
        assert_eq!(held.iter().filter(|it| it.kind == EntitlementKind::SshKey).count(), keys, "{login}");
    }
    let error = system.members(&key.id).await.unwrap_err();
    assert_eq!(error.code(), "system_listing_broken", "{error}");

    let gaps = discover(&host.session("root").await, Clock::system().now()).await.unwrap().gaps.join("\n");
    for login in ["ann", "cid", "dan"] {
        assert!(gaps.contains(&format!("keys of `{login}` are not all known")), "{gaps}");
    }
}

#[tokio::test]
async fn a_rename_loses_no_membership_and_the_systems_own_users_are_not_changed() {
    let host = host(&["ann", "ben"]);
    let system = connect(&host).await;
    let found = system.read(&by_login("ann")).await.unwrap().unwrap().account;
    let ann = AccountRef { id: Some(found.id), login: "ann".to_owned() };
    for what in ["group:games", "sudo:show-id"] {
        system.grant(&ann, &id(what)).await.unwrap();
    }
    let before = held(&system, &ann).await.unwrap();
    for _ in 0..2 {
        let renamed = system.change(&ann, &attributes(&[("login", "ann.berg"), ("name", "Ann Berg")])).await.unwrap();
        assert_eq!((&renamed.id, renamed.login.as_str()), (&ann.id, "ann.berg"));
        assert_eq!(held(&system, &ann).await.unwrap(), before);
        host.linux.sh("su ann.berg -c 'sudo -n id -u' | grep -qx 0").unwrap();
    }
    let taken = system.change(&ann, &attributes(&[("login", "ben")])).await.unwrap_err();
    assert_eq!((taken.code(), taken.class()), ("account_already_there", Class::Permanent));

    for login in ["root", "daemon", "nobody"] {
        let account = by_login(login);
        for error in [
            system.delete(&account).await.unwrap_err(),
            system.set_status(&account, Status::Disabled).await.unwrap_err(),
            system.grant(&account, &id("sudo:all")).await.unwrap_err(),
            system.set_password(&account, &secret("x")).await.unwrap_err(),
        ] {
            assert_eq!((error.code(), error.class()), ("system_rejected", Class::Permanent), "{login}: {error}");
        }
    }
    let broken = Scope { sudo: BTreeMap::from([("web".to_owned(), rule("root", "ALL\nann ALL = ALL"))]) };
    assert!(Linux::on(host.session("root").await, broken).is_err());

    host.linux.sh("echo 'Defaults !fqdn, nonsense' > /etc/sudoers.d/tenure-all").unwrap();
    let system = connect(&host).await;
    host.linux.stop().unwrap();
    host.linux.sh("pkill -f '^sshd: root' || true").unwrap();
    let away = system.read(&ann).await.unwrap_err();
    assert_eq!(away.class(), Class::Outage, "{away}");
}
