//! What a leaver case does next. Pure.

use super::{Case, Step};
use grants::{Grant, State};
use std::time::Duration;
use types::Timestamp;

/// A session that does not end in this time (a node is cut off) no longer holds up the rest of the case.
const SESSIONS_WAIT: Duration = Duration::from_secs(60);

/// What is true of a leaver now.
#[derive(Debug)]
pub(super) struct Facts {
    pub(super) live_sessions: u64,
    pub(super) grants: Vec<Grant>,
    pub(super) now: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    Wait,
    DisableAccount,
    /// With the moment when the last privilege was seen gone, if there was any.
    Finish(Option<Timestamp>),
}

pub(super) fn next(case: &Case, facts: &Facts) -> Next {
    match case.step {
        Step::AwaitSessionsEnded if facts.live_sessions > 0 && facts.now.since(case.begun_at) < SESSIONS_WAIT => {
            Next::Wait
        }
        Step::AwaitSessionsEnded => Next::DisableAccount,
        Step::AwaitPrivilegeGone { .. } if facts.live_sessions > 0 => Next::Wait,
        Step::AwaitPrivilegeGone { .. } => match all_gone(case, &facts.grants) {
            Some(last) => Next::Finish(last),
            None => Next::Wait,
        },
        Step::Done { .. } | Step::Cancelled { .. } => Next::Wait,
    }
}

/// When the last of the grants was seen gone since the case began; `None` while one is not.
fn all_gone(case: &Case, grants: &[Grant]) -> Option<Option<Timestamp>> {
    let mut last = None;
    for grant in grants {
        match grant.state {
            State::Gone { observed_at, .. } if observed_at >= case.begun_at => last = last.max(Some(observed_at)),
            State::Gone { .. } => {}
            State::Standing | State::Ended(_) => return None,
        }
    }
    Some(last)
}
