//! Bulk requests, RFC 7644 section 3.7: what is asked, and which operation speaks of what another one makes.

use super::text::{field, shown};
use super::{BULK_REQUEST, Dialect, Object, ScimError, ScimType, is_message};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// How one operation speaks of what another makes.
const REFERENCE: &str = "bulkId:";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    Post,
    Put,
    Patch,
    Delete,
}

impl Method {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct BulkOperation {
    pub method: Method,
    pub bulk_id: Option<String>,
    /// The version that it expects, as an ETag.
    pub version: Option<String>,
    /// Such as `/Users` or `/Users/{id}`.
    pub path: String,
    pub data: Option<Value>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct BulkRequest {
    pub operations: Vec<BulkOperation>,
    /// After so many that failed nothing more is done.
    pub fail_on_errors: Option<u64>,
}

impl BulkRequest {
    /// The most operations of one request.
    pub const MAX_OPERATIONS: usize = 1000;

    /// # Errors
    /// `invalidSyntax` when it is none, `tooMany` beyond [`Self::MAX_OPERATIONS`].
    pub fn read(body: &Object, dialect: Dialect) -> Result<Self, ScimError> {
        is_message(body, BULK_REQUEST, dialect)?;
        let listed = field(body, "Operations").and_then(Value::as_array);
        let listed = listed.ok_or_else(|| malformed("`Operations` must be a list"))?;
        if listed.len() > Self::MAX_OPERATIONS {
            let detail =
                format!("at most {} operations at once: send the rest in another request", Self::MAX_OPERATIONS);
            return Err(ScimError::new(ScimType::TooMany, detail));
        }
        let fail_on_errors = match field(body, "failOnErrors") {
            None | Some(Value::Null) => None,
            Some(value) => Some(value.as_u64().ok_or_else(|| malformed("`failOnErrors` must be a whole number"))?),
        };
        let operations = listed.iter().map(BulkOperation::read).collect::<Result<Vec<_>, _>>()?;
        let mut named = BTreeSet::new();
        for name in operations.iter().filter_map(|operation| operation.bulk_id.as_deref()) {
            if !named.insert(name) {
                return Err(malformed(&format!("the bulkId `{}` is given twice", shown(name))));
            }
        }
        Ok(Self { operations, fail_on_errors })
    }
}

impl BulkOperation {
    fn read(sent: &Value) -> Result<Self, ScimError> {
        let sent = sent.as_object().ok_or_else(|| malformed("an operation must be an object"))?;
        let text = |name: &str| match field(sent, name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(malformed(&format!("`{name}` of an operation must be a text"))),
        };
        let method = match text("method")?.unwrap_or_default().to_ascii_uppercase().as_str() {
            "POST" => Method::Post,
            "PUT" => Method::Put,
            "PATCH" => Method::Patch,
            "DELETE" => Method::Delete,
            _ => return Err(malformed("`method` must be POST, PUT, PATCH or DELETE")),
        };
        let path = text("path")?.ok_or_else(|| malformed("an operation needs a `path`"))?;
        let (bulk_id, data) = (text("bulkId")?, field(sent, "data").cloned());
        if method == Method::Post && bulk_id.as_deref().is_none_or(str::is_empty) {
            return Err(malformed("a POST needs a `bulkId`"));
        }
        Ok(Self { method, bulk_id, version: text("version")?, path, data })
    }

    /// The bulkIds that it speaks of.
    pub fn speaks_of(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        if let Some((_, name)) = self.path.split_once(REFERENCE) {
            found.insert(name.to_owned());
        }
        if let Some(data) = &self.data {
            collect(data, &mut found);
        }
        found
    }

    /// With the ids that the bulkIds stand for.
    #[must_use]
    pub fn resolved(&self, ids: &BTreeMap<String, String>) -> Self {
        let path = match self.path.split_once(REFERENCE) {
            Some((before, name)) => ids.get(name).map(|id| format!("{before}{id}")),
            None => None,
        };
        let mut data = self.data.clone();
        if let Some(data) = &mut data {
            substitute(data, ids);
        }
        Self { path: path.unwrap_or_else(|| self.path.clone()), data, ..self.clone() }
    }
}

fn malformed(detail: &str) -> ScimError {
    ScimError::new(ScimType::InvalidSyntax, detail)
}

fn collect(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => found.extend(text.strip_prefix(REFERENCE).map(str::to_owned)),
        Value::Array(values) => values.iter().for_each(|value| collect(value, found)),
        Value::Object(fields) => fields.values().for_each(|value| collect(value, found)),
        _ => {}
    }
}

fn substitute(value: &mut Value, ids: &BTreeMap<String, String>) {
    match value {
        Value::String(text) => {
            if let Some(id) = text.strip_prefix(REFERENCE).and_then(|name| ids.get(name)) {
                id.clone_into(text);
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| substitute(value, ids)),
        Value::Object(fields) => fields.values_mut().for_each(|value| substitute(value, ids)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(operations: Value) -> Result<BulkRequest, ScimError> {
        let body = json!({"schemas": [BULK_REQUEST], "failOnErrors": 1, "Operations": operations});
        BulkRequest::read(body.as_object().unwrap(), Dialect::Strict)
    }

    /// RFC 7644 section 3.7.2.
    #[test]
    fn an_operation_names_what_another_one_makes() {
        let request = read(json!([
            {"method": "POST", "path": "/Users", "bulkId": "qwerty", "data": {"userName": "Alice"}},
            {"method": "POST", "path": "/Groups", "bulkId": "ytrewq",
             "data": {"displayName": "Tour Guides", "members": [{"type": "User", "value": "bulkId:qwerty"}]}},
            {"method": "DELETE", "path": "/Users/bulkId:qwerty", "version": "W/\"1\""},
        ]));
        let request = request.unwrap();
        let speaks: Vec<usize> = request.operations.iter().map(|operation| operation.speaks_of().len()).collect();
        assert_eq!((speaks, request.fail_on_errors), (vec![0, 1, 1], Some(1)));
        let ids = BTreeMap::from([("qwerty".to_owned(), "92b725cd".to_owned())]);
        let group = request.operations[1].resolved(&ids);
        assert_eq!(group.data.as_ref().unwrap()["members"][0]["value"], "92b725cd");
        assert!(group.speaks_of().is_empty());
        assert_eq!(request.operations[2].resolved(&ids).path, "/Users/92b725cd");
    }

    #[test]
    fn a_bulk_request_that_cannot_be_read_is_refused_as_a_whole() {
        let post = |bulk_id: &str| json!({"method": "POST", "path": "/Users", "bulkId": bulk_id, "data": {}});
        for wrong in [
            json!("all"),
            json!([1]),
            json!([{"method": "GET", "path": "/Users"}]),
            json!([{"method": "POST", "path": "/Users", "data": {}}]),
            json!([{"method": "DELETE"}]),
            json!([post("a"), post("a")]),
        ] {
            assert_eq!(read(wrong.clone()).unwrap_err().kind, ScimType::InvalidSyntax, "{wrong}");
        }
        let many: Vec<Value> = (0..1001).map(|n| post(&n.to_string())).collect();
        assert_eq!(read(json!(many)).unwrap_err().kind, ScimType::TooMany);
        assert!(read(json!(many[..1000])).is_ok());
    }
}
