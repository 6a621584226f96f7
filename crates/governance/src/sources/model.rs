//! A source of people as it is declared, and what is kept of its records.

use super::asks::Reads;
use connectors::sources::{Asserted, Extent, Feed, Record};
use std::borrow::Cow;
use std::collections::BTreeMap;
use types::{IdentityId, Timestamp};

/// The source of feeds that name no other. It is there without being declared.
pub const HR: &str = "hr";

/// Where the records of a source come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// Feeds that somebody sends.
    Csv,
    /// A SCIM client that pushes to us.
    Scim,
    Ldap,
    ActiveDirectory,
    /// One statement on a database.
    Sql,
}

/// What a feed of the source says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Says {
    /// Everybody: whom it does not name has left.
    #[default]
    Everybody,
    /// What changed since the last one.
    Changes,
}

/// What the records of a source are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Authority {
    /// Makes people known.
    #[default]
    People,
    /// Only adds attributes to people whom another source made known.
    Attributes,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttributeKind {
    Text,
    List,
    Number,
}

/// An attribute of the organisation's own, besides those that everybody has.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attribute {
    /// Lower case letters, digits and `_`, at most 63; the first is a letter.
    pub name: String,
    pub kind: AttributeKind,
}

/// A source as it is declared.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declaration {
    pub name: String,
    pub kind: SourceKind,
    #[serde(default)]
    pub description: String,
    /// Mail address of the person who answers for it.
    pub owner: String,
    #[serde(default)]
    pub settings: Settings,
}

/// How the feeds of a source are taken.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    pub says: Says,
    pub authority: Authority,
    /// Its attributes beyond those that everybody has; of a CSV feed also its columns.
    pub attributes: Vec<Attribute>,
    /// The lowest goes first, where two sources state the same attribute. By default 100.
    pub precedence: Option<u32>,
    /// The same for single attributes.
    pub precedence_of: BTreeMap<String, u32>,
    /// A whole feed that lacks more than this of the people it named before looks cut off. By default 10.
    pub max_missing_percent: Option<u8>,
    /// The same bytes for longer than this are not news any more. By default they always are.
    pub stale_after_hours: Option<u32>,
    /// The service that is asked for its records.
    pub service: Option<String>,
    /// What is asked of it, and how often.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read: Option<Reads>,
}

impl Settings {
    pub(super) const fn max_missing_percent(&self) -> u8 {
        match self.max_missing_percent {
            Some(percent) => percent,
            None => 10,
        }
    }
}

/// A source that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    pub name: String,
    pub kind: SourceKind,
    pub description: String,
    /// `None` of the source that is there without being declared.
    pub owner: Option<IdentityId>,
    pub settings: Settings,
}

impl Source {
    pub(super) fn hr() -> Self {
        Self {
            name: HR.to_owned(),
            kind: SourceKind::Csv,
            description: "Feeds that name no other source".to_owned(),
            owner: None,
            settings: Settings::default(),
        }
    }

    pub const fn precedence(&self) -> u32 {
        match self.settings.precedence {
            Some(precedence) => precedence,
            None => 100,
        }
    }

    pub const fn max_missing_percent(&self) -> u8 {
        self.settings.max_missing_percent()
    }

    /// A feed of a source that says what changed proves nobody gone, even when it looks like a whole one.
    pub(crate) fn as_said<'a>(&self, feed: &'a Feed) -> Cow<'a, Feed> {
        match (self.settings.says, &feed.extent) {
            (Says::Changes, Extent::Whole) => {
                Cow::Owned(Feed { extent: Extent::Changes { gone: Vec::new() }, ..feed.clone() })
            }
            _ => Cow::Borrowed(feed),
        }
    }

    /// The names of its own attributes.
    pub fn own_attributes(&self) -> Vec<String> {
        self.settings.attributes.iter().map(|attribute| attribute.name.clone()).collect()
    }
}

/// How a source has been lately.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Health {
    /// When its last whole feed was taken.
    pub last_whole_at: Option<Timestamp>,
    /// Of when that was true, where it said.
    pub last_as_of: Option<Timestamp>,
    /// When somebody began to read the last feed that was taken.
    pub last_began_at: Option<Timestamp>,
    /// Of its last feed, hex.
    pub last_sha256: Option<String>,
    /// Since when its feeds are the same bytes.
    pub same_since: Option<Timestamp>,
    pub refused: Option<Refused>,
}

/// That its last feed was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    pub at: Timestamp,
    pub code: String,
    pub detail: String,
}

/// A record as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub source: String,
    pub record: Record,
    /// `None` while nobody knows whose it is.
    pub identity: Option<IdentityId>,
    /// When this version of it was taken.
    pub from: Timestamp,
    /// When it was learned what it says of the employment; other versions may have said the same.
    pub said_at: Timestamp,
    /// Since when the source does not name it any more.
    pub gone_at: Option<Timestamp>,
}

/// A value, and which source said it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub value: Asserted,
    pub source: String,
}
