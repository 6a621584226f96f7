//! Bob owns web-1 and wants root on it himself: owning it does not let him decide, and somebody else must.

use crate::proven::must_be_proven;
use crate::under_way::UnderWay;
use serde_json::json;
use testbed::{Engine, Testbed, finish};
use tokio::time::Instant;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_owner_who_asks_cannot_approve_and_an_administrator_can() {
    for engine in Engine::BOTH {
        let bed = Testbed::start(engine).await;
        let body = json!({"target": "web-1", "login": "root", "minutes": 10, "reason": "my own server"});
        let request = bed.post(&bed.bob, "/api/v1/requests", body).await;
        assert_eq!(request.status, 201, "{}", request.text);
        for (person, status, code, why) in [
            (&bed.bob, 403, "own_request", "you asked for this yourself: another person must decide"),
            (&bed.alice, 404, "not_found", "there is no such request, or you may not see it"),
            (&bed.carol, 403, "not_approver", "so only an administrator may"),
        ] {
            let refused = bed.decide(person, &request, "approve").await;
            assert_eq!((refused.status, refused.json["code"].as_str()), (status, Some(code)), "{}", person.name);
            assert!(refused.json["detail"].as_str().unwrap().contains(why), "{}", refused.text);
        }
        let run = finish(bed.ssh(&bed.bob, "root", &["id"]).spawn().unwrap()).await;
        assert!(run.stderr.contains("no grant for root on web-1"), "{run:?}");

        let approved = bed.decide(&bed.admin, &request, "approve").await;
        assert_eq!(approved.status, 200, "{}", approved.text);
        let second = bed.decide(&bed.admin, &request, "approve").await;
        assert_eq!((second.status, second.json["code"].as_str()), (409, Some("request_not_open")));
        let grant = approved.json["grant"].as_str().unwrap();
        let session = UnderWay::exec_by(&bed, &bed.bob, grant, "root").await;
        bed.withdraw(grant).await;
        let since = Instant::now();
        let line = "your access to root@web-1 ended: the grant was withdrawn: \
                    request it again with `tenure request root@web-1 --for 1h --reason TEXT`";
        println!("{engine:?}:");
        session.must_be_over(&bed, since, line).await;
        bed.gone(grant).await;
        assert_eq!(
            bed.timeline(grant).await,
            [
                "grant.issued by admin",
                "request.approved by admin",
                "permit.given by bob",
                "session.started by bob",
                "lease.issued by bob",
                "grant.ended by bob",
                "session.ended by bob",
                "permit.released by bob",
                "lease.ended by bob",
                "recording.sealed by bob",
                "lease.gone by tenure",
                "grant.gone by tenure",
            ]
        );
        must_be_proven(&bed, grant).await;
        bed.stop().await;
    }
}
