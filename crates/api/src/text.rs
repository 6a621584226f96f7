//! What no body holds, looked at before any handler: the character U+0000, with which no text can be kept, and a key
//! that stands twice in one object, of which one reader takes the first and another the last. Refused by the field's name.

use crate::LARGEST_BODY;
use crate::idempotency::FEEDS;
use crate::problem::{Problem, shown};
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::collections::HashSet;

pub(crate) async fn storable(request: Request, next: Next) -> Result<Response, Problem> {
    if let Some(fault) = nul_in_address(request.uri().path(), request.uri().query()) {
        return Err(fault.into());
    }
    if request.uri().path() == FEEDS {
        return Ok(next.run(request).await);
    }
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, LARGEST_BODY).await.map_err(|_| Problem::too_large())?;
    match fault_in(&body) {
        Some(fault) => Err(fault.into()),
        None => Ok(next.run(Request::from_parts(parts, Body::from(body))).await),
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Fault {
    Nul(String),
    Twice(String),
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        let (code, detail) = match fault {
            Fault::Nul(field) => (
                "nul_character",
                format!("`{}` holds the character U+0000, which cannot be kept: remove it", shown(&field)),
            ),
            Fault::Twice(field) => ("given_twice", format!("`{}` is given twice: give it once", shown(&field))),
        };
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail)
    }
}

fn nul_in_address(path: &str, query: Option<&str>) -> Option<Fault> {
    const ESCAPED: &str = "%00";
    if path.contains(ESCAPED) {
        return Some(Fault::Nul("path".to_owned()));
    }
    let with_nul = query?.split('&').find(|pair| pair.contains(ESCAPED))?;
    Some(Fault::Nul(with_nul.split('=').next().unwrap_or_default().replace(ESCAPED, "")))
}

/// What is not JSON is refused by who reads it.
fn fault_in(body: &[u8]) -> Option<Fault> {
    let mut fault = None;
    let walk = Walk { field: "", fault: &mut fault };
    // The fault, where there is one, was put aside.
    let _ = walk.deserialize(&mut serde_json::Deserializer::from_slice(body));
    fault
}

/// Goes through a value and keeps none of it.
struct Walk<'a> {
    field: &'a str,
    fault: &'a mut Option<Fault>,
}

impl Walk<'_> {
    fn name(&self) -> String {
        if self.field.is_empty() { "body".to_owned() } else { self.field.to_owned() }
    }

    fn stop<E: Error>(self, fault: Fault) -> E {
        *self.fault = Some(fault);
        E::custom("a fault")
    }
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        if text.contains('\0') {
            let fault = Fault::Nul(self.name());
            return Err(self.stop(fault));
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<(), A::Error> {
        for at in 0_u32.. {
            let field = format!("{}[{at}]", self.name());
            if values.next_element_seed(Walk { field: &field, fault: &mut *self.fault })?.is_none() {
                break;
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        let mut names = HashSet::new();
        while let Some(name) = fields.next_key::<String>()? {
            if name.contains('\0') {
                let fault = Fault::Nul(self.name());
                return Err(self.stop(fault));
            }
            let field = if self.field.is_empty() { name.clone() } else { format!("{}.{name}", self.field) };
            if !names.insert(name) {
                return Err(self.stop(Fault::Twice(field)));
            }
            fields.next_value_seed(Walk { field: &field, fault: &mut *self.fault })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn nul(field: &str) -> Option<Fault> {
        Some(Fault::Nul(field.to_owned()))
    }

    fn twice(field: &str) -> Option<Fault> {
        Some(Fault::Twice(field.to_owned()))
    }

    #[test]
    fn the_field_that_holds_it_is_named() {
        for (body, fault) in [
            (r#"{"reason": "a\u0000b"}"#, nul("reason")),
            (r#"{"system": [{"name": "web-1"}, {"name": "\u0000"}]}"#, nul("system[1].name")),
            (r#"["a", "\u0000"]"#, nul("body[1]")),
            (r#"{"rea\u0000son": "ab"}"#, nul("body")),
            (r#"{"reason": "a\\u0000b"}"#, None),
            (r#"{"reason": "ab"}"#, None),
            (r#"{"reason": "a\u0000b""#, nul("reason")),
            (r#"{"a": 1, "b": 2, "a": 1}"#, twice("a")),
            (r#"{"a": {"b": 1}, "b": [{"c": -1.5, "\u0063": null}]}"#, twice("b[0].c")),
            (r#"{"a": {"b": true}, "b": {"a": 1}, "A": ""}"#, None),
            (r#"{"a": 1, "a""#, twice("a")),
            ("\u{feff}{}", None),
            ("", None),
        ] {
            assert_eq!(fault_in(body.as_bytes()), fault, "{body}");
        }
        assert_eq!(fault_in(&b"[".repeat(1 << 20)), None, "deep nesting is refused by who reads it");
        for (path, query, fault) in [
            ("/targets/web%00", None, nul("path")),
            ("/identities", Some("status=active&q=a%00b"), nul("q")),
            ("/identities", Some("q=a%2500b"), None),
            ("/identities", None, None),
        ] {
            assert_eq!(nul_in_address(path, query), fault, "{path} {query:?}");
        }
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "(?s)[\0-~é😀]{0,6}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::hash_map("(?s).{0,3}", inner, 0..4).prop_map(|fields| json!(fields)),
            ]
        })
    }

    fn has_nul(value: &Value) -> bool {
        match value {
            Value::String(text) => text.contains('\0'),
            Value::Array(values) => values.iter().any(has_nul),
            Value::Object(fields) => fields.iter().any(|(name, value)| name.contains('\0') || has_nul(value)),
            _ => false,
        }
    }

    proptest! {
        #[test]
        fn a_body_has_a_fault_when_a_text_of_it_has_one_and_never_otherwise(value in any_json(), bytes: Vec<u8>) {
            let text = value.to_string();
            prop_assert_eq!(fault_in(text.as_bytes()).is_some(), has_nul(&value), "{}", text);
            fault_in(&bytes);
            fault_in(&text.as_bytes()[..text.len() / 2]);
        }
    }
}
