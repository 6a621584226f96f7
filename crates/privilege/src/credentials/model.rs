//! What is made on demand: profiles, which say what can be made, and leases, which say what was made and until when.
//! Pure.

use super::{Kind, Made};
use std::time::Duration;
use types::{CredentialId, GrantId, IdentityId, Timestamp, TokenId};

/// What can be made for whoever holds a grant for `name@service` by the channel `credential`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The login of the grant; for a database the group role whose membership is given.
    pub name: String,
    pub service: String,
    pub kind: Kind,
    /// From the making to the last end, however often it is renewed.
    pub max_ttl: Duration,
    /// How many of one grant may be there at a time.
    pub max_live: u32,
    pub description: String,
    pub declared_at: Timestamp,
}

/// A profile as somebody declares it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declaration {
    pub name: String,
    pub service: String,
    pub kind: Kind,
    #[serde(default = "an_hour")]
    pub max_ttl_minutes: u32,
    #[serde(default = "a_hundred")]
    pub max_live: u32,
    #[serde(default)]
    pub description: String,
}

fn an_hour() -> u32 {
    60
}

fn a_hundred() -> u32 {
    100
}

impl Declaration {
    pub(super) fn profile(&self, declared_at: Timestamp) -> Profile {
        Profile {
            name: self.name.clone(),
            service: self.service.clone(),
            kind: self.kind.clone(),
            max_ttl: Duration::from_secs(60 * u64::from(self.max_ttl_minutes)),
            max_live: self.max_live,
            description: self.description.clone(),
            declared_at,
        }
    }
}

/// A credential that was made, or is about to be. What proves it is never kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    pub id: CredentialId,
    pub grant: GrantId,
    pub holder: IdentityId,
    /// By which it was ordered, where that was a token: it ends with that.
    pub token: Option<TokenId>,
    pub service: String,
    pub profile: String,
    /// Of the profile, when it was made.
    pub kind: String,
    /// What it is called where it is used, such as the name of a database user.
    pub name: String,
    /// What the service itself calls it, where sessions go by that and not by the name.
    pub server_id: Option<String>,
    pub ordered_at: Timestamp,
    /// Never after the end of its grant.
    pub ends_at: Timestamp,
    /// No renewal goes beyond this.
    pub latest_end_at: Timestamp,
    pub state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Kept before the service is touched: whether it exists there is not known.
    Issuing,
    Live,
    /// To be removed from the service, and not seen gone there yet.
    Ending {
        at: Timestamp,
        cause: Cause,
    },
    /// Seen that it is not there any more.
    Gone {
        ended_at: Timestamp,
        cause: Cause,
        observed_at: Timestamp,
    },
}

impl State {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Issuing => "issuing",
            Self::Live => "live",
            Self::Ending { .. } => "ending",
            Self::Gone { .. } => "gone",
        }
    }

    pub fn ended(self) -> Option<(Timestamp, Cause)> {
        match self {
            Self::Issuing | Self::Live => None,
            Self::Ending { at, cause } | Self::Gone { ended_at: at, cause, .. } => Some((at, cause)),
        }
    }
}

/// Why a lease ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Its own time was over.
    Expired,
    /// The grant that it hangs on does not stand any more.
    GrantEnded,
    /// The token that it was ordered by works no more.
    TokenEnded,
    /// Its holder or somebody who may has revoked it.
    Revoked,
    /// It was never handed out: the service refused it, or a server stopped meanwhile.
    NotIssued,
}

impl Cause {
    pub const ALL: [Self; 5] = [Self::Expired, Self::GrantEnded, Self::TokenEnded, Self::Revoked, Self::NotIssued];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::GrantEnded => "grant_ended",
            Self::TokenEnded => "token_ended",
            Self::Revoked => "revoked",
            Self::NotIssued => "not_issued",
        }
    }
}

/// A credential as its holder gets it, once.
#[derive(Debug)]
pub struct Issued {
    pub lease: Lease,
    pub made: Made,
}

/// Which leases to list. `None` does not narrow.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub service: Option<String>,
    pub profile: Option<String>,
    pub grant: Option<GrantId>,
    pub holder: Option<IdentityId>,
    /// `issuing`, `live`, `ending` or `gone`.
    pub state: Option<String>,
    /// Continue after this one (newest first).
    pub after: Option<CredentialId>,
    pub limit: u32,
}

/// Which live leases to revoke together. `None` does not narrow; at least one must.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    pub service: Option<String>,
    pub profile: Option<String>,
    pub grant: Option<GrantId>,
    pub holder: Option<IdentityId>,
}

/// What of a service waits to be revoked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backlog {
    pub service: String,
    pub count: u64,
    pub oldest: Timestamp,
    /// Failed attempts since the last that went well, or since something was added.
    pub attempts: u32,
    pub last_error: Option<String>,
    /// `None` while it is being tried.
    pub next_try: Option<Timestamp>,
}
