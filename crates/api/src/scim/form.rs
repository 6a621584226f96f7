//! Refusals in the form of RFC 7644 section 3.12.

use crate::problem::Problem;
use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use connectors::scim::language::{ERROR, ScimType};
use governance::scim::ScimFault;
use serde_json::{Value, json};

const LARGEST: usize = 16 << 10;

/// A fault with the status that SCIM gives it.
pub(super) fn refused(fault: ScimFault) -> Problem {
    let status = match &fault {
        ScimFault::Refused(error) if error.kind == ScimType::Uniqueness => StatusCode::CONFLICT,
        ScimFault::Refused(_) => StatusCode::BAD_REQUEST,
        ScimFault::OtherVersion(_) => StatusCode::PRECONDITION_FAILED,
        _ => return fault.into(),
    };
    let code = types::Failure::code(&fault);
    Problem::new(status, code, fault.to_string())
}

pub(super) fn malformed(detail: impl Into<String>) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "scim_invalid_syntax", detail)
}

/// The body of a refusal.
pub(super) fn error(problem: &Problem) -> Value {
    // What is looked at before any handler of SCIM answers 422, which SCIM does not know.
    let status = if problem.status == 422 { 400 } else { problem.status };
    let mut body = json!({"schemas": [ERROR], "status": status.to_string(), "detail": problem.detail});
    match problem.code.strip_prefix("scim_") {
        Some(code) => body["scimType"] = camel(code).into(),
        None if problem.status == 422 => body["scimType"] = ScimType::InvalidSyntax.as_str().into(),
        None => {}
    }
    // No schema of SCIM tells these apart.
    if [401, 403].contains(&status) {
        body["code"] = problem.code.as_str().into();
    }
    body
}

/// `invalidFilter` for `invalid_filter`.
fn camel(code: &str) -> String {
    let mut words = code.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |text, word| {
        let (start, rest) = word.split_at(word.len().min(1));
        text + &start.to_ascii_uppercase() + rest
    })
}

/// Gives every refusal under `/scim/` the form that SCIM clients read.
pub(crate) async fn worded(request: Request, next: Next) -> Response {
    let ours = request.uri().path().starts_with("/scim/");
    let response = next.run(request).await;
    let kind = response.headers().get(header::CONTENT_TYPE);
    if !ours || kind.is_none_or(|kind| kind != "application/problem+json") {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let said = to_bytes(body, LARGEST).await.unwrap_or_default();
    let problem = serde_json::from_slice(&said).unwrap_or_else(|error| Problem::internal(&error));
    let body = error(&problem);
    if let Some(status) = body["status"].as_str().and_then(|status| status.parse().ok()) {
        parts.status = status;
    }
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(super::MEDIA_TYPE));
    parts.headers.remove(header::CONTENT_LENGTH);
    if parts.status == StatusCode::UNAUTHORIZED {
        parts.headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    (parts.status, parts.headers, body.to_string()).into_response()
}
