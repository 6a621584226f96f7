//! Lists and searches, RFC 7644 sections 3.4.2 and 3.4.3: of one kind, or of all kinds one after another.

use super::form::{malformed, refused};
use super::{Parameters, Pusher, answer, kind, object, projection, pusher};
use crate::Api;
use crate::problem::Problem;
use crate::session::SignedIn;
use axum::body::Bytes;
use axum::extract::{Path, Query as Asked, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use connectors::scim::language::{
    Object, Projection, Query, SEARCH_REQUEST, ScimError, ScimType, is_message, list_response,
};
use governance::scim::{self, ResourceKind};
use serde_json::Value;

/// What is asked of one kind of resource.
type Search = Result<(Query, Projection), ScimError>;

/// Resources of one kind.
#[utoipa::path(get, path = "/scim/{source}/v2/{type}", tag = "scim", params(("source" = String, Path), ("type" = String, Path, description = "`Users`, `Groups`, `Agents` or `AgenticApplications`"), Parameters), responses((status = 200, body = Object, content_type = "application/scim+json")))]
pub(crate) async fn list(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path((source, endpoint)): Path<(String, String)>,
    Asked(parameters): Asked<Parameters>,
) -> Result<Response, Problem> {
    let pusher = pusher(&api, signed_in, &source).await?;
    found(&pusher, &[kind(&endpoint)?], |kind| asked(&parameters, kind)).await
}

/// Resources of every kind.
#[utoipa::path(get, path = "/scim/{source}/v2", tag = "scim", params(("source" = String, Path), Parameters), responses((status = 200, body = Object, content_type = "application/scim+json")))]
pub(crate) async fn list_all(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(source): Path<String>,
    Asked(parameters): Asked<Parameters>,
) -> Result<Response, Problem> {
    let pusher = pusher(&api, signed_in, &source).await?;
    found(&pusher, &ResourceKind::ALL, |kind| asked(&parameters, kind)).await
}

fn asked(parameters: &Parameters, kind: ResourceKind) -> Search {
    Ok((parameters.query(kind)?, parameters.projection(kind)?))
}

/// Search resources of one kind.
#[utoipa::path(post, path = "/scim/{source}/v2/{type}/.search", tag = "scim", params(("source" = String, Path), ("type" = String, Path)), request_body(content = Object, content_type = "application/scim+json"), responses((status = 200, body = Object, content_type = "application/scim+json")))]
pub(crate) async fn search(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path((source, endpoint)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let pusher = pusher(&api, signed_in, &source).await?;
    let (kind, body) = (kind(&endpoint)?, message(&pusher, &headers, &body)?);
    found(&pusher, &[kind], |kind| written(&body, kind)).await
}

/// Search resources of every kind.
#[utoipa::path(post, path = "/scim/{source}/v2/.search", tag = "scim", params(("source" = String, Path)), request_body(content = Object, content_type = "application/scim+json"), responses((status = 200, body = Object, content_type = "application/scim+json")))]
pub(crate) async fn search_all(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(source): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let pusher = pusher(&api, signed_in, &source).await?;
    let body = message(&pusher, &headers, &body)?;
    found(&pusher, &ResourceKind::ALL, |kind| written(&body, kind)).await
}

fn message(pusher: &Pusher, headers: &HeaderMap, body: &[u8]) -> Result<Object, Problem> {
    let body = object(headers, body)?;
    is_message(&body, SEARCH_REQUEST, pusher.client.dialect).map_err(|error| malformed(error.detail))?;
    Ok(body)
}

fn written(body: &Object, kind: ResourceKind) -> Search {
    let names = |name: &str| -> Vec<String> {
        let listed = body.get(name).and_then(Value::as_array).into_iter().flatten();
        listed.filter_map(|name| name.as_str().map(str::to_owned)).collect()
    };
    let projection = projection(kind, &names("attributes"), &names("excludedAttributes"))?;
    Ok((Query::from_body(kind.resource_type(), body)?, projection))
}

/// One kind after the other. Where several are searched, one that does not have what a filter asks for has nothing that
/// passes (RFC 7644 section 3.4.2.1).
async fn found(
    pusher: &Pusher,
    kinds: &[ResourceKind],
    search: impl Fn(ResourceKind) -> Search,
) -> Result<Response, Problem> {
    let (mut total, mut shown, mut window, mut unfit) = (0, Vec::new(), None, None);
    for kind in kinds {
        let (mut query, projection) = match search(*kind) {
            Ok(search) => search,
            Err(error) if error.kind == ScimType::InvalidFilter && kinds.len() > 1 => {
                unfit = Some(error);
                continue;
            }
            Err(error) => return Err(refused(error.into())),
        };
        let (start, skip, left) = window.unwrap_or((query.start, query.start - 1, query.count));
        (query.start, query.count) = (skip + 1, left);
        let (ctx, client) = (&pusher.signed_in.ctx, &pusher.client);
        let listed = scim::list(ctx, client, *kind, &query, &pusher.base).await.map_err(refused)?;
        let count = listed.resources.len() as u64;
        window = Some((start, skip.saturating_sub(listed.total), left - count));
        total += listed.total;
        let of = kind.resource_type();
        let documents = listed.resources.iter().map(|resource| projection.shown(of, &resource.document(&pusher.base)));
        shown.extend(documents.map(Value::Object));
    }
    match (window, unfit) {
        (Some((start, ..)), _) => Ok(answer(StatusCode::OK, &list_response(total, start, shown))),
        (None, Some(error)) => Err(refused(error.into())),
        (None, None) => Ok(answer(StatusCode::OK, &list_response(0, 1, Vec::new()))),
    }
}
