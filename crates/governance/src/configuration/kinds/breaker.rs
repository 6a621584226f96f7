//! `Breaker`: the most that one plan, or the plans of a while, may do. A default that nobody declared is in no file.

use super::{Misfit, fields, schema, typed};
use crate::breakers::{self, Breaker, Measure};
use crate::configuration::error::ConfigurationError;
use db::ReadTx;
use serde_json::{Value, json};

pub(super) use crate::breakers::{declare_in as declare, remove_in as remove};

const NAMED: [&str; 1] = ["name"];

pub(super) fn declaration(name: &str, spec: Value) -> Result<Breaker, Misfit> {
    typed(spec, &[("name", name)])
}

pub(super) fn canonical(breaker: &Breaker) -> Value {
    fields(breaker, &NAMED)
}

pub(super) async fn state(tx: &mut ReadTx) -> Result<Vec<(String, Value)>, ConfigurationError> {
    let declared = breakers::declared(tx).await?;
    Ok(declared.iter().map(|breaker| (breaker.name.clone(), canonical(breaker))).collect())
}

pub(super) fn schema() -> Value {
    let limit = || {
        let share = json!({"type": "number", "minimum": 0, "maximum": 1});
        schema::mapping(&[], json!({"share": share, "number": {"type": "integer", "minimum": 0}}))
    };
    let window = schema::mapping(&["minutes"], json!({"minutes": schema::whole(1, 43_200), "limit": limit()}));
    schema::mapping(
        &["counts"],
        json!({"counts": {"enum": Measure::ALL.map(Measure::as_str)}, "per_run": limit(), "window": window}),
    )
}
