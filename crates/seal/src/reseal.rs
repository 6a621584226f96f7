//! Sealing again under the newest data key, some values at a time, until nothing is left under an older one and that can be
//! destroyed.

use crate::store::{self, Column, Progress};
use crate::{Record, Seal, SealError};
use db::{ReadTx, WriteTx};
use types::Timestamp;

impl Seal {
    /// Seals at most `limit` values of these columns again; returns how many. Fewer than `limit` means that none is left.
    pub async fn reseal_some(&self, tx: &mut WriteTx, columns: &[&Column], limit: u32) -> Result<u32, SealError> {
        let mut changed = 0;
        for column in columns {
            for (row, sealed) in column.older(tx, self.prefix(), limit - changed).await? {
                let record = Record { table: column.table, column: column.column, row: &row };
                if let Some(sealed) = self.reseal(record, &sealed)? {
                    column.replace(tx, &row, sealed).await?;
                    changed += 1;
                }
            }
            if changed == limit {
                break;
            }
        }
        Ok(changed)
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
    Ok(store::note_node(tx, node, version, now).await?)
}

/// The version that a node noted last.
pub async fn node_version(tx: &mut ReadTx, node: &str) -> Result<Option<u32>, SealError> {
    Ok(store::node_version(tx, node).await?)
}

/// The nodes whose files may still be under data keys older than `version`.
pub async fn nodes_below(tx: &mut ReadTx, version: u32) -> Result<Vec<String>, SealError> {
    Ok(store::nodes_below(tx, version).await?)
}
