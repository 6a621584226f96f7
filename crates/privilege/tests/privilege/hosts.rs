//! A real Debian host as a system: its users read, and changed as ordered, by a certificate of one minute or by what the
//! vault keeps.

use crate::gone::{meet, worker};
use crate::house::{House, declaration, host_key};
use connectors::connector::{Attributes, EntitlementKind, Status};
use ledger::{Entry, EventKind, finding};
use peers::sshd::{HostOptions, LinuxHost};
use privilege::accounts::{self, AccountKind, Change, CredentialKind, Given, Import};
use privilege::targets::{self, Declaration, SignIn};
use privilege::{fulfilment, inventory as readings};
use provisioning::inventory::{self, AccountFilter};
use provisioning::{Cause, Holder, NewOrder, ObservedAccount, Order, What, order};
use russh::keys::ssh_key::LineEnding;
use russh::keys::ssh_key::private::{Ed25519Keypair, PrivateKey};
use std::time::Duration;
use types::{EntitlementId, Failure, Secret};

const DECIDED: EventKind = EventKind { name: "test.decided", doc: "" };

fn users(logins: &[&str]) -> HostOptions {
    HostOptions { users: logins.iter().map(|login| (*login).to_owned()).collect(), ..HostOptions::default() }
}

/// Works until everything that waits for a moment had it.
async fn settle(house: &House) {
    for _ in 0..4 {
        worker(house).run_due().await.unwrap();
        house.clock.advance(Duration::from_secs(3));
    }
}

async fn read(house: &House) {
    readings::read(&house.ctx, "web-1").await.unwrap();
    worker(house).run_due().await.unwrap();
}

async fn account(house: &House, login: &str) -> Option<ObservedAccount> {
    let filter = AccountFilter { system: Some("web-1".into()), limit: 500, ..AccountFilter::default() };
    let all = inventory::accounts(&mut house.ctx.read().await.unwrap(), &filter).await.unwrap();
    all.into_iter().find(|account| account.login == login)
}

async fn group(house: &House, slug: &str) -> EntitlementId {
    let mut tx = house.ctx.read().await.unwrap();
    inventory::by_slug(&mut tx, "web-1", slug).await.unwrap().expect("it was read").id
}

async fn give(house: &House, what: Vec<What>) -> Vec<Order> {
    let new = |what| NewOrder {
        system: "web-1".into(),
        identity: Some(house.alice.clone()),
        cause: Cause::Plan,
        because: "pln_1".into(),
        plan: None,
        what,
    };
    let mut tx = house.ctx.record(Entry::new(DECIDED, &"test")).await.unwrap();
    let given = order::give(&house.ctx, &mut tx, what.into_iter().map(new).collect()).await.unwrap();
    tx.commit().await.unwrap();
    given
}

async fn state(house: &House, order: &Order) -> &'static str {
    order::get(&house.ctx, &order.id).await.unwrap().state.as_str()
}

async fn troubles(house: &House) -> Vec<String> {
    let open = finding::open(&house.ctx, "system_unreachable").await.unwrap();
    open.into_iter().map(|finding| finding.detail).collect()
}

#[tokio::test]
async fn the_users_of_a_host_are_read_and_changed_as_ordered_and_seen_changed() {
    for house in [House::with_running_clock().await, House::with_running_clock_on_postgresql().await] {
        let host = meet(&house, users(&["ann", "ben"])).await;
        host.sh("usermod -aG sudo ann").unwrap();
        let health = fulfilment::test(&house.ctx, &house.node, "web-1").await.unwrap();
        assert!(health.says.contains("Debian"), "{}", health.says);
        read(&house).await;
        let (ann, ben) = (account(&house, "ann").await.unwrap(), account(&house, "ben").await.unwrap());
        let carol = What::Create {
            login: "carol".into(),
            attributes: Attributes::from([("name".into(), vec!["Carol".into()])]),
        };
        let games = What::Grant { holder: Holder::Login("carol".into()), entitlement: group(&house, "games").await };
        let sudo = What::Revoke { account: ann.id, entitlement: group(&house, "sudo").await };
        let given = give(&house, vec![carol, games, sudo, What::Disable { account: ben.id }]).await;
        settle(&house).await;
        let mut states = Vec::new();
        for order in &given {
            states.push(state(&house, order).await);
        }
        assert_eq!(states, ["observed", "observed", "gone", "gone"], "{:?}", troubles(&house).await);
        assert_eq!(host.sh("id -nG carol").unwrap().trim(), "carol games");
        assert_eq!(host.sh("id -nG ann").unwrap().trim(), "ann");
        assert_eq!(host.sh("getent shadow ben | cut -d: -f8").unwrap().trim(), "1", "it has expired");
        let carol = account(&house, "carol").await.unwrap();
        assert_eq!((carol.status, carol.link.unwrap().identity), (Status::Enabled, house.alice.clone()));
        let visits = house.kinds(&"web-1").await.into_iter().filter(|kind| kind == "system.host_visited").count();
        assert!(visits >= 4, "the test, the reading, the change and the look each left evidence: {visits}");
    }
}

#[tokio::test]
async fn a_sudo_rule_that_is_declared_for_a_host_is_given_and_taken_as_ordered() {
    let house = House::with_running_clock().await;
    let host = meet(&house, users(&["ann"])).await;
    let declared = |command: &str| {
        let rule = serde_json::json!({"run_as": "root", "commands": [command], "nopasswd": true});
        let sudo = serde_json::from_value(serde_json::json!({"show-id": rule})).unwrap();
        let (port, host_key) = (host.addr().port(), host.host_key_line().to_owned());
        Declaration { port, host_key, sudo, ..declaration("web-1") }
    };
    let refused = targets::declare(&house.ctx, &[declared("id; sh")]).await.unwrap_err();
    assert_eq!(refused.kind(), types::Kind::Invalid, "{refused}");
    targets::declare(&house.ctx, &[declared("/usr/bin/id -u")]).await.unwrap();
    read(&house).await;
    let (account, entitlement) = (account(&house, "ann").await.unwrap().id, group(&house, "sudo-show-id").await);
    let may = || host.sh("su ann -c 'sudo -n id -u' | grep -qx 0").is_ok();
    assert!(!may());
    let holder = Holder::Account(account.clone());
    let given = give(&house, vec![What::Grant { holder, entitlement: entitlement.clone() }]).await.remove(0);
    settle(&house).await;
    assert!(state(&house, &given).await == "observed" && may(), "{:?}", troubles(&house).await);
    let taken = give(&house, vec![What::Revoke { account, entitlement }]).await.remove(0);
    settle(&house).await;
    assert!(state(&house, &taken).await == "gone" && !may(), "{:?}", troubles(&house).await);
}

#[tokio::test]
async fn a_host_that_shows_another_key_is_told_nothing_and_its_orders_wait_for_the_right_one() {
    let house = House::with_running_clock().await;
    let host = meet(&house, users(&["ann"])).await;
    read(&house).await;
    let ann = account(&house, "ann").await.unwrap();
    targets::pin(&house.ctx, "web-1", &host_key(9)).await.unwrap();
    let order = give(&house, vec![What::Disable { account: ann.id }]).await.remove(0);
    settle(&house).await;
    assert_ne!(state(&house, &order).await, "gone");
    assert!(troubles(&house).await[0].contains("is pinned"), "{:?}", troubles(&house).await);
    let refused = fulfilment::test(&house.ctx, &house.node, "web-1").await.unwrap_err();
    assert_eq!(refused.code(), "host_key_mismatch");
    targets::pin(&house.ctx, "web-1", host.host_key_line()).await.unwrap();
    db::jobs::hasten(house.ctx.db(), provisioning::FULFIL, "web-1", house.ctx.now()).await.unwrap();
    settle(&house).await;
    assert_eq!(state(&house, &order).await, "gone");
    assert!(troubles(&house).await.is_empty());
}

#[tokio::test]
async fn keys_that_cannot_be_read_are_on_record_as_they_were() {
    let house = House::with_running_clock().await;
    let host = meet(&house, users(&["ann", "ben"])).await;
    let key = |seed| PrivateKey::from(Ed25519Keypair::from_seed(&[seed; 32])).public_key().to_openssh().unwrap();
    for (login, seed) in [("ann", 5), ("ben", 6)] {
        let folder = format!("/home/{login}/.ssh");
        host.write(&format!("{folder}/authorized_keys"), key(seed) + "\n", 0o600).unwrap();
        host.sh(&format!("chown -R {login}: {folder}")).unwrap();
    }
    let keys_of = async |login: &str| {
        house.clock.advance(Duration::from_secs(3));
        read(&house).await;
        let account = account(&house, login).await.unwrap();
        let held = inventory::direct(&mut house.ctx.read().await.unwrap(), &account).await.unwrap();
        held.into_iter().filter(|held| held.kind == EntitlementKind::SshKey).count()
    };
    assert_eq!((keys_of("ann").await, keys_of("ben").await), (1, 1));
    host.sh("ln -sf /proc/self/mem /home/ann/.ssh/authorized_keys; rm /home/ben/.ssh/authorized_keys").unwrap();
    assert_eq!((keys_of("ann").await, keys_of("ben").await), (1, 0), "only what was read is concluded from");
    let system = inventory::system(&mut house.ctx.read().await.unwrap(), "web-1").await.unwrap().unwrap();
    assert_eq!(system.trouble, None, "one login does not keep a host from being read");
    host.sh("rm /home/ann/.ssh/authorized_keys").unwrap();
    assert_eq!(keys_of("ann").await, 0);
}

#[tokio::test]
async fn a_host_that_takes_no_certificate_is_read_by_what_the_vault_keeps() {
    let house = House::with_running_clock().await;
    let host = LinuxHost::start(users(&["ann"])).unwrap();
    let key: PrivateKey = Ed25519Keypair::from_seed(&[9; 32]).into();
    host.sh("mkdir -p -m 700 /root/.ssh").unwrap();
    host.write("/root/.ssh/authorized_keys", key.public_key().to_openssh().unwrap(), 0o600).unwrap();
    let old = Declaration {
        port: host.addr().port(),
        host_key: host.host_key_line().into(),
        sign_in: SignIn::Vaulted,
        ..declaration("old-1")
    };
    targets::declare(&house.ctx, &[old]).await.unwrap();
    let refused = fulfilment::test(&house.ctx, &house.node, "old-1").await.unwrap_err();
    assert_eq!(refused.code(), "no_such_account", "{refused}");
    let import = Import {
        target: "old-1".into(),
        login: "root".into(),
        kind: AccountKind::Shared,
        credential: CredentialKind::SshKey,
        owner: house.alice.clone(),
        purpose: "reads the host".into(),
        given: Given::Value(Secret::new(key.to_openssh(LineEnding::LF).unwrap().to_string())),
        change: Change::default(),
    };
    let root = accounts::import(&house.ctx, vec![import]).await.unwrap().remove(0);
    readings::read(&house.ctx, "old-1").await.unwrap();
    worker(&house).run_due().await.unwrap();
    let system = inventory::system(&mut house.ctx.read().await.unwrap(), "old-1").await.unwrap().unwrap();
    assert!(system.whole_at.is_some() && system.trouble.is_none(), "{system:?}");
    assert!(house.kinds(&root.id).await.contains(&"system.host_visited".to_owned()), "the use of the key is on record");
}
