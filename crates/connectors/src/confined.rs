//! A folder on this server that somebody declared: it is below the one that the configuration allows, wherever symbolic links
//! lead, and only files of its own are opened in it. What is in them is not known here.

use crate::ConnectorError;
use crate::account::cut;
use crate::error::one_line;
use rustix::fs::OFlags;
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Component, Path, PathBuf};

/// Where a declared folder is looked for. It is found anew for each use, because links may change.
#[derive(Debug, Clone)]
pub struct Confined {
    folder: PathBuf,
    below: PathBuf,
}

impl Confined {
    /// `below` is the folder that the configuration allows, if any.
    ///
    /// # Errors
    /// `BadServer`.
    pub fn new(folder: &Path, below: Option<&Path>) -> Result<Self, ConnectorError> {
        check(folder)?;
        let nowhere = "no folder of this server may be read: give one in the setting `csv.folder`";
        let below = below.ok_or_else(|| refused(folder, nowhere))?;
        Ok(Self { folder: folder.to_owned(), below: below.to_owned() })
    }

    pub(crate) fn address(&self) -> String {
        self.folder.display().to_string()
    }

    /// Where it really is.
    ///
    /// # Errors
    /// `BadServer`: outside; `Unreachable`.
    pub(crate) fn real(&self) -> Result<PathBuf, ConnectorError> {
        let real = |path: &Path| path.canonicalize().map_err(|error| unreachable(path, &error));
        let (below, folder) = (real(&self.below)?, real(&self.folder)?);
        if folder.starts_with(below) {
            return Ok(folder);
        }
        Err(refused(&self.folder, "it is not below the folder that the setting `csv.folder` allows"))
    }
}

/// Whether it can be a folder's path at all.
///
/// # Errors
/// `BadServer`.
pub fn check(folder: &Path) -> Result<(), ConnectorError> {
    let is_plain = |part| matches!(part, Component::RootDir | Component::Normal(_));
    if folder.is_absolute() && folder.parent().is_some() && folder.components().all(is_plain) {
        return Ok(());
    }
    Err(refused(folder, "the folder must be an absolute path without `..`"))
}

/// A file that is one: no link, and nothing that lets its readers wait.
pub(crate) fn open(file: &Path, options: &mut OpenOptions) -> io::Result<File> {
    let flags = i32::try_from((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits()).map_err(io::Error::other)?;
    let file = options.custom_flags(flags).open(file)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(io::Error::other("it is no file")) }
}

pub(crate) fn unreachable(path: &Path, error: &io::Error) -> ConnectorError {
    ConnectorError::Unreachable { address: cut(&path.display().to_string()), detail: one_line(&error.to_string()) }
}

fn refused(folder: &Path, reason: &'static str) -> ConnectorError {
    ConnectorError::BadServer { address: cut(&folder.display().to_string()), reason }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;
    use types::Failure;

    #[test]
    fn a_folder_is_below_the_one_that_is_allowed_also_where_links_lead_elsewhere() {
        let place = tempfile::tempdir().unwrap();
        let at = |name: &str| place.path().join(name);
        for folder in ["allowed", "allowed/wiki", "allowed-not", "elsewhere"] {
            std::fs::create_dir(at(folder)).unwrap();
        }
        symlink(at("elsewhere"), at("allowed/out")).unwrap();
        symlink(at("allowed"), at("in")).unwrap();
        let real = |folder: &str| Confined::new(&at(folder), Some(&at("allowed")))?.real();
        for (inside, really) in [("allowed", "allowed"), ("allowed/wiki", "allowed/wiki"), ("in/wiki", "allowed/wiki")]
        {
            assert_eq!(real(inside).unwrap(), at(really).canonicalize().unwrap(), "{inside}");
        }
        for (outside, code) in [
            ("elsewhere", "server_invalid"),
            ("allowed-not", "server_invalid"),
            ("allowed/out", "server_invalid"),
            ("allowed/../elsewhere", "server_invalid"),
            ("allowed/wiki/..", "server_invalid"),
            ("allowed/nothing", "host_unreachable"),
        ] {
            assert_eq!(real(outside).unwrap_err().code(), code, "{outside}");
        }
        for path in ["", "/", "wiki", "../wiki"] {
            assert!(check(Path::new(path)).is_err(), "{path:?}");
        }
        let nowhere = Confined::new(&at("allowed"), None).unwrap_err().to_string();
        assert!(nowhere.contains("`csv.folder`"), "{nowhere}");
    }

    #[test]
    fn only_what_is_a_file_of_the_folder_is_opened() {
        let place = tempfile::tempdir().unwrap();
        let at = |name: &str| place.path().join(name);
        std::fs::write(at("a.csv"), "a").unwrap();
        symlink(at("a.csv"), at("link.csv")).unwrap();
        rustix::fs::mkfifoat(rustix::fs::CWD, at("pipe.csv"), rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR).unwrap();
        std::fs::create_dir(at("dir.csv")).unwrap();
        let read = |name: &str| open(&at(name), OpenOptions::new().read(true));
        assert!(read("a.csv").is_ok());
        for other in ["link.csv", "pipe.csv", "dir.csv", "nothing.csv"] {
            assert!(read(other).is_err(), "{other}");
        }
    }
}
