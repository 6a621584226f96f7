//! Reads `authorized_keys` files and what `sshd -T` says about where they are. Pure.

use super::FoundKey;
use data_encoding::{BASE64, BASE64_NOPAD};
use russh::keys::PublicKey;
use sha2::{Digest, Sha256};

/// Key types that sshd accepts in `authorized_keys` (sshd(8), AUTHORIZED_KEYS FILE FORMAT).
const KEY_TYPES: [&str; 8] = [
    "ssh-ed25519",
    "ssh-rsa",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "sk-ssh-ed25519@openssh.com",
    "sk-ecdsa-sha2-nistp256@openssh.com",
    DSA,
];
const DSA: &str = "ssh-dss";

#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct KeyFile {
    pub(super) keys: Vec<FoundKey>,
    /// Numbers of lines that are neither a key nor a comment, which sshd skips.
    pub(super) unreadable: Vec<u32>,
}

pub(super) fn key_file(path: &str, text: &str) -> KeyFile {
    let mut file = KeyFile::default();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim_matches([' ', '\t', '\r']);
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        match key_line(path, number, line) {
            Some(key) => file.keys.push(key),
            None => file.unreadable.push(number),
        }
    }
    file
}

/// As sshd does: first as a key alone, then as options and a key.
fn key_line(file: &str, line: u32, text: &str) -> Option<FoundKey> {
    let (options, rest) = if is_key_type(first_word(text).0) { (Vec::new(), text) } else { take_options(text)? };
    let (key_type, rest) = first_word(rest);
    let (encoded, comment) = first_word(rest);
    Some(FoundKey {
        file: file.to_owned(),
        line,
        options,
        key_type: key_type.to_owned(),
        fingerprint: fingerprint(key_type, encoded)?,
        comment: comment.chars().filter(|c| !c.is_control()).collect(),
    })
}

fn is_key_type(word: &str) -> bool {
    KEY_TYPES.contains(&word)
}

fn first_word(text: &str) -> (&str, &str) {
    let (word, rest) = text.split_once([' ', '\t']).unwrap_or((text, ""));
    (word, rest.trim_matches([' ', '\t']))
}

/// Splits at the commas and ends at the blank that stand outside double quotes, in which `\"` is a quote.
fn take_options(text: &str) -> Option<(Vec<String>, &str)> {
    let mut options = vec![String::new()];
    let mut quoted = false;
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        match letter {
            ' ' | '\t' if !quoted => return Some((options, text[at..].trim_start_matches([' ', '\t']))),
            ',' if !quoted => {
                options.push(String::new());
                continue;
            }
            '"' => quoted = !quoted,
            _ => {}
        }
        let option = options.last_mut()?;
        option.push(letter);
        if letter == '\\' && letters.peek().is_some_and(|(_, next)| *next == '"') {
            option.push('"');
            letters.next();
        }
    }
    None
}

/// The text with every `old` key outside of quotes and comment lines exchanged for `new`, and nothing else changed.
pub(super) fn with_key_replaced(text: &str, old: &PublicKey, new: &PublicKey) -> String {
    let (old, new) = (parts(old), parts(new));
    text.split_inclusive('\n').map(|line| line_with_key_replaced(line, &old, &new)).collect()
}

fn line_with_key_replaced(line: &str, old: &(String, String), new: &(String, String)) -> String {
    let key = (!line.trim_start().starts_with('#')).then(|| key_in(line)).flatten();
    match key {
        Some((at, end)) if is_key(&line[at..end], old) => {
            let comment = &line[end..];
            format!("{}{} {}{comment}", &line[..at], new.0, new.1)
        }
        _ => line.to_owned(),
    }
}

/// The text without the lines whose key has this fingerprint.
pub(super) fn without_key(text: &str, fingerprint: &str) -> String {
    let is_other = |line: &&str| {
        let key = key_line("", 0, line.trim_matches([' ', '\t', '\r', '\n']));
        key.is_none_or(|key| key.fingerprint != fingerprint)
    };
    text.split_inclusive('\n').filter(is_other).collect()
}

/// From where to where a line's type and key stand, options before and comment after them left out.
fn key_in(line: &str) -> Option<(usize, usize)> {
    let line_end = line.trim_end_matches(['\n', '\r']);
    let trimmed = line_end.trim_start_matches([' ', '\t']);
    let rest = if is_key_type(first_word(trimmed).0) { trimmed } else { take_options(trimmed)?.1 };
    let at = line_end.len() - rest.len();
    let blanks = |c: char| c == ' ' || c == '\t';
    let after_type = rest.find(blanks)?;
    let encoded = after_type + rest[after_type..].find(|c| !blanks(c))?;
    let end = rest[encoded..].find(blanks).map_or(rest.len(), |length| encoded + length);
    Some((at, at + end))
}

/// The type and the padded base64 of a key.
fn parts(key: &PublicKey) -> (String, String) {
    let line = key.to_openssh().unwrap_or_default();
    let (key_type, rest) = first_word(&line);
    (key_type.to_owned(), first_word(rest).0.to_owned())
}

fn is_key(text: &str, (key_type, encoded): &(String, String)) -> bool {
    let (shown_type, shown) = first_word(text);
    !encoded.is_empty() && shown_type == key_type && shown.trim_end_matches('=') == encoded.trim_end_matches('=')
}

/// `None` unless the bytes are a key of the stated type.
fn fingerprint(key_type: &str, encoded: &str) -> Option<String> {
    let blob = BASE64.decode(encoded.as_bytes()).or_else(|_| BASE64_NOPAD.decode(encoded.as_bytes())).ok()?;
    if key_type == DSA {
        let name = [&7_u32.to_be_bytes()[..], DSA.as_bytes()].concat();
        blob.starts_with(&name).then_some(())?;
    } else {
        let key = PublicKey::from_openssh(&format!("{key_type} {}", BASE64.encode(&blob))).ok()?;
        (is_key_type(key_type) && key.algorithm().as_str() == key_type).then_some(())?;
    }
    Some(format!("SHA256:{}", BASE64_NOPAD.encode(&Sha256::digest(&blob))))
}

/// What `sshd -T` says about where keys of a user come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct KeySources {
    /// Patterns with the tokens of sshd_config(5).
    pub(super) files: Vec<String>,
    /// A program that prints keys, whose answer is not asked for.
    pub(super) command: Option<String>,
}

impl Default for KeySources {
    /// What sshd does unless told otherwise.
    fn default() -> Self {
        Self { files: vec![".ssh/authorized_keys".into(), ".ssh/authorized_keys2".into()], command: None }
    }
}

/// `None` when the text names no such setting.
pub(super) fn key_sources(text: &str) -> Option<KeySources> {
    let setting = |name: &str| {
        let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '))?;
        Some(value.trim()).filter(|value| !value.is_empty())
    };
    let files = setting("authorizedkeysfile")?.split_whitespace().filter(|path| *path != "none");
    let command = setting("authorizedkeyscommand").filter(|command| *command != "none");
    Some(KeySources { files: files.map(str::to_owned).collect(), command: command.map(str::to_owned) })
}

/// Whether what `sshd -T` says is the same whoever connects, from what it says about its configuration with `-ddd`: it reads
/// no `Match` block.
pub(super) fn is_same_for_all(debug: &str) -> bool {
    let is_told = debug.contains("load_server_config");
    is_told
        && !["checking syntax for 'Match", "checking match for"].iter().any(|match_block| debug.contains(match_block))
}

/// Fills in `%%`, `%h`, `%u` and `%U`; a relative path begins at the home directory.
pub(super) fn key_path(pattern: &str, login: &str, uid: u32, home: &str) -> String {
    let mut path = String::new();
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        match (letter, letter == '%') {
            (_, true) => match letters.next() {
                Some('h') => path.push_str(home),
                Some('u') => path.push_str(login),
                Some('U') => path.push_str(&uid.to_string()),
                Some(other) => path.push(other),
                None => path.push('%'),
            },
            (letter, false) => path.push(letter),
        }
    }
    if path.starts_with('/') { path } else { format!("{}/{path}", home.trim_end_matches('/')) }
}

#[cfg(test)]
mod tests;
