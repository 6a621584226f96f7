//! Everything that follows from the facts, derived again from the first one each time. Deliberately naive: no state
//! is kept between two looks, and nothing of the product's rules is used.

use crate::facts::{BOB, End, Fact, NODES, PEOPLE, PLACES, Place, Standing, What, Who};
use grants::EndCause;
use privilege::sessions::EndReason;
use std::time::Duration;
use types::Timestamp;

const PENDING: Duration = Duration::from_secs(24 * 3600);
const CERTIFICATE: Duration = Duration::from_secs(120);
/// An ended grant that is not observed gone for so long is reported to people.
const PATIENCE: Duration = Duration::from_secs(300);

#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) people: [Standing; PEOPLE.len()],
    /// Of every place.
    pub(crate) owner: Who,
    pub(crate) requests: Vec<Request>,
    pub(crate) grants: Vec<Grant>,
    pub(crate) sessions: Vec<Session>,
    pub(crate) up: [bool; NODES.len()],
}

#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) who: Who,
    pub(crate) place: Place,
    pub(crate) minutes: u32,
    pub(crate) expires_at: Timestamp,
    pub(crate) open: bool,
    /// It was marked as expired, which its asker is told instead of "not open".
    pub(crate) lapsed: bool,
}

#[derive(Debug)]
pub(crate) struct Grant {
    pub(crate) who: Who,
    pub(crate) place: Place,
    pub(crate) until: Timestamp,
    pub(crate) end: Option<End>,
    pub(crate) gone: bool,
    reported: bool,
    /// The kinds of the ledger's entries about it.
    pub(crate) timeline: Vec<&'static str>,
}

#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) grant: usize,
    pub(crate) node: usize,
    pub(crate) killed: bool,
    pub(crate) end: Option<EndReason>,
    certificate_until: Timestamp,
    certificate_gone: bool,
}

impl Seen {
    pub(crate) fn of(facts: &[Fact]) -> Self {
        let mut seen = Self {
            people: [Standing::Works; PEOPLE.len()],
            owner: BOB,
            requests: Vec::new(),
            grants: Vec::new(),
            sessions: Vec::new(),
            up: [true; NODES.len()],
        };
        for fact in facts {
            seen.take(fact.what, fact.at);
        }
        seen
    }

    fn take(&mut self, what: What, at: Timestamp) {
        match what {
            What::Requested { who, place, minutes } => {
                let expires_at = at.plus(PENDING);
                self.requests.push(Request { who, place, minutes, expires_at, open: true, lapsed: false });
            }
            What::Approved { request } => {
                let Request { who, place, minutes, .. } = self.requests[request];
                self.requests[request].open = false;
                let until = at.plus(Duration::from_secs(60 * u64::from(minutes)));
                let timeline = vec!["grant.issued", "request.approved"];
                self.grants.push(Grant { who, place, until, end: None, gone: false, reported: false, timeline });
            }
            What::Denied { request } | What::Cancelled { request } => self.requests[request].open = false,
            What::Withdrawn { grant } => self.end_grant(grant, End { at, cause: EndCause::Withdrawn }),
            What::Hr { who, standing } => self.hr(who, standing, at),
            What::Opened { grant, node } => {
                let certificate_until = at.plus(CERTIFICATE).min(self.grants[grant].until);
                let (killed, end, certificate_gone) = (false, None, false);
                self.sessions.push(Session { grant, node, killed, end, certificate_until, certificate_gone });
                self.grants[grant].timeline.extend(["permit.given", "session.started", "lease.issued"]);
            }
            What::KillOrdered { session } => {
                let Session { grant, killed, .. } = &mut self.sessions[session];
                if !std::mem::replace(killed, true) {
                    self.grants[*grant].timeline.push("session.kill_ordered");
                }
            }
            What::Ended { session, reason } => self.end_session(session, reason),
            What::Crashed { node } => self.up[node] = false,
            What::Started { node } => {
                self.up[node] = true;
                for session in 0..self.sessions.len() {
                    if self.sessions[session].node == node && self.sessions[session].end.is_none() {
                        self.end_session(session, EndReason::NodeCrashed);
                    }
                }
            }
            What::DutiesDone => self.duties(at),
        }
    }

    fn hr(&mut self, who: Who, standing: Standing, at: Timestamp) {
        self.people[who] = standing;
        if standing == Standing::Left && who == self.owner {
            self.owner = self.heir_of(who);
        }
        if standing == Standing::Left {
            for request in self.requests.iter_mut().filter(|request| request.who == who && request.open) {
                request.open = false;
            }
        }
        for grant in 0..self.grants.len() {
            let Grant { who: holder, end, until, .. } = self.grants[grant];
            let cause = match standing {
                Standing::Works => continue,
                Standing::Moved => EndCause::Ineligible,
                Standing::Left => EndCause::Leaver,
            };
            if holder == who && end.is_none() && at < until {
                self.end_grant(grant, End { at, cause });
            }
        }
    }

    fn duties(&mut self, at: Timestamp) {
        for request in self.requests.iter_mut().filter(|request| request.open && request.expires_at <= at) {
            (request.open, request.lapsed) = (false, true);
        }
        for grant in 0..self.grants.len() {
            let Grant { end, until, .. } = self.grants[grant];
            if end.is_none() && until <= at {
                self.end_grant(grant, End { at: until, cause: EndCause::Expired });
            }
        }
        for session in &mut self.sessions {
            // sshd judges whole seconds, so it is asked one second later.
            let due = session.certificate_until.plus(Duration::from_secs(1)) <= at;
            if session.end.is_some() && due && !std::mem::replace(&mut session.certificate_gone, true) {
                self.grants[session.grant].timeline.push("lease.gone");
            }
        }
        for (number, grant) in self.grants.iter_mut().enumerate() {
            let mut own = self.sessions.iter().filter(|session| session.grant == number);
            let Some(end) = grant.end.filter(|_| !grant.gone) else { continue };
            if own.all(|session| session.certificate_gone) {
                grant.gone = true;
                grant.timeline.push("grant.gone");
                grant.timeline.extend(grant.reported.then_some("finding.cleared"));
            } else if end.at.plus(PATIENCE) <= at && !std::mem::replace(&mut grant.reported, true) {
                grant.timeline.push("finding.raised");
            }
        }
    }

    fn end_grant(&mut self, grant: usize, end: End) {
        self.grants[grant].end = Some(end);
        self.grants[grant].timeline.push("grant.ended");
    }

    fn end_session(&mut self, session: usize, reason: EndReason) {
        let Session { grant, end, .. } = &mut self.sessions[session];
        *end = Some(reason);
        let entries = ["session.ended", "permit.released", "lease.ended", "recording.sealed"];
        self.grants[*grant].timeline.extend(entries);
    }

    /// Sessions that nobody has ended, those of a crashed node included.
    pub(crate) fn live(&self) -> impl Iterator<Item = usize> {
        (0..self.sessions.len()).filter(|session| self.sessions[*session].end.is_none())
    }

    pub(crate) fn live_of(&self, grant: usize) -> usize {
        self.live().filter(|session| self.sessions[*session].grant == grant).count()
    }

    pub(crate) fn has_room(&self, grant: usize) -> bool {
        self.live_of(grant) < PLACES[self.grants[grant].place].3
    }
}
