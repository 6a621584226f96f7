//! All SQL of plans and their lines.

use super::{Filter, Hold, Plan, Released, State};
use db::{DbError, ReadTx, Row, Value, WriteTx, args};
use seal::Column;
use std::collections::{BTreeSet, HashMap};
use types::{IdentityId, PlanId, Timestamp};

macro_rules! plans {
    ($rest:literal) => {
        concat!(
            "select id, system, computed_at, state, holds, counts, lines, more, content, manifest, released_at, ",
            "confirmed_by, over_at from plans ",
            $rest
        )
    };
}

pub(crate) const SEALED_LINES: &Column = &seal::column!(
    "plan_lines",
    "sealed",
    "plan_lines",
    "plan || '/' || position",
    "sealed",
    "plan = substr($1, 1, 36) and position = cast(substr($1, 38) as bigint)"
);

pub(super) async fn get(tx: &mut ReadTx, id: &PlanId) -> Result<Option<Plan>, DbError> {
    tx.one(plans!("where id = $1"), args![id]).await?.map(plan).transpose()
}

/// The one that is held, or of which something is to be done still.
pub(super) async fn open_of(tx: &mut ReadTx, system: &str) -> Result<Option<Plan>, DbError> {
    let sql = plans!("where system = $1 and state in ('held', 'released')");
    tx.one(sql, args![system]).await?.map(plan).transpose()
}

pub(super) async fn list(tx: &mut ReadTx, filter: &Filter) -> Result<Vec<Plan>, DbError> {
    let sql = plans!(
        "where (cast($1 as text) is null or system = $1) and (cast($2 as text) is null or state = $2)
           and (cast($3 as text) is null or id < $3) order by id desc limit $4"
    );
    let values = args![filter.system.as_deref(), filter.state.as_deref(), filter.after.as_ref(), filter.limit];
    tx.all(sql, values).await?.into_iter().map(plan).collect()
}

/// Ids in their order, after one.
pub(super) async fn ids(tx: &mut ReadTx, after: Option<&PlanId>, limit: u32) -> Result<Vec<PlanId>, DbError> {
    let sql = "select id from plans where cast($1 as text) is null or id > $1 order by id limit $2";
    tx.all(sql, args![after, limit]).await?.into_iter().map(|mut row| row.take("id")).collect()
}

/// Those of these plans whose orders were given.
pub(super) async fn released(tx: &mut ReadTx, plans: Vec<Value>) -> Result<BTreeSet<String>, DbError> {
    let sql = "select id from plans where released_at is not null and id in ($keys)";
    tx.all_in(sql, plans).await?.into_iter().map(|mut row| row.take("id")).collect()
}

/// Everybody in the lines of the open plan of a system.
pub(crate) async fn people_of_open(tx: &mut ReadTx, system: &str) -> Result<BTreeSet<IdentityId>, DbError> {
    let sql = "select distinct l.identity from plan_lines l join plans p on p.id = l.plan
               where p.system = $1 and p.state in ('held', 'released')";
    tx.all(sql, args![system]).await?.into_iter().map(|mut row| row.take("identity")).collect()
}

/// What each of these people should be when their account was last made or set.
pub(crate) async fn ordered_desires(
    tx: &mut ReadTx,
    system: &str,
    people: &[IdentityId],
) -> Result<HashMap<IdentityId, [u8; 32]>, DbError> {
    let sql = "select l.identity, l.plan, l.desired from plan_lines l join plans p on p.id = l.plan
               where p.system = $1 and p.released_at is not null and l.act in ('create', 'change')
                 and l.identity in ($keys)";
    let mut newest: HashMap<IdentityId, (PlanId, [u8; 32])> = HashMap::new();
    for mut row in tx.all_behind(sql, args![system], people.iter().map(Value::from).collect()).await? {
        let (identity, plan, desired): (IdentityId, PlanId, [u8; 32]) =
            (row.take("identity")?, row.take("plan")?, row.take("desired")?);
        if newest.get(&identity).is_none_or(|(known, _)| *known < plan) {
            newest.insert(identity, (plan, desired));
        }
    }
    Ok(newest.into_iter().map(|(identity, (_, desired))| (identity, desired)).collect())
}

/// Those of these plans that a person let through.
pub(super) async fn confirmed(tx: &mut ReadTx, plans: Vec<Value>) -> Result<BTreeSet<String>, DbError> {
    let sql = "select id from plans where confirmed_by is not null and id in ($keys)";
    tx.all_in(sql, plans).await?.into_iter().map(|mut row| row.take("id")).collect()
}

pub(super) async fn insert(tx: &mut WriteTx, plan: &Plan) -> Result<(), DbError> {
    let columns = Columns::of(&plan.state);
    tx.run_one(
        "insert into plans (id, system, computed_at, state, holds, counts, lines, more, content, manifest, released_at,
           confirmed_by, over_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        args![
            &plan.id,
            &plan.system,
            plan.computed_at,
            plan.state.as_str(),
            columns.holds,
            serde_json::to_string(&plan.counts).expect("counts are plain data"),
            plan.lines,
            plan.more,
            plan.content,
            &plan.manifest,
            columns.released_at,
            columns.confirmed_by,
            columns.over_at
        ],
    )
    .await
}

/// What became of one that was open.
pub(super) async fn update(tx: &mut WriteTx, plan: &Plan) -> Result<(), DbError> {
    let columns = Columns::of(&plan.state);
    tx.run_one(
        "update plans set state = $2, holds = $3, released_at = $4, confirmed_by = $5, over_at = $6
         where id = $1 and state in ('held', 'released')",
        args![&plan.id, plan.state.as_str(), columns.holds, columns.released_at, columns.confirmed_by, columns.over_at],
    )
    .await
}

/// A line as it is kept.
pub(super) struct KeptLine {
    pub(super) sealed: Vec<u8>,
    pub(super) act: &'static str,
    pub(super) identity: IdentityId,
    pub(super) desired: [u8; 32],
}

pub(super) async fn insert_lines(tx: &mut WriteTx, plan: &PlanId, lines: Vec<KeptLine>) -> Result<(), DbError> {
    let rows = (0_u64..).zip(lines);
    let row = |(at, line): (u64, KeptLine)| args![plan, at, line.sealed, line.act, &line.identity, line.desired];
    let into = "insert into plan_lines (plan, position, sealed, act, identity, desired)";
    tx.insert_all(into, rows.map(row).collect()).await
}

/// By position, from one on.
pub(super) async fn lines_from(
    tx: &mut ReadTx,
    plan: &PlanId,
    from: u64,
    limit: u32,
) -> Result<Vec<(u64, Vec<u8>)>, DbError> {
    let sql = "select position, sealed from plan_lines where plan = $1 and position >= $2 order by position limit $3";
    let line = |mut row: Row| Ok((row.take("position")?, row.take("sealed")?));
    tx.all(sql, args![plan, from, limit]).await?.into_iter().map(line).collect()
}

#[derive(Default)]
struct Columns<'a> {
    holds: String,
    released_at: Option<Timestamp>,
    confirmed_by: Option<&'a IdentityId>,
    over_at: Option<Timestamp>,
}

impl<'a> Columns<'a> {
    fn of(state: &'a State) -> Self {
        let none: &[Hold] = &[];
        let holds = match state {
            State::Held { holds } => holds.as_slice(),
            _ => none,
        };
        let over_at = match state {
            State::Held { .. } | State::Released(_) => None,
            State::Settled { at, .. } | State::Superseded { at, .. } => Some(*at),
        };
        Self {
            holds: serde_json::to_string(holds).expect("holds are plain data"),
            released_at: state.released().map(|released| released.at),
            confirmed_by: state.released().and_then(|released| released.confirmed_by.as_ref()),
            over_at,
        }
    }
}

fn plan(mut row: Row) -> Result<Plan, DbError> {
    let id: PlanId = row.take("id")?;
    let (word, holds, counts): (String, String, String) = (row.take("state")?, row.take("holds")?, row.take("counts")?);
    let bad = |column, e: serde_json::Error| DbError::impossible("plans", column, &id, e);
    let (released_at, confirmed_by): (Option<Timestamp>, Option<IdentityId>) =
        (row.take("released_at")?, row.take("confirmed_by")?);
    let released = released_at.map(|at| Released { at, confirmed_by });
    let state = match (word.as_str(), released, row.take::<Option<Timestamp>>("over_at")?) {
        ("held", None, None) => State::Held { holds: serde_json::from_str(&holds).map_err(|e| bad("holds", e))? },
        ("released", Some(released), None) => State::Released(released),
        ("settled", Some(released), Some(at)) => State::Settled { released, at },
        ("superseded", released, Some(at)) => State::Superseded { released, at },
        _ => return Err(DbError::impossible("plans", "state", &id, format!("not what one has that is {word}"))),
    };
    Ok(Plan {
        system: row.take("system")?,
        computed_at: row.take("computed_at")?,
        counts: serde_json::from_str(&counts).map_err(|e| bad("counts", e))?,
        lines: row.take("lines")?,
        more: row.take("more")?,
        manifest: row.take("manifest")?,
        content: row.take("content")?,
        state,
        id,
    })
}
