//! What should not be there, as the JSON that stands for a field's value.

/// JSON, or nearly: what replaces a field's value in a body.
pub(crate) struct Hostile {
    pub(crate) json: Vec<u8>,
    /// The text, where it is one that a reader of JSON takes.
    pub(crate) text: Option<String>,
}

/// Larger than any field may be.
pub(crate) const LARGE: usize = (64 << 10) + 1;

const TEXTS: &[&str] = &[
    "",
    "   ",
    "it's",
    "a\"b",
    "a`b",
    "a\\b",
    "$(id)",
    "a;b--",
    "%s%n",
    "two\nlines",
    "a\rb",
    "a\tb",
    "nul\0",
    "a\u{1b}[2Jb",
    "a\u{7f}b",
    "abc\u{202e}txt",
    "e\u{301}\u{323}",
    "zero\u{200b}width",
    "\u{feff}bom",
    "-oProxyCommand=id",
    "--help",
    "..",
    "../../etc/passwd",
    "a/b",
    "%2e%2e%2f",
    "東京 😀",
    "null",
    "*",
    "cn=x,dc=y",
];

const OTHERS: &[&[u8]] = &[
    b"null",
    b"true",
    b"-1",
    b"0",
    b"1.5",
    b"1e400",
    b"NaN",
    b"Infinity",
    b"99999999999",
    b"18446744073709551616",
    b"[]",
    b"{}",
    b"[[\"a\"]]",
    b"{\"a\": {\"b\": 1}}",
    br#""\ud800""#,
    br#""\udc00x""#,
    b"\"\xff\xfe\"",
    b"\"\xed\xa0\x80\"",
    b"\"raw\nline\"",
    b"\"a\" \"b\"",
    b"",
];

pub(crate) fn all() -> Vec<Hostile> {
    let long = ["x".repeat(LARGE), "é\u{202e}".repeat(LARGE / 4), "9".repeat(1 << 20)];
    let texts = TEXTS.iter().map(|text| (*text).to_owned()).chain(long);
    let deep = [b"[".repeat(200), b"]".repeat(200)].concat();
    let others = OTHERS.iter().map(|json| json.to_vec()).chain([deep]);
    texts
        .map(|text| Hostile { json: serde_json::to_vec(&text).unwrap(), text: Some(text) })
        .chain(others.map(|json| Hostile { json, text: None }))
        .collect()
}
