//! Many operations in one request, RFC 7644 section 3.7. Each is done or refused alone; one that speaks of what another
//! makes is done after it, wherever it stands.

use super::form::{error, malformed, refused};
use super::resources::patching;
use super::{Pusher, answer, kind, object, pusher};
use crate::Api;
use crate::problem::Problem;
use crate::session::SignedIn;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use connectors::scim::language::{BULK_RESPONSE, BulkOperation, BulkRequest, Method, Object};
use governance::scim::{self, Change, Expected, Resource};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Do many operations.
#[utoipa::path(post, path = "/scim/{source}/v2/Bulk", tag = "scim", params(("source" = String, Path)), request_body(content = Object, content_type = "application/scim+json"), responses((status = 200, body = Object, content_type = "application/scim+json"), (status = 413, body = Object, content_type = "application/scim+json")))]
pub(crate) async fn run(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(source): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let pusher = pusher(&api, signed_in, &source).await?;
    let body = object(&headers, &body)?;
    let request = BulkRequest::read(&body, pusher.client.dialect).map_err(|error| match error.kind {
        connectors::scim::language::ScimType::TooMany => {
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "scim_too_many", error.detail)
        }
        _ => refused(error.into()),
    })?;
    let done = all(&pusher, request).await;
    Ok(answer(StatusCode::OK, &json!({"schemas": [BULK_RESPONSE], "Operations": done})))
}

/// The answers in the order of the operations; none for those that were not tried any more.
async fn all(pusher: &Pusher, request: BulkRequest) -> Vec<Value> {
    let most = request.fail_on_errors.filter(|most| *most > 0).unwrap_or(u64::MAX);
    let mut waiting: Vec<(usize, BulkOperation)> = request.operations.into_iter().enumerate().collect();
    let (mut ids, mut answers, mut failed) = (BTreeMap::new(), BTreeMap::new(), 0);
    while !waiting.is_empty() && failed < most {
        let known = |operation: &BulkOperation| operation.speaks_of().iter().all(|name| ids.contains_key(name));
        let next = waiting.iter().position(|(_, operation)| known(operation));
        let (at, operation) = waiting.remove(next.unwrap_or_default());
        let outcome = match next {
            Some(_) => one(pusher, &operation.resolved(&ids)).await,
            None => Err(Problem::new(
                StatusCode::CONFLICT,
                "scim_invalid_value",
                "it speaks of a bulkId that nothing makes, or that speaks of it",
            )),
        };
        failed += u64::from(outcome.is_err());
        if let (Ok(Some(resource)), Some(bulk_id)) = (&outcome, &operation.bulk_id) {
            ids.insert(bulk_id.clone(), resource.id.to_string());
        }
        answers.insert(at, told(pusher, &operation, &outcome));
    }
    answers.into_values().collect()
}

/// What one operation leaves; nothing where it removed it.
async fn one(pusher: &Pusher, operation: &BulkOperation) -> Result<Option<Resource>, Problem> {
    let path = operation.path.trim_matches('/');
    let (endpoint, id) = match path.split_once('/') {
        Some((endpoint, id)) => (endpoint, Some(id)),
        None => (path, None),
    };
    let (kind, ctx, client) = (kind(endpoint)?, &pusher.signed_in.ctx, &pusher.client);
    let expected = Expected::of(operation.version.as_deref());
    let change = match (operation.method, id) {
        (Method::Post, None) => {
            return scim::create(ctx, client, kind, data(operation)?).await.map(Some).map_err(refused);
        }
        (Method::Delete, Some(id)) => {
            return scim::delete(ctx, client, kind, id, expected).await.map(|()| None).map_err(refused);
        }
        (Method::Put, Some(_)) => Change::Replace(data(operation)?),
        (Method::Patch, Some(_)) => patching(pusher, &patch_message(data(operation)?))?,
        (method, _) => return Err(malformed(format!("{} does not fit the path `{path}`", method.as_str()))),
    };
    let id = id.unwrap_or_default();
    scim::change(ctx, client, kind, id, expected, change).await.map(Some).map_err(refused)
}

fn data(operation: &BulkOperation) -> Result<Object, Problem> {
    let data = operation.data.as_ref().and_then(Value::as_object).cloned();
    data.ok_or_else(|| malformed("this operation needs `data`, an object"))
}

/// The `data` of a PATCH names no schema in the RFC's own examples.
fn patch_message(mut data: Object) -> Object {
    data.entry("schemas").or_insert_with(|| json!([connectors::scim::language::PATCH_OP]));
    data
}

fn told(pusher: &Pusher, operation: &BulkOperation, outcome: &Result<Option<Resource>, Problem>) -> Value {
    let mut told = json!({"method": operation.method.as_str()});
    if let Some(bulk_id) = &operation.bulk_id {
        told["bulkId"] = bulk_id.as_str().into();
    }
    if operation.method != Method::Post {
        told["location"] = format!("{}/{}", pusher.base, operation.path.trim_start_matches('/')).into();
    }
    match outcome {
        Ok(Some(resource)) => {
            told["location"] = resource.location(&pusher.base).into();
            told["version"] = resource.etag().into();
            told["status"] = if operation.method == Method::Post { "201" } else { "200" }.into();
        }
        Ok(None) => told["status"] = "204".into(),
        Err(problem) => {
            let response = error(problem);
            told["status"] = response["status"].clone();
            told["response"] = response;
        }
    }
    told
}
