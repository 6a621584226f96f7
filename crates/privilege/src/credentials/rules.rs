//! What may be declared, how long a lease lasts, which names are ours, and who may see and end a lease. Pure, but for
//! the random part of names and passwords.

use super::{CredentialError, Declaration, Lease, Selection};
use authn::Caller;
use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::BASE32_NOPAD;
use std::time::Duration;
use types::{Chance, IdentityId, Permission, Timestamp, is_login};

/// 90 days.
const LONGEST_MINUTES: u32 = 90 * 24 * 60;
const MOST_LIVE: u32 = 100_000;
const LONGEST_DESCRIPTION: usize = 1024;
const MARK: usize = 6;
const RANDOM: usize = 16;

/// Whether every word of the declarations is fit to be used.
pub(super) fn check(declarations: &[Declaration]) -> Result<(), CredentialError> {
    for (at, new) in declarations.iter().enumerate() {
        let wrong = |problem| Err(CredentialError::Wrong { profile: shown(&new.name), problem });
        if !is_login(&new.name) {
            return wrong("`name` is a login: up to 32 letters, digits, dots, hyphens and underscores");
        }
        if !(1..=LONGEST_MINUTES).contains(&new.max_ttl_minutes) {
            return wrong("`max_ttl_minutes` is from 1 to 129600, which is 90 days");
        }
        if !(1..=MOST_LIVE).contains(&new.max_live) {
            return wrong("`max_live` is from 1 to 100000");
        }
        if new.description.len() > LONGEST_DESCRIPTION || new.description.contains('\0') {
            return wrong("`description` is longer than 1,024 bytes, or holds U+0000");
        }
        if let Some(problem) = new.kind.problem() {
            return wrong(problem);
        }
        let same = |earlier: &Declaration| (&earlier.service, &earlier.name) == (&new.service, &new.name);
        if declarations[..at].iter().any(same) {
            return wrong("it is declared twice: keep one");
        }
    }
    Ok(())
}

fn shown(name: &str) -> String {
    name.chars().take(70).collect()
}

/// When a new lease ends, and when it ends at the latest however often it is renewed.
pub(super) fn term(
    now: Timestamp,
    asked: Option<Duration>,
    longest: Duration,
    deadline: Timestamp,
) -> Result<(Timestamp, Timestamp), CredentialError> {
    let asked = asked.unwrap_or(longest);
    if asked.is_zero() || asked > longest {
        return Err(CredentialError::Term { longest_minutes: longest.as_secs() / 60 });
    }
    Ok((now.plus(asked).min(deadline), now.plus(longest).min(deadline)))
}

/// The later end of a lease that is renewed now.
pub(super) fn renewal(lease: &Lease, now: Timestamp, asked: Option<Duration>) -> Result<Timestamp, CredentialError> {
    let latest = lease.latest_end_at;
    let end = asked.map_or(latest, |asked| now.plus(asked).min(latest));
    if end <= lease.ends_at {
        return Err(CredentialError::NotLater { ends_at: lease.ends_at, latest });
    }
    Ok(end)
}

/// What every name of this installation carries, so that two that share a database leave each other's users alone.
pub(super) fn mark(log_key: &str) -> String {
    let hash = digest(&SHA256, log_key.as_bytes());
    BASE32_NOPAD.encode(hash.as_ref()).chars().take(MARK).collect::<String>().to_ascii_lowercase()
}

pub(super) fn random_part(chance: &Chance) -> String {
    BASE32_NOPAD.encode(&chance.bytes::<10>()).to_ascii_lowercase()
}

/// Whether a name has the shape `prefix_mark_random` of this installation. Names that people give do not.
pub(super) fn is_marked(name: &str, mark: &str) -> bool {
    let random = |part: &str| part.len() == RANDOM && part.bytes().all(|b| matches!(b, b'a'..=b'z' | b'2'..=b'7'));
    let parts: Vec<&str> = name.split('_').collect();
    matches!(parts[..], [prefix, found, last] if !prefix.is_empty() && found == mark && random(last))
}

/// A name without its random part.
pub(super) fn stem(name: &str) -> &str {
    name.rfind('_').map_or(name, |at| &name[..=at])
}

/// A bulk revocation without any bound would end everything.
pub(super) fn is_narrowed(selection: &Selection) -> bool {
    *selection != Selection::default()
}

/// Whom a list is narrowed to: oneself, unless one may read everybody's.
pub fn whose(caller: &Caller) -> Option<IdentityId> {
    (!caller.may(Permission::LeasesRead)).then(|| caller.identity.clone())
}

/// One's own, or anybody's with `leases.read`.
pub(super) fn may_see(lease: &Lease, caller: &Caller) -> bool {
    lease.holder == caller.identity || caller.may(Permission::LeasesRead)
}

/// One's own only: whoever renews keeps the access.
pub(super) fn may_renew(lease: &Lease, caller: &Caller) -> Result<(), CredentialError> {
    if lease.holder == caller.identity { Ok(()) } else { Err(CredentialError::NotHolder) }
}

/// One's own, or anybody's with `leases.revoke`.
pub(super) fn may_revoke(lease: &Lease, caller: &Caller) -> Result<(), CredentialError> {
    let may = lease.holder == caller.identity || caller.may(Permission::LeasesRevoke);
    if may { Ok(()) } else { Err(CredentialError::MayNotRevoke) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credentials::{Kind, State};
    use authn::Proof;
    use types::{Clock, CredentialId, GrantId, Role, TokenId};

    const NOW: Timestamp = Timestamp::from_micros(1_795_253_400_000_000);
    const MINUTE: Duration = Duration::from_secs(60);

    fn declaration(change: impl FnOnce(&mut Declaration)) -> Declaration {
        let kind = Kind::DatabaseUser { prefix: "app".into(), connection_limit: Some(5) };
        let (name, service, description) = ("readers".into(), "orders".into(), String::new());
        let mut new = Declaration { name, service, kind, max_ttl_minutes: 60, max_live: 100, description };
        change(&mut new);
        new
    }

    #[test]
    fn a_profile_lasts_at_most_ninety_days_and_its_prefix_is_a_plain_word() {
        check(&[declaration(|_| {}), declaration(|it| it.name = "writers".into())]).unwrap();
        check(&[declaration(|it| it.max_ttl_minutes = 129_600)]).unwrap();
        let prefix = |prefix: &str| Kind::DatabaseUser { prefix: prefix.into(), connection_limit: None };
        for bad in [
            declaration(|it| it.name = "read ers".into()),
            declaration(|it| it.max_ttl_minutes = 0),
            declaration(|it| it.max_ttl_minutes = 129_601),
            declaration(|it| it.max_live = 0),
            declaration(|it| it.max_live = 100_001),
            declaration(|it| it.description = "x".repeat(1025)),
            declaration(|it| it.kind = prefix("")),
            declaration(|it| it.kind = prefix("App")),
            declaration(|it| it.kind = prefix("a_b")),
            declaration(|it| it.kind = prefix("1a")),
            declaration(|it| it.kind = prefix(&"a".repeat(17))),
            declaration(|it| it.kind = Kind::DatabaseUser { prefix: "a".into(), connection_limit: Some(0) }),
        ] {
            assert!(matches!(check(&[bad]), Err(CredentialError::Wrong { .. })));
        }
        assert!(check(&[declaration(|_| {}), declaration(|_| {})]).is_err());
    }

    #[test]
    fn a_lease_ends_with_its_grant_and_never_lasts_longer_than_its_profile_allows() {
        let (hour, far) = (MINUTE * 60, NOW.plus(MINUTE * 600));
        for (asked, deadline, ends, latest) in [
            (None, far, 60, 60),
            (Some(MINUTE * 10), far, 10, 60),
            (Some(hour), far, 60, 60),
            (None, NOW.plus(MINUTE * 5), 5, 5),
            (Some(MINUTE * 10), NOW.plus(MINUTE * 30), 10, 30),
        ] {
            let expected = (NOW.plus(MINUTE * ends), NOW.plus(MINUTE * latest));
            assert_eq!(term(NOW, asked, hour, deadline).unwrap(), expected, "{asked:?}");
        }
        assert!(term(NOW, Some(hour + Duration::from_secs(1)), hour, far).is_err());
        assert!(term(NOW, Some(Duration::ZERO), hour, far).is_err());
    }

    fn lease(holder: &IdentityId) -> Lease {
        let (clock, chance) = (Clock::still(NOW), Chance::system());
        Lease {
            id: CredentialId::new(&clock, &chance),
            grant: GrantId::new(&clock, &chance),
            holder: holder.clone(),
            token: None,
            service: "orders".into(),
            profile: "readers".into(),
            kind: "database_user".into(),
            name: "app_abcdef_aaaaaaaaaaaaaaaa".into(),
            server_id: None,
            ordered_at: NOW,
            ends_at: NOW.plus(MINUTE * 10),
            latest_end_at: NOW.plus(MINUTE * 60),
            state: State::Live,
        }
    }

    #[test]
    fn a_renewal_makes_it_later_and_never_later_than_the_latest_end() {
        let lease = lease(&IdentityId::new(&Clock::still(NOW), &Chance::system()));
        let at = |minutes: u32| NOW.plus(MINUTE * minutes);
        for (now, asked, end) in [
            (at(5), Some(MINUTE * 10), Some(at(15))),
            (at(5), None, Some(at(60))),
            (at(5), Some(MINUTE * 500), Some(at(60))),
            (at(5), Some(MINUTE * 5), None),
            (at(5), Some(MINUTE), None),
        ] {
            assert_eq!(renewal(&lease, now, asked).ok(), end, "{asked:?}");
        }
        // A second before the latest end there is no step beyond it, and no way to have none.
        let almost = Lease { ends_at: at(60).minus(Duration::from_secs(1)), ..lease.clone() };
        assert_eq!(renewal(&almost, at(59), Some(MINUTE * 60)).unwrap(), at(60));
        let full = Lease { ends_at: at(60), ..lease };
        assert!(renewal(&full, at(59), Some(MINUTE * 60)).is_err());
    }

    #[test]
    fn names_of_this_installation_are_known_and_all_others_are_left_alone() {
        let (ours, theirs) = (mark("tenure.example/log+1+key"), mark("tenure.example/log+2+key"));
        let random = random_part(&Chance::system());
        assert_eq!((ours.len(), random.len()), (MARK, RANDOM));
        assert_ne!(ours, theirs);
        let name = format!("app_{ours}_{random}");
        assert!(is_marked(&name, &ours) && !is_marked(&name, &theirs), "{name}");
        assert_eq!(stem(&name), format!("app_{ours}_"));
        for by_hand in [
            "app".to_owned(),
            "app_backup".to_owned(),
            format!("app_{ours}"),
            format!("app_{ours}_backup"),
            format!("_{ours}_{random}"),
            format!("{name}_old"),
            format!("app_{ours}_{}", random.to_ascii_uppercase()),
        ] {
            assert!(!is_marked(&by_hand, &ours), "{by_hand}");
        }
    }

    #[test]
    fn a_lease_is_its_holders_and_who_may_revoke_all_may_not_renew_any() {
        let (clock, chance) = (Clock::still(NOW), Chance::system());
        let caller = |identity: &IdentityId, role| {
            let proof = Proof::Token(TokenId::new(&clock, &chance));
            Caller { identity: identity.clone(), roles: [role].into(), scopes: None, proof }
        };
        let (alice, mallory) = (IdentityId::new(&clock, &chance), IdentityId::new(&clock, &chance));
        let lease = lease(&alice);
        for (caller, see, renew, revoke) in [
            (caller(&alice, Role::Member), true, true, true),
            (caller(&mallory, Role::Member), false, false, false),
            (caller(&mallory, Role::Auditor), true, false, false),
            (caller(&mallory, Role::Operator), true, false, true),
        ] {
            let may =
                (may_see(&lease, &caller), may_renew(&lease, &caller).is_ok(), may_revoke(&lease, &caller).is_ok());
            assert_eq!(may, (see, renew, revoke), "{:?}", caller.roles);
            assert_eq!(whose(&caller).is_some(), !caller.may(Permission::LeasesRead));
        }
    }
}
