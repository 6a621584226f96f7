//! Reads what `getent passwd`, `getent group`, `passwd -Sa` and two columns of shadow print. Pure.
//! Password hashes never reach this file: they stay on the host.

use super::PasswordState;
use std::collections::HashMap;
use std::time::Duration;
use types::Timestamp;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PasswdEntry {
    pub(super) login: String,
    pub(super) uid: u32,
    pub(super) gid: u32,
    pub(super) home: String,
    pub(super) shell: String,
}

/// Lines that are no entry are left out.
pub(super) fn passwd_entries(text: &str) -> Vec<PasswdEntry> {
    text.lines().filter_map(passwd_entry).collect()
}

fn passwd_entry(line: &str) -> Option<PasswdEntry> {
    let fields: Vec<&str> = line.split(':').collect();
    let [login, _, uid, gid, _, home, shell] = fields[..] else { return None };
    if login.is_empty() {
        return None;
    }
    let shell = if shell.is_empty() { "/bin/sh" } else { shell };
    Some(PasswdEntry {
        login: login.to_owned(),
        uid: uid.parse().ok()?,
        gid: gid.parse().ok()?,
        home: home.to_owned(),
        shell: shell.to_owned(),
    })
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct GroupEntry {
    pub(super) name: String,
    pub(super) gid: u32,
    pub(super) members: Vec<String>,
}

pub(super) fn group_entries(text: &str) -> Vec<GroupEntry> {
    text.lines().filter_map(group_entry).collect()
}

fn group_entry(line: &str) -> Option<GroupEntry> {
    let fields: Vec<&str> = line.split(':').collect();
    let [name, _, gid, members] = fields[..] else { return None };
    let members = members.split(',').filter(|member| !member.is_empty()).map(str::to_owned).collect();
    Some(GroupEntry { name: name.to_owned(), gid: gid.parse().ok()?, members })
}

/// `passwd -Sa`: login, then `P`/`PS`, `L`/`LK` or `NP`.
pub(super) fn password_states(text: &str) -> HashMap<String, PasswordState> {
    let state = |line: &str| {
        let mut words = line.split_whitespace();
        let login = words.next()?.to_owned();
        let state = match words.next()? {
            "P" | "PS" => PasswordState::Usable,
            "L" | "LK" => PasswordState::Locked,
            "NP" => PasswordState::Empty,
            _ => return None,
        };
        Some((login, state))
    };
    text.lines().filter_map(state).collect()
}

/// Lines of `login:day`, the day counted from 1970, empty when the account never expires.
pub(super) fn expiry_days(text: &str) -> HashMap<String, Timestamp> {
    let expiry = |line: &str| {
        let (login, day) = line.split_once(':')?;
        let day: u32 = day.parse().ok()?;
        let since_epoch = Duration::from_secs(u64::from(day) * 86_400);
        Some((login.to_owned(), Timestamp::from_micros(0).plus(since_epoch)))
    };
    text.lines().filter_map(expiry).collect()
}

/// Whether the shell gives its user a session at all.
pub(super) fn shell_opens(shell: &str) -> bool {
    !matches!(shell.rsplit('/').next(), Some("nologin" | "false"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn passwd_lines_become_accounts_and_other_lines_nothing() {
        let text = "root:x:0:0:root:/root:/bin/bash\nbackup:x:34:34:backup:/var/backups:/usr/sbin/nologin\n\
                    nis:x:1000:1000::/home/nis:\n+::::::\nbroken:x:ten:0:::\nshort:x:1\n";
        let entries = passwd_entries(text);
        let seen: Vec<_> = entries.iter().map(|e| (e.login.as_str(), e.uid, e.shell.as_str())).collect();
        assert_eq!(seen, [("root", 0, "/bin/bash"), ("backup", 34, "/usr/sbin/nologin"), ("nis", 1000, "/bin/sh")]);
    }

    #[test]
    fn group_lines_become_members() {
        let groups = group_entries("docker:x:998:ann,bert\nshadow:x:42:\nbad:x\n");
        assert_eq!(groups[0].members, ["ann", "bert"]);
        assert_eq!((groups[1].gid, groups[1].members.len(), groups.len()), (42, 0, 2));
    }

    #[test]
    fn password_states_are_read_as_debian_and_fedora_print_them() {
        let text = "root L 2025-05-20 0 99999 7 -1\nann P 2026-11-21 0 99999 7 -1\nnp NP 2026-11-21 0 99999 7 -1\n\
                    fed PS 2026-11-21 0 99999 7 -1 (Password set, SHA512 crypt.)\nlk LK 1969-12-31 0 99999 7 -1\nodd ??\n";
        let states = password_states(text);
        for (login, state) in [
            ("root", PasswordState::Locked),
            ("ann", PasswordState::Usable),
            ("np", PasswordState::Empty),
            ("fed", PasswordState::Usable),
            ("lk", PasswordState::Locked),
        ] {
            assert_eq!(states[login], state, "{login}");
        }
        assert!(!states.contains_key("odd"));
    }

    #[test]
    fn an_expiry_day_is_a_moment_and_none_is_none() {
        let days = expiry_days("old:1\nann:\nbad:x\n");
        assert_eq!(days["old"].to_string(), "1970-01-02T00:00:00.000000Z");
        assert_eq!(days.len(), 1);
    }

    #[test]
    fn shells_that_turn_people_away_do_not_open() {
        for (shell, opens) in
            [("/usr/sbin/nologin", false), ("/bin/false", false), ("/bin/bash", true), ("/opt/nologin/sh", true)]
        {
            assert_eq!(shell_opens(shell), opens, "{shell}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "(?s)[a-z0-9:, \\n\\PC]{0,200}") {
            let _ = (passwd_entries(&text), group_entries(&text), password_states(&text), expiry_days(&text));
        }
    }
}
