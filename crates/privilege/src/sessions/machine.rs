//! The brain of a live session: what happened, when, and what to do about it. No IO and no clock.
//! It decides the one reason of the end, and lets no byte through after it.

use super::EndReason;
use std::time::Duration;
use types::Timestamp;

/// How long processes may take to die on the target before the connection to it is dropped all the same.
pub const SWEEP_LIMIT: Duration = Duration::from_secs(3);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// Bytes arrived from the client. They may go on only if the answer holds [`Action::PassToTarget`].
    FromClient,
    /// Bytes arrived from the target. They may go on only if the answer holds [`Action::PassToClient`].
    FromTarget,
    /// Time has passed; due at [`Machine::wake_at`].
    Tick,
    /// `watch` says that the session must end.
    Told(EndReason),
    ClientClosed,
    /// The command or shell on the target ended, or its connection is gone.
    TargetClosed,
    TargetUnreachable,
    TargetRefused,
    HostKeyChanged,
    RecordingFailed,
    /// The recording is as large as one may become.
    RecordingFull,
    /// No process of the session is left on the target, or looking for them failed.
    Swept,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    PassToTarget,
    PassToClient,
    /// Show the reason's line to the client.
    TellClient(EndReason),
    CloseClient,
    /// End the session's processes on the target, then say [`Event::Swept`].
    SweepTarget,
    CloseTarget,
    /// Finish the recording and call `sessions::close`. The last action of every session.
    Close(EndReason),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Live,
    /// The client is gone; processes on the target are being ended.
    Sweeping {
        reason: EndReason,
        until: Timestamp,
    },
    Over {
        reason: EndReason,
    },
}

#[derive(Debug, Clone)]
pub struct Machine {
    deadline: Timestamp,
    state: State,
}

impl Machine {
    /// A live session that may not outlast `deadline`.
    pub fn new(deadline: Timestamp) -> Self {
        Self { deadline, state: State::Live }
    }

    /// The reason of the end, once it is decided. It never changes.
    pub fn end(&self) -> Option<EndReason> {
        match self.state {
            State::Live => None,
            State::Sweeping { reason, .. } | State::Over { reason } => Some(reason),
        }
    }

    /// When [`Event::Tick`] is due at the latest; `None` when nothing is waited for any more.
    pub fn wake_at(&self) -> Option<Timestamp> {
        match self.state {
            State::Live => Some(self.deadline),
            State::Sweeping { until, .. } => Some(until),
            State::Over { .. } => None,
        }
    }

    /// What to do about an event, in this order.
    pub fn on(&mut self, event: Event, now: Timestamp) -> Vec<Action> {
        match self.state {
            State::Live => self.on_live(event, now),
            State::Sweeping { reason, until } => match event {
                Event::Swept | Event::TargetClosed | Event::TargetUnreachable => self.finish(reason),
                _ if now >= until => self.finish(reason),
                _ => Vec::new(),
            },
            State::Over { .. } => Vec::new(),
        }
    }

    fn on_live(&mut self, event: Event, now: Timestamp) -> Vec<Action> {
        match event {
            Event::ClientClosed => self.end_because(EndReason::ClientClosed, now),
            Event::TargetClosed => self.end_because(EndReason::TargetClosed, now),
            Event::TargetUnreachable => self.end_because(EndReason::TargetUnreachable, now),
            Event::TargetRefused => self.end_because(EndReason::TargetRefused, now),
            Event::HostKeyChanged => self.end_because(EndReason::HostKeyChanged, now),
            Event::RecordingFailed => self.end_because(EndReason::RecordingFailed, now),
            Event::RecordingFull => self.end_because(EndReason::RecordingFull, now),
            Event::Told(reason) => self.end_because(reason, now),
            _ if now >= self.deadline => self.end_because(EndReason::Expired, now),
            Event::FromClient => vec![Action::PassToTarget],
            Event::FromTarget => vec![Action::PassToClient],
            Event::Tick | Event::Swept => Vec::new(),
        }
    }

    /// The person is told and let go at once; the target is left when nothing of the session runs there that may not.
    fn end_because(&mut self, reason: EndReason, now: Timestamp) -> Vec<Action> {
        let mut actions = Vec::new();
        if !matches!(reason, EndReason::ClientClosed | EndReason::TargetClosed) {
            actions.push(Action::TellClient(reason));
        }
        actions.push(Action::CloseClient);
        // Over a connection that is gone nothing can be ended: a job looks for it later.
        if reason.ends_what_runs() && reason != EndReason::TargetUnreachable {
            self.state = State::Sweeping { reason, until: now.plus(SWEEP_LIMIT) };
            actions.push(Action::SweepTarget);
        } else {
            actions.extend(self.finish(reason));
        }
        actions
    }

    fn finish(&mut self, reason: EndReason) -> Vec<Action> {
        self.state = State::Over { reason };
        vec![Action::CloseTarget, Action::Close(reason)]
    }
}

#[cfg(test)]
mod tests;
