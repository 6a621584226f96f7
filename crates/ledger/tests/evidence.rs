//! What the ledger promises, on SQLite and on PostgreSQL.

use db::fixture::{self, Fixture};
use db::{Migration, args};
use ledger::bundle::{self, Attachment, Contents, ManifestLine};
use ledger::{Ctx, Entry, EventKind, Ledger, LedgerError, finding, manifest, timeline, tree, verify};
use seal::RootKey;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use types::{Actor, Chance, Clock, IdentityId, Secret};

const ISSUED: EventKind = EventKind { name: "grant.issued", doc: "" };
const NOTED: EventKind = EventKind { name: "thing.noted", doc: "" };

async fn places() -> Vec<(Fixture, Ctx)> {
    let things = Migration { name: "test/0001", sql: "create table things (id text primary key, n bigint not null);" };
    let migrations: Vec<Migration> = [seal::MIGRATIONS, ledger::MIGRATIONS, &[things]].concat();
    let mut places = Vec::new();
    for fixture in [fixture::sqlite(&migrations).await, fixture::postgres(&migrations).await] {
        let (clock, chance) = (Clock::still("2026-11-21T09:00:00Z".parse().unwrap()), Chance::system());
        let root = RootKey::File(Secret::new([7; 32]));
        Ledger::initialise(&fixture.db, &root, &clock, &chance, "tenure.test/log").await.unwrap();
        let ledger = Ledger::open(fixture.db.clone(), &root, clock, chance).await.unwrap();
        places.push((fixture, Ctx::new(ledger, Actor::Console)));
    }
    places
}

async fn count(ctx: &Ctx, sql: &'static str) -> u64 {
    ctx.read().await.unwrap().count(sql, args![]).await.unwrap()
}

const ENTRIES: &str = "select count(*) as n from ledger_entries";
const THINGS: &str = "select count(*) as n from things";

#[tokio::test]
async fn a_change_and_its_evidence_commit_together_or_not_at_all() {
    for (_fixture, ctx) in places().await {
        let before = count(&ctx, ENTRIES).await;
        let mut tx = ctx.record(Entry::new(NOTED, &"thing-1").with("n", 1)).await.unwrap();
        tx.run_one("insert into things (id, n) values ('thing-1', 1)", args![]).await.unwrap();
        drop(tx);
        assert_eq!((count(&ctx, ENTRIES).await, count(&ctx, THINGS).await), (before, 0));

        let mut tx = ctx.record(Entry::new(NOTED, &"thing-1").with("n", 1)).await.unwrap();
        tx.run_one("insert into things (id, n) values ('thing-1', 1)", args![]).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!((count(&ctx, ENTRIES).await, count(&ctx, THINGS).await), (before + 1, 1));
    }
}

#[tokio::test]
async fn a_change_without_evidence_does_not_commit() {
    for (_fixture, ctx) in places().await {
        let mut tx = ctx.decide().await.unwrap();
        tx.run_one("insert into things (id, n) values ('thing-1', 1)", args![]).await.unwrap();
        assert!(tx.commit().await.is_err());
        assert_eq!(count(&ctx, THINGS).await, 0);
    }
}

#[tokio::test]
async fn the_newest_entry_of_a_kind_about_a_subject_is_found_among_others() {
    for (_fixture, ctx) in places().await {
        for (kind, subject, n) in
            [(NOTED, "thing-1", 1), (NOTED, "thing-1", 2), (ISSUED, "thing-1", 3), (NOTED, "thing-2", 4)]
        {
            ctx.append(Entry::new(kind, &subject).with("n", n)).await.unwrap();
        }
        let mut tx = ctx.read().await.unwrap();
        let last = timeline::last(&mut tx, &"thing-1", "thing.noted").await.unwrap().unwrap();
        assert_eq!(last.body["n"], 2);
        assert!(timeline::last(&mut tx, &"thing-2", "grant.issued").await.unwrap().is_none());
    }
}

#[tokio::test]
async fn many_writers_and_group_commit_make_one_whole_log() {
    for (_fixture, ctx) in places().await {
        let appends = (0..200).map(|n| {
            let ctx = ctx.clone();
            tokio::spawn(async move {
                let entry = Entry::new(NOTED, &format!("thing-{}", n % 7)).with("n", n);
                if n % 10 == 0 { ctx.record(entry).await.unwrap().commit().await } else { ctx.append(entry).await }
            })
        });
        for append in appends.collect::<Vec<_>>() {
            append.await.unwrap().unwrap();
        }
        ctx.ledger().checkpoint().await.unwrap();
        for page in [1, 7, 64, 1000] {
            assert_eq!(verify::database(&ctx, page).await.unwrap(), (201, vec![]), "{page} entries at a time");
        }
    }
}

#[tokio::test]
async fn every_kind_of_tampering_with_the_tables_is_found() {
    for tampering in [
        "update ledger_entries set actor = 'nobody' where seq = 2",
        "update ledger_entries set bytes = (select bytes from ledger_entries where seq = 1) where seq = 2",
        "update ledger_entries set at = at + 1 where seq = 2",
        "update ledger_nodes set hash = (select leaf from ledger_entries where seq = 0) where level = 1 and position = 0",
        "delete from ledger_nodes where level = 1 and position = 0",
        "insert into ledger_nodes (level, position, hash) select 3, 0, leaf from ledger_entries where seq = 0",
        "insert into ledger_checkpoints (size, note, signed_at) values (99, 'tenure', 0)",
        "update ledger_head set size = 3",
        "delete from ledger_subjects where seq = 2",
        "insert into ledger_subjects (subject, seq) values ('thing-2', 2)",
        "delete from ledger_entries where seq = (select max(seq) from ledger_entries)",
    ] {
        for (_fixture, ctx) in places().await {
            for n in 0..4 {
                ctx.append(Entry::new(NOTED, &"thing-1").with("n", n)).await.unwrap();
            }
            ctx.ledger().checkpoint().await.unwrap();
            assert_eq!(verify::database(&ctx, 2).await.unwrap().1, Vec::<String>::new());
            let mut tx = ctx.db().begin_unexplained().await.unwrap();
            if tampering.starts_with("delete from ledger_entries") {
                tx.run("delete from ledger_subjects", args![]).await.unwrap();
            }
            tx.run(tampering, args![]).await.unwrap();
            tx.commit().await.unwrap();
            for page in [2, 1000] {
                let wrong = verify::database(&ctx, page).await;
                assert!(wrong.is_err() || !wrong.unwrap().1.is_empty(), "{tampering} on {}", ctx.db().engine_name());
            }
        }
    }
}

#[tokio::test]
async fn the_log_of_yesterday_is_proven_to_be_the_beginning_of_the_log_of_today() {
    for (_fixture, ctx) in places().await {
        let (old, _) = ctx.ledger().checkpoint().await.unwrap();
        for n in 0..20 {
            ctx.append(Entry::new(NOTED, &"thing-1").with("n", n)).await.unwrap();
        }
        let (new, _) = ctx.ledger().checkpoint().await.unwrap();
        let proof = bundle::consistency(&ctx, old.size, new.size).await.unwrap();
        assert!(tree::is_consistent((old.size, old.root), (new.size, new.root), &proof));
        assert!(!tree::is_consistent((old.size, [0; 32]), (new.size, new.root), &proof));
    }
}

#[tokio::test]
async fn erasing_a_person_leaves_every_hash_true_and_the_value_unreadable() {
    for (_fixture, ctx) in places().await {
        let alice = IdentityId::new(ctx.clock(), ctx.chance());
        ctx.append(Entry::new(NOTED, &alice).with_personal(&alice, "name", "Alice Moreau")).await.unwrap();
        let line = timeline::about(&ctx, &alice).await.unwrap().remove(0);
        assert_eq!(line.personal["name"], "Alice Moreau");
        let raw = timeline::raw(&ctx, 0, 10).await.unwrap();
        assert!(raw.iter().all(|entry| !String::from_utf8_lossy(&entry.bytes).contains("Moreau")));

        let mut tx = ctx.db().begin_unexplained().await.unwrap();
        tx.run_one("delete from subject_keys where subject = $1", args![&alice]).await.unwrap();
        tx.commit().await.unwrap();
        assert!(timeline::about(&ctx, &alice).await.unwrap()[0].personal.is_empty());
        assert_eq!(verify::database(&ctx, 1000).await.unwrap().1, Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_finding_is_raised_once_cleared_once_and_can_come_back() {
    for (_fixture, ctx) in places().await {
        for _ in 0..3 {
            finding::raise(&ctx, "dead_job", "job_1", "look at it").await.unwrap();
        }
        finding::clear(&ctx, "dead_job", "job_1").await.unwrap();
        finding::clear(&ctx, "dead_job", "job_1").await.unwrap();
        finding::raise(&ctx, "dead_job", "job_1", "look at it").await.unwrap();
        let findings = finding::list(&ctx).await.unwrap();
        assert_eq!(findings.iter().map(|f| f.cleared_at.is_some()).collect::<Vec<_>>(), [false, true]);
        let kinds: Vec<String> = timeline::about(&ctx, &"job_1").await.unwrap().into_iter().map(|l| l.kind).collect();
        assert_eq!(kinds, ["finding.raised", "finding.cleared", "finding.raised"]);
    }
}

/// A bundle with everything in it: a grant, a neighbour's entries in between, a manifest, a recording, a name.
async fn sample_bundle(ctx: &Ctx) -> Vec<u8> {
    let alice = IdentityId::new(ctx.clock(), ctx.chance());
    let lines: Vec<Vec<u8>> = (0..5).map(|n| format!("{{\"employee\":{n}}}").into_bytes()).collect();
    let root = data_encoding::HEXLOWER.encode(&manifest::root(&lines));
    let import = Entry::new(NOTED, &"imp_1").about(&alice).with("manifest", root).with("lines", lines.len());
    ctx.append(import).await.unwrap();
    ctx.append(Entry::new(ISSUED, &"grt_1").with_personal(&alice, "reason", "fix the “disk”")).await.unwrap();
    ctx.append(Entry::new(NOTED, &"grt_other").with("n", 1)).await.unwrap();
    let cast = "{\"version\":2}\n[0.1,\"o\",\"# \"]\n";
    let sha256 = data_encoding::HEXLOWER.encode(&Sha256::digest(cast));
    ctx.append(Entry::new(NOTED, &"ses_1").about(&"grt_1").with("sha256", sha256)).await.unwrap();
    ctx.append(Entry::new(NOTED, &"grt_1").with("n", 2)).await.unwrap();
    let seq = |kind: &str, lines: &[timeline::Line]| lines.iter().find(|l| l.thread == kind).unwrap().seq;
    let all = timeline::before(ctx, None, 100).await.unwrap();
    let contents = Contents {
        threads: BTreeSet::from(["grt_1".into(), "ses_1".into(), "imp_1".into()]),
        manifests: vec![ManifestLine {
            seq: seq("imp_1", &all),
            line: String::from_utf8(lines[3].clone()).unwrap(),
            index: 3,
            size: 5,
            proof: bundle::encode(&manifest::proof(&lines, 3)),
        }],
        recordings: vec![Attachment { seq: seq("ses_1", &all), asciicast: cast.into() }],
    };
    bundle::build(ctx, "grt_1", contents).await.unwrap()
}

#[tokio::test]
async fn a_bundle_verifies_offline_and_shows_the_timeline() {
    for (_fixture, ctx) in places().await {
        let shown = verify::bundle(&sample_bundle(&ctx).await).unwrap();
        assert_eq!((shown.entries, shown.recordings), (4, 1));
        assert_eq!(shown.key, ctx.ledger().verifying_key().to_string());
    }
}

#[tokio::test]
async fn a_bundle_with_any_byte_changed_cut_or_added_is_refused() {
    let (_fixture, ctx) = places().await.remove(0);
    let bundle = sample_bundle(&ctx).await;
    for at in 0..bundle.len() {
        for flip in [1, 0x20, 0x80] {
            let mut changed = bundle.clone();
            changed[at] ^= flip;
            assert!(
                verify::bundle(&changed).is_err(),
                "byte {at} ^ {flip}: {:?}",
                &changed[at.saturating_sub(20)..=at]
            );
        }
        let cut = [&bundle[..at], &bundle[at + 1..]].concat();
        assert!(verify::bundle(&cut).is_err(), "byte {at} removed");
        let grown = [&bundle[..at], b" ", &bundle[at..]].concat();
        assert!(verify::bundle(&grown).is_err(), "a byte added at {at}");
    }
}

#[tokio::test]
async fn a_bundle_that_leaves_an_entry_out_is_refused() {
    let (_fixture, ctx) = places().await.remove(0);
    let whole: bundle::Bundle = serde_json::from_slice(&sample_bundle(&ctx).await).unwrap();
    let without = |seq_at: usize| {
        let mut part = whole.clone();
        part.entries.remove(seq_at);
        ledger::canonical(&serde_json::to_value(part).unwrap())
    };
    assert!(verify::bundle(&without(1)).unwrap_err().contains("missing"), "the first entry of the grant");
    assert!(verify::bundle(&without(0)).unwrap_err().contains("manifest"));
    assert!(verify::bundle(&without(2)).unwrap_err().contains("recording"));
}

#[tokio::test]
async fn acts_that_share_a_commit_keep_their_own_changes_and_lose_them_alone() {
    for (_fixture, ctx) in places().await {
        let before = count(&ctx, ENTRIES).await;
        let acts = (0..40).map(|n: u64| {
            ctx.together(move |tx| {
                Box::pin(async move {
                    tx.run_one("insert into things (id, n) values ($1, $2)", args![format!("thing-{n}"), n]).await?;
                    match n % 4 {
                        0 => Err(LedgerError::NotWritten("as an act may say".into())),
                        // One that changes without saying why.
                        1 => Ok(n),
                        _ => {
                            tx.also(Entry::new(NOTED, &format!("thing-{n}")).with("n", n));
                            Ok(n)
                        }
                    }
                })
            })
        });
        let answers = futures::future::join_all(acts).await;
        assert_eq!(answers.iter().filter(|answer| answer.is_err()).count(), 10);
        assert_eq!((count(&ctx, ENTRIES).await - before, count(&ctx, THINGS).await), (20, 20));
        assert_eq!(count(&ctx, "select count(*) as n from things where n % 4 < 2").await, 0);
    }
}

#[tokio::test]
async fn when_sqlite_ends_the_transaction_by_itself_no_act_of_the_group_is_told_that_it_is_kept() {
    for (swallowed, last) in [(false, false), (false, true), (true, false), (true, true)] {
        let (_fixture, ctx) = places().await.remove(0);
        let before = count(&ctx, ENTRIES).await;
        let keep = |n: u64| {
            ctx.together(move |tx| {
                Box::pin(async move {
                    tx.run_one("insert into things (id, n) values ($1, $2)", args![format!("thing-{n}"), n]).await?;
                    tx.also(Entry::new(NOTED, &format!("thing-{n}")).with("n", n));
                    Ok::<_, LedgerError>(())
                })
            })
        };
        // As SQLite does it when a disk fails or memory is short.
        let lost = ctx.together(move |tx| {
            Box::pin(async move {
                tx.all("rollback", args![]).await?;
                tx.also(Entry::new(NOTED, &"thing-2"));
                if swallowed { Ok(()) } else { Err(LedgerError::NotWritten("the disk failed".into())) }
            })
        });
        let third = async { if last { Ok(()) } else { keep(3).await } };
        let (first, lost, third) = futures::future::join3(keep(1), lost, third).await;
        assert!(lost.is_err(), "{swallowed} {last}");
        let kept = u64::from(first.is_ok()) + u64::from(!last && third.is_ok());
        assert_eq!(
            (count(&ctx, ENTRIES).await - before, count(&ctx, THINGS).await),
            (kept, kept),
            "{swallowed} {last}"
        );
        ctx.append(Entry::new(NOTED, &"thing-9")).await.unwrap();
    }
}

#[tokio::test]
async fn an_act_that_panics_writes_nothing_and_the_next_ones_go_on() {
    for (_fixture, ctx) in places().await {
        let broken: Result<(), LedgerError> = ctx.together(|_| Box::pin(async { panic!("as a defect would") })).await;
        assert!(matches!(broken, Err(LedgerError::NotWritten(_))));
        ctx.append(Entry::new(NOTED, &"thing-1")).await.unwrap();
    }
}
