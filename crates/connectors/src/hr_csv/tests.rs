//! The feed's refusals beside what it takes; the round trip is judged by the `csv` crate's writer.

use super::*;
use proptest::prelude::*;
use types::Failure;

const HEADER: &str =
    "employee_id,given_name,family_name,email,department,job_title,manager_id,status,start_date,end_date\n";
const ALICE: &str = "E1,Alice,Ng,alice@example.com,Platform,Engineer,E2,active,2024-01-15,\n";
const BOB: &str =
    "E2,Bob,\"Stone, Jr\",bob@example.com,Platform,\"Head \"\"of\"\" Platform\",,leave,2020-02-29,2026-12-31\n";

fn refusal(feed: impl AsRef<[u8]>) -> (String, &'static str) {
    let error = read(feed.as_ref()).expect_err("a refusal");
    (error.to_string(), error.code())
}

#[test]
fn a_feed_is_read_in_any_column_order_with_bom_and_crlf() {
    let feed = read(format!("{HEADER}{ALICE}{BOB}").as_bytes()).unwrap();
    assert_eq!(feed.records.len(), 2);
    assert!(!feed.trailer);
    let bob = &feed.records[1];
    assert_eq!((bob.family_name.as_str(), bob.job_title.as_str()), ("Stone, Jr", "Head \"of\" Platform"));
    assert_eq!((bob.manager_id.as_deref(), bob.status), (None, EmploymentStatus::Leave));
    assert_eq!(bob.end_date.as_ref().unwrap().start_utc().to_string(), "2026-12-31T00:00:00.000000Z");

    let turned = "\u{feff}email,employee_id,family_name,given_name,department,job_title,manager_id,status,end_date,start_date\r\n\
                  alice@example.com,E1,Ng,Alice,Platform,Engineer,E2,active,,2024-01-15\r\n#end,1\r\n";
    let turned = read(turned.as_bytes()).unwrap();
    assert_eq!(turned.records, feed.records[..1]);
    assert!(turned.trailer);
    assert_ne!(turned.sha256, feed.sha256);
}

#[test]
fn a_faulty_feed_is_refused_with_its_reason_and_its_line() {
    let rows: [(String, &str, &str); 23] = [
        (String::new(), "feed_empty", "no record"),
        (HEADER.into(), "feed_empty", "no record"),
        (format!("{HEADER}#end,0\n"), "feed_empty", "no record"),
        (format!("{HEADER}{ALICE}{}", BOB.trim_end()), "feed_truncated", "line 3 has no line end"),
        (format!("{HEADER}{ALICE}#end,2\n"), "feed_truncated", "states 2 records but 1"),
        (format!("{HEADER}{ALICE}{BOB}#end,1\n"), "feed_truncated", "states 1 records but 2"),
        (format!("{HEADER}{ALICE}#end,1"), "feed_truncated", "line 3"),
        (format!("{HEADER}{ALICE}#end\n"), "feed_bad_trailer", "line 3"),
        (format!("{HEADER}{ALICE}#end,1\n{BOB}"), "feed_bad_trailer", "line 4 follows"),
        (
            HEADER.replace("job_title", "salary"),
            "feed_unknown_column",
            "`salary` is unknown; the columns are employee_id",
        ),
        (HEADER.replace(",job_title", ""), "feed_missing_column", "`job_title` is missing"),
        (HEADER.replace("job_title", "email"), "feed_repeated_column", "`email` is twice"),
        (format!("{HEADER}{ALICE}E9,too,few\n"), "feed_wrong_field_count", "line 3 has 3 fields instead of 10"),
        (format!("{HEADER}{ALICE}\n{BOB}"), "feed_wrong_field_count", "line 3 has 1 fields"),
        (format!("{HEADER}{ALICE}{ALICE}"), "feed_duplicate", "employee_id `E1` is on line 2 and again on line 3"),
        (
            format!("{HEADER}{ALICE}{}", BOB.replace("bob@", "ALICE@")),
            "feed_duplicate",
            "email `ALICE@example.com` is on line 2 and again on line 3",
        ),
        (format!("{HEADER}{}", ALICE.replace("active", "retired")), "feed_bad_value", "line 2: status `retired`"),
        (format!("{HEADER}{}", ALICE.replace("2024-01-15", "2023-02-29")), "feed_bad_value", "start_date `2023-02-29`"),
        (format!("{HEADER}{}", BOB.replace("2026-12-31", "2019-01-01")), "feed_bad_value", "not before start_date"),
        (format!("{HEADER}{}", ALICE.replace("alice@example.com", "alice")), "feed_bad_value", "email `alice`"),
        (format!("{HEADER}{}", ALICE.replace("Alice", "\"Alice")), "feed_bad_quote", "line 2"),
        (format!("{HEADER}{}", ALICE.replace("Alice", "Al\u{1b}[2Jice")), "feed_control_character", "line 2, field 2"),
        (format!("{HEADER}{}", ALICE.replace("Alice", "Al\0ice")), "feed_control_character", "line 2, field 2"),
    ];
    for (feed, code, part) in rows {
        let (message, found) = refusal(&feed);
        assert_eq!(found, code, "{feed}");
        assert!(message.contains(part), "{message} should contain {part}");
    }
}

#[test]
fn bytes_that_are_not_utf_8_are_refused_with_their_line() {
    let mut feed = format!("{HEADER}{ALICE}").into_bytes();
    feed.extend_from_slice(b"E2,Ren\xe9,X,r@example.com,D,J,,active,2024-01-01,\n");
    assert_eq!(refusal(&feed), ("line 3 is not valid utf-8: export the feed as utf-8".into(), "feed_invalid_utf8"));
}

/// Says how much was asked of it.
struct Endless {
    head: std::io::Cursor<Vec<u8>>,
    line: bool,
    given: u64,
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let from_head = self.head.read(buffer)?;
        if from_head > 0 {
            return Ok(from_head);
        }
        buffer.fill(b'x');
        if self.line {
            buffer[0] = b'\n';
        }
        self.given += buffer.len() as u64;
        assert!(self.given <= MAX_FEED_BYTES + (1 << 20), "read on without end");
        Ok(buffer.len())
    }
}

#[test]
fn a_line_without_end_is_refused_after_its_first_64_kibibytes() {
    let mut endless = Endless { head: std::io::Cursor::new(HEADER.into()), line: false, given: 0 };
    assert_eq!(read(&mut endless).unwrap_err(), FeedError::LineTooLong { line: 2 });
    assert!(endless.given <= 2 * MAX_LINE_BYTES as u64, "{}", endless.given);
}

#[test]
fn a_feed_without_end_is_refused_at_its_bound() {
    let mut endless = Endless { head: std::io::Cursor::new(Vec::new()), line: true, given: 0 };
    let mut lines = Lines::new(&mut endless);
    let error = loop {
        if let Err(error) = lines.next() {
            break error;
        }
    };
    assert_eq!(error, FeedError::TooLarge);
}

#[test]
fn a_source_that_breaks_is_unavailable_and_not_a_short_feed() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("connection reset"))
        }
    }
    let error = read(format!("{HEADER}{ALICE}").as_bytes().chain(Broken)).unwrap_err();
    assert_eq!((error.code(), error.kind()), ("feed_unreadable", types::Kind::Unavailable));
}

fn text() -> impl Strategy<Value = String> {
    "[a-zA-Zéłß,\"' -]{0,12}".prop_map(|text| text.trim().to_owned())
}

prop_compose! {
    fn record()(given in text(), family in "[A-Zéł]{1,8}", department in text(), title in text(), manager in "([A-Z][0-9]{1,3})?",
                status in 0..3_usize, start in 1..=28_u8, end in proptest::option::of(1..=12_u8)) -> HrRecord {
        HrRecord {
            employee_id: String::new(),
            given_name: given,
            family_name: family,
            email: String::new(),
            department,
            job_title: title,
            manager_id: (!manager.is_empty()).then_some(manager),
            status: [EmploymentStatus::Active, EmploymentStatus::Leave, EmploymentStatus::Terminated][status],
            start_date: format!("2024-02-{start:02}").parse().unwrap(),
            end_date: end.map(|month| format!("2025-{month:02}-01").parse().unwrap()),
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_give_a_feed_or_a_refusal(bytes in proptest::collection::vec(any::<u8>(), 0..300), with_header: bool) {
        let mut feed = if with_header { HEADER.as_bytes().to_vec() } else { Vec::new() };
        feed.extend_from_slice(&bytes);
        let _ = read(feed.as_slice());
    }

    #[test]
    fn what_a_csv_writer_wrote_is_read_back(mut records in proptest::collection::vec(record(), 1..20)) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        for (n, record) in records.iter_mut().enumerate() {
            record.employee_id = format!("E{n}");
            record.email = format!("p{n}@example.com");
            writer.serialize(&*record).unwrap();
        }
        let bytes = writer.into_inner().unwrap();
        prop_assert_eq!(&read(bytes.as_slice()).unwrap().records, &records);
        for cut in [bytes.len() - 1, bytes.len() / 2] {
            if bytes[cut - 1] != b'\n' {
                prop_assert!(read(&bytes[..cut]).is_err());
            }
        }
    }
}
