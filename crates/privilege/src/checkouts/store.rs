//! All SQL of checkouts.

use super::{After, Checkout, End, EndCause, Filter, Held, LapseCause, State};
use db::{DbError, ReadTx, Row, Value, WriteTx, args};
use std::collections::BTreeSet;
use std::time::Duration;
use types::{Actor, CheckoutId, GrantId, IdentityId, ManagedAccountId, Timestamp};

macro_rules! columns {
    ($rest:literal) => {
        concat!(
            "select id, account, target, login, holder, grant_id, reason, asked_at, seconds, state, answer_by, ",
            "confirmed_by, version, opened_at, due_at, exclusive, one_time, closed_at, cause, end_actor, ",
            "end_reason, rotation_at, gone_at from checkouts ",
            $rest
        )
    };
}

pub(super) async fn get(tx: &mut ReadTx, id: &CheckoutId) -> Result<Option<Checkout>, DbError> {
    tx.one(columns!("where id = $1"), args![id]).await?.map(checkout).transpose()
}

pub(super) async fn list(tx: &mut ReadTx, filter: &Filter) -> Result<Vec<Checkout>, DbError> {
    let sql = columns!(
        "where (cast($1 as text) is null or holder = $1) and (cast($2 as text) is null or target = $2)
           and ($3 = 0 or state in ('pending', 'confirmed', 'open')) and (cast($4 as text) is null or id < $4)
         order by id desc limit $5"
    );
    let (holder, target) = (filter.holder.as_ref(), filter.target.as_deref());
    let values = args![holder, target, i64::from(filter.active), filter.after.as_ref(), filter.limit];
    tx.all(sql, values).await?.into_iter().map(checkout).collect()
}

/// Somebody else's that wait for an answer, oldest first.
pub(super) async fn pending_of_others(tx: &mut ReadTx, me: &IdentityId) -> Result<Vec<Checkout>, DbError> {
    let sql = columns!("where state = 'pending' and holder <> $1 order by id limit 500");
    tx.all(sql, args![me]).await?.into_iter().map(checkout).collect()
}

/// What waits or is open on an account or on the other of its pair.
pub(super) async fn active_on(
    tx: &mut ReadTx,
    account: &ManagedAccountId,
    pair: Option<&ManagedAccountId>,
) -> Result<Vec<Checkout>, DbError> {
    let sql = columns!("where account in ($1, $2) and state in ('pending', 'confirmed', 'open') order by id");
    tx.all(sql, args![account, pair.unwrap_or(account)]).await?.into_iter().map(checkout).collect()
}

/// Those that saw this version and for which another one was ordered.
pub(super) async fn count_outdated(tx: &mut ReadTx, account: &ManagedAccountId, version: u32) -> Result<u64, DbError> {
    let sql = "select count(*) as n from checkouts
               where account = $1 and version = $2 and rotation_at is not null and gone_at is null";
    tx.count(sql, args![account, version]).await
}

/// How often somebody opened an account's credential after a moment; counts to `most`.
pub(super) async fn count_lately(
    tx: &mut ReadTx,
    holder: &IdentityId,
    account: &ManagedAccountId,
    after: Timestamp,
    most: u64,
) -> Result<u64, DbError> {
    let sql = "select count(*) as n from
                 (select opened_at from checkouts where holder = $1 and account = $2 order by id desc limit $4) newest
               where opened_at > $3";
    tx.count(sql, args![holder, account, after, most]).await
}

pub(super) async fn count_of_version(
    tx: &mut ReadTx,
    account: &ManagedAccountId,
    version: u32,
) -> Result<u64, DbError> {
    tx.count("select count(*) as n from checkouts where account = $1 and version = $2", args![account, version]).await
}

/// Of an account: those that somebody has in hand, or whose holder knows its credential still.
pub(super) async fn count_unsettled_on(tx: &mut ReadTx, account: &ManagedAccountId) -> Result<u64, DbError> {
    let sql = "select count(*) as n from checkouts where account = $1 and state <> 'lapsed' and gone_at is null";
    tx.count(sql, args![account]).await
}

/// Of these grants, those with checkouts that are not over, or whose credential lives on.
pub(super) async fn grants_with_left(tx: &mut ReadTx, grants: Vec<Value>) -> Result<BTreeSet<GrantId>, DbError> {
    let sql = "select distinct grant_id from checkouts
               where state <> 'lapsed' and gone_at is null and grant_id in ($keys)";
    tx.all_in(sql, grants).await?.into_iter().map(|mut row| row.take("grant_id")).collect()
}

/// What time or a change of the account may have done something to: late ones, and those whose holder saw a credential
/// that is being changed, or is not the account's any more.
pub(super) async fn due(tx: &mut ReadTx, now: Timestamp) -> Result<Vec<Checkout>, DbError> {
    let sql = columns!(
        "where gone_at is null and state <> 'lapsed' and (
           (state in ('pending', 'confirmed') and answer_by <= $1)
           or (state = 'open' and due_at <= $1)
           or (state in ('returned', 'ended') and (rotation_at is not null or exists
                (select 1 from managed_accounts a where a.id = checkouts.account and a.state = 'settled'
                   and a.current_version <> checkouts.version))))
         order by id"
    );
    tx.all(sql, args![now]).await?.into_iter().map(checkout).collect()
}

/// Under these grants: what is not over, and what was given back without another credential ordered.
pub(super) async fn unordered_of(tx: &mut ReadTx, grants: Vec<Value>) -> Result<Vec<Checkout>, DbError> {
    let sql = columns!("where gone_at is null and rotation_at is null and state <> 'lapsed' and grant_id in ($keys)");
    tx.all_in(sql, grants).await?.into_iter().map(checkout).collect()
}

/// Everything that still has a future, oldest first.
pub(super) async fn unsettled(tx: &mut ReadTx) -> Result<Vec<Checkout>, DbError> {
    let sql = columns!("where gone_at is null and state <> 'lapsed' order by id");
    tx.all(sql, args![]).await?.into_iter().map(checkout).collect()
}

/// Accounts whose current credential was checked out, and by how many people.
pub(crate) async fn seen_by(tx: &mut ReadTx) -> Result<Vec<(String, u64)>, DbError> {
    let sql = "select a.login || '@' || a.target as name, count(distinct c.holder) as people
               from checkouts c join managed_accounts a on a.id = c.account and a.current_version = c.version
               where a.unmanaged_at is null and c.opened_at is not null group by a.id, a.login, a.target order by name";
    let seen = |mut row: Row| Ok((row.take("name")?, row.take("people")?));
    tx.all(sql, args![]).await?.into_iter().map(seen).collect()
}

pub(super) async fn insert(tx: &mut WriteTx, new: &Checkout) -> Result<(), DbError> {
    let row = Columns::of(&new.state);
    tx.run_one(
        "insert into checkouts (id, account, target, login, holder, grant_id, reason, asked_at, seconds, state,
           answer_by, confirmed_by, version, opened_at, due_at, exclusive, one_time, closed_at, cause, end_actor,
           end_reason, rotation_at, gone_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)",
        args![
            &new.id,
            &new.account,
            &new.target,
            &new.login,
            &new.holder,
            &new.grant,
            &new.reason,
            new.asked_at,
            new.length.as_secs(),
            new.state.word(),
            row.answer_by,
            row.confirmed_by.as_ref(),
            row.version.map(i64::from),
            row.opened_at,
            row.due_at,
            row.exclusive.map(i64::from),
            row.one_time.map(i64::from),
            row.closed_at,
            row.cause,
            row.end_actor.as_deref(),
            row.end_reason.as_deref(),
            row.rotation_at,
            row.gone_at,
        ],
    )
    .await
}

/// The next state, unless another came first: `before` is the state that this one follows from.
pub(super) async fn update(tx: &mut WriteTx, before: &State, after: &Checkout) -> Result<(), DbError> {
    let row = Columns::of(&after.state);
    tx.run_one(
        "update checkouts set account = $3, state = $4, answer_by = $5, confirmed_by = $6, version = $7,
           opened_at = $8, due_at = $9, exclusive = $10, one_time = $11, closed_at = $12, cause = $13,
           end_actor = $14, end_reason = $15, rotation_at = coalesce($16, rotation_at), gone_at = $17, grant_id = $18
         where id = $1 and state = $2 and gone_at is null",
        args![
            &after.id,
            before.word(),
            &after.account,
            after.state.word(),
            row.answer_by,
            row.confirmed_by.as_ref(),
            row.version.map(i64::from),
            row.opened_at,
            row.due_at,
            row.exclusive.map(i64::from),
            row.one_time.map(i64::from),
            row.closed_at,
            row.cause,
            row.end_actor.as_deref(),
            row.end_reason.as_deref(),
            row.rotation_at,
            row.gone_at,
            &after.grant,
        ],
    )
    .await
}

/// A state as its columns.
#[derive(Default)]
struct Columns {
    answer_by: Option<Timestamp>,
    confirmed_by: Option<IdentityId>,
    version: Option<u32>,
    opened_at: Option<Timestamp>,
    due_at: Option<Timestamp>,
    exclusive: Option<bool>,
    one_time: Option<bool>,
    closed_at: Option<Timestamp>,
    cause: Option<&'static str>,
    end_actor: Option<String>,
    end_reason: Option<String>,
    rotation_at: Option<Timestamp>,
    gone_at: Option<Timestamp>,
}

impl Columns {
    fn of(state: &State) -> Self {
        match state {
            State::Pending { answer_by } => Self { answer_by: Some(*answer_by), ..Self::default() },
            State::Confirmed { by, answer_by } => {
                Self { answer_by: Some(*answer_by), confirmed_by: Some(by.clone()), ..Self::default() }
            }
            State::Open(held) => Self::held(held),
            State::Returned { held, at, after } => Self { closed_at: Some(*at), ..Self::held(held) }.after(*after),
            State::Ended { held, end, after } => Self {
                closed_at: Some(end.at),
                cause: Some(end.cause.as_str()),
                end_actor: Some(end.by.to_string()),
                end_reason: end.reason.clone(),
                ..Self::held(held)
            }
            .after(*after),
            State::Lapsed { at, cause } => {
                Self { closed_at: Some(*at), cause: Some(cause.as_str()), ..Self::default() }
            }
        }
    }

    fn held(held: &Held) -> Self {
        Self {
            confirmed_by: held.confirmed_by.clone(),
            version: Some(held.version),
            opened_at: Some(held.from),
            due_at: Some(held.due_at),
            exclusive: Some(held.exclusive),
            one_time: Some(held.one_time),
            ..Self::default()
        }
    }

    /// A credential that is gone without an order was changed for another reason.
    fn after(self, after: After) -> Self {
        match after {
            After::Stays => self,
            After::Ordered { at } => Self { rotation_at: Some(at), ..self },
            After::Gone { at } => Self { gone_at: Some(at), ..self },
        }
    }
}

fn checkout(mut row: Row) -> Result<Checkout, DbError> {
    let id: CheckoutId = row.take("id")?;
    Ok(Checkout {
        account: row.take("account")?,
        target: row.take("target")?,
        login: row.take("login")?,
        holder: row.take("holder")?,
        grant: row.take("grant_id")?,
        reason: row.take("reason")?,
        asked_at: row.take("asked_at")?,
        length: Duration::from_secs(row.take("seconds")?),
        state: state(&mut row, &id)?,
        id,
    })
}

fn state(row: &mut Row, id: &CheckoutId) -> Result<State, DbError> {
    let word: String = row.take("state")?;
    let cause: Option<String> = row.take("cause")?;
    let bad_cause =
        || DbError::impossible("checkouts", "cause", id, format!("`{cause:?}` ends nothing that is {word}"));
    Ok(match word.as_str() {
        "pending" => State::Pending { answer_by: row.take("answer_by")? },
        "confirmed" => State::Confirmed { by: row.take("confirmed_by")?, answer_by: row.take("answer_by")? },
        "open" => State::Open(held(row)?),
        "returned" => State::Returned { held: held(row)?, at: row.take("closed_at")?, after: after(row)? },
        "ended" => {
            let by = Actor::try_from(row.take::<String>("end_actor")?);
            let end = End {
                at: row.take("closed_at")?,
                cause: cause.as_deref().and_then(EndCause::read).ok_or_else(bad_cause)?,
                by: by.map_err(|e| DbError::impossible("checkouts", "end_actor", id, e))?,
                reason: row.take("end_reason")?,
            };
            State::Ended { held: held(row)?, end, after: after(row)? }
        }
        "lapsed" => State::Lapsed {
            at: row.take("closed_at")?,
            cause: cause.as_deref().and_then(LapseCause::read).ok_or_else(bad_cause)?,
        },
        other => return Err(DbError::impossible("checkouts", "state", id, format!("unknown state {other}"))),
    })
}

fn held(row: &mut Row) -> Result<Held, DbError> {
    Ok(Held {
        version: row.take("version")?,
        from: row.take("opened_at")?,
        due_at: row.take("due_at")?,
        exclusive: row.take::<i64>("exclusive")? != 0,
        one_time: row.take::<i64>("one_time")? != 0,
        confirmed_by: row.take("confirmed_by")?,
    })
}

fn after(row: &mut Row) -> Result<After, DbError> {
    Ok(match (row.take("rotation_at")?, row.take("gone_at")?) {
        (_, Some(at)) => After::Gone { at },
        (Some(at), None) => After::Ordered { at },
        (None, None) => After::Stays,
    })
}
