//! What must be the answer now: who may ask, decide, connect and withdraw, and which sessions must be dead. Written
//! from what the product promises, not from its code. Pure.

use crate::facts::{ADA, ALICE, ANA, BOB, CAROL, NOWHERE, PLACES, Place, Standing, Who};
use crate::seen::{Grant, Seen};
use grants::EndCause;
use privilege::sessions::EndReason;
use types::{Channel, Timestamp};

/// A refusal's code.
pub(crate) type No = &'static str;

/// Somebody and whoever is above them, the nearest first.
fn above(who: Who) -> &'static [Who] {
    match who {
        BOB => &[BOB, CAROL],
        CAROL => &[CAROL],
        _ => &[ADA, CAROL],
    }
}

impl Seen {
    fn works(&self, who: Who) -> bool {
        self.people[who] != Standing::Left
    }

    /// What somebody owned goes to the nearest person above them who works here, else to an administrator.
    pub(crate) fn heir_of(&self, leaver: Who) -> Who {
        above(leaver).iter().copied().find(|person| self.works(*person)).unwrap_or(ADA)
    }

    fn eligible(&self, who: Who, place: Place) -> bool {
        self.people[who] == Standing::Works && [ALICE, ANA, BOB].contains(&who) && place != NOWHERE
    }

    pub(crate) fn may_request(&self, who: Who, place: Place, minutes: u32, now: Timestamp) -> Result<(), No> {
        let waits = |r: &&crate::seen::Request| r.open && r.who == who && r.place == place && now < r.expires_at;
        match () {
            () if !self.works(who) => Err("not_working"),
            () if place == NOWHERE => Err("no_such_system"),
            () if minutes == 0 => Err("no_time"),
            () if !self.eligible(who, place) => Err("not_eligible"),
            () if minutes > PLACES[place].2 => Err("too_long"),
            () if self.requests.iter().find(waits).is_some() => Err("already_asked"),
            () => Ok(()),
        }
    }

    /// Whether `who` may decide at all.
    pub(crate) fn may_decide(&self, who: Who, request: usize, now: Timestamp) -> Result<(), No> {
        let request = &self.requests[request];
        let at_work_and_another = |person: &Who| *person != request.who && self.works(*person);
        let approver = above(self.owner).iter().copied().find(at_work_and_another).unwrap_or(ADA);
        match () {
            () if request.lapsed || (request.open && now >= request.expires_at) => Err("request_expired"),
            () if !request.open => Err("request_not_open"),
            () if who == request.who => Err("own_request"),
            () if !self.works(who) => Err("not_working"),
            () if who != approver => Err("not_approver"),
            () => Ok(()),
        }
    }

    pub(crate) fn may_approve(&self, who: Who, request: usize, now: Timestamp) -> Result<(), No> {
        self.may_decide(who, request, now)?;
        let request = &self.requests[request];
        if self.eligible(request.who, request.place) { Ok(()) } else { Err("not_eligible") }
    }

    pub(crate) fn may_cancel(&self, who: Who, request: usize) -> Result<(), No> {
        let request = &self.requests[request];
        match () {
            () if who != request.who => Err("not_your_request"),
            () if !request.open => Err("request_not_open"),
            () => Ok(()),
        }
    }

    pub(crate) fn may_withdraw(&self, who: Who, grant: usize, now: Timestamp) -> Result<(), No> {
        let grant = &self.grants[grant];
        match () {
            () if ![grant.who, self.owner, ADA].contains(&who) => Err("not_your_grant"),
            () if !stands(grant, now) => Err("grant_ended"),
            () => Ok(()),
        }
    }

    pub(crate) fn may_kill(&self, session: usize) -> Result<(), No> {
        if self.sessions[session].end.is_some() { Err("session_ended") } else { Ok(()) }
    }

    /// The grants of which any one may be used, or why none.
    pub(crate) fn may_connect(
        &self,
        who: Who,
        place: Place,
        channel: Channel,
        now: Timestamp,
    ) -> Result<Vec<usize>, No> {
        let mine = |number: &usize| self.grants[*number].who == who && self.grants[*number].place == place;
        let mine: Vec<usize> = (0..self.grants.len()).filter(mine).collect();
        let standing: Vec<usize> = mine.iter().copied().filter(|n| stands(&self.grants[*n], now)).collect();
        let with_room: Vec<usize> = standing.iter().copied().filter(|n| self.has_room(*n)).collect();
        match () {
            () if mine.is_empty() => Err("no_grant"),
            () if standing.is_empty() => Err("grant_over"),
            () if !Channel::DEFAULT.contains(&channel) => Err("channel_not_granted"),
            () if with_room.is_empty() => Err("too_many_sessions"),
            () => Ok(with_room),
        }
    }

    pub(crate) fn standing(&self, now: Timestamp) -> usize {
        self.grants.iter().filter(|grant| stands(grant, now)).count()
    }

    /// Why a session must be dead by now, if it must.
    pub(crate) fn must_end(&self, session: usize, now: Timestamp) -> Option<EndReason> {
        let grant = &self.grants[self.sessions[session].grant];
        match grant.end.map(|end| end.cause) {
            Some(EndCause::Withdrawn) => Some(EndReason::Withdrawn),
            Some(EndCause::Leaver) => Some(EndReason::Leaver),
            Some(EndCause::Ineligible) => Some(EndReason::Ineligible),
            _ if now >= grant.until => Some(EndReason::Expired),
            _ if self.sessions[session].killed => Some(EndReason::Killed),
            _ => None,
        }
    }

    /// When no byte may pass any more, whether or not anybody has been told.
    pub(crate) fn hard_end(&self, session: usize) -> Timestamp {
        self.grants[self.sessions[session].grant].until
    }
}

pub(crate) fn stands(grant: &Grant, now: Timestamp) -> bool {
    grant.end.is_none() && now < grant.until
}
