//! `/Me`, RFC 7644 section 3.11: the user of the source who is the caller.

use super::form::refused;
use super::resources::{changed, look, patching};
use super::{Parameters, expected, object, pusher};
use crate::Api;
use crate::problem::Problem;
use crate::session::SignedIn;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use governance::scim::{self, Change, Resource, ResourceKind};

async fn mine(pusher: &super::Pusher) -> Result<Resource, Problem> {
    let signed_in = &pusher.signed_in;
    scim::me(&signed_in.ctx, &pusher.client, &signed_in.caller.identity).await.map_err(refused)
}

/// The user that the caller is.
#[utoipa::path(get, path = "/scim/{source}/v2/Me", tag = "scim", params(("source" = String, Path), Parameters), responses((status = 200, body = Object, content_type = "application/scim+json")))]
pub(crate) async fn show(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(source): Path<String>,
    Query(parameters): Query<Parameters>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let pusher = pusher(&api, signed_in, &source).await?;
    look(&pusher, &mine(&pusher).await?, &parameters, &headers)
}

/// Replace the user that the caller is.
#[utoipa::path(put, path = "/scim/{source}/v2/Me", tag = "scim", params(("source" = String, Path), Parameters), request_body(content = Object, content_type = "application/scim+json"), responses((status = 200, body = Object, content_type = "application/scim+json")))]
pub(crate) async fn replace(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(source): Path<String>,
    Query(parameters): Query<Parameters>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let pusher = pusher(&api, signed_in, &source).await?;
    let (me, change) = (mine(&pusher).await?, Change::Replace(object(&headers, &body)?));
    changed(&pusher, ResourceKind::User, me.id.as_str(), &parameters, &headers, change).await
}

/// Change the user that the caller is.
#[utoipa::path(patch, path = "/scim/{source}/v2/Me", tag = "scim", params(("source" = String, Path), Parameters), request_body(content = Object, content_type = "application/scim+json"), responses((status = 200, body = Object, content_type = "application/scim+json")))]
pub(crate) async fn patch(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(source): Path<String>,
    Query(parameters): Query<Parameters>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let pusher = pusher(&api, signed_in, &source).await?;
    let (me, change) = (mine(&pusher).await?, patching(&pusher, &object(&headers, &body)?)?);
    changed(&pusher, ResourceKind::User, me.id.as_str(), &parameters, &headers, change).await
}

/// Say that the user that the caller is is not there any more.
#[utoipa::path(delete, path = "/scim/{source}/v2/Me", tag = "scim", params(("source" = String, Path)), responses((status = 204)))]
pub(crate) async fn delete(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(source): Path<String>,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    let pusher = pusher(&api, signed_in, &source).await?;
    let me = mine(&pusher).await?;
    let (ctx, client) = (&pusher.signed_in.ctx, &pusher.client);
    scim::delete(ctx, client, ResourceKind::User, me.id.as_str(), expected(&headers)).await.map_err(refused)?;
    Ok(StatusCode::NO_CONTENT)
}
