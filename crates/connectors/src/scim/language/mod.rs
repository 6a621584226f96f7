//! What a SCIM message says, schema by schema: filters, paths, PATCH, projection, sorting and bulk, over plain JSON.
//! Pure: reads no connection, no clock and no store.

mod bulk;
mod dialect;
mod error;
mod filter;
mod list;
mod moment;
mod patch;
mod path;
mod projection;
mod resource;
mod schema;
mod text;
mod values;

pub use bulk::{BulkOperation, BulkRequest, Method};
pub use dialect::Dialect;
pub use error::{ScimError, ScimType};
pub use filter::{Filter, MAX_FILTER_BYTES};
pub use list::{Order, Query, SortKey};
pub use patch::{Act, Operation, apply, operations};
pub use path::{Path, Place};
pub use projection::Projection;
pub use resource::{accept, replace};
pub use schema::{
    AGENT, AGENTIC_APPLICATION, Attribute, GROUP, Kind, Mutability, ResourceType, Returned, Schema, USER, Uniqueness,
    schemas,
};

/// A resource, or a part of one, as JSON.
pub type Object = serde_json::Map<String, serde_json::Value>;

/// `urn:ietf:params:scim:api:messages:2.0:ListResponse`, RFC 7644 section 3.4.2.
pub const LIST_RESPONSE: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
/// RFC 7644 section 3.12.
pub const ERROR: &str = "urn:ietf:params:scim:api:messages:2.0:Error";
/// RFC 7644 section 3.5.2.
pub const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
/// RFC 7644 section 3.4.3.
pub const SEARCH_REQUEST: &str = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";
/// RFC 7644 section 3.7.
pub const BULK_REQUEST: &str = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";
/// RFC 7644 section 3.7.
pub const BULK_RESPONSE: &str = "urn:ietf:params:scim:api:messages:2.0:BulkResponse";

/// The body of a list, RFC 7644 section 3.4.2.
pub fn list_response(total: u64, start: u64, resources: Vec<serde_json::Value>) -> serde_json::Value {
    serde_json::json!({
        "schemas": [LIST_RESPONSE],
        "totalResults": total,
        "startIndex": start,
        "itemsPerPage": resources.len(),
        "Resources": resources,
    })
}

/// That a message names its schema, RFC 7644 section 3.1.
///
/// # Errors
/// `invalidSyntax` when it does not, unless the client is known not to.
pub fn is_message(body: &Object, schema: &str, dialect: Dialect) -> Result<(), ScimError> {
    let named = text::field(body, "schemas")
        .and_then(serde_json::Value::as_array)
        .is_some_and(|named| named.iter().any(|one| one.as_str().is_some_and(|one| one.eq_ignore_ascii_case(schema))));
    if named || dialect != Dialect::Strict {
        return Ok(());
    }
    Err(ScimError::new(ScimType::InvalidSyntax, format!("`schemas` must name `{schema}`")))
}
