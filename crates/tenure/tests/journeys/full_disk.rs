//! A disk runs full: what cannot be recorded does not happen, the person is told, and it goes on when there is room.

use crate::under_way::was_told;
use db::Location;
use std::time::Duration;
use testbed::{Engine, Live, Place, SmallDisk, Testbed, finish};
use tokio::time::Instant;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_runs_unrecorded_when_the_disk_of_the_recordings_is_full() {
    for engine in Engine::BOTH {
        let disk = SmallDisk::mount(4);
        let recordings_dir = Some(disk.folder().join("recordings"));
        let bed = Testbed::start_at(Place { recordings_dir, ..Place::ordinary(engine) }).await;
        let grant = bed.grant("deploy", 10).await;
        let mut live = Live::start(bed.ssh(&bed.alice, "deploy", &["echo ready; read go; yes; sleep 1000"]));
        live.hear("ready").await;

        disk.fill();
        let since = Instant::now();
        live.say("go").await;
        let words = live.last_words(since).await;
        was_told(
            &words,
            "your access to deploy@web-1 ended: it could not be recorded any longer, and nothing runs unrecorded: \
             tell an administrator",
        );
        println!("{engine:?}: a session that cannot be recorded was let go after {:?}", words.after);
        bed.clean_after("deploy", since).await;
        let refused = finish(bed.ssh(&bed.alice, "deploy", &["id"]).spawn().unwrap()).await;
        assert!(refused.stderr.contains("tenure: no recording can be started"), "{refused:?}");
        assert_eq!((refused.stdout.as_str(), refused.code()), ("", Some(255)));

        disk.free();
        let run = finish(bed.ssh(&bed.alice, "deploy", &["id -un"]).spawn().unwrap()).await;
        assert_eq!((run.stdout.as_str(), run.code()), ("deploy\n", Some(0)), "{run:?}");
        bed.withdraw(&grant).await;
        bed.gone(&grant).await;
        let story = bed.timeline_with(&grant, &["reason"]).await;
        let ends: Vec<_> = story.iter().filter(|told| told.starts_with("session.ended")).collect();
        assert_eq!(ends, ["session.ended by alice recording_failed", "session.ended by alice target_closed"]);
        let tried = bed.timeline_with(bed.alice.id.as_str(), &["code"]).await;
        assert!(tried.contains(&"session.not_opened by alice recording_not_started".to_owned()), "{tried:?}");
        assert_eq!(bed.broken_invariants().await, Vec::<String>::new());
        bed.stop().await;
        drop(disk);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_happens_without_evidence_when_the_disk_of_the_database_is_full() {
    let disk = SmallDisk::mount(24);
    let database = Some(Location::Sqlite(disk.folder().join("tenure.db")));
    let bed = Testbed::start_at(Place { database, ..Place::ordinary(Engine::Sqlite) }).await;
    let grant = bed.grant("deploy", 10).await;
    let mut live = Live::start(bed.ssh(&bed.alice, "deploy", &["echo ready; cat"]));
    live.hear("ready").await;

    disk.fill();
    // What the database had reserved before is used up first.
    let refuses = || async {
        let asked = bed.request("root", 10).await;
        match asked.json["id"].as_str() {
            Some(id) => {
                bed.post(&bed.alice, &format!("/api/v1/requests/{id}/cancel"), serde_json::json!({})).await;
                false
            }
            None => (asked.status, asked.json["code"].as_str()) == (503, Some("disk_full")),
        }
    };
    assert!(bed.eventually(Duration::from_secs(20), refuses).await);
    let refused = finish(bed.ssh(&bed.alice, "deploy", &["id"]).spawn().unwrap()).await;
    assert!(refused.stderr.starts_with("tenure: evidence could not be written"), "{refused:?}");
    assert!(refused.stderr.contains("the disk of the database is full"), "{refused:?}");
    assert_eq!((refused.stdout.as_str(), refused.code()), ("", Some(255)));
    live.say("still here").await;
    live.hear("still here").await;

    disk.free();
    let run = finish(bed.ssh(&bed.alice, "deploy", &["id -un"]).spawn().unwrap()).await;
    assert_eq!((run.stdout.as_str(), run.code()), ("deploy\n", Some(0)), "{run:?}");
    assert_eq!(live.hang_up().await.code(), Some(0));
    bed.withdraw(&grant).await;
    bed.gone(&grant).await;
    ledger::verify::bundle(&bed.evidence(&grant).await).unwrap();
    assert_eq!(bed.broken_invariants().await, Vec::<String>::new());
    bed.stop().await;
    drop(disk);
}
