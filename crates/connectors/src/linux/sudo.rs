//! Reads what `sudo -ll -U LOGIN` and `cvtsudoers -f json` print in the C locale. Pure.
//! Resolves no rule: the host's sudo has already done so.

use super::SudoRule;
use std::collections::BTreeSet;

/// The rules that allow at least one command, in sudo's order; `None` when the text is no answer of sudo's.
pub(super) fn rules(text: &str) -> Option<Vec<SudoRule>> {
    let mut lines = text.lines();
    let mut defaults = Defaults::default();
    loop {
        let line = lines.next()?;
        if is_verdict(line, " is not allowed to run sudo on ") {
            return Some(Vec::new());
        }
        if is_verdict(line, " may run the following commands on ") {
            break;
        }
        defaults.note(line);
    }
    let mut rules = Vec::new();
    let mut entry = Entry::default();
    for line in lines {
        if is_heading(line) {
            rules.extend(std::mem::take(&mut entry).into_rule(&defaults));
        } else {
            entry.note(line);
        }
    }
    rules.extend(entry.into_rule(&defaults));
    Some(rules)
}

fn is_verdict(line: &str, verdict: &str) -> bool {
    line.starts_with("User ") && line.contains(verdict)
}

fn is_heading(line: &str) -> bool {
    ["Sudoers entry:", "LDAP Role:", "SSSD Role:"].iter().any(|heading| line.starts_with(heading))
}

/// What the defaults that match the user say about passwords.
#[derive(Default)]
struct Defaults {
    matching: bool,
    nopasswd: bool,
}

impl Defaults {
    fn note(&mut self, line: &str) {
        if !line.starts_with(' ') {
            self.matching = line.starts_with("Matching Defaults entries");
        } else if self.matching {
            for setting in line.split(',').map(str::trim) {
                match setting {
                    "!authenticate" => self.nopasswd = true,
                    "authenticate" => self.nopasswd = false,
                    _ => {}
                }
            }
        }
    }
}

#[derive(Default)]
struct Entry {
    users: String,
    groups: String,
    authenticate: Option<bool>,
    conditions: Vec<String>,
    commands: Vec<String>,
    in_commands: bool,
}

impl Entry {
    fn note(&mut self, line: &str) {
        if self.in_commands && line.starts_with('\t') {
            self.commands.push(line.trim().to_owned());
            return;
        }
        match line.trim().split_once(':').map(|(name, value)| (name, value.trim())) {
            Some(("RunAsUsers", users)) => self.users = users.to_owned(),
            Some(("RunAsGroups", groups)) => self.groups = groups.to_owned(),
            Some(("Options", options)) => self.note_options(options),
            Some(("Commands", "")) => self.in_commands = true,
            Some((name, value)) => self.conditions.push(format!("{name}: {value}")),
            None => {}
        }
    }

    fn note_options(&mut self, options: &str) {
        for option in options.split(", ") {
            match option {
                "!authenticate" => self.authenticate = Some(false),
                "authenticate" => self.authenticate = Some(true),
                _ => self.conditions.push(option.to_owned()),
            }
        }
    }

    fn into_rule(self, defaults: &Defaults) -> Option<SudoRule> {
        if self.commands.iter().all(|command| command.starts_with('!')) {
            return None;
        }
        let run_as = match (self.users.as_str(), self.groups.as_str()) {
            (users, "") => users.to_owned(),
            (users, groups) => format!("{users} : {groups}"),
        };
        let nopasswd = self.authenticate.map_or(defaults.nopasswd, |asked| !asked);
        Some(SudoRule { run_as, commands: self.commands, nopasswd, conditions: self.conditions })
    }
}

/// Users and groups that rules name, so that those a directory does not list are looked up too.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) users: BTreeSet<String>,
    pub(super) groups: BTreeSet<String>,
}

/// Empty for text that is not the JSON of `cvtsudoers`.
pub(super) fn named_in_rules(json: &str) -> Named {
    let mut named = Named::default();
    let Ok(rules) = serde_json::from_str::<serde_json::Value>(json) else { return named };
    let lists = rules["User_Specs"].as_array().into_iter().flatten().map(|spec| &spec["User_List"]);
    let aliases = rules["User_Aliases"].as_object().into_iter().flatten().map(|(_, members)| members);
    for member in lists.chain(aliases).filter_map(|list| list.as_array()).flatten() {
        if let Some(user) = member["username"].as_str().filter(|user| *user != "ALL") {
            named.users.insert(user.to_owned());
        }
        if let Some(group) = member["usergroup"].as_str() {
            named.groups.insert(group.to_owned());
        }
    }
    named
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Printed by sudo 1.9.13p3.
    const HEAD: &str = "Matching Defaults entries for dora on vm:\n    env_reset, mail_badpass,\n    use_pty\n\n\
        Runas and Command-specific defaults for dora:\n    Defaults!/usr/bin/passwd timestamp_timeout=0\n\n\
        User dora may run the following commands on vm:\n";

    fn shown(body: &str) -> Vec<String> {
        rules(&format!("{HEAD}{body}")).unwrap().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn each_entry_becomes_a_rule_as_sudo_stated_it() {
        for (body, expected) in [
            (
                "\nSudoers entry:\n    RunAsUsers: root\n    Options: !authenticate\n    Commands:\n\t/usr/bin/apt-get update\n\
                 \nSudoers entry:\n    RunAsUsers: root\n    Options: authenticate\n    Commands:\n\t/usr/bin/apt-get install *\n",
                vec!["(root) NOPASSWD: /usr/bin/apt-get update", "(root) /usr/bin/apt-get install *"],
            ),
            (
                "\nSudoers entry:\n    RunAsUsers: ALL\n    Commands:\n\tALL\n\t!/usr/bin/su\n\t!/bin/sh\n",
                vec!["(ALL) ALL, !/usr/bin/su, !/bin/sh"],
            ),
            (
                "\nSudoers entry:\n    RunAsUsers: ALL\n    RunAsGroups: ALL\n    Options: setenv, !authenticate\n    Commands:\n\tALL\n\
                 \nSudoers entry:\n    RunAsUsers: #1001\n    Commands:\n\tsha256:0000 /usr/bin/id\n",
                vec!["(ALL : ALL) NOPASSWD: ALL [setenv]", "(#1001) sha256:0000 /usr/bin/id"],
            ),
            (
                "\nSudoers entry:\n    RunAsUsers: root\n    Role: sysadm_r\n    Cwd: /tmp\n    Timeout: 3600\n    \
                 NotBefore: 20260101000000Z\n    Commands:\n\t/usr/bin/ls a\\,b with\\=equals\n",
                vec![
                    "(root) /usr/bin/ls a\\,b with\\=equals [Role: sysadm_r, Cwd: /tmp, Timeout: 3600, NotBefore: 20260101000000Z]",
                ],
            ),
            (
                "\nLDAP Role: web\n    RunAsUsers: root\n    Commands:\n\t/bin/a\n\nSudoers entry: /etc/sudoers.d/b\n    \
                 RunAsUsers: fay\n    RunAsGroups: adm\n    Commands:\n\tsudoedit /etc/hosts\n",
                vec!["(root) /bin/a", "(fay : adm) sudoedit /etc/hosts"],
            ),
            ("\nSudoers entry:\n    RunAsUsers: root\n    Commands:\n\t!/usr/bin/su\n", vec![]),
        ] {
            assert_eq!(shown(body), expected);
        }
    }

    #[test]
    fn a_user_whom_sudo_does_not_know_has_no_rule_and_other_text_is_no_answer() {
        assert_eq!(rules("User mona is not allowed to run sudo on vm.\n"), Some(vec![]));
        assert_eq!(rules("User CORP\\\\ann ng is not allowed to run sudo on vm.\n"), Some(vec![]));
        assert_eq!(rules("sudo: unknown user nosuch\n"), None);
        assert_eq!(rules(""), None);
    }

    #[test]
    fn a_default_without_authentication_makes_every_rule_nopasswd_unless_it_says_otherwise() {
        let body = "\nSudoers entry:\n    RunAsUsers: root\n    Commands:\n\t/bin/a\n\
                    \nSudoers entry:\n    RunAsUsers: root\n    Options: authenticate\n    Commands:\n\t/bin/b\n";
        let text = format!("{}{body}", HEAD.replace("use_pty", "!authenticate"));
        let nopasswd: Vec<bool> = rules(&text).unwrap().iter().map(|rule| rule.nopasswd).collect();
        assert_eq!(nopasswd, [true, false]);
        let command_only = HEAD.replace("timestamp_timeout=0", "!authenticate");
        assert!(!rules(&format!("{command_only}{body}")).unwrap()[0].nopasswd);
    }

    #[test]
    fn names_in_rules_and_aliases_are_collected_and_not_those_of_run_as() {
        let json = r##"{"User_Specs": [{"User_List": [{"username": "ann"}, {"usergroup": "sudo"}, {"username": "ALL"},
            {"usergroup": "kids", "negated": true}, {"useralias": "OPS"}, {"userid": 1001}],
            "Cmnd_Specs": [{"runasusers": [{"username": "postgres"}]}]}],
            "User_Aliases": {"OPS": [{"username": "bert"}]}}"##;
        let named = named_in_rules(json);
        assert_eq!(named.users.into_iter().collect::<Vec<_>>(), ["ann", "bert"]);
        assert_eq!(named.groups.into_iter().collect::<Vec<_>>(), ["kids", "sudo"]);
        assert_eq!(named_in_rules("[1"), Named::default());
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "(?s).{0,200}", body in "((\t|    )?(Sudoers entry|Commands|Options|RunAsUsers|!ALL|User x)?:? ?.{0,10}\n){0,12}") {
            let _ = (rules(&text), rules(&format!("{HEAD}{body}")), named_in_rules(&text));
        }
    }
}
