//! All SQL of machine identities and their versions.

use super::{Cause, Environment, Filter, Machine, State, StateName, Version};
use db::{DbError, ReadTx, Row, Value, WriteTx, args};
use std::collections::HashMap;
use types::{IdentityId, Timestamp};

macro_rules! machines {
    ($rest:literal) => {
        concat!(
            "select identity, name, owner, purpose, environment, ends_at, registered_at, state, unowned_since, ",
            "deadline, ended_at, end_cause from machines ",
            $rest
        )
    };
}

pub(crate) async fn get(tx: &mut ReadTx, id: &IdentityId) -> Result<Option<Machine>, DbError> {
    tx.one(machines!("where identity = $1"), args![id]).await?.map(machine).transpose()
}

pub(crate) async fn by_name(tx: &mut ReadTx, name: &str) -> Result<Option<Machine>, DbError> {
    tx.one(machines!("where name = $1"), args![name]).await?.map(machine).transpose()
}

/// Those of the list that there are, by id.
pub(crate) async fn of_ids(
    tx: &mut ReadTx,
    ids: impl IntoIterator<Item = &IdentityId>,
) -> Result<HashMap<IdentityId, Machine>, DbError> {
    let sql = machines!("where identity in ($keys)");
    let found = tx.all_in(sql, ids.into_iter().map(Value::from).collect()).await?;
    found.into_iter().map(|row| machine(row).map(|found| (found.id.clone(), found))).collect()
}

/// The next number behind the start of a name; `is_taken`: the last one was given already, and many more may be.
pub(super) async fn next_number(tx: &mut WriteTx, start: &str, is_taken: bool) -> Result<u64, DbError> {
    let sql = "insert into machine_names (start, last) values ($1, 2)
               on conflict (start) do update set last = case when $2 = 1 then machine_names.last * 2
                 else machine_names.last + 1 end";
    tx.run_one(sql, args![start, i64::from(is_taken)]).await?;
    tx.count("select last as n from machine_names where start = $1", args![start]).await
}

pub(crate) async fn list(tx: &mut ReadTx, filter: &Filter) -> Result<Vec<Machine>, DbError> {
    let sql = machines!(
        "where (cast($1 as text) is null or owner = $1) and (cast($2 as text) is null or state = $2)
           and (cast($3 as text) is null or environment = $3) and (cast($4 as text) is null or identity > $4)
         order by identity limit $5"
    );
    let (state, environment) = (filter.state.map(StateName::as_str), filter.environment.map(Environment::as_str));
    let values = args![filter.owner.as_ref(), state, environment, filter.after.as_ref(), filter.limit];
    tx.all(sql, values).await?.into_iter().map(machine).collect()
}

pub(super) async fn active_of(tx: &mut ReadTx, owner: &IdentityId) -> Result<Vec<Machine>, DbError> {
    let sql = machines!("where owner = $1 and state = 'active' order by identity");
    tx.all(sql, args![owner]).await?.into_iter().map(machine).collect()
}

/// Machines that nobody took over since their owner left.
pub(crate) async fn left_by(tx: &mut ReadTx, owner: &IdentityId) -> Result<Vec<Machine>, DbError> {
    let sql = machines!("where owner = $1 and state = 'unowned' order by identity");
    tx.all(sql, args![owner]).await?.into_iter().map(machine).collect()
}

/// Machines whose time, or whose time without an owner, is over.
pub(super) async fn due(tx: &mut ReadTx, now: Timestamp) -> Result<Vec<Machine>, DbError> {
    let sql = machines!("where state <> 'ended' and (ends_at <= $1 or deadline <= $1) order by identity");
    tx.all(sql, args![now]).await?.into_iter().map(machine).collect()
}

/// Machines that end until `until`.
pub(super) async fn ending(tx: &mut ReadTx, until: Timestamp) -> Result<Vec<Machine>, DbError> {
    let sql = machines!("where state <> 'ended' and ends_at <= $1 order by identity");
    tx.all(sql, args![until]).await?.into_iter().map(machine).collect()
}

pub(super) async fn history(tx: &mut ReadTx, id: &IdentityId) -> Result<Vec<Version>, DbError> {
    let sql = "select identity, from_at, until_at, owner, purpose, environment, ends_at, state from machine_versions
               where identity = $1 order by version";
    tx.all(sql, args![id]).await?.into_iter().map(version).collect()
}

pub(crate) async fn count(tx: &mut ReadTx) -> Result<u64, DbError> {
    tx.count("select count(*) as n from machines", args![]).await
}

/// Machines whose row is not the same as their open version, or that have none.
pub(crate) async fn without_matching_version(tx: &mut ReadTx) -> Result<Vec<IdentityId>, DbError> {
    let sql = "select m.identity from machines m where not exists (
                 select 1 from machine_versions v where v.identity = m.identity and v.until_at is null
                   and v.owner = m.owner and v.purpose = m.purpose and v.environment = m.environment
                   and v.ends_at = m.ends_at and v.state = m.state) order by m.identity";
    tx.all(sql, args![]).await?.into_iter().map(|mut row| row.take("identity")).collect()
}

pub(super) async fn insert(tx: &mut WriteTx, machine: &Machine) -> Result<(), DbError> {
    tx.run_one(
        "insert into machines (identity, name, owner, purpose, environment, ends_at, state, unowned_since, deadline,
           ended_at, end_cause, registered_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        [values(machine), args![machine.registered_at]].concat(),
    )
    .await?;
    open_version(tx, machine, machine.registered_at).await
}

/// Closes the open version and opens the next.
pub(super) async fn change(tx: &mut WriteTx, machine: &Machine, now: Timestamp) -> Result<(), DbError> {
    tx.run_one(
        "update machines set name = $2, owner = $3, purpose = $4, environment = $5, ends_at = $6, state = $7,
           unowned_since = $8, deadline = $9, ended_at = $10, end_cause = $11 where identity = $1",
        values(machine),
    )
    .await?;
    let close = "update machine_versions set until_at = $2 where identity = $1 and until_at is null";
    tx.run_one(close, args![&machine.id, now]).await?;
    open_version(tx, machine, now).await
}

async fn open_version(tx: &mut WriteTx, new: &Machine, now: Timestamp) -> Result<(), DbError> {
    tx.run_one(
        "insert into machine_versions (identity, version, from_at, owner, purpose, environment, ends_at, state)
         values ($1, (select coalesce(max(version), 0) + 1 from machine_versions where identity = $1),
           $2, $3, $4, $5, $6, $7)",
        args![&new.id, now, &new.owner, &new.purpose, new.environment.as_str(), new.ends_at, new.state.name().as_str()],
    )
    .await
}

fn values(machine: &Machine) -> Vec<Value> {
    let (since, deadline, ended_at, cause) = match machine.state {
        State::Active => (None, None, None, None),
        State::Unowned { since, deadline } => (Some(since), Some(deadline), None, None),
        State::Ended { at, cause } => (None, None, Some(at), Some(cause.as_str())),
    };
    args![
        &machine.id,
        &machine.name,
        &machine.owner,
        &machine.purpose,
        machine.environment.as_str(),
        machine.ends_at,
        machine.state.name().as_str(),
        since,
        deadline,
        ended_at,
        cause,
    ]
}

fn machine(mut row: Row) -> Result<Machine, DbError> {
    let id: IdentityId = row.take("identity")?;
    let (state, environment): (String, String) = (row.take("state")?, row.take("environment")?);
    Ok(Machine {
        name: row.take("name")?,
        owner: row.take("owner")?,
        purpose: row.take("purpose")?,
        environment: environment.parse().map_err(|e| DbError::impossible("machines", "environment", &id, e))?,
        ends_at: row.take("ends_at")?,
        registered_at: row.take("registered_at")?,
        state: match state.as_str() {
            "active" => State::Active,
            "unowned" => State::Unowned { since: row.take("unowned_since")?, deadline: row.take("deadline")? },
            "ended" => State::Ended { at: row.take("ended_at")?, cause: cause(&mut row, &id)? },
            other => return Err(DbError::impossible("machines", "state", &id, format!("unknown state {other}"))),
        },
        id,
    })
}

fn cause(row: &mut Row, id: &IdentityId) -> Result<Cause, DbError> {
    let text: String = row.take("end_cause")?;
    let known = Cause::ALL.into_iter().find(|cause| cause.as_str() == text);
    known.ok_or_else(|| DbError::impossible("machines", "end_cause", id, format!("unknown cause {text}")))
}

fn version(mut row: Row) -> Result<Version, DbError> {
    let id: IdentityId = row.take("identity")?;
    let environment: String = row.take("environment")?;
    Ok(Version {
        from: row.take("from_at")?,
        until: row.take("until_at")?,
        owner: row.take("owner")?,
        purpose: row.take("purpose")?,
        environment: environment.parse().map_err(|e| DbError::impossible("machine_versions", "environment", &id, e))?,
        ends_at: row.take("ends_at")?,
        state: row.take("state")?,
    })
}
