//! Which processes on a host belong to a login. Reads the host's own `ps`; ends nothing.

use anyhow::{Context, Result};

use crate::machine::Machine;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    /// As the host numbers it.
    pub pid: u32,
    pub command: String,
}

pub(super) fn of_login(machine: &Machine, login: &str) -> Result<Vec<Process>> {
    let argv = ["ps", "-e", "-w", "-w", "-o", "pid=,ppid=,stat=,user:64=,args="];
    let listing = machine.pipe(&argv, b"")?;
    listing.lines().filter_map(|line| parse(line, login).transpose()).collect()
}

/// The process of one line, if it is the login's.
fn parse(line: &str, login: &str) -> Result<Option<Process>> {
    let mut rest = line;
    let mut field = || -> Result<&str> {
        let (field, after) = rest.trim_start().split_once(' ').with_context(|| format!("odd line of ps: {line}"))?;
        rest = after;
        Ok(field)
    };
    let (pid, parent, state, user) = (field()?.parse()?, field()?, field()?, field()?);
    let command = rest.trim();
    let daemon = match command {
        "cat" | "sh -c cat > /dev/null; exit 0" => parent == "0" || parent == "1",
        // Entered from outside: the test's own commands.
        _ => parent == "0" || command.starts_with("sshd: /usr/sbin/sshd "),
    };
    let owner = command.strip_prefix("sshd: ").map_or(user, |title| title.split([' ', '@']).next().unwrap_or(user));
    // A defunct process with more threads than its first goes on.
    let is_dead = state.starts_with('Z') && !state.contains('l');
    let mine = owner == login && !daemon && !is_dead;
    Ok(mine.then(|| Process { pid, command: command.to_owned() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_logins_own_processes_count() {
        let rows = [
            ("  1     0 S    root     sh -c cat > /dev/null; exit 0", "root", false),
            (" 12     1 S    root     cat", "root", false),
            (" 30     0 R    root     ps -e", "root", false),
            (" 13     1 Ss   root     sshd: /usr/sbin/sshd -E x [listener] 0 of 10-100 startups", "root", false),
            (" 20    13 Ss   root     sshd: alice [priv]", "root", false),
            (" 20    13 Ss   root     sshd: alice [priv]", "alice", true),
            (" 21    20 S    alice    sshd: alice@pts/0", "alice", true),
            (" 22    13 Ss   root     sshd: root@notty", "root", true),
            (" 23     1 S    root     sleep 1000", "root", true),
            (" 23     1 Z    root     [sleep] <defunct>", "root", false),
            (" 23     1 Zsl  root     [python3] <defunct>", "root", true),
            (" 24    21 S    alice    sleep 1000", "root", false),
        ];
        for (line, login, expected) in rows {
            assert_eq!(parse(line, login).unwrap().is_some(), expected, "{line} for {login}");
        }
    }
}
