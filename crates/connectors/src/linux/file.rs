//! One file on a host: read whole, and replaced in one step, by the user that its folder belongs to.
//! What it holds is a secret. Which file, and what is put in it, is decided elsewhere.

use super::as_root::AsRoot;
use super::ssh::Output;
use crate::ConnectorError;
use crate::account::cut;
use crate::error::one_line;
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use types::Secret;

const SCRIPT: &str = include_str!("swap.sh");
const ABSENT: u32 = 8;
const MAX_BYTES: usize = 1024 * 1024;

pub(super) struct HostFile<'a> {
    root: &'a AsRoot<'a>,
    login: &'a str,
    folder: String,
    name: String,
}

impl<'a> HostFile<'a> {
    /// A file by its whole path, seen with the rights of `login`.
    ///
    /// # Errors
    /// `BadName`: a path that does not name one file plainly.
    pub(super) fn of(root: &'a AsRoot<'a>, login: &'a str, path: &str) -> Result<Self, ConnectorError> {
        let plain = path.starts_with('/') && path.len() < 4096 && !path.chars().any(char::is_control);
        let plain = plain && path.split('/').skip(1).all(|part| !["", ".", ".."].contains(&part));
        let parts = path.rsplit_once('/').filter(|_| plain);
        let Some((folder, name)) = parts else {
            return Err(ConnectorError::BadName { name: cut(path), reason: "it is no plain path to a file" });
        };
        let folder = if folder.is_empty() { "/" } else { folder };
        Ok(Self { root, login, folder: folder.to_owned(), name: name.to_owned() })
    }

    /// What it holds; `None` when it is not there.
    ///
    /// # Errors
    /// `Unexpected`: it is a link, somebody else's, too large.
    pub(super) async fn read(&self) -> Result<Option<Secret<Vec<u8>>>, ConnectorError> {
        let output = self.run("read", "", "", None).await?;
        match output.status {
            0 if output.stdout.len() > MAX_BYTES => Err(self.refused("it is larger than 1 MiB")),
            0 => Ok(Some(Secret::new(output.stdout))),
            ABSENT => Ok(None),
            _ => Err(self.refused(&output.stderr_text())),
        }
    }

    /// Whether it could be replaced, as far as can be told without doing so.
    ///
    /// # Errors
    /// `Unexpected`: it could not.
    pub(super) async fn check_writable(&self) -> Result<(), ConnectorError> {
        let output = self.run("check", "", "", None).await?;
        if output.status == 0 { Ok(()) } else { Err(self.refused(&output.stderr_text())) }
    }

    /// Puts `after` in its place if it still holds `before`. A crash leaves the one or the other.
    ///
    /// # Errors
    /// `Unexpected`: it changed meanwhile, or is not what it was.
    pub(super) async fn swap(&self, before: &[u8], after: &[u8]) -> Result<(), ConnectorError> {
        if after.len() > MAX_BYTES {
            return Err(self.refused("it would become larger than 1 MiB"));
        }
        let output = self.run("swap", &sha256(before), &sha256(after), Some(after)).await?;
        if output.status == 0 { Ok(()) } else { Err(self.refused(&output.stderr_text())) }
    }

    async fn run(&self, what: &str, before: &str, after: &str, stdin: Option<&[u8]>) -> Result<Output, ConnectorError> {
        let argv = ["/bin/sh", "-c", SCRIPT, "sh", what, &self.folder, &self.name, before, after];
        self.root.run_as(self.login, &argv, stdin).await
    }

    fn refused(&self, why: &str) -> ConnectorError {
        let command = cut(&format!("{}/{}", self.folder.trim_end_matches('/'), self.name));
        ConnectorError::Unexpected { command, detail: one_line(why) }
    }
}

fn sha256(content: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(content))
}
