//! Which systems let their visitors wait for nothing. While one does, one visitor at a time goes there, at growing
//! distances, and whoever else would turns back at once: so one that is away holds up no work for others. Known to this
//! process alone, and forgotten with it.

use db::jobs::JobError;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use types::{Clock, Timestamp};

/// Who waited for longer, and in vain, was let wait.
const PATIENCE: Duration = Duration::from_secs(3);
const FIRST_PAUSE: Duration = Duration::from_secs(10);
const LONGEST_PAUSE: Duration = Duration::from_secs(120);

/// Clones share what they know.
#[derive(Debug, Clone, Default)]
pub struct Silent(Arc<Mutex<HashMap<String, Silence>>>);

#[derive(Debug, Clone, Copy)]
struct Silence {
    until: Timestamp,
    pause: Duration,
    /// Somebody is there to see whether it answers again.
    is_visited: bool,
}

impl Silent {
    /// Makes the visit, or says why it is not the time for it.
    pub(crate) async fn visit(
        &self,
        clock: &Clock,
        system: &str,
        visit: impl Future<Output = Result<(), JobError>>,
    ) -> Result<(), JobError> {
        let began = clock.now();
        let turn = self.begin(system, began)?;
        let answer = visit.await;
        let now = clock.now();
        turn.end(answer.is_err() && now >= began.plus(PATIENCE), now);
        answer
    }

    fn begin(&self, system: &str, now: Timestamp) -> Result<Turn<'_>, JobError> {
        let mut known = self.known();
        let Some(silence) = known.get_mut(system) else { return Ok(Turn { silent: self, system: system.to_owned() }) };
        if now < silence.until {
            return Err(JobError::RetryAt(silence.until));
        }
        if silence.is_visited {
            return Err(JobError::RetryAt(now.plus(silence.pause)));
        }
        silence.is_visited = true;
        Ok(Turn { silent: self, system: system.to_owned() })
    }

    fn known(&self) -> MutexGuard<'_, HashMap<String, Silence>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A visit under way. One that is broken off has learned nothing.
struct Turn<'a> {
    silent: &'a Silent,
    system: String,
}

impl Turn<'_> {
    fn end(self, was_silent: bool, now: Timestamp) {
        let mut known = self.silent.known();
        if !was_silent {
            known.remove(&self.system);
            return;
        }
        let before = known.get(&self.system).map(|silence| silence.pause);
        let pause = before.map_or(FIRST_PAUSE, |pause| (pause * 2).min(LONGEST_PAUSE));
        let until = now.plus(pause);
        known.insert(self.system.clone(), Silence { until, pause, is_visited: false });
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if let Some(silence) = self.silent.known().get_mut(&self.system) {
            silence.is_visited = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock() -> Clock {
        Clock::still("2026-11-21T09:30:00Z".parse().unwrap())
    }

    /// A visit that lasts and ends so.
    async fn lasting(clock: &Clock, length: Duration, answer: Result<(), JobError>) -> Result<(), JobError> {
        clock.advance(length);
        answer
    }

    fn away() -> Result<(), JobError> {
        Err(JobError::Retry("it does not answer".to_owned()))
    }

    #[tokio::test]
    async fn who_would_visit_a_silent_system_turns_back_at_once_and_nobody_else_does() {
        let (silent, clock) = (Silent::default(), clock());
        silent.visit(&clock, "db-1", lasting(&clock, PATIENCE, away())).await.unwrap_err();
        let before = clock.now();
        silent.visit(&clock, "db-1", lasting(&clock, PATIENCE, Ok(()))).await.unwrap_err();
        assert_eq!(clock.now(), before, "nobody went there");
        silent.visit(&clock, "db-2", lasting(&clock, PATIENCE, Ok(()))).await.unwrap();
        silent.visit(&clock, "db-3", lasting(&clock, PATIENCE / 2, away())).await.unwrap_err();
        silent
            .visit(&clock, "db-3", lasting(&clock, PATIENCE, Ok(())))
            .await
            .expect("it refuses soon: it is not silent");
    }

    #[tokio::test]
    async fn one_at_a_time_sees_whether_it_answers_again_at_growing_distances() {
        let (silent, clock) = (Silent::default(), clock());
        for pause in [10, 20, 40, 80, 120, 120] {
            silent.visit(&clock, "db-1", lasting(&clock, PATIENCE, away())).await.unwrap_err();
            clock.advance(Duration::from_secs(pause - 1));
            silent.visit(&clock, "db-1", lasting(&clock, Duration::ZERO, Ok(()))).await.unwrap_err();
            clock.advance(Duration::from_secs(1));
        }
        let second = async {
            silent.visit(&clock, "db-1", lasting(&clock, Duration::ZERO, Ok(()))).await.unwrap_err();
            Ok(())
        };
        silent.visit(&clock, "db-1", second).await.unwrap();
        silent.visit(&clock, "db-1", lasting(&clock, PATIENCE, Ok(()))).await.expect("it answers again");
    }

    #[tokio::test]
    async fn a_visit_that_is_broken_off_leaves_the_way_free_for_the_next() {
        let (silent, clock) = (Silent::default(), clock());
        silent.visit(&clock, "db-1", lasting(&clock, PATIENCE, away())).await.unwrap_err();
        clock.advance(FIRST_PAUSE);
        let endless = silent.visit(&clock, "db-1", std::future::pending());
        assert!(tokio::time::timeout(Duration::ZERO, endless).await.is_err());
        silent.visit(&clock, "db-1", lasting(&clock, PATIENCE, Ok(()))).await.unwrap();
    }
}
