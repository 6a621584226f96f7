//! All SQL of requests.

use super::{AccessRequest, Decided, Filter, State, StateName};
use db::{DbError, ReadTx, Row, WriteTx, args};
use types::{Actor, GrantId, IdentityId, RequestId, Timestamp};

macro_rules! requests {
    ($rest:literal) => {
        concat!(
            "select id, requester, beneficiary, system, login, channels, minutes, reason, role, submitted_at, state, ",
            "expires_at, settled_at, settled_by, settled_reason, settled_because, grant_id from requests ",
            $rest
        )
    };
}

pub(crate) async fn get(tx: &mut ReadTx, id: &RequestId) -> Result<Option<AccessRequest>, DbError> {
    tx.one(requests!("where id = $1"), args![id]).await?.map(request).transpose()
}

pub(super) async fn list(tx: &mut ReadTx, filter: &Filter) -> Result<Vec<AccessRequest>, DbError> {
    let sql = requests!(
        "where (cast($1 as text) is null or requester = $1 or beneficiary = $1)
           and (cast($2 as text) is null or system = $2) and (cast($3 as text) is null or state = $3)
           and (cast($4 as text) is null or id < $4) order by id desc limit $5"
    );
    let state = filter.state.map(StateName::as_str);
    let values = args![filter.of.as_ref(), filter.system.as_deref(), state, filter.after.as_ref(), filter.limit];
    tx.all(sql, values).await?.into_iter().map(request).collect()
}

pub(super) async fn pending(tx: &mut ReadTx, after: Option<&RequestId>) -> Result<Vec<AccessRequest>, DbError> {
    let sql = requests!("where state = 'pending' and (cast($1 as text) is null or id > $1) order by id");
    tx.all(sql, args![after]).await?.into_iter().map(request).collect()
}

pub(crate) async fn pending_of(tx: &mut ReadTx, identity: &IdentityId) -> Result<Vec<AccessRequest>, DbError> {
    let sql = requests!("where state = 'pending' and (beneficiary = $1 or requester = $1) order by id");
    tx.all(sql, args![identity]).await?.into_iter().map(request).collect()
}

pub(super) async fn pending_for_login(
    tx: &mut ReadTx,
    beneficiary: &IdentityId,
    system: &str,
    login: &str,
    now: Timestamp,
) -> Result<Option<RequestId>, DbError> {
    let sql = "select id from requests where state = 'pending' and beneficiary = $1 and system = $2 and login = $3
                 and expires_at > $4 order by id limit 1";
    tx.one(sql, args![beneficiary, system, login, now]).await?.map(|mut row| row.take("id")).transpose()
}

pub(super) async fn due(tx: &mut ReadTx, now: Timestamp) -> Result<Vec<RequestId>, DbError> {
    let sql = "select id from requests where state = 'pending' and expires_at <= $1 order by expires_at, id";
    tx.all(sql, args![now]).await?.into_iter().map(|mut row| row.take("id")).collect()
}

/// Requests that somebody approved or denied, by id.
pub(crate) async fn decided(
    tx: &mut ReadTx,
    after: Option<&RequestId>,
    limit: u32,
) -> Result<Vec<AccessRequest>, DbError> {
    let sql = requests!(
        "where state in ('approved', 'denied') and (cast($1 as text) is null or id > $1) order by id limit $2"
    );
    tx.all(sql, args![after, limit]).await?.into_iter().map(request).collect()
}

pub(super) async fn insert(tx: &mut WriteTx, request: &AccessRequest) -> Result<(), DbError> {
    let State::Pending { expires_at } = request.state else {
        return Err(DbError::impossible("requests", "state", &request.id, "a new request that is not pending"));
    };
    let channels = serde_json::to_string(&request.channels).expect("channels are plain data");
    tx.run_one(
        "insert into requests (id, requester, beneficiary, system, login, channels, minutes, reason, role, submitted_at,
           state, expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'pending', $11)",
        args![
            &request.id,
            &request.requester,
            &request.beneficiary,
            &request.system,
            &request.login,
            channels,
            request.minutes,
            &request.reason,
            &request.role,
            request.submitted_at,
            expires_at,
        ],
    )
    .await
}

/// Writes the state that a pending request went into.
pub(super) async fn settle(tx: &mut WriteTx, request: &AccessRequest) -> Result<(), DbError> {
    let (at, by, reason, because) = match &request.state {
        State::Pending { .. } => return Ok(()),
        State::Approved { decided, .. } | State::Denied { decided } => {
            (decided.at, Some(decided.by.to_string()), Some(&decided.reason), Some(&decided.because))
        }
        State::Cancelled { at, by, why } => (*at, Some(by.to_string()), Some(why), None),
        State::Expired { at } => (*at, None, None, None),
    };
    tx.run_one(
        "update requests set state = $2, settled_at = $3, settled_by = $4, settled_reason = $5, settled_because = $6,
           grant_id = $7 where id = $1 and state = 'pending'",
        args![&request.id, request.state_name().as_str(), at, by, reason.cloned(), because.cloned(), request.grant(),],
    )
    .await
}

fn request(mut row: Row) -> Result<AccessRequest, DbError> {
    let id: RequestId = row.take("id")?;
    let channels: String = row.take("channels")?;
    Ok(AccessRequest {
        requester: row.take("requester")?,
        beneficiary: row.take("beneficiary")?,
        system: row.take("system")?,
        login: row.take("login")?,
        channels: serde_json::from_str(&channels).map_err(|e| DbError::impossible("requests", "channels", &id, e))?,
        minutes: row.take("minutes")?,
        reason: row.take("reason")?,
        role: row.take("role")?,
        submitted_at: row.take("submitted_at")?,
        state: state(&mut row, &id)?,
        id,
    })
}

fn state(row: &mut Row, id: &RequestId) -> Result<State, DbError> {
    let name: String = row.take("state")?;
    let by: Option<String> = row.take("settled_by")?;
    Ok(match name.as_str() {
        "pending" => State::Pending { expires_at: row.take("expires_at")? },
        "approved" => State::Approved { decided: decided_by(row, id, by)?, grant: row.take::<GrantId>("grant_id")? },
        "denied" => State::Denied { decided: decided_by(row, id, by)? },
        "cancelled" => State::Cancelled {
            at: row.take("settled_at")?,
            by: Actor::try_from(by.unwrap_or_default())
                .map_err(|e| DbError::impossible("requests", "settled_by", id, e))?,
            why: row.take("settled_reason")?,
        },
        "expired" => State::Expired { at: row.take("settled_at")? },
        other => return Err(DbError::impossible("requests", "state", id, format!("unknown state {other}"))),
    })
}

fn decided_by(row: &mut Row, id: &RequestId, by: Option<String>) -> Result<Decided, DbError> {
    let by = by.unwrap_or_default();
    Ok(Decided {
        at: row.take("settled_at")?,
        by: by.parse().map_err(|e| DbError::impossible("requests", "settled_by", id, e))?,
        reason: row.take("settled_reason")?,
        because: row.take("settled_because")?,
    })
}
