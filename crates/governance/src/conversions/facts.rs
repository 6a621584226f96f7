//! What the rules and the machine look at, read inside the transaction that relies on it.

use super::machine::{Holder, Removal, Restoration, Seen};
use super::rules::{self, Facts};
use super::{Conversion, ConversionError, Membership, State, store};
use crate::account_links::{self, Account};
use crate::assignments::{self, Assignment, What};
use crate::identities::{self, Identity};
use crate::roles::{Catalogue, Entitled};
use crate::{drifts, entitlements, roles};
use connectors::connector::Status;
use db::ReadTx;
use provisioning::machine::State as OrderState;
use provisioning::power::{self, Way};
use provisioning::{Act, Cause, ObservedAccount, Order, inventory, order};
use types::{Channel, GrantId, IdentityId, Timestamp};

/// Of a membership that a person names.
pub(super) async fn of(tx: &mut ReadTx, wanted: &Membership, now: Timestamp) -> Result<Facts, ConversionError> {
    let observed = inventory::account(tx, &wanted.account).await?;
    let direct = inventory::entitlement(tx, &wanted.entitlement).await?;
    let said = entitlements::said_of_power(tx).await?;
    let gives_power = power::gives(tx, &direct, &said).await?;
    let way = power::way(tx, direct).await?;
    let account = account_links::described(tx, vec![observed]).await?.remove(0);
    let catalogue = roles::catalogue(tx, []).await?;
    about(tx, account, &way, gives_power, &catalogue, now).await
}

/// Of one that is known already.
pub(crate) async fn about(
    tx: &mut ReadTx,
    account: Account,
    way: &Way,
    gives_power: bool,
    catalogue: &Catalogue,
    now: Timestamp,
) -> Result<Facts, ConversionError> {
    let (system, observed) = (account.observed.system.clone(), &account.observed);
    let membership = Membership { account: observed.id.clone(), entitlement: way.direct.id.clone() };
    let holder = match &observed.link {
        Some(link) => identities::store::get(tx, &link.identity).await?,
        None => None,
    };
    let entitled = Entitled { system: system.clone(), entitlement: way.direct.slug.clone() };
    let is_same_system = way.direct.system == system;
    let direct = inventory::direct(tx, observed).await?;
    let subject = subject(&membership);
    let latest = order::latest(tx, &system, [subject.clone()].into_iter()).await?.remove(&subject);
    let mut facts = Facts {
        is_member: is_same_system && direct.iter().any(|held| held.id == way.direct.id),
        gives_power,
        is_for_a_time: is_for_a_time(tx, latest.as_ref()).await?,
        latest,
        open: store::open_of(tx, &membership).await?,
        slug: way.direct.slug.clone(),
        lets_in: None,
        assignment: None,
        drift: None,
        grant: None,
        holder: None,
        system,
        account,
        now,
    };
    if let Some(holder) = holder {
        facts.lets_in = lets_in(tx, &holder.id, &facts.system).await?;
        facts.assignment = giving(tx, &holder.id, &entitled, catalogue).await?;
        let of_holder = drifts::store::live_of(tx, &facts.system, std::slice::from_ref(&holder.id)).await?;
        let found =
            of_holder.into_values().flatten().find(|drift| drift.subject == subject && drift.act == Act::Revoke);
        facts.drift = found;
        facts.grant = grant_for(tx, &holder.id, &entitled, now).await?;
        facts.holder = Some(holder);
    }
    Ok(facts)
}

fn subject(membership: &Membership) -> String {
    let Membership { account, entitlement } = membership.clone();
    order::subject(&provisioning::What::Revoke { account, entitlement })
}

/// Whether a grant has given it, of which something is left: what it gave it takes away.
async fn is_for_a_time(tx: &mut ReadTx, latest: Option<&Order>) -> Result<bool, ConversionError> {
    let Some(gift) = latest.filter(|latest| rules::is_gift_of_grant(latest)) else { return Ok(false) };
    let Ok(grant) = gift.because.parse::<GrantId>() else { return Ok(true) };
    let grant = grants::get_in(tx, &grant).await?;
    Ok(grant.is_none_or(|grant| !matches!(grant.state, grants::State::Gone { .. })))
}

/// As privilege chooses: the oldest enabled account of the holder there.
async fn lets_in(
    tx: &mut ReadTx,
    holder: &IdentityId,
    system: &str,
) -> Result<Option<ObservedAccount>, ConversionError> {
    let mut accounts = inventory::accounts_of(tx, holder).await?;
    accounts.retain(|account| account.system == system && account.status == Status::Enabled);
    Ok(accounts.into_iter().min_by(|a, b| a.id.cmp(&b.id)))
}

/// What entitles somebody to it, also what begins later.
pub(super) async fn giving(
    tx: &mut ReadTx,
    holder: &IdentityId,
    entitled: &Entitled,
    catalogue: &Catalogue,
) -> Result<Option<Assignment>, ConversionError> {
    let open = assignments::store::open_of(tx, [holder]).await?.remove(holder).unwrap_or_default();
    Ok(open.into_iter().find(|assignment| match &assignment.what {
        What::Entitlement(given) => given == entitled,
        What::Role(role) => catalogue.grants_of(role).contains(entitled),
    }))
}

async fn grant_for(
    tx: &mut ReadTx,
    holder: &IdentityId,
    entitled: &Entitled,
    now: Timestamp,
) -> Result<Option<GrantId>, ConversionError> {
    let grants = grants::not_ended_of(tx, holder).await?;
    let is_for_it = |grant: &&grants::Grant| {
        grant.target == entitled.system
            && grant.login == entitled.entitlement
            && grant.channels.contains(&Channel::Membership)
            && now < grant.window.until
    };
    Ok(grants.iter().find(is_for_it).map(|grant| grant.id.clone()))
}

/// A grant that has not ended for what was converted.
pub(super) async fn grant_of(
    tx: &mut ReadTx,
    one: &Conversion,
    now: Timestamp,
) -> Result<Option<GrantId>, ConversionError> {
    let entitlement = inventory::entitlement(tx, &one.entitlement).await?.slug;
    grant_for(tx, &one.identity, &Entitled { system: one.system.clone(), entitlement }, now).await
}

/// What is seen of a conversion.
pub(super) async fn seen(tx: &mut ReadTx, one: &Conversion, now: Timestamp) -> Result<Seen, ConversionError> {
    let membership = Membership { account: one.account.clone(), entitlement: one.entitlement.clone() };
    let subject = subject(&membership);
    let account = inventory::account(tx, &one.account).await?;
    let entitlement = inventory::entitlement(tx, &one.entitlement).await?;
    let is_there = account.until.is_none() && entitlement.until.is_none();
    let is_held = is_there && inventory::direct(tx, &account).await?.iter().any(|held| held.id == one.entitlement);
    let latest = order::latest(tx, &one.system, [subject.clone()].into_iter()).await?.remove(&subject);
    let held_for_a_time = is_for_a_time(tx, latest.as_ref()).await?;
    let removal = order::get_in(tx, &one.removal).await?;
    let restoration = match &one.state {
        State::Restoring { order: Some(id), .. } => Some(order::get_in(tx, id).await?),
        _ => None,
    };
    let holder = identities::store::get(tx, &one.identity).await?;
    Ok(Seen {
        removal: fate_of_removal(&removal, latest.as_ref(), is_held),
        restoration: restoration.map(|order| fate_of_restoration(&order, latest.as_ref())),
        is_held,
        is_there,
        may_be_given: account.protection.is_none(),
        held_for_a_time,
        holder: holder_of(holder.as_ref(), account.link.as_ref().map(|link| &link.identity), one, now),
        is_overdue: now >= one.deadline,
    })
}

/// An account that is somebody else's meanwhile gives nobody anything back.
fn holder_of(person: Option<&Identity>, linked: Option<&IdentityId>, one: &Conversion, now: Timestamp) -> Holder {
    match person {
        Some(person) if person.has_left() || linked != Some(&one.identity) => Holder::Left,
        Some(person) if person.is_working(now) => Holder::AtWork,
        Some(_) => Holder::Away,
        None => Holder::Left,
    }
}

/// `latest` is the newest one about the same membership.
fn fate_of_removal(order: &Order, latest: Option<&Order>, is_held: bool) -> Removal {
    let newer = latest.filter(|latest| latest.id > order.id);
    match (&order.state, newer) {
        (OrderState::Superseded { .. }, Some(latest)) if latest.act == Act::Grant => match latest.cause {
            _ if !rules::stands(latest) => taken_back(is_held),
            Cause::Grant => Removal::ForATime,
            _ => Removal::GivenOtherwise,
        },
        (OrderState::Superseded { .. }, Some(latest)) if latest.act == Act::Revoke => match latest.cause {
            // A grant has ended: what it gave is taken away until it is seen gone.
            Cause::Grant if !matches!(latest.state, OrderState::Gone { .. }) => Removal::ForATime,
            _ => of_state(&latest.state, is_held),
        },
        (OrderState::Superseded { .. }, _) => taken_back(is_held),
        (state, _) => of_state(state, is_held),
    }
}

fn of_state(state: &OrderState, is_held: bool) -> Removal {
    match state {
        OrderState::Gone { .. } => Removal::Gone,
        OrderState::Refused { .. } | OrderState::Conflict { .. } => Removal::Refused,
        OrderState::Sending { .. } | OrderState::Unknown { .. } | OrderState::Done { .. } => Removal::Unclear,
        OrderState::Queued | OrderState::Ordered | OrderState::Waiting { .. } | OrderState::WaitingForPerson { .. } => {
            Removal::Pending
        }
        OrderState::Observed { .. } | OrderState::Superseded { .. } => taken_back(is_held),
    }
}

/// Nothing is ordered about it: what was seen counts.
const fn taken_back(is_held: bool) -> Removal {
    if is_held { Removal::TakenBack } else { Removal::Gone }
}

fn fate_of_restoration(order: &Order, latest: Option<&Order>) -> Restoration {
    let newer = latest.filter(|latest| latest.id > order.id);
    match (&order.state, newer) {
        (OrderState::Observed { .. }, _) => Restoration::Observed,
        (OrderState::Refused { .. } | OrderState::Conflict { .. }, _) => Restoration::Refused,
        (OrderState::Superseded { .. } | OrderState::Gone { .. }, Some(latest))
            if latest.act == Act::Revoke && rules::stands(latest) =>
        {
            Restoration::TakenOtherwise
        }
        (OrderState::Superseded { .. } | OrderState::Gone { .. }, _) => Restoration::TakenBack,
        _ => Restoration::Pending,
    }
}

/// For people, where something is told about a membership.
pub(super) async fn name(tx: &mut ReadTx, of: &Membership) -> Result<String, ConversionError> {
    let account = inventory::account(tx, &of.account).await?;
    let entitlement = inventory::entitlement(tx, &of.entitlement).await?;
    Ok(format!("{} of {} on {}", entitlement.slug, account.login, account.system))
}
