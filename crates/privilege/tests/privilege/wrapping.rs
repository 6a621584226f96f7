//! Secrets wrapped for one delivery.

use crate::house::{House, MINUTE, on_both_engines};
use crate::secrets::{acting, name, version};
use grants::EndCause;
use ledger::finding;
use privilege::duties;
use privilege::secrets::{self, Named, SecretError, Which, Wrapped};
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;
use types::{Actor, Channel, Failure, IdentityId, Kind, Secret};

const HOUR: Duration = Duration::from_secs(3600);
const BOTH: [Channel; 2] = [Channel::SecretRead, Channel::SecretWrite];
const PEER: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7));
const DB: &str = "prod/billing/db";

async fn wrapped(house: &House, recipient: Option<&IdentityId>) -> Wrapped {
    let ctx = acting(house, &house.alice);
    secrets::wrap(&ctx, &house.alice, &name(DB), None, 2 * MINUTE, recipient.cloned().map(Named::Known)).await.unwrap()
}

async fn open(house: &House, token: &Secret<String>, who: Option<&IdentityId>) -> Result<String, SecretError> {
    let actor = who.map_or(Actor::Nobody, |who| Actor::Identity(who.clone()));
    let (_, read) = secrets::unwrap(&house.ctx.acting_as(actor), token, PEER).await?;
    Ok(String::from_utf8(read.json.expose().clone()).unwrap())
}

async fn keep(house: &House, json: &str) {
    secrets::write(&acting(house, &house.alice), &house.alice, version(DB, json)).await.unwrap();
}

async fn twice(house: &House) -> usize {
    finding::open(&house.ctx, "wrapped_secret_opened_twice").await.unwrap().len()
}

on_both_engines! {
    async fn a_wrapped_secret_opens_once_and_the_second_try_is_a_finding_until_the_value_is_another(house: House) {
        let grant = house.folder(&house.alice, "billing", &BOTH, HOUR).await;
        keep(&house, r#"{"password":"hunter2"}"#).await;
        let wrap = wrapped(&house, None).await;
        assert!(wrap.token.expose().starts_with("tnrw_") && wrap.token.expose().len() == 57);
        let about = secrets::lookup(&house.ctx, &wrap.token, PEER).await.unwrap();
        assert_eq!((about.wrapped_at, about.expires_at), (house.ctx.now(), wrap.expires_at));
        assert_eq!(open(&house, &wrap.token, None).await.unwrap(), r#"{"password":"hunter2"}"#);
        assert_eq!(twice(&house).await, 0);
        let again = open(&house, &wrap.token, None).await.unwrap_err();
        assert_eq!((again.code(), again.kind()), ("wrap_refused", Kind::Forbidden));
        assert_eq!(secrets::lookup(&house.ctx, &wrap.token, PEER).await.unwrap_err().code(), "wrap_refused");
        assert_eq!(twice(&house).await, 1);
        let told = house.kinds(&wrap.id).await;
        let expected = ["secret.wrapped", "secret.unwrapped", "secret.not_unwrapped", "finding.raised", "secret.not_unwrapped"];
        assert_eq!(told, expected);
        assert!(house.kinds(&grant.id).await.contains(&"secret.unwrapped".to_owned()));
        duties::run_once(&house.ctx).await.unwrap();
        assert_eq!(twice(&house).await, 1);
        keep(&house, r#"{"password":"hunter3"}"#).await;
        duties::run_once(&house.ctx).await.unwrap();
        assert_eq!(twice(&house).await, 0);
    }

    async fn of_twenty_that_open_at_once_exactly_one_gets_the_value(house: House) {
        house.folder(&house.alice, "billing", &BOTH, HOUR).await;
        keep(&house, r#"{"password":"hunter2"}"#).await;
        let wrap = wrapped(&house, None).await;
        let opened = futures::future::join_all((0..20).map(|_| open(&house, &wrap.token, None))).await;
        assert_eq!(opened.iter().filter(|outcome| outcome.is_ok()).count(), 1);
        assert_eq!(twice(&house).await, 1);
    }

    async fn whatever_is_wrong_with_a_token_the_answer_is_the_same(house: House) {
        let grant = house.folder(&house.alice, "billing", &BOTH, HOUR).await;
        let bob = IdentityId::new(house.ctx.clock(), house.ctx.chance());
        keep(&house, r#"{"password":"hunter2"}"#).await;
        let bobs = wrapped(&house, Some(&bob)).await;
        let mut answers = vec![
            open(&house, &Secret::new("tnrw_nobody".into()), None).await.unwrap_err(),
            open(&house, &bobs.token, None).await.unwrap_err(),
            open(&house, &bobs.token, Some(&house.alice)).await.unwrap_err(),
        ];
        assert!(open(&house, &bobs.token, Some(&bob)).await.is_ok(), "the wrong person does not spend it");
        let deleted = wrapped(&house, None).await;
        let ctx = acting(&house, &house.alice);
        secrets::delete(&ctx, &house.alice, &name(DB), Which::Latest).await.unwrap();
        answers.push(open(&house, &deleted.token, None).await.unwrap_err());
        secrets::undelete(&ctx, &house.alice, &name(DB), Which::Latest).await.unwrap();
        assert!(open(&house, &deleted.token, None).await.is_ok(), "nor does a try that gave nothing");
        let late = wrapped(&house, None).await;
        house.clock.advance(2 * MINUTE);
        answers.push(open(&house, &late.token, None).await.unwrap_err());
        let ended = wrapped(&house, None).await;
        let gone = wrapped(&house, None).await;
        house.withdraw(&grant, EndCause::Leaver).await;
        answers.push(open(&house, &ended.token, None).await.unwrap_err());
        house.folder(&house.alice, "billing", &BOTH, HOUR).await;
        secrets::remove(&ctx, &house.alice, &name(DB), DB).await.unwrap();
        answers.push(open(&house, &gone.token, None).await.unwrap_err());
        let told: Vec<String> = answers.iter().map(ToString::to_string).collect();
        assert!(told.iter().all(|line| *line == told[0]), "{told:?}");
        assert_eq!(twice(&house).await, 0);
    }

    async fn wrapping_needs_the_right_to_read_and_a_term_of_a_day_at_most(house: House) {
        house.folder(&house.alice, "billing", &[Channel::SecretWrite], HOUR).await;
        keep(&house, r#"{"password":"hunter2"}"#).await;
        let ctx = acting(&house, &house.alice);
        let refused = secrets::wrap(&ctx, &house.alice, &name(DB), None, MINUTE, None).await.unwrap_err();
        assert_eq!(refused.code(), "channel_not_granted");
        house.folder(&house.alice, "billing", &BOTH, HOUR).await;
        for (ttl, good) in [(0, false), (1, true), (86_400, true), (86_401, false)] {
            let made = secrets::wrap(&ctx, &house.alice, &name(DB), None, Duration::from_secs(ttl), None).await;
            assert_eq!(made.is_ok(), good, "{ttl}");
        }
    }

    async fn a_network_that_tries_tokens_is_made_to_wait_and_leaves_no_entries_meanwhile(house: House) {
        house.folder(&house.alice, "billing", &BOTH, HOUR).await;
        keep(&house, r#"{"password":"hunter2"}"#).await;
        let wrap = wrapped(&house, None).await;
        for n in 0..30 {
            let guess = Secret::new(format!("tnrw_{n}"));
            let refused = match n % 2 {
                0 => open(&house, &guess, None).await.unwrap_err(),
                _ => secrets::lookup(&house.ctx, &guess, PEER).await.unwrap_err(),
            };
            assert_eq!(refused.code(), "wrap_refused");
        }
        let before = house.ctx.ledger().size().await.unwrap();
        for refused in [
            open(&house, &wrap.token, None).await.unwrap_err(),
            secrets::lookup(&house.ctx, &wrap.token, PEER).await.unwrap_err(),
        ] {
            assert_eq!((refused.code(), refused.kind()), ("too_many_attempts", Kind::Unavailable));
        }
        assert_eq!(house.ctx.ledger().size().await.unwrap(), before);
        let elsewhere: IpAddr = "2001:db8::1".parse().unwrap();
        assert!(secrets::unwrap(&house.ctx, &wrap.token, elsewhere).await.is_ok());
        house.clock.advance(15 * MINUTE);
        assert_eq!(open(&house, &Secret::new("tnrw_".into()), None).await.unwrap_err().code(), "wrap_refused");
    }
}
