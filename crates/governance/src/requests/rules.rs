//! Who may ask, who may decide, and why not. Pure: facts in, a verdict with its reason out.

use super::model::{Beneficiary, DecideFacts, Decider, SubmitFacts};
use super::{AccessRequest, Approver, New, Refusal, Route, State, StateName};
use crate::identities::{Identity, Standing};
use crate::machines::{self, Machine};
use crate::roles::Eligibility;
use crate::systems::System;
use authn::Caller;
use grants::Grant;
use std::collections::BTreeSet;
use std::time::Duration;
use types::{Channel, IdentityId, Permission, Reason, Timestamp};

/// What is allowed: by which eligibility, for which channels.
#[derive(Debug)]
pub(super) struct Allowed {
    pub(super) eligibility: Eligibility,
    pub(super) channels: BTreeSet<Channel>,
}

pub(super) fn may_submit(new: &New, facts: &SubmitFacts) -> Result<Allowed, Refusal> {
    let own = facts.requester.id == facts.beneficiary.person().id;
    if !facts.requester.is_working(facts.now) {
        return Err(Refusal::NotWorking(facts.requester.standing(facts.now)));
    }
    may_ask_for(&facts.beneficiary, &facts.requester)?;
    works(&facts.beneficiary, facts.now)?;
    let Some(system) = &facts.system else {
        return Err(Refusal::NoSuchSystem(new.system.chars().take(70).collect()));
    };
    if new.minutes == 0 {
        return Err(Refusal::NoTime);
    }
    stays_in_bounds(&facts.beneficiary, system, new.minutes, facts.now)?;
    let least = facts.policy.reason_min_length.max(1);
    let fits = |reason: Reason| reason.as_str().chars().count() >= least as usize;
    if !Reason::new(&new.reason).is_ok_and(fits) {
        return Err(Refusal::ReasonLength { least });
    }
    let wanted =
        Wanted { system: &new.system, login: &new.login, minutes: new.minutes, channels: new.channels.as_ref(), own };
    let allowed = wanted.among(&facts.eligibility)?;
    match &facts.already {
        Some(request) => Err(Refusal::AlreadyAsked(request.clone())),
        None => Ok(allowed),
    }
}

/// The premises of a request, checked again when it is approved: people, roles and policy may have changed.
pub(super) fn still_holds(request: &AccessRequest, facts: &DecideFacts) -> Result<Eligibility, Refusal> {
    works(&facts.beneficiary, facts.now)?;
    stays_in_bounds(&facts.beneficiary, &facts.system, request.minutes, facts.now)?;
    let AccessRequest { system, login, minutes, channels, .. } = request;
    let wanted = Wanted { system, login, minutes: *minutes, channels: Some(channels), own: false };
    wanted.among(&facts.eligibility).map(|allowed| allowed.eligibility)
}

/// One asks for oneself, for people whom one manages, and for machine identities that one owns.
fn may_ask_for(beneficiary: &Beneficiary, requester: &Identity) -> Result<(), Refusal> {
    match beneficiary {
        Beneficiary::Person(person) if person.id == requester.id => Ok(()),
        Beneficiary::Person(person) if person.manager.as_ref() == Some(&requester.id) => Ok(()),
        Beneficiary::Person(person) => Err(Refusal::NotYourPerson(person.id.clone())),
        Beneficiary::Machine { owner, .. } if owner.id == requester.id => Ok(()),
        Beneficiary::Machine { machine, .. } => Err(Refusal::NotYourMachine(machine.name.clone())),
    }
}

/// Whoever would hold the access works here, or is answered for by somebody who does.
fn works(beneficiary: &Beneficiary, now: Timestamp) -> Result<(), Refusal> {
    if let Beneficiary::Machine { machine, .. } = beneficiary {
        match machine.state {
            machines::State::Active => {}
            machines::State::Unowned { .. } => return Err(Refusal::MachineWithoutOwner(machine.name.clone())),
            machines::State::Ended { .. } => return Err(Refusal::MachineEnded(machine.name.clone())),
        }
    }
    match beneficiary.person().standing(now) {
        Standing::Working => Ok(()),
        standing => Err(Refusal::BeneficiaryNotWorking(standing)),
    }
}

/// A machine identity stays in its environment, and its access ends before it does.
fn stays_in_bounds(beneficiary: &Beneficiary, system: &System, minutes: u32, now: Timestamp) -> Result<(), Refusal> {
    let Beneficiary::Machine { machine, .. } = beneficiary else { return Ok(()) };
    let name = machine.name.clone();
    if let Some(of_system) = system.environment.filter(|environment| *environment != machine.environment) {
        let system = system.name.clone();
        return Err(Refusal::OtherEnvironment { name, machine: machine.environment, system, of_system });
    }
    if now.plus(Duration::from_secs(u64::from(minutes) * 60)) > machine.ends_at {
        return Err(Refusal::MachineEndsFirst { name, ends_at: machine.ends_at });
    }
    Ok(())
}

struct Wanted<'a> {
    system: &'a str,
    login: &'a str,
    minutes: u32,
    channels: Option<&'a BTreeSet<Channel>>,
    own: bool,
}

impl Wanted<'_> {
    /// The first eligibility that allows all of it, or what is wrong with the one that comes nearest.
    fn among(&self, eligibility: &[Eligibility]) -> Result<Allowed, Refusal> {
        let not_eligible =
            Refusal::NotEligible { own: self.own, system: self.system.to_owned(), login: self.login.to_owned() };
        let mut nearest = not_eligible;
        for offer in eligibility.iter().filter(|offer| offer.system == self.system && offer.login == self.login) {
            match self.within(offer) {
                Ok(channels) => return Ok(Allowed { eligibility: offer.clone(), channels }),
                Err(refusal) => nearest = refusal,
            }
        }
        Err(nearest)
    }

    fn within(&self, offer: &Eligibility) -> Result<BTreeSet<Channel>, Refusal> {
        let (system, login) = (offer.system.clone(), offer.login.clone());
        if self.minutes > offer.max_minutes {
            return Err(Refusal::TooLong { system, login, asked: self.minutes, max: offer.max_minutes });
        }
        let Some(wanted) = self.channels else { return Ok(ordinary(&offer.channels)) };
        if wanted.is_empty() {
            return Err(Refusal::NoChannel);
        }
        match wanted.difference(&offer.channels).next() {
            None => Ok(wanted.clone()),
            Some(channel) => {
                let offered = offer.channels.iter().map(|c| c.as_str()).collect::<Vec<_>>().join(", ");
                Err(Refusal::ChannelNotOffered { system, login, channel: *channel, offered })
            }
        }
    }
}

/// The ordinary channels among those offered; all that are offered when none of them is ordinary.
fn ordinary(offered: &BTreeSet<Channel>) -> BTreeSet<Channel> {
    let ordinary: BTreeSet<_> = Channel::DEFAULT.into_iter().filter(|channel| offered.contains(channel)).collect();
    if ordinary.is_empty() { offered.clone() } else { ordinary }
}

/// Who decides: the owner; if they asked, would benefit or are not at work, the next manager above them for whom none
/// of that is so; if there is none, any administrator.
pub(super) fn route(request: &AccessRequest, facts: &DecideFacts) -> Route {
    let system = &facts.system.name;
    let obstacle = |person: &Identity| {
        if person.id == request.requester {
            Some("asked for it".to_owned())
        } else if person.id == request.beneficiary {
            Some("would benefit from it".to_owned())
        } else {
            let standing = person.standing(facts.now);
            (standing != Standing::Working).then(|| standing.to_string())
        }
    };
    let why = facts.chain.first().and_then(obstacle).unwrap_or_else(|| "is not known".to_owned());
    let mut people = facts.chain.iter().enumerate();
    match people.find(|(_, person)| obstacle(person).is_none()) {
        Some((0, owner)) => Route { approver: Approver::Person(owner.id.clone()), because: format!("owns `{system}`") },
        Some((_, manager)) => Route {
            approver: Approver::Person(manager.id.clone()),
            because: format!("is a manager of the owner of `{system}`, who {why}"),
        },
        None => Route {
            approver: Approver::AnyAdministrator,
            because: format!(
                "is an administrator, since the owner of `{system}` {why} and no manager of theirs can decide"
            ),
        },
    }
}

/// Whether this person may decide now, and by which right.
pub(super) fn may_decide(request: &AccessRequest, decider: &Decider, facts: &DecideFacts) -> Result<Route, Refusal> {
    match &request.state {
        State::Pending { expires_at } if facts.now >= *expires_at => return Err(Refusal::Overdue),
        State::Pending { .. } => {}
        _ if request.state_name() == StateName::Expired => return Err(Refusal::Overdue),
        _ => return Err(Refusal::NotPending),
    }
    let who = &decider.identity;
    if who.id == request.requester {
        return Err(Refusal::OwnRequest);
    }
    if who.id == request.beneficiary {
        return Err(Refusal::OwnBenefit);
    }
    if !who.is_working(facts.now) {
        return Err(Refusal::NotWorking(who.standing(facts.now)));
    }
    let route = route(request, facts);
    match &route.approver {
        Approver::Person(id) if *id == who.id => Ok(route),
        Approver::Person(_) => Err(Refusal::NotApprover(route.because)),
        Approver::AnyAdministrator if decider.is_administrator => Ok(route),
        Approver::AnyAdministrator => Err(Refusal::OnlyAdministrator(format!("`{}`", facts.system.name))),
    }
}

pub(super) fn may_cancel(request: &AccessRequest, who: &IdentityId) -> Result<(), Refusal> {
    if *who == request.requester || *who == request.beneficiary { Ok(()) } else { Err(Refusal::NotYourRequest) }
}

/// `machine` is the holder, when it is one.
pub(super) fn may_withdraw(
    who: &IdentityId,
    grant: &Grant,
    system: Option<&System>,
    machine: Option<&Machine>,
) -> Result<(), Refusal> {
    let answers = machine.is_some_and(|machine| machine.owner == *who);
    if answers || grant.holder == *who || system.is_some_and(|system| system.is_owned_by(who)) {
        Ok(())
    } else {
        Err(Refusal::NotYourGrant(grant.target.clone()))
    }
}

/// Whom a list of requests is narrowed to: oneself, unless one may read everybody's and does not ask for `mine`.
pub fn whose(caller: &Caller, mine: bool) -> Option<IdentityId> {
    let all = caller.may(Permission::RequestsRead) && !mine;
    (!all).then(|| caller.identity.clone())
}

/// Whether somebody sees a request without being asked to decide on it.
pub(super) fn may_see(request: &AccessRequest, caller: &Caller, system: Option<&System>) -> bool {
    let me = &caller.identity;
    let concerned = [&request.requester, &request.beneficiary].contains(&me);
    let decided = request.decided().is_some_and(|decided| decided.by == *me);
    let owns = system.is_some_and(|system| system.is_owned_by(me));
    concerned || decided || owns || caller.may(Permission::RequestsRead)
}

#[cfg(test)]
mod tests;
