//! All SQL of the ledger.

use crate::LedgerError;
use crate::finding::Finding;
use crate::timeline::Stored;
use crate::tree::{Frontier, Hash, Node};
use db::{DbError, ReadTx, Row, WriteTx, args};
use seal::Column;
use std::collections::{BTreeSet, HashMap};
use types::{FindingId, SigningKeyId, Timestamp};

pub(crate) async fn head(tx: &mut ReadTx) -> Result<Option<(String, Frontier)>, DbError> {
    let row = tx.one("select origin, size, frontier from ledger_head where id = 1", args![]).await?;
    row.map(read_head).transpose()
}

fn read_head(mut row: Row) -> Result<(String, Frontier), DbError> {
    let (size, bytes): (u64, Vec<u8>) = (row.take("size")?, row.take("frontier")?);
    let frontier = Frontier::from_parts(size, &bytes);
    Ok((row.take("origin")?, frontier.map_err(|e| DbError::impossible("ledger_head", "frontier", 1, e))?))
}

/// The head, for a writer who seals under data key `version`: what is sealed under a destroyed one could never be opened.
pub(crate) async fn head_for(tx: &mut ReadTx, version: u32) -> Result<Option<(String, Frontier)>, LedgerError> {
    let sql =
        "select origin, size, frontier, (select min(version) from data_keys) as oldest from ledger_head where id = 1";
    let Some(mut row) = tx.one(sql, args![]).await? else { return Ok(None) };
    if row.take::<Option<u32>>("oldest")?.is_some_and(|oldest| oldest > version) {
        return Err(LedgerError::NotWritten("this server seals under a data key that was destroyed".to_owned()));
    }
    Ok(Some(read_head(row)?))
}

pub(crate) async fn insert_head(tx: &mut WriteTx, origin: &str) -> Result<(), DbError> {
    let sql = "insert into ledger_head (id, origin, size, frontier) values (1, $1, 0, $2)";
    tx.run_one(sql, args![origin, Vec::<u8>::new()]).await
}

pub(crate) async fn update_head(tx: &mut WriteTx, frontier: &Frontier) -> Result<(), DbError> {
    let sql = "update ledger_head set size = $1, frontier = $2 where id = 1";
    tx.run_one(sql, args![frontier.size(), frontier.to_bytes()]).await
}

/// The newest entry of each thread that has one.
pub(crate) async fn last_of_threads(tx: &mut ReadTx, threads: BTreeSet<&str>) -> Result<HashMap<String, u64>, DbError> {
    // One look at the end of each thread, however long it is.
    let sql = "with asked (thread) as (values $rows)
               select a.thread, (select max(e.seq) from ledger_entries e where e.thread = a.thread) as n from asked a";
    let rows = tx.all_in(sql, threads.into_iter().map(db::Value::from).collect()).await?;
    let mut last = HashMap::with_capacity(rows.len());
    for mut row in rows {
        if let Some(seq) = row.take("n")? {
            last.insert(row.take("thread")?, seq);
        }
    }
    Ok(last)
}

pub(crate) async fn insert_entries(tx: &mut WriteTx, entries: Vec<(Stored, Hash)>) -> Result<(), DbError> {
    let row = |(entry, leaf): (Stored, Hash)| {
        args![entry.seq, entry.at, entry.kind, entry.actor, entry.thread, entry.bytes, leaf]
    };
    let into = "insert into ledger_entries (seq, at, kind, actor, thread, bytes, leaf)";
    tx.insert_all(into, entries.into_iter().map(row).collect()).await
}

pub(crate) async fn insert_subjects(tx: &mut WriteTx, subjects: Vec<(String, u64)>) -> Result<(), DbError> {
    let rows = subjects.into_iter().map(|(subject, seq)| args![subject, seq]).collect();
    tx.insert_all("insert into ledger_subjects (subject, seq)", rows).await
}

pub(crate) async fn insert_nodes(tx: &mut WriteTx, nodes: Vec<(Node, Hash)>) -> Result<(), DbError> {
    let rows = nodes.into_iter().map(|(node, hash)| args![node.level, node.position, hash]).collect();
    tx.insert_all("insert into ledger_nodes (level, position, hash)", rows).await
}

/// The subjects of the entries from `from` up to `until`, exclusive.
pub(crate) async fn subjects_between(tx: &mut ReadTx, from: u64, until: u64) -> Result<Vec<(u64, String)>, DbError> {
    let sql = "select seq, subject from ledger_subjects where seq >= $1 and seq < $2";
    let rows = tx.all(sql, args![from, until]).await?;
    rows.into_iter().map(|mut row| Ok((row.take("seq")?, row.take("subject")?))).collect()
}

/// The hash of a perfect subtree; leaves are read from their entries.
pub(crate) async fn node(tx: &mut ReadTx, node: Node) -> Result<Option<Hash>, DbError> {
    let row = if node.level == 0 {
        tx.one("select leaf as hash from ledger_entries where seq = $1", args![node.position]).await?
    } else {
        let sql = "select hash from ledger_nodes where level = $1 and position = $2";
        tx.one(sql, args![node.level, node.position]).await?
    };
    row.map(|mut row| row.take("hash")).transpose()
}

/// The positions `from` up to `until`, exclusive, of one level.
pub(crate) async fn nodes_between(
    tx: &mut ReadTx,
    level: u32,
    from: u64,
    until: u64,
) -> Result<Vec<(Node, Hash)>, DbError> {
    let sql = "select position, hash from ledger_nodes where level = $1 and position >= $2 and position < $3";
    let rows = tx.all(sql, args![level, from, until]).await?;
    let node = |mut row: Row| Ok((Node { level, position: row.take("position")? }, row.take("hash")?));
    rows.into_iter().map(node).collect()
}

pub(crate) async fn count_nodes(tx: &mut ReadTx) -> Result<u64, DbError> {
    tx.count("select count(*) as n from ledger_nodes", args![]).await
}

pub(crate) async fn entries_from(tx: &mut ReadTx, from: u64, limit: u32) -> Result<Vec<Stored>, DbError> {
    let sql = "select seq, at, kind, actor, thread, bytes from ledger_entries where seq >= $1 order by seq limit $2";
    tx.all(sql, args![from, limit]).await?.into_iter().map(stored).collect()
}

pub(crate) async fn entries_before(tx: &mut ReadTx, before: u64, limit: u32) -> Result<Vec<Stored>, DbError> {
    let sql =
        "select seq, at, kind, actor, thread, bytes from ledger_entries where seq < $1 order by seq desc limit $2";
    tx.all(sql, args![before, limit]).await?.into_iter().map(stored).collect()
}

pub(crate) async fn entries_about(tx: &mut ReadTx, subject: &str) -> Result<Vec<Stored>, DbError> {
    let sql = "select e.seq, e.at, e.kind, e.actor, e.thread, e.bytes
               from ledger_subjects s join ledger_entries e on e.seq = s.seq where s.subject = $1 order by e.seq";
    tx.all(sql, args![subject]).await?.into_iter().map(stored).collect()
}

pub(crate) async fn last_entry_about(tx: &mut ReadTx, subject: &str, kind: &str) -> Result<Option<Stored>, DbError> {
    let sql = "select e.seq, e.at, e.kind, e.actor, e.thread, e.bytes
               from ledger_subjects s join ledger_entries e on e.seq = s.seq
               where s.subject = $1 and e.kind = $2 order by s.seq desc limit 1";
    tx.one(sql, args![subject, kind]).await?.map(stored).transpose()
}

pub(crate) async fn entries_of_thread(tx: &mut ReadTx, thread: &str) -> Result<Vec<Stored>, DbError> {
    let sql = "select seq, at, kind, actor, thread, bytes from ledger_entries where thread = $1 order by seq";
    tx.all(sql, args![thread]).await?.into_iter().map(stored).collect()
}

fn stored(mut row: Row) -> Result<Stored, DbError> {
    Ok(Stored {
        seq: row.take("seq")?,
        at: row.take("at")?,
        kind: row.take("kind")?,
        actor: row.take("actor")?,
        thread: row.take("thread")?,
        bytes: row.take("bytes")?,
    })
}

pub(crate) struct StoredKey {
    pub(crate) id: SigningKeyId,
    pub(crate) sealed_seed: Vec<u8>,
}

pub(crate) async fn key(tx: &mut ReadTx) -> Result<Option<StoredKey>, DbError> {
    let row = tx.one("select id, sealed_seed from ledger_keys order by created_at desc limit 1", args![]).await?;
    row.map(|mut row| Ok(StoredKey { id: row.take("id")?, sealed_seed: row.take("sealed_seed")? })).transpose()
}

pub(crate) async fn insert_key(
    tx: &mut WriteTx,
    key: &StoredKey,
    public: [u8; 32],
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "insert into ledger_keys (id, public, sealed_seed, created_at) values ($1, $2, $3, $4)";
    tx.run_one(sql, args![&key.id, public, key.sealed_seed.clone(), now]).await
}

pub(crate) const SEALED_SEEDS: &Column =
    &seal::column!("ledger_keys", "sealed_seed", "ledger_keys", "id", "sealed_seed");

pub(crate) async fn last_checkpoint(tx: &mut ReadTx) -> Result<Option<(u64, String)>, DbError> {
    let row = tx.one("select size, note from ledger_checkpoints order by size desc limit 1", args![]).await?;
    row.map(|mut row| Ok((row.take("size")?, row.take("note")?))).transpose()
}

/// Those of logs with more than `over` entries and up to `until`, the smallest first.
pub(crate) async fn checkpoints_between(tx: &mut ReadTx, over: u64, until: u64) -> Result<Vec<(u64, String)>, DbError> {
    let sql = "select size, note from ledger_checkpoints where size > $1 and size <= $2 order by size";
    let rows = tx.all(sql, args![over, until]).await?;
    rows.into_iter().map(|mut row| Ok((row.take("size")?, row.take("note")?))).collect()
}

pub(crate) async fn count_checkpoints(tx: &mut ReadTx) -> Result<u64, DbError> {
    tx.count("select count(*) as n from ledger_checkpoints", args![]).await
}

pub(crate) async fn insert_checkpoint(tx: &mut WriteTx, size: u64, note: &str, now: Timestamp) -> Result<(), DbError> {
    let sql =
        "insert into ledger_checkpoints (size, note, signed_at) values ($1, $2, $3) on conflict (size) do nothing";
    tx.run(sql, args![size, note, now]).await.map(drop)
}

pub(crate) async fn subject_key(tx: &mut ReadTx, subject: &str) -> Result<Option<Vec<u8>>, DbError> {
    let row = tx.one("select sealed_key from subject_keys where subject = $1", args![subject]).await?;
    row.map(|mut row| row.take("sealed_key")).transpose()
}

/// The sealed keys of those of these subjects that have one.
pub(crate) async fn subject_keys_of(
    tx: &mut ReadTx,
    subjects: &BTreeSet<&str>,
) -> Result<Vec<(String, Vec<u8>)>, DbError> {
    let sql = "select subject, sealed_key from subject_keys where subject in ($keys)";
    let rows = tx.all_in(sql, subjects.iter().copied().map(db::Value::from).collect()).await?;
    rows.into_iter().map(|mut row| Ok((row.take("subject")?, row.take("sealed_key")?))).collect()
}

pub(crate) async fn insert_subject_keys(tx: &mut WriteTx, keys: Vec<(&str, Vec<u8>)>) -> Result<(), DbError> {
    let rows = keys.into_iter().map(|(subject, sealed)| args![subject, sealed]).collect();
    tx.insert_all("insert into subject_keys (subject, sealed_key)", rows).await
}

pub(crate) const SEALED_SUBJECT_KEYS: &Column =
    &seal::column!("subject_keys", "sealed_key", "subject_keys", "subject", "sealed_key");

/// Whether a witness of this node was noted.
pub(crate) async fn has_witness(tx: &mut ReadTx, node: &str) -> Result<bool, DbError> {
    Ok(tx.count("select count(*) as n from ledger_witnesses where node = $1", args![node]).await? > 0)
}

pub(crate) async fn witness_nodes(tx: &mut ReadTx) -> Result<Vec<String>, DbError> {
    let rows = tx.all("select node from ledger_witnesses", args![]).await?;
    rows.into_iter().map(|mut row| row.take("node")).collect()
}

pub(crate) async fn note_witness(tx: &mut WriteTx, node: &str, now: Timestamp) -> Result<(), DbError> {
    let sql = "insert into ledger_witnesses (node, since) values ($1, $2) on conflict (node) do nothing";
    tx.run(sql, args![node, now]).await.map(drop)
}

/// A personal value as it is stored.
pub(crate) struct SealedPersonal {
    pub(crate) name: String,
    pub(crate) subject: String,
    pub(crate) sealed: Vec<u8>,
}

pub(crate) async fn insert_personal(tx: &mut WriteTx, values: Vec<(u64, SealedPersonal)>) -> Result<(), DbError> {
    let rows = values.into_iter().map(|(seq, value)| args![seq, value.name, value.subject, value.sealed]).collect();
    tx.insert_all("insert into ledger_personal (seq, name, subject, sealed)", rows).await
}

pub(crate) async fn personal_of(tx: &mut ReadTx, seq: u64) -> Result<Vec<SealedPersonal>, DbError> {
    let sql = "select name, subject, sealed from ledger_personal where seq = $1 order by name";
    let row = |mut row: Row| {
        Ok(SealedPersonal { name: row.take("name")?, subject: row.take("subject")?, sealed: row.take("sealed")? })
    };
    tx.all(sql, args![seq]).await?.into_iter().map(row).collect()
}

pub(crate) async fn open_finding(tx: &mut ReadTx, kind: &str, subject: &str) -> Result<Option<Finding>, DbError> {
    let sql = "select id, kind, subject, detail, raised_at, cleared_at from findings
               where kind = $1 and subject = $2 and cleared_at is null";
    tx.one(sql, args![kind, subject]).await?.map(finding).transpose()
}

pub(crate) async fn open_findings(tx: &mut ReadTx, kind: &str) -> Result<Vec<Finding>, DbError> {
    let sql = "select id, kind, subject, detail, raised_at, cleared_at from findings
               where kind = $1 and cleared_at is null order by id";
    tx.all(sql, args![kind]).await?.into_iter().map(finding).collect()
}

pub(crate) async fn findings(tx: &mut ReadTx) -> Result<Vec<Finding>, DbError> {
    let sql = "select id, kind, subject, detail, raised_at, cleared_at from findings
               order by case when cleared_at is null then 0 else 1 end, raised_at desc limit 500";
    tx.all(sql, args![]).await?.into_iter().map(finding).collect()
}

pub(crate) async fn insert_finding(tx: &mut WriteTx, finding: &Finding) -> Result<(), DbError> {
    let sql = "insert into findings (id, kind, subject, detail, raised_at) values ($1, $2, $3, $4, $5)";
    tx.run_one(sql, args![&finding.id, &finding.kind, &finding.subject, &finding.detail, finding.raised_at]).await
}

pub(crate) async fn clear_finding(tx: &mut WriteTx, id: &FindingId, now: Timestamp) -> Result<(), DbError> {
    tx.run_one("update findings set cleared_at = $2 where id = $1 and cleared_at is null", args![id, now]).await
}

fn finding(mut row: Row) -> Result<Finding, DbError> {
    Ok(Finding {
        id: row.take("id")?,
        kind: row.take("kind")?,
        subject: row.take("subject")?,
        detail: row.take("detail")?,
        raised_at: row.take("raised_at")?,
        cleared_at: row.take("cleared_at")?,
    })
}
