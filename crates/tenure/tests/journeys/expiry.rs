//! A grant's time runs out while Alice works with it: before the deadline she lives, after it she is let go.

use crate::proven::must_be_proven;
use crate::under_way::UnderWay;
use std::time::Duration;
use testbed::{Engine, Testbed};
use tokio::time::Instant;

const MARGIN: Duration = Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_lives_until_its_deadline_and_not_past_it() {
    for engine in Engine::BOTH {
        let bed = Testbed::start(engine).await;
        let grant = bed.grant("deploy", 10).await;
        let mut session = UnderWay::exec(&bed, &grant, "deploy").await;
        bed.clock.advance(Duration::from_secs(600) - MARGIN);
        for n in 0..3 {
            session.live.say(&format!("still here {n}")).await;
            session.live.hear(&format!("still here {n}")).await;
        }
        bed.clock.advance(MARGIN);
        let line = "your access to deploy@web-1 ended: its time is over: \
                    request it again with `tenure request deploy@web-1 --for 1h --reason TEXT`";
        println!("{engine:?}:");
        let (id, since) = (session.session.clone(), Instant::now());
        session.must_be_over(&bed, since, line).await;
        bed.gone(&grant).await;
        let mut story = bed.timeline_with(&grant, &["cause", "reason"]).await;
        // Sessions end by their own deadline, whether or not the grant's end was noted before.
        story[5..].sort();
        assert_eq!(
            story,
            [
                "grant.issued by bob",
                "request.approved by bob",
                "permit.given by alice",
                "session.started by alice",
                "lease.issued by alice",
                "grant.ended by tenure expired",
                "grant.gone by tenure",
                "lease.ended by alice",
                "lease.gone by tenure",
                "permit.released by alice",
                "recording.sealed by alice",
                "session.ended by alice expired",
            ]
        );
        let again = testbed::finish(bed.ssh(&bed.alice, "deploy", &["id"]).spawn().unwrap()).await;
        assert!(again.stderr.contains("your grant for deploy on web-1 expired at"), "{again:?}");
        let withdrawn = bed.withdraw_as(&bed.bob, &grant).await;
        assert_eq!((withdrawn.status, withdrawn.json["code"].as_str()), (409, Some("grant_ended")), "{id}");
        must_be_proven(&bed, &grant).await;
        bed.stop().await;
    }
}
