//! Envelope encryption: root key → data keys (by version) → one derived key per record → AES-256-GCM, with
//! the record's identity as associated data. A sealed value moved to another record does not open.

use crate::key::Key;
use crate::root::RootKey;
use crate::store;
use db::{DbError, ReadTx, WriteTx};
use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};
use types::{Chance, Failure, Kind, Secret, Timestamp};

const FORMAT: u8 = 1;
const HEADER_LEN: usize = 5;

/// Which value is sealed: a column of a row.
#[derive(Debug, Clone, Copy)]
pub struct Record<'a> {
    pub table: &'static str,
    pub column: &'static str,
    pub row: &'a str,
}

#[derive(Debug, thiserror::Error)]
pub enum SealError {
    #[error("the root key file `{path}` cannot be used: {problem}")]
    KeyFile { path: String, problem: String },
    #[error("this database is sealed by a {expected}, not by a {given}: give the {expected}")]
    WrongKind { expected: String, given: &'static str },
    #[error("the root key does not open this database: give the key file or passphrase that it was made with")]
    WrongRoot,
    #[error("this database is not sealed yet: run `tenure init` first")]
    NotInitialised,
    #[error("this database is sealed already")]
    AlreadyInitialised,
    #[error("a sealed value does not open: it was changed, or moved from another record")]
    Unreadable,
    #[error("a sealed value needs data key {0}, which is missing")]
    NoSuchKey(u32),
    #[error("the cipher failed")]
    Cipher,
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Failure for SealError {
    fn kind(&self) -> Kind {
        match self {
            Self::KeyFile { .. } | Self::WrongKind { .. } | Self::WrongRoot | Self::NotInitialised => Kind::Invalid,
            Self::AlreadyInitialised => Kind::Conflict,
            Self::Db(e) => e.kind(),
            _ => Kind::Internal,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::KeyFile { .. } => "key_file",
            Self::WrongKind { .. } | Self::WrongRoot => "wrong_root_key",
            Self::NotInitialised => "not_initialised",
            Self::AlreadyInitialised => "already_initialised",
            Self::Unreadable | Self::NoSuchKey(_) => "sealed_value_unreadable",
            Self::Cipher => "cipher",
            Self::Db(e) => e.code(),
        }
    }
}

/// The open seal. Clones share the keys.
#[derive(Clone)]
pub struct Seal(Arc<Open>);

struct Open {
    root: Key,
    keys: RwLock<BTreeMap<u32, Arc<Key>>>,
}

impl Seal {
    /// Seals a new database: stores the first data key, wrapped by the root key.
    pub async fn initialise(
        tx: &mut WriteTx,
        root: &RootKey,
        chance: &Chance,
        now: Timestamp,
    ) -> Result<Self, SealError> {
        if store::root(tx).await?.is_some() {
            return Err(SealError::AlreadyInitialised);
        }
        let salt = chance.bytes::<16>().to_vec();
        let seal = Self(Arc::new(Open { root: root.key(&salt)?, keys: RwLock::default() }));
        store::insert_root(tx, &store::Root { kind: root.kind().to_owned(), salt }).await?;
        let (version, key) = seal.add_data_key(tx, chance, now).await?;
        seal.adopt(version, key);
        Ok(seal)
    }

    /// Opens the seal of an existing database.
    pub async fn open(tx: &mut ReadTx, root: &RootKey) -> Result<Self, SealError> {
        let stored = store::root(tx).await?.ok_or(SealError::NotInitialised)?;
        if stored.kind != root.kind() {
            return Err(SealError::WrongKind { expected: stored.kind, given: root.kind() });
        }
        let seal = Self(Arc::new(Open { root: root.key(&stored.salt)?, keys: RwLock::default() }));
        seal.load(tx).await?;
        Ok(seal)
    }

    /// Reads data keys that another node added.
    pub async fn load(&self, tx: &mut ReadTx) -> Result<(), SealError> {
        for (version, wrapped) in store::data_keys(tx).await? {
            let bytes = self.0.root.decrypt(&wrap_aad(version), &wrapped).map_err(|_| SealError::WrongRoot)?;
            let bytes: [u8; 32] = bytes.expose().as_slice().try_into().map_err(|_| SealError::Unreadable)?;
            self.adopt(version, Key::new(bytes));
        }
        Ok(())
    }

    /// Stores a new data key, which seals everything from `adopt` on. Call [`Self::load`] after the commit.
    pub async fn start_data_key(&self, tx: &mut WriteTx, chance: &Chance, now: Timestamp) -> Result<u32, SealError> {
        self.add_data_key(tx, chance, now).await.map(|(version, _)| version)
    }

    async fn add_data_key(&self, tx: &mut WriteTx, chance: &Chance, now: Timestamp) -> Result<(u32, Key), SealError> {
        let version = store::data_keys(tx).await?.last().map_or(1, |(version, _)| version + 1);
        let key = Key::new(chance.bytes());
        let wrapped = self.0.root.encrypt(&wrap_aad(version), key.bytes())?;
        store::insert_data_key(tx, version, wrapped, now).await?;
        Ok((version, key))
    }

    fn adopt(&self, version: u32, key: Key) {
        self.0.keys.write().expect("no holder panics").insert(version, Arc::new(key));
    }

    /// The version that seals now.
    pub fn version(&self) -> u32 {
        self.0.keys.read().expect("no holder panics").last_key_value().map_or(0, |(version, _)| *version)
    }

    /// Seals a value for one record: format, key version, nonce, ciphertext, tag.
    pub fn seal(&self, record: Record<'_>, plaintext: &[u8]) -> Result<Vec<u8>, SealError> {
        let version = self.version();
        let identity = identity(record, version);
        let mut sealed = vec![FORMAT];
        sealed.extend_from_slice(&version.to_be_bytes());
        sealed.extend(self.key(version)?.derive(&identity).encrypt(&identity, plaintext)?);
        Ok(sealed)
    }

    /// Opens what [`Self::seal`] made for the same record, under whichever key version it names.
    pub fn unseal(&self, record: Record<'_>, sealed: &[u8]) -> Result<Secret<Vec<u8>>, SealError> {
        let version = version_of(sealed)?;
        let identity = identity(record, version);
        self.key(version)?.derive(&identity).decrypt(&identity, &sealed[HEADER_LEN..])
    }

    /// The same value under the newest data key; `None` when it is already.
    pub fn reseal(&self, record: Record<'_>, sealed: &[u8]) -> Result<Option<Vec<u8>>, SealError> {
        if version_of(sealed)? == self.version() {
            return Ok(None);
        }
        self.seal(record, self.unseal(record, sealed)?.expose()).map(Some)
    }

    fn key(&self, version: u32) -> Result<Arc<Key>, SealError> {
        self.0.keys.read().expect("no holder panics").get(&version).cloned().ok_or(SealError::NoSuchKey(version))
    }
}

/// A key for one subject or one file, kept elsewhere as a sealed value. Destroying that value makes
/// everything under the key unreadable for good.
pub struct OwnKey(Key);

impl OwnKey {
    pub fn generate(chance: &Chance) -> Self {
        Self(Key::new(chance.bytes()))
    }

    /// The key as stored: sealed for `record`.
    pub fn to_sealed(&self, seal: &Seal, record: Record<'_>) -> Result<Vec<u8>, SealError> {
        seal.seal(record, self.0.bytes())
    }

    pub fn from_sealed(seal: &Seal, record: Record<'_>, sealed: &[u8]) -> Result<Self, SealError> {
        let bytes = seal.unseal(record, sealed)?;
        let bytes = bytes.expose().as_slice().try_into().map_err(|_| SealError::Unreadable)?;
        Ok(Self(Key::new(bytes)))
    }

    pub fn seal(&self, associated: &[u8], plaintext: &[u8]) -> Result<Vec<u8>, SealError> {
        self.0.encrypt(associated, plaintext)
    }

    pub fn unseal(&self, associated: &[u8], sealed: &[u8]) -> Result<Secret<Vec<u8>>, SealError> {
        self.0.decrypt(associated, sealed)
    }
}

fn version_of(sealed: &[u8]) -> Result<u32, SealError> {
    match sealed {
        [FORMAT, a, b, c, d, _rest @ ..] => Ok(u32::from_be_bytes([*a, *b, *c, *d])),
        _ => Err(SealError::Unreadable),
    }
}

fn wrap_aad(version: u32) -> Vec<u8> {
    [b"tenure data key ".as_slice(), &version.to_be_bytes()].concat()
}

/// Length-prefixed, so that no two records share an identity.
fn identity(record: Record<'_>, version: u32) -> Vec<u8> {
    let mut identity = b"tenure record\0".to_vec();
    identity.extend_from_slice(&version.to_be_bytes());
    for part in [record.table, record.column, record.row] {
        identity.extend_from_slice(&(part.len() as u64).to_be_bytes());
        identity.extend_from_slice(part.as_bytes());
    }
    identity
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: Record<'static> = Record { table: "totp", column: "secret", row: "idn_1" };

    async fn sealed_database(root: &RootKey) -> (db::fixture::Fixture, Seal) {
        let fixture = db::fixture::sqlite(crate::MIGRATIONS).await;
        let mut tx = fixture.db.begin_unexplained().await.unwrap();
        let seal = Seal::initialise(&mut tx, root, &Chance::system(), Timestamp::from_micros(0)).await.unwrap();
        tx.commit().await.unwrap();
        (fixture, seal)
    }

    fn file_key() -> RootKey {
        RootKey::File(Secret::new([7; 32]))
    }

    #[tokio::test]
    async fn a_value_opens_for_its_own_record_and_for_no_other() {
        let (_fixture, seal) = sealed_database(&file_key()).await;
        let sealed = seal.seal(ROW, b"hunter2").unwrap();
        assert_eq!(seal.unseal(ROW, &sealed).unwrap().expose(), b"hunter2");
        for other in
            [Record { row: "idn_2", ..ROW }, Record { column: "other", ..ROW }, Record { table: "tota", ..ROW }]
        {
            assert!(matches!(seal.unseal(other, &sealed), Err(SealError::Unreadable)));
        }
    }

    #[tokio::test]
    async fn a_value_changed_in_any_byte_does_not_open() {
        let (_fixture, seal) = sealed_database(&file_key()).await;
        let sealed = seal.seal(ROW, b"hunter2").unwrap();
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(seal.unseal(ROW, &changed).is_err(), "byte {at}");
            assert!(seal.unseal(ROW, &sealed[..at]).is_err(), "cut at {at}");
        }
    }

    #[tokio::test]
    async fn the_right_root_key_opens_the_database_and_a_wrong_one_is_refused() {
        for root in [file_key(), RootKey::Passphrase(Secret::new("correct horse".into()))] {
            let (fixture, seal) = sealed_database(&root).await;
            let sealed = seal.seal(ROW, b"hunter2").unwrap();
            let mut tx = fixture.db.read().await.unwrap();
            let again = Seal::open(&mut tx, &root).await.unwrap();
            assert_eq!(again.unseal(ROW, &sealed).unwrap().expose(), b"hunter2");
        }
        let (fixture, _) = sealed_database(&file_key()).await;
        let mut tx = fixture.db.read().await.unwrap();
        let wrong = RootKey::File(Secret::new([8; 32]));
        assert!(matches!(Seal::open(&mut tx, &wrong).await, Err(SealError::WrongRoot)));
        let other = RootKey::Passphrase(Secret::new("x".into()));
        assert!(matches!(Seal::open(&mut tx, &other).await, Err(SealError::WrongKind { .. })));
    }

    #[tokio::test]
    async fn a_new_data_key_seals_new_values_while_old_ones_still_open() {
        let (fixture, seal) = sealed_database(&file_key()).await;
        let old = seal.seal(ROW, b"hunter2").unwrap();
        let mut tx = fixture.db.begin_unexplained().await.unwrap();
        seal.start_data_key(&mut tx, &Chance::system(), Timestamp::from_micros(1)).await.unwrap();
        tx.commit().await.unwrap();
        seal.load(&mut fixture.db.read().await.unwrap()).await.unwrap();
        let new = seal.reseal(ROW, &old).unwrap().expect("an older version");
        assert_eq!(seal.version(), 2);
        assert_eq!(seal.unseal(ROW, &old).unwrap().expose(), b"hunter2");
        assert_eq!(seal.unseal(ROW, &new).unwrap().expose(), b"hunter2");
        assert!(seal.reseal(ROW, &new).unwrap().is_none());
    }
}
