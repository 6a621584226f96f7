//! The ways in which a grant can be used. Every one of them asks for a permit.

/// A closed list; a grant names those it allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    Shell,
    Exec,
    Sftp,
    PortForward,
    /// A value of the vault: the login is a folder, the target a safe.
    SecretRead,
    SecretWrite,
    /// The credential of an account under management, handed out and taken back.
    Checkout,
    /// A credential made on demand: the login is a profile.
    Credential,
    /// A membership on a system while the grant stands: the login is an entitlement.
    Membership,
}

impl Channel {
    pub const ALL: [Self; 9] = [
        Self::Shell,
        Self::Exec,
        Self::Sftp,
        Self::PortForward,
        Self::SecretRead,
        Self::SecretWrite,
        Self::Checkout,
        Self::Credential,
        Self::Membership,
    ];

    /// What a grant allows unless it says otherwise: no forwarding. Agent and X11 forwarding are no channels: they would
    /// lend the person's own keys and screen to the target, so no grant can allow them.
    pub const DEFAULT: [Self; 3] = [Self::Shell, Self::Exec, Self::Sftp];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Shell => "shell",
            Self::Exec => "exec",
            Self::Sftp => "sftp",
            Self::PortForward => "port_forward",
            Self::SecretRead => "secret_read",
            Self::SecretWrite => "secret_write",
            Self::Checkout => "checkout",
            Self::Credential => "credential",
            Self::Membership => "membership",
        }
    }
}

impl std::fmt::Display for Channel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for Channel {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|channel| channel.as_str() == text).ok_or_else(|| {
            let known = Self::ALL.map(Self::as_str).join(", ");
            format!("`{text}` is not a channel; choose from {known}")
        })
    }
}
