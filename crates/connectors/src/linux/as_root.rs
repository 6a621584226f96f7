//! Runs programs on a host as root, or as one of its logins: directly, or through `sudo -n`.
//! Knows no program by name but those that change who runs.

use super::ssh::{HostSession, Output};
use crate::ConnectorError;
use crate::error::one_line;

/// A known path, language and time zone.
const ENVIRONMENT: [&str; 4] = ["env", "LC_ALL=C", "TZ=UTC0", "PATH=/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"];

pub(super) struct AsRoot<'a> {
    session: &'a HostSession,
    through_sudo: bool,
}

impl<'a> AsRoot<'a> {
    /// The session's login is root or may use `sudo -n` for everything.
    ///
    /// # Errors
    /// Those of [`HostSession::exec`], and `Unexpected`.
    pub(super) async fn on(session: &'a HostSession) -> Result<Self, ConnectorError> {
        let argv = ["id", "-u"];
        let output = session.exec(&[&ENVIRONMENT[..], &argv].concat(), None).await?;
        if output.status != 0 {
            return Err(unexpected(&argv, &output));
        }
        Ok(Self { session, through_sudo: output.stdout_text().trim() != "0" })
    }

    pub(super) async fn run(&self, argv: &[&str], stdin: Option<&[u8]>) -> Result<Output, ConnectorError> {
        let sudo: &[&str] = if self.through_sudo { &["sudo", "-n", "--"] } else { &[] };
        self.session.exec(&[sudo, &ENVIRONMENT, argv].concat(), stdin).await
    }

    /// Runs a program with the rights of `login` and no more, so that nothing of that login's can lead root astray.
    pub(super) async fn run_as(
        &self,
        login: &str,
        argv: &[&str],
        stdin: Option<&[u8]>,
    ) -> Result<Output, ConnectorError> {
        let become_login: &[&str] = match (login, self.through_sudo) {
            (login, _) if login == self.session.login() => &[],
            ("root", false) => &[],
            (login, true) => &["sudo", "-n", "-u", login, "--"],
            (login, false) => &["runuser", "-u", login, "--"],
        };
        self.session.exec(&[become_login, &ENVIRONMENT, argv].concat(), stdin).await
    }
}

pub(super) fn unexpected(argv: &[&str], output: &Output) -> ConnectorError {
    let said = if output.stderr.is_empty() { output.stdout_text() } else { output.stderr_text() };
    ConnectorError::Unexpected {
        command: one_line(&argv.join(" ")),
        detail: format!("status {}, {}", output.status, one_line(&said)),
    }
}
