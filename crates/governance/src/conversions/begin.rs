//! A conversion begins: its premises are checked, its holder may ask, and the order is given, in one transaction.

use super::rules::{self, Facts};
use super::{
    Breakers, Conversion, ConversionError, DEADLINE, MOST, Membership, New, Refusal, State, carry, events, facts, held,
    store, trips,
};
use crate::assignments::{self, What};
use crate::breakers::{self, Trip};
use crate::identities::Identity;
use crate::plans::Counts;
use crate::roles::{self, Eligibility, Entitled};
use ledger::{Ctx, Write};
use provisioning::Act;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use types::{AssignmentId, Channel, ConversionId, IdentityId, Reason};

/// Ada converts memberships, all or none.
///
/// # Errors
/// `NotAPerson`, `HowMany`, `BadDeadline`, `NoSuchRole`, `Refused`, `RoleNotGiven`; `Tripped` unless breakers are let through;
/// `NobodyElseBegan` where they are.
pub async fn convert(ctx: &Ctx, new: &New) -> Result<Vec<Conversion>, ConversionError> {
    let (by, reason) = checked(ctx, new).await?;
    let mut tx = ctx.decide().await?;
    let mut begun = Vec::with_capacity(new.memberships.len());
    for membership in &new.memberships {
        begun.push(begin(ctx, &mut tx, new, membership, &by, &reason).await?);
    }
    // What is counted before is what was begun before.
    let (mut tripped, now) = (Vec::new(), tx.now());
    for (system, ids) in by_system(&begun) {
        tripped.push((trips(&mut tx, system, &taken(ids.len()), now).await?, ids));
    }
    let all: Vec<Trip> = tripped.iter().flat_map(|(trips, _)| trips).cloned().collect();
    match new.breakers {
        _ if all.is_empty() => held::over(&mut tx, new).await?,
        Breakers::Hold => {
            drop(tx);
            held::keep(ctx, new, &by, &reason, &all).await?;
            return Err(ConversionError::Tripped(all));
        }
        Breakers::LetThrough => held::take(&mut tx, new, &by, &all).await?,
    }
    for (trips, ids) in &tripped {
        for id in ids {
            breakers::let_through(&mut tx, id.as_str(), trips, &reason).await?;
        }
    }
    for one in &begun {
        tx.also(events::begun(one, &reason));
        store::insert(&mut tx, one).await?;
    }
    tx.commit().await?;
    Ok(begun)
}

/// What would come of it.
#[derive(Debug)]
pub struct Rehearsal {
    /// One for each membership, in turn.
    pub lines: Vec<Line>,
    /// Breakers that those which can be converted would trip together.
    pub trips: Vec<Trip>,
}

#[derive(Debug)]
pub struct Line {
    pub membership: Membership,
    pub outcome: Result<Conversion, ConversionError>,
}

/// The same without anything being kept; each membership by itself, so that every refusal is seen.
///
/// # Errors
/// `NotAPerson`, `HowMany`, `BadDeadline`, `NoSuchRole`.
pub async fn rehearse(ctx: &Ctx, new: &New) -> Result<Rehearsal, ConversionError> {
    let (by, reason) = checked(ctx, new).await?;
    let mut lines = Vec::with_capacity(new.memberships.len());
    for membership in &new.memberships {
        // Never committed.
        let mut tx = ctx.decide().await?;
        let outcome = begin(ctx, &mut tx, new, membership, &by, &reason).await;
        lines.push(Line { membership: membership.clone(), outcome });
    }
    let begun: Vec<Conversion> = lines.iter().filter_map(|line| line.outcome.as_ref().ok()).cloned().collect();
    let (mut tripped, mut tx) = (Vec::new(), ctx.read().await?);
    for (system, ids) in by_system(&begun) {
        tripped.extend(trips(&mut tx, system, &taken(ids.len()), ctx.now()).await?);
    }
    Ok(Rehearsal { lines, trips: tripped })
}

async fn checked(ctx: &Ctx, new: &New) -> Result<(IdentityId, Reason), ConversionError> {
    let by = ctx.actor().identity().ok_or(ConversionError::NotAPerson)?.clone();
    let reason = Reason::new(&new.reason)?;
    let once: BTreeSet<&Membership> = new.memberships.iter().collect();
    if once.len() != new.memberships.len() || !(1..=MOST).contains(&once.len()) {
        return Err(ConversionError::HowMany);
    }
    if !DEADLINE.contains(&new.within_minutes) {
        return Err(ConversionError::BadDeadline);
    }
    if let Some(role) = &new.role
        && roles::store::get(&mut ctx.read().await?, role).await?.is_none()
    {
        return Err(ConversionError::NoSuchRole(role.chars().take(70).collect()));
    }
    Ok((by, reason))
}

fn taken(times: usize) -> Counts {
    let mut counts = Counts::default();
    counts.add(Act::Revoke, true, times as u64);
    counts
}

fn by_system(begun: &[Conversion]) -> BTreeMap<&str, Vec<&ConversionId>> {
    let mut systems: BTreeMap<&str, Vec<&ConversionId>> = BTreeMap::new();
    for one in begun {
        systems.entry(&one.system).or_default().push(&one.id);
    }
    systems
}

async fn begin(
    ctx: &Ctx,
    tx: &mut Write,
    new: &New,
    membership: &Membership,
    by: &IdentityId,
    reason: &Reason,
) -> Result<Conversion, ConversionError> {
    let now = tx.now();
    let facts = facts::of(tx, membership, now).await?;
    let what = facts::name(tx, membership).await?;
    let refused = |why: Refusal| ConversionError::Refused { what: what.clone(), why: Box::new(why) };
    if let Some(why) = rules::obstacle(&facts) {
        return Err(refused(why));
    }
    let Some(holder) = &facts.holder else { return Err(refused(Refusal::NobodysAccount)) };
    if holder.id == *by {
        return Err(refused(Refusal::Own));
    }
    let eligible = make_eligible(ctx, tx, new, &facts, holder, reason).await?;
    let (role, assignment) = eligible.map_err(|why| match why {
        Why::Refused(why) => refused(why),
        Why::NotGiven(why) => ConversionError::RoleNotGiven { what: what.clone(), why },
    })?;
    let id = ConversionId::new(ctx.clock(), ctx.chance());
    let Membership { account, entitlement } = membership.clone();
    let revoke = provisioning::What::Revoke { account: account.clone(), entitlement: entitlement.clone() };
    let removal = carry::ordered(ctx, tx, &id, &holder.id, &facts.system, revoke).await?;
    let conversion = Conversion {
        system: facts.system.clone(),
        identity: holder.id.clone(),
        removal: removal.ok_or_else(|| refused(Refusal::NotMember))?,
        began_at: now,
        began_by: by.clone(),
        deadline: now.plus(Duration::from_secs(u64::from(new.within_minutes) * 60)),
        state: State::Removing,
        account,
        entitlement,
        role,
        assignment,
        id,
    };
    Ok(conversion)
}

enum Why {
    Refused(Refusal),
    NotGiven(Box<assignments::AssignmentError>),
}

/// The role by which the holder may ask, and the assignment of it where it was given for this.
async fn make_eligible(
    ctx: &Ctx,
    tx: &mut Write,
    new: &New,
    facts: &Facts,
    holder: &Identity,
    reason: &Reason,
) -> Result<Result<(String, Option<AssignmentId>), Why>, ConversionError> {
    let entitled = Entitled { system: facts.system.clone(), entitlement: facts.slug.clone() };
    if let Some(eligible) = eligibility(tx, holder, &entitled).await? {
        return Ok(Ok((eligible.role, None)));
    }
    let offering = roles::catalogue(tx, []).await?.offering(&entitled, Channel::Membership);
    if offering.is_empty() {
        let Entitled { system, entitlement: slug } = entitled;
        return Ok(Err(Why::Refused(Refusal::NoOffer { slug, system })));
    }
    let Some(role) = &new.role else {
        return Ok(Err(Why::Refused(Refusal::NotEligible(offering.join(", ")))));
    };
    let what = What::Role(role.clone());
    let reason = reason.as_str().to_owned();
    let gift = assignments::New { identity: holder.id.clone(), what, from: None, until: None, reason };
    let given = match assignments::give_in(ctx, tx, gift).await {
        Ok(given) => given,
        Err(why) => return Ok(Err(Why::NotGiven(Box::new(why)))),
    };
    let catalogue = roles::catalogue(tx, []).await?;
    if facts::giving(tx, &holder.id, &entitled, &catalogue).await?.is_some() {
        return Ok(Err(Why::Refused(Refusal::RoleGivesIt(role.clone()))));
    }
    Ok(match eligibility(tx, holder, &entitled).await? {
        Some(eligible) => Ok((eligible.role, Some(given.id))),
        None => Err(Why::Refused(Refusal::RoleOffersNothing(role.clone()))),
    })
}

/// By what somebody may ask for a membership now; by the longest term first.
async fn eligibility(
    tx: &mut Write,
    holder: &Identity,
    entitled: &Entitled,
) -> Result<Option<Eligibility>, ConversionError> {
    let (now, catalogue) = (tx.now(), roles::catalogue(tx, [&holder.id]).await?);
    let is_it = |one: &Eligibility| {
        one.system == entitled.system
            && one.login == entitled.entitlement
            && one.channels.contains(&Channel::Membership)
    };
    Ok(catalogue.eligibility(holder, now).into_iter().find(is_it))
}
