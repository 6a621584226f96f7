//! The file of a recording on disk: made, read to its end, and cut after a crash. Every call blocks.

use super::frames::{self, FileHeader, Walk, finish};
use super::writer::Tape;
use super::{Damage, Sealed};
use aws_lc_rs::digest::{Context, SHA256};
use seal::OwnKey;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read as _, Write};
use std::path::{Path, PathBuf};
use types::SessionId;

/// A header is one short line; a file without one is not ours.
const MAX_HEADER_BYTES: u64 = 4096;

pub(super) fn path(folder: &Path, session: &SessionId) -> PathBuf {
    folder.join(session.as_str())
}

/// A new file that only its owner can read, with the header and `first_line` in it.
pub(super) fn create(path: &Path, header: &FileHeader, key: OwnKey, first_line: &str) -> Result<Tape, String> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(|e| e.to_string())?;
    let header = header.to_line();
    let started = file.write_all(header.as_bytes()).map_err(|e| e.to_string());
    let mut tape = Tape::new(file, key, &header);
    started.and_then(|()| tape.write(first_line, 0)).inspect_err(|_| {
        // What cannot be removed now is removed at the next start.
        let _ = std::fs::remove_file(path);
    })?;
    Ok(tape)
}

/// What a file holds, as far as it is whole.
pub(super) struct Contents {
    pub(super) walk: Walk,
    pub(super) asciicast: String,
}

impl Contents {
    fn sealed(&self, damage: Option<Damage>) -> Sealed {
        let mut plain = Context::new(&SHA256);
        plain.update(self.asciicast.as_bytes());
        Sealed {
            chain: self.walk.chain.to_hex(),
            sha256: data_encoding::HEXLOWER.encode(&finish(plain)),
            bytes: self.walk.bytes,
            events: (self.asciicast.lines().count() as u64).saturating_sub(1),
            damage,
        }
    }
}

pub(super) fn read(path: &Path, header: &FileHeader, key: &OwnKey) -> std::io::Result<Contents> {
    let mut asciicast = String::new();
    let walk = frames::walk(BufReader::new(File::open(path)?), header, key, |plain| {
        asciicast.push_str(&String::from_utf8_lossy(plain));
    })?;
    Ok(Contents { walk, asciicast })
}

/// How far a file is whole, without its text.
pub(super) fn walk(path: &Path, header: &FileHeader, key: &OwnKey) -> std::io::Result<Walk> {
    frames::walk(BufReader::new(File::open(path)?), header, key, |_| ())
}

/// Cuts the file after its last whole frame. Where there is no file, or not even a whole header, nothing is sealed.
pub(super) fn recover(path: &Path, header: &FileHeader, key: &OwnKey) -> std::io::Result<Sealed> {
    let contents = match read(path, header, key) {
        Ok(contents) => contents,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let walk = frames::walk(std::io::empty(), header, key, |_| ())?;
            return Ok(Contents { walk, asciicast: String::new() }.sealed(Some(Damage::Missing)));
        }
        Err(error) => return Err(error),
    };
    let file = OpenOptions::new().write(true).open(path)?;
    file.set_len(contents.walk.bytes)?;
    file.sync_all()?;
    let damage = if contents.asciicast.is_empty() { Damage::Missing } else { Damage::Crashed };
    Ok(contents.sealed(Some(damage)))
}

/// The files in a folder that a node made, by session. Makes the folder where there is none.
pub(super) fn made_by(folder: &Path, node: &str) -> std::io::Result<Vec<(SessionId, PathBuf)>> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    let mut made = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let Some(session) = path.file_name().and_then(|name| name.to_str()).and_then(|name| name.parse().ok()) else {
            continue;
        };
        let mut line = String::new();
        BufReader::new(File::open(&path)?.take(MAX_HEADER_BYTES)).read_line(&mut line)?;
        if line == FileHeader::new(&session, node).to_line() {
            made.push((session, path));
        }
    }
    Ok(made)
}
