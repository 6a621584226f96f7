//! `Mapping`: how accounts on a system are made and kept. It is called as its system.

use super::{Misfit, fields, schema, typed};
use crate::configuration::error::ConfigurationError;
use crate::mappings::{self, Declaration, DriftPolicy};
use db::ReadTx;
use serde_json::{Value, json};

pub(super) use crate::mappings::{declare_in as declare, remove_in as remove};

const NAMED: [&str; 1] = ["system"];

pub(super) fn declaration(name: &str, spec: Value) -> Result<Declaration, Misfit> {
    typed(spec, &[("system", name)])
}

pub(super) fn canonical(declaration: &Declaration) -> Value {
    fields(declaration, &NAMED)
}

pub(super) async fn state(tx: &mut ReadTx) -> Result<Vec<(String, Value)>, ConfigurationError> {
    let all = mappings::store::all(tx).await?;
    Ok(all.iter().map(|mapping| (mapping.system.clone(), canonical(&Declaration::from(mapping)))).collect())
}

pub(super) fn schema() -> Value {
    let template = || json!({"type": "string"});
    schema::mapping(
        &["login"],
        json!({
            "login": template(),
            "attributes": schema::named(template()),
            "compares": schema::named(template()),
            "authoritative": schema::list(template()),
            "creates": {"type": "boolean"},
            "renames": {"type": "boolean"},
            "drift": {"enum": DriftPolicy::ALL.map(DriftPolicy::as_str)},
            "delete_after_days": schema::whole(1, 3_650),
        }),
    )
}
