//! Carries one session: bytes both ways, deadline, orders to end, recording. It drives privilege's session machine
//! and does what that says; an end that it decides passes `end`, with one reason. It asks no permission and opens nothing.

use crate::carried::Carried;
use crate::lane::{self, Broken, Inward, Outward, Traces};
use crate::sftp::Sftp;
use crate::ssh::upstream::Upstream;
use crate::ssh::{ClientEnd, TargetEnd, leftovers};
use futures::channel::mpsc::unbounded;
use ledger::Ctx;
use privilege::sessions::machine::{Action, Event, Machine, SWEEP_LIMIT};
use privilege::sessions::watch::Told;
use privilege::sessions::{EndReason, Opened};
use russh::{ChannelMsg, ChannelWriteHalf, client};
use std::collections::VecDeque;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use types::{Channel, Timestamp};

/// How long input may still take when the client has closed its side.
const INPUT_DRAIN: Duration = Duration::from_secs(2);
/// Between two looks at the real clock, which an operator may set, and at one that a test moves.
const TICK: Duration = Duration::from_secs(1);
const TEST_TICK: Duration = Duration::from_millis(20);
/// When the proof of an identity goes because somebody leaves, the grant goes too, and says so better.
const GRANT_FIRST: Duration = Duration::from_millis(300);
/// What `ssh` itself says when a connection failed.
const FAILED: u32 = 255;

/// One open session and what it needs to live.
pub(crate) struct Session {
    carried: Carried,
    told: Told,
    unproven: CancellationToken,
    machine: Machine,
}

impl Session {
    /// `unproven` is cancelled when nothing proves any more who opened it.
    /// In a box, because it goes through many hands, each of which would keep room for it.
    pub(crate) fn new(
        ctx: Ctx,
        opened: Opened,
        told: Told,
        unproven: CancellationToken,
        tasks: TaskTracker,
    ) -> Box<Self> {
        let machine = Machine::new(opened.permit.deadline());
        Box::new(Self { carried: Carried::new(ctx, opened, tasks), told, unproven, machine })
    }

    /// Ends a session that never reached its target, for `event`; `detail` is a line beside the reason's own.
    pub(crate) async fn end_unopened(mut self: Box<Self>, client: ClientEnd, event: Event, detail: Option<String>) {
        let actions = self.machine.on(event, self.carried.ctx.now());
        Box::pin(self.end(client, None, actions, detail)).await;
    }

    /// Does what must come before the bytes, unless the session must end before.
    pub(crate) async fn prepare<T>(&mut self, work: impl AsyncFnOnce(&Opened) -> T) -> Result<T, Event> {
        let Self { carried, told, unproven, machine } = self;
        let mut ordered = pin!(order(told, unproven));
        let mut work = pin!(work(carried));
        loop {
            let at = machine.wake_at();
            tokio::select! {
                done = &mut work => return Ok(done),
                reason = &mut ordered => return Err(Event::Told(reason)),
                () = sleep(until(at, &carried.ctx)) => if at.is_none_or(|at| carried.ctx.now() >= at) {
                    return Err(Event::Tick);
                },
            }
        }
    }

    /// Carries the session to its end.
    pub(crate) async fn carry(mut self: Box<Self>, mut client: ClientEnd, mut target: TargetEnd, early: Vec<Inward>) {
        let (actions, detail) = self.flow(&mut client, &mut target, early).await;
        Box::pin(self.end(client, Some(target), actions, detail)).await;
    }

    async fn flow(
        &mut self,
        client: &mut ClientEnd,
        target: &mut TargetEnd,
        early: Vec<Inward>,
    ) -> (Vec<Action>, Option<String>) {
        let Self { carried, told, unproven, machine } = self;
        let (ctx, opened, counts): (_, &Opened, _) = (&carried.ctx, carried, &carried.counts);
        let sftp = (opened.permit.channel() == Channel::Sftp).then(|| Mutex::new(Sftp::default()));
        let traces = Traces { recorder: &opened.recorder, sftp, counts };
        let (client_flow, target_flow) = (Arc::clone(&client.person.flow), Arc::clone(target.upstream.flow()));
        // Windows bound what waits in these: see `transport`. They take room for what waits only.
        let (urgent, urgent_lane) = unbounded();
        let (inward, inward_lane) = unbounded();
        let (outward, outward_lane) = unbounded();
        let (mut inward, mut outward) = (Some(inward), Some(outward));
        let mut input_ended = early.iter().any(|message| matches!(message, Inward::Eof(_)));
        let tells_exit = opened.permit.channel() != Channel::PortForward;
        for message in early {
            let lane = if message.overtakes() { Some(&urgent) } else { inward.as_ref() };
            let _ = lane.is_some_and(|lane| lane.unbounded_send(message).is_ok());
        }
        let outcome = {
            let mut urgent_lane = pin!(lane::to_target(urgent_lane, &target.to, &traces));
            let mut inward_lane = pin!(lane::to_target(inward_lane, &target.to, &traces));
            let mut outward_lane = pin!(lane::to_client(outward_lane, &client.person, &traces));
            let mut ordered = pin!(order(told, unproven));
            let mut unrecorded = pin!(opened.recorder.failure());
            let mut full = pin!(opened.recorder.full());
            let mut tick = pin!(sleep(until(machine.wake_at(), ctx)));
            let mut input_drain = pin!(sleep(INPUT_DRAIN));
            let mut lost = false;
            loop {
                let step = tokio::select! {
                    reason = &mut ordered => Step::Event(Event::Told(reason)),
                    failed = &mut unrecorded => Step::Broken(Broken::Recording(failed)),
                    () = &mut full => Step::Event(Event::RecordingFull),
                    () = &mut tick => {
                        tick.set(sleep(until(machine.wake_at(), ctx)));
                        Step::Event(Event::Tick)
                    }
                    () = &mut input_drain, if inward.is_none() => Step::Event(Event::ClientClosed),
                    done = &mut urgent_lane => Step::over(done, Event::TargetClosed),
                    done = &mut inward_lane => Step::over(done, Event::ClientClosed),
                    done = &mut outward_lane =>
                        Step::over(done, if lost { Event::TargetUnreachable } else { Event::TargetClosed }),
                    message = target.from.wait(), if outward.is_some() && !target_flow.is_full() => match message {
                        None | Some(ChannelMsg::Close) => {
                            lost = message.is_none() && !counts.exit_told();
                            outward = None;
                            Step::Nothing
                        }
                        // A client that hears the end of output when its own input has ended closes the channel, and
                        // russh answers that before it hears how the program ended: this end is told by the close.
                        Some(ChannelMsg::Eof) if input_ended && tells_exit => Step::Nothing,
                        Some(message) => Outward::new(message, &target_flow).map_or(Step::Nothing, Step::Outward),
                    },
                    message = client.from.wait(), if inward.is_some() && !client_flow.is_full() => match message {
                        None => Step::Event(Event::ClientClosed),
                        Some(ChannelMsg::Close) => {
                            input_drain.as_mut().reset(Instant::now() + INPUT_DRAIN);
                            inward = None;
                            Step::Nothing
                        }
                        Some(message) => {
                            input_ended |= matches!(message, ChannelMsg::Eof);
                            Inward::new(message, &client_flow).map_or(Step::Nothing, Step::Inward)
                        }
                    },
                };
                let (event, detail) = match &step {
                    Step::Nothing => continue,
                    Step::Event(event) => (*event, None),
                    Step::Broken(broken) => told_by(broken),
                    Step::Inward(_) => (Event::FromClient, None),
                    Step::Outward(_) => (Event::FromTarget, None),
                };
                let actions = machine.on(event, ctx.now());
                if machine.end().is_some() {
                    break (actions, detail);
                }
                // A lane that is gone ends the loop in its own arm.
                let _ = match step {
                    Step::Inward(message) if message.overtakes() => urgent.unbounded_send(message).is_ok(),
                    Step::Inward(message) => inward.as_ref().is_some_and(|lane| lane.unbounded_send(message).is_ok()),
                    Step::Outward(message) => outward.as_ref().is_some_and(|lane| lane.unbounded_send(message).is_ok()),
                    Step::Nothing | Step::Event(_) | Step::Broken(_) => false,
                };
            }
        };
        traces.finish().await;
        outcome
    }

    /// The one end of every session, whatever its reason: does what the machine says, in its order.
    async fn end(
        mut self: Box<Self>,
        client: ClientEnd,
        target: Option<TargetEnd>,
        actions: Vec<Action>,
        mut detail: Option<String>,
    ) {
        let person = client.stop_listening();
        let mut target = target.map(TargetEnd::stop_listening);
        let mut actions = VecDeque::from(actions);
        let mut leftover_processes = None;
        while let Some(action) = actions.pop_front() {
            match action {
                Action::PassToTarget | Action::PassToClient => {}
                Action::TellClient(reason) => {
                    let line = reason.line(self.carried.permit.login(), self.carried.permit.target());
                    let detail = detail.take().map_or_else(String::new, |detail| detail + "\n");
                    person.tell(&(detail + &line)).await;
                }
                Action::CloseClient => {
                    let failed = detail.is_some() || !self.ended_by_itself();
                    if let Some(detail) = detail.take() {
                        person.tell(&detail).await;
                    }
                    // For a client that would otherwise not learn that something went wrong.
                    person.close((failed && !self.carried.counts.exit_told()).then_some(FAILED)).await;
                }
                Action::SweepTarget => {
                    if let Some((to, upstream)) = &target {
                        leftover_processes = sweep(to, upstream).await;
                    }
                    actions.extend(self.machine.on(Event::Swept, self.carried.ctx.now()));
                }
                Action::CloseTarget => {
                    if let Some((_, upstream)) = target.take() {
                        upstream.close().await;
                    }
                }
                Action::Close(reason) => return self.carried.close(reason, leftover_processes).await,
            }
        }
    }

    fn ended_by_itself(&self) -> bool {
        matches!(self.machine.end(), Some(EndReason::ClientClosed | EndReason::TargetClosed))
    }
}

async fn sweep(to: &ChannelWriteHalf<client::Msg>, upstream: &Upstream) -> Option<u32> {
    let sweep = async {
        // A shell whose channel closes may end by itself, and what it started could no longer be told by its family.
        let left = leftovers::sweep(upstream).await;
        let _ = to.close().await;
        match left {
            // A host that allows one channel at a time has room only now.
            None => leftovers::sweep(upstream).await,
            left => left,
        }
    };
    timeout(SWEEP_LIMIT, sweep).await.ok().flatten()
}

enum Step {
    Nothing,
    Event(Event),
    Broken(Broken),
    Inward(Inward),
    Outward(Outward),
}

impl Step {
    fn over(done: Result<(), Broken>, event: Event) -> Self {
        done.map_or_else(Self::Broken, |()| Self::Event(event))
    }
}

fn told_by(broken: &Broken) -> (Event, Option<String>) {
    match broken {
        Broken::Recording(error) => {
            tracing::error!(%error, "a session ends because it cannot be recorded");
            (Event::RecordingFailed, None)
        }
        Broken::Unreadable(error) => (Event::RecordingFailed, Some(error.to_string())),
        Broken::ClientGone => (Event::ClientClosed, None),
        Broken::TargetGone => (Event::TargetUnreachable, None),
    }
}

/// Waits until the session must end, and says why.
async fn order(told: &mut Told, unproven: &CancellationToken) -> EndReason {
    tokio::select! {
        reason = told.to_end() => return reason,
        () = unproven.cancelled() => {}
    }
    timeout(GRANT_FIRST, told.to_end()).await.unwrap_or(EndReason::ProofRevoked)
}

/// How long to wait before the machine looks at the time again.
fn until(at: Option<Timestamp>, ctx: &Ctx) -> Duration {
    let limit = if ctx.clock().is_test() { TEST_TICK } else { TICK };
    at.map_or(limit, |at| at.since(ctx.now()).min(limit))
}
