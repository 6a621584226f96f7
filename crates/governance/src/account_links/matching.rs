//! Compares the accounts of a system that are nobody's with everybody known, after each reading.

use super::events::{self, Found};
use super::model::AccountCase;
use super::rules::{Estate, People, Trust};
use super::{AccountLinkError, PAGE, store, tell_open};
use crate::correlation::{CaseState, Test, Verdict};
use crate::identities::{self, Identity};
use crate::{mappings, reconciliation};
use db::jobs::{self, JobError, NewJob, Worker};
use ledger::{Ctx, Write, finding};
use provisioning::inventory::{self, AccountFilter};
use provisioning::{Link, ObservedAccount, Protection};
use types::{Actor, JobId, MatchCaseId, ObservedAccountId, Timestamp};

/// The kind of the job that goes through the accounts of a system.
const JOB: &str = "account_links.match";
/// The finding while no attribute of a system proves anything because the system is described otherwise than before.
pub const SEEN_ANEW: &str = "attributes_prove_nothing";

/// Accounts of one transaction.
const AT_ONCE: usize = 200;

/// Has every system looked through that was read since the last time. Returns how many.
pub async fn order_due(ctx: &Ctx) -> Result<usize, AccountLinkError> {
    let mut tx = ctx.read().await?;
    let matched = store::matched(&mut tx).await?;
    let systems = inventory::systems(&mut tx).await?;
    drop(tx);
    let due = systems.into_iter().filter(|state| state.changed_at > matched.get(&state.system).copied());
    let mut ordered = 0;
    for state in due {
        let job =
            NewJob { kind: JOB, key: state.system, payload: String::new(), due_at: ctx.now(), max_attempts: None };
        jobs::ensure(ctx.db(), &JobId::new(ctx.clock(), ctx.chance()), &job).await?;
        ordered += 1;
    }
    Ok(ordered)
}

/// Registers what goes through the accounts of a system.
pub fn handlers(worker: Worker, ctx: &Ctx) -> Worker {
    let ctx = ctx.acting_as(Actor::duty(JOB));
    worker.handle(JOB, move |job| {
        let ctx = ctx.clone();
        async move { all_of(&ctx, &job.key).await.map_err(|error| JobError::Retry(error.to_string())) }
    })
}

async fn all_of(ctx: &Ctx, system: &str) -> Result<(), AccountLinkError> {
    let mut tx = ctx.read().await?;
    let Some(state) = inventory::system(&mut tx, system).await? else { return Ok(()) };
    let Some(read_at) = state.changed_at else { return Ok(()) };
    let mut mapping = mappings::store::get(&mut tx, system).await?;
    let declared_through = mappings::store::view(&mut tx, system).await?;
    // Whoever describes a system says what its attributes are called, and so could name others as these.
    let is_seen_anew = state.is_mixed() || (declared_through.is_some() && declared_through != state.view());
    let is_doubted = is_seen_anew && mapping.as_ref().is_some_and(|mapping| !mapping.authoritative.is_empty());
    if let Some(mapping) = mapping.as_mut().filter(|_| is_doubted) {
        mapping.authoritative.clear();
    }
    let looked_at = reconciliation::store::position(&mut tx, system).await?.and_then(|position| position.loaded_at);
    let estate = if looked_at.is_some() { Estate::Settled } else { Estate::Growing };
    let trust = Trust { mapping: mapping.as_ref(), estate };
    drop(tx);
    let (mut found, mut after, mut everybody) = (Found::default(), None, None);
    loop {
        let mut tx = ctx.read().await?;
        let page = unlinked(&mut tx, system, after.as_ref()).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.id.clone());
        let open = unanswered(&mut tx, system, &page).await?;
        if open.is_empty() {
            continue;
        }
        let identities: &Vec<Identity> = match &everybody {
            Some(everybody) => everybody,
            None => everybody.insert(identities::store::all(&mut tx).await?),
        };
        drop(tx);
        let people = People::new(identities, trust);
        for accounts in open.chunks(AT_ONCE) {
            let verdicts = accounts.iter().map(|account| (*account, people.judge(account))).collect();
            settle(ctx, verdicts, &mut found).await?;
        }
    }
    let seen = Seen { read_at, view: state.view().filter(|_| declared_through.is_none()), is_doubted };
    conclude(ctx, system, seen, found).await
}

/// A page of accounts that are nobody's, after one.
async fn unlinked(
    tx: &mut db::ReadTx,
    system: &str,
    after: Option<&ObservedAccountId>,
) -> Result<Vec<ObservedAccount>, AccountLinkError> {
    let filter = AccountFilter {
        system: Some(system.to_owned()),
        linked: Some(false),
        after: after.cloned(),
        limit: PAGE,
        ..AccountFilter::default()
    };
    Ok(inventory::accounts(tx, &filter).await?)
}

/// Those of which no person has said anything, and that are not the system's own.
async fn unanswered<'a>(
    tx: &mut db::ReadTx,
    system: &str,
    page: &'a [ObservedAccount],
) -> Result<Vec<&'a ObservedAccount>, AccountLinkError> {
    let people: Vec<&ObservedAccount> =
        page.iter().filter(|account| account.protection != Some(Protection::BuiltIn)).collect();
    let answers = store::answers(tx, system, &people).await?;
    Ok(people.into_iter().filter(|account| !answers.contains_key(&account.id)).collect())
}

async fn settle(
    ctx: &Ctx,
    verdicts: Vec<(&ObservedAccount, Verdict)>,
    found: &mut Found,
) -> Result<(), AccountLinkError> {
    let mut tx = ctx.decide().await?;
    let mut cases = store::open_of(&mut tx, verdicts.iter().map(|(account, _)| &account.id)).await?;
    let seen: Vec<&ObservedAccount> = verdicts.iter().map(|(account, _)| *account).collect();
    let answered = store::answers(&mut tx, &seen[0].system, &seen).await?;
    let mut changed = false;
    for (account, verdict) in verdicts {
        let now = inventory::account(&mut tx, &account.id).await?;
        if now.link.is_some() || now.until.is_some() || answered.contains_key(&now.id) {
            continue;
        }
        let case = cases.remove(&account.id);
        match verdict {
            Verdict::Certain(candidate) => {
                let by = candidate.tests.iter().map(|test: &Test| test.as_str()).collect::<Vec<_>>().join("+");
                reconciliation::mark(&mut tx, [&candidate.identity]).await?;
                inventory::link(&mut tx, &account.id, Some(Link { identity: candidate.identity, by })).await?;
                moot(&mut tx, case).await?;
                (found.linked, changed) = (found.linked + 1, true);
            }
            Verdict::NeedsPerson(candidates) => {
                found.asked += 1;
                if case.is_none() {
                    let case = AccountCase {
                        id: MatchCaseId::new(ctx.clock(), ctx.chance()),
                        system: account.system.clone(),
                        account: account.id.clone(),
                        candidates,
                        opened_at: tx.now(),
                        state: CaseState::Open,
                    };
                    tx.also(events::opened(&case));
                    store::insert_case(&mut tx, &case).await?;
                    changed = true;
                }
            }
            Verdict::Nobody => {
                found.unmatched += 1;
                changed |= moot(&mut tx, case).await?;
            }
        }
    }
    if changed {
        tx.commit().await?;
    }
    Ok(())
}

async fn tell_doubted(ctx: &Ctx, tx: &mut Write, system: &str, is_doubted: bool) -> Result<(), AccountLinkError> {
    if !is_doubted {
        finding::clear_in(tx, SEEN_ANEW, system).await?;
        return Ok(());
    }
    let detail = format!(
        "`{system}` is described otherwise than when its mapping said which attributes prove whose an account is, so none \
         proves it: look at what changed, then declare the mapping again (`tenure mappings apply`)"
    );
    finding::raise_in(ctx, tx, SEEN_ANEW, system, &detail).await?;
    Ok(())
}

async fn moot(tx: &mut Write, case: Option<AccountCase>) -> Result<bool, AccountLinkError> {
    let Some(case) = case else { return Ok(false) };
    let case = AccountCase { state: CaseState::Moot { at: tx.now() }, ..case };
    tx.also(events::moot(&case));
    store::settle(tx, &case).await?;
    Ok(true)
}

/// How a system was seen when its accounts were compared.
struct Seen {
    read_at: Timestamp,
    /// For a mapping that was declared before the system was seen.
    view: Option<[u8; 32]>,
    /// It is seen otherwise than when its mapping said what proves whose an account is.
    is_doubted: bool,
}

/// Nothing is left to decide about accounts that are gone, or that are somebody's by now.
async fn conclude(ctx: &Ctx, system: &str, seen: Seen, found: Found) -> Result<(), AccountLinkError> {
    let Seen { read_at, view, is_doubted } = seen;
    let mut tx = ctx.record(events::matched(system, read_at, found)).await?;
    if view.is_some() {
        mappings::store::set_view(&mut tx, system, view).await?;
    }
    tell_doubted(ctx, &mut tx, system, is_doubted).await?;
    for case in store::open_on(&mut tx, system).await? {
        let account = inventory::account(&mut tx, &case.account).await?;
        if account.until.is_some() || account.link.is_some() {
            moot(&mut tx, Some(case)).await?;
        }
    }
    let now = tx.now();
    store::set_matched(&mut tx, system, read_at, now).await?;
    tell_open(ctx, &mut tx).await?;
    Ok(tx.commit().await?)
}
