//! The connection to a target: its pinned host key first, the session's credential only after that.
//! Asks no permission and decides no end; a credential comes in by value and is offered once.

use super::algorithms;
use super::transport::{Flow, Transport};
use connectors::linux::{HostCheck, NoChannels, SignIn, SshConnection, sign_in};
use ledger::LedgerError;
use privilege::leases::Lease;
use privilege::sessions::machine::Event;
use privilege::sessions::{Credential, Opened};
use privilege::targets::Target;
use privilege::visits::Vaulted;
use russh::Disconnect;
use russh::client::{self, AuthResult, Handle};
use russh::keys::PublicKey;
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
    #[error("it refused {0}")]
    Refused(&'static str),
    #[error("the credential that tenure keeps could not be used: {0}")]
    NotJudged(&'static str),
    #[error("it does not offer {0}")]
    NotOffered(&'static str),
    #[error("the connection to it cannot be recorded: {0}")]
    NotRecorded(LedgerError),
}

impl UpstreamError {
    pub(super) fn event(&self) -> Event {
        match self {
            Self::Unreachable(_) => Event::TargetUnreachable,
            Self::HostKeyChanged => Event::HostKeyChanged,
            Self::Refused(_) | Self::NotJudged(_) => Event::TargetRefused,
            Self::NotOffered(_) => Event::TargetClosed,
            Self::NotRecorded(_) => Event::RecordingFailed,
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
    handle: Handle<NoChannels<HostKeyPinned>>,
    flow: Arc<Flow>,
    target: Target,
    connection: SshConnection,
}

impl Pinned {
    /// Connects to `target`, which is found at `to`.
    pub(super) async fn connect(target: Target, to: impl ToSocketAddrs) -> Result<Self, UpstreamError> {
        let flow = Arc::new(Flow::default());
        let unreachable = |e: std::io::Error| UpstreamError::Unreachable(e.to_string());
        let connect = async {
            let stream = TcpStream::connect(to).await.map_err(unreachable)?;
            let (from, to) = (stream.local_addr().map_err(unreachable)?, stream.peer_addr().map_err(unreachable)?);
            // Without it small packets wait for each other; a stream without the option still works.
            let _ = stream.set_nodelay(true);
            let config = algorithms::client(target.host_key_pin.algorithms());
            let check = NoChannels(HostKeyPinned { target: target.clone(), flow: Arc::clone(&flow) });
            let transport = Transport::new(stream, Arc::clone(&flow));
            Ok::<_, UpstreamError>((
                client::connect_stream(Arc::new(config), transport, check).await?,
                SshConnection { from, to },
            ))
        };
        let late = |_| UpstreamError::Unreachable("it did not answer in time".to_owned());
        let (handle, connection) = tokio::time::timeout(CONNECT_LIMIT, connect).await.map_err(late)??;
        Ok(Self { handle, flow, target, connection })
    }

    /// Whether this is a connection to `target` as it is declared and found now.
    pub(super) fn is_to(&self, target: &Target, address: SocketAddr) -> bool {
        self.target == *target && self.connection.to == address && !self.handle.is_closed()
    }

    /// As the target would name it, where nothing between translates addresses.
    pub(super) fn connection(&self) -> SshConnection {
        self.connection
    }

    /// Logs in with the session's credential.
    pub(super) async fn log_in(mut self, opened: &Opened) -> Result<Upstream, UpstreamError> {
        let login = opened.permit.login();
        let answer = async {
            match &opened.credential {
                Credential::Lease(lease) => self.offer_certificate(login, lease).await,
                Credential::Vaulted(vaulted) => self.offer_own(login, vaulted).await,
            }
        };
        let late = |_| UpstreamError::Unreachable("it did not answer the login in time".to_owned());
        tokio::time::timeout(LOGIN_LIMIT, answer).await.map_err(late)??;
        Ok(Upstream { handle: self.handle, flow: self.flow })
    }

    async fn offer_certificate(&mut self, login: &str, lease: &Lease) -> Result<(), UpstreamError> {
        let answer = self.handle.authenticate_openssh_cert(login, lease.expose_key(), lease.certificate.clone());
        match answer.await? {
            AuthResult::Success => Ok(()),
            // Nothing left to try means that nobody answered.
            AuthResult::Failure { remaining_methods, .. } if remaining_methods.is_empty() => Err(gone()),
            AuthResult::Failure { .. } => Err(UpstreamError::Refused("the certificate")),
        }
    }

    async fn offer_own(&mut self, login: &str, vaulted: &Vaulted) -> Result<(), UpstreamError> {
        match sign_in(&mut self.handle, login, &vaulted.credential).await? {
            SignIn::In => Ok(()),
            SignIn::Refused => Err(UpstreamError::Refused("the credential that tenure keeps")),
            SignIn::InPart => Err(UpstreamError::NotJudged("the host wants a second proof")),
            SignIn::NotJudged(why) => Err(UpstreamError::NotJudged(why)),
            SignIn::Gone => Err(gone()),
        }
    }
}

fn gone() -> UpstreamError {
    UpstreamError::Unreachable("it closed the connection during the login".to_owned())
}

/// A connection that is logged in. Dropping it closes the connection.
pub(crate) struct Upstream {
    handle: Handle<NoChannels<HostKeyPinned>>,
    flow: Arc<Flow>,
}

impl Upstream {
    pub(super) fn handle(&self) -> &Handle<NoChannels<HostKeyPinned>> {
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

impl HostCheck for HostKeyPinned {
    type Error = UpstreamError;

    fn check(&mut self, shown: &PublicKey) -> Result<bool, UpstreamError> {
        if self.target.host_key_pin.is_of(shown) { Ok(true) } else { Err(UpstreamError::HostKeyChanged) }
    }

    fn window(&self, _: u32) -> u32 {
        self.flow.window()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use connectors::linux::HostKeyPin;
    use russh::keys::PrivateKey;
    use russh::keys::ssh_key::private::Ed25519Keypair;
    use russh::server::{self, Auth};
    use tokio::sync::oneshot;

    /// A target that lets everybody in and gives its own end away.
    struct Pushy(Option<oneshot::Sender<server::Handle>>);

    impl server::Handler for Pushy {
        type Error = russh::Error;

        async fn auth_none(&mut self, _: &str) -> Result<Auth, russh::Error> {
            Ok(Auth::Accept)
        }

        async fn auth_succeeded(&mut self, session: &mut server::Session) -> Result<(), russh::Error> {
            let _ = self.0.take().unwrap().send(session.handle());
            Ok(())
        }
    }

    #[tokio::test]
    async fn a_target_cannot_open_a_channel() {
        let key = PrivateKey::from(Ed25519Keypair::from_seed(&[7; 32]));
        let target = Target {
            name: "web-1".into(),
            host: "web-1".into(),
            port: 22,
            host_key_pin: HostKeyPin::new(key.public_key().clone()),
            reads_krl: false,
            description: String::new(),
            discovery_login: "root".into(),
            sign_in: privilege::targets::SignIn::Certificate,
            sudo: Default::default(),
            declared_at: types::Timestamp::from_micros(0),
        };
        let (near, far) = tokio::io::duplex(100_000);
        let (entered, pushy) = oneshot::channel();
        let config = server::Config { keys: vec![key], ..server::Config::default() };
        let served = tokio::spawn(server::run_stream(Arc::new(config), far, Pushy(Some(entered))));
        let check = NoChannels(HostKeyPinned { target, flow: Arc::default() });
        let mut handle = client::connect_stream(Arc::default(), near, check).await.unwrap();
        assert!(handle.authenticate_none("root").await.unwrap().success());
        let target = pushy.await.unwrap();
        assert!(target.channel_open_session().await.is_err());
        assert!(target.channel_open_agent().await.is_err());
        assert!(target.channel_open_x11("127.0.0.1", 1).await.is_err());
        assert!(target.channel_open_direct_tcpip("127.0.0.1", 22, "127.0.0.1", 1).await.is_err());
        assert!(target.channel_open_forwarded_tcpip("127.0.0.1", 22, "127.0.0.1", 1).await.is_err());
        assert!(target.channel_open_forwarded_streamlocal("/run/x").await.is_err());
        assert!(target.channel_open_direct_streamlocal("/run/x").await.is_err());
        served.abort();
    }
}
