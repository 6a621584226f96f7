//! One line of CSV into its fields, strictly after RFC 4180. No line breaks inside quotes, no guessing.

use super::FeedError;

/// At least one field. Blanks around a field are not part of it.
pub(super) fn split(line: u64, text: &str) -> Result<Vec<String>, FeedError> {
    let mut fields: Vec<String> = Vec::new();
    let mut rest = text;
    loop {
        let (field, after) = match rest.strip_prefix('"') {
            Some(quoted) => unquote(quoted).ok_or(FeedError::BadQuote { line })?,
            None => plain(rest).ok_or(FeedError::BadQuote { line })?,
        };
        if field.chars().any(char::is_control) {
            return Err(FeedError::ControlCharacter { line, field: fields.len() + 1 });
        }
        fields.push(field.trim().to_owned());
        match after {
            Some(next) => rest = next,
            None => return Ok(fields),
        }
    }
}

type Field<'a> = (String, Option<&'a str>);

fn plain(text: &str) -> Option<Field<'_>> {
    let (field, after) = match text.split_once(',') {
        Some((field, after)) => (field, Some(after)),
        None => (text, None),
    };
    (!field.contains('"')).then(|| (field.to_owned(), after))
}

/// `text` begins behind the opening quote. None when the quote never closes or is followed by more than a comma.
fn unquote(text: &str) -> Option<Field<'_>> {
    let mut field = String::new();
    let mut rest = text;
    loop {
        let (part, after) = rest.split_once('"')?;
        field.push_str(part);
        if let Some(next) = after.strip_prefix('"') {
            field.push('"');
            rest = next;
        } else if after.is_empty() {
            return Some((field, None));
        } else {
            return Some((field, Some(after.strip_prefix(',')?)));
        }
    }
}
