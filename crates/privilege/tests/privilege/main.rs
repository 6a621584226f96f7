//! The privilege plane on SQLite and on PostgreSQL, and against a real Debian sshd, PostgreSQL and MariaDB.

mod accounts;
mod bad_input;
mod checkouts;
mod dependents;
mod evidence;
mod fire;
mod gone;
mod house;
mod hygiene;
mod invariants;
mod issuers;
mod leftovers;
mod on_demand;
mod opening;
mod recovery;
mod registry;
mod room;
mod rotation;
mod secrets;
mod secrets_model;
mod services;
mod systems;
mod watching;
mod wrapping;
