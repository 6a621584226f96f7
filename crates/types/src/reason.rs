//! Why somebody does something, in their own words. The person concerned and the auditors will read it.

use crate::{Failure, Kind};

/// Without space around it, from 1 to [`Reason::MOST`] characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadReason;

impl std::fmt::Display for BadReason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "give a reason of 1 to {} characters: the auditors will read it", Reason::MOST)
    }
}

impl std::error::Error for BadReason {}

impl Reason {
    /// Characters.
    pub const MOST: usize = 2000;

    pub fn new(text: &str) -> Result<Self, BadReason> {
        let text = text.trim();
        let fits = (1..=Self::MOST).contains(&text.chars().count()) && !text.contains('\0');
        if fits { Ok(Self(text.to_owned())) } else { Err(BadReason) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Failure for BadReason {
    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn code(&self) -> &'static str {
        "reason_missing"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_has_one_to_two_thousand_characters_of_any_script() {
        for (text, kept) in [("the disk is full", "the disk is full"), (" two\nlines ", "two\nlines")] {
            assert_eq!(Reason::new(text).unwrap().as_str(), kept);
        }
        Reason::new(&"ж".repeat(Reason::MOST)).unwrap();
        for text in ["", " \n", "a\0b", &"ж".repeat(Reason::MOST + 1)] {
            assert_eq!(Reason::new(text), Err(BadReason), "{text}");
        }
    }
}
