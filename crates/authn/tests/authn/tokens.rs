//! API tokens.

use crate::house::{House, line, on_both_engines, secret};
use authn::tokens::{self, TokenError};
use authn::{Proof, accounts, setup, ssh_keys};
use std::collections::BTreeSet;
use std::time::Duration;
use types::{IdentityId, Permission, Role, Timestamp};

fn scopes(permissions: &[Permission]) -> BTreeSet<Permission> {
    permissions.iter().copied().collect()
}

fn in_an_hour(house: &House) -> Timestamp {
    house.clock.now().plus(Duration::from_secs(3600))
}

/// Whether a person could have this sign-in name.
async fn ensured(house: &House, name: &str) -> Result<(), accounts::AccountError> {
    let person = IdentityId::new(&house.clock, house.ctx.chance());
    accounts::ensure(&mut house.ctx.decide().await.unwrap(), &person, name).await
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

    async fn a_machine_account_proves_itself_by_the_tokens_of_its_owner_and_by_nothing_else(house: House) {
        let (ctx, until) = (&house.ctx, in_an_hour(&house));
        let alice = house.account("alice").await;
        let nightly = IdentityId::new(&house.clock, ctx.chance());
        let make = async |identity: &IdentityId, scopes: BTreeSet<Permission>| {
            let mut tx = ctx.decide().await.unwrap();
            let made = tokens::create_for_machine(ctx, &mut tx, identity, "cron", scopes, until).await;
            if made.is_ok() {
                tx.commit().await.unwrap();
            }
            made
        };
        let mut tx = ctx.decide().await.unwrap();
        accounts::create_machine(&mut tx, &nightly, "alice").await.unwrap();
        tx.commit().await.unwrap();
        let read = || scopes(&[Permission::SelfRead]);
        assert!(matches!(make(&alice, read()).await, Err(TokenError::NoAccount(_))));
        let wide = make(&nightly, scopes(&[Permission::RequestsCreate])).await;
        assert!(matches!(wide, Err(TokenError::NotForMachines(Permission::RequestsCreate))));
        let (token, secret) = make(&nightly, read()).await.unwrap();
        let caller = tokens::authenticate(&house.nobody(), &secret).await.unwrap();
        assert_eq!((&caller.identity, caller.permissions()), (&nightly, read()));

        let own = tokens::create_own(ctx, &caller, "child", read(), until).await;
        assert!(matches!(own, Err(TokenError::Machine(_))));
        assert!(matches!(setup::create(ctx, &nightly).await, Err(setup::SetupError::Machine(_))));
        let key = ssh_keys::register(ctx, &nightly, &line(1), "own").await;
        assert!(matches!(key, Err(ssh_keys::SshKeyError::Machine(_))));
        let roles = accounts::set_roles(ctx, &nightly, &[Role::Auditor].into()).await;
        assert!(matches!(roles, Err(accounts::AccountError::Machine(_))));
        let name = accounts::get(ctx, &nightly).await.unwrap().name;
        assert_eq!(name, "machine:alice");
        assert!(matches!(ensured(&house, &name).await, Err(accounts::AccountError::BadName(_))));

        let mut tx = house.fixture.db.begin_unexplained().await.unwrap();
        let wider = "update tokens set scopes = '[\"self.read\",\"requests.create\"]'";
        assert_eq!(tx.run(wider, Vec::new()).await.unwrap(), 1);
        tx.commit().await.unwrap();
        let caller = tokens::authenticate(&house.nobody(), &secret).await.unwrap();
        assert_eq!(caller.permissions(), read(), "what no machine may have is cut off");
        house.disable(&nightly).await;
        assert!(matches!(tokens::authenticate(&house.nobody(), &secret).await, Err(TokenError::Refused)));
        house.enable(&nightly).await;
        assert!(matches!(tokens::authenticate(&house.nobody(), &secret).await, Err(TokenError::Refused)));
        assert_eq!(house.timeline(&token.id).await, ["token.created", "token.revoked"]);
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
