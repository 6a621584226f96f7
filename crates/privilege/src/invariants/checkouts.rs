//! What must always be true of credentials that people have in hand.

use super::{ENDING, InvariantError};
use crate::checkouts::{self, After, Checkout, State};
use grants::GrantError;
use ledger::{Ctx, Invariant};

pub(super) async fn all(ctx: &Ctx) -> Result<Vec<Invariant>, InvariantError> {
    let unsettled = checkouts::unsettled(ctx).await?;
    let open: Vec<&Checkout> = unsettled.iter().filter(|checkout| checkout.is_open()).collect();
    Ok(vec![
        open_ones_have_a_grant(ctx, &open).await?,
        exclusive_ones_are_alone(&open),
        what_must_change_is_changed(&unsettled),
    ])
}

async fn open_ones_have_a_grant(ctx: &Ctx, open: &[&Checkout]) -> Result<Invariant, InvariantError> {
    let mut invariant = Invariant::new("every open checkout has a grant that stands");
    let bound = ctx.now().minus(ENDING);
    for checkout in open {
        invariant.check(match grants::get(ctx, &checkout.grant).await {
            Ok(grant) if grant.window.until > bound && grant.ended().is_none_or(|ended| ended.at > bound) => None,
            Ok(grant) => Some(format!("{} is open, but its grant {} has ended", checkout.id, grant.id)),
            Err(GrantError::NotFound(grant)) => Some(format!("{} has no grant {grant}", checkout.id)),
            Err(error) => return Err(error.into()),
        });
    }
    Ok(invariant)
}

fn exclusive_ones_are_alone(open: &[&Checkout]) -> Invariant {
    let mut invariant = Invariant::new("nobody shares an account that is checked out exclusively");
    for checkout in open {
        let other = open.iter().find(|other| other.account == checkout.account && other.id != checkout.id);
        let exclusive = checkout.held().is_some_and(|held| held.exclusive);
        let line = |other: &&Checkout| format!("{} is exclusive, and {} is open beside it", checkout.id, other.id);
        invariant.check(other.filter(|_| exclusive).map(line));
    }
    invariant
}

/// One that was taken back, and one of a one-time credential, has another credential ordered at once.
fn what_must_change_is_changed(unsettled: &[Checkout]) -> Invariant {
    let mut invariant = Invariant::new("every checkout that must change its credential has ordered another");
    for checkout in unsettled {
        let must = match &checkout.state {
            State::Returned { held, .. } => held.one_time,
            State::Ended { .. } => true,
            _ => continue,
        };
        let stays = checkout.after() == Some(After::Stays);
        invariant.check((must && stays).then(|| format!("{} is over, and its credential stays", checkout.id)));
    }
    invariant
}
