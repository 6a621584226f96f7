//! What a grant is: self-contained, with an end from the first moment, and a reason that can be followed.

use std::collections::BTreeSet;
use types::{Actor, Channel, GrantId, IdentityId, RequestId, Timestamp, Window};

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Grant {
    pub id: GrantId,
    pub holder: IdentityId,
    pub target: String,
    pub login: String,
    pub channels: BTreeSet<Channel>,
    pub window: Window,
    pub terms: Terms,
    pub because: Because,
    pub issued_at: Timestamp,
    pub state: State,
}

/// Under which conditions the grant can be used. Recording is not among them: it is never optional.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Terms {
    /// Sessions that may be live at the same time, at least 1.
    pub max_sessions: u32,
}

/// Why the grant exists.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Because {
    /// A request that was approved, by a person whom the role made eligible.
    Request { request: RequestId, role: String },
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// Issued and not ended. Usable only inside its window, whether or not anybody marked its end.
    Standing,
    /// Nobody can start anything with it; what it left on the target is being removed.
    Ended(Ended),
    /// Ended, and nothing of it is left on the target: that has been observed there.
    Gone { ended: Ended, observed_at: Timestamp },
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Ended {
    pub at: Timestamp,
    pub cause: EndCause,
    pub by: Actor,
    pub reason: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EndCause {
    Expired,
    Withdrawn,
    /// The holder left.
    Leaver,
    /// The holder lost what made them eligible, and works here still.
    Ineligible,
    /// The holder is a machine identity whose owner left.
    OwnerGone,
    /// The holder is a machine identity that ended.
    MachineEnded,
}

impl EndCause {
    pub const ALL: [Self; 6] =
        [Self::Expired, Self::Withdrawn, Self::Leaver, Self::Ineligible, Self::OwnerGone, Self::MachineEnded];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::Withdrawn => "withdrawn",
            Self::Leaver => "leaver",
            Self::Ineligible => "ineligible",
            Self::OwnerGone => "owner_gone",
            Self::MachineEnded => "machine_ended",
        }
    }
}

impl Grant {
    /// Whether it can be used at `now`.
    pub fn stands(&self, now: Timestamp) -> bool {
        self.state == State::Standing && self.window.contains(now)
    }

    pub fn ended(&self) -> Option<&Ended> {
        match &self.state {
            State::Standing => None,
            State::Ended(ended) | State::Gone { ended, .. } => Some(ended),
        }
    }

    /// The grant with its end; `None` when it had ended already.
    pub(crate) fn end(self, ended: Ended) -> Option<Self> {
        match self.state {
            State::Standing => Some(Self { state: State::Ended(ended), ..self }),
            State::Ended(_) | State::Gone { .. } => None,
        }
    }

    /// The grant, observed gone; `None` unless it has ended and was not observed before.
    pub(crate) fn gone(self, observed_at: Timestamp) -> Option<Self> {
        match self.state {
            State::Ended(ended) => Some(Self { state: State::Gone { ended, observed_at }, ..self }),
            State::Standing | State::Gone { .. } => None,
        }
    }
}
