//! Puts one public key in another's place in a login's `authorized_keys`. Options, comments, other lines, mode and owner
//! stay as they are. Works with that login's own rights, on files below its home.

use super::as_root::{AsRoot, unexpected};
use super::discovery::NOT_INSTALLED;
use super::file::HostFile;
use super::keys::{KeySources, key_path, key_sources, with_key_replaced};
use super::passwd::{PasswdEntry, passwd_entries};
use super::password::{check_login, find};
use super::ssh::HostSession;
use crate::ConnectorError;
use crate::account::cut;
use russh::keys::PublicKey;

/// Old and new are public keys as `authorized_keys` holds them, `ssh-ed25519 AAAA…`. Where the old one stands, the new one
/// will; done already is done. The session's login is root or may use `sudo -n` for everything.
///
/// # Errors
/// Those of [`HostSession::exec`]; `BadName`, `BadHostKey`, `NoSuchAccount`; `Unexpected`: the old key is nowhere, or a
/// file or folder is a link or somebody else's. Nothing was changed, or, with several files, some already hold the new key.
pub async fn replace_key(session: &HostSession, login: &str, old: &str, new: &str) -> Result<(), ConnectorError> {
    check_login(login)?;
    let (old, new) = (public_key(old)?, public_key(new)?);
    let root = AsRoot::on(session).await?;
    let entry = passwd_entries(&find(&root, login).await?).into_iter().next();
    let entry = entry.ok_or_else(|| ConnectorError::NoSuchAccount { login: cut(login) })?;
    let mut found = false;
    for path in paths(&root, &entry).await? {
        let here = replace_in(&root, login, &path, &old, &new).await;
        found |=
            here.map_err(|error| if found { odd(&path, &format!("in some files only: {error}")) } else { error })?;
    }
    if found { Ok(()) } else { Err(odd("authorized_keys", "the key to replace is in none of the login's files")) }
}

/// Says whether the new one stands in the file afterwards.
async fn replace_in(
    root: &AsRoot<'_>,
    login: &str,
    path: &str,
    old: &PublicKey,
    new: &PublicKey,
) -> Result<bool, ConnectorError> {
    let file = HostFile::of(root, login, path)?;
    let Some(before) = file.read().await? else { return Ok(false) };
    let text = std::str::from_utf8(before.expose()).map_err(|_| odd(path, "it is not text in utf-8"))?;
    let after = with_key_replaced(text, old, new);
    if after != text {
        file.swap(before.expose(), after.as_bytes()).await?;
    }
    Ok(with_key_replaced(&after, new, old) != after)
}

/// The files below the login's home that sshd reads for it.
///
/// # Errors
/// Those of the host; `Unexpected`: sshd is there and does not say which, or none of them is below the home.
pub(super) async fn paths(root: &AsRoot<'_>, entry: &PasswdEntry) -> Result<Vec<String>, ConnectorError> {
    let connection = format!("user={},host=localhost,addr=127.0.0.1", entry.login);
    let output = root.run(&["sshd", "-T", "-C", &connection], None).await?;
    let sources = match key_sources(&output.stdout_text()) {
        Some(sources) => sources,
        None if output.status == NOT_INSTALLED => KeySources::default(),
        None => return Err(unexpected(&["sshd", "-T"], &output)),
    };
    let home = root.run(&["readlink", "-e", "--", &entry.home], None).await?;
    if home.status != 0 {
        return Err(unexpected(&["readlink", &entry.home], &home));
    }
    let home = home.stdout_text().trim_end_matches('\n').to_owned();
    let owner = root.run(&["stat", "-c", "%u", "--", &home], None).await?;
    if ![entry.uid.to_string().as_str(), "0"].contains(&owner.stdout_text().trim()) {
        return Err(odd(&home, "the home belongs to somebody else"));
    }
    let files = sources.files.iter().map(|file| key_path(file, &entry.login, entry.uid, &home));
    let below = format!("{}/", home.trim_end_matches('/'));
    let (inside, outside): (Vec<_>, Vec<_>) = files.partition(|path| path.starts_with(&below));
    if inside.is_empty() {
        let path = outside.first().map_or("authorized_keys", String::as_str);
        return Err(odd(path, "keys outside of the home are not changed: change this one by hand"));
    }
    Ok(inside)
}

fn public_key(text: &str) -> Result<PublicKey, ConnectorError> {
    let bad = || ConnectorError::BadHostKey { text: cut(text) };
    let key = PublicKey::from_openssh(text.trim()).map_err(|_| bad())?;
    Ok(PublicKey::new(key.key_data().clone(), ""))
}

fn odd(path: &str, detail: &str) -> ConnectorError {
    ConnectorError::Unexpected { command: cut(path), detail: detail.to_owned() }
}
