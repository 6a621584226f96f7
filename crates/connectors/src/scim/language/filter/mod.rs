//! Filters, RFC 7644 section 3.4.2.2: read against the schema of a resource type, and held against a resource.

pub(super) mod matches;
pub(super) mod parse;
#[cfg(test)]
mod tests;

use super::{Place, ResourceType, ScimError};
use serde_json::Value;

/// Longest filter, in bytes.
pub const MAX_FILTER_BYTES: usize = 8 << 10;
/// Deepest nesting of parentheses, `not` and brackets.
const MAX_DEPTH: usize = 16;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Eq,
    Ne,
    Co,
    Sw,
    Ew,
    Gt,
    Ge,
    Lt,
    Le,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Filter(pub(super) Test);

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Test {
    Present(Place),
    Compare {
        place: Place,
        operator: Operator,
        value: Value,
    },
    /// One and the same value passes.
    Within(Place, Box<Test>),
    All(Vec<Test>),
    Any(Vec<Test>),
    Not(Box<Test>),
}

impl Filter {
    /// # Errors
    /// `invalidFilter` with the place where it cannot be read, or the attribute that the type does not have.
    pub fn parse(of: &ResourceType, text: &str) -> Result<Self, ScimError> {
        parse::whole(of, text)
    }

    /// `attribute eq "value"` when that is all it asks: the attribute's name as in its schema, and the value.
    pub fn only_equal(&self) -> Option<(&str, &str)> {
        match &self.0 {
            Test::Compare { place, operator: Operator::Eq, value } if place.extension.is_none() => {
                let name = place.part.is_none().then_some(place.attribute.name.as_str())?;
                Some((name, value.as_str()?))
            }
            _ => None,
        }
    }
}
