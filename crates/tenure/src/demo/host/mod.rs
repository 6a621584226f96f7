//! The demo's own SSH host: needs neither root nor an installed sshd, and trusts one certificate authority
//! and the passwords that were set on it.
//! It runs commands as whoever started it. It knows no grant and no database; real hosts run sshd.

mod address;
mod backlog;
mod certificate;
mod connection;
mod host_key;
mod passwords;
mod program;
mod pump;
mod signal;
#[cfg(test)]
mod tests;

pub(crate) use host_key::load_or_create as load_or_create_host_key;
pub(crate) use passwords::Passwords;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use russh::keys::ssh_key::public::KeyData;
use russh::keys::{PrivateKey, PublicKey};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;
use types::Clock;

const MAX_CONNECTIONS: usize = 64;
const STOP_GRACE: Duration = Duration::from_secs(2);
/// Pause after a failed accept (no file descriptors left), so that it does not spin.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// What the host is, before it listens.
pub(crate) struct DemoHost {
    /// Shown in the shell's prompt, such as `web-1`.
    pub(crate) name: String,
    /// The accounts that exist here. All of them run as the user who runs the demo.
    pub(crate) logins: Vec<String>,
    /// Home and working folder of every login; made when it is missing.
    pub(crate) home: PathBuf,
    pub(crate) host_key: PrivateKey,
    pub(crate) passwords: Passwords,
    pub(crate) trust: Trust,
}

/// Who may log in by a certificate: holders of a user certificate of `authority` that is valid at `clock` and not revoked.
pub(crate) struct Trust {
    pub(crate) authority: PublicKey,
    /// Whether the certificate with this serial number is revoked. Asked at every login.
    pub(crate) is_revoked: Box<dyn Fn(u64) -> bool + Send + Sync>,
    /// The same by the certificate's key: all that russh shows of a certificate that is only offered.
    pub(crate) is_revoked_key: Box<dyn Fn(&KeyData) -> bool + Send + Sync>,
    pub(crate) clock: Clock,
}

/// What every connection shares.
struct Shared {
    name: String,
    logins: Vec<String>,
    home: PathBuf,
    passwords: Passwords,
    trust: Trust,
}

impl DemoHost {
    /// Serves until the returned host is stopped or dropped.
    pub(crate) async fn start(self, listener: TcpListener) -> std::io::Result<RunningHost> {
        std::fs::create_dir_all(&self.home)?;
        let config = Arc::new(connection::config(self.host_key));
        let shared = Shared {
            name: self.name,
            logins: self.logins,
            home: self.home,
            passwords: self.passwords,
            trust: self.trust,
        };
        let shared = Arc::new(shared);
        let address = listener.local_addr()?;
        let (stop, stopping) = watch::channel(false);
        let accepting = tokio::spawn(accept(listener, config, shared, stopping));
        Ok(RunningHost { address, stop, accepting })
    }
}

/// A host that listens. Dropping it stops it without waiting.
pub(crate) struct RunningHost {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    accepting: JoinHandle<()>,
}

impl RunningHost {
    pub(crate) fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Tells every client, ends every program, and waits for that, at most two seconds.
    pub(crate) async fn stop(self) {
        self.stop.send_replace(true);
        let _ = self.accepting.await;
        let _ = tokio::time::timeout(STOP_GRACE, self.stop.closed()).await;
    }
}

async fn accept(
    listener: TcpListener,
    config: Arc<russh::server::Config>,
    shared: Arc<Shared>,
    mut stopping: watch::Receiver<bool>,
) {
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stopping.changed() => return,
        };
        match accepted {
            Ok((stream, peer)) => {
                let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
                    tracing::warn!(%peer, "the demo host has too many connections");
                    continue;
                };
                let serving =
                    connection::serve(stream, peer, Arc::clone(&config), Arc::clone(&shared), stopping.clone());
                tokio::spawn(async move {
                    if let Err(error) = serving.await {
                        tracing::debug!(%peer, %error, "a connection to the demo host failed");
                    }
                    drop(place);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "the demo host could not accept a connection");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}
