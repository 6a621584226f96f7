//! Names and what callers sent, as SCIM compares and as messages repeat them.

use super::Object;
use serde_json::Value;

/// A field by its name, in whatever case: attribute names are case-insensitive (RFC 7643 section 2.1).
pub(super) fn field<'a>(object: &'a Object, name: &str) -> Option<&'a Value> {
    object.get(name).or_else(|| object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value))
}

/// What a caller sent, short enough for a message.
pub(super) fn shown(text: &str) -> String {
    text.chars().take(80).collect()
}

/// How a text that ignores case is compared.
pub(super) fn folded(text: &str) -> String {
    text.to_lowercase()
}
