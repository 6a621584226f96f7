//! Alice leaves while she works: the HR feed takes privileged access away first, then her account, and Tenure
//! measures how long it took until the last privilege was seen gone.

use crate::proven::must_be_proven;
use crate::under_way::UnderWay;
use reqwest::Method;
use std::time::Duration;
use testbed::{Engine, Testbed};
use tokio::time::Instant;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_leaver_loses_the_live_session_then_the_account_until_nothing_is_left() {
    for engine in Engine::BOTH {
        let bed = Testbed::start(engine).await;
        let grant = bed.grant("root", 60).await;
        let waiting = bed.request("deploy", 10).await;
        let session = UnderWay::shell(&bed, &grant, "root").await;
        let import = bed.import_with_leavers(&["E0001"]).await;
        let since = Instant::now();
        assert_eq!((import.json["state"].as_str(), &import.json["counts"]["leavers"]), (Some("applied"), &1.into()));
        let line = "your access to root@web-1 ended: it was withdrawn with your employment: ask your manager";
        println!("{engine:?}:");
        session.must_be_over(&bed, since, line).await;

        let turned_away = || async {
            let call = bed.call(Some(&bed.alice.token), Method::GET, "/api/v1/me");
            bed.send(call).await.status == 401
        };
        assert!(bed.eventually(Duration::from_secs(5), turned_away).await, "the token still works");
        let again = bed.run(&bed.alice, "id").await;
        assert!(again.stderr.contains("Permission denied (publickey)"), "{again:?}");

        bed.gone(&grant).await;
        assert_eq!(
            bed.timeline_with(&grant, &["cause", "reason"]).await,
            [
                "grant.issued by bob",
                "request.approved by bob",
                "permit.given by alice",
                "session.started by alice",
                "lease.issued by alice",
                "grant.ended by admin leaver",
                "session.ended by alice leaver",
                "permit.released by alice",
                "lease.ended by alice",
                "recording.sealed by alice",
                "lease.gone by tenure",
                "grant.gone by tenure",
            ]
        );
        let overview = || async { bed.get(&bed.admin, "/api/v1/overview").await.json["last_leaver_seconds"].clone() };
        assert!(bed.eventually(Duration::from_secs(10), || async { overview().await.is_f64() }).await);
        let measured = overview().await.as_f64().unwrap();
        println!("last privilege gone {measured} s after the news");
        assert!(measured < 10.0, "{measured}");
        let case = governance::lifecycle::of_identity(bed.ctx(), &bed.alice.id).await.unwrap().unwrap();
        assert_eq!(
            bed.timeline(case.id.as_str()).await,
            ["leaver.begun by admin", "leaver.account_disabled by tenure", "leaver.done by tenure"]
        );
        let waiting = bed.get(&bed.carol, &format!("/api/v1/requests/{}", waiting.json["id"].as_str().unwrap())).await;
        assert_eq!(waiting.json["state"], "cancelled");
        must_be_proven(&bed, &grant).await;
        bed.stop().await;
    }
}
