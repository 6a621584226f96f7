//! Tasks that must always run: one that panics says so and starts again. Knows nothing of what they do.

use std::time::Duration;
use tokio::task::{JoinHandle, JoinSet};

/// A task that panics at once must not keep a core busy.
const PAUSE: Duration = Duration::from_secs(1);

/// Runs a task, again whenever it panics, until it ends by itself or this is aborted.
pub(super) fn always<F>(name: &'static str, task: impl Fn() -> F + Send + 'static) -> JoinHandle<()>
where
    F: Future<Output = ()> + Send + 'static,
{
    tokio::spawn(async move {
        // Ends with this task, unlike one that is spawned on its own.
        let mut running = JoinSet::new();
        loop {
            running.spawn(task());
            match running.join_next().await {
                Some(Err(error)) if error.is_panic() => {
                    metrics::counter!("tenure_task_panics_total", "task" => name).increment(1);
                    tracing::error!(task = name, %error, "a task of the server panicked: it starts again");
                }
                _ => return,
            }
            tokio::time::sleep(PAUSE).await;
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[tokio::test]
    async fn a_task_that_panics_starts_again_and_one_that_ends_does_not() {
        let starts = Arc::new(AtomicU32::new(0));
        let counted = starts.clone();
        let task = always("test", move || {
            let start = counted.fetch_add(1, Ordering::Relaxed);
            async move { assert_ne!(start, 0, "the first start fails") }
        });
        task.await.unwrap();
        assert_eq!(starts.load(Ordering::Relaxed), 2);
    }

    #[tokio::test]
    async fn a_task_ends_when_its_supervisor_is_aborted() {
        let (alive, mut gone) = tokio::sync::mpsc::channel::<()>(1);
        let task = always("test", move || {
            let alive = alive.clone();
            async move {
                let _alive = alive;
                std::future::pending().await
            }
        });
        tokio::task::yield_now().await;
        task.abort();
        assert_eq!(gone.recv().await, None);
    }
}
