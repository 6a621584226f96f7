//! Signals by their SSH names (RFC 4254, section 6.9) and how a program's end is reported (6.10).
//! Pure; sends nothing.

use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

use russh::Sig;
use rustix::process::Signal;

pub(super) fn named(name: &Sig) -> Option<Signal> {
    Some(match name {
        Sig::ABRT => Signal::ABORT,
        Sig::ALRM => Signal::ALARM,
        Sig::FPE => Signal::FPE,
        Sig::HUP => Signal::HUP,
        Sig::ILL => Signal::ILL,
        Sig::INT => Signal::INT,
        Sig::KILL => Signal::KILL,
        Sig::PIPE => Signal::PIPE,
        Sig::QUIT => Signal::QUIT,
        Sig::SEGV => Signal::SEGV,
        Sig::TERM => Signal::TERM,
        Sig::USR1 => Signal::USR1,
        Sig::Custom(name) if name == "USR2" => Signal::USR2,
        Sig::Custom(_) => return None,
    })
}

#[derive(Debug)]
pub(super) enum Exit {
    Status(u32),
    Signal { name: Sig, dumped_core: bool },
}

/// A signal that SSH has no name for is told as shells do: 128 and its number.
pub(super) fn exit(status: ExitStatus) -> Exit {
    if let Some(code) = status.code() {
        return Exit::Status(code.unsigned_abs());
    }
    let number = status.signal().unwrap_or_default();
    match name_of(number) {
        Some(name) => Exit::Signal { name, dumped_core: status.core_dumped() },
        None => Exit::Status(128 + number.unsigned_abs()),
    }
}

fn name_of(number: i32) -> Option<Sig> {
    use Sig::{ABRT, ALRM, FPE, HUP, ILL, INT, KILL, PIPE, QUIT, SEGV, TERM, USR1};
    [ABRT, ALRM, FPE, HUP, ILL, INT, KILL, PIPE, QUIT, SEGV, TERM, USR1, Sig::Custom("USR2".to_owned())]
        .into_iter()
        .find(|name| named(name).is_some_and(|signal| signal.as_raw() == number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_program_is_told_by_status_or_by_signal() {
        for (raw, expected) in [
            (0, "Status(0)"),
            (3 << 8, "Status(3)"),
            (Signal::TERM.as_raw(), "Signal { name: TERM, dumped_core: false }"),
            (Signal::SEGV.as_raw() | 0x80, "Signal { name: SEGV, dumped_core: true }"),
            (Signal::USR2.as_raw(), "Signal { name: Custom(\"USR2\"), dumped_core: false }"),
            (Signal::XCPU.as_raw(), "Status(152)"),
        ] {
            assert_eq!(format!("{:?}", exit(ExitStatus::from_raw(raw))), expected, "{raw}");
        }
    }
}
