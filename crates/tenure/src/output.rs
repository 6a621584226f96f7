//! What commands print: tables and lines for people, or exactly the server's JSON.
//! Text from the server is somebody's input: control characters in it never reach the terminal.

use crate::client::Answer;
use crate::exit::Failed;
use comfy_table::{Table, presets};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use types::Timestamp;

/// A heading and a template such as `{login}@{target}` or `{holder.name}`.
pub(crate) type Column = (&'static str, &'static str);

#[derive(Debug, Clone, Copy)]
pub(crate) struct Output {
    pub(crate) json: bool,
}

impl Output {
    /// The answer as the server gave it, or as `people` wants it told.
    pub(crate) fn show(self, answer: &Answer, people: impl FnOnce(&Value) -> String) -> Result<(), Failed> {
        if self.json { self.line(answer.text.trim_end()) } else { self.line(&people(&answer.value()?)) }
    }

    /// A list as a table; says `nothing` when it is empty, and how to go on when there is more.
    pub(crate) fn list(self, answer: &Answer, columns: &[Column], nothing: &str) -> Result<(), Failed> {
        self.show(answer, |page| table(items(page), columns, nothing))?;
        if !self.json
            && let Some(next) = answer.value()?.get("next").and_then(Value::as_str)
        {
            self.note(&format!("there is more: go on with --after {}", plain(next)));
        }
        Ok(())
    }

    pub(crate) fn line(self, text: &str) -> Result<(), Failed> {
        write_out(format!("{text}\n").as_bytes())
    }

    /// Something to know that is not the answer: to stderr, so that the answer can be piped.
    pub(crate) fn note(self, text: &str) {
        // A note that nobody can read any more is no reason to fail.
        let _ = writeln!(std::io::stderr(), "{text}");
    }
}

/// Bytes to stdout as they are.
pub(crate) fn write_out(bytes: &[u8]) -> Result<(), Failed> {
    let mut out = std::io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        // The reader, such as `head`, has seen enough.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => std::process::exit(0),
        written => written.map_err(|error| Failed::file("write", "standard output".as_ref(), &error)),
    }
}

/// `error: …`, in red where a person sees it.
pub(crate) fn error_line(message: &str) -> String {
    let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let (on, off) = if colour { ("\u{1b}[1;31m", "\u{1b}[0m") } else { ("", "") };
    format!("{on}error:{off} {}", plain(message))
}

/// The members of a page `{"items": […]}`, or of a plain array.
pub(crate) fn items(page: &Value) -> &[Value] {
    let list = page.get("items").unwrap_or(page);
    list.as_array().map_or(&[], Vec::as_slice)
}

pub(crate) fn table(rows: &[Value], columns: &[Column], nothing: &str) -> String {
    if rows.is_empty() {
        return nothing.to_owned();
    }
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(columns.iter().map(|(heading, _)| *heading));
    for row in rows {
        table.add_row(columns.iter().map(|(_, template)| fill(template, row)));
    }
    table.column_iter_mut().for_each(|column| {
        column.set_padding((0, 2));
    });
    table.trim_fmt()
}

/// One `name  value` line for each field that has a value.
pub(crate) fn fields(value: &Value, columns: &[Column]) -> String {
    let shown = columns.iter().filter(|(_, template)| paths(template).any(|path| !find(path, value).is_null()));
    let shown: Vec<_> = shown.map(|(name, template)| (*name, fill(template, value))).collect();
    let width = shown.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    shown.iter().map(|(name, text)| format!("{name:width$}  {text}")).collect::<Vec<_>>().join("\n")
}

/// Replaces `{path.to.value}` by what stands there; what is missing or null becomes `-`.
pub(crate) fn fill(template: &str, value: &Value) -> String {
    let mut filled = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (path, after) = after.split_once('}').unwrap_or((after, ""));
        filled.push_str(before);
        filled.push_str(&cell(find(path, value)));
        rest = after;
    }
    filled + rest
}

fn paths(template: &str) -> impl Iterator<Item = &str> {
    template.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(path, _)| path)
}

fn find<'a>(path: &str, value: &'a Value) -> &'a Value {
    path.split('.').try_fold(value, |value, key| value.get(key)).unwrap_or(&Value::Null)
}

/// A JSON value in a few words. A person is shown by name, a time to the second.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => moment(text).unwrap_or_else(|| plain(text)),
        Value::Array(values) if values.is_empty() => "-".to_owned(),
        Value::Array(values) => {
            let between = if values.iter().any(Value::is_object) { "; " } else { ", " };
            values.iter().map(cell).collect::<Vec<_>>().join(between)
        }
        Value::Object(members) => match members.get("name") {
            Some(name) if members.get("kind").is_some_and(|kind| kind == "machine") => cell(name) + " (machine)",
            Some(name) => cell(name),
            None => by_key(members).map(|(key, value)| member(key, value)).collect::<Vec<_>>().join(", "),
        },
    }
}

/// Members in the order of their names.
pub(crate) fn by_key(members: &Map<String, Value>) -> impl Iterator<Item = (&String, &Value)> {
    members.iter().collect::<BTreeMap<_, _>>().into_iter()
}

/// Several values of one member stand in brackets, to be told from the next member.
fn member(key: &str, value: &Value) -> String {
    let shown = cell(value);
    let several = value.is_object() || value.as_array().is_some_and(|values| values.len() > 1);
    if several { format!("{}=[{shown}]", plain(key)) } else { format!("{}={shown}", plain(key)) }
}

fn moment(text: &str) -> Option<String> {
    let at = text.contains('T').then(|| text.parse::<Timestamp>().ok())??.to_string();
    let (date, time) = at.split_once('T')?;
    Some(format!("{date} {}Z", time.split_once('.')?.0))
}

/// Text with control characters, and the marks that reorder what is read, made visible.
pub(crate) fn plain(text: &str) -> String {
    let reorders = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() || reorders(c) { shown.extend(c.escape_default()) } else { shown.push(c) }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_table_has_a_heading_and_a_line_for_each_row() {
        let rows = [
            json!({"id": "ses_1", "holder": {"id": "idn_1", "name": "Alice Moreau"}, "login": "root", "target": "web-1",
                "ended_at": null}),
            json!({"id": "ses_22", "holder": {"id": "idn_2", "name": "Bob"}, "login": "deploy", "target": "web-1",
                "ended_at": "2026-11-21T09:30:00.123456Z"}),
        ];
        let columns =
            [("ID", "{id}"), ("HOLDER", "{holder.name}"), ("ACCESS", "{login}@{target}"), ("ENDED", "{ended_at}")];
        let expected = "\
ID      HOLDER        ACCESS        ENDED
ses_1   Alice Moreau  root@web-1    -
ses_22  Bob           deploy@web-1  2026-11-21 09:30:00Z";
        assert_eq!(table(&rows, &columns, "no sessions"), expected);
        assert_eq!(table(&[], &columns, "no sessions"), "no sessions");
    }

    #[test]
    fn a_reason_cannot_move_the_cursor_or_turn_the_text_around() {
        let row = json!({"reason": "fix\u{1b}[2J\u{9b}31m\r\n\u{202e}it"});
        assert_eq!(fill("{reason}", &row), "fix\\u{1b}[2J\\u{9b}31m\\r\\n\\u{202e}it");
    }

    #[test]
    fn values_are_told_in_a_few_words() {
        for (value, told) in [
            (json!(null), "-"),
            (json!([]), "-"),
            (json!(true), "yes"),
            (json!(["shell", "exec"]), "shell, exec"),
            (json!({"id": "idn_1", "name": "Bob"}), "Bob"),
            (json!({"department": "Finance", "title": null}), "department=Finance, title=-"),
            (
                json!([{"login": "root", "channels": ["shell", "exec"]}, {"login": "a"}]),
                "channels=[shell, exec], login=root; login=a",
            ),
            (json!("2026-11-21T09:30:00.000000Z"), "2026-11-21 09:30:00Z"),
            (json!("2026-11-21"), "2026-11-21"),
        ] {
            assert_eq!(cell(&value), told);
        }
    }

    #[test]
    fn fields_without_a_value_are_left_out() {
        let value = json!({"id": "grt_1", "ended": null, "live": 0, "name": "-"});
        let columns = [("grant", "{id}"), ("ended", "{ended.at} by {ended.by}"), ("use", "{live} live, {max} at most")];
        assert_eq!(fields(&value, &columns), "grant  grt_1\nuse    0 live, - at most");
    }
}
