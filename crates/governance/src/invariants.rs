//! What must hold in this plane at every moment, derived again from the tables and the ledger. Changes nothing.

use crate::conversions::{self, ConversionError};
use crate::identities::IdentityError;
use crate::imports::ImportError;
use crate::lifecycle::{LifecycleError, Step};
use crate::plans::PlanError;
use crate::requests::State;
use crate::simulations::SimulationError;
use crate::{assignments, identities, imports, lifecycle, machines, ownerships, plans, requests, simulations};
use authn::{accounts, tokens};
use db::DbError;
use grants::{Because, Grant, GrantError};
use ledger::{Ctx, Invariant};
use provisioning::{ProvisioningError, order, ownership};
use std::time::Duration;
use types::{Failure, IdentityId, Kind};

/// A leaver's account is disabled within this time, whatever becomes of a session on a node that is cut off.
const ACCOUNT_BOUND: Duration = Duration::from_secs(120);
/// The sessions and grants of a leaver are gone within this time: certificates for targets live at most two minutes.
const CASE_BOUND: Duration = Duration::from_secs(10 * 60);

/// An account that is found to be a leaver's is ordered disabled within this time.
const LINK_BOUND: Duration = Duration::from_secs(60);

/// What follows from a new state is done within this time after it began.
const STATE_BOUND: Duration = Duration::from_secs(5 * 60);

#[derive(Debug, thiserror::Error)]
pub enum InvariantError {
    #[error(transparent)]
    Grant(#[from] GrantError),
    #[error(transparent)]
    Identity(#[from] IdentityError),
    #[error(transparent)]
    Import(#[from] ImportError),
    #[error(transparent)]
    Plan(#[from] PlanError),
    #[error(transparent)]
    Simulation(#[from] SimulationError),
    #[error(transparent)]
    Conversion(#[from] ConversionError),
    #[error(transparent)]
    Lifecycle(#[from] LifecycleError),
    #[error(transparent)]
    Provisioning(#[from] ProvisioningError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl InvariantError {
    fn cause(&self) -> &dyn Failure {
        match self {
            Self::Grant(e) => e,
            Self::Identity(e) => e,
            Self::Import(e) => e,
            Self::Plan(e) => e,
            Self::Simulation(e) => e,
            Self::Conversion(e) => e,
            Self::Lifecycle(e) => e,
            Self::Provisioning(e) => e,
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

/// Checks every rule of this plane, `page` rows at a time.
pub async fn verify(ctx: &Ctx, page: u32) -> Result<Vec<Invariant>, InvariantError> {
    let [as_issued, approved, of_leavers] = grants_hold(ctx, page).await?;
    let mut invariants = vec![
        as_issued,
        approved,
        requests_are_decided_by_another_person(ctx, page).await?,
        of_leavers,
        leavers_have_no_account(ctx, page).await?,
        leavers_lose_their_grants_in_time(ctx).await?,
        leavers_have_no_account_anywhere(ctx, page).await?,
        finished_leavers_own_nothing(ctx, page).await?,
        identities_have_their_history(ctx).await?,
        states_are_acted_on_in_time(ctx).await?,
        assignments_have_a_because(ctx).await?,
        imports_match_their_manifest(ctx, page).await?,
        machines_are_answered_for(ctx, page).await?,
        machines_have_their_history(ctx).await?,
        conversions::undone_in_time(ctx, page).await?,
    ];
    invariants.extend(plans::invariants(ctx, page).await?);
    invariants.extend(simulations::invariants(ctx, page).await?);
    Ok(invariants)
}

async fn grants_hold(ctx: &Ctx, page: u32) -> Result<[Invariant; 3], InvariantError> {
    let mut as_issued = Invariant::new("every grant is what the ledger says was issued");
    let mut approved = Invariant::new("every grant follows an approved request of its holder");
    let mut of_leavers = Invariant::new("nobody who has left holds a grant that stands");
    let mut after = None;
    loop {
        let filter = grants::Filter { after, limit: page, ..grants::Filter::default() };
        let grants = grants::list(ctx, &filter).await?;
        let Some(last) = grants.last() else { return Ok([as_issued, approved, of_leavers]) };
        after = Some(last.id.clone());
        for grant in &grants {
            as_issued.check(grants::differs_from_ledger(ctx, grant).await?);
            approved.check(without_approval(ctx, grant).await?);
            of_leavers.check(held_by_a_leaver(ctx, grant).await?);
        }
    }
}

async fn without_approval(ctx: &Ctx, grant: &Grant) -> Result<Option<String>, InvariantError> {
    let Because::Request { request, .. } = &grant.because;
    let request = requests::store::get(&mut ctx.read().await?, request).await?;
    let follows = request.is_some_and(|request| {
        let same = request.system == grant.target && request.login == grant.login;
        request.grant() == Some(&grant.id) && request.beneficiary == grant.holder && same
    });
    Ok((!follows).then(|| format!("`{}` does not follow from an approved request", grant.id)))
}

async fn held_by_a_leaver(ctx: &Ctx, grant: &Grant) -> Result<Option<String>, InvariantError> {
    let left = match grant.stands(ctx.now()) {
        true => identities::store::get(&mut ctx.read().await?, &grant.holder).await?,
        false => None,
    };
    if left.is_none_or(|holder| !holder.has_left()) {
        return Ok(None);
    }
    // Holder and grant end in one transaction: who left since the grant was read has lost it by now.
    let wrong = grants::get(ctx, &grant.id).await?.stands(ctx.now());
    Ok(wrong.then(|| format!("`{}` of `{}` still stands", grant.id, grant.holder)))
}

async fn requests_are_decided_by_another_person(ctx: &Ctx, page: u32) -> Result<Invariant, InvariantError> {
    let mut invariant = Invariant::new("no request is decided by its requester or beneficiary");
    let mut after = None;
    loop {
        let requests = requests::store::decided(&mut ctx.read().await?, after.as_ref(), page).await?;
        let Some(last) = requests.last() else { return Ok(invariant) };
        after = Some(last.id.clone());
        for request in requests {
            let (State::Approved { decided, .. } | State::Denied { decided }) = &request.state else { continue };
            let own = decided.by == request.requester || decided.by == request.beneficiary;
            invariant.check(own.then(|| format!("`{}` was decided by `{}`", request.id, decided.by)));
        }
    }
}

async fn leavers_have_no_account(ctx: &Ctx, page: u32) -> Result<Invariant, InvariantError> {
    let mut invariant = Invariant::new("nobody who has left can sign in to Tenure");
    let mut after = None;
    loop {
        let left = identities::store::terminated(&mut ctx.read().await?, after.as_ref(), page).await?;
        let Some(last) = left.last() else { return Ok(invariant) };
        after = Some(last.clone());
        for identity in left {
            invariant.check(with_an_account(ctx, &identity).await?);
        }
    }
}

async fn with_an_account(ctx: &Ctx, identity: &IdentityId) -> Result<Option<String>, InvariantError> {
    // All as of one moment: who was let in again since the page was read, or whose case went on, is no finding.
    let mut tx = ctx.read().await?;
    let left = identities::store::get(&mut tx, identity).await?.is_some_and(|person| person.has_left());
    let enabled = left && accounts::find(&mut tx, identity).await?.is_some_and(|account| account.enabled);
    let case = lifecycle::store::open_of(&mut tx, identity).await?;
    let in_time = case
        .is_some_and(|case| case.step == Step::AwaitSessionsEnded && ctx.now().since(case.begun_at) < ACCOUNT_BOUND);
    Ok((enabled && !in_time).then(|| format!("the account of `{identity}` is enabled")))
}

async fn leavers_lose_their_grants_in_time(ctx: &Ctx) -> Result<Invariant, InvariantError> {
    let mut invariant = Invariant::new("every session and grant of a leaver is gone within ten minutes");
    for case in lifecycle::store::open(&mut ctx.read().await?).await? {
        let over = ctx.now().since(case.begun_at) > CASE_BOUND;
        let late = over && lifecycle::awaits_sessions_or_grants(ctx, &case).await?;
        invariant.check(late.then(|| format!("`{}` of `{}` waits for them", case.id, case.identity)));
    }
    Ok(invariant)
}

async fn leavers_have_no_account_anywhere(ctx: &Ctx, page: u32) -> Result<Invariant, InvariantError> {
    let mut invariant =
        Invariant::new("every account on a system of somebody who has left is disabled, or ordered to be");
    let mut after = None;
    loop {
        let mut tx = ctx.read().await?;
        let left = identities::store::terminated(&mut tx, after.as_ref(), page).await?;
        let Some(last) = left.last() else { return Ok(invariant) };
        after = Some(last.clone());
        let exposed = order::exposed(&mut tx, &left, ctx.now().minus(LINK_BOUND)).await?;
        invariant.checked += left.len() as u64;
        invariant.broken.extend(exposed.iter().map(|who| format!("`{who}` has an enabled account on a system")));
    }
}

async fn finished_leavers_own_nothing(ctx: &Ctx, page: u32) -> Result<Invariant, InvariantError> {
    let mut invariant = Invariant::new("nobody who has left and whose case is closed owns anything");
    let mut tx = ctx.read().await?;
    for (kind, name) in ownerships::store::left_behind(&mut tx).await? {
        invariant.broken.push(format!("the {kind} `{name}` belongs to somebody who has left"));
    }
    let mut after = None;
    loop {
        let left = identities::store::terminated(&mut tx, after.as_ref(), page).await?;
        let Some(last) = left.last() else { return Ok(invariant) };
        after = Some(last.clone());
        invariant.checked += left.len() as u64;
        for owned in ownership::of(&mut tx, &left).await? {
            let owner = owned.heir.as_ref().unwrap_or(&owned.owner);
            if left.contains(owner) && lifecycle::store::open_of(&mut tx, owner).await?.is_none() {
                let (kind, subject) = (owned.kind.as_str(), owned.subject);
                invariant.broken.push(format!("the {kind} `{subject}` belongs to somebody who has left"));
            }
        }
    }
}

async fn identities_have_their_history(ctx: &Ctx) -> Result<Invariant, InvariantError> {
    let mut invariant = Invariant::new("every identity is what the last line of its history says");
    let mut tx = ctx.read().await?;
    invariant.checked = identities::store::count(&mut tx).await?;
    let broken = identities::store::without_matching_version(&mut tx).await?;
    invariant.broken = broken.iter().map(|identity| format!("`{identity}` differs from its history")).collect();
    Ok(invariant)
}

async fn states_are_acted_on_in_time(ctx: &Ctx) -> Result<Invariant, InvariantError> {
    let mut invariant = Invariant::new("every change of a person's state is acted on within five minutes");
    let mut tx = ctx.read().await?;
    invariant.checked = identities::store::count(&mut tx).await?;
    let late = identities::store::due(&mut tx, ctx.now().minus(STATE_BOUND), u32::MAX).await?;
    invariant.broken = late.iter().map(|identity| format!("the state of `{identity}` changed longer ago")).collect();
    Ok(invariant)
}

async fn assignments_have_a_because(ctx: &Ctx) -> Result<Invariant, InvariantError> {
    let mut invariant = Invariant::new("every assignment follows from a role or a person that there is");
    let mut tx = ctx.read().await?;
    invariant.checked = assignments::store::count(&mut tx).await?;
    let broken = assignments::store::without_because(&mut tx).await?;
    invariant.broken = broken.iter().map(|assignment| format!("`{assignment}` follows from nothing")).collect();
    Ok(invariant)
}

async fn imports_match_their_manifest(ctx: &Ctx, page: u32) -> Result<Invariant, InvariantError> {
    let mut invariant = Invariant::new("every import's lines are those that the ledger covers");
    for import in imports::store::applied(&mut ctx.read().await?).await? {
        let differs = imports::manifest_differs(ctx, &import, page).await?;
        invariant.check(differs.then(|| format!("the lines of `{import}` differ from its manifest")));
    }
    Ok(invariant)
}

async fn machines_are_answered_for(ctx: &Ctx, page: u32) -> Result<Invariant, InvariantError> {
    let mut invariant = Invariant::new("every machine identity that holds a grant or a token has an active owner");
    let mut after = None;
    loop {
        let filter = machines::Filter { after, limit: page, ..machines::Filter::default() };
        let machines = machines::store::list(&mut ctx.read().await?, &filter).await?;
        let Some(last) = machines.last() else { return Ok(invariant) };
        after = Some(last.id.clone());
        for machine in machines {
            invariant.check(holds_something_for_nobody(ctx, &machine.id).await?);
        }
    }
}

async fn holds_something_for_nobody(ctx: &Ctx, machine: &IdentityId) -> Result<Option<String>, InvariantError> {
    // All as of one moment: who was handed over meanwhile is no finding.
    let (mut tx, now) = (ctx.read().await?, ctx.now());
    let Some(machine) = machines::store::get(&mut tx, machine).await? else { return Ok(None) };
    let owner = identities::store::get(&mut tx, &machine.owner).await?;
    let works = owner.is_some_and(|owner| !owner.has_left());
    if works && machine.state == machines::State::Active {
        return Ok(None);
    }
    let grants = grants::not_ended_of(&mut tx, &machine.id).await?;
    let holds = grants.iter().any(|grant| grant.stands(now));
    let proves = tokens::count_live(&mut tx, &machine.id, now).await? > 0;
    Ok((holds || proves).then(|| format!("`{}` holds a grant or a token, and nobody answers for it", machine.id)))
}

async fn machines_have_their_history(ctx: &Ctx) -> Result<Invariant, InvariantError> {
    let mut invariant = Invariant::new("every machine identity is what the last line of its history says");
    let mut tx = ctx.read().await?;
    invariant.checked = machines::store::count(&mut tx).await?;
    let broken = machines::store::without_matching_version(&mut tx).await?;
    invariant.broken = broken.iter().map(|machine| format!("`{machine}` differs from its history")).collect();
    Ok(invariant)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imports::{Mode, apply};
    use connectors::hr_csv;
    use ledger::Ledger;
    use seal::RootKey;
    use types::{Actor, Chance, Clock, Secret};

    const FEED: &str = "\
employee_id,given_name,family_name,email,department,job_title,manager_id,status,start_date,end_date
E1,Alice,Moreau,alice@example.com,Platform,Engineer,,active,2021-09-06,
";

    #[tokio::test]
    async fn who_was_let_in_again_since_the_leavers_were_listed_is_no_finding() {
        let migrations = [
            seal::MIGRATIONS,
            ledger::MIGRATIONS,
            grants::MIGRATIONS,
            provisioning::MIGRATIONS,
            authn::MIGRATIONS,
            crate::MIGRATIONS,
        ]
        .concat();
        let fixture = db::fixture::sqlite(&migrations).await;
        let (clock, chance) = (Clock::still("2026-11-21T09:00:00Z".parse().unwrap()), Chance::system());
        let root = RootKey::File(Secret::new([7; 32]));
        Ledger::initialise(&fixture.db, &root, &clock, &chance, "tenure.test/log").await.unwrap();
        let ctx = Ctx::new(Ledger::open(fixture.db.clone(), &root, clock, chance).await.unwrap(), Actor::Console);
        let mut listed = Vec::new();
        for feed in [FEED.to_owned(), FEED.replace(",active,", ",terminated,"), FEED.to_owned()] {
            apply(&ctx, &hr_csv::read(feed.as_bytes()).unwrap(), Mode::Apply).await.unwrap();
            listed.extend(identities::store::terminated(&mut ctx.read().await.unwrap(), None, 1).await.unwrap());
        }
        assert_eq!(listed.len(), 1);
        assert!(accounts::get(&ctx, &listed[0]).await.unwrap().enabled);
        assert_eq!(with_an_account(&ctx, &listed[0]).await.unwrap(), None);
    }
}
