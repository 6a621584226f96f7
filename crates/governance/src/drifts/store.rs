//! All SQL of drifts.

use super::{Answer, Decided, Drift, Filter};
use db::{DbError, ReadTx, Row, Value, WriteTx, args};
use provisioning::Act;
use std::collections::HashMap;
use types::{DriftId, IdentityId, Timestamp};

macro_rules! drifts {
    ($rest:literal) => {
        concat!(
            "select id, system, subject, act, identity, account, entitlement, privileged, found_at, state, decided_at, ",
            "decided_by, over_at from drifts ",
            $rest
        )
    };
}

pub(crate) async fn get(tx: &mut ReadTx, id: &DriftId) -> Result<Option<Drift>, DbError> {
    tx.one(drifts!("where id = $1"), args![id]).await?.map(drift).transpose()
}

pub(super) async fn list(tx: &mut ReadTx, filter: &Filter) -> Result<Vec<Drift>, DbError> {
    let sql = drifts!(
        "where (cast($1 as text) is null or system = $1) and (cast($2 as text) is null or identity = $2)
           and (cast($3 as text) is null or state = $3) and ($4 = -1 or privileged = $4)
           and (cast($5 as text) is null or id < $5) order by id desc limit $6"
    );
    let values = args![
        filter.system.as_deref(),
        filter.identity.as_ref(),
        filter.state.as_deref(),
        filter.privileged.map_or(-1, i64::from),
        filter.after.as_ref(),
        filter.limit,
    ];
    tx.all(sql, values).await?.into_iter().map(drift).collect()
}

/// Those of these ids that there are.
pub(crate) async fn known(tx: &mut ReadTx, ids: Vec<Value>) -> Result<Vec<String>, DbError> {
    let rows = tx.all_in("select id from drifts where id in ($keys)", ids).await?;
    rows.into_iter().map(|mut row| row.take("id")).collect()
}

/// Those of these people that are not over.
pub(crate) async fn live_of(
    tx: &mut ReadTx,
    system: &str,
    people: &[IdentityId],
) -> Result<HashMap<IdentityId, Vec<Drift>>, DbError> {
    let sql = drifts!("where system = $1 and state <> 'over' and identity in ($keys)");
    let mut live: HashMap<IdentityId, Vec<Drift>> = HashMap::new();
    for row in tx.all_behind(sql, args![system], people.iter().map(Value::from).collect()).await? {
        let drift = drift(row)?;
        let of = live.entry(drift.identity.clone()).or_default();
        // A statement for several keys at once may give a row more than once.
        if !of.contains(&drift) {
            of.push(drift);
        }
    }
    Ok(live)
}

/// Whoever's account differs by one that waits, or is being changed back.
pub(crate) async fn people_of_open(tx: &mut ReadTx, system: &str) -> Result<Vec<IdentityId>, DbError> {
    let sql = "select distinct identity from drifts where system = $1 and state in ('waiting', 'reverting')";
    tx.all(sql, args![system]).await?.into_iter().map(|mut row| row.take("identity")).collect()
}

/// A new one, or what became of one that is known.
pub(super) async fn save(tx: &mut WriteTx, drift: &Drift) -> Result<(), DbError> {
    let (decided_at, decided_by, over_at) = columns(&drift.answer);
    tx.run_one(
        "insert into drifts (id, system, subject, act, identity, account, entitlement, privileged, found_at, state,
           decided_at, decided_by, over_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
         on conflict (id) do update set state = excluded.state, decided_at = excluded.decided_at,
           decided_by = excluded.decided_by, over_at = excluded.over_at",
        args![
            &drift.id,
            &drift.system,
            &drift.subject,
            drift.act.as_str(),
            &drift.identity,
            drift.account.as_ref(),
            drift.entitlement.as_ref(),
            i64::from(drift.privileged),
            drift.found_at,
            drift.answer.as_str(),
            decided_at,
            decided_by,
            over_at
        ],
    )
    .await
}

pub(super) async fn update(tx: &mut WriteTx, drift: &Drift) -> Result<(), DbError> {
    let (decided_at, decided_by, over_at) = columns(&drift.answer);
    tx.run_one(
        "update drifts set state = $2, decided_at = $3, decided_by = $4, over_at = $5 where id = $1 and state <> 'over'",
        args![&drift.id, drift.answer.as_str(), decided_at, decided_by, over_at],
    )
    .await
}

fn columns(answer: &Answer) -> (Option<Timestamp>, Option<&IdentityId>, Option<Timestamp>) {
    let decided = answer.decided();
    let over_at = match answer {
        Answer::Over { at, .. } => Some(*at),
        _ => None,
    };
    (decided.map(|decided| decided.at), decided.and_then(|decided| decided.by.as_ref()), over_at)
}

fn drift(mut row: Row) -> Result<Drift, DbError> {
    let id: DriftId = row.take("id")?;
    let (act, state): (String, String) = (row.take("act")?, row.take("state")?);
    let no_act = || DbError::impossible("drifts", "act", &id, format!("unknown act {act}"));
    let (at, by): (Option<Timestamp>, Option<IdentityId>) = (row.take("decided_at")?, row.take("decided_by")?);
    let decided = at.map(|at| Decided { at, by });
    let answer = match (state.as_str(), decided, row.take::<Option<Timestamp>>("over_at")?) {
        ("waiting", None, None) => Answer::Waiting,
        ("reverting", Some(decided), None) => Answer::Reverting(decided),
        ("accepted", Some(decided), None) => Answer::Accepted(decided),
        ("over", decided, Some(at)) => Answer::Over { at, decided },
        _ => return Err(DbError::impossible("drifts", "state", &id, format!("not what one has that is {state}"))),
    };
    let privileged: i64 = row.take("privileged")?;
    Ok(Drift {
        system: row.take("system")?,
        subject: row.take("subject")?,
        act: Act::ALL.into_iter().find(|known| known.as_str() == act).ok_or_else(no_act)?,
        identity: row.take("identity")?,
        account: row.take("account")?,
        entitlement: row.take("entitlement")?,
        privileged: privileged == 1,
        found_at: row.take("found_at")?,
        answer,
        id,
    })
}
