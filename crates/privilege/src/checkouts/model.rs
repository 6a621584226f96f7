//! What a checkout is: an account's credential in somebody's hand, from the asking until it is dead. Pure; holds no
//! credential.

use std::time::Duration;
use types::{Actor, CheckoutId, GrantId, IdentityId, ManagedAccountId, Timestamp};

/// How long a second person may take to answer, and how long the answer holds.
pub const ANSWER_WITHIN: Duration = Duration::from_secs(15 * 60);

/// How long after it is due a checkout is ended by force.
pub const GRACE: Duration = Duration::from_secs(10 * 60);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkout {
    pub id: CheckoutId,
    /// Whose credential it is. Of a pair, the account that was the active one.
    pub account: ManagedAccountId,
    /// As it was asked for.
    pub target: String,
    pub login: String,
    pub holder: IdentityId,
    pub grant: GrantId,
    pub reason: String,
    pub asked_at: Timestamp,
    /// For how long it was asked for.
    pub length: Duration,
    pub state: State,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Waits for a second person.
    Pending { answer_by: Timestamp },
    /// A second person said yes; the credential waits for its holder.
    Confirmed { by: IdentityId, answer_by: Timestamp },
    /// The holder has the credential in hand.
    Open(Held),
    /// The holder gave it back.
    Returned { held: Held, at: Timestamp, after: After },
    /// It was ended by somebody or something else than its holder.
    Ended { held: Held, end: End, after: After },
    /// Nobody ever saw the credential.
    Lapsed { at: Timestamp, cause: LapseCause },
}

/// What was handed out, and on which terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Of the account's credential.
    pub version: u32,
    pub from: Timestamp,
    pub due_at: Timestamp,
    /// Nobody else has the account at the same time.
    pub exclusive: bool,
    /// The credential is changed after its use.
    pub one_time: bool,
    pub confirmed_by: Option<IdentityId>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    pub at: Timestamp,
    pub cause: EndCause,
    pub by: Actor,
    pub reason: Option<String>,
}

/// What became of the credential that the holder had seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum After {
    /// It is the account's credential still.
    Stays,
    /// Another one was ordered.
    Ordered { at: Timestamp },
    /// The account was seen to have another one.
    Gone { at: Timestamp },
}

macro_rules! causes {
    ($name:ident { $($variant:ident $word:literal),+ }) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($variant),+ }

        impl $name {
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            pub(super) fn read(word: &str) -> Option<Self> {
                [$(Self::$variant),+].into_iter().find(|known| known.as_str() == word)
            }
        }
    };
}

causes!(EndCause { Forced "forced", Overdue "overdue", GrantEnded "grant_ended", Leaver "leaver" });
causes!(LapseCause {
    Unanswered "unanswered", NotTaken "not_taken", Cancelled "cancelled", GrantEnded "grant_ended",
    // Who said yes may not say so any more.
    Unconfirmed "unconfirmed"
});

impl State {
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Pending { .. } => "pending",
            Self::Confirmed { .. } => "confirmed",
            Self::Open(_) => "open",
            Self::Returned { .. } => "returned",
            Self::Ended { .. } => "ended",
            Self::Lapsed { .. } => "lapsed",
        }
    }
}

impl Checkout {
    /// `LOGIN@TARGET`.
    pub fn name(&self) -> String {
        format!("{}@{}", self.login, self.target)
    }

    pub fn held(&self) -> Option<&Held> {
        match &self.state {
            State::Open(held) | State::Returned { held, .. } | State::Ended { held, .. } => Some(held),
            State::Pending { .. } | State::Confirmed { .. } | State::Lapsed { .. } => None,
        }
    }

    pub fn is_open(&self) -> bool {
        matches!(self.state, State::Open(_))
    }

    /// Until when somebody's answer, or the holder, is waited for.
    pub fn answer_by(&self) -> Option<Timestamp> {
        match &self.state {
            State::Pending { answer_by } | State::Confirmed { answer_by, .. } => Some(*answer_by),
            _ => None,
        }
    }

    /// Whether it waits at `now`; what waits too long has lapsed, whether or not anybody marked it.
    pub fn waits(&self, now: Timestamp) -> bool {
        self.answer_by().is_some_and(|by| now < by)
    }

    /// What became of the credential, once it is not in the holder's hand any more.
    pub fn after(&self) -> Option<After> {
        match &self.state {
            State::Returned { after, .. } | State::Ended { after, .. } => Some(*after),
            _ => None,
        }
    }

    pub(super) fn confirm(self, by: IdentityId, now: Timestamp) -> Self {
        Self { state: State::Confirmed { by, answer_by: now.plus(ANSWER_WITHIN) }, ..self }
    }

    pub(super) fn open(self, account: ManagedAccountId, held: Held) -> Self {
        Self { account, state: State::Open(held), ..self }
    }

    /// The open checkout with another end of its time; any other stays as it is.
    pub(super) fn extend(self, due_at: Timestamp) -> Self {
        let state = match self.state {
            State::Open(held) => State::Open(Held { due_at, ..held }),
            other => other,
        };
        Self { state, ..self }
    }

    pub(super) fn give_back(self, now: Timestamp, after: After) -> Self {
        let state = match self.state {
            State::Open(held) => State::Returned { held, at: now, after },
            other => other,
        };
        Self { state, ..self }
    }

    pub(super) fn end(self, end: End, after: After) -> Self {
        let state = match self.state {
            State::Open(held) => State::Ended { held, end, after },
            other => other,
        };
        Self { state, ..self }
    }

    pub(super) fn lapse(self, at: Timestamp, cause: LapseCause) -> Self {
        Self { state: State::Lapsed { at, cause }, ..self }
    }

    pub(super) fn with_after(self, after: After) -> Self {
        let state = match self.state {
            State::Returned { held, at, .. } => State::Returned { held, at, after },
            State::Ended { held, end, .. } => State::Ended { held, end, after },
            other => other,
        };
        Self { state, ..self }
    }
}

/// Which checkouts to list. `None` does not narrow.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub holder: Option<IdentityId>,
    pub target: Option<String>,
    /// Only those that wait or are open.
    pub active: bool,
    /// Continue after this one (newest first).
    pub after: Option<CheckoutId>,
    pub limit: u32,
}
