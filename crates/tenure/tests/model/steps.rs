//! What can happen next, drawn from one seed. Steps name things by number, so that a list of them can be read.

use crate::facts::{ADA, ALICE, ANA, BOB, CAROL, MALLORY, NODES, NOWHERE, Place, Standing, Who};
use crate::rules::stands;
use crate::seen::Seen;
use governance::requests::Decision;
use privilege::sessions::EndReason;
use std::time::Duration;
use types::{Chance, Channel, Timestamp};

#[derive(Debug, Clone, Copy)]
pub(crate) enum Step {
    Request {
        who: Who,
        place: Place,
        minutes: u32,
    },
    Decide {
        who: Who,
        request: usize,
        decision: Decision,
    },
    Cancel {
        who: Who,
        request: usize,
    },
    Connect {
        who: Who,
        place: Place,
        channel: Channel,
        node: usize,
    },
    /// The client or the target ends the session.
    Close {
        session: usize,
        reason: EndReason,
    },
    Withdraw {
        who: Who,
        grant: usize,
    },
    Kill {
        session: usize,
    },
    Hr {
        who: Who,
        standing: Standing,
    },
    Tick {
        span: Duration,
    },
    /// One node dies, with all that it carries, and stays away.
    Crash {
        node: usize,
    },
    Start {
        node: usize,
    },
    /// Everything dies and starts again on the same database.
    CrashOfAll,
}

const MINUTES: [u32; 8] = [1, 2, 5, 10, 20, 30, 30, 60];
const ODD_MINUTES: [u32; 4] = [0, 61, 121, 100_000];
const SPANS_MS: [u64; 12] = [1, 40, 250, 999, 1000, 2_500, 5_000, 10_000, 30_000, 61_000, 119_000, 300_000];
const LONG_SPANS_MS: [u64; 4] = [1_200_000, 3_600_000, 7_200_000, 25 * 3_600_000];
const CHANNELS: [Channel; 3] = [Channel::Shell, Channel::Exec, Channel::Sftp];

pub(crate) fn next(chance: &Chance, seen: &Seen, now: Timestamp) -> Step {
    let draw = Draw { chance, seen, now };
    if let Some(node) = seen.up.iter().position(|up| !up)
        && draw.one_in(3)
    {
        return Step::Start { node };
    }
    match chance.below(100) {
        0..17 => draw.request(),
        17..35 => draw.decide(),
        35..36 => draw.cancel(),
        36..62 => draw.connect(),
        62..68 => draw.close(),
        68..72 => draw.withdraw(),
        72..75 => draw.kill(),
        75..78 => draw.hr(),
        78..97 => draw.tick(),
        97..99 => Step::Crash { node: draw.one(&[0, 1]) },
        _ => Step::CrashOfAll,
    }
}

struct Draw<'a> {
    chance: &'a Chance,
    seen: &'a Seen,
    now: Timestamp,
}

impl Draw<'_> {
    fn one<T: Copy>(&self, of: &[T]) -> T {
        of[self.chance.below(u32::try_from(of.len()).expect("a short list")) as usize]
    }

    fn one_in(&self, n: u32) -> bool {
        self.chance.below(n) == 0
    }

    /// Mostly one of `likely`, else any of `0..count`; `None` when there is none.
    fn number(&self, likely: &[usize], count: usize) -> Option<usize> {
        match count {
            0 => None,
            _ if !likely.is_empty() && !self.one_in(10) => Some(self.one(likely)),
            _ => Some(self.chance.below(u32::try_from(count).expect("few things")) as usize),
        }
    }

    fn at_work(&self) -> Who {
        let at_work: Vec<Who> =
            (0..self.seen.people.len()).filter(|p| self.seen.people[*p] != Standing::Left).collect();
        self.one(&at_work)
    }

    fn request(&self) -> Step {
        let who = if self.one_in(8) { self.one(&[BOB, CAROL, MALLORY]) } else { self.one(&[ALICE, ANA]) };
        let place = if self.one_in(16) { NOWHERE } else { self.one(&[0, 1, 2]) };
        let minutes = if self.one_in(10) { self.one(&ODD_MINUTES) } else { self.one(&MINUTES) };
        Step::Request { who, place, minutes }
    }

    fn decide(&self) -> Step {
        let open: Vec<usize> = (0..self.seen.requests.len()).filter(|r| self.seen.requests[*r].open).collect();
        let Some(request) = self.number(&open, self.seen.requests.len()) else { return self.request() };
        let right = [BOB, CAROL, ADA].into_iter().find(|who| self.seen.may_decide(*who, request, self.now).is_ok());
        let anybody = self.one(&[ALICE, ANA, BOB, CAROL, ADA, MALLORY]);
        let who = right.filter(|_| !self.one_in(6)).unwrap_or(anybody);
        let decision = if self.one_in(5) { Decision::Deny } else { Decision::Approve };
        Step::Decide { who, request, decision }
    }

    fn cancel(&self) -> Step {
        let open: Vec<usize> = (0..self.seen.requests.len()).filter(|r| self.seen.requests[*r].open).collect();
        let Some(request) = self.number(&open, self.seen.requests.len()) else { return self.request() };
        let who = if self.one_in(4) { self.at_work() } else { self.seen.requests[request].who };
        Step::Cancel { who, request }
    }

    fn connect(&self) -> Step {
        let channel = if self.one_in(12) { Channel::PortForward } else { self.one(&CHANNELS) };
        let node = self.chance.below(NODES.len() as u32) as usize;
        let node = if self.seen.up[node] { node } else { 1 - node };
        if !self.seen.up[node] {
            return Step::Start { node };
        }
        let standing: Vec<usize> =
            (0..self.seen.grants.len()).filter(|grant| stands(&self.seen.grants[*grant], self.now)).collect();
        if standing.is_empty() || self.one_in(6) {
            let who = self.one(&[ALICE, ANA, BOB, MALLORY]);
            return Step::Connect { who, place: self.one(&[0, 1, 2, 3]), channel, node };
        }
        let grant = &self.seen.grants[self.one(&standing)];
        Step::Connect { who: grant.who, place: grant.place, channel, node }
    }

    fn close(&self) -> Step {
        let live: Vec<usize> = self.seen.live().filter(|s| self.seen.up[self.seen.sessions[*s].node]).collect();
        if live.is_empty() {
            return self.connect();
        }
        let reason = self.one(&[
            EndReason::ClientClosed,
            EndReason::TargetClosed,
            EndReason::TargetUnreachable,
            EndReason::RecordingFailed,
        ]);
        Step::Close { session: self.one(&live), reason }
    }

    fn withdraw(&self) -> Step {
        let used: Vec<usize> = self.seen.live().map(|session| self.seen.sessions[session].grant).collect();
        let Some(grant) = self.number(&used, self.seen.grants.len()) else { return self.decide() };
        Step::Withdraw { who: self.at_work(), grant }
    }

    fn kill(&self) -> Step {
        let live: Vec<usize> = self.seen.live().collect();
        match self.number(&live, self.seen.sessions.len()) {
            Some(session) => Step::Kill { session },
            None => self.connect(),
        }
    }

    /// Whoever is away comes back sooner than others go.
    fn hr(&self) -> Step {
        let away = [ALICE, ANA, BOB, CAROL].into_iter().filter(|who| self.seen.people[*who] != Standing::Works);
        let away: Vec<Who> = away.collect();
        if !away.is_empty() && !self.one_in(3) {
            return Step::Hr { who: self.one(&away), standing: Standing::Works };
        }
        let who = self.one(&[ALICE, ALICE, ANA, ANA, BOB, CAROL]);
        Step::Hr { who, standing: self.one(&[Standing::Left, Standing::Left, Standing::Moved]) }
    }

    fn tick(&self) -> Step {
        let span = if self.one_in(25) { self.one(&LONG_SPANS_MS) } else { self.one(&SPANS_MS) };
        Step::Tick { span: Duration::from_millis(span) }
    }
}
