//! Accepts connections and bounds them: how many, how long until they are authenticated, how long they may do nothing.
//! What is said on a connection is `gate`'s business.

use super::algorithms::{self, Offer};
use super::connection::{Asking, Connection};
use super::gate::Gate;
use super::limits::{Limits, Place};
use super::transport::{Flow, Transport};
use ledger::Ctx;
use privilege::sessions::watch::Watch;
use privilege::sessions::{EndReason, Node};
use russh::Disconnect;
use russh::keys::PrivateKey;
use russh::server::{self, RunningSession};
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use types::Timestamp;

/// From the first packet until somebody has proven who they are.
const ENTER_LIMIT: Duration = Duration::from_secs(20);
/// How long a client's first line is waited for before the wide offer is made.
const GREETING_LIMIT: Duration = Duration::from_millis(500);
/// How long a connection may stay without a session: from its start to the first one, and between two.
const FIRST_SESSION_LIMIT: Duration = Duration::from_secs(30);
const NEXT_SESSION_LIMIT: Duration = Duration::from_secs(600);
/// How long somebody who cannot be identified may take to open the channel on which they are told so.
const NOBODY_LIMIT: Duration = Duration::from_secs(5);
const LEAVE_LIMIT: Duration = Duration::from_secs(1);
/// Between two looks at the clock, and at one that a test moves.
const TICK: Duration = Duration::from_secs(5);
const TEST_TICK: Duration = Duration::from_millis(20);
/// How long live sessions may take to end when the server stops.
const STOP_LIMIT: Duration = Duration::from_secs(8);
/// How long all that may take, with what keeps their ends in the database.
const CLOSE_LIMIT: Duration = Duration::from_secs(12);

pub struct Config {
    /// Port 0 takes a free one.
    pub listen: SocketAddr,
    /// The gateway's own host keys: Ed25519, and others if clients need them.
    pub host_keys: Vec<PrivateKey>,
    pub node: Node,
    pub max_connections: usize,
    pub max_connections_per_address: usize,
}

#[derive(Debug, thiserror::Error)]
pub enum GatewayError {
    #[error("cannot listen for ssh on `{address}`: {cause}")]
    Listen { address: SocketAddr, cause: std::io::Error },
    #[error("the ssh gateway needs a host key")]
    NoHostKey,
}

/// A running gateway. It goes on until [`Gateway::stop`].
pub struct Gateway {
    local_addr: SocketAddr,
    listener: JoinHandle<()>,
    watching: JoinHandle<()>,
    shared: Arc<Shared>,
}

/// What every connection needs.
pub(super) struct Shared {
    pub ctx: Ctx,
    pub node: Node,
    pub watch: Watch,
    /// Sessions and connections that are not over.
    pub tasks: TaskTracker,
    stop: CancellationToken,
    fast: Arc<server::Config>,
    wide: Arc<server::Config>,
    is_stopping: AtomicBool,
}

impl Shared {
    pub(super) fn is_stopping(&self) -> bool {
        self.is_stopping.load(Ordering::SeqCst)
    }
}

impl Gateway {
    /// Starts to accept. Sessions that a crash left open must have been recovered before.
    pub async fn start(ctx: Ctx, config: Config) -> Result<Self, GatewayError> {
        if config.host_keys.is_empty() {
            return Err(GatewayError::NoHostKey);
        }
        let cannot = |cause| GatewayError::Listen { address: config.listen, cause };
        let listener = TcpListener::bind(config.listen).await.map_err(cannot)?;
        let local_addr = listener.local_addr().map_err(cannot)?;
        let shared = Arc::new(Shared {
            watch: Watch::start(ctx.clone(), &config.node),
            ctx,
            node: config.node,
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
            fast: Arc::new(algorithms::server(config.host_keys.clone(), Offer::Fast)),
            wide: Arc::new(algorithms::server(config.host_keys, Offer::Wide)),
            is_stopping: AtomicBool::new(false),
        });
        let limits = Limits::with_proof(config.max_connections, config.max_connections_per_address);
        let listener = shared.tasks.spawn(accept(listener, Arc::clone(&shared), limits));
        let watching = tokio::spawn(shared.watch.lost());
        Ok(Self { local_addr, listener, watching, shared })
    }

    /// What must not be over while the gateway was not stopped: the task that accepts, and the watch of live sessions.
    pub fn vital(&mut self) -> (&mut JoinHandle<()>, &mut JoinHandle<()>) {
        (&mut self.listener, &mut self.watching)
    }

    pub fn local_addr(&self) -> SocketAddr {
        self.local_addr
    }

    /// Accepts no more, ends live sessions with [`EndReason::NodeStopped`], and returns when all are closed.
    /// Does not wait for a database that is away: the next start closes the rest.
    pub async fn stop(self) {
        self.watching.abort();
        self.shared.is_stopping.store(true, Ordering::SeqCst);
        self.shared.watch.tell_all(EndReason::NodeStopped);
        self.shared.stop.cancel();
        self.shared.tasks.close();
        if timeout(CLOSE_LIMIT, self.shared.tasks.wait()).await.is_err() {
            tracing::warn!("sessions whose end could not be kept are closed at the next start");
        }
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>, limits: Arc<Limits>) {
    loop {
        let accepted = tokio::select! {
            () = shared.stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, client)) => {
                let Some(place) = limits.place(client.ip()) else {
                    metrics::counter!("tenure_ssh_connections_refused_total").increment(1);
                    continue;
                };
                shared.tasks.spawn(serve(stream, client, Arc::clone(&shared), place));
            }
            Err(error) => {
                // Out of file descriptors, for example: the next moment may be better.
                tracing::warn!(%error, "a connection could not be accepted");
                sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

async fn serve(stream: TcpStream, client: SocketAddr, shared: Arc<Shared>, mut place: Place) {
    let flow = Arc::new(Flow::default());
    if let Err(error) = talk(stream, client, shared, &flow, &mut place).await {
        tracing::debug!(%client, %error, "a connection ended");
    }
    flow.cut();
}

async fn talk(
    stream: TcpStream,
    client: SocketAddr,
    shared: Arc<Shared>,
    flow: &Arc<Flow>,
    place: &mut Place,
) -> Result<(), russh::Error> {
    let (limit, since) = (Instant::now() + ENTER_LIMIT, shared.ctx.now());
    stream.set_nodelay(true)?;
    let config = match offer(&stream).await {
        Offer::Fast => Arc::clone(&shared.fast),
        Offer::Wide => Arc::clone(&shared.wide),
    };
    let (entered, entering) = oneshot::channel();
    let gate = Gate::new(Arc::clone(&shared), client, Arc::clone(flow), entered);
    let run = server::run_stream(config, Transport::new(stream, Arc::clone(flow)), gate);
    let mut running = tokio::time::timeout_at(limit, Box::pin(run)).await??;
    let connection = tokio::select! {
        ended = &mut running => return ended,
        () = sleep_until(limit) => return Ok(()),
        () = shared.stop.cancelled() => return Ok(()),
        connection = entering => match connection {
            Ok(connection) => connection,
            Err(_) => return running.await,
        },
    };
    if let Asking::Nobody(why) = connection.asking {
        return dismiss(&connection, &mut running, why).await;
    }
    place.proven();
    stay(&connection, &mut running, since).await
}

/// Waits until nobody we know was told why on a channel, and not for long.
async fn dismiss(
    connection: &Connection,
    running: &mut RunningSession<Gate>,
    why: &'static str,
) -> Result<(), russh::Error> {
    tokio::select! {
        ended = &mut *running => return ended,
        () = connection.shared.stop.cancelled() => {}
        () = connection.refused_too_often() => {
            // The line is on its way, and an ordinary client that has read it goes by itself.
            if let Ok(ended) = timeout(LEAVE_LIMIT, &mut *running).await {
                return ended;
            }
        }
        () = sleep(NOBODY_LIMIT) => {}
    }
    say_goodbye(connection, running, why).await
}

/// Waits for the end of an authenticated connection, or ends it when it is good for nothing. `since`: its start.
async fn stay(
    connection: &Connection,
    running: &mut RunningSession<Gate>,
    mut since: Timestamp,
) -> Result<(), russh::Error> {
    let clock = connection.shared.ctx.clock();
    let mut channels = connection.channels();
    let mut lost_proof = pin!(connection.lost_proof());
    let mut limit = FIRST_SESSION_LIMIT;
    let goodbye = loop {
        let is_idle = *channels.borrow_and_update() == 0;
        tokio::select! {
            ended = &mut *running => return ended,
            () = connection.shared.stop.cancelled() => {
                let _ = timeout(STOP_LIMIT, channels.wait_for(|count| *count == 0)).await;
                break "this tenure server is stopping: connect again in a moment";
            }
            () = &mut lost_proof => {
                let _ = timeout(STOP_LIMIT, channels.wait_for(|count| *count == 0)).await;
                break "the key or certificate that you signed in with was removed: sign in with `tenure login`";
            }
            () = connection.refused_too_often() => break "too many requests were refused: connect again with a grant",
            () = sleep(if clock.is_test() { TEST_TICK } else { TICK }), if is_idle => {
                if clock.now().since(since) < limit {
                    continue;
                }
                if !connection.may_forward().await {
                    break "no session was open for too long: connect again with a command or for a shell";
                }
                since = clock.now();
            }
            _ = channels.changed() => (limit, since) = (NEXT_SESSION_LIMIT, clock.now()),
        }
    };
    say_goodbye(connection, running, goodbye).await
}

async fn say_goodbye(
    connection: &Connection,
    running: &mut RunningSession<Gate>,
    goodbye: &str,
) -> Result<(), russh::Error> {
    let said = connection.handle.disconnect(Disconnect::ByApplication, goodbye.to_owned(), String::new());
    let _ = timeout(Duration::from_millis(300), said).await;
    timeout(Duration::from_secs(1), running).await.unwrap_or(Ok(()))
}

async fn offer(stream: &TcpStream) -> Offer {
    let mut greeting = [0; 64];
    match timeout(GREETING_LIMIT, stream.peek(&mut greeting)).await {
        Ok(Ok(length)) => Offer::to(&greeting[..length]),
        _ => Offer::Wide,
    }
}
