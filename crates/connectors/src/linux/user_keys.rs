//! Takes a key that lets somebody in out of a login's `authorized_keys`, with that login's own rights.

use super::as_root::AsRoot;
use super::authorized_keys::paths;
use super::file::HostFile;
use super::keys::without_key;
use super::passwd::passwd_entries;
use super::password::find;
use crate::ConnectorError;
use crate::account::cut;

/// Removes every line with the key of this fingerprint (`SHA256:…`) from the files below the login's home. A file
/// elsewhere is left alone, which the next look at the account tells.
///
/// # Errors
/// Those of the host; `Unexpected`: a file or folder is a link or somebody else's.
pub(super) async fn remove(root: &AsRoot<'_>, login: &str, fingerprint: &str) -> Result<(), ConnectorError> {
    let entry = passwd_entries(&find(root, login).await?).into_iter().next();
    let entry = entry.ok_or_else(|| ConnectorError::NoSuchAccount { login: cut(login) })?;
    for path in paths(root, &entry).await? {
        let file = HostFile::of(root, login, &path)?;
        let Some(before) = file.read().await? else { continue };
        let Ok(text) = std::str::from_utf8(before.expose()) else { continue };
        let after = without_key(text, fingerprint);
        if after != text {
            file.swap(before.expose(), after.as_bytes()).await?;
        }
    }
    Ok(())
}
