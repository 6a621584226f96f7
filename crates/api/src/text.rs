//! The character U+0000 in what a caller sends: no text with it can be kept, so the call is refused, by the name of
//! the field, before any handler looks at it.

use crate::LARGEST_BODY;
use crate::problem::Problem;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use serde_json::Value;

pub(crate) async fn storable(request: Request, next: Next) -> Result<Response, Problem> {
    if let Some(field) = nul_in_address(request.uri().path(), request.uri().query()) {
        return Err(refused(&field));
    }
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if !kind.is_some_and(|kind| kind.contains("json")) {
        return Ok(next.run(request).await);
    }
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, LARGEST_BODY).await.map_err(|_| Problem::too_large())?;
    match nul_in_body(&body) {
        Some(field) => Err(refused(&field)),
        None => Ok(next.run(Request::from_parts(parts, Body::from(body))).await),
    }
}

fn refused(field: &str) -> Problem {
    let detail = format!("`{field}` holds the character U+0000, which cannot be kept: remove it");
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "nul_character", detail)
}

fn nul_in_address(path: &str, query: Option<&str>) -> Option<String> {
    const ESCAPED: &str = "%00";
    if path.contains(ESCAPED) {
        return Some("path".to_owned());
    }
    let with_nul = query?.split('&').find(|pair| pair.contains(ESCAPED))?;
    Some(with_nul.split('=').next().unwrap_or_default().replace(ESCAPED, ""))
}

/// JSON can only hold it escaped, so most bodies need no second look.
fn nul_in_body(body: &[u8]) -> Option<String> {
    const ESCAPED: &[u8] = br"\u0000";
    if !body.windows(ESCAPED.len()).any(|bytes| bytes == ESCAPED) {
        return None;
    }
    // What is not JSON is refused by who reads it.
    nul_in(&serde_json::from_slice(body).ok()?, "body")
}

fn nul_in(value: &Value, field: &str) -> Option<String> {
    match value {
        Value::String(text) => text.contains('\0').then(|| field.to_owned()),
        Value::Array(values) => {
            (0..).zip(values).find_map(|(at, value): (u32, _)| nul_in(value, &format!("{field}[{at}]")))
        }
        Value::Object(fields) => fields.iter().find_map(|(name, value)| match name.contains('\0') {
            true => Some(field.to_owned()),
            false if field == "body" => nul_in(value, name),
            false => nul_in(value, &format!("{field}.{name}")),
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_field_that_holds_it_is_named() {
        for (body, field) in [
            (r#"{"reason": "a\u0000b"}"#, Some("reason")),
            (r#"{"system": [{"name": "web-1"}, {"name": "\u0000"}]}"#, Some("system[1].name")),
            (r#"["a", "\u0000"]"#, Some("body[1]")),
            (r#"{"rea\u0000son": "ab"}"#, Some("body")),
            (r#"{"reason": "a\\u0000b"}"#, None),
            (r#"{"reason": "ab"}"#, None),
            (r#"{"reason": "a\u0000b""#, None),
        ] {
            assert_eq!(nul_in_body(body.as_bytes()).as_deref(), field, "{body}");
        }
        for (path, query, field) in [
            ("/targets/web%00", None, Some("path")),
            ("/identities", Some("status=active&q=a%00b"), Some("q")),
            ("/identities", Some("q=a%2500b"), None),
            ("/identities", None, None),
        ] {
            assert_eq!(nul_in_address(path, query).as_deref(), field, "{path} {query:?}");
        }
    }
}
