//! PostgreSQL stops in the middle of everything and comes back: errors are clear, live sessions end within their
//! bound, nothing is lost, and everything goes on by itself.

use crate::proven::must_be_proven;
use crate::under_way::{BOUND, was_told};
use peers::postgres::{Durability, Server};
use privilege::sessions::watch::CONTACT_LIMIT;
use reqwest::Method;
use std::time::Duration;
use testbed::{Engine, Live, Place, Testbed, blocking};
use tokio::time::Instant;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgresql_stops_and_starts_again_and_nothing_is_lost() {
    let mut postgres = blocking(|| Server::start_with(Durability::Fsync).unwrap()).await;
    let database = postgres.create_database("tenure").unwrap().parse().unwrap();
    let bed = Testbed::start_at(Place { database: Some(database), ..Place::ordinary(Engine::Postgres) }).await;
    let grant = bed.grant("deploy", 10).await;
    let mut live = Live::start(bed.ssh(&bed.alice, "deploy", &["echo ready; cat"]));
    live.hear("ready").await;
    let session = bed.live_session(&grant).await;

    let mut postgres = blocking(move || {
        postgres.stop().unwrap();
        postgres
    })
    .await;
    let since = Instant::now();
    let unready = bed.call(None, Method::GET, "/readyz");
    let refused = bed.ssh_as(&bed.alice, "deploy@web-1", &[], &["id"]).spawn().unwrap();
    let (words, unready, me, refused) = tokio::join!(
        live.last_words(since),
        bed.send(unready),
        bed.get(&bed.alice, "/api/v1/me"),
        testbed::finish(refused),
    );
    println!("the session was let go {:?} after the database stopped", words.after);
    was_told(
        &words,
        "your access to deploy@web-1 ended: tenure lost its database and cannot tell whether you still may: \
         try again soon",
    );
    assert!(words.after < CONTACT_LIMIT + BOUND, "{:?}", words.after);
    for answer in [unready, me] {
        assert_eq!((answer.status, answer.json["code"].as_str()), (503, Some("database_unavailable")));
        assert!(answer.json["detail"].as_str().unwrap().contains("try again, nothing was changed"), "{}", answer.text);
    }
    assert!(
        refused
            .stderr
            .contains("tenure: tenure cannot reach its database, so it cannot tell who you are: try again soon"),
        "{refused:?}"
    );
    assert_ne!(refused.code(), Some(0));
    assert_eq!(bed.call(None, Method::GET, "/healthz").send().await.unwrap().status(), 200);

    let postgres = blocking(move || {
        postgres.start().unwrap();
        postgres
    })
    .await;
    let since = Instant::now();
    let ready = || async { bed.send(bed.call(None, Method::GET, "/readyz")).await.status == 200 };
    assert!(bed.eventually(Duration::from_secs(10), ready).await);
    println!("ready again {:?} after the database was", since.elapsed());
    let path = format!("/api/v1/sessions/{session}");
    let closed = || async { bed.get(&bed.carol, &path).await.json["end_reason"] == "lost_contact" };
    assert!(bed.eventually(Duration::from_secs(15), closed).await, "{:?}", bed.timeline(&grant).await);
    bed.quiet(&grant).await;
    let run = testbed::finish(bed.ssh(&bed.alice, "deploy", &["id -un"]).spawn().unwrap()).await;
    assert_eq!((run.stdout.as_str(), run.code()), ("deploy\n", Some(0)), "{run:?}");
    bed.quiet(&grant).await;
    bed.withdraw(&grant).await;
    bed.gone(&grant).await;
    assert_eq!(
        bed.timeline_with(&grant, &["reason", "cause"]).await,
        [
            "grant.issued by bob",
            "request.approved by bob",
            "permit.given by alice",
            "session.started by alice",
            "lease.issued by alice",
            "session.ended by alice lost_contact",
            "permit.released by alice",
            "lease.ended by alice",
            "recording.sealed by alice",
            "lease.gone by tenure",
            "permit.given by alice",
            "session.started by alice",
            "lease.issued by alice",
            "session.ended by alice target_closed",
            "permit.released by alice",
            "lease.ended by alice",
            "recording.sealed by alice",
            "lease.gone by tenure",
            "grant.ended by bob withdrawn",
            "grant.gone by tenure",
        ]
    );
    must_be_proven(&bed, &grant).await;
    bed.stop().await;
    blocking(move || drop(postgres)).await;
}
