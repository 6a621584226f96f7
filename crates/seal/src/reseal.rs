//! Sealing again under the newest data key, some values at a time, until nothing is left under an older one and that can be
//! destroyed.

use crate::store::{self, Column, Progress};
use crate::{Record, Seal, SealError};
use db::{ReadTx, WriteTx};
use std::collections::BTreeSet;
use types::Timestamp;

impl Seal {
    /// Seals at most `limit` values of these columns again; returns how many. Fewer than `limit` means that none is left but
    /// those that do not open, which stay as they are.
    pub async fn reseal_some(&self, tx: &mut WriteTx, columns: &[&Column], limit: u32) -> Result<u32, SealError> {
        let mut changed = 0;
        for column in columns {
            changed += self.reseal_column(tx, column, limit - changed).await?;
            if changed == limit {
                break;
            }
        }
        Ok(changed)
    }

    async fn reseal_column(&self, tx: &mut WriteTx, column: &Column, limit: u32) -> Result<u32, SealError> {
        let (mut changed, mut passed_over) = (0, 0);
        loop {
            let room = limit - changed + passed_over;
            let rows = column.older(tx, self.prefix(), room).await?;
            let (found, before) = (rows.len(), changed);
            for (row, sealed) in rows {
                let record = Record { table: column.table, column: column.column, row: &row };
                match self.reseal(record, &sealed) {
                    Ok(Some(sealed)) if changed < limit => {
                        column.replace(tx, &row, sealed).await?;
                        changed += 1;
                    }
                    Ok(_) | Err(SealError::Unreadable | SealError::NoSuchKey(_)) => {}
                    Err(error) => return Err(error),
                }
            }
            if found < room as usize || changed == limit {
                return Ok(changed);
            }
            passed_over = found as u32 - (changed - before);
        }
    }

    /// How many values of these columns are under older data keys.
    pub async fn older(&self, tx: &mut ReadTx, columns: &[&Column]) -> Result<u64, SealError> {
        let mut count = 0;
        for column in columns {
            count += column.count(tx, self.prefix()).await?;
        }
        Ok(count)
    }

    /// Destroys every data key but the newest; returns their versions. The caller knows that nothing is under them.
    pub async fn destroy_older_data_keys(&self, tx: &mut WriteTx) -> Result<Vec<u32>, SealError> {
        let newest = self.version();
        let older = store::data_key_versions(tx).await?.into_iter().map(|(version, _)| version);
        let older: Vec<u32> = older.filter(|version| *version < newest).collect();
        store::delete_data_keys_below(tx, newest).await?;
        Ok(older)
    }
}

/// The versions of the data keys that exist, with the time since when.
pub async fn data_keys(tx: &mut ReadTx) -> Result<Vec<(u32, Timestamp)>, SealError> {
    Ok(store::data_key_versions(tx).await?)
}

/// How far sealing again has come; `None` before the first time.
pub async fn progress(tx: &mut ReadTx) -> Result<Option<Progress>, SealError> {
    Ok(store::last_progress(tx).await?)
}

pub async fn begin(tx: &mut WriteTx, version: u32, total: u64, now: Timestamp) -> Result<(), SealError> {
    Ok(store::begin_progress(tx, version, total, now).await?)
}

pub async fn advance(tx: &mut WriteTx, version: u32, done: u32) -> Result<(), SealError> {
    Ok(store::add_progress(tx, version, done.into()).await?)
}

pub async fn finish(tx: &mut WriteTx, version: u32, now: Timestamp) -> Result<(), SealError> {
    Ok(store::finish_progress(tx, version, now).await?)
}

/// Notes that every sealed file of a node is under data key `version` or a newer one.
pub async fn note_node(tx: &mut WriteTx, node: &str, version: u32, now: Timestamp) -> Result<(), SealError> {
    store::remember_node(tx, node).await?;
    Ok(store::note_node(tx, node, version, now).await?)
}

/// The version that a node noted last.
pub async fn node_version(tx: &mut ReadTx, node: &str) -> Result<Option<u32>, SealError> {
    Ok(store::node_version(tx, node).await?)
}

/// The nodes whose files may still be under data keys older than `version`: of all that are `known` and not forgotten,
/// those that have not noted that version.
pub async fn nodes_below(
    tx: &mut ReadTx,
    version: u32,
    known: BTreeSet<String>,
) -> Result<BTreeSet<String>, SealError> {
    let noted = store::nodes(tx).await?;
    let forgotten = store::forgotten_nodes(tx).await?;
    let behind = |node: &String| noted.get(node).is_none_or(|noted| *noted < version);
    let all = noted.keys().cloned().chain(known.into_iter().filter(|node| !forgotten.contains(node)));
    Ok(all.filter(behind).collect())
}

/// A node that is gone for good has no files any more. Should it come back, it notes itself again.
pub async fn forget_node(tx: &mut WriteTx, node: &str, now: Timestamp) -> Result<(), SealError> {
    Ok(store::forget_node(tx, node, now).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{NewRoot, UnsealKey};
    use db::{args, fixture};
    use types::{Chance, Secret};

    const THINGS: &Column = &crate::column!("things", "sealed", "things", "id", "sealed");

    #[tokio::test]
    async fn a_value_that_does_not_open_is_passed_over_and_all_others_are_sealed_again() {
        let things = db::Migration { name: "t/1", sql: "create table things (id text primary key, sealed bytea);" };
        let migrations = [crate::MIGRATIONS, &[things]].concat();
        for fixture in [fixture::sqlite(&migrations).await, fixture::postgres(&migrations).await] {
            let (chance, now) = (Chance::system(), Timestamp::from_micros(0));
            let root = NewRoot::first(&UnsealKey::File(Secret::new([7; 32])), &chance).await.unwrap();
            let mut tx = fixture.db.begin_unexplained().await.unwrap();
            let seal = Seal::initialise(&mut tx, root, &chance, now).await.unwrap();
            for n in 0..40 {
                let (id, other) = (format!("{n:02}"), format!("{}", n + 100));
                // Every other one was put in the place of another.
                let row = if n % 2 == 0 { &other } else { &id };
                let sealed = seal.seal(Record { table: "things", column: "sealed", row }, b"value").unwrap();
                tx.run_one("insert into things (id, sealed) values ($1, $2)", args![&id, sealed]).await.unwrap();
            }
            tx.commit().await.unwrap();
            let mut tx = fixture.db.begin_unexplained().await.unwrap();
            seal.start_data_key(&mut tx, &chance, now).await.unwrap();
            tx.commit().await.unwrap();
            seal.load(&fixture.db).await.unwrap();

            let mut tx = fixture.db.begin_unexplained().await.unwrap();
            let mut counts = Vec::new();
            while counts.last() != Some(&0) {
                counts.push(seal.reseal_some(&mut tx, &[THINGS], 7).await.unwrap());
            }
            assert_eq!((counts, seal.older(&mut tx, &[THINGS]).await.unwrap()), (vec![7, 7, 6, 0], 20));
        }
    }

    #[tokio::test]
    async fn a_known_node_counts_as_behind_until_it_notes_itself_or_is_forgotten() {
        let fixture = fixture::sqlite(crate::MIGRATIONS).await;
        let (mut tx, now) = (fixture.db.begin_unexplained().await.unwrap(), Timestamp::from_micros(0));
        let known = || ["old", "here"].map(str::to_owned).into();
        let behind = async |tx: &mut WriteTx| {
            let behind = nodes_below(tx, 2, known()).await.unwrap();
            behind.into_iter().collect::<Vec<_>>().join(" ")
        };
        assert_eq!(behind(&mut tx).await, "here old", "as after an upgrade");
        note_node(&mut tx, "here", 2, now).await.unwrap();
        note_node(&mut tx, "other", 1, now).await.unwrap();
        assert_eq!(behind(&mut tx).await, "old other");
        for gone in ["old", "other"] {
            forget_node(&mut tx, gone, now).await.unwrap();
            forget_node(&mut tx, gone, now).await.unwrap();
        }
        assert_eq!(behind(&mut tx).await, "");
        note_node(&mut tx, "old", 1, now).await.unwrap();
        assert_eq!(behind(&mut tx).await, "old", "it came back");
    }
}
