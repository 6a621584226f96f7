//! How Tenure speaks to systems that it does not own: one file or folder per kind of system.
//! Knows no database and no policy: it reads, acts and reports what it saw.

pub mod error;
pub mod hr_csv;
pub mod linux;

pub use error::ConnectorError;
