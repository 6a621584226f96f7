//! Databases for tests: SQLite in a temporary folder, and PostgreSQL at `TENURE_TEST_POSTGRES`.

use crate::{Db, DbError, Location, Migration, PoolSize};
use sha2::{Digest, Sha256};
use sqlx::sqlite::SqliteSynchronous;
use types::Chance;

/// A database of its own for one test; removed when dropped.
pub struct Fixture {
    pub db: Db,
    pub location: Location,
    remains: Option<Remains>,
}

enum Remains {
    Folder(std::path::PathBuf),
    Database { admin: String, name: String },
}

/// SQLite, in a folder under the system's temporary one. No test of a slice takes the power away, so that none waits for the
/// disk; where a crash is what is tested, a database is opened as a server opens it.
pub async fn sqlite(migrations: &[Migration]) -> Fixture {
    let folder = std::env::temp_dir().join(format!("tenure-test-{}", random_name()));
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    let location = Location::Sqlite(folder.join("tenure.db"));
    let db = Db::open_with(&location, PoolSize::default(), migrations, SqliteSynchronous::Off).await;
    let db = db.expect("a new SQLite database");
    Fixture { db, location, remains: Some(Remains::Folder(folder)) }
}

/// PostgreSQL, in a database of its own.
///
/// # Panics
/// When `TENURE_TEST_POSTGRES` does not name a server: a missing peer is a failure, not a skip.
pub async fn postgres(migrations: &[Migration]) -> Fixture {
    let admin = std::env::var("TENURE_TEST_POSTGRES")
        .expect("TENURE_TEST_POSTGRES names no PostgreSQL: run the tests by `cargo xtask test`");
    let template = template(&admin, migrations).await.expect("a PostgreSQL database to copy");
    let name = format!("tenure_test_{}", random_name());
    run(&admin, format!("create database {name} template {template}")).await.expect("a new PostgreSQL database");
    let url = with_database(&admin, &name);
    let location: Location = url.parse().expect("the address of the test database");
    let db = Db::open(&location, PoolSize(6), migrations).await.expect("the new PostgreSQL database");
    Fixture { db, location, remains: Some(Remains::Database { admin, name }) }
}

/// A database in which nothing but these migrations has happened; copying it takes a tenth of applying them again.
/// The first test that needs one makes it, under a lock that all test processes share.
async fn template(admin: &str, migrations: &[Migration]) -> Result<String, DbError> {
    use sqlx::{Connection, Executor};
    let mut digest = Sha256::new();
    migrations.iter().for_each(|migration| digest.update(format!("{}\0{}\0", migration.name, migration.sql)));
    let name = format!("tenure_template_{}", hex(&digest.finalize()[..8]));
    let mut connection = sqlx::PgConnection::connect(admin).await?;
    connection.execute("select pg_advisory_lock(1413697873)").await?;
    let known = sqlx::query("select from pg_database where datname = $1").bind(&name);
    if known.fetch_optional(&mut connection).await?.is_none() {
        let unfinished = format!("tenure_test_{}", random_name());
        run(admin, format!("create database {unfinished}")).await?;
        migrate_apart(with_database(admin, &unfinished).parse()?, migrations.to_vec())?;
        run(admin, format!("alter database {unfinished} rename to {name}")).await?;
    }
    connection.close().await?;
    Ok(name)
}

/// In a runtime that ends with it, and with which every connection ends: a database is copied when nobody uses it.
fn migrate_apart(location: Location, migrations: Vec<Migration>) -> Result<(), DbError> {
    let worker = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(Db::open(&location, PoolSize(6), &migrations)).map(drop)
    });
    worker.join().expect("migrating does not panic")
}

/// The same address with another database name.
fn with_database(url: &str, name: &str) -> String {
    let (base, query) = url.split_once('?').map_or((url, None), |(base, query)| (base, Some(query)));
    let (server, _) = base.rsplit_once('/').expect("an address that ends in a database name");
    query.map_or(format!("{server}/{name}"), |query| format!("{server}/{name}?{query}"))
}

async fn run(url: &str, sql: String) -> Result<(), DbError> {
    use sqlx::{Connection, Executor};
    let mut connection = sqlx::PgConnection::connect(url).await?;
    connection.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(sql))).await?;
    connection.close().await?;
    Ok(())
}

fn random_name() -> String {
    hex(&Chance::system().bytes::<8>())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Drop for Fixture {
    fn drop(&mut self) {
        match self.remains.take() {
            Some(Remains::Folder(folder)) => {
                let _ = std::fs::remove_dir_all(folder);
            }
            Some(Remains::Database { admin, name }) => drop_database(admin, name),
            None => {}
        }
    }
}

/// On a thread of its own, because a test's runtime may already be shutting down.
fn drop_database(admin: String, name: String) {
    let worker = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        if let Ok(runtime) = runtime {
            let _ = runtime.block_on(run(&admin, format!("drop database if exists {name} with (force)")));
        }
    });
    let _ = worker.join();
}
