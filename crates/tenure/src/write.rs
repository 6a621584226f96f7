//! Files that are there whole or not at all: written beside their place, synced, then renamed. And folders that are
//! for nobody else. What lies in them is not known here.

use crate::exit::{Exit, Failed};
use std::fs::{DirBuilder, File, OpenOptions, Permissions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use types::Chance;

/// Who may read a file that is written.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Readers {
    /// Mode 0600.
    Owner,
    /// Mode 0644, less what the process's mask takes away.
    Everyone,
}

/// Replaces the file at `path`; readers see the old one or the new one.
pub(crate) fn atomically(path: &Path, bytes: &[u8], readers: Readers) -> Result<(), Failed> {
    let mut file = Replacement::begin(path, readers)?;
    file.append(bytes)?;
    file.finish()
}

/// `None` when there is no such file; one that is there and cannot be read is an error, never taken for a missing one.
pub(crate) fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>, Failed> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failed::file("read", path, &error)),
    }
}

/// Makes a folder that only its owner enters, mode 0700, also where it was there with another mode.
pub(crate) fn private_folder(path: &Path) -> Result<(), Failed> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(path);
    let made = made.and_then(|()| std::fs::set_permissions(path, Permissions::from_mode(0o700)));
    made.map_err(|error| Failed::file("make", path, &error))
}

/// Makes a new file that only its owner reads, mode 0600.
pub(crate) fn new_private_file(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

/// A file that takes its place when it is finished; dropped before, it leaves nothing.
pub(crate) struct Replacement {
    place: PathBuf,
    beside: PathBuf,
    file: File,
}

impl Replacement {
    pub(crate) fn begin(place: &Path, readers: Readers) -> Result<Self, Failed> {
        let name = place
            .file_name()
            .ok_or_else(|| Failed::new(Exit::Usage, format!("`{}` is not the name of a file", place.display())))?;
        let mut beside = std::ffi::OsString::from(".");
        beside.push(name);
        // Nobody can lay a file or a link of this name there before.
        beside.push(format!(".{:032x}.part", u128::from_be_bytes(Chance::system().bytes())));
        let beside = place.with_file_name(beside);
        let mode = match readers {
            Readers::Owner => 0o600,
            Readers::Everyone => 0o644,
        };
        let file = OpenOptions::new().write(true).create_new(true).mode(mode).open(&beside);
        let file = file.map_err(|error| Failed::file("write", place, &error))?;
        Ok(Self { place: place.to_owned(), beside, file })
    }

    pub(crate) fn append(&mut self, bytes: &[u8]) -> Result<(), Failed> {
        self.file.write_all(bytes).map_err(|error| Failed::file("write", &self.place, &error))
    }

    pub(crate) fn finish(self) -> Result<(), Failed> {
        let renamed = self.file.sync_all().and_then(|()| std::fs::rename(&self.beside, &self.place));
        let kept = renamed.and_then(|()| sync_folder(&self.place));
        kept.map_err(|error| Failed::file("write", &self.place, &error))
    }
}

impl Drop for Replacement {
    fn drop(&mut self) {
        // Nothing lies there any more once it was renamed.
        let _ = std::fs::remove_file(&self.beside);
    }
}

/// The new name survives a power cut only when the folder is on the disk too.
fn sync_folder(file: &Path) -> std::io::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        std::fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_file_is_for_its_owner_alone_unless_it_is_for_everyone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("bundle");
        std::fs::write(&file, "readable by others before").unwrap();
        atomically(&file, b"secret", Readers::Owner).unwrap();
        assert_eq!((std::fs::read(&file).unwrap().as_slice(), mode(&file)), (&b"secret"[..], 0o600));
        atomically(&file, b"public", Readers::Everyone).unwrap();
        assert_eq!(mode(&file) & 0o644, mode(&file));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
    }

    #[test]
    fn a_link_in_its_place_is_replaced_and_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let (file, precious) = (folder.path().join("bundle"), folder.path().join("precious"));
        std::fs::write(&precious, "kept").unwrap();
        std::os::unix::fs::symlink(&precious, &file).unwrap();
        atomically(&file, b"evidence", Readers::Owner).unwrap();
        assert_eq!(std::fs::read(&precious).unwrap(), b"kept");
        assert!(std::fs::symlink_metadata(&file).unwrap().is_file());
    }

    #[test]
    fn only_a_missing_file_is_taken_for_a_missing_file() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(read_if_there(&folder.path().join("missing")).unwrap(), None);
        assert!(read_if_there(folder.path()).is_err(), "it is there, and cannot be read");
    }

    #[test]
    fn a_folder_that_others_could_enter_is_closed_to_them() {
        let folder = tempfile::tempdir().unwrap();
        let (open, new) = (folder.path().join("open"), folder.path().join("made/new"));
        std::fs::create_dir(&open).unwrap();
        std::fs::set_permissions(&open, Permissions::from_mode(0o755)).unwrap();
        private_folder(&open).unwrap();
        private_folder(&new).unwrap();
        assert_eq!((mode(&open), mode(&new)), (0o700, 0o700));
    }
}
