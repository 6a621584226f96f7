//! What lets more through than before is declared for a reason only, through whichever door; the reason is kept with who gave
//! it.

use ledger::Entry;
use types::{IdentityId, Reason};

/// Why more passes than before; `None` where nothing does, whatever reason is given.
///
/// # Errors
/// What would pass, where no reason is given.
pub(crate) fn needed<T>(loosened: Option<T>, reason: Option<&Reason>) -> Result<Option<&Reason>, T> {
    match (loosened, reason) {
        (None, _) => Ok(None),
        (Some(_), Some(reason)) => Ok(Some(reason)),
        (Some(loosened), None) => Err(loosened),
    }
}

/// The entry with why more passes than before, where it does; `thread` is what it is about, where nobody signed in gave the
/// reason.
pub(crate) fn because(entry: Entry, thread: &str, by: Option<&IdentityId>, why: Option<&Reason>) -> Entry {
    match (why, by) {
        (None, _) => entry,
        (Some(why), Some(by)) => entry.about(by).with_personal(by, "reason", why.as_str()),
        (Some(why), None) => entry.with_personal(&thread, "reason", why.as_str()),
    }
}

/// Whether a limit that holds where it is set became higher, or is not set any more.
pub(crate) fn is_higher<T: PartialOrd>(before: Option<T>, after: Option<T>) -> bool {
    before.is_some_and(|before| after.is_none_or(|after| after > before))
}
