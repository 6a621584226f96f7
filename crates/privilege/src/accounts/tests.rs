//! What may be put under management. The use cases are tested on both engines in `tests/privilege/accounts.rs`.

use super::CredentialKind;
use super::rules::{Place, check_login, check_value, next};
use std::time::Duration;
use types::{Chance, Clock, ManagedAccountId, Secret, Timestamp};

#[test]
fn a_login_is_one_that_people_can_ask_for_or_the_administrator_of_its_service() {
    let service = Place::Service { admin_login: "cn=admin,dc=example" };
    for (login, place, fits) in [
        ("app", Place::Host, true),
        ("app", service, true),
        ("cn=admin,dc=example", service, true),
        ("cn=admin,dc=example", Place::Host, false),
        ("cn=other,dc=example", service, false),
        ("ro'ot", service, false),
        ("ro\"ot", service, false),
        ("two\nlines", service, false),
        ("nul\0", service, false),
        ("", service, false),
        ("App", service, true),
        ("App", Place::Directory { admin_login: "cn=Admin" }, false),
        ("app", Place::Directory { admin_login: "cn=Admin" }, true),
        ("cn=Admin", Place::Directory { admin_login: "cn=Admin" }, true),
        ("cn=admin", Place::Directory { admin_login: "cn=Admin" }, false),
    ] {
        assert_eq!(check_login(login, place).is_ok(), fits, "{login:?}");
    }
}

#[test]
fn a_value_that_no_system_takes_is_refused_and_not_repeated() {
    use CredentialKind::{ApiKey, Certificate, Password, SshKey};
    for (kind, value, fits) in [
        (Password, "correct horse".to_owned(), true),
        (Password, "x".repeat(256), true),
        (Password, "x".repeat(257), false),
        (Password, "two\nlines".to_owned(), false),
        (Password, String::new(), false),
        (SshKey, "-----BEGIN RSA PRIVATE KEY-----".to_owned(), false),
        (SshKey, "ssh-ed25519 AAAA".to_owned(), false),
        (ApiKey, "k\ne\ny".to_owned(), true),
        (ApiKey, "nul\0".to_owned(), false),
        (Certificate, "c".repeat(65 << 10), false),
    ] {
        let answer = check_value("app@db-1", kind, &Secret::new(value.clone()));
        assert_eq!(answer.is_ok(), fits, "{kind:?}");
        if let Err(error) = answer {
            assert!(error.to_string().starts_with("app@db-1: "), "{error}");
            assert!(value.is_empty() || !error.to_string().contains(&value), "{error}");
        }
    }
}

#[test]
fn what_happens_every_day_happens_a_little_early_and_not_for_all_accounts_at_once() {
    let (clock, chance) = (Clock::system(), Chance::seeded(3));
    let now = Timestamp::from_micros(0);
    let day = 24 * 3600;
    let ids: Vec<ManagedAccountId> = (0..200).map(|_| ManagedAccountId::new(&clock, &chance)).collect();
    let mut early: Vec<Duration> = ids
        .iter()
        .map(|id| {
            let due = next(Some(day), id, now).unwrap();
            assert_eq!(next(Some(day), id, now), Some(due), "an account keeps its share");
            assert!(due > now.plus(Duration::from_secs(day * 9 / 10)) && due <= now.plus(Duration::from_secs(day)));
            now.plus(Duration::from_secs(day)).since(due)
        })
        .collect();
    early.sort_unstable();
    assert!(early[100] > Duration::from_secs(day / 40) && early[100] < Duration::from_secs(day * 3 / 40));
    assert_eq!(next(None, &ids[0], now), None);
}
