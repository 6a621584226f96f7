//! What must always be true of orders to change systems.

use super::InvariantError;
use crate::fulfilment;
use db::jobs;
use ledger::{Ctx, Invariant};
use provisioning::fulfil;

/// In one snapshot: an order and its job are kept together.
pub(super) async fn open_ones_have_a_job(ctx: &Ctx) -> Result<Invariant, InvariantError> {
    let mut invariant = Invariant::new("every open order is being carried out");
    let mut tx = ctx.read().await?;
    let backlog = fulfil::backlog_in(&mut tx).await?;
    let jobs = jobs::waiting(&mut tx, fulfilment::KIND).await?;
    for one in backlog {
        let worked_on = jobs.iter().any(|job| job.key == one.system);
        let problem = || format!("{} orders on {} are open, and no job carries them out", one.open, one.system);
        invariant.check((!worked_on).then(problem));
    }
    Ok(invariant)
}
