//! `System`: what there is to log in to, and who answers for it.

use super::{Misfit, address, fields, schema, typed};
use crate::configuration::error::ConfigurationError;
use crate::systems::{self, Declaration, Environment, System, SystemError};
use db::ReadTx;
use ledger::Write;
use serde_json::{Value, json};
use types::Reason;

const NAMED: [&str; 1] = ["name"];

pub(super) fn declaration(name: &str, spec: Value) -> Result<Declaration, Misfit> {
    typed(spec, &[("name", name)])
}

pub(super) fn canonical(declaration: &Declaration) -> Value {
    fields(declaration, &NAMED)
}

pub(super) async fn state(tx: &mut ReadTx) -> Result<Vec<(String, Value)>, ConfigurationError> {
    let mut state = Vec::new();
    for system in systems::store::all(tx).await? {
        let declaration = Declaration {
            name: system.name.clone(),
            description: system.description,
            owner: address(tx, &system.owner).await?,
            logins: system.logins,
            environment: system.environment,
            machine_logins: system.machine_logins,
        };
        state.push((system.name, canonical(&declaration)));
    }
    Ok(state)
}

pub(super) async fn declare(
    tx: &mut Write,
    all: &[Declaration],
    _: Option<&Reason>,
) -> Result<(Vec<System>, bool), SystemError> {
    systems::declare_in(tx, all).await
}

pub(super) async fn remove(tx: &mut Write, name: &str, _: Option<&Reason>) -> Result<(), SystemError> {
    systems::remove_in(tx, name).await
}

pub(super) fn schema() -> Value {
    schema::mapping(
        &["owner"],
        json!({
            "description": schema::description(),
            "owner": schema::line(),
            "logins": schema::list(schema::login()),
            "environment": {"enum": Environment::ALL.map(Environment::as_str)},
            "machine_logins": schema::list(schema::login()),
        }),
    )
}
