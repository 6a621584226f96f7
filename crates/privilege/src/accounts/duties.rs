//! What accounts under management need by themselves: verifications that are due, and the end of what was kept long
//! enough. Harmless when run twice.

use super::store::Due;
use super::{AccountError, events, rules, store, verify};
use ledger::Ctx;
use std::time::Duration;
use types::Timestamp;

/// What a credential was before is kept for as long, after another one logged in.
const KEPT_FOR: Duration = Duration::from_secs(30 * 24 * 3600);

pub(crate) async fn run_once(ctx: &Ctx) -> Result<(), AccountError> {
    verify_due(ctx).await?;
    destroy_outlived(ctx).await
}

async fn verify_due(ctx: &Ctx) -> Result<(), AccountError> {
    if store::due(&mut ctx.read().await?, Due::Verify, ctx.now()).await?.is_empty() {
        return Ok(());
    }
    let mut tx = ctx.decide().await?;
    let now = tx.now();
    let due = store::due(&mut tx, Due::Verify, now).await?;
    for id in &due {
        let mut account = super::find(&mut tx, id).await?;
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
    let before = |now: Timestamp| now.minus(KEPT_FOR);
    if store::outlived(&mut ctx.read().await?, before(ctx.now())).await?.is_empty() {
        return Ok(());
    }
    let mut tx = ctx.decide().await?;
    let now = tx.now();
    let outlived = store::outlived(&mut tx, before(now)).await?;
    for (id, version) in &outlived {
        store::destroy(&mut tx, id, *version, now).await?;
        tx.also(events::destroyed(id, *version));
    }
    if outlived.is_empty() { Ok(()) } else { Ok(tx.commit().await?) }
}
