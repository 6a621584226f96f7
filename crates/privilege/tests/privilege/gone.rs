//! A real Debian sshd: certificates work for their session, and are seen to be refused afterwards.

use crate::house::{House, MINUTE, declaration, host_key};
use authn::authority::{self, Purpose};
use connectors::linux::{HostCredential, HostSession, Probe, probe};
use db::jobs::{Worker, backlog};
use grants::{EndCause, State};
use ledger::{Entry, EventKind, ROWS_AT_ONCE};
use peers::sshd::{HostOptions, LinuxHost};
use privilege::invariants::{Depth, verify};
use privilege::sessions::{EndReason, Opened};
use privilege::targets::{self, Declaration};
use privilege::{discovery, duties, leases};
use std::time::Duration;

const MOVED: EventKind = EventKind { name: "test.moved", doc: "" };

pub(crate) async fn meet(house: &House, options: HostOptions) -> LinuxHost {
    let reads_krl = options.reads_revoked_keys;
    let trusted_ca = Some(authority::public_key(&house.ctx, Purpose::Targets).await.unwrap());
    let host = LinuxHost::start(HostOptions { trusted_ca, ..options }).unwrap();
    point_at(house, &host, reads_krl).await;
    host
}

/// Lets `web-1` be the real host.
async fn point_at(house: &House, host: &LinuxHost, reads_krl: bool) {
    let port = host.addr().port();
    targets::pin(&house.ctx, "web-1", host.host_key_line()).await.unwrap();
    let real = Declaration { port, reads_krl, host_key: host.host_key_line().into(), ..declaration("web-1") };
    targets::declare(&house.ctx, &[real]).await.unwrap();
}

/// Pins another key, as no operator may while the host still holds something of a grant.
async fn pin_anyway(house: &House, pin: String) {
    let mut tx = house.ctx.record(Entry::new(MOVED, &"web-1")).await.unwrap();
    tx.run_one("update targets set host_key = $1", db::args![pin]).await.unwrap();
    tx.commit().await.unwrap();
}

pub(crate) async fn log_in(opened: &Opened) -> Result<HostSession, connectors::ConnectorError> {
    let key = opened.lease().unwrap().expose_key();
    let credential = HostCredential::new(opened.lease().unwrap().certificate.clone(), (*key).clone());
    let address = opened.address.to_string();
    HostSession::connect(&address, &opened.target.host_key_pin, "root", &credential).await
}

pub(crate) fn worker(house: &House) -> Worker {
    let worker = Worker::new(house.ctx.db().clone(), house.clock.clone(), house.ctx.chance(), |dead| async move {
        panic!("{} died: {}", dead.kind, dead.last_error)
    });
    duties::handlers(worker, &house.ctx, &house.node)
}

#[tokio::test]
async fn where_the_host_reads_the_list_an_ended_certificate_is_seen_dead_at_once() {
    let house = House::with_running_clock().await;
    let host = meet(&house, HostOptions { reads_revoked_keys: true, ..HostOptions::default() }).await;
    let grant = house.grant(MINUTE * 60, 1).await;
    let opened = house.open().await.unwrap();
    let connection = log_in(&opened).await.unwrap();
    assert_eq!(connection.exec(&["id", "-un"], None).await.unwrap().stdout_text(), "root\n");
    connection.close().await;
    let (id, address, pin) = (opened.id.clone(), opened.address.to_string(), opened.target.host_key_pin.clone());
    let certificate = opened.lease().unwrap().certificate.clone();
    house.close(opened, EndReason::ClientClosed).await;
    house.withdraw(&grant, EndCause::Withdrawn).await;

    let worker = worker(&house);
    worker.run_due().await.unwrap();
    assert!(matches!(house.credential(&id).await.state, leases::State::Ended { .. }));
    assert_eq!(probe(&address, &pin, "root", &certificate).await, Ok(Probe::Accepted));

    host.revoke(&leases::krl(&house.ctx).await.unwrap()).unwrap();
    house.clock.advance(Duration::from_secs(2));
    worker.run_due().await.unwrap();
    assert!(matches!(house.credential(&id).await.state, leases::State::Gone { .. }));
    assert!(matches!(grants::get(&house.ctx, &grant.id).await.unwrap().state, State::Gone { .. }));
    assert_eq!(house.kinds(&id).await.last().unwrap(), "lease.gone");
    assert_eq!(house.kinds(&grant.id).await.last().unwrap(), "grant.gone");
    assert_eq!(probe(&address, &pin, "root", &certificate).await, Ok(Probe::Refused));
    assert_eq!(backlog(house.ctx.db()).await.unwrap(), (0, 0));
}

#[tokio::test]
async fn a_host_that_accepts_a_dead_certificate_again_is_seen_and_one_that_is_away_is_not_counted() {
    let house = House::with_running_clock().await;
    let host = meet(&house, HostOptions { reads_revoked_keys: true, ..HostOptions::default() }).await;
    house.grant(MINUTE * 60, 1).await;
    let opened = house.open().await.unwrap();
    let id = opened.id.clone();
    house.close(opened, EndReason::ClientClosed).await;
    let asked = async || {
        let mut all = verify(&house.ctx, &house.node, Depth::Everything, ROWS_AT_ONCE).await.unwrap();
        all.retain(|one| one.name == "every dead certificate is still refused by its target");
        let only = all.remove(0);
        (only.checked, only.broken)
    };
    assert_eq!(asked().await, (0, vec![]), "nothing was seen refused yet");
    let list = leases::krl(&house.ctx).await.unwrap();
    host.revoke(&list).unwrap();
    worker(&house).run_due().await.unwrap();
    assert_eq!(asked().await, (1, vec![]));

    host.sh("truncate -s 0 /etc/ssh/revoked_keys").unwrap();
    assert_eq!(asked().await, (1, vec![format!("the certificate of {id} is accepted again by `web-1`")]));
    let running = verify(&house.ctx, &house.node, Depth::Running, ROWS_AT_ONCE).await.unwrap();
    assert!(running.iter().all(|one| one.broken.is_empty()), "hosts are not asked all the time: {running:?}");
    host.revoke(&list).unwrap();
    assert_eq!(asked().await, (1, vec![]));
    host.stop().unwrap();
    assert_eq!(asked().await, (0, vec![]));
}

#[tokio::test]
async fn where_it_does_not_the_certificate_is_seen_dead_after_its_expiry_and_not_before() {
    let house = House::with_running_clock().await;
    let host = meet(&house, HostOptions::default()).await;
    let grant = house.grant(MINUTE * 60, 1).await;
    let opened = house.open().await.unwrap();
    let id = opened.id.clone();
    house.close(opened, EndReason::ClientClosed).await;
    house.withdraw(&grant, EndCause::Withdrawn).await;
    let worker = worker(&house);
    assert_eq!(worker.run_due().await.unwrap(), 0);

    house.clock.advance(Duration::from_secs(122));
    assert_eq!(worker.run_due().await.unwrap(), 1);
    assert!(matches!(house.credential(&id).await.state, leases::State::Ended { .. }), "its clock is behind ours");

    let _later = host.shift(Duration::from_secs(180)).unwrap();
    house.clock.advance(Duration::from_secs(2));
    worker.run_due().await.unwrap();
    assert!(matches!(house.credential(&id).await.state, leases::State::Gone { .. }));
    assert!(matches!(grants::get(&house.ctx, &grant.id).await.unwrap().state, State::Gone { .. }));
}

#[tokio::test]
async fn a_host_that_is_away_or_shows_another_key_is_asked_again_until_it_answers() {
    let house = House::with_running_clock().await;
    let host = meet(&house, HostOptions { reads_revoked_keys: true, ..HostOptions::default() }).await;
    house.grant(MINUTE * 60, 1).await;
    let opened = house.open().await.unwrap();
    let id = opened.id.clone();
    house.close(opened, EndReason::ClientClosed).await;
    host.revoke(&leases::krl(&house.ctx).await.unwrap()).unwrap();
    let worker = worker(&house);
    let is_gone = async || {
        let state = house.credential(&id).await.state;
        matches!(state, leases::State::Gone { .. })
    };
    host.stop().unwrap();
    for _ in 0..12 {
        assert_eq!(worker.run_due().await.unwrap(), 1);
        house.clock.advance(Duration::from_secs(301));
    }
    assert!(!is_gone().await);
    host.start_again().unwrap();
    let pin = house.target().await.host_key_pin;
    pin_anyway(&house, host_key(9)).await;
    worker.run_due().await.unwrap();
    assert!(!is_gone().await);
    pin_anyway(&house, pin.to_string()).await;
    house.clock.advance(Duration::from_secs(301));
    worker.run_due().await.unwrap();
    assert!(is_gone().await);
}

#[tokio::test]
async fn discovery_finds_who_is_privileged_and_what_changed_since() {
    let house = House::with_running_clock().await;
    let host = meet(&house, HostOptions { users: vec!["ann".into(), "ben".into()], ..HostOptions::default() }).await;
    host.write("/etc/sudoers.d/ann", "ann ALL=(root) NOPASSWD: /usr/bin/id\n", 0o440).unwrap();
    let first = discovery::discover(&house.ctx, &house.node, "web-1").await.unwrap();
    let of = |report: &discovery::Report, login: &str| {
        report.accounts.iter().find(|account| account.login == login).cloned().unwrap()
    };
    assert!(of(&first, "root").privileged() && of(&first, "ann").privileged() && !of(&first, "ben").privileged());
    assert!(first.appeared.contains(&"ann".to_owned()) && first.changed.is_empty() && first.gone.is_empty());

    host.sh("rm /etc/sudoers.d/ann; userdel ben").unwrap();
    let second = discovery::discover(&house.ctx, &house.node, "web-1").await.unwrap();
    assert_eq!(
        (second.appeared, second.changed, second.gone),
        (vec![], vec!["ann".to_owned()], vec!["ben".to_owned()])
    );
    let accounts = discovery::accounts(&house.ctx, "web-1").await.unwrap();
    assert!(accounts.iter().all(|account| account.facts.login != "ben"));
    let kinds = house.kinds(&"web-1").await;
    assert_eq!(
        kinds[kinds.len() - 4..],
        ["discovery.started", "accounts.found", "discovery.started", "accounts.found"]
    );
    host.stop().unwrap();
    assert!(discovery::discover(&house.ctx, &house.node, "web-1").await.is_err());
    assert_eq!(house.kinds(&"web-1").await.last().unwrap(), "discovery.started");
}
