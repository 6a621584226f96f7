//! The two engines. SQLite: WAL, synchronous FULL, one writer connection and several readers.
//! PostgreSQL: one pool; writers take turns by one advisory lock, so that both engines have the same races: none.

use crate::tx::{Conn, ReadTx, WriteTx};
use crate::wake::Wakes;
use crate::{DbError, Migration, migrate};
use sqlx::Connection;
use sqlx::postgres::{PgConnectOptions, PgListener, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, broadcast};

const NOTIFY_CHANNEL: &str = "tenure";
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);
/// Kept prepared by each connection: all that Tenure has.
const STATEMENTS: usize = 512;

/// Where the database is.
#[derive(Debug, Clone)]
pub enum Location {
    Sqlite(PathBuf),
    Postgres(Box<PgConnectOptions>),
}

impl FromStr for Location {
    type Err = DbError;

    /// `sqlite:FILE` or a PostgreSQL connection URL. A password in the URL is accepted and never shown.
    fn from_str(text: &str) -> Result<Self, DbError> {
        if let Some(file) = text.strip_prefix("sqlite:").filter(|file| !file.is_empty()) {
            return Ok(Self::Sqlite(PathBuf::from(file)));
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            let scheme = text.split("://").next().unwrap_or_default();
            let options = PgConnectOptions::from_str(text).map_err(|_| DbError::Address(format!("{scheme}://…")))?;
            return Ok(Self::Postgres(Box::new(options)));
        }
        Err(DbError::Address(text.split("://").next().unwrap_or_default().chars().take(60).collect()))
    }
}

/// Connections kept open: SQLite readers, or the PostgreSQL pool.
#[derive(Debug, Clone, Copy)]
pub struct PoolSize(pub u32);

impl Default for PoolSize {
    fn default() -> Self {
        Self(8)
    }
}

/// A handle to the database; clones share its connections.
#[derive(Debug, Clone)]
pub struct Db(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    engine: Engine,
    wakes: broadcast::Sender<String>,
}

#[derive(Debug)]
enum Engine {
    Sqlite {
        writer: SqlitePool,
        readers: SqlitePool,
    },
    /// Writers of this node wait for their turn before they take a connection, so that readers always find one.
    Postgres {
        pool: PgPool,
        turn: Arc<Mutex<()>>,
    },
}

impl Db {
    /// Connects and applies the migrations that are missing, in the order given.
    ///
    /// # Errors
    /// When the database cannot be reached, holds a migration that is not in `migrations` (a newer
    /// Tenure wrote it), or an applied one has other text than the one given.
    pub async fn open(location: &Location, size: PoolSize, migrations: &[Migration]) -> Result<Self, DbError> {
        Self::open_with(location, size, migrations, SqliteSynchronous::Full).await
    }

    pub(crate) async fn open_with(
        location: &Location,
        size: PoolSize,
        migrations: &[Migration],
        synchronous: SqliteSynchronous,
    ) -> Result<Self, DbError> {
        let (wakes, _) = broadcast::channel(1024);
        let db = match location {
            Location::Sqlite(file) => {
                let options = SqliteConnectOptions::new()
                    .filename(file)
                    .create_if_missing(true)
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(synchronous)
                    .foreign_keys(true)
                    // What is deleted or overwritten is zeroed in the file, not only forgotten.
                    .pragma("secure_delete", "on")
                    .statement_cache_capacity(STATEMENTS)
                    .busy_timeout(ACQUIRE_TIMEOUT);
                let writer = sqlite_pool(1).connect_with(options.clone()).await?;
                let readers = sqlite_pool(size.0).connect_lazy_with(options.pragma("query_only", "on"));
                Self(Arc::new(Inner { engine: Engine::Sqlite { writer, readers }, wakes }))
            }
            Location::Postgres(options) => {
                let options = options.as_ref().clone().application_name("tenure").statement_cache_capacity(STATEMENTS);
                let options =
                    options.options([("lock_timeout", "10s"), ("idle_in_transaction_session_timeout", "60s")]);
                let pool = PgPoolOptions::new().max_connections(size.0).acquire_timeout(ACQUIRE_TIMEOUT);
                let pool = pool.connect_with(options).await?;
                tokio::spawn(relay_notifications(pool.clone(), wakes.clone()));
                Self(Arc::new(Inner { engine: Engine::Postgres { pool, turn: Arc::default() }, wakes }))
            }
        };
        migrate::apply(&db, migrations).await?;
        Ok(db)
    }

    pub fn engine_name(&self) -> &'static str {
        match self.0.engine {
            Engine::Sqlite { .. } => "sqlite",
            Engine::Postgres { .. } => "postgresql",
        }
    }

    /// A snapshot to read from.
    pub async fn read(&self) -> Result<ReadTx, DbError> {
        let conn = match &self.0.engine {
            // Boxes: sqlx's futures are large, and would lie inside every future that ever asks the database.
            Engine::Sqlite { readers, .. } => Conn::Sqlite(Box::pin(readers.begin_with("begin deferred")).await?),
            Engine::Postgres { pool, .. } => {
                Conn::Postgres(Box::pin(pool.begin_with("begin isolation level repeatable read read only")).await?)
            }
        };
        Ok(ReadTx::new(conn))
    }

    /// A write transaction without evidence. Only `ledger` may call this (`tidy` checks it), which gives it
    /// out in exchange for an entry; technical rows inside this crate are the one exception.
    pub async fn begin_unexplained(&self) -> Result<WriteTx, DbError> {
        let mut turn_taken = None;
        let conn = match &self.0.engine {
            Engine::Sqlite { writer, .. } => Conn::Sqlite(Box::pin(writer.begin_with("begin immediate")).await?),
            Engine::Postgres { pool, turn } => {
                let waited = tokio::time::timeout(ACQUIRE_TIMEOUT, turn.clone().lock_owned()).await;
                let waited = waited.map_err(|_| DbError::Unavailable("another change takes too long".to_owned()));
                turn_taken = Some(waited?);
                let mut tx = Box::pin(pool.begin_with("begin isolation level read committed")).await?;
                sqlx::query("select pg_advisory_xact_lock(78110021)").execute(&mut *tx).await?;
                Conn::Postgres(tx)
            }
        };
        Ok(WriteTx::new(ReadTx::new(conn), self.0.wakes.clone(), turn_taken))
    }

    pub fn wakes(&self) -> Wakes {
        Wakes(self.0.wakes.subscribe())
    }

    /// Closes every connection; on SQLite this folds the write-ahead log into the file.
    pub async fn close(&self) {
        match &self.0.engine {
            Engine::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Engine::Postgres { pool, .. } => pool.close().await,
        }
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        matches!(self.0.engine, Engine::Sqlite { .. })
    }
}

/// When a disk is full, SQLite may end a transaction by itself, of which sqlx learns nothing: its next one on that
/// connection would fail for ever. Such a connection is replaced.
fn sqlite_pool(size: u32) -> SqlitePoolOptions {
    let options = SqlitePoolOptions::new().max_connections(size).acquire_timeout(ACQUIRE_TIMEOUT);
    options.before_acquire(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }))
}

/// PostgreSQL notifications of other nodes become local wake-ups. Ends with the pool.
async fn relay_notifications(pool: PgPool, wakes: broadcast::Sender<String>) {
    while !pool.is_closed() {
        if let Ok(mut listener) = PgListener::connect_with(&pool).await
            && listener.listen(NOTIFY_CHANNEL).await.is_ok()
        {
            while let Ok(Some(notification)) = listener.try_recv().await {
                // An error only means that nobody waits at the moment.
                let _ = wakes.send(notification.payload().to_owned());
            }
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}
