//! PATCH, RFC 7644 section 3.5.2: operations as they are sent, and what they make of a resource. All of them happen, or
//! none.

mod change;
#[cfg(test)]
mod tests;

use super::resource::is_whole;
use super::text::{field, shown};
use super::{Dialect, Object, PATCH_OP, Path, ResourceType, Returned, ScimError, ScimType, is_message};
use change::{extend, set};
use serde_json::Value;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    Add,
    Replace,
    Remove,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    pub act: Act,
    pub path: Option<String>,
    pub value: Option<Value>,
}

/// The operations of a PATCH message.
///
/// # Errors
/// `invalidSyntax` when it is none.
pub fn operations(body: &Object, dialect: Dialect) -> Result<Vec<Operation>, ScimError> {
    is_message(body, PATCH_OP, dialect)?;
    let listed = field(body, "Operations").and_then(Value::as_array).filter(|listed| !listed.is_empty());
    let listed = listed.ok_or_else(|| malformed("`Operations` must be a list of at least one operation"))?;
    listed.iter().map(operation).collect()
}

fn operation(sent: &Value) -> Result<Operation, ScimError> {
    let sent = sent.as_object().ok_or_else(|| malformed("an operation must be an object"))?;
    let act = field(sent, "op").and_then(Value::as_str).unwrap_or_default();
    let act = match act.to_ascii_lowercase().as_str() {
        "add" => Act::Add,
        "replace" => Act::Replace,
        "remove" => Act::Remove,
        _ => return Err(malformed(&format!("`op` must be add, replace or remove, not `{}`", shown(act)))),
    };
    let path = match field(sent, "path") {
        None | Some(Value::Null) => None,
        Some(Value::String(path)) if path.is_empty() => None,
        Some(Value::String(path)) => Some(path.clone()),
        Some(_) => return Err(malformed("`path` must be a text")),
    };
    Ok(Operation { act, path, value: field(sent, "value").cloned() })
}

fn malformed(detail: &str) -> ScimError {
    ScimError::new(ScimType::InvalidSyntax, detail)
}

/// What the operations make of a resource.
///
/// # Errors
/// `invalidPath`, `noTarget`, `mutability`, `invalidValue` or `invalidSyntax` of the first that fails; `mutability` when
/// something required is missing at the end.
pub fn apply(
    of: &ResourceType,
    before: &Object,
    operations: &[Operation],
    dialect: Dialect,
) -> Result<Object, ScimError> {
    let mut after = before.clone();
    for operation in operations {
        step(of, &mut after, operation, dialect)?;
    }
    is_whole(of, &after).map_err(|error| ScimError::new(ScimType::Mutability, error.detail))?;
    after.retain(|name, _| of.attribute(name).is_none_or(|attribute| attribute.returned != Returned::Never));
    Ok(after)
}

fn step(of: &ResourceType, resource: &mut Object, operation: &Operation, dialect: Dialect) -> Result<(), ScimError> {
    let value = operation.value.clone();
    let Some(path) = &operation.path else {
        return match (operation.act, value) {
            (Act::Remove, _) => Err(ScimError::new(ScimType::NoTarget, "`remove` needs a `path`")),
            (act, Some(Value::Object(fields))) => everywhere(of, resource, act, fields, dialect),
            _ => Err(malformed("without a `path`, `value` must be an object")),
        };
    };
    match Path::parse(of, path) {
        Ok(path) => at(resource, &path, operation.act, value, dialect),
        Err(error) if error.kind == ScimType::InvalidPath && dialect.ignores_the_unknown() => Ok(()),
        Err(error) => Err(error),
    }
}

/// A value without a path: its keys are attributes, or extensions.
fn everywhere(
    of: &ResourceType,
    resource: &mut Object,
    act: Act,
    fields: Object,
    dialect: Dialect,
) -> Result<(), ScimError> {
    for (name, value) in fields {
        if of.attribute(&name).is_none() && of.extension(&name).is_none() && !dialect.paths_as_keys() {
            if dialect.ignores_the_unknown() {
                continue;
            }
            return Err(malformed(&format!("{} has no `{}`: see /Schemas", of.name, shown(&name))));
        }
        // Whoever repeats the whole resource repeats these; they say nothing about it.
        if name.eq_ignore_ascii_case("schemas") {
            continue;
        }
        match Path::parse(of, &name) {
            Ok(path) => at(resource, &path, act, Some(value), dialect)?,
            Err(error) if error.kind == ScimType::InvalidPath && dialect.ignores_the_unknown() => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

fn at(resource: &mut Object, path: &Path, act: Act, value: Option<Value>, dialect: Dialect) -> Result<(), ScimError> {
    if act != Act::Remove && value.is_none() {
        return Err(malformed("`add` and `replace` need a `value`"));
    }
    match path {
        Path::Extension(extension) => extend(resource, extension.0, act, value, dialect),
        Path::At { place, filter } => {
            let held = match place.extension {
                Some(schema) => {
                    let held = resource.entry(schema.id.clone()).or_insert_with(|| Value::Object(Object::new()));
                    held.as_object_mut().ok_or_else(|| malformed("an extension is an object"))?
                }
                None => &mut *resource,
            };
            let done = set(held, place, filter.as_ref(), act, value, dialect);
            change::forget_empty(resource, place.extension);
            done
        }
    }
}
