//! Whose an account on a system is. After each reading the accounts that are nobody's are compared with everybody known:
//! what is certain is linked, where it is not a person decides a case. What a person said stays until a person says
//! otherwise.

mod error;
mod events;
pub(crate) mod known;
pub mod logins;
mod matching;
mod model;
mod rules;
mod store;

pub use error::AccountLinkError;
pub use events::KINDS;
pub use matching::{SEEN_ANEW, handlers, order_due};
pub use model::{Account, AccountCase, Answer, Filter, LinkState, Listed, Said};

use crate::correlation::CaseState;
use crate::{identities, reconciliation};
use db::ReadTx;
use ledger::{Ctx, Write, finding};
use provisioning::inventory::{self, AccountFilter};
use provisioning::{Link, ObservedAccount, Protection};
use std::collections::BTreeSet;
use types::{IdentityId, MatchCaseId, ObservedAccountId, Reason};

/// The kind of finding that stands while a case is open.
const OPEN: &str = "account_match_open";

/// Accounts that are looked at together.
const PAGE: u32 = 1_000;
/// Parts of the inventory that one call looks through.
const PAGES: u32 = 20;

/// A person says whose an account is. It is linked at once, what was said before ends, and no rule asks again.
///
/// # Errors
/// `Gone`, `NoSuchPerson`, `OwnerNotHere`, `NotAPerson`; `Own` when it is, or may be, the account of whoever says it.
pub async fn say(ctx: &Ctx, id: &ObservedAccountId, said: Said, reason: &str) -> Result<Account, AccountLinkError> {
    let by = ctx.actor().identity().ok_or(AccountLinkError::NotAPerson)?.clone();
    let reason = Reason::new(reason)?;
    let mut tx = ctx.decide().await?;
    let account = there(&mut tx, id).await?;
    is_known(ctx, &mut tx, &said).await?;
    let (at, case) = (tx.now(), store::open_of(&mut tx, [id]).await?.remove(id));
    if may_be_of(&account, case.as_ref(), &by) || said.person() == Some(&by) {
        return Err(AccountLinkError::Own(id.clone()));
    }
    tx.also(events::answered(&account, case.as_ref(), &said, &by, &reason));
    let identity = said.person().cloned();
    if let Some(case) = case {
        let state = CaseState::Decided { by: by.clone(), at, identity: identity.clone() };
        store::settle(&mut tx, &AccountCase { state, ..case }).await?;
    }
    let link = identity.map(|identity| Link { identity, by: by.to_string() });
    let observed = inventory::link(&mut tx, id, link).await?;
    reconciliation::mark(&mut tx, people_of(&account, &observed)).await?;
    let answer = Answer { said, by, at };
    store::save_answer(&mut tx, &observed, &answer).await?;
    tell_open(ctx, &mut tx).await?;
    let account = described(&mut tx, vec![observed]).await?.remove(0);
    tx.commit().await?;
    Ok(account)
}

/// Whose it was and whose it is: what they should have on its system is to be looked at again.
fn people_of<'a>(before: &'a ObservedAccount, after: &'a ObservedAccount) -> impl Iterator<Item = &'a IdentityId> {
    [before, after].into_iter().filter_map(|account| account.link.as_ref()).map(|link| &link.identity)
}

/// Whether an account is somebody's, or is asked about as perhaps theirs.
fn may_be_of(account: &ObservedAccount, case: Option<&AccountCase>, who: &IdentityId) -> bool {
    let candidates = case.into_iter().flat_map(|case| &case.candidates).map(|candidate| &candidate.identity);
    account.link.iter().map(|link| &link.identity).chain(candidates).any(|candidate| candidate == who)
}

async fn is_known(ctx: &Ctx, tx: &mut ReadTx, said: &Said) -> Result<(), AccountLinkError> {
    if let Some(person) = said.person()
        && identities::store::get(tx, person).await?.is_none()
    {
        return Err(AccountLinkError::NoSuchPerson(person.clone()));
    }
    let Some(owner) = said.owner() else { return Ok(()) };
    match identities::store::get(tx, owner).await? {
        Some(person) if person.is_working(ctx.now()) => Ok(()),
        Some(_) => Err(AccountLinkError::OwnerNotHere(owner.clone())),
        None => Err(AccountLinkError::NoSuchPerson(owner.clone())),
    }
}

async fn there(tx: &mut ReadTx, id: &ObservedAccountId) -> Result<ObservedAccount, AccountLinkError> {
    let account = inventory::account(tx, id).await?;
    match account.until {
        Some(_) => Err(AccountLinkError::Gone(id.clone())),
        None => Ok(account),
    }
}

/// Nothing is sent to an account from now on, or it may be changed again.
///
/// # Errors
/// `Gone`, `NotAPerson`; `Own` for one's own account; `BuiltIn` when the protection is the system's own and is to end.
pub async fn protect(ctx: &Ctx, id: &ObservedAccountId, on: bool, reason: &str) -> Result<Account, AccountLinkError> {
    let by = ctx.actor().identity().ok_or(AccountLinkError::NotAPerson)?;
    let reason = Reason::new(reason)?;
    let mut tx = ctx.decide().await?;
    let before = there(&mut tx, id).await?;
    let case = store::open_of(&mut tx, [id]).await?.remove(id);
    if may_be_of(&before, case.as_ref(), by) {
        return Err(AccountLinkError::Own(id.clone()));
    }
    if before.protection == Some(Protection::BuiltIn) && !on {
        return Err(AccountLinkError::BuiltIn(id.clone()));
    }
    let observed = inventory::protect(&mut tx, id, on, reason.as_str()).await?;
    let changed = observed.protection != before.protection;
    reconciliation::mark(&mut tx, people_of(&before, &observed)).await?;
    let account = described(&mut tx, vec![observed]).await?.remove(0);
    if changed {
        tx.commit().await?;
    }
    Ok(account)
}

/// Also one that is gone.
pub async fn get(ctx: &Ctx, id: &ObservedAccountId) -> Result<Account, AccountLinkError> {
    let mut tx = ctx.read().await?;
    let observed = inventory::account(&mut tx, id).await?;
    Ok(described(&mut tx, vec![observed]).await?.remove(0))
}

/// In order of their ids. One call looks through a bounded part of the inventory, so a part may be short, or empty, and
/// still not be the last.
pub async fn list(ctx: &Ctx, filter: &Filter) -> Result<Listed, AccountLinkError> {
    let mut tx = ctx.read().await?;
    let (mut accounts, mut after) = (Vec::new(), filter.after.clone());
    let limit = usize::try_from(filter.limit).unwrap_or(usize::MAX);
    for _ in 0..PAGES {
        let size = if filter.state.is_some() { PAGE } else { filter.limit.saturating_add(1) };
        let narrowed = narrowed(filter, after.take(), size);
        let wanted = narrowed.limit as usize;
        let page = inventory::accounts(&mut tx, &narrowed).await?;
        let is_last = page.len() < wanted;
        for account in described(&mut tx, page).await? {
            after = Some(account.observed.id.clone());
            if filter.state.is_none_or(|state| state == account.state) {
                accounts.push(account);
            }
            if accounts.len() > limit {
                accounts.truncate(limit);
                let next = accounts.last().map(|account| account.observed.id.clone());
                return Ok(Listed { accounts, next });
            }
        }
        if is_last {
            return Ok(Listed { accounts, next: None });
        }
    }
    Ok(Listed { accounts, next: after })
}

/// What of the filter the inventory itself knows.
fn narrowed(filter: &Filter, after: Option<ObservedAccountId>, limit: u32) -> AccountFilter {
    let (linked, protected) = match filter.state {
        None => (None, None),
        Some(LinkState::Protected) => (None, Some(true)),
        Some(LinkState::Linked | LinkState::Orphaned) => (Some(true), Some(false)),
        Some(LinkState::NonPersonal | LinkState::Unmatched) => (Some(false), Some(false)),
    };
    AccountFilter {
        system: filter.system.clone(),
        identity: filter.identity.clone(),
        linked,
        protected,
        privileged: filter.privileged,
        query: filter.query.clone(),
        after,
        limit,
    }
}

/// Each with whose it is, in turn.
pub(crate) async fn described(
    tx: &mut ReadTx,
    observed: Vec<ObservedAccount>,
) -> Result<Vec<Account>, AccountLinkError> {
    let holders = observed.iter().filter_map(|account| account.link.as_ref()).map(|link| &link.identity);
    let people = identities::store::of_ids(tx, holders.collect::<BTreeSet<_>>()).await?;
    let systems: BTreeSet<&str> = observed.iter().map(|account| account.system.as_str()).collect();
    let mut answers = std::collections::HashMap::new();
    for system in systems {
        let of_system: Vec<&ObservedAccount> = observed.iter().filter(|account| account.system == system).collect();
        answers.extend(store::answers(tx, system, &of_system).await?);
    }
    let account = |observed: ObservedAccount| {
        let holder = observed.link.as_ref().and_then(|link| people.get(&link.identity));
        let answer = answers.remove(&observed.id);
        let state = rules::state(&observed, answer.as_ref(), holder.is_some_and(|person| person.has_left()));
        Account { observed, state, answer }
    };
    Ok(observed.into_iter().map(account).collect())
}

/// Accounts that are nobody's own and that somebody answers for.
pub async fn owned_by(tx: &mut ReadTx, owner: &IdentityId) -> Result<Vec<Account>, AccountLinkError> {
    let mut accounts = Vec::new();
    for (system, native) in store::owned_by(tx, owner).await? {
        accounts.extend(inventory::by_native(tx, &system, &native).await?);
    }
    let described = described(tx, accounts).await?;
    Ok(described.into_iter().filter(|account| account.owner() == Some(owner)).collect())
}

/// Who answers for an account that is nobody's own; `None` of one that is gone.
pub(crate) async fn owner_of(tx: &mut ReadTx, id: &ObservedAccountId) -> Result<Option<IdentityId>, AccountLinkError> {
    let observed = inventory::account(tx, id).await?;
    if observed.until.is_some() {
        return Ok(None);
    }
    let account = described(tx, vec![observed]).await?.remove(0);
    Ok(account.owner().cloned())
}

/// Somebody else answers for an account that is nobody's own; who said that it is stays who said it. Returns who answered for
/// it before.
pub(crate) async fn give_to(
    tx: &mut Write,
    id: &ObservedAccountId,
    to: &IdentityId,
) -> Result<Option<IdentityId>, AccountLinkError> {
    let observed = there(tx, id).await?;
    let account = described(tx, vec![observed]).await?.remove(0);
    let (Some(before), Some(answer)) = (account.owner().cloned(), account.answer) else { return Ok(None) };
    tx.also(events::given_to(&account.observed, to));
    let said = Said::NonPersonal { owner: Some(to.clone()) };
    store::save_answer(tx, &account.observed, &Answer { said, ..answer }).await?;
    Ok(Some(before))
}

pub async fn case(ctx: &Ctx, id: &MatchCaseId) -> Result<AccountCase, AccountLinkError> {
    let found = store::case(&mut ctx.read().await?, id).await?;
    found.ok_or_else(|| AccountLinkError::NoSuchCase(id.clone()))
}

/// Newest first; `open` alone or all; `after` continues behind one.
pub async fn cases(
    ctx: &Ctx,
    state: Option<&str>,
    after: Option<&MatchCaseId>,
    limit: u32,
) -> Result<Vec<AccountCase>, AccountLinkError> {
    Ok(store::cases(&mut ctx.read().await?, state, after, limit).await?)
}

/// A finding stands while any case is open.
async fn tell_open(ctx: &Ctx, tx: &mut Write) -> Result<(), AccountLinkError> {
    match store::count_open(tx).await? {
        0 => {
            finding::clear_in(tx, OPEN, "accounts").await?;
        }
        open => {
            let who = if open == 1 { "1 account waits".to_owned() } else { format!("{open} accounts wait") };
            let detail = format!(
                "{who} for a person to say whose it is: see `tenure cases list --about account`, then \
                 `tenure inventory link`"
            );
            finding::raise_in(ctx, tx, OPEN, "accounts", &detail).await?;
        }
    }
    Ok(())
}
