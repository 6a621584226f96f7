//! What must hold of conversions, derived again from the tables. Changes nothing.

use super::machine::{self, Event};
use super::{Conversion, ConversionError, State, facts, store};
use ledger::{Ctx, Invariant};
use std::time::Duration;

const UNDONE_BOUND: Duration = Duration::from_secs(5 * 60);

/// `page` rows at a time.
pub(crate) async fn undone_in_time(ctx: &Ctx, page: u32) -> Result<Invariant, ConversionError> {
    let mut invariant = Invariant::new("every conversion that is not done in time is undone within five minutes");
    let mut after = None;
    loop {
        let open = store::open(&mut ctx.read().await?, after.as_ref(), page).await?;
        let Some(last) = open.last() else { return Ok(invariant) };
        after = Some(last.id.clone());
        for one in &open {
            let late = is_late(ctx, one).await?;
            invariant.check(late.then(|| format!("`{}` is over its time, and nothing undoes it", one.id)));
        }
    }
}

/// One that waits for its holder or for a grant is not.
async fn is_late(ctx: &Ctx, one: &Conversion) -> Result<bool, ConversionError> {
    if one.state != State::Removing || ctx.now() < one.deadline.plus(UNDONE_BOUND) {
        return Ok(false);
    }
    let seen = facts::seen(&mut ctx.read().await?, one, ctx.now()).await?;
    Ok(machine::on(&one.state, &seen, Event::Looked, ctx.now()).is_some())
}
