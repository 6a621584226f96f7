//! What discovery found on a host: accounts, and how each is privileged. Facts only, as the host stated them.

use serde::{Deserialize, Serialize};
use types::Timestamp;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discovery {
    /// Accounts that are privileged, can be logged in to or hold a key, in the order of the host's passwd database.
    pub accounts: Vec<FoundAccount>,
    /// The sudo rules as `cvtsudoers -f json` prints them; `None` where the host has no such tool.
    pub sudo_rules: Option<String>,
    /// What could not be read, one line each: discovery says nothing about these.
    pub gaps: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundAccount {
    pub login: String,
    pub uid: u32,
    pub shell: String,
    /// Whether the account is unexpired and its shell opens a session. A locked password does not prevent it: keys and
    /// certificates may still be accepted.
    pub login_possible: bool,
    pub password: PasswordState,
    pub expires: Option<Timestamp>,
    pub privileges: Vec<Privilege>,
    pub keys: Vec<FoundKey>,
    pub last_login: Option<Timestamp>,
}

impl FoundAccount {
    pub fn privileged(&self) -> bool {
        !self.privileges.is_empty()
    }

    /// How the account is privileged and who can become it by a key, one line each. Empty when it is not privileged.
    pub fn how(&self) -> Vec<String> {
        if !self.privileged() {
            return Vec::new();
        }
        let privileges = self.privileges.iter().map(ToString::to_string);
        privileges.chain(self.keys.iter().map(|key| key.holder_becomes(&self.login))).collect()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PasswordState {
    Usable,
    Locked,
    Empty,
    Unknown,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Privilege {
    Uid0,
    Sudo(SudoRule),
    /// Membership in a group that amounts to root by itself. Groups that sudo names appear as `Sudo`.
    Group {
        name: String,
        why: String,
    },
}

impl std::fmt::Display for Privilege {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Uid0 => f.write_str("uid 0"),
            Self::Sudo(rule) => write!(f, "sudo {rule}"),
            Self::Group { name, why } => write!(f, "group {name}, which {why}"),
        }
    }
}

/// One entry of `sudo -ll -U`, after the host resolved groups, aliases, includes and exclusions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SudoRule {
    /// Users, then groups after a colon: `root`, `ALL : ALL`, `postgres, mysql`.
    pub run_as: String,
    /// As sudo prints them, in its order, in which the last match wins; a leading `!` forbids.
    pub commands: Vec<String>,
    pub nopasswd: bool,
    /// Every other condition as sudo prints it, such as `noexec` or `Role: sysadm_r`.
    pub conditions: Vec<String>,
}

impl std::fmt::Display for SudoRule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let nopasswd = if self.nopasswd { " NOPASSWD:" } else { "" };
        write!(f, "({}){nopasswd} {}", self.run_as, self.commands.join(", "))?;
        if !self.conditions.is_empty() {
            write!(f, " [{}]", self.conditions.join(", "))?;
        }
        Ok(())
    }
}

/// A key that sshd accepts for the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundKey {
    pub file: String,
    /// From 1.
    pub line: u32,
    /// As written, one each: `restrict`, `from="10.0.0.0/8"`, `command="…"`, `cert-authority`.
    pub options: Vec<String>,
    pub key_type: String,
    /// `SHA256:` and unpadded base64, as `ssh-keygen -l` prints it.
    pub fingerprint: String,
    pub comment: String,
}

impl FoundKey {
    /// Whether the key signs certificates that are accepted, instead of being accepted itself.
    pub fn is_certificate_authority(&self) -> bool {
        self.options.iter().any(|option| option.eq_ignore_ascii_case("cert-authority"))
    }

    fn holder_becomes(&self, login: &str) -> String {
        let who = if self.is_certificate_authority() { "whoever holds a certificate of ca" } else { "the holder of" };
        let comment = if self.comment.is_empty() { String::new() } else { format!(" ({})", self.comment) };
        let options =
            if self.options.is_empty() { String::new() } else { format!(", limited by {}", self.options.join(",")) };
        format!("{who} {}{comment} becomes {login} by {}:{}{options}", self.fingerprint, self.file, self.line)
    }
}
