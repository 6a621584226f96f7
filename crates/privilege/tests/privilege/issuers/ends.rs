//! Ends: with the grant, by revocation, by time; and when each counts as gone.

use super::*;
use crate::house::{House, MINUTE, on_both_engines};
use crate::invariants::tamper;
use grants::{EndCause, State as GrantState};
use ledger::ROWS_AT_ONCE;
use privilege::duties;
use privilege::invariants::{Depth, verify};
use privilege::issuers::observe::{due, seen};
use privilege::issuers::{Cause, State, publish};
use types::{Failure, IdentityId, Role, TokenId};

async fn broken(house: &House) -> Vec<&'static str> {
    let all = verify(&house.ctx, &house.node, Depth::Running, ROWS_AT_ONCE).await.unwrap();
    all.into_iter().filter(|one| !one.broken.is_empty()).map(|one| one.name).collect()
}

/// Fetches what is published, as the server does through its own front door.
async fn look(house: &House) -> usize {
    let mut count = 0;
    for publication in due(&house.ctx).await.unwrap() {
        let path = publication.path.trim_start_matches('/').split('/').collect::<Vec<_>>();
        let fetched = match path[..] {
            ["pki", issuer, "crl"] => publish::crl(&house.ctx, issuer).await.unwrap(),
            ["ssh", "krl", issuer] => publish::krl(&house.ctx, issuer).await.unwrap(),
            _ => publish::jwks(&house.ctx).await.unwrap().to_string().into_bytes(),
        };
        count += seen(&house.ctx, &publication, &fetched).await.unwrap();
    }
    count
}

on_both_engines! {
    async fn nothing_is_issued_without_a_grant_for_this_profile_on_this_issuer(house: House) {
        pki(&house).await;
        ssh_issuer(&house).await;
        grant(&house, "web", "ssh-ca", MINUTE * 60).await;
        grant_of(&house, "web", "server-ca", MINUTE * 60, Channel::Shell).await;
        grant(&house, "edge", "server-ca", MINUTE).await;
        house.clock.advance(MINUTE);
        for (issuer, profile, code) in [
            ("server-ca", "web", "channel_not_granted"), ("server-ca", "edge", "grant_over"), ("ssh-ca", "operator", "no_grant"),
        ] {
            let refused = ask(&house, issuer, for_dns(profile, &["web.example.com"])).await.unwrap_err();
            assert!(matches!(refused, IssuerError::Refused(_)), "{refused:?}");
            let lines = ledger::timeline::about(&house.ctx, &house.alice).await.unwrap();
            let last = lines.last().unwrap();
            let said = (last.kind.as_str(), last.body["login"].as_str(), last.body["code"].as_str());
            assert_eq!(said, ("permit.refused", Some(profile), Some(code)));
        }
        assert!(issuers::list_issued(&house.ctx, &house.auditor(), Filter { limit: 10, ..Filter::default() }).await.unwrap().is_empty());
    }

    async fn what_is_issued_never_outlives_its_grant_and_says_under_which_permit_it_was(house: House) {
        pki(&house).await;
        let grant = grant(&house, "web", "server-ca", MINUTE * 10).await;
        let issuance = ask(&house, "server-ca", for_dns("web", &["web.example.com"])).await.unwrap();
        assert_eq!(issuance.issued.expires_at, grant.window.until);
        let lines = ledger::timeline::about(&house.ctx, &issuance.issued.id).await.unwrap();
        let made = lines.iter().find(|line| line.kind == "issuance.made").unwrap();
        assert_eq!(made.body["serial"], issuance.issued.serial.as_str());
        assert_eq!(made.body["sha256"], issuance.issued.sha256.as_str());
        assert!(made.body["permit"].as_str().unwrap().starts_with("pmt_"));
        assert!(house.kinds(&grant.id).await.contains(&"issuance.made".to_owned()));
        let short = Request { minutes: Some(1), ..for_dns("web", &["web.example.com"]) };
        assert_eq!(ask(&house, "server-ca", short).await.unwrap().issued.expires_at, house.ctx.now().plus(MINUTE));
        for minutes in [0, 61, u32::MAX] {
            let long = Request { minutes: Some(minutes), ..for_dns("web", &["web.example.com"]) };
            assert!(matches!(ask(&house, "server-ca", long).await, Err(IssuerError::BadRequest(_))), "{minutes}");
        }
        house.clock.advance(MINUTE * 10);
        assert!(matches!(ask(&house, "server-ca", for_dns("web", &["web.example.com"])).await, Err(IssuerError::Refused(_))));
    }

    async fn the_end_of_a_grant_ends_everything_under_it_and_it_is_gone_when_the_lists_were_seen(house: House) {
        pki(&house).await;
        ssh_issuer(&house).await;
        let web = grant(&house, "web", "server-ca", MINUTE * 60).await;
        let login = grant(&house, "operator", "ssh-ca", MINUTE * 60).await;
        let other = grant(&house, "edge", "server-ca", MINUTE * 60).await;
        let certificate = ask(&house, "server-ca", for_dns("web", &["web.example.com"])).await.unwrap();
        let root = Request { profile: "operator".into(), principals: vec!["root".into()], ..Request::default() };
        let session = ask(&house, "ssh-ca", root).await.unwrap();
        let stays = ask(&house, "server-ca", for_dns("edge", &["web.example.com"])).await.unwrap();
        assert_eq!(broken(&house).await, Vec::<&str>::new());
        for grant in [&web, &login] {
            house.withdraw(grant, EndCause::Leaver).await;
        }
        duties::run_once(&house.ctx).await.unwrap();
        for issued in [&certificate.issued, &session.issued] {
            let state = see(&house, &issued.id).await.state;
            assert!(matches!(state, State::Ended { cause: Cause::GrantEnded, .. }), "{state:?}");
        }
        assert!(matches!(grants::get(&house.ctx, &web.id).await.unwrap().state, GrantState::Ended(_)), "not seen yet");

        assert_eq!(look(&house).await, 2);
        assert_eq!((look(&house).await, due(&house.ctx).await.unwrap()), (0, vec![]));
        duties::run_once(&house.ctx).await.unwrap();
        for (grant, issued) in [(&web, &certificate.issued), (&login, &session.issued)] {
            assert!(matches!(grants::get(&house.ctx, &grant.id).await.unwrap().state, GrantState::Gone { .. }));
            assert_eq!(house.kinds(&issued.id).await, ["issuance.made", "issuance.ended", "issuance.gone"]);
        }
        assert_eq!(see(&house, &stays.issued.id).await.state, State::Live);
        assert!(matches!(grants::get(&house.ctx, &other.id).await.unwrap().state, GrantState::Standing));
        assert_eq!(broken(&house).await, Vec::<&str>::new());
    }

    async fn what_a_token_asked_for_ends_with_it_and_nothing_else_does(house: House) {
        pki(&house).await;
        token_issuer(&house, Algorithm::EcdsaP256).await;
        grant(&house, "web", "server-ca", MINUTE * 60).await;
        grant(&house, "api", "tokens", MINUTE * 60).await;
        let [revoked, stays] = [house.token(MINUTE * 60).await, house.token(MINUTE * 60).await];
        let web = |token: &TokenId| Request { token: Some(token.clone()), ..for_dns("web", &["web.example.com"]) };
        let api = Request { profile: "api".into(), token: Some(revoked.clone()), ..Request::default() };
        let ends = [ask(&house, "server-ca", web(&revoked)).await.unwrap(), ask(&house, "tokens", api).await.unwrap()];
        let stays = [
            ask(&house, "server-ca", web(&stays)).await.unwrap(),
            ask(&house, "server-ca", for_dns("web", &["web.example.com"])).await.unwrap(),
        ];
        authn::tokens::revoke(&house.ctx, &house.alice, &revoked).await.unwrap();
        duties::run_once(&house.ctx).await.unwrap();
        for issuance in &ends {
            let state = see(&house, &issuance.issued.id).await.state;
            assert!(matches!(state, State::Ended { cause: Cause::TokenEnded, .. }), "{state:?}");
        }
        for issuance in &stays {
            assert_eq!(see(&house, &issuance.issued.id).await.state, State::Live);
        }
        assert!(look(&house).await > 0, "its certificate is on the list");
    }

    async fn a_grant_has_no_more_of_a_profile_at_a_time_than_that_allows(house: House) {
        pki(&house).await;
        let two = Profile { max_live: 2, ..servers("web", Algorithm::EcdsaP256) };
        issuers::declare_profiles(&house.ctx, "server-ca", &[two]).await.unwrap();
        grant(&house, "web", "server-ca", MINUTE * 60).await;
        grant(&house, "edge", "server-ca", MINUTE * 60).await;
        let five = |profile: &str| Request { minutes: Some(5), ..for_dns(profile, &["web.example.com"]) };
        let first = ask(&house, "server-ca", five("web")).await.unwrap();
        ask(&house, "server-ca", five("web")).await.unwrap();
        assert_eq!(ask(&house, "server-ca", five("web")).await.unwrap_err().code(), "too_many_issued");
        ask(&house, "server-ca", five("edge")).await.unwrap();
        issuers::revoke(&house.ctx, &house.alice_signed_in(), &first.issued.id, "done").await.unwrap();
        ask(&house, "server-ca", five("web")).await.unwrap();
        assert_eq!(ask(&house, "server-ca", five("web")).await.unwrap_err().code(), "too_many_issued");
        house.clock.advance(MINUTE * 5);
        ask(&house, "server-ca", five("web")).await.unwrap();
    }

    async fn a_list_that_is_old_or_somebody_elses_proves_nothing(house: House) {
        pki(&house).await;
        grant(&house, "web", "server-ca", MINUTE * 60).await;
        let issued = ask(&house, "server-ca", for_dns("web", &["web.example.com"])).await.unwrap().issued;
        let before = publish::crl(&house.ctx, "server-ca").await.unwrap();
        issuers::revoke(&house.ctx, &house.alice_signed_in(), &issued.id, "done").await.unwrap();
        let publication = due(&house.ctx).await.unwrap().remove(0);
        let after = publish::crl(&house.ctx, "server-ca").await.unwrap();
        let mut changed = after.clone();
        *changed.last_mut().unwrap() ^= 1;
        let other = publish::crl(&house.ctx, "root-ca").await.unwrap();
        for fetched in [&before, &changed, &other, &Vec::new(), &b"<html>".to_vec()] {
            assert_eq!(seen(&house.ctx, &publication, fetched).await.unwrap(), 0);
        }
        assert_eq!(seen(&house.ctx, &publication, &after).await.unwrap(), 1);
        assert_eq!(seen(&house.ctx, &publication, &after).await.unwrap(), 0, "once");
    }

    async fn what_was_issued_is_seen_and_revoked_by_its_holder_and_by_whoever_may(house: House) {
        pki(&house).await;
        grant(&house, "web", "server-ca", MINUTE * 60).await;
        let five = Request { minutes: Some(5), ..for_dns("web", &["web.example.com"]) };
        let first = ask(&house, "server-ca", five.clone()).await.unwrap().issued;
        let second = ask(&house, "server-ca", five).await.unwrap().issued;
        let stranger = |role| house.caller(&IdentityId::new(&house.clock, house.ctx.chance()), role);
        let sees = async |who: &authn::Caller, filter: Filter| {
            issuers::list_issued(&house.ctx, who, Filter { limit: 9, ..filter }).await.unwrap().len()
        };
        let alices = || Filter { holder: Some(house.alice.clone()), ..Filter::default() };
        let (alice, mallory, operator) =
            (house.alice_signed_in(), stranger(Role::Member), stranger(Role::Operator));
        assert_eq!((sees(&alice, alices()).await, sees(&house.auditor(), alices()).await), (2, 2));
        assert_eq!((sees(&mallory, Filter::default()).await, sees(&mallory, alices()).await), (0, 0));
        let refused = issuers::revoke(&house.ctx, &mallory, &first.id, "spite").await;
        assert!(matches!(refused, Err(IssuerError::NotIssued(_))), "{refused:?}");
        issuers::revoke(&house.ctx, &alice, &first.id, "done").await.unwrap();
        issuers::revoke(&house.ctx, &operator, &second.id, "the laptop was lost").await.unwrap();
    }

    async fn what_expires_is_gone_by_itself_and_leaves_the_list(house: House) {
        pki(&house).await;
        let grant = grant(&house, "web", "server-ca", MINUTE * 60).await;
        let five = Request { minutes: Some(5), ..for_dns("web", &["web.example.com"]) };
        let revoked = ask(&house, "server-ca", five.clone()).await.unwrap().issued;
        let expires = ask(&house, "server-ca", five).await.unwrap().issued;
        issuers::revoke(&house.ctx, &house.alice_signed_in(), &revoked.id, "done").await.unwrap();
        house.clock.advance(MINUTE * 5);
        assert!(matches!(issuers::revoke(&house.ctx, &house.alice_signed_in(), &expires.id, "late").await, Err(IssuerError::Ended(_))));
        duties::run_once(&house.ctx).await.unwrap();
        for (issued, cause) in [(&revoked, Cause::Revoked), (&expires, Cause::Expired)] {
            let state = see(&house, &issued.id).await.state;
            assert!(matches!(state, State::Gone { cause: because, .. } if because == cause), "{state:?}");
        }
        house.clock.advance(MINUTE * 55);
        grants::enforce::expire_due(&house.ctx).await.unwrap();
        duties::run_once(&house.ctx).await.unwrap();
        assert!(matches!(grants::get(&house.ctx, &grant.id).await.unwrap().state, GrantState::Gone { .. }));
        assert_eq!(broken(&house).await, Vec::<&str>::new());
    }

    async fn a_list_is_signed_anew_before_it_is_old_and_one_that_is_not_is_seen(house: House) {
        pki(&house).await;
        let first = publish::crl(&house.ctx, "root-ca").await.unwrap();
        duties::run_once(&house.ctx).await.unwrap();
        assert_eq!(publish::crl(&house.ctx, "root-ca").await.unwrap(), first);
        house.clock.advance(MINUTE * 60 * 13);
        duties::run_once(&house.ctx).await.unwrap();
        assert_ne!(publish::crl(&house.ctx, "root-ca").await.unwrap(), first);
        assert_eq!(broken(&house).await, Vec::<&str>::new());
        house.clock.advance(MINUTE * 60 * 24);
        assert_eq!(broken(&house).await, ["every revocation list is fresh and whole"]);
        duties::run_once(&house.ctx).await.unwrap();
        assert_eq!(broken(&house).await, Vec::<&str>::new());
    }

    async fn a_serial_that_is_missing_from_the_list_and_a_certificate_whose_grant_ended_are_seen(house: House) {
        pki(&house).await;
        let grant = grant(&house, "web", "server-ca", MINUTE * 60).await;
        ask(&house, "server-ca", for_dns("web", &["web.example.com"])).await.unwrap();
        tamper(&house, "update issued_certificates set ended_at = issued_at, end_cause = 'revoked'").await;
        assert_eq!(broken(&house).await, ["every revocation list is fresh and whole"]);
        tamper(&house, "update issued_certificates set ended_at = null, end_cause = null").await;
        house.withdraw(&grant, EndCause::Withdrawn).await;
        house.clock.advance(MINUTE * 2);
        assert_eq!(broken(&house).await, ["every live certificate and token has a grant that stands"]);
        tamper(&house, "update issued_certificates set grant_id = 'grt_00000000000000000000000000000000'").await;
        assert_eq!(broken(&house).await, ["every live certificate and token has a grant that stands"]);
    }

    async fn signing_keys_are_sealed_again_under_a_new_data_key_and_sign_still(house: House) {
        pki(&house).await;
        token_issuer(&house, Algorithm::EcdsaP256).await;
        assert_eq!((house.rekey().await, house.rekey().await), (3, 3));
        grant(&house, "web", "server-ca", MINUTE * 60).await;
        ask(&house, "server-ca", for_dns("web", &["web.example.com"])).await.unwrap();
    }
}
