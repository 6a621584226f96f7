//! What a target is: a host that privileged sessions reach, known by its pinned key. Pure.

use connectors::linux::HostKeyPin;
use types::Timestamp;

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
    pub description: String,
    /// Root, or a login that may use `sudo -n` for everything.
    pub discovery_login: String,
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
}

/// A target as somebody declares it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct Declaration {
    pub name: String,
    pub host: String,
    pub port: u16,
    /// `ssh-ed25519 AAAA…`, as in a `known_hosts` file after the name.
    pub host_key: String,
    pub reads_krl: bool,
    pub description: String,
    pub discovery_login: String,
}
