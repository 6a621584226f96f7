//! What the database layer promises, on SQLite and on PostgreSQL.

use db::fixture::{self, Fixture};
use db::idempotency::{self, Claim};
use db::jobs::{DeadJob, JobError, NewJob, Worker};
use db::{Db, DbError, Migration, args};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use types::{Chance, Clock, Failure, JobId, Kind, Timestamp};

const THINGS: &[Migration] = &[Migration {
    name: "test/0001",
    sql: "create table things (id text primary key, n bigint not null, raw bytea,
          constraint things_n_key unique (n), constraint things_positive check (n > 0));",
}];

async fn engines() -> [Fixture; 2] {
    [fixture::sqlite(THINGS).await, fixture::postgres(THINGS).await]
}

fn start() -> Timestamp {
    "2026-11-21T09:00:00Z".parse().unwrap()
}

#[tokio::test]
async fn values_survive_a_round_trip_alike_on_both_engines() {
    for fixture in engines().await {
        let mut tx = fixture.db.begin_unexplained().await.unwrap();
        let insert = "insert into things (id, n, raw) values ($1, $2, $3)";
        tx.run_one(insert, args!["é'\"; --", i64::MAX, vec![0u8, 255]]).await.unwrap();
        tx.run_one(insert, args!["empty", 1i64, None::<Vec<u8>>]).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = fixture.db.read().await.unwrap();
        let mut rows = tx.all("select id, n, raw from things order by n desc", args![]).await.unwrap();
        assert_eq!(rows[0].take::<String>("id").unwrap(), "é'\"; --");
        assert_eq!(rows[0].take::<i64>("n").unwrap(), i64::MAX);
        assert_eq!(rows[0].take::<Vec<u8>>("raw").unwrap(), [0, 255]);
        assert_eq!(rows[1].take::<Option<Vec<u8>>>("raw").unwrap(), None);
    }
}

#[tokio::test]
async fn text_with_a_nul_is_refused_as_invalid_and_bytes_with_one_are_kept_on_both_engines() {
    for fixture in engines().await {
        let mut tx = fixture.db.begin_unexplained().await.unwrap();
        let insert = "insert into things (id, n, raw) values ($1, $2, $3)";
        let refused = tx.run_one(insert, args!["a\0b", 1i64, vec![1u8]]).await.unwrap_err();
        assert_eq!((refused.kind(), refused.code()), (Kind::Invalid, "nul_character"));
        let refused = tx.one("select n from things where id = $1", args!["\0"]).await.unwrap_err();
        assert_eq!(refused.code(), "nul_character");
        tx.run_one(insert, args!["ab", 1i64, vec![0u8]]).await.unwrap();
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn any_number_of_rows_is_inserted_whole_or_not_at_all_and_found_by_their_keys() {
    let rows = |range: std::ops::Range<i64>| range.map(|n| args![format!("thing-{n}"), n + 1]).collect::<Vec<_>>();
    let into = "insert into things (id, n)";
    for fixture in engines().await {
        for (from, until) in [(0, 0), (0, 1), (1, 4), (4, 400)] {
            let mut tx = fixture.db.begin_unexplained().await.unwrap();
            tx.insert_all(into, rows(from..until)).await.unwrap();
            tx.commit().await.unwrap();
        }
        let mut tx = fixture.db.begin_unexplained().await.unwrap();
        let refused = tx.insert_all(into, rows(300..1000)).await.unwrap_err();
        assert!(matches!(refused, DbError::Constraint { .. }), "{refused:?}");
        drop(tx);
        let mut tx = fixture.db.read().await.unwrap();
        assert_eq!(tx.count("select count(*) as n from things", args![]).await.unwrap(), 400);
        for count in [0, 1, 3, 300] {
            let keys = (0..count).map(|n| db::Value::from(format!("thing-{n}"))).chain(args!["nothing"]);
            let found = tx.all_in("select id from things where id in ($keys)", keys.collect()).await.unwrap();
            assert_eq!(found.len(), count);
        }
        assert!(tx.all_in("select id from things where id in ($keys)", args![]).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_broken_rule_is_reported_by_its_name_on_both_engines() {
    for fixture in engines().await {
        let insert = "insert into things (id, n) values ($1, $2)";
        let mut tx = fixture.db.begin_unexplained().await.unwrap();
        tx.run_one(insert, args!["a", 1i64]).await.unwrap();
        tx.commit().await.unwrap();
        for (id, n, rule) in [("b", 1i64, "things_n_key"), ("c", -1, "things_positive")] {
            let mut tx = fixture.db.begin_unexplained().await.unwrap();
            let refused = tx.run_one(insert, args![id, n]).await.unwrap_err();
            assert!(refused.is_constraint(rule), "{}: {refused:?}", fixture.db.engine_name());
        }
    }
}

#[tokio::test]
async fn a_transaction_that_the_database_ended_by_itself_is_followed_by_one_that_works() {
    for fixture in engines().await {
        let insert = "insert into things (id, n) values ($1, $2)";
        let mut tx = fixture.db.begin_unexplained().await.unwrap();
        tx.run_one(insert, args!["a", 1i64]).await.unwrap();
        tx.run("rollback", args![]).await.unwrap();
        drop(tx);
        let mut tx = fixture.db.begin_unexplained().await.unwrap();
        tx.run_one(insert, args!["a", 1i64]).await.unwrap();
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn a_dropped_transaction_changes_nothing_and_a_missed_update_is_an_error() {
    for fixture in engines().await {
        let mut tx = fixture.db.begin_unexplained().await.unwrap();
        tx.run_one("insert into things (id, n) values ('a', 1)", args![]).await.unwrap();
        drop(tx);
        let mut tx = fixture.db.begin_unexplained().await.unwrap();
        assert_eq!(tx.count("select count(*) as n from things", args![]).await.unwrap(), 0);
        let missed = tx.run_one("update things set n = 2 where id = 'a'", args![]).await.unwrap_err();
        assert!(matches!(missed, DbError::Changed { expected: 1, changed: 0 }));
    }
}

#[tokio::test]
async fn writers_take_turns_so_that_no_increment_is_lost() {
    for fixture in engines().await {
        let mut tx = fixture.db.begin_unexplained().await.unwrap();
        tx.run_one("insert into things (id, n) values ('a', 1)", args![]).await.unwrap();
        tx.commit().await.unwrap();
        let writers = (0..20).map(|_| {
            let db = fixture.db.clone();
            tokio::spawn(async move {
                let mut tx = db.begin_unexplained().await.unwrap();
                let n = tx.one("select n from things where id = 'a'", args![]).await.unwrap().unwrap().take::<i64>("n");
                tx.run_one("update things set n = $1 where id = 'a'", args![n.unwrap() + 1]).await.unwrap();
                tx.commit().await.unwrap();
            })
        });
        for writer in writers.collect::<Vec<_>>() {
            writer.await.unwrap();
        }
        let n = fixture.db.read().await.unwrap().count("select n from things", args![]).await.unwrap();
        assert_eq!(n, 21, "{}", fixture.db.engine_name());
    }
}

#[tokio::test]
async fn readers_are_answered_while_many_writers_wait() {
    for fixture in engines().await {
        let held = fixture.db.begin_unexplained().await.unwrap();
        let waiting = (0..20).map(|_| {
            let db = fixture.db.clone();
            tokio::spawn(async move { db.begin_unexplained().await.map(drop) })
        });
        let waiting: Vec<_> = waiting.collect();
        tokio::task::yield_now().await;
        let read = async { fixture.db.read().await.unwrap().count("select count(*) as n from things", args![]).await };
        let answered = tokio::time::timeout(Duration::from_secs(2), read).await;
        assert_eq!(answered.expect("an answer at once").unwrap(), 0, "{}", fixture.db.engine_name());
        drop(held);
        for writer in waiting {
            writer.await.unwrap().unwrap();
        }
    }
}

#[tokio::test]
async fn a_commit_wakes_whoever_waits_and_a_rollback_does_not() {
    for fixture in engines().await {
        let mut wakes = fixture.db.wakes();
        let mut tx = fixture.db.begin_unexplained().await.unwrap();
        tx.wake("things");
        drop(tx);
        let waited = std::time::Instant::now();
        wakes.next("things", Duration::from_millis(100)).await;
        assert!(waited.elapsed() >= Duration::from_millis(100));
        let mut tx = fixture.db.begin_unexplained().await.unwrap();
        tx.wake("things");
        tx.commit().await.unwrap();
        let waited = std::time::Instant::now();
        wakes.next("things", Duration::from_secs(10)).await;
        assert!(waited.elapsed() < Duration::from_secs(5));
    }
}

#[tokio::test]
async fn a_migration_with_another_text_and_an_unknown_one_are_refused() {
    for fixture in engines().await {
        let changed = [Migration { name: "test/0001", sql: "create table things (id text primary key);" }];
        for (migrations, word) in [(&changed[..], "another text"), (&[][..], "another version")] {
            let refused = db::Db::open(&fixture.location, db::PoolSize::default(), migrations).await.unwrap_err();
            assert!(refused.to_string().contains(word), "{refused}");
        }
        db::Db::open(&fixture.location, db::PoolSize::default(), THINGS).await.unwrap();
    }
}

async fn enqueue(fixture: &Fixture, clock: &Clock, max_attempts: Option<u32>) {
    let mut tx = fixture.db.begin_unexplained().await.unwrap();
    let job = NewJob { kind: "greet", key: "alice".into(), payload: "hi".into(), due_at: clock.now(), max_attempts };
    tx.enqueue(&JobId::new(clock, &Chance::system()), &job).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_job_runs_once_however_often_it_is_asked_for_and_leaves_nothing_behind() {
    for fixture in engines().await {
        let (clock, ran) = (Clock::still(start()), Arc::new(AtomicU32::new(0)));
        let counter = ran.clone();
        let worker = Worker::new(fixture.db.clone(), clock.clone(), &Chance::system(), |_| async {});
        let worker = worker.handle("greet", move |job| {
            assert_eq!(job.payload, "hi");
            counter.fetch_add(1, Ordering::SeqCst);
            async { Ok(()) }
        });
        enqueue(&fixture, &clock, None).await;
        enqueue(&fixture, &clock, None).await;
        assert_eq!(worker.run_due().await.unwrap(), 1);
        assert_eq!(worker.run_due().await.unwrap(), 0);
        assert_eq!(ran.load(Ordering::SeqCst), 1);
        assert_eq!(db::jobs::backlog(&fixture.db).await.unwrap(), (0, 0));
    }
}

#[tokio::test]
async fn a_failing_job_waits_longer_each_time_and_its_death_is_told_once() {
    for fixture in engines().await {
        let (clock, dead) = (Clock::still(start()), Arc::new(Mutex::new(Vec::<DeadJob>::new())));
        let buried = dead.clone();
        let worker = Worker::new(fixture.db.clone(), clock.clone(), &Chance::system(), move |job| {
            buried.lock().unwrap().push(job);
            async {}
        });
        let worker = worker.handle("greet", |_| async { Err(JobError::Retry("nobody home".into())) });
        enqueue(&fixture, &clock, Some(3)).await;
        for wait in [0, 1, 2] {
            clock.advance(Duration::from_secs(wait));
            assert_eq!(worker.run_due().await.unwrap(), 1);
            assert_eq!(worker.run_due().await.unwrap(), 0, "it waits before it is tried again");
        }
        clock.advance(Duration::from_secs(1000));
        assert_eq!(worker.run_due().await.unwrap(), 0);
        let dead = dead.lock().unwrap().clone();
        assert_eq!((dead.len(), dead[0].attempts, dead[0].last_error.as_str()), (1, 3, "nobody home"));
        assert_eq!(db::jobs::backlog(&fixture.db).await.unwrap(), (0, 1));
    }
}

#[tokio::test]
async fn a_worker_takes_the_jobs_of_its_lane_and_leaves_the_others() {
    for fixture in engines().await {
        let (clock, ran) = (Clock::still(start()), Arc::new(Mutex::new(Vec::<String>::new())));
        let told = ran.clone();
        let worker = || Worker::new(fixture.db.clone(), clock.clone(), &Chance::system(), |_| async {});
        let mut all = worker();
        for kind in ["greet", "greet.loudly", "wave", "bow"] {
            let told = told.clone();
            all = all.handle(kind, move |job| {
                told.lock().unwrap().push(job.kind);
                async { Ok(()) }
            });
            let mut tx = fixture.db.begin_unexplained().await.unwrap();
            let (key, payload) = ("alice".into(), String::new());
            let job = NewJob { kind, key, payload, due_at: clock.now(), max_attempts: None };
            tx.enqueue(&JobId::new(&clock, &Chance::system()), &job).await.unwrap();
            tx.commit().await.unwrap();
        }
        for (worker, expected) in [
            (all.clone().only(&["greet", "bow"]), ["bow", "greet"].as_slice()),
            (all.clone().without(&["greet", "greet.loudly", "bow"]), &["wave"]),
            (all.clone().only(&["bow", "wave"]), &[]),
            (all, &["greet.loudly"]),
        ] {
            worker.run_due().await.unwrap();
            let mut kinds = std::mem::take(&mut *ran.lock().unwrap());
            kinds.sort();
            assert_eq!(kinds, expected);
        }
    }
}

#[tokio::test]
async fn a_job_that_can_do_nothing_before_a_time_is_not_asked_before_it_and_loses_no_attempt() {
    for fixture in engines().await {
        let (clock, ran) = (Clock::still(start()), Arc::new(AtomicU32::new(0)));
        let (counter, now) = (ran.clone(), clock.clone());
        let worker = Worker::new(fixture.db.clone(), clock.clone(), &Chance::system(), |_| async {});
        let worker = worker.handle("greet", move |job| {
            assert_eq!(job.attempt, 1);
            let run = counter.fetch_add(1, Ordering::SeqCst);
            let later = now.now().plus(Duration::from_secs(24 * 3600));
            async move { if run < 3 { Err(JobError::RetryAt(later)) } else { Ok(()) } }
        });
        enqueue(&fixture, &clock, Some(1)).await;
        assert_eq!(worker.run_due().await.unwrap(), 1);
        clock.advance(Duration::from_secs(24 * 3600 - 1));
        assert_eq!(worker.run_due().await.unwrap(), 0);
        clock.advance(Duration::from_secs(1));
        assert_eq!(worker.run_due().await.unwrap(), 1);
        enqueue(&fixture, &clock, Some(1)).await;
        assert_eq!(worker.run_due().await.unwrap(), 1, "somebody asked for it, so it looks whether it can now");
        clock.advance(Duration::from_secs(24 * 3600));
        assert_eq!(worker.run_due().await.unwrap(), 1);
        assert_eq!(db::jobs::backlog(&fixture.db).await.unwrap(), (0, 0));
    }
}

#[tokio::test]
async fn a_job_that_failed_and_then_names_a_time_has_not_failed_any_more() {
    for fixture in engines().await {
        let (clock, ran) = (Clock::still(start()), Arc::new(AtomicU32::new(0)));
        let (counter, now) = (ran.clone(), clock.clone());
        let worker = Worker::new(fixture.db.clone(), clock.clone(), &Chance::system(), |_| async {});
        let worker = worker.handle("greet", move |_| {
            let run = counter.fetch_add(1, Ordering::SeqCst);
            let later = now.now().plus(Duration::from_secs(24 * 3600));
            async move { Err(if run == 0 { JobError::Retry("a crash".into()) } else { JobError::RetryAt(later) }) }
        });
        enqueue(&fixture, &clock, None).await;
        for attempts in [1, 0] {
            assert_eq!(worker.run_due().await.unwrap(), 1);
            let waiting = db::jobs::waiting(&mut fixture.db.read().await.unwrap(), "greet").await.unwrap();
            assert_eq!(waiting[0].attempts, attempts);
            clock.advance(Duration::from_secs(60));
        }
    }
}

#[tokio::test]
async fn a_job_that_was_asked_for_while_it_ran_does_not_wait_for_the_time_that_it_names() {
    for fixture in engines().await {
        let (clock, ran) = (Clock::still(start()), Arc::new(AtomicU32::new(0)));
        let (counter, now, db) = (ran.clone(), clock.clone(), fixture.db.clone());
        let worker = Worker::new(fixture.db.clone(), clock.clone(), &Chance::system(), |_| async {});
        let worker = worker.handle("greet", move |job| {
            let run = counter.fetch_add(1, Ordering::SeqCst);
            let (clock, db) = (now.clone(), db.clone());
            async move {
                if run > 0 {
                    return Ok(());
                }
                let mut tx = db.begin_unexplained().await?;
                let same = NewJob {
                    kind: "greet",
                    key: job.key,
                    payload: job.payload,
                    due_at: clock.now(),
                    max_attempts: None,
                };
                tx.enqueue(&JobId::new(&clock, &Chance::system()), &same).await?;
                tx.commit().await?;
                Err(JobError::RetryAt(clock.now().plus(Duration::from_secs(24 * 3600))))
            }
        });
        enqueue(&fixture, &clock, None).await;
        assert_eq!(worker.run_due().await.unwrap(), 2);
        assert_eq!(db::jobs::backlog(&fixture.db).await.unwrap(), (0, 0));
    }
}

#[tokio::test]
async fn a_job_whose_worker_died_is_taken_over_when_its_lease_ends() {
    for fixture in engines().await {
        let clock = Clock::still(start());
        let hang = Worker::new(fixture.db.clone(), clock.clone(), &Chance::system(), |_| async {});
        let hang = hang.handle("greet", |_| std::future::pending());
        enqueue(&fixture, &clock, None).await;
        let _ = tokio::time::timeout(Duration::from_millis(200), hang.run_due()).await;
        let other = Worker::new(fixture.db.clone(), clock.clone(), &Chance::system(), |_| async {});
        let other = other.handle("greet", |job| async move {
            assert_eq!(job.attempt, 2);
            Ok(())
        });
        assert_eq!(other.run_due().await.unwrap(), 0, "the lease still holds");
        clock.advance(Duration::from_secs(121));
        assert_eq!(other.run_due().await.unwrap(), 1);
    }
}

#[tokio::test]
async fn a_node_that_starts_again_frees_what_it_had_claimed_and_nothing_of_others() {
    for fixture in engines().await {
        let clock = Clock::still(start());
        let worker = || Worker::new(fixture.db.clone(), clock.clone(), &Chance::system(), |_| async {});
        let killed = worker().of("n1").handle("greet", |_| std::future::pending());
        enqueue(&fixture, &clock, None).await;
        let _ = tokio::time::timeout(Duration::from_millis(200), killed.run_due()).await;
        let again = worker().of("n1").handle("greet", |_| async { Ok(()) });
        assert_eq!(db::jobs::release_of(&fixture.db, "n").await.unwrap(), 0);
        assert_eq!(again.run_due().await.unwrap(), 0);
        assert_eq!(db::jobs::release_of(&fixture.db, "n1").await.unwrap(), 1);
        assert_eq!(again.run_due().await.unwrap(), 1);
    }
}

#[tokio::test]
async fn a_job_that_takes_longer_than_its_lease_is_taken_over_by_nobody() {
    for fixture in engines().await {
        let clock = Clock::still(start());
        let worker = || Worker::new(fixture.db.clone(), clock.clone(), &Chance::system(), |_| async {});
        let other = worker().handle("greet", |_| async { panic!("somebody works on it") });
        let (moved, db) = (clock.clone(), fixture.db.clone());
        let slow = worker().handle("greet", move |_| {
            let (clock, db, other) = (moved.clone(), db.clone(), other.clone());
            async move {
                for _ in 0..20 {
                    clock.advance(Duration::from_secs(10));
                    renewed(&db, clock.now()).await;
                    assert_eq!(other.run_due().await?, 0);
                }
                Ok(())
            }
        });
        enqueue(&fixture, &clock, None).await;
        let ran = tokio::time::timeout(Duration::from_secs(20), slow.run_due()).await;
        assert_eq!(ran.expect("its claim is renewed").unwrap(), 1);
        assert_eq!(clock.now(), start().plus(Duration::from_secs(200)));
    }
}

/// Returns once the claim on a job holds for a minute and more.
async fn renewed(db: &Db, now: Timestamp) {
    let longer = now.plus(Duration::from_secs(70));
    let sql = "select count(*) as n from jobs where leased_until >= $1";
    while db.read().await.unwrap().count(sql, args![longer]).await.unwrap() == 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_job_that_takes_long_holds_up_no_other_where_several_run_at_once() {
    for fixture in engines().await {
        let clock = Clock::still(start());
        let let_go = Arc::new(tokio::sync::Notify::new());
        let waits = let_go.clone();
        let worker = Worker::new(fixture.db.clone(), clock.clone(), &Chance::system(), |_| async {}).of("n1");
        let worker = worker.handle("greet", move |_| {
            let waits = waits.clone();
            async move {
                waits.notified().await;
                Ok(())
            }
        });
        let worker = worker.handle("wave", move |_| {
            let_go.notify_one();
            async { Ok(()) }
        });
        enqueue(&fixture, &clock, None).await;
        clock.advance(Duration::from_secs(1));
        let mut tx = fixture.db.begin_unexplained().await.unwrap();
        let (key, payload) = ("bob".into(), String::new());
        let job = NewJob { kind: "wave", key, payload, due_at: clock.now(), max_attempts: None };
        tx.enqueue(&JobId::new(&clock, &Chance::system()), &job).await.unwrap();
        tx.commit().await.unwrap();
        let alone = tokio::time::timeout(Duration::from_millis(200), worker.clone().run_due()).await;
        assert!(alone.is_err(), "the first that is due waits for the second");
        assert_eq!(db::jobs::release_of(&fixture.db, "n1").await.unwrap(), 1);
        let ran = tokio::time::timeout(Duration::from_secs(20), worker.at_once(2).run_due()).await;
        assert_eq!(ran.expect("both run").unwrap(), 2);
        assert_eq!(db::jobs::backlog(&fixture.db).await.unwrap(), (0, 0));
    }
}

#[tokio::test]
async fn a_repeated_call_gets_its_first_answer_and_another_call_with_the_same_key_is_told() {
    for fixture in engines().await {
        let (db, now) = (&fixture.db, start());
        let claim = |caller, digest| idempotency::claim(db, caller, "k", digest, now);
        assert_eq!(claim("alice", [1; 32]).await.unwrap(), Claim::Mine);
        assert_eq!(claim("alice", [1; 32]).await.unwrap(), Claim::UnderWay);
        idempotency::answer(db, "alice", "k", 201, vec![7]).await.unwrap();
        let answered = Claim::Answered { status: 201, sealed_body: vec![7] };
        assert_eq!(claim("alice", [1; 32]).await.unwrap(), answered);
        assert_eq!(claim("alice", [2; 32]).await.unwrap(), Claim::OtherCall);
        assert_eq!(claim("bob", [1; 32]).await.unwrap(), Claim::Mine, "keys of others do not collide");
        idempotency::release(db, "bob", "k").await.unwrap();
        assert_eq!(claim("bob", [3; 32]).await.unwrap(), Claim::Mine, "a failed call gives its key back");
    }
}
