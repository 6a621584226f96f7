//! Search filters as text (RFC 4515), with values that can mean nothing but themselves.

use ldap3::ldap_escape;
use std::fmt::Write;

/// Entries that hold this text.
pub(crate) fn equals(attribute: &str, value: &str) -> String {
    format!("({attribute}={})", ldap_escape(value))
}

/// Entries that hold these bytes.
pub(crate) fn holds(attribute: &str, value: &[u8]) -> String {
    let mut escaped = String::with_capacity(3 * value.len());
    for byte in value {
        let _ = write!(escaped, "\\{byte:02x}");
    }
    format!("({attribute}={escaped})")
}

/// Entries that hold this text or one that comes behind it.
pub(crate) fn at_least(attribute: &str, value: &str) -> String {
    format!("({attribute}>={})", ldap_escape(value))
}

/// Entries that fit both.
pub(crate) fn both(one: &str, other: &str) -> String {
    format!("(&{one}{other})")
}

/// Entries that fit one of these.
pub(crate) fn either(filters: impl IntoIterator<Item = String>) -> String {
    format!("(|{})", filters.into_iter().collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ldap3::asn1::{ASNTag, PL};
    use proptest::prelude::*;

    /// What a directory is asked: the attribute and the value of an equality, if the filter is exactly one.
    fn sent(filter: &str) -> Option<(Vec<u8>, Vec<u8>)> {
        const EQUALITY: u64 = 3;
        let tag = ldap3::parse_filter(filter).ok()?.into_structure();
        let (EQUALITY, PL::C(parts)) = (tag.id, tag.payload) else { return None };
        let [attribute, value] = parts.try_into().ok()?;
        match (attribute.payload, value.payload) {
            (PL::P(attribute), PL::P(value)) => Some((attribute, value)),
            _ => None,
        }
    }

    proptest! {
        #[test]
        fn no_text_breaks_out_of_a_filter(value in "(?s)[()*\\\\&|!=<>~:, a-zé€\0\n]{1,30}") {
            prop_assert_eq!(sent(&equals("uid", &value)), Some((b"uid".to_vec(), value.clone().into_bytes())));
            prop_assert_eq!(sent(&holds("uid", value.as_bytes())), Some((b"uid".to_vec(), value.into_bytes())));
        }

        #[test]
        fn no_bytes_break_out_of_a_filter(value in proptest::collection::vec(any::<u8>(), 1..40)) {
            prop_assert_eq!(sent(&holds("objectGUID", &value)), Some((b"objectGUID".to_vec(), value)));
        }
    }
}
