//! One change at one place of a resource.

use super::super::filter::{Filter, Operator, Test};
use super::super::values::{is_primary, kept, one};
use super::super::{Attribute, Dialect, Mutability, Object, Place, Schema, ScimError, ScimType};
use super::{Act, malformed};
use serde_json::Value;

/// Changes an extension as a whole: its attributes one by one.
pub(super) fn extend(
    resource: &mut Object,
    schema: &'static Schema,
    act: Act,
    value: Option<Value>,
    dialect: Dialect,
) -> Result<(), ScimError> {
    if act == Act::Remove {
        resource.remove(&schema.id);
        return Ok(());
    }
    let Some(Value::Object(fields)) = value else { return Err(malformed("the value of an extension is an object")) };
    let held = resource.entry(schema.id.clone()).or_insert_with(|| Value::Object(Object::new()));
    let held = held.as_object_mut().ok_or_else(|| malformed("an extension is an object"))?;
    for (name, value) in fields {
        let Some(attribute) = schema.attribute(&name) else {
            // Whoever repeats the name of the extension inside of it says nothing about it.
            if dialect.ignores_the_unknown() || name.eq_ignore_ascii_case("schemas") {
                continue;
            }
            return Err(malformed(&format!("`{}` has no such attribute: see /Schemas", schema.id)));
        };
        let place = Place { extension: Some(schema), attribute, part: None };
        set(held, &place, None, act, Some(value), dialect)?;
    }
    forget_empty(resource, Some(schema));
    Ok(())
}

/// An extension without a value is none.
pub(super) fn forget_empty(resource: &mut Object, extension: Option<&'static Schema>) {
    let Some(schema) = extension else { return };
    if resource.get(&schema.id).and_then(Value::as_object).is_some_and(Object::is_empty) {
        resource.remove(&schema.id);
    }
}

/// Changes an attribute of `held`, or values or parts of it.
pub(super) fn set(
    held: &mut Object,
    place: &Place,
    filter: Option<&Filter>,
    act: Act,
    value: Option<Value>,
    dialect: Dialect,
) -> Result<(), ScimError> {
    let attribute = place.attribute;
    let read_only = |attribute: &Attribute| attribute.mutability == Mutability::ReadOnly;
    if read_only(attribute) || place.part.is_some_and(read_only) {
        if dialect.ignores_the_read_only() {
            return Ok(());
        }
        return Err(fixed(&place.leaf().name, "nobody but the service writes it"));
    }
    let value = value.filter(|value| !value.is_null());
    match (filter, place.part, attribute.multi_valued) {
        (None, None, true) => several(held, attribute, act, value, dialect),
        (None, None, false) => single(held, attribute, act, value, dialect),
        (None, Some(part), false) => {
            let whole = held.entry(attribute.name.clone()).or_insert_with(|| Value::Object(Object::new()));
            let done = match whole.as_object_mut() {
                Some(whole) => single(whole, part, act, value, dialect),
                None => Err(malformed("it has no parts")),
            };
            forget_unassigned(held, attribute);
            done
        }
        (filter, part, _) => chosen(held, attribute, filter, part, act, value, dialect),
    }
}

fn fixed(name: &str, why: &str) -> ScimError {
    ScimError::new(ScimType::Mutability, format!("`{name}` cannot be changed: {why}"))
}

fn forget_unassigned(held: &mut Object, attribute: &Attribute) {
    let empty = match held.get(&attribute.name) {
        Some(Value::Object(parts)) => parts.is_empty(),
        Some(Value::Array(values)) => values.is_empty(),
        _ => false,
    };
    if empty {
        held.remove(&attribute.name);
    }
}

/// An attribute with one value: a part that is not named stays.
fn single(
    held: &mut Object,
    attribute: &Attribute,
    act: Act,
    value: Option<Value>,
    dialect: Dialect,
) -> Result<(), ScimError> {
    let before = held.get(&attribute.name).cloned();
    let (Act::Add | Act::Replace, Some(value)) = (act, value) else {
        if attribute.required {
            return Err(fixed(&attribute.name, "it is required"));
        }
        if before.is_some() && attribute.mutability == Mutability::Immutable {
            return Err(fixed(&attribute.name, "it is set already"));
        }
        held.remove(&attribute.name);
        return Ok(());
    };
    let unassigned = match &value {
        Value::Object(fields) => {
            fields.iter().filter(|(_, value)| value.is_null()).map(|(name, _)| name.clone()).collect()
        }
        _ => Vec::new(),
    };
    let mut after = kept(attribute, value, dialect)?;
    if let (Some(Value::Object(before)), Some(Value::Object(fields))) = (&before, &after) {
        let mut merged = before.clone();
        merged.extend(fields.clone());
        after = Some(Value::Object(merged));
    }
    if attribute.mutability == Mutability::Immutable && before.is_some() && before != after {
        return Err(fixed(&attribute.name, "it is set already"));
    }
    if let Some(after) = after {
        held.insert(attribute.name.clone(), after);
    }
    if let Some(Value::Object(parts)) = held.get_mut(&attribute.name) {
        for name in unassigned {
            attribute.part(&name).and_then(|part| parts.remove(&part.name));
        }
    }
    forget_unassigned(held, attribute);
    Ok(())
}

/// An attribute with several values, all of them.
fn several(
    held: &mut Object,
    attribute: &Attribute,
    act: Act,
    value: Option<Value>,
    dialect: Dialect,
) -> Result<(), ScimError> {
    let listed = value.map(|value| if value.is_array() { value } else { Value::Array(vec![value]) });
    let new = match listed {
        Some(listed) => kept(attribute, listed, dialect)?,
        None => None,
    };
    let new = match new {
        Some(Value::Array(new)) => new,
        _ => Vec::new(),
    };
    let mut values = match held.get(&attribute.name) {
        Some(Value::Array(values)) => values.clone(),
        _ => Vec::new(),
    };
    match act {
        Act::Add => new.into_iter().for_each(|value| include(&mut values, value)),
        Act::Replace => values = new,
        Act::Remove if new.is_empty() => values.clear(),
        Act::Remove if dialect.removes_by_value() => {
            values.retain(|value| !new.iter().any(|gone| is_same(value, gone)))
        }
        Act::Remove => {
            let detail = format!("name what to remove in the path, as in `{}[value eq \"…\"]`", attribute.name);
            return Err(malformed(&detail));
        }
    }
    if values.is_empty() && attribute.required {
        return Err(fixed(&attribute.name, "it is required"));
    }
    held.insert(attribute.name.clone(), Value::Array(values));
    forget_unassigned(held, attribute);
    Ok(())
}

/// Adds a value that is not there yet. A new primary one takes the place of the old.
fn include(values: &mut Vec<Value>, new: Value) {
    if is_primary(&new) {
        values.iter_mut().filter(|value| is_primary(value)).for_each(demote);
    }
    match values.iter_mut().find(|value| is_same(value, &new)) {
        Some(Value::Object(same)) => {
            if let Value::Object(fields) = new {
                same.extend(fields);
            }
        }
        Some(_) => {}
        None => values.push(new),
    }
}

fn demote(value: &mut Value) {
    if let Value::Object(parts) = value {
        parts.insert("primary".to_owned(), false.into());
    }
}

/// Whether two values are one: the same `value`, and nothing that tells them apart by `type` (RFC 7643 section 2.4).
fn is_same(a: &Value, b: &Value) -> bool {
    let (Value::Object(a), Value::Object(b)) = (a, b) else { return a == b };
    let differ = |name: &str| matches!((a.get(name), b.get(name)), (Some(a), Some(b)) if a != b);
    match (a.get("value"), b.get("value")) {
        (Some(one), Some(other)) => one == other && !differ("type"),
        _ => a == b,
    }
}

/// Values that a filter finds, or all of them, or a part of each.
fn chosen(
    held: &mut Object,
    attribute: &'static Attribute,
    filter: Option<&Filter>,
    part: Option<&'static Attribute>,
    act: Act,
    value: Option<Value>,
    dialect: Dialect,
) -> Result<(), ScimError> {
    let mut values = match held.remove(&attribute.name) {
        Some(Value::Array(values)) => values,
        _ => Vec::new(),
    };
    let passes = |value: &Value| match (filter, value) {
        (Some(filter), Value::Object(parts)) => filter.matches(parts),
        (None, Value::Object(_)) => true,
        _ => false,
    };
    let mut touched: Vec<bool> = values.iter().map(passes).collect();
    if act != Act::Remove && !touched.contains(&true) {
        let made = filter.filter(|_| dialect.makes_what_is_not_found()).and_then(|filter| described(&filter.0));
        let Some(made) = made else {
            return Err(ScimError::new(ScimType::NoTarget, format!("no value of `{}` is meant", attribute.name)));
        };
        values.push(Value::Object(made));
        touched.push(true);
    }
    let mut left = Vec::with_capacity(values.len());
    for (mut entry, touched) in values.into_iter().zip(touched) {
        if touched {
            change_one(&mut entry, attribute, part, act, value.clone(), dialect)?;
        }
        let gone = entry.is_null() || entry.as_object().is_some_and(Object::is_empty);
        if !gone {
            left.push((entry, touched));
        }
    }
    let primaries = left.iter().filter(|(entry, touched)| *touched && is_primary(entry)).count();
    if primaries > 1 {
        let detail = format!("at most one value of `{}` is primary", attribute.name);
        return Err(ScimError::new(ScimType::InvalidValue, detail));
    }
    if primaries == 1 {
        left.iter_mut().filter(|(entry, touched)| !touched && is_primary(entry)).for_each(|(entry, _)| demote(entry));
    }
    if left.is_empty() && attribute.required {
        return Err(fixed(&attribute.name, "it is required"));
    }
    held.insert(attribute.name.clone(), Value::Array(left.into_iter().map(|(entry, _)| entry).collect()));
    forget_unassigned(held, attribute);
    Ok(())
}

fn change_one(
    entry: &mut Value,
    attribute: &Attribute,
    part: Option<&Attribute>,
    act: Act,
    value: Option<Value>,
    dialect: Dialect,
) -> Result<(), ScimError> {
    match (part, act) {
        (Some(part), _) => {
            let parts = entry.as_object_mut().ok_or_else(|| malformed("it has no parts"))?;
            single(parts, part, act, value, dialect)
        }
        (None, Act::Remove) => {
            *entry = Value::Null;
            Ok(())
        }
        (None, Act::Add | Act::Replace) => {
            let new = value.map(|value| one(attribute, value, dialect)).transpose()?.flatten().unwrap_or_default();
            match (act, entry.as_object_mut(), new) {
                (Act::Add, Some(parts), Value::Object(new)) => parts.extend(new),
                (_, _, new) => *entry = new,
            }
            Ok(())
        }
    }
}

/// The value that a filter describes, where it says of each part what it equals.
fn described(test: &Test) -> Option<Object> {
    match test {
        Test::Compare { place, operator: Operator::Eq, value } if !value.is_null() => {
            Some(Object::from_iter([(place.attribute.name.clone(), value.clone())]))
        }
        Test::All(tests) => {
            let mut all = Object::new();
            for test in tests {
                all.extend(described(test)?);
            }
            Some(all)
        }
        _ => None,
    }
}
