//! A live session is ended by an operator, by the owner of the system, by its holder, and by nobody else.

use crate::proven::must_be_proven;
use crate::under_way::UnderWay;
use serde_json::json;
use testbed::{Answer, Engine, Person, Testbed};
use tokio::time::Instant;
use types::SessionId;

async fn kill(bed: &Testbed, person: &Person, session: &SessionId) -> Answer {
    bed.post(person, &format!("/api/v1/sessions/{session}/kill"), json!({"reason": "strange commands"})).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_may_kill_a_session_ends_it_within_a_second_and_nobody_else_can() {
    for engine in Engine::BOTH {
        let bed = Testbed::start(engine).await;
        for killer in [&bed.admin, &bed.bob, &bed.alice] {
            let grant = bed.grant("deploy", 10).await;
            let mut session = UnderWay::exec(&bed, &grant, "deploy").await;
            let id = session.session.clone();
            for (person, seen) in [(&bed.alice, 1), (&bed.bob, 1), (&bed.carol, 1), (&bed.mallory, 0)] {
                for of in [format!("grant={grant}"), "target=web-1&live=true".to_owned()] {
                    let list = bed.get(person, &format!("/api/v1/sessions?{of}")).await;
                    assert_eq!(list.json["items"].as_array().unwrap().len(), seen, "{} {of}", person.name);
                }
            }
            assert_eq!(kill(&bed, &bed.mallory, &id).await.status, 404, "what you may not see is not there");
            assert_eq!(kill(&bed, &bed.carol, &id).await.status, 403, "an auditor reads");
            let nothing = bed.post(killer, &format!("/api/v1/sessions/{id}/kill"), json!({"reason": " "})).await;
            assert_eq!((nothing.status, nothing.json["code"].as_str()), (422, Some("reason_missing")));
            session.live.say("still here").await;
            session.live.hear("still here").await;

            let killed = kill(&bed, killer, &id).await;
            let since = Instant::now();
            assert_eq!(killed.status, 202, "{}", killed.text);
            let line = "your access to deploy@web-1 ended: an operator ended the session: \
                        ask them before you connect again";
            println!("{engine:?}, by {}:", killer.name);
            session.must_be_over(&bed, since, line).await;
            let closed = || async { kill(&bed, killer, &id).await.json["code"] == "session_ended" };
            assert!(bed.eventually(std::time::Duration::from_secs(5), closed).await, "the second time is told");
            bed.withdraw(&grant).await;
            bed.gone(&grant).await;
            let story = bed.timeline_with(&grant, &["reason", "cause"]).await;
            assert_eq!(
                story[..10],
                [
                    "grant.issued by bob",
                    "request.approved by bob",
                    "permit.given by alice",
                    "session.started by alice",
                    "lease.issued by alice",
                    &*format!("session.kill_ordered by {}", killer.name),
                    "session.ended by alice killed",
                    "permit.released by alice",
                    "lease.ended by alice",
                    "recording.sealed by alice",
                ]
            );
            must_be_proven(&bed, &grant).await;
        }
        bed.stop().await;
    }
}
