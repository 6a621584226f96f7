//! Attribute notation, RFC 7644 section 3.10, and the path of a PATCH operation, section 3.5.2: where in a resource
//! something is.

use super::filter::{Filter, parse};
use super::text::shown;
use super::{Attribute, Object, ResourceType, Schema, ScimError, ScimType};
use serde_json::Value;

/// An attribute, or a part of one.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    pub extension: Option<&'static Schema>,
    pub attribute: &'static Attribute,
    pub part: Option<&'static Attribute>,
}

impl PartialEq for Place {
    fn eq(&self, other: &Self) -> bool {
        let same = |a: Option<&'static Schema>, b: Option<&'static Schema>| a.map(|s| &s.id) == b.map(|s| &s.id);
        same(self.extension, other.extension) && self.attribute == other.attribute && self.part == other.part
    }
}

impl Place {
    /// The attribute whose type the values here have.
    pub fn leaf(&self) -> &'static Attribute {
        self.part.unwrap_or(self.attribute)
    }

    /// The values here, one by one. A complex value stands for its `value` where no part is named.
    pub(super) fn values<'a>(&self, resource: &'a Object) -> Vec<&'a Value> {
        let held = match self.extension {
            Some(schema) => resource.get(&schema.id).and_then(Value::as_object),
            None => Some(resource),
        };
        let Some(value) = held.and_then(|held| held.get(&self.attribute.name)) else { return Vec::new() };
        let part = self.part.or_else(|| self.attribute.value_part());
        let within = |value: &'a Value| match (value, part) {
            (Value::Object(fields), Some(part)) => fields.get(&part.name),
            (Value::Object(_), None) => None,
            (plain, _) => Some(plain),
        };
        match value {
            Value::Array(values) => values.iter().filter_map(within).collect(),
            value => within(value).into_iter().collect(),
        }
    }
}

/// Where a PATCH operation works.
#[derive(Debug, Clone, PartialEq)]
pub enum Path {
    /// Everything of an extension.
    Extension(ExtensionRef),
    At {
        place: Place,
        /// Only values that it finds.
        filter: Option<Filter>,
    },
}

/// An extension of a resource type.
#[derive(Debug, Clone, Copy)]
pub struct ExtensionRef(pub &'static Schema);

impl PartialEq for ExtensionRef {
    fn eq(&self, other: &Self) -> bool {
        self.0.id == other.0.id
    }
}

impl Path {
    /// # Errors
    /// `invalidPath` when it cannot be read or names what no schema of the type has; `invalidFilter` for its filter.
    pub fn parse(of: &ResourceType, text: &str) -> Result<Self, ScimError> {
        if text.len() > super::MAX_FILTER_BYTES {
            return Err(ScimError::new(ScimType::InvalidPath, "the path is too long"));
        }
        if let Some(schema) = of.extension(text) {
            return Ok(Self::Extension(ExtensionRef(schema)));
        }
        let Some((before, rest)) = text.split_once('[') else {
            return Ok(Self::At { place: named(of, text)?, filter: None });
        };
        let place = named(of, before)?;
        if place.part.is_some() || place.attribute.sub_attributes.is_empty() || !place.attribute.multi_valued {
            return Err(wrong(text, "only a complex attribute with several values takes a filter"));
        }
        let (filter, after) = parse::bracketed(place.attribute, rest)?;
        let part = match after.strip_prefix('.') {
            Some(name) => Some(place.attribute.part(name).ok_or_else(|| wrong(text, "it has no such part"))?),
            None if after.is_empty() => None,
            None => return Err(wrong(text, "nothing but `.` and a part stands behind a filter")),
        };
        Ok(Self::At { place: Place { part, ..place }, filter: Some(filter) })
    }

    /// Where it names one place and no filter.
    ///
    /// # Errors
    /// `invalidPath` otherwise.
    pub fn place(&self) -> Result<Place, ScimError> {
        match self {
            Self::At { place, filter: None } => Ok(*place),
            Self::At { .. } => Err(ScimError::new(ScimType::InvalidPath, "no filter may stand here")),
            Self::Extension(schema) => {
                Err(wrong(&schema.0.id, "it names a whole schema where one attribute is needed"))
            }
        }
    }
}

fn wrong(text: &str, why: &str) -> ScimError {
    ScimError::new(ScimType::InvalidPath, format!("`{}` is no path here: {why}", shown(text)))
}

/// `[schema:]attribute[.part]`.
pub(super) fn named(of: &ResourceType, text: &str) -> Result<Place, ScimError> {
    let unknown = || wrong(text, &format!("no schema of {} has it; see /Schemas", of.name));
    let (extension, name) = unprefixed(of, text).ok_or_else(unknown)?;
    let (name, part) = match name.split_once('.') {
        Some((name, part)) => (name, Some(part)),
        None => (name, None),
    };
    let attribute = match extension {
        Some(schema) => schema.attribute(name),
        None => of.attribute(name),
    };
    let attribute = attribute.ok_or_else(unknown)?;
    let part = part.map(|part| attribute.part(part).ok_or_else(unknown)).transpose()?;
    Ok(Place { extension, attribute, part })
}

/// The name behind a schema's URI, which holds dots and colons itself.
fn unprefixed<'a>(of: &ResourceType, text: &'a str) -> Option<(Option<&'static Schema>, &'a str)> {
    if !text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("urn:")) {
        return Some((None, text));
    }
    let behind = |schema: &Schema| {
        let (start, rest) = text.split_at_checked(schema.id.len())?;
        if start.eq_ignore_ascii_case(&schema.id) { rest.strip_prefix(':') } else { None }
    };
    let extended = of.extensions.iter().copied().find_map(|schema| Some((Some(schema), behind(schema)?)));
    extended.or_else(|| Some((None, behind(of.schema)?)))
}
