//! The question of the privilege plane, and its two answers.

use crate::{Because, EndCause};
use std::ops::Deref;
use types::{Channel, GrantId, IdentityId, PermitId, SessionId, Timestamp};

/// May `who` use `login` on `target` through `channel`, now?
#[derive(Debug, Clone)]
pub struct Ask<'a> {
    pub who: &'a IdentityId,
    pub target: &'a str,
    pub login: &'a str,
    pub channel: Channel,
}

/// Where a session takes place.
#[derive(Debug, Clone, Copy)]
pub struct Seat<'a> {
    pub session: &'a SessionId,
    /// The node that will carry the session.
    pub node: &'a str,
}

/// Proof that the question was asked and answered with yes. Made only by `enforce`; it cannot be copied, so one permit
/// opens one thing.
#[derive(Debug)]
pub struct Permit {
    id: PermitId,
    grant: GrantId,
    holder: IdentityId,
    target: String,
    login: String,
    channel: Channel,
    deadline: Timestamp,
    because: Because,
}

impl Permit {
    pub(crate) fn new(id: PermitId, grant: &crate::Grant, ask: &Ask<'_>) -> Self {
        Self {
            id,
            grant: grant.id.clone(),
            holder: grant.holder.clone(),
            target: grant.target.clone(),
            login: grant.login.clone(),
            channel: ask.channel,
            deadline: grant.window.until,
            because: grant.because.clone(),
        }
    }

    pub fn id(&self) -> &PermitId {
        &self.id
    }

    pub fn grant(&self) -> &GrantId {
        &self.grant
    }

    pub fn holder(&self) -> &IdentityId {
        &self.holder
    }

    pub fn target(&self) -> &str {
        &self.target
    }

    pub fn login(&self) -> &str {
        &self.login
    }

    pub fn channel(&self) -> Channel {
        self.channel
    }

    /// The end of the grant's window. Nothing may flow past it.
    pub fn deadline(&self) -> Timestamp {
        self.deadline
    }

    pub fn because(&self) -> &Because {
        &self.because
    }
}

/// A permit for a session, which has its place under the grant's limits until it is released.
#[derive(Debug)]
pub struct SessionPermit {
    permit: Permit,
    session: SessionId,
}

impl SessionPermit {
    pub(crate) fn new(permit: Permit, session: SessionId) -> Self {
        Self { permit, session }
    }

    pub fn session(&self) -> &SessionId {
        &self.session
    }
}

impl Deref for SessionPermit {
    type Target = Permit;
    fn deref(&self) -> &Permit {
        &self.permit
    }
}

/// No, and why, in words for the person who asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error(
        "no grant for {login} on {target}: request one with `tenure request {login}@{target} --for 1h --reason TEXT`"
    )]
    NoGrant { target: String, login: String },
    #[error("your grant for {login} on {target} starts at {from}: try again then")]
    NotYet { target: String, login: String, from: Timestamp },
    #[error("your grant for {login} on {target} {} at {at}: request a new one with `tenure request {login}@{target} --for 1h --reason TEXT`", how(.cause))]
    Over { target: String, login: String, cause: EndCause, at: Timestamp },
    #[error(
        "your grant for {login} on {target} does not allow {channel} (it allows {allowed}): request it with `--channel {channel}`"
    )]
    Channel { target: String, login: String, channel: Channel, allowed: String },
    #[error(
        "your grant for {login} on {target} allows {limit} session(s) at once: end one first (`tenure sessions list`)"
    )]
    TooManySessions { target: String, login: String, limit: u32 },
}

impl Refusal {
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoGrant { .. } => "no_grant",
            Self::NotYet { .. } => "not_yet",
            Self::Over { .. } => "grant_over",
            Self::Channel { .. } => "channel_not_granted",
            Self::TooManySessions { .. } => "too_many_sessions",
        }
    }
}

fn how(cause: &EndCause) -> &'static str {
    match cause {
        EndCause::Expired => "expired",
        EndCause::Withdrawn => "was withdrawn",
        EndCause::Leaver => "was withdrawn with your employment",
        EndCause::Ineligible => "was withdrawn because no role makes you eligible any more",
        EndCause::OwnerGone => "was withdrawn because its owner left",
        EndCause::MachineEnded => "was withdrawn because the machine identity ended",
    }
}
