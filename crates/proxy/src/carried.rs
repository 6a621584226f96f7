//! An open session in the proxy's hands, and its close. One that is let go without a close, because its task panicked,
//! closes itself: a session that nobody carries must not stay live.

use crate::lane::Counts;
use ledger::Ctx;
use privilege::sessions::{EndReason, Ended, Opened, close_surely};
use std::ops::Deref;
use tokio_util::task::TaskTracker;

pub(crate) struct Carried {
    pub ctx: Ctx,
    pub counts: Counts,
    opened: Option<Opened>,
    tasks: TaskTracker,
}

impl Carried {
    /// `tasks` are waited for before the process ends.
    pub(crate) fn new(ctx: Ctx, opened: Opened, tasks: TaskTracker) -> Self {
        metrics::gauge!("tenure_ssh_sessions_live").increment(1.0);
        Self { ctx, counts: Counts::default(), opened: Some(opened), tasks }
    }

    pub(crate) async fn close(mut self, reason: EndReason, leftover_processes: Option<u32>) {
        if let Some(opened) = self.opened.take() {
            let counts = std::mem::take(&mut self.counts);
            close(self.ctx.clone(), opened, counts, reason, leftover_processes).await;
        }
    }
}

impl Deref for Carried {
    type Target = Opened;

    fn deref(&self) -> &Opened {
        self.opened.as_ref().expect("only the close takes it, and takes the whole")
    }
}

impl Drop for Carried {
    fn drop(&mut self) {
        let Some(opened) = self.opened.take() else { return };
        let counts = std::mem::take(&mut self.counts);
        // Without a runtime the process is ending, and its next start closes the session.
        if tokio::runtime::Handle::try_current().is_ok() {
            tracing::error!(session = %opened.id, "a session's task has failed: the session is closed");
            self.tasks.spawn(close(self.ctx.clone(), opened, counts, EndReason::TaskFailed, None));
        }
    }
}

async fn close(ctx: Ctx, opened: Opened, counts: Counts, reason: EndReason, leftover_processes: Option<u32>) {
    let (bytes_in, bytes_out) = (counts.bytes_in(), counts.bytes_out());
    metrics::gauge!("tenure_ssh_sessions_live").decrement(1.0);
    metrics::counter!("tenure_ssh_sessions_total", "end" => reason.as_str()).increment(1);
    metrics::counter!("tenure_ssh_bytes_total", "direction" => "in").increment(bytes_in);
    metrics::counter!("tenure_ssh_bytes_total", "direction" => "out").increment(bytes_out);
    let ended = Ended {
        session: opened.id.clone(),
        reason,
        exit_status: counts.exit_status(),
        bytes_in,
        bytes_out,
        recording: opened.recorder.finish().await,
        leftover_processes,
    };
    if let Err(error) = close_surely(&ctx, &ended).await {
        tracing::error!(session = %ended.session, %error, "a session's end could not be recorded");
    }
}

#[cfg(test)]
mod tests;
