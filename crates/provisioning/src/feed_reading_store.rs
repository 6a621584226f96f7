//! All SQL of readings of sources.

use crate::feed::{Outcome, Question, Reading, State, Trouble};
use db::{DbError, ReadTx, Row, WriteTx, args};
use types::{ImportId, ReadId, Timestamp};

macro_rules! readings {
    ($rest:literal) => {
        concat!(
            "select id, source, question, asked_at, state, pages, records, ended_at, settled_at, cursor, code, detail, ",
            "import, began_at from feed_readings ",
            $rest
        )
    };
}

pub(crate) async fn get(tx: &mut ReadTx, id: &ReadId) -> Result<Option<Reading>, DbError> {
    tx.one(readings!("where id = $1"), args![id]).await?.map(reading).transpose()
}

pub(crate) async fn open(tx: &mut ReadTx, source: &str) -> Result<Option<Reading>, DbError> {
    tx.one(readings!("where source = $1 and settled_at is null"), args![source]).await?.map(reading).transpose()
}

pub(crate) async fn list(
    tx: &mut ReadTx,
    source: &str,
    after: Option<&ReadId>,
    limit: u32,
) -> Result<Vec<Reading>, DbError> {
    let sql = readings!("where source = $1 and (cast($2 as text) is null or id < $2) order by id desc limit $3");
    tx.all(sql, args![source, after, limit]).await?.into_iter().map(reading).collect()
}

pub(crate) async fn cursor(tx: &mut ReadTx, source: &str) -> Result<Option<String>, DbError> {
    let sql = "select cursor from feed_readings where source = $1 and cursor is not null
                 and state in ('applied', 'held', 'unchanged') order by id desc limit 1";
    tx.one(sql, args![source]).await?.map(|mut row| row.take("cursor")).transpose()
}

pub(crate) async fn whole_at(tx: &mut ReadTx, source: &str) -> Result<Option<Timestamp>, DbError> {
    let sql = "select asked_at from feed_readings where source = $1 and whole = 1
                 and state in ('applied', 'held', 'unchanged') order by id desc limit 1";
    tx.one(sql, args![source]).await?.map(|mut row| row.take("asked_at")).transpose()
}

pub(crate) async fn forget_before(tx: &mut WriteTx, source: &str, at: Timestamp) -> Result<u64, DbError> {
    let sql = "delete from feed_readings where source = $1 and settled_at < $2 and state in ('unchanged', 'refused')";
    tx.run(sql, args![source, at]).await
}

pub(crate) async fn insert(tx: &mut WriteTx, reading: &Reading) -> Result<(), DbError> {
    let question = serde_json::to_string(&reading.question).expect("a question is plain data");
    tx.run_one(
        "insert into feed_readings (id, source, question, whole, asked_at, state) values ($1, $2, $3, $4, $5, $6)",
        args![
            &reading.id,
            &reading.source,
            question,
            i64::from(reading.question.is_whole()),
            reading.asked_at,
            reading.state.as_str()
        ],
    )
    .await
}

pub(crate) async fn update(tx: &mut WriteTx, reading: &Reading) -> Result<(), DbError> {
    let (ended, settled, trouble, import) = columns(&reading.state);
    tx.run_one(
        "update feed_readings set state = $2, pages = $3, records = $4, ended_at = coalesce($5, ended_at),
           settled_at = $6, cursor = $7, code = $8, detail = $9, import = $10, began_at = $11
         where id = $1 and settled_at is null",
        args![
            &reading.id,
            reading.state.as_str(),
            reading.pages,
            reading.records,
            ended,
            settled,
            reading.cursor.as_deref(),
            trouble.map(|trouble| trouble.code.as_str()),
            trouble.map(|trouble| trouble.detail.as_str()),
            import,
            reading.began_at,
        ],
    )
    .await
}

type Columns<'a> = (Option<Timestamp>, Option<Timestamp>, Option<&'a Trouble>, Option<&'a ImportId>);

fn columns(state: &State) -> Columns<'_> {
    match state {
        State::Asked | State::Reading => (None, None, None, None),
        State::Ended { at } => (Some(*at), None, None, None),
        State::Broken { at, trouble } => (Some(*at), None, Some(trouble), None),
        State::Settled { at, outcome } => match outcome {
            Outcome::Applied(import) | Outcome::Held(import) => (None, Some(*at), None, Some(import)),
            Outcome::Unchanged => (None, Some(*at), None, None),
            Outcome::Refused(trouble) => (None, Some(*at), Some(trouble), None),
        },
    }
}

fn reading(mut row: Row) -> Result<Reading, DbError> {
    let id: ReadId = row.take("id")?;
    let question: String = row.take("question")?;
    let question: Question =
        serde_json::from_str(&question).map_err(|e| DbError::impossible("feed_readings", "question", &id, e))?;
    let state: String = row.take("state")?;
    let state = match state.as_str() {
        "asked" => State::Asked,
        "reading" => State::Reading,
        "ended" => State::Ended { at: row.take("ended_at")? },
        "broken" => State::Broken { at: row.take("ended_at")?, trouble: trouble(&mut row)? },
        settled => {
            let outcome = match settled {
                "applied" => Outcome::Applied(row.take("import")?),
                "held" => Outcome::Held(row.take("import")?),
                "unchanged" => Outcome::Unchanged,
                "refused" => Outcome::Refused(trouble(&mut row)?),
                other => {
                    return Err(DbError::impossible("feed_readings", "state", &id, format!("unknown state {other}")));
                }
            };
            State::Settled { at: row.take("settled_at")?, outcome }
        }
    };
    Ok(Reading {
        source: row.take("source")?,
        question,
        asked_at: row.take("asked_at")?,
        began_at: row.take("began_at")?,
        state,
        pages: row.take("pages")?,
        records: row.take("records")?,
        cursor: row.take("cursor")?,
        id,
    })
}

fn trouble(row: &mut Row) -> Result<Trouble, DbError> {
    Ok(Trouble { code: row.take("code")?, detail: row.take("detail")? })
}
