//! All SQL of sessions. Commands may hold what should not be read in a database file, so they are sealed.

use super::{EndReason, Filter, Kill, Outcome, Session, State, Used};
use db::{DbError, ReadTx, Row, Value, WriteTx, args};
use seal::Column;
use std::collections::{BTreeSet, HashMap};
use types::{Actor, GrantId, SessionId, Timestamp};

macro_rules! columns {
    ($rest:literal) => {
        concat!(
            "select id, grant_id, holder, target, login, channel, sealed_command, client, node, started_at, deadline, ",
            "kill_at, kill_actor, kill_reason, ended_at, end_reason, exit_status, bytes_in, bytes_out, ",
            "leftover_processes, account, account_version from sessions ",
            $rest
        )
    };
}

/// A session with its command still sealed.
pub(super) struct Stored {
    pub(super) session: Session,
    pub(super) sealed_command: Option<Vec<u8>>,
}

pub(super) async fn get(tx: &mut ReadTx, id: &SessionId) -> Result<Option<Stored>, DbError> {
    tx.one(columns!("where id = $1"), args![id]).await?.map(stored).transpose()
}

pub(super) async fn list(tx: &mut ReadTx, filter: &Filter) -> Result<Vec<Stored>, DbError> {
    let sql = columns!(
        "where (cast($1 as bigint) is null or ($1 = 1) = (ended_at is null))
           and (cast($2 as text) is null or grant_id = $2) and (cast($3 as text) is null or holder = $3)
           and (cast($4 as text) is null or target = $4) and (cast($5 as text) is null or id < $5)
         order by id desc limit $6"
    );
    let live = filter.live.map(i64::from);
    let (grant, holder, target) = (filter.grant.as_ref(), filter.holder.as_ref(), filter.target.as_deref());
    let values = args![live, grant, holder, target, filter.after.as_ref(), filter.limit];
    tx.all(sql, values).await?.into_iter().map(stored).collect()
}

pub(super) async fn live_on(tx: &mut ReadTx, node: &str) -> Result<Vec<SessionId>, DbError> {
    let sql = "select id from sessions where ended_at is null and node = $1 order by id";
    tx.all(sql, args![node]).await?.into_iter().map(|mut row| row.take("id")).collect()
}

pub(super) async fn nodes(tx: &mut ReadTx) -> Result<BTreeSet<String>, DbError> {
    let rows = tx.all("select distinct node from sessions", args![]).await?;
    rows.into_iter().map(|mut row| row.take("node")).collect()
}

pub(super) async fn live(tx: &mut ReadTx) -> Result<Vec<Stored>, DbError> {
    tx.all(columns!("where ended_at is null order by id"), args![]).await?.into_iter().map(stored).collect()
}

/// One live session of a grant, and the node that carries it.
pub(super) async fn live_of(tx: &mut ReadTx, grant: &GrantId) -> Result<Option<(SessionId, String)>, DbError> {
    let sql = "select id, node from sessions where ended_at is null and grant_id = $1 order by id limit 1";
    let row = tx.one(sql, args![grant]).await?;
    row.map(|mut row| Ok((row.take("id")?, row.take("node")?))).transpose()
}

pub(super) async fn count_live(
    tx: &mut ReadTx,
    of: impl IntoIterator<Item = &GrantId>,
) -> Result<HashMap<GrantId, u64>, DbError> {
    let sql = "select grant_id, count(*) as n from sessions
               where ended_at is null and grant_id in ($keys) group by grant_id";
    let rows = tx.all_in(sql, of.into_iter().map(Value::from).collect()).await?;
    rows.into_iter().map(|mut row| Ok((row.take("grant_id")?, row.take("n")?))).collect()
}

/// Live sessions of a node, and whether somebody ordered each to end.
pub(super) async fn live_and_killed(tx: &mut ReadTx, node: &str) -> Result<Vec<(SessionId, bool)>, DbError> {
    let sql = "select id, kill_at from sessions where ended_at is null and node = $1";
    let row = |mut row: Row| Ok((row.take("id")?, row.take::<Option<Timestamp>>("kill_at")?.is_some()));
    tx.all(sql, args![node]).await?.into_iter().map(row).collect()
}

pub(super) async fn insert(
    tx: &mut WriteTx,
    session: &Session,
    sealed_command: Option<Vec<u8>>,
) -> Result<(), DbError> {
    tx.run_one(
        "insert into sessions (id, grant_id, holder, target, login, channel, sealed_command, client, node, started_at,
           deadline, account, account_version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        args![
            &session.id,
            &session.grant,
            &session.holder,
            &session.target,
            &session.login,
            session.channel.as_str(),
            sealed_command,
            session.client.to_string(),
            &session.node,
            session.started_at,
            session.deadline,
            session.used.as_ref().map(|used| &used.account),
            session.used.as_ref().map(|used| i64::from(used.version)),
        ],
    )
    .await
}

pub(super) async fn update_kill(tx: &mut WriteTx, id: &SessionId, kill: &Kill) -> Result<(), DbError> {
    tx.run_one(
        "update sessions set kill_at = $2, kill_actor = $3, kill_reason = $4 where id = $1 and ended_at is null",
        args![id, kill.at, kill.by.to_string(), &kill.reason],
    )
    .await
}

pub(super) async fn update_ended(tx: &mut WriteTx, id: &SessionId, outcome: &Outcome) -> Result<(), DbError> {
    tx.run_one(
        "update sessions set ended_at = $2, end_reason = $3, exit_status = $4, bytes_in = $5, bytes_out = $6,
           leftover_processes = $7 where id = $1 and ended_at is null",
        args![
            id,
            outcome.at,
            outcome.reason.as_str(),
            outcome.exit_status,
            outcome.bytes_in,
            outcome.bytes_out,
            outcome.leftover_processes,
        ],
    )
    .await
}

pub(super) async fn update_leftovers(tx: &mut WriteTx, id: &SessionId, left: u32) -> Result<(), DbError> {
    let sql = "update sessions set leftover_processes = $2 where id = $1 and ended_at is not null";
    tx.run_one(sql, args![id, left]).await
}

/// Ended sessions of a grant that may still have something on their target.
pub(super) async fn unswept(tx: &mut ReadTx, grant: &GrantId) -> Result<Vec<Stored>, DbError> {
    let sql = columns!(
        "where grant_id = $1 and ended_at is not null and (leftover_processes is null or leftover_processes > 0)"
    );
    tx.all(sql, args![grant]).await?.into_iter().map(stored).collect()
}

/// Of these grants, those with live sessions.
pub(super) async fn grants_with_live(tx: &mut ReadTx, grants: Vec<Value>) -> Result<BTreeSet<GrantId>, DbError> {
    let sql = "select distinct grant_id from sessions where ended_at is null and grant_id in ($keys)";
    tx.all_in(sql, grants).await?.into_iter().map(|mut row| row.take("grant_id")).collect()
}

/// Ended sessions of these grants that may still have something on their target.
pub(super) async fn unswept_of(tx: &mut ReadTx, grants: Vec<Value>) -> Result<Vec<Stored>, DbError> {
    let sql = columns!(
        "where ended_at is not null and (leftover_processes is null or leftover_processes > 0)
           and grant_id in ($keys)"
    );
    tx.all_in(sql, grants).await?.into_iter().map(stored).collect()
}

/// What is sealed of them.
pub(crate) const SEALED: &Column = &seal::column!("sessions", "sealed_command", "sessions", "id", "sealed_command");

fn stored(mut row: Row) -> Result<Stored, DbError> {
    let id: SessionId = row.take("id")?;
    let impossible = |column, problem: String| DbError::impossible("sessions", column, &id, problem);
    let channel = row.take::<String>("channel")?.parse().map_err(|e| impossible("channel", e))?;
    let client = row.take::<String>("client")?.parse();
    let session = Session {
        grant: row.take("grant_id")?,
        holder: row.take("holder")?,
        target: row.take("target")?,
        login: row.take("login")?,
        channel,
        command: None,
        client: client.map_err(|e: std::net::AddrParseError| impossible("client", e.to_string()))?,
        node: row.take("node")?,
        started_at: row.take("started_at")?,
        deadline: row.take("deadline")?,
        used: match row.take("account")? {
            Some(account) => Some(Used { account, version: row.take("account_version")? }),
            None => None,
        },
        state: state(&mut row, &id)?,
        id,
    };
    Ok(Stored { session, sealed_command: row.take("sealed_command")? })
}

fn state(row: &mut Row, id: &SessionId) -> Result<State, DbError> {
    let impossible = |column, problem: String| DbError::impossible("sessions", column, id, problem);
    let kill = match row.take::<Option<Timestamp>>("kill_at")? {
        None => None,
        Some(at) => Some(Kill {
            at,
            by: Actor::try_from(row.take::<String>("kill_actor")?).map_err(|e| impossible("kill_actor", e))?,
            reason: row.take("kill_reason")?,
        }),
    };
    let Some(at) = row.take::<Option<Timestamp>>("ended_at")? else { return Ok(State::Live { kill }) };
    let reason: String = row.take("end_reason")?;
    let known = EndReason::ALL.into_iter().find(|known| known.as_str() == reason);
    Ok(State::Ended(Outcome {
        at,
        reason: known.ok_or_else(|| impossible("end_reason", format!("unknown reason {reason}")))?,
        kill,
        exit_status: row.take("exit_status")?,
        bytes_in: row.take("bytes_in")?,
        bytes_out: row.take("bytes_out")?,
        leftover_processes: row.take("leftover_processes")?,
    }))
}
