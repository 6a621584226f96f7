//! Two nodes on one PostgreSQL: what is withdrawn at one ends on the other, and a node that is killed leaves nothing
//! that the cluster does not come to know.

use crate::proven::must_be_proven;
use crate::second_node::SecondNode;
use crate::under_way::{UnderWay, stubborn};
use serde_json::json;
use testbed::{Engine, Testbed};
use tokio::time::Instant;

async fn session_at(node: &SecondNode, bed: &Testbed, grant: &str) -> UnderWay {
    let session = UnderWay::exec_of(bed, node.ssh(bed, "deploy", &stubborn()), grant, "deploy").await;
    let carried = bed.timeline_with(session.session.as_str(), &["node"]).await;
    assert!(carried.contains(&"session.started by alice node-2".to_owned()), "{carried:?}");
    session
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_withdrawal_at_one_node_ends_what_another_carries_within_a_second() {
    let bed = Testbed::start(Engine::Postgres).await;
    let mut other = SecondNode::start(&bed).await;
    let grant = bed.grant("deploy", 10).await;
    let session = session_at(&other, &bed, &grant).await;
    bed.withdraw(&grant).await;
    let since = Instant::now();
    let line = "your access to deploy@web-1 ended: the grant was withdrawn: \
                request it again with `tenure request deploy@web-1 --for 1h --reason TEXT`";
    session.must_be_over(&bed, since, line).await;
    let again = testbed::finish(other.ssh(&bed, "deploy", "id").spawn().unwrap()).await;
    assert!(again.stderr.contains("was withdrawn at") && again.code() == Some(255), "{again:?}");
    bed.gone(&grant).await;
    assert_eq!(
        bed.timeline_with(&grant, &["cause", "reason"]).await,
        [
            "grant.issued by bob",
            "request.approved by bob",
            "permit.given by alice",
            "session.started by alice",
            "lease.issued by alice",
            "grant.ended by bob withdrawn",
            "session.ended by alice withdrawn",
            "permit.released by alice",
            "lease.ended by alice",
            "recording.sealed by alice",
            "lease.gone by tenure",
            "grant.gone by tenure",
        ]
    );
    must_be_proven(&bed, &grant).await;
    other.kill().await;
    bed.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_killed_node_carried_is_over_when_it_is_back_and_nothing_of_it_is_left() {
    let bed = Testbed::start(Engine::Postgres).await;
    let mut other = SecondNode::start(&bed).await;
    let grant = bed.grant("deploy", 10).await;
    let session = session_at(&other, &bed, &grant).await;
    other.kill().await;
    let words = session.live.last_words(Instant::now()).await;
    assert_eq!(words.code, Some(255), "{words:?}");
    bed.withdraw(&grant).await;
    let refused = bed.run_as(&bed.alice, "deploy", "id").await;
    assert!(refused.stderr.contains("was withdrawn at"), "{refused:?}");
    let path = format!("/api/v1/grants/{grant}");
    assert_eq!(bed.get(&bed.carol, &path).await.json["state"], "ended", "nobody has seen it gone");
    assert!(!bed.processes_of("deploy").await.is_empty(), "what outlives its connection runs on");

    other.start_again(&bed).await;
    assert!(bed.nothing_lives(&grant).await, "{:?}", bed.sessions_of(&grant).await);
    bed.gone(&grant).await;
    let told = bed.sessions_of(&grant).await.remove(0);
    assert_eq!((&told["end_reason"], &told["leftover_processes"]), (&json!("node_crashed"), &json!(0)), "{told}");
    let mut story = bed.timeline_with(&grant, &["cause", "reason"]).await;
    // The host is swept and asked about the certificate at the same time.
    story[10..].sort();
    assert_eq!(
        story,
        [
            "grant.issued by bob",
            "request.approved by bob",
            "permit.given by alice",
            "session.started by alice",
            "lease.issued by alice",
            "grant.ended by bob withdrawn",
            "session.ended by server-console node_crashed",
            "permit.released by server-console",
            "lease.ended by server-console",
            "recording.sealed by server-console",
            "grant.gone by tenure",
            "lease.gone by tenure",
            "session.swept by tenure",
        ]
    );
    must_be_proven(&bed, &grant).await;
    other.kill().await;
    bed.stop().await;
}
