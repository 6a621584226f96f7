//! Takes steps in the world and in the facts, and compares what the world did with what had to be.

use crate::facts::{End, Fact, NODES, What};
use crate::rules::No;
use crate::seen::Seen;
use crate::steps::{self, Step};
use crate::world::{Answer, Engine, Fault, World};
use governance::requests::Decision;
use grants::{Filter, State};
use ledger::timeline;
use privilege::invariants::Depth;
use privilege::sessions::machine::Event;
use privilege::sessions::{self, EndReason};
use std::collections::BTreeSet;
use std::rc::Rc;
use std::time::Duration;
use types::{Chance, Timestamp};

/// A withdrawal, leaver or kill reaches every live session within this time, in real time.
const BOUND: Duration = Duration::from_secs(1);
const SHOWN: usize = 30;
const LOOK_AT_ALL_EVERY: usize = 250;

#[derive(Default)]
pub(crate) struct Report {
    pub(crate) steps: usize,
    pub(crate) grants: usize,
    pub(crate) sessions: usize,
    /// Sessions that were ended by expiry, withdrawal, leaver or kill.
    pub(crate) cut: usize,
    pub(crate) crashes: usize,
    pub(crate) entries: u64,
    pub(crate) slowest: Duration,
}

impl Report {
    pub(crate) fn add(&mut self, other: &Self) {
        self.steps += other.steps;
        self.grants += other.grants;
        self.sessions += other.sessions;
        self.cut += other.cut;
        self.crashes += other.crashes;
        self.entries += other.entries;
        self.slowest = self.slowest.max(other.slowest);
    }
}

impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { steps, grants, sessions, cut, crashes, entries, slowest } = self;
        write!(
            f,
            "{steps} steps, {grants} grants, {sessions} sessions, {cut} of them cut (slowest {slowest:?}), {crashes} crashes, {entries} ledger entries"
        )
    }
}

/// What the world did and had not to do, and the steps before.
pub(crate) struct Disagreement {
    pub(crate) what: String,
    last: Vec<String>,
}

impl std::fmt::Display for Disagreement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}\nthe last steps:\n{}", self.what, self.last.join("\n"))
    }
}

pub(crate) async fn run(engine: Engine, seed: u64, steps: usize, fault: Fault) -> Result<Report, Disagreement> {
    let (drawing, minting) = (Chance::seeded(seed), Chance::seeded(seed.wrapping_add(1)));
    let world = World::new(engine, minting, fault).await;
    let mut judge = Judge::new(world);
    let mut log = Vec::new();
    for number in 1..=steps {
        let now = judge.now();
        let step = steps::next(&drawing, &judge.seen(), now);
        log.push(format!("{number:>6} {now} {step:?}"));
        let mut outcome = judge.take(step, &drawing).await;
        if outcome.is_ok() && (number % LOOK_AT_ALL_EVERY == 0 || number == steps) {
            outcome = judge.look_at_all(number == steps).await;
        }
        if let Err(what) = outcome {
            let last = log.split_off(log.len().saturating_sub(SHOWN));
            return Err(Disagreement { what: format!("step {number}: {what}"), last });
        }
    }
    let seen = judge.seen();
    let (grants, sessions) = (seen.grants.len(), seen.sessions.len());
    let crashes = judge.facts.iter().filter(|fact| matches!(fact.what, What::Crashed { .. })).count();
    let entries =
        judge.world.ctx.ledger().checkpoint().await.map(|(checkpoint, _)| checkpoint.size).unwrap_or_default();
    Ok(Report { steps, grants, sessions, cut: judge.cut, crashes, entries, slowest: judge.slowest })
}

struct Judge {
    world: World,
    facts: Vec<Fact>,
    /// What follows from the facts; derived again from the first one whenever there is a new one.
    seen: Rc<Seen>,
    cut: usize,
    slowest: Duration,
}

type Verdict = Result<(), String>;

fn agree<T: std::fmt::Debug>(expected: &Result<T, No>, got: &Answer<impl std::fmt::Debug>) -> Verdict {
    match (expected, got) {
        (Ok(_), Ok(_)) => Ok(()),
        (Err(no), Err(said)) if no == said => Ok(()),
        _ => Err(format!("expected {expected:?}, got {got:?}")),
    }
}

impl Judge {
    fn new(world: World) -> Self {
        Self { world, facts: Vec::new(), seen: Rc::new(Seen::of(&[])), cut: 0, slowest: Duration::ZERO }
    }

    fn now(&self) -> Timestamp {
        self.world.clock.now()
    }

    fn seen(&self) -> Rc<Seen> {
        Rc::clone(&self.seen)
    }

    fn note(&mut self, what: What) {
        self.facts.push(Fact { at: self.now(), what });
        self.seen = Rc::new(Seen::of(&self.facts));
    }

    async fn take(&mut self, step: Step, chance: &Chance) -> Verdict {
        let (seen, now) = (self.seen(), self.now());
        match step {
            Step::Request { who, place, minutes } => {
                let got = self.world.request(who, place, minutes).await;
                self.compare(seen.may_request(who, place, minutes, now), got, What::Requested { who, place, minutes })?;
            }
            Step::Decide { who, request, decision } => {
                let (expected, fact) = match decision {
                    Decision::Approve => (seen.may_approve(who, request, now), What::Approved { request }),
                    Decision::Deny => (seen.may_decide(who, request, now), What::Denied { request }),
                };
                let got = self.world.decide(who, request, decision).await;
                self.compare(expected, got, fact)?;
            }
            Step::Cancel { who, request } => {
                let got = self.world.cancel(who, request).await;
                self.compare(seen.may_cancel(who, request), got, What::Cancelled { request })?;
            }
            Step::Withdraw { who, grant } => {
                let got = self.world.withdraw(who, grant).await;
                self.compare(seen.may_withdraw(who, grant, now), got, What::Withdrawn { grant })?;
            }
            Step::Kill { session } => {
                let got = self.world.kill(session).await;
                self.compare(seen.may_kill(session), got, What::KillOrdered { session })?;
            }
            Step::Connect { who, place, channel, node } => {
                let expected = seen.may_connect(who, place, channel, now);
                let got = self.world.connect(who, place, channel, node).await;
                agree(&expected, &got)?;
                if let (Ok(any_of), Ok(grant)) = (expected, got) {
                    if !any_of.contains(&grant) {
                        return Err(format!("grant {grant} was used, which does not let anybody in"));
                    }
                    self.note(What::Opened { grant, node });
                }
            }
            Step::Close { session, reason } => {
                let event = match reason {
                    EndReason::ClientClosed => Event::ClientClosed,
                    EndReason::TargetClosed => Event::TargetClosed,
                    EndReason::TargetUnreachable => Event::TargetUnreachable,
                    _ => Event::RecordingFailed,
                };
                self.drive(session, event).await;
            }
            Step::Hr { who, standing } => {
                let got = self.world.hr(who, standing).await;
                self.compare(Ok(()), got, What::Hr { who, standing })?;
            }
            Step::Tick { span } => self.tick(span, chance).await?,
            Step::Crash { node } => self.crash(node).await,
            Step::Start { node } => self.start(node).await?,
            Step::CrashOfAll => self.crash_of_all().await?,
        }
        self.settle().await
    }

    fn compare(&mut self, expected: Result<(), No>, got: Answer<()>, fact: What) -> Verdict {
        agree(&expected, &got)?;
        if got.is_ok() {
            self.note(fact);
        }
        Ok(())
    }

    async fn drive(&mut self, session: usize, event: Event) -> bool {
        let driven = self.world.drive(session, event).await;
        if let Some(reason) = driven.ended {
            self.note(What::Ended { session, reason });
        }
        driven.passed
    }

    /// Time passes. Bytes may come before anybody looks at the clock.
    async fn tick(&mut self, span: Duration, chance: &Chance) -> Verdict {
        self.world.clock.advance(span);
        if chance.below(2) == 0 {
            self.pump_all().await?;
        }
        let carried: Vec<usize> = self.world.carried.keys().copied().collect();
        for session in carried {
            self.drive(session, Event::Tick).await;
        }
        self.do_duties().await;
        Ok(())
    }

    async fn do_duties(&mut self) {
        self.world.do_duties().await;
        self.note(What::DutiesDone);
    }

    async fn crash(&mut self, node: usize) {
        if self.seen().up[node] {
            self.world.crash(node).await;
            self.note(What::Crashed { node });
        }
    }

    async fn start(&mut self, node: usize) -> Verdict {
        let seen = self.seen();
        if seen.up[node] {
            return Ok(());
        }
        let left = seen.live().filter(|session| seen.sessions[*session].node == node).count();
        let closed = self.world.start(node).await;
        self.note(What::Started { node });
        if closed == left {
            Ok(())
        } else {
            Err(format!("{closed} live sessions were closed after the crash, not {left}"))
        }
    }

    async fn crash_of_all(&mut self) -> Verdict {
        for node in 0..NODES.len() {
            self.crash(node).await;
        }
        self.world.reopen().await;
        for node in 0..NODES.len() {
            self.start(node).await?;
        }
        Ok(())
    }

    /// Bytes from both sides of every session that a node carries. None may pass when the grant's time is over.
    async fn pump_all(&mut self) -> Verdict {
        let carried: Vec<usize> = self.world.carried.keys().copied().collect();
        for session in carried {
            for event in [Event::FromClient, Event::FromTarget] {
                let passed = self.drive(session, event).await;
                let (seen, now) = (self.seen(), self.now());
                if passed && now >= seen.hard_end(session) {
                    return Err(format!("a byte of session {session} passed after the end of its grant"));
                }
                if !passed && seen.must_end(session, now).is_none() && seen.sessions[session].end.is_none() {
                    return Err(format!("a byte of session {session} did not pass, although its grant stands"));
                }
            }
        }
        Ok(())
    }

    /// Orders reach who must end, within the bound; then bytes pass exactly where they may.
    async fn settle(&mut self) -> Verdict {
        self.pump_all().await?;
        let (seen, now) = (self.seen(), self.now());
        let carried: Vec<usize> = self.world.carried.keys().copied().collect();
        for session in carried {
            let Some(reason) = seen.must_end(session, now) else { continue };
            let began = std::time::Instant::now();
            match self.world.told(session, BOUND).await {
                Some(told) if told == reason => {
                    self.slowest = self.slowest.max(began.elapsed());
                    self.drive(session, Event::Told(told)).await;
                }
                Some(told) => return Err(format!("session {session} was told {told}, not {reason}")),
                None if self.drive(session, Event::FromTarget).await => {
                    return Err(format!(
                        "session {session} still passes bytes {BOUND:?} after it had to end: {reason}"
                    ));
                }
                None => return Err(format!("session {session} was not told within {BOUND:?} to end: {reason}")),
            }
        }
        self.pump_all().await?;
        self.compare_with_database().await
    }

    async fn compare_with_database(&mut self) -> Verdict {
        let (seen, now) = (self.seen(), self.now());
        let live = sessions::live(&self.world.ctx).await.map_err(|e| e.to_string())?;
        let live: BTreeSet<_> = live.into_iter().map(|session| session.id).collect();
        let expected: BTreeSet<_> = seen.live().map(|session| self.world.sessions[session].clone()).collect();
        if live != expected {
            return Err(format!("the live sessions are {live:?}, not {expected:?}"));
        }
        for (session, carried) in &self.world.carried {
            if seen.sessions[*session].end.is_some() || !seen.up[carried.node] {
                return Err(format!("session {session} is carried, although it is over"));
            }
        }
        let standing = grants::count_standing(&self.world.ctx).await.map_err(|e| e.to_string())?;
        if standing != seen.standing(now) as u64 {
            return Err(format!("{standing} grants stand, not {}", seen.standing(now)));
        }
        let cut =
            |end| matches!(end, EndReason::Expired | EndReason::Withdrawn | EndReason::Leaver | EndReason::Killed);
        self.cut = seen.sessions.iter().filter(|session| session.end.is_some_and(cut)).count();
        Ok(())
    }

    /// Every grant and session with its whole timeline, and every invariant of the house.
    async fn look_at_all(&mut self, thoroughly: bool) -> Verdict {
        for node in 0..NODES.len() {
            self.start(node).await?;
        }
        self.do_duties().await;
        self.settle().await?;
        let seen = self.seen();
        self.compare_grants(&seen).await?;
        for (number, session) in seen.sessions.iter().enumerate().rev().take(if thoroughly { usize::MAX } else { 100 })
        {
            let real = sessions::get(&self.world.ctx, &self.world.sessions[number]).await.map_err(|e| e.to_string())?;
            if real.outcome().map(|outcome| outcome.reason) != session.end {
                return Err(format!("session {number} is {:?}, not {:?}", real.state, session.end));
            }
        }
        let depth = if thoroughly { Depth::Everything } else { Depth::Running };
        for node in &self.world.nodes {
            let invariants = api::invariants::verify(&self.world.ctx, node, depth).await;
            let invariants = invariants.map_err(|problem| problem.detail)?;
            if invariants.broken > 0 {
                return Err(format!("broken invariants: {:?}", invariants.problems));
            }
        }
        Ok(())
    }

    async fn compare_grants(&self, seen: &Seen) -> Verdict {
        let filter = Filter { limit: 150, ..Filter::default() };
        let newest = grants::list(&self.world.ctx, &filter).await.map_err(|e| e.to_string())?;
        for real in newest {
            let number = self.world.grants.iter().position(|id| *id == real.id).ok_or("an unknown grant")?;
            let expected = &seen.grants[number];
            let end = real.ended().map(|ended| End { at: ended.at, cause: ended.cause });
            let gone = matches!(real.state, State::Gone { .. });
            if (end, gone) != (expected.end, expected.gone) {
                let (expected_end, expected_gone) = (expected.end, expected.gone);
                return Err(format!(
                    "grant {number} ended {end:?}, gone {gone}; expected {expected_end:?}, {expected_gone}"
                ));
            }
            let kinds: Vec<String> = timeline::about(&self.world.ctx, &real.id)
                .await
                .map_err(|e| e.to_string())?
                .into_iter()
                .map(|line| line.kind)
                .collect();
            if kinds != expected.timeline {
                return Err(format!("grant {number} has the timeline {kinds:?}, not {:?}", expected.timeline));
            }
        }
        Ok(())
    }
}
