//! Migrations: one text for both engines, each applied once, in order, in one transaction.

use crate::{Db, DbError, WriteTx, args};
use sha2::{Digest, Sha256};

/// One step of the schema, written in PostgreSQL's words. `bigint` and `bytea` become SQLite's
/// `integer` and `blob`, and SQLite's tables are made `strict`.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// Crate and number, such as `ledger/0001`.
    pub name: &'static str,
    pub sql: &'static str,
}

const OWN: [Migration; 2] = [
    Migration { name: "db/0001", sql: include_str!("../migrations/0001_jobs.sql") },
    Migration { name: "db/0002", sql: include_str!("../migrations/0002_idempotency.sql") },
];
const APPLIED: &str = "create table if not exists migrations (name text primary key, digest bytea not null);";

pub(crate) async fn apply(db: &Db, migrations: &[Migration]) -> Result<(), DbError> {
    let mut tx = db.begin_unexplained().await?;
    tx.run_migration(for_engine(db, APPLIED)).await?;
    let applied = tx.all("select name, digest from migrations", args![]).await?;
    let applied: Vec<(String, [u8; 32])> = applied
        .into_iter()
        .map(|mut row| Ok((row.take("name")?, row.take("digest")?)))
        .collect::<Result<_, DbError>>()?;
    let known: Vec<&Migration> = OWN.iter().chain(migrations).collect();
    if let Some((newer, _)) = applied.iter().find(|(name, _)| known.iter().all(|m| m.name != name)) {
        let problem = "was applied by another version of Tenure: start that version or a newer one".to_owned();
        return Err(DbError::Migration { name: newer.clone(), problem });
    }
    for migration in known {
        let digest: [u8; 32] = Sha256::digest(migration.sql).into();
        match applied.iter().find(|(name, _)| name == migration.name) {
            Some((_, before)) if *before == digest => {}
            Some(_) => {
                let problem =
                    "was applied with another text: this is not the version that made the database".to_owned();
                return Err(DbError::Migration { name: migration.name.to_owned(), problem });
            }
            None => run(db, &mut tx, migration, digest).await?,
        }
    }
    tx.commit().await
}

async fn run(db: &Db, tx: &mut WriteTx, migration: &Migration, digest: [u8; 32]) -> Result<(), DbError> {
    let named = |e: DbError| DbError::Migration { name: migration.name.to_owned(), problem: e.to_string() };
    tx.run_migration(for_engine(db, migration.sql)).await.map_err(named)?;
    tx.run("insert into migrations (name, digest) values ($1, $2)", args![migration.name, digest]).await?;
    Ok(())
}

fn for_engine(db: &Db, sql: &str) -> String {
    if !db.is_sqlite() {
        return sql.to_owned();
    }
    sql.split_inclusive(';')
        .map(|statement| {
            let statement = statement.replace(" bigint", " integer").replace(" bytea", " blob");
            let is_table = statement.trim_start().starts_with("create table");
            if is_table { statement.replace(";", " strict;") } else { statement }
        })
        .collect()
}
