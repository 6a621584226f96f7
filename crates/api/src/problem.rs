//! Errors at the edge: RFC 9457 problem details. Status codes exist only here.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use types::{Failure, Kind};

/// The body of every answer that is not a success.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Problem {
    /// Always `about:blank`; `code` tells problems apart.
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    /// One line for people, that says what to do next.
    pub detail: String,
    /// Stable word in snake_case for programs.
    pub code: String,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, code: &str, detail: impl Into<String>) -> Self {
        let title = status.canonical_reason().unwrap_or_default().to_owned();
        let (status, code, detail) = (status.as_u16(), code.to_owned(), one_line(&detail.into()));
        Self { kind: "about:blank".to_owned(), title, status, detail, code }
    }

    pub(crate) fn not_signed_in() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "not_signed_in",
            "sign in first, or send an API token as `Authorization: Bearer`",
        )
    }

    pub(crate) fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", format!("there is no such {what}, or you may not see it"))
    }

    pub(crate) fn invalid(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", detail)
    }

    pub(crate) fn too_large() -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "the body is too large: send less at once")
    }

    pub(crate) fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(%cause, "internal error");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "something went wrong inside the server; its log says what, nothing was changed",
        )
    }
}

impl<E: Failure> From<E> for Problem {
    fn from(error: E) -> Self {
        let status = match error.kind() {
            Kind::NotFound => StatusCode::NOT_FOUND,
            Kind::Forbidden => StatusCode::FORBIDDEN,
            Kind::Conflict => StatusCode::CONFLICT,
            Kind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Kind::Internal => return Self::internal(&error),
        };
        Self::new(status, error.code(), error.to_string())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, axum::Json(&self)).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        response
    }
}

/// Bytes of a detail.
const LONGEST_DETAIL: usize = 1000;

/// What callers sent is repeated to them: control characters, and those that turn the text around them, made visible.
fn one_line(detail: &str) -> String {
    let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let mut line = String::with_capacity(detail.len().min(LONGEST_DETAIL));
    for c in detail.chars() {
        if line.len() >= LONGEST_DETAIL {
            break;
        }
        if c.is_control() || turns(c) { line.extend(c.escape_default()) } else { line.push(c) }
    }
    line
}

/// A name that a caller gave, short enough for a message.
pub(crate) fn shown(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(80).collect()
}

/// Longest text of a refusal that is passed on.
const LONGEST: usize = 4 << 10;

/// Gives what is refused before any handler of ours, such as a body that is not JSON, the form of every other problem.
pub(crate) async fn worded(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let status = response.status();
    let kind = response.headers().get(header::CONTENT_TYPE);
    let plain = kind.is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"));
    if !plain || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let (parts, body) = response.into_parts();
    let mut worded = described(status, body).await.into_response();
    if let Some(methods) = parts.headers.get(header::ALLOW) {
        worded.headers_mut().insert(header::ALLOW, methods.clone());
    }
    worded
}

async fn described(status: StatusCode, body: Body) -> Problem {
    let said = to_bytes(body, LONGEST).await.unwrap_or_default();
    let said = String::from_utf8_lossy(&said);
    if status.is_server_error() {
        return Problem::internal(&said);
    }
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        return Problem::too_large();
    }
    let reason = status.canonical_reason().unwrap_or("refused").to_lowercase();
    let detail = match said.lines().next().filter(|line| !line.trim().is_empty()) {
        Some(line) => line.to_owned(),
        None => format!("the call was refused ({reason}): see the API's description in docs/openapi.json"),
    };
    Problem::new(status, &reason.replace([' ', '-'], "_"), detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::extract::{DefaultBodyLimit, Path};
    use axum::middleware::from_fn;
    use axum::routing::post;
    use axum::{Json, Router};
    use tower::ServiceExt;

    async fn number(Path(n): Path<u8>, Json(_): Json<Vec<u8>>) -> Result<String, Problem> {
        if n == 0 { Err(Problem::not_found("number")) } else { Ok(n.to_string()) }
    }

    #[test]
    fn what_a_caller_sent_is_repeated_in_one_line_that_shows_what_it_holds() {
        let problem = Problem::invalid(format!("`a\n\u{1b}[2J\u{202e}é` is no name: {}", "x".repeat(1 << 20)));
        assert!(problem.detail.starts_with(r"`a\n\u{1b}[2J\u{202e}é` is no name: xxx") && problem.detail.len() < 1100);
    }

    #[tokio::test]
    async fn every_refusal_is_a_problem_and_every_answer_stays_as_it_is() {
        let json = "application/json";
        for (method, path, kind, body, status, code) in [
            ("POST", "/numbers/7", json, "[1]", 200, None),
            ("POST", "/numbers/0", json, "[1]", 404, Some("not_found")),
            ("POST", "/numbers/many", json, "[1]", 400, Some("bad_request")),
            ("POST", "/numbers/7", json, "[", 400, Some("bad_request")),
            ("POST", "/numbers/7", json, "[true]", 422, Some("unprocessable_entity")),
            ("POST", "/numbers/7", "text/csv", "1", 415, Some("unsupported_media_type")),
            ("POST", "/numbers/7", json, "[1, 1, 1]", 413, Some("too_large")),
            ("GET", "/numbers/7", json, "", 405, Some("method_not_allowed")),
        ] {
            let router = Router::new().route("/numbers/{n}", post(number)).layer(from_fn(worded));
            let router = router.layer(DefaultBodyLimit::max("[true]".len()));
            let call = Request::builder().method(method).uri(path).header(header::CONTENT_TYPE, kind);
            let answer = router.oneshot(call.body(Body::from(body)).unwrap()).await.unwrap();
            assert_eq!(answer.status().as_u16(), status, "{method} {path} {body}");
            assert_eq!(answer.headers().contains_key(header::ALLOW), status == 405);
            let told = to_bytes(answer.into_body(), LONGEST).await.unwrap();
            let Some(code) = code else {
                assert_eq!(told, "7");
                continue;
            };
            let told: serde_json::Value = serde_json::from_slice(&told).unwrap();
            assert_eq!((&told["code"], &told["status"]), (&code.into(), &status.into()), "{told}");
            assert!(!told["detail"].as_str().unwrap().is_empty());
        }
    }
}
