//! All SQL of orders.

use crate::machine::{Observer, State};
use crate::{Act, Cause, Order, Rank};
use db::{DbError, ReadTx, Row, Value, WriteTx, args};
use seal::Column;
use types::{IdentityId, ObservedAccountId, OrderId, Timestamp};

pub(crate) const SEALED_BODIES: &Column = &seal::column!("orders", "body_sealed", "orders", "id", "body_sealed");

macro_rules! columns {
    ($rest:literal) => {
        concat!(
            "select id, system, subject_key, identity, cause, because, rank, act, account, login, entitlement, plan, ",
            "state, fence, attempts, reopened, ordered_at, due_at, sent_at, done_at, over_at, observer, native_id, ",
            "trouble, supersedes from orders ",
            $rest
        )
    };
}

/// Orders of which something is to happen still, in the words of the index that holds them alone: what is asked again and
/// again must not take longer the more there ever were.
macro_rules! unfinished {
    () => {
        "state in ('queued', 'ordered', 'sending', 'unknown', 'waiting', 'waiting_for_person', 'done')"
    };
}

/// Which orders to list. `None` does not narrow.
#[derive(Debug, Clone, Default)]
pub struct OrderFilter {
    pub system: Option<String>,
    pub plan: Option<String>,
    pub identity: Option<IdentityId>,
    /// Id of what they follow from.
    pub because: Option<String>,
    /// As [`State::as_str`] says.
    pub state: Option<String>,
    /// Only those of which something is to happen still.
    pub open: bool,
    /// Continue after this one (newest first).
    pub after: Option<OrderId>,
    pub limit: u32,
}

pub(crate) async fn get(tx: &mut ReadTx, id: &OrderId) -> Result<Option<Order>, DbError> {
    tx.one(columns!("where id = $1"), args![id]).await?.map(order).transpose()
}

pub(crate) async fn list(tx: &mut ReadTx, filter: &OrderFilter) -> Result<Vec<Order>, DbError> {
    macro_rules! listed {
        ($($which:expr),*) => {
            concat!(
                columns!("where "), $($which,)*
                "(cast($1 as text) is null or system = $1) and (cast($2 as text) is null or plan = $2)
                   and (cast($3 as text) is null or identity = $3) and (cast($4 as text) is null or because = $4)
                   and (cast($5 as text) is null or state = $5) and (cast($6 as text) is null or id < $6)
                 order by id desc limit $7"
            )
        };
    }
    let sql = match filter.open {
        true => listed!("id in (select id from orders where ", unfinished!(), ") and "),
        false => listed!(),
    };
    let values = args![
        filter.system.as_deref(),
        filter.plan.as_deref(),
        filter.identity.as_ref(),
        filter.because.as_deref(),
        filter.state.as_deref(),
        filter.after.as_ref(),
        filter.limit,
    ];
    all(tx, sql, values).await
}

/// Those about these subjects that a newer order has something to do with.
pub(crate) async fn live_on(tx: &mut ReadTx, system: &str, subjects: Vec<Value>) -> Result<Vec<Order>, DbError> {
    let sql = columns!("where system = $1 and state not in ('superseded', 'observed') and subject_key in ($keys)");
    let mut orders: Vec<Order> =
        tx.all_behind(sql, args![system], subjects).await?.into_iter().map(order).collect::<Result<_, _>>()?;
    orders.sort_by(|a, b| a.id.cmp(&b.id));
    orders.dedup_by(|a, b| a.id == b.id);
    Ok(orders)
}

/// Those about these subjects that nothing took the place of, in the order of their ids.
pub(crate) async fn standing_on(tx: &mut ReadTx, system: &str, subjects: Vec<Value>) -> Result<Vec<Order>, DbError> {
    let sql = columns!("where system = $1 and state <> 'superseded' and subject_key in ($keys)");
    let mut orders: Vec<Order> =
        tx.all_behind(sql, args![system], subjects).await?.into_iter().map(order).collect::<Result<_, _>>()?;
    orders.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(orders)
}

/// Orders of one system that are alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    pub act: Act,
    pub rank: Rank,
    pub plan: Option<String>,
    pub orders: u64,
}

pub(crate) async fn given_since(tx: &mut ReadTx, system: &str, since: Timestamp) -> Result<Vec<Given>, DbError> {
    let sql = "select act, rank, plan, count(*) as n from orders where system = $1 and ordered_at > $2
               group by act, rank, plan order by act, rank, plan";
    let given = |mut row: Row| {
        let act: String = row.take("act")?;
        let known = Act::ALL.into_iter().find(|known| known.as_str() == act);
        Ok(Given {
            act: known.ok_or_else(|| DbError::impossible("orders", "act", system, format!("unknown act {act}")))?,
            rank: Rank(row.take("rank")?),
            plan: row.take("plan")?,
            orders: row.take("n")?,
        })
    };
    tx.all(sql, args![system, since]).await?.into_iter().map(given).collect()
}

pub(crate) async fn oldest(tx: &mut ReadTx, after: Option<&OrderId>, limit: u32) -> Result<Vec<Order>, DbError> {
    all(tx, columns!("where cast($1 as text) is null or id > $1 order by id limit $2"), args![after, limit]).await
}

/// Those of one account that an observation may settle, or reopen.
pub(crate) async fn live_of(tx: &mut ReadTx, account: &ObservedAccountId) -> Result<Vec<Order>, DbError> {
    all(tx, columns!("where account = $1 and state not in ('superseded', 'observed') order by id"), args![account])
        .await
}

/// Those that are to give a person something, or were refused.
pub(crate) async fn gifts_to(tx: &mut ReadTx, identity: &IdentityId) -> Result<Vec<Order>, DbError> {
    let sql = columns!(
        "where identity = $1 and act in ('create', 'change', 'enable', 'grant')
           and state not in ('superseded', 'observed') order by id"
    );
    all(tx, sql, args![identity]).await
}

/// Those that are to make accounts for these people, and are not done.
pub(crate) async fn making(tx: &mut ReadTx, system: &str, people: Vec<Value>) -> Result<Vec<Order>, DbError> {
    let sql = concat!(columns!("where system = $1 and act = 'create' and "), unfinished!(), " and identity in ($keys)");
    tx.all_behind(sql, args![system], people).await?.into_iter().map(order).collect()
}

/// Those that take something from a person or from an account of theirs.
pub(crate) async fn against(tx: &mut ReadTx, identity: &IdentityId) -> Result<Vec<Order>, DbError> {
    let sql = columns!(
        "where (identity = $1 or account in (select a.id from observed_accounts a where a.identity = $1))
           and act in ('revoke', 'disable', 'delete') and state not in ('superseded', 'observed') order by id"
    );
    all(tx, sql, args![identity]).await
}

/// Whom something is still to be taken from because they left.
pub(crate) async fn leavers(tx: &mut ReadTx) -> Result<Vec<IdentityId>, DbError> {
    let sql = concat!(
        "select distinct identity from orders where id in (select id from orders where ",
        unfinished!(),
        " and state <> 'queued') and cause = 'leaver' and identity is not null order by identity"
    );
    tx.all(sql, args![]).await?.into_iter().map(|mut row| row.take("identity")).collect()
}

/// People of whom a system refused something since.
pub(crate) async fn refused_since(tx: &mut ReadTx, system: &str, since: Timestamp) -> Result<Vec<IdentityId>, DbError> {
    let sql = "select distinct identity from orders where system = $1 and state in ('refused', 'conflict')
                 and ordered_at > $2 and identity is not null order by identity";
    tx.all(sql, args![system, since]).await?.into_iter().map(|mut row| row.take("identity")).collect()
}

/// Those that no account is known for yet, by the login as they name it.
pub(crate) async fn by_login(tx: &mut ReadTx, system: &str, logins: Vec<Value>) -> Result<Vec<Order>, DbError> {
    let sql = columns!("where system = $1 and account is null and state <> 'superseded' and login in ($keys)");
    tx.all_behind(sql, args![system], logins).await?.into_iter().map(order).collect()
}

pub(crate) async fn follower(tx: &mut ReadTx, system: &str, subject: &str) -> Result<Option<Order>, DbError> {
    let sql = columns!("where system = $1 and subject_key = $2 and state = 'queued'");
    tx.one(sql, args![system, subject]).await?.map(order).transpose()
}

/// Subjects of a system with an order that waits behind another.
pub(crate) async fn followed(tx: &mut ReadTx, system: &str, subjects: Vec<Value>) -> Result<Vec<String>, DbError> {
    let sql = "select subject_key from orders where system = $1 and state = 'queued' and subject_key in ($keys)";
    tx.all_behind(sql, args![system], subjects).await?.into_iter().map(|mut row| row.take("subject_key")).collect()
}

/// Those that could be sent now, in the order of sending; more than will be.
pub(crate) async fn due(tx: &mut ReadTx, system: &str, now: Timestamp, limit: u32) -> Result<Vec<Order>, DbError> {
    // Inside an account one after another. What gives something waits for all that comes before it; what takes something
    // away waits for answers alone, so that one that cannot be carried out holds no other up.
    let sql = concat!(
        columns!("where system = $1 and "),
        unfinished!(),
        " and (state = 'ordered' or (state = 'waiting' and due_at <= $2))
           and (account is not null or act = 'create')
           and not exists (select 1 from orders o where o.account = orders.account and o.id <> orders.id
             and o.state in ('sending', 'unknown'))
           and (act in ('revoke', 'disable') or not exists (select 1 from orders o where o.account = orders.account
             and o.id <> orders.id and o.rank < orders.rank
             and o.state in ('ordered', 'waiting', 'waiting_for_person', 'queued')))
         order by rank, ordered_at, id limit $3"
    );
    all(tx, sql, args![system, now, limit]).await
}

/// Those that a person can be asked for now, who goes about them in any order.
pub(crate) async fn due_for_person(
    tx: &mut ReadTx,
    system: &str,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<Order>, DbError> {
    let sql = concat!(
        columns!("where system = $1 and "),
        unfinished!(),
        " and (state = 'ordered' or (state = 'waiting' and due_at <= $2)) order by rank, ordered_at, id limit $3"
    );
    all(tx, sql, args![system, now, limit]).await
}

/// Those that wait for a person, in order of their ids.
pub(crate) async fn waiting_for_person(tx: &mut ReadTx) -> Result<Vec<OrderId>, DbError> {
    let rows = tx.all("select id from orders where state = 'waiting_for_person' order by id", args![]).await?;
    rows.into_iter().map(|mut row| row.take("id")).collect()
}

/// Those whose system has to be looked at, after one.
pub(crate) async fn unseen(
    tx: &mut ReadTx,
    system: &str,
    after: Option<&OrderId>,
    limit: u32,
) -> Result<Vec<Order>, DbError> {
    let sql = columns!(
        "where system = $1 and state in ('unknown', 'done') and (cast($2 as text) is null or id > $2) order by id limit $3"
    );
    all(tx, sql, args![system, after, limit]).await
}

/// Those that somebody took and left.
pub(crate) async fn sending(tx: &mut ReadTx, system: &str) -> Result<Vec<Order>, DbError> {
    all(tx, columns!("where system = $1 and state = 'sending' order by id"), args![system]).await
}

/// When the next of them can be sent or looked at; `None` when nothing is open but what waits for a person, or for an
/// account that nobody has seen.
pub(crate) async fn next_due(tx: &mut ReadTx, system: &str) -> Result<Option<Timestamp>, DbError> {
    let sql = "select min(coalesce(due_at, ordered_at)) as at from orders
               where system = $1 and state in ('queued', 'ordered', 'sending', 'unknown', 'waiting', 'done')
                 and (account is not null or act = 'create')";
    match tx.one(sql, args![system]).await? {
        Some(mut row) => row.take("at"),
        None => Ok(None),
    }
}

/// Systems with something open, and since when the oldest of what takes something away waits to be seen gone.
pub(crate) async fn backlog(tx: &mut ReadTx) -> Result<Vec<(String, u64, Option<Timestamp>)>, DbError> {
    let sql = concat!(
        "select system, count(*) as n, min(case when act in ('revoke', 'disable', 'delete') then ordered_at end) as at
         from orders where ",
        unfinished!(),
        " and state <> 'waiting_for_person' and (account is not null or act = 'create') group by system order by system"
    );
    let row = |mut row: Row| Ok((row.take("system")?, row.take("n")?, row.take("at")?));
    tx.all(sql, args![]).await?.into_iter().map(row).collect()
}

pub(crate) async fn any(tx: &mut ReadTx, system: &str) -> Result<bool, DbError> {
    Ok(tx.one("select 1 as n from orders where system = $1 limit 1", args![system]).await?.is_some())
}

pub(crate) async fn insert(tx: &mut WriteTx, orders: &[(Order, Vec<u8>)]) -> Result<(), DbError> {
    let rows = orders.iter().map(|(order, body)| row_of(order, body.clone())).collect();
    tx.insert_all(
        "insert into orders (id, system, subject_key, identity, cause, because, rank, act, account, login, entitlement,
           body_sealed, plan, state, fence, attempts, reopened, ordered_at, supersedes)",
        rows,
    )
    .await
}

fn row_of(order: &Order, body: Vec<u8>) -> Vec<Value> {
    args![
        &order.id,
        &order.system,
        &order.subject_key,
        order.identity.as_ref(),
        order.cause.as_str(),
        &order.because,
        order.rank.0,
        order.act.as_str(),
        order.account.as_ref(),
        order.login.as_deref(),
        order.entitlement.as_ref(),
        body,
        order.plan.as_deref(),
        order.state.as_str(),
        order.fence,
        order.attempts,
        order.reopened,
        order.ordered_at,
        order.supersedes.as_ref(),
    ]
}

/// The order with its new state; nobody else has taken it meanwhile.
pub(crate) async fn update(tx: &mut WriteTx, order: &Order, fence: u32) -> Result<(), DbError> {
    let columns = Columns::of(&order.state);
    tx.run_one(
        "update orders set state = $3, fence = $4, attempts = $5, reopened = $6, due_at = $7, sent_at = $8, done_at = $9,
           over_at = $10, observer = $11, native_id = $12, trouble = $13,
           body_sealed = case when $14 = 1 then $15 else body_sealed end
         where id = $1 and fence = $2",
        args![
            &order.id,
            fence,
            order.state.as_str(),
            order.fence,
            order.attempts,
            order.reopened,
            columns.due_at,
            order.sent_at,
            columns.done_at,
            columns.over_at,
            columns.observer,
            columns.native_id,
            order.state.trouble(),
            i64::from(columns.forgets),
            Vec::<u8>::new(),
        ],
    )
    .await
}

/// From now on it is about an account that was observed.
pub(crate) async fn set_account(
    tx: &mut WriteTx,
    id: &OrderId,
    account: &ObservedAccountId,
    subject: &str,
) -> Result<(), DbError> {
    tx.run_one("update orders set account = $2, subject_key = $3 where id = $1", args![id, account, subject]).await
}

pub(crate) async fn forget_account(tx: &mut WriteTx, id: &OrderId, subject: &str) -> Result<(), DbError> {
    tx.run_one("update orders set account = null, subject_key = $2 where id = $1", args![id, subject]).await
}

pub(crate) async fn body(tx: &mut ReadTx, id: &OrderId) -> Result<Option<Vec<u8>>, DbError> {
    let row = tx.one("select body_sealed from orders where id = $1", args![id]).await?;
    row.map(|mut row| row.take("body_sealed")).transpose()
}

pub(crate) async fn set_body(tx: &mut WriteTx, id: &OrderId, sealed: Vec<u8>) -> Result<(), DbError> {
    tx.run_one("update orders set body_sealed = $2 where id = $1", args![id, sealed]).await
}

/// What a state keeps beside its name.
#[derive(Default)]
struct Columns {
    due_at: Option<Timestamp>,
    done_at: Option<Timestamp>,
    over_at: Option<Timestamp>,
    observer: Option<&'static str>,
    native_id: Option<String>,
    /// What it was to set is needed no more.
    forgets: bool,
}

impl Columns {
    fn of(state: &State) -> Self {
        let over = |at: &Timestamp, by: Option<Observer>| Self {
            over_at: Some(*at),
            observer: by.map(observer_word),
            forgets: true,
            ..Self::default()
        };
        match state {
            State::Waiting { until, .. } => Self { due_at: Some(*until), ..Self::default() },
            State::Done { at } => Self { done_at: Some(*at), ..Self::default() },
            State::WaitingForPerson { since } => Self { due_at: Some(*since), ..Self::default() },
            State::Observed { at, by } | State::Gone { at, by } => over(at, Some(*by)),
            State::Superseded { at } => over(at, None),
            State::Conflict { native_id, .. } => Self { native_id: native_id.clone(), ..Self::default() },
            State::Queued | State::Ordered | State::Sending { .. } | State::Unknown { .. } | State::Refused { .. } => {
                Self::default()
            }
        }
    }
}

const fn observer_word(by: Observer) -> &'static str {
    match by {
        Observer::Read => "read",
        Observer::Person => "person",
    }
}

async fn all(tx: &mut ReadTx, sql: &'static str, args: Vec<Value>) -> Result<Vec<Order>, DbError> {
    tx.all(sql, args).await?.into_iter().map(order).collect()
}

fn order(mut row: Row) -> Result<Order, DbError> {
    let id: OrderId = row.take("id")?;
    let (cause, act): (String, String) = (row.take("cause")?, row.take("act")?);
    let no_cause = || DbError::impossible("orders", "cause", &id, format!("unknown cause {cause}"));
    let no_act = || DbError::impossible("orders", "act", &id, format!("unknown act {act}"));
    let sent_at = row.take("sent_at")?;
    Ok(Order {
        system: row.take("system")?,
        subject_key: row.take("subject_key")?,
        identity: row.take("identity")?,
        cause: Cause::ALL.into_iter().find(|known| known.as_str() == cause).ok_or_else(no_cause)?,
        because: row.take("because")?,
        rank: Rank(row.take("rank")?),
        act: Act::ALL.into_iter().find(|known| known.as_str() == act).ok_or_else(no_act)?,
        account: row.take("account")?,
        login: row.take("login")?,
        entitlement: row.take("entitlement")?,
        plan: row.take("plan")?,
        fence: row.take("fence")?,
        attempts: row.take("attempts")?,
        reopened: row.take("reopened")?,
        ordered_at: row.take("ordered_at")?,
        supersedes: row.take("supersedes")?,
        state: state(&mut row, &id, sent_at)?,
        sent_at,
        id,
    })
}

fn state(row: &mut Row, id: &OrderId, sent_at: Option<Timestamp>) -> Result<State, DbError> {
    let word: String = row.take("state")?;
    let missing = |column| DbError::impossible("orders", column, id, "is empty in this state");
    let trouble: Option<String> = row.take("trouble")?;
    let trouble = move || trouble.ok_or_else(|| missing("trouble"));
    let due_at: Option<Timestamp> = row.take("due_at")?;
    let over_at: Option<Timestamp> = row.take("over_at")?;
    let over_at = || over_at.ok_or_else(|| missing("over_at"));
    Ok(match word.as_str() {
        "queued" => State::Queued,
        "ordered" => State::Ordered,
        "sending" => State::Sending { since: sent_at.ok_or_else(|| missing("sent_at"))? },
        "unknown" => State::Unknown { trouble: trouble()? },
        "waiting" => State::Waiting { until: due_at.ok_or_else(|| missing("due_at"))?, trouble: trouble()? },
        "waiting_for_person" => State::WaitingForPerson { since: due_at.ok_or_else(|| missing("due_at"))? },
        "done" => State::Done { at: row.take::<Option<Timestamp>>("done_at")?.ok_or_else(|| missing("done_at"))? },
        "observed" => State::Observed { at: over_at()?, by: observer(row, id)? },
        "gone" => State::Gone { at: over_at()?, by: observer(row, id)? },
        "refused" => State::Refused { trouble: trouble()? },
        "conflict" => State::Conflict { native_id: row.take("native_id")?, trouble: trouble()? },
        "superseded" => State::Superseded { at: over_at()? },
        other => return Err(DbError::impossible("orders", "state", id, format!("unknown state {other}"))),
    })
}

fn observer(row: &mut Row, id: &OrderId) -> Result<Observer, DbError> {
    match row.take::<String>("observer")?.as_str() {
        "read" => Ok(Observer::Read),
        "person" => Ok(Observer::Person),
        other => Err(DbError::impossible("orders", "observer", id, format!("unknown observer {other}"))),
    }
}
