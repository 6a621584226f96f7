//! The only way in which a name or a value becomes part of a statement for a database of somebody else.
//! What the server would cut, change or misread is refused. Pure.

use crate::ConnectorError;
use crate::account::cut;

/// PostgreSQL cuts a longer identifier without a word (NAMEDATALEN - 1).
const POSTGRES_IDENTIFIER_BYTES: usize = 63;
/// Characters of a user's or a role's name in MariaDB.
const MARIADB_USER_CHARS: usize = 128;

/// A name in double quotes.
///
/// # Errors
/// `BadName`: empty, a NUL, or more than 63 bytes.
pub(crate) fn postgres_identifier(name: &str) -> Result<String, ConnectorError> {
    check(name)?;
    if name.len() > POSTGRES_IDENTIFIER_BYTES {
        return Err(bad(name, "it is longer than 63 bytes"));
    }
    Ok(format!("\"{}\"", name.replace('"', "\"\"")))
}

/// A value in single quotes, whatever `standard_conforming_strings` says.
///
/// # Errors
/// `BadName`: a NUL.
pub(crate) fn postgres_literal(value: &str) -> Result<String, ConnectorError> {
    if value.contains('\0') {
        return Err(bad("", "it holds a nul byte"));
    }
    let quoted = value.replace('\'', "''");
    if quoted.contains('\\') { Ok(format!(" E'{}'", quoted.replace('\\', "\\\\"))) } else { Ok(format!("'{quoted}'")) }
}

/// The name of a user, a role or the host part of an account in backticks, whatever `sql_mode` says.
///
/// # Errors
/// `BadName`: empty, a NUL, more than 128 characters, a character beyond MariaDB's system tables, a blank at the end.
pub(crate) fn mariadb_name(name: &str) -> Result<String, ConnectorError> {
    check(name)?;
    if name.chars().count() > MARIADB_USER_CHARS {
        return Err(bad(name, "it is longer than 128 characters"));
    }
    if name.chars().any(|c| c as u32 > 0xffff) {
        return Err(bad(
            name,
            "it holds a character beyond the basic plane, which mariadb's system tables do not keep",
        ));
    }
    if name.ends_with(' ') {
        return Err(bad(name, "it ends in a blank, which mariadb drops"));
    }
    Ok(format!("`{}`", name.replace('`', "``")))
}

/// The name of a user that is to log in, as [`mariadb_name`].
///
/// # Errors
/// `BadName`: as of a name, and a name in single quotes, which MariaDB takes without them when it logs in
/// (`parse_client_handshake_packet`): it would be somebody else.
pub(crate) fn mariadb_login(login: &str) -> Result<String, ConnectorError> {
    if login.len() > 1 && login.starts_with('\'') && login.ends_with('\'') {
        return Err(bad(login, "it is in single quotes, without which mariadb takes it at a login"));
    }
    mariadb_name(login)
}

/// A value in single quotes, in a session whose `sql_mode` is empty.
///
/// # Errors
/// `BadName`: a NUL.
pub(crate) fn mariadb_literal(value: &str) -> Result<String, ConnectorError> {
    if value.contains('\0') {
        return Err(bad("", "it holds a nul byte"));
    }
    Ok(format!("'{}'", value.replace('\\', "\\\\").replace('\'', "''")))
}

fn check(name: &str) -> Result<(), ConnectorError> {
    if name.is_empty() {
        return Err(bad(name, "it is empty"));
    }
    if name.contains('\0') {
        return Err(bad(name, "it holds a nul byte"));
    }
    Ok(())
}

fn bad(name: &str, reason: &'static str) -> ConnectorError {
    ConnectorError::BadName { name: cut(name), reason }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Reads a quoted text as a server does: `None` unless it is one quoted text and nothing after it.
    fn unquoted(quoted: &str, quote: char, backslashes: bool) -> Option<String> {
        let mut letters = quoted.strip_prefix(quote)?.chars().peekable();
        let mut text = String::new();
        while let Some(letter) = letters.next() {
            if letter == quote {
                if letters.next_if_eq(&quote).is_none() {
                    return letters.next().is_none().then_some(text);
                }
                text.push(quote);
            } else if letter == '\\' && backslashes {
                text.push(letters.next()?);
            } else {
                text.push(letter);
            }
        }
        None
    }

    #[test]
    fn a_name_that_a_server_would_cut_or_change_is_refused() {
        let long = "é".repeat(32);
        for (name, postgres, mariadb) in [
            ("app", true, true),
            ("", false, false),
            ("a\0b", false, false),
            ("o'neill \"x\" `y` \\ ; --", true, true),
            (&long[..62], true, true),
            (&long, false, true),
            (&"m".repeat(128), false, true),
            (&"m".repeat(129), false, false),
            ("blank ", true, false),
            ("😀", true, false),
        ] {
            assert_eq!(postgres_identifier(name).is_ok(), postgres, "{name}");
            assert_eq!(mariadb_name(name).is_ok(), mariadb, "{name}");
        }
        assert!(postgres_literal("a\0b").is_err() && mariadb_literal("a\0b").is_err());
        assert!(mariadb_login("o'neill'").is_ok() && mariadb_login("'").is_ok());
        assert!(mariadb_login("'ann'").is_err() && mariadb_login("''").is_err() && mariadb_login("").is_err());
    }

    proptest! {
        #[test]
        fn a_quoted_name_or_value_reads_back_as_it_was(text in "(?s)[\"'`\\\\;\\-a-zé\n$]{1,20}") {
            if !text.ends_with(' ') {
                prop_assert_eq!(unquoted(&mariadb_name(&text).unwrap(), '`', false), Some(text.clone()));
            }
            prop_assert_eq!(unquoted(&postgres_identifier(&text).unwrap(), '"', false), Some(text.clone()));
            prop_assert_eq!(unquoted(&mariadb_literal(&text).unwrap(), '\'', true), Some(text.clone()));
            let literal = postgres_literal(&text).unwrap();
            let read = match literal.strip_prefix(" E") {
                Some(escaped) => unquoted(escaped, '\'', true),
                None => unquoted(&literal, '\'', text.contains('\\')),
            };
            prop_assert_eq!(read, Some(text));
        }

        #[test]
        fn any_text_is_quoted_or_refused(text in "(?s).{0,140}") {
            for (quoted, quote) in [(postgres_identifier(&text), '"'), (mariadb_name(&text), '`')] {
                if let Ok(quoted) = quoted {
                    prop_assert_eq!(unquoted(&quoted, quote, false), Some(text.clone()));
                }
            }
        }
    }
}
