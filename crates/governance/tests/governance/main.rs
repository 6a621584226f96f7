//! The governance plane from the HR feed to the evidence, on SQLite and on PostgreSQL.

mod access;
mod company;
mod declarations;
mod imports;
mod invariants;
mod leavers;
mod machines;
mod requests;
mod sources;
mod states;
