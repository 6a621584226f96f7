//! All SQL of profiles and leases of credentials on demand.

use super::{Cause, Filter, Kind, Lease, Profile, Selection, State};
use db::{DbError, ReadTx, Row, Value, WriteTx, args};
use std::collections::BTreeSet;
use std::time::Duration;
use types::{CredentialId, GrantId, Timestamp, TokenId};

macro_rules! columns {
    ($rest:literal) => {
        concat!(
            "select id, grant_id, holder, token, service, profile, kind, name, server_id, ordered_at, ends_at, latest_end_at, ",
            "state, ended_at, cause, gone_at from credential_leases ",
            $rest
        )
    };
}

macro_rules! profile_columns {
    ($rest:literal) => {
        concat!(
            "select service, name, kind, max_ttl_minutes, max_live, description, declared_at from credential_profiles ",
            $rest
        )
    };
}

pub(super) async fn profile(tx: &mut ReadTx, service: &str, name: &str) -> Result<Option<Profile>, DbError> {
    tx.one(profile_columns!("where service = $1 and name = $2"), args![service, name])
        .await?
        .map(to_profile)
        .transpose()
}

pub(super) async fn profiles(tx: &mut ReadTx) -> Result<Vec<Profile>, DbError> {
    tx.all(profile_columns!("order by service, name"), args![]).await?.into_iter().map(to_profile).collect()
}

pub(super) async fn insert_profile(tx: &mut WriteTx, profile: &Profile) -> Result<(), DbError> {
    tx.run_one(
        "insert into credential_profiles (service, name, kind, max_ttl_minutes, max_live, description, declared_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        profile_args(profile),
    )
    .await
}

pub(super) async fn update_profile(tx: &mut WriteTx, profile: &Profile) -> Result<(), DbError> {
    tx.run_one(
        "update credential_profiles set kind = $3, max_ttl_minutes = $4, max_live = $5, description = $6, declared_at = $7
         where service = $1 and name = $2",
        profile_args(profile),
    )
    .await
}

fn profile_args(profile: &Profile) -> Vec<Value> {
    let kind = serde_json::to_string(&profile.kind).expect("a kind is plain data");
    let minutes = profile.max_ttl.as_secs() / 60;
    args![&profile.service, &profile.name, kind, minutes, profile.max_live, &profile.description, profile.declared_at]
}

pub(super) async fn get(tx: &mut ReadTx, id: &CredentialId) -> Result<Option<Lease>, DbError> {
    tx.one(columns!("where id = $1"), args![id]).await?.map(lease).transpose()
}

/// Newest first.
pub(super) async fn list(tx: &mut ReadTx, filter: &Filter) -> Result<Vec<Lease>, DbError> {
    let sql = columns!(
        "where (cast($1 as text) is null or service = $1) and (cast($2 as text) is null or profile = $2)
           and (cast($3 as text) is null or grant_id = $3) and (cast($4 as text) is null or holder = $4)
           and (cast($5 as text) is null or state = $5) and (cast($6 as text) is null or id < $6)
         order by id desc limit $7"
    );
    let args = args![
        filter.service.as_deref(),
        filter.profile.as_deref(),
        filter.grant.as_ref(),
        filter.holder.as_ref(),
        filter.state.as_deref(),
        filter.after.as_ref(),
        filter.limit,
    ];
    leases(tx, sql, args).await
}

/// Live ones whose own time is over.
pub(super) async fn expired(tx: &mut ReadTx, now: Timestamp, limit: u32) -> Result<Vec<Lease>, DbError> {
    let sql = columns!("where state = 'live' and ends_at <= $1 order by ends_at, id limit $2");
    leases(tx, sql, args![now, limit]).await
}

/// Those that were ordered before `before` and never became live.
pub(super) async fn stuck(tx: &mut ReadTx, before: Timestamp, limit: u32) -> Result<Vec<Lease>, DbError> {
    let sql = columns!("where state = 'issuing' and ordered_at <= $1 order by id limit $2");
    leases(tx, sql, args![before, limit]).await
}

/// Of these grants, those with leases that have not ended.
pub(super) async fn grants_with_open(tx: &mut ReadTx, grants: Vec<Value>) -> Result<BTreeSet<GrantId>, DbError> {
    let sql = "select distinct grant_id from credential_leases where state in ('issuing', 'live')
               and grant_id in ($keys)";
    tx.all_in(sql, grants).await?.into_iter().map(|mut row| row.take("grant_id")).collect()
}

/// The tokens by which something was ordered that has not ended.
pub(super) async fn tokens_with_open(tx: &mut ReadTx) -> Result<BTreeSet<TokenId>, DbError> {
    let sql = "select distinct token from credential_leases where state in ('issuing', 'live') and token is not null";
    tx.all(sql, args![]).await?.into_iter().map(|mut row| row.take("token")).collect()
}

pub(super) async fn open_by(tx: &mut ReadTx, token: &TokenId, limit: u32) -> Result<Vec<Lease>, DbError> {
    let sql = columns!("where token = $1 and state in ('issuing', 'live') order by id limit $2");
    leases(tx, sql, args![token, limit]).await
}

/// How many of a grant and a profile were not seen gone.
pub(super) async fn left(tx: &mut ReadTx, grant: &GrantId, service: &str, profile: &str) -> Result<u64, DbError> {
    let sql = "select count(*) as n from credential_leases
               where grant_id = $1 and service = $2 and profile = $3 and state <> 'gone'";
    tx.count(sql, args![grant, service, profile]).await
}

/// Of these grants, those with leases that were not seen gone.
pub(super) async fn grants_with_left(tx: &mut ReadTx, grants: Vec<Value>) -> Result<BTreeSet<GrantId>, DbError> {
    let sql = "select distinct grant_id from credential_leases where state <> 'gone' and grant_id in ($keys)";
    tx.all_in(sql, grants).await?.into_iter().map(|mut row| row.take("grant_id")).collect()
}

pub(super) async fn open_of(tx: &mut ReadTx, grant: &GrantId, limit: u32) -> Result<Vec<Lease>, DbError> {
    let sql = columns!("where grant_id = $1 and state in ('issuing', 'live') order by id limit $2");
    leases(tx, sql, args![grant, limit]).await
}

pub(super) async fn selected(tx: &mut ReadTx, selection: &Selection, limit: u32) -> Result<Vec<Lease>, DbError> {
    let sql = columns!(
        "where state in ('issuing', 'live') and (cast($1 as text) is null or service = $1)
           and (cast($2 as text) is null or profile = $2) and (cast($3 as text) is null or grant_id = $3)
           and (cast($4 as text) is null or holder = $4) order by id limit $5"
    );
    let Selection { service, profile, grant, holder } = selection;
    leases(tx, sql, args![service.as_deref(), profile.as_deref(), grant.as_ref(), holder.as_ref(), limit]).await
}

/// Where the revoker goes on: behind what it has tried in this run.
#[derive(Debug, Clone)]
pub(super) struct Behind {
    pub(super) ended_at: Timestamp,
    pub(super) id: String,
}

/// What of a service is to be revoked, oldest first; but for what somebody may be making still, unless that was ordered
/// by `unmade`.
pub(super) async fn ending(
    tx: &mut ReadTx,
    service: &str,
    behind: &Behind,
    unmade: Timestamp,
    limit: u32,
) -> Result<Vec<Lease>, DbError> {
    let sql = columns!(
        "where service = $1 and state = 'ending' and (ended_at > $2 or (ended_at = $2 and id > $3))
           and (made_at is not null or ordered_at <= $4) order by ended_at, id limit $5"
    );
    leases(tx, sql, args![service, behind.ended_at, &behind.id, unmade, limit]).await
}

/// When the oldest that waits to be revoked ended, for each service.
pub(super) async fn oldest_ending(tx: &mut ReadTx, service: &str) -> Result<Option<Timestamp>, DbError> {
    let sql = "select ended_at from credential_leases where service = $1 and state = 'ending'
               order by ended_at, id limit 1";
    tx.one(sql, args![service]).await?.map(|mut row| row.take("ended_at")).transpose()
}

pub(super) async fn count_ending(tx: &mut ReadTx, service: &str) -> Result<u64, DbError> {
    tx.count("select count(*) as n from credential_leases where service = $1 and state = 'ending'", args![service])
        .await
}

pub(super) async fn count(tx: &mut ReadTx, state: &str) -> Result<u64, DbError> {
    tx.count("select count(*) as n from credential_leases where state = $1", args![state]).await
}

/// Of these names, those that a lease explains: it is not gone, or was seen gone after `looked_at`. Of whichever service:
/// several may be the same server.
pub(super) async fn explained(
    tx: &mut ReadTx,
    names: &BTreeSet<String>,
    looked_at: Timestamp,
) -> Result<BTreeSet<String>, DbError> {
    let sql = "select name, gone_at from credential_leases where name in ($keys)";
    let mut explained = BTreeSet::new();
    for mut row in tx.all_in(sql, names.iter().map(Value::from).collect()).await? {
        let gone_at: Option<Timestamp> = row.take("gone_at")?;
        if gone_at.is_none_or(|at| at >= looked_at) {
            explained.insert(row.take("name")?);
        }
    }
    Ok(explained)
}

pub(super) async fn insert(tx: &mut WriteTx, lease: &Lease) -> Result<(), DbError> {
    tx.run_one(
        "insert into credential_leases
         (id, grant_id, holder, token, service, profile, kind, name, ordered_at, ends_at, latest_end_at, state)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'issuing')",
        args![
            &lease.id,
            &lease.grant,
            &lease.holder,
            lease.token.as_ref(),
            &lease.service,
            &lease.profile,
            &lease.kind,
            &lease.name,
            lease.ordered_at,
            lease.ends_at,
            lease.latest_end_at,
        ],
    )
    .await
}

pub(super) async fn update_live(tx: &mut WriteTx, lease: &Lease, now: Timestamp) -> Result<(), DbError> {
    let sql = "update credential_leases set state = 'live', made_at = $2, server_id = $3
               where id = $1 and state = 'issuing'";
    tx.run_one(sql, args![&lease.id, now, lease.server_id.as_deref()]).await
}

/// Whoever was making it is through, well or badly.
pub(super) async fn update_made(tx: &mut WriteTx, id: &CredentialId, now: Timestamp) -> Result<(), DbError> {
    tx.run_one("update credential_leases set made_at = $2 where id = $1", args![id, now]).await
}

pub(super) async fn update_end(tx: &mut WriteTx, lease: &Lease) -> Result<(), DbError> {
    let sql = "update credential_leases set ends_at = $2 where id = $1 and state = 'live' and latest_end_at >= $2";
    tx.run_one(sql, args![&lease.id, lease.ends_at]).await
}

/// `batch` names the entry that many of them share.
pub(super) async fn update_ending(
    tx: &mut WriteTx,
    leases: &[Lease],
    cause: Cause,
    batch: Option<&CredentialId>,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "update credential_leases set state = 'ending', ended_at = $1, cause = $2, end_batch = $3
               where state in ('issuing', 'live') and id in ($keys)";
    tx.run_in(sql, args![now, cause.as_str(), batch], ids(leases)).await
}

pub(super) async fn update_gone(
    tx: &mut WriteTx,
    leases: &[Lease],
    batch: Option<&CredentialId>,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "update credential_leases set state = 'gone', gone_at = $1, gone_batch = $2
               where state = 'ending' and id in ($keys)";
    tx.run_in(sql, args![now, batch], ids(leases)).await
}

fn ids(leases: &[Lease]) -> Vec<Value> {
    leases.iter().map(|lease| Value::from(&lease.id)).collect()
}

pub(super) async fn swept_at(tx: &mut ReadTx, service: &str) -> Result<Option<Timestamp>, DbError> {
    let row = tx.one("select swept_at from credential_sweeps where service = $1", args![service]).await?;
    row.map(|mut row| row.take("swept_at")).transpose()
}

pub(super) async fn keep_sweep(tx: &mut WriteTx, service: &str, now: Timestamp) -> Result<(), DbError> {
    let sql = "insert into credential_sweeps (service, swept_at) values ($1, $2)
               on conflict (service) do update set swept_at = excluded.swept_at";
    tx.run_one(sql, args![service, now]).await
}

async fn leases(tx: &mut ReadTx, sql: &'static str, args: Vec<Value>) -> Result<Vec<Lease>, DbError> {
    tx.all(sql, args).await?.into_iter().map(lease).collect()
}

fn to_profile(mut row: Row) -> Result<Profile, DbError> {
    let (service, name): (String, String) = (row.take("service")?, row.take("name")?);
    let kind: Result<Kind, _> = serde_json::from_str(&row.take::<String>("kind")?);
    let impossible = |e| DbError::impossible("credential_profiles", "kind", format!("{name}@{service}"), e);
    Ok(Profile {
        kind: kind.map_err(impossible)?,
        max_ttl: Duration::from_secs(60 * row.take::<u64>("max_ttl_minutes")?),
        max_live: row.take("max_live")?,
        description: row.take("description")?,
        declared_at: row.take("declared_at")?,
        service,
        name,
    })
}

fn lease(mut row: Row) -> Result<Lease, DbError> {
    let id: CredentialId = row.take("id")?;
    let state = state(&mut row, &id)?;
    Ok(Lease {
        grant: row.take("grant_id")?,
        holder: row.take("holder")?,
        token: row.take("token")?,
        service: row.take("service")?,
        profile: row.take("profile")?,
        kind: row.take("kind")?,
        name: row.take("name")?,
        server_id: row.take("server_id")?,
        ordered_at: row.take("ordered_at")?,
        ends_at: row.take("ends_at")?,
        latest_end_at: row.take("latest_end_at")?,
        state,
        id,
    })
}

fn state(row: &mut Row, id: &CredentialId) -> Result<State, DbError> {
    let (state, ended_at, cause, gone_at): (String, Option<Timestamp>, Option<String>, Option<Timestamp>) =
        (row.take("state")?, row.take("ended_at")?, row.take("cause")?, row.take("gone_at")?);
    let cause = cause.map(|text| {
        let known = Cause::ALL.into_iter().find(|known| known.as_str() == text);
        known.ok_or_else(|| DbError::impossible("credential_leases", "cause", id, format!("unknown cause {text}")))
    });
    match (state.as_str(), ended_at, cause.transpose()?, gone_at) {
        ("issuing", None, None, None) => Ok(State::Issuing),
        ("live", None, None, None) => Ok(State::Live),
        ("ending", Some(at), Some(cause), None) => Ok(State::Ending { at, cause }),
        ("gone", Some(ended_at), Some(cause), Some(observed_at)) => Ok(State::Gone { ended_at, cause, observed_at }),
        _ => Err(DbError::impossible("credential_leases", "state", id, format!("{state} with other ends"))),
    }
}
