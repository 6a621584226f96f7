//! From the unseal key to the data keys: making a root key, and opening what is stored. A database that was made before
//! root keys were wrapped has none stored: there the unseal key is the root key, until the first rotation.

use crate::SealError;
use crate::envelope::{Keys, Seal, unwrap};
use crate::key::Key;
use crate::store::{Root, Stored};
use crate::unseal::{UnsealKey, Wrapping, wrong_kind};
use std::collections::BTreeMap;
use std::sync::Arc;
use types::Chance;

/// A root key that is not stored yet. Made outside of any transaction: a device may have to wrap it.
pub struct NewRoot {
    pub(crate) stored: Root,
    pub(crate) root: Key,
    wrapping: Arc<Wrapping>,
}

impl NewRoot {
    /// For a new database.
    pub async fn first(unseal: &UnsealKey, chance: &Chance) -> Result<Self, SealError> {
        Self::under(unseal, 1, chance).await
    }

    /// For a database that is open, under another unseal key.
    pub async fn migrating(seal: &Seal, unseal: &UnsealKey, chance: &Chance) -> Result<Self, SealError> {
        Self::under(unseal, seal.held()?.0 + 1, chance).await
    }

    /// For a database that is open, under the same unseal key.
    pub async fn next(seal: &Seal, state: &crate::State, chance: &Chance) -> Result<Self, SealError> {
        let (generation, _, wrapping) = seal.held()?;
        let stored = state.stored.clone();
        Self::made(Root { generation: generation + 1, ..stored }, wrapping, chance).await
    }

    async fn under(unseal: &UnsealKey, generation: u32, chance: &Chance) -> Result<Self, SealError> {
        let (kind, salt, sharing) = (unseal.kind(), chance.bytes::<16>().to_vec(), unseal.sharing());
        let wrapping = Arc::new(unseal.wrapping(&salt)?);
        Self::made(Root { kind, salt, generation, wrapped: None, sharing }, wrapping, chance).await
    }

    async fn made(stored: Root, wrapping: Arc<Wrapping>, chance: &Chance) -> Result<Self, SealError> {
        let root = Key::new(chance.bytes());
        let wrapped = wrapping.wrap(&associated(stored.generation), &root).await?;
        Ok(Self { stored: Root { wrapped: Some(wrapped), ..stored }, root, wrapping })
    }

    pub fn generation(&self) -> u32 {
        self.stored.generation
    }

    pub(crate) fn into_keys(self, data: BTreeMap<u32, Arc<Key>>) -> Keys {
        let Self { stored, root, wrapping } = self;
        Keys { generation: stored.generation, root: Arc::new(root), wrapping, data }
    }
}

/// Keys as they come out of the database.
pub(crate) struct Opened;

impl Opened {
    /// By the unseal key.
    pub(crate) async fn by(unseal: &UnsealKey, stored: Stored) -> Result<Keys, SealError> {
        if stored.root.kind != unseal.kind() {
            return Err(wrong_kind(stored.root.kind, unseal.kind()));
        }
        let wrapping = Arc::new(unseal.wrapping(&stored.root.salt)?);
        let root = Arc::new(root(&wrapping, &stored.root).await?);
        keys(root, wrapping, stored)
    }

    /// By what is held already; the wrapping is asked only where the root key is another one.
    pub(crate) async fn again(
        generation: u32,
        held: Arc<Key>,
        wrapping: Arc<Wrapping>,
        stored: Stored,
    ) -> Result<Keys, SealError> {
        let root =
            if stored.root.generation == generation { held } else { Arc::new(root(&wrapping, &stored.root).await?) };
        keys(root, wrapping, stored)
    }
}

async fn root(wrapping: &Wrapping, stored: &Root) -> Result<Key, SealError> {
    match (&stored.wrapped, wrapping) {
        (Some(wrapped), _) => wrapping.unwrap(&associated(stored.generation), wrapped).await,
        (None, Wrapping::Key(key)) => Ok(Key::new(*key.bytes())),
        (None, _) => Err(SealError::Unreadable),
    }
}

fn keys(root: Arc<Key>, wrapping: Arc<Wrapping>, stored: Stored) -> Result<Keys, SealError> {
    let mut data = BTreeMap::new();
    for (version, wrapped) in stored.data_keys {
        data.insert(version, Arc::new(unwrap(&root, version, &wrapped)?));
    }
    Ok(Keys { generation: stored.root.generation, root, wrapping, data })
}

/// A root key does not open in the place of one of another generation. That its own row was not put back with it, the
/// witness of the log tells.
fn associated(generation: u32) -> Vec<u8> {
    [b"tenure root key ".as_slice(), &generation.to_be_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Record, State, store};
    use db::fixture::{self, Fixture};
    use types::{Secret, Timestamp};

    const ROW: Record<'static> = Record { table: "totp", column: "secret", row: "idn_1" };

    fn file(byte: u8) -> UnsealKey {
        UnsealKey::File(Secret::new([byte; 32]))
    }

    async fn both() -> [Fixture; 2] {
        [fixture::sqlite(crate::MIGRATIONS).await, fixture::postgres(crate::MIGRATIONS).await]
    }

    async fn initialised(fixture: &Fixture, unseal: &UnsealKey) -> Seal {
        let root = NewRoot::first(unseal, &Chance::system()).await.unwrap();
        let mut tx = fixture.db.begin_unexplained().await.unwrap();
        let seal = Seal::initialise(&mut tx, root, &Chance::system(), Timestamp::from_micros(0)).await.unwrap();
        tx.commit().await.unwrap();
        seal
    }

    /// As Tenure made it before root keys were wrapped: the file's bytes wrap the data key.
    async fn made_before(fixture: &Fixture, byte: u8) {
        let root = Key::new([byte; 32]);
        let mut tx = fixture.db.begin_unexplained().await.unwrap();
        let (kind, salt) = (crate::SealKind::File, vec![0; 16]);
        let stored = Root { kind, salt, generation: 1, wrapped: None, sharing: None };
        store::insert_root(&mut tx, &stored).await.unwrap();
        let wrapped = crate::envelope::wrap(&root, 1, &Key::new([9; 32])).unwrap();
        store::insert_data_key(&mut tx, 1, wrapped, Timestamp::from_micros(0)).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn replace(fixture: &Fixture, seal: &Seal, new: NewRoot) -> Result<(), SealError> {
        let mut tx = fixture.db.begin_unexplained().await.unwrap();
        seal.replace_root(&mut tx, &new).await?;
        tx.commit().await.unwrap();
        seal.adopt(new)
    }

    async fn rotate(fixture: &Fixture, seal: &Seal) -> Result<(), SealError> {
        let state = State::read(&mut fixture.db.read().await.unwrap()).await.unwrap().unwrap();
        let new = NewRoot::next(seal, &state, &Chance::system()).await.unwrap();
        replace(fixture, seal, new).await
    }

    #[tokio::test]
    async fn a_database_from_before_wrapped_root_keys_opens_and_its_root_key_is_wrapped_from_the_first_rotation_on() {
        for fixture in both().await {
            made_before(&fixture, 7).await;
            assert!(matches!(Seal::open(&fixture.db, &file(8)).await, Err(SealError::WrongKey)));
            let seal = Seal::open(&fixture.db, &file(7)).await.unwrap();
            let sealed = seal.seal(ROW, b"hunter2").unwrap();
            rotate(&fixture, &seal).await.unwrap();
            let stored = store::root(&mut fixture.db.read().await.unwrap()).await.unwrap().unwrap();
            assert!(stored.generation == 2 && stored.wrapped.is_some());
            let again = Seal::open(&fixture.db, &file(7)).await.unwrap();
            for seal in [seal, again] {
                assert_eq!(seal.unseal(ROW, &sealed).unwrap().expose(), b"hunter2");
            }
            assert!(matches!(Seal::open(&fixture.db, &file(8)).await, Err(SealError::WrongKey)));
        }
    }

    #[tokio::test]
    async fn another_node_reads_a_rotated_root_key_and_one_that_has_not_yet_changes_nothing() {
        for fixture in both().await {
            let seal = initialised(&fixture, &file(7)).await;
            let other = Seal::open(&fixture.db, &file(7)).await.unwrap();
            rotate(&fixture, &seal).await.unwrap();
            let (chance, now) = (Chance::system(), Timestamp::from_micros(1));
            let mut tx = fixture.db.begin_unexplained().await.unwrap();
            assert!(matches!(other.start_data_key(&mut tx, &chance, now).await, Err(SealError::Outdated)));
            drop(tx);
            assert!(matches!(rotate_outdated(&fixture, &other).await, Err(SealError::Outdated)));
            other.load(&fixture.db).await.unwrap();
            let mut tx = fixture.db.begin_unexplained().await.unwrap();
            assert_eq!(other.start_data_key(&mut tx, &chance, now).await.unwrap(), 2);
            tx.commit().await.unwrap();
            for seal in [&seal, &other] {
                seal.load(&fixture.db).await.unwrap();
                assert_eq!(seal.version(), 2);
            }
            let sealed = other.seal(ROW, b"hunter2").unwrap();
            assert_eq!(seal.unseal(ROW, &sealed).unwrap().expose(), b"hunter2");
        }
    }

    async fn rotate_outdated(fixture: &Fixture, seal: &Seal) -> Result<(), SealError> {
        let new = NewRoot::migrating(seal, &file(7), &Chance::system()).await.unwrap();
        replace(fixture, seal, new).await
    }

    #[tokio::test]
    async fn after_a_migration_the_new_key_opens_and_the_old_one_is_refused() {
        for fixture in both().await {
            let seal = initialised(&fixture, &file(7)).await;
            let sealed = seal.seal(ROW, b"hunter2").unwrap();
            let (shamir, _) = crate::shamir::deal(5, 3, &Chance::system()).unwrap();
            let passphrase = UnsealKey::Passphrase(Secret::new("correct horse".to_owned()));
            let mut old = file(7);
            for new in [shamir, passphrase, file(8), file(9)] {
                replace(&fixture, &seal, NewRoot::migrating(&seal, &new, &Chance::system()).await.unwrap())
                    .await
                    .unwrap();
                assert!(Seal::open(&fixture.db, &old).await.is_err());
                let opened = Seal::open(&fixture.db, &new).await.unwrap();
                assert_eq!(opened.unseal(ROW, &sealed).unwrap().expose(), b"hunter2");
                old = new;
            }
        }
    }

    #[tokio::test]
    async fn a_root_key_in_the_place_of_one_of_another_generation_does_not_open() {
        for fixture in both().await {
            let seal = initialised(&fixture, &file(7)).await;
            let first = store::root(&mut fixture.db.read().await.unwrap()).await.unwrap().unwrap();
            rotate(&fixture, &seal).await.unwrap();
            let mut tx = fixture.db.begin_unexplained().await.unwrap();
            store::replace_root(&mut tx, &Root { generation: 2, ..first }).await.unwrap();
            tx.commit().await.unwrap();
            assert!(matches!(Seal::open(&fixture.db, &file(7)).await, Err(SealError::WrongKey)));
        }
    }
}
