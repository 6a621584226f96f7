//! A Linux host reached over SSH with a certificate: who is privileged there, and does it refuse a dead certificate.
//! No rule of sudo or sshd is interpreted here: the host's own tools are asked. Decides nothing about who should have what.

mod account;
mod discovery;
mod keys;
mod last_login;
mod leftovers;
mod no_channels;
mod passwd;
mod pin;
mod probe;
mod quote;
mod sign_in;
mod ssh;
mod sudo;

pub use account::{Discovery, FoundAccount, FoundKey, PasswordState, Privilege, SudoRule};
pub use discovery::discover;
pub use leftovers::{LEFTOVERS_SCRIPT, SshConnection, end_leftovers, left};
pub use no_channels::{HostCheck, NoChannels};
pub use pin::{HostCredential, HostKeyPin};
pub use probe::{Probe, probe};
pub use quote::shell_line;
pub use sign_in::{SignIn, sign_in};
pub use ssh::{HostSession, Output, fetch_host_key};
