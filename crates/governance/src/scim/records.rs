//! Users that were pushed, as records of their source: what they say in the names that every source uses. What follows
//! from it for people is not decided here.

use super::{Resource, ResourceKind, model, store};
use crate::sources::AttributeKind;
use connectors::hr_csv::EmploymentStatus;
use connectors::scim::language::Object;
use connectors::sources::{Asserted, Employment, Extent, Feed, Record};
use data_encoding::HEXLOWER;
use db::{DbError, ReadTx};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
/// What is pushed of a user besides what every source may state: a source declares those of them that are to be kept.
pub const ATTRIBUTES: [(&str, AttributeKind); 6] = [
    ("user_name", AttributeKind::Text),
    ("display_name", AttributeKind::Text),
    ("cost_center", AttributeKind::Text),
    ("organization", AttributeKind::Text),
    ("division", AttributeKind::Text),
    ("groups", AttributeKind::List),
];
/// Resources read at once.
const AT_ONCE: u64 = 500;

/// Everybody who is there.
pub(super) async fn all(tx: &mut ReadTx, source: &str) -> Result<Vec<Record>, DbError> {
    let (mut records, mut last) = (Vec::new(), None);
    loop {
        let some = store::after(tx, source, ResourceKind::User, last.as_ref(), AT_ONCE).await?;
        records.extend(some.iter().map(record));
        match some.last() {
            Some(resource) if some.len() as u64 == AT_ONCE => last = Some(resource.id.clone()),
            _ => return Ok(records),
        }
    }
}

pub(super) fn as_feed(records: Vec<Record>, extent: Extent) -> Feed {
    let said = serde_json::to_vec(&(&records, &extent)).expect("records are plain data");
    Feed { records, extent, sha256: HEXLOWER.encode(&Sha256::digest(said)), as_of: None }
}

/// What one user says. Its id is the key: a client may rename everything else.
fn record(user: &Resource) -> Record {
    let body = &user.body;
    let nothing = Object::new();
    let held = |name: &str| body.get(name).and_then(Value::as_object).unwrap_or(&nothing);
    let (name, enterprise) = (held("name"), held(ENTERPRISE));
    let manager = enterprise.get("manager").and_then(|manager| manager.get("value"));
    let mut attributes = BTreeMap::new();
    for (attribute, value) in [
        ("employee_id", enterprise.get("employeeNumber")),
        ("given_name", name.get("givenName")),
        ("family_name", name.get("familyName")),
        ("email", address(body)),
        ("department", enterprise.get("department")),
        ("job_title", body.get("title")),
        ("manager", manager),
        ("user_name", body.get("userName")),
        ("display_name", body.get("displayName")),
        ("cost_center", enterprise.get("costCenter")),
        ("organization", enterprise.get("organization")),
        ("division", enterprise.get("division")),
    ] {
        if let Some(text) = value.and_then(Value::as_str) {
            attributes.insert(attribute.to_owned(), Asserted::text(text));
        }
    }
    let groups = user.groups.iter().map(|group| group.name.clone()).collect();
    attributes.insert("groups".to_owned(), Asserted::List(groups));
    let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
    let employment = Employment {
        status: if model::is_active(body) { EmploymentStatus::Active } else { EmploymentStatus::Terminated },
        start: None,
        end: None,
        time_zone: text("timezone"),
        kind: text("userType"),
    };
    Record { key: user.id.to_string(), attributes, employment: Some(employment) }
}

/// The primary address, or the one for work, or the first; a user name that is one where there is none.
pub(super) fn address(body: &Object) -> Option<&Value> {
    let all = body.get("emails").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let primary = all.iter().find(|address| address.get("primary") == Some(&Value::Bool(true)));
    let work = || all.iter().find(|address| address.get("type").and_then(Value::as_str) == Some("work"));
    let found = primary.or_else(work).or_else(|| all.first()).and_then(|address| address.get("value"));
    let user_name = || body.get("userName").filter(|name| name.as_str().is_some_and(|name| name.contains('@')));
    found.or_else(user_name)
}
