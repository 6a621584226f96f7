//! `Entitlement`: who owns an entitlement of a system, and how risky it is. It is called `slug@system`.

use super::{Misfit, Part, address, fields, schema, typed};
use crate::configuration::error::ConfigurationError;
use crate::entitlements::{self, Declaration, Entitlement, EntitlementError, Risk};
use db::ReadTx;
use ledger::Write;
use serde_json::{Value, json};
use types::Reason;

const NAMED: [&str; 2] = ["slug", "system"];

/// A system's name holds no `@`, so the last one parts them.
fn parted(name: &str) -> Option<(&str, &str)> {
    name.rsplit_once('@').filter(|(slug, system)| !slug.is_empty() && !system.is_empty())
}

pub(super) fn declaration(name: &str, spec: Value) -> Result<Declaration, Misfit> {
    let Some((slug, system)) = parted(name) else {
        let problem = "the name of an entitlement is `slug@system`, expected both".to_owned();
        return Err(Misfit { part: Part::Name, problem });
    };
    typed(spec, &[("slug", slug), ("system", system)])
}

pub(super) fn canonical(declaration: &Declaration) -> Value {
    fields(declaration, &NAMED)
}

pub(super) async fn state(tx: &mut ReadTx) -> Result<Vec<(String, Value)>, ConfigurationError> {
    let mut state = Vec::new();
    for known in entitlements::store::all(tx).await? {
        let name = format!("{}@{}", known.slug, known.system);
        let declaration = Declaration {
            system: known.system,
            slug: known.slug,
            owner: address(tx, &known.owner).await?,
            description: known.description,
            risk: known.risk,
            privileged: known.privileged,
            requestable: known.requestable,
            max_minutes: known.max_minutes,
        };
        state.push((name, canonical(&declaration)));
    }
    Ok(state)
}

pub(super) async fn declare(
    tx: &mut Write,
    all: &[Declaration],
    reason: Option<&Reason>,
) -> Result<(Vec<Entitlement>, bool), EntitlementError> {
    entitlements::declare_in(tx, all, reason).await
}

pub(super) async fn remove(tx: &mut Write, name: &str, reason: Option<&Reason>) -> Result<(), EntitlementError> {
    let (slug, system) = parted(name).unwrap_or_default();
    entitlements::remove_in(tx, system, slug, reason).await
}

pub(super) fn schema() -> Value {
    let privileged = schema::mapping(&["is", "why"], json!({"is": {"type": "boolean"}, "why": {"type": "string"}}));
    schema::mapping(
        &["owner"],
        json!({
            "owner": schema::line(),
            "description": schema::description(),
            "risk": {"enum": Risk::ALL.map(Risk::as_str)},
            "privileged": privileged,
            "requestable": {"type": "boolean"},
            "max_minutes": schema::whole(1, 43_200),
        }),
    )
}
