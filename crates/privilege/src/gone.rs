//! When an ended grant is gone: nothing of it is left in any slice that gives something out under grants. Reports it,
//! and says so when it takes too long.

use crate::sessions::{self, leftovers};
use crate::{checkouts, credentials, issuers, leases, memberships};
use grants::{Grant, GrantError, State, enforce};
use ledger::{Ctx, finding};
use std::time::Duration;
use types::{GrantId, Timestamp};

/// An ended grant that is not observed gone for longer than this needs a person's attention.
pub const GONE_WITHIN: Duration = Duration::from_secs(300);

const NOT_GONE: &str = "grant_not_gone";

/// An ended grant of which something is left.
struct Remaining {
    grant: Grant,
    /// A credential on demand, which has a finding of its own while it waits to be revoked.
    is_being_revoked: bool,
    /// A checkout saw a credential that lives on.
    is_known: bool,
    /// Somebody is in an entitlement still, as far as was seen.
    is_member: bool,
}

/// Reports ended grants of which nothing is left, and raises or clears the findings about the others. Harmless when
/// repeated.
pub(crate) async fn run_once(ctx: &Ctx) -> Result<(), GrantError> {
    let remaining = report(ctx, enforce::not_gone(ctx).await?).await?;
    for one in remaining.iter().filter(|one| !one.is_being_revoked) {
        if is_late(ctx, &one.grant).await? {
            finding::raise(ctx, NOT_GONE, one.grant.id.as_str(), &late_line(ctx, one).await?).await?;
        }
    }
    for open in finding::open(ctx, NOT_GONE).await? {
        let gone = match open.subject.parse() {
            Ok(id) => matches!(grants::get(ctx, &id).await?.state, State::Gone { .. }),
            Err(_) => false,
        };
        if gone {
            finding::clear(ctx, NOT_GONE, &open.subject).await?;
        }
    }
    Ok(())
}

/// Looks at one grant, as soon as something of it was seen gone.
pub(crate) async fn look(ctx: &Ctx, grant: &GrantId) -> Result<(), GrantError> {
    let grant = grants::get(ctx, grant).await?;
    let ended = matches!(grant.state, State::Ended(_));
    report(ctx, ended.then_some(grant).into_iter().collect()).await.map(drop)
}

/// Nothing new is given out under a grant that has ended, so what is not there in one snapshot will not be there again.
async fn report(ctx: &Ctx, ended: Vec<Grant>) -> Result<Vec<Remaining>, GrantError> {
    let mut tx = ctx.read().await?;
    let being_revoked = credentials::with_left(&mut tx, &ended).await?;
    let known = checkouts::with_left(&mut tx, &ended).await?;
    let members = memberships::with_left(&mut tx, &ended).await?;
    let mut elsewhere = leases::with_left(&mut tx, &ended).await?;
    elsewhere.extend(issuers::with_left(&mut tx, &ended).await?);
    elsewhere.extend(sessions::with_left(&mut tx, &ended).await?);
    drop(tx);
    let mut remaining = Vec::new();
    for grant in ended {
        let (is_being_revoked, is_known) = (being_revoked.contains(&grant.id), known.contains(&grant.id));
        let is_member = members.contains(&grant.id);
        if is_being_revoked || is_known || is_member || elsewhere.contains(&grant.id) {
            remaining.push(Remaining { grant, is_being_revoked, is_known, is_member });
        } else {
            enforce::report_gone(ctx, &grant.id).await?;
        }
    }
    Ok(remaining)
}

/// Whether an ended grant should have been observed gone by now. A token of it dies when it expires, and not before.
pub(crate) async fn is_late(ctx: &Ctx, grant: &Grant) -> Result<bool, GrantError> {
    let over = |at: Timestamp| ctx.now() >= at.plus(GONE_WITHIN);
    if !matches!(&grant.state, State::Ended(ended) if over(ended.at)) {
        return Ok(false);
    }
    Ok(issuers::last_token_of(ctx, &grant.id).await?.is_none_or(over))
}

async fn late_line(ctx: &Ctx, remaining: &Remaining) -> Result<String, GrantError> {
    let Grant { id, login, target, .. } = &remaining.grant;
    if let Some((session, node)) = sessions::live_of(ctx, id).await? {
        return Ok(format!(
            "the grant for {login} on {target} ended, but the server `{node}` that carried the session {session} never \
             closed it: start a server of that name, with its folder for recordings"
        ));
    }
    if let Some((session, left)) = leftovers::stubborn(ctx, id).await? {
        return Ok(format!(
            "the grant for {login} on {target} ended, but processes of the session {session} that {login} may not end \
             still run there ({left} at the last visit): end them on {target} as root"
        ));
    }
    if remaining.is_known {
        return Ok(format!(
            "the grant for {login} on {target} ended, but a credential that its holder saw is not changed yet: see \
             `tenure accounts show {login}@{target}`"
        ));
    }
    if remaining.is_member {
        return Ok(format!(
            "the grant for {login} on {target} ended, but its holder was not seen to be out of {login} yet: see \
             `tenure orders list --system {target}`"
        ));
    }
    Ok(format!(
        "the grant for {login} on {target} ended, but {target} was not seen to refuse its certificates: \
         check that {target} can be reached and that its clock is right"
    ))
}
