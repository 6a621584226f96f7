//! Holds a filter against a resource. What is not there equals nothing, and is not equal to everything.

use super::super::{Attribute, Kind, Object, Place};
use super::super::{moment, text};
use super::{Filter, Operator, Test};
use serde_json::Value;
use std::cmp::Ordering;

impl Filter {
    /// Whether a resource, as it would be shown whole, passes.
    pub fn matches(&self, resource: &Object) -> bool {
        self.0.holds(resource)
    }
}

impl Test {
    fn holds(&self, resource: &Object) -> bool {
        match self {
            Self::Present(place) => {
                place.values(resource).into_iter().any(is_present) || holds_complex(*place, resource)
            }
            Self::Compare { place, operator, value } => compared(*place, *operator, value, resource),
            Self::Within(place, inner) => complex_values(*place, resource).into_iter().any(|value| inner.holds(value)),
            Self::All(tests) => tests.iter().all(|test| test.holds(resource)),
            Self::Any(tests) => tests.iter().any(|test| test.holds(resource)),
            Self::Not(test) => !test.holds(resource),
        }
    }
}

fn is_present(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(values) => !values.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
        Value::Bool(_) | Value::Number(_) => true,
    }
}

/// Whether a complex attribute, named as a whole, has any part at all.
fn holds_complex(place: Place, resource: &Object) -> bool {
    place.part.is_none() && complex_values(place, resource).into_iter().any(|value| !value.is_empty())
}

fn complex_values(place: Place, resource: &Object) -> Vec<&Object> {
    let held = match place.extension {
        Some(schema) => resource.get(&schema.id).and_then(Value::as_object),
        None => Some(resource),
    };
    match held.and_then(|held| held.get(&place.attribute.name)) {
        Some(Value::Array(values)) => values.iter().filter_map(Value::as_object).collect(),
        Some(Value::Object(value)) => vec![value],
        _ => Vec::new(),
    }
}

fn compared(place: Place, operator: Operator, wanted: &Value, resource: &Object) -> bool {
    let values = place.values(resource);
    let leaf = place.leaf();
    let leaf = leaf.value_part().unwrap_or(leaf);
    if wanted.is_null() {
        let absent = !values.into_iter().any(is_present) && !holds_complex(place, resource);
        return absent == (operator == Operator::Eq);
    }
    if operator == Operator::Ne {
        return !values.into_iter().any(|value| passes(leaf, Operator::Eq, value, wanted));
    }
    values.into_iter().any(|value| passes(leaf, operator, value, wanted))
}

fn passes(leaf: &Attribute, operator: Operator, value: &Value, wanted: &Value) -> bool {
    if let (Value::String(value), Value::String(wanted)) = (value, wanted)
        && matches!(operator, Operator::Co | Operator::Sw | Operator::Ew)
    {
        let plain = |text: &str| if leaf.case_exact { text.to_owned() } else { text::folded(text) };
        let (value, wanted) = (plain(value), plain(wanted));
        return match operator {
            Operator::Sw => value.starts_with(&wanted),
            Operator::Ew => value.ends_with(&wanted),
            _ => value.contains(&wanted),
        };
    }
    let Some(order) = order(leaf, value, wanted) else { return false };
    match operator {
        Operator::Eq => order == Ordering::Equal,
        Operator::Gt => order == Ordering::Greater,
        Operator::Ge => order != Ordering::Less,
        Operator::Lt => order == Ordering::Less,
        Operator::Le => order != Ordering::Greater,
        Operator::Ne | Operator::Co | Operator::Sw | Operator::Ew => false,
    }
}

/// How two values of one attribute stand to each other; `None` where they cannot be compared.
pub(in super::super) fn order(leaf: &Attribute, a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::String(a), Value::String(b)) if leaf.kind == Kind::DateTime => {
            Some(moment::micros(a)?.cmp(&moment::micros(b)?))
        }
        (Value::String(a), Value::String(b)) if leaf.case_exact => Some(a.cmp(b)),
        (Value::String(a), Value::String(b)) => Some(text::folded(a).cmp(&text::folded(b))),
        (Value::Number(a), Value::Number(b)) => a.as_f64()?.partial_cmp(&b.as_f64()?),
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
        _ => None,
    }
}
