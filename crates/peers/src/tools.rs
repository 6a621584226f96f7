//! Finds the client programs that nobody here wrote: OpenSSH's, rsync, git, Python's, the browser.
//! It finds and names them; what is done with them belongs to the tests.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

/// The path of `program`; looks in `PATH` and in the folders of system programs.
pub fn find(program: &str) -> Result<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let system = ["/usr/bin", "/usr/sbin", "/sbin", "/bin"].map(PathBuf::from);
    let candidates = env::split_paths(&path).chain(system).map(|folder| folder.join(program));
    first_file(candidates).ok_or_else(|| crate::missing(&format!("the program `{program}`")))
}

/// A command of the pinned Python environment: `python`, `ansible`, `ssh-audit`, `schemathesis` …
pub fn find_in_venv(program: &str) -> Result<PathBuf> {
    let candidate = crate::folder().join("venv/bin").join(program);
    first_file([candidate]).ok_or_else(|| crate::missing(&format!("`{program}` of the Python environment")))
}

pub fn ssh() -> Result<Command> {
    command("ssh")
}

pub fn scp() -> Result<Command> {
    command("scp")
}

pub fn sftp() -> Result<Command> {
    command("sftp")
}

pub fn ssh_keygen() -> Result<Command> {
    command("ssh-keygen")
}

pub fn openssl() -> Result<Command> {
    command("openssl")
}

/// Dropbear's client.
pub fn dbclient() -> Result<Command> {
    command("dbclient")
}

pub fn rsync() -> Result<Command> {
    command("rsync")
}

pub fn git() -> Result<Command> {
    command("git")
}

/// Python with paramiko, of the pinned environment.
pub fn python() -> Result<Command> {
    find_in_venv("python").map(Command::new)
}

/// Ansible's ad-hoc command, of the pinned environment.
pub fn ansible() -> Result<Command> {
    find_in_venv("ansible").map(Command::new)
}

pub fn ssh_audit() -> Result<Command> {
    find_in_venv("ssh-audit").map(Command::new)
}

pub fn schemathesis() -> Result<Command> {
    find_in_venv("schemathesis").map(Command::new)
}

/// The command line of a SCIM client that checks a whole service, of the pinned environment.
pub fn scim2() -> Result<Command> {
    find_in_venv("scim2").map(Command::new)
}

/// Runs a program whose system calls fail at random (libfiu).
pub fn fiu_run() -> Result<Command> {
    find("fiu-run").map(Command::new)
}

/// Of the newest PostgreSQL that is installed.
pub fn pg_dump() -> Result<Command> {
    find("pg_dump").map(Command::new)
}

/// The browser's path, as drivers want it.
pub fn chromium() -> Result<PathBuf> {
    find("chromium")
}

fn command(program: &str) -> Result<Command> {
    find(program).map(Command::new)
}

fn first_file(candidates: impl IntoIterator<Item = PathBuf>) -> Option<PathBuf> {
    candidates.into_iter().find(|candidate| candidate.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_client_that_tests_use_is_there() {
        for tool in
            [ssh, scp, sftp, ssh_keygen, openssl, dbclient, rsync, git, python, ansible, ssh_audit, schemathesis, scim2]
        {
            tool().unwrap();
        }
        chromium().unwrap();
    }

    #[test]
    fn a_missing_program_is_an_error_that_says_what_to_do() {
        let error = find("no-such-program").unwrap_err();
        assert_eq!(error.to_string(), "the program `no-such-program` is missing: run `cargo xtask setup`");
    }
}
