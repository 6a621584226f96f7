//! Who may ask, who may decide, and why not. Pure: facts in, a verdict with its reason out.

use super::model::{DecideFacts, Decider, SubmitFacts};
use super::{AccessRequest, Approver, New, Route, State, StateName};
use crate::identities::Standing;
use crate::roles::Eligibility;
use crate::systems::System;
use authn::Caller;
use grants::Grant;
use std::collections::BTreeSet;
use types::{Channel, Failure, IdentityId, Kind, Permission, RequestId};

/// Longest reason, in characters.
const REASON_MAX: usize = 2000;

/// No, and why, in words for the person who asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("only a person can do this: sign in first")]
    NotAPerson,
    #[error("you {0}, so you cannot ask for access or decide on it")]
    NotWorking(Standing),
    #[error("there is no system `{0}`: see `tenure systems list`")]
    NoSuchSystem(String),
    #[error("there is no identity `{0}` to ask for")]
    NoSuchBeneficiary(IdentityId),
    #[error("you can ask for yourself and for people whom you manage, not for `{0}`")]
    NotYourPerson(IdentityId),
    #[error("the person who would hold the access {0}")]
    BeneficiaryNotWorking(Standing),
    #[error("no role makes {whose} eligible for {login} on {system}: see `tenure access me` for what may be asked for", whose = if *.own { "you" } else { "that person" })]
    NotEligible { own: bool, system: String, login: String },
    #[error("{asked} minutes are too long for {login} on {system}: ask for at most {max}")]
    TooLong { system: String, login: String, asked: u32, max: u32 },
    #[error("ask for at least one minute")]
    NoTime,
    #[error("{login} on {system} is not offered with {channel}: ask for some of {offered}")]
    ChannelNotOffered { system: String, login: String, channel: Channel, offered: String },
    #[error("ask for at least one channel")]
    NoChannel,
    #[error("give a reason of {least} to {REASON_MAX} characters that the approver will understand")]
    ReasonLength { least: u32 },
    #[error("give a reason")]
    NoReason,
    #[error("you have asked for this already: `{0}` is waiting for a decision")]
    AlreadyAsked(RequestId),
    #[error("this request is not open any more")]
    NotPending,
    #[error("this request was not decided in time and has expired: ask again")]
    Overdue,
    #[error("you asked for this yourself: another person must decide")]
    OwnRequest,
    #[error("you would hold this access yourself: another person must decide")]
    OwnBenefit,
    #[error("only the person who {0} may decide on this request")]
    NotApprover(String),
    #[error("nobody above {0} can decide, so only an administrator may")]
    OnlyAdministrator(String),
    #[error("only the person who asked, or would benefit, may cancel this request")]
    NotYourRequest,
    #[error("only its holder, or the owner of `{0}`, may withdraw this grant")]
    NotYourGrant(String),
}

impl Failure for Refusal {
    fn kind(&self) -> Kind {
        match self {
            Self::NoSuchSystem(_) | Self::NoSuchBeneficiary(_) => Kind::NotFound,
            Self::TooLong { .. }
            | Self::NoTime
            | Self::ChannelNotOffered { .. }
            | Self::NoChannel
            | Self::ReasonLength { .. }
            | Self::NoReason => Kind::Invalid,
            Self::AlreadyAsked(_) | Self::NotPending | Self::Overdue => Kind::Conflict,
            _ => Kind::Forbidden,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotAPerson => "not_a_person",
            Self::NotWorking(_) => "not_working",
            Self::NoSuchSystem(_) => "no_such_system",
            Self::NoSuchBeneficiary(_) => "no_such_identity",
            Self::NotYourPerson(_) => "not_your_person",
            Self::BeneficiaryNotWorking(_) => "beneficiary_not_working",
            Self::NotEligible { .. } => "not_eligible",
            Self::TooLong { .. } => "too_long",
            Self::NoTime => "no_time",
            Self::ChannelNotOffered { .. } => "channel_not_offered",
            Self::NoChannel => "no_channel",
            Self::ReasonLength { .. } => "reason_length",
            Self::NoReason => "no_reason",
            Self::AlreadyAsked(_) => "already_asked",
            Self::NotPending => "request_not_open",
            Self::Overdue => "request_expired",
            Self::OwnRequest => "own_request",
            Self::OwnBenefit => "own_benefit",
            Self::NotApprover(_) | Self::OnlyAdministrator(_) => "not_approver",
            Self::NotYourRequest => "not_your_request",
            Self::NotYourGrant(_) => "not_your_grant",
        }
    }
}

/// What is allowed: by which eligibility, for which channels.
#[derive(Debug)]
pub(super) struct Allowed {
    pub(super) eligibility: Eligibility,
    pub(super) channels: BTreeSet<Channel>,
}

pub(super) fn may_submit(new: &New, facts: &SubmitFacts) -> Result<Allowed, Refusal> {
    let own = facts.requester.id == facts.beneficiary.id;
    if !facts.requester.is_working(facts.now) {
        return Err(Refusal::NotWorking(facts.requester.standing(facts.now)));
    }
    if !own && facts.beneficiary.manager.as_ref() != Some(&facts.requester.id) {
        return Err(Refusal::NotYourPerson(facts.beneficiary.id.clone()));
    }
    if !facts.beneficiary.is_working(facts.now) {
        return Err(Refusal::BeneficiaryNotWorking(facts.beneficiary.standing(facts.now)));
    }
    if facts.system.is_none() {
        return Err(Refusal::NoSuchSystem(new.system.chars().take(70).collect()));
    }
    if new.minutes == 0 {
        return Err(Refusal::NoTime);
    }
    let length = new.reason.trim().chars().count();
    let least = facts.policy.reason_min_length.max(1);
    if length < least as usize || length > REASON_MAX {
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
    if !facts.beneficiary.is_working(facts.now) {
        return Err(Refusal::BeneficiaryNotWorking(facts.beneficiary.standing(facts.now)));
    }
    let AccessRequest { system, login, minutes, channels, .. } = request;
    let wanted = Wanted { system, login, minutes: *minutes, channels: Some(channels), own: false };
    wanted.among(&facts.eligibility).map(|allowed| allowed.eligibility)
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
    let obstacle = |person: &crate::identities::Identity| {
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

pub(super) fn may_withdraw(who: &IdentityId, grant: &Grant, system: Option<&System>) -> Result<(), Refusal> {
    if grant.holder == *who || system.is_some_and(|system| system.is_owned_by(who)) {
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
