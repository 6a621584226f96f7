//! What an account under management is, and where its credential stands. Pure; holds no credential.

use std::time::Duration;
use types::{IdentityId, ManagedAccountId, Timestamp};

/// An enum whose variants are kept, shown and read as words.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$variant_doc])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            pub fn read(word: &str) -> Option<Self> {
                [$(Self::$variant),+].into_iter().find(|known| known.as_str() == word)
            }
        }
    };
}

words! {
    /// Who uses it.
    AccountKind { Person "person", Shared "shared", Service "service" }
}

words! {
    /// What it proves itself with.
    CredentialKind {
        Password "password",
        SshKey "ssh_key",
        /// Opaque to Tenure: kept, handed out, replaced by hand.
        ApiKey "api_key",
        Certificate "certificate",
    }
}

impl CredentialKind {
    /// Whether Tenure can log in with it, and so change it by itself.
    pub const fn is_verifiable(self) -> bool {
        matches!(self, Self::Password | Self::SshKey)
    }
}

words! {
    /// As whom the credential is changed on a database or directory. On a host it is always Tenure itself.
    ChangeAs {
        Itself "itself",
        /// The reconcile account, or else the service's administrator.
        Administrator "administrator",
    }
}

words! {
    /// What happens when none of the kept credentials logs in.
    Reconcile {
        /// Set a new one through the reconcile account, at once.
        Automatic "automatic",
        /// Raise a finding, and wait for a person.
        Ask "ask",
    }
}

words! {
    /// What happens when files that hold the password cannot be updated after the target has the new one.
    Behind {
        /// They are tried again until they hold it.
        Retry "retry",
        /// After some tries the old password is set again, at the target and in the files.
        RollBack "roll_back",
    }
}

pub(crate) use words;

/// How an account is managed: what people may change.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Settings {
    pub kind: AccountKind,
    pub purpose: String,
    pub policy: String,
    pub rotate_every_seconds: Option<u64>,
    pub verify_every_seconds: Option<u64>,
    pub change_as: ChangeAs,
    /// Another account of the same service that may set this one's password.
    pub reconcile_by: Option<ManagedAccountId>,
    pub reconcile: Reconcile,
    pub rotate_on_leak: bool,
    pub dual_control: bool,
    /// Whether one person at a time has it checked out.
    #[serde(default = "alone")]
    pub exclusive: bool,
    /// Rotated after every checkout.
    pub one_time: bool,
    pub max_checkout_seconds: Option<u64>,
    /// Of a pair: how long the account that was handed out before stays valid.
    pub grace_seconds: u64,
    #[serde(default = "retry")]
    pub dependents_behind: Behind,
}

fn retry() -> Behind {
    Behind::Retry
}

fn alone() -> bool {
    true
}

pub(crate) const GRACE_SECONDS: u64 = 24 * 3600;

impl Settings {
    pub(crate) fn new(kind: AccountKind, purpose: String) -> Self {
        Self {
            kind,
            purpose,
            policy: crate::passwords::DEFAULT.to_owned(),
            rotate_every_seconds: None,
            verify_every_seconds: Some(GRACE_SECONDS),
            change_as: ChangeAs::Itself,
            reconcile_by: None,
            reconcile: Reconcile::Ask,
            rotate_on_leak: true,
            dual_control: false,
            exclusive: true,
            one_time: false,
            max_checkout_seconds: None,
            grace_seconds: GRACE_SECONDS,
            dependents_behind: Behind::Retry,
        }
    }

    pub(crate) fn grace(&self) -> Duration {
        Duration::from_secs(self.grace_seconds)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Managed {
    pub id: ManagedAccountId,
    /// A target or a service, by name.
    pub target: String,
    pub login: String,
    pub credential: CredentialKind,
    pub owner: IdentityId,
    pub settings: Settings,
    pub state: State,
    pub pair: Option<Pair>,
    pub managed_at: Timestamp,
    /// Since when the current credential is the current one.
    pub changed_at: Option<Timestamp>,
    /// When the current credential last logged in.
    pub verified_at: Option<Timestamp>,
    pub verify_at: Option<Timestamp>,
    pub rotate_at: Option<Timestamp>,
    pub unmanaged_at: Option<Timestamp>,
    /// Counts the runs that work on it; every write of a run depends on its own number.
    #[serde(skip)]
    pub(crate) fence: u64,
}

/// Of two accounts that take turns: one is handed out while the other is changed.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Pair {
    pub other: ManagedAccountId,
    pub handed_out: bool,
    /// Since when.
    pub flipped_at: Option<Timestamp>,
}

/// Where the credential stands. A number is a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum State {
    /// This one logs in, as far as was last seen.
    Settled { current: u32 },
    /// The candidate is kept, and may or may not be what the target has by now.
    Changing { current: Option<u32>, candidate: u32 },
    /// None of those kept logs in, or none is kept yet.
    Unknown { current: Option<u32> },
}

impl State {
    pub fn current(self) -> Option<u32> {
        match self {
            Self::Settled { current } => Some(current),
            Self::Changing { current, .. } | Self::Unknown { current } => current,
        }
    }

    pub const fn word(self) -> &'static str {
        match self {
            Self::Settled { .. } => "settled",
            Self::Changing { .. } => "changing",
            Self::Unknown { .. } => "unknown",
        }
    }
}

words! {
    /// What became of one version of a credential.
    VersionState {
        /// Kept before the target was touched.
        Candidate "candidate",
        Current "current",
        Previous "previous",
        /// The target's own policy did not take it.
        Refused "refused",
    }
}

/// One version of an account's credential, without the credential.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Version {
    pub version: u32,
    pub state: VersionState,
    pub public_key: Option<String>,
    pub made_at: Timestamp,
    pub verified_at: Option<Timestamp>,
    /// When it stopped to be the current one or a candidate.
    pub ended_at: Option<Timestamp>,
    pub destroyed_at: Option<Timestamp>,
}

impl Managed {
    /// `LOGIN@TARGET`.
    pub fn name(&self) -> String {
        format!("{}@{}", self.login, self.target)
    }

    pub fn is_managed(&self) -> bool {
        self.unmanaged_at.is_none()
    }
}
