//! The unseal key, which wraps the root key and never touches the database: from a key file, from a passphrase by
//! Argon2id (RFC 9106, second recommended option: 64 MiB, 3 passes, 4 lanes), from shares; or a device that wraps for us.

use crate::SealError;
use crate::key::Key;
use crate::pkcs11::Token;
use crate::shamir::Sharing;
use crate::transit::Transit;
use argon2::{Algorithm, Argon2, Params, Version};
use std::io::Write;
use std::path::Path;
use types::{Chance, Secret};

/// What opens the seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SealKind {
    File,
    Passphrase,
    Shamir,
    Transit,
    Pkcs11,
}

impl SealKind {
    pub const ALL: [Self; 5] = [Self::File, Self::Passphrase, Self::Shamir, Self::Transit, Self::Pkcs11];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Passphrase => "passphrase",
            Self::Shamir => "shamir",
            Self::Transit => "transit",
            Self::Pkcs11 => "pkcs11",
        }
    }

    /// In words, for messages.
    const fn words(self) -> &'static str {
        match self {
            Self::File => "key file",
            Self::Passphrase => "passphrase",
            Self::Shamir => "set of shares",
            Self::Transit => "transit engine",
            Self::Pkcs11 => "PKCS#11 token",
        }
    }
}

impl std::str::FromStr for SealKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or_else(|| {
            format!("`{text}` is no kind of seal; choose from {}", Self::ALL.map(Self::as_str).join(", "))
        })
    }
}

impl std::fmt::Display for SealKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Where the unseal key comes from, or who wraps instead of it.
#[derive(Clone)]
pub enum UnsealKey {
    /// 32 random bytes, as read from a key file.
    File(Secret<[u8; 32]>),
    Passphrase(Secret<String>),
    /// Put together from shares.
    Shamir {
        key: Secret<[u8; 32]>,
        sharing: Sharing,
    },
    Transit(Transit),
    Pkcs11(Token),
}

impl UnsealKey {
    /// Reads a key file: 64 hex digits. Refuses a file that others than its owner can read.
    pub fn from_file(path: &Path) -> Result<Self, SealError> {
        let text = read_private(path)?;
        let problem = || key_file(path, "it must hold 64 hex digits");
        let bytes =
            data_encoding::HEXLOWER_PERMISSIVE.decode(text.expose().trim().as_bytes()).map_err(|_| problem())?;
        let bytes = Secret::new(bytes);
        Ok(Self::File(Secret::new(bytes.expose().as_slice().try_into().map_err(|_| problem())?)))
    }

    /// Reads the first line of a file with a passphrase. Refuses a file that others than its owner can read.
    pub fn from_passphrase_file(path: &Path) -> Result<Self, SealError> {
        let text = read_private(path)?;
        let line = text.expose().lines().next().unwrap_or_default();
        if line.is_empty() {
            return Err(key_file(path, "its first line must be the passphrase"));
        }
        Ok(Self::Passphrase(Secret::new(line.to_owned())))
    }

    /// Makes a new key file with mode 0600.
    ///
    /// # Errors
    /// When the file exists already: a key is never overwritten.
    pub fn create_file(path: &Path, chance: &Chance) -> Result<(), SealError> {
        let io = |e: std::io::Error| key_file(path, &e.to_string());
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path).map_err(io)?;
        let key = Secret::new(chance.bytes::<32>());
        let text = Secret::new(data_encoding::HEXLOWER.encode(key.expose()) + "\n");
        file.write_all(text.expose().as_bytes()).and_then(|()| file.sync_all()).map_err(io)
    }

    pub fn kind(&self) -> SealKind {
        match self {
            Self::File(_) => SealKind::File,
            Self::Passphrase(_) => SealKind::Passphrase,
            Self::Shamir { .. } => SealKind::Shamir,
            Self::Transit(_) => SealKind::Transit,
            Self::Pkcs11(_) => SealKind::Pkcs11,
        }
    }

    pub(crate) fn sharing(&self) -> Option<Sharing> {
        match self {
            Self::Shamir { sharing, .. } => Some(sharing.clone()),
            _ => None,
        }
    }

    /// What wraps the root key, after the work that a passphrase costs.
    pub(crate) fn wrapping(&self, salt: &[u8]) -> Result<Wrapping, SealError> {
        Ok(match self {
            Self::File(bytes) | Self::Shamir { key: bytes, .. } => Wrapping::Key(Key::new(*bytes.expose())),
            Self::Passphrase(passphrase) => Wrapping::Key(stretched(passphrase, salt)?),
            Self::Transit(transit) => Wrapping::Transit(transit.clone()),
            Self::Pkcs11(token) => Wrapping::Pkcs11(token.clone()),
        })
    }
}

pub(crate) fn wrong_kind(expected: SealKind, given: SealKind) -> SealError {
    SealError::WrongKind { expected: expected.words().to_owned(), given: given.words() }
}

fn stretched(passphrase: &Secret<String>, salt: &[u8]) -> Result<Key, SealError> {
    let params = Params::new(64 * 1024, 3, 4, Some(32)).map_err(|_| SealError::Cipher)?;
    let mut bytes = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.expose().as_bytes(), salt, &mut bytes)
        .map_err(|_| SealError::Cipher)?;
    Ok(Key::new(bytes))
}

/// Wraps and unwraps the root key.
pub(crate) enum Wrapping {
    Key(Key),
    Transit(Transit),
    Pkcs11(Token),
}

impl Wrapping {
    pub(crate) async fn wrap(&self, associated: &[u8], root: &Key) -> Result<Vec<u8>, SealError> {
        match self {
            Self::Key(key) => key.encrypt(associated, root.bytes()),
            Self::Transit(transit) => transit.encrypt(associated, root.bytes()).await,
            Self::Pkcs11(token) => token.encrypt(associated, root.bytes()).await,
        }
    }

    pub(crate) async fn unwrap(&self, associated: &[u8], wrapped: &[u8]) -> Result<Key, SealError> {
        let bytes = match self {
            Self::Key(key) => key.decrypt(associated, wrapped).map_err(|_| SealError::WrongKey)?,
            Self::Transit(transit) => transit.decrypt(associated, wrapped).await?,
            Self::Pkcs11(token) => token.decrypt(associated, wrapped).await?,
        };
        Key::from_slice(bytes.expose())
    }
}

/// The text of a file that holds a secret. Refuses one that others than its owner can read; root may let a group read it,
/// which is how systemd hands over credentials.
pub(crate) fn read_private(path: &Path) -> Result<Secret<String>, SealError> {
    let io = |e: std::io::Error| key_file(path, &e.to_string());
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let file = std::fs::metadata(path).map_err(io)?;
        let too_open = if file.uid() == 0 { 0o037 } else { 0o077 };
        if file.mode() & too_open != 0 {
            return Err(key_file(path, "others can read it: run `chmod 600` on it"));
        }
    }
    Ok(Secret::new(std::fs::read_to_string(path).map_err(io)?))
}

fn key_file(path: &Path, problem: &str) -> SealError {
    SealError::KeyFile { path: path.display().to_string(), problem: problem.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::Permissions;
    use std::os::unix::fs::{MetadataExt, PermissionsExt};

    #[test]
    fn a_passphrase_is_the_first_line_of_a_file_that_others_cannot_read() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("passphrase");
        for (text, expected) in
            [("correct horse\n", Some("correct horse")), ("x", Some("x")), ("\nx", None), ("", None)]
        {
            std::fs::write(&file, text).unwrap();
            std::fs::set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
            match UnsealKey::from_passphrase_file(&file) {
                Ok(UnsealKey::Passphrase(read)) => assert_eq!(Some(read.expose().as_str()), expected),
                Ok(_) => panic!("a passphrase"),
                Err(error) => assert!(expected.is_none() && error.to_string().contains("first line"), "{error}"),
            }
        }
        std::fs::write(&file, "correct horse").unwrap();
        let of_root = std::fs::metadata(&file).unwrap().uid() == 0;
        for (mode, is_read) in [(0o400, true), (0o440, of_root), (0o460, false), (0o604, false)] {
            std::fs::set_permissions(&file, Permissions::from_mode(mode)).unwrap();
            assert_eq!(UnsealKey::from_passphrase_file(&file).is_ok(), is_read, "{mode:o}");
        }
    }
}
