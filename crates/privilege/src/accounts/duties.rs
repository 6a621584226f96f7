//! What accounts under management need by themselves: verifications that are due, and the end of what was kept long
//! enough. Harmless when run twice.

use super::store::Due;
use super::{AccountError, events, rules, store, verify};
use crate::checkouts::loosen;
use ledger::Ctx;
use std::time::Duration;

/// What a credential was before is kept for as long, after another one logged in.
const KEPT_FOR: Duration = Duration::from_secs(30 * 24 * 3600);
/// The same for what a target never took, beyond the newest few.
const REFUSED_KEPT_FOR: Duration = Duration::from_secs(24 * 3600);

pub(crate) async fn run_once(ctx: &Ctx) -> Result<(), AccountError> {
    verify_due(ctx).await?;
    destroy_outlived(ctx).await?;
    Ok(loosen::forget(ctx).await?)
}

async fn verify_due(ctx: &Ctx) -> Result<(), AccountError> {
    if store::due(&mut ctx.read().await?, Due::Verify, ctx.now()).await?.is_empty() {
        return Ok(());
    }
    let mut tx = ctx.decide().await?;
    let now = tx.now();
    let due = store::due(&mut tx, Due::Verify, now).await?;
    for id in &due {
        let mut account = match super::find(&mut tx, id).await {
            Ok(account) => account,
            Err(error) => {
                tracing::error!(account = %id, %error, "an account cannot be read, and is not verified");
                continue;
            }
        };
        account.verify_at = rules::verify_at(&account.settings, &account, now);
        store::update_settings(&mut tx, &account).await?;
        verify::enqueue(ctx, &mut tx, id).await?;
    }
    if due.is_empty() {
        return Ok(());
    }
    tx.also(events::verifications_due(&due));
    Ok(tx.commit().await?)
}

async fn destroy_outlived(ctx: &Ctx) -> Result<(), AccountError> {
    let now = ctx.now();
    if store::outlived(&mut ctx.read().await?, now.minus(KEPT_FOR), now.minus(REFUSED_KEPT_FOR)).await?.is_empty() {
        return Ok(());
    }
    let mut tx = ctx.decide().await?;
    let now = tx.now();
    let outlived = store::outlived(&mut tx, now.minus(KEPT_FOR), now.minus(REFUSED_KEPT_FOR)).await?;
    for (id, version) in &outlived {
        store::destroy(&mut tx, id, *version, now).await?;
        tx.also(events::destroyed(id, *version));
    }
    if outlived.is_empty() { Ok(()) } else { Ok(tx.commit().await?) }
}
