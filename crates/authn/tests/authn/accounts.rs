//! Accounts: names, roles, and that a disabled one is proven by nothing.

use crate::house::{House, PASSWORD, key, line, on_both_engines, secret};
use authn::accounts::{self, AccountError};
use authn::gateway::{self, Unknown};
use authn::{certificates, setup, sign_in, ssh_keys, tokens};
use russh::keys::Certificate;
use std::time::Duration;
use types::{Actor, Clock, IdentityId, Permission, Role};

const HOUR: Duration = Duration::from_secs(3600);

on_both_engines! {
    async fn a_disabled_account_is_proven_by_nothing_also_not_after_it_is_enabled_again(house: House) {
        let alice = house.person("alice").await;
        let until = house.clock.now().plus(HOUR);
        let (_, token) =
            tokens::create(&house.ctx, &alice.id, "ci", [Permission::SelfRead].into(), until).await.unwrap();
        ssh_keys::register(&house.ctx, &alice.id, &line(1), "laptop").await.unwrap();
        let certificate = certificates::issue(&house.ctx, &alice.id, &line(2), HOUR).await.unwrap();
        let certificate = Certificate::from_openssh(&certificate.line).unwrap();
        let link = setup::create(&house.ctx, &alice.id).await.unwrap();
        let ctx = house.nobody();

        house.disable(&alice.id).await;
        for state in ["disabled", "enabled again"] {
            if state == "enabled again" {
                house.enable(&alice.id).await;
            }
            assert!(sign_in::authenticate(&ctx, &alice.signed_in.cookie).await.is_err(), "the cookie");
            assert!(house.sign_in(&alice, PASSWORD, &house.code(&alice.authenticator)).await.is_err(), "the password");
            assert!(tokens::authenticate(&ctx, &token).await.is_err(), "the token");
            assert!(matches!(gateway::identify_key(&ctx, &key(1)).await, Err(Unknown::NotRegistered)), "the key");
            assert!(!gateway::is_known(&ctx, &key(1)).await.unwrap());
            assert!(matches!(gateway::identify_certificate(&ctx, &certificate).await, Err(Unknown::Revoked)), "the certificate");
            assert!(setup::begin(&ctx, &link).await.is_err(), "the set-up link");
        }
        let mut story = house.timeline(&alice.id).await;
        story.retain(|kind| kind != "sign_in.refused");
        assert_eq!(story[9..], [
            "account.disabled", "sign_in.ended", "token.revoked", "ssh_key.removed", "certificate.revoked",
            "setup.link_voided", "account.enabled",
        ]);
        setup::create(&house.ctx, &alice.id).await.expect("a new link is the way back");
    }

    async fn disabling_and_enabling_twice_change_nothing_more(house: House) {
        let alice = house.account("alice").await;
        for _ in 0..2 {
            let mut tx = house.ctx.decide().await.unwrap();
            accounts::disable(&mut tx, &alice).await.unwrap();
            let _ = tx.commit().await;
        }
        for _ in 0..2 {
            let mut tx = house.ctx.decide().await.unwrap();
            accounts::enable(&mut tx, &alice).await.unwrap();
            let _ = tx.commit().await;
        }
        assert_eq!(house.timeline(&alice).await, ["account.created", "account.disabled", "account.enabled"]);
        let stranger = IdentityId::new(&Clock::system(), house.ctx.chance());
        let mut tx = house.ctx.decide().await.unwrap();
        assert!(matches!(accounts::disable(&mut tx, &stranger).await, Err(AccountError::NotFound(_))));
    }

    async fn a_sign_in_name_belongs_to_one_enabled_account(house: House) {
        let (alice, bob) = (house.account("alice").await, house.account("bob").await);
        let mut tx = house.ctx.decide().await.unwrap();
        assert!(matches!(accounts::ensure(&mut tx, &bob, "ALICE").await, Err(AccountError::NameTaken(_))));
        assert!(matches!(accounts::ensure(&mut tx, &bob, "two words").await, Err(AccountError::BadName(_))));
        accounts::ensure(&mut tx, &bob, "bob").await.unwrap();
        accounts::ensure(&mut tx, &bob, "robert").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(accounts::get(&house.ctx, &bob).await.unwrap().name, "robert");

        house.disable(&alice).await;
        let new_alice = house.account("alice").await;
        let mut tx = house.ctx.decide().await.unwrap();
        assert!(matches!(accounts::enable(&mut tx, &alice).await, Err(AccountError::NameTaken(_))));
        drop(tx);
        assert!(accounts::get(&house.ctx, &new_alice).await.unwrap().enabled);
        assert!(!accounts::get(&house.ctx, &alice).await.unwrap().enabled);
    }

    async fn roles_are_set_by_somebody_else_and_a_member_stays_one(house: House) {
        let alice = house.person("alice").await;
        accounts::set_roles(&house.ctx, &alice.id, &[Role::Administrator].into()).await.unwrap();
        let caller = sign_in::authenticate(&house.nobody(), &alice.signed_in.cookie).await.unwrap();
        assert_eq!(caller.roles, [Role::Member, Role::Administrator].into());
        assert!(caller.may(Permission::SystemsWrite));

        let herself = house.ctx.acting_as(Actor::Identity(alice.id.clone()));
        let own = accounts::set_roles(&herself, &alice.id, &[Role::Auditor].into()).await;
        assert!(matches!(own, Err(AccountError::OwnRoles)));
        accounts::set_roles(&house.ctx, &alice.id, &[].into()).await.unwrap();
        accounts::set_roles(&house.ctx, &alice.id, &[Role::Member].into()).await.unwrap();
        let caller = sign_in::authenticate(&house.nobody(), &alice.signed_in.cookie).await.unwrap();
        assert!(caller.roles == [Role::Member].into() && !caller.may(Permission::SystemsWrite));
        assert_eq!(house.timeline(&alice.id).await.iter().filter(|kind| *kind == "account.roles_set").count(), 2);
        assert!(setup::begin(&house.nobody(), &secret("")).await.is_err());
    }
}
