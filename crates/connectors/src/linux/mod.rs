//! A Linux host reached over SSH with a certificate: who is privileged there, does it refuse a dead certificate, what its
//! accounts prove themselves with; and its users as a [`Connector`](crate::Connector).
//! No rule of sudo or sshd is interpreted here: the host's own tools are asked. Decides nothing about who should have what.

mod account;
mod as_root;
mod authorized_keys;
pub mod dependents;
mod discovery;
mod file;
mod inventory;
mod key_files;
mod keys;
mod last_login;
mod leftovers;
mod log_in;
mod no_channels;
mod passwd;
mod password;
mod pin;
mod probe;
mod quote;
mod sign_in;
mod ssh;
mod sudo;
mod sudoers;
mod system;
mod user_keys;
mod users;

pub use account::{Discovery, FoundAccount, FoundKey, PasswordState, Privilege, SudoRule};
pub use authorized_keys::replace_key;
pub use discovery::discover;
pub use leftovers::{LEFTOVERS_SCRIPT, SshConnection, end_leftovers, left};
pub use log_in::log_in;
pub use no_channels::{HostCheck, NoChannels};
pub use password::set_password;
pub use pin::{HostCredential, HostKeyPin};
pub use probe::{Probe, probe};
pub use quote::shell_line;
pub use sign_in::{SignIn, sign_in};
pub use ssh::{HostSession, Output, fetch_host_key};
pub use sudoers::DeclaredRule;
pub use system::{Linux, Scope};
