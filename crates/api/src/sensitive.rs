//! Bodies that hold a secret, and names of secrets in the path. What is wrong with them is said without repeating them.

use crate::problem::{Problem, shown};
use axum::body::{Bytes, to_bytes};
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use privilege::secrets::Name;
use serde::de::DeserializeOwned;

/// A JSON body.
pub(crate) struct Sensitive<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Sensitive<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let body = to_bytes(request.into_body(), crate::LARGEST_BODY).await.map_err(|_| Problem::too_large())?;
        parse(&body).map(Self)
    }
}

fn parse<T: DeserializeOwned>(body: &Bytes) -> Result<T, Problem> {
    if std::str::from_utf8(body).is_err() {
        return Err(Problem::invalid(
            "the body is no UTF-8: write bytes as a text, such as base64, and say so in its key",
        ));
    }
    let mut reader = serde_json::Deserializer::from_slice(body);
    let read = serde_path_to_error::deserialize(&mut reader)
        .map_err(|error| Problem::invalid(told(&error.path().to_string(), error.inner())))?;
    reader.end().map_err(|error| Problem::invalid(told(".", &error)))?;
    Ok(read)
}

/// How serde begins when it goes on with what it found.
const QUOTING: [&str; 5] = ["invalid type", "invalid value", "invalid length", "unknown variant", "unknown field"];

/// Of a value, only where it stands and what was expected instead. The name of a field that is none may be a value too.
fn told(path: &str, error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = match path {
        _ if text.starts_with("unknown field") => "an unknown field".to_owned(),
        "." => "the body".to_owned(),
        path => format!("`{}`", shown(path)),
    };
    let expected = match text.rsplit_once(", expected ") {
        _ if !QUOTING.iter().any(|quoting| text.starts_with(quoting)) => text,
        Some((_, expected)) => format!("expected {expected}"),
        None => format!("look at line {} column {}", error.line(), error.column()),
    };
    format!("{place} is not what it should be: {expected}")
}

/// The name of a secret, as one segment of the path: its `/` come as `%2F`.
pub(crate) struct SecretName(pub(crate) Name);

impl<S: Send + Sync> FromRequestParts<S> for SecretName {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Ok(Path(name)) = Path::<String>::from_request_parts(parts, state).await else {
            return Err(Problem::invalid("the name of the secret is no UTF-8"));
        };
        Ok(Self(name.parse::<Name>().map_err(privilege::secrets::SecretError::from)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use privilege::secrets::Data;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Body {
        #[allow(unused)]
        data: Data,
        #[allow(unused)]
        cas: Option<u32>,
    }

    #[test]
    fn what_is_wrong_with_a_body_is_said_without_its_values() {
        for body in [
            b"{\"data\": {\"password\": \"canary\xff\"}}".as_slice(),
            br#"{"data": {"password": "canary"}"#,
            br#"{"data": "canary"}"#,
            br#"{"data": {"password": ["canary"]}}"#,
            br#"{"data": {"password": "canary"}, "cas": "canary"}"#,
            br#"{"data": {"password": "canary"}, "data": {}}"#,
            br#"{"data": {"password": "x"}, "canary": 1}"#,
            br#"{"data": {"password": "x"}, ", expected canary": "of whoever asks"}"#,
            br#""canary""#,
            b"",
        ] {
            let refused = parse::<Body>(&Bytes::copy_from_slice(body)).unwrap_err();
            assert_eq!(refused.status, 422);
            assert!(!refused.detail.contains("canary"), "{}", refused.detail);
        }
        assert!(parse::<Body>(&Bytes::from_static(br#"{"data": {"password": "x"}, "cas": 1}"#)).is_ok());
    }
}
