//! Sudo rules that Tenure keeps on a host: one file below `/etc/sudoers.d` for each, with the logins that have it. Other
//! rules are seen and not changed.

use super::as_root::{AsRoot, unexpected};
use crate::ConnectorError;
use crate::account::cut;
use crate::error::one_line;
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

const SCRIPT: &str = include_str!("drop_in.sh");
const CHANGED: u32 = 9;
const NOT_UNDERSTOOD: u32 = 10;
const NAMES: &str = "User_Alias ";

/// What a rule lets its holders do, as somebody declared it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeclaredRule {
    /// A login, or `ALL`.
    pub run_as: String,
    /// Each a whole path with arguments, or `ALL`.
    pub commands: Vec<String>,
    /// Whether sudo asks for no password.
    #[serde(default)]
    pub nopasswd: bool,
}

impl DeclaredRule {
    /// # Errors
    /// `BadName`: something that sudo would read as more than one login or one command.
    pub(super) fn check(&self, slug: &str) -> Result<(), ConnectorError> {
        let bad = |name: &str, reason| Err(ConnectorError::BadName { name: cut(name), reason });
        if !is_slug(slug) {
            return bad(slug, "a rule is called by up to 40 lower case letters, digits and dashes");
        }
        if self.run_as != "ALL" && !is_plain_login(&self.run_as) {
            return bad(&self.run_as, "commands run as a plain login, or as ALL");
        }
        if self.commands.is_empty() {
            return bad(slug, "a rule has at least one command");
        }
        for command in &self.commands {
            let odd = |c: char| c.is_control() || "\\\"'#!".contains(c);
            if command != "ALL" && (!command.starts_with('/') || command.len() > 1024 || command.chars().any(odd)) {
                return bad(command, "a command is a whole path with plain arguments, or ALL");
            }
        }
        Ok(())
    }

    /// Whether it lets its holders become root by it, and why, as far as can be seen here.
    pub(super) fn power(&self) -> Option<String> {
        let commands = if self.commands.iter().any(|command| command == "ALL") {
            "anything".to_owned()
        } else {
            self.commands.join(", ")
        };
        ["root", "ALL"].contains(&self.run_as.as_str()).then(|| format!("runs {commands} as {}", self.run_as))
    }

    /// The file for these holders; nothing for none.
    fn file(&self, slug: &str, holders: &BTreeSet<String>) -> String {
        if holders.is_empty() {
            return String::new();
        }
        let alias = format!("TENURE_{}", slug.to_uppercase().replace('-', "_"));
        let names = holders.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        let commands = self.commands.iter().map(|command| escaped(command)).collect::<Vec<_>>().join(", ");
        let nopasswd = if self.nopasswd { "NOPASSWD: " } else { "" };
        format!(
            "# Kept by Tenure: what is changed by hand is put right again.\n{NAMES}{alias} = {names}\n\
             {alias} ALL = ({}) {nopasswd}{commands}\n",
            self.run_as
        )
    }
}

/// Whether it can be the name of a rule, and so the end of a file's name.
pub(super) fn is_slug(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !text.is_empty() && text.len() <= 40 && text.chars().all(fits)
}

/// Whether a login is nothing but a name to every tool of the host (`useradd`, NAME_REGEX of Debian).
pub(super) fn is_plain_login(login: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-.".contains(c);
    login.len() <= 32
        && login.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && login.chars().all(fits)
        && !login.ends_with('.')
}

/// Arguments in which nothing ends a command (sudoers(5), "Other special characters and reserved words").
fn escaped(command: &str) -> String {
    let mut text = String::with_capacity(command.len());
    for c in command.chars() {
        if ",:=".contains(c) {
            text.push('\\');
        }
        text.push(c);
    }
    text
}

/// The logins in a file that was written here.
fn holders(text: &str) -> BTreeSet<String> {
    let line = text.lines().find_map(|line| line.strip_prefix(NAMES)?.split_once(" = "));
    let names = line.map(|(_, names)| names.split(", ")).into_iter().flatten();
    names.filter(|name| is_plain_login(name)).map(str::to_owned).collect()
}

/// The same text for other holders; nothing for none. For a rule that is not declared any more.
fn for_holders(text: &str, holders: &BTreeSet<String>) -> String {
    if holders.is_empty() {
        return String::new();
    }
    let names = holders.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    let named = |line: &str| match line.strip_prefix(NAMES).and_then(|rest| rest.split_once(" = ")) {
        Some((alias, _)) => format!("{NAMES}{alias} = {names}\n"),
        None => line.to_owned(),
    };
    text.split_inclusive('\n').map(named).collect()
}

/// A rule as a host has it.
#[derive(Debug, Default)]
pub(super) struct HostRule {
    pub(super) holders: BTreeSet<String>,
    /// Why it gives power, where it does.
    pub(super) power: Option<String>,
}

impl HostRule {
    /// Only what the file says as it was declared is known to do what was declared.
    fn read(slug: &str, declared: Option<&DeclaredRule>, text: &str) -> Self {
        let holders = holders(text);
        let power = match declared {
            Some(rule) if text.is_empty() || text == rule.file(slug, &holders) => rule.power(),
            Some(_) => Some("lets do what its file there says, which is not what is declared".to_owned()),
            None => Some("lets do what its file there says: it is not declared any more".to_owned()),
        };
        Self { holders, power }
    }
}

pub(super) struct DropIns<'a> {
    pub(super) root: &'a AsRoot<'a>,
    pub(super) rules: &'a BTreeMap<String, DeclaredRule>,
    pub(super) address: &'a str,
}

impl DropIns<'_> {
    /// Those that are declared, and those that the host still has from when they were.
    pub(super) async fn all(&self) -> Result<BTreeMap<String, HostRule>, ConnectorError> {
        let kept = self.kept().await?;
        let mut all = BTreeMap::new();
        for slug in self.rules.keys().chain(&kept) {
            let text = if kept.contains(slug) { self.read(slug).await? } else { None };
            let rule = HostRule::read(slug, self.rules.get(slug), &text.unwrap_or_default());
            all.insert(slug.clone(), rule);
        }
        Ok(all)
    }

    /// The rules of ours that have a file there, declared or not.
    async fn kept(&self) -> Result<BTreeSet<String>, ConnectorError> {
        let look = r#"for file in "$1"*; do if [ -f "$file" ]; then printf '%s\n' "${file#"$1"}"; fi; done"#;
        let argv = ["/bin/sh", "-c", look, "sh", &path("")];
        let output = self.root.run(&argv, None).await?;
        match output.status {
            0 => Ok(output.stdout_text().lines().filter(|slug| is_slug(slug)).map(str::to_owned).collect()),
            _ => Err(unexpected(&["ls", &path("")], &output)),
        }
    }

    /// Writes the file with the holders that `change` leaves, unless it says so already. What a rule lets them do that is
    /// not declared any more stays as it is there.
    ///
    /// # Errors
    /// `Busy`: somebody else changed it meanwhile. `Rejected`: sudo does not understand it; the old one stays.
    pub(super) async fn change(
        &self,
        act: &'static str,
        slug: &str,
        change: impl FnOnce(&mut BTreeSet<String>),
    ) -> Result<(), ConnectorError> {
        let before = self.read(slug).await?;
        let mut now = holders(before.as_deref().unwrap_or_default());
        change(&mut now);
        let after = match self.rules.get(slug) {
            Some(rule) => rule.file(slug, &now),
            None => for_holders(before.as_deref().unwrap_or_default(), &now),
        };
        if before.as_deref().unwrap_or_default() == after {
            return Ok(());
        }
        let had = before.map_or_else(|| "none".to_owned(), |text| HEXLOWER.encode(&Sha256::digest(text)));
        let argv = ["/bin/sh", "-c", SCRIPT, "sh", &path(slug), &had];
        let output = self.root.run(&argv, Some(after.as_bytes())).await?;
        let detail = one_line(&output.stderr_text());
        match output.status {
            0 => Ok(()),
            CHANGED => {
                let detail = "the file of a sudo rule changed meanwhile".to_owned();
                Err(ConnectorError::Busy { address: self.address.to_owned(), detail })
            }
            NOT_UNDERSTOOD => Err(ConnectorError::Rejected { address: self.address.to_owned(), act, detail }),
            _ => Err(unexpected(&["visudo"], &output)),
        }
    }

    async fn read(&self, slug: &str) -> Result<Option<String>, ConnectorError> {
        let path = path(slug);
        let look = r#"if [ -f "$1" ]; then cat -- "$1"; else exit 8; fi"#;
        let output = self.root.run(&["/bin/sh", "-c", look, "sh", &path], None).await?;
        match output.status {
            0 => Ok(Some(output.stdout_text())),
            8 => Ok(None),
            _ => Err(unexpected(&["cat", &path], &output)),
        }
    }
}

fn path(slug: &str) -> String {
    format!("/etc/sudoers.d/tenure-{slug}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rule(run_as: &str, command: &str) -> DeclaredRule {
        DeclaredRule { run_as: run_as.to_owned(), commands: vec![command.to_owned()], nopasswd: true }
    }

    #[test]
    fn a_rule_that_could_say_more_than_it_says_is_refused() {
        for (slug, run_as, command, fits) in [
            ("restart-web", "root", "/usr/bin/systemctl restart nginx", true),
            ("all", "ALL", "ALL", true),
            ("web", "postgres", "/usr/bin/psql --set=a:b,c", true),
            ("Web", "root", "/bin/a", false),
            ("../x", "root", "/bin/a", false),
            ("", "root", "/bin/a", false),
            ("web", "root) NOPASSWD: ALL, (root", "/bin/a", false),
            ("web", "#0", "/bin/a", false),
            ("web", "root", "SHELLS", false),
            ("web", "root", "!/bin/a", false),
            ("web", "root", "/bin/a\nALL ALL = ALL", false),
            ("web", "root", "/bin/a\\", false),
        ] {
            assert_eq!(rule(run_as, command).check(slug).is_ok(), fits, "{slug} {run_as} {command}");
        }
    }

    #[test]
    fn a_name_that_sudo_reads_as_something_else_is_no_login() {
        for (login, plain) in [
            ("alice", true),
            ("svc_web-1.a", true),
            ("ALL", false),
            ("%wheel", false),
            ("#0", false),
            ("+net", false),
            ("a,b", false),
            ("-r", false),
            ("a b", false),
            ("a.", false),
            ("", false),
        ] {
            assert_eq!(is_plain_login(login), plain, "{login}");
        }
    }

    proptest! {
        #[test]
        fn holders_read_back_as_they_were(logins in proptest::collection::btree_set("[a-z_][a-z0-9_-]{0,8}", 0..6), argument in "[a-z,:=* .]{0,12}") {
            let rule = rule("root", &format!("/bin/a {argument}"));
            let file = rule.file("web", &logins);
            prop_assert_eq!(holders(&file), logins.clone());
            prop_assert_eq!(for_holders(&rule.file("web", &["x".to_owned()].into()), &logins), file.clone());
            prop_assert!(file.lines().count() <= 3);
        }
    }
}
