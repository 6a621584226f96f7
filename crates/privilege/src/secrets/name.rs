//! What a secret is called: `SAFE/FOLDER/NAME…`. A grant is for one folder of one safe. Pure.

use types::{is_login, is_target};

/// Segments below the folder.
const DEEPEST: usize = 8;
const LONGEST_SEGMENT: usize = 128;
const FORM: &str = "a secret is called `SAFE/FOLDER/NAME`, with one to eight parts after the folder";

/// Kept byte for byte: names that only look alike (other Unicode normal forms, other case) are other names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(into = "String")]
pub struct Name(String);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadName(String);

impl Name {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The target that a grant names.
    pub fn safe(&self) -> &str {
        self.0.split('/').next().unwrap_or_default()
    }

    /// The login that a grant names.
    pub fn folder(&self) -> &str {
        self.0.split('/').nth(1).unwrap_or_default()
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        name.0
    }
}

impl std::str::FromStr for Name {
    type Err = BadName;

    fn from_str(text: &str) -> Result<Self, BadName> {
        let segments: Vec<&str> = text.split('/').collect();
        if !(3..=2 + DEEPEST).contains(&segments.len()) {
            return Err(BadName(FORM.to_owned()));
        }
        check(&segments)?;
        Ok(Self(text.to_owned()))
    }
}

/// Where a list looks: everything, a safe, a folder or a part of one. Ends in `/` unless it is everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prefix(String);

impl Prefix {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The safe and the folder that it lies in, as far as it names them.
    pub(super) fn place(&self) -> (Option<&str>, Option<&str>) {
        let mut parts = self.0.split('/').filter(|part| !part.is_empty());
        (parts.next(), parts.next())
    }
}

impl std::str::FromStr for Prefix {
    type Err = BadName;

    fn from_str(text: &str) -> Result<Self, BadName> {
        let text = text.strip_suffix('/').unwrap_or(text);
        if text.is_empty() {
            return Ok(Self(String::new()));
        }
        let segments: Vec<&str> = text.split('/').collect();
        if segments.len() > 1 + DEEPEST {
            return Err(BadName(FORM.to_owned()));
        }
        check(&segments)?;
        Ok(Self(format!("{text}/")))
    }
}

fn check(segments: &[&str]) -> Result<(), BadName> {
    let problem = |segment: &str, text: &str| Err(BadName(format!("`{}` {text}", shown(segment))));
    for (at, segment) in segments.iter().enumerate() {
        match at {
            0 if !is_target(segment) => {
                return problem(segment, "is no safe: use lower case letters, digits, `.`, `_` and `-`, at most 63");
            }
            1 if !is_login(segment) => {
                return problem(segment, "is no folder: use up to 32 letters, digits, `.`, `_` and `-`");
            }
            0 | 1 => {}
            _ if segment.is_empty() || segment.len() > LONGEST_SEGMENT => {
                return problem(segment, "has not 1 to 128 bytes: each part of a secret's name has");
            }
            _ if matches!(*segment, "." | "..") => {
                return problem(segment, "is no part of a secret's name: it means another place elsewhere");
            }
            _ if segment.trim() != *segment => {
                return problem(segment, "begins or ends with a space: nobody would see it");
            }
            _ if segment.chars().any(is_unseen) => {
                return problem(segment, "holds a character that nobody sees: remove it");
            }
            _ => {}
        }
    }
    Ok(())
}

/// Control characters, and those that only turn or join the text around them.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

fn shown(segment: &str) -> String {
    segment
        .chars()
        .take(40)
        .flat_map(|c| {
            if is_unseen(c) { c.escape_unicode().to_string() } else { c.to_string() }.chars().collect::<Vec<_>>()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_name_is_a_safe_a_folder_and_one_to_eight_parts_more() {
        for text in [
            "prod/billing/db",
            "prod/billing/a/b/c/d/e/f/g/h",
            "prod/billing/Grüße an 東京",
            "prod/billing/it's \"quoted\"; --",
            "prod/billing/%2e%2e",
            &format!("prod/billing/{}", "x".repeat(128)),
        ] {
            let name: Name = text.parse().unwrap_or_else(|e| panic!("{text}: {e}"));
            assert_eq!((name.as_str(), name.safe(), name.folder()), (text, "prod", "billing"));
        }
    }

    #[test]
    fn anything_else_is_refused_with_what_is_wrong() {
        for (text, said) in [
            ("", "SAFE/FOLDER/NAME"),
            ("prod", "SAFE/FOLDER/NAME"),
            ("prod/billing", "SAFE/FOLDER/NAME"),
            ("prod/billing/a/b/c/d/e/f/g/h/i", "SAFE/FOLDER/NAME"),
            ("Prod/billing/db", "is no safe"),
            ("prod/bill ing/db", "is no folder"),
            ("/billing/db", "is no safe"),
            ("prod/billing/", "1 to 128 bytes"),
            ("prod/billing//db", "1 to 128 bytes"),
            (&format!("prod/billing/{}", "é".repeat(65)), "1 to 128 bytes"),
            ("prod/billing/.", "another place"),
            ("prod/billing/../billing/db", "another place"),
            ("prod/billing/ db", "a space"),
            ("prod/billing/db\u{2003}", "a space"),
            ("prod/billing/d\nb", "nobody sees"),
            ("prod/billing/d\0b", "nobody sees"),
            ("prod/billing/d\u{202e}b", "nobody sees"),
            ("prod/billing/d\u{200b}b", "nobody sees"),
        ] {
            let refused = text.parse::<Name>().unwrap_err().to_string();
            assert!(refused.contains(said) && !refused.contains(['\n', '\0', '\u{202e}']), "{text:?}: {refused}");
        }
    }

    #[test]
    fn a_prefix_names_a_place_and_not_half_of_a_name() {
        for (text, prefix, place) in [
            ("", "", (None, None)),
            ("prod", "prod/", (Some("prod"), None)),
            ("prod/billing/", "prod/billing/", (Some("prod"), Some("billing"))),
            ("prod/billing/a/b", "prod/billing/a/b/", (Some("prod"), Some("billing"))),
        ] {
            let read: Prefix = text.parse().unwrap();
            assert_eq!((read.as_str(), read.place()), (prefix, place));
        }
        for text in ["Prod", "prod//", "prod/billing/..", "prod/billing/a/b/c/d/e/f/g/h"] {
            assert!(text.parse::<Prefix>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_name_that_reads_back_as_it_was_or_is_refused_in_one_line(
            text in "(?s)(prod/billing/)?([ -~é/.\u{202e}\u{301}\n\0]{1,20}|.{0,12})",
        ) {
            match text.parse::<Name>() {
                Ok(name) => {
                    prop_assert_eq!(name.as_str(), &text);
                    prop_assert_eq!(text.split('/').take(2).collect::<Vec<_>>(), [name.safe(), name.folder()]);
                    prop_assert!(!text.chars().any(is_unseen) && !text.split('/').any(|part| ["", ".", ".."].contains(&part)));
                }
                Err(refused) => {
                    let refused = refused.to_string();
                    prop_assert!(!refused.is_empty() && !refused.chars().any(is_unseen), "{}", refused);
                }
            }
            if let Ok(prefix) = text.parse::<Prefix>() {
                prop_assert_eq!(prefix.as_str().trim_end_matches('/'), text.trim_end_matches('/'));
            }
        }
    }
}
