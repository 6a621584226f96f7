//! The command line against a small server in the test: what it sends, what it prints, and how it ends.
//! The real server is for the journeys.

mod evidence;
mod exits;
mod guides;
mod hosts;
mod machines;
mod prints;
mod secrets;
mod server;
mod shares;

use std::path::Path;
use std::process::{Command, Output};

/// `tenure` with nothing from the environment of the test but a folder for its state.
fn tenure(state: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tenure"));
    command.env_clear().env("XDG_STATE_HOME", state).env("HOME", state);
    command
}

/// The same, signed in to a server.
fn signed_in(url: &str, state: &Path, args: &[&str]) -> Output {
    let mut command = tenure(state);
    command.env("TENURE_URL", url).env("TENURE_TOKEN", "tnr_secret").args(args);
    command.output().expect("the command runs")
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("it ends by itself")
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("text")
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("text")
}
