//! What depends on an account: a file on a host that holds its password. Pure; holds no password.

pub use connectors::linux::dependents::{Line, Place};
use types::{DependentId, ManagedAccountId, Timestamp};

/// One file on one host. A number of a version says which password of the account stands there.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Dependent {
    pub id: DependentId,
    pub account: ManagedAccountId,
    /// A target, by name.
    pub host: String,
    pub file: String,
    /// Of the first line.
    pub place: Place,
    /// The systemd unit that reads it.
    pub unit: Option<String>,
    /// Counted from 1, as last seen.
    pub lines: Vec<u32>,
    /// Whether the account's login stands near one of the lines.
    pub names_login: bool,
    /// As last seen or written.
    pub holds: u32,
    pub found_at: Timestamp,
    pub seen_at: Timestamp,
    pub state: State,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum State {
    /// Found, and confirmed by nobody: it is not touched.
    Found,
    /// Confirmed by a person: it gets each new password in the rotation's own job.
    Kept {
        since: Timestamp,
        reading: Reading,
        /// Perhaps written there already: it was begun, and not seen to be done.
        writing: Option<u32>,
        updated_at: Option<Timestamp>,
        /// Why it does not hold what it should.
        last_error: Option<String>,
    },
}

/// How whatever reads the file learns of a new password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// It reads the file anew by itself.
    ByItself,
    /// Its unit is restarted.
    AfterRestart,
}

impl Dependent {
    pub fn is_kept(&self) -> bool {
        matches!(self.state, State::Kept { .. })
    }

    pub fn last_error(&self) -> Option<&str> {
        match &self.state {
            State::Kept { last_error, .. } => last_error.as_deref(),
            State::Found => None,
        }
    }

    fn writing(&self) -> Option<u32> {
        match self.state {
            State::Kept { writing, .. } => writing,
            State::Found => None,
        }
    }

    /// The versions that may stand in the file.
    pub(crate) fn may_hold(&self) -> impl Iterator<Item = u32> {
        [Some(self.holds), self.writing()].into_iter().flatten()
    }

    /// Whether anything is to be done, so that it is certain to hold a version.
    pub(crate) fn needs(&self, version: u32) -> bool {
        self.may_hold().any(|held| held != version)
    }

    /// The unit that is to be restarted.
    pub(crate) fn restarts(&self) -> Option<&str> {
        match self.state {
            State::Kept { reading: Reading::AfterRestart, .. } => self.unit.as_deref(),
            _ => None,
        }
    }
}

/// What a look at a host brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looked {
    pub found: Vec<Dependent>,
    /// What could not be looked at.
    pub gaps: Vec<String>,
}

/// What a rotation would do to a dependent, without having done it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rehearsal {
    pub dependent: Dependent,
    /// The lines that would change, without the password.
    pub lines: Vec<Line>,
    /// Why it could not be changed.
    pub problem: Option<String>,
}
