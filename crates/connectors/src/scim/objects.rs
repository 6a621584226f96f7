//! What users and groups of a SCIM service are as accounts and entitlements, and back. An attribute is named by its path:
//! `name.givenName`, `emails[type eq "work"].value`, `urn:…:User:department`. Asks nothing.

use super::language::{Act, Dialect, Object, Operation, USER, apply};
use crate::ConnectorError;
use crate::account::cut;
use crate::connector::{Account, AccountKind, Attributes, Entitlement, EntitlementKind, Member, NativeId, Status};
use serde_json::Value;
use std::collections::BTreeMap;

/// Only these may be in an id, which becomes a part of an address.
pub(super) fn id(object: &Object) -> Option<NativeId> {
    let id = object.get("id")?.as_str()?;
    is_segment(id).then(|| NativeId(id.to_owned()))
}

pub(super) fn is_segment(id: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || "-._~:@$".contains(c);
    !id.is_empty() && id.len() <= 255 && ![".", ".."].contains(&id) && id.chars().all(fits)
}

/// `None`: it lacks what every user has.
pub(super) fn account(user: &Object) -> Option<Account> {
    let login = user.get("userName")?.as_str()?.to_owned();
    let enabled = user.get("active").and_then(Value::as_bool) != Some(false);
    Some(Account {
        id: id(user)?,
        login,
        status: if enabled { Status::Enabled } else { Status::Disabled },
        attributes: attributes(user),
        privileged: Vec::new(),
        last_used_at: None,
        kind: AccountKind::Ordinary,
    })
}

fn attributes(user: &Object) -> Attributes {
    let mut found = BTreeMap::new();
    for (name, value) in user {
        if ["schemas", "id", "meta", "groups", "active", "userName"].contains(&name.as_str()) {
            continue;
        }
        match value {
            Value::Object(fields) => {
                let joint = if name.starts_with("urn:") { ":" } else { "." };
                for (part, value) in fields {
                    let at = format!("{name}{joint}{part}");
                    match value.as_object() {
                        Some(inner) => take(&mut found, format!("{at}.value"), inner.get("value")),
                        None => take(&mut found, at, Some(value)),
                    }
                }
            }
            Value::Array(values) => {
                for value in values {
                    let at = match value.get("type").and_then(Value::as_str) {
                        Some(kind) => format!("{name}[type eq {}].value", Value::from(kind)),
                        None => format!("{name}.value"),
                    };
                    take(&mut found, at, value.get("value"));
                }
            }
            plain => take(&mut found, name.clone(), Some(plain)),
        }
    }
    found
}

fn take(found: &mut Attributes, name: String, value: Option<&Value>) {
    let text = match value {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Bool(_) | Value::Number(_)) => value.map(Value::to_string).unwrap_or_default(),
        _ => return,
    };
    found.entry(name).or_default().push(text);
}

/// `None`: it lacks what every group has.
pub(super) fn entitlement(group: &Object) -> Option<Entitlement> {
    let name = group.get("displayName")?.as_str()?.to_owned();
    Some(Entitlement { id: id(group)?, kind: EntitlementKind::Group, name, privileged: None })
}

/// Direct members; a member of which the service does not say what it is counts as a user.
pub(super) fn members(group: &Object) -> Vec<Member> {
    let listed = group.get("members").and_then(Value::as_array).into_iter().flatten();
    let member = |member: &Value| {
        let id = NativeId(member.get("value")?.as_str()?.to_owned());
        let kind = member.get("type").and_then(Value::as_str);
        let at = member.get("$ref").and_then(Value::as_str).unwrap_or_default();
        let group = kind.map_or_else(|| at.contains("/Groups/"), |kind| kind.eq_ignore_ascii_case("Group"));
        Some(if group { Member::Entitlement(id) } else { Member::Account(id) })
    };
    listed.filter_map(member).collect()
}

/// The operations that set these attributes; one without a value is taken away.
pub(super) fn changes(attributes: &Attributes) -> Vec<Value> {
    let operation = |(name, values): (&String, &Vec<String>)| match values.as_slice() {
        [] => serde_json::json!({"op": "remove", "path": name}),
        [value] => serde_json::json!({"op": "replace", "path": name, "value": value}),
        values => serde_json::json!({"op": "replace", "path": name, "value": values}),
    };
    attributes.iter().map(operation).collect()
}

/// A user with these attributes on top of what it has.
///
/// # Errors
/// `BadName`: an attribute that no schema of a user has, or a value that it cannot have.
pub(super) fn with(before: &Object, attributes: &Attributes) -> Result<Object, ConnectorError> {
    let mut user = before.clone();
    for (name, values) in attributes {
        let (act, value) = match values.first() {
            Some(value) => (Act::Replace, Some(Value::from(value.as_str()))),
            None => (Act::Remove, None),
        };
        let operation = Operation { act, path: Some(name.clone()), value };
        // What is meant is made where it is not there yet, as one of these clients does it.
        let strict =
            super::language::Path::parse(&USER, name).and_then(|_| apply(&USER, &user, &[operation], Dialect::Entra));
        user = strict.map_err(|_| ConnectorError::BadName {
            name: cut(name),
            reason: "no schema of a SCIM user has an attribute of this name that can be set so",
        })?;
    }
    Ok(user)
}
