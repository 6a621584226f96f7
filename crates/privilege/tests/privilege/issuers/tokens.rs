//! What PyJWT makes of the tokens, by the published keys alone.

use super::*;
use crate::house::{House, MINUTE, on_both_engines};
use grants::{EndCause, State as GrantState};
use peers::tools::python;
use privilege::duties;
use privilege::issuers::observe::{due, seen};
use privilege::issuers::{Cause, Old, State, publish};
use serde_json::Value;

const READ: &str = "
import json, sys, jwt
keys, token, audience = json.load(open(sys.argv[1])), open(sys.argv[2]).read(), sys.argv[3]
kid = jwt.get_unverified_header(token)['kid']
found = [key for key in jwt.PyJWKSet.from_dict(keys).keys if key.key_id == kid]
if not found:
    sys.exit('unknown key')
options = {'require': ['exp', 'iat', 'nbf', 'iss', 'sub', 'aud', 'jti']}
claims = jwt.decode(token, found[0], algorithms=['ES256', 'EdDSA'], audience=audience, issuer=sys.argv[4], options=options)
print(json.dumps(claims))
";

/// The claims as PyJWT reads them, or what it says against the token.
async fn pyjwt(house: &House, token: &str, audience: &str) -> Result<Value, String> {
    let folder = tempfile::tempdir().unwrap();
    let keys = put(folder.path(), "jwks.json", publish::jwks(&house.ctx).await.unwrap().to_string());
    let token = put(folder.path(), "token", token);
    let (good, text) = run(python().unwrap().args(["-c", READ, &keys, &token, audience, ORIGIN]));
    if good { Ok(serde_json::from_str(&text).unwrap()) } else { Err(text) }
}

fn token_of(issuance: &Issuance) -> String {
    issuance.token.as_ref().unwrap().expose().clone()
}

fn for_api() -> Request {
    Request { profile: "api".into(), ..Request::default() }
}

const AUDIENCE: &str = "https://api.example.com";

#[tokio::test]
async fn pyjwt_believes_a_token_by_the_published_keys_also_after_a_rotation() {
    for algorithm in [Algorithm::EcdsaP256, Algorithm::Ed25519] {
        let house = House::with_running_clock().await;
        token_issuer(&house, algorithm).await;
        let grant = grant(&house, "api", "tokens", MINUTE * 60).await;
        let first = ask(&house, "tokens", for_api()).await.unwrap();
        assert!(first.certificate.is_none() && first.private_key.is_none());
        let claims = pyjwt(&house, &token_of(&first), AUDIENCE).await.unwrap();
        assert_eq!(claims["sub"], format!("workload:{}", house.alice));
        assert_eq!((claims["aud"].as_str(), claims["environment"].as_str()), (Some(AUDIENCE), Some("prod")));
        assert_eq!(
            (&claims["jti"], &claims["tenure_grant"]),
            (&first.issued.id.as_str().into(), &grant.id.as_str().into())
        );
        assert!(claims["exp"].as_i64().unwrap() <= grant.window.until.seconds());
        assert!(pyjwt(&house, &token_of(&first), "https://other.example.com").await.unwrap_err().contains("Audience"));
        let mut changed = token_of(&first);
        let at = changed.find('.').unwrap() + 5;
        changed.replace_range(at..=at, if &changed[at..=at] == "A" { "B" } else { "A" });
        assert!(pyjwt(&house, &changed, AUDIENCE).await.is_err());

        issuers::rotate(&house.ctx, "tokens", Old::Expires).await.unwrap();
        let second = ask(&house, "tokens", for_api()).await.unwrap();
        assert_ne!(first.issued.key, second.issued.key);
        for issuance in [&first, &second] {
            pyjwt(&house, &token_of(issuance), AUDIENCE).await.unwrap();
        }
        issuers::rotate(&house.ctx, "tokens", Old::Withdrawn).await.unwrap();
        for issuance in [&first, &second] {
            assert!(pyjwt(&house, &token_of(issuance), AUDIENCE).await.unwrap_err().contains("unknown key"));
        }
        let third = ask(&house, "tokens", for_api()).await.unwrap();
        pyjwt(&house, &token_of(&third), AUDIENCE).await.unwrap();
    }
}

async fn published_keys(house: &House) -> usize {
    publish::jwks(&house.ctx).await.unwrap()["keys"].as_array().unwrap().len()
}

on_both_engines! {
    async fn a_retired_key_is_published_until_its_last_token_has_expired(house: House) {
        token_issuer(&house, Algorithm::EcdsaP256).await;
        grant(&house, "api", "tokens", MINUTE * 60).await;
        ask(&house, "tokens", Request { minutes: Some(30), ..for_api() }).await.unwrap();
        issuers::rotate(&house.ctx, "tokens", Old::Expires).await.unwrap();
        assert_eq!(published_keys(&house).await, 2);
        issuers::rotate(&house.ctx, "tokens", Old::Expires).await.unwrap();
        assert_eq!(published_keys(&house).await, 2, "the second key signed nothing");
        house.clock.advance(MINUTE * 30);
        assert_eq!(published_keys(&house).await, 1);
    }

    async fn a_revoked_token_is_told_to_who_asks_and_counts_as_gone_when_it_has_expired(house: House) {
        token_issuer(&house, Algorithm::EcdsaP256).await;
        let grant = grant(&house, "api", "tokens", MINUTE * 60).await;
        let issued = ask(&house, "tokens", Request { minutes: Some(30), ..for_api() }).await.unwrap().issued;
        assert!(publish::revoked_tokens(&house.ctx).await.unwrap().is_empty());
        house.withdraw(&grant, EndCause::Withdrawn).await;
        duties::run_once(&house.ctx).await.unwrap();
        let revoked = publish::revoked_tokens(&house.ctx).await.unwrap();
        assert_eq!(revoked.iter().map(|one| &one.id).collect::<Vec<_>>(), [&issued.id]);
        assert_eq!(due(&house.ctx).await.unwrap(), vec![], "no list proves a token gone");
        let late = async || {
            duties::run_once(&house.ctx).await.unwrap();
            ledger::finding::open(&house.ctx, "grant_not_gone").await.unwrap().len()
        };
        house.clock.advance(MINUTE * 29);
        assert_eq!(late().await, 0, "it is as it must be");
        assert!(matches!(grants::get(&house.ctx, &grant.id).await.unwrap().state, GrantState::Ended(_)));
        house.clock.advance(MINUTE);
        assert_eq!(late().await, 0);
        assert!(matches!(grants::get(&house.ctx, &grant.id).await.unwrap().state, GrantState::Gone { .. }));
        assert!(publish::revoked_tokens(&house.ctx).await.unwrap().is_empty());
    }

    async fn the_tokens_of_a_withdrawn_key_are_gone_when_it_is_seen_published_no_more(house: House) {
        token_issuer(&house, Algorithm::Ed25519).await;
        grant(&house, "api", "tokens", MINUTE * 60).await;
        let issued = ask(&house, "tokens", for_api()).await.unwrap().issued;
        let before = publish::jwks(&house.ctx).await.unwrap().to_string();
        issuers::rotate(&house.ctx, "tokens", Old::Withdrawn).await.unwrap();
        let state = see(&house, &issued.id).await.state;
        assert!(matches!(state, State::Ended { cause: Cause::KeyWithdrawn, .. }), "{state:?}");
        let publication = due(&house.ctx).await.unwrap().remove(0);
        for fetched in [before.as_bytes(), b"{}", b"[", b"{\"keys\": 1}"] {
            assert_eq!(seen(&house.ctx, &publication, fetched).await.unwrap(), 0);
        }
        let after = publish::jwks(&house.ctx).await.unwrap().to_string();
        assert_eq!(seen(&house.ctx, &publication, after.as_bytes()).await.unwrap(), 1);
    }

    async fn only_audiences_of_the_profile_are_named_in_a_token(house: House) {
        token_issuer(&house, Algorithm::EcdsaP256).await;
        grant(&house, "api", "tokens", MINUTE * 60).await;
        let other = Request { audiences: ["https://bank.example".into()].into(), ..for_api() };
        match ask(&house, "tokens", other).await {
            Err(IssuerError::NotAllowed { name, .. }) => assert_eq!(name, "https://bank.example"),
            other => panic!("{other:?}"),
        }
        let named = Request { dns: vec!["web.example.com".into()], ..for_api() };
        assert!(matches!(ask(&house, "tokens", named).await, Err(IssuerError::BadRequest(_))));
    }
}
