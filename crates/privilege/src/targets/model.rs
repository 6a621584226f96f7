//! What a target is: a host that privileged sessions reach, known by its pinned key. Pure.

use connectors::linux::{DeclaredRule, HostKeyPin};
use std::collections::BTreeMap;
use types::Timestamp;

/// By what Tenure logs in to a target for somebody.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignIn {
    /// One for each session, which the target must trust Tenure to sign.
    #[default]
    Certificate,
    /// The password or key that the vault keeps for the login, for targets that take no certificate.
    Vaulted,
}

impl SignIn {
    pub const ALL: [Self; 2] = [Self::Certificate, Self::Vaulted];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Certificate => "certificate",
            Self::Vaulted => "vaulted",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Target {
    pub name: String,
    /// A DNS name or an address without brackets.
    pub host: String,
    pub port: u16,
    /// The only host key that Tenure accepts from it.
    pub host_key_pin: HostKeyPin,
    /// Whether its sshd reads Tenure's KRL, so that it refuses an ended certificate at once.
    pub reads_krl: bool,
    pub sign_in: SignIn,
    pub description: String,
    /// Root, or a login that may use `sudo -n` for everything.
    pub discovery_login: String,
    /// Sudo rules that can be given there, by the names that they are given by.
    pub sudo: BTreeMap<String, DeclaredRule>,
    pub declared_at: Timestamp,
}

impl Target {
    /// `host:port`, with brackets around an IPv6 address.
    pub fn address(&self) -> String {
        if self.host.contains(':') {
            format!("[{}]:{}", self.host, self.port)
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }

    /// What of it is listed, and how, follows from this.
    pub(crate) fn view(&self) -> String {
        format!("{} {} {}", self.address(), self.host_key_pin.fingerprint(), self.discovery_login)
    }
}

/// A target as somebody declares it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declaration {
    pub name: String,
    pub host: String,
    #[serde(default = "ssh_port")]
    pub port: u16,
    /// `ssh-ed25519 AAAA…`, as in a `known_hosts` file after the name.
    pub host_key: String,
    #[serde(default)]
    pub reads_krl: bool,
    #[serde(default)]
    pub sign_in: SignIn,
    #[serde(default)]
    pub description: String,
    #[serde(default = "root")]
    pub discovery_login: String,
    #[serde(default)]
    pub sudo: BTreeMap<String, DeclaredRule>,
}

fn ssh_port() -> u16 {
    22
}

fn root() -> String {
    "root".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_declaration_needs_a_name_a_host_and_a_key_and_no_word_of_it_is_passed_over() {
        let least = serde_json::json!({"name": "web-1", "host": "192.0.2.1", "host_key": "ssh-ed25519 AAAA"});
        let read: Declaration = serde_json::from_value(least.clone()).unwrap();
        assert_eq!((read.port, read.discovery_login.as_str()), (22, "root"));
        assert_eq!((read.reads_krl, read.sign_in, read.description.as_str()), (false, SignIn::Certificate, ""));
        for (name, good) in [("reads_krl", true), ("read_krl", false), ("owner", false)] {
            let mut more = least.clone();
            more[name] = true.into();
            assert_eq!(serde_json::from_value::<Declaration>(more).is_ok(), good, "{name}");
        }
    }
}
