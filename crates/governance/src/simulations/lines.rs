//! The lines of simulations: what people hold and why, so always sealed; and what the ledger covers of them.

use super::{Line, SimulationError};
use db::DbError;
use ledger::{Ctx, canonical};
use seal::{Record, SealError};
use types::SimulationId;

fn record(row: &str) -> Record<'_> {
    Record { table: "simulation_lines", column: "sealed", row }
}

fn row_of(simulation: &SimulationId, position: u64) -> String {
    format!("{simulation}/{position}")
}

/// What the manifest covers: a line with a random salt, so that its hash tells nothing to who does not hold it.
pub(super) fn to_bytes(ctx: &Ctx, line: &Line) -> Vec<u8> {
    let salt = data_encoding::HEXLOWER.encode(&ctx.chance().bytes::<16>());
    canonical(&serde_json::json!({ "salt": salt, "line": line }))
}

pub(super) fn sealed(ctx: &Ctx, simulation: &SimulationId, position: u64, bytes: &[u8]) -> Result<Vec<u8>, SealError> {
    ctx.seal().seal(record(&row_of(simulation, position)), bytes)
}

/// As it was written.
pub(super) fn opened(ctx: &Ctx, simulation: &SimulationId, position: u64, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
    Ok(ctx.seal().unseal(record(&row_of(simulation, position)), sealed)?.expose().clone())
}

pub(super) fn read(simulation: &SimulationId, bytes: &[u8]) -> Result<Line, SimulationError> {
    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Written {
        #[serde(rename = "salt")]
        _salt: String,
        line: Line,
    }
    let bad = |e| SimulationError::Db(DbError::impossible("simulation_lines", "sealed", simulation, e));
    Ok(serde_json::from_slice::<Written>(bytes).map_err(bad)?.line)
}
