//! What can go wrong with the seal. No message holds a key, a share or a token.

use crate::shamir::ShareError;
use db::DbError;
use types::{Failure, Kind};

#[derive(Debug, thiserror::Error)]
pub enum SealError {
    #[error("`{path}` cannot be used: {problem}")]
    KeyFile { path: String, problem: String },
    #[error("this database is sealed by a {expected}, not by a {given}: give the {expected}")]
    WrongKind { expected: String, given: &'static str },
    #[error(
        "the unseal key does not open this database: give the key file, passphrase, shares or token that seal it now"
    )]
    WrongKey,
    #[error("this database is not sealed yet: run `tenure init` first")]
    NotInitialised,
    #[error("this database is sealed already")]
    AlreadyInitialised,
    #[error("a sealed value does not open: it was changed, or moved from another record")]
    Unreadable,
    #[error("a sealed value needs data key {0}, which is missing")]
    NoSuchKey(u32),
    #[error("the seal is closed: unseal the server with `tenure seal unseal`")]
    Closed,
    #[error("the root key was rotated by another node a moment ago: try again")]
    Outdated,
    #[error("{device} cannot be reached: {problem}")]
    Away { device: String, problem: String },
    #[error("{device} refused: {problem}")]
    Refused { device: String, problem: String },
    #[error(
        "{device} refused its PIN: {problem}; it locks itself after some wrong ones, so it is not tried again by itself: \
         give the right one (setting `seal.pkcs11.pin_file`), then run `tenure seal unseal --local` on the server's machine"
    )]
    WrongPin { device: String, problem: String },
    #[error("the cipher failed")]
    Cipher,
    #[error(transparent)]
    Share(#[from] ShareError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Failure for SealError {
    fn kind(&self) -> Kind {
        match self {
            Self::KeyFile { .. }
            | Self::WrongKind { .. }
            | Self::WrongKey
            | Self::WrongPin { .. }
            | Self::NotInitialised => Kind::Invalid,
            Self::AlreadyInitialised => Kind::Conflict,
            Self::Closed | Self::Outdated | Self::Away { .. } | Self::Refused { .. } => Kind::Unavailable,
            Self::Share(e) => e.kind(),
            Self::Db(e) => e.kind(),
            Self::Unreadable | Self::NoSuchKey(_) | Self::Cipher => Kind::Internal,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::KeyFile { .. } => "key_file",
            Self::WrongKind { .. } | Self::WrongKey => "wrong_unseal_key",
            Self::NotInitialised => "not_initialised",
            Self::AlreadyInitialised => "already_initialised",
            Self::Unreadable | Self::NoSuchKey(_) => "sealed_value_unreadable",
            Self::Closed => "sealed",
            Self::Outdated => "root_key_rotated",
            Self::Away { .. } => "unseal_device_away",
            Self::Refused { .. } => "unseal_device_refused",
            Self::WrongPin { .. } => "unseal_device_pin",
            Self::Cipher => "cipher",
            Self::Share(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}
