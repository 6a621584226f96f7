//! Parts of JSON Schemas (2020-12). Pure.

use super::Kind;
use serde_json::{Value, json};

/// A whole document of a kind.
pub(super) fn document(kind: Kind, spec: Value) -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": kind.name(),
        "type": "object",
        "required": ["kind", "name", "spec"],
        "additionalProperties": false,
        "properties": {
            "kind": {"const": kind.name()},
            "name": {"type": "string", "minLength": 1, "maxLength": 300},
            "spec": spec,
        },
    })
}

/// With these fields and no others.
pub(super) fn mapping(required: &[&str], fields: Value) -> Value {
    json!({"type": "object", "additionalProperties": false, "required": required, "properties": fields})
}

/// With any fields, whose values are all alike.
pub(super) fn named(value: Value) -> Value {
    json!({"type": "object", "additionalProperties": value})
}

pub(super) fn list(item: Value) -> Value {
    json!({"type": "array", "items": item})
}

pub(super) fn whole(least: u32, most: u32) -> Value {
    json!({"type": "integer", "minimum": least, "maximum": most})
}

/// A line of text.
pub(super) fn line() -> Value {
    json!({"type": "string", "minLength": 1, "maxLength": 1024})
}

pub(super) fn description() -> Value {
    json!({"type": "string", "maxLength": 1024})
}

/// A name of a source, a system, a service or a role.
pub(super) fn name() -> Value {
    json!({"type": "string", "pattern": "^[a-z0-9._-]{1,63}$"})
}

pub(super) fn login() -> Value {
    json!({"type": "string", "pattern": "^[A-Za-z0-9._-]{1,32}$"})
}
