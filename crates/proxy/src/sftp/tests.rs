//! The reader must see the same operations however a stream is cut, and survive any bytes.

use super::*;
use proptest::prelude::*;

fn packet(kind: u8, id: u32, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(5 + body.len()).unwrap();
    [&length.to_be_bytes()[..], &[kind], &id.to_be_bytes(), body].concat()
}

fn text(value: &[u8]) -> Vec<u8> {
    [&u32::try_from(value.len()).unwrap().to_be_bytes()[..], value].concat()
}

fn word(value: u32) -> Vec<u8> {
    value.to_be_bytes().to_vec()
}

fn requests() -> Vec<u8> {
    [
        packet(1, 3, &[]),
        packet(3, 1, &[text(b"/etc/motd"), word(0x1a), word(0)].concat()),
        packet(3, 2, &[text(b"/etc/shadow"), word(1), word(0)].concat()),
        packet(13, 3, &text(b"/tmp/\"old\n")),
        packet(200, 4, &[text(b"posix-rename@openssh.com"), text(b"a"), text(b"b")].concat()),
        packet(9, 5, &[text(b"/tmp/x"), word(4), word(0o104_755)].concat()),
    ]
    .concat()
}

fn replies() -> Vec<u8> {
    let status = |code| [word(code), text(b""), text(b"")].concat();
    [
        packet(2, 3, &[]),
        packet(102, 1, &text(b"h1")),
        packet(101, 2, &status(3)),
        packet(101, 3, &status(0)),
        packet(101, 4, &status(0)),
        packet(101, 5, &status(0)),
    ]
    .concat()
}

/// The answers to what uses the handle that the first answers gave.
fn later() -> (Vec<u8>, Vec<u8>) {
    let write = [text(b"h1"), vec![0; 8], text(&[7; 3000])].concat();
    let requests = [packet(WRITE, 8, &write), packet(5, 9, &[text(b"h1"), vec![0; 8], word(32768)].concat())].concat();
    let replies = [packet(101, 8, &word(0)), packet(DATA, 9, &text(&[1; 500]))].concat();
    (requests, replies)
}

fn chunks(bytes: &[u8], sizes: &[usize], mut each: impl FnMut(&[u8])) {
    let mut rest = bytes;
    for size in sizes.iter().cycle() {
        if rest.is_empty() {
            return;
        }
        let (chunk, after) = rest.split_at((*size).clamp(1, rest.len()));
        each(chunk);
        rest = after;
    }
}

fn operations(sizes: &[usize]) -> Vec<String> {
    let mut sftp = Sftp::default();
    let mut seen = Vec::new();
    let (more_requests, more_replies) = later();
    chunks(&requests(), sizes, |chunk| sftp.request(chunk).unwrap());
    chunks(&replies(), sizes, |chunk| sftp.reply(chunk, &mut |note| seen.push(note)).unwrap());
    chunks(&more_requests, sizes, |chunk| sftp.request(chunk).unwrap());
    chunks(&more_replies, sizes, |chunk| sftp.reply(chunk, &mut |note| seen.push(note)).unwrap());
    let close = packet(4, 10, &text(b"h1"));
    chunks(&close, sizes, |chunk| sftp.request(chunk).unwrap());
    sftp.finish(&mut |note| seen.push(note));
    seen
}

#[test]
fn file_operations_are_told_with_their_outcome_and_totals() {
    assert_eq!(
        operations(&[usize::MAX]),
        [
            "open \"/etc/motd\" (write, create, truncate)",
            "open \"/etc/shadow\" (read): failed, permission denied",
            "remove \"/tmp/\\\"old\\n\"",
            "rename \"a\" to \"b\"",
            "set attributes of \"/tmp/x\": mode 4755",
            "close \"/etc/motd\": 500 bytes read, 3000 bytes written",
        ]
    );
}

#[test]
fn what_cannot_be_read_is_refused() {
    let refused = |bytes: &[u8]| Sftp::default().request(bytes).is_err();
    assert!(refused(&[0; 5]), "no length");
    assert!(refused(&[0xff; 5]), "too long");
    assert!(refused(&packet(99, 1, &[])), "no such request");
    assert!(refused(&packet(13, 1, &word(900))), "a path longer than its packet");
    assert!(refused(&[packet(7, 1, &[]), packet(7, 1, &[])].concat()), "one number twice");
    assert!(with_a_file().request(&packet(WRITE, 2, &write(b"h", 9, 8))).is_err(), "a write that lies");
    assert!(with_a_file().request(&packet(WRITE, 2, &write(b"h", 9, 9))).is_ok(), "a write that does not");
    assert!(Sftp::default().reply(&packet(101, 1, &word(0)), &mut drop).is_err(), "an answer to nothing");
    assert!(Sftp::default().reply(&packet(2, 6, &[]), &mut drop).is_err(), "another version");
}

#[test]
fn a_file_left_open_is_told_at_the_end() {
    let mut sftp = Sftp::default();
    let mut seen = Vec::new();
    sftp.request(&packet(3, 1, &[text(b"f"), word(1), word(0)].concat())).unwrap();
    sftp.reply(&packet(102, 1, &text(b"h")), &mut drop).unwrap();
    sftp.finish(&mut |note| seen.push(note));
    assert_eq!(seen, ["close \"f\": 0 bytes read, 0 bytes written"]);
}

/// The file `f` is open for writing, with the handle `h`.
fn with_a_file() -> Sftp {
    let mut sftp = Sftp::default();
    sftp.request(&packet(3, 1, &[text(b"f"), word(2), word(0)].concat())).unwrap();
    sftp.reply(&packet(102, 1, &text(b"h")), &mut drop).unwrap();
    sftp
}

fn write(handle: &[u8], told: u32, sent: usize) -> Vec<u8> {
    [text(handle), vec![0; 8], word(told), vec![7; sent]].concat()
}

fn rest(sftp: Sftp) -> Vec<String> {
    let mut seen = Vec::new();
    sftp.finish(&mut |note| seen.push(note));
    seen
}

#[test]
fn what_was_sent_and_never_answered_is_told_at_the_end_in_its_order() {
    let mut sftp = with_a_file();
    for request in [
        packet(13, 9, &text(b"victim")),
        packet(3, 2, &[text(b"planted"), word(0x1a), word(0)].concat()),
        packet(14, 3, &text(b"d")),
        packet(WRITE, 4, &write(b"h", 100, 100)),
        packet(4, 5, &text(b"h")),
        packet(200, 6, &[text(b"new@example.com"), text(b"x")].concat()),
    ] {
        sftp.request(&request).unwrap();
    }
    assert_eq!(
        rest(sftp),
        [
            "remove \"victim\": sent, no answer seen",
            "open \"planted\" (write, create, truncate): sent, no answer seen",
            "make folder \"d\": sent, no answer seen",
            "extended request \"new@example.com\": sent, no answer seen",
            "close \"f\": 0 bytes read, 0 bytes written, 100 bytes sent to be written, no answer seen",
        ]
    );
}

#[test]
fn a_write_that_is_answered_after_the_close_was_sent_counts() {
    let mut sftp = with_a_file();
    sftp.request(&[packet(WRITE, 2, &write(b"h", 10, 10)), packet(4, 3, &text(b"h"))].concat()).unwrap();
    let mut seen = Vec::new();
    sftp.reply(&[packet(101, 2, &word(0)), packet(101, 3, &word(0))].concat(), &mut |note| seen.push(note)).unwrap();
    assert_eq!(seen, ["close \"f\": 0 bytes read, 10 bytes written"]);
    assert_eq!(rest(sftp), Vec::<String>::new());
}

#[test]
fn a_handle_that_was_never_given_is_refused_and_one_that_is_being_closed_is_told() {
    let never = BadSftp("a handle that was never given");
    let guess = text(b"g");
    let attributes = [guess.clone(), word(0)].concat();
    let copy = [text(b"copy-data"), guess.clone(), vec![0; 16], text(b"h"), vec![0; 8]].concat();
    let read = [guess.clone(), vec![0; 8], word(1)].concat();
    for (kind, body) in [
        (4, &guess),
        (5, &read),
        (WRITE, &write(b"g", 1, 1)),
        (8, &guess),
        (10, &attributes),
        (12, &guess),
        (200, &copy),
    ] {
        assert_eq!(with_a_file().request(&packet(kind, 2, body)), Err(never), "{kind}");
    }
    let mut sftp = with_a_file();
    sftp.request(&[packet(4, 2, &text(b"h")), packet(WRITE, 3, &write(b"h", 5, 5))].concat()).unwrap();
    sftp.reply(&packet(101, 2, &word(0)), &mut drop).unwrap();
    assert_eq!(sftp.request(&packet(WRITE, 4, &write(b"h", 5, 5))), Err(never));
    assert_eq!(rest(sftp), ["write 5 bytes to \"f\" after its close: sent, no answer seen"]);
}

#[test]
fn too_many_long_lines_without_an_answer_are_refused() {
    let mut sftp = Sftp::default();
    let remove = |id| packet(13, id, &text(&[b'x'; 4096]));
    let refused = (0..10_000).find(|id| sftp.request(&remove(*id)).is_err());
    assert!(refused.is_some_and(|id| id > 3000), "{refused:?}");
}

#[test]
fn bytes_that_are_not_utf_8_are_told_one_by_one() {
    let mut sftp = Sftp::default();
    sftp.request(&[packet(13, 1, &text(b"a\xff\xfe\"")), packet(13, 2, &text("\\xff é".as_bytes()))].concat()).unwrap();
    let told = rest(sftp);
    assert_eq!(told[0], r#"remove "a\xff\xfe\"": sent, no answer seen"#);
    assert_eq!(told[1], r#"remove "\\xff é": sent, no answer seen"#);
}

proptest! {
    #[test]
    fn any_cut_of_a_stream_tells_the_same_operations(sizes in proptest::collection::vec(1usize..400, 1..40)) {
        prop_assert_eq!(operations(&sizes), operations(&[usize::MAX]));
    }

    #[test]
    fn no_bytes_make_it_panic(
        requests in proptest::collection::vec(any::<u8>(), 0..600),
        replies in proptest::collection::vec(any::<u8>(), 0..600),
    ) {
        let mut sftp = Sftp::default();
        let _ = sftp.request(&requests);
        let _ = sftp.reply(&replies, &mut drop);
    }

    #[test]
    fn no_fields_make_it_panic(kind in any::<u8>(), id in 0u32..4, body in proptest::collection::vec(0u8..6, 0..80)) {
        let mut sftp = Sftp::default();
        let _ = sftp.request(&packet(3, 1, &[text(b"f"), word(1), word(0)].concat()));
        let _ = sftp.reply(&packet(102, 1, &text(b"h")), &mut drop);
        let _ = sftp.request(&packet(kind, id, &body));
        let _ = sftp.reply(&packet(kind, id, &body), &mut drop);
    }
}
