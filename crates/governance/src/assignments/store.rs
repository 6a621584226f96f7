//! All SQL of assignments.

use super::{Assignment, Because, EndCause, Ended, Filter, What};
use crate::roles::Entitled;
use db::{DbError, ReadTx, Row, Value, WriteTx, args};
use std::collections::{BTreeSet, HashMap};
use types::{AssignmentId, IdentityId, Timestamp};

macro_rules! assignments {
    ($rest:literal) => {
        concat!(
            "select a.id, a.identity, a.kind, a.role, a.system, a.entitlement, a.from_at, a.until_at, a.given_at, ",
            "a.because, a.ended_at, a.end_cause from assignments a ",
            $rest
        )
    };
}

pub(super) async fn get(tx: &mut ReadTx, id: &AssignmentId) -> Result<Option<Assignment>, DbError> {
    tx.one(assignments!("where a.id = $1"), args![id]).await?.map(assignment).transpose()
}

pub(super) async fn list(tx: &mut ReadTx, filter: &Filter) -> Result<Vec<Assignment>, DbError> {
    let sql = assignments!(
        "where (cast($1 as text) is null or a.identity = $1) and (cast($2 as text) is null or a.role = $2)
           and ($3 = 0 or a.ended_at is null) and (cast($4 as text) is null or a.id > $4) order by a.id limit $5"
    );
    let values = args![
        filter.identity.as_ref(),
        filter.role.as_deref(),
        i64::from(filter.open_only),
        filter.after.as_ref(),
        filter.limit
    ];
    tx.all(sql, values).await?.into_iter().map(assignment).collect()
}

/// Those that were not ended, by person.
pub(crate) async fn open_of(
    tx: &mut ReadTx,
    ids: impl IntoIterator<Item = &IdentityId>,
) -> Result<HashMap<IdentityId, Vec<Assignment>>, DbError> {
    let sql = assignments!("where a.ended_at is null and a.identity in ($keys)");
    let mut open: HashMap<IdentityId, Vec<Assignment>> = HashMap::new();
    for row in tx.all_in(sql, ids.into_iter().map(Value::from).collect()).await? {
        let assignment = assignment(row)?;
        open.entry(assignment.identity.clone()).or_default().push(assignment);
    }
    Ok(open)
}

/// Whoever holds something that does not follow from the condition of a role.
pub(crate) async fn beyond_conditions(tx: &mut ReadTx) -> Result<BTreeSet<IdentityId>, DbError> {
    let sql = "select distinct identity from assignments
               where ended_at is null and (given_by is not null or kind = 'entitlement')";
    tx.all(sql, args![]).await?.into_iter().map(|mut row| row.take("identity")).collect()
}

/// Those that are over and were not ended, the longest overdue first.
pub(super) async fn due(tx: &mut ReadTx, now: Timestamp, limit: u32) -> Result<Vec<Assignment>, DbError> {
    let sql = assignments!("where a.ended_at is null and a.until_at <= $1 order by a.until_at, a.id limit $2");
    tx.all(sql, args![now, limit]).await?.into_iter().map(assignment).collect()
}

pub(super) async fn insert_all(tx: &mut WriteTx, new: &[Assignment]) -> Result<(), DbError> {
    let into = "insert into assignments (id, identity, kind, role, system, entitlement, from_at, until_at, given_at,
                  because, given_by)";
    tx.insert_all(into, new.iter().map(values).collect()).await
}

pub(super) async fn end_all(tx: &mut WriteTx, ids: &[&AssignmentId], ended: Ended) -> Result<(), DbError> {
    let sql = "update assignments set ended_at = $1, end_cause = $2 where ended_at is null and id in ($keys)";
    let keys = ids.iter().map(|id| Value::from(*id)).collect();
    tx.run_in(sql, args![ended.at, ended.cause.as_str()], keys).await
}

/// Those of these ids that there are, also those that ended.
pub(crate) async fn known(tx: &mut ReadTx, ids: Vec<Value>) -> Result<Vec<String>, DbError> {
    let rows = tx.all_in("select id from assignments where id in ($keys)", ids).await?;
    rows.into_iter().map(|mut row| row.take("id")).collect()
}

/// Assignments that say they follow from what is not there: a role that nobody declared, or nobody's order.
pub(crate) async fn without_because(tx: &mut ReadTx) -> Result<Vec<AssignmentId>, DbError> {
    let sql = "select a.id from assignments a where a.ended_at is null
                 and (a.kind = 'role' and not exists (select 1 from roles r where r.name = a.role)
                   or a.given_by is not null and not exists (select 1 from identities i where i.id = a.given_by))
               order by a.id";
    tx.all(sql, args![]).await?.into_iter().map(|mut row| row.take("id")).collect()
}

/// How many open ones there are of an entitlement by itself.
pub(crate) async fn of_entitlement(tx: &mut ReadTx, system: &str, entitlement: &str) -> Result<u64, DbError> {
    let sql = "select count(*) as n from assignments where ended_at is null and kind = 'entitlement' and system = $1
                 and entitlement = $2 and given_by is not null";
    tx.count(sql, args![system, entitlement]).await
}

/// How many open ones there are of a role, given by persons or held by its condition.
pub(crate) async fn of_role(tx: &mut ReadTx, role: &str) -> Result<u64, DbError> {
    let sql = "select count(*) as n from assignments where ended_at is null and kind = 'role' and role = $1";
    tx.count(sql, args![role]).await
}

pub(crate) async fn count(tx: &mut ReadTx) -> Result<u64, DbError> {
    tx.count("select count(*) as n from assignments where ended_at is null", args![]).await
}

fn values(assignment: &Assignment) -> Vec<Value> {
    let (role, entitled) = match &assignment.what {
        What::Role(role) => (Some(role.as_str()), None),
        What::Entitlement(entitled) => (None, Some(entitled)),
    };
    let given_by = match &assignment.because {
        Because::Person { by, .. } => Some(by),
        Because::Condition { .. } | Because::Grace { .. } => None,
    };
    args![
        &assignment.id,
        &assignment.identity,
        assignment.what.kind(),
        role,
        entitled.map(|entitled| entitled.system.as_str()),
        entitled.map(|entitled| entitled.entitlement.as_str()),
        assignment.from,
        assignment.until,
        assignment.given_at,
        serde_json::to_string(&assignment.because).expect("a because is plain data"),
        given_by,
    ]
}

fn assignment(mut row: Row) -> Result<Assignment, DbError> {
    let id: AssignmentId = row.take("id")?;
    let (kind, because): (String, String) = (row.take("kind")?, row.take("because")?);
    let (role, system): (Option<String>, Option<String>) = (row.take("role")?, row.take("system")?);
    let what = match (kind.as_str(), role, system, row.take::<Option<String>>("entitlement")?) {
        ("role", Some(role), None, None) => What::Role(role),
        ("entitlement", None, Some(system), Some(entitlement)) => What::Entitlement(Entitled { system, entitlement }),
        _ => return Err(DbError::impossible("assignments", "kind", &id, format!("not what a {kind} has"))),
    };
    let cause: Option<String> = row.take("end_cause")?;
    let ended = match (row.take::<Option<Timestamp>>("ended_at")?, cause) {
        (None, None) => None,
        (Some(at), Some(cause)) => {
            let known = EndCause::ALL.into_iter().find(|known| known.as_str() == cause);
            let cause = known.ok_or_else(|| DbError::impossible("assignments", "end_cause", &id, cause))?;
            Some(Ended { at, cause })
        }
        _ => return Err(DbError::impossible("assignments", "end_cause", &id, "an end without its cause")),
    };
    Ok(Assignment {
        identity: row.take("identity")?,
        what,
        from: row.take("from_at")?,
        until: row.take("until_at")?,
        given_at: row.take("given_at")?,
        because: serde_json::from_str(&because).map_err(|e| DbError::impossible("assignments", "because", &id, e))?,
        ended,
        id,
    })
}
