//! What the service can do and what its resources hold, RFC 7644 section 4.

use super::{Pusher, answer, pusher};
use crate::Api;
use crate::problem::Problem;
use crate::session::SignedIn;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use connectors::scim::language::{BulkRequest, Query, list_response, schemas};
use governance::scim::ResourceKind;
use serde_json::{Value, json};

/// Discovery is not searched (RFC 7644 section 4).
fn unfiltered(query: Option<&str>) -> Result<(), Problem> {
    let filters = query.unwrap_or_default().split('&').any(|pair| pair.starts_with("filter="));
    if filters {
        return Err(Problem::new(StatusCode::FORBIDDEN, "not_searched", "this list takes no filter: leave it out"));
    }
    Ok(())
}

fn described(pusher: &Pusher, kind: &str, place: &str, mut document: Value) -> Value {
    document["schemas"] = json!([format!("urn:ietf:params:scim:schemas:core:2.0:{kind}")]);
    document["meta"] = json!({"resourceType": kind, "location": format!("{}/{place}", pusher.base)});
    document
}

/// What this SCIM service can do.
#[utoipa::path(get, path = "/scim/{source}/v2/ServiceProviderConfig", tag = "scim", params(("source" = String, Path)), responses((status = 200, body = Object, content_type = "application/scim+json")))]
pub(crate) async fn config(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(source): Path<String>,
) -> Result<Response, Problem> {
    let pusher = pusher(&api, signed_in, &source).await?;
    let yes = json!({"supported": true});
    let config = json!({
        "patch": yes,
        "bulk": {"supported": true, "maxOperations": BulkRequest::MAX_OPERATIONS, "maxPayloadSize": crate::LARGEST_BODY},
        "filter": {"supported": true, "maxResults": Query::MAX_COUNT},
        "changePassword": {"supported": false},
        "sort": yes,
        "etag": yes,
        "authenticationSchemes": [{
            "type": "oauthbearertoken",
            "name": "Token",
            "description": "An API token of Tenure with the scope `sources.push`",
            "specUri": "https://www.rfc-editor.org/info/rfc6750",
            "primary": true,
        }],
    });
    let place = "ServiceProviderConfig";
    Ok(answer(StatusCode::OK, &described(&pusher, place, place, config)))
}

fn schema_documents(pusher: &Pusher) -> Vec<Value> {
    let document = |schema: &connectors::scim::language::Schema| {
        described(pusher, "Schema", &format!("Schemas/{}", schema.id), schema.document.clone())
    };
    schemas().into_iter().map(document).collect()
}

/// The schemas of everything that can be pushed.
#[utoipa::path(get, path = "/scim/{source}/v2/Schemas", tag = "scim", params(("source" = String, Path)), responses((status = 200, body = Object, content_type = "application/scim+json")))]
pub(crate) async fn list_schemas(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(source): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let pusher = pusher(&api, signed_in, &source).await?;
    unfiltered(query.as_deref())?;
    Ok(listed(schema_documents(&pusher)))
}

fn listed(documents: Vec<Value>) -> Response {
    answer(StatusCode::OK, &list_response(documents.len() as u64, 1, documents))
}

fn by_id(documents: Vec<Value>, id: &str, what: &str) -> Result<Response, Problem> {
    let found = documents.into_iter().find(|document| document["id"].as_str() == Some(id));
    found.map(|document| answer(StatusCode::OK, &document)).ok_or_else(|| Problem::not_found(what))
}

/// One schema, by its URI.
#[utoipa::path(get, path = "/scim/{source}/v2/Schemas/{id}", tag = "scim", params(("source" = String, Path), ("id" = String, Path)), responses((status = 200, body = Object, content_type = "application/scim+json")))]
pub(crate) async fn show_schema(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path((source, id)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let pusher = pusher(&api, signed_in, &source).await?;
    by_id(schema_documents(&pusher), &id, "schema")
}

fn type_documents(pusher: &Pusher) -> Vec<Value> {
    let document = |kind: ResourceKind| {
        let of = kind.resource_type();
        let mut document = json!({
            "id": of.name,
            "name": of.name,
            "description": of.description,
            "endpoint": format!("/{}", of.endpoint),
            "schema": of.schema.id,
        });
        if !of.extensions.is_empty() {
            let extensions = of.extensions.iter().map(|schema| json!({"schema": schema.id, "required": false}));
            document["schemaExtensions"] = extensions.collect();
        }
        described(pusher, "ResourceType", &format!("ResourceTypes/{}", of.name), document)
    };
    ResourceKind::ALL.into_iter().map(document).collect()
}

/// The kinds of resources that can be pushed.
#[utoipa::path(get, path = "/scim/{source}/v2/ResourceTypes", tag = "scim", params(("source" = String, Path)), responses((status = 200, body = Object, content_type = "application/scim+json")))]
pub(crate) async fn list_types(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(source): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let pusher = pusher(&api, signed_in, &source).await?;
    unfiltered(query.as_deref())?;
    Ok(listed(type_documents(&pusher)))
}

/// One kind of resource, by its name.
#[utoipa::path(get, path = "/scim/{source}/v2/ResourceTypes/{id}", tag = "scim", params(("source" = String, Path), ("id" = String, Path)), responses((status = 200, body = Object, content_type = "application/scim+json")))]
pub(crate) async fn show_type(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path((source, id)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let pusher = pusher(&api, signed_in, &source).await?;
    by_id(type_documents(&pusher), &id, "kind of resource")
}
