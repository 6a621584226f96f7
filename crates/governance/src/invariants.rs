//! What must hold in this plane at every moment, derived again from the tables and the ledger. Changes nothing.

use crate::identities::IdentityError;
use crate::imports::ImportError;
use crate::lifecycle::Step;
use crate::requests::State;
use crate::{identities, imports, lifecycle, requests};
use authn::accounts::{self, AccountError};
use db::DbError;
use grants::{Because, Grant, GrantError};
use ledger::{Ctx, Invariant};
use std::collections::HashSet;
use std::time::Duration;
use types::{Failure, Kind};

/// A leaver's account is disabled within this time, whatever becomes of a session on a node that is cut off.
const ACCOUNT_BOUND: Duration = Duration::from_secs(120);
/// A leaver case is done within this time: certificates for targets live at most two minutes.
const CASE_BOUND: Duration = Duration::from_secs(10 * 60);

#[derive(Debug, thiserror::Error)]
pub enum InvariantError {
    #[error(transparent)]
    Grant(#[from] GrantError),
    #[error(transparent)]
    Account(#[from] AccountError),
    #[error(transparent)]
    Identity(#[from] IdentityError),
    #[error(transparent)]
    Import(#[from] ImportError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl InvariantError {
    fn cause(&self) -> &dyn Failure {
        match self {
            Self::Grant(e) => e,
            Self::Account(e) => e,
            Self::Identity(e) => e,
            Self::Import(e) => e,
            Self::Db(e) => e,
        }
    }
}

impl Failure for InvariantError {
    fn kind(&self) -> Kind {
        self.cause().kind()
    }

    fn code(&self) -> &'static str {
        self.cause().code()
    }
}

/// Checks every rule of this plane.
pub async fn verify(ctx: &Ctx) -> Result<Vec<Invariant>, InvariantError> {
    let grants = grants::list(ctx, &grants::Filter { limit: u32::MAX, ..grants::Filter::default() }).await?;
    Ok(vec![
        grants_are_as_issued(ctx, &grants).await?,
        grants_follow_an_approval(ctx, &grants).await?,
        requests_are_decided_by_another_person(ctx).await?,
        leavers_hold_no_grant(ctx, &grants).await?,
        leavers_have_no_account(ctx).await?,
        leaver_cases_end_in_time(ctx).await?,
        identities_have_their_history(ctx).await?,
        imports_match_their_manifest(ctx).await?,
    ])
}

async fn grants_are_as_issued(ctx: &Ctx, grants: &[Grant]) -> Result<Invariant, InvariantError> {
    let mut invariant = Invariant::new("every grant is what the ledger says was issued");
    for grant in grants {
        invariant.check(grants::differs_from_ledger(ctx, grant).await?);
    }
    Ok(invariant)
}

async fn grants_follow_an_approval(ctx: &Ctx, grants: &[Grant]) -> Result<Invariant, InvariantError> {
    let mut invariant = Invariant::new("every grant follows an approved request of its holder");
    let mut tx = ctx.read().await?;
    for grant in grants {
        let Because::Request { request, .. } = &grant.because;
        let request = requests::store::get(&mut tx, request).await?;
        let follows = request.is_some_and(|request| {
            let same = request.system == grant.target && request.login == grant.login;
            request.grant() == Some(&grant.id) && request.beneficiary == grant.holder && same
        });
        invariant.check((!follows).then(|| format!("`{}` does not follow from an approved request", grant.id)));
    }
    Ok(invariant)
}

async fn requests_are_decided_by_another_person(ctx: &Ctx) -> Result<Invariant, InvariantError> {
    let mut invariant = Invariant::new("no request is decided by its requester or beneficiary");
    for request in requests::store::decided(&mut ctx.read().await?).await? {
        let (State::Approved { decided, .. } | State::Denied { decided }) = &request.state else { continue };
        let own = decided.by == request.requester || decided.by == request.beneficiary;
        invariant.check(own.then(|| format!("`{}` was decided by `{}`", request.id, decided.by)));
    }
    Ok(invariant)
}

async fn leavers_hold_no_grant(ctx: &Ctx, grants: &[Grant]) -> Result<Invariant, InvariantError> {
    let mut invariant = Invariant::new("nobody who has left holds a grant that stands");
    let left = identities::store::terminated(&mut ctx.read().await?).await?;
    let left: HashSet<_> = left.into_iter().collect();
    let now = ctx.now();
    for grant in grants {
        let wrong = grant.stands(now) && left.contains(&grant.holder);
        invariant.check(wrong.then(|| format!("`{}` of `{}` still stands", grant.id, grant.holder)));
    }
    Ok(invariant)
}

async fn leavers_have_no_account(ctx: &Ctx) -> Result<Invariant, InvariantError> {
    let mut invariant = Invariant::new("nobody who has left can sign in to Tenure");
    for identity in identities::store::terminated(&mut ctx.read().await?).await? {
        let enabled = match accounts::get(ctx, &identity).await {
            Ok(account) => account.enabled,
            Err(AccountError::NotFound(_)) => false,
            Err(error) => return Err(error.into()),
        };
        let case = lifecycle::store::open_of(&mut ctx.read().await?, &identity).await?;
        let in_time = case.is_some_and(|case| {
            case.step == Step::AwaitSessionsEnded && ctx.now().since(case.begun_at) < ACCOUNT_BOUND
        });
        invariant.check((enabled && !in_time).then(|| format!("the account of `{identity}` is enabled")));
    }
    Ok(invariant)
}

async fn leaver_cases_end_in_time(ctx: &Ctx) -> Result<Invariant, InvariantError> {
    let mut invariant = Invariant::new("every leaver case is done within ten minutes");
    for case in lifecycle::store::open(&mut ctx.read().await?).await? {
        let late = ctx.now().since(case.begun_at) > CASE_BOUND;
        invariant.check(late.then(|| format!("`{}` of `{}` is not done", case.id, case.identity)));
    }
    Ok(invariant)
}

async fn identities_have_their_history(ctx: &Ctx) -> Result<Invariant, InvariantError> {
    let mut invariant = Invariant::new("every identity is what the last line of its history says");
    let mut tx = ctx.read().await?;
    invariant.checked = identities::store::count(&mut tx).await?;
    let broken = identities::store::without_matching_version(&mut tx).await?;
    invariant.broken = broken.iter().map(|identity| format!("`{identity}` differs from its history")).collect();
    Ok(invariant)
}

async fn imports_match_their_manifest(ctx: &Ctx) -> Result<Invariant, InvariantError> {
    let mut invariant = Invariant::new("every import's lines are those that the ledger covers");
    for import in imports::store::applied(&mut ctx.read().await?).await? {
        let differs = imports::manifest_differs(ctx, &import).await?;
        invariant.check(differs.then(|| format!("the lines of `{import}` differ from its manifest")));
    }
    Ok(invariant)
}
