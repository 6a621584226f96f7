//! What `find` and `head` say of files with keys, in the C locale. Pure.

use super::Output;
use crate::error::one_line;

/// What is read of a file.
pub(super) const MAX_BYTES: usize = 1024 * 1024;

/// Prints which paths are plain files, of one number where it is not empty, and with which status that ended.
pub(super) const FIND: &str =
    r#"of=$1; shift; find -L "$@" -maxdepth 0 -type f ${of:+-user "$of"} 2>&1; echo "find $?""#;
/// Prints what a file holds up to a limit, with which status that ended, how many bytes it was, and what else was said.
pub(super) const READ: &str = include_str!("read_keys.sh");

/// What says that there is no such file, to sshd either.
const ABSENT: [&str; 3] = ["No such file or directory", "Not a directory", "Too many levels of symbolic links"];
/// A status of who was killed: 128 and the signal.
const KILLED: u32 = 137;

pub(super) fn is_killed(output: &Output) -> bool {
    output.status == KILLED
}

/// Which of the files there are.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) there: Vec<String>,
    /// A folder above one cannot be entered.
    pub(super) is_denied: bool,
    /// What else it says.
    pub(super) odd: Option<String>,
}

impl Found {
    /// `None`: `find` did not come to its end.
    pub(super) fn read(printed: &str) -> Option<Self> {
        let (said, end) = printed.trim_end_matches('\n').rsplit_once('\n').unwrap_or(("", printed.trim_end()));
        // 1: of some of them it said something.
        if !["find 0", "find 1"].contains(&end) {
            return None;
        }
        let mut found = Self::default();
        for line in said.lines() {
            if line.starts_with('/') {
                found.there.push(line.to_owned());
            } else if line.ends_with("Permission denied") {
                found.is_denied = true;
            } else if !ABSENT.iter().any(|absent| line.ends_with(absent)) {
                found.odd.get_or_insert_with(|| one_line(line));
            }
        }
        Some(found)
    }
}

/// What a file holds.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Content {
    text: String,
    status: u32,
    bytes: usize,
    said: String,
}

impl Content {
    /// `None`: it was not read to its end.
    pub(super) fn read(printed: &str) -> Option<Self> {
        let (text, end) = printed.trim_end_matches('\n').rsplit_once('\n')?;
        let mut words = end.splitn(3, ' ');
        let (status, bytes) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
        Some(Self { text: text.to_owned(), status, bytes, said: one_line(words.next().unwrap_or_default()) })
    }

    /// All of it, or why it is not all.
    pub(super) fn whole(self) -> Result<String, String> {
        match self {
            Self { status, said, .. } if status != 0 => Err(said),
            Self { bytes, .. } if bytes >= MAX_BYTES => Err(format!("it is read up to byte {MAX_BYTES} only")),
            Self { text, .. } => Ok(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    fn sh(script: &str, arguments: &[&str]) -> String {
        let output = Command::new("/bin/sh").args(["-c", script, "sh"]).args(arguments).env("LC_ALL", "C").output();
        String::from_utf8(output.unwrap().stdout).unwrap()
    }

    #[test]
    fn what_find_says_is_a_file_its_absence_or_something_to_doubt() {
        for (printed, found) in [
            ("/a\nfind 0\n", Some((&["/a"][..], false, None))),
            (
                "find: '/a': No such file or directory\n/b\nfind: '/c': Not a directory\nfind 1",
                Some((&["/b"], false, None)),
            ),
            ("find: '/a/b': Permission denied\nfind 1\n", Some((&[], true, None))),
            ("find: '/a': Input/output error\nfind 1\n", Some((&[], false, Some("find: '/a': Input/output error")))),
            ("find 0\n", Some((&[], false, None))),
            ("sh: 1: find: not found\nfind 127\n", None),
            ("/a\n", None),
            ("", None),
        ] {
            let found = found.map(|(there, is_denied, odd)| Found {
                there: there.iter().map(|path| (*path).to_owned()).collect(),
                is_denied,
                odd: odd.map(str::to_owned),
            });
            assert_eq!(Found::read(printed), found, "{printed}");
        }
    }

    #[test]
    fn a_file_is_found_and_read_whole_or_not_believed() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        std::fs::write(path("short"), "one\ntwo\n\n").unwrap();
        std::fs::write(path("long"), "\n".repeat(MAX_BYTES) + "behind it").unwrap();
        let limit = MAX_BYTES.to_string();
        let whole = |path: &str| Content::read(&sh(READ, &[&limit, path])).unwrap().whole();
        assert_eq!(whole(&path("short")).unwrap(), "one\ntwo\n\n");
        assert!(whole(&path("long")).unwrap_err().contains("up to byte"));
        assert!(whole(&path("none")).unwrap_err().contains("No such file"));
        assert_eq!(Content::read("one\ntwo"), None, "it was cut off");
        let (short, none) = (path("short"), path("none"));
        assert_eq!(Found::read(&sh(FIND, &["", &short, &none])).unwrap().there, [short.as_str()]);
    }
}
