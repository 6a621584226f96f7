//! A folder on this server into which another system puts its feed as CSV. What is in the feed is read elsewhere.

use crate::account::cut;
use crate::confined::{open, unreachable};
use crate::hr_csv::MAX_FEED_BYTES;
use crate::{Confined, ConnectorError};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// The bytes of the feed called `name`, or of the one whose name ends in `.csv` and comes last in the alphabet. Whoever
/// writes it there writes it under another name and renames it, or ends it with its number of records.
///
/// # Errors
/// `BadName`: what cannot be the name of a file in this folder; `BadServer`: the folder is outside of what is allowed;
/// `Unreachable`: nothing is there, or it cannot be read; `TooMuchOutput`.
pub fn read(folder: &Confined, name: Option<&str>) -> Result<Vec<u8>, ConnectorError> {
    let folder = folder.real()?;
    let file = match name {
        Some(name) => folder.join(checked(name)?),
        None => newest(&folder)?,
    };
    let mut bytes = Vec::new();
    let opened = open(&file, File::options().read(true));
    let read = opened.and_then(|file| file.take(MAX_FEED_BYTES + 1).read_to_end(&mut bytes));
    read.map_err(|error| unreachable(&file, &error))?;
    match usize::try_from(MAX_FEED_BYTES) {
        Ok(limit_bytes) if bytes.len() > limit_bytes => {
            Err(ConnectorError::TooMuchOutput { command: cut(&file.display().to_string()), limit_bytes })
        }
        _ => Ok(bytes),
    }
}

/// # Errors
/// `BadName`.
pub fn checked(name: &str) -> Result<&str, ConnectorError> {
    let is_plain = Path::new(name).file_name().is_some_and(|file| file == name) && !name.contains(['\0', '\\']);
    let reason = "it is not the name of a file in the folder";
    if is_plain { Ok(name) } else { Err(ConnectorError::BadName { name: cut(name), reason }) }
}

fn newest(folder: &Path) -> Result<PathBuf, ConnectorError> {
    let listed = std::fs::read_dir(folder).map_err(|error| unreachable(folder, &error))?;
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in listed {
        files.push(entry.map_err(|error| unreachable(folder, &error))?.path());
    }
    files.retain(|file| file.extension().is_some_and(|extension| extension == "csv") && file.is_file());
    let none = || std::io::Error::other("there is no file whose name ends in .csv");
    files.into_iter().max().ok_or_else(|| unreachable(folder, &none()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use types::Failure;

    #[test]
    fn the_last_feed_of_a_folder_is_read_or_the_one_that_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let at = |place: &Path| Confined::new(place, Some(folder.path())).unwrap();
        let read = |place: &Path, name: Option<&str>| super::read(&at(place), name);
        for (name, text) in [("a-2026-11-21.csv", "old"), ("a-2026-11-22.csv", "new"), ("b.csv.part", "half")] {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        std::fs::create_dir(folder.path().join("z.csv")).unwrap();
        assert_eq!(read(folder.path(), None).unwrap(), b"new");
        assert_eq!(read(folder.path(), Some("a-2026-11-21.csv")).unwrap(), b"old");
        assert_eq!(read(folder.path(), Some("c.csv")).unwrap_err().code(), "host_unreachable");
        for outside in ["../a.csv", "/etc/passwd", "..", ".", "", "a/b.csv", "a\0.csv"] {
            assert_eq!(read(folder.path(), Some(outside)).unwrap_err().code(), "account_name_invalid", "{outside:?}");
        }
        let empty = folder.path().join("empty");
        std::fs::create_dir(&empty).unwrap();
        assert_eq!(read(&empty, None).unwrap_err().code(), "host_unreachable");
        assert_eq!(read(&empty.join("gone"), None).unwrap_err().code(), "host_unreachable");
    }
}
