//! Each rule: what it finds beside what it lets pass.

use super::*;
use crate::accounts::{AccountKind, Settings, State};
use crate::services::ServiceKind;
use grants::{Because, Terms};
use types::{Chance, Channel, Clock, GrantId, IdentityId, ManagedAccountId, RequestId, Window};

const HOUR: Duration = Duration::from_secs(3600);

fn clock() -> Clock {
    Clock::still("2026-11-21T09:30:00Z".parse().unwrap())
}

fn account(credential: CredentialKind) -> Managed {
    let (clock, chance) = (clock(), Chance::seeded(1));
    Managed {
        id: ManagedAccountId::new(&clock, &chance),
        target: "db-1".into(),
        login: "app".into(),
        credential,
        owner: IdentityId::new(&clock, &chance),
        settings: Settings::new(AccountKind::Service, "the shop".into()),
        state: State::Settled { current: 1 },
        pair: None,
        managed_at: clock.now(),
        changed_at: Some(clock.now()),
        verified_at: None,
        verify_at: None,
        rotate_at: None,
        unmanaged_at: None,
        fence: 0,
    }
}

fn found(lint: Option<Lint>) -> Option<(&'static str, String)> {
    lint.map(|lint| (lint.rule, lint.subject))
}

#[test]
fn a_grant_is_long_when_it_stands_for_more_than_thirty_days() {
    let (clock, chance) = (clock(), Chance::seeded(1));
    let grant = |length| Grant {
        id: GrantId::new(&clock, &chance),
        holder: IdentityId::new(&clock, &chance),
        target: "web-1".into(),
        login: "root".into(),
        channels: [Channel::Shell].into(),
        window: Window::starting(clock.now(), length),
        terms: Terms { max_sessions: 1 },
        because: Because::Request { request: RequestId::new(&clock, &chance), role: "sre".into() },
        issued_at: clock.now(),
        state: grants::State::Standing,
    };
    assert_eq!(long_grant(&grant(30 * DAY)), None);
    assert_eq!(long_grant(&grant(30 * DAY + HOUR)).unwrap().rule, "long_grant");
}

#[test]
fn a_secret_is_unused_after_ninety_days() {
    let now = clock().now();
    assert_eq!(unused_secret("a/b/c", now.minus(90 * DAY), now), None);
    assert_eq!(found(unused_secret("a/b/c", now.minus(91 * DAY), now)), Some(("unused_secret", "a/b/c".into())));
}

#[test]
fn an_account_should_be_verified_within_a_day_and_changed_by_itself() {
    let now = clock().now();
    let fresh = account(CredentialKind::Password);
    assert_eq!(unverified_account(&fresh, now.plus(23 * HOUR)), None);
    assert_eq!(found(unverified_account(&fresh, now.plus(DAY))), Some(("unverified_account", "app@db-1".into())));
    assert_eq!(unverified_account(&Managed { verified_at: Some(now), ..fresh.clone() }, now.plus(DAY)), None);
    assert_eq!(found(unrotated_account(&fresh)), Some(("unrotated_account", "app@db-1".into())));
    let with = |change: fn(&mut Settings)| {
        let mut account = fresh.clone();
        change(&mut account.settings);
        account
    };
    assert_eq!(unrotated_account(&with(|settings| settings.rotate_every_seconds = Some(86_400))), None);
    assert_eq!(unrotated_account(&with(|settings| settings.one_time = true)), None);
    let opaque = account(CredentialKind::ApiKey);
    assert_eq!((unverified_account(&opaque, now.plus(DAY)), unrotated_account(&opaque)), (None, None));
    assert_eq!(old_by_hand(&opaque, now.plus(90 * DAY)), None);
    assert_eq!(found(old_by_hand(&opaque, now.plus(91 * DAY))), Some(("old_by_hand", "app@db-1".into())));
    assert_eq!(old_by_hand(&fresh, now.plus(91 * DAY)), None);
}

#[test]
fn a_value_belongs_to_one_and_is_seen_by_few() {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    assert_eq!(shared_value(&names(&[])), None);
    assert_eq!(shared_value(&names(&["a"])), None);
    let shared = shared_value(&names(&["a", "b", "c"])).unwrap();
    assert_eq!((shared.rule, shared.detail.contains("as b, c:")), ("shared_value", true));
    assert_eq!(seen_by_many("app@db-1", 2), None);
    assert_eq!(found(seen_by_many("app@db-1", 3)), Some(("seen_by_many", "app@db-1".into())));
}

#[test]
fn what_is_made_on_demand_lives_for_a_day_and_a_certificate_for_ninety() {
    let profile = |max_ttl| credentials::Profile {
        name: "reader".into(),
        service: "db-1".into(),
        kind: credentials::Kind::DatabaseUser { prefix: "tnr".into(), connection_limit: None },
        max_ttl,
        max_live: 100,
        description: String::new(),
        declared_at: clock().now(),
    };
    assert_eq!(long_credential(&profile(DAY)), None);
    assert_eq!(found(long_credential(&profile(DAY + HOUR))), Some(("long_credential", "reader@db-1".into())));
    for (rules, longest) in [
        (serde_json::json!({"kind": "x509", "usages": ["server"]}), 90 * 24 * 60),
        (serde_json::json!({"kind": "jwt", "audiences": ["shop"]}), 24 * 60),
    ] {
        let rules: Rules = serde_json::from_value(rules).unwrap();
        let issued =
            |max_minutes| issuers::Profile { name: "web".into(), max_minutes, max_live: 100, rules: rules.clone() };
        assert_eq!(long_issue("ca", &issued(longest)), None);
        assert_eq!(found(long_issue("ca", &issued(longest + 1))), Some(("long_credential", "web@ca".into())));
    }
}

#[test]
fn a_service_is_spoken_to_with_tls() {
    let service = |tls| Service {
        name: "db-1".into(),
        kind: ServiceKind::Postgres,
        server: connectors::Server { host: "db-1".into(), port: 5432, tls, database: None },
        base_dn: None,
        scope: crate::services::Scope::default(),
        admin_login: "postgres".into(),
        description: String::new(),
        declared_at: clock().now(),
    };
    assert_eq!(plain_service(&service(Tls::Required { ca_pem: None })), None);
    assert_eq!(found(plain_service(&service(Tls::LoopbackPlain))), Some(("plain_service", "db-1".into())));
}
