//! What lets more through than before is declared for a reason only, through whichever door; the reason is kept with who gave
//! it.

use ledger::Entry;
use types::{IdentityId, Reason};

/// The entry with why more passes than before; `thread` is what it is about, where nobody signed in gave the reason.
pub(crate) fn because(entry: Entry, thread: &str, by: Option<&IdentityId>, reason: &Reason) -> Entry {
    match by {
        Some(by) => entry.about(by).with_personal(by, "reason", reason.as_str()),
        None => entry.with_personal(&thread, "reason", reason.as_str()),
    }
}

/// Whether a limit that holds where it is set became higher, or is not set any more.
pub(crate) fn is_higher<T: PartialOrd>(before: Option<T>, after: Option<T>) -> bool {
    before.is_some_and(|before| after.is_none_or(|after| after > before))
}
