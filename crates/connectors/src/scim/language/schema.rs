//! Schemas and resource types, RFC 7643 sections 3, 4, 6 and 7. What a schema says is read from the documents that are
//! also published.

use super::{Path, ScimError};
use serde::Deserialize;
use serde_json::Value;
use std::sync::LazyLock;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    String,
    Boolean,
    Decimal,
    Integer,
    DateTime,
    Reference,
    Binary,
    Complex,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Mutability {
    ReadOnly,
    ReadWrite,
    Immutable,
    WriteOnly,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Returned {
    Always,
    Never,
    Default,
    Request,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Uniqueness {
    #[default]
    None,
    Server,
    Global,
}

/// RFC 7643 section 2.2.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attribute {
    pub name: String,
    #[serde(rename = "type")]
    pub kind: Kind,
    pub multi_valued: bool,
    pub required: bool,
    #[serde(default)]
    pub case_exact: bool,
    pub mutability: Mutability,
    pub returned: Returned,
    #[serde(default)]
    pub uniqueness: Uniqueness,
    /// The resource types, `external` or `uri` that a reference leads to.
    #[serde(default)]
    pub reference_types: Vec<String>,
    #[serde(default)]
    pub sub_attributes: Vec<Attribute>,
}

impl Attribute {
    /// A part of a complex attribute, by its name in whatever case.
    pub fn part(&self, name: &str) -> Option<&Attribute> {
        find(&self.sub_attributes, name)
    }

    /// The one kind of resource that a complex value refers to by its id, where there is one.
    pub fn refers_to(&self) -> Option<&str> {
        match self.part("$ref")?.reference_types.as_slice() {
            [kind] if !["external", "uri"].contains(&kind.as_str()) => Some(kind),
            _ => None,
        }
    }

    /// The part that stands for the whole of a complex value (RFC 7643 section 2.4).
    pub(super) fn value_part(&self) -> Option<&Attribute> {
        self.part("value")
    }
}

fn find<'a>(attributes: &'a [Attribute], name: &str) -> Option<&'a Attribute> {
    attributes.iter().find(|attribute| attribute.name.eq_ignore_ascii_case(name))
}

/// RFC 7643 section 7.
#[derive(Debug)]
pub struct Schema {
    pub id: String,
    pub name: String,
    pub attributes: Vec<Attribute>,
    /// As it is published, without `schemas` and `meta`.
    pub document: Value,
}

impl Schema {
    fn read(text: &str) -> Self {
        let document: Value = serde_json::from_str(text).expect("a schema of ours is JSON");
        let word = |name: &str| document[name].as_str().expect("a schema of ours is named").to_owned();
        let attributes = serde_json::from_value(document["attributes"].clone()).expect("a schema of ours is one");
        Self { id: word("id"), name: word("name"), attributes, document }
    }

    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        find(&self.attributes, name)
    }
}

macro_rules! schema {
    ($name:ident, $file:literal) => {
        static $name: LazyLock<Schema> = LazyLock::new(|| Schema::read(include_str!(concat!("schemas/", $file))));
    };
}

schema!(COMMON_SCHEMA, "common.json");
schema!(USER_SCHEMA, "user.json");
schema!(ENTERPRISE_USER_SCHEMA, "enterprise_user.json");
schema!(GROUP_SCHEMA, "group.json");
schema!(AGENT_SCHEMA, "agent.json");
schema!(AGENTIC_APPLICATION_SCHEMA, "agentic_application.json");
schema!(SERVICE_PROVIDER_CONFIG_SCHEMA, "service_provider_config.json");
schema!(RESOURCE_TYPE_SCHEMA, "resource_type.json");
schema!(SCHEMA_SCHEMA, "schema.json");

/// Every schema that is published, RFC 7644 section 4.
pub fn schemas() -> [&'static Schema; 8] {
    [
        &USER_SCHEMA,
        &ENTERPRISE_USER_SCHEMA,
        &GROUP_SCHEMA,
        &AGENT_SCHEMA,
        &AGENTIC_APPLICATION_SCHEMA,
        &SERVICE_PROVIDER_CONFIG_SCHEMA,
        &RESOURCE_TYPE_SCHEMA,
        &SCHEMA_SCHEMA,
    ]
}

/// RFC 7643 section 6.
#[derive(Debug)]
pub struct ResourceType {
    pub name: &'static str,
    /// The segment of its address, without a slash.
    pub endpoint: &'static str,
    pub description: &'static str,
    pub schema: &'static Schema,
    /// None of them is required.
    pub extensions: Vec<&'static Schema>,
}

pub static USER: LazyLock<ResourceType> = LazyLock::new(|| ResourceType {
    name: "User",
    endpoint: "Users",
    description: "People",
    schema: &USER_SCHEMA,
    extensions: vec![&ENTERPRISE_USER_SCHEMA],
});

pub static GROUP: LazyLock<ResourceType> = LazyLock::new(|| ResourceType {
    name: "Group",
    endpoint: "Groups",
    description: "Groups of people and groups",
    schema: &GROUP_SCHEMA,
    extensions: Vec::new(),
});

/// draft-abbey-scim-agent-extension-00.
pub static AGENT: LazyLock<ResourceType> = LazyLock::new(|| ResourceType {
    name: "Agent",
    endpoint: "Agents",
    description: "AI agents with an identity of their own",
    schema: &AGENT_SCHEMA,
    extensions: Vec::new(),
});

/// draft-abbey-scim-agent-extension-00.
pub static AGENTIC_APPLICATION: LazyLock<ResourceType> = LazyLock::new(|| ResourceType {
    name: "AgenticApplication",
    endpoint: "AgenticApplications",
    description: "Applications that host agents or give access to them",
    schema: &AGENTIC_APPLICATION_SCHEMA,
    extensions: Vec::new(),
});

impl ResourceType {
    /// An attribute of the core schema, or one that every resource has.
    pub fn attribute(&self, name: &str) -> Option<&'static Attribute> {
        self.schema.attribute(name).or_else(|| COMMON_SCHEMA.attribute(name))
    }

    pub fn extension(&self, id: &str) -> Option<&'static Schema> {
        self.extensions.iter().copied().find(|schema| schema.id.eq_ignore_ascii_case(id))
    }

    /// All attributes that a resource of this type keeps at its top, with those that every resource has.
    pub fn attributes(&self) -> impl Iterator<Item = &'static Attribute> {
        COMMON_SCHEMA.attributes.iter().chain(&self.schema.attributes)
    }

    /// What a path such as `urn:…:User:name.familyName` names, without a filter.
    ///
    /// # Errors
    /// `invalidPath` when no schema of the type has it.
    pub fn place(&self, text: &str) -> Result<super::Place, ScimError> {
        Path::parse(self, text)?.place()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_schema_that_is_published_can_be_read_and_has_a_name_of_its_own() {
        let mut ids: Vec<&str> = schemas().iter().map(|schema| schema.id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), schemas().len());
        for schema in schemas() {
            assert!(!schema.attributes.is_empty(), "{}", schema.id);
            for attribute in &schema.attributes {
                assert_eq!(attribute.kind == Kind::Complex, !attribute.sub_attributes.is_empty(), "{attribute:?}");
            }
        }
    }

    #[test]
    fn an_attribute_is_found_in_whatever_case_it_is_written() {
        assert_eq!(USER.attribute("USERNAME").unwrap().name, "userName");
        assert_eq!(USER.attribute("externalid").unwrap().name, "externalId");
        assert_eq!(USER.attribute("name").unwrap().part("FAMILYname").unwrap().name, "familyName");
        assert!(USER.attribute("members").is_none());
    }
}
