//! The passwords of the host's logins, and the two programs by which an administrator finds a login and sets its password.
//! Both are answered here: the accounts of the machine that the demo runs on must never be reached through them.

use crate::write::{Readers, atomically, read_if_there};
use anyhow::{Context, Result};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::RwLock;
use types::{Chance, Secret};

/// Of what a client may tell `chpasswd`.
pub(super) const LONGEST: usize = 4096;

/// Salt and digest by login, kept in a file as `LOGIN:SALT:DIGEST` each.
pub(crate) struct Passwords {
    file: PathBuf,
    chance: Chance,
    kept: RwLock<BTreeMap<String, (String, String)>>,
}

impl Passwords {
    pub(crate) fn open(file: PathBuf, chance: Chance) -> Result<Self> {
        let text = String::from_utf8(read_if_there(&file)?.unwrap_or_default());
        let text = text.with_context(|| format!("`{}` is not text", file.display()))?;
        let entry = |line: &str| {
            let mut fields = line.split(':').map(str::to_owned);
            Some((fields.next()?, (fields.next()?, fields.next()?)))
        };
        let kept = RwLock::new(text.lines().filter_map(entry).collect());
        Ok(Self { file, chance, kept })
    }

    /// A login without a password is let in by none.
    pub(super) fn accept(&self, login: &str, password: &str) -> bool {
        let Ok(kept) = self.kept.read() else { return false };
        kept.get(login).is_some_and(|(salt, digest)| *digest == digest_of(salt, password))
    }

    /// `told` is one line, `LOGIN:PASSWORD`, of one of these logins.
    pub(super) fn set(&self, told: &Secret<Vec<u8>>, logins: &[String]) -> Result<()> {
        let line = std::str::from_utf8(told.expose()).ok().map(|text| text.trim_end_matches('\n'));
        let (login, password) =
            line.and_then(|line| line.split_once(':')).context("chpasswd: line 1: missing new password")?;
        anyhow::ensure!(logins.iter().any(|known| known == login), "chpasswd: line 1: no such login on this host");
        let mut kept = self.kept.write().ok().context("chpasswd: the passwords are not to be had")?;
        let salt = HEXLOWER.encode(&self.chance.bytes::<16>());
        let mut changed = kept.clone();
        changed.insert(login.to_owned(), (salt.clone(), digest_of(&salt, password)));
        let lines: String =
            changed.iter().map(|(login, (salt, digest))| format!("{login}:{salt}:{digest}\n")).collect();
        atomically(&self.file, lines.as_bytes(), Readers::Owner)?;
        *kept = changed;
        Ok(())
    }
}

fn digest_of(salt: &str, password: &str) -> String {
    HEXLOWER.encode(&Sha256::new().chain_update(salt).chain_update(password).finalize())
}

/// A command that the host answers itself.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Own {
    SetPassword,
    Find(String),
}

impl Own {
    /// Of a line whose every word is quoted, as Tenure sends it; what a person types is run. It is told by its end: what
    /// stands before says as whom and in which environment.
    pub(super) fn read(command: &[u8]) -> Option<Self> {
        let line = std::str::from_utf8(command).ok()?.strip_prefix('\'')?.strip_suffix('\'')?;
        let words: Vec<&str> = line.split("' '").collect();
        match words.as_slice() {
            [.., "chpasswd"] => Some(Self::SetPassword),
            [.., "getent", "passwd", "--", login] => Some(Self::Find((*login).to_owned())),
            _ => None,
        }
    }
}

/// As `getent passwd` prints a login.
pub(super) fn entry(login: &str, home: &Path) -> String {
    format!("{login}:x:1000:1000:{login}:{}:/bin/sh\n", home.display())
}
