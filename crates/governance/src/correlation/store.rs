//! All SQL of match cases.

use super::model::{Candidate, CaseState, MatchCase};
use db::{DbError, ReadTx, Row, WriteTx, args};
use types::{IdentityId, MatchCaseId, Timestamp};

macro_rules! cases {
    ($rest:literal) => {
        concat!(
            "select id, source, record_key, import_id, candidates, opened_at, state, decided_by, decided_at, identity ",
            "from match_cases ",
            $rest
        )
    };
}

pub(super) async fn get(tx: &mut ReadTx, id: &MatchCaseId) -> Result<Option<MatchCase>, DbError> {
    tx.one(cases!("where id = $1"), args![id]).await?.map(case).transpose()
}

/// Newest first; `after` continues behind one.
pub(super) async fn list(
    tx: &mut ReadTx,
    state: Option<&str>,
    after: Option<&MatchCaseId>,
    limit: u32,
) -> Result<Vec<MatchCase>, DbError> {
    let sql = cases!(
        "where (cast($1 as text) is null or state = $1) and (cast($2 as text) is null or id < $2)
           order by id desc limit $3"
    );
    tx.all(sql, args![state, after, limit]).await?.into_iter().map(case).collect()
}

pub(super) async fn open_of(tx: &mut ReadTx, source: &str, key: &str) -> Result<Option<MatchCase>, DbError> {
    let sql = cases!("where source = $1 and record_key = $2 and state = 'open'");
    tx.one(sql, args![source, key]).await?.map(case).transpose()
}

pub(super) async fn count_open(tx: &mut ReadTx) -> Result<u64, DbError> {
    tx.count("select count(*) as n from match_cases where state = 'open'", args![]).await
}

pub(super) async fn insert(tx: &mut WriteTx, case: &MatchCase) -> Result<(), DbError> {
    let candidates = serde_json::to_string(&case.candidates).expect("candidates are plain data");
    tx.run_one(
        "insert into match_cases (id, source, record_key, import_id, candidates, opened_at, state)
         values ($1, $2, $3, $4, $5, $6, 'open')",
        args![&case.id, &case.source, &case.key, &case.import, candidates, case.opened_at],
    )
    .await
}

/// Writes what became of an open case.
pub(super) async fn settle(tx: &mut WriteTx, case: &MatchCase) -> Result<(), DbError> {
    let Some(Settled { state, by, at, identity }) = Settled::of(&case.state) else { return Ok(()) };
    tx.run_one(
        "update match_cases set state = $2, decided_by = $3, decided_at = $4, identity = $5
         where id = $1 and state = 'open'",
        args![&case.id, state, by, at, identity],
    )
    .await
}

fn case(mut row: Row) -> Result<MatchCase, DbError> {
    let id: MatchCaseId = row.take("id")?;
    Ok(MatchCase {
        candidates: candidates(&mut row, "match_cases", &id)?,
        state: state(&mut row, "match_cases", &id)?,
        source: row.take("source")?,
        key: row.take("record_key")?,
        import: row.take("import_id")?,
        opened_at: row.take("opened_at")?,
        id,
    })
}

/// What the columns of a case say that is not open any more.
pub(crate) struct Settled<'a> {
    pub(crate) state: &'static str,
    pub(crate) by: Option<&'a IdentityId>,
    pub(crate) at: Timestamp,
    pub(crate) identity: Option<&'a IdentityId>,
}

impl<'a> Settled<'a> {
    pub(crate) fn of(state: &'a CaseState) -> Option<Self> {
        match state {
            CaseState::Open => None,
            CaseState::Decided { by, at, identity } => {
                Some(Self { state: "decided", by: Some(by), at: *at, identity: identity.as_ref() })
            }
            CaseState::Moot { at } => Some(Self { state: "moot", by: None, at: *at, identity: None }),
        }
    }
}

/// Of a case in any table of cases.
pub(crate) fn candidates(row: &mut Row, table: &'static str, id: &MatchCaseId) -> Result<Vec<Candidate>, DbError> {
    let candidates: String = row.take("candidates")?;
    serde_json::from_str(&candidates).map_err(|e| DbError::impossible(table, "candidates", id, e))
}

/// Of a case in any table of cases.
pub(crate) fn state(row: &mut Row, table: &'static str, id: &MatchCaseId) -> Result<CaseState, DbError> {
    let state: String = row.take("state")?;
    Ok(match state.as_str() {
        "open" => CaseState::Open,
        "decided" => CaseState::Decided {
            by: row.take("decided_by")?,
            at: row.take("decided_at")?,
            identity: row.take("identity")?,
        },
        "moot" => CaseState::Moot { at: row.take("decided_at")? },
        other => return Err(DbError::impossible(table, "state", id, format!("unknown state {other}"))),
    })
}
