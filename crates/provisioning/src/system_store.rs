//! All SQL of how far systems are known.

use crate::reading::{Lack, SystemState, View};
use db::{DbError, ReadTx, Row, WriteTx, args};
use types::{ReadId, Timestamp};

macro_rules! systems {
    ($rest:literal) => {
        concat!(
            "select system, kind, generation, read_id, cursor, whole_at, changed_at, accounts, entitlements, memberships, ",
            "closure_stale, missing_accepted, trouble, trouble_since, seen_through, is_mixed, held_view, ",
            "held_accounts, held_entitlements, held_memberships from observed_systems ",
            $rest
        )
    };
}

pub(crate) async fn system(tx: &mut ReadTx, system: &str) -> Result<Option<SystemState>, DbError> {
    tx.one(systems!("where system = $1"), args![system]).await?.map(state).transpose()
}

pub(crate) async fn systems(tx: &mut ReadTx) -> Result<Vec<SystemState>, DbError> {
    tx.all(systems!("order by system"), args![]).await?.into_iter().map(state).collect()
}

fn state(mut row: Row) -> Result<SystemState, DbError> {
    let missing = (row.take("held_accounts")?, row.take("held_entitlements")?, row.take("held_memberships")?);
    let view = row.take::<Option<[u8; 32]>>("held_view")?.map(View);
    let held = match missing {
        (Some(accounts), Some(entitlements), Some(memberships)) => {
            Some(Lack { view, missing: [accounts, entitlements, memberships] })
        }
        _ => None,
    };
    Ok(SystemState {
        held,
        system: row.take("system")?,
        kind: row.take("kind")?,
        generation: row.take("generation")?,
        read: row.take("read_id")?,
        cursor: row.take("cursor")?,
        whole_at: row.take("whole_at")?,
        changed_at: row.take("changed_at")?,
        accounts: row.take("accounts")?,
        entitlements: row.take("entitlements")?,
        memberships: row.take("memberships")?,
        closure_is_stale: row.take::<i64>("closure_stale")? != 0,
        missing_is_accepted: row.take::<i64>("missing_accepted")? != 0,
        seen_through: row.take::<Option<[u8; 32]>>("seen_through")?.map(View),
        is_mixed: row.take::<i64>("is_mixed")? != 0,
        trouble: row.take("trouble")?,
        trouble_since: row.take("trouble_since")?,
    })
}

pub(crate) async fn insert_system(tx: &mut WriteTx, system: &str, kind: &str) -> Result<(), DbError> {
    tx.run(
        "insert into observed_systems
           (system, kind, generation, accounts, entitlements, memberships, closure_stale, missing_accepted)
         values ($1, $2, 0, 0, 0, 0, 0, 0) on conflict (system) do nothing",
        args![system, kind],
    )
    .await
    .map(drop)
}

/// Whether this reading is the newest still, which it is from now on for every other.
pub(crate) async fn claim(
    tx: &mut WriteTx,
    system: &str,
    read: &ReadId,
    expected: u64,
    generation: u64,
) -> Result<bool, DbError> {
    let sql = "update observed_systems set generation = $4, read_id = $2
               where system = $1 and generation = $3 and ($3 <> $4 or read_id = $2)";
    Ok(tx.run(sql, args![system, read, expected, generation]).await? == 1)
}

pub(crate) async fn set_counts(
    tx: &mut WriteTx,
    system: &str,
    counts: [u64; 3],
    cursor: Option<&str>,
    whole_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.run_one(
        "update observed_systems set accounts = $2, entitlements = $3, memberships = $4,
           cursor = case when cast($5 as text) is null then cursor else $5 end,
           whole_at = case when cast($6 as bigint) is null then whole_at else $6 end,
           changed_at = $7, trouble = null, trouble_since = null
         where system = $1",
        args![system, counts[0], counts[1], counts[2], cursor, whole_at, now],
    )
    .await
}

/// It was read, and nothing concluded.
pub(crate) async fn set_changed(tx: &mut WriteTx, system: &str, now: Timestamp) -> Result<(), DbError> {
    tx.run_one("update observed_systems set changed_at = $2 where system = $1", args![system, now]).await
}

/// All that is known of it was seen through this view.
pub(crate) async fn set_view(tx: &mut WriteTx, system: &str, view: View) -> Result<(), DbError> {
    let sql = "update observed_systems set seen_through = $2, is_mixed = 0 where system = $1";
    tx.run_one(sql, args![system, view.0]).await
}

/// Something of it is known through another view by now.
pub(crate) async fn mix(tx: &mut WriteTx, system: &str) -> Result<(), DbError> {
    tx.run_one("update observed_systems set is_mixed = 1 where system = $1", args![system]).await
}

pub(crate) async fn set_trouble(tx: &mut WriteTx, system: &str, trouble: &str, now: Timestamp) -> Result<(), DbError> {
    tx.run_one(
        "update observed_systems set trouble = $2,
           trouble_since = case when trouble_since is null then $3 else trouble_since end where system = $1",
        args![system, trouble, now],
    )
    .await
}

/// A reading was held: what was accepted of another one is accepted no more.
pub(crate) async fn set_held(tx: &mut WriteTx, system: &str, lack: Lack) -> Result<(), DbError> {
    let [accounts, entitlements, memberships] = lack.missing;
    tx.run_one(
        "update observed_systems set held_view = $2, held_accounts = $3, held_entitlements = $4, held_memberships = $5,
           missing_accepted = 0 where system = $1",
        args![system, lack.view.map(|view| view.0.to_vec()), accounts, entitlements, memberships],
    )
    .await
}

/// Nothing is held any more, and nothing accepted.
pub(crate) async fn forget_held(tx: &mut WriteTx, system: &str) -> Result<(), DbError> {
    let sql = "update observed_systems set held_view = null, held_accounts = null, held_entitlements = null,
                 held_memberships = null, missing_accepted = 0 where system = $1";
    tx.run_one(sql, args![system]).await
}

pub(crate) async fn accept_missing(tx: &mut WriteTx, system: &str) -> Result<(), DbError> {
    tx.run_one("update observed_systems set missing_accepted = 1 where system = $1", args![system]).await
}

pub(crate) async fn set_closure_stale(tx: &mut WriteTx, system: &str, stale: bool) -> Result<(), DbError> {
    let sql = "update observed_systems set closure_stale = $2 where system = $1";
    tx.run_one(sql, args![system, i64::from(stale)]).await
}
