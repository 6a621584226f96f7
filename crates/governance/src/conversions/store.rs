//! All SQL of conversions.

use super::held::Held;
use super::{Conversion, Filter, Left, Membership, State, Why};
use db::{DbError, ReadTx, Row, WriteTx, args};
use types::{ConversionId, Timestamp};

macro_rules! conversions {
    ($rest:literal) => {
        concat!(
            "select id, system, account, entitlement, identity, role, assignment, removal, began_at, began_by, deadline, ",
            "state, why, restoring_since, restoration, over_at from conversions ",
            $rest
        )
    };
}

pub(super) async fn get(tx: &mut ReadTx, id: &ConversionId) -> Result<Option<Conversion>, DbError> {
    tx.one(conversions!("where id = $1"), args![id]).await?.map(conversion).transpose()
}

/// Newest first.
pub(super) async fn list(tx: &mut ReadTx, filter: &Filter) -> Result<Vec<Conversion>, DbError> {
    let sql = conversions!(
        "where (cast($1 as text) is null or system = $1) and (cast($2 as text) is null or identity = $2)
           and (cast($3 as text) is null or state = $3) and (cast($4 as text) is null or id < $4)
         order by id desc limit $5"
    );
    let values = args![
        filter.system.as_deref(),
        filter.identity.as_ref(),
        filter.state.as_deref(),
        filter.after.as_ref(),
        filter.limit
    ];
    tx.all(sql, values).await?.into_iter().map(conversion).collect()
}

/// Those of which something is to happen still, after one.
pub(super) async fn open(
    tx: &mut ReadTx,
    after: Option<&ConversionId>,
    limit: u32,
) -> Result<Vec<Conversion>, DbError> {
    let sql = conversions!(
        "where state in ('removing', 'restoring') and (cast($1 as text) is null or id > $1) order by id limit $2"
    );
    tx.all(sql, args![after, limit]).await?.into_iter().map(conversion).collect()
}

/// The one of a membership of which something is to happen still.
pub(super) async fn open_of(tx: &mut ReadTx, of: &Membership) -> Result<Option<Conversion>, DbError> {
    let sql = conversions!("where account = $1 and entitlement = $2 and state in ('removing', 'restoring')");
    tx.one(sql, args![&of.account, &of.entitlement]).await?.map(conversion).transpose()
}

/// A newer one of the same membership, whatever became of it.
pub(super) async fn is_followed(tx: &mut ReadTx, one: &Conversion) -> Result<bool, DbError> {
    let sql = conversions!("where account = $1 and entitlement = $2 and id > $3 limit 1");
    Ok(tx.one(sql, args![&one.account, &one.entitlement, &one.id]).await?.is_some())
}

pub(super) async fn insert(tx: &mut WriteTx, new: &Conversion) -> Result<(), DbError> {
    tx.run_one(
        "insert into conversions (id, system, account, entitlement, identity, role, assignment, removal, began_at,
           began_by, deadline, state) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'removing')",
        args![
            &new.id,
            &new.system,
            &new.account,
            &new.entitlement,
            &new.identity,
            &new.role,
            new.assignment.as_ref(),
            &new.removal,
            new.began_at,
            &new.began_by,
            new.deadline
        ],
    )
    .await
}

pub(super) async fn update(tx: &mut WriteTx, conversion: &Conversion) -> Result<(), DbError> {
    let (why, since, order, at) = match &conversion.state {
        State::Removing => (None, None, None, None),
        State::Done { at } => (None, None, None, Some(*at)),
        State::Restoring { why, since, order } => (Some(why.as_str()), Some(*since), order.as_ref(), None),
        State::Undone { why, at } => (Some(why.as_str()), None, None, Some(*at)),
        State::Abandoned { why, at } => (Some(why.as_str()), None, None, Some(*at)),
    };
    tx.run_one(
        "update conversions set state = $2, why = $3, restoring_since = coalesce($4, restoring_since),
           restoration = case when $2 = 'restoring' then $5 else restoration end, over_at = $6 where id = $1",
        args![&conversion.id, conversion.state.as_str(), why, since, order, at],
    )
    .await
}

/// How many memberships of a system were begun to be taken away, and how many were given back, since.
pub(super) async fn counted_since(
    tx: &mut ReadTx,
    system: &str,
    since: Timestamp,
) -> Result<Vec<(ConversionId, Counted)>, DbError> {
    let sql = "select id, case when began_at > $2 then 1 else 0 end as taken,
                 case when restoration is not null and restoring_since > $2 then 1 else 0 end as given
               from conversions where system = $1 and (began_at > $2 or restoring_since > $2) order by id";
    let counted = |mut row: Row| {
        let (taken, given): (i64, i64) = (row.take("taken")?, row.take("given")?);
        Ok((row.take("id")?, Counted { was_taken: taken == 1, was_given: given == 1 }))
    };
    tx.all(sql, args![system, since]).await?.into_iter().map(counted).collect()
}

/// What one conversion ordered within a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Counted {
    pub(super) was_taken: bool,
    pub(super) was_given: bool,
}

fn conversion(mut row: Row) -> Result<Conversion, DbError> {
    const TABLE: &str = "conversions";
    let id: ConversionId = row.take("id")?;
    let (word, why): (String, Option<String>) = (row.take("state")?, row.take("why")?);
    let (since, order) = (row.take("restoring_since")?, row.take("restoration")?);
    let over: Option<Timestamp> = row.take("over_at")?;
    let undone = Why::ALL.into_iter().find(|known| why.as_deref() == Some(known.as_str()));
    let left = Left::ALL.into_iter().find(|known| why.as_deref() == Some(known.as_str()));
    let state = match (word.as_str(), undone, left, over) {
        ("removing", None, None, None) => State::Removing,
        ("done", None, None, Some(at)) => State::Done { at },
        ("restoring", Some(why), None, None) => {
            let since: Option<Timestamp> = since;
            let since = since.ok_or_else(|| DbError::impossible(TABLE, "restoring_since", &id, "not set"))?;
            State::Restoring { why, since, order }
        }
        ("undone", Some(why), None, Some(at)) => State::Undone { why, at },
        ("abandoned", None, Some(why), Some(at)) => State::Abandoned { why, at },
        _ => return Err(DbError::impossible(TABLE, "state", &id, &word)),
    };
    Ok(Conversion {
        system: row.take("system")?,
        account: row.take("account")?,
        entitlement: row.take("entitlement")?,
        identity: row.take("identity")?,
        role: row.take("role")?,
        assignment: row.take("assignment")?,
        removal: row.take("removal")?,
        began_at: row.take("began_at")?,
        began_by: row.take("began_by")?,
        deadline: row.take("deadline")?,
        state,
        id,
    })
}

/// What a breaker held of these memberships and this role.
pub(super) async fn held(tx: &mut ReadTx, content: &str) -> Result<Option<Held>, DbError> {
    let sql = "select content, began_by, held_at, trips from held_conversions where content = $1";
    let held = |mut row: Row| {
        let trips: String = row.take("trips")?;
        let bad = |e| DbError::impossible("held_conversions", "trips", content, e);
        Ok(Held {
            trips: serde_json::from_str(&trips).map_err(bad)?,
            content: row.take("content")?,
            began_by: row.take("began_by")?,
            held_at: row.take("held_at")?,
        })
    };
    tx.one(sql, args![content]).await?.map(held).transpose()
}

/// What was held at the latest then.
pub(super) async fn held_until(tx: &mut ReadTx, until: Timestamp) -> Result<Vec<String>, DbError> {
    let sql = "select content from held_conversions where held_at <= $1 order by content";
    tx.all(sql, args![until]).await?.into_iter().map(|mut row| row.take("content")).collect()
}

/// In the place of what was held of the same before.
pub(super) async fn hold(tx: &mut WriteTx, held: &Held) -> Result<(), DbError> {
    let trips = serde_json::to_string(&held.trips).expect("trips are plain data");
    tx.run_one(
        "insert into held_conversions (content, began_by, held_at, trips) values ($1, $2, $3, $4)
         on conflict (content) do update set began_by = excluded.began_by, held_at = excluded.held_at,
           trips = excluded.trips",
        args![&held.content, &held.began_by, held.held_at, trips],
    )
    .await
}

pub(super) async fn let_go(tx: &mut WriteTx, content: &str) -> Result<(), DbError> {
    tx.run_one("delete from held_conversions where content = $1", args![content]).await
}
