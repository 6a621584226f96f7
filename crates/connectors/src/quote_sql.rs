//! The only way in which a name or a value becomes part of a statement for a database of somebody else.
//! What the server would cut, change or misread is refused. Pure.

use crate::ConnectorError;
use crate::account::cut;

/// PostgreSQL cuts a longer identifier without a word (NAMEDATALEN - 1).
const POSTGRES_IDENTIFIER_BYTES: usize = 63;
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
        return Err(bad(value, "it holds a nul byte"));
    }
    let quoted = value.replace('\'', "''");
    if quoted.contains('\\') { Ok(format!(" E'{}'", quoted.replace('\\', "\\\\"))) } else { Ok(format!("'{quoted}'")) }
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
        for (name, kept) in [
            ("app", true),
            ("", false),
            ("a\0b", false),
            ("o'neill \"x\" `y` \\ ; --", true),
            (&long[..62], true),
            (&long, false),
            ("😀", true),
        ] {
            assert_eq!(postgres_identifier(name).is_ok(), kept, "{name}");
        }
        assert!(postgres_literal("a\0b").is_err());
    }

    proptest! {
        #[test]
        fn a_quoted_name_or_value_reads_back_as_it_was(text in "(?s)[\"'`\\\\;\\-a-zé\n$]{1,20}") {
            prop_assert_eq!(unquoted(&postgres_identifier(&text).unwrap(), '"', false), Some(text.clone()));
            let literal = postgres_literal(&text).unwrap();
            let read = match literal.strip_prefix(" E") {
                Some(escaped) => unquoted(escaped, '\'', true),
                None => unquoted(&literal, '\'', text.contains('\\')),
            };
            prop_assert_eq!(read, Some(text));
        }

        #[test]
        fn any_text_is_quoted_or_refused(text in "(?s).{0,140}") {
            if let Ok(quoted) = postgres_identifier(&text) {
                prop_assert_eq!(unquoted(&quoted, '"', false), Some(text));
            }
        }
    }
}
