//! The files of a folder. No symbolic link is followed, nothing is opened but ordinary files, and nothing is written.

use super::Reading;
use crate::exit::{Exit, Failed};
use rustix::fs::OFlags;
use std::fs::{self, File, OpenOptions};
use std::io::Read;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// Of one file; larger ones are skipped.
pub(super) const LARGEST: u64 = 10 << 20;
const MOST_FILES: u64 = 1_000_000;

pub(super) fn read(root: &Path, reading: &mut Reading<'_>) -> Result<(), Failed> {
    let unreadable = |error: &std::io::Error| Failed::file("read", root, error);
    if !fs::metadata(root).map_err(|error| unreadable(&error))?.is_dir() {
        return Err(Failed::usage(format!("`{}` is no folder", root.display())));
    }
    fs::read_dir(root).map_err(|error| unreadable(&error))?;
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else {
            reading.skip();
            continue;
        };
        for entry in entries.flatten() {
            let path = entry.path();
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push(path),
                Ok(kind) if kind.is_file() => file(root, path, reading)?,
                Ok(_) => {}
                Err(_) => reading.skip(),
            }
        }
    }
    Ok(())
}

fn file(root: &Path, path: PathBuf, reading: &mut Reading<'_>) -> Result<(), Failed> {
    if reading.tally.files + reading.tally.skipped >= MOST_FILES {
        return Err(Failed::new(
            Exit::No,
            format!("more than {MOST_FILES} files: scan parts of the folder one by one"),
        ));
    }
    reading.bar.inc_length(1);
    match contents(&path) {
        Some(content) => {
            let place = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
            reading.file(place, content);
        }
        None => reading.skip(),
    }
    Ok(())
}

/// What is no ordinary file any more, or grows beyond what is read, is none.
fn contents(path: &Path) -> Option<Vec<u8>> {
    let flags = i32::try_from((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits()).ok()?;
    let file: File = OpenOptions::new().read(true).custom_flags(flags).open(path).ok()?;
    let about = file.metadata().ok()?;
    if !about.is_file() || about.len() > LARGEST {
        return None;
    }
    let mut content = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut content).ok()?;
    (content.len() as u64 <= LARGEST).then_some(content)
}
