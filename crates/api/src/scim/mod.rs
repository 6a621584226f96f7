//! SCIM 2.0 (RFC 7644) for who pushes to a source: `/scim/{source}/v2`. Answers are `application/scim+json`.

pub(crate) mod bulk;
pub(crate) mod client;
pub(crate) mod discovery;
pub(crate) mod form;
pub(crate) mod me;
pub(crate) mod resources;
pub(crate) mod search;

use crate::Api;
use crate::problem::Problem;
use crate::session::SignedIn;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use connectors::scim::language::{Object, Projection, Query, ScimError, ScimType};
use form::refused;
use governance::scim::{self, Client, Expected, Resource, ResourceKind};
use serde_json::Value;

const MEDIA_TYPE: &str = "application/scim+json";

/// A caller who may push to the source that the address names.
struct Pusher {
    signed_in: SignedIn,
    client: Client,
    /// The address of the source's SCIM service, without a slash at its end.
    base: String,
}

async fn pusher(api: &Api, signed_in: SignedIn, source: &str) -> Result<Pusher, Problem> {
    let client = scim::opened(&signed_in.ctx, &signed_in.caller, source).await.map_err(refused)?;
    let base = format!("{}/scim/{}/v2", api.origin, client.source);
    Ok(Pusher { signed_in, client, base })
}

/// What a query asks for, as text. Every parameter may be missing.
#[derive(Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(crate) struct Parameters {
    /// RFC 7644 section 3.4.2.2.
    filter: Option<String>,
    sort_by: Option<String>,
    /// `ascending` or `descending`.
    sort_order: Option<String>,
    /// From 1.
    start_index: Option<String>,
    /// At most 1,000; 100 unless told.
    count: Option<String>,
    /// Names of attributes, with commas between: no others are answered.
    attributes: Option<String>,
    /// Names of attributes, with commas between, that are not answered.
    excluded_attributes: Option<String>,
}

impl Parameters {
    fn query(&self, kind: ResourceKind) -> Result<Query, ScimError> {
        Query::from_parameters(kind.resource_type(), |name| match name {
            "filter" => self.filter.clone(),
            "sortBy" => self.sort_by.clone(),
            "sortOrder" => self.sort_order.clone(),
            "startIndex" => self.start_index.clone(),
            "count" => self.count.clone(),
            _ => None,
        })
    }

    fn projection(&self, kind: ResourceKind) -> Result<Projection, ScimError> {
        let listed = |text: &Option<String>| -> Vec<String> {
            text.as_deref().unwrap_or_default().split(',').map(str::to_owned).collect()
        };
        projection(kind, &listed(&self.attributes), &listed(&self.excluded_attributes))
    }
}

fn projection(kind: ResourceKind, only: &[String], without: &[String]) -> Result<Projection, ScimError> {
    let named = |names: &[String]| names.iter().any(|name| !name.trim().is_empty());
    if named(only) && named(without) {
        let detail = "give `attributes` or `excludedAttributes`, not both";
        return Err(ScimError::new(ScimType::InvalidValue, detail));
    }
    let of = kind.resource_type();
    Ok(Projection::new(of, only.iter().map(String::as_str), without.iter().map(String::as_str)))
}

/// The kind of resource that a segment of the address names.
fn kind(endpoint: &str) -> Result<ResourceKind, Problem> {
    ResourceKind::at(endpoint).ok_or_else(|| Problem::not_found("kind of resource: see /ResourceTypes"))
}

fn expected(headers: &HeaderMap) -> Expected {
    Expected::of(headers.get(header::IF_MATCH).and_then(|value| value.to_str().ok()))
}

/// The object of a body.
fn object(headers: &HeaderMap, body: &[u8]) -> Result<Object, Problem> {
    let media_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if !["application/scim+json", "application/json"].contains(&media_type.as_str()) {
        let detail = format!("send the body as {MEDIA_TYPE}");
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", detail));
    }
    match serde_json::from_slice(body) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err(form::malformed("the body must be a JSON object")),
        Err(error) => Err(form::malformed(format!("the body is not JSON: {error}"))),
    }
}

fn answer(status: StatusCode, body: &Value) -> Response {
    (status, [(header::CONTENT_TYPE, MEDIA_TYPE)], body.to_string()).into_response()
}

/// One resource, with its version.
fn shown(status: StatusCode, base: &str, resource: &Resource, projection: &Projection) -> Response {
    let document = projection.shown(resource.kind.resource_type(), &resource.document(base));
    let mut response = answer(status, &Value::Object(document));
    let headers = response.headers_mut();
    let mut set = |name, text: String| {
        if let Ok(value) = text.parse() {
            headers.insert(name, value);
        }
    };
    set(header::ETAG, resource.etag());
    set(header::CONTENT_LOCATION, resource.location(base));
    if status == StatusCode::CREATED {
        set(header::LOCATION, resource.location(base));
    }
    response
}
