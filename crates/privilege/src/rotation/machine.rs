//! The rotation machine: what to do next, from what was learned so far. Pure: it touches no target and keeps nothing.
//!
//! Three rules keep an account from being lost. A candidate is kept before the target is touched. Whenever it is not
//! certain what the target has, the target is asked, by logging in. And nothing that was ever sent is forgotten before
//! something newer has logged in. A fourth keeps the old one dead: a new credential counts when the target refuses the
//! one before it, and one that was replaced once never stays the current one. What depends on the credential is asked
//! before the target is touched, and given the new one when that has logged in.

#[cfg(test)]
mod tests;

/// New candidates that one run makes, when the target's policy takes none of them.
pub const MOST_CANDIDATES: u32 = 5;
/// How often one run sends a candidate, when the answers do not arrive.
pub const MOST_SENT: u32 = 3;
/// How many earlier versions are tried where neither candidate nor current one logs in: targets lock accounts.
pub const MOST_EARLIER: usize = 8;

/// What is known of an account when a run begins. Numbers are versions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    pub current: Option<u32>,
    /// Kept, and perhaps sent; newest first.
    pub candidates: Vec<u32>,
    /// Previous ones that are still kept, newest first, and then refused ones.
    pub earlier: Vec<u32>,
    /// The current one was replaced before, and whoever knew it then may know it still.
    pub replaced: bool,
    /// Whether the current one logged in when last seen.
    pub settled: bool,
    pub wants: Wants,
    /// Whether the administrator may set a new one when none of those kept logs in.
    pub may_reconcile: bool,
    /// Whether it counts when none of those kept logs in: not while a change could still arrive, or a lock pass.
    pub certain: bool,
    pub dependents: Dependents,
}

/// What else holds the credential, and gets the new one in the same run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Dependents {
    #[default]
    None,
    /// The target is not touched before all of them can be updated.
    First,
    /// Whoever knows the credential must be kept out: the target comes first, whatever becomes of them.
    After,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Wants {
    /// A new credential.
    #[default]
    Change,
    /// To know which one is valid, and one that is.
    Truth,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// See whether everything that depends on the credential could be updated.
    Check,
    /// Make a candidate and keep it.
    Make,
    /// Set a version at the target; where the account changes itself, by `with`, which logs in.
    Change {
        version: u32,
        with: u32,
    },
    /// Set a version at the target as its administrator.
    Reconcile {
        version: u32,
    },
    /// On a fresh connection.
    LogIn {
        version: u32,
    },
    /// This one logged in: it is the current one.
    Settle {
        version: u32,
        then: Then,
    },
    /// Give it to everything that depends on it; when that is done, what was wanted is.
    Update {
        version: u32,
    },
    /// The target did not take it, and the current one still logs in: nothing is under way any more.
    Refuse {
        version: u32,
    },
    End(Outcome),
}

/// What comes after a credential was seen to be the current one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// What was wanted is done.
    Done,
    /// What depends on it gets it.
    Update,
    /// A newer one is wanted.
    Change,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// Everything that depends on the credential can be updated.
    Ready,
    NotReady,
    /// Everything that depends on the credential holds it.
    Updated,
    NotUpdated,
    /// The candidate is kept under this number.
    Made(u32),
    /// The target said that it set it.
    Changed,
    /// The target's policy refused the new credential: nothing was changed.
    PolicyRefused,
    /// The target did not let it be changed.
    Impossible,
    /// No answer: nobody knows.
    Doubtful,
    Accepted,
    Refused,
    /// The log-in was not judged.
    NotJudged,
    /// What was to be written down is.
    Kept,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// What was wanted is done, and written down.
    Settled,
    /// To be tried again later.
    Later(Why),
    /// None of those kept logs in, and nobody may set a new one.
    Lost,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The target could not be asked, or did not answer.
    Unreachable,
    /// The target's policy took none of the candidates.
    PolicyRefuses,
    /// The target will not let the change be made.
    NotPermitted,
    /// The target said that it set a credential, and then refused it.
    Contradicts,
    /// The target takes the new credential, and the old one as well.
    OldOneValid,
    /// None of those kept logs in, which may pass.
    NoneLogsIn,
    /// Something that depends on the credential cannot be updated: the target was not touched.
    DependentsNotReady,
    /// The target has the credential, and something that depends on it does not.
    DependentsBehind,
}

impl Why {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::PolicyRefuses => "policy_refuses",
            Self::NotPermitted => "not_permitted",
            Self::Contradicts => "contradicts",
            Self::OldOneValid => "old_one_valid",
            Self::NoneLogsIn => "none_logs_in",
            Self::DependentsNotReady => "dependents_not_ready",
            Self::DependentsBehind => "dependents_behind",
        }
    }
}

/// `with` is the version by which the account changes itself.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Phase {
    /// Before anything else: does the current one log in?
    Before(u32),
    Checking {
        with: u32,
    },
    Making {
        with: u32,
    },
    Changing {
        version: u32,
        with: u32,
    },
    /// The target said that it set it: does it log in?
    After(u32),
    /// This one logs in: does the one before it not?
    Proving {
        version: u32,
        before: u32,
    },
    /// Both log in: the new one is set once more.
    Repeating {
        version: u32,
        before: u32,
    },
    /// The target did not take the candidate: does the current one still log in?
    Denied {
        version: u32,
        with: u32,
        why: Why,
    },
    Refusing {
        version: u32,
        with: u32,
        why: Why,
    },
    /// Which one logs in? The first is asked about.
    Probing(Vec<u32>),
    /// An earlier one logs in.
    Found(u32),
    MakingForAdministrator,
    Reconciling(u32),
    Reconciled(u32),
    RefusingReconciled(u32),
    Settling(u32),
    Updating(u32),
    Over(Outcome),
}

#[derive(Debug, Clone)]
pub struct Machine {
    facts: Facts,
    phase: Phase,
    made: u32,
    sent: u32,
    /// Of the last thing that did not go well.
    why: Why,
}

impl Machine {
    pub fn new(facts: Facts) -> Self {
        let over = Phase::Over(Outcome::Lost);
        let mut machine = Self { facts, phase: over, made: 0, sent: 0, why: Why::Unreachable };
        machine.phase = match machine.facts.current {
            Some(current) if machine.facts.settled && machine.facts.candidates.is_empty() => Phase::Before(current),
            _ => machine.probe(),
        };
        machine
    }

    pub fn next(&self) -> Action {
        match &self.phase {
            Phase::Before(version) | Phase::After(version) | Phase::Reconciled(version) => {
                Action::LogIn { version: *version }
            }
            Phase::Denied { with, .. } => Action::LogIn { version: *with },
            Phase::Proving { before, .. } => Action::LogIn { version: *before },
            Phase::Probing(queue) => Action::LogIn { version: queue[0] },
            Phase::Checking { .. } => Action::Check,
            Phase::Making { .. } | Phase::MakingForAdministrator => Action::Make,
            Phase::Changing { version, with } | Phase::Repeating { version, before: with } => {
                Action::Change { version: *version, with: *with }
            }
            Phase::Reconciling(version) => Action::Reconcile { version: *version },
            Phase::Refusing { version, .. } | Phase::RefusingReconciled(version) => {
                Action::Refuse { version: *version }
            }
            Phase::Found(version) if self.wants_change_from(*version) => {
                Action::Settle { version: *version, then: Then::Change }
            }
            Phase::Found(version) | Phase::Settling(version) => Action::Settle { version: *version, then: self.then() },
            Phase::Updating(version) => Action::Update { version: *version },
            Phase::Over(outcome) => Action::End(*outcome),
        }
    }

    /// # Panics
    /// On an event that does not answer [`Self::next`].
    pub fn on(&mut self, event: Event) {
        let phase = std::mem::replace(&mut self.phase, Phase::Over(Outcome::Lost));
        self.phase = match (phase, event) {
            (
                Phase::Before(_)
                | Phase::After(_)
                | Phase::Proving { .. }
                | Phase::Denied { .. }
                | Phase::Probing(_)
                | Phase::Reconciled(_),
                Event::NotJudged,
            ) => Phase::Over(Outcome::Later(Why::Unreachable)),
            (Phase::Before(version), Event::Accepted) if self.wants_change() => self.making(version),
            (Phase::Before(version), Event::Accepted) => Phase::Settling(version),
            (Phase::After(version) | Phase::Reconciled(version), Event::Accepted) => self.prove(version),
            (Phase::Proving { version, .. }, Event::Refused) => Phase::Settling(version),
            (Phase::Proving { version, before }, Event::Accepted) => {
                self.why = Why::OldOneValid;
                self.again(Phase::Repeating { version, before })
            }
            (Phase::Repeating { version, .. }, event) => self.repeated(version, event),
            (Phase::Denied { version, with, why }, Event::Accepted) => Phase::Refusing { version, with, why },
            (Phase::Probing(queue), Event::Accepted) => self.found(queue[0]),
            (Phase::Probing(mut queue), Event::Refused) => {
                queue.remove(0);
                self.probe_on(queue)
            }
            (Phase::After(_), Event::Refused) => {
                self.why = Why::Contradicts;
                self.probe()
            }
            (Phase::Reconciled(version), Event::Refused) => self.again(Phase::Reconciling(version)),
            (Phase::Before(_) | Phase::Denied { .. }, Event::Refused) => self.probe(),
            (Phase::Checking { with }, Event::Ready) => Phase::Making { with },
            (Phase::Checking { .. }, Event::NotReady) => Phase::Over(Outcome::Later(Why::DependentsNotReady)),
            (Phase::Making { with }, Event::Made(version)) => {
                self.made(version);
                Phase::Changing { version, with }
            }
            (Phase::MakingForAdministrator, Event::Made(version)) => {
                self.made(version);
                Phase::Reconciling(version)
            }
            (Phase::Changing { version, with }, event) => self.sent(version, with, event),
            (Phase::Reconciling(version), event) => self.reconciled(version, event),
            (Phase::Refusing { version, with, why: Why::PolicyRefuses }, Event::Kept) => {
                self.refused(version);
                if self.wants_change() { self.one_more(Phase::Making { with }) } else { Phase::Settling(with) }
            }
            (Phase::Refusing { why, .. }, Event::Kept) => Phase::Over(Outcome::Later(why)),
            (Phase::RefusingReconciled(version), Event::Kept) => {
                self.refused(version);
                self.one_more(Phase::MakingForAdministrator)
            }
            (Phase::Found(version), Event::Kept) => self.known(version),
            (Phase::Settling(version), Event::Kept) => self.settled(version),
            (Phase::Updating(_), Event::Updated) => Phase::Over(Outcome::Settled),
            (Phase::Updating(_), Event::NotUpdated) => Phase::Over(Outcome::Later(Why::DependentsBehind)),
            (phase, event) => panic!("{event:?} does not answer {phase:?}"),
        };
    }

    fn wants_change(&self) -> bool {
        self.facts.wants == Wants::Change || self.facts.replaced || !self.facts.candidates.is_empty()
    }

    fn wants_change_from(&self, version: u32) -> bool {
        self.wants_change() || self.facts.earlier.contains(&version)
    }

    fn prove(&self, version: u32) -> Phase {
        match self.facts.current.filter(|current| *current != version) {
            Some(before) => Phase::Proving { version, before },
            None => Phase::Settling(version),
        }
    }

    fn made(&mut self, version: u32) {
        self.made += 1;
        self.facts.candidates.insert(0, version);
    }

    fn refused(&mut self, version: u32) {
        self.facts.candidates.retain(|candidate| *candidate != version);
        self.facts.earlier.insert(0, version);
    }

    fn sent(&mut self, version: u32, with: u32, event: Event) -> Phase {
        self.sent += 1;
        match event {
            Event::Changed => Phase::After(version),
            Event::PolicyRefused => Phase::Denied { version, with, why: Why::PolicyRefuses },
            Event::Impossible => Phase::Denied { version, with, why: Why::NotPermitted },
            Event::Doubtful => {
                self.why = Why::Unreachable;
                self.probe()
            }
            event => panic!("{event:?} does not answer a change"),
        }
    }

    fn repeated(&mut self, version: u32, event: Event) -> Phase {
        self.sent += 1;
        match event {
            Event::Changed | Event::Doubtful => Phase::After(version),
            Event::PolicyRefused | Event::Impossible => Phase::Over(Outcome::Later(Why::OldOneValid)),
            event => panic!("{event:?} does not answer a change"),
        }
    }

    fn reconciled(&mut self, version: u32, event: Event) -> Phase {
        self.sent += 1;
        match event {
            // Whatever was answered, the log-in decides.
            Event::Changed | Event::Doubtful => {
                self.why = if event == Event::Changed { Why::Contradicts } else { Why::Unreachable };
                Phase::Reconciled(version)
            }
            Event::PolicyRefused => Phase::RefusingReconciled(version),
            Event::Impossible => Phase::Over(Outcome::Later(Why::NotPermitted)),
            event => panic!("{event:?} does not answer a change"),
        }
    }

    /// Another candidate, unless the target has refused enough of them.
    fn one_more(&self, phase: Phase) -> Phase {
        if self.made < MOST_CANDIDATES { phase } else { Phase::Over(Outcome::Later(Why::PolicyRefuses)) }
    }

    /// Sends once more, unless that was tried often enough.
    fn again(&self, phase: Phase) -> Phase {
        if self.sent < MOST_SENT { phase } else { Phase::Over(Outcome::Later(self.why)) }
    }

    /// Asks the target about everything that it could have.
    fn probe(&self) -> Phase {
        let earlier = self.facts.earlier.iter().take(MOST_EARLIER);
        self.probe_on(self.facts.candidates.iter().chain(&self.facts.current).chain(earlier).copied().collect())
    }

    fn probe_on(&self, queue: Vec<u32>) -> Phase {
        if !queue.is_empty() {
            return Phase::Probing(queue);
        }
        if !self.facts.certain {
            return Phase::Over(Outcome::Later(Why::NoneLogsIn));
        }
        if !self.facts.may_reconcile {
            return Phase::Over(Outcome::Lost);
        }
        match self.facts.candidates.first() {
            Some(version) => self.again(Phase::Reconciling(*version)),
            None => self.one_more(Phase::MakingForAdministrator),
        }
    }

    fn found(&self, version: u32) -> Phase {
        match self.facts.candidates.first() {
            Some(newest) if *newest == version => self.prove(version),
            Some(newest) if self.facts.current == Some(version) => {
                self.again(Phase::Changing { version: *newest, with: version })
            }
            _ => Phase::Found(version),
        }
    }

    /// It is written down that this one is the current one, and that all others were before it.
    fn known(&mut self, version: u32) -> Phase {
        let change = self.wants_change_from(version);
        let facts = &mut self.facts;
        facts.replaced |= facts.earlier.contains(&version);
        let before: Vec<u32> =
            facts.candidates.drain(..).chain(facts.current).filter(|other| *other != version).collect();
        facts.earlier.retain(|earlier| *earlier != version);
        facts.earlier.splice(0..0, before);
        (facts.current, facts.settled) = (Some(version), true);
        if change { self.one_more(self.making(version)) } else { self.settled(version) }
    }

    /// One that was replaced once is changed whatever depends on it.
    fn making(&self, with: u32) -> Phase {
        match self.facts.dependents {
            Dependents::First if !self.facts.replaced => Phase::Checking { with },
            _ => Phase::Making { with },
        }
    }

    fn then(&self) -> Then {
        if self.facts.dependents == Dependents::None { Then::Done } else { Then::Update }
    }

    fn settled(&self, version: u32) -> Phase {
        match self.then() {
            Then::Update => Phase::Updating(version),
            Then::Done | Then::Change => Phase::Over(Outcome::Settled),
        }
    }
}
