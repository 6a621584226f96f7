//! All SQL of what was true when files were applied last. Sealed, because owners are named in it.

use super::error::ConfigurationError;
use super::kinds::Kind;
use super::model::Applied;
use db::{DbError, ReadTx, WriteTx, args};
use ledger::Ctx;
use seal::{Column, Record};
use serde_json::Value;

const ROW: &str = "1";

pub(crate) const SEALED: &Column =
    &seal::column!("configuration", "sealed", "configuration", "cast(id as text)", "sealed", "id = cast($1 as bigint)");

fn record() -> Record<'static> {
    Record { table: "configuration", column: "sealed", row: ROW }
}

pub(super) async fn applied(ctx: &Ctx, tx: &mut ReadTx) -> Result<Option<Applied>, ConfigurationError> {
    let found = tx.one("select applied_at, sealed from configuration where id = 1", args![]).await?;
    let Some(mut row) = found else { return Ok(None) };
    let sealed: Vec<u8> = row.take("sealed")?;
    let plain = ctx.seal().unseal(record(), &sealed)?;
    let impossible = |error: String| DbError::impossible("configuration", "sealed", ROW, error);
    let objects: Vec<(String, String, Value)> =
        serde_json::from_slice(plain.expose()).map_err(|error| impossible(error.to_string()))?;
    let known = |(word, name, spec): (String, String, Value)| {
        let kind = Kind::ALL.into_iter().find(|kind| kind.name() == word);
        kind.map(|kind| ((kind, name), spec)).ok_or_else(|| impossible(format!("there is no kind {word}")))
    };
    Ok(Some(Applied {
        at: row.take("applied_at")?,
        objects: objects.into_iter().map(known).collect::<Result<_, _>>()?,
    }))
}

pub(super) async fn save(ctx: &Ctx, tx: &mut WriteTx, applied: &Applied) -> Result<(), ConfigurationError> {
    let objects: Vec<(&str, &str, &Value)> =
        applied.objects.iter().map(|((kind, name), spec)| (kind.name(), name.as_str(), spec)).collect();
    let plain = serde_json::to_vec(&objects).expect("objects are plain data");
    let sealed = ctx.seal().seal(record(), &plain)?;
    let sql = "insert into configuration (id, applied_at, sealed) values (1, $1, $2)
               on conflict (id) do update set applied_at = $1, sealed = $2";
    Ok(tx.run_one(sql, args![applied.at, sealed]).await?)
}
