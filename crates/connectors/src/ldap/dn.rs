//! Distinguished names as text (RFC 4514): read, written and compared. Whether an entry has one is not asked.

use crate::ConnectorError;
use crate::account::cut;
use ldap3::dn_escape;

/// The longest name that is sent.
const BYTES: usize = 1024;

/// Whether an entry can have this name, as far as can be seen without asking a directory. The empty name is nobody's,
/// and binding as nobody succeeds.
///
/// # Errors
/// `BadName`.
pub(crate) fn check(dn: &str) -> Result<(), ConnectorError> {
    let reason = if dn.trim().is_empty() {
        "it is empty"
    } else if dn.contains('\0') {
        "it holds a nul byte"
    } else if dn.len() > BYTES {
        "it is longer than 1024 bytes"
    } else {
        return Ok(());
    };
    Err(ConnectorError::BadName { name: cut(dn), reason })
}

/// The name of an entry directly below `parent`, or of the relative name alone where `parent` is empty.
///
/// # Errors
/// `BadName`.
pub(crate) fn below(attribute: &str, value: &str, parent: &str) -> Result<String, ConnectorError> {
    check(value)?;
    let comma = if parent.is_empty() { "" } else { "," };
    let dn = format!("{attribute}={}{comma}{parent}", dn_escape(value));
    check(&dn).map(|()| dn)
}

/// The same text for every way to write a name, and no other name's: attribute types and values without case, values
/// without needless spaces, escapes in one form. `None`: it is no name.
pub(crate) fn key(dn: &str) -> Option<String> {
    let names = split(dn, ',')?;
    let mut keys = Vec::with_capacity(names.len());
    for name in names {
        let mut parts = split(name, '+')?.into_iter().map(pair).collect::<Option<Vec<_>>>()?;
        parts.sort();
        keys.push(parts.join("+"));
    }
    Some(keys.join(","))
}

/// The name of the entry above; `None`: there is none, or this is no name.
pub(crate) fn parent(dn: &str) -> Option<&str> {
    let first = split(dn, ',')?.first()?.len();
    dn.get(first + 1..).map(str::trim_start).filter(|parent| !parent.is_empty())
}

/// Whether the entry stands somewhere below `base`, or is it.
pub(crate) fn is_below(dn: &str, base: &str) -> bool {
    let (Some(dn), Some(base)) = (key(dn), key(base)) else { return false };
    dn == base || dn.strip_suffix(&base).is_some_and(|rest| rest.ends_with(','))
}

/// The value of the first relative name, where that is of `attribute`.
pub(crate) fn first_value(dn: &str, attribute: &str) -> Option<String> {
    let names = split(dn, ',')?;
    let (found, value) = names.first()?.split_once('=')?;
    found.trim().eq_ignore_ascii_case(attribute).then(|| unescape(value))?
}

/// `type=value` in its one form.
fn pair(text: &str) -> Option<String> {
    let (attribute, value) = text.split_once('=')?;
    let attribute = attribute.trim().to_ascii_lowercase();
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    if attribute.is_empty() || !attribute.chars().all(fits) {
        return None;
    }
    let value = unescape(value)?.to_lowercase();
    let words: Vec<&str> = value.split(' ').filter(|word| !word.is_empty()).collect();
    Some(format!("{attribute}={}", dn_escape(words.join(" "))))
}

/// Cuts at every separator that nothing escapes.
fn split(text: &str, separator: char) -> Option<Vec<&str>> {
    let (mut parts, mut start, mut escaped) = (Vec::new(), 0, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == separator => {
                parts.push(&text[start..at]);
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    (!escaped).then_some(parts)
}

/// A value without its escapes and without the spaces around it that nothing escapes.
fn unescape(value: &str) -> Option<String> {
    let value = value.trim_start_matches(' ').as_bytes();
    let (mut plain, mut at, mut kept) = (Vec::with_capacity(value.len()), 0, 0);
    while let Some(byte) = value.get(at) {
        let hex = |at: usize| u8::try_from(char::from(*value.get(at)?).to_digit(16)?).ok();
        match byte {
            b'\\' => {
                if let (Some(high), Some(low)) = (hex(at + 1), hex(at + 2)) {
                    plain.push(high << 4 | low);
                    at += 3;
                } else {
                    plain.push(*value.get(at + 1)?);
                    at += 2;
                }
                kept = plain.len();
            }
            b' ' => {
                plain.push(b' ');
                at += 1;
            }
            other => {
                plain.push(*other);
                at += 1;
                kept = plain.len();
            }
        }
    }
    plain.truncate(kept);
    String::from_utf8(plain).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_way_to_write_a_name_has_one_key() {
        let key_of = |dn: &str| key(dn).unwrap();
        for (one, other) in [
            ("uid=ann,dc=x", "UID=Ann, DC=x"),
            ("cn=a\\,b,dc=x", "cn=a\\2cb,dc=x"),
            ("cn=a+sn=b,dc=x", "sn=b+cn=a,dc=x"),
            ("cn=Ann  Ames,dc=x", "cn= ann ames ,dc=x"),
            ("cn=\\c3\\a9t\\c3\\a9", "cn=été"),
        ] {
            assert_eq!(key_of(one), key_of(other));
        }
        for (one, other) in [
            ("uid=ann,dc=x", "uid=ann,dc=y"),
            ("cn=a\\,dc\\=x,dc=y", "cn=a,dc=x,dc=y"),
            ("cn=a\\+sn=b", "cn=a+sn=b"),
            ("uid=ann", "cn=ann"),
        ] {
            assert_ne!(key_of(one), key_of(other));
        }
        for none in ["", "ann", "uid=ann,", "=ann", "u d=ann", "uid=ann\\", "uid=\\ff"] {
            assert_eq!(key(none), None, "{none}");
        }
    }

    #[test]
    fn where_an_entry_stands_is_seen_in_its_name() {
        let dn = "uid=a\\,b,ou=people,dc=x";
        assert_eq!(parent(dn), Some("ou=people,dc=x"));
        assert_eq!(first_value(dn, "UID").as_deref(), Some("a,b"));
        assert_eq!(first_value(dn, "cn"), None);
        for (base, below) in [("DC=x", true), ("ou=People, dc=x", true), (dn, true), ("b,ou=people,dc=x", false)] {
            assert_eq!(is_below(dn, base), below, "{base}");
        }
        assert!(!is_below("uid=ann,ou=evil\\,dc=x", "dc=x"));
        assert_eq!(parent("dc=x"), None);
    }

    proptest! {
        #[test]
        fn no_value_breaks_out_of_its_place(value in "(?s)[,+\"\\\\<>;=# a-zé€\n]{1,30}", parent_value in "[a-z,\\\\ ]{1,9}") {
            prop_assume!(!value.trim().is_empty() && !parent_value.trim().is_empty());
            let above = below("ou", &parent_value, "dc=example").unwrap();
            let dn = below("uid", &value, &above).unwrap();
            prop_assert_eq!(first_value(&dn, "uid"), Some(value));
            prop_assert_eq!(parent(&dn), Some(above.as_str()));
            prop_assert!(is_below(&dn, &above));
        }

        #[test]
        fn whatever_is_read_as_a_name_keeps_its_key(dn in "(?s)[a-cA-C=,+\\\\ 0-9\"é]{0,40}") {
            if let Some(one) = key(&dn) {
                prop_assert_eq!(key(&one), Some(one.clone()));
            }
        }
    }
}
