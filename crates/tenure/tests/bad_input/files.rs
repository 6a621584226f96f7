//! The command line against a real server: files and standard input that are not what they should be, and file names that
//! a scan meets.

use crate::refusal::{Report, size};
use crate::world::World;
use serde_json::{Value, json};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::process::{Output, Stdio};
use testbed::{Engine, Person};
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

async fn tenure(world: &World, who: &Person, arguments: &[&str], input: &[u8]) -> Output {
    let state = world.bed.folder().join("state-of-the-client");
    let mut command = Command::new(env!("CARGO_BIN_EXE_tenure"));
    command.env_clear().env("HOME", &state).env("XDG_STATE_HOME", &state).env("PATH", "/usr/bin:/bin");
    command.env("TENURE_URL", &world.bed.server.url).env("TENURE_TOKEN", who.token.expose());
    command.env("TENURE_CA_FILE", world.bed.server.ca_file.as_ref().unwrap());
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // One that does not read to the end has refused already.
    let _ = child.stdin.take().unwrap().write_all(input).await;
    child.wait_with_output().await.unwrap()
}

/// One line of words, no success, and nothing done.
async fn must_refuse(report: &mut Report, world: &World, arguments: &[&str], input: &[u8], words: &str) {
    let before = size(world).await;
    let ended = tenure(world, &world.bed.admin, arguments, input).await;
    let said = String::from_utf8_lossy(&ended.stderr);
    let what = format!("{arguments:?} {:.40}", String::from_utf8_lossy(input));
    report.expect([1, 2, 5].contains(&ended.status.code().unwrap_or(-1)), || {
        format!("{what}: {:?} {said}", ended.status)
    });
    let line = said.trim_end();
    let is_line = line.starts_with("error: ") && line.len() < 600 && !line.chars().any(char::is_control);
    report.expect(is_line, || format!("{what}: {said:?}"));
    report.expect(line.contains(words), || format!("{what}: does not say `{words}`: {line}"));
    report.nothing_done(world, before, &what).await;
}

fn files() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    vec![
        ("latin-1", b"[[NOUN]]\nname = 'caf\xe9'\n".to_vec(), "UTF-8"),
        ("utf-16", b"\xff\xfe[\0[\0".to_vec(), "UTF-8"),
        ("binary", vec![0xfe; 4096], "UTF-8"),
        ("nul", b"[[NOUN]]\nname = '\0'\n".to_vec(), "line 2"),
        ("escaped-nul", b"[[NOUN]]\nname = \"a\\u0000\"\n".to_vec(), "U+0000"),
        ("surrogate", b"[[NOUN]]\nname = \"\\ud800\"\n".to_vec(), "line 2"),
        ("twice", b"[[NOUN]]\nname = 'a'\nname = 'b'\n".to_vec(), "line 3"),
        ("unknown", b"[[NOUN]]\nname = 'a'\nunknown_field = 1\n".to_vec(), ""),
        ("nan", b"[[NOUN]]\nname = nan\n".to_vec(), ""),
        ("empty", b"".to_vec(), "[[NOUN]]"),
        ("json", b"{\"NOUN\": []}".to_vec(), "line 1"),
        ("deep", [b"a = ".to_vec(), b"[".repeat(100_000)].concat(), "line 1"),
        ("large", [b"[[NOUN]]\nname = '".to_vec(), b"x".repeat(2 << 20), b"'\n".to_vec()].concat(), "too large"),
        ("long", [b"[[NOUN]]\nname = '".to_vec(), b"x".repeat(64 << 10), b"'\n".to_vec()].concat(), ""),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_is_no_declaration_is_refused_in_one_line_and_nothing_of_it_is_declared() {
    let world = World::build(Engine::Sqlite).await;
    let mut report = Report::default();
    for (command, noun) in [
        (&["services", "apply"][..], "service"),
        (&["targets", "apply"], "target"),
        (&["systems", "apply"], "system"),
        (&["roles", "apply"], "role"),
        (&["credential-profiles", "apply"], "profile"),
        (&["accounts", "policies", "--apply"], "policy"),
    ] {
        for (name, content, words) in files() {
            let content = String::from_utf8(content.clone()).map_or(content, |text| text.replace("NOUN", noun).into());
            let file = world.bed.folder().join(format!("{noun}-{name}.toml"));
            std::fs::write(&file, content).unwrap();
            let arguments = [command, &[file.to_str().unwrap()]].concat();
            must_refuse(&mut report, &world, &arguments, b"", &words.replace("NOUN", noun)).await;
        }
        let folder = world.bed.folder().to_str().unwrap();
        must_refuse(&mut report, &world, &[command, &[folder]].concat(), b"", "cannot read").await;
        must_refuse(&mut report, &world, &[command, &["/no/such\nfile"]].concat(), b"", "cannot read").await;
    }
    report.must_be_empty();
    world.must_be_whole().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_value_on_standard_input_that_is_none_is_refused_and_not_repeated() {
    let world = World::build(Engine::Sqlite).await;
    let mut report = Report::default();
    let import = ["accounts", "import", "app@orders", "--owner", "bob@example.com", "--purpose", "the shop"];
    let key = [&import[..], &["--credential", "ssh_key"]].concat();
    let key: Vec<&str> = key.into_iter().map(|word| if word == "app@orders" { "app@web-1" } else { word }).collect();
    let give = ["accounts", "give", &world.key];
    let put = ["secrets", "put", "prod/billing/new", "password=-", "--purpose", "billing"];
    let long = b"x".repeat((64 << 10) + 1);
    for (arguments, input, words) in [
        (&import[..], &b"canary\xff\xfe"[..], "UTF-8"),
        (&import, b"canary\0", "U+0000"),
        (&import, b"canary\nof two lines\n", "control character"),
        (&import, b"canary\x1b[2J", "control character"),
        (&import, b"", "empty"),
        (&import, &long[..], "256 bytes"),
        (&key[..], b"canary", "OpenSSH"),
        (&give, b"canary\xff", "UTF-8"),
        (&give, b"canary\0", "U+0000"),
        (&give, &long[..], "64 KiB"),
        (&put, b"canary\xff", "UTF-8"),
        (&put, b"canary\0", "U+0000"),
    ] {
        let before = size(&world).await;
        let ended = tenure(&world, &world.bed.alice, arguments, input).await;
        report.expect(!String::from_utf8_lossy(&ended.stderr).contains("canary"), || {
            format!("{arguments:?}: repeats it")
        });
        report.nothing_done(&world, before, "alice").await;
        if arguments[0] == "accounts" {
            must_refuse(&mut report, &world, arguments, input, words).await;
        } else {
            let said = String::from_utf8_lossy(&ended.stderr);
            report.expect(said.contains(words) && said.lines().count() == 1, || format!("{arguments:?}: {said}"));
        }
    }
    report.must_be_empty();
    world.must_be_whole().await;
}

/// Whoever leaks a value does not hide it by the name of the file.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_scan_tells_of_files_whatever_their_names() {
    let world = World::build(Engine::Sqlite).await;
    let value = "canary-of-the-scan-0123456789";
    let kept = json!({"data": {"password": value}, "purpose": "billing"});
    let call = world.bed.call(Some(&world.bed.alice.token), reqwest::Method::PUT, crate::world::SECRET).json(&kept);
    assert_eq!(world.bed.send(call).await.status, 200);
    let folder: PathBuf = world.bed.folder().join("leaks");
    std::fs::create_dir(&folder).unwrap();
    let long = "n".repeat(255);
    let names: [&[u8]; 12] = [
        b"it's \"quoted\" `$(id)`; --",
        b"two\nlines",
        b"\n",
        b"\t",
        b"\x1b[2J",
        b"not utf-8 \xff\xfe",
        b"-rf",
        b" ",
        "abc\u{202e}txt".as_bytes(),
        "e\u{301}".as_bytes(),
        b"\x7f",
        long.as_bytes(),
    ];
    for name in names {
        std::fs::write(folder.join(OsStr::from_bytes(name)), format!("password = {value}\n")).unwrap();
    }
    let deep = folder.join(&long[..199]).join(&long[..200]).join(&long[..200]);
    std::fs::create_dir_all(&deep).unwrap();
    std::fs::write(deep.join("file"), format!("password = {value}\n")).unwrap();
    let arguments = ["scan", "folder", folder.to_str().unwrap(), "--json"];
    let ended = tenure(&world, &world.bed.admin, &arguments, b"").await;
    let found: Value = serde_json::from_slice(&ended.stdout).unwrap_or_default();
    let told = found["found"][0]["places"].as_array().map_or(0, Vec::len) as u64
        + found["found"][0]["more"].as_u64().unwrap_or(0);
    assert_eq!((ended.status.code(), told), (Some(1), 13), "{found} {}", String::from_utf8_lossy(&ended.stderr));
    let findings = world.bed.get(&world.bed.carol, "/api/v1/findings").await;
    assert!(findings.text.contains("leaked_secret"), "{}", findings.text);
    let git = "git init -q && git add -A && git -c user.name=x -c user.email=x@example.com commit -q -m x";
    let made = Command::new("sh").current_dir(&folder).args(["-c", git]).status().await.unwrap();
    assert!(made.success());
    let ended = tenure(&world, &world.bed.admin, &["scan", "git", folder.to_str().unwrap(), "--json"], b"").await;
    let found: Value = serde_json::from_slice(&ended.stdout).unwrap_or_default();
    let places = found["found"][0]["places"].as_array().map_or(0, Vec::len);
    // Files with one content are one object of git.
    assert_eq!((ended.status.code(), places), (Some(1), 1), "{found} {}", String::from_utf8_lossy(&ended.stderr));
    world.must_be_whole().await;
}
