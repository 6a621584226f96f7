//! Which attributes of an account may be set from outside. What they mean belongs to the kind of directory.

use crate::ConnectorError;
use crate::account::cut;
use crate::connector::Attributes;

/// Attributes of every directory that decide who somebody is or what they may do: no mapping writes them.
const KEPT: [&str; 6] = ["objectclass", "userpassword", "member", "uniquemember", "memberuid", "memberof"];

/// Whether the names are names (RFC 4512, 1.4) and none of them is `kept`, in lower case.
///
/// # Errors
/// `BadName`.
pub(crate) fn check_attributes(attributes: &Attributes, kept: &[&str]) -> Result<(), ConnectorError> {
    for name in attributes.keys() {
        let plain = name.to_lowercase();
        let reason = if !is_name(name) {
            "no attribute is called so"
        } else if KEPT.contains(&plain.as_str()) || kept.contains(&plain.as_str()) {
            "this attribute is not set by a mapping"
        } else {
            continue;
        };
        return Err(ConnectorError::BadName { name: cut(name), reason });
    }
    Ok(())
}

/// Whether an attribute can be called so, without options.
pub(crate) fn is_name(name: &str) -> bool {
    name.len() <= 64
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

/// The values of an attribute, whatever the case of its name.
pub(crate) fn values<'a>(attributes: &'a Attributes, name: &str) -> Option<&'a [String]> {
    let found = attributes.iter().find(|(found, _)| found.eq_ignore_ascii_case(name));
    found.map(|(_, values)| values.as_slice())
}

/// Its only value.
pub(crate) fn value<'a>(attributes: &'a Attributes, name: &str) -> Option<&'a str> {
    values(attributes, name)?.first().map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_mapping_reaches_what_makes_somebody_powerful() {
        for (name, may) in [
            ("mail", true),
            ("employeeID", true),
            ("userPassword", false),
            ("OBJECTCLASS", false),
            ("unicodePwd", false),
            ("mail;binary", false),
            ("userPassword;lang-en", false),
            ("2.5.4.35", false),
            ("", false),
            ("a b", false),
        ] {
            let attributes = Attributes::from([(name.to_owned(), vec!["x".to_owned()])]);
            assert_eq!(check_attributes(&attributes, &["unicodepwd"]).is_ok(), may, "{name}");
        }
    }
}
