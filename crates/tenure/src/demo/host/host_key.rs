//! The host's own key on disk, readable by its owner only.
//! The authority's key is never here.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::Context;
use russh::keys::PrivateKey;
use russh::keys::ssh_key::LineEnding;
use russh::keys::ssh_key::private::Ed25519Keypair;
use types::Chance;

/// Reads the key at `path`, or makes an Ed25519 key there with mode 0600, so that the host keeps its identity.
pub(crate) fn load_or_create(path: &Path, chance: &Chance) -> anyhow::Result<PrivateKey> {
    match fs::read_to_string(path) {
        Ok(text) => PrivateKey::from_openssh(text)
            .with_context(|| format!("`{}` is not an OpenSSH private key", path.display())),
        Err(error) if error.kind() == ErrorKind::NotFound => create(path, chance),
        Err(error) => Err(error).with_context(|| format!("cannot read the host key `{}`", path.display())),
    }
}

/// Written beside and renamed, so that a crash leaves a whole key or none.
fn create(path: &Path, chance: &Chance) -> anyhow::Result<PrivateKey> {
    let key = PrivateKey::from(Ed25519Keypair::from_seed(&chance.bytes()));
    let text = key.to_openssh(LineEnding::LF)?;
    let beside = path.with_extension("new");
    let cannot = || format!("cannot write the host key `{}`", path.display());
    let _ = fs::remove_file(&beside);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside).with_context(cannot)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).with_context(cannot)?;
    fs::rename(&beside, path).with_context(cannot)?;
    Ok(key)
}
