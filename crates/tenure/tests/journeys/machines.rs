//! `nightly` is a machine identity that Alice answers for. It works on web-1 with a grant that she asked for, until she
//! leaves, hands it over, or ends it.

use crate::proven::must_be_proven;
use crate::under_way::UnderWay;
use reqwest::Method;
use serde_json::json;
use testbed::{Engine, Person, Testbed};
use tokio::time::Instant;

async fn token_works(bed: &Testbed, machine: &Person) -> bool {
    bed.send(bed.call(Some(&machine.token), Method::GET, "/api/v1/me")).await.status == 200
}

/// What the ledger says of a grant whose live session ended with it.
fn timeline_ending(by: &str, cause: &str) -> Vec<String> {
    let ended = format!("grant.ended by {by} {cause}");
    let lines = [
        "grant.issued by bob",
        "request.approved by bob",
        "permit.given by nightly",
        "session.started by nightly",
        "lease.issued by nightly",
        ended.as_str(),
        "session.ended by nightly",
        "permit.released by nightly",
        "lease.ended by nightly",
        "recording.sealed by nightly",
        "lease.gone by tenure",
        "grant.gone by tenure",
    ];
    lines.map(str::to_owned).to_vec()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_machine_whose_owner_leaves_loses_its_session_its_grants_and_its_token_until_somebody_takes_it_over() {
    for engine in Engine::BOTH {
        let bed = Testbed::start(engine).await;
        let nightly = bed.machine("nightly").await;
        let me = bed.get(&nightly, "/api/v1/me").await;
        assert_eq!(
            (&me.json["identity"]["name"], me.json["permissions"].as_array().map(Vec::len)),
            (&json!("nightly"), Some(2))
        );
        let not_hers = bed.request_for(&bed.bob, "nightly", "root").await;
        assert_eq!((not_hers.status, &not_hers.json["code"]), (404, &json!("no_such_machine")));
        let grant = bed.grant_for(&nightly, "root").await;
        let session = UnderWay::exec_by(&bed, &nightly, &grant, "root").await;
        bed.import_with_leavers(&["E0001"]).await;
        let since = Instant::now();
        println!("{engine:?}:");
        let line = "your access to root@web-1 ended: it was withdrawn because its owner left: a new owner asks again";
        session.must_be_over(&bed, since, line).await;
        assert!(!token_works(&bed, &nightly).await, "the token still works");
        assert!(bed.run(&nightly, "id").await.stderr.contains("Permission denied (publickey)"));
        bed.gone(&grant).await;
        assert_eq!(bed.timeline_with_machine(&grant, &nightly).await, timeline_ending("admin", "owner_gone"));

        let findings = bed.get(&bed.carol, "/api/v1/findings").await;
        let open = &findings.json["items"][0];
        assert_eq!((&open["kind"], &open["subject"]), (&json!("machine_without_owner"), &json!(nightly.id)));
        let shown = bed.get(&bed.carol, "/api/v1/machines/nightly").await;
        assert!(open["detail"].as_str().unwrap().contains(shown.json["deadline"].as_str().unwrap()), "{}", shown.text);
        assert_eq!((&shown.json["state"], &shown.json["owner"]["name"]), (&json!("unowned"), &json!("Alice Moreau")));
        let held = bed.get(&bed.carol, &format!("/api/v1/grants/{grant}")).await;
        assert_eq!(
            (&held.json["holder"]["name"], &held.json["holder"]["kind"]),
            (&json!("nightly"), &json!("machine"))
        );

        let body = json!({"owner": "bob@example.com", "reason": "Alice has left"});
        let by_bob = bed.post(&bed.bob, "/api/v1/machines/nightly/hand-over", body.clone()).await;
        assert_eq!(by_bob.status, 404, "{}", by_bob.text);
        let handed_over = bed.post(&bed.admin, "/api/v1/machines/nightly/hand-over", body).await;
        assert_eq!((handed_over.status, &handed_over.json["state"]), (200, &json!("active")), "{}", handed_over.text);
        let nightly = Person { token: bed.machine_token(&bed.bob, "nightly").await, ..nightly };
        assert!(token_works(&bed, &nightly).await);
        bed.certify(&nightly).await;
        assert!(bed.run(&nightly, "id").await.stderr.contains("was withdrawn because its owner left"));
        assert_eq!(
            bed.timeline_with_machine(nightly.id.as_str(), &nightly).await,
            [
                "machine.registered by alice",
                "account.created by alice",
                "token.created by alice",
                "certificate.issued by nightly",
                "request.submitted by alice",
                "grant.issued by bob",
                "request.approved by bob",
                "permit.given by nightly",
                "session.started by nightly",
                "grant.ended by admin owner_gone",
                "account.disabled by admin",
                "token.revoked by admin",
                "certificate.revoked by admin",
                "machine.unowned by admin",
                "finding.raised by admin",
                "session.ended by nightly",
                "machine.handed_over by admin",
                "account.enabled by admin",
                "finding.cleared by admin",
                "token.created by bob",
                "certificate.issued by nightly",
                "permit.refused by nightly",
            ]
        );
        must_be_proven(&bed, &grant).await;
        bed.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_machine_that_is_ended_loses_its_live_session_and_can_do_nothing_any_more() {
    for engine in Engine::BOTH {
        let bed = Testbed::start(engine).await;
        let nightly = bed.machine("nightly").await;
        let grant = bed.grant_for(&nightly, "root").await;
        let session = UnderWay::exec_by(&bed, &nightly, &grant, "root").await;
        let body = json!({"reason": "the lab is closed"});
        let ended = bed.post(&bed.alice, "/api/v1/machines/nightly/end", body.clone()).await;
        let since = Instant::now();
        assert_eq!((ended.status, &ended.json["ended_because"]), (200, &json!("person")), "{}", ended.text);
        println!("{engine:?}:");
        let line =
            "your access to root@web-1 ended: the machine identity ended: register a new one for what must go on";
        session.must_be_over(&bed, since, line).await;
        assert!(!token_works(&bed, &nightly).await, "the token still works");
        bed.gone(&grant).await;
        assert_eq!(bed.timeline_with_machine(&grant, &nightly).await, timeline_ending("alice", "machine_ended"));
        for (path, body, code) in [
            ("end", body, "machine_ended"),
            ("extend", json!({"days": 100}), "machine_ended"),
            ("tokens", json!({"name": "again", "scopes": ["self.read"], "days": 1}), "machine_ended"),
            ("hand-over", json!({"owner": "bob@example.com", "reason": "again"}), "machine_ended"),
        ] {
            let refused = bed.post(&bed.alice, &format!("/api/v1/machines/nightly/{path}"), body).await;
            assert_eq!((refused.status, &refused.json["code"]), (409, &json!(code)), "{path}: {}", refused.text);
        }
        let again = bed.request_for(&bed.alice, "nightly", "root").await;
        assert_eq!((again.status, &again.json["code"]), (409, &json!("machine_ended")));
        must_be_proven(&bed, &grant).await;
        bed.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_machine_that_is_handed_over_works_on_for_its_new_owner_and_no_more_for_the_old_one() {
    for engine in Engine::BOTH {
        let bed = Testbed::start(engine).await;
        let nightly = bed.machine("nightly").await;
        let grant = bed.grant_for(&nightly, "root").await;
        assert_eq!(bed.run(&nightly, "id -un").await.stdout, "root\n");
        let body = json!({"owner": "bob@example.com", "reason": "I change teams"});
        let handed_over = bed.post(&bed.alice, "/api/v1/machines/nightly/hand-over", body).await;
        assert_eq!(handed_over.json["owner"]["name"], "Bob Lindqvist", "{}", handed_over.text);
        assert!(!token_works(&bed, &nightly).await, "what Alice knows still works");
        assert!(bed.run(&nightly, "id").await.stderr.contains("Permission denied (publickey)"));
        assert_eq!(bed.get(&bed.alice, "/api/v1/machines/nightly").await.status, 404);

        let nightly = Person { token: bed.machine_token(&bed.bob, "nightly").await, ..nightly };
        bed.certify(&nightly).await;
        assert_eq!(bed.run(&nightly, "id -un").await.stdout, "root\n");
        bed.withdraw_as(&bed.bob, &grant).await;
        bed.gone(&grant).await;
        let kinds = bed.timeline_with_machine(&grant, &nightly).await;
        let uses = kinds.iter().filter(|line| *line == "session.started by nightly").count();
        assert_eq!((uses, kinds.iter().any(|line| line == "grant.ended by bob withdrawn")), (2, true), "{kinds:?}");
        must_be_proven(&bed, &grant).await;
        bed.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_token_of_a_machine_asks_for_nothing_decides_nothing_and_begets_nothing() {
    let bed = Testbed::start(Engine::Sqlite).await;
    let nightly = bed.machine("nightly").await;
    let asks = json!({"target": "web-1", "login": "root", "minutes": 10, "reason": "for myself"});
    let token = json!({"name": "child", "scopes": ["self.read"], "days": 1});
    let key = std::fs::read_to_string(nightly.ssh_key_file.with_extension("pub")).unwrap();
    let machine = json!({"name": "child", "purpose": "more", "environment": "test", "days": 1});
    for (path, body, code) in [
        ("/api/v1/requests", asks, "forbidden"),
        ("/api/v1/machines", machine, "forbidden"),
        ("/api/v1/machines/nightly/tokens", token.clone(), "forbidden"),
        ("/api/v1/me/tokens", token, "machine_account"),
        ("/api/v1/me/ssh-keys", json!({"name": "own", "public_key": key}), "machine_account"),
    ] {
        let refused = bed.post(&nightly, path, body).await;
        assert_eq!((refused.status, &refused.json["code"]), (403, &json!(code)), "{path}: {}", refused.text);
    }
    for path in ["/api/v1/me", "/api/v1/me/access", "/api/v1/grants", "/api/v1/requests", "/api/v1/overview"] {
        assert_eq!(bed.get(&nightly, path).await.status, 200, "{path}");
    }
    let link = bed.post(&bed.admin, &format!("/api/v1/identities/{}/setup-link", nightly.id), json!({})).await;
    assert_eq!((link.status, &link.json["code"]), (403, &json!("machine_account")));
    let call = bed.call(Some(&bed.admin.token), Method::PUT, &format!("/api/v1/identities/{}/roles", nightly.id));
    let roles = bed.send(call.json(&json!({"roles": ["administrator"]}))).await;
    assert_eq!((roles.status, &roles.json["code"]), (403, &json!("machine_account")), "{}", roles.text);
    bed.stop().await;
}
