//! The distinguished name of a login where people stand.

use super::session::check;
use crate::ConnectorError;
use ldap3::dn_escape;

/// The name of the entry `uid=LOGIN` directly below `base` (RFC 4514). Whether it is there is not asked.
///
/// # Errors
/// `BadName`.
pub fn person_dn(base: &str, login: &str) -> Result<String, ConnectorError> {
    check(login)?;
    let dn = format!("uid={},{base}", dn_escape(login));
    check(&dn).map(|()| dn)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Reads the first value of a name as a directory does: up to the first comma that nothing escapes.
    fn first_value(dn: &str) -> Option<(String, &str)> {
        let bytes = dn.strip_prefix("uid=")?.as_bytes();
        let (mut value, mut at) = (Vec::new(), 0);
        while let Some(byte) = bytes.get(at) {
            match byte {
                b',' => return Some((String::from_utf8(value).ok()?, &dn["uid=".len() + at + 1..])),
                b'\\' => {
                    let hex = std::str::from_utf8(bytes.get(at + 1..at + 3)?).ok()?;
                    value.push(u8::from_str_radix(hex, 16).ok()?);
                    at += 3;
                }
                b'"' | b'+' | b';' | b'<' | b'>' => return None,
                other => {
                    value.push(*other);
                    at += 1;
                }
            }
        }
        None
    }

    proptest! {
        #[test]
        fn a_login_in_a_name_reads_back_as_it_was(login in "(?s)[,+\"\\\\<>;=# a-zé€\n]{1,30}") {
            prop_assume!(!login.trim().is_empty());
            let dn = person_dn("dc=example", &login).unwrap();
            prop_assert_eq!(first_value(&dn), Some((login, "dc=example")));
        }
    }
}
