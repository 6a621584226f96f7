//! The recorder and its file, without a database.

use super::file::{self, path, read, recover};
use super::frames::FileHeader;
use super::lines::Lines;
use super::writer::{Tape, Writer};
use super::*;
use bytes::Bytes;
use std::collections::BTreeMap;
use std::time::Duration;
use types::{Chance, Channel, Clock};

struct Studio {
    folder: tempfile::TempDir,
    clock: Clock,
    session: SessionId,
    live: Live,
    key: OwnKey,
}

const TERMINAL: Option<PtySize> = Some(PtySize { columns: 120, rows: 40 });

fn header(channel: Channel, terminal: Option<PtySize>) -> Header {
    Header { title: "root@web-1".into(), channel, command: None, terminal, environment: BTreeMap::new() }
}

impl Studio {
    fn new() -> Self {
        let clock = Clock::still("2026-11-21T09:30:00Z".parse().unwrap());
        let (folder, session) = (tempfile::tempdir().unwrap(), SessionId::new(&clock, &Chance::system()));
        Self { folder, clock, session, live: Live::default(), key: OwnKey::generate(&Chance::seeded(1)) }
    }

    fn file_header(&self) -> FileHeader {
        FileHeader::new(&self.session, "node-1")
    }

    fn start(&self, header: &Header) -> Recorder {
        let first_line = asciicast::header(header, self.clock.now());
        let at = path(self.folder.path(), &self.session);
        let tape = file::create(&at, &self.file_header(), OwnKey::generate(&Chance::seeded(1)), &first_line).unwrap();
        self.record(header, tape)
    }

    fn record(&self, header: &Header, tape: Tape) -> Recorder {
        let feed = self.live.start(&self.session, "{}");
        let lines = Lines::new(self.clock.now(), header.detail(), feed);
        Recorder::start(Writer::new(self.session.clone(), tape, lines, self.live.clone(), u64::MAX), self.clock.clone())
    }

    fn contents(&self) -> file::Contents {
        read(&path(self.folder.path(), &self.session), &self.file_header(), &self.key).unwrap()
    }

    fn events(&self) -> Vec<(f64, String, String)> {
        self.contents().asciicast.lines().skip(1).map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

fn texts(events: &[(f64, String, String)]) -> Vec<(&str, &str)> {
    events.iter().map(|(_, code, data)| (code.as_str(), data.as_str())).collect()
}

#[tokio::test]
async fn a_terminal_is_kept_whole_with_its_times() {
    let studio = Studio::new();
    let recorder = studio.start(&header(Channel::Shell, TERMINAL));
    recorder.output(Bytes::from_static("# é".as_bytes().split_at(3).0)).await.unwrap();
    studio.clock.advance(Duration::from_millis(1500));
    recorder.output(Bytes::from_static("# é".as_bytes().split_at(3).1)).await.unwrap();
    recorder.input(Bytes::from_static(b"id\r")).await.unwrap();
    recorder.resize(PtySize { columns: 80, rows: 24 }).await.unwrap();
    recorder.note("opened /etc/passwd").await.unwrap();
    let sealed = recorder.finish().await;
    let events = studio.events();
    let digest = |bytes: &[u8]| data_encoding::HEXLOWER.encode(&frames::sha256(bytes));
    let carried = [
        format!("output: 4 bytes in all, sha256 {}", digest("# é".as_bytes())),
        format!("input: 3 bytes in all, sha256 {}", digest(b"id\r")),
    ];
    assert_eq!(
        texts(&events),
        [
            ("o", "# "),
            ("o", "é"),
            ("i", "id\r"),
            ("r", "80x24"),
            ("m", "opened /etc/passwd"),
            ("m", carried[0].as_str()),
            ("m", carried[1].as_str())
        ]
    );
    assert_eq!(events[1].0, 1.5);
    let contents = studio.contents();
    let first: serde_json::Value = serde_json::from_str(contents.asciicast.lines().next().unwrap()).unwrap();
    assert_eq!(
        (first["version"].as_u64(), first["width"].as_u64(), first["timestamp"].as_u64()),
        (Some(2), Some(120), Some(1795253400))
    );
    assert_eq!((sealed.events, sealed.bytes, sealed.damage), (7, contents.walk.bytes, None));
    assert_eq!((sealed.chain, contents.walk.broken), (contents.walk.chain.to_hex(), None));
    assert_eq!(sealed.sha256, digest(contents.asciicast.as_bytes()));
}

#[tokio::test]
async fn the_file_is_for_its_owner_only_and_shows_nothing_of_the_session() {
    use std::os::unix::fs::PermissionsExt;
    let studio = Studio::new();
    let recorder = studio.start(&header(Channel::Shell, TERMINAL));
    recorder.output(Bytes::from_static(b"canary-in-the-output")).await.unwrap();
    recorder.finish().await;
    let at = path(studio.folder.path(), &studio.session);
    assert_eq!(std::fs::metadata(&at).unwrap().permissions().mode() & 0o777, 0o600);
    let bytes = std::fs::read(at).unwrap();
    for word in ["canary", "root@web-1"] {
        assert!(!bytes.windows(word.len()).any(|window| window == word.as_bytes()), "{word}");
    }
}

#[tokio::test]
async fn a_command_without_a_terminal_is_kept_up_to_its_first_mebibyte_and_digested_whole() {
    let studio = Studio::new();
    let recorder = studio.start(&header(Channel::Exec, None));
    let chunk = Bytes::from(vec![b'x'; 300 * 1024]);
    for _ in 0..5 {
        recorder.output(chunk.clone()).await.unwrap();
    }
    recorder.input(Bytes::from_static(b"short")).await.unwrap();
    recorder.finish().await;
    let events = studio.events();
    let output: usize = events.iter().filter(|event| event.1 == "o").map(|event| event.2.len()).sum();
    assert_eq!(output, 1024 * 1024);
    let notes: Vec<&str> = events.iter().filter(|event| event.1 == "m").map(|event| event.2.as_str()).collect();
    let digest = data_encoding::HEXLOWER.encode(&frames::sha256(&vec![b'x'; 1500 * 1024]));
    assert_eq!(notes[0], "the rest of the output is counted and digested only");
    assert_eq!(notes[1], format!("output: 1536000 bytes in all, sha256 {digest}"));
    assert!(notes[2].starts_with("input: 5 bytes in all"));
    assert!(events.iter().any(|event| event.1 == "i" && event.2 == "short"));
}

#[tokio::test]
async fn file_transfer_is_kept_by_its_operations_and_digests() {
    let studio = Studio::new();
    let recorder = studio.start(&header(Channel::Sftp, None));
    recorder.input(Bytes::from_static(b"\0\0\0\x05\x01")).await.unwrap();
    recorder.note("put /root/a").await.unwrap();
    recorder.finish().await;
    let events = studio.events();
    assert_eq!((events[0].2.as_str(), events.len()), ("put /root/a", 2));
    assert!(events[1].2.starts_with("input: 5 bytes in all"));
}

#[tokio::test]
async fn a_watcher_sees_lines_as_they_come_and_the_end() {
    let studio = Studio::new();
    assert!(studio.live.watch(&studio.session).is_none());
    let recorder = studio.start(&header(Channel::Shell, TERMINAL));
    recorder.output(Bytes::from_static(b"before")).await.unwrap();
    let mut watching = studio.live.watch(&studio.session).unwrap();
    recorder.output(Bytes::from_static(b"after")).await.unwrap();
    let mut line = watching.lines.recv().await.unwrap();
    if line.contains("before") {
        line = watching.lines.recv().await.unwrap();
    }
    assert_eq!(&*line, "[0.000000, \"o\", \"after\"]");
    recorder.finish().await;
    while watching.lines.recv().await.is_ok() {}
    assert!(studio.live.watch(&studio.session).is_none());
}

#[tokio::test]
async fn a_slow_watcher_misses_lines_and_holds_nothing_up() {
    let studio = Studio::new();
    let recorder = studio.start(&header(Channel::Shell, TERMINAL));
    let mut watching = studio.live.watch(&studio.session).unwrap();
    for _ in 0..2000 {
        recorder.output(Bytes::from_static(b"x")).await.unwrap();
    }
    assert_eq!(recorder.finish().await.events, 2001);
    assert!(matches!(watching.lines.recv().await, Err(tokio::sync::broadcast::error::RecvError::Lagged(_))));
}

#[tokio::test]
async fn a_full_disk_ends_the_recording_with_an_error_and_not_silently() {
    let studio = Studio::new();
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let line = studio.file_header().to_line();
    let header = header(Channel::Shell, TERMINAL);
    let recorder = studio.record(&header, Tape::new(full, OwnKey::generate(&Chance::seeded(1)), &line));
    recorder.output(Bytes::from_static(b"x")).await.unwrap();
    let failed = recorder.failure().await;
    assert!(failed.0.contains("No space left"), "{failed}");
    assert_eq!(recorder.output(Bytes::from_static(b"y")).await, Err(failed));
    let sealed = recorder.finish().await;
    assert_eq!((sealed.damage, sealed.bytes, sealed.events), (Some(Damage::WriteFailed), line.len() as u64, 0));
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_refuses_to_start() {
    let studio = Studio::new();
    let (session, line) = (studio.session.clone(), studio.file_header());
    for folder in ["/proc", "/no/such/folder"] {
        let key = OwnKey::generate(&Chance::seeded(1));
        assert!(file::create(&path(folder.as_ref(), &session), &line, key, "{}\n").is_err(), "{folder}");
    }
    studio.start(&header(Channel::Shell, TERMINAL)).finish().await;
    let at = path(studio.folder.path(), &session);
    assert!(
        file::create(&at, &line, OwnKey::generate(&Chance::seeded(1)), "{}\n").is_err(),
        "an existing file is never overwritten"
    );
}

#[test]
fn a_file_cut_anywhere_by_a_crash_is_recovered_up_to_its_last_whole_frame() {
    let studio = Studio::new();
    let at = path(studio.folder.path(), &studio.session);
    let first_line = asciicast::header(&header(Channel::Shell, TERMINAL), studio.clock.now());
    let key = OwnKey::generate(&Chance::seeded(1));
    let mut tape = file::create(&at, &studio.file_header(), key, &first_line).unwrap();
    for word in ["one", "two", "three"] {
        let mut lines = String::new();
        asciicast::event(&mut lines, 0, 'o', word);
        tape.write(&lines, 1).unwrap();
    }
    let whole = tape.sealed(None);
    let bytes = std::fs::read(&at).unwrap();
    let mut last = String::new();
    let mut steps = 0;
    for end in 0..=bytes.len() {
        std::fs::write(&at, &bytes[..end]).unwrap();
        let sealed = recover(&at, &studio.file_header(), &studio.key).unwrap();
        assert_eq!(std::fs::metadata(&at).unwrap().len(), sealed.bytes, "cut at {end}");
        let damage =
            if sealed.bytes > studio.file_header().to_line().len() as u64 { Damage::Crashed } else { Damage::Missing };
        assert_eq!(sealed.damage, Some(damage), "cut at {end}");
        let again = recover(&at, &studio.file_header(), &studio.key).unwrap();
        assert_eq!(again, sealed, "cut at {end}");
        if sealed.bytes > 0 {
            let contents = studio.contents();
            assert_eq!(
                (contents.walk.broken, contents.walk.chain.to_hex()),
                (None, sealed.chain.clone()),
                "cut at {end}"
            );
            assert!(contents.asciicast.starts_with(&last), "cut at {end}");
            steps += usize::from(contents.asciicast != last);
            last = contents.asciicast;
        }
        if end == bytes.len() {
            assert_eq!(
                (sealed.chain, sealed.sha256, sealed.events),
                (whole.chain.clone(), whole.sha256.clone(), whole.events)
            );
        }
    }
    assert_eq!(steps, 4);
    std::fs::remove_file(&at).unwrap();
    let sealed = recover(&at, &studio.file_header(), &studio.key).unwrap();
    assert_eq!((sealed.damage, sealed.bytes, sealed.events), (Some(Damage::Missing), 0, 0));
}
