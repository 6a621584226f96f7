//! All SQL of tickets.

use super::model::{Filter, State, Ticket};
use db::{DbError, ReadTx, Row, WriteTx, args};
use std::collections::BTreeSet;
use types::{OrderId, TicketId, Timestamp};

macro_rules! tickets {
    ($rest:literal) => {
        concat!(
            "select id, order_id, system, opened_at, remind_at, reminders, stand_in, state, done_by, closed_at from tickets ",
            $rest
        )
    };
}

pub(super) async fn get(tx: &mut ReadTx, id: &TicketId) -> Result<Option<Ticket>, DbError> {
    tx.one(tickets!("where id = $1"), args![id]).await?.map(ticket).transpose()
}

/// Newest first.
pub(super) async fn list(tx: &mut ReadTx, filter: &Filter) -> Result<Vec<Ticket>, DbError> {
    let sql = tickets!(
        "where (cast($1 as text) is null or state = $1) and (cast($2 as text) is null or system = $2)
           and (cast($3 as text) is null or stand_in = $3 or system in (select s.name from systems s where s.owner = $3))
           and (cast($4 as text) is null or id < $4)
         order by id desc limit $5"
    );
    let values = args![
        filter.state.as_deref(),
        filter.system.as_deref(),
        filter.worker.as_ref(),
        filter.after.as_ref(),
        filter.limit
    ];
    tx.all(sql, values).await?.into_iter().map(ticket).collect()
}

pub(super) async fn open_of(tx: &mut ReadTx, order: &OrderId) -> Result<Option<Ticket>, DbError> {
    tx.one(tickets!("where order_id = $1 and state = 'open'"), args![order]).await?.map(ticket).transpose()
}

/// Which orders somebody is asked to carry out.
pub(super) async fn asked(tx: &mut ReadTx) -> Result<BTreeSet<OrderId>, DbError> {
    let rows = tx.all("select order_id from tickets where state = 'open'", args![]).await?;
    rows.into_iter().map(|mut row| row.take("order_id")).collect()
}

/// Open ones of which somebody is to be reminded now.
pub(super) async fn overdue(tx: &mut ReadTx, now: Timestamp, limit: u32) -> Result<Vec<Ticket>, DbError> {
    let sql = tickets!("where state = 'open' and remind_at <= $1 order by remind_at, id limit $2");
    tx.all(sql, args![now, limit]).await?.into_iter().map(ticket).collect()
}

pub(super) async fn insert(tx: &mut WriteTx, ticket: &Ticket) -> Result<(), DbError> {
    tx.run_one(
        "insert into tickets (id, order_id, system, opened_at, remind_at, reminders, stand_in, state)
         values ($1, $2, $3, $4, $5, $6, $7, 'open')",
        args![
            &ticket.id,
            &ticket.order,
            &ticket.system,
            ticket.opened_at,
            ticket.remind_at,
            ticket.reminders,
            ticket.stand_in.as_ref()
        ],
    )
    .await
}

/// Writes what became of an open one.
pub(super) async fn update(tx: &mut WriteTx, ticket: &Ticket) -> Result<(), DbError> {
    let (by, at) = match &ticket.state {
        State::Open => (None, None),
        State::Done { by, at } => (Some(by), Some(*at)),
        State::Moot { at } => (None, Some(*at)),
    };
    tx.run_one(
        "update tickets set state = $2, remind_at = $3, reminders = $4, done_by = $5, closed_at = $6, stand_in = $7
         where id = $1 and state = 'open'",
        args![&ticket.id, ticket.state.as_str(), ticket.remind_at, ticket.reminders, by, at, ticket.stand_in.as_ref()],
    )
    .await
}

fn ticket(mut row: Row) -> Result<Ticket, DbError> {
    let id: TicketId = row.take("id")?;
    let (state, closed_at): (String, Option<Timestamp>) = (row.take("state")?, row.take("closed_at")?);
    let state = match (state.as_str(), row.take("done_by")?, closed_at) {
        ("open", None, None) => State::Open,
        ("done", Some(by), Some(at)) => State::Done { by, at },
        ("moot", None, Some(at)) => State::Moot { at },
        _ => return Err(DbError::impossible("tickets", "state", &id, state)),
    };
    Ok(Ticket {
        order: row.take("order_id")?,
        system: row.take("system")?,
        opened_at: row.take("opened_at")?,
        remind_at: row.take("remind_at")?,
        reminders: row.take("reminders")?,
        stand_in: row.take("stand_in")?,
        state,
        id,
    })
}
