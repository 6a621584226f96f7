//! The contract about accounts on systems, on SQLite and on PostgreSQL.

mod feeds;
mod orders;
mod place;
mod readings;
mod returns;
mod views;
