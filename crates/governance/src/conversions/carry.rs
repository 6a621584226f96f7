//! What a step of the machine does: orders, evidence, eligibility and findings, in the transaction that keeps the state.

use super::machine::{Act, Step};
use super::{Conversion, ConversionError, State, events, store};
use crate::{assignments, entitlements, reconciliation};
use ledger::{Ctx, Write, finding};
use provisioning::{Cause, Holder, NewOrder, What, order};
use types::{ConversionId, IdentityId, OrderId, Reason};

/// A privilege is in between, or nothing gives it back.
pub(super) const RESTORING: &str = "conversion_restoring";

/// Keeps the step and everything that follows from it; `reason` where a person asked for it.
pub(super) async fn out(
    ctx: &Ctx,
    tx: &mut Write,
    before: &Conversion,
    step: Step,
    reason: Option<&Reason>,
) -> Result<Conversion, ConversionError> {
    let mut after = Conversion { state: step.state, ..before.clone() };
    for act in step.acts {
        match act {
            Act::GiveBack => give_back(ctx, tx, &mut after).await?,
            Act::WithdrawRemoval => drop(order::withdraw(ctx, tx, &before.removal).await?),
            Act::WithdrawRestoration => withdraw_restoration(ctx, tx, before).await?,
            Act::EndEligibility => end_eligibility(ctx, tx, before).await?,
        }
    }
    if let Some(entry) = events::became(&after, reason) {
        tx.also(entry);
    }
    store::update(tx, &after).await?;
    reconciliation::mark(tx, [&after.identity]).await?;
    tell(ctx, tx, &after).await?;
    Ok(after)
}

async fn give_back(ctx: &Ctx, tx: &mut Write, one: &mut Conversion) -> Result<(), ConversionError> {
    let holder = Holder::Account(one.account.clone());
    let what = What::Grant { holder, entitlement: one.entitlement.clone() };
    let given = ordered(ctx, tx, &one.id, &one.identity, &one.system, what).await?;
    if let State::Restoring { order, .. } = &mut one.state {
        *order = given;
    }
    Ok(())
}

/// Gives an order of a conversion.
pub(super) async fn ordered(
    ctx: &Ctx,
    tx: &mut Write,
    id: &ConversionId,
    identity: &IdentityId,
    system: &str,
    what: What,
) -> Result<Option<OrderId>, ConversionError> {
    let new = NewOrder {
        system: system.to_owned(),
        identity: Some(identity.clone()),
        cause: Cause::Conversion,
        because: id.to_string(),
        plan: None,
        what,
    };
    let said = entitlements::said_of_power(tx).await?;
    Ok(order::give_where(ctx, tx, vec![new], &said).await?.into_iter().next().map(|order| order.id))
}

async fn withdraw_restoration(ctx: &Ctx, tx: &mut Write, one: &Conversion) -> Result<(), ConversionError> {
    if let State::Restoring { order: Some(order), .. } = &one.state {
        order::withdraw(ctx, tx, order).await?;
    }
    Ok(())
}

async fn end_eligibility(ctx: &Ctx, tx: &mut Write, one: &Conversion) -> Result<(), ConversionError> {
    let Some(assignment) = &one.assignment else { return Ok(()) };
    Ok(assignments::end_undone(ctx, tx, assignment).await.map_err(Box::new)?)
}

async fn tell(ctx: &Ctx, tx: &mut Write, one: &Conversion) -> Result<(), ConversionError> {
    match &one.state {
        State::Restoring { order, .. } => {
            let how = match order {
                Some(order) => format!("see `tenure orders list` for `{order}`"),
                None => "but the account is protected, or a grant holds it: see to that".to_owned(),
            };
            let detail = format!(
                "the conversion `{}` on `{}` is undone, and what was taken away is to be given back; {how}",
                one.id, one.system
            );
            finding::raise_in(ctx, tx, RESTORING, one.id.as_str(), &detail).await?;
        }
        _ => drop(finding::clear_in(tx, RESTORING, one.id.as_str()).await?),
    }
    Ok(())
}
