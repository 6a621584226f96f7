//! A secret of the data folder: one sealed value in a file of its own, that only its owner reads. What it is a secret of
//! is not known here.

use crate::write::{Readers, atomically, read_if_there};
use anyhow::{Context, Result};
use seal::{Record, Seal};
use std::path::{Path, PathBuf};
use types::Secret;

#[derive(Debug, Clone)]
pub(crate) struct SealedFile {
    path: PathBuf,
    record: Record<'static>,
}

impl SealedFile {
    pub(crate) fn new(folder: &Path, name: &str, record: Record<'static>) -> Self {
        Self { path: folder.join(format!("{name}.sealed")), record }
    }

    /// `None` when there is none yet; one that does not open is an error, never taken for a missing one.
    pub(crate) fn read(&self, seal: &Seal) -> Result<Option<Secret<Vec<u8>>>> {
        let Some(sealed) = read_if_there(&self.path)? else { return Ok(None) };
        let opened = seal.unseal(self.record, &sealed);
        opened.map(Some).with_context(|| format!("`{}` does not open", self.path.display()))
    }

    pub(crate) fn write(&self, seal: &Seal, plain: &[u8]) -> Result<()> {
        Ok(atomically(&self.path, &seal.seal(self.record, plain)?, Readers::Owner)?)
    }

    /// Seals it again under the newest data key; returns whether it was under an older one. The file is the old one or
    /// the new one at every moment, so that a crash costs nothing but a second call.
    pub(crate) fn reseal(&self, seal: &Seal) -> Result<bool> {
        let Some(sealed) = read_if_there(&self.path)? else { return Ok(false) };
        let sealed = seal.reseal(self.record, &sealed);
        match sealed.with_context(|| format!("`{}` does not open", self.path.display()))? {
            Some(sealed) => atomically(&self.path, &sealed, Readers::Owner).map(|()| true).map_err(Into::into),
            None => Ok(false),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ledger::{Ctx, Ledger};
    use seal::RootKey;
    use types::{Actor, Chance, Clock};

    const RECORD: Record<'static> = Record { table: "test", column: "key", row: "only" };

    async fn ctx(database: &db::fixture::Fixture) -> Ctx {
        let root = RootKey::File(Secret::new([7; 32]));
        let ledger = Ledger::open(database.db.clone(), &root, Clock::system(), Chance::system()).await.unwrap();
        Ctx::new(ledger, Actor::Console)
    }

    async fn sealed_database() -> db::fixture::Fixture {
        let database = db::fixture::sqlite(&[seal::MIGRATIONS, ledger::MIGRATIONS].concat()).await;
        let root = RootKey::File(Secret::new([7; 32]));
        Ledger::initialise(&database.db, &root, &Clock::system(), &Chance::system(), "test/log").await.unwrap();
        database
    }

    fn version(file: &SealedFile) -> u8 {
        std::fs::read(&file.path).unwrap()[4]
    }

    #[tokio::test]
    async fn a_file_is_sealed_again_under_each_new_data_key_and_once_only() {
        let (database, folder) = (sealed_database().await, tempfile::tempdir().unwrap());
        let (ctx, file) = (ctx(&database).await, SealedFile::new(folder.path(), "key", RECORD));
        assert!(!file.reseal(ctx.seal()).unwrap(), "there is nothing yet");
        file.write(ctx.seal(), b"hunter2").unwrap();
        assert!(!file.reseal(ctx.seal()).unwrap(), "it is under the newest key");
        for newest in 2..4 {
            ledger::rekey::start(&ctx).await.unwrap();
            assert!(file.reseal(ctx.seal()).unwrap());
            assert!(!file.reseal(ctx.seal()).unwrap());
            assert_eq!(version(&file), newest);
            assert_eq!(file.read(ctx.seal()).unwrap().unwrap().expose(), b"hunter2");
        }
    }

    #[tokio::test]
    async fn a_crash_between_a_new_data_key_and_the_file_or_while_it_is_written_loses_nothing() {
        let (database, folder) = (sealed_database().await, tempfile::tempdir().unwrap());
        let file = SealedFile::new(folder.path(), "key", RECORD);
        let before = ctx(&database).await;
        file.write(before.seal(), b"hunter2").unwrap();
        ledger::rekey::start(&before).await.unwrap();
        drop(before);
        // What a crash leaves that came before the rename.
        std::fs::write(folder.path().join(".key.sealed.00.part"), b"half of a fi").unwrap();
        let after = ctx(&database).await;
        assert_eq!(
            (version(&file), file.read(after.seal()).unwrap().unwrap().expose().as_slice()),
            (1, &b"hunter2"[..])
        );
        assert!(file.reseal(after.seal()).unwrap());
        assert_eq!(
            (version(&file), file.read(after.seal()).unwrap().unwrap().expose().as_slice()),
            (2, &b"hunter2"[..])
        );
    }

    #[tokio::test]
    async fn a_damaged_file_is_an_error_and_stays_as_it_is() {
        let (database, folder) = (sealed_database().await, tempfile::tempdir().unwrap());
        let (ctx, file) = (ctx(&database).await, SealedFile::new(folder.path(), "key", RECORD));
        file.write(ctx.seal(), b"hunter2").unwrap();
        let mut damaged = std::fs::read(&file.path).unwrap();
        *damaged.last_mut().unwrap() ^= 1;
        std::fs::write(&file.path, &damaged).unwrap();
        ledger::rekey::start(&ctx).await.unwrap();
        for error in [file.read(ctx.seal()).unwrap_err(), file.reseal(ctx.seal()).unwrap_err()] {
            assert!(error.to_string().contains("does not open"), "{error}");
        }
        assert_eq!(std::fs::read(&file.path).unwrap(), damaged);
    }
}
