//! Runs programs on a host as root, or as one of its logins: directly, or through `sudo -n`.
//! Knows no program by name but those that change who runs.

use super::quote::shell_line;
use super::ssh::{HostSession, Output};
use crate::ConnectorError;
use crate::error::one_line;

/// A known path, language and time zone.
const ENVIRONMENT: [&str; 4] = ["env", "LC_ALL=C", "TZ=UTC0", "PATH=/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"];

const EACH: &str = include_str!("each.sh");
const AS_LOGIN: &str = include_str!("as_login.sh");
/// Kills, as root does, what does not end by itself: whoever it runs as could hold it up.
const IN_TIME: [&str; 4] = ["timeout", "-s", "KILL", "5"];
/// Programs of one round trip, which is over in time although each of them thinks for a second.
const AT_ONCE: usize = 25;

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
        let ask = async {
            let argv = ["id", "-u"];
            let output = session.exec(&[&ENVIRONMENT[..], &argv].concat(), None).await?;
            if output.status == 0 { Ok(output.stdout_text().trim() != "0") } else { Err(unexpected(&argv, &output)) }
        };
        Ok(Self { session, through_sudo: *session.through_sudo.get_or_try_init(|| ask).await? })
    }

    pub(super) async fn run(&self, argv: &[&str], stdin: Option<&[u8]>) -> Result<Output, ConnectorError> {
        let sudo: &[&str] = if self.through_sudo { &["sudo", "-n", "--"] } else { &[] };
        self.session.exec(&[sudo, &ENVIRONMENT, argv].concat(), stdin).await
    }

    /// Runs programs one after the other in few round trips: what each printed, without its last line ends, and its status.
    /// `None` where there was no time or room for an answer.
    pub(super) async fn run_each(&self, programs: &[Vec<&str>]) -> Result<Vec<Option<Output>>, ConnectorError> {
        let lines = programs.iter().map(|argv| shell_line(argv)).collect::<Result<Vec<_>, _>>()?;
        let mut answers = Vec::with_capacity(lines.len());
        for some in lines.chunks(AT_ONCE) {
            let mut argv = vec!["/bin/sh", "-c", EACH, "sh"];
            argv.extend(some.iter().map(String::as_str));
            let mut said = match self.run(&argv, None).await {
                Ok(output) => answers_in(&output.stdout),
                Err(ConnectorError::Timeout { .. } | ConnectorError::TooMuchOutput { .. }) => Vec::new(),
                Err(error) => return Err(error),
            };
            said.resize(some.len(), None);
            answers.append(&mut said);
        }
        Ok(answers)
    }

    /// The same of programs that have to succeed.
    ///
    /// # Errors
    /// Those of [`HostSession::exec`], and `Unexpected`.
    pub(super) async fn outputs<const N: usize>(&self, programs: [&[&str]; N]) -> Result<[String; N], ConnectorError> {
        let answers = self.run_each(&programs.map(<[&str]>::to_vec)).await?;
        let mut outputs = [const { String::new() }; N];
        for ((argv, answer), output) in programs.iter().zip(answers).zip(&mut outputs) {
            *output = match answer {
                Some(answer) if answer.status == 0 => answer.stdout_text(),
                _ => self.output(argv).await?,
            };
        }
        Ok(outputs)
    }

    /// What a program printed that has to succeed.
    ///
    /// # Errors
    /// As [`Self::outputs`].
    pub(super) async fn output(&self, argv: &[&str]) -> Result<String, ConnectorError> {
        let output = self.run(argv, None).await?;
        if output.status == 0 { Ok(output.stdout_text()) } else { Err(unexpected(argv, &output)) }
    }

    /// A program for [`run_each`](Self::run_each) that runs with the rights of `login` and no more, and not for long.
    pub(super) fn with_rights_of(login: &str, argv: &[&str]) -> Vec<String> {
        let become_login = ["/bin/sh", "-c", AS_LOGIN, "sh", login];
        [&IN_TIME[..], &become_login, &ENVIRONMENT, argv].concat().into_iter().map(str::to_owned).collect()
    }

    /// The same with the rights of root.
    pub(super) fn in_time(argv: &[String]) -> Vec<String> {
        IN_TIME.into_iter().map(str::to_owned).chain(argv.iter().cloned()).collect()
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

/// What `each.sh` printed, of those that came to their end.
fn answers_in(printed: &[u8]) -> Vec<Option<Output>> {
    let mut parts: Vec<&[u8]> = printed.split(|byte| *byte == 0).collect();
    // Behind the last NUL.
    parts.pop();
    let answer = |part: &[&[u8]]| {
        let status = std::str::from_utf8(part[1]).ok()?.parse().ok()?;
        Some(Output { status, stdout: part[0].to_vec(), stderr: Vec::new() })
    };
    parts.chunks_exact(2).map(answer).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    #[test]
    fn answers_of_many_are_told_apart_and_what_was_cut_off_is_none() {
        let words = [vec!["echo", "a 'b'\n$c"], vec!["false"], vec!["cat"], vec!["no such program"]];
        let lines = words.map(|argv| shell_line(&argv).unwrap());
        let printed = Command::new("/bin/sh").args(["-c", EACH, "sh"]).args(lines).output().unwrap().stdout;
        let read = |printed: &[u8]| -> Vec<(String, u32)> {
            answers_in(printed).into_iter().flatten().map(|answer| (answer.stdout_text(), answer.status)).collect()
        };
        let all = [("a 'b'\n$c".to_owned(), 0), (String::new(), 1), (String::new(), 0), (String::new(), 127)];
        assert_eq!(read(&printed), all);
        assert_eq!(read(&printed[..printed.len() - 1]), all[..3]);
        assert_eq!(read(&printed[..3]), []);
    }
}
