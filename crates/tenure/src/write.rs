//! Files that are there whole or not at all: written beside their place, synced, then renamed.

use crate::exit::{Exit, Failed};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Replaces the file at `path`; readers see the old one or the new one.
pub(crate) fn atomically(path: &Path, bytes: &[u8]) -> Result<(), Failed> {
    let mut file = Replacement::begin(path)?;
    file.append(bytes)?;
    file.finish()
}

/// A file that takes its place when it is finished; dropped before, it leaves nothing.
pub(crate) struct Replacement {
    place: PathBuf,
    beside: PathBuf,
    file: File,
}

impl Replacement {
    pub(crate) fn begin(place: &Path) -> Result<Self, Failed> {
        let name = place
            .file_name()
            .ok_or_else(|| Failed::new(Exit::Usage, format!("`{}` is not the name of a file", place.display())))?;
        let mut beside = std::ffi::OsString::from(".");
        beside.push(name);
        beside.push(format!(".{}.part", std::process::id()));
        let beside = place.with_file_name(beside);
        let file = File::create(&beside).map_err(|error| Failed::file("write", place, &error))?;
        Ok(Self { place: place.to_owned(), beside, file })
    }

    pub(crate) fn append(&mut self, bytes: &[u8]) -> Result<(), Failed> {
        self.file.write_all(bytes).map_err(|error| Failed::file("write", &self.place, &error))
    }

    pub(crate) fn finish(self) -> Result<(), Failed> {
        let renamed = self.file.sync_all().and_then(|()| std::fs::rename(&self.beside, &self.place));
        renamed.map_err(|error| Failed::file("write", &self.place, &error))
    }
}

impl Drop for Replacement {
    fn drop(&mut self) {
        // Nothing lies there any more once it was renamed.
        let _ = std::fs::remove_file(&self.beside);
    }
}
