//! Paths and bodies with places that values go into, `{login}`. A value can become a part of one segment of a path, or a
//! string of JSON; no value ends a segment, a query or a string.

use crate::ConnectorError;
use crate::account::cut;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write;

/// What goes into the places, by their names: a text, or nothing where something is taken away.
pub(super) type Values<'a> = BTreeMap<&'a str, Option<&'a str>>;

/// A place on a server: a path that begins with a slash, and its query.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Place(Vec<Piece>);

/// What a call carries, as JSON.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(try_from = "Value")]
pub(super) struct Body(Value);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Value(String),
}

impl TryFrom<String> for Place {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let pieces = pieces(&text)?;
        let fits = |c: char| c.is_ascii_alphanumeric() || "-._~:@!$&'()*+,;=/?%".contains(c);
        let plain = pieces.iter().all(|piece| !matches!(piece, Piece::Text(text) if !text.chars().all(fits)));
        let (path, _) = text.split_once('?').unwrap_or((&text, ""));
        if !text.starts_with('/') || text.starts_with("//") || !plain {
            return Err(format!("`{}` is no path: it begins with one slash and holds no other marks", cut(&text)));
        }
        if path.split('/').any(is_dots) {
            return Err(format!("`{}` goes up: a path names its place without `..`", cut(&text)));
        }
        Ok(Self(pieces))
    }
}

impl TryFrom<Value> for Body {
    type Error = String;

    fn try_from(body: Value) -> Result<Self, String> {
        for leaf in leaves(&body) {
            pieces(leaf)?;
        }
        Ok(Self(body))
    }
}

impl Place {
    pub(super) fn places(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Value(name) => Some(name.as_str()),
            Piece::Text(_) => None,
        })
    }

    /// # Errors
    /// `BadName`: a value that can be no part of a path.
    pub(super) fn fill(&self, values: &Values) -> Result<String, ConnectorError> {
        let mut filled = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => filled.push_str(text),
                Piece::Value(name) => match values.get(name.as_str()).copied().flatten().unwrap_or_default() {
                    "" => return Err(bad(name, "it is empty, and stands in a path")),
                    value => filled.push_str(&encoded(value)),
                },
            }
        }
        let path = filled.split_once('?').map_or(filled.as_str(), |(path, _)| path);
        if path.split('/').any(is_dots) {
            return Err(bad(path, "it leads to another place"));
        }
        Ok(filled)
    }
}

impl Body {
    pub(super) fn places(&self) -> Vec<String> {
        let names = leaves(&self.0).into_iter().flat_map(|leaf| pieces(leaf).unwrap_or_default());
        let name = |piece| match piece {
            Piece::Value(name) => Some(name),
            Piece::Text(_) => None,
        };
        names.filter_map(name).collect()
    }

    /// What has a place for a value that is not given is left out.
    pub(super) fn fill(&self, values: &Values) -> Value {
        filled(&self.0, values).unwrap_or_default()
    }
}

fn filled(template: &Value, values: &Values) -> Option<Value> {
    Some(match template {
        Value::String(text) => {
            let pieces = pieces(text).unwrap_or_default();
            if let [Piece::Value(name)] = pieces.as_slice() {
                return values.get(name.as_str()).map(|value| value.map_or(Value::Null, Value::from));
            }
            let mut whole = String::new();
            for piece in pieces {
                match piece {
                    Piece::Text(text) => whole.push_str(&text),
                    Piece::Value(name) => whole.push_str(values.get(name.as_str())?.unwrap_or_default()),
                }
            }
            Value::String(whole)
        }
        Value::Array(all) => Value::Array(all.iter().filter_map(|one| filled(one, values)).collect()),
        Value::Object(fields) => {
            let fields = fields.iter().filter_map(|(name, field)| Some((name.clone(), filled(field, values)?)));
            Value::Object(fields.collect())
        }
        plain => plain.clone(),
    })
}

fn leaves(body: &Value) -> Vec<&str> {
    match body {
        Value::String(text) => vec![text],
        Value::Array(all) => all.iter().flat_map(leaves).collect(),
        Value::Object(fields) => fields.values().flat_map(leaves).collect(),
        _ => Vec::new(),
    }
}

fn pieces(text: &str) -> Result<Vec<Piece>, String> {
    let odd = || format!("`{}` has a brace that is not of a place such as `{{login}}`", cut(text));
    let (mut pieces, mut rest) = (Vec::new(), text);
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').ok_or_else(odd)?;
        let fits = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
        if name.is_empty() || !name.chars().all(fits) || before.contains('}') {
            return Err(odd());
        }
        if !before.is_empty() {
            pieces.push(Piece::Text(before.to_owned()));
        }
        pieces.push(Piece::Value(name.to_owned()));
        rest = after;
    }
    if rest.contains('}') {
        return Err(odd());
    }
    if !rest.is_empty() || pieces.is_empty() {
        pieces.push(Piece::Text(rest.to_owned()));
    }
    Ok(pieces)
}

/// Everything but what is unreserved (RFC 3986, 2.3) in percent.
pub(super) fn encoded(value: &str) -> String {
    let mut text = String::new();
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            write!(text, "%{byte:02X}").expect("a string takes every text");
        }
    }
    text
}

/// Also as a server may read them.
fn is_dots(segment: &str) -> bool {
    [".", ".."].contains(&segment.to_ascii_lowercase().replace("%2e", ".").as_str())
}

fn bad(name: &str, reason: &'static str) -> ConnectorError {
    ConnectorError::BadName { name: cut(name), reason }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn a_path_begins_with_a_slash_and_goes_nowhere_else() {
        for (path, fits) in [
            ("/users/{id}?limit=10&q={login}", true),
            ("/", true),
            ("users", false),
            ("//evil.example/users", false),
            ("https://evil.example/", false),
            ("/a/../b", false),
            ("/a/%2E%2e/b", false),
            ("/a#b", false),
            ("/a b", false),
            ("/a\r\nhost: x", false),
            ("/{id", false),
            ("/id}", false),
            ("/{}", false),
            ("/{{id}}", false),
            ("/a\\b", false),
        ] {
            assert_eq!(Place::try_from(path.to_owned()).is_ok(), fits, "{path}");
        }
    }

    #[test]
    fn what_is_not_given_is_left_out_and_what_is_taken_away_is_null() {
        let body = json!({"user": {"login": "{login}", "title": "{title}", "room": "{room}", "says": "I am {login}", "n": 1},
                          "tags": ["{title}", "x"]});
        let body = Body::try_from(body).unwrap();
        let values = Values::from([("login", Some("ann")), ("room", None)]);
        let filled = json!({"user": {"login": "ann", "room": null, "says": "I am ann", "n": 1}, "tags": ["x"]});
        assert_eq!(body.fill(&values), filled);
        let mut places = body.places();
        places.sort_unstable();
        assert_eq!(places, ["login", "login", "room", "title", "title"]);
        assert!(Body::try_from(json!({"a": ["{"]})).is_err());
    }

    proptest! {
        #[test]
        fn no_value_breaks_out_of_a_segment_or_of_a_string(value in "(?s).{0,12}") {
            let values = Values::from([("id", Some(value.as_str()))]);
            let place = Place::try_from("/users/{id}/keys?of={id}&all=1".to_owned()).unwrap();
            if let Ok(filled) = place.fill(&values) {
                let url = reqwest::Url::parse(&format!("https://api.example{filled}")).unwrap();
                prop_assert_eq!(url.host_str(), Some("api.example"));
                prop_assert_eq!(url.path_segments().unwrap().count(), 3);
                let query: Vec<(String, String)> = url.query_pairs().into_owned().collect();
                prop_assert_eq!(query, [("of".to_owned(), value.clone()), ("all".to_owned(), "1".to_owned())]);
            } else {
                prop_assert!(["", ".", ".."].contains(&value.as_str()), "{}", value);
            }
            let body = Body::try_from(json!({"id": "{id}", "admin": false})).unwrap().fill(&values).to_string();
            let read: Value = serde_json::from_str(&body).unwrap();
            prop_assert_eq!(read, json!({"id": value, "admin": false}));
        }
    }
}
