//! SCIM 2.0 (RFC 7643, RFC 7644): the language that both sides of it speak.
//! Knows no resource that is kept anywhere, and no policy.

pub mod language;
