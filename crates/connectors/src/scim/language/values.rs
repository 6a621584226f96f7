//! Values as their schema wants them: known names in the schema's case, the right types, nothing that is unassigned
//! (RFC 7643 section 2.5).

use super::text::shown;
use super::{Attribute, Dialect, Kind, Mutability, Object, ScimError, ScimType, moment};
use serde_json::{Map, Value};

/// The value of an attribute as it is kept; `None` where it is unassigned, or for no client to write.
///
/// # Errors
/// `invalidValue` for the wrong type, `invalidSyntax` for what the schema does not name.
pub(super) fn kept(attribute: &Attribute, value: Value, dialect: Dialect) -> Result<Option<Value>, ScimError> {
    if attribute.mutability == Mutability::ReadOnly || value.is_null() {
        return Ok(None);
    }
    if !attribute.multi_valued {
        return one(attribute, lone(attribute, value, dialect)?, dialect);
    }
    let values = match value {
        Value::Array(values) => values,
        single if dialect.loose_shapes() => vec![single],
        _ => return Err(wrong(attribute, "a list")),
    };
    let mut all = Vec::with_capacity(values.len());
    for value in values {
        all.extend(one(attribute, value, dialect)?);
    }
    if all.iter().filter(|value| is_primary(value)).count() > 1 {
        let detail = format!("at most one value of `{}` is primary", attribute.name);
        return Err(ScimError::new(ScimType::InvalidValue, detail));
    }
    Ok((!all.is_empty()).then_some(Value::Array(all)))
}

pub(super) fn is_primary(value: &Value) -> bool {
    value.get("primary").and_then(Value::as_bool) == Some(true)
}

/// The one value of an attribute that has no more.
fn lone(attribute: &Attribute, value: Value, dialect: Dialect) -> Result<Value, ScimError> {
    match value {
        Value::Array(mut values) if dialect.loose_shapes() && values.len() <= 1 => Ok(values.pop().unwrap_or_default()),
        Value::Array(_) => Err(wrong(attribute, "one value")),
        value => Ok(value),
    }
}

/// One value of an attribute.
pub(super) fn one(attribute: &Attribute, value: Value, dialect: Dialect) -> Result<Option<Value>, ScimError> {
    let fits = match (attribute.kind, &value) {
        (_, Value::Null) => return Ok(None),
        (Kind::Complex, _) => return complex(attribute, value, dialect),
        (Kind::Boolean, Value::String(text)) if dialect.booleans_as_text() => {
            let read = text.to_ascii_lowercase().parse::<bool>();
            return read.map(|value| Some(value.into())).map_err(|_| wrong(attribute, "true or false"));
        }
        (Kind::Boolean, value) => value.is_boolean(),
        (Kind::Decimal, value) => value.is_number(),
        (Kind::Integer, value) => value.is_i64() || value.is_u64(),
        (Kind::DateTime, value) => value.as_str().is_some_and(|text| moment::micros(text).is_some()),
        (Kind::String | Kind::Reference, value) => value.is_string(),
        (Kind::Binary, value) => value.as_str().is_some_and(is_base64),
    };
    if fits { Ok(Some(value)) } else { Err(wrong(attribute, wanted(attribute.kind))) }
}

fn is_base64(text: &str) -> bool {
    let rest = text.trim_end_matches('=');
    text.len() - rest.len() <= 2
        && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_'))
}

fn complex(attribute: &Attribute, value: Value, dialect: Dialect) -> Result<Option<Value>, ScimError> {
    let fields = match value {
        Value::Object(fields) => fields,
        plain if dialect.loose_shapes() && attribute.value_part().is_some() && !plain.is_array() => {
            Map::from_iter([("value".to_owned(), plain)])
        }
        _ => return Err(wrong(attribute, "an object")),
    };
    let parts = parts(&attribute.name, fields, |name| attribute.part(name), dialect)?;
    Ok((!parts.is_empty()).then_some(Value::Object(parts)))
}

/// The fields of an object as their attributes want them.
pub(super) fn parts<'a>(
    whole: &str,
    fields: Object,
    find: impl Fn(&str) -> Option<&'a Attribute>,
    dialect: Dialect,
) -> Result<Object, ScimError> {
    let mut parts = Object::new();
    for (name, value) in fields {
        let Some(attribute) = find(&name) else {
            if dialect.ignores_the_unknown() {
                continue;
            }
            let detail = format!("`{whole}` has no `{}`: leave it out, or see /Schemas", shown(&name));
            return Err(ScimError::new(ScimType::InvalidSyntax, detail));
        };
        let Some(value) = kept(attribute, value, dialect)? else { continue };
        if parts.insert(attribute.name.clone(), value).is_some() {
            return Err(ScimError::new(ScimType::InvalidSyntax, format!("`{}` is given twice", attribute.name)));
        }
    }
    Ok(parts)
}

fn wanted(kind: Kind) -> &'static str {
    match kind {
        Kind::String | Kind::Reference => "a text",
        Kind::Boolean => "true or false",
        Kind::Decimal => "a number",
        Kind::Integer => "a whole number",
        Kind::DateTime => "a moment such as 2011-05-13T04:42:34Z",
        Kind::Binary => "a text in base64",
        Kind::Complex => "an object",
    }
}

fn wrong(attribute: &Attribute, wanted: &str) -> ScimError {
    ScimError::new(ScimType::InvalidValue, format!("`{}` must be {wanted}", attribute.name))
}
