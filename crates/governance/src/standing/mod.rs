//! Standing privileges: who has power on systems all the time, by which membership, since when nobody used it, and how
//! risky that is. Changes nothing: what is to be had on request from now on is converted elsewhere.

mod ground;
mod model;
pub mod rules;

pub use model::{Assessment, Because, By, Filter, Listed, Power, Privilege};

use crate::account_links::{self, Account};
use crate::conversions::{self, ConversionError, Refusal};
use crate::entitlements::{self, Observed};
use crate::roles::Entitled;
use connectors::connector::Status;
use db::ReadTx;
use ground::Ground;
use ledger::Ctx;
use provisioning::inventory;
use provisioning::power::{self, Way};
use types::{Channel, IdentityId, ObservedAccountId, Timestamp};

/// Accounts that are looked at together.
const PAGE: u32 = 200;
/// Parts of the inventory that one call looks through.
const PAGES: u32 = 20;

/// In order of the ids of their accounts; what a grant gives for a time is not among them. One call looks through a
/// bounded part of the inventory.
pub async fn list(ctx: &Ctx, filter: &Filter) -> Result<Listed, ConversionError> {
    let (mut tx, now) = (ctx.read().await?, ctx.now());
    let systems: Vec<String> = match &filter.system {
        Some(system) => vec![system.clone()],
        None => inventory::systems(&mut tx).await?.into_iter().map(|state| state.system).collect(),
    };
    let ground = Ground::read(&mut tx, systems).await?;
    let (mut privileges, mut after, mut shown) = (Vec::new(), filter.after.clone(), 0);
    for _ in 0..PAGES {
        let accounts = ground.holders(&mut tx, after.as_ref(), PAGE).await?;
        let is_last = accounts.len() < PAGE as usize;
        for account in account_links::described(&mut tx, accounts).await? {
            if shown == filter.limit {
                return Ok(Listed { privileges, next: after });
            }
            after = Some(account.observed.id.clone());
            if filter.holder.is_some() && filter.holder.as_ref() != holder_of(&account) {
                continue;
            }
            let mut found = of_account(&mut tx, &ground, account, now).await?;
            found.retain(|privilege| fits(privilege, filter));
            shown += u32::from(!found.is_empty());
            privileges.append(&mut found);
        }
        if is_last {
            return Ok(Listed { privileges, next: None });
        }
    }
    Ok(Listed { privileges, next: after })
}

fn holder_of(account: &Account) -> Option<&IdentityId> {
    account.observed.link.as_ref().map(|link| &link.identity)
}

fn fits(privilege: &Privilege, filter: &Filter) -> bool {
    let owned = filter.owner.is_none() || filter.owner == privilege.owner;
    let risky = filter.risk.is_none_or(|least| level(privilege.assessment.risk) >= level(least));
    owned && risky && filter.convertible.is_none_or(|wanted| wanted == privilege.obstacle.is_none())
}

fn level(risk: entitlements::Risk) -> usize {
    entitlements::Risk::ALL.iter().position(|known| *known == risk).unwrap_or_default()
}

/// Those of one account.
///
/// # Errors
/// That of an account that is not known.
pub async fn of(ctx: &Ctx, account: &ObservedAccountId) -> Result<Vec<Privilege>, ConversionError> {
    let mut tx = ctx.read().await?;
    let observed = inventory::account(&mut tx, account).await?;
    let ground = Ground::read(&mut tx, vec![observed.system.clone()]).await?;
    let account = account_links::described(&mut tx, vec![observed]).await?.remove(0);
    of_account(&mut tx, &ground, account, ctx.now()).await
}

async fn of_account(
    tx: &mut ReadTx,
    ground: &Ground,
    account: Account,
    now: Timestamp,
) -> Result<Vec<Privilege>, ConversionError> {
    let mut privileges: Vec<Privilege> = Vec::new();
    let ways = power::ways(tx, &account.observed).await?;
    let paths = ways.iter().flat_map(|way| &way.reaches).map(|reached| &reached.path);
    let names = entitlements::names(tx, &account.observed.system, paths).await?;
    for way in ways {
        let reached = way.reaches.iter().map(|reached| reached.entitlement.clone()).collect();
        let told = entitlements::told(reached, &ground.said);
        let paths = way.reaches.iter().map(|reached| entitlements::named(&reached.path, &names));
        let all: Vec<(Observed, Vec<String>)> = told.into_iter().zip(paths).collect();
        let powers: Vec<Power> = all.iter().filter_map(|(one, path)| power_of(one, path)).collect();
        if powers.is_empty() {
            continue;
        }
        let facts = conversions::facts::about(tx, account.clone(), &way, true, &ground.catalogue, now).await?;
        let obstacle = conversions::rules::obstacle(&facts);
        if obstacle == Some(Refusal::ForATime) {
            continue;
        }
        let of_power = all.iter().filter(|(one, _)| one.privileged().is_some()).map(|(one, _)| one);
        let declared =
            of_power.filter_map(|one| one.said.as_ref()).map(|said| said.risk).max_by_key(|risk| level(*risk));
        let entitled = Entitled { system: facts.system.clone(), entitlement: facts.slug.clone() };
        let roles = ground.catalogue.offering(&entitled, Channel::Membership);
        let no_offer = || Refusal::NoOffer { slug: entitled.entitlement.clone(), system: entitled.system.clone() };
        privileges.push(Privilege {
            owner: ground.owner(&all[0].0, &facts.system),
            obstacle: obstacle.or_else(|| roles.is_empty().then(no_offer)),
            by: Some(by(&way)),
            assessment: rules::assess(&basis(&account, declared), now),
            ..bare(&account, powers, roles)
        });
    }
    privileges.extend(own(ground, &account, &privileges, now));
    Ok(privileges)
}

/// What the account has by itself, as far as no membership stands for it.
fn own(ground: &Ground, account: &Account, others: &[Privilege], now: Timestamp) -> Option<Privilege> {
    let is_shown = |why: &&String| others.iter().flat_map(|other| &other.powers).any(|power| power.why == **why);
    let own = account.observed.privileged.iter().filter(|why| !is_shown(why));
    let powers: Vec<Power> = own.map(|why| Power { name: None, why: why.clone(), path: Vec::new() }).collect();
    (!powers.is_empty()).then(|| Privilege {
        owner: ground.owner_of_system(&account.observed.system),
        obstacle: Some(Refusal::OwnPower),
        assessment: rules::assess(&basis(account, None), now),
        ..bare(account, powers, Vec::new())
    })
}

fn bare(account: &Account, powers: Vec<Power>, roles: Vec<String>) -> Privilege {
    Privilege {
        holder: holder_of(account).cloned(),
        last_used_at: account.observed.last_used_at,
        assessment: Assessment { risk: entitlements::Risk::default(), because: Vec::new() },
        account: account.clone(),
        owner: None,
        by: None,
        obstacle: None,
        powers,
        roles,
    }
}

fn by(way: &Way) -> By {
    By { entitlement: way.direct.id.clone(), slug: way.direct.slug.clone(), name: way.direct.name.clone() }
}

fn power_of(one: &Observed, path: &[String]) -> Option<Power> {
    let why = one.privileged()?.to_owned();
    Some(Power { name: Some(one.entitlement.name.clone()), why, path: path.to_vec() })
}

fn basis(account: &Account, declared: Option<entitlements::Risk>) -> rules::Basis {
    rules::Basis {
        declared,
        state: account.state,
        is_answered_for: account.owner().is_some(),
        is_protected: account.observed.protection.is_some(),
        is_enabled: account.observed.status == Status::Enabled,
        last_used_at: account.observed.last_used_at,
    }
}
