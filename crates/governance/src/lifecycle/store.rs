//! All SQL of leaver cases.

use super::{Case, Step};
use db::{DbError, ReadTx, Row, WriteTx, args};
use types::{CaseId, IdentityId, Timestamp};

macro_rules! cases {
    ($rest:literal) => {
        concat!(
            "select id, identity, import_id, event_at, begun_at, withdrawn, step, account_disabled_at, ",
            "last_privilege_gone_at, closed_at from leaver_cases ",
            $rest
        )
    };
}

pub(super) async fn get(tx: &mut ReadTx, id: &CaseId) -> Result<Option<Case>, DbError> {
    tx.one(cases!("where id = $1"), args![id]).await?.map(case).transpose()
}

pub(crate) async fn open(tx: &mut ReadTx) -> Result<Vec<Case>, DbError> {
    tx.all(cases!("where closed_at is null order by id"), args![]).await?.into_iter().map(case).collect()
}

pub(crate) async fn open_of(tx: &mut ReadTx, identity: &IdentityId) -> Result<Option<Case>, DbError> {
    let sql = cases!("where identity = $1 and closed_at is null");
    tx.one(sql, args![identity]).await?.map(case).transpose()
}

pub(super) async fn newest_of(tx: &mut ReadTx, identity: &IdentityId) -> Result<Option<Case>, DbError> {
    tx.one(cases!("where identity = $1 order by id desc limit 1"), args![identity]).await?.map(case).transpose()
}

pub(super) async fn list(tx: &mut ReadTx, after: Option<&CaseId>, limit: u32) -> Result<Vec<Case>, DbError> {
    let sql = cases!("where cast($1 as text) is null or id < $1 order by id desc limit $2");
    tx.all(sql, args![after, limit]).await?.into_iter().map(case).collect()
}

/// The case that was finished last among those in which there was privilege to remove.
pub(super) async fn last_measured(tx: &mut ReadTx) -> Result<Option<Case>, DbError> {
    let sql = cases!("where step = 'done' and last_privilege_gone_at is not null order by closed_at desc, id limit 1");
    tx.one(sql, args![]).await?.map(case).transpose()
}

pub(super) async fn insert(tx: &mut WriteTx, case: &Case) -> Result<(), DbError> {
    let (step, disabled, gone, closed) = columns(&case.step);
    tx.run_one(
        "insert into leaver_cases (id, identity, import_id, event_at, begun_at, withdrawn, step, account_disabled_at,
           last_privilege_gone_at, closed_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        args![
            &case.id,
            &case.identity,
            case.import.as_ref(),
            case.event_at,
            case.begun_at,
            case.withdrawn,
            step,
            disabled,
            gone,
            closed,
        ],
    )
    .await
}

pub(super) async fn update_step(tx: &mut WriteTx, case: &Case) -> Result<(), DbError> {
    let (step, disabled, gone, closed) = columns(&case.step);
    tx.run_one(
        "update leaver_cases set step = $2, account_disabled_at = $3, last_privilege_gone_at = $4, closed_at = $5
         where id = $1 and closed_at is null",
        args![&case.id, step, disabled, gone, closed],
    )
    .await
}

type Columns = (&'static str, Option<Timestamp>, Option<Timestamp>, Option<Timestamp>);

fn columns(step: &Step) -> Columns {
    match *step {
        Step::AwaitSessionsEnded => ("await_sessions_ended", None, None, None),
        Step::AwaitPrivilegeGone { account_disabled_at } => {
            ("await_privilege_gone", Some(account_disabled_at), None, None)
        }
        Step::Done { account_disabled_at, last_privilege_gone_at, at } => {
            ("done", Some(account_disabled_at), last_privilege_gone_at, Some(at))
        }
        Step::Cancelled { at } => ("cancelled", None, None, Some(at)),
    }
}

fn case(mut row: Row) -> Result<Case, DbError> {
    let id: CaseId = row.take("id")?;
    let step: String = row.take("step")?;
    Ok(Case {
        identity: row.take("identity")?,
        import: row.take("import_id")?,
        event_at: row.take("event_at")?,
        begun_at: row.take("begun_at")?,
        withdrawn: row.take("withdrawn")?,
        step: match step.as_str() {
            "await_sessions_ended" => Step::AwaitSessionsEnded,
            "await_privilege_gone" => {
                Step::AwaitPrivilegeGone { account_disabled_at: row.take("account_disabled_at")? }
            }
            "done" => Step::Done {
                account_disabled_at: row.take("account_disabled_at")?,
                last_privilege_gone_at: row.take("last_privilege_gone_at")?,
                at: row.take("closed_at")?,
            },
            "cancelled" => Step::Cancelled { at: row.take("closed_at")? },
            other => return Err(DbError::impossible("leaver_cases", "step", &id, format!("unknown step {other}"))),
        },
        id,
    })
}
