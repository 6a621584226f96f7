//! How one secret is written in different files, where it stands in a text, and the text with another in its place. Pure.

use crate::ConnectorError;
use std::ops::Range;
use types::Secret;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Plain,
    /// As in the authority of an address (RFC 3986).
    Percent,
    /// As inside the quotes of JSON.
    Json,
    /// As in a systemd unit, where `%` stands before a specifier.
    Unit,
}

const STARS: &str = "******";
/// Characters before and after the stars.
const SHOWN: usize = 60;

pub(super) struct Form {
    encoding: Encoding,
    pub(super) text: Secret<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct At {
    pub(super) start: usize,
    end: usize,
    encoding: Encoding,
}

/// The different forms of a secret, the longest first.
pub(super) fn of(value: &str) -> Vec<Form> {
    let mut forms: Vec<Form> = Vec::new();
    for encoding in [Encoding::Plain, Encoding::Percent, Encoding::Json, Encoding::Unit] {
        let text = encoded(value, encoding);
        if !forms.iter().any(|form| *form.text.expose() == text) {
            forms.push(Form { encoding, text: Secret::new(text) });
        }
    }
    forms.sort_by_key(|form| std::cmp::Reverse(form.text.expose().len()));
    forms
}

fn encoded(value: &str, encoding: Encoding) -> String {
    match encoding {
        Encoding::Plain => value.to_owned(),
        Encoding::Percent => value.bytes().map(percent).collect(),
        Encoding::Json => serde_json::to_string(value).unwrap_or_default().trim_matches('"').to_owned(),
        Encoding::Unit => value.replace('%', "%%"),
    }
}

fn percent(byte: u8) -> String {
    if unreserved(char::from(byte)) { char::from(byte).to_string() } else { format!("%{byte:02X}") }
}

fn unreserved(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-._~".contains(c)
}

/// Where a secret stands as a whole word, in any form.
pub(super) fn found(text: &str, forms: &[Form]) -> Vec<At> {
    let mut all = Vec::new();
    let mut from = 0;
    while let Some(at) = next(text, from, forms) {
        from = at.end;
        all.push(at);
    }
    all
}

fn next(text: &str, from: usize, forms: &[Form]) -> Option<At> {
    let firsts = forms.iter().filter_map(|form| {
        let wanted = form.text.expose().as_str();
        let mut starts = text[from..].match_indices(wanted).map(|(start, _)| from + start);
        let start = starts.find(|start| is_word(text, *start..start + wanted.len()))?;
        Some(At { start, end: start + wanted.len(), encoding: form.encoding })
    });
    firsts.min_by_key(|at| (at.start, std::cmp::Reverse(at.end)))
}

/// Part of a longer word is another secret; `-p` before it is an option of MariaDB's client.
fn is_word(text: &str, at: Range<usize>) -> bool {
    let (before, after) = (&text[..at.start], &text[at.end..]);
    let begins = !before.ends_with(char::is_alphanumeric) || before.ends_with(" -p");
    begins && !after.starts_with(char::is_alphanumeric)
}

/// The text with `new` wherever the old secret stood, written as the old one was.
///
/// # Errors
/// `BadPassword`: what stands there plainly may stand outside of quotes, where the new one would be misread.
pub(super) fn replaced(text: &str, all: &[At], new: &str) -> Result<String, ConnectorError> {
    let mut result = String::with_capacity(text.len() + new.len());
    let mut from = 0;
    for at in all {
        result.push_str(&text[from..at.start]);
        let in_address = lines_around(text, at.start, 0).contains("://") && text[at.end..].starts_with('@');
        let encoding = match at.encoding {
            Encoding::Plain if in_address => Encoding::Percent,
            Encoding::Plain if !new.chars().all(|c| unreserved(c) || "+=@:,/^".contains(c)) => {
                let reason = "where the old one stands it would be misread: use letters, digits and -._~+=@:,/^ only";
                return Err(ConnectorError::BadPassword { reason });
            }
            other => other,
        };
        result.push_str(&encoded(new, encoding));
        from = at.end;
    }
    result.push_str(&text[from..]);
    Ok(result)
}

/// The word of a line that holds the secret, with stars in its place, after the name that it has there. Whatever else the
/// line holds is left out: it may be another secret.
pub(super) fn masked(text: &str, at: &At, forms: &[Form]) -> String {
    let line_start = text[..at.start].rfind('\n').map_or(0, |newline| newline + 1);
    let before = &text[line_start..at.start];
    let parts = |c: char| c.is_whitespace() || ";,&|".contains(c);
    let mut start = before.len();
    while start > 0 && !before[start..].contains(char::is_alphanumeric) {
        let word = before[..start].trim_end_matches(parts);
        start = word
            .rfind(parts)
            .map_or(0, |separator| separator + word[separator..].chars().next().map_or(1, char::len_utf8));
    }
    let after = &text[at.end..];
    let end = after.find(|c: char| parts(c) || "?\"'".contains(c)).unwrap_or(after.len());
    let (before, after) = (&before[start..], &after[..end]);
    let again = |shown: &str| forms.iter().any(|form| shown.contains(form.text.expose().as_str()));
    if again(before) || again(after) {
        return STARS.to_owned();
    }
    let after: String = after.chars().take(SHOWN).collect();
    format!("{}{STARS}{after}", last(before, SHOWN))
}

fn last(text: &str, most: usize) -> &str {
    text.char_indices().rev().nth(most.saturating_sub(1)).map_or(text, |(start, _)| &text[start..])
}

/// Counted from 1.
pub(super) fn line_of(text: &str, at: usize) -> u32 {
    u32::try_from(text[..at].matches('\n').count() + 1).unwrap_or(u32::MAX)
}

/// The line at a place, with so many lines before and after it.
pub(super) fn lines_around(text: &str, at: usize, more: usize) -> &str {
    let start = text[..at].rmatch_indices('\n').nth(more).map_or(0, |(newline, _)| newline + 1);
    let end = text[at..].match_indices('\n').nth(more).map_or(text.len(), |(newline, _)| at + newline);
    &text[start..end]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_secret_is_found_and_replaced_as_each_file_writes_it() {
        let old = "pa%s\"w/rd";
        for (text, count, after) in [
            ("PASSWORD='pa%s\"w/rd'\n", 1, "PASSWORD='n+w'\n"),
            ("url: postgres://app:pa%25s%22w%2Frd@db/app", 1, "url: postgres://app:n%2Bw@db/app"),
            ("{\"password\": \"pa%s\\\"w/rd\"}", 1, "{\"password\": \"n+w\"}"),
            ("Environment=PW=pa%%s\"w/rd\n", 1, "Environment=PW=n+w\n"),
            ("a=pa%s\"w/rd\nb=pa%s\"w/rd", 2, "a=n+w\nb=n+w"),
            ("mysql -ppa%s\"w/rd -u app", 1, "mysql -pn+w -u app"),
            ("a=xpa%s\"w/rd b=pa%s\"w/rdx", 0, "a=xpa%s\"w/rd b=pa%s\"w/rdx"),
            ("", 0, ""),
        ] {
            let all = found(text, &of(old));
            assert_eq!((all.len(), replaced(text, &all, "n+w").unwrap().as_str()), (count, after), "{text}");
        }
        let plain = "postgres://app:simple1@db and simple1";
        let all = found(plain, &of("simple1"));
        assert_eq!(replaced(plain, &all, "n/w").unwrap(), "postgres://app:n%2Fw@db and n/w");
        for misread in ["a b", "a'b", "a\"b", "a$b", "a%b", "a#b", "a\\b", "a;b", "ü"] {
            assert!(replaced("PW=simple1", &found("PW=simple1", &of("simple1")), misread).is_err(), "{misread}");
        }
    }

    #[test]
    fn lines_are_counted_from_one_and_seen_with_their_neighbours() {
        let text = "one\ntwo\nthree\nfour";
        let at = text.find("three").unwrap();
        assert_eq!((line_of(text, 0), line_of(text, at), line_of(text, text.len())), (1, 3, 4));
        let around: Vec<&str> = (0..3).map(|more| lines_around(text, at, more)).collect();
        assert_eq!(around, ["three", "two\nthree\nfour", text]);
    }

    #[test]
    fn a_line_is_shown_by_the_name_of_the_secret_and_nothing_else_that_stands_there() {
        let old = "Old-secret/1";
        for (text, shown) in [
            ("a=1\nDB=postgres://app:Old-secret%2F1@db/app?key=other\n", "DB=postgres://app:******@db/app"),
            ("0 3 * * * root TOKEN=other mysqldump -u app -pOld-secret/1 app", "-p******"),
            ("{\"token\": \"other\", \"password\": \"Old-secret/1\"}", "\"password\": \"******"),
            ("password = 'Old-secret/1'", "password = '******"),
            ("Environment=\"TOKEN=other;PW=Old-secret/1\"", "PW=******"),
            ("Old-secret/1\n", "******"),
            ("  Old-secret/1 other", "  ******"),
            ("Old-secret/1@Old-secret/1", "******"),
        ] {
            let forms = of(old);
            assert_eq!(masked(text, &found(text, &forms)[0], &forms), shown, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_of_a_line_never_holds_the_secret(
            before in "(?s).{0,40}[= :\"]", after in "[\" \n,@](?s).{0,40}", old in "[a-zA-Z0-9/%]{8,20}",
        ) {
            let (text, forms) = (format!("{before}{old}{after}{old} "), of(&old));
            for at in found(&text, &forms) {
                prop_assert!(!masked(&text, &at, &forms).contains(&old));
            }
        }

        #[test]
        fn replacing_a_secret_there_and_back_changes_nothing(
            before in "[a-z=:\"' é\n]{0,30}[= :\"]", after in "[\" \n,@][a-z=:\"' é\n]{0,30}",
            old in "[a-zA-Z0-9]{8,20}", new in "[A-Z0-9]{8,20}",
        ) {
            let text = format!("{before}{old}{after}");
            prop_assume!(!text.contains(&new));
            let there = replaced(&text, &found(&text, &of(&old)), &new).unwrap();
            prop_assert!(!found(&there, &of(&new)).is_empty());
            prop_assert_eq!(replaced(&there, &found(&there, &of(&new)), &old).unwrap(), text);
        }

        #[test]
        fn any_text_is_searched_without_panic(text in "(?s).{0,80}", value in "[a-z%\"/é]{1,4}") {
            let all = found(&text, &of(&value));
            for at in &all {
                let _ = (line_of(&text, at.start), lines_around(&text, at.start, 3));
            }
            let _ = replaced(&text, &all, "x");
        }
    }
}
