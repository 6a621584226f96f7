//! The gateway's SSH host key: made once, kept sealed in the data folder. Nodes of a cluster share the file, so that
//! people see one host.

use super::sealed_file::SealedFile;
use crate::write::private_folder;
use anyhow::{Context, Result};
use russh::keys::PrivateKey;
use russh::keys::ssh_key::private::{Ed25519Keypair, KeypairData};
use seal::{Record, Seal};
use std::path::Path;
use types::{Chance, Secret};

/// The file in its folder.
pub(crate) fn file(folder: &Path) -> SealedFile {
    SealedFile::new(folder, "host_key", Record { table: "ssh", column: "host_key", row: "gateway" })
}

/// A missing key is made; one that cannot be read is an error, because another key would be another host.
pub(crate) fn load_or_create(folder: &Path, seal: &Seal, chance: &Chance) -> Result<PrivateKey> {
    private_folder(folder)?;
    let seed = match file(folder).read(seal)? {
        Some(kept) => {
            let seed = kept.expose().as_slice().try_into();
            Secret::new(
                seed.with_context(|| format!("the host key in `{}` is not a seed of 32 bytes", folder.display()))?,
            )
        }
        None => {
            let seed = Secret::new(chance.bytes::<32>());
            file(folder).write(seal, seed.expose())?;
            seed
        }
    };
    let pair = KeypairData::Ed25519(Ed25519Keypair::from_seed(seed.expose()));
    Ok(PrivateKey::new(pair, "tenure gateway")?)
}
