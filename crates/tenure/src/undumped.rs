//! This process leaves no core dump and no other of its user reads its memory, because passwords and keys pass through it.

use rustix::process::{DumpableBehavior, Resource, Rlimit, getrlimit, set_dumpable_behavior, setrlimit};

/// The hard limit stays, so that programs started from here can have their dumps.
///
/// # Errors
/// When the system refuses one of both.
pub(crate) fn keep() -> std::io::Result<()> {
    let limit = getrlimit(Resource::Core);
    setrlimit(Resource::Core, Rlimit { current: Some(0), ..limit })?;
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    Ok(())
}
