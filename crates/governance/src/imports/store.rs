//! All SQL of imports and their lines.

use super::{Counts, Import, State, Trip};
use db::{DbError, ReadTx, Row, Value, WriteTx, args};
use seal::Column;
use std::collections::HashSet;
use types::{IdentityId, ImportId, Timestamp};

macro_rules! imports {
    ($rest:literal) => {
        concat!(
            "select id, source, received_at, sha256, records, joiners, movers, leavers, unchanged, undecided, leaving, state, trip, ",
            "settled_at, confirmed_by from imports ",
            $rest
        )
    };
}

pub(super) async fn get(tx: &mut ReadTx, id: &ImportId) -> Result<Option<Import>, DbError> {
    tx.one(imports!("where id = $1"), args![id]).await?.map(import).transpose()
}

pub(super) async fn list(
    tx: &mut ReadTx,
    source: Option<&str>,
    after: Option<&ImportId>,
    limit: u32,
) -> Result<Vec<Import>, DbError> {
    let sql = imports!(
        "where (cast($1 as text) is null or id < $1) and (cast($2 as text) is null or source = $2)
           order by id desc limit $3"
    );
    tx.all(sql, args![after, source, limit]).await?.into_iter().map(import).collect()
}

pub(super) async fn held(tx: &mut ReadTx, source: &str) -> Result<Vec<Import>, DbError> {
    let sql = imports!("where state = 'held' and source = $1 order by id");
    tx.all(sql, args![source]).await?.into_iter().map(import).collect()
}

pub(super) async fn held_with(tx: &mut ReadTx, source: &str, sha256: &str) -> Result<Option<ImportId>, DbError> {
    let sql = "select id from imports where state = 'held' and source = $1 and sha256 = $2 order by id limit 1";
    tx.one(sql, args![source, sha256]).await?.map(|mut row| row.take("id")).transpose()
}

pub(crate) async fn applied(tx: &mut ReadTx) -> Result<Vec<ImportId>, DbError> {
    let rows = tx.all("select id from imports where state = 'applied' order by id", args![]).await?;
    rows.into_iter().map(|mut row| row.take("id")).collect()
}

pub(super) async fn unconfirmed_leavers_since(tx: &mut ReadTx, since: Timestamp) -> Result<u64, DbError> {
    let by_feeds = "select cast(sum(leaving) as bigint) as n from imports
                    where state = 'applied' and confirmed_by is null and settled_at > $1";
    // Whose date a feed of the same time stated is counted with that feed.
    let by_dates = "select count(*) as n from leaver_cases c join imports i on i.id = (
                      select said.id from import_lines l join imports said on said.id = l.import_id
                      where l.identity = c.identity order by said.settled_at desc, said.id desc limit 1)
                    where c.by_date = 1 and c.begun_at > $1 and i.settled_at <= $1 and i.confirmed_by is null";
    Ok(tx.count(by_feeds, args![since]).await? + tx.count(by_dates, args![since]).await?)
}

/// Those of these people whom the last feed about them had to be confirmed for.
pub(super) async fn confirmed_about(
    tx: &mut ReadTx,
    people: impl Iterator<Item = &IdentityId>,
) -> Result<HashSet<IdentityId>, DbError> {
    let sql = "select l.identity from import_lines l join imports i on i.id = l.import_id
               where l.identity in ($keys) and i.confirmed_by is not null and not exists (
                 select 1 from import_lines later join imports j on j.id = later.import_id
                 where later.identity = l.identity
                   and (j.settled_at > i.settled_at or j.settled_at = i.settled_at and j.id > i.id))";
    let rows = tx.all_in(sql, people.map(Value::from).collect()).await?;
    rows.into_iter().map(|mut row| row.take("identity")).collect()
}

pub(super) async fn insert(tx: &mut WriteTx, import: &Import, sealed_feed: Option<Vec<u8>>) -> Result<(), DbError> {
    let (state, trip, at, by) = columns(&import.state);
    tx.run_one(
        "insert into imports (id, received_at, sha256, records, joiners, movers, leavers, unchanged, state, trip,
           settled_at, confirmed_by, sealed_feed, source, undecided, leaving)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        args![
            &import.id,
            import.received_at,
            &import.sha256,
            import.records,
            import.counts.joiners,
            import.counts.movers,
            import.counts.leavers,
            import.counts.unchanged,
            state,
            trip,
            at,
            by,
            sealed_feed,
            &import.source,
            import.counts.undecided,
            import.leaving,
        ],
    )
    .await
}

/// Writes what became of a held import; its feed is kept no longer.
pub(super) async fn settle(tx: &mut WriteTx, import: &Import) -> Result<(), DbError> {
    let (state, trip, at, by) = columns(&import.state);
    tx.run_one(
        "update imports set state = $2, trip = $3, settled_at = $4, confirmed_by = $5, sealed_feed = null,
           joiners = $6, movers = $7, leavers = $8, unchanged = $9, undecided = $10, leaving = $11
         where id = $1 and state = 'held'",
        args![
            &import.id,
            state,
            trip,
            at,
            by,
            import.counts.joiners,
            import.counts.movers,
            import.counts.leavers,
            import.counts.unchanged,
            import.counts.undecided,
            import.leaving,
        ],
    )
    .await
}

/// What is left of a held feed.
pub(super) async fn set_feed(tx: &mut WriteTx, id: &ImportId, sha256: &str, sealed: Vec<u8>) -> Result<(), DbError> {
    let sql = "update imports set sha256 = $2, sealed_feed = $3 where id = $1 and state = 'held'";
    tx.run_one(sql, args![id, sha256, sealed]).await
}

type Columns<'a> = (&'static str, Option<String>, Option<Timestamp>, Option<&'a IdentityId>);

fn columns(state: &State) -> Columns<'_> {
    let text = |trip: &Trip| Some(serde_json::to_string(trip).expect("a trip is plain data"));
    match state {
        State::Applied { at, confirmed_by } => ("applied", None, Some(*at), confirmed_by.as_ref()),
        State::Held { trip } => ("held", text(trip), None, None),
        State::Superseded { at, trip } => ("superseded", text(trip), Some(*at), None),
    }
}

pub(super) async fn sealed_feed(tx: &mut ReadTx, id: &ImportId) -> Result<Option<Vec<u8>>, DbError> {
    let row = tx.one("select sealed_feed from imports where id = $1", args![id]).await?;
    row.map_or(Ok(None), |mut row| row.take("sealed_feed"))
}

pub(crate) const SEALED_FEEDS: &Column = &seal::column!("imports", "sealed_feed", "imports", "id", "sealed_feed");

/// By position, from 0: whom each line is about, and the line.
pub(super) async fn insert_lines(
    tx: &mut WriteTx,
    import: &ImportId,
    lines: Vec<(&IdentityId, Vec<u8>)>,
) -> Result<(), DbError> {
    let row = |(position, (identity, sealed)): (u64, (&IdentityId, Vec<u8>))| args![import, position, identity, sealed];
    let into = "insert into import_lines (import_id, position, identity, sealed)";
    tx.insert_all(into, (0..).zip(lines).map(row).collect()).await
}

/// A stretch of lines by position.
pub(super) async fn lines_from(
    tx: &mut ReadTx,
    import: &ImportId,
    from: u64,
    limit: u32,
) -> Result<Vec<Vec<u8>>, DbError> {
    let sql = "select sealed from import_lines where import_id = $1 and position >= $2 order by position limit $3";
    tx.all(sql, args![import, from, limit]).await?.into_iter().map(|mut row| row.take("sealed")).collect()
}

/// By position, from 0.
pub(super) async fn lines(tx: &mut ReadTx, import: &ImportId) -> Result<Vec<Vec<u8>>, DbError> {
    let rows = tx.all("select sealed from import_lines where import_id = $1 order by position", args![import]).await?;
    rows.into_iter().map(|mut row| row.take("sealed")).collect()
}

pub(crate) const SEALED_LINES: &Column = &seal::column!(
    "import_lines",
    "sealed",
    "import_lines",
    "import_id || '/' || position",
    "sealed",
    "import_id = substr($1, 1, 36) and position = cast(substr($1, 38) as bigint)"
);

/// Import and position of every line about a person, oldest import first.
pub(super) async fn lines_about(tx: &mut ReadTx, identity: &IdentityId) -> Result<Vec<(ImportId, u64)>, DbError> {
    let sql = "select l.import_id, l.position from import_lines l join imports i on i.id = l.import_id
               where l.identity = $1 order by i.settled_at, l.import_id";
    let rows = tx.all(sql, args![identity]).await?;
    rows.into_iter().map(|mut row| Ok((row.take("import_id")?, row.take("position")?))).collect()
}

fn import(mut row: Row) -> Result<Import, DbError> {
    let id: ImportId = row.take("id")?;
    let trip: Option<String> = row.take("trip")?;
    let trip = || {
        let text = trip.clone().unwrap_or_default();
        serde_json::from_str::<Trip>(&text).map_err(|e| DbError::impossible("imports", "trip", &id, e))
    };
    let state: String = row.take("state")?;
    Ok(Import {
        source: row.take("source")?,
        leaving: row.take("leaving")?,
        received_at: row.take("received_at")?,
        sha256: row.take("sha256")?,
        records: row.take("records")?,
        counts: Counts {
            joiners: row.take("joiners")?,
            movers: row.take("movers")?,
            leavers: row.take("leavers")?,
            unchanged: row.take("unchanged")?,
            undecided: row.take("undecided")?,
        },
        state: match state.as_str() {
            "applied" => State::Applied { at: row.take("settled_at")?, confirmed_by: row.take("confirmed_by")? },
            "held" => State::Held { trip: trip()? },
            "superseded" => State::Superseded { at: row.take("settled_at")?, trip: trip()? },
            other => return Err(DbError::impossible("imports", "state", &id, format!("unknown state {other}"))),
        },
        id,
    })
}
