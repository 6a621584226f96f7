//! Tells each live session of this node that it must end: its grant ended, somebody killed it, or the database has
//! been out of reach for too long to know, or the session is not live there any more. Ends nothing itself.

use super::{EndReason, Node, SessionError, store};
use grants::{EndCause, enforce};
use ledger::Ctx;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;
use tokio::sync::watch;
use types::SessionId;

/// Between two looks, when nothing wakes earlier.
pub const POLL: Duration = Duration::from_millis(250);

/// After this long without an answer from the database, every session is told to end.
pub const CONTACT_LIMIT: Duration = Duration::from_secs(5);

/// Woken when somebody orders a session to end.
pub(super) const KILL_TOPIC: &str = "kills";

/// A look that takes longer is given up, so that one lost answer does not hide the next.
const LOOK_LIMIT: Duration = Duration::from_secs(2);

type Ears = HashMap<SessionId, watch::Sender<Option<EndReason>>>;

#[derive(Debug, Clone, Default)]
struct Sessions {
    ears: Arc<Mutex<Ears>>,
    nobody_looks: Arc<watch::Sender<bool>>,
}

/// The watch of one node. It ends when the last clone is dropped.
#[derive(Clone)]
pub struct Watch {
    sessions: Sessions,
    _task: Arc<Task>,
}

struct Task {
    sessions: Sessions,
    looking: tokio::task::JoinHandle<()>,
}

impl Drop for Task {
    fn drop(&mut self) {
        self.sessions.tell_all(EndReason::NodeStopped);
        self.looking.abort();
    }
}

/// Held by whoever looks: when looking ends, by a panic too, no session may go on unwatched.
struct Looking(Sessions);

impl Drop for Looking {
    fn drop(&mut self) {
        self.0.nobody_looks.send_replace(true);
        self.0.tell_all(EndReason::LostContact);
    }
}

/// One session's ear. Dropping it ends the watching.
#[derive(Debug)]
pub struct Told {
    session: SessionId,
    order: watch::Receiver<Option<EndReason>>,
    sessions: Weak<Mutex<Ears>>,
}

impl Told {
    /// Waits until the session must end, and says why. Never returns otherwise; may be dropped and called again.
    pub async fn to_end(&mut self) -> EndReason {
        match self.order.wait_for(Option::is_some).await {
            Ok(order) => order.expect("waited until there is one"),
            Err(_) => EndReason::NodeStopped,
        }
    }
}

impl Drop for Told {
    fn drop(&mut self) {
        if let Some(sessions) = self.sessions.upgrade() {
            sessions.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.session);
        }
    }
}

impl Watch {
    pub fn start(ctx: Ctx, node: &Node) -> Self {
        let node = node.name.clone();
        Self::by(|sessions| look_for_ever(ctx, node, sessions))
    }

    fn by<F: Future<Output = ()> + Send + 'static>(look: impl FnOnce(Sessions) -> F) -> Self {
        let sessions = Sessions::default();
        let (held, look) = (Looking(sessions.clone()), look(sessions.clone()));
        let looking = tokio::spawn(async move {
            let _held = held;
            look.await;
        });
        Self { sessions: sessions.clone(), _task: Arc::new(Task { sessions, looking }) }
    }

    /// Starts to watch a session that was just opened on this node. When nobody looks any more, it is told to end.
    pub fn attach(&self, session: &SessionId) -> Told {
        let (sender, order) = watch::channel(None);
        self.sessions.ears().insert(session.clone(), sender);
        if *self.sessions.nobody_looks.borrow() {
            self.sessions.tell(session, EndReason::LostContact);
        }
        Told { session: session.clone(), order, sessions: Arc::downgrade(&self.sessions.ears) }
    }

    /// Returns when nobody looks any more, which is never while all is well: the node must open nothing then.
    pub fn lost(&self) -> impl Future<Output = ()> + Send + use<> {
        let mut nobody_looks = self.sessions.nobody_looks.subscribe();
        async move {
            // A sender that is gone has nobody who looks either.
            let _ = nobody_looks.wait_for(|lost| *lost).await;
        }
    }

    /// Tells every session of this node, for the server's own end.
    pub fn tell_all(&self, reason: EndReason) {
        self.sessions.tell_all(reason);
    }
}

impl Sessions {
    fn ears(&self) -> MutexGuard<'_, Ears> {
        self.ears.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn carried(&self) -> Vec<SessionId> {
        self.ears().keys().cloned().collect()
    }

    fn is_empty(&self) -> bool {
        self.ears().is_empty()
    }

    /// The first order stands.
    fn tell(&self, session: &SessionId, reason: EndReason) {
        if let Some(ear) = self.ears().get(session) {
            ear.send_if_modified(|order| order.is_none() && order.replace(reason).is_none());
        }
    }

    fn tell_all(&self, reason: EndReason) {
        for ear in self.ears().values() {
            ear.send_if_modified(|order| order.is_none() && order.replace(reason).is_none());
        }
    }
}

async fn look_for_ever(ctx: Ctx, node: String, sessions: Sessions) {
    let (mut grants_woken, mut kills_woken) = (ctx.db().wakes(), ctx.db().wakes());
    let mut contact = ctx.now();
    loop {
        if sessions.is_empty() {
            contact = ctx.now();
        } else {
            let left = CONTACT_LIMIT.saturating_sub(ctx.now().since(contact));
            match tokio::time::timeout(LOOK_LIMIT.min(left).max(POLL), orders(&ctx, &node, sessions.carried())).await {
                Ok(Ok(orders)) => {
                    contact = ctx.now();
                    orders.into_iter().for_each(|(session, reason)| sessions.tell(&session, reason));
                }
                Ok(Err(error)) => tracing::warn!(%error, "live sessions cannot be checked"),
                Err(_) => tracing::warn!("live sessions cannot be checked: the database does not answer"),
            }
            if ctx.now().since(contact) >= CONTACT_LIMIT {
                sessions.tell_all(EndReason::LostContact);
            }
        }
        tokio::select! {
            () = grants_woken.next(grants::TOPIC, POLL) => {}
            () = kills_woken.next(KILL_TOPIC, POLL) => {}
        }
    }
}

/// `carried` are sessions that were opened before the question. Any of them that is not live with a permit now was
/// ended by another server that took this one for crashed.
async fn orders(ctx: &Ctx, node: &str, carried: Vec<SessionId>) -> Result<Vec<(SessionId, EndReason)>, SessionError> {
    let live: HashMap<SessionId, bool> =
        store::live_and_killed(&mut ctx.read().await?, node).await?.into_iter().collect();
    let held = enforce::held(ctx, node).await?;
    let lost = carried.into_iter().filter(|session| !live.contains_key(session) || !held.contains(session));
    let lost: Vec<_> = lost.map(|session| (session, EndReason::NodeCrashed)).collect();
    let killed = live.into_iter().filter(|(_, killed)| *killed).map(|(session, _)| (session, EndReason::Killed));
    let lapsed = enforce::lapsed(ctx, node).await?.into_iter().map(|(session, cause)| {
        let reason = match cause {
            EndCause::Withdrawn => EndReason::Withdrawn,
            EndCause::Leaver => EndReason::Leaver,
            EndCause::Ineligible => EndReason::Ineligible,
            EndCause::OwnerGone => EndReason::OwnerGone,
            EndCause::MachineEnded => EndReason::MachineEnded,
            EndCause::Expired => EndReason::Expired,
        };
        (session, reason)
    });
    Ok(lapsed.chain(killed).chain(lost).collect())
}

#[cfg(test)]
mod tests;
