//! All SQL of who is to be looked at again, how far each system was looked at, and which accounts are as they should be.

use db::{DbError, ReadTx, Row, Value, WriteTx, args};
use std::collections::HashMap;
use types::{AssignmentId, IdentityId, ObservedAccountId, Timestamp};

/// In place of a person: everybody is to be looked at again.
const EVERYBODY: &str = "";

/// An account that was seen to be what it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SettledRow {
    pub(crate) account: ObservedAccountId,
    pub(crate) identity: IdentityId,
    pub(crate) desired: [u8; 32],
    pub(crate) observed: [u8; 32],
    pub(crate) at: Timestamp,
}

impl SettledRow {
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        (&self.account, &self.identity, self.desired, self.observed)
            == (&other.account, &other.identity, other.desired, other.observed)
    }
}

/// How far a system was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Position {
    /// Of the changes of people.
    pub(crate) seq: u64,
    /// Of the readings of the system.
    pub(crate) read_at: Timestamp,
    pub(crate) premise: [u8; 32],
    /// When everybody was looked at closely.
    pub(crate) looked_at: Timestamp,
    /// When a person let the first plan through.
    pub(crate) loaded_at: Option<Timestamp>,
}

impl Position {
    /// What somebody else wrote meanwhile is not undone.
    pub(crate) fn since(self, now: Option<&Self>) -> Self {
        match now {
            Some(now) => Self { loaded_at: now.loaded_at, seq: self.seq.max(now.seq), ..self },
            None => self,
        }
    }
}

pub(crate) async fn newest(tx: &mut ReadTx) -> Result<u64, DbError> {
    tx.count("select max(seq) as n from desired_dirty", args![]).await
}

async fn next(tx: &mut ReadTx) -> Result<u64, DbError> {
    Ok(newest(tx).await? + 1)
}

pub(super) async fn mark(
    tx: &mut WriteTx,
    people: impl IntoIterator<Item = &IdentityId>,
    now: Timestamp,
) -> Result<(), DbError> {
    let seq = next(tx).await?;
    for person in people {
        mark_one(tx, person.as_str(), seq, now).await?;
    }
    Ok(())
}

pub(super) async fn mark_everybody(tx: &mut WriteTx, now: Timestamp) -> Result<(), DbError> {
    let seq = next(tx).await?;
    mark_one(tx, EVERYBODY, seq, now).await
}

async fn mark_one(tx: &mut WriteTx, person: &str, seq: u64, now: Timestamp) -> Result<(), DbError> {
    tx.run_one(
        "insert into desired_dirty (identity, seq, since_at) values ($1, $2, $3)
         on conflict (identity) do update set seq = excluded.seq, since_at = excluded.since_at",
        args![person, seq, now],
    )
    .await
}

/// People nobody has heard of before.
pub(super) async fn mark_new(tx: &mut WriteTx, people: &[&IdentityId], now: Timestamp) -> Result<(), DbError> {
    let seq = next(tx).await?;
    let rows = people.iter().map(|person| args![*person, seq, now]).collect();
    tx.insert_all("insert into desired_dirty (identity, seq, since_at)", rows).await
}

/// Whether something changed for everybody after `seq`.
pub(crate) async fn everybody_is_dirty(tx: &mut ReadTx, seq: u64) -> Result<bool, DbError> {
    let sql = "select 1 as one from desired_dirty where seq > $1 and identity = $2";
    Ok(tx.one(sql, args![seq, EVERYBODY]).await?.is_some())
}

/// Those of whom something changed after `seq`. Whether something changed for everybody is seen by other means.
pub(crate) async fn dirty(tx: &mut ReadTx, seq: u64) -> Result<Vec<IdentityId>, DbError> {
    let sql = "select identity from desired_dirty where seq > $1 and identity <> $2 order by seq, identity";
    let rows = tx.all(sql, args![seq, EVERYBODY]).await?;
    let mut people = Vec::with_capacity(rows.len());
    for mut row in rows {
        let identity: String = row.take("identity")?;
        people.push(identity.parse().map_err(|e| DbError::impossible("desired_dirty", "identity", &identity, e))?);
    }
    Ok(people)
}

/// People with an assignment that was given ahead and has begun since they were looked at.
pub(super) async fn begun(tx: &mut ReadTx, now: Timestamp, limit: u32) -> Result<Vec<IdentityId>, DbError> {
    let sql = "select distinct a.identity from assignments a left join desired_dirty d on d.identity = a.identity
               where a.ended_at is null and a.from_at > a.given_at and a.from_at <= $1
                 and (d.since_at is null or d.since_at < a.from_at) order by a.identity limit $2";
    tx.all(sql, args![now, limit]).await?.into_iter().map(|mut row| row.take("identity")).collect()
}

pub(crate) async fn position(tx: &mut ReadTx, system: &str) -> Result<Option<Position>, DbError> {
    let sql = "select seq, read_at, premise, looked_at, loaded_at from reconciliations where system = $1";
    let position = |mut row: Row| {
        Ok(Position {
            seq: row.take("seq")?,
            read_at: row.take("read_at")?,
            premise: row.take("premise")?,
            looked_at: row.take("looked_at")?,
            loaded_at: row.take("loaded_at")?,
        })
    };
    tx.one(sql, args![system]).await?.map(position).transpose()
}

pub(crate) async fn set_position(tx: &mut WriteTx, system: &str, position: &Position) -> Result<(), DbError> {
    tx.run_one(
        "insert into reconciliations (system, seq, read_at, premise, looked_at, loaded_at) values ($1, $2, $3, $4, $5, $6)
         on conflict (system) do update set seq = excluded.seq, read_at = excluded.read_at, premise = excluded.premise,
           looked_at = excluded.looked_at, loaded_at = excluded.loaded_at",
        args![
            system,
            position.seq,
            position.read_at,
            position.premise,
            position.looked_at,
            position.loaded_at
        ],
    )
    .await
}

/// What is known of these accounts: whose, and the digest of what was observed.
pub(super) async fn observed_of(
    tx: &mut ReadTx,
    accounts: Vec<Value>,
) -> Result<HashMap<ObservedAccountId, (IdentityId, [u8; 32])>, DbError> {
    let sql = "select account, identity, observed from settled_accounts where account in ($keys)";
    let row = |mut row: Row| Ok((row.take("account")?, (row.take("identity")?, row.take("observed")?)));
    tx.all_in(sql, accounts).await?.into_iter().map(row).collect()
}

pub(super) async fn settled_of(
    tx: &mut ReadTx,
    system: &str,
    people: &[IdentityId],
) -> Result<HashMap<IdentityId, Vec<SettledRow>>, DbError> {
    let sql = "select account, identity, desired, observed, settled_at from settled_accounts
               where system = $1 and identity in ($keys)";
    let mut rows: HashMap<IdentityId, Vec<SettledRow>> = HashMap::new();
    for mut row in tx.all_behind(sql, args![system], people.iter().map(Value::from).collect()).await? {
        let row = SettledRow {
            account: row.take("account")?,
            identity: row.take("identity")?,
            desired: row.take("desired")?,
            observed: row.take("observed")?,
            at: row.take("settled_at")?,
        };
        let of = rows.entry(row.identity.clone()).or_default();
        // A statement for several keys at once may give a row more than once.
        if !of.contains(&row) {
            of.push(row);
        }
    }
    Ok(rows)
}

pub(crate) async fn settle(tx: &mut WriteTx, system: &str, row: &SettledRow) -> Result<(), DbError> {
    tx.run_one(
        "insert into settled_accounts (account, system, identity, desired, observed, settled_at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (account) do update set identity = excluded.identity, desired = excluded.desired,
           observed = excluded.observed, settled_at = excluded.settled_at",
        args![&row.account, system, &row.identity, row.desired, row.observed, row.at],
    )
    .await
}

pub(crate) async fn unsettle(tx: &mut WriteTx, account: &ObservedAccountId) -> Result<(), DbError> {
    tx.run("delete from settled_accounts where account = $1", args![account]).await.map(drop)
}

/// Whoever was given something on the system itself, after an assignment; each with that assignment.
pub(super) async fn entitled_directly(
    tx: &mut ReadTx,
    system: &str,
    after: Option<&AssignmentId>,
    limit: u32,
) -> Result<Vec<(AssignmentId, IdentityId)>, DbError> {
    let sql = "select id, identity from assignments where system = $1 and ended_at is null
                 and (cast($2 as text) is null or id > $2) order by id limit $3";
    tx.all(sql, args![system, after, limit]).await?.into_iter().map(holder).collect()
}

/// Whoever holds a role, after an assignment.
pub(super) async fn entitled_by_role(
    tx: &mut ReadTx,
    role: &str,
    after: Option<&AssignmentId>,
    limit: u32,
) -> Result<Vec<(AssignmentId, IdentityId)>, DbError> {
    let sql = "select id, identity from assignments where role = $1 and ended_at is null
                 and (cast($2 as text) is null or id > $2) order by id limit $3";
    tx.all(sql, args![role, after, limit]).await?.into_iter().map(holder).collect()
}

fn holder(mut row: Row) -> Result<(AssignmentId, IdentityId), DbError> {
    Ok((row.take("id")?, row.take("identity")?))
}
