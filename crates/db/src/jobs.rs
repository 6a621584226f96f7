//! The durable job queue: enqueued in the transaction of the change that needs it, leased, retried with
//! back-off, and dead (never lost) when its attempts are used up. Rows here are technical and carry no evidence.

use crate::{Db, DbError, ReadTx, Row, WriteTx, args, wait};
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use std::collections::HashMap;
use std::convert::Infallible;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;
use types::{Chance, Clock, JobId, Timestamp};

const TOPIC: &str = "jobs";
const LEASE: Duration = Duration::from_secs(120);
const RENEWED_EVERY: Duration = Duration::from_secs(40);
const FIRST_DELAY: Duration = Duration::from_secs(1);
const LONGEST_DELAY: Duration = Duration::from_secs(300);
const POLL: Duration = Duration::from_secs(1);

/// A job to be done. The same kind and key is one job, however often it is asked for.
#[derive(Debug, Clone)]
pub struct NewJob {
    pub kind: &'static str,
    pub key: String,
    pub payload: String,
    pub due_at: Timestamp,
    /// `None` retries for ever.
    pub max_attempts: Option<u32>,
}

#[derive(Debug, Clone)]
pub struct Job {
    pub id: JobId,
    pub kind: String,
    pub key: String,
    pub payload: String,
    /// 1 on the first run.
    pub attempt: u32,
    max_attempts: Option<u32>,
}

/// A job that used up its attempts.
#[derive(Debug, Clone)]
pub struct DeadJob {
    pub id: JobId,
    pub kind: String,
    pub key: String,
    pub attempts: u32,
    pub last_error: String,
}

#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// Worth another attempt after a delay.
    #[error("{0}")]
    Retry(String),
    /// Nothing can be done before then. This is no failure: whatever failed before, it begins anew with all attempts.
    #[error("not before {0}")]
    RetryAt(Timestamp),
    /// No attempt can succeed.
    #[error("{0}")]
    Hopeless(String),
}

impl From<DbError> for JobError {
    fn from(error: DbError) -> Self {
        Self::Retry(error.to_string())
    }
}

impl WriteTx {
    /// Adds a job, or moves the same job forward. A job that is just running will run once more.
    pub async fn enqueue(&mut self, id: &JobId, job: &NewJob) -> Result<(), DbError> {
        self.run(
            "insert into jobs (id, kind, key, payload, max_attempts, due_at) values ($1, $2, $3, $4, $5, $6)
             on conflict (kind, key) do update set
               again = case when jobs.leased_until is null then 0 else 1 end,
               due_at = case when excluded.due_at < jobs.due_at then excluded.due_at else jobs.due_at end,
               payload = excluded.payload, attempts = 0, dead_at = null",
            args![id, job.kind, &job.key, &job.payload, job.max_attempts, job.due_at],
        )
        .await?;
        self.wake(TOPIC);
        Ok(())
    }
}

/// Jobs that run at the moment.
type Running<'a> = FuturesUnordered<Pin<Box<dyn Future<Output = Result<(), DbError>> + Send + 'a>>>;
type Done = Pin<Box<dyn Future<Output = Result<(), JobError>> + Send>>;
type Handler = Arc<dyn Fn(Job) -> Done + Send + Sync>;
type Buried = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Which jobs a worker takes: those of some kinds, or all but those.
#[derive(Clone)]
struct Lane {
    /// `,a,b,`
    kinds: String,
    takes_them: bool,
}

/// Runs jobs by kind. Several workers, also on several nodes, share one queue.
#[derive(Clone)]
pub struct Worker {
    db: Db,
    clock: Clock,
    chance: Chance,
    name: String,
    lane: Lane,
    at_once: usize,
    handlers: Arc<HashMap<&'static str, Handler>>,
    on_dead: Arc<dyn Fn(DeadJob) -> Buried + Send + Sync>,
}

impl Worker {
    /// `on_dead` is told of every job that dies, after it is marked; it raises the finding.
    pub fn new<F>(db: Db, clock: Clock, chance: &Chance, on_dead: impl Fn(DeadJob) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let name = JobId::new(&clock, chance).to_string();
        let (chance, on_dead) = (chance.clone(), Arc::new(move |job| -> Buried { Box::pin(on_dead(job)) }));
        let lane = Lane { kinds: ",".to_owned(), takes_them: false };
        Self { db, clock, chance, name, lane, at_once: 1, handlers: Arc::default(), on_dead }
    }

    /// Claims jobs in the name of a node, which can free them when it starts again.
    #[must_use]
    pub fn of(self, node: &str) -> Self {
        Self { name: format!("{}{}", prefix(node), self.name), ..self }
    }

    /// Takes jobs of these kinds and no others.
    #[must_use]
    pub fn only(self, kinds: &[&str]) -> Self {
        Self { lane: Lane { kinds: format!(",{},", kinds.join(",")), takes_them: true }, ..self }
    }

    /// Leaves jobs of these kinds to other workers.
    #[must_use]
    pub fn without(self, kinds: &[&str]) -> Self {
        Self { lane: Lane { kinds: format!(",{},", kinds.join(",")), takes_them: false }, ..self }
    }

    /// Runs up to so many jobs at the same time, at least 1: one that takes long holds up no other. Without this, one.
    #[must_use]
    pub fn at_once(self, jobs: usize) -> Self {
        Self { at_once: jobs.max(1), ..self }
    }

    /// Registers what runs jobs of `kind`.
    #[must_use]
    pub fn handle<F>(mut self, kind: &'static str, handler: impl Fn(Job) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<(), JobError>> + Send + 'static,
    {
        let handlers = Arc::make_mut(&mut self.handlers);
        handlers.insert(kind, Arc::new(move |job| Box::pin(handler(job))));
        self
    }

    /// Works until the task is dropped.
    pub async fn run(self) {
        let (mut wakes, mut running) = (self.db.wakes(), Running::new());
        loop {
            self.begin_due(&mut running).await.map_or_else(warn, drop);
            tokio::select! {
                Some(settled) = running.next() => settled.unwrap_or_else(warn),
                () = wakes.next(TOPIC, POLL) => {}
            }
        }
    }

    /// Runs every job that is due now, and returns how many ran.
    pub async fn run_due(&self) -> Result<usize, DbError> {
        let (mut running, mut ran) = (Running::new(), 0);
        loop {
            ran += self.begin_due(&mut running).await?;
            let Some(settled) = running.next().await else { return Ok(ran) };
            settled?;
            ran += 1;
        }
    }

    /// Begins as many as there is room for, and returns how many ended meanwhile: one of those may be the writer whom a
    /// claim waits for.
    async fn begin_due<'a>(&'a self, running: &mut Running<'a>) -> Result<usize, DbError> {
        let (mut ended, mut all_settled) = (0, Ok(()));
        while running.len() < self.at_once {
            let mut claim = pin!(self.claim());
            let claimed = loop {
                tokio::select! {
                    claimed = &mut claim => break claimed?,
                    Some(settled) = running.next() => {
                        ended += 1;
                        all_settled = all_settled.and(settled);
                    }
                }
            };
            let Some(job) = claimed else { break };
            running.push(Box::pin(self.perform(job)));
        }
        all_settled.map(|()| ended)
    }

    async fn perform(&self, job: Job) -> Result<(), DbError> {
        let result = match self.handlers.get(job.kind.as_str()) {
            Some(handler) => tokio::select! {
                result = handler(job.clone()) => result,
                never = self.keep(&job) => match never {},
            },
            None => Err(JobError::Hopeless(format!("no part of this version runs `{}`", job.kind))),
        };
        self.settle(&job, result).await
    }

    /// Holds the claim on a job while it runs, however long that takes.
    async fn keep(&self, job: &Job) -> Infallible {
        loop {
            wait::until(&self.clock, self.clock.now().plus(RENEWED_EVERY)).await;
            self.renew(job).await.unwrap_or_else(warn);
        }
    }

    async fn renew(&self, job: &Job) -> Result<(), DbError> {
        let mut tx = self.db.begin_unexplained().await?;
        let sql = "update jobs set leased_until = $3 where id = $1 and leased_by = $2";
        tx.run(sql, args![&job.id, &self.name, self.clock.now().plus(LEASE)]).await?;
        tx.commit().await
    }

    async fn claim(&self) -> Result<Option<Job>, DbError> {
        let now = self.clock.now();
        if !self.any_due(now).await? {
            return Ok(None);
        }
        let mut tx = self.db.begin_unexplained().await?;
        let sql = "select id, kind, key, payload, attempts, max_attempts from jobs
                   where dead_at is null and due_at <= $1 and (leased_until is null or leased_until <= $1)
                     and case when cast($2 as text) like '%,' || kind || ',%' then 1 else 0 end = $3
                   order by due_at, id limit 1";
        let lane = args![now, &self.lane.kinds, i64::from(self.lane.takes_them)];
        let Some(row) = tx.one(sql, lane).await? else { return Ok(None) };
        let job = job(row)?;
        tx.run_one(
            "update jobs set leased_until = $2, leased_by = $3, attempts = $4, again = 0 where id = $1",
            args![&job.id, now.plus(LEASE), &self.name, job.attempt],
        )
        .await?;
        tx.commit().await?;
        Ok(Some(job))
    }

    /// A look without the writer's place, so that an idle worker disturbs nobody.
    async fn any_due(&self, now: Timestamp) -> Result<bool, DbError> {
        let sql = "select count(*) as n from jobs
                   where dead_at is null and due_at <= $1 and (leased_until is null or leased_until <= $1)
                     and case when cast($2 as text) like '%,' || kind || ',%' then 1 else 0 end = $3";
        let lane = args![now, &self.lane.kinds, i64::from(self.lane.takes_them)];
        Ok(self.db.read().await?.count(sql, lane).await? > 0)
    }

    async fn settle(&self, job: &Job, result: Result<(), JobError>) -> Result<(), DbError> {
        let delayed = || self.clock.now().plus(delay(job.attempt, &self.chance));
        match result {
            Ok(()) => self.finish(job).await,
            Err(error @ JobError::RetryAt(at)) => self.postpone(job, at, 0, &error.to_string()).await,
            Err(JobError::Retry(error)) if job.max_attempts.is_none_or(|max| job.attempt < max) => {
                self.postpone(job, delayed(), job.attempt, &error).await
            }
            Err(error) => self.bury(job, error.to_string()).await,
        }
    }

    async fn finish(&self, job: &Job) -> Result<(), DbError> {
        let mut tx = self.db.begin_unexplained().await?;
        let gone = "delete from jobs where id = $1 and leased_by = $2 and again = 0";
        if tx.run(gone, args![&job.id, &self.name]).await? == 0 {
            let again = "update jobs set leased_until = null, leased_by = null, attempts = 0, due_at = $3, again = 0
                         where id = $1 and leased_by = $2";
            tx.run(again, args![&job.id, &self.name, self.clock.now()]).await?;
        }
        tx.commit().await
    }

    /// A job that was asked for while it ran is due now: whoever asked may have changed what it waits for.
    async fn postpone(&self, job: &Job, at: Timestamp, attempts: u32, error: &str) -> Result<(), DbError> {
        tracing::info!(kind = job.kind, key = job.key, attempt = job.attempt, error, "job will be tried again");
        let mut tx = self.db.begin_unexplained().await?;
        tx.run(
            "update jobs set leased_until = null, leased_by = null, last_error = $6,
               due_at = case when again = 1 then $3 else $4 end,
               attempts = case when again = 1 then 0 else $5 end, again = 0
             where id = $1 and leased_by = $2",
            args![&job.id, &self.name, self.clock.now(), at, attempts, error],
        )
        .await?;
        tx.commit().await
    }

    async fn bury(&self, job: &Job, error: String) -> Result<(), DbError> {
        let mut tx = self.db.begin_unexplained().await?;
        let buried = tx
            .run(
                "update jobs set leased_until = null, leased_by = null, dead_at = $3, last_error = $4
                 where id = $1 and leased_by = $2",
                args![&job.id, &self.name, self.clock.now(), &error],
            )
            .await?;
        tx.commit().await?;
        if buried == 1 {
            tracing::error!(kind = job.kind, key = job.key, error, "job is dead");
            let (id, kind, key) = (job.id.clone(), job.kind.clone(), job.key.clone());
            (self.on_dead)(DeadJob { id, kind, key, attempts: job.attempt, last_error: error }).await;
        }
        Ok(())
    }
}

fn warn(error: DbError) {
    tracing::warn!(%error, "the job queue cannot be read or written");
}

/// Jobs waiting or running, and dead ones.
pub async fn backlog(db: &Db) -> Result<(u64, u64), DbError> {
    let mut tx = db.read().await?;
    let open = tx.count("select count(*) as n from jobs where dead_at is null", args![]).await?;
    let dead = tx.count("select count(*) as n from jobs where dead_at is not null", args![]).await?;
    Ok((open, dead))
}

fn job(mut row: Row) -> Result<Job, DbError> {
    Ok(Job {
        id: row.take("id")?,
        kind: row.take("kind")?,
        key: row.take("key")?,
        payload: row.take("payload")?,
        attempt: row.take::<u32>("attempts")? + 1,
        max_attempts: row.take("max_attempts")?,
    })
}

/// A job that is not dead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    pub key: String,
    pub attempts: u32,
    pub due_at: Timestamp,
    pub last_error: Option<String>,
    /// Whether it is being tried at the moment.
    pub running: bool,
}

/// The open jobs of a kind, by key.
pub async fn waiting(tx: &mut ReadTx, kind: &str) -> Result<Vec<Waiting>, DbError> {
    let sql = "select key, attempts, due_at, last_error, case when leased_until is null then 0 else 1 end as running
               from jobs where kind = $1 and dead_at is null order by key";
    let waiting = |mut row: Row| {
        let running: i64 = row.take("running")?;
        Ok(Waiting {
            key: row.take("key")?,
            attempts: row.take("attempts")?,
            due_at: row.take("due_at")?,
            last_error: row.take("last_error")?,
            running: running == 1,
        })
    };
    tx.all(sql, args![kind]).await?.into_iter().map(waiting).collect()
}

/// Adds a job that there is not, for work that follows from the state alone and from no decision.
pub async fn ensure(db: &Db, id: &JobId, job: &NewJob) -> Result<(), DbError> {
    let sql = "select count(*) as n from jobs where kind = $1 and key = $2";
    if db.read().await?.count(sql, args![job.kind, &job.key]).await? > 0 {
        return Ok(());
    }
    let mut tx = db.begin_unexplained().await?;
    tx.run(
        "insert into jobs (id, kind, key, payload, max_attempts, due_at) values ($1, $2, $3, $4, $5, $6)
         on conflict (kind, key) do nothing",
        args![id, job.kind, &job.key, &job.payload, job.max_attempts, job.due_at],
    )
    .await?;
    tx.wake(TOPIC);
    tx.commit().await
}

/// At the start of a node: whatever it had claimed before it stopped is free at once, and not when its claim has passed.
pub async fn release_of(db: &Db, node: &str) -> Result<u64, DbError> {
    let mut tx = db.begin_unexplained().await?;
    let sql = "update jobs set leased_until = null, leased_by = null
               where leased_until is not null and substr(leased_by, 1, length($1)) = $1";
    let released = tx.run(sql, args![prefix(node)]).await?;
    tx.wake(TOPIC);
    tx.commit().await?;
    Ok(released)
}

fn prefix(node: &str) -> String {
    format!("{node}/")
}

/// Has a job that is running run once more when it is done, without the payload that it has now.
pub async fn run_anew(db: &Db, kind: &str, key: &str) -> Result<(), DbError> {
    let mut tx = db.begin_unexplained().await?;
    tx.run("update jobs set again = 1, payload = '' where kind = $1 and key = $2", args![kind, key]).await?;
    tx.commit().await
}

/// Lets a job that waits for its next attempt be tried now, with short delays from then on. Says whether one waited.
pub async fn hasten(db: &Db, kind: &str, key: &str, now: Timestamp) -> Result<bool, DbError> {
    let mut tx = db.begin_unexplained().await?;
    let sql = "update jobs set due_at = $3, attempts = 0
               where kind = $1 and key = $2 and dead_at is null and leased_until is null and due_at > $3";
    let hastened = tx.run(sql, args![kind, key, now]).await?;
    tx.wake(TOPIC);
    tx.commit().await?;
    Ok(hastened > 0)
}

/// Up to a fifth shorter than twice the last, so that what failed together is not tried together.
fn delay(attempt: u32, chance: &Chance) -> Duration {
    let longest = FIRST_DELAY.saturating_mul(1 << attempt.saturating_sub(1).min(16)).min(LONGEST_DELAY);
    longest * (1000 - chance.below(200)) / 1000
}
