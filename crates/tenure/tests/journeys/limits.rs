//! The edges of a grant: a withdrawal when nothing is live, a second one, one by somebody who may not, and more
//! sessions at once than it allows.

use testbed::{Engine, Live, Testbed, finish};

/// What a role allows when it says nothing else.
const MAX_SESSIONS: usize = 10;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_grant_that_nobody_uses_is_withdrawn_once_and_the_second_time_is_told() {
    for engine in Engine::BOTH {
        let bed = Testbed::start(engine).await;
        let grant = bed.grant("root", 10).await;
        let refused = bed.withdraw_as(&bed.mallory, &grant).await;
        assert_eq!(refused.status, 404, "{}", refused.text);
        bed.withdraw(&grant).await;
        let second = bed.withdraw_as(&bed.bob, &grant).await;
        assert_eq!((second.status, second.json["code"].as_str()), (409, Some("grant_ended")), "{}", second.text);
        bed.gone(&grant).await;
        assert_eq!(
            bed.timeline(&grant).await,
            ["grant.issued by bob", "request.approved by bob", "grant.ended by bob", "grant.gone by tenure"]
        );
        assert_eq!(bed.broken_invariants().await, Vec::<String>::new());
        bed.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_session_more_than_the_grant_allows_waits_for_another_to_end() {
    for engine in Engine::BOTH {
        let bed = Testbed::start(engine).await;
        let grant = bed.grant("deploy", 10).await;
        let mut sessions = Vec::new();
        for _ in 0..MAX_SESSIONS {
            let mut live = Live::start(bed.ssh(&bed.alice, "deploy", &["echo ready; cat"]));
            live.hear("ready").await;
            sessions.push(live);
        }
        let more = || async { finish(bed.ssh(&bed.alice, "deploy", &["true"]).spawn().unwrap()).await };
        let run = more().await;
        let line = format!("your grant for deploy on web-1 allows {MAX_SESSIONS} session(s) at once: end one first");
        assert!(run.stderr.contains(&line) && run.code() == Some(255), "{run:?}");
        assert_eq!(sessions.pop().unwrap().hang_up().await.code(), Some(0));
        let fits = || async { more().await.code() == Some(0) };
        assert!(bed.eventually(std::time::Duration::from_secs(10), fits).await);
        for live in sessions {
            live.hang_up().await;
        }
        bed.withdraw(&grant).await;
        bed.gone(&grant).await;
        assert_eq!(bed.broken_invariants().await, Vec::<String>::new());
        bed.stop().await;
    }
}
