//! API tokens.

use crate::house::{House, on_both_engines, secret};
use authn::tokens::{self, TokenError};
use authn::{Proof, accounts};
use std::collections::BTreeSet;
use std::time::Duration;
use types::{Permission, Role, Timestamp};

fn scopes(permissions: &[Permission]) -> BTreeSet<Permission> {
    permissions.iter().copied().collect()
}

fn in_an_hour(house: &House) -> Timestamp {
    house.clock.now().plus(Duration::from_secs(3600))
}

on_both_engines! {
    async fn a_token_proves_its_owner_within_its_scopes_until_it_expires(house: House) {
        let alice = house.account("alice").await;
        let wide = scopes(&[Permission::SelfRead, Permission::LedgerRead]);
        let until = in_an_hour(&house);
        let (token, secret) = tokens::create(&house.ctx, &alice, "backup", wide, until).await.unwrap();
        assert!(secret.expose().starts_with("tnr_") && secret.expose().len() == 56);
        let caller = tokens::authenticate(&house.nobody(), &secret).await.unwrap();
        assert_eq!((&caller.identity, &caller.proof), (&alice, &Proof::Token(token.id.clone())));
        assert!(caller.may(Permission::SelfRead));
        assert!(!caller.may(Permission::LedgerRead), "a scope that no role permits");
        assert!(!caller.may(Permission::RequestsCreate), "a role's permission outside the scopes");
        accounts::set_roles(&house.ctx, &alice, &[Role::Auditor].into()).await.unwrap();
        assert!(tokens::authenticate(&house.nobody(), &secret).await.unwrap().may(Permission::LedgerRead));

        assert_eq!(tokens::list(&house.ctx, &alice).await.unwrap(), [token]);
        house.pass(3600);
        assert!(matches!(tokens::authenticate(&house.nobody(), &secret).await, Err(TokenError::Refused)));
        assert!(tokens::list(&house.ctx, &alice).await.unwrap().is_empty());
    }

    async fn a_revoked_token_proves_nothing_and_nobody_revokes_anothers(house: House) {
        let (alice, bob) = (house.account("alice").await, house.account("bob").await);
        let until = in_an_hour(&house);
        let (token, secret) =
            tokens::create(&house.ctx, &alice, "ci", scopes(&[Permission::SelfRead]), until).await.unwrap();
        assert!(matches!(tokens::revoke(&house.ctx, &bob, &token.id).await, Err(TokenError::NotFound(_))));
        tokens::authenticate(&house.nobody(), &secret).await.unwrap();
        tokens::revoke(&house.ctx, &alice, &token.id).await.unwrap();
        assert!(matches!(tokens::authenticate(&house.nobody(), &secret).await, Err(TokenError::Refused)));
        assert!(matches!(tokens::revoke(&house.ctx, &alice, &token.id).await, Err(TokenError::NotFound(_))));
        assert_eq!(house.timeline(&token.id).await, ["token.created", "token.revoked"]);
    }

    async fn a_narrow_token_cannot_make_a_wide_one(house: House) {
        let alice = house.person("alice").await;
        let until = in_an_hour(&house);
        let own = scopes(&[Permission::SelfCredentials]);
        let (_, narrow) = tokens::create_own(&house.ctx, &alice.signed_in.caller, "narrow", own.clone(), until).await.unwrap();
        let caller = tokens::authenticate(&house.nobody(), &narrow).await.unwrap();
        let wide = scopes(&[Permission::SelfCredentials, Permission::RequestsCreate]);
        let refused = tokens::create_own(&house.ctx, &caller, "wide", wide, until).await;
        assert!(matches!(refused, Err(TokenError::ScopeTooWide(Permission::RequestsCreate))));
        tokens::create_own(&house.ctx, &caller, "as narrow", own, until).await.unwrap();
    }

    async fn a_token_without_name_scope_or_end_is_not_made(house: House) {
        let alice = house.account("alice").await;
        let (now, soon) = (house.clock.now(), in_an_hour(&house));
        let read = scopes(&[Permission::SelfRead]);
        let too_late = now.plus(tokens::MAX_LIFETIME + Duration::from_secs(1));
        for (name, scopes, until, code) in [
            (" ", read.clone(), soon, "bad_token_name"),
            ("line\nbreak", read.clone(), soon, "bad_token_name"),
            ("none", scopes(&[]), soon, "no_scopes"),
            ("past", read.clone(), now, "bad_expiry"),
            ("for ever", read.clone(), too_late, "bad_expiry"),
        ] {
            let refused = tokens::create(&house.ctx, &alice, name, scopes, until).await.unwrap_err();
            assert_eq!(types::Failure::code(&refused), code);
        }
        for guess in ["", "tnr_", "tnr_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"] {
            assert!(matches!(tokens::authenticate(&house.nobody(), &secret(guess)).await, Err(TokenError::Refused)));
        }
    }
}
