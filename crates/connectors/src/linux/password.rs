//! Sets the password of a login by the host's own `chpasswd`, which is told on its standard input.

use super::as_root::{AsRoot, unexpected};
use super::ssh::HostSession;
use crate::ConnectorError;
use crate::account::{cut, settable};
use crate::error::one_line_without;
use types::Secret;

/// `getent`: not found.
const NOT_FOUND: u32 = 2;

/// The session's login is root or may use `sudo -n` for everything. A login whose password was locked is unlocked by it.
///
/// # Errors
/// Those of [`HostSession::exec`]; `BadName`, `BadPassword`, `NoSuchAccount`, `NotPermitted`: nothing was changed.
/// `PasswordRefused`: neither, by the host's own policy.
pub async fn set_password(session: &HostSession, login: &str, new: &Secret<String>) -> Result<(), ConnectorError> {
    check_login(login)?;
    let line = Secret::new(format!("{login}:{}\n", settable(new)?));
    let root = AsRoot::on(session).await?;
    find(&root, login).await?;
    let output = root.run(&["chpasswd"], Some(line.expose().as_bytes())).await?;
    if output.status == 0 {
        return Ok(());
    }
    let said = output.stderr_text();
    let detail = one_line_without(new.expose(), &said);
    Err(if said.contains("BAD PASSWORD") || said.contains("pam_chauthtok() failed") {
        ConnectorError::PasswordRefused { detail }
    } else if said.starts_with("sudo:") || said.contains("Permission denied") {
        ConnectorError::NotPermitted { login: cut(session.login()), detail }
    } else {
        ConnectorError::Unexpected { command: "chpasswd".to_owned(), detail }
    })
}

/// The entry of a login that is there, as `getent passwd` prints it.
pub(super) async fn find(root: &AsRoot<'_>, login: &str) -> Result<String, ConnectorError> {
    let argv = ["getent", "passwd", "--", login];
    let output = root.run(&argv, None).await?;
    match output.status {
        // A number is looked up as a user id too.
        0 if output.stdout_text().starts_with(&format!("{login}:")) => Ok(output.stdout_text()),
        0 | NOT_FOUND => Err(ConnectorError::NoSuchAccount { login: cut(login) }),
        _ => Err(unexpected(&argv, &output)),
    }
}

/// What `chpasswd` and `passwd` take for a login: one field of one line.
pub(super) fn check_login(login: &str) -> Result<(), ConnectorError> {
    let reason = if login.is_empty() || login.len() > 256 {
        "it is empty or longer than 256 bytes"
    } else if login.chars().any(|c| c == ':' || c.is_control()) {
        "it holds a colon or a control character"
    } else if login.starts_with('-') {
        "it begins with a dash"
    } else {
        return Ok(());
    };
    Err(ConnectorError::BadName { name: cut(login), reason })
}
