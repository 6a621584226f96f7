//! All SQL of sources, their health and their records.

use super::model::{Declaration, HR, Health, Held, Refused, Settings, Source, SourceKind};
use connectors::sources::Record;
use data_encoding::HEXLOWER;
use db::{DbError, ReadTx, Row, Value, WriteTx, args};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use types::{IdentityId, Timestamp};

/// What is kept of a declaration as one text. The owner is a column, so that they are found.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    kind: SourceKind,
    description: String,
    settings: Settings,
}

/// The declared one, or the one that is there without being declared.
pub(crate) async fn get(tx: &mut ReadTx, name: &str) -> Result<Option<Source>, DbError> {
    let found = tx.one("select name, settings, owner from sources where name = $1", args![name]).await?;
    match found {
        Some(row) => source(row).map(Some),
        None => Ok((name == HR).then(Source::hr)),
    }
}

/// By name, with the one that is there without being declared.
pub(crate) async fn all(tx: &mut ReadTx) -> Result<Vec<Source>, DbError> {
    let rows = tx.all("select name, settings, owner from sources order by name", args![]).await?;
    let mut sources: Vec<Source> = rows.into_iter().map(source).collect::<Result<_, _>>()?;
    if sources.iter().all(|source| source.name != HR) {
        sources.push(Source::hr());
        sources.sort_by(|one, other| one.name.cmp(&other.name));
    }
    Ok(sources)
}

pub(crate) async fn owned_by(tx: &mut ReadTx, owner: &IdentityId) -> Result<Vec<Source>, DbError> {
    let sql = "select name, settings, owner from sources where owner = $1 order by name";
    tx.all(sql, args![owner]).await?.into_iter().map(source).collect()
}

pub(super) async fn save(tx: &mut WriteTx, source: &Source, now: Timestamp) -> Result<(), DbError> {
    let Source { name, kind, description, owner, settings } = source.clone();
    let kept = serde_json::to_string(&Kept { kind, description, settings }).expect("a declaration is plain data");
    let sql = "insert into sources (name, settings, owner, declared_at) values ($1, $2, $3, $4)
               on conflict (name) do update set settings = $2, owner = $3, declared_at = $4";
    tx.run_one(sql, args![name, kept, owner.as_ref(), now]).await
}

pub(crate) async fn health(tx: &mut ReadTx, source: &str) -> Result<Health, DbError> {
    let sql = "select last_whole_at, last_as_of, last_began_at, last_sha256, same_since, refused_at, refused_code,
                 refused_detail from source_states where source = $1";
    let Some(mut row) = tx.one(sql, args![source]).await? else { return Ok(Health::default()) };
    let refused = match row.take::<Option<Timestamp>>("refused_at")? {
        Some(at) => Some(Refused { at, code: row.take("refused_code")?, detail: row.take("refused_detail")? }),
        None => None,
    };
    Ok(Health {
        last_whole_at: row.take("last_whole_at")?,
        last_as_of: row.take("last_as_of")?,
        last_began_at: row.take("last_began_at")?,
        last_sha256: row.take("last_sha256")?,
        same_since: row.take("same_since")?,
        refused,
    })
}

pub(crate) async fn save_health(tx: &mut WriteTx, source: &str, health: &Health) -> Result<(), DbError> {
    let refused = health.refused.as_ref();
    let sql = "insert into source_states (source, last_whole_at, last_as_of, last_sha256, same_since, refused_at,
                 refused_code, refused_detail, last_began_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
               on conflict (source) do update set last_whole_at = $2, last_as_of = $3, last_sha256 = $4,
                 same_since = $5, refused_at = $6, refused_code = $7, refused_detail = $8, last_began_at = $9";
    let values = args![
        source,
        health.last_whole_at,
        health.last_as_of,
        health.last_sha256.as_deref(),
        health.same_since,
        refused.map(|refused| refused.at),
        refused.map(|refused| refused.code.as_str()),
        refused.map(|refused| refused.detail.as_str()),
        health.last_began_at,
    ];
    tx.run_one(sql, values).await
}

macro_rules! records {
    ($rest:literal) => {
        concat!(
            "select source, record_key, identity, record, from_at, said_at, gone_at from source_records where until_at is null ",
            $rest
        )
    };
}

/// Every record that is kept, those of all sources, as it is now.
pub(crate) async fn all_records(tx: &mut ReadTx) -> Result<Vec<Held>, DbError> {
    tx.all(records!("order by source, record_key"), args![]).await?.into_iter().map(held).collect()
}

/// What a source states now, by key.
pub(crate) async fn stated(tx: &mut ReadTx, source: &str) -> Result<HashMap<String, Record>, DbError> {
    let rows = tx.all(records!("and source = $1 and gone_at is null"), args![source]).await?;
    rows.into_iter().map(|row| held(row).map(|held| (held.record.key.clone(), held.record))).collect()
}

pub(crate) async fn record(tx: &mut ReadTx, source: &str, key: &str) -> Result<Option<Held>, DbError> {
    let sql = records!("and source = $1 and record_key = $2");
    tx.one(sql, args![source, key]).await?.map(held).transpose()
}

pub(crate) async fn records_of(tx: &mut ReadTx, identity: &IdentityId) -> Result<Vec<Held>, DbError> {
    let sql = records!("and identity = $1 order by source, record_key");
    tx.all(sql, args![identity]).await?.into_iter().map(held).collect()
}

/// The same of several people, by person.
pub(crate) async fn records_of_all(
    tx: &mut ReadTx,
    people: impl IntoIterator<Item = &IdentityId>,
) -> Result<HashMap<IdentityId, Vec<Held>>, DbError> {
    let keys = people.into_iter().map(Value::from).collect();
    let mut records: HashMap<IdentityId, Vec<Held>> = HashMap::new();
    for row in tx.all_in(records!("and identity in ($keys) order by source, record_key"), keys).await? {
        let held = held(row)?;
        if let Some(identity) = held.identity.clone() {
            records.entry(identity).or_default().push(held);
        }
    }
    Ok(records)
}

/// Closes the open version of each and opens the next.
pub(crate) async fn save_records(tx: &mut WriteTx, records: &[Held]) -> Result<(), DbError> {
    let mut versions: HashMap<(String, String), u64> = HashMap::new();
    for held in records {
        let sql = "update source_records set until_at = $3
                   where source = $1 and record_key = $2 and until_at is null and from_at <= $3";
        if tx.run(sql, args![&held.source, &held.record.key, held.from]).await? == 1 {
            let sql = "select max(version) as n from source_records where source = $1 and record_key = $2";
            let version = tx.count(sql, args![&held.source, &held.record.key]).await?;
            versions.insert((held.source.clone(), held.record.key.clone()), version);
        }
    }
    insert_records(tx, records, &versions).await
}

/// Records that were never kept before.
pub(crate) async fn insert_new_records(tx: &mut WriteTx, records: &[Held]) -> Result<(), DbError> {
    insert_records(tx, records, &HashMap::new()).await
}

async fn insert_records(
    tx: &mut WriteTx,
    records: &[Held],
    versions: &HashMap<(String, String), u64>,
) -> Result<(), DbError> {
    let into = "insert into source_records (source, record_key, version, identity, record, digest, from_at, said_at,
                  gone_at)";
    let row = |held: &Held| -> Vec<Value> {
        let text = serde_json::to_string(&held.record).expect("a record is plain data");
        let digest = HEXLOWER.encode(&Sha256::digest(text.as_bytes()));
        let before = versions.get(&(held.source.clone(), held.record.key.clone())).copied().unwrap_or(0);
        let version = args![&held.source, &held.record.key, before + 1, held.identity.as_ref(), text, digest];
        [version, args![held.from, held.said_at, held.gone_at]].concat()
    };
    tx.insert_all(into, records.iter().map(row).collect()).await
}

/// How many records a source names.
pub(super) async fn records_there(tx: &mut ReadTx, source: &str) -> Result<u64, DbError> {
    let sql = "select count(*) as n from source_records where source = $1 and until_at is null and gone_at is null";
    tx.count(sql, args![source]).await
}

pub(super) async fn remove(tx: &mut WriteTx, source: &Source) -> Result<(), DbError> {
    let settings = serde_json::to_string(&source.settings).expect("settings are plain data");
    let sql = "insert into removed_sources (name, settings) values ($1, $2)
               on conflict (name) do update set settings = excluded.settings";
    tx.run_one(sql, args![&source.name, settings]).await?;
    tx.run_one("delete from sources where name = $1", args![&source.name]).await
}

/// How its feeds were taken when the source was removed last.
pub(super) async fn removed(tx: &mut ReadTx, name: &str) -> Result<Option<Settings>, DbError> {
    let row = tx.one("select settings from removed_sources where name = $1", args![name]).await?;
    let Some(mut row) = row else { return Ok(None) };
    let text: String = row.take("settings")?;
    let bad = |error| DbError::impossible("removed_sources", "settings", name, error);
    serde_json::from_str(&text).map(Some).map_err(bad)
}

/// What persons decided about keys of a source: whose record it is, or that it is nobody's whom Tenure knew.
pub(crate) async fn known_matches(
    tx: &mut ReadTx,
    source: &str,
) -> Result<HashMap<String, Option<IdentityId>>, DbError> {
    let rows = tx.all("select record_key, identity from known_matches where source = $1", args![source]).await?;
    rows.into_iter().map(|mut row| Ok((row.take("record_key")?, row.take("identity")?))).collect()
}

pub(crate) async fn save_match(
    tx: &mut WriteTx,
    (source, key): (&str, &str),
    identity: Option<&IdentityId>,
    (by, now): (&IdentityId, Timestamp),
) -> Result<(), DbError> {
    let sql = "insert into known_matches (source, record_key, identity, decided_by, decided_at)
               values ($1, $2, $3, $4, $5)
               on conflict (source, record_key) do update set identity = $3, decided_by = $4, decided_at = $5";
    tx.run_one(sql, args![source, key, identity, by, now]).await
}

fn source(mut row: Row) -> Result<Source, DbError> {
    let name: String = row.take("name")?;
    let kept: String = row.take("settings")?;
    let Kept { kind, description, settings } =
        serde_json::from_str(&kept).map_err(|e| DbError::impossible("sources", "settings", &name, e))?;
    Ok(Source { name, kind, description, owner: row.take("owner")?, settings })
}

fn held(mut row: Row) -> Result<Held, DbError> {
    let (source, key): (String, String) = (row.take("source")?, row.take("record_key")?);
    let text: String = row.take("record")?;
    let record: Record = serde_json::from_str(&text)
        .map_err(|e| DbError::impossible("source_records", "record", format!("{source}/{key}"), e))?;
    Ok(Held {
        source,
        record,
        identity: row.take("identity")?,
        from: row.take("from_at")?,
        said_at: row.take("said_at")?,
        gone_at: row.take("gone_at")?,
    })
}

/// A declaration as the source that it makes.
pub(super) fn declared(declaration: &Declaration, owner: IdentityId) -> Source {
    let Declaration { name, kind, description, settings, .. } = declaration.clone();
    Source { name, kind, description, owner: Some(owner), settings }
}
