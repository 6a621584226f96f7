//! SCIM 2.0 over HTTP: a whole server against a checker that nobody here wrote, and what clients send and are told.

mod clients;
mod conformance;
mod service;
mod world;
