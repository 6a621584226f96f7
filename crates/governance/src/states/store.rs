//! All SQL of orders about states.

use super::model::{Lifted, OrderKind, StateOrder};
use db::{DbError, ReadTx, Row, Value, WriteTx, args};
use std::collections::HashMap;
use types::{IdentityId, Timestamp};

macro_rules! orders {
    ($rest:literal) => {
        concat!(
            "select identity, position, kind, from_at, until_at, ordered_at, ordered_by, reason, lifted_at, lifted_by ",
            "from state_orders ",
            $rest
        )
    };
}

/// Oldest first.
pub(super) async fn of(tx: &mut ReadTx, id: &IdentityId) -> Result<Vec<StateOrder>, DbError> {
    let rows = tx.all(orders!("where identity = $1 order by position"), args![id]).await?;
    rows.into_iter().map(|row| order(row).map(|(_, order)| order)).collect()
}

pub(super) async fn of_ids(
    tx: &mut ReadTx,
    ids: impl IntoIterator<Item = &IdentityId>,
) -> Result<HashMap<IdentityId, Vec<StateOrder>>, DbError> {
    let rows = tx.all_in(orders!("where identity in ($keys)"), ids.into_iter().map(Value::from).collect()).await?;
    let mut orders: HashMap<IdentityId, Vec<StateOrder>> = HashMap::new();
    for row in rows {
        let (id, order) = order(row)?;
        orders.entry(id).or_default().push(order);
    }
    Ok(orders)
}

pub(super) async fn insert(tx: &mut WriteTx, id: &IdentityId, order: &StateOrder) -> Result<(), DbError> {
    tx.run_one(
        "insert into state_orders (identity, position, kind, from_at, until_at, ordered_at, ordered_by, reason)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![
            id,
            order.position,
            order.kind.as_str(),
            order.from,
            order.until,
            order.ordered_at,
            &order.by,
            &order.reason
        ],
    )
    .await
}

pub(super) async fn lift(tx: &mut WriteTx, id: &IdentityId, position: u32, lifted: &Lifted) -> Result<(), DbError> {
    let sql = "update state_orders set lifted_at = $3, lifted_by = $4
               where identity = $1 and position = $2 and lifted_at is null";
    tx.run_one(sql, args![id, position, lifted.at, &lifted.by]).await
}

fn order(mut row: Row) -> Result<(IdentityId, StateOrder), DbError> {
    let id: IdentityId = row.take("identity")?;
    let kind: String = row.take("kind")?;
    let known = OrderKind::ALL.into_iter().find(|known| known.as_str() == kind);
    let lifted_by: Option<IdentityId> = row.take("lifted_by")?;
    let lifted = match (row.take::<Option<Timestamp>>("lifted_at")?, lifted_by) {
        (Some(at), Some(by)) => Some(Lifted { at, by }),
        (None, None) => None,
        _ => return Err(DbError::impossible("state_orders", "lifted_by", &id, "lifted at no time or by nobody")),
    };
    let order = StateOrder {
        position: row.take("position")?,
        kind: known.ok_or_else(|| DbError::impossible("state_orders", "kind", &id, format!("unknown kind {kind}")))?,
        from: row.take("from_at")?,
        until: row.take("until_at")?,
        ordered_at: row.take("ordered_at")?,
        by: row.take("ordered_by")?,
        reason: row.take("reason")?,
        lifted,
    };
    Ok((id, order))
}
