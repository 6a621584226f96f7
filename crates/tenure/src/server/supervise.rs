//! Tasks that must always run: one that panics says so and starts again, or ends the server where it cannot. Knows
//! nothing of what they do.

use anyhow::anyhow;
use std::time::Duration;
use tokio::task::{JoinHandle, JoinSet};

/// A task that panics at once must not keep a core busy.
const PAUSE: Duration = Duration::from_secs(1);

/// Runs a task, again whenever it panics, until it ends by itself or this is aborted.
pub(super) fn always<F>(name: &'static str, task: impl Fn() -> F + Send + 'static) -> JoinHandle<()>
where
    F: Future<Output = ()> + Send + 'static,
{
    metrics::counter!("tenure_task_panics_total", "task" => name).increment(0);
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

/// Waits for a task that cannot start again and that the server cannot be without: why it ended. Asked once.
pub(super) async fn lost(name: &'static str, task: &mut JoinHandle<()>) -> anyhow::Error {
    let how = match task.await {
        Ok(()) => "ended by itself".to_owned(),
        Err(error) => error.to_string(),
    };
    cannot_go_on(name, &how)
}

pub(super) fn cannot_go_on(without: &str, how: &str) -> anyhow::Error {
    anyhow!("the server cannot go on without its {without}, which {how}: start it again, and report this with its log")
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

    #[tokio::test]
    async fn a_task_that_cannot_start_again_says_by_its_name_how_it_was_lost() {
        let rows = [
            (tokio::spawn(async {}), "ended by itself"),
            (tokio::spawn(async { panic!("out of luck") }), "out of luck"),
        ];
        for (mut task, how) in rows {
            let error = lost("listener", &mut task).await.to_string();
            assert!(error.contains("its listener, which") && error.contains(how), "{error}");
        }
    }
}
