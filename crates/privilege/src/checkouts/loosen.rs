//! Weaker rules for handing a credential out: made by nobody who would profit from them, and never unseen.

use super::facts;
use crate::accounts::{AccountError, Managed, Settings};
use ledger::{Ctx, LedgerError, Write, finding};
use std::time::Duration;
use types::{Actor, Timestamp};

const LOOSENED: &str = "checkout_loosened";

/// For so long it is shown, also when the rules are as strict as before meanwhile: what mattered is the time between.
const SHOWN_FOR: Duration = Duration::from_secs(7 * 24 * 3600);

/// Whoever has a grant to take the credential in hand does not make that easier for themselves.
///
/// # Errors
/// [`AccountError::OwnRules`].
pub(crate) async fn check(tx: &mut Write, before: &Managed, after: &Managed) -> Result<(), AccountError> {
    let off = loosened(&before.settings, &after.settings);
    if off.is_empty() {
        return Ok(());
    }
    let ctx = tx.ctx();
    if let Actor::Identity(who) = ctx.actor()
        && facts::may_take(tx, who, after, ctx.now()).await?
    {
        return Err(AccountError::OwnRules(after.name()));
    }
    let line = format!(
        "`{}` is handed out under weaker rules than before, without {}: see by `tenure checkouts list` who took it, and \
         set them again if nobody agreed to that",
        after.name(),
        off.join(", ")
    );
    finding::raise_in(&ctx, tx, LOOSENED, after.id.as_str(), &line).await?;
    Ok(())
}

/// The rules that do not hold any more, by their names.
fn loosened(before: &Settings, after: &Settings) -> Vec<&'static str> {
    let rules = [
        ("dual_control", before.dual_control, after.dual_control),
        ("exclusive", before.exclusive, after.exclusive),
        ("one_time", before.one_time, after.one_time),
    ];
    rules.into_iter().filter(|(_, before, after)| *before && !after).map(|(name, ..)| name).collect()
}

/// Clears what was shown long enough.
pub(crate) async fn forget(ctx: &Ctx) -> Result<(), LedgerError> {
    let old = |raised_at: Timestamp| ctx.now() >= raised_at.plus(SHOWN_FOR);
    for open in finding::open(ctx, LOOSENED).await? {
        if old(open.raised_at) {
            finding::clear(ctx, LOOSENED, &open.subject).await?;
        }
    }
    Ok(())
}
