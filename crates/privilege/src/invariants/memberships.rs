//! What must always be true of memberships for a time.

use super::{ENDING, InvariantError};
use crate::memberships;
use grants::GrantError;
use ledger::{Ctx, Invariant};

pub(super) async fn given_ones_have_a_grant(ctx: &Ctx) -> Result<Invariant, InvariantError> {
    let mut invariant = Invariant::new("every membership for a time has a grant that stands, or is being taken away");
    let bound = ctx.now().minus(ENDING);
    for one in memberships::given(ctx).await? {
        invariant.check(match grants::get(ctx, &one.grant).await {
            Ok(grant) if grant.window.until > bound && grant.ended().is_none_or(|ended| ended.at > bound) => None,
            Ok(grant) => Some(format!("{} has ended, and what it gave is not being taken away", grant.id)),
            Err(GrantError::NotFound(grant)) => Some(format!("a membership has no grant {grant}")),
            Err(error) => return Err(error.into()),
        });
    }
    Ok(invariant)
}
