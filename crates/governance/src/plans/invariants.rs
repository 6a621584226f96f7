//! What must hold of plans and of what they order, derived again from the tables and the ledger. Changes nothing.

use super::{PlanError, manifest_differs, store};
use crate::{assignments, drifts, identities, mappings, reconciliation};
use connectors::connector::Status;
use db::Value;
use ledger::{Ctx, Invariant};
use provisioning::order::{self, OrderFilter};
use provisioning::{ObservedAccount, Order, What, inventory};
use std::collections::BTreeSet;
use types::{IdentityId, Timestamp};

/// Checks every rule of plans, `page` rows at a time.
pub(crate) async fn invariants(ctx: &Ctx, page: u32) -> Result<Vec<Invariant>, PlanError> {
    Ok(vec![
        plans_match_their_manifest(ctx, page).await?,
        orders_follow_from_something(ctx, page).await?,
        protected_accounts_have_no_order(ctx, page).await?,
        leavers_are_shut_out_everywhere(ctx, page).await?,
    ])
}

async fn plans_match_their_manifest(ctx: &Ctx, page: u32) -> Result<Invariant, PlanError> {
    let mut invariant = Invariant::new("every plan's lines are those that the ledger covers");
    let mut after = None;
    loop {
        let plans = store::ids(&mut ctx.read().await?, after.as_ref(), page).await?;
        let Some(last) = plans.last() else { return Ok(invariant) };
        after = Some(last.clone());
        for plan in plans {
            let differs = manifest_differs(ctx, &plan, page).await?;
            invariant.check(differs.then(|| format!("the lines of `{plan}` differ from its manifest")));
        }
    }
}

async fn orders_follow_from_something(ctx: &Ctx, page: u32) -> Result<Invariant, PlanError> {
    let mut invariant = Invariant::new(
        "every order of a plan follows from an assignment, a drift or the plan itself, and was let through",
    );
    let mut after = None;
    loop {
        let mut tx = ctx.read().await?;
        let orders = order::oldest(&mut tx, after.as_ref(), page).await?;
        let Some(last) = orders.last() else { return Ok(invariant) };
        after = Some(last.id.clone());
        let of_plans: Vec<&Order> = orders.iter().filter(|order| order.plan.is_some()).collect();
        let plans = of_plans.iter().filter_map(|order| order.plan.as_ref()).map(Value::from).collect();
        let released = store::released(&mut tx, plans).await?;
        let because = |prefix: &str| -> Vec<Value> {
            let of = of_plans.iter().map(|order| &order.because).filter(|because| because.starts_with(prefix));
            of.map(Value::from).collect()
        };
        let mut known: BTreeSet<String> = released.clone();
        known.extend(assignments::store::known(&mut tx, because("asg_")).await?);
        known.extend(drifts::store::known(&mut tx, because("dri_")).await?);
        for order in of_plans {
            let let_through = order.plan.as_ref().is_some_and(|plan| released.contains(plan));
            let follows = let_through && known.contains(&order.because);
            invariant.check((!follows).then(|| format!("`{}` follows from nothing", order.id)));
        }
    }
}

async fn protected_accounts_have_no_order(ctx: &Ctx, page: u32) -> Result<Invariant, PlanError> {
    let mut invariant = Invariant::new("nothing is ordered for a protected account");
    let mut after = None;
    loop {
        let mut tx = ctx.read().await?;
        let filter = OrderFilter { open: true, after, limit: page, ..OrderFilter::default() };
        let orders = order::list_in(&mut tx, &filter).await?;
        let Some(last) = orders.last() else { return Ok(invariant) };
        after = Some(last.id.clone());
        for order in orders {
            let Some(account) = &order.account else { continue };
            let is_protected = inventory::account(&mut tx, account).await?.protection.is_some();
            // What was sent before somebody protected it waits for its answer.
            let wrong = is_protected && !order.state.is_unsettled();
            invariant.check(wrong.then(|| format!("`{}` is about the protected account `{account}`", order.id)));
        }
    }
}

async fn leavers_are_shut_out_everywhere(ctx: &Ctx, page: u32) -> Result<Invariant, PlanError> {
    let mut invariant = Invariant::new("nobody who has left has an enabled account that nothing shuts");
    let mapped = mappings::store::all(&mut ctx.read().await?).await?;
    let mapped: BTreeSet<String> = mapped.into_iter().map(|mapping| mapping.system).collect();
    let mut after = None;
    loop {
        let left = identities::store::terminated(&mut ctx.read().await?, after.as_ref(), page).await?;
        let Some(last) = left.last() else { return Ok(invariant) };
        after = Some(last.clone());
        for identity in left {
            invariant.check(with_an_open_account(ctx, &identity, &mapped).await?);
        }
    }
}

async fn with_an_open_account(
    ctx: &Ctx,
    identity: &IdentityId,
    mapped: &BTreeSet<String>,
) -> Result<Option<String>, PlanError> {
    // All as of one moment: who came back since the page was read is no finding.
    let (mut tx, now) = (ctx.read().await?, ctx.now());
    let person = identities::store::get(&mut tx, identity).await?;
    if !person.is_some_and(|person| person.outlook.at(now).has_left() && person.outlook.settled().has_left()) {
        return Ok(None);
    }
    for account in inventory::accounts_of(&mut tx, identity).await? {
        let ours = mapped.contains(&account.system) && account.protection.is_none();
        if ours && account.status == Status::Enabled && nothing_shuts(&mut tx, &account, now).await? {
            return Ok(Some(format!("`{}` of `{identity}` on `{}` is enabled", account.id, account.system)));
        }
    }
    Ok(None)
}

/// No order that stands, no plan that a person looks at, and no look at the system that is due.
async fn nothing_shuts(tx: &mut db::ReadTx, account: &ObservedAccount, now: Timestamp) -> Result<bool, PlanError> {
    let disable = order::subject(&What::Disable { account: account.id.clone() });
    let latest = order::latest(tx, &account.system, std::iter::once(disable)).await?;
    let ordered =
        latest.values().any(|order| order.act.removes() && (order.state.is_open() || order.state.trouble().is_some()));
    let held = store::open_of(tx, &account.system).await?.is_some_and(|plan| plan.is_held());
    Ok(!ordered && !held && !reconciliation::is_due(tx, &account.system, now).await?)
}
