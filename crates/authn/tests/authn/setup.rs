//! One-time set-up links.

use crate::house::{House, PASSWORD, on_both_engines, secret};
use authn::setup::{self, SetupError, WeakPassword};
use authn::{accounts, sign_in};
use totp_rs::Totp;
use types::{Clock, IdentityId, Secret};

async fn link(house: &House, id: &IdentityId) -> (Secret<String>, Totp) {
    let token = setup::create(&house.ctx, id).await.unwrap();
    let begun = setup::begin(&house.nobody(), &token).await.unwrap();
    (token, Totp::from_url(begun.otpauth_uri.expose()).unwrap())
}

on_both_engines! {
    async fn a_link_sets_up_an_account_once_and_signs_in(house: House) {
        let alice = house.account("Alice@Example.com").await;
        let (token, authenticator) = link(&house, &alice).await;
        let code = house.code(&authenticator);
        let signed_in = setup::complete(&house.nobody(), &token, &secret(PASSWORD), &code).await.unwrap();
        let caller = sign_in::authenticate(&house.nobody(), &signed_in.cookie).await.unwrap();
        assert_eq!((caller.identity, caller.scopes), (alice.clone(), None));

        house.pass(60);
        let code = house.code(&authenticator);
        for second in [
            setup::begin(&house.nobody(), &token).await.map(drop),
            setup::complete(&house.nobody(), &token, &secret(PASSWORD), &code).await.map(drop),
        ] {
            assert!(matches!(second, Err(SetupError::LinkUnusable)));
        }
        assert_eq!(
            house.timeline(&alice).await,
            ["account.created", "setup.link_created", "setup.begun", "setup.completed", "sign_in.started"]
        );
    }

    async fn whoever_looked_at_a_link_before_its_person_left_an_entry_and_knows_nothing_of_use(house: House) {
        let alice = house.account("alice@example.com").await;
        let (token, seen_by_its_maker) = link(&house, &alice).await;
        let begun = setup::begin(&house.nobody(), &token).await.unwrap();
        assert_eq!(begun.name, "alice@example.com");
        let authenticator = Totp::from_url(begun.otpauth_uri.expose()).unwrap();
        assert_ne!(authenticator, seen_by_its_maker);
        assert!(setup::is_usable(&house.nobody(), &token).await.unwrap());

        let made_void = house.code(&seen_by_its_maker);
        let refused = setup::complete(&house.nobody(), &token, &secret(PASSWORD), &made_void).await;
        assert!(matches!(refused, Err(SetupError::WrongCode)));
        setup::complete(&house.nobody(), &token, &secret(PASSWORD), &house.code(&authenticator)).await.unwrap();
        assert!(!setup::is_usable(&house.nobody(), &token).await.unwrap());
        let begun = house.timeline(&alice).await.iter().filter(|kind| *kind == "setup.begun").count();
        assert_eq!(begun, 2, "asking whether it is usable shows nothing and leaves nothing");
    }

    async fn a_link_that_nobody_opened_cannot_be_completed_and_one_is_opened_twenty_times_at_most(house: House) {
        let alice = house.account("alice").await;
        let token = setup::create(&house.ctx, &alice).await.unwrap();
        let unopened = setup::complete(&house.nobody(), &token, &secret(PASSWORD), "000000").await;
        assert!(matches!(unopened, Err(SetupError::WrongCode)));
        let mut last = None;
        for _ in 0..20 {
            last = Some(setup::begin(&house.nobody(), &token).await.unwrap());
        }
        let entries = house.timeline(&alice).await.len();
        assert!(matches!(setup::begin(&house.nobody(), &token).await, Err(SetupError::OpenedTooOften)));
        assert_eq!(house.timeline(&alice).await.len(), entries, "a refusal writes nothing");
        let code = house.code(&Totp::from_url(last.unwrap().otpauth_uri.expose()).unwrap());
        setup::complete(&house.nobody(), &token, &secret(PASSWORD), &code).await.unwrap();
    }

    async fn of_two_who_complete_the_same_link_at_once_one_is_refused(house: House) {
        let alice = house.account("alice").await;
        let (token, authenticator) = link(&house, &alice).await;
        let (code, ctx) = (house.code(&authenticator), house.nobody());
        let (first, second) = (secret("the first password"), secret("the second password"));
        let (one, two) = tokio::join!(
            setup::complete(&ctx, &token, &first, &code),
            setup::complete(&ctx, &token, &second, &code),
        );
        assert_eq!(usize::from(one.is_ok()) + usize::from(two.is_ok()), 1);
        assert!(matches!(one.and(two), Err(SetupError::LinkUnusable)));
    }

    async fn a_link_ends_after_three_days(house: House) {
        let alice = house.account("alice").await;
        let (token, _) = link(&house, &alice).await;
        house.pass(72 * 3600 - 1);
        setup::begin(&house.nobody(), &token).await.unwrap();
        house.pass(1);
        assert!(matches!(setup::begin(&house.nobody(), &token).await, Err(SetupError::LinkUnusable)));
    }

    async fn a_new_link_voids_the_old_one(house: House) {
        let alice = house.account("alice").await;
        let (old, _) = link(&house, &alice).await;
        let (new, _) = link(&house, &alice).await;
        assert!(matches!(setup::begin(&house.nobody(), &old).await, Err(SetupError::LinkUnusable)));
        setup::begin(&house.nobody(), &new).await.unwrap();
        assert!(matches!(setup::begin(&house.nobody(), &secret("guess")).await, Err(SetupError::LinkUnusable)));
    }

    async fn a_weak_password_or_a_wrong_code_leaves_the_link_usable(house: House) {
        let alice = house.account("alice@example.com").await;
        let (token, authenticator) = link(&house, &alice).await;
        let code = house.code(&authenticator);
        for (password, reason) in [("short", WeakPassword::TooShort), ("alice in wonderland", WeakPassword::OwnName)] {
            let refused = setup::complete(&house.nobody(), &token, &secret(password), &code).await;
            assert!(matches!(refused, Err(SetupError::WeakPassword(why)) if why == reason));
        }
        house.pass(120);
        let stale = setup::complete(&house.nobody(), &token, &secret(PASSWORD), &code).await;
        assert!(matches!(stale, Err(SetupError::WrongCode)));
        let code = house.code(&authenticator);
        setup::complete(&house.nobody(), &token, &secret(PASSWORD), &code).await.unwrap();
    }

    async fn setting_up_again_replaces_the_password_and_ends_earlier_sign_ins(house: House) {
        let alice = house.person("alice").await;
        let (token, authenticator) = link(&house, &alice.id).await;
        let code = house.code(&authenticator);
        setup::complete(&house.nobody(), &token, &secret("another long password"), &code).await.unwrap();
        assert!(sign_in::authenticate(&house.nobody(), &alice.signed_in.cookie).await.is_err());
        house.pass(60);
        assert!(house.sign_in(&alice, PASSWORD, &house.code(&authenticator)).await.is_err());
        assert!(house.sign_in(&alice, "another long password", &house.code(&alice.authenticator)).await.is_err());
        house.sign_in(&alice, "another long password", &house.code(&authenticator)).await.unwrap();
    }

    async fn nobody_is_set_up_without_an_enabled_account(house: House) {
        let stranger = IdentityId::new(&Clock::system(), house.ctx.chance());
        assert!(matches!(setup::create(&house.ctx, &stranger).await, Err(SetupError::NoAccount(_))));
        let alice = house.account("alice").await;
        let (token, _) = link(&house, &alice).await;
        house.disable(&alice).await;
        assert!(matches!(setup::create(&house.ctx, &alice).await, Err(SetupError::NoAccount(_))));
        assert!(matches!(setup::begin(&house.nobody(), &token).await, Err(SetupError::LinkUnusable)));
        house.enable(&alice).await;
        assert!(matches!(setup::begin(&house.nobody(), &token).await, Err(SetupError::LinkUnusable)));
        assert!(accounts::get(&house.ctx, &alice).await.unwrap().enabled);
    }
}
