//! All SQL of targets.

use super::{SignIn, Target};
use db::{DbError, ReadTx, Row, WriteTx, args};

pub(super) async fn get(tx: &mut ReadTx, name: &str) -> Result<Option<Target>, DbError> {
    let sql = "select name, host, port, host_key, reads_krl, sign_in, description, discovery_login,
                 sudo, declared_at
               from targets where name = $1";
    tx.one(sql, args![name]).await?.map(target).transpose()
}

pub(super) async fn list(tx: &mut ReadTx) -> Result<Vec<Target>, DbError> {
    let sql = "select name, host, port, host_key, reads_krl, sign_in, description, discovery_login,
                 sudo, declared_at
               from targets order by name";
    tx.all(sql, args![]).await?.into_iter().map(target).collect()
}

pub(super) async fn insert(tx: &mut WriteTx, target: &Target) -> Result<(), DbError> {
    tx.run_one(
        "insert into targets (name, host, port, host_key, reads_krl, description, discovery_login, declared_at, sign_in,
           sudo) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        args![
            &target.name,
            &target.host,
            target.port,
            target.host_key_pin.to_string(),
            i64::from(target.reads_krl),
            &target.description,
            &target.discovery_login,
            target.declared_at,
            target.sign_in.as_str(),
            serde_json::to_string(&target.sudo).expect("rules are plain data"),
        ],
    )
    .await
}

pub(super) async fn update(tx: &mut WriteTx, target: &Target) -> Result<(), DbError> {
    tx.run_one(
        "update targets set host = $2, port = $3, host_key = $4, reads_krl = $5, description = $6, discovery_login = $7,
           sign_in = $8, sudo = $9 where name = $1",
        args![
            &target.name,
            &target.host,
            target.port,
            target.host_key_pin.to_string(),
            i64::from(target.reads_krl),
            &target.description,
            &target.discovery_login,
            target.sign_in.as_str(),
            serde_json::to_string(&target.sudo).expect("rules are plain data"),
        ],
    )
    .await
}

fn target(mut row: Row) -> Result<Target, DbError> {
    let name: String = row.take("name")?;
    let pin = row.take::<String>("host_key")?.parse();
    let sign_in: String = row.take("sign_in")?;
    let known = SignIn::ALL.into_iter().find(|known| known.as_str() == sign_in);
    let unknown = || DbError::impossible("targets", "sign_in", &name, format!("unknown way to sign in {sign_in}"));
    let sudo: String = row.take("sudo")?;
    Ok(Target {
        sudo: serde_json::from_str(&sudo).map_err(|e| DbError::impossible("targets", "sudo", &name, e))?,
        host: row.take("host")?,
        port: row.take("port")?,
        host_key_pin: pin.map_err(|e| DbError::impossible("targets", "host_key", &name, e))?,
        reads_krl: row.take::<i64>("reads_krl")? != 0,
        sign_in: known.ok_or_else(unknown)?,
        description: row.take("description")?,
        discovery_login: row.take("discovery_login")?,
        declared_at: row.take("declared_at")?,
        name,
    })
}
