//! Where an account's secret is used on a host: systemd units and what they read, cron tabs, and files that somebody names.
//! Finds them by the secret itself, replaces it there, puts it back. When to do so is decided elsewhere.

mod change;
mod forms;
mod places;

pub use change::{Line, Replaced, holds, put_back, rehearse, replace_value};
pub use places::Place;

use super::as_root::{AsRoot, unexpected};
use super::ssh::HostSession;
use crate::ConnectorError;
use crate::account::{cut, settable};
use places::{Places, environment_files};
use types::Secret;

/// Fewer bytes would be found everywhere.
const SHORTEST: usize = 6;
const MAX_FILES: usize = 200;
const MAX_BYTES: usize = 1024 * 1024;

const UNIT_FOLDERS: [&str; 4] =
    ["/etc/systemd/system", "/run/systemd/system", "/usr/local/lib/systemd/system", "/usr/lib/systemd/system"];
const CRON: [&str; 7] = [
    "/etc/crontab",
    "/etc/cron.d",
    "/etc/cron.hourly",
    "/etc/cron.daily",
    "/etc/cron.weekly",
    "/etc/cron.monthly",
    "/var/spool/cron",
];

/// A line that holds the secret.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Dependent {
    pub file: String,
    /// Counted from 1.
    pub line: u32,
    pub place: Place,
    /// The systemd unit that has to be restarted.
    pub unit: Option<String>,
    /// Whether the account's login stands on this line or on one of the three before or after it.
    pub names_login: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dependents {
    pub found: Vec<Dependent>,
    /// What could not be looked at.
    pub gaps: Vec<String>,
}

/// Looks for a secret as it is, and as addresses, JSON and unit files write it. `files` are whole paths of files or
/// folders to look at besides. Changes nothing. The session's login is root or may use `sudo -n` for everything.
///
/// # Errors
/// Those of [`HostSession::exec`]; `BadPassword`: nothing that can be looked for; `BadName`: a path that is none.
pub async fn find(
    session: &HostSession,
    login: &str,
    value: &Secret<String>,
    files: &[String],
) -> Result<Dependents, ConnectorError> {
    let forms = forms::of(searchable(value)?);
    if let Some(path) = files.iter().find(|path| !path.starts_with('/') || path.chars().any(char::is_control)) {
        return Err(ConnectorError::BadName { name: cut(path), reason: "it is no whole path" });
    }
    let root = AsRoot::on(session).await?;
    let mut dependents = Dependents::default();
    let places = Places::new(environment_files(&unit_settings(&root).await?));
    let mut looked_at: Vec<&str> = [&UNIT_FOLDERS[..], &CRON].concat();
    looked_at.extend(places.environment_files());
    looked_at.extend(files.iter().map(String::as_str));
    let holding = files_with(&root, &forms, &looked_at).await?;
    if holding.len() > MAX_FILES {
        dependents.gaps.push(format!("the secret stands in {} files, of which {MAX_FILES} are shown", holding.len()));
    }
    for file in holding.iter().take(MAX_FILES) {
        let output = root.run(&["head", "-c", &(MAX_BYTES + 1).to_string(), "--", file], None).await?;
        let content = Secret::new(output.stdout);
        match std::str::from_utf8(content.expose()) {
            Ok(text) if content.expose().len() <= MAX_BYTES => {
                dependents.found.extend(forms::found(text, &forms).into_iter().map(|at| {
                    let line = forms::line_of(text, at.start);
                    let names_login = forms::lines_around(text, at.start, 3).contains(login);
                    let (place, unit) = places.of(file, forms::lines_around(text, at.start, 0));
                    Dependent { file: file.clone(), line, place, unit, names_login }
                }));
            }
            _ => dependents.gaps.push(format!("`{}` holds it, and is larger than 1 MiB or no text", cut(file))),
        }
    }
    Ok(dependents)
}

/// Lets systemd read its units again and restarts one.
///
/// # Errors
/// Those of [`HostSession::exec`]; `BadName`; `Unexpected`: it does not start.
pub async fn restart_unit(session: &HostSession, unit: &str) -> Result<(), ConnectorError> {
    let fits = |c: char| c.is_ascii_alphanumeric() || "@:_.-\\".contains(c);
    if unit.starts_with('-') || !unit.contains('.') || unit.len() > 255 || !unit.chars().all(fits) {
        return Err(ConnectorError::BadName { name: cut(unit), reason: "it is no systemd unit" });
    }
    let root = AsRoot::on(session).await?;
    for argv in [&["systemctl", "daemon-reload"][..], &["systemctl", "restart", "--", unit]] {
        let output = root.run(argv, None).await?;
        if output.status != 0 {
            return Err(unexpected(argv, &output));
        }
    }
    Ok(())
}

fn searchable(value: &Secret<String>) -> Result<&str, ConnectorError> {
    let text = settable(value)?;
    if text.len() < SHORTEST {
        return Err(ConnectorError::BadPassword { reason: "it is too short to be looked for" });
    }
    Ok(text)
}

/// The lines of units that name files with environments, each after its own file and a NUL.
async fn unit_settings(root: &AsRoot<'_>) -> Result<String, ConnectorError> {
    let pattern = "^[[:space:]]*EnvironmentFile[[:space:]]*=";
    let argv = [&["grep", "-rsHZE", "-e", pattern, "--"][..], &UNIT_FOLDERS].concat();
    // Its status says that some folders are absent or nothing was found.
    let output = root.run(&argv, None).await?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The files that hold one of the forms, which go there on standard input.
async fn files_with(root: &AsRoot<'_>, forms: &[forms::Form], paths: &[&str]) -> Result<Vec<String>, ConnectorError> {
    let patterns: String = forms.iter().map(|form| format!("{}\n", form.text.expose())).collect();
    let patterns = Secret::new(patterns);
    let argv = [&["grep", "-rIlsZF", "-f", "-", "--"][..], paths].concat();
    let output = root.run(&argv, Some(patterns.expose().as_bytes())).await?;
    let files = output.stdout.split(|byte| *byte == 0).filter(|file| !file.is_empty());
    let mut files: Vec<String> = files.map(|file| String::from_utf8_lossy(file).into_owned()).collect();
    files.sort();
    files.dedup();
    Ok(files)
}
