//! The governance plane from the HR feed to the evidence, on SQLite and on PostgreSQL.

mod access;
mod assignments;
mod company;
mod declarations;
mod imports;
mod invariants;
mod leavers;
mod machines;
mod requests;
mod scim;
mod sources;
mod states;
