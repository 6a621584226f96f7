//! Sealing everything again under the newest data key, a few values at a time beside the ordinary work, and destroying the
//! older keys when nothing is under them. Both are jobs: what a crash cuts off, the next run goes on with.

use db::ReadTx;
use db::jobs::{JobError, Worker};
use ledger::{Ctx, LedgerError, finding, rekey};
use privilege::sessions;
use std::time::Duration;
use tokio::time::Instant;
use types::Actor;

/// So many values are sealed again in one transaction.
const BATCH: u32 = 200;
const UNREADABLE: &str = "unreadable_values";
/// A run ends before the lease of its job does, and has another one follow.
const RUN: Duration = Duration::from_secs(45);

/// Every column of sealed values, by crate.
const SEALED: [&[&seal::Column]; 6] =
    [ledger::SEALED, provisioning::SEALED, authn::SEALED, governance::SEALED, privilege::SEALED, api::SEALED];

pub(crate) fn handlers(worker: Worker, ctx: &Ctx) -> Worker {
    let ctx = ctx.acting_as(Actor::duty("seal"));
    let (again, destroying) = (ctx.clone(), ctx);
    let worker = worker.handle(rekey::RESEAL, move |_| {
        let ctx = again.clone();
        async move { reseal(&ctx).await.map_err(retry) }
    });
    worker.handle(rekey::DESTROY, move |_| {
        let ctx = destroying.clone();
        async move { destroy(&ctx).await }
    })
}

async fn reseal(ctx: &Ctx) -> Result<(), LedgerError> {
    ctx.seal().load(ctx.db()).await?;
    let (version, began) = (ctx.seal().version(), Instant::now());
    if seal::reseal::progress(&mut ctx.read().await?).await?.is_some_and(|seen| seen.is_finished(version)) {
        return Ok(());
    }
    let total = older(ctx, &mut ctx.read().await?).await?;
    rekey::begin(ctx, version, total).await?;
    loop {
        let mut tx = ctx.decide().await?;
        let columns = SEALED.concat();
        let changed = ctx.seal().reseal_some(&mut tx, &columns, BATCH).await?;
        if changed == 0 {
            break;
        }
        let late = began.elapsed() > RUN;
        if late {
            rekey::go_on(ctx, &mut tx).await?;
        }
        rekey::advance(tx, version, changed).await?;
        if late {
            return Ok(());
        }
        tokio::task::yield_now().await;
    }
    rekey::finish(ctx, version).await?;
    tell_unreadable(ctx).await
}

/// What is left under older data keys does not open: a person must see to it, and those keys stay as long.
async fn tell_unreadable(ctx: &Ctx) -> Result<(), LedgerError> {
    for column in SEALED.concat() {
        let (subject, left) =
            (format!("{}.{}", column.table, column.column), ctx.seal().older(&mut ctx.read().await?, &[column]).await?);
        if left == 0 {
            finding::clear(ctx, UNREADABLE, &subject).await?;
            continue;
        }
        let detail = format!(
            "{left} sealed values of `{subject}` do not open, so they stay under an older data key, and that key stays, too: \
             find out who changed or moved them, and restore them from a backup"
        );
        finding::raise(ctx, UNREADABLE, &subject, &detail).await?;
    }
    Ok(())
}

async fn destroy(ctx: &Ctx) -> Result<(), JobError> {
    ctx.seal().load(ctx.db()).await.map_err(retry)?;
    let mut tx = ctx.decide().await.map_err(retry)?;
    let nodes = sessions::nodes(&mut tx).await.map_err(retry)?;
    if let Some(why) = rekey::hindrance(ctx, &mut tx, nodes).await.map_err(retry)? {
        return Err(JobError::Retry(format!("older data keys stay for now: {why}")));
    }
    let left = older(ctx, &mut tx).await.map_err(retry)?;
    if left > 0 {
        let changed = ctx.seal().reseal_some(&mut tx, &SEALED.concat(), BATCH).await.map_err(retry)?;
        if changed == 0 {
            return Err(JobError::Retry(format!("older data keys stay: {left} values under them do not open")));
        }
        rekey::go_on(ctx, &mut tx).await.map_err(retry)?;
        let version = ctx.seal().version();
        rekey::advance(tx, version, changed).await.map_err(retry)?;
        return Err(JobError::Retry("values are still under older data keys: they are sealed again first".to_owned()));
    }
    rekey::destroy(ctx, tx).await.map_err(retry)
}

async fn older(ctx: &Ctx, tx: &mut ReadTx) -> Result<u64, LedgerError> {
    Ok(ctx.seal().older(tx, &SEALED.concat()).await?)
}

fn retry(error: impl std::fmt::Display) -> JobError {
    JobError::Retry(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::path::{Path, PathBuf};

    fn sources(folder: &Path, files: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                sources(&path, files);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }

    /// The value of a literal or of a constant of the same file.
    fn value(text: &str, file: &str) -> String {
        let named = |name: &str| file.split(&format!("const {name}: &str = \"")).nth(1).map(str::to_owned);
        let word = text.split([',', ' ', '}']).next().unwrap_or_default();
        let quoted = word.strip_prefix('"').map(str::to_owned).or_else(|| named(word));
        quoted
            .unwrap_or_else(|| panic!("`{word}` is neither text nor a constant of its file"))
            .split('"')
            .next()
            .unwrap_or_default()
            .to_owned()
    }

    /// What a slice forgets to list would be lost with the older data key. Files of the data folder are sealed again by
    /// each node (`upkeep`).
    #[test]
    fn every_column_that_is_sealed_anywhere_is_sealed_again() {
        let listed: BTreeSet<(String, String)> =
            SEALED.concat().iter().map(|column| (column.table.to_owned(), column.column.to_owned())).collect();
        let (crates, mut files) = (Path::new(env!("CARGO_MANIFEST_DIR")).join(".."), Vec::new());
        for room in ["ledger", "grants", "provisioning", "authn", "governance", "privilege", "api", "proxy"] {
            sources(&crates.join(room).join("src"), &mut files);
        }
        let mut sealed = BTreeSet::new();
        for file in files {
            let text = std::fs::read_to_string(&file).unwrap();
            let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
            for record in text.split("Record { table: ").skip(1) {
                let (table, rest) = record.split_once(", column: ").unwrap_or_else(|| panic!("{}", file.display()));
                sealed.insert((value(table, text), value(rest, text)));
            }
        }
        assert!(sealed.len() > 8, "the sources were found: {sealed:?}");
        assert_eq!(sealed, listed, "list it in its crate's `SEALED`");
    }
}
