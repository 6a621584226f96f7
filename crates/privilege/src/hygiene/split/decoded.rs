//! What stands encoded in a line: base64 that is a text, percent-encoding, and the escapes of JSON. Pure.

use super::spans::{is_base64, is_escaped, ranges};
use super::{LONGEST, SHORTEST};
use data_encoding::{BASE64_NOPAD, BASE64URL_NOPAD, Encoding};

/// Shorter ones hold no value.
const SHORTEST_BASE64: usize = (SHORTEST * 4).div_ceil(3);

pub(super) fn of(line: &[u8]) -> Vec<Vec<u8>> {
    let mut texts = Vec::new();
    for (start, end) in ranges(line, is_base64) {
        texts.extend(base64(&line[start..end]));
    }
    if line.contains(&b'%') {
        for (start, end) in ranges(line, |byte| !ends_encoded(byte)) {
            texts.extend(percent(&line[start..end]));
        }
    }
    if line.contains(&b'\\') {
        texts.extend(strings(line));
    }
    texts
}

/// Only what is text: other bytes are no value of the vault.
fn base64(run: &[u8]) -> Option<Vec<u8>> {
    if !(SHORTEST_BASE64..=LONGEST * 4 / 3).contains(&run.len()) {
        return None;
    }
    let url = run.iter().any(|byte| matches!(byte, b'-' | b'_'));
    let encoding: &Encoding = if url { &BASE64URL_NOPAD } else { &BASE64_NOPAD };
    let text = encoding.decode(run).ok()?;
    is_text(&text).then_some(text)
}

fn is_text(bytes: &[u8]) -> bool {
    let shown = |c: char| !c.is_control() || matches!(c, '\n' | '\r' | '\t');
    std::str::from_utf8(bytes).is_ok_and(|text| text.chars().all(shown))
}

fn ends_encoded(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'&' | b'=' | b'?' | b':' | b'@' | b'/' | b';' | b',')
}

/// RFC 3986, section 2.1. A `%` that begins nothing stays as it is.
fn percent(piece: &[u8]) -> Option<Vec<u8>> {
    let mut decoded = Vec::with_capacity(piece.len());
    let mut at = 0;
    while at < piece.len() {
        let byte = if piece[at] == b'%' { piece.get(at + 1..at + 3).and_then(hex) } else { None };
        at += if byte.is_some() { 3 } else { 1 };
        decoded.push(byte.unwrap_or(piece[at - 1]));
    }
    (decoded.len() < piece.len()).then_some(decoded)
}

fn hex(digits: &[u8]) -> Option<u8> {
    u8::try_from(number(digits)?).ok()
}

fn number(digits: &[u8]) -> Option<u32> {
    let text = std::str::from_utf8(digits).ok()?;
    if text.bytes().all(|byte| byte.is_ascii_hexdigit()) { u32::from_str_radix(text, 16).ok() } else { None }
}

/// Strings between double quotes that hold an escape (RFC 8259, section 7).
fn strings(line: &[u8]) -> Vec<Vec<u8>> {
    let quotes: Vec<usize> = (0..line.len()).filter(|at| line[*at] == b'"' && !is_escaped(line, *at)).collect();
    let pairs = quotes.windows(2).map(|pair| &line[pair[0] + 1..pair[1]]);
    pairs.filter(|inner| inner.contains(&b'\\') && inner.len() <= 2 * LONGEST).map(unescaped).collect()
}

/// An escape that JSON does not know stays as it is.
fn unescaped(text: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let (byte, next) = (text[at], text.get(at + 1).copied());
        let known = match (byte, next) {
            (b'\\', Some(b'n')) => b'\n',
            (b'\\', Some(b't')) => b'\t',
            (b'\\', Some(b'r')) => b'\r',
            (b'\\', Some(b'b')) => 8,
            (b'\\', Some(b'f')) => 12,
            (b'\\', Some(quoted @ (b'"' | b'\'' | b'\\' | b'/'))) => quoted,
            (b'\\', Some(b'u')) => {
                at += character(&text[at..], &mut plain);
                continue;
            }
            _ => {
                plain.push(byte);
                at += 1;
                continue;
            }
        };
        plain.push(known);
        at += 2;
    }
    plain
}

/// `\uXXXX`, or two of them for one character; returns how many bytes it took.
fn character(text: &[u8], plain: &mut Vec<u8>) -> usize {
    let unit =
        |at: usize| text.get(at..at + 6).filter(|escape| escape.starts_with(b"\\u")).and_then(|e| number(&e[2..]));
    let Some(first) = unit(0) else {
        plain.push(text[0]);
        return 1;
    };
    let mut buffer = [0; 4];
    if let Some(alone) = char::from_u32(first) {
        plain.extend_from_slice(alone.encode_utf8(&mut buffer).as_bytes());
        return 6;
    }
    let second = unit(6).filter(|second| (0xdc00..0xe000).contains(second) && first < 0xdc00);
    let pair = second.and_then(|second| char::from_u32(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)));
    plain.extend_from_slice(pair.unwrap_or(char::REPLACEMENT_CHARACTER).encode_utf8(&mut buffer).as_bytes());
    if pair.is_some() { 12 } else { 6 }
}
