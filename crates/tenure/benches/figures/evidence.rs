//! Entries a second that the ledger makes durable when many callers append, beside what the same disk can sync.

use crate::table::Figure;
use db::{Db, Location, Migration, PoolSize};
use ledger::{Ctx, Entry, EventKind, Ledger};
use seal::RootKey;
use std::io::{Seek, Write};
use std::path::Path;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use types::{Actor, Chance, Clock, Secret, SessionId};

const CALLERS: u32 = 512;
const EACH: u32 = 50;
const SYNCING: Duration = Duration::from_secs(2);
const USED: EventKind = EventKind { name: "secret.used", doc: "" };

pub(crate) async fn measure() -> Vec<Figure> {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let before = syncs_per_second(folder.path());
    let ctx = open_with(folder.path(), &[seal::MIGRATIONS, ledger::MIGRATIONS].concat()).await;
    let alone = appended_per_second(&ctx, 1, 500).await;
    let together = appended_per_second(&ctx, CALLERS, EACH).await;
    let after = syncs_per_second(folder.path());
    ctx.db().close().await;
    vec![Figure {
        name: "evidence with fsync, SQLite",
        measured: format!("{together:.0} entries a second by {CALLERS} callers, {alone:.0} by one"),
        beside: format!("{before:.0} and {after:.0} fdatasync a second of this disk, before and after"),
        goal: None,
    }]
}

/// A store of its own with a ledger in it.
pub(crate) async fn open_with(folder: &Path, migrations: &[Migration]) -> Ctx {
    let (db, root) = (database(folder, migrations).await, root());
    Ledger::initialise(&db, &root, &Clock::system(), &Chance::system(), "tenure.test/log").await.expect("a ledger");
    db.close().await;
    open_again(folder, migrations).await
}

/// One that there is.
pub(crate) async fn open_again(folder: &Path, migrations: &[Migration]) -> Ctx {
    let db = database(folder, migrations).await;
    let ledger = Ledger::open(db, &root(), Clock::system(), Chance::system()).await.expect("a ledger");
    Ctx::new(ledger, Actor::Console)
}

async fn database(folder: &Path, migrations: &[Migration]) -> Db {
    let location = Location::Sqlite(folder.join("ledger.db"));
    Db::open(&location, PoolSize::default(), migrations).await.expect("a database")
}

fn root() -> RootKey {
    RootKey::File(Secret::new([7; 32]))
}

async fn appended_per_second(ctx: &Ctx, callers: u32, each: u32) -> f64 {
    let begun = Instant::now();
    let mut work = JoinSet::new();
    for _ in 0..callers {
        let ctx = ctx.clone();
        work.spawn(async move {
            let session = SessionId::new(ctx.clock(), ctx.chance());
            for number in 0..each {
                let entry = Entry::new(USED, &session).with("number", number).with("target", "web-1");
                ctx.append(entry).await.expect("a durable entry");
            }
        });
    }
    work.join_all().await;
    f64::from(callers * each) / begun.elapsed().as_secs_f64()
}

/// What the disk below a folder makes durable, one page at a time.
pub(crate) fn syncs_per_second(folder: &Path) -> f64 {
    let mut file = std::fs::File::create(folder.join("synced")).expect("a file");
    let (begun, mut count) = (Instant::now(), 0_u32);
    while begun.elapsed() < SYNCING {
        file.rewind()
            .and_then(|()| file.write_all(&[7; 4096]))
            .and_then(|()| file.sync_data())
            .expect("a durable page");
        count += 1;
    }
    f64::from(count) / begun.elapsed().as_secs_f64()
}
