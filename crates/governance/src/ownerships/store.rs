//! All SQL of what leavers owned.

use super::{Filter, Kind, Ownership, State, Thing};
use db::{DbError, ReadTx, Row, Value, WriteTx, args};
use types::{CaseId, IdentityId, OwnershipId, Timestamp};

macro_rules! ownerships {
    ($rest:literal) => {
        concat!(
            "select id, case_id, owner, kind, subject, name, found_at, state, successor, because, decided_by, deadline, ",
            "settled_at from ownerships ",
            $rest
        )
    };
}

pub(super) async fn get(tx: &mut ReadTx, id: &OwnershipId) -> Result<Option<Ownership>, DbError> {
    tx.one(ownerships!("where id = $1"), args![id]).await?.map(ownership).transpose()
}

/// In the order in which they were found.
pub(super) async fn of_case(tx: &mut ReadTx, case: &CaseId) -> Result<Vec<Ownership>, DbError> {
    tx.all(ownerships!("where case_id = $1 order by id"), args![case]).await?.into_iter().map(ownership).collect()
}

/// The newest about a thing.
pub(super) async fn newest_of(tx: &mut ReadTx, kind: Kind, subject: &str) -> Result<Option<Ownership>, DbError> {
    let sql = ownerships!("where kind = $1 and subject = $2 order by id desc limit 1");
    tx.one(sql, args![kind.as_str(), subject]).await?.map(ownership).transpose()
}

pub(super) async fn list(tx: &mut ReadTx, filter: &Filter) -> Result<Vec<Ownership>, DbError> {
    let sql = ownerships!(
        "where (cast($1 as text) is null or owner = $1) and (cast($2 as text) is null or case_id = $2)
           and (cast($3 as text) is null or state = $3) and (cast($4 as text) is null or id < $4)
         order by id desc limit $5"
    );
    let Filter { owner, case, state, after, limit } = filter;
    let values = args![owner.as_ref(), case.as_ref(), state.as_deref(), after.as_ref(), *limit];
    tx.all(sql, values).await?.into_iter().map(ownership).collect()
}

/// Also one that the case knows already.
pub(super) async fn save(tx: &mut WriteTx, ownership: &Ownership) -> Result<(), DbError> {
    tx.run_one(
        "insert into ownerships (id, case_id, owner, kind, subject, name, found_at, state, successor, because,
           decided_by, deadline, settled_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
         on conflict (id) do update set state = excluded.state, successor = excluded.successor,
           because = excluded.because, decided_by = excluded.decided_by, deadline = excluded.deadline,
           settled_at = excluded.settled_at",
        values(ownership),
    )
    .await
}

/// What of this crate belongs to people who have left and have no open case, by its kind and name; ended machine
/// identities and those that end by themselves do not count.
pub(crate) async fn left_behind(tx: &mut ReadTx) -> Result<Vec<(String, String)>, DbError> {
    let sql = "select t.kind, t.name, t.owner from (
                 select 'system' as kind, name, owner from systems
                 union all select 'source' as kind, name, owner from sources
                 union all select 'entitlement' as kind, slug as name, owner from entitlement_settings
                 union all select 'machine' as kind, name, owner from machines where state = 'active') t
               join identities i on i.id = t.owner
               where i.state in ('terminated', 'archived') and not exists (
                 select 1 from leaver_cases c where c.identity = t.owner and c.closed_at is null)
               order by t.kind, t.name";
    tx.all(sql, args![]).await?.into_iter().map(|mut row| Ok((row.take("kind")?, row.take("name")?))).collect()
}

fn values(ownership: &Ownership) -> Vec<Value> {
    let (to, because, by) = match &ownership.state {
        State::HandedOver { to, because, by, .. } => (Some(to), Some(because.as_str()), by.as_ref()),
        _ => (None, None, None),
    };
    let deadline = match &ownership.state {
        State::DiesAt { deadline, .. } => Some(*deadline),
        _ => None,
    };
    let Thing { kind, subject, name } = &ownership.thing;
    args![
        &ownership.id,
        &ownership.case,
        &ownership.owner,
        kind.as_str(),
        subject,
        name,
        ownership.found_at,
        ownership.state.as_str(),
        to,
        because,
        by,
        deadline,
        ownership.state.settled_at(),
    ]
}

fn ownership(mut row: Row) -> Result<Ownership, DbError> {
    let id: OwnershipId = row.take("id")?;
    let (kind, state): (String, String) = (row.take("kind")?, row.take("state")?);
    let known = Kind::ALL.into_iter().find(|known| known.as_str() == kind);
    let (to, because): (Option<IdentityId>, Option<String>) = (row.take("successor")?, row.take("because")?);
    let (by, deadline): (Option<IdentityId>, Option<Timestamp>) = (row.take("decided_by")?, row.take("deadline")?);
    let state = match (state.as_str(), row.take::<Option<Timestamp>>("settled_at")?, to, because, deadline) {
        ("unowned", None, None, None, None) => State::Unowned,
        ("handed_over", Some(at), Some(to), Some(because), None) => State::HandedOver { to, at, by, because },
        ("dies_at", Some(at), None, None, Some(deadline)) => State::DiesAt { deadline, at },
        ("gone", Some(at), None, None, None) => State::Gone { at },
        _ => return Err(DbError::impossible("ownerships", "state", &id, format!("not what `{state}` has"))),
    };
    Ok(Ownership {
        case: row.take("case_id")?,
        owner: row.take("owner")?,
        thing: Thing {
            kind: known.ok_or_else(|| DbError::impossible("ownerships", "kind", &id, kind))?,
            subject: row.take("subject")?,
            name: row.take("name")?,
        },
        found_at: row.take("found_at")?,
        state,
        id,
    })
}
