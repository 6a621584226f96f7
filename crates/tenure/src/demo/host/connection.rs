//! One client's connection: who it is, and which programs it may start.
//! Bytes of a program are moved in `pump`; the decision on a certificate is in `certificate`.

use std::borrow::Cow;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Context;
use russh::keys::{Certificate, PrivateKey};
use russh::server::{Auth, ChannelOpenHandle, Config, Handler, Msg, Session};
use russh::{Channel, ChannelId, ChannelOpenFailure, Disconnect, MethodKind, MethodSet, Pty, SshId};
use tokio::io::Interest;
use tokio::net::TcpStream;
use tokio::sync::{oneshot, watch};
use types::Secret;

use super::backlog::{self, Backlog};
use super::passwords::{self, Own};
use super::program::{Environment, Program, Started, Terminal};
use super::{Shared, certificate, pump};

const SIGN_IN_DEADLINE: Duration = Duration::from_secs(30);
const MAX_CHANNELS: usize = 10;
/// Of `getent`.
const NOT_FOUND: u32 = 2;

pub(super) fn config(host_key: PrivateKey) -> Config {
    Config {
        server_id: SshId::Standard(Cow::Borrowed("SSH-2.0-TenureDemoHost")),
        methods: MethodSet::from(&[MethodKind::PublicKey, MethodKind::Password][..]),
        auth_rejection_time: Duration::from_millis(200),
        auth_rejection_time_initial: Some(Duration::ZERO),
        max_auth_attempts: 6,
        keys: vec![host_key],
        inactivity_timeout: None,
        keepalive_interval: Some(Duration::from_secs(30)),
        window_size: backlog::WINDOW,
        nodelay: true,
        ..Config::default()
    }
}

/// Serves one client until it leaves, fails to sign in, or the host stops. Its programs end with it.
pub(super) async fn serve(
    stream: TcpStream,
    peer: SocketAddr,
    config: Arc<Config>,
    shared: Arc<Shared>,
    mut stopping: watch::Receiver<bool>,
) -> anyhow::Result<()> {
    let local = stream.local_addr()?;
    let stream = stream.into_std()?;
    let line = TcpStream::from_std(stream.try_clone()?)?;
    let signed_in = Arc::new(AtomicBool::new(false));
    let (end, ended) = watch::channel(false);
    let client = Client {
        shared,
        peer,
        local,
        signed_in: Arc::clone(&signed_in),
        login: String::new(),
        may_use_terminal: false,
        ended,
        backlog: Arc::default(),
        channels: HashMap::new(),
        told: HashMap::new(),
    };

    let greeting = russh::server::run_stream(config, TcpStream::from_std(stream)?, client);
    let mut session = tokio::time::timeout(SIGN_IN_DEADLINE, greeting).await??;
    let handle = session.handle();
    let outcome = tokio::select! {
        outcome = &mut session => outcome.map_err(anyhow::Error::from),
        () = peer_gone(&line) => Ok(()),
        () = sign_in_overdue(&signed_in) => Ok(()),
        _ = stopping.changed() => {
            let farewell = handle.disconnect(Disconnect::ByApplication, "the demo host is stopping".into(), String::new());
            let _ = tokio::time::timeout(Duration::from_millis(200), farewell).await;
            let _ = tokio::time::timeout(Duration::from_millis(200), &mut session).await;
            Ok(())
        }
    };
    end.send_replace(true);
    let _ = line.into_std()?.shutdown(std::net::Shutdown::Both);
    end.closed().await;
    outcome
}

/// Waits until the peer has closed its side. Looks at the socket itself, because the session does not read
/// while a program refuses its input, and a program must not outlive its client.
async fn peer_gone(line: &TcpStream) {
    while let Ok(ready) = line.ready(Interest::READABLE).await {
        if ready.is_read_closed() {
            return;
        }
        let _ = line.try_io(Interest::READABLE, || Err::<(), _>(std::io::ErrorKind::WouldBlock.into()));
    }
}

async fn sign_in_overdue(signed_in: &AtomicBool) {
    tokio::time::sleep(SIGN_IN_DEADLINE).await;
    if signed_in.load(Ordering::SeqCst) {
        std::future::pending::<()>().await;
    }
}

struct Client {
    shared: Arc<Shared>,
    peer: SocketAddr,
    local: SocketAddr,
    signed_in: Arc<AtomicBool>,
    /// That signed in.
    login: String,
    may_use_terminal: bool,
    ended: watch::Receiver<bool>,
    backlog: Arc<Backlog>,
    channels: HashMap<ChannelId, Pending>,
    /// What `chpasswd` was told so far.
    told: HashMap<ChannelId, Secret<Vec<u8>>>,
}

/// A session channel: what was asked for before its program, and the way to hand the program over.
struct Pending {
    environment: Environment,
    terminal: Option<Terminal>,
    start: Option<oneshot::Sender<Started>>,
    /// Dropped with the channel, which ends the program.
    open: oneshot::Sender<()>,
}

impl Client {
    fn start(&mut self, id: ChannelId, program: &Program, session: &mut Session) -> Result<(), russh::Error> {
        match self.try_start(id, program) {
            Ok(()) => session.channel_success(id),
            Err(error) => {
                tracing::warn!(peer = %self.peer, %error, "the demo host could not start a program");
                session.channel_failure(id)
            }
        }
    }

    /// Answers what the host answers itself.
    fn answer(&mut self, id: ChannelId, own: Own, session: &mut Session) -> Result<(), russh::Error> {
        session.channel_success(id)?;
        match own {
            Own::SetPassword => {
                self.told.insert(id, Secret::new(Vec::new()));
                Ok(())
            }
            Own::Find(login) if self.shared.logins.contains(&login) => {
                session.data(id, passwords::entry(&login, &self.shared.home))?;
                finish(id, 0, session)
            }
            Own::Find(_) => finish(id, NOT_FOUND, session),
        }
    }

    fn try_start(&mut self, id: ChannelId, program: &Program) -> anyhow::Result<()> {
        let pending = self.channels.get_mut(&id).context("the channel is not open")?;
        let start = pending.start.take().context("the channel has run a program already")?;
        let started = program.start(&self.shared.home, &pending.environment, pending.terminal.as_ref())?;
        start.send(started).map_err(|_| anyhow::anyhow!("the channel is closing"))
    }
}

fn finish(id: ChannelId, status: u32, session: &mut Session) -> Result<(), russh::Error> {
    session.exit_status_request(id, status)?;
    session.eof(id)?;
    session.close(id)
}

impl Handler for Client {
    type Error = russh::Error;

    async fn auth_publickey_offered(
        &mut self,
        _: &str,
        offer: russh::server::PublicKeyOffer<'_>,
    ) -> Result<Auth, Self::Error> {
        let is_revoked = (self.shared.trust.is_revoked_key)(offer.public_key.key_data());
        Ok(if is_revoked { Auth::reject() } else { Auth::Accept })
    }

    async fn auth_openssh_certificate(&mut self, login: &str, certificate: &Certificate) -> Result<Auth, Self::Error> {
        let trust = &self.shared.trust;
        let attempt = certificate::Attempt { login, peer: self.peer.ip(), at: trust.clock.now() };
        let verdict = if self.shared.logins.iter().any(|known| known == login) {
            certificate::check(certificate, &attempt, &trust.authority, &trust.is_revoked)
        } else {
            Err(certificate::Refusal::NoSuchLogin)
        };
        if let Err(refusal) = verdict {
            tracing::info!(peer = %self.peer, serial = certificate.serial(), %refusal, "the demo host refused a login");
            return Ok(Auth::reject());
        }
        self.login = login.to_owned();
        self.may_use_terminal = certificate.extensions().contains_key("permit-pty");
        Ok(Auth::Accept)
    }

    async fn auth_password(&mut self, login: &str, password: &str) -> Result<Auth, Self::Error> {
        if !self.shared.passwords.accept(login, password) {
            tracing::info!(peer = %self.peer, "the demo host refused a password");
            return Ok(Auth::reject());
        }
        self.login = login.to_owned();
        self.may_use_terminal = true;
        Ok(Auth::Accept)
    }

    async fn auth_succeeded(&mut self, _: &mut Session) -> Result<(), Self::Error> {
        self.signed_in.store(true, Ordering::SeqCst);
        Ok(())
    }

    async fn channel_open_session(
        &mut self,
        channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        session: &mut Session,
    ) -> Result<(), Self::Error> {
        // russh reports a close only where the client was first; a program that has ended has let go of its end.
        self.channels.retain(|_, pending| !pending.open.is_closed());
        if self.channels.len() >= MAX_CHANNELS {
            reply.reject(ChannelOpenFailure::ResourceShortage).await;
            return Ok(());
        }
        let (start, program) = oneshot::channel();
        let (open, closed) = oneshot::channel();
        let ends = pump::Ends { channel: closed, connection: self.ended.clone() };
        let environment = Environment::new(&self.login, &self.shared.name, &self.shared.home, self.peer, self.local);
        self.channels.insert(channel.id(), Pending { environment, terminal: None, start: Some(start), open });
        tokio::spawn(pump::serve(channel, session.handle(), Arc::clone(&self.backlog), program, ends));
        reply.accept().await;
        Ok(())
    }

    async fn channel_close(&mut self, id: ChannelId, _: &mut Session) -> Result<(), Self::Error> {
        self.channels.remove(&id);
        Ok(())
    }

    fn adjust_window(&mut self, _: ChannelId, _: u32) -> u32 {
        self.backlog.window()
    }

    async fn data(&mut self, id: ChannelId, data: &[u8], _: &mut Session) -> Result<(), Self::Error> {
        if let Some(told) = self.told.get_mut(&id) {
            let room = passwords::LONGEST - told.expose().len();
            *told = Secret::new([told.expose(), &data[..data.len().min(room)]].concat());
        }
        self.backlog.pace(data.len()).await;
        Ok(())
    }

    async fn channel_eof(&mut self, id: ChannelId, session: &mut Session) -> Result<(), Self::Error> {
        let Some(told) = self.told.remove(&id) else { return Ok(()) };
        match self.shared.passwords.set(&told, &self.shared.logins) {
            Ok(()) => finish(id, 0, session),
            Err(error) => {
                session.extended_data(id, 1, format!("{error}\n"))?;
                finish(id, 1, session)
            }
        }
    }

    async fn pty_request(
        &mut self,
        id: ChannelId,
        term: &str,
        columns: u32,
        rows: u32,
        _: u32,
        _: u32,
        _: &[(Pty, u32)],
        session: &mut Session,
    ) -> Result<(), Self::Error> {
        match self.channels.get_mut(&id) {
            Some(pending) if self.may_use_terminal && pending.terminal.is_none() => {
                pending.terminal = Some(Terminal::new(term, columns, rows));
                session.channel_success(id)
            }
            _ => session.channel_failure(id),
        }
    }

    async fn env_request(
        &mut self,
        id: ChannelId,
        name: &str,
        value: &str,
        session: &mut Session,
    ) -> Result<(), Self::Error> {
        let is_accepted = self.channels.get_mut(&id).is_some_and(|pending| pending.environment.accept(name, value));
        if is_accepted { session.channel_success(id) } else { session.channel_failure(id) }
    }

    async fn shell_request(&mut self, id: ChannelId, session: &mut Session) -> Result<(), Self::Error> {
        self.start(id, &Program::Shell, session)
    }

    async fn exec_request(&mut self, id: ChannelId, command: &[u8], session: &mut Session) -> Result<(), Self::Error> {
        match Own::read(command) {
            Some(own) => self.answer(id, own, session),
            None => self.start(id, &Program::Command(command.to_vec()), session),
        }
    }

    async fn subsystem_request(&mut self, id: ChannelId, name: &str, session: &mut Session) -> Result<(), Self::Error> {
        match name {
            "sftp" => self.start(id, &Program::Sftp, session),
            _ => session.channel_failure(id),
        }
    }

    async fn x11_request(
        &mut self,
        id: ChannelId,
        _: bool,
        _: &str,
        _: &str,
        _: u32,
        session: &mut Session,
    ) -> Result<(), Self::Error> {
        session.channel_failure(id)
    }
}
