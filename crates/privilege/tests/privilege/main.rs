//! The privilege plane on SQLite and on PostgreSQL, and against a real Debian sshd.

mod accounts;
mod checkouts;
mod evidence;
mod gone;
mod house;
mod invariants;
mod issuers;
mod leftovers;
mod opening;
mod recovery;
mod registry;
mod room;
mod secrets;
mod secrets_model;
mod services;
mod watching;
mod wrapping;
