//! What becomes of checkouts by themselves: they are overdue, lapse, end with their grant, and are gone. Looks at the
//! state and is harmless when run twice.

use super::rules::{self, Next};
use super::{After, Checkout, CheckoutError, State, end, events, facts, lapse, order, store};
use crate::accounts;
use db::Value;
use grants::enforce;
use ledger::{Ctx, Write, finding};
use types::{CheckoutId, Timestamp};

const OVERDUE: &str = "checkout_overdue";
const KNOWN: &str = "credential_known";

/// One look at everything that time, the end of a grant or a change of an account may have done something to. What fails
/// is looked at again.
pub(crate) async fn run_once(ctx: &Ctx) -> Result<(), CheckoutError> {
    let ended = enforce::not_gone(ctx).await?;
    let (mut tx, now) = (ctx.read().await?, ctx.now());
    let mut touched = store::due(&mut tx, now).await?;
    touched.extend(store::unordered_of(&mut tx, ended.iter().map(|grant| Value::from(&grant.id)).collect()).await?);
    touched.sort_by(|a, b| a.id.cmp(&b.id));
    touched.dedup_by(|a, b| a.id == b.id);
    let mut due = Vec::new();
    for checkout in &touched {
        let circumstances = facts::circumstances(&mut tx, checkout, None, now).await?;
        if rules::next(checkout, circumstances).is_some() {
            due.push(checkout);
        }
    }
    drop(tx);
    tell(ctx, &touched, now).await?;
    for checkout in due {
        if let Err(error) = step(ctx, checkout).await {
            tracing::warn!(checkout = %checkout.id, %error, "a checkout is looked at again");
        }
    }
    for kind in [OVERDUE, KNOWN] {
        clear(ctx, kind).await?;
    }
    Ok(())
}

async fn step(ctx: &Ctx, seen: &Checkout) -> Result<(), CheckoutError> {
    let ended = facts::end_of(ctx, seen).await?;
    let mut tx = ctx.decide().await?;
    let now = tx.now();
    let Some(checkout) = store::get(&mut tx, &seen.id).await? else { return Ok(()) };
    let circumstances = facts::circumstances(&mut tx, &checkout, ended, now).await?;
    let Some(next) = rules::next(&checkout, circumstances) else { return Ok(()) };
    carry_out(ctx, &mut tx, checkout, next).await?;
    tx.wake(grants::TOPIC);
    Ok(tx.commit().await?)
}

async fn carry_out(ctx: &Ctx, tx: &mut Write, checkout: Checkout, next: Next) -> Result<(), CheckoutError> {
    match next {
        Next::Lapse(cause) => lapse(tx, checkout, cause).await.map(drop),
        Next::End(cause) => end(ctx, tx, checkout, cause, None).await.map(drop),
        Next::Outdate(cause) => {
            tx.also(events::outdated(&checkout, cause));
            let account = accounts::find(tx, &checkout.account).await?;
            let after = order(ctx, tx, &account, &checkout, rules::rotation_cause(cause)).await?;
            Ok(store::update(tx, &checkout.state, &checkout.clone().with_after(after)).await?)
        }
        Next::Reorder => {
            let account = accounts::find(tx, &checkout.account).await?;
            order(ctx, tx, &account, &checkout, rules::cause_again(&checkout)).await.map(drop)
        }
        Next::Gone => {
            if let Some(held) = checkout.held() {
                tx.also(events::gone(&checkout, held.version));
            }
            let gone = checkout.clone().with_after(After::Gone { at: tx.now() });
            Ok(store::update(tx, &checkout.state, &gone).await?)
        }
    }
}

/// Raises the findings about what is overdue, and about credentials that only a person can change.
async fn tell(ctx: &Ctx, touched: &[Checkout], now: Timestamp) -> Result<(), CheckoutError> {
    for checkout in touched {
        if let State::Open(held) = &checkout.state
            && now >= held.due_at
        {
            let line = format!(
                "`{}` was due back at {}: ask for it, or take it back with `tenure checkouts force {}`",
                checkout.name(),
                held.due_at,
                checkout.id
            );
            finding::raise(ctx, OVERDUE, checkout.id.as_str(), &line).await?;
        }
        if matches!(checkout.after(), Some(After::Ordered { .. })) {
            let account = accounts::find(&mut ctx.read().await?, &checkout.account).await?;
            if !account.credential.is_verifiable() {
                let line = format!(
                    "somebody whose time is over knows the credential of `{}`, and Tenure cannot change it: replace it \
                     there, and give the new one with `tenure accounts give`",
                    checkout.name()
                );
                finding::raise(ctx, KNOWN, checkout.id.as_str(), &line).await?;
            }
        }
    }
    Ok(())
}

async fn clear(ctx: &Ctx, kind: &'static str) -> Result<(), CheckoutError> {
    for open in finding::open(ctx, kind).await? {
        let Ok(id) = open.subject.parse::<CheckoutId>() else { continue };
        let checkout = store::get(&mut ctx.read().await?, &id).await?;
        let holds = checkout.is_some_and(|checkout| match kind {
            OVERDUE => checkout.is_open(),
            _ => matches!(checkout.after(), Some(After::Ordered { .. })),
        });
        if !holds {
            finding::clear(ctx, kind, &open.subject).await?;
        }
    }
    Ok(())
}
