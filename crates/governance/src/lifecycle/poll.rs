//! Looking again at leavers, because what they have on systems may become known later: accounts that are found to be
//! theirs, memberships that come back, accounts that a person protects.

use super::{Case, Event, LifecycleError, Step, begin, events, reopen, rules, store};
use crate::imports::LeaverSign;
use crate::{entitlements, identities, ownerships};
use ledger::{Ctx, Write, finding};
use provisioning::power::Said;
use provisioning::{inventory, order};
use std::collections::BTreeSet;
use types::{IdentityId, ObservedAccountId};

/// The finding while a leaver has an enabled account that nothing is ever sent to.
pub const PROTECTED: &str = "leaver_account_protected";

/// Leavers that one round looks at, among those whose case is closed or who have none.
const AT_ONCE: u32 = 1_000;

/// Orders what is new, and finds owners for what has none.
pub(super) async fn look_again(ctx: &Ctx, case: Case, said: &Said) -> Result<Case, LifecycleError> {
    if !case.is_open() {
        return Ok(case);
    }
    let mut tx = ctx.read().await?;
    let standing = order::standing(&mut tx, &case.identity, said).await?;
    let leaver = identities::store::get(&mut tx, &case.identity).await?;
    let Some(leaver) = leaver else { return Ok(case) };
    let is_due = ownerships::is_due(&mut tx, &case.id, &leaver, ctx.now()).await.map_err(Box::new)?;
    drop(tx);
    for account in &standing.protected {
        finding::raise(ctx, PROTECTED, account.id.as_str(), &protected_line(&account.system)).await?;
    }
    if !standing.is_left_out && !is_due {
        return Ok(case);
    }
    let mut tx = ctx.decide().await?;
    let case = store::get(&mut tx, &case.id).await?.unwrap_or(case);
    if !case.is_open() {
        return Ok(case);
    }
    let more = order::leave_again(ctx, &mut tx, &case.identity, case.id.as_str(), said).await?.orders.len();
    if more > 0 {
        tx.also(events::ordered_more(&case, more));
    }
    let settled = ownerships::settle(ctx, &mut tx, &case.id, &leaver).await.map_err(Box::new)?;
    if more + settled > 0 {
        tx.commit().await?;
    }
    Ok(case)
}

/// Opens the cases again of people of whom something is there after all.
pub(super) async fn reopen_due(ctx: &Ctx) -> Result<(), LifecycleError> {
    for identity in found(ctx).await? {
        reopen_of(ctx, &identity).await?;
    }
    Ok(())
}

/// Leavers without an open case, of whom something is ordered to go, or has to be. A round takes no longer because many
/// have left: it looks at a part of them that is drawn, so what nobody ordered yet is found in as many rounds as there are
/// parts, on average.
async fn found(ctx: &Ctx) -> Result<BTreeSet<IdentityId>, LifecycleError> {
    let mut tx = ctx.read().await?;
    let mut found: BTreeSet<IdentityId> = order::leavers(&mut tx).await?.into_iter().collect();
    if !inventory::systems(&mut tx).await?.is_empty() {
        let all = identities::store::count_terminated(&mut tx).await?;
        let place = rules::part(all, AT_ONCE, |parts| ctx.chance().below(parts));
        let left = identities::store::terminated_from(&mut tx, place, AT_ONCE).await?;
        found.extend(order::exposed(&mut tx, &left, ctx.now()).await?);
    }
    let mut closed = BTreeSet::new();
    for identity in found {
        if store::open_of(&mut tx, &identity).await?.is_none() {
            closed.insert(identity);
        }
    }
    Ok(closed)
}

async fn reopen_of(ctx: &Ctx, identity: &IdentityId) -> Result<(), LifecycleError> {
    let mut tx = ctx.decide().await?;
    let left = identities::store::get(&mut tx, identity).await?.is_some_and(|person| person.has_left());
    if !left || store::open_of(&mut tx, identity).await?.is_some() {
        return Ok(());
    }
    match store::newest_of(&mut tx, identity).await? {
        Some(mut case) if matches!(case.step, Step::Done { .. }) => {
            let said = entitlements::said_of_power(&mut tx).await?;
            let more = order::leave_again(ctx, &mut tx, identity, case.id.as_str(), &said).await?.orders.len();
            reopen(&mut tx, &mut case);
            if more > 0 {
                tx.also(events::ordered_more(&case, more));
            }
            store::update_step(&mut tx, &case).await?;
        }
        _ => {
            let event = Event { import: None, at: tx.now(), sign: LeaverSign::Terminated };
            begin(ctx, &mut tx, identity, event).await?;
        }
    }
    Ok(tx.commit().await?)
}

/// A person has to see to these.
pub(super) async fn tell_protected(
    ctx: &Ctx,
    tx: &mut Write,
    accounts: &[ObservedAccountId],
) -> Result<(), LifecycleError> {
    for id in accounts {
        let account = inventory::account(tx, id).await?;
        if is_enabled(&account) {
            finding::raise_in(ctx, tx, PROTECTED, id.as_str(), &protected_line(&account.system)).await?;
        }
    }
    Ok(())
}

/// Of accounts that a person saw to.
pub(super) async fn clear_protected(ctx: &Ctx) -> Result<(), LifecycleError> {
    for open in finding::open(ctx, PROTECTED).await? {
        let mut tx = ctx.read().await?;
        let account = match open.subject.parse::<ObservedAccountId>() {
            Ok(id) => inventory::account(&mut tx, &id).await.ok(),
            Err(_) => None,
        };
        let still = account.filter(|account| is_enabled(account) && account.protection.is_some());
        let left = match still.and_then(|account| account.link) {
            Some(link) => identities::store::get(&mut tx, &link.identity).await?.is_some_and(|who| who.has_left()),
            None => false,
        };
        drop(tx);
        if !left {
            finding::clear(ctx, PROTECTED, &open.subject).await?;
        }
    }
    Ok(())
}

fn is_enabled(account: &provisioning::ObservedAccount) -> bool {
    account.until.is_none() && account.status == connectors::connector::Status::Enabled
}

fn protected_line(system: &str) -> String {
    format!(
        "somebody who left has an enabled account on `{system}` that nothing is ever sent to: disable it there, or say \
         whose it is, or take the protection away"
    )
}
