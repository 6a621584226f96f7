//! Read and write transactions. Dropping one rolls it back.

use crate::{DbError, Row, Topic, Value, bulk};
use sqlx::{Postgres, SqlSafeStr, Sqlite, Transaction};
use std::ops::{Deref, DerefMut};
use tokio::sync::{OwnedMutexGuard, broadcast};

pub(crate) enum Conn {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// Reads one consistent snapshot.
pub struct ReadTx {
    conn: Conn,
}

impl ReadTx {
    pub(crate) fn new(conn: Conn) -> Self {
        Self { conn }
    }

    pub async fn all(&mut self, sql: &'static str, args: Vec<Value>) -> Result<Vec<Row>, DbError> {
        self.fetch(sql, args).await
    }

    /// Like [`Self::all`] for any number of keys, which go to the database many at a time: `sql` says `in ($keys)`,
    /// or `values $rows`, where a key may be repeated.
    pub async fn all_in(&mut self, sql: &'static str, keys: Vec<Value>) -> Result<Vec<Row>, DbError> {
        let mut rows = Vec::new();
        for keys in keys.chunks(bulk::AT_ONCE) {
            let (sql, keys) = bulk::with_keys(sql, Vec::new(), keys);
            rows.extend(self.fetch(sqlx::AssertSqlSafe(sql), keys).await?);
        }
        Ok(rows)
    }

    /// Like [`Self::all_in`], where `sql` has other arguments before its keys.
    pub async fn all_behind(
        &mut self,
        sql: &'static str,
        args: Vec<Value>,
        keys: Vec<Value>,
    ) -> Result<Vec<Row>, DbError> {
        let mut rows = Vec::new();
        for keys in keys.chunks(bulk::AT_ONCE) {
            let (sql, all) = bulk::with_keys(sql, args.clone(), keys);
            rows.extend(self.fetch(sqlx::AssertSqlSafe(sql), all).await?);
        }
        Ok(rows)
    }

    async fn fetch(&mut self, sql: impl SqlSafeStr, args: Vec<Value>) -> Result<Vec<Row>, DbError> {
        require_storable(&args)?;
        match &mut self.conn {
            Conn::Sqlite(tx) => {
                let rows = bind_sqlite(sql, args).fetch_all(&mut **tx).await?;
                Ok(rows.iter().map(Row::from_sqlite).collect::<Result<_, _>>()?)
            }
            Conn::Postgres(tx) => {
                let rows = bind_postgres(sql, args).fetch_all(&mut **tx).await?;
                Ok(rows.iter().map(Row::from_postgres).collect::<Result<_, _>>()?)
            }
        }
    }

    /// The first row, if there is one.
    pub async fn one(&mut self, sql: &'static str, args: Vec<Value>) -> Result<Option<Row>, DbError> {
        Ok(self.all(sql, args).await?.into_iter().next())
    }

    /// The single number that the statement returns in column `n`; 0 when there is no row or it is null.
    pub async fn count(&mut self, sql: &'static str, args: Vec<Value>) -> Result<u64, DbError> {
        match self.one(sql, args).await? {
            Some(mut row) => Ok(row.take::<Option<u64>>("n")?.unwrap_or(0)),
            None => Ok(0),
        }
    }
}

/// How far the changes since [`WriteTx::mark`] could be undone.
enum Undo {
    Never,
    /// Nothing has changed since, so there is no savepoint yet; on PostgreSQL only.
    Nothing,
    Savepoint,
}

/// Changes rows; keeps its place as the only writer until it is committed or dropped.
pub struct WriteTx {
    inner: ReadTx,
    wakes: broadcast::Sender<String>,
    topics: Vec<Topic>,
    undo: Undo,
    /// This node's turn to write; given on when the transaction is over.
    _turn: Option<OwnedMutexGuard<()>>,
}

impl WriteTx {
    pub(crate) fn new(inner: ReadTx, wakes: broadcast::Sender<String>, turn: Option<OwnedMutexGuard<()>>) -> Self {
        Self { inner, wakes, topics: Vec::new(), undo: Undo::Never, _turn: turn }
    }

    /// Runs a statement and returns how many rows it changed.
    pub async fn run(&mut self, sql: &'static str, args: Vec<Value>) -> Result<u64, DbError> {
        self.execute(sql, args).await
    }

    async fn execute(&mut self, sql: impl SqlSafeStr, args: Vec<Value>) -> Result<u64, DbError> {
        require_storable(&args)?;
        if matches!(self.undo, Undo::Nothing) {
            self.plain("savepoint mark").await?;
            self.undo = Undo::Savepoint;
        }
        match &mut self.inner.conn {
            Conn::Sqlite(tx) => Ok(bind_sqlite(sql, args).execute(&mut **tx).await?.rows_affected()),
            Conn::Postgres(tx) => Ok(bind_postgres(sql, args).execute(&mut **tx).await?.rows_affected()),
        }
    }

    /// Like [`Self::run`], and an error unless exactly one row changed.
    pub async fn run_one(&mut self, sql: &'static str, args: Vec<Value>) -> Result<(), DbError> {
        match self.run(sql, args).await? {
            1 => Ok(()),
            changed => Err(DbError::Changed { expected: 1, changed }),
        }
    }

    /// Like [`Self::run`] for any number of keys, many at a time: `sql` says `in ($keys)`, behind its other arguments.
    /// An error unless as many rows changed as there are keys.
    pub async fn run_in(&mut self, sql: &'static str, args: Vec<Value>, keys: Vec<Value>) -> Result<(), DbError> {
        for keys in keys.chunks(bulk::AT_ONCE) {
            let (sql, all) = bulk::with_keys(sql, args.clone(), keys);
            let (expected, changed) = (keys.len() as u64, self.execute(sqlx::AssertSqlSafe(sql), all).await?);
            if changed != expected {
                return Err(DbError::Changed { expected, changed });
            }
        }
        Ok(())
    }

    /// Inserts any number of rows, many at a time: `into` is the statement up to `values`. An error unless all are new.
    pub async fn insert_all(&mut self, into: &'static str, rows: Vec<Vec<Value>>) -> Result<(), DbError> {
        let mut rows = rows.into_iter();
        while rows.len() > 0 {
            let count = bulk::statement_for(rows.len());
            let some: Vec<_> = rows.by_ref().take(count).collect();
            let (expected, sql) = (some.len() as u64, bulk::insert(into, &some));
            let changed = self.execute(sqlx::AssertSqlSafe(sql), some.into_iter().flatten().collect()).await?;
            if changed != expected {
                return Err(DbError::Changed { expected, changed });
            }
        }
        Ok(())
    }

    /// Wakes whoever waits for `topic`, on every node, once this is committed.
    pub fn wake(&mut self, topic: Topic) {
        if !self.topics.contains(&topic) {
            self.topics.push(topic);
        }
    }

    /// Commits. For callers above `ledger` this is reached through its `Write::commit` only.
    pub async fn commit(mut self) -> Result<(), DbError> {
        if let Conn::Postgres(tx) = &mut self.inner.conn {
            for topic in &self.topics {
                sqlx::query("select pg_notify('tenure', $1)").bind(*topic).execute(&mut **tx).await?;
            }
        }
        match self.inner.conn {
            Conn::Sqlite(tx) => tx.commit().await?,
            Conn::Postgres(tx) => tx.commit().await?,
        }
        for topic in self.topics {
            // An error only means that nobody waits at the moment.
            let _ = self.wakes.send(topic.to_owned());
        }
        Ok(())
    }

    /// From here on, changes can be undone alone, until the next mark.
    ///
    /// # Errors
    /// Those of [`Self::keep`].
    pub async fn mark(&mut self) -> Result<(), DbError> {
        self.keep().await?;
        self.undo = Undo::Nothing;
        // SQLite may end a transaction by itself, even when a read fails: only a savepoint that is missed tells.
        if matches!(self.inner.conn, Conn::Sqlite(_)) {
            self.plain("savepoint mark").await?;
            self.undo = Undo::Savepoint;
        }
        Ok(())
    }

    /// Gives up the mark: what changed since can be undone with everything else only.
    ///
    /// # Errors
    /// When the database has ended the transaction meanwhile, and undone what came before.
    pub async fn keep(&mut self) -> Result<(), DbError> {
        if matches!(self.undo, Undo::Savepoint) {
            self.plain("release savepoint mark").await?;
        }
        self.undo = Undo::Never;
        Ok(())
    }

    /// Undoes every change since [`Self::mark`].
    ///
    /// # Errors
    /// When the database has ended the transaction meanwhile, and undone what came before the mark, too.
    pub async fn undo(&mut self) -> Result<(), DbError> {
        if matches!(self.undo, Undo::Savepoint) {
            self.plain("rollback to savepoint mark").await?;
        }
        Ok(())
    }

    async fn plain(&mut self, sql: &'static str) -> Result<(), DbError> {
        match &mut self.inner.conn {
            Conn::Sqlite(tx) => sqlx::raw_sql(sql).execute(&mut **tx).await.map(drop)?,
            Conn::Postgres(tx) => sqlx::raw_sql(sql).execute(&mut **tx).await.map(drop)?,
        }
        Ok(())
    }

    pub(crate) async fn run_migration(&mut self, sql: String) -> Result<(), DbError> {
        let sql = sqlx::AssertSqlSafe(sql);
        match &mut self.inner.conn {
            Conn::Sqlite(tx) => sqlx::raw_sql(sql).execute(&mut **tx).await.map(drop)?,
            Conn::Postgres(tx) => sqlx::raw_sql(sql).execute(&mut **tx).await.map(drop)?,
        }
        Ok(())
    }
}

impl Deref for WriteTx {
    type Target = ReadTx;
    fn deref(&self) -> &ReadTx {
        &self.inner
    }
}

impl DerefMut for WriteTx {
    fn deref_mut(&mut self) -> &mut ReadTx {
        &mut self.inner
    }
}

fn require_storable(args: &[Value]) -> Result<(), DbError> {
    let holds_nul = |value: &Value| matches!(value, Value::Text(Some(text)) if text.contains('\0'));
    if args.iter().any(holds_nul) { Err(DbError::NulCharacter) } else { Ok(()) }
}

macro_rules! bind {
    ($name:ident, $db:ty, $arguments:ty) => {
        fn $name(sql: impl SqlSafeStr, args: Vec<Value>) -> sqlx::query::Query<'static, $db, $arguments> {
            args.into_iter().fold(sqlx::query::<$db>(sql), |query, value| match value {
                Value::Int(n) => query.bind(n),
                Value::Text(text) => query.bind(text),
                Value::Bytes(bytes) => query.bind(bytes),
            })
        }
    };
}
bind!(bind_sqlite, Sqlite, sqlx::sqlite::SqliteArguments);
bind!(bind_postgres, Postgres, sqlx::postgres::PgArguments);
