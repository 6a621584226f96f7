//! `Source`: a source of people, how its feeds are taken and how it is read. The one that needs no declaration is not written.

use super::{Misfit, address, fields, schema, typed};
use crate::configuration::error::ConfigurationError;
use crate::sources::{self, Declaration};
use db::ReadTx;
use serde_json::{Value, json};

pub(super) use crate::sources::{declare_in as declare, remove_in as remove};

const NAMED: [&str; 1] = ["name"];

pub(super) fn declaration(name: &str, spec: Value) -> Result<Declaration, Misfit> {
    typed(spec, &[("name", name)])
}

pub(super) fn canonical(declaration: &Declaration) -> Value {
    fields(declaration, &NAMED)
}

pub(super) async fn state(tx: &mut ReadTx) -> Result<Vec<(String, Value)>, ConfigurationError> {
    let mut state = Vec::new();
    for source in sources::store::all(tx).await? {
        let Some(owner) = &source.owner else { continue };
        let owner = address(tx, owner).await?;
        let (name, kind, description) = (source.name.clone(), source.kind, source.description);
        let declaration = Declaration { name, kind, description, owner, settings: source.settings };
        state.push((source.name, canonical(&declaration)));
    }
    Ok(state)
}

pub(super) fn schema() -> Value {
    let attribute = schema::mapping(
        &["name", "kind"],
        json!({
            "name": {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,62}$"},
            "kind": {"enum": ["text", "list", "number"]},
        }),
    );
    let read = schema::mapping(
        &[],
        json!({
            "login": schema::line(),
            "query": {"type": "string", "minLength": 1, "maxLength": 65_536},
            "base": schema::line(),
            "filter": schema::line(),
            "file": schema::line(),
            "columns": schema::named(schema::line()),
            "statuses": schema::named(json!({"enum": ["active", "leave", "terminated"]})),
            "changes_by": schema::line(),
            "every_minutes": schema::whole(1, 10_080),
            "whole_every_hours": schema::whole(1, 720),
        }),
    );
    let settings = schema::mapping(
        &[],
        json!({
            "says": {"enum": ["everybody", "changes"]},
            "authority": {"enum": ["people", "attributes"]},
            "attributes": {"type": "array", "items": attribute},
            "precedence": {"type": "integer", "minimum": 0},
            "precedence_of": schema::named(json!({"type": "integer", "minimum": 0})),
            "max_missing_percent": schema::whole(0, 100),
            "stale_after_hours": {"type": "integer", "minimum": 0},
            "service": schema::name(),
            "read": read,
        }),
    );
    schema::mapping(
        &["kind", "owner"],
        json!({
            "kind": {"enum": ["csv", "scim", "ldap", "active_directory", "sql"]},
            "description": schema::description(),
            "owner": schema::line(),
            "settings": settings,
        }),
    )
}
