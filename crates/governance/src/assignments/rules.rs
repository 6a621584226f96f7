//! Which assignments follow from conditions, and what becomes of those that were there. Pure.

use super::{Assignment, Because, EndCause, What};
use crate::roles::{Entitled, Held};
use crate::states::State;
use std::collections::BTreeSet;
use types::Timestamp;

/// Whether somebody in this state keeps what roles grant. What of it is in force meanwhile is another question.
pub(crate) const fn keeps(state: &State) -> bool {
    match state {
        State::PreHire { preparing, .. } => *preparing,
        State::Active | State::Leave { .. } | State::Suspended { .. } => true,
        State::Terminated { .. } | State::Archived { .. } => false,
    }
}

/// The difference between what somebody has and what conditions give.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Difference {
    /// Roles to be given, each with the line that says why.
    pub(super) begin: Vec<(String, String)>,
    pub(super) end: Vec<(Assignment, EndCause)>,
}

/// `by_condition` are the roles that somebody holds without anybody having given them. Only what grants something is
/// an assignment: what merely makes eligible is judged when somebody asks. `ends_grace` says of a lost role whether
/// nothing of it is kept any more, because it is held again or may not be held beside another.
pub(super) fn difference(
    state: &State,
    by_condition: &[Held<'_>],
    open: Vec<Assignment>,
    ends_grace: impl Fn(&str) -> bool,
) -> Difference {
    let keeps = keeps(state);
    let granting = by_condition.iter().filter(|held| keeps && !held.role.grants.is_empty());
    let wanted: Vec<(&str, &str)> = granting.map(|held| (held.role.name.as_str(), held.because.as_str())).collect();
    let mut difference = Difference::default();
    let mut has: BTreeSet<String> = BTreeSet::new();
    for assignment in open {
        if let What::Role(role) = &assignment.what {
            has.insert(role.clone());
        }
        let follows = match (&assignment.what, &assignment.because) {
            (What::Role(role), Because::Condition { .. }) => wanted.iter().any(|(name, _)| name == role),
            (_, Because::Grace { role, .. }) => keeps && !ends_grace(role),
            (_, Because::Person { .. }) | (What::Entitlement(_), _) => true,
        };
        match (state.has_left(), follows) {
            (true, _) => difference.end.push((assignment, EndCause::Leaver)),
            (false, false) => difference.end.push((assignment, EndCause::NotEarned)),
            (false, true) => {}
        }
    }
    let new = wanted.into_iter().filter(|(name, _)| !has.contains(*name));
    difference.begin = new.map(|(name, because)| (name.to_owned(), because.to_owned())).collect();
    difference
}

/// Everything that assignments in force come to: what was given directly, and what the roles grant, each with why.
pub fn entitled(
    assignments: &[Assignment],
    roles: impl Fn(&str) -> Vec<Entitled>,
    now: Timestamp,
) -> Vec<(Entitled, &Assignment)> {
    let mut all = Vec::new();
    for assignment in assignments.iter().filter(|assignment| assignment.holds(now)) {
        match &assignment.what {
            What::Entitlement(entitled) => all.push((entitled.clone(), assignment)),
            What::Role(role) => all.extend(roles(role).into_iter().map(|entitled| (entitled, assignment))),
        }
    }
    all.sort_by(|a, b| (&a.0, &a.1.id).cmp(&(&b.0, &b.1.id)));
    all.dedup_by(|later, first| later.0 == first.0);
    all
}
