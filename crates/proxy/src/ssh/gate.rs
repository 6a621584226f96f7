//! What russh asks while a connection lives: who is there, and whether a channel may open. It answers at once and
//! leaves the work to tasks. An identity comes from a key that signed this connection, never from an offered one.

use super::channel;
use super::connection::{Connection, Proven};
use super::forward::{self, Destination};
use super::proof::Proof;
use super::server::Shared;
use super::transport::Flow;
use privilege::sessions::Unoffered;
use russh::keys::{Algorithm, Certificate};
use russh::server::{Auth, ChannelOpenHandle, Handler, Msg, PublicKeyOffer, Session, VerifiedPublicKey};
use russh::{Channel, ChannelId, ChannelOpenFailure, Error, Pty};
use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::sync::oneshot;
use types::{Failure, Kind};

const NO_X11: &str = "x11 forwarding is not offered: run graphical programs in another way";
const NO_AGENT: &str = "agent forwarding is not offered: ask for a grant on the next target instead";
const NOBODY_KNOWN: &str = "tenure cannot reach its database, so it cannot tell who you are: try again soon";
const NO_REMOTE_FORWARD: &str =
    "forwarding of remote ports is not offered: only `-L` is, with a grant for port_forward";

pub(super) struct Gate {
    shared: Arc<Shared>,
    client: SocketAddr,
    flow: Arc<Flow>,
    proven: Option<(Proven, String)>,
    connection: Option<Arc<Connection>>,
    entered: Option<oneshot::Sender<Arc<Connection>>>,
    /// Channels that run a program; a channel runs one (RFC 4254, section 6.5).
    started: HashSet<ChannelId>,
}

impl Gate {
    pub(super) fn new(
        shared: Arc<Shared>,
        client: SocketAddr,
        flow: Arc<Flow>,
        entered: oneshot::Sender<Arc<Connection>>,
    ) -> Self {
        let started = HashSet::new();
        Self { shared, client, flow, proven: None, connection: None, entered: Some(entered), started }
    }

    /// Who cannot be looked up is let in as nobody, to be told so on a channel: before that nothing can be said.
    async fn judge(&mut self, user: &str, proof: Proof) -> Auth {
        match proof.identity(&self.shared.ctx).await {
            Ok(who) => {
                self.proven = Some((Ok((who, Arc::new(proof))), user.to_owned()));
                Auth::Accept
            }
            Err(error) if error.kind() == Kind::Unavailable => {
                tracing::warn!(client = %self.client, %error, "nobody can be identified");
                self.proven = Some((Err(NOBODY_KNOWN), user.to_owned()));
                Auth::Accept
            }
            Err(reason) => {
                tracing::info!(client = %self.client, %reason, "a key was refused");
                Auth::reject()
            }
        }
    }

    /// Something was asked for that no grant allows. What an ordinary client asks for by its configuration does not
    /// end the connection; that nothing comes of it is told on the next channel.
    fn unoffered(&self, what: Unoffered) {
        let Some(connection) = &self.connection else { return };
        connection.refuse(what);
        match what {
            Unoffered::AgentForwarding => connection.notice(NO_AGENT),
            Unoffered::X11Forwarding => connection.notice(NO_X11),
            Unoffered::RemoteForwarding => connection.notice(NO_REMOTE_FORWARD),
            Unoffered::SocketForwarding | Unoffered::Subsystem => connection.count_refusal(),
        }
    }

    fn answer(ok: bool, channel: ChannelId, session: &mut Session) -> Result<(), Error> {
        if ok { session.channel_success(channel) } else { session.channel_failure(channel) }
    }
}

impl Handler for Gate {
    type Error = Error;

    /// An offer proves nothing, and a certificate cannot be told from its bare key here: only SHA-1 is turned away.
    async fn auth_publickey_offered(&mut self, _: &str, offer: PublicKeyOffer<'_>) -> Result<Auth, Error> {
        Ok(if matches!(offer.algorithm, Algorithm::Rsa { hash: None }) { Auth::reject() } else { Auth::Accept })
    }

    async fn auth_publickey(&mut self, user: &str, key: VerifiedPublicKey<'_>) -> Result<Auth, Error> {
        Ok(self.judge(user, Proof::Key(key.public_key.clone())).await)
    }

    async fn auth_openssh_certificate(&mut self, user: &str, certificate: &Certificate) -> Result<Auth, Error> {
        Ok(self.judge(user, Proof::Certificate(Box::new(certificate.clone()))).await)
    }

    async fn auth_succeeded(&mut self, session: &mut Session) -> Result<(), Error> {
        let (proven, user) = self.proven.take().ok_or(Error::NotAuthenticated)?;
        let (shared, flow) = (Arc::clone(&self.shared), Arc::clone(&self.flow));
        let connection = Connection::new(shared, proven, &user, self.client, session.handle(), flow);
        if let Some(entered) = self.entered.take() {
            // Nobody waits any more only when the connection is being cut.
            let _ = entered.send(Arc::clone(&connection));
        }
        self.connection = Some(connection);
        Ok(())
    }

    async fn channel_open_session(
        &mut self,
        channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        _: &mut Session,
    ) -> Result<(), Error> {
        let connection = self.connection.as_ref().ok_or(Error::NotAuthenticated)?;
        let Some(place) = connection.place() else {
            connection.count_refusal();
            reply.reject(ChannelOpenFailure::ResourceShortage).await;
            return Ok(());
        };
        reply.accept().await;
        let connection = Arc::clone(connection);
        self.shared.tasks.spawn(async move {
            channel::serve(connection, channel).await;
            drop(place);
        });
        Ok(())
    }

    async fn channel_open_direct_tcpip(
        &mut self,
        channel: Channel<Msg>,
        host: &str,
        port: u32,
        _: &str,
        _: u32,
        reply: ChannelOpenHandle,
        _: &mut Session,
    ) -> Result<(), Error> {
        let connection = self.connection.as_ref().ok_or(Error::NotAuthenticated)?;
        let Some(place) = connection.place() else {
            connection.count_refusal();
            reply.reject(ChannelOpenFailure::ResourceShortage).await;
            return Ok(());
        };
        let destination = Destination { host: host.to_owned(), port };
        let connection = Arc::clone(connection);
        self.shared.tasks.spawn(async move {
            forward::serve(connection, channel, reply, destination).await;
            drop(place);
        });
        Ok(())
    }

    async fn channel_open_direct_streamlocal(
        &mut self,
        _: Channel<Msg>,
        _: &str,
        reply: ChannelOpenHandle,
        _: &mut Session,
    ) -> Result<(), Error> {
        self.unoffered(Unoffered::SocketForwarding);
        reply.reject(forward::refused("forwarding of sockets is not offered")).await;
        Ok(())
    }

    async fn channel_close(&mut self, channel: ChannelId, _: &mut Session) -> Result<(), Error> {
        self.started.remove(&channel);
        Ok(())
    }

    fn adjust_window(&mut self, _: ChannelId, _: u32) -> u32 {
        self.flow.window()
    }

    async fn pty_request(
        &mut self,
        channel: ChannelId,
        term: &str,
        _: u32,
        _: u32,
        _: u32,
        _: u32,
        _: &[(Pty, u32)],
        session: &mut Session,
    ) -> Result<(), Error> {
        Self::answer(channel::is_plain(term) && !self.started.contains(&channel), channel, session)
    }

    async fn env_request(
        &mut self,
        channel: ChannelId,
        name: &str,
        value: &str,
        session: &mut Session,
    ) -> Result<(), Error> {
        Self::answer(channel::passes_on(name, value), channel, session)
    }

    async fn shell_request(&mut self, channel: ChannelId, session: &mut Session) -> Result<(), Error> {
        Self::answer(self.started.insert(channel), channel, session)
    }

    async fn exec_request(&mut self, channel: ChannelId, _: &[u8], session: &mut Session) -> Result<(), Error> {
        Self::answer(self.started.insert(channel), channel, session)
    }

    async fn subsystem_request(&mut self, channel: ChannelId, name: &str, session: &mut Session) -> Result<(), Error> {
        if name != channel::SFTP {
            self.unoffered(Unoffered::Subsystem);
            return session.channel_failure(channel);
        }
        Self::answer(self.started.insert(channel), channel, session)
    }

    async fn agent_request(&mut self, _: ChannelId, _: &mut Session) -> Result<bool, Error> {
        self.unoffered(Unoffered::AgentForwarding);
        Ok(false)
    }

    async fn x11_request(
        &mut self,
        channel: ChannelId,
        _: bool,
        _: &str,
        _: &str,
        _: u32,
        session: &mut Session,
    ) -> Result<(), Error> {
        self.unoffered(Unoffered::X11Forwarding);
        session.channel_failure(channel)
    }

    async fn tcpip_forward(&mut self, _: &str, _: &mut u32, _: &mut Session) -> Result<bool, Error> {
        self.unoffered(Unoffered::RemoteForwarding);
        Ok(false)
    }

    async fn streamlocal_forward(&mut self, _: &str, _: &mut Session) -> Result<bool, Error> {
        self.unoffered(Unoffered::RemoteForwarding);
        Ok(false)
    }
}
