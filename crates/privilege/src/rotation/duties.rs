//! Rotations that are due by their accounts' schedules. Harmless when run twice.

use super::{Cause, order};
use crate::accounts::{self, AccountError};
use ledger::Ctx;

pub(crate) async fn run_once(ctx: &Ctx) -> Result<(), AccountError> {
    if accounts::due_for_rotation(&mut ctx.read().await?, ctx.now()).await?.is_empty() {
        return Ok(());
    }
    let mut tx = ctx.decide().await?;
    let now = tx.now();
    let mut ordered = false;
    let due = accounts::due_for_rotation(&mut tx, now).await?;
    for id in &due {
        if let Err(error) = order(ctx, &mut tx, id, Cause::Schedule).await {
            tracing::error!(account = %id, %error, "a rotation that is due could not be ordered");
            continue;
        }
        accounts::put_off_rotation(&mut tx, id).await?;
        ordered = true;
    }
    if ordered { Ok(tx.commit().await?) } else { Ok(()) }
}
