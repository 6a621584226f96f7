//! What somebody is to the organisation at one moment, and from what that follows. Says nothing about access.

use super::days::Zone;
use crate::identities::{Day, Standing, Status};
use crate::policy::LifecyclePolicy;
use types::{IdentityId, Timestamp};

/// A person's lifecycle state.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    PreHire {
        /// The first moment of the first day.
        starts: Timestamp,
        /// Whether that is so near that accounts may be prepared.
        preparing: bool,
    },
    Active,
    Leave {
        /// `None` when nobody said.
        until: Option<Timestamp>,
    },
    Suspended {
        by: IdentityId,
        until: Option<Timestamp>,
    },
    Terminated {
        since: Timestamp,
        /// When it became known, where that was later: what is kept of a leaver is kept from then on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        learned: Option<Timestamp>,
        cause: Cause,
        /// Whether what is ordinary on the disabled accounts still has its grace. Privilege, accounts and signing in ended at
        /// `since`.
        keeps_accounts: bool,
    },
    /// Has left so long ago that what was kept for a return may go.
    Archived {
        since: Timestamp,
    },
}

/// Why somebody has left.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "cause", rename_all = "snake_case")]
pub enum Cause {
    LastDayPassed,
    /// The source says so.
    Stated,
    AbsentFromFeed,
    /// Every employment ended before its first day.
    NeverStarted,
    /// A person said so, whatever the source says.
    ForCause {
        by: IdentityId,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StateName {
    PreHire,
    Active,
    Leave,
    Suspended,
    Terminated,
    Archived,
}

impl StateName {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PreHire => "pre_hire",
            Self::Active => "active",
            Self::Leave => "leave",
            Self::Suspended => "suspended",
            Self::Terminated => "terminated",
            Self::Archived => "archived",
        }
    }
}

impl State {
    pub const fn name(&self) -> StateName {
        match self {
            Self::PreHire { .. } => StateName::PreHire,
            Self::Active => StateName::Active,
            Self::Leave { .. } => StateName::Leave,
            Self::Suspended { .. } => StateName::Suspended,
            Self::Terminated { .. } => StateName::Terminated,
            Self::Archived { .. } => StateName::Archived,
        }
    }

    /// Whether nothing proves the person to Tenure meanwhile.
    pub const fn is_shut_out(&self) -> bool {
        self.has_left() || matches!(self, Self::Suspended { .. })
    }

    pub const fn has_left(&self) -> bool {
        matches!(self, Self::Terminated { .. } | Self::Archived { .. })
    }

    pub const fn standing(&self) -> Standing {
        match self {
            Self::PreHire { .. } => Standing::NotYetStarted,
            Self::Active => Standing::Working,
            Self::Leave { .. } => Standing::OnLeave,
            Self::Suspended { .. } => Standing::Suspended,
            Self::Terminated { .. } | Self::Archived { .. } => Standing::Left,
        }
    }
}

/// One employment as its source states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Employment {
    pub status: Status,
    pub start: Day,
    /// Last day.
    pub end: Option<Day>,
    pub zone: Zone,
    /// When Tenure learned that it is so. Of what was over when its source stated it otherwise: when it learned of that.
    pub said_at: Timestamp,
    /// Since when a whole read of its source has not named it any more.
    pub gone_at: Option<Timestamp>,
    /// Of its source among the sources; the lowest goes first.
    pub precedence: u32,
}

impl Employment {
    /// Of somebody whom one source knows.
    pub(crate) fn alone(status: Status, start: &Day, end: Option<&Day>, zone: &Zone, said_at: Timestamp) -> Self {
        let (start, end, zone) = (start.clone(), end.cloned(), zone.clone());
        Self { status, start, end, zone, said_at, gone_at: None, precedence: 0 }
    }
}

/// What a person ordered about somebody's state. It outranks every source until it is over or lifted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateOrder {
    /// 1 for the first of the person.
    pub position: u32,
    pub kind: OrderKind,
    pub from: Timestamp,
    pub until: Option<Timestamp>,
    pub ordered_at: Timestamp,
    pub by: IdentityId,
    pub reason: String,
    pub lifted: Option<Lifted>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lifted {
    pub at: Timestamp,
    pub by: IdentityId,
}

/// An order that a person gives.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct New {
    pub reason: String,
    /// Now when it is `None`; may be past, and then says since when it is true.
    pub from: Option<Timestamp>,
    /// `None` until it is lifted.
    pub until: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderKind {
    Suspended,
    TerminatedForCause,
    Leave,
}

impl OrderKind {
    pub const ALL: [Self; 3] = [Self::Suspended, Self::TerminatedForCause, Self::Leave];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Suspended => "suspended",
            Self::TerminatedForCause => "terminated_for_cause",
            Self::Leave => "leave",
        }
    }
}

impl StateOrder {
    pub(super) fn holds(&self, now: Timestamp) -> bool {
        self.is_open(now) && self.from <= now
    }

    /// Not lifted, and not over: it may begin later.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.lifted.is_none() && self.until.is_none_or(|until| now < until)
    }
}

/// Everything that a state follows from, besides the time.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    pub employments: &'a [Employment],
    pub orders: &'a [StateOrder],
    pub windows: LifecyclePolicy,
    pub known: Known,
}

/// What was known until now, by which it is told whether a leaving is news.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// Nothing; or what a person ordered, which says nothing of the sources.
    Nothing,
    /// That they have left, since then.
    Left(Timestamp),
    /// That they are here, or are to come, at this moment.
    Here(Timestamp),
}

/// A state, and since when.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Phase {
    pub from: Timestamp,
    #[serde(flatten)]
    pub state: State,
}

/// What somebody is and will be, as far as that is known; at least one phase, in the order of time. The first is the
/// state whose consequences were drawn last.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "Vec<Phase>", into = "Vec<Phase>")]
pub struct Outlook(Vec<Phase>);

impl Outlook {
    pub fn settled(&self) -> &State {
        &self.0[0].state
    }

    /// Since when the settled state is known.
    pub fn since(&self) -> Timestamp {
        self.0[0].from
    }

    /// The same, with the state known for longer when `before` knew it already.
    #[must_use]
    pub fn following(mut self, before: &Self) -> Self {
        if self.settled() == before.settled() {
            self.0[0].from = before.since();
        }
        self
    }

    /// Also what was before the first phase.
    pub fn at(&self, now: Timestamp) -> &State {
        let began = self.0.iter().rev().find(|phase| phase.from <= now);
        &began.unwrap_or(&self.0[0]).state
    }

    pub fn next_change(&self, now: Timestamp) -> Option<Timestamp> {
        self.0.iter().map(|phase| phase.from).find(|from| *from > now)
    }

    pub fn phases(&self) -> &[Phase] {
        &self.0
    }
}

impl TryFrom<Vec<Phase>> for Outlook {
    type Error = &'static str;

    fn try_from(phases: Vec<Phase>) -> Result<Self, Self::Error> {
        if phases.is_empty() { Err("an outlook has at least one phase") } else { Ok(Self(phases)) }
    }
}

impl From<Outlook> for Vec<Phase> {
    fn from(outlook: Outlook) -> Self {
        outlook.0
    }
}
