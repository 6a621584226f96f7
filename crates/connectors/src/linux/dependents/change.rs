//! A secret in one file of a host: seen there, replaced in one step, put back. When to do so is decided elsewhere.

use super::super::as_root::{AsRoot, unexpected};
use super::super::file::HostFile;
use super::super::ssh::HostSession;
use super::{forms, searchable};
use crate::ConnectorError;
use crate::account::{cut, settable};
use types::Secret;

/// A line on which a secret stands, with the secret and all that is not needed to know the line left out.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Line {
    /// Counted from 1.
    pub number: u32,
    pub shown: String,
}

/// Sees whether a secret could be replaced in a file by one of these characters, and where. Changes nothing.
///
/// # Errors
/// As [`replace_value`] would answer.
pub async fn rehearse(
    session: &HostSession,
    file: &str,
    value: &Secret<String>,
    characters: &str,
) -> Result<Vec<Line>, ConnectorError> {
    let forms = forms::of(searchable(value)?);
    let root = AsRoot::on(session).await?;
    let owner = folder_owner(&root, file).await?;
    let host_file = HostFile::of(&root, &owner, file)?;
    let (content, at) = standing(&host_file, file, &forms).await?;
    let text = text_of(file, &content)?;
    forms::replaced(text, &at, characters)?;
    host_file.check_writable().await?;
    Ok(at
        .iter()
        .map(|at| Line { number: forms::line_of(text, at.start), shown: forms::masked(text, at, &forms) })
        .collect())
}

/// Whether a secret stands in a file, in any form.
///
/// # Errors
/// Those of [`HostSession::exec`]; `BadName`; `BadPassword`: nothing that can be looked for; `Unexpected`: the file is not
/// there, or is none that [`replace_value`] would change.
pub async fn holds(session: &HostSession, file: &str, value: &Secret<String>) -> Result<bool, ConnectorError> {
    let forms = forms::of(searchable(value)?);
    let root = AsRoot::on(session).await?;
    let owner = folder_owner(&root, file).await?;
    let content = read(&HostFile::of(&root, &owner, file)?, file).await?;
    Ok(!forms::found(text_of(file, &content)?, &forms).is_empty())
}

/// A file in which a secret was replaced, and what it held before. It is kept in memory only.
pub struct Replaced {
    file: String,
    before: Secret<Vec<u8>>,
    after: Secret<Vec<u8>>,
    count: usize,
}

impl Replaced {
    pub fn file(&self) -> &str {
        &self.file
    }

    /// How often the old secret stood there.
    pub fn count(&self) -> usize {
        self.count
    }
}

/// Puts the new secret wherever the old one stands in a file, in one step; mode and owner stay.
///
/// # Errors
/// Those of [`HostSession::exec`]; `BadName`; `BadPassword`: the new one would be misread there; `Unexpected`: the old one
/// is not there, or the file or a folder above it is a link, somebody else's or open to others. Nothing was changed.
pub async fn replace_value(
    session: &HostSession,
    file: &str,
    old: &Secret<String>,
    new: &Secret<String>,
) -> Result<Replaced, ConnectorError> {
    let (forms, new) = (forms::of(searchable(old)?), settable(new)?);
    let root = AsRoot::on(session).await?;
    let owner = folder_owner(&root, file).await?;
    let host_file = HostFile::of(&root, &owner, file)?;
    let (before, at) = standing(&host_file, file, &forms).await?;
    let after = Secret::new(forms::replaced(text_of(file, &before)?, &at, new)?.into_bytes());
    host_file.swap(before.expose(), after.expose()).await?;
    Ok(Replaced { file: file.to_owned(), count: at.len(), before, after })
}

/// Undoes a replacement, unless the file changed since.
///
/// # Errors
/// As [`replace_value`].
pub async fn put_back(session: &HostSession, replaced: &Replaced) -> Result<(), ConnectorError> {
    let root = AsRoot::on(session).await?;
    let owner = folder_owner(&root, &replaced.file).await?;
    HostFile::of(&root, &owner, &replaced.file)?.swap(replaced.after.expose(), replaced.before.expose()).await
}

async fn standing(
    host_file: &HostFile<'_>,
    file: &str,
    forms: &[forms::Form],
) -> Result<(Secret<Vec<u8>>, Vec<forms::At>), ConnectorError> {
    let content = read(host_file, file).await?;
    let at = forms::found(text_of(file, &content)?, forms);
    if at.is_empty() {
        return Err(refused(file, "the secret to replace does not stand there"));
    }
    Ok((content, at))
}

async fn read(host_file: &HostFile<'_>, file: &str) -> Result<Secret<Vec<u8>>, ConnectorError> {
    host_file.read().await?.ok_or_else(|| refused(file, "it is not there"))
}

fn text_of<'a>(file: &str, content: &'a Secret<Vec<u8>>) -> Result<&'a str, ConnectorError> {
    std::str::from_utf8(content.expose()).map_err(|_| refused(file, "it is not text in utf-8"))
}

fn refused(file: &str, detail: &str) -> ConnectorError {
    ConnectorError::Unexpected { command: cut(file), detail: detail.to_owned() }
}

/// With whose rights a file is changed: those of whoever may change it anyway.
async fn folder_owner(root: &AsRoot<'_>, file: &str) -> Result<String, ConnectorError> {
    let folder = file.rsplit_once('/').map_or("/", |(folder, _)| if folder.is_empty() { "/" } else { folder });
    let argv = ["stat", "-c", "%U", "--", folder];
    let output = root.run(&argv, None).await?;
    match (output.status, output.stdout_text().trim()) {
        (0, owner) if owner != "UNKNOWN" && !owner.is_empty() => Ok(owner.to_owned()),
        _ => Err(unexpected(&argv, &output)),
    }
}
