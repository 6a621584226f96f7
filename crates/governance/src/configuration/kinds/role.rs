//! `Role`: by what people have it, what it includes and grants, and what it makes eligible for.

use super::{Misfit, fields, schema, typed};
use crate::configuration::error::ConfigurationError;
use crate::roles::{self, Attribute, Declaration, DeclaredCondition, Role, RoleError, Test};
use db::ReadTx;
use ledger::Write;
use serde_json::{Value, json};
use types::{Channel, Reason};

const NAMED: [&str; 1] = ["name"];

pub(super) fn declaration(name: &str, spec: Value) -> Result<Declaration, Misfit> {
    typed(spec, &[("name", name)])
}

pub(super) fn canonical(declaration: &Declaration) -> Value {
    fields(declaration, &NAMED)
}

pub(super) async fn state(tx: &mut ReadTx) -> Result<Vec<(String, Value)>, ConfigurationError> {
    let roles = roles::store::all(tx).await?.into_iter();
    Ok(roles.map(|role| (role.name.clone(), canonical(&declared(role)))).collect())
}

/// A role as it would be declared.
fn declared(role: Role) -> Declaration {
    let condition = |when: roles::Condition| {
        let none = DeclaredCondition {
            attribute: when.attribute.as_str().to_owned(),
            equals: None,
            one_of: None,
            starts_with: None,
        };
        match when.test {
            Test::Equals(value) => DeclaredCondition { equals: Some(value), ..none },
            Test::OneOf(values) => DeclaredCondition { one_of: Some(values), ..none },
            Test::StartsWith(start) => DeclaredCondition { starts_with: Some(start), ..none },
        }
    };
    Declaration {
        given: role.when.is_empty() && role.condition.is_none(),
        name: role.name,
        description: role.description,
        when: role.when.into_iter().map(condition).collect(),
        condition: role.condition,
        includes: role.includes,
        grants: role.grants,
        conflicts_with: role.conflicts_with,
        makes_eligible: role.makes_eligible,
    }
}

pub(super) async fn declare(
    tx: &mut Write,
    all: &[Declaration],
    _: Option<&Reason>,
) -> Result<(Vec<Role>, bool), RoleError> {
    roles::declare_in(tx, all).await
}

pub(super) async fn remove(tx: &mut Write, name: &str, _: Option<&Reason>) -> Result<(), RoleError> {
    roles::remove_in(tx, name).await
}

pub(super) fn schema() -> Value {
    let values = json!({"type": "string", "minLength": 1, "maxLength": 255});
    let condition = schema::mapping(
        &["attribute"],
        json!({
            "attribute": {"enum": Attribute::ALL.map(Attribute::as_str)},
            "equals": values,
            "one_of": {"type": "array", "items": values, "minItems": 1},
            "starts_with": values,
        }),
    );
    let grant = schema::mapping(&["system", "entitlement"], json!({"system": schema::name(), "entitlement": values}));
    let offer = schema::mapping(
        &["system", "login", "max_minutes"],
        json!({
            "system": schema::name(),
            "login": schema::login(),
            "max_minutes": {"type": "integer", "minimum": 1},
            "channels": schema::list(json!({"enum": Channel::ALL.map(Channel::as_str)})),
            "max_sessions": {"type": "integer", "minimum": 1},
        }),
    );
    schema::mapping(
        &[],
        json!({
            "description": schema::description(),
            "when": schema::list(condition),
            "condition": {"type": "string", "minLength": 1},
            "given": {"type": "boolean"},
            "includes": schema::list(schema::name()),
            "grants": schema::list(grant),
            "conflicts_with": schema::list(schema::name()),
            "makes_eligible": schema::list(offer),
        }),
    )
}
