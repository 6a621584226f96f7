//! What proves an identity, and everything that must not. Each test runs on SQLite and on PostgreSQL.

mod accounts;
mod certificates;
mod house;
mod invariants;
mod keys;
mod secrets;
mod setup;
mod sign_in;
mod tokens;
