//! Watching a session while it is recorded: the plain lines, in memory only. A slow watcher misses lines;
//! it never holds the session up.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use tokio::sync::broadcast;
use types::SessionId;

/// Lines kept for a watcher that is slow.
const BEHIND: usize = 512;

/// Recordings under way on this node. Clones share them.
#[derive(Clone, Default)]
pub struct Live(Arc<Mutex<HashMap<SessionId, Arc<Feed>>>>);

/// What a watcher gets: the asciicast header, then every line from now on.
#[derive(Debug)]
pub struct Watching {
    pub header: Arc<str>,
    pub lines: broadcast::Receiver<Arc<str>>,
}

/// One session's lines. Costs next to nothing until somebody watches.
pub(crate) struct Feed {
    header: Arc<str>,
    lines: OnceLock<broadcast::Sender<Arc<str>>>,
}

impl Live {
    /// `None` when the session is not recorded on this node now. The lines end with the session.
    pub fn watch(&self, session: &SessionId) -> Option<Watching> {
        let feed = self.feeds().get(session).cloned()?;
        let lines = feed.lines.get_or_init(|| broadcast::channel(BEHIND).0).subscribe();
        Some(Watching { header: Arc::clone(&feed.header), lines })
    }

    pub(crate) fn start(&self, session: &SessionId, header: &str) -> Arc<Feed> {
        let feed = Arc::new(Feed { header: header.into(), lines: OnceLock::new() });
        self.feeds().insert(session.clone(), Arc::clone(&feed));
        feed
    }

    pub(crate) fn stop(&self, session: &SessionId) {
        self.feeds().remove(session);
    }

    fn feeds(&self) -> std::sync::MutexGuard<'_, HashMap<SessionId, Arc<Feed>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Feed {
    pub(crate) fn publish(&self, line: &str) {
        if let Some(lines) = self.lines.get() {
            // An error only means that nobody watches any more.
            let _ = lines.send(line.trim_end().into());
        }
    }
}
