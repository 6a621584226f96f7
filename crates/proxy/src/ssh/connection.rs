//! What all channels of one authenticated connection share: who is there, what they asked for, a head start to the
//! target. Everything here was proven or is only asked for; no permission is kept.

use super::proof::{Proof, was_taken};
use super::server::Shared;
use super::transport::Flow;
use super::upstream::{Pinned, Upstream, UpstreamError};
use authn::gateway::Unknown;
use ledger::Ctx;
use privilege::sessions::{self, Opened, Unoffered};
use privilege::targets;
use russh::server;
use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use types::{Access, Actor, Channel, IdentityId};

/// Between two looks at the proof, when nothing wakes earlier.
const PROOF_POLL: Duration = Duration::from_secs(60);
/// Channels that a person can want at the same time, and what nobody needs to be told why.
const CHANNELS: usize = 64;
const CHANNELS_OF_NOBODY: usize = 1;
/// Refused channels after which a connection is good for nothing.
const REFUSALS: usize = 20;

/// For whoever writes the user name in another way.
const SYNTAX: &str =
    "name the account and the target: `ssh -p PORT LOGIN@TARGET@GATEWAY`, as in `ssh -p 2222 root@web-1@gateway`";

/// Who signed, and with what; or the line that says why nobody can tell.
pub(super) type Proven = Result<(IdentityId, Arc<Proof>), &'static str>;

/// Who is there, and what they ask for.
pub(super) enum Asking {
    /// The line that says why nobody can tell who is there.
    Nobody(&'static str),
    /// Somebody, for nothing that can be read from the user name.
    Unreadable,
    Known(Known),
}

/// A proven identity, and which account on which target it wants.
#[derive(Clone)]
pub(super) struct Known {
    pub who: IdentityId,
    pub proof: Arc<Proof>,
    pub access: Access,
}

impl Asking {
    fn new(proven: Proven, user: &str) -> Self {
        match (proven, user.parse()) {
            (Err(line), _) => Self::Nobody(line),
            (Ok(_), Err(_)) => Self::Unreadable,
            (Ok((who, proof)), Ok(access)) => Self::Known(Known { who, proof, access }),
        }
    }

    /// Or the line that says why nothing can be asked for on this connection.
    pub(super) fn known(&self) -> Result<&Known, &'static str> {
        match self {
            Self::Nobody(line) => Err(line),
            Self::Unreadable => Err(SYNTAX),
            Self::Known(known) => Ok(known),
        }
    }

    const fn most_channels(&self) -> usize {
        if matches!(self, Self::Nobody(_)) { CHANNELS_OF_NOBODY } else { CHANNELS }
    }

    const fn most_refusals(&self) -> usize {
        if matches!(self, Self::Nobody(_)) { CHANNELS_OF_NOBODY } else { REFUSALS }
    }
}

pub(super) struct Connection {
    pub shared: Arc<Shared>,
    pub asking: Asking,
    pub client: SocketAddr,
    pub handle: server::Handle,
    pub flow: Arc<Flow>,
    /// Lines to show on the next channel that can show any.
    notices: Mutex<Vec<&'static str>>,
    ahead: Mutex<Option<Ahead>>,
    channels: watch::Sender<usize>,
    /// Cancelled when nothing proves any more who is there.
    pub unproven: CancellationToken,
    unoffered: Mutex<HashSet<Unoffered>>,
    refusals: AtomicUsize,
    refused_too_often: CancellationToken,
}

/// One live channel of a connection, until it is dropped.
pub(super) struct Place(Arc<Connection>);

impl Drop for Place {
    fn drop(&mut self) {
        if std::thread::panicking() {
            // Nobody would ever answer on this channel again.
            self.0.flow.cut();
        }
        self.0.channels.send_modify(|count| *count -= 1);
    }
}

impl Connection {
    pub(super) fn new(
        shared: Arc<Shared>,
        proven: Proven,
        user: &str,
        client: SocketAddr,
        handle: server::Handle,
        flow: Arc<Flow>,
    ) -> Arc<Self> {
        let connection = Self {
            shared,
            asking: Asking::new(proven, user),
            client,
            handle,
            flow,
            notices: Mutex::default(),
            ahead: Mutex::default(),
            channels: watch::Sender::new(0),
            unproven: CancellationToken::new(),
            unoffered: Mutex::default(),
            refusals: AtomicUsize::new(0),
            refused_too_often: CancellationToken::new(),
        };
        let ahead = connection.start_ahead();
        *connection.ahead.lock().unwrap_or_else(PoisonError::into_inner) = ahead;
        Arc::new(connection)
    }

    /// `None` when there are more than a person can want.
    pub(super) fn place(self: &Arc<Self>) -> Option<Place> {
        let most = self.asking.most_channels();
        let mut given = false;
        self.channels.send_if_modified(|count| {
            given = *count < most;
            *count += usize::from(given);
            given
        });
        given.then(|| Place(Arc::clone(self)))
    }

    pub(super) fn channels(&self) -> watch::Receiver<usize> {
        self.channels.subscribe()
    }

    /// Asks again whether who signed this connection is who they were; the connection ends when they are not.
    pub(super) async fn prove(&self) -> Result<(), Unknown> {
        let Ok(known) = self.asking.known() else { return Ok(()) };
        let proven = known.proof.still_proves(&self.shared.ctx, &known.who).await;
        if proven.as_ref().is_err_and(was_taken) {
            self.unproven.cancel();
        }
        proven
    }

    /// Returns when nothing proves any more who is there.
    pub(super) async fn lost_proof(&self) {
        let mut wakes = self.shared.ctx.db().wakes();
        while !self.unproven.is_cancelled() {
            tokio::select! {
                () = self.unproven.cancelled() => return,
                () = wakes.next(authn::TOPIC, PROOF_POLL) => {}
            }
            // Whether the database answers is the sessions' watch's business.
            let _ = self.prove().await;
        }
    }

    /// A channel was refused.
    pub(super) fn count_refusal(&self) {
        if self.refusals.fetch_add(1, Ordering::Relaxed) + 1 >= self.asking.most_refusals() {
            self.refused_too_often.cancel();
        }
    }

    /// Returns when too many channels were refused.
    pub(super) async fn refused_too_often(&self) {
        self.refused_too_often.cancelled().await;
    }

    /// Something was asked for that no grant allows. Once for each on a connection, so that no flood of requests is one
    /// of entries, it leaves evidence.
    pub(super) fn refuse(&self, what: Unoffered) {
        let Ok(Known { who, access, .. }) = self.asking.known().cloned() else { return };
        if !self.unoffered.lock().unwrap_or_else(PoisonError::into_inner).insert(what) {
            return;
        }
        let ctx = self.shared.ctx.acting_as(Actor::Identity(who.clone()));
        self.shared.tasks.spawn(async move {
            if let Err(error) = sessions::not_offered(&ctx, &who, &access, what).await {
                tracing::warn!(%who, %error, "a refusal could not be recorded");
            }
        });
    }

    pub(super) fn notice(&self, line: &'static str) {
        let mut notices = self.notices.lock().unwrap_or_else(PoisonError::into_inner);
        if !notices.contains(&line) {
            notices.push(line);
        }
    }

    pub(super) fn take_notices(&self) -> Vec<&'static str> {
        std::mem::take(&mut *self.notices.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A connection that is on its way to the target, for one session.
    pub(super) fn take_ahead(&self) -> Option<Ahead> {
        let taken = self.ahead.lock().unwrap_or_else(PoisonError::into_inner).take();
        taken.or_else(|| self.start_ahead())
    }

    /// Whether a client that only forwards ports has something to wait for.
    pub(super) async fn may_forward(&self) -> bool {
        let Ok(known) = self.asking.known() else { return false };
        let grants = standing(&self.shared, known).await;
        grants.iter().any(|grant| grant.channels.contains(&Channel::PortForward))
    }

    fn start_ahead(&self) -> Option<Ahead> {
        let known = self.asking.known().cloned().ok()?;
        let shared = Arc::clone(&self.shared);
        Some(Ahead(tokio::spawn(async move {
            // Nobody makes Tenure knock at targets that are none of their business.
            if standing(&shared, &known).await.is_empty() {
                return None;
            }
            let target = targets::get(&shared.ctx, &known.access.target).await.ok()?;
            let address = target.address();
            Some(Pinned::connect(target, address).await)
        })))
    }
}

/// Logs in to the target of an open session, with its credential. Which connection carries the session is on record before
/// anything of it runs there.
pub(super) async fn log_in(ctx: &Ctx, ahead: Option<Ahead>, opened: &Opened) -> Result<Upstream, UpstreamError> {
    let ahead = match ahead {
        Some(ahead) => ahead.to(opened).await,
        None => None,
    };
    let pinned = match ahead {
        Some(pinned) => pinned?,
        None => Pinned::connect(opened.target.clone(), opened.address).await?,
    };
    let recorded = sessions::connected(ctx, opened, pinned.connection());
    let (recorded, upstream) = tokio::join!(recorded, pinned.log_in(opened));
    recorded.map_err(UpstreamError::NotRecorded)?;
    upstream
}

async fn standing(shared: &Shared, known: &Known) -> Vec<grants::Grant> {
    let Known { who, access, .. } = known;
    let filter = grants::Filter {
        holder: Some(who.clone()),
        target: Some(access.target.clone()),
        standing_at: Some(shared.ctx.now()),
        after: None,
        limit: 100,
    };
    let mut grants = grants::list(&shared.ctx, &filter).await.unwrap_or_default();
    grants.retain(|grant| grant.login == access.login);
    grants
}

/// A connection to the target that starts while the permission is still asked for. It shows no credential.
pub(super) struct Ahead(JoinHandle<Option<Result<Pinned, UpstreamError>>>);

impl Ahead {
    async fn to(mut self, opened: &Opened) -> Option<Result<Pinned, UpstreamError>> {
        match (&mut self.0).await.ok()?? {
            Ok(pinned) if !pinned.is_to(&opened.target, opened.address) => None,
            pinned => Some(pinned),
        }
    }
}

impl Drop for Ahead {
    fn drop(&mut self) {
        self.0.abort();
    }
}
