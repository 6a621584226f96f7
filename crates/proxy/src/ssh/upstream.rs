//! The connection to a target: its pinned host key first, the session's certificate only after that.
//! Asks no permission and decides no end; a credential comes in by value and is offered once.

use super::algorithms;
use super::transport::{Flow, Transport};
use privilege::leases::Lease;
use privilege::sessions::machine::Event;
use privilege::targets::Target;
use russh::client::{self, AuthResult, Handle};
use russh::keys::PublicKeyOrCertificate;
use russh::{ChannelId, Disconnect};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpStream, ToSocketAddrs};

/// For the TCP connection and the key exchange.
const CONNECT_LIMIT: Duration = Duration::from_secs(10);
/// For the login.
const LOGIN_LIMIT: Duration = Duration::from_secs(10);

/// Why a target could not be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum UpstreamError {
    #[error("{0}")]
    Unreachable(String),
    #[error("it showed another host key than the pinned one")]
    HostKeyChanged,
    #[error("it refused the certificate")]
    Refused,
    #[error("it does not offer {0}")]
    NotOffered(&'static str),
}

impl UpstreamError {
    pub(super) fn event(&self) -> Event {
        match self {
            Self::Unreachable(_) => Event::TargetUnreachable,
            Self::HostKeyChanged => Event::HostKeyChanged,
            Self::Refused => Event::TargetRefused,
            Self::NotOffered(_) => Event::TargetClosed,
        }
    }
}

impl From<russh::Error> for UpstreamError {
    fn from(error: russh::Error) -> Self {
        Self::Unreachable(error.to_string())
    }
}

/// A connection to a target that proved its pinned key. It has seen no credential yet.
pub(super) struct Pinned {
    handle: Handle<HostKeyPinned>,
    flow: Arc<Flow>,
    target: Target,
    address: SocketAddr,
}

impl Pinned {
    /// Connects to `target`, which is found at `to`.
    pub(super) async fn connect(target: Target, to: impl ToSocketAddrs) -> Result<Self, UpstreamError> {
        let flow = Arc::new(Flow::default());
        let unreachable = |e: std::io::Error| UpstreamError::Unreachable(e.to_string());
        let connect = async {
            let stream = TcpStream::connect(to).await.map_err(unreachable)?;
            let address = stream.peer_addr().map_err(unreachable)?;
            // Without it small packets wait for each other; a stream without the option still works.
            let _ = stream.set_nodelay(true);
            let config = algorithms::client(&target.host_key_pin.key().algorithm());
            let check = HostKeyPinned { target: target.clone(), flow: Arc::clone(&flow) };
            let transport = Transport::new(stream, Arc::clone(&flow));
            Ok::<_, UpstreamError>((client::connect_stream(Arc::new(config), transport, check).await?, address))
        };
        let late = |_| UpstreamError::Unreachable("it did not answer in time".to_owned());
        let (handle, address) = tokio::time::timeout(CONNECT_LIMIT, connect).await.map_err(late)??;
        Ok(Self { handle, flow, target, address })
    }

    /// Whether this is a connection to `target` as it is declared and found now.
    pub(super) fn is_to(&self, target: &Target, address: SocketAddr) -> bool {
        self.target == *target && self.address == address && !self.handle.is_closed()
    }

    /// Logs in with the session's certificate.
    pub(super) async fn log_in(mut self, login: &str, lease: &Lease) -> Result<Upstream, UpstreamError> {
        let answer = self.handle.authenticate_openssh_cert(login, lease.expose_key(), lease.certificate.clone());
        let late = |_| UpstreamError::Unreachable("it did not answer the login in time".to_owned());
        match tokio::time::timeout(LOGIN_LIMIT, answer).await.map_err(late)?? {
            AuthResult::Success => Ok(Upstream { handle: self.handle, flow: self.flow }),
            // Nothing left to try means that nobody answered.
            AuthResult::Failure { remaining_methods, .. } if remaining_methods.is_empty() => {
                Err(UpstreamError::Unreachable("it closed the connection during the login".to_owned()))
            }
            AuthResult::Failure { .. } => Err(UpstreamError::Refused),
        }
    }
}

/// A connection that is logged in. Dropping it closes the connection.
pub(crate) struct Upstream {
    handle: Handle<HostKeyPinned>,
    flow: Arc<Flow>,
}

impl Upstream {
    pub(super) fn handle(&self) -> &Handle<HostKeyPinned> {
        &self.handle
    }

    pub(crate) fn flow(&self) -> &Arc<Flow> {
        &self.flow
    }

    pub(crate) async fn close(self) {
        let goodbye = self.handle.disconnect(Disconnect::ByApplication, "", "");
        // A target that takes no goodbye is left all the same.
        let _ = tokio::time::timeout(Duration::from_millis(200), goodbye).await;
        let _ = tokio::time::timeout(Duration::from_millis(200), self.handle).await;
        self.flow.cut();
    }
}

pub(super) struct HostKeyPinned {
    target: Target,
    flow: Arc<Flow>,
}

impl client::Handler for HostKeyPinned {
    type Error = UpstreamError;

    async fn check_server_key(&mut self, shown: &PublicKeyOrCertificate) -> Result<bool, UpstreamError> {
        if shown.public_key().key_data() == self.target.host_key_pin.key().key_data() {
            Ok(true)
        } else {
            Err(UpstreamError::HostKeyChanged)
        }
    }

    fn adjust_window(&mut self, _: ChannelId, _: u32) -> u32 {
        self.flow.window()
    }
}
