//! All SQL of grants and permits.

use crate::{EndCause, Ended, Filter, Grant, SessionPermit, State, Terms};
use db::{DbError, ReadTx, Row, Value, WriteTx, args};
use std::collections::BTreeSet;
use types::{Actor, Channel, GrantId, IdentityId, PermitId, SessionId, Timestamp, Window};

macro_rules! columns {
    ($rest:literal) => {
        concat!(
            "select id, holder, target, login, channels, from_at, until_at, max_sessions, because, issued_at, ",
            "ended_at, end_cause, end_actor, end_reason, gone_at from grants ",
            $rest
        )
    };
}

pub(crate) async fn get(tx: &mut ReadTx, id: &GrantId) -> Result<Option<Grant>, DbError> {
    tx.one(columns!("where id = $1"), args![id]).await?.map(grant).transpose()
}

pub(crate) async fn list(tx: &mut ReadTx, filter: &Filter) -> Result<Vec<Grant>, DbError> {
    let sql = columns!(
        "where (cast($1 as text) is null or holder = $1) and (cast($2 as text) is null or target = $2)
           and (cast($3 as bigint) is null or (from_at <= $3 and until_at > $3 and (ended_at is null or ended_at > $3)))
           and (cast($4 as text) is null or id < $4)
         order by id desc limit $5"
    );
    let at = filter.standing_at;
    let values = args![filter.holder.as_ref(), filter.target.as_deref(), at, filter.after.as_ref(), filter.limit];
    tx.all(sql, values).await?.into_iter().map(grant).collect()
}

pub(crate) async fn count_standing(tx: &mut ReadTx, now: Timestamp) -> Result<u64, DbError> {
    let sql = "select count(*) as n from grants where ended_at is null and from_at <= $1 and until_at > $1";
    tx.count(sql, args![now]).await
}

pub(crate) async fn count_not_gone(tx: &mut ReadTx, target: &str) -> Result<u64, DbError> {
    tx.count("select count(*) as n from grants where target = $1 and gone_at is null", args![target]).await
}

pub(crate) async fn overlapping(
    tx: &mut ReadTx,
    target: &str,
    login: Option<&str>,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<Grant>, DbError> {
    let sql = columns!(
        "where target = $1 and (cast($2 as text) is null or login = $2) and issued_at < $4 and from_at < $4
           and until_at > $3 and (ended_at is null or ended_at > $3) order by from_at, id"
    );
    tx.all(sql, args![target, login, from, until]).await?.into_iter().map(grant).collect()
}

pub(crate) async fn for_use(
    tx: &mut ReadTx,
    holder: &IdentityId,
    target: &str,
    login: &str,
) -> Result<Vec<Grant>, DbError> {
    // However many have ended before, one that stands is among them.
    let sql = columns!(
        "where holder = $1 and target = $2 and login = $3
         order by case when ended_at is null then 0 else 1 end, until_at desc, id limit 100"
    );
    tx.all(sql, args![holder, target, login]).await?.into_iter().map(grant).collect()
}

pub(crate) async fn not_ended_of(tx: &mut ReadTx, holder: &IdentityId) -> Result<Vec<Grant>, DbError> {
    let sql = columns!("where holder = $1 and ended_at is null order by id");
    tx.all(sql, args![holder]).await?.into_iter().map(grant).collect()
}

/// Perhaps among others.
pub(crate) async fn standing(tx: &mut ReadTx, channel: Channel, now: Timestamp) -> Result<Vec<Grant>, DbError> {
    let sql = columns!(
        "where ended_at is null and from_at <= $2 and until_at > $2 and channels like '%' || $1 || '%' order by id"
    );
    tx.all(sql, args![channel.as_str(), now]).await?.into_iter().map(grant).collect()
}

pub(crate) async fn ended_not_gone(tx: &mut ReadTx) -> Result<Vec<Grant>, DbError> {
    let sql = columns!("where gone_at is null and ended_at is not null order by ended_at, id");
    tx.all(sql, args![]).await?.into_iter().map(grant).collect()
}

pub(crate) async fn due(tx: &mut ReadTx, now: Timestamp) -> Result<Vec<GrantId>, DbError> {
    let sql = "select id from grants where gone_at is null and ended_at is null and until_at <= $1 order by until_at";
    tx.all(sql, args![now]).await?.into_iter().map(|mut row| row.take("id")).collect()
}

pub(crate) async fn insert(tx: &mut WriteTx, grant: &Grant) -> Result<(), DbError> {
    let channels = serde_json::to_string(&grant.channels).expect("channels are plain data");
    let because = serde_json::to_string(&grant.because).expect("a because is plain data");
    tx.run_one(
        "insert into grants (id, holder, target, login, channels, from_at, until_at, max_sessions, because, issued_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        args![
            &grant.id,
            &grant.holder,
            &grant.target,
            &grant.login,
            channels,
            grant.window.from,
            grant.window.until,
            grant.terms.max_sessions,
            because,
            grant.issued_at,
        ],
    )
    .await
}

pub(crate) async fn update_end(tx: &mut WriteTx, grant: &Grant, ended: &Ended) -> Result<(), DbError> {
    tx.run_one(
        "update grants set ended_at = $2, end_cause = $3, end_actor = $4, end_reason = $5
         where id = $1 and ended_at is null",
        args![&grant.id, ended.at, ended.cause.as_str(), ended.by.to_string(), &ended.reason],
    )
    .await
}

pub(crate) async fn update_gone(tx: &mut WriteTx, id: &GrantId, now: Timestamp) -> Result<(), DbError> {
    let sql = "update grants set gone_at = $2 where id = $1 and gone_at is null and ended_at is not null";
    tx.run_one(sql, args![id, now]).await
}

pub(crate) async fn live_permits(tx: &mut ReadTx, grant: &GrantId) -> Result<u64, DbError> {
    tx.count("select count(*) as n from permits where grant_id = $1 and released_at is null", args![grant]).await
}

pub(crate) async fn live_permits_of(tx: &mut ReadTx, holder: &IdentityId) -> Result<u64, DbError> {
    let sql = "select count(*) as n from permits p join grants g on g.id = p.grant_id
               where g.holder = $1 and p.released_at is null";
    tx.count(sql, args![holder]).await
}

pub(crate) async fn live_permit_of(
    tx: &mut ReadTx,
    session: &SessionId,
) -> Result<Option<(PermitId, GrantId)>, DbError> {
    let sql = "select id, grant_id from permits where session_id = $1 and released_at is null";
    tx.one(sql, args![session]).await?.map(|mut row| Ok((row.take("id")?, row.take("grant_id")?))).transpose()
}

/// Live sessions of a node whose grant does not stand at `now`: [`Grant::stands`], denied. A grant that nobody ended has
/// expired.
pub(crate) async fn lapsed(tx: &mut ReadTx, node: &str, now: Timestamp) -> Result<Vec<(SessionId, EndCause)>, DbError> {
    let sql = "select p.session_id, g.id, g.end_cause from permits p join grants g on g.id = p.grant_id
               where p.node = $1 and p.released_at is null
                 and (g.ended_at is not null or g.from_at > $2 or g.until_at <= $2)";
    let row = |mut row: Row| {
        let cause: Option<String> = row.take("end_cause")?;
        let id = row.take("id")?;
        let cause = cause.map_or(Ok(EndCause::Expired), |cause| end_cause(&cause, &id))?;
        Ok((row.take("session_id")?, cause))
    };
    tx.all(sql, args![node, now]).await?.into_iter().map(row).collect()
}

pub(crate) async fn held(tx: &mut ReadTx, node: &str) -> Result<BTreeSet<SessionId>, DbError> {
    let sql = "select session_id from permits where node = $1 and released_at is null";
    tx.all(sql, args![node]).await?.into_iter().map(|mut row| row.take("session_id")).collect()
}

pub(crate) async fn permitted_sessions(tx: &mut ReadTx) -> Result<BTreeSet<SessionId>, DbError> {
    let sql = "select session_id from permits where released_at is null";
    tx.all(sql, args![]).await?.into_iter().map(|mut row| row.take("session_id")).collect()
}

/// Of these grants, those that are unknown or do not stand at `now`: [`Grant::stands`], denied.
pub(crate) async fn ended_of(
    tx: &mut ReadTx,
    mut grants: Vec<GrantId>,
    now: Timestamp,
) -> Result<Vec<GrantId>, DbError> {
    let sql = columns!("where ended_at is null and id in ($keys)");
    let found = tx.all_in(sql, grants.iter().map(Value::from).collect()).await?;
    let found: Vec<Grant> = found.into_iter().map(grant).collect::<Result<_, _>>()?;
    let standing: BTreeSet<&GrantId> = found.iter().filter(|grant| grant.stands(now)).map(|grant| &grant.id).collect();
    grants.retain(|grant| !standing.contains(grant));
    Ok(grants)
}

pub(crate) async fn insert_permit(
    tx: &mut WriteTx,
    permit: &SessionPermit,
    node: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.run_one(
        "insert into permits (id, grant_id, session_id, channel, node, given_at) values ($1, $2, $3, $4, $5, $6)",
        args![permit.id(), permit.grant(), permit.session(), permit.channel().as_str(), node, now],
    )
    .await
}

pub(crate) async fn release_permit(tx: &mut WriteTx, id: &PermitId, now: Timestamp) -> Result<(), DbError> {
    tx.run_one("update permits set released_at = $2 where id = $1 and released_at is null", args![id, now]).await
}

fn grant(mut row: Row) -> Result<Grant, DbError> {
    let id: GrantId = row.take("id")?;
    let json = |column, text: String| {
        let problem = |e: serde_json::Error| DbError::impossible("grants", column, &id, e);
        serde_json::from_str::<serde_json::Value>(&text).map_err(problem)
    };
    let channels = json("channels", row.take("channels")?)?;
    let because = json("because", row.take("because")?)?;
    Ok(Grant {
        holder: row.take("holder")?,
        target: row.take("target")?,
        login: row.take("login")?,
        channels: serde_json::from_value(channels).map_err(|e| DbError::impossible("grants", "channels", &id, e))?,
        window: Window { from: row.take("from_at")?, until: row.take("until_at")? },
        terms: Terms { max_sessions: row.take("max_sessions")? },
        because: serde_json::from_value(because).map_err(|e| DbError::impossible("grants", "because", &id, e))?,
        issued_at: row.take("issued_at")?,
        state: state(&mut row, &id)?,
        id,
    })
}

fn state(row: &mut Row, id: &GrantId) -> Result<State, DbError> {
    let ended_at: Option<Timestamp> = row.take("ended_at")?;
    let gone_at: Option<Timestamp> = row.take("gone_at")?;
    let Some(at) = ended_at else {
        return match gone_at {
            None => Ok(State::Standing),
            Some(_) => Err(DbError::impossible("grants", "gone_at", id, "gone before it ended")),
        };
    };
    let cause: String = row.take("end_cause")?;
    let by: String = row.take("end_actor")?;
    let ended = Ended {
        at,
        cause: end_cause(&cause, id)?,
        by: Actor::try_from(by).map_err(|e| DbError::impossible("grants", "end_actor", id, e))?,
        reason: row.take("end_reason")?,
    };
    Ok(match gone_at {
        None => State::Ended(ended),
        Some(observed_at) => State::Gone { ended, observed_at },
    })
}

fn end_cause(text: &str, id: &GrantId) -> Result<EndCause, DbError> {
    let known = EndCause::ALL.into_iter().find(|known| known.as_str() == text);
    known.ok_or_else(|| DbError::impossible("grants", "end_cause", id, format!("unknown cause {text}")))
}
