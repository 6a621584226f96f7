//! What happened, as the model remembers it: a list of facts and nothing derived.

use grants::EndCause;
use privilege::sessions::EndReason;
use types::Timestamp;

/// A person of the company, by position in [`PEOPLE`].
pub(crate) type Who = usize;

pub(crate) const ALICE: Who = 0;
pub(crate) const ANA: Who = 1;
pub(crate) const BOB: Who = 2;
pub(crate) const CAROL: Who = 3;
pub(crate) const ADA: Who = 4;
pub(crate) const MALLORY: Who = 5;
pub(crate) const PEOPLE: [&str; 6] = ["alice", "ana", "bob", "carol", "ada", "mallory"];

/// A login that somebody may ask for, by position in [`PLACES`].
pub(crate) type Place = usize;

/// Target, login, longest grant in minutes, sessions at once. Nobody is eligible for the last, which does not exist.
pub(crate) const PLACES: [(&str, &str, u32, usize); 4] =
    [("web-1", "root", 120, 2), ("web-1", "deploy", 60, 1), ("web-2", "root", 30, 3), ("web-9", "root", 0, 0)];

pub(crate) const NOWHERE: Place = 3;

pub(crate) const NODES: [&str; 2] = ["node-1", "node-2"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// In the department whose roles make people eligible, if they ever were.
    Works,
    /// In another department: still at work, but eligible for nothing.
    Moved,
    Left,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Fact {
    pub(crate) at: Timestamp,
    pub(crate) what: What,
}

/// Requests, grants and sessions are numbered by when they came to be.
#[derive(Debug, Clone, Copy)]
pub(crate) enum What {
    Requested {
        who: Who,
        place: Place,
        minutes: u32,
    },
    Approved {
        request: usize,
    },
    Denied {
        request: usize,
    },
    Cancelled {
        request: usize,
    },
    Withdrawn {
        grant: usize,
    },
    Hr {
        who: Who,
        standing: Standing,
    },
    Opened {
        grant: usize,
        node: usize,
    },
    KillOrdered {
        session: usize,
    },
    Ended {
        session: usize,
        reason: EndReason,
    },
    Crashed {
        node: usize,
    },
    Started {
        node: usize,
    },
    /// Everything that runs by itself has run.
    DutiesDone,
}

/// Why a grant ended, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct End {
    pub(crate) at: Timestamp,
    pub(crate) cause: EndCause,
}
