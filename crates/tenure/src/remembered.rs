//! The last checkpoint of each server that this user has verified: a log that was rewritten since cannot agree with
//! it. Kept in `$XDG_STATE_HOME/tenure`, one file for each server.

use crate::exit::{Exit, Failed};
use crate::write::{Readers, atomically, read_if_there};
use data_encoding::BASE64;
use ledger::tree::Hash;
use ledger::{Checkpoint, VerifyingKey};
use reqwest::Url;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// Where one server's checkpoint is kept.
pub(crate) struct Memory {
    file: PathBuf,
}

/// What was verified last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Remembered {
    pub(crate) key: VerifyingKey,
    pub(crate) size: u64,
    pub(crate) root: Hash,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    key: String,
    size: u64,
    root: String,
}

impl Memory {
    pub(crate) fn of(server: &Url) -> Result<Self, Failed> {
        let folder = folder().ok_or_else(|| Failed::usage("there is no home folder: set XDG_STATE_HOME"))?;
        Ok(Self::in_folder(&folder, server))
    }

    fn in_folder(folder: &Path, server: &Url) -> Self {
        let name: String = server.as_str().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        Self { file: folder.join(format!("{}.checkpoint.json", name.trim_end_matches('_'))) }
    }

    pub(crate) fn recall(&self) -> Result<Option<Remembered>, Failed> {
        let Some(text) = read_if_there(&self.file)? else { return Ok(None) };
        let read = || {
            let stored: Stored = serde_json::from_slice(&text).ok()?;
            let root = BASE64.decode(stored.root.as_bytes()).ok()?.try_into().ok()?;
            Some(Remembered { key: stored.key.parse().ok()?, size: stored.size, root })
        };
        let damaged = || {
            let file = self.file.display();
            Failed::new(Exit::No, format!("`{file}` is damaged: restore it, or delete it to trust the server anew"))
        };
        read().map(Some).ok_or_else(damaged)
    }

    pub(crate) fn keep(&self, key: &VerifyingKey, checkpoint: &Checkpoint) -> Result<(), Failed> {
        let stored = Stored { key: key.to_string(), size: checkpoint.size, root: BASE64.encode(&checkpoint.root) };
        let text = serde_json::to_vec(&stored).expect("a checkpoint is plain data");
        if let Some(folder) = self.file.parent() {
            std::fs::create_dir_all(folder).map_err(|error| Failed::file("create", folder, &error))?;
        }
        atomically(&self.file, &text, Readers::Owner)
    }
}

/// Whether the log of any server was verified by this key. Files that cannot be read vouch for nothing.
pub(crate) fn knows(key: &str) -> bool {
    folder().is_some_and(|folder| knows_in(&folder, key))
}

fn knows_in(folder: &Path, key: &str) -> bool {
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    files.map(|file| Memory { file: file.path() }).any(|memory| match memory.recall() {
        Ok(Some(remembered)) => remembered.key.to_string() == key,
        _ => false,
    })
}

fn folder() -> Option<PathBuf> {
    let state = std::env::var_os("XDG_STATE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    Some(state.or_else(|| Some(std::env::home_dir()?.join(".local/state")))?.join("tenure"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ledger::SigningKey;
    use types::{Chance, Secret};

    #[test]
    fn a_checkpoint_is_recalled_for_its_server_and_for_no_other() {
        let chance = data_encoding::HEXLOWER.encode(&Chance::system().bytes::<8>());
        let folder = std::env::temp_dir().join(format!("tenure-remembered-{chance}"));
        let here = Memory::in_folder(&folder, &Url::parse("https://tenure.example.com/").unwrap());
        let elsewhere = Memory::in_folder(&folder, &Url::parse("https://tenure.example.com:8443/").unwrap());
        assert_eq!(here.recall().unwrap(), None);

        let key = SigningKey::from_seed("tenure.example/log", &Secret::new([1; 32])).verifying_key();
        let checkpoint = Checkpoint { origin: "tenure.example/log".into(), size: 5, root: [9; 32] };
        here.keep(&key, &checkpoint).unwrap();
        assert_eq!(here.recall().unwrap(), Some(Remembered { key, size: 5, root: [9; 32] }));
        assert_eq!(elsewhere.recall().unwrap(), None);
        let another = SigningKey::from_seed("tenure.example/log", &Secret::new([2; 32])).verifying_key();
        assert!(knows_in(&folder, &here.recall().unwrap().unwrap().key.to_string()));
        assert!(!knows_in(&folder, &another.to_string()));

        std::fs::write(&here.file, "{}").unwrap();
        assert!(here.recall().unwrap_err().message.contains("damaged"));
        std::fs::remove_dir_all(folder).unwrap();
    }
}
