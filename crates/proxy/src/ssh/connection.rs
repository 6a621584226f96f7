//! What all channels of one authenticated connection share: who is there, what they asked for, a head start to the
//! target. Everything here was proven or is only asked for; no permission is kept.

use super::login::Login;
use super::server::Shared;
use super::transport::Flow;
use super::upstream::{Pinned, Upstream, UpstreamError};
use privilege::sessions::Opened;
use privilege::targets;
use russh::server;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use types::{Channel, IdentityId};

pub(super) struct Connection {
    pub shared: Arc<Shared>,
    pub who: IdentityId,
    /// `None` when the user name does not say which account on which target.
    pub login: Option<Login>,
    pub client: SocketAddr,
    pub handle: server::Handle,
    pub flow: Arc<Flow>,
    /// Lines to show on the next channel that can show any.
    notices: Mutex<Vec<&'static str>>,
    ahead: Mutex<Option<Ahead>>,
    channels: watch::Sender<usize>,
}

/// One live channel of a connection, until it is dropped.
pub(super) struct Place(Arc<Connection>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.channels.send_modify(|count| *count -= 1);
    }
}

impl Connection {
    pub(super) fn new(
        shared: Arc<Shared>,
        who: IdentityId,
        user: &str,
        client: SocketAddr,
        handle: server::Handle,
        flow: Arc<Flow>,
    ) -> Arc<Self> {
        let login = Login::parse(user);
        let (notices, ahead, channels) = (Mutex::default(), Mutex::default(), watch::Sender::new(0));
        let connection = Self { shared, who, login, client, handle, flow, notices, ahead, channels };
        let ahead = connection.start_ahead();
        *connection.ahead.lock().unwrap_or_else(PoisonError::into_inner) = ahead;
        Arc::new(connection)
    }

    /// `None` when there are more than a person can want.
    pub(super) fn place(self: &Arc<Self>) -> Option<Place> {
        const CHANNELS: usize = 64;
        let mut given = false;
        self.channels.send_if_modified(|count| {
            given = *count < CHANNELS;
            *count += usize::from(given);
            given
        });
        given.then(|| Place(Arc::clone(self)))
    }

    pub(super) fn channels(&self) -> watch::Receiver<usize> {
        self.channels.subscribe()
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
        let Some(login) = &self.login else { return false };
        let grants = standing(&self.shared, &self.who, login).await;
        grants.iter().any(|grant| grant.channels.contains(&Channel::PortForward))
    }

    fn start_ahead(&self) -> Option<Ahead> {
        let login = self.login.clone()?;
        let (shared, who) = (Arc::clone(&self.shared), self.who.clone());
        Some(Ahead(tokio::spawn(async move {
            // Nobody makes Tenure knock at targets that are none of their business.
            if standing(&shared, &who, &login).await.is_empty() {
                return None;
            }
            let target = targets::get(&shared.ctx, &login.target).await.ok()?;
            let address = target.address();
            Some(Pinned::connect(target, address).await)
        })))
    }
}

/// Logs in to the target of an open session, with its lease.
pub(super) async fn log_in(ahead: Option<Ahead>, opened: &Opened) -> Result<Upstream, UpstreamError> {
    let ahead = match ahead {
        Some(ahead) => ahead.to(opened).await,
        None => None,
    };
    let pinned = match ahead {
        Some(pinned) => pinned?,
        None => Pinned::connect(opened.target.clone(), opened.address).await?,
    };
    pinned.log_in(opened.permit.login(), &opened.lease).await
}

async fn standing(shared: &Shared, who: &IdentityId, login: &Login) -> Vec<grants::Grant> {
    let filter = grants::Filter {
        holder: Some(who.clone()),
        target: Some(login.target.clone()),
        standing_at: Some(shared.ctx.now()),
        after: None,
        limit: 100,
    };
    let mut grants = grants::list(&shared.ctx, &filter).await.unwrap_or_default();
    grants.retain(|grant| grant.login == login.login);
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
