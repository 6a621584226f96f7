//! What every directory that speaks LDAP (RFC 4511) has in common: the bound connection, names, filters, entries, searches
//! by pages, and the order in which a listing is read. Knows no schema and no kind of directory.

pub(crate) mod dn;
pub(crate) mod entry;
pub(crate) mod filter;
pub(crate) mod guid;
pub(crate) mod listing;
pub(crate) mod names;
pub(crate) mod paged;
pub mod rows;
pub(crate) mod session;
pub(crate) mod tree;
mod whereabouts;

use crate::{ConnectorError, Server};
use session::Session;
use types::Secret;

/// A directory and who we are there. Holds one connection, which is opened when it is needed and again when it was lost.
pub(crate) struct Directory {
    server: Server,
    login: String,
    password: Secret<String>,
    kept: tokio::sync::Mutex<Option<Session>>,
}

impl Directory {
    pub(crate) fn new(server: Server, login: String, password: Secret<String>) -> Self {
        Self { server, login, password, kept: tokio::sync::Mutex::new(None) }
    }

    /// # Errors
    /// `BadServer`, `BadName`, `LogInRefused`, `Unreachable`, `Busy`, `Timeout`, `Untrusted`, `Unexpected`.
    pub(crate) async fn session(&self) -> Result<Session, ConnectorError> {
        let mut kept = self.kept.lock().await;
        if let Some(session) = kept.as_mut()
            && session.is_open()
        {
            return Ok(session.clone());
        }
        let opened = Session::open(&self.server, &self.login, &self.password).await?;
        *kept = Some(opened.clone());
        Ok(opened)
    }

    /// Whether the directory lets somebody in, over a connection of its own.
    ///
    /// # Errors
    /// Those of [`session`](Self::session): it was not judged.
    pub(crate) async fn lets_in(&self, name: &str, password: &Secret<String>) -> Result<bool, ConnectorError> {
        let Some(session) = Session::try_open(&self.server, name, password).await? else { return Ok(false) };
        session.close().await;
        Ok(true)
    }
}
