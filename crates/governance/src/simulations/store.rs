//! All SQL of simulations and their lines. The files are sealed, because owners are named in them.

use super::{Filter, Simulation, SimulationError, State};
use crate::configuration::{File, Terms};
use db::{DbError, ReadTx, Row, Value, WriteTx, args};
use ledger::Ctx;
use seal::{Column, Record};
use types::{IdentityId, SimulationId, Timestamp};

macro_rules! simulations {
    ($rest:literal) => {
        concat!(
            "select id, computed_at, computed_by, state, changes, premise, counts, looked_at, lines, content, manifest, ",
            "applied_at, applied_by from simulations ",
            $rest
        )
    };
}

pub(crate) const SEALED_FILES: &Column = &seal::column!("simulations", "files", "simulations", "id", "files");

pub(crate) const SEALED_LINES: &Column = &seal::column!(
    "simulation_lines",
    "sealed",
    "simulation_lines",
    "simulation || '/' || position",
    "sealed",
    "simulation = substr($1, 1, 36) and position = cast(substr($1, 38) as bigint)"
);

/// The files that a simulation is about, as they were given.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    files: Vec<File>,
    terms: Terms,
}

pub(super) async fn get(tx: &mut ReadTx, id: &SimulationId) -> Result<Option<Simulation>, DbError> {
    tx.one(simulations!("where id = $1"), args![id]).await?.map(simulation).transpose()
}

/// One that is not applied and says the same of the same.
pub(super) async fn same(tx: &mut ReadTx, content: [u8; 32]) -> Result<Option<Simulation>, DbError> {
    let sql = simulations!("where content = $1 and state = 'computed' order by id desc limit 1");
    tx.one(sql, args![content]).await?.map(simulation).transpose()
}

pub(super) async fn list(tx: &mut ReadTx, filter: &Filter) -> Result<Vec<Simulation>, DbError> {
    let sql = simulations!(
        "where (cast($1 as text) is null or state = $1) and (cast($2 as text) is null or id < $2)
         order by id desc limit $3"
    );
    let values = args![filter.state.as_deref(), filter.after.as_ref(), filter.limit];
    tx.all(sql, values).await?.into_iter().map(simulation).collect()
}

/// Ids in their order, after one.
pub(super) async fn ids(
    tx: &mut ReadTx,
    after: Option<&SimulationId>,
    limit: u32,
) -> Result<Vec<SimulationId>, DbError> {
    let sql = "select id from simulations where cast($1 as text) is null or id > $1 order by id limit $2";
    tx.all(sql, args![after, limit]).await?.into_iter().map(|mut row| row.take("id")).collect()
}

pub(super) async fn insert(
    ctx: &Ctx,
    tx: &mut WriteTx,
    simulation: &Simulation,
    (files, terms): (&[File], &Terms),
) -> Result<(), SimulationError> {
    let given = Given { files: files.to_vec(), terms: terms.clone() };
    let plain = serde_json::to_vec(&given).expect("files are plain data");
    let sealed = ctx.seal().seal(record(&simulation.id), &plain)?;
    let json = |value: serde_json::Value| value.to_string();
    tx.run_one(
        "insert into simulations (id, computed_at, computed_by, state, changes, premise, counts, looked_at, lines, content,
           manifest, files) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        args![
            &simulation.id,
            simulation.computed_at,
            simulation.computed_by.as_ref(),
            simulation.state.as_str(),
            json(serde_json::json!(simulation.changes)),
            json(serde_json::json!(simulation.premise)),
            json(serde_json::json!(simulation.counts)),
            simulation.looked_at,
            simulation.lines,
            simulation.content,
            &simulation.manifest,
            sealed
        ],
    )
    .await?;
    Ok(())
}

fn record(id: &SimulationId) -> Record<'_> {
    Record { table: "simulations", column: "files", row: id.as_str() }
}

pub(super) async fn files(
    ctx: &Ctx,
    tx: &mut ReadTx,
    id: &SimulationId,
) -> Result<(Vec<File>, Terms), SimulationError> {
    let found = tx.one("select files from simulations where id = $1", args![id]).await?;
    let sealed: Vec<u8> = found.ok_or_else(|| SimulationError::NotFound(id.clone()))?.take("files")?;
    let plain = ctx.seal().unseal(record(id), &sealed)?;
    let impossible = |error: serde_json::Error| DbError::impossible("simulations", "files", id, error);
    let Given { files, terms } = serde_json::from_slice(plain.expose()).map_err(impossible)?;
    Ok((files, terms))
}

pub(super) async fn applied(
    tx: &mut WriteTx,
    id: &SimulationId,
    at: Timestamp,
    by: Option<&IdentityId>,
) -> Result<(), DbError> {
    let sql = "update simulations set state = 'applied', applied_at = $2, applied_by = $3
               where id = $1 and state = 'computed'";
    tx.run_one(sql, args![id, at, by]).await
}

/// Those that were computed until then and are not applied, the oldest first, each with the number of its lines.
pub(super) async fn outlived(
    tx: &mut ReadTx,
    until: Timestamp,
    limit: u32,
) -> Result<Vec<(SimulationId, u64)>, DbError> {
    let sql = "select id, lines from simulations where state = 'computed' and computed_at <= $1
               order by computed_at, id limit $2";
    let row = |mut row: Row| Ok((row.take("id")?, row.take("lines")?));
    tx.all(sql, args![until, limit]).await?.into_iter().map(row).collect()
}

/// With its lines.
pub(super) async fn delete(tx: &mut WriteTx, id: &SimulationId) -> Result<(), DbError> {
    tx.run("delete from simulation_lines where simulation = $1", args![id]).await?;
    tx.run_one("delete from simulations where id = $1 and state = 'computed'", args![id]).await
}

pub(super) async fn insert_lines(
    tx: &mut WriteTx,
    simulation: &SimulationId,
    lines: Vec<(IdentityId, Vec<u8>)>,
) -> Result<(), DbError> {
    let row = |(at, (identity, sealed)): (u64, (IdentityId, Vec<u8>))| args![simulation, at, &identity, sealed];
    let into = "insert into simulation_lines (simulation, position, identity, sealed)";
    tx.insert_all(into, (0_u64..).zip(lines).map(row).collect()).await
}

/// By position, from one on.
pub(super) async fn lines_from(
    tx: &mut ReadTx,
    simulation: &SimulationId,
    from: u64,
    limit: u32,
) -> Result<Vec<(u64, Vec<u8>)>, DbError> {
    let sql = "select position, sealed from simulation_lines where simulation = $1 and position >= $2
               order by position limit $3";
    tx.all(sql, args![simulation, from, limit]).await?.into_iter().map(line).collect()
}

/// Those about these people.
pub(super) async fn lines_of(
    tx: &mut ReadTx,
    simulation: &SimulationId,
    people: &[IdentityId],
) -> Result<Vec<(u64, Vec<u8>)>, DbError> {
    let sql = "select position, sealed from simulation_lines where simulation = $1 and identity in ($keys)";
    let keys = people.iter().map(Value::from).collect();
    tx.all_behind(sql, args![simulation], keys).await?.into_iter().map(line).collect()
}

fn line(mut row: Row) -> Result<(u64, Vec<u8>), DbError> {
    Ok((row.take("position")?, row.take("sealed")?))
}

fn simulation(mut row: Row) -> Result<Simulation, DbError> {
    let id: SimulationId = row.take("id")?;
    let (word, changes): (String, String) = (row.take("state")?, row.take("changes")?);
    let (premise, counts): (String, String) = (row.take("premise")?, row.take("counts")?);
    let bad = |column, e: serde_json::Error| DbError::impossible("simulations", column, &id, e);
    let state = match (word.as_str(), row.take::<Option<Timestamp>>("applied_at")?) {
        ("computed", None) => State::Computed,
        ("applied", Some(at)) => State::Applied { at, by: row.take("applied_by")? },
        _ => return Err(DbError::impossible("simulations", "state", &id, format!("not what one has that is {word}"))),
    };
    Ok(Simulation {
        computed_at: row.take("computed_at")?,
        computed_by: row.take("computed_by")?,
        changes: serde_json::from_str(&changes).map_err(|e| bad("changes", e))?,
        premise: serde_json::from_str(&premise).map_err(|e| bad("premise", e))?,
        counts: serde_json::from_str(&counts).map_err(|e| bad("counts", e))?,
        looked_at: row.take("looked_at")?,
        lines: row.take("lines")?,
        content: row.take("content")?,
        manifest: row.take("manifest")?,
        state,
        id,
    })
}
