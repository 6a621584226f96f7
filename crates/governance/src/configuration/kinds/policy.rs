//! `Policy`: the rules for requests, imports, machines and lifecycles. There is one, called `default`.

use super::{Misfit, Part, fields, schema, typed};
use crate::configuration::error::ConfigurationError;
use crate::policy::{self, Policy, PolicyError};
use db::ReadTx;
use ledger::Write;
use serde_json::{Value, json};
use types::Reason;

const NAME: &str = "default";

pub(super) fn declaration(name: &str, spec: Value) -> Result<Policy, Misfit> {
    if name != NAME {
        let problem = format!("there is one policy, `{NAME}`, expected that name");
        return Err(Misfit { part: Part::Name, problem });
    }
    typed(spec, &[])
}

pub(super) fn canonical(policy: &Policy) -> Value {
    fields(policy, &[])
}

pub(super) async fn state(tx: &mut ReadTx) -> Result<Vec<(String, Value)>, ConfigurationError> {
    Ok(vec![(NAME.to_owned(), canonical(&policy::store::get(tx).await?))])
}

pub(super) async fn declare(tx: &mut Write, all: &[Policy], reason: Option<&Reason>) -> Result<bool, PolicyError> {
    let mut changed = false;
    for policy in all {
        changed |= policy::declare_in(tx, policy, reason).await?;
    }
    Ok(changed)
}

pub(super) async fn remove(_: &mut Write, _: &str, _: Option<&Reason>) -> Result<(), PolicyError> {
    Err(PolicyError::Needed)
}

pub(super) fn schema() -> Value {
    let days = |least: u32, most: u32| schema::whole(least, most);
    schema::mapping(
        &[],
        json!({
            "requests": schema::mapping(&[], json!({
                "approver": {"enum": ["owner"]},
                "max_duration_minutes": schema::whole(1, 43_200),
                "reason_min_length": schema::whole(0, 500),
                "pending_hours": schema::whole(1, 720),
            })),
            "hr_import": schema::mapping(&[], json!({
                "breaker": schema::mapping(&[], json!({
                    "max_leavers_share": {"type": "number", "minimum": 0, "maximum": 1},
                    "max_leavers": {"type": "integer", "minimum": 0},
                })),
            })),
            "machines": schema::mapping(&[], json!({
                "max_days": days(1, 3_660), "notice_days": days(0, 365), "unowned_days": days(0, 365),
            })),
            "lifecycle": schema::mapping(&[], json!({
                "prepare_days": days(0, 365), "leaver_grace_days": days(0, 365), "archive_days": days(1, 3_660),
                "mover_grace_days": days(0, 365),
            })),
        }),
    )
}
