//! All SQL of pages that sources are read in.

use db::{DbError, ReadTx, Row, WriteTx, args};
use seal::Column;
use types::{ReadId, Timestamp};

pub(crate) const SEALED_PAGES: &Column = &seal::column!(
    "feed_pages",
    "sealed",
    "feed_pages",
    "read_id || '/' || cast(page as text)",
    "sealed",
    "read_id = substr($1, 1, 36) and page = cast(substr($1, 38) as bigint)"
);

pub(crate) struct PageRow<'a> {
    pub(crate) source: &'a str,
    pub(crate) read: &'a ReadId,
    pub(crate) page: u32,
    pub(crate) sealed: Vec<u8>,
    pub(crate) records: u64,
    pub(crate) ends: bool,
    pub(crate) stated_total: Option<u64>,
}

pub(crate) async fn insert(tx: &mut WriteTx, row: PageRow<'_>, now: Timestamp) -> Result<(), DbError> {
    tx.run_one(
        "insert into feed_pages (source, read_id, page, sealed, records, ends, stated_total, kept_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![
            row.source,
            row.read,
            row.page,
            row.sealed,
            row.records,
            i64::from(row.ends),
            row.stated_total.map(|n| i64::try_from(n).unwrap_or(i64::MAX)),
            now,
        ],
    )
    .await
}

pub(crate) struct Kept {
    pub(crate) pages: u64,
    pub(crate) records: u64,
    pub(crate) last_page: Option<u64>,
    pub(crate) ends: u64,
    pub(crate) stated_total: Option<u64>,
    pub(crate) last_at: Option<Timestamp>,
}

pub(crate) async fn kept(tx: &mut ReadTx, source: &str, read: &ReadId) -> Result<Kept, DbError> {
    let sql = "select count(*) as pages, cast(coalesce(sum(records), 0) as bigint) as records, max(page) as last_page,
                 cast(coalesce(sum(ends), 0) as bigint) as ends, max(stated_total) as stated_total, max(kept_at) as last_at
               from feed_pages where source = $1 and read_id = $2";
    let mut row = tx.one(sql, args![source, read]).await?.ok_or_else(|| DbError::Statement("no row".into()))?;
    Ok(Kept {
        pages: row.take("pages")?,
        records: row.take("records")?,
        last_page: row.take("last_page")?,
        ends: row.take("ends")?,
        stated_total: row.take("stated_total")?,
        last_at: row.take("last_at")?,
    })
}

pub(crate) async fn page(tx: &mut ReadTx, source: &str, read: &ReadId, page: u32) -> Result<Option<Vec<u8>>, DbError> {
    let sql = "select sealed from feed_pages where source = $1 and read_id = $2 and page = $3";
    tx.one(sql, args![source, read, page]).await?.map(|mut row: Row| row.take("sealed")).transpose()
}

pub(crate) async fn forget(tx: &mut WriteTx, source: &str, read: &ReadId) -> Result<u64, DbError> {
    tx.run("delete from feed_pages where source = $1 and read_id = $2", args![source, read]).await
}
