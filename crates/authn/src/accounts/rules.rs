//! What a sign-in name looks like. Pure.

const MAX_LEN: usize = 254;

/// The name as stored and compared; `None` when it cannot be one. A colon would end the name in an `otpauth` URI.
pub(crate) fn normalised(name: &str) -> Option<String> {
    let name = name.trim().to_lowercase();
    let fits = (1..=MAX_LEN).contains(&name.chars().count());
    (fits && !name.chars().any(|c| c.is_whitespace() || c.is_control() || c == ':')).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_in_lower_case_and_without_the_spaces_around_them() {
        for (given, kept) in [
            (" Alice@Example.com ", Some("alice@example.com")),
            ("bob", Some("bob")),
            ("", None),
            ("two words", None),
            ("a:b", None),
            ("line\nbreak", None),
        ] {
            assert_eq!(normalised(given).as_deref(), kept, "{given}");
        }
        assert_eq!(normalised(&"a".repeat(255)), None);
    }
}
