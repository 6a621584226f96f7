//! Envelope encryption: root key → data keys (by version) → one derived key per record → AES-256-GCM, with
//! the record's identity as associated data. A sealed value moved to another record does not open.

use crate::SealError;
use crate::hierarchy::{NewRoot, Opened};
use crate::key::Key;
use crate::store;
use crate::unseal::{UnsealKey, Wrapping};
use db::{Db, WriteTx};
use std::collections::BTreeMap;
use std::sync::{Arc, RwLock, RwLockReadGuard, RwLockWriteGuard};
use types::{Chance, Secret, Timestamp};

const FORMAT: u8 = 1;
const HEADER_LEN: usize = 5;

/// Which value is sealed: a column of a row.
#[derive(Debug, Clone, Copy)]
pub struct Record<'a> {
    pub table: &'static str,
    pub column: &'static str,
    pub row: &'a str,
}

/// The open seal. Clones share the keys, and lose them together when it is closed.
#[derive(Clone)]
pub struct Seal(Arc<RwLock<Option<Keys>>>);

pub(crate) struct Keys {
    pub(crate) generation: u32,
    pub(crate) root: Arc<Key>,
    pub(crate) wrapping: Arc<Wrapping>,
    pub(crate) data: BTreeMap<u32, Arc<Key>>,
}

impl Seal {
    /// Seals a new database: stores the root key, wrapped, and the first data key under it.
    pub async fn initialise(
        tx: &mut WriteTx,
        root: NewRoot,
        chance: &Chance,
        now: Timestamp,
    ) -> Result<Self, SealError> {
        if store::root(tx).await?.is_some() {
            return Err(SealError::AlreadyInitialised);
        }
        store::insert_root(tx, &root.stored).await?;
        let seal = Self(Arc::new(RwLock::new(Some(root.into_keys(BTreeMap::new())))));
        let (version, key) = seal.add_data_key(tx, chance, now).await?;
        seal.change()?.data.insert(version, Arc::new(key));
        Ok(seal)
    }

    /// Opens the seal of an existing database.
    pub async fn open(db: &Db, unseal: &UnsealKey) -> Result<Self, SealError> {
        let stored = store::Stored::read(&mut db.read().await?).await?;
        let keys = Opened::by(unseal, stored).await?;
        Ok(Self(Arc::new(RwLock::new(Some(keys)))))
    }

    /// Forgets every key, in each clone: nothing is sealed or unsealed through them any more.
    pub fn close(&self) {
        self.write().take();
    }

    /// Reads what other nodes changed: data keys, and the root key.
    pub async fn load(&self, db: &Db) -> Result<(), SealError> {
        let stored = store::Stored::read(&mut db.read().await?).await?;
        let (generation, root, wrapping) = self.held()?;
        self.take(Opened::again(generation, root, wrapping, stored).await?)
    }

    /// The same after the unseal key was replaced by another one.
    pub async fn load_by(&self, db: &Db, unseal: &UnsealKey) -> Result<(), SealError> {
        let stored = store::Stored::read(&mut db.read().await?).await?;
        self.take(Opened::by(unseal, stored).await?)
    }

    fn take(&self, keys: Keys) -> Result<(), SealError> {
        let mut held = self.change()?;
        // Another call may have read later than this one.
        if (keys.generation, keys.newest()) >= (held.generation, held.newest()) {
            *held = keys;
        }
        Ok(())
    }

    /// Stores a new data key, which seals everything once it is read. Call [`Self::load`] after the commit.
    pub async fn start_data_key(&self, tx: &mut WriteTx, chance: &Chance, now: Timestamp) -> Result<u32, SealError> {
        self.add_data_key(tx, chance, now).await.map(|(version, _)| version)
    }

    async fn add_data_key(&self, tx: &mut WriteTx, chance: &Chance, now: Timestamp) -> Result<(u32, Key), SealError> {
        let (generation, root, _) = self.held()?;
        if store::root(tx).await?.is_none_or(|stored| stored.generation != generation) {
            return Err(SealError::Outdated);
        }
        let version = store::data_keys(tx).await?.last().map_or(1, |(version, _)| version + 1);
        let key = Key::new(chance.bytes());
        store::insert_data_key(tx, version, wrap(&root, version, &key)?, now).await?;
        Ok((version, key))
    }

    /// Wraps every data key under a new root key, and stores that. Call [`Self::adopt`] after the commit.
    pub async fn replace_root(&self, tx: &mut WriteTx, new: &NewRoot) -> Result<(), SealError> {
        let (generation, root, _) = self.held()?;
        if store::root(tx).await?.is_none_or(|stored| stored.generation != generation) {
            return Err(SealError::Outdated);
        }
        for (version, wrapped) in store::data_keys(tx).await? {
            let key = unwrap(&root, version, &wrapped)?;
            store::replace_data_key(tx, version, wrap(&new.root, version, &key)?).await?;
        }
        Ok(store::replace_root(tx, &new.stored).await?)
    }

    /// Goes on with a root key that was committed.
    pub fn adopt(&self, new: NewRoot) -> Result<(), SealError> {
        let mut held = self.change()?;
        if new.stored.generation > held.generation {
            *held = new.into_keys(std::mem::take(&mut held.data));
        }
        Ok(())
    }

    pub(crate) fn held(&self) -> Result<(u32, Arc<Key>, Arc<Wrapping>), SealError> {
        let held = self.read();
        let keys = held.as_ref().ok_or(SealError::Closed)?;
        Ok((keys.generation, keys.root.clone(), keys.wrapping.clone()))
    }

    /// The version that seals now; 0 when the seal is closed.
    pub fn version(&self) -> u32 {
        self.read().as_ref().map_or(0, Keys::newest)
    }

    /// What every value begins with that is sealed now. Values under older keys begin with less.
    pub fn prefix(&self) -> [u8; HEADER_LEN] {
        header(self.version())
    }

    /// Seals a value for one record: format, key version, nonce, ciphertext, tag.
    pub fn seal(&self, record: Record<'_>, plaintext: &[u8]) -> Result<Vec<u8>, SealError> {
        let version = self.version();
        let identity = identity(record, version);
        let mut sealed = header(version).to_vec();
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
        let held = self.read();
        let keys = held.as_ref().ok_or(SealError::Closed)?;
        keys.data.get(&version).cloned().ok_or(SealError::NoSuchKey(version))
    }

    fn read(&self) -> RwLockReadGuard<'_, Option<Keys>> {
        self.0.read().expect("no holder panics")
    }

    fn write(&self) -> RwLockWriteGuard<'_, Option<Keys>> {
        self.0.write().expect("no holder panics")
    }

    fn change(&self) -> Result<Held<'_>, SealError> {
        let held = self.write();
        if held.is_some() { Ok(Held(held)) } else { Err(SealError::Closed) }
    }
}

/// The keys of a seal that is open, to be changed.
struct Held<'a>(RwLockWriteGuard<'a, Option<Keys>>);

impl std::ops::Deref for Held<'_> {
    type Target = Keys;
    fn deref(&self) -> &Keys {
        self.0.as_ref().expect("it was open when this was taken")
    }
}

impl std::ops::DerefMut for Held<'_> {
    fn deref_mut(&mut self) -> &mut Keys {
        self.0.as_mut().expect("it was open when this was taken")
    }
}

impl Keys {
    pub(crate) fn newest(&self) -> u32 {
        self.data.last_key_value().map_or(0, |(version, _)| *version)
    }
}

pub(crate) fn wrap(root: &Key, version: u32, key: &Key) -> Result<Vec<u8>, SealError> {
    root.encrypt(&wrap_aad(version), key.bytes())
}

pub(crate) fn unwrap(root: &Key, version: u32, wrapped: &[u8]) -> Result<Key, SealError> {
    let bytes = root.decrypt(&wrap_aad(version), wrapped).map_err(|_| SealError::WrongKey)?;
    Key::from_slice(bytes.expose())
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
        Key::from_slice(bytes.expose()).map(Self)
    }

    pub fn seal(&self, associated: &[u8], plaintext: &[u8]) -> Result<Vec<u8>, SealError> {
        self.0.encrypt(associated, plaintext)
    }

    pub fn unseal(&self, associated: &[u8], sealed: &[u8]) -> Result<Secret<Vec<u8>>, SealError> {
        self.0.decrypt(associated, sealed)
    }
}

fn header(version: u32) -> [u8; HEADER_LEN] {
    let [a, b, c, d] = version.to_be_bytes();
    [FORMAT, a, b, c, d]
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

    async fn sealed_database(unseal: &UnsealKey) -> (db::fixture::Fixture, Seal) {
        let fixture = db::fixture::sqlite(crate::MIGRATIONS).await;
        let root = NewRoot::first(unseal, &Chance::system()).await.unwrap();
        let mut tx = fixture.db.begin_unexplained().await.unwrap();
        let seal = Seal::initialise(&mut tx, root, &Chance::system(), Timestamp::from_micros(0)).await.unwrap();
        tx.commit().await.unwrap();
        (fixture, seal)
    }

    fn file_key() -> UnsealKey {
        UnsealKey::File(Secret::new([7; 32]))
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
        for root in [file_key(), UnsealKey::Passphrase(Secret::new("correct horse".into()))] {
            let (fixture, seal) = sealed_database(&root).await;
            let sealed = seal.seal(ROW, b"hunter2").unwrap();
            let again = Seal::open(&fixture.db, &root).await.unwrap();
            assert_eq!(again.unseal(ROW, &sealed).unwrap().expose(), b"hunter2");
        }
        let (fixture, _) = sealed_database(&file_key()).await;
        let wrong = UnsealKey::File(Secret::new([8; 32]));
        assert!(matches!(Seal::open(&fixture.db, &wrong).await, Err(SealError::WrongKey)));
        let other = UnsealKey::Passphrase(Secret::new("x".into()));
        assert!(matches!(Seal::open(&fixture.db, &other).await, Err(SealError::WrongKind { .. })));
    }

    #[tokio::test]
    async fn a_closed_seal_opens_nothing_in_any_of_its_clones() {
        let (fixture, seal) = sealed_database(&file_key()).await;
        let (sealed, clone) = (seal.seal(ROW, b"hunter2").unwrap(), seal.clone());
        seal.close();
        for seal in [&seal, &clone] {
            assert!(matches!(seal.unseal(ROW, &sealed), Err(SealError::Closed)));
            assert!(matches!(seal.seal(ROW, b"hunter2"), Err(SealError::Closed)));
            assert!(matches!(seal.load(&fixture.db).await, Err(SealError::Closed)));
        }
    }

    #[tokio::test]
    async fn a_new_data_key_seals_new_values_while_old_ones_still_open() {
        let (fixture, seal) = sealed_database(&file_key()).await;
        let old = seal.seal(ROW, b"hunter2").unwrap();
        let mut tx = fixture.db.begin_unexplained().await.unwrap();
        seal.start_data_key(&mut tx, &Chance::system(), Timestamp::from_micros(1)).await.unwrap();
        tx.commit().await.unwrap();
        seal.load(&fixture.db).await.unwrap();
        let new = seal.reseal(ROW, &old).unwrap().expect("an older version");
        assert_eq!(seal.version(), 2);
        assert_eq!(seal.unseal(ROW, &old).unwrap().expose(), b"hunter2");
        assert_eq!(seal.unseal(ROW, &new).unwrap().expose(), b"hunter2");
        assert!(seal.reseal(ROW, &new).unwrap().is_none());
    }
}
