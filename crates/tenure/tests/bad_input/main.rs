//! Bad input at every door of the vault, on SQLite and PostgreSQL: each field of each body with a catalogue of what should
//! not be there, bodies that are none, paths, queries, and files of the command line. What is refused is refused in words
//! that help, and leaves nothing; what is taken comes back as it was.

mod addresses;
mod bodies;
mod catalogue;
mod doors;
mod fields;
mod files;
mod refusal;
mod share;
mod world;
