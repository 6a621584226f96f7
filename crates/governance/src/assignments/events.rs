//! The ledger entries of assignments: one for each that a person gives or ends, one for each batch that conditions do.

use super::{Assignment, Because, EndCause};
use data_encoding::HEXLOWER;
use ledger::{Entry, EventKind, manifest};

const GIVEN: EventKind =
    EventKind { name: "assignment.given", doc: "A person gave somebody a role or an entitlement, with a reason." };
const ENDED: EventKind =
    EventKind { name: "assignment.ended", doc: "A role or an entitlement that somebody had ended." };
const DERIVED: EventKind = EventKind {
    name: "assignments.derived",
    doc: "What roles grant by their conditions was derived anew: `given` began and `ended` ended; `manifest` is the \
          Merkle root over a line for each.",
};

/// Every kind of entry of this slice.
pub const KINDS: &[EventKind] = &[GIVEN, ENDED, DERIVED];

pub(super) fn given(assignment: &Assignment) -> Entry {
    let entry = Entry::new(GIVEN, &assignment.id)
        .about(&assignment.identity)
        .with("identity", &assignment.identity)
        .with("what", assignment.what.to_string())
        .with("from", assignment.from)
        .with("until", assignment.until);
    match &assignment.because {
        Because::Person { by, reason } => entry.about(by).with_personal(&assignment.identity, "reason", reason),
        Because::Condition { .. } | Because::Grace { .. } => entry,
    }
}

/// With a reason when a person ended it.
pub(super) fn ended(assignment: &Assignment, cause: EndCause, reason: Option<&str>) -> Entry {
    let entry = Entry::new(ENDED, &assignment.id)
        .about(&assignment.identity)
        .with("identity", &assignment.identity)
        .with("what", assignment.what.to_string())
        .with("cause", cause);
    match reason {
        Some(reason) => entry.with_personal(&assignment.identity, "reason", reason),
        None => entry,
    }
}

pub(super) fn derived(given: &[Assignment], ended: &[Assignment]) -> Entry {
    let line = |verb: &'static str| {
        move |assignment: &Assignment| {
            format!("{verb} {} {} {}", assignment.id, assignment.identity, assignment.what).into_bytes()
        }
    };
    let lines: Vec<Vec<u8>> = given.iter().map(line("given")).chain(ended.iter().map(line("ended"))).collect();
    let entry = Entry::new(DERIVED, &"assignments")
        .with("given", given.len())
        .with("ended", ended.len())
        .with("manifest", HEXLOWER.encode(&manifest::root(&lines)));
    match (given, ended) {
        ([one], []) | ([], [one]) => entry.about(&one.identity),
        _ => entry,
    }
}
