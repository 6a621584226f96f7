//! What stays when a testbed's server ends in order: the data, the people, the host. Another process can serve from it.

use crate::{Person, Testbed};
use peers::sshd::LinuxHost;
use std::path::Path;
use std::sync::Arc;

pub struct Remains {
    pub host: Arc<LinuxHost>,
    pub alice: Person,
    pub bob: Person,
    pub carol: Person,
    pub admin: Person,
    /// The gateway's public host key, as one OpenSSH line.
    pub gateway_key: String,
    database: Option<peers::postgres::Database>,
    folder: tempfile::TempDir,
}

impl Testbed {
    /// Ends the server in order, and nothing else.
    pub async fn leave(self) -> Remains {
        if let Some(krl) = self.krl {
            krl.abort();
        }
        let gateway_key = self.open.host_key.clone();
        self.server.stop().await;
        let Self { host, alice, bob, carol, admin, database, folder, .. } = self;
        Remains { host, alice, bob, carol, admin, gateway_key, database, folder }
    }
}

impl Remains {
    /// The data folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The PostgreSQL database; `None` where it is a file in the folder.
    pub fn database_url(&self) -> Option<String> {
        self.database.as_ref().map(peers::postgres::Database::url)
    }
}
