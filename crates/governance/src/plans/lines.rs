//! The lines of plans: logins and attributes of people, so always sealed; and what the ledger covers of them.

use super::{PlanError, PlanLine};
use crate::reconciliation::Line;
use db::DbError;
use ledger::{Ctx, canonical};
use seal::{Record, SealError};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use types::PlanId;

fn record(row: &str) -> Record<'_> {
    Record { table: "plan_lines", column: "sealed", row }
}

fn row_of(plan: &PlanId, position: u64) -> String {
    format!("{plan}/{position}")
}

impl From<&Line> for PlanLine {
    fn from(line: &Line) -> Self {
        let what = &line.what;
        Self {
            act: what.act(),
            identity: line.identity.clone(),
            account: what.account().cloned(),
            login: what.login().cloned(),
            entitlement: what.entitlement().cloned(),
            attributes: what.attributes().cloned().unwrap_or_default(),
            privileged: line.privileged,
            cause: line.cause,
            because: line.because.clone(),
        }
    }
}

/// What two plans are compared by. Why a line is there changes without changing what it does; whether it gives power is
/// part of what it does.
pub(super) fn deed(line: &PlanLine) -> Vec<u8> {
    let PlanLine { act, identity, account, login, entitlement, attributes, privileged, .. } = line;
    canonical(&serde_json::json!([act, identity, account, login, entitlement, attributes, privileged]))
}

pub(super) fn content<'a>(lines: impl Iterator<Item = &'a PlanLine>) -> [u8; 32] {
    let mut hash = Sha256::new();
    for deed in lines.map(deed).collect::<BTreeSet<_>>() {
        hash.update((deed.len() as u64).to_be_bytes());
        hash.update(&deed);
    }
    hash.finalize().into()
}

/// What the manifest covers: a line with a random salt, so that its hash tells nothing to who does not hold it.
pub(super) fn to_bytes(ctx: &Ctx, line: &PlanLine) -> Vec<u8> {
    let salt = data_encoding::HEXLOWER.encode(&ctx.chance().bytes::<16>());
    canonical(&serde_json::json!({ "salt": salt, "line": line }))
}

pub(super) fn sealed(ctx: &Ctx, plan: &PlanId, position: u64, bytes: &[u8]) -> Result<Vec<u8>, SealError> {
    ctx.seal().seal(record(&row_of(plan, position)), bytes)
}

/// As it was written.
pub(super) fn opened(ctx: &Ctx, plan: &PlanId, position: u64, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
    Ok(ctx.seal().unseal(record(&row_of(plan, position)), sealed)?.expose().clone())
}

pub(super) fn read(plan: &PlanId, bytes: &[u8]) -> Result<PlanLine, PlanError> {
    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Written {
        #[serde(rename = "salt")]
        _salt: String,
        line: PlanLine,
    }
    let bad = |e| PlanError::Db(DbError::impossible("plan_lines", "sealed", plan, e));
    Ok(serde_json::from_slice::<Written>(bytes).map_err(bad)?.line)
}
