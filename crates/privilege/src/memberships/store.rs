//! All SQL of memberships for a time.

use super::{Membership, State};
use db::{DbError, ReadTx, Row, Value, WriteTx, args};
use std::collections::BTreeSet;
use types::{GrantId, OrderId, Timestamp};

macro_rules! columns {
    ($rest:literal) => {
        concat!(
            "select grant_id, holder, system, account, entitlement, add_order, remove_order, state, given_at, ended_at, ",
            "gone_at from memberships ",
            $rest
        )
    };
}

pub(super) async fn get(tx: &mut ReadTx, grant: &GrantId) -> Result<Option<Membership>, DbError> {
    tx.one(columns!("where grant_id = $1"), args![grant]).await?.map(membership).transpose()
}

/// Of these grants, those of which there is one.
pub(super) async fn known(tx: &mut ReadTx, grants: Vec<Value>) -> Result<BTreeSet<GrantId>, DbError> {
    ids(tx.all_in("select grant_id from memberships where grant_id in ($keys)", grants).await?)
}

/// Of these grants, those of which something is left.
pub(super) async fn with_left(tx: &mut ReadTx, grants: Vec<Value>) -> Result<BTreeSet<GrantId>, DbError> {
    ids(tx.all_in("select grant_id from memberships where grant_id in ($keys) and state <> 'gone'", grants).await?)
}

pub(super) async fn given(tx: &mut ReadTx) -> Result<Vec<Membership>, DbError> {
    let rows = tx.all(columns!("where state = 'given' order by grant_id"), args![]).await?;
    rows.into_iter().map(membership).collect()
}

pub(super) async fn taking(tx: &mut ReadTx) -> Result<Vec<Membership>, DbError> {
    let rows = tx.all(columns!("where state = 'taking' order by ended_at, grant_id"), args![]).await?;
    rows.into_iter().map(membership).collect()
}

/// Others of the same account in the same entitlement that are not gone.
pub(super) async fn beside(tx: &mut ReadTx, one: &Membership) -> Result<Vec<Membership>, DbError> {
    let sql =
        columns!("where account = $1 and entitlement = $2 and grant_id <> $3 and state <> 'gone' order by grant_id");
    tx.all(sql, args![&one.account, &one.entitlement, &one.grant]).await?.into_iter().map(membership).collect()
}

pub(super) async fn insert(tx: &mut WriteTx, new: &Membership) -> Result<(), DbError> {
    tx.run_one(
        "insert into memberships (grant_id, holder, system, account, entitlement, add_order, state, given_at)
         values ($1, $2, $3, $4, $5, $6, 'given', $7)",
        args![
            &new.grant,
            &new.holder,
            &new.system,
            &new.account,
            &new.entitlement,
            new.added_by.as_ref(),
            new.given_at,
        ],
    )
    .await
}

/// From now on it is this one that must be taken away.
pub(super) async fn update_added(tx: &mut WriteTx, grant: &GrantId, order: &OrderId) -> Result<(), DbError> {
    tx.run_one("update memberships set add_order = $2 where grant_id = $1 and state = 'given'", args![grant, order])
        .await
}

pub(super) async fn update_taking(
    tx: &mut WriteTx,
    grant: &GrantId,
    order: &OrderId,
    since: Timestamp,
) -> Result<(), DbError> {
    let sql = "update memberships set state = 'taking', remove_order = $2, ended_at = $3
               where grant_id = $1 and state <> 'gone'";
    tx.run_one(sql, args![grant, order, since]).await
}

pub(super) async fn update_gone(tx: &mut WriteTx, grant: &GrantId, at: Timestamp) -> Result<(), DbError> {
    let sql = "update memberships set state = 'gone', gone_at = $2 where grant_id = $1 and state <> 'gone'";
    tx.run_one(sql, args![grant, at]).await
}

fn ids(rows: Vec<Row>) -> Result<BTreeSet<GrantId>, DbError> {
    rows.into_iter().map(|mut row| row.take("grant_id")).collect()
}

fn membership(mut row: Row) -> Result<Membership, DbError> {
    const TABLE: &str = "memberships";
    let (grant, word): (GrantId, String) = (row.take("grant_id")?, row.take("state")?);
    let (order, since) = (row.take("remove_order")?, row.take("ended_at")?);
    let gone_at: Option<Timestamp> = row.take("gone_at")?;
    let state = match (word.as_str(), order, since, gone_at) {
        ("given", None, None, None) => State::Given,
        ("taking", Some(order), Some(since), None) => State::Taking { order, since },
        ("gone", _, _, Some(at)) => State::Gone { at },
        _ => return Err(DbError::impossible(TABLE, "state", &grant, &word)),
    };
    Ok(Membership {
        holder: row.take("holder")?,
        system: row.take("system")?,
        account: row.take("account")?,
        entitlement: row.take("entitlement")?,
        added_by: row.take("add_order")?,
        given_at: row.take("given_at")?,
        state,
        grant,
    })
}
