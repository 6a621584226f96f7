//! The root key, which wraps the data keys and never touches the database: from a key file, or from a
//! passphrase by Argon2id (RFC 9106, second recommended option: 64 MiB, 3 passes, 4 lanes).

use crate::SealError;
use crate::key::Key;
use argon2::{Algorithm, Argon2, Params, Version};
use std::io::Write;
use std::path::Path;
use types::{Chance, Secret};

/// Where the root key comes from.
#[derive(Clone)]
pub enum RootKey {
    /// 32 random bytes, as read from a key file.
    File(Secret<[u8; 32]>),
    Passphrase(Secret<String>),
}

impl RootKey {
    /// Reads a key file: 64 hex digits. Refuses a file that others than its owner can read.
    pub fn from_file(path: &Path) -> Result<Self, SealError> {
        let shown = path.display().to_string();
        let io = |e: std::io::Error| SealError::KeyFile { path: shown.clone(), problem: e.to_string() };
        let problem = |problem: &str| SealError::KeyFile { path: shown.clone(), problem: problem.to_owned() };
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            if std::fs::metadata(path).map_err(io)?.permissions().mode() & 0o077 != 0 {
                return Err(problem("others can read it: run `chmod 600` on it"));
            }
        }
        let text = Secret::new(std::fs::read_to_string(path).map_err(io)?);
        let bytes = decode_hex(text.expose().trim()).ok_or_else(|| problem("it must hold 64 hex digits"))?;
        Ok(Self::File(bytes))
    }

    /// Makes a new key file with mode 0600.
    ///
    /// # Errors
    /// When the file exists already: a key is never overwritten.
    pub fn create_file(path: &Path, chance: &Chance) -> Result<(), SealError> {
        let io = |e: std::io::Error| SealError::KeyFile { path: path.display().to_string(), problem: e.to_string() };
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path).map_err(io)?;
        let text: Secret<String> = Secret::new(
            chance.bytes::<32>().iter().map(|byte| format!("{byte:02x}")).chain(["\n".to_owned()]).collect(),
        );
        file.write_all(text.expose().as_bytes()).and_then(|()| file.sync_all()).map_err(io)
    }

    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::File(_) => "file",
            Self::Passphrase(_) => "passphrase",
        }
    }

    pub(crate) fn key(&self, salt: &[u8]) -> Result<Key, SealError> {
        match self {
            Self::File(bytes) => Ok(Key::new(*bytes.expose())),
            Self::Passphrase(passphrase) => {
                let params = Params::new(64 * 1024, 3, 4, Some(32)).map_err(|_| SealError::Cipher)?;
                let mut bytes = [0; 32];
                Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
                    .hash_password_into(passphrase.expose().as_bytes(), salt, &mut bytes)
                    .map_err(|_| SealError::Cipher)?;
                Ok(Key::new(bytes))
            }
        }
    }
}

fn decode_hex(text: &str) -> Option<Secret<[u8; 32]>> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let mut bytes = [0; 32];
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[at * 2..at * 2 + 2], 16).ok()?;
    }
    Some(Secret::new(bytes))
}
