//! The value of a secret: keys with texts, whole numbers, truth values or nulls, one level deep. Pure, and never shown.

use serde::de::{Error, MapAccess, Visitor};
use std::collections::BTreeMap;
use std::fmt;
use types::Secret;

/// Of the whole value, as the JSON that is sealed.
pub const LARGEST: usize = 512 << 10;
pub const MOST_KEYS: usize = 128;
const LONGEST_KEY: usize = 256;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadData {
    #[error("the value has {0} bytes, more than {LARGEST}: a secret is no file store")]
    TooLarge(usize),
    #[error("the value has {0} keys, more than {MOST_KEYS}: make several secrets of it")]
    TooManyKeys(usize),
    #[error("the value has no key: give at least one")]
    Empty,
    #[error("a key of the value has 1 to {LONGEST_KEY} bytes and no control characters")]
    BadKey,
    #[error("the value under `{0}` holds the character U+0000: remove it")]
    Nul(String),
}

/// By key, each value as the JSON text of one scalar.
#[derive(Debug, Clone)]
pub struct Data(BTreeMap<String, Secret<String>>);

impl Data {
    /// # Errors
    /// When it has no key, too many, a key that cannot be shown, or is too large in all.
    pub fn check(&self) -> Result<(), BadData> {
        if self.0.is_empty() {
            return Err(BadData::Empty);
        }
        if self.0.len() > MOST_KEYS {
            return Err(BadData::TooManyKeys(self.0.len()));
        }
        for (key, value) in &self.0 {
            if key.is_empty() || key.len() > LONGEST_KEY || key.chars().any(char::is_control) {
                return Err(BadData::BadKey);
            }
            if holds_nul(value.expose()) {
                return Err(BadData::Nul(key.clone()));
            }
        }
        match self.to_json().expose().len() {
            size if size > LARGEST => Err(BadData::TooLarge(size)),
            _ => Ok(()),
        }
    }

    /// With the keys of `changes` replaced, and those removed that are null there (RFC 7396).
    #[must_use]
    pub fn merge(mut self, changes: Self) -> Self {
        for (key, value) in changes.0 {
            if value.expose() == "null" {
                self.0.remove(&key);
            } else {
                self.0.insert(key, value);
            }
        }
        self
    }

    /// The texts and numbers in it, by key.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&str, Secret<String>)> {
        self.0.iter().filter_map(|(key, value)| {
            let json = value.expose();
            let text = match json.as_str() {
                "true" | "false" | "null" => return None,
                _ if json.starts_with('"') => serde_json::from_str(json).expect("a text as it was written"),
                _ => value.clone(),
            };
            Some((key.as_str(), text))
        })
    }

    /// One JSON object, keys in order.
    pub fn to_json(&self) -> Secret<Vec<u8>> {
        let mut json = Vec::with_capacity(self.0.iter().map(|(key, value)| key.len() + value.expose().len() + 8).sum());
        for (key, value) in &self.0 {
            json.push(if json.is_empty() { b'{' } else { b',' });
            json.extend(serde_json::to_vec(key).expect("a text is JSON"));
            json.push(b':');
            json.extend_from_slice(value.expose().as_bytes());
        }
        if json.is_empty() {
            json.push(b'{');
        }
        json.push(b'}');
        Secret::new(json)
    }

    /// # Errors
    /// One line that says what is wrong and holds nothing of a value.
    pub fn from_json(json: &[u8]) -> Result<Self, String> {
        serde_json::from_slice(json).map_err(|e| e.to_string())
    }
}

/// JSON holds it escaped only; a backslash before it is one of a pair or not.
fn holds_nul(json: &str) -> bool {
    json.contains("\\u0000") && serde_json::from_str::<Secret<String>>(json).is_ok_and(|t| t.expose().contains('\0'))
}

impl<'de> serde::Deserialize<'de> for Data {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Object)
    }
}

const NO_OBJECT: &str = "the value of a secret is an object of keys and values, such as {\"password\": \"…\"}";
const NO_SCALAR: &str =
    "a value is a text, a whole number of 64 bits, true, false or null: write anything else as a text";

struct Object;

impl<'de> Visitor<'de> for Object {
    type Value = Data;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(NO_OBJECT)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Data, E> {
        Err(E::custom(NO_OBJECT))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Data, A::Error> {
        let mut data = BTreeMap::new();
        while let Some((key, Scalar(value))) = map.next_entry::<String, Scalar>()? {
            if data.insert(key, value).is_some() {
                return Err(A::Error::custom("a key of the value is given twice: give it once"));
            }
        }
        Ok(Data(data))
    }
}

/// The JSON text of one value.
struct Scalar(Secret<String>);

impl<'de> serde::Deserialize<'de> for Scalar {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OneScalar)
    }
}

struct OneScalar;

impl<'de> Visitor<'de> for OneScalar {
    type Value = Scalar;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(NO_SCALAR)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Scalar, E> {
        Ok(Scalar(Secret::new(serde_json::to_string(text).expect("a text is JSON"))))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Scalar, E> {
        self.visit_str(Secret::new(text).expose())
    }

    fn visit_bool<E: Error>(self, truth: bool) -> Result<Scalar, E> {
        Ok(Scalar(Secret::new(truth.to_string())))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Scalar, E> {
        Ok(Scalar(Secret::new(number.to_string())))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Scalar, E> {
        Ok(Scalar(Secret::new(number.to_string())))
    }

    /// A number that would come back as another one.
    fn visit_f64<E: Error>(self, _: f64) -> Result<Scalar, E> {
        Err(E::custom(NO_SCALAR))
    }

    fn visit_unit<E: Error>(self) -> Result<Scalar, E> {
        Ok(Scalar(Secret::new("null".to_owned())))
    }

    fn visit_map<A: MapAccess<'de>>(self, _: A) -> Result<Scalar, A::Error> {
        Err(A::Error::custom(NO_SCALAR))
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, _: A) -> Result<Scalar, A::Error> {
        Err(A::Error::custom(NO_SCALAR))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn data(json: &str) -> Data {
        Data::from_json(json.as_bytes()).unwrap()
    }

    fn text(data: &Data) -> String {
        String::from_utf8(data.to_json().expose().clone()).unwrap()
    }

    #[test]
    fn a_value_comes_back_as_it_was_given() {
        for json in [
            r#"{"a":"\"quoted\"\\ \n","b":-7,"c":18446744073709551615,"d":true,"e":null,"grüße":"東京"}"#,
            r#"{"pem":"-----BEGIN-----\nAAAA\n"}"#,
        ] {
            assert_eq!(text(&data(json)), json);
            assert_eq!(data(json).check(), Ok(()));
        }
    }

    #[test]
    fn a_merge_replaces_adds_and_removes() {
        let merged = data(r#"{"a":"1","b":"2","c":"3"}"#).merge(data(r#"{"b":"two","c":null,"d":4,"e":null}"#));
        assert_eq!(text(&merged), r#"{"a":"1","b":"two","d":4}"#);
        assert_eq!(text(&data(r#"{"a":1}"#).merge(data(r#"{"a":null}"#))), "{}");
    }

    #[test]
    fn what_would_not_come_back_is_refused_and_nothing_of_it_is_said() {
        for json in [
            "[1]",
            r#""canary""#,
            "7",
            r#"{"a":{"b":"canary"}}"#,
            r#"{"a":["canary"]}"#,
            r#"{"a":1.5}"#,
            r#"{"a":123456789012345678901234567890}"#,
            r#"{"a":"canary","a":"canary"}"#,
            r#"{"a":"canary"#,
        ] {
            let said = Data::from_json(json.as_bytes()).unwrap_err();
            assert!(!said.contains("canary") && !said.is_empty(), "{json}: {said}");
        }
        let invalid = [br#"{"a":""#.as_slice(), &[0xff, 0xfe], br#""}"#].concat();
        assert!(Data::from_json(&invalid).is_err());
    }

    #[test]
    fn a_value_has_bounds() {
        let keys =
            |n: usize| data(&format!("{{{}}}", (0..n).map(|n| format!("\"k{n}\":1")).collect::<Vec<_>>().join(",")));
        let long = |n: usize| data(&format!("{{\"a\":\"{}\"}}", "x".repeat(n)));
        let around = r#"{"a":""}"#.len();
        for (data, checked) in [
            (keys(0), Err(BadData::Empty)),
            (keys(128), Ok(())),
            (keys(129), Err(BadData::TooManyKeys(129))),
            (long(LARGEST - around), Ok(())),
            (long(LARGEST - around + 1), Err(BadData::TooLarge(LARGEST + 1))),
            (data(r#"{"":1}"#), Err(BadData::BadKey)),
            (data("{\"a\\n\":1}"), Err(BadData::BadKey)),
            (data(r#"{"a":"x\u0000y"}"#), Err(BadData::Nul("a".into()))),
            (data(r#"{"a":"x\\u0000y"}"#), Ok(())),
        ] {
            assert_eq!(data.check(), checked);
        }
    }

    proptest! {
        #[test]
        fn any_texts_and_numbers_come_back_and_no_bytes_are_said_again(
            texts in proptest::collection::btree_map("(?s).{1,12}", "(?s).{0,40}", 1..6),
            number: i64,
            bytes: Vec<u8>,
        ) {
            let mut given: serde_json::Map<_, _> = texts.into_iter().map(|(key, text)| (key, text.into())).collect();
            given.insert("n".to_owned(), number.into());
            let given = serde_json::Value::from(given);
            let kept = Data::from_json(given.to_string().as_bytes()).unwrap();
            let back: serde_json::Value = serde_json::from_slice(kept.to_json().expose()).unwrap();
            prop_assert_eq!(&back, &given);
            let odd = [b"{\"canary\":\"canary", &bytes[..]].concat();
            prop_assert!(Data::from_json(&odd).err().is_none_or(|said| !said.contains("canary")));
        }
    }
}
