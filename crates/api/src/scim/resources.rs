//! Resources one by one, RFC 7644 sections 3.3 to 3.6.

use super::form::refused;
use super::{Parameters, Pusher, expected, kind, object, pusher, shown};
use crate::Api;
use crate::problem::Problem;
use crate::session::SignedIn;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use connectors::scim::language::{Object, operations};
use governance::scim::{self, Change, Expected, Resource, ResourceKind, ScimFault};

/// Push a new resource.
#[utoipa::path(post, path = "/scim/{source}/v2/{type}", tag = "scim", params(("source" = String, Path), ("type" = String, Path, description = "`Users`, `Groups`, `Agents` or `AgenticApplications`"), Parameters), request_body(content = Object, content_type = "application/scim+json"), responses((status = 201, body = Object, content_type = "application/scim+json")))]
pub(crate) async fn create(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path((source, endpoint)): Path<(String, String)>,
    Query(parameters): Query<Parameters>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let pusher = pusher(&api, signed_in, &source).await?;
    let kind = kind(&endpoint)?;
    let projection = parameters.projection(kind).map_err(|error| refused(error.into()))?;
    let body = object(&headers, &body)?;
    let resource = scim::create(&pusher.signed_in.ctx, &pusher.client, kind, body).await.map_err(refused)?;
    Ok(shown(StatusCode::CREATED, &pusher.base, &resource, &projection))
}

/// One resource.
#[utoipa::path(get, path = "/scim/{source}/v2/{type}/{id}", tag = "scim", params(("source" = String, Path), ("type" = String, Path), ("id" = String, Path), Parameters), responses((status = 200, body = Object, content_type = "application/scim+json"), (status = 304)))]
pub(crate) async fn show(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path((source, endpoint, id)): Path<(String, String, String)>,
    Query(parameters): Query<Parameters>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let pusher = pusher(&api, signed_in, &source).await?;
    let kind = kind(&endpoint)?;
    let resource = scim::get(&pusher.signed_in.ctx, &pusher.client, kind, &id).await.map_err(refused)?;
    look(&pusher, &resource, &parameters, &headers)
}

/// The resource, unless the caller has this version.
pub(super) fn look(
    pusher: &Pusher,
    resource: &Resource,
    parameters: &Parameters,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let projection = parameters.projection(resource.kind).map_err(|error| refused(error.into()))?;
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if known.is_some() && Expected::of(known).holds(&resource.etag()) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, resource.etag())]).into_response());
    }
    Ok(shown(StatusCode::OK, &pusher.base, resource, &projection))
}

/// Replace a resource.
#[utoipa::path(put, path = "/scim/{source}/v2/{type}/{id}", tag = "scim", params(("source" = String, Path), ("type" = String, Path), ("id" = String, Path), Parameters), request_body(content = Object, content_type = "application/scim+json"), responses((status = 200, body = Object, content_type = "application/scim+json"), (status = 412, body = Object, content_type = "application/scim+json")))]
pub(crate) async fn replace(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path((source, endpoint, id)): Path<(String, String, String)>,
    Query(parameters): Query<Parameters>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let pusher = pusher(&api, signed_in, &source).await?;
    let change = Change::Replace(object(&headers, &body)?);
    changed(&pusher, kind(&endpoint)?, &id, &parameters, &headers, change).await
}

/// Change a resource.
#[utoipa::path(patch, path = "/scim/{source}/v2/{type}/{id}", tag = "scim", params(("source" = String, Path), ("type" = String, Path), ("id" = String, Path), Parameters), request_body(content = Object, content_type = "application/scim+json"), responses((status = 200, body = Object, content_type = "application/scim+json"), (status = 412, body = Object, content_type = "application/scim+json")))]
pub(crate) async fn patch(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path((source, endpoint, id)): Path<(String, String, String)>,
    Query(parameters): Query<Parameters>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let pusher = pusher(&api, signed_in, &source).await?;
    let change = patching(&pusher, &object(&headers, &body)?)?;
    changed(&pusher, kind(&endpoint)?, &id, &parameters, &headers, change).await
}

pub(super) fn patching(pusher: &Pusher, body: &Object) -> Result<Change, Problem> {
    let operations = operations(body, pusher.client.dialect).map_err(|error| refused(error.into()))?;
    Ok(Change::Patch(operations))
}

pub(super) async fn changed(
    pusher: &Pusher,
    kind: ResourceKind,
    id: &str,
    parameters: &Parameters,
    headers: &HeaderMap,
    change: Change,
) -> Result<Response, Problem> {
    let projection = parameters.projection(kind).map_err(|error| refused(error.into()))?;
    let (ctx, client) = (&pusher.signed_in.ctx, &pusher.client);
    let resource = scim::change(ctx, client, kind, id, expected(headers), change).await.map_err(refused)?;
    Ok(shown(StatusCode::OK, &pusher.base, &resource, &projection))
}

/// Say that a resource is not there any more.
#[utoipa::path(delete, path = "/scim/{source}/v2/{type}/{id}", tag = "scim", params(("source" = String, Path), ("type" = String, Path), ("id" = String, Path)), responses((status = 204), (status = 412, body = Object, content_type = "application/scim+json")))]
pub(crate) async fn delete(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path((source, endpoint, id)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    let pusher = pusher(&api, signed_in, &source).await?;
    let (ctx, client) = (&pusher.signed_in.ctx, &pusher.client);
    let removed: Result<(), ScimFault> = scim::delete(ctx, client, kind(&endpoint)?, &id, expected(&headers)).await;
    removed.map_err(refused)?;
    Ok(StatusCode::NO_CONTENT)
}
