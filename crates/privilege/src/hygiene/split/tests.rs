//! What the splitter finds, and that nothing stops it.

use super::{LONGEST, SHORTEST, Sink, Splitter, forms};
use data_encoding::{BASE64, BASE64URL_NOPAD};
use proptest::prelude::*;
use std::collections::BTreeSet;

struct Wanted<'a> {
    forms: Vec<Vec<u8>>,
    at: Vec<u32>,
    text: &'a [u8],
}

impl Sink for Wanted<'_> {
    fn candidate(&mut self, text: &[u8], line: u32) {
        assert!((SHORTEST..=LONGEST).contains(&text.len()));
        if self.forms.iter().any(|form| form == text) {
            self.at.push(line);
        }
    }

    fn line_is_done(&mut self, line: &[u8]) {
        assert!(line.len() <= self.text.len());
    }
}

/// The lines in which a value is found.
fn lines(text: &[u8], value: &str) -> BTreeSet<u32> {
    let forms = forms(value.as_bytes()).into_iter().map(|form| form.expose().clone()).collect();
    let mut wanted = Wanted { forms, at: Vec::new(), text };
    Splitter::default().split(text, &mut wanted);
    wanted.at.into_iter().collect()
}

fn finds(text: &str, value: &str) -> bool {
    !lines(text.as_bytes(), value).is_empty()
}

const VALUE: &str = "k9-Lp.Xq_2+vB7wZ";

#[test]
fn a_value_is_found_in_what_people_write_it_into() {
    for text in [
        "k9-Lp.Xq_2+vB7wZ",
        "password = k9-Lp.Xq_2+vB7wZ",
        "PGPASSWORD=k9-Lp.Xq_2+vB7wZ psql -h db-1",
        "export DB='k9-Lp.Xq_2+vB7wZ';",
        "  password: \"k9-Lp.Xq_2+vB7wZ\",",
        "{\"user\":\"app\",\"password\":\"k9-Lp.Xq_2+vB7wZ\"}",
        "connect(host, 'app', `k9-Lp.Xq_2+vB7wZ`)",
        "the password is k9-Lp.Xq_2+vB7wZ.",
        "postgres://app:k9-Lp.Xq_2+vB7wZ@db-1:5432/shop",
        "postgres://app:k9-Lp.Xq_2%2BvB7wZ@db-1/shop",
        "https://db-1/?user=app&password=k9-Lp.Xq_2%2BvB7wZ&x=1",
        "Server=db-1;Uid=app;Pwd=k9-Lp.Xq_2+vB7wZ;",
        "Authorization: Basic YXBwOms5LUxwLlhxXzIrdkI3d1o=",
        "data: {password: azktTHAuWHFfMit2Qjd3Wg==}",
        "db-1:5432:shop:app:k9-Lp.Xq_2+vB7wZ",
        "<password>k9-Lp.Xq_2+vB7wZ</password>",
        "+password = k9-Lp.Xq_2+vB7wZ\r",
    ] {
        assert!(finds(text, VALUE), "{text}");
        assert!(!finds(text, "k9-Lp.Xq_2+vB7wX"), "{text}");
    }
}

#[test]
fn a_value_of_more_than_four_pieces_is_found_where_it_is_quoted_or_the_rest_of_a_line() {
    let value = "a=b:c,d;e@f/g&h|i(j)k";
    for text in [
        format!("password = {value}"),
        format!("x('{value}', 1)"),
        format!("p: {value}"),
        value.to_owned(),
        format!("say {value} loud"),
    ] {
        assert!(finds(&text, value), "{text}");
    }
    assert!(!finds(&format!("say{value}loud"), value));
}

#[test]
fn escaped_texts_are_found_as_what_they_mean() {
    for (text, value) in [
        (r#"{"password":"quote\" and \\ slash"}"#, "quote\" and \\ slash"),
        (r#"{"password":"gr\u00fc\u00dfe \ud83d\udd11 key"}"#, "grüße 🔑 key"),
        (r#"{"env":"A=1\nPASSWORD=k9-Lp.Xq_2+vB7wZ\n"}"#, VALUE),
    ] {
        assert!(finds(text, value), "{text}");
    }
    for text in [r#""\"#, r#""\u12""#, r#""\ud800\u0041xxxxxxxx""#, r#""\ud800""#, "%", "%4", "%zz%+1%", "-----BEGIN "]
    {
        lines(text.as_bytes(), VALUE);
    }
}

#[test]
fn a_pem_block_is_found_however_it_is_indented_ended_or_escaped() {
    let key = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIDq0\nabcdefgh\n-----END PRIVATE KEY-----\n";
    let indented = format!("tls:\n  key: |\n{}", key.lines().map(|l| format!("    {l}\r\n")).collect::<String>());
    assert_eq!(lines(indented.as_bytes(), key), [3].into());
    let json = serde_json::json!({"type": "service_account", "private_key": key}).to_string();
    assert_eq!(lines(format!("\n{json}\n").as_bytes(), key), [2].into());
    let secret = format!("first line\n{key}");
    assert!(finds(&indented, &secret), "by the block in it");
    assert!(!finds(&indented, &key.replace("abcd", "abce")));
}

#[test]
fn too_short_and_too_long_values_have_no_form() {
    let long = "x".repeat(LONGEST);
    for (value, found) in [("1234567", 0), ("12345678", 1), (" 1234567 ", 0), (&long, 1), (&(long.clone() + "x"), 0)] {
        assert_eq!(forms(value.as_bytes()).len(), found);
    }
    assert!(finds(&format!("a {long} b"), &long));
}

/// Without white space and delimiters.
const SIMPLE: &str = "[A-Za-z0-9._+-]{8,64}";
/// What people type on a keyboard, without white space at the ends.
const TYPED: &str = "[!-~][ -~]{6,40}[!-~]";

fn noise() -> impl Strategy<Value = String> {
    "([ -~]{0,60}\n){0,5}"
}

proptest! {
    #[test]
    fn a_simple_value_is_found_between_any_delimiters(
        value in SIMPLE, before in noise(), after in noise(),
        left in "[ ='\"`:,;@/(\\[{<&|]", right in "[ '\"`:,;@/)\\]}>&|]",
    ) {
        prop_assume!(!value.starts_with('.') && !value.ends_with('.'));
        let text = format!("{before}some{left}{value}{right}thing\n{after}");
        prop_assert!(lines(text.as_bytes(), &value).contains(&(1 + before.lines().count() as u32)), "{text}");
    }

    #[test]
    fn any_typed_value_is_found_where_it_is_assigned_quoted_or_encoded(
        value in TYPED, before in noise(), after in noise(), form in 0..7u8,
    ) {
        let line = match form {
            0 => format!("PASSWORD={value}"),
            1 => format!("password: {value}"),
            2 => serde_json::json!({"user": "app", "password": value}).to_string(),
            3 => format!("auth: {}", BASE64.encode(value.as_bytes())),
            4 => format!("Basic {}", BASE64.encode(format!("app:{value}").as_bytes())),
            5 => format!("token={};", BASE64URL_NOPAD.encode(value.as_bytes())),
            _ => {
                let encoded: String = value.bytes().map(|b| format!("%{b:02X}")).collect();
                format!("postgres://app:{encoded}@db-1/shop")
            }
        };
        let text = format!("{before}{line}\n{after}");
        prop_assert!(lines(text.as_bytes(), &value).contains(&(1 + before.lines().count() as u32)), "{text}");
    }

    #[test]
    fn no_bytes_stop_it(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        lines(&bytes, VALUE);
    }

    #[test]
    fn no_broken_encoding_stops_it(text in "([\\\\\"u%=:@/' ]|://|-----BEGIN |-----END |\\\\ud8|\n|[0-9a-fA-F]{1,8}){0,200}") {
        lines(text.as_bytes(), VALUE);
    }
}

/// Prints how much is read in a second.
#[test]
fn a_megabyte_is_split_within_seconds() {
    struct Count(u64);
    impl Sink for Count {
        fn candidate(&mut self, _: &[u8], _: u32) {
            self.0 += 1;
        }
    }
    let line = "    let url = format!(\"postgres://{user}:{}@db-1/shop\", encode(&password)); // see docs/url.md\n";
    let text = line.repeat((1 << 20) / line.len());
    let nasty = ["://", "\\\"", "(", "=", "%41", "A", "\"", "a@"].map(|piece| piece.repeat((1 << 20) / piece.len()));
    let run = |text: &str| {
        let (mut count, begun) = (Count(0), std::time::Instant::now());
        Splitter::default().split(text.as_bytes(), &mut count);
        (begun.elapsed(), count.0)
    };
    let (took, candidates) = run(&text);
    println!("{:.1} MB/s, {candidates} candidates in a MiB", 1.0 / took.as_secs_f64());
    for text in nasty.iter().chain([&text]) {
        assert!(run(text).0.as_secs() < 20, "{}", &text[..10]);
    }
}
