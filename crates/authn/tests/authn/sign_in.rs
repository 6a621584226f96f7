//! Signing in by name, password and code.

use crate::house::{House, PASSWORD, PEER, on_both_engines, secret};
use authn::Proof;
use authn::sign_in::{self, HashingFailed, SignInError};
use types::{Permission, Role};

fn refused<T>(result: &Result<T, SignInError>) -> bool {
    matches!(result, Err(SignInError::Refused))
}

fn too_many<T>(result: &Result<T, SignInError>) -> bool {
    matches!(result, Err(SignInError::TooMany { .. }))
}

on_both_engines! {
    async fn the_right_name_password_and_code_sign_in_until_signed_out(house: House) {
        let alice = house.person("alice@example.com").await;
        let code = house.code(&alice.authenticator);
        let ctx = house.nobody();
        let signed_in = sign_in::sign_in(&ctx, " ALICE@example.com ", &secret(PASSWORD), &code, PEER).await.unwrap();
        let caller = sign_in::authenticate(&ctx, &signed_in.cookie).await.unwrap();
        assert_eq!(caller, signed_in.caller);
        assert!(matches!(caller.proof, Proof::Cookie(_)));
        assert!(caller.roles == [Role::Member].into() && caller.may(Permission::SelfRead) && !caller.may(Permission::LedgerRead));
        sign_in::sign_out(&ctx, &signed_in.cookie).await.unwrap();
        sign_in::sign_out(&ctx, &signed_in.cookie).await.unwrap();
        assert!(matches!(sign_in::authenticate(&ctx, &signed_in.cookie).await, Err(SignInError::NotSignedIn)));
        sign_in::authenticate(&ctx, &alice.signed_in.cookie).await.expect("the other sign-in stays");
    }

    async fn a_sign_in_ends_after_twelve_hours(house: House) {
        let alice = house.person("alice").await;
        house.pass(12 * 3600 - 60 - 1);
        sign_in::authenticate(&house.nobody(), &alice.signed_in.cookie).await.unwrap();
        house.pass(1);
        let late = sign_in::authenticate(&house.nobody(), &alice.signed_in.cookie).await;
        assert!(matches!(late, Err(SignInError::NotSignedIn)));
    }

    async fn whatever_is_wrong_the_answer_is_the_same_and_leaves_evidence(house: House) {
        let alice = house.person("alice").await;
        let bob = house.account("bob").await;
        let code = house.code(&alice.authenticator);
        let wrong_code = format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000);
        let ctx = house.nobody();
        for (name, password, code) in [
            ("alice", "wrong horse battery", code.as_str()),
            ("alice", PASSWORD, wrong_code.as_str()),
            ("alice", PASSWORD, ""),
            ("alice", "", code.as_str()),
            ("bob", PASSWORD, code.as_str()),
            ("mallory", PASSWORD, code.as_str()),
        ] {
            let answer = sign_in::sign_in(&ctx, name, &secret(password), code, PEER).await;
            assert!(refused(&answer), "{name} {password} {code}");
        }
        assert_eq!(house.timeline(&alice.id).await.iter().filter(|kind| *kind == "sign_in.refused").count(), 4);
        assert_eq!(house.timeline(&bob).await, ["account.created", "sign_in.refused"]);
        assert_eq!(house.timeline(&"duty:sign_in").await, ["sign_in.refused"]);
    }

    async fn a_code_is_accepted_once_and_none_before_it(house: House) {
        let alice = house.person("alice").await;
        let earlier = house.code(&alice.authenticator);
        house.pass(30);
        let code = house.code(&alice.authenticator);
        house.sign_in(&alice, PASSWORD, &code).await.unwrap();
        assert!(refused(&house.sign_in(&alice, PASSWORD, &code).await), "the same step again");
        assert!(refused(&house.sign_in(&alice, PASSWORD, &earlier).await), "a step before it, though still in the window");
        house.pass(30);
        house.sign_in(&alice, PASSWORD, &house.code(&alice.authenticator)).await.unwrap();
    }

    async fn of_two_sign_ins_with_one_code_at_once_one_is_refused(house: House) {
        let alice = house.person("alice").await;
        let code = house.code(&alice.authenticator);
        let (one, two) =
            tokio::join!(house.sign_in(&alice, PASSWORD, &code), house.sign_in(&alice, PASSWORD, &code));
        assert_eq!(usize::from(one.is_ok()) + usize::from(two.is_ok()), 1);
        assert!(refused(&one.and(two)));
    }

    async fn five_failures_make_a_client_wait_for_that_name_also_after_a_restart(house: House) {
        let alice = house.person("alice").await;
        let bob = house.person("bob").await;
        let wrong = secret("wrong horse battery");
        for _ in 0..5 {
            assert!(refused(&house.sign_in(&alice, wrong.expose(), "000000").await));
        }
        let code = house.code(&alice.authenticator);
        assert!(too_many(&house.sign_in(&alice, PASSWORD, &code).await), "the right password does not help");
        let again = sign_in::sign_in(&house.restarted().await, "alice", &secret(PASSWORD), &code, PEER).await;
        assert!(too_many(&again));
        house.sign_in(&bob, PASSWORD, &house.code(&bob.authenticator)).await.expect("another name");
        let elsewhere = "2001:db8::1".parse().unwrap();
        sign_in::sign_in(&house.nobody(), "alice", &secret(PASSWORD), &code, elsewhere).await.expect("another client");

        let refusals = house.timeline(&alice.id).await.iter().filter(|kind| *kind == "sign_in.refused").count();
        assert_eq!(refusals, 5, "attempts past the limit write nothing");
        house.pass(15 * 60);
        house.sign_in(&alice, PASSWORD, &house.code(&alice.authenticator)).await.unwrap();
    }

    async fn values_longer_than_any_that_was_set_up_are_refused_before_anything_is_done(house: House) {
        let alice = house.person("alice").await;
        let code = house.code(&alice.authenticator);
        let entries = house.timeline(&alice.id).await.len();
        for (name, password, code) in [
            (&*"a".repeat(255), PASSWORD, &*code),
            ("alice", &*"p".repeat(1025), &*code),
            ("alice", PASSWORD, &*" ".repeat(17)),
        ] {
            for _ in 0..6 {
                let answer = sign_in::sign_in(&house.nobody(), name, &secret(password), code, PEER).await;
                assert!(matches!(answer, Err(SignInError::TooLong)));
            }
        }
        assert_eq!(house.timeline(&alice.id).await.len(), entries, "it is no attempt");
        house.sign_in(&alice, PASSWORD, &code).await.unwrap();
    }

    async fn one_network_that_floods_is_told_to_wait_and_another_still_signs_in(house: House) {
        let alice = house.person("alice").await;
        let code = house.code(&alice.authenticator);
        let flood = (0..60).map(|n| {
            let ctx = house.nobody();
            let name = format!("name-{n}");
            tokio::spawn(async move { sign_in::sign_in(&ctx, &name, &secret("a wrong password"), "000000", PEER).await })
        });
        let flood: Vec<_> = flood.collect();
        let elsewhere = "2001:db8::1".parse().unwrap();
        sign_in::sign_in(&house.nobody(), "alice", &secret(PASSWORD), &code, elsewhere).await.expect("another network");
        let mut busy = 0;
        for attempt in flood {
            busy += usize::from(matches!(attempt.await.unwrap(), Err(SignInError::Hashing(HashingFailed::Busy))));
        }
        assert!(busy > 0);
    }

    async fn a_burst_of_guesses_at_once_gets_no_more_than_the_limit(house: House) {
        let alice = house.person("alice").await;
        let guesses = (0..12).map(|_| {
            let (ctx, name) = (house.nobody(), alice.name.clone());
            tokio::spawn(async move { sign_in::sign_in(&ctx, &name, &secret("a wrong password"), "000000", PEER).await })
        });
        let mut answers = Vec::new();
        for guess in guesses.collect::<Vec<_>>() {
            answers.push(guess.await.unwrap());
        }
        assert_eq!(answers.iter().filter(|answer| refused(answer)).count(), 5);
        assert_eq!(answers.iter().filter(|answer| too_many(answer)).count(), 7);
    }

    async fn many_clients_at_one_name_and_one_client_at_many_names_are_stopped_too(house: House) {
        let ctx = house.nobody();
        let wrong = secret("wrong horse battery");
        for n in 0..20 {
            let peer = format!("198.51.100.{n}").parse().unwrap();
            assert!(refused(&sign_in::sign_in(&ctx, "alice", &wrong, "000000", peer).await), "{n}");
        }
        assert!(too_many(&sign_in::sign_in(&ctx, "alice", &wrong, "000000", "198.51.100.99".parse().unwrap()).await));
        for n in 0..30 {
            assert!(refused(&sign_in::sign_in(&ctx, &format!("name-{n}"), &wrong, "000000", PEER).await), "{n}");
        }
        assert!(too_many(&sign_in::sign_in(&ctx, "name-31", &wrong, "000000", PEER).await));
    }

    async fn a_success_forgives_the_slips_before_it(house: House) {
        let alice = house.person("alice").await;
        for _ in 0..4 {
            assert!(refused(&house.sign_in(&alice, "wrong horse battery", "000000").await));
        }
        house.sign_in(&alice, PASSWORD, &house.code(&alice.authenticator)).await.unwrap();
        for _ in 0..4 {
            assert!(refused(&house.sign_in(&alice, "wrong horse battery", "000000").await));
        }
    }
}
