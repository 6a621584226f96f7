//! The gateway's SSH host key: made once, kept sealed in the data folder. Nodes of a cluster share the file, so that
//! people see one host.

use crate::write::{Readers, atomically, private_folder, read_if_there};
use anyhow::{Context, Result};
use russh::keys::PrivateKey;
use russh::keys::ssh_key::private::{Ed25519Keypair, KeypairData};
use seal::{Record, Seal};
use std::path::Path;
use types::{Chance, Secret};

const RECORD: Record<'static> = Record { table: "ssh", column: "host_key", row: "gateway" };

/// A missing key is made; one that cannot be read is an error, because another key would be another host.
pub(crate) fn load_or_create(folder: &Path, seal: &Seal, chance: &Chance) -> Result<PrivateKey> {
    private_folder(folder)?;
    let file = folder.join("host_key.sealed");
    let seed = match read_if_there(&file)? {
        Some(sealed) => opened(seal, &sealed).with_context(|| format!("`{}` does not open", file.display()))?,
        None => {
            let seed = Secret::new(chance.bytes::<32>());
            atomically(&file, &seal.seal(RECORD, seed.expose())?, Readers::Owner)?;
            seed
        }
    };
    let pair = KeypairData::Ed25519(Ed25519Keypair::from_seed(seed.expose()));
    Ok(PrivateKey::new(pair, "tenure gateway")?)
}

fn opened(seal: &Seal, sealed: &[u8]) -> Result<Secret<[u8; 32]>> {
    let seed = seal.unseal(RECORD, sealed)?;
    Ok(Secret::new(seed.expose().as_slice().try_into().context("it is not a seed of 32 bytes")?))
}
