//! Alice and Bob take the password of the shop's database in hand, and once that of a host. What becomes of it is seen at
//! PostgreSQL and at sshd themselves.

use crate::shop::{FIRST, Shop, eligible, grant};
use connectors::linux::log_in;
use connectors::{Credential, LogIn};
use privilege::accounts::{self, AccountKind, Change, CredentialKind, Given, Import};
use privilege::checkouts::{ANSWER_WITHIN, GRACE};
use serde_json::json;
use std::time::Duration;
use testbed::{Engine, Testbed, blocking};
use types::{Actor, Secret};

/// What a rotation leaves in the thread of its account.
const ROTATED: [&str; 3] =
    ["rotation.attempted by tenure", "rotation.candidate_kept by tenure", "rotation.settled by tenure"];

fn story(before: &[&str], ordered: &str, after: &[&str]) -> Vec<String> {
    let rotated = ROTATED.map(|line| match ordered.rsplit_once(' ') {
        Some((_, cause)) if line.starts_with("rotation.attempted") => format!("{line} {cause}"),
        _ => line.to_owned(),
    });
    let own = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
    [own(before), vec![ordered.to_owned()], rotated.to_vec(), own(after)].concat()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_person_at_a_time_has_an_exclusive_account_and_the_next_one_is_told_until_when() {
    for engine in Engine::BOTH {
        let bed = Testbed::start(engine).await;
        let shop = Shop::open(&bed, Change::default()).await;
        let account = bed.get(&bed.carol, &format!("/api/v1/accounts/{}", shop.account)).await;
        assert_eq!(account.json["exclusive"], true, "{}", account.text);
        let (grant, _) = (shop.grant(&bed.alice, 60).await, shop.grant(&bed.bob, 60).await);
        let (checkout, password) = shop.given(&bed.alice, 30).await;
        assert!(password == FIRST && shop.takes(&password).await);
        let refused = shop.out(&bed.bob, 30).await;
        assert_eq!((refused.status, &refused.json["code"]), (409, &json!("checked_out")));
        let detail = refused.json["detail"].as_str().unwrap();
        assert!(detail.starts_with("somebody has `app@db-1` checked out until "), "{detail}");
        let hidden = bed.get(&bed.bob, &format!("/api/v1/checkouts/{checkout}")).await;
        assert_eq!(hidden.status, 404, "{}", hidden.text);
        assert_eq!(shop.act(&bed.alice, &checkout, "return", json!({})).await.json["state"], "returned");
        let (_, again) = shop.given(&bed.bob, 30).await;
        assert_eq!(again, FIRST, "nothing says that it must change");
        assert_eq!(
            shop.story().await,
            ["checkout.opened by alice", "checkout.returned by alice", "checkout.opened by bob"]
        );
        assert_eq!(
            bed.timeline(&grant).await,
            [
                "grant.issued by bob",
                "request.approved by bob",
                "checkout.opened by alice",
                "checkout.returned by alice"
            ]
        );
        assert_eq!(bed.broken_invariants().await, Vec::<String>::new());
        bed.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_two_are_needed_nothing_goes_out_before_a_second_person_has_confirmed_it() {
    for engine in Engine::BOTH {
        let bed = Testbed::start(engine).await;
        let shop = Shop::open(&bed, Change { dual_control: Some(true), ..Change::default() }).await;
        shop.grant(&bed.alice, 480).await;
        let asked = shop.out(&bed.alice, 30).await;
        assert_eq!((asked.status, &asked.json["given"]), (202, &json!(null)));
        let checkout = asked.json["checkout"]["id"].as_str().unwrap();
        let own = shop.act(&bed.alice, checkout, "confirm", json!({})).await;
        assert_eq!((own.status, &own.json["code"]), (403, &json!("own_checkout")));
        let stranger = shop.act(&bed.mallory, checkout, "confirm", json!({})).await;
        assert_eq!((stranger.status, &stranger.json["code"]), (404, &json!("no_such_checkout")));
        let to_confirm = bed.get(&bed.admin, "/api/v1/checkouts?to_confirm=true").await;
        assert_eq!(to_confirm.json["items"][0]["id"], checkout);
        let confirmed = shop.act(&bed.admin, checkout, "confirm", json!({})).await;
        assert_eq!(confirmed.json["state"], "confirmed", "{}", confirmed.text);
        let (taken, password) = shop.given(&bed.alice, 30).await;
        assert_eq!((taken.as_str(), password.as_str()), (checkout, FIRST));
        shop.act(&bed.alice, checkout, "return", json!({})).await;

        let out = async || {
            let body = json!({"target": "db-1", "login": "app", "minutes": 30, "reason": "the index is broken"});
            let call = bed.call(Some(&bed.alice.token), reqwest::Method::POST, "/api/v1/checkouts");
            bed.send(call.header("idempotency-key", "one").json(&body)).await
        };
        let (first, again) = (out().await, out().await);
        assert_eq!((first.status, again.status), (202, 202), "{}", again.text);
        assert_eq!(first.json["checkout"]["id"], again.json["checkout"]["id"]);
        let checkout = first.json["checkout"]["id"].as_str().unwrap();
        shop.act(&bed.admin, checkout, "confirm", json!({})).await;
        let given = out().await;
        assert_eq!((given.status, &given.json["given"]["value"]), (201, &json!(FIRST)), "{}", given.text);
        let repeated = out().await;
        assert_eq!((repeated.status, &repeated.json["code"]), (409, &json!("idempotency_key")));
        assert!(!repeated.text.contains(FIRST));
        shop.act(&bed.alice, checkout, "return", json!({})).await;

        let late = shop.out(&bed.alice, 30).await.json["checkout"]["id"].as_str().unwrap().to_owned();
        bed.clock.advance(ANSWER_WITHIN);
        let lapsed =
            || async { bed.get(&bed.alice, &format!("/api/v1/checkouts/{late}")).await.json["state"] == "lapsed" };
        assert!(bed.eventually(Duration::from_secs(10), lapsed).await);
        let too_late = shop.act(&bed.admin, &late, "confirm", json!({})).await;
        assert_eq!((too_late.status, &too_late.json["code"]), (409, &json!("not_pending")));
        assert_eq!(
            shop.story().await,
            [
                "checkout.asked by alice",
                "checkout.confirmed by admin",
                "checkout.opened by alice",
                "checkout.returned by alice",
                "checkout.asked by alice",
                "checkout.confirmed by admin",
                "checkout.opened by alice",
                "checkout.returned by alice",
                "checkout.asked by alice",
                "checkout.lapsed by tenure unanswered",
            ]
        );
        bed.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_one_time_password_is_dead_at_the_database_after_its_return() {
    for engine in Engine::BOTH {
        let bed = Testbed::start(engine).await;
        let shop = Shop::open(&bed, Change { one_time: Some(true), ..Change::default() }).await;
        shop.grant(&bed.alice, 60).await;
        let (checkout, password) = shop.given(&bed.alice, 30).await;
        assert!(shop.takes(&password).await);
        shop.act(&bed.alice, &checkout, "return", json!({})).await;
        shop.gone(&checkout).await;
        assert!(!shop.takes(&password).await, "PostgreSQL still takes what Alice has seen");
        let (_, next) = shop.given(&bed.alice, 30).await;
        assert!(next != password && shop.takes(&next).await);
        assert_eq!(
            shop.story().await,
            story(
                &["checkout.opened by alice", "checkout.returned by alice"],
                "rotation.ordered by alice checked_in",
                &["checkout.gone by tenure", "checkout.opened by alice"],
            )
        );
        assert_eq!(bed.broken_invariants().await, Vec::<String>::new());
        bed.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_overdue_is_told_then_taken_back_and_dead_at_the_database() {
    for engine in Engine::BOTH {
        let bed = Testbed::start(engine).await;
        let shop = Shop::open(&bed, Change::default()).await;
        shop.grant(&bed.alice, 480).await;
        let (checkout, password) = shop.given(&bed.alice, 30).await;
        bed.clock.advance(Duration::from_secs(30 * 60));
        let path = format!("/api/v1/checkouts/{checkout}");
        let told = || async {
            let open = bed.get(&bed.carol, "/api/v1/findings").await;
            let items = open.json["items"].as_array().unwrap().clone();
            items.iter().any(|item| item["kind"] == "checkout_overdue" && item["subject"] == checkout.as_str())
        };
        assert!(bed.eventually(Duration::from_secs(10), told).await);
        let late = bed.get(&bed.alice, &path).await;
        assert_eq!((&late.json["state"], &late.json["overdue"]), (&json!("open"), &json!(true)));
        bed.clock.advance(GRACE);
        shop.gone(&checkout).await;
        assert!(!shop.takes(&password).await, "PostgreSQL still takes what Alice has seen");
        assert_eq!(bed.get(&bed.alice, &path).await.json["cause"], "overdue");
        assert_eq!(
            shop.story().await,
            story(
                &["checkout.opened by alice", "checkout.ended by tenure overdue"],
                "rotation.ordered by tenure overdue",
                &["checkout.gone by tenure"],
            )
        );
        assert_eq!(
            bed.timeline(&checkout).await,
            [
                "checkout.opened by alice",
                "finding.raised by tenure",
                "checkout.ended by tenure",
                "finding.cleared by tenure",
                "checkout.gone by tenure",
            ]
        );
        bed.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_leaver_knows_nothing_any_more_neither_what_they_hold_nor_what_they_gave_back() {
    for engine in Engine::BOTH {
        let bed = Testbed::start(engine).await;
        let shop = Shop::open(&bed, Change::default()).await;
        let grant = shop.grant(&bed.alice, 480).await;
        let (earlier, password) = shop.given(&bed.alice, 30).await;
        shop.act(&bed.alice, &earlier, "return", json!({})).await;
        let (held, same) = shop.given(&bed.alice, 30).await;
        assert!(same == password && shop.takes(&password).await);
        bed.import_with_leavers(&["E0001"]).await;
        bed.gone(&grant).await;
        assert!(!shop.takes(&password).await, "PostgreSQL still takes what Alice has seen");
        let cause = bed.get(&bed.carol, &format!("/api/v1/checkouts/{held}")).await.json["cause"].clone();
        assert_eq!(cause, "leaver");
        let told = bed.timeline_with(&grant, &["cause"]).await;
        assert_eq!(
            told,
            [
                "grant.issued by bob",
                "request.approved by bob",
                "checkout.opened by alice",
                "checkout.returned by alice",
                "checkout.opened by alice",
                "grant.ended by admin leaver",
                "checkout.outdated by tenure leaver",
                "checkout.ended by tenure leaver",
                "checkout.gone by tenure",
                "checkout.gone by tenure",
                "grant.gone by tenure",
            ]
        );
        let ordered: Vec<String> =
            shop.story().await.into_iter().filter(|line| line.starts_with("rotation.settled")).collect();
        assert_eq!(ordered, ["rotation.settled by tenure"], "one new password is enough for both");
        let done = || async {
            let case = governance::lifecycle::of_identity(bed.ctx(), &bed.alice.id).await.unwrap().unwrap();
            bed.timeline(case.id.as_str()).await.last().is_some_and(|line| line == "leaver.done by tenure")
        };
        assert!(bed.eventually(Duration::from_secs(10), done).await, "the leaver's case waits for the password");
        assert_eq!(bed.broken_invariants().await, Vec::<String>::new());
        bed.stop().await;
    }
}

/// Whether web-1 itself lets `deploy` in with this password.
async fn web_1_takes(bed: &Testbed, password: &str) -> bool {
    let pin = bed.host.host_key_line().parse().unwrap();
    let (address, password) = (bed.host.addr().to_string(), Credential::Password(Secret::new(password.to_owned())));
    log_in(&address, &pin, "deploy", &password).await.unwrap() == LogIn::Accepted
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_one_time_password_of_a_host_is_dead_there_after_its_return() {
    for engine in Engine::BOTH {
        let bed = Testbed::start(engine).await;
        bed.on_host(format!(
            "echo 'PasswordAuthentication yes' > /etc/ssh/sshd_config.d/00.conf; echo 'deploy:{FIRST}' | chpasswd"
        ))
        .await;
        let host = bed.host.clone();
        blocking(move || host.stop().and_then(|()| host.start_again()).unwrap()).await;
        eligible(&bed, "web-1", "deploy", "checkout").await;
        let import = Import {
            target: "web-1".into(),
            login: "deploy".into(),
            kind: AccountKind::Shared,
            credential: CredentialKind::Password,
            owner: bed.bob.id.clone(),
            purpose: "releases".into(),
            given: Given::Value(Secret::new(FIRST.into())),
            change: Change { one_time: Some(true), ..Change::default() },
        };
        let ctx = bed.ctx().acting_as(Actor::Console);
        let account = accounts::import(&ctx, vec![import]).await.unwrap().remove(0).id;
        let verified = || async { accounts::get(bed.ctx(), &account).await.unwrap().verified_at.is_some() };
        assert!(bed.eventually(Duration::from_secs(20), verified).await);
        grant(&bed, &bed.alice, "deploy@web-1", &["checkout"], 60).await;
        let body = json!({"target": "web-1", "login": "deploy", "minutes": 30, "reason": "a release"});
        let given = bed.post(&bed.alice, "/api/v1/checkouts", body).await;
        assert_eq!(given.json["given"]["value"], FIRST, "{}", given.text);
        assert!(web_1_takes(&bed, FIRST).await);
        let path = format!("/api/v1/checkouts/{}", given.json["checkout"]["id"].as_str().unwrap());
        bed.post(&bed.alice, &format!("{path}/return"), json!({})).await;
        let gone = || async { bed.get(&bed.alice, &path).await.json["credential"] == "gone" };
        assert!(bed.eventually(Duration::from_secs(20), gone).await, "{:?}", bed.timeline(account.as_str()).await);
        assert!(!web_1_takes(&bed, FIRST).await, "web-1 still takes what Alice has seen");
        assert_eq!(
            bed.timeline(account.as_str()).await,
            [
                "account.managed by server-console",
                "account.verified by tenure",
                "checkout.opened by alice",
                "checkout.returned by alice",
                "rotation.ordered by alice",
                "rotation.attempted by tenure",
                "rotation.candidate_kept by tenure",
                "rotation.host_visited by tenure",
                "rotation.settled by tenure",
                "checkout.gone by tenure",
            ]
        );
        bed.stop().await;
    }
}
