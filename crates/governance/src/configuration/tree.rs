//! A document as a tree in which everything knows its line and column. Pure.

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use serde_saphyr::Spanned;
use std::fmt;

/// From 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Place {
    pub(super) line: u64,
    pub(super) column: u64,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    pub(super) place: Place,
    pub(super) content: Content,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Content {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Node>),
    Map(Vec<(Key, Node)>),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Key {
    pub(super) place: Place,
    pub(super) name: String,
}

/// A step on the way into a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Key(String),
    Index(usize),
}

impl Node {
    pub(super) fn value(&self) -> Value {
        match &self.content {
            Content::Null => Value::Null,
            Content::Bool(is) => Value::Bool(*is),
            Content::Number(number) => Value::Number(number.clone()),
            Content::Text(text) => Value::String(text.clone()),
            Content::List(items) => Value::Array(items.iter().map(Self::value).collect()),
            Content::Map(entries) => {
                let entries = entries.iter().map(|(key, node)| (key.name.clone(), node.value()));
                Value::Object(entries.collect::<Map<_, _>>())
            }
        }
    }

    pub(super) fn entry(&self, name: &str) -> Option<&(Key, Node)> {
        match &self.content {
            Content::Map(entries) => entries.iter().find(|(key, _)| key.name == name),
            _ => None,
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&Node> {
        self.entry(name).map(|(_, node)| node)
    }

    /// The node that a way leads to, as far as it leads.
    pub(super) fn follow(&self, way: &[Step]) -> &Node {
        let Some((step, rest)) = way.split_first() else { return self };
        let next = match (step, &self.content) {
            (Step::Key(name), _) => self.get(name),
            (Step::Index(at), Content::List(items)) => items.get(*at),
            (Step::Index(_), _) => None,
        };
        next.map_or(self, |next| next.follow(rest))
    }

    /// Itself and everything in it, from above.
    pub(super) fn all(&self) -> Vec<&Node> {
        let mut all = vec![self];
        match &self.content {
            Content::List(items) => items.iter().for_each(|item| all.extend(item.all())),
            Content::Map(entries) => entries.iter().for_each(|(_, node)| all.extend(node.all())),
            _ => {}
        }
        all
    }

    pub(super) fn keys(&self) -> Vec<&Key> {
        let mut keys = Vec::new();
        for node in self.all() {
            if let Content::Map(entries) = &node.content {
                keys.extend(entries.iter().map(|(key, _)| key));
            }
        }
        keys
    }

    pub(super) fn is_text(&self, text: &str) -> bool {
        matches!(&self.content, Content::Text(found) if found == text)
    }
}

fn place<T>(spanned: &Spanned<T>) -> Place {
    Place { line: spanned.referenced.line(), column: spanned.referenced.column() }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<Content>::deserialize(deserializer)?;
        Ok(Self { place: place(&spanned), content: spanned.value })
    }
}

impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyContent)
    }
}

struct AnyContent;

impl<'de> Visitor<'de> for AnyContent {
    type Value = Content;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Content, E> {
        Ok(Content::Null)
    }

    fn visit_none<E>(self) -> Result<Content, E> {
        Ok(Content::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Content, D::Error> {
        Content::deserialize(deserializer)
    }

    fn visit_bool<E>(self, is: bool) -> Result<Content, E> {
        Ok(Content::Bool(is))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Content, E> {
        Ok(Content::Number(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Content, E> {
        Ok(Content::Number(number.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Content, E> {
        let number = Number::from_f64(number).ok_or_else(|| E::custom("a number has no end here"))?;
        Ok(Content::Number(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Content, E> {
        Ok(Content::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Content, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Content::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Content, A::Error> {
        let mut map = Vec::new();
        while let Some(key) = entries.next_key::<Spanned<String>>()? {
            map.push((Key { place: place(&key), name: key.value }, entries.next_value()?));
        }
        Ok(Content::Map(map))
    }
}
