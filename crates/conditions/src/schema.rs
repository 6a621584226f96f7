//! Which attributes a person may have, and the values of one person. Says nothing about conditions.

use cedar_policy::RestrictedExpression;
use serde_json::{Map, json};
use std::collections::{BTreeMap, BTreeSet};

/// What kind of value an attribute has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    /// A set of texts; order and repetition mean nothing.
    List,
    /// A whole number of 64 bits.
    Number,
}

/// Whether every person has a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    Always,
    /// A condition must ask by `has` before it looks.
    Sometimes,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// 1 to 64 letters, digits and `_`; the first is no digit.
    pub name: String,
    pub kind: Kind,
    pub presence: Presence,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Value {
    Text(String),
    List(BTreeSet<String>),
    Number(i64),
}

/// One person's values by attribute. What is absent is left out.
pub type Values = BTreeMap<String, Value>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadAttribute {
    Name(String),
    DeclaredTwice(String),
}

/// The attributes that conditions may look at.
#[derive(Debug)]
pub struct Schema {
    kinds: BTreeMap<String, Kind>,
    pub(crate) cedar: cedar_policy::Schema,
}

impl Schema {
    pub fn new(attributes: &[Attribute]) -> Result<Self, BadAttribute> {
        let (mut kinds, mut shape) = (BTreeMap::new(), Map::new());
        for Attribute { name, kind, presence } in attributes {
            if !is_name(name) {
                return Err(BadAttribute::Name(name.chars().take(64).collect()));
            }
            if kinds.insert(name.clone(), *kind).is_some() {
                return Err(BadAttribute::DeclaredTwice(name.clone()));
            }
            let mut declared = match kind {
                Kind::Text => json!({ "type": "String" }),
                Kind::List => json!({ "type": "Set", "element": { "type": "String" } }),
                Kind::Number => json!({ "type": "Long" }),
            };
            declared["required"] = (*presence == Presence::Always).into();
            shape.insert(name.clone(), declared);
        }
        let person = json!({ "shape": { "type": "Record", "attributes": shape } });
        let applies = json!({ "principalTypes": ["Person"], "resourceTypes": ["Role"] });
        let text = json!({ "": {
            "entityTypes": { "Person": person, "Role": {} },
            "actions": { "hold": { "appliesTo": applies } },
        } });
        let cedar = cedar_policy::Schema::from_json_value(text).expect("a schema of checked names");
        Ok(Self { kinds, cedar })
    }

    /// The names that are declared, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.kinds.keys().map(String::as_str)
    }

    /// Whether an attribute is declared with the kind of this value.
    pub fn admits(&self, name: &str, value: &Value) -> bool {
        self.kinds.get(name) == Some(&value.kind())
    }

    pub(crate) fn kinds(&self) -> &BTreeMap<String, Kind> {
        &self.kinds
    }
}

impl Value {
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Text(_) => Kind::Text,
            Self::List(_) => Kind::List,
            Self::Number(_) => Kind::Number,
        }
    }

    pub(crate) fn expression(&self) -> RestrictedExpression {
        let text = |text: &String| RestrictedExpression::new_string(text.clone());
        match self {
            Self::Text(value) => text(value),
            Self::List(values) => RestrictedExpression::new_set(values.iter().map(text)),
            Self::Number(number) => RestrictedExpression::new_long(*number),
        }
    }
}

fn is_name(name: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    (1..=64).contains(&name.len()) && name.bytes().all(word) && !name.as_bytes()[0].is_ascii_digit()
}

impl std::fmt::Display for BadAttribute {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Name(name) => {
                write!(f, "`{name}` cannot name an attribute: use 1 to 64 letters, digits and `_`, no digit first")
            }
            Self::DeclaredTwice(name) => write!(f, "the attribute `{name}` is declared twice: leave one of them out"),
        }
    }
}

impl std::error::Error for BadAttribute {}
