//! All SQL of leaver cases.

use super::{Case, Step};
use db::{DbError, ReadTx, Row, Value, WriteTx, args};
use types::{CaseId, IdentityId, Timestamp};

macro_rules! cases {
    ($rest:literal) => {
        concat!(
            "select id, identity, import_id, event_at, begun_at, withdrawn, step, account_disabled_at, ",
            "last_privilege_gone_at, closed_at, sessions_ended_at, accounts_disabled_at, owned_at, reopened ",
            "from leaver_cases ",
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

/// `by_date`: the time came that a source had stated before.
pub(super) async fn insert(tx: &mut WriteTx, case: &Case, by_date: bool) -> Result<(), DbError> {
    let Case { identity, import, event_at, begun_at, withdrawn, .. } = case;
    tx.run_one(
        "insert into leaver_cases (id, step, account_disabled_at, last_privilege_gone_at, closed_at, sessions_ended_at,
           accounts_disabled_at, owned_at, reopened, identity, import_id, event_at, begun_at, withdrawn, by_date)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        [state(case), args![identity, import.as_ref(), *event_at, *begun_at, *withdrawn, i64::from(by_date)]].concat(),
    )
    .await
}

pub(super) async fn update_step(tx: &mut WriteTx, case: &Case) -> Result<(), DbError> {
    tx.run_one(
        "update leaver_cases set step = $2, account_disabled_at = $3, last_privilege_gone_at = $4, closed_at = $5,
           sessions_ended_at = $6, accounts_disabled_at = $7, owned_at = $8, reopened = $9
         where id = $1",
        state(case),
    )
    .await
}

fn state(case: &Case) -> Vec<Value> {
    let step = &case.step;
    args![
        &case.id,
        step.as_str(),
        step.account_disabled_at(),
        step.last_privilege_gone_at(),
        step.closed_at(),
        case.sessions_ended_at,
        step.accounts_disabled_at(),
        step.owned_at(),
        case.reopened,
    ]
}

fn case(mut row: Row) -> Result<Case, DbError> {
    let id: CaseId = row.take("id")?;
    let step: String = row.take("step")?;
    let closed_at: Option<Timestamp> = row.take("closed_at")?;
    let closed = || closed_at.ok_or_else(|| DbError::impossible("leaver_cases", "closed_at", &id, "is not closed"));
    let disabled_at: Option<Timestamp> = row.take("account_disabled_at")?;
    let disabled = || {
        disabled_at.ok_or_else(|| DbError::impossible("leaver_cases", "account_disabled_at", &id, "is not disabled"))
    };
    let last_privilege_gone_at = row.take("last_privilege_gone_at")?;
    let accounts_disabled_at = row.take("accounts_disabled_at")?;
    let owned_at = row.take("owned_at")?;
    let step = match step.as_str() {
        "await_sessions_ended" => Step::AwaitSessionsEnded,
        "await_privilege_gone" => Step::AwaitPrivilegeGone { account_disabled_at: disabled()? },
        "await_accounts_disabled" => {
            Step::AwaitAccountsDisabled { account_disabled_at: disabled()?, last_privilege_gone_at }
        }
        "await_ownership" => {
            Step::AwaitOwnership { account_disabled_at: disabled()?, last_privilege_gone_at, accounts_disabled_at }
        }
        "done" => Step::Done {
            account_disabled_at: disabled()?,
            last_privilege_gone_at,
            accounts_disabled_at,
            owned_at,
            at: closed()?,
        },
        "cancelled" => Step::Cancelled { at: closed()? },
        other => return Err(DbError::impossible("leaver_cases", "step", &id, format!("unknown step {other}"))),
    };
    Ok(Case {
        identity: row.take("identity")?,
        import: row.take("import_id")?,
        event_at: row.take("event_at")?,
        begun_at: row.take("begun_at")?,
        withdrawn: row.take("withdrawn")?,
        sessions_ended_at: row.take("sessions_ended_at")?,
        reopened: row.take("reopened")?,
        step,
        id,
    })
}
