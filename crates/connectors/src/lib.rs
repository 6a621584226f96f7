//! How Tenure speaks to systems that it does not own: one file or folder per kind of system.
//! Knows no database of its own and no policy: it reads, acts and reports what it saw.

pub mod account;
pub mod active_directory;
mod acts;
pub mod confined;
pub mod connector;
pub mod csv_system;
pub mod error;
pub mod hr_csv;
mod http;
pub mod http_api;
mod kept;
pub mod ldap;
pub mod linux;
pub mod listing;
pub mod mariadb;
pub mod openldap;
pub mod postgres;
pub mod query;
mod quote_sql;
pub mod scim;
pub mod sources;
mod within;

pub use account::{Batch, Credential, FoundUser, LogIn, NewUser, OldUser, Server, Tls};
pub use confined::Confined;
pub use connector::Connector;
pub use error::{Class, ConnectorError};
