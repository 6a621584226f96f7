//! What a person is asked to do on a system that nothing of ours reaches.

use authn::Caller;
use types::{IdentityId, OrderId, Permission, TicketId, Timestamp};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    pub id: TicketId,
    /// What is to be done.
    pub order: OrderId,
    pub system: String,
    pub opened_at: Timestamp,
    /// When somebody is reminded next.
    pub remind_at: Timestamp,
    /// How often somebody was reminded.
    pub reminders: u32,
    /// Who works on it where it is about the owner of the system.
    pub stand_in: Option<IdentityId>,
    pub state: State,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    Open,
    Done {
        by: IdentityId,
        at: Timestamp,
    },
    /// Nobody wants it done any more.
    Moot {
        at: Timestamp,
    },
}

impl State {
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Done { .. } => "done",
            Self::Moot { .. } => "moot",
        }
    }
}

/// Whose tickets somebody works on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Of the systems that they own, or whose owner they stand in for.
    Own,
    Any,
}

impl Reach {
    pub fn of(caller: &Caller) -> Self {
        if caller.may(Permission::TicketsManage) { Self::Any } else { Self::Own }
    }
}

/// `None` does not narrow.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// As [`State::as_str`] says.
    pub state: Option<String>,
    pub system: Option<String>,
    /// Who works on it: the owner of the system, or whoever stands in for them.
    pub worker: Option<IdentityId>,
    /// Continue after this one (newest first).
    pub after: Option<TicketId>,
    pub limit: u32,
}
