//! Resources that a client pushes by SCIM, and who that client is. Pure.

pub use connectors::scim::language::Dialect;
use connectors::scim::language::{AGENT, AGENTIC_APPLICATION, Attribute, GROUP, Object, ResourceType, USER};
use serde_json::{Value, json};
use types::{IdentityId, ScimResourceId, Timestamp};

/// Who pushes to a source, and how they speak.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    pub source: String,
    pub dialect: Dialect,
    /// Besides administrators.
    pub pushed_by: Option<IdentityId>,
    pub declared_at: Timestamp,
}

/// What is pushed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResourceKind {
    User,
    Group,
    Agent,
    AgenticApplication,
}

impl ResourceKind {
    pub const ALL: [Self; 4] = [Self::User, Self::Group, Self::Agent, Self::AgenticApplication];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Group => "Group",
            Self::Agent => "Agent",
            Self::AgenticApplication => "AgenticApplication",
        }
    }

    /// By its name in SCIM.
    pub(super) fn called(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    pub fn resource_type(self) -> &'static ResourceType {
        match self {
            Self::User => &USER,
            Self::Group => &GROUP,
            Self::Agent => &AGENT,
            Self::AgenticApplication => &AGENTIC_APPLICATION,
        }
    }

    /// The attribute by which it is known, and whether no other of its kind may have the same.
    pub(super) const fn name(self) -> (&'static str, bool) {
        match self {
            Self::User => ("userName", true),
            Self::Group => ("displayName", false),
            Self::Agent => ("name", true),
            Self::AgenticApplication => ("name", false),
        }
    }

    /// By the segment of its address, which is told apart by case.
    pub fn at(endpoint: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.resource_type().endpoint == endpoint)
    }
}

/// A resource that stands for another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Related {
    pub(super) id: ScimResourceId,
    pub(super) kind: ResourceKind,
    pub(super) name: String,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Resource {
    pub id: ScimResourceId,
    pub source: String,
    pub kind: ResourceKind,
    /// From 1, one more with each change.
    pub version: u64,
    /// What the client may write, without references as addresses and without members.
    pub body: Object,
    pub created_at: Timestamp,
    pub modified_at: Timestamp,
    pub(super) members: Vec<Related>,
    pub(super) groups: Vec<Related>,
}

impl Resource {
    /// The weak ETag, RFC 7232 section 2.3.
    pub fn etag(&self) -> String {
        format!("W/\"{}\"", self.version)
    }

    /// Where it is, under the address of its source's SCIM service.
    pub fn location(&self, base: &str) -> String {
        address(base, self.kind, self.id.as_str())
    }

    /// By what it is known to people.
    pub(super) fn name(&self) -> &str {
        self.body.get(self.kind.name().0).and_then(Value::as_str).unwrap_or_default()
    }

    pub(super) fn external_id(&self) -> Option<&str> {
        self.body.get("externalId").and_then(Value::as_str)
    }

    /// What a client may write, as it would write it.
    pub(super) fn written(&self) -> Object {
        let mut body = self.body.clone();
        if !self.members.is_empty() {
            let members = self.members.iter().map(|member| json!({"value": member.id, "type": member.kind.as_str()}));
            body.insert("members".to_owned(), members.collect());
        }
        body
    }

    /// The whole resource as it is shown, RFC 7643 section 3.
    pub fn document(&self, base: &str) -> Object {
        let of = self.kind.resource_type();
        let mut body = self.written();
        let extended = of.extensions.iter().filter(|schema| body.contains_key(&schema.id)).map(|schema| &schema.id);
        let schemas: Vec<&String> = std::iter::once(&of.schema.id).chain(extended).collect();
        let (schemas, id) = (json!(schemas), json!(self.id));
        for member in body.get_mut("members").and_then(Value::as_array_mut).into_iter().flatten() {
            let kind = member["type"].as_str().and_then(ResourceKind::called).unwrap_or(ResourceKind::User);
            let at = address(base, kind, member["value"].as_str().unwrap_or_default());
            member["$ref"] = at.into();
        }
        references(of, &mut body, |kind, value| {
            if let (Some(kind), Some(id)) = (ResourceKind::called(kind), value.get("value").and_then(Value::as_str)) {
                let at = address(base, kind, id);
                value.insert("$ref".to_owned(), at.into());
            }
        });
        if !self.groups.is_empty() {
            let shown = self.groups.iter().map(|group| {
                let at = address(base, ResourceKind::Group, group.id.as_str());
                json!({"value": group.id, "$ref": at, "display": group.name, "type": "direct"})
            });
            body.insert("groups".to_owned(), shown.collect());
        }
        let mut whole = Object::from_iter([("schemas".to_owned(), schemas), ("id".to_owned(), id)]);
        whole.extend(body);
        let meta = json!({
            "resourceType": self.kind.as_str(),
            "created": self.created_at,
            "lastModified": self.modified_at,
            "location": self.location(base),
            "version": self.etag(),
        });
        whole.insert("meta".to_owned(), meta);
        whole
    }
}

/// Unless it says otherwise.
pub(super) fn is_active(body: &Object) -> bool {
    body.get("active").and_then(Value::as_bool) != Some(false)
}

/// Goes through the values that refer to another resource by its id, each with the kind of what it refers to.
pub(super) fn references(of: &ResourceType, body: &mut Object, mut with: impl FnMut(&str, &mut Object)) {
    let mut each = |attribute: &Attribute, held: &mut Object| {
        let (Some(kind), Some(value)) = (attribute.refers_to(), held.get_mut(&attribute.name)) else { return };
        match value {
            Value::Array(values) => {
                values.iter_mut().filter_map(Value::as_object_mut).for_each(|value| with(kind, value))
            }
            Value::Object(value) => with(kind, value),
            _ => {}
        }
    };
    of.attributes().for_each(|attribute| each(attribute, body));
    for schema in &of.extensions {
        if let Some(held) = body.get_mut(&schema.id).and_then(Value::as_object_mut) {
            schema.attributes.iter().for_each(|attribute| each(attribute, held));
        }
    }
}

fn address(base: &str, kind: ResourceKind, id: &str) -> String {
    format!("{base}/{}/{id}", kind.resource_type().endpoint)
}

/// Which version a change expects (`If-Match`, RFC 7644 section 3.14).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Expected {
    #[default]
    Whatever,
    OneOf(Vec<String>),
}

impl Expected {
    /// From the header's value; a version of a bulk operation looks the same.
    pub fn of(header: Option<&str>) -> Self {
        match header.map(str::trim) {
            None | Some("" | "*") => Self::Whatever,
            Some(listed) => Self::OneOf(listed.split(',').map(|tag| tag.trim().to_owned()).collect()),
        }
    }

    /// Versions are compared as weak ones: an answer is the same as another of its version.
    pub fn holds(&self, etag: &str) -> bool {
        let opaque = |tag: &str| tag.strip_prefix("W/").unwrap_or(tag).to_owned();
        match self {
            Self::Whatever => true,
            Self::OneOf(listed) => listed.iter().any(|tag| tag == "*" || opaque(tag) == opaque(etag)),
        }
    }
}
