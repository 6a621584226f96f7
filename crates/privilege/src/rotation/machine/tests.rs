//! The machine against a naive model of a target and of what is kept, under random faults.

use super::{Action, Dependents, Event, Facts, Machine, Outcome, Then, Wants, Why};
use proptest::prelude::*;
use std::collections::BTreeMap;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kept {
    Candidate,
    Current,
    Previous,
    Refused,
}

/// What goes wrong with one action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    None,
    /// The process dies before it does it.
    CrashBefore,
    /// It dies when it has done it, before it knows.
    CrashAfter,
    /// The connection is lost before the target did it.
    LostBefore,
    /// The target did it; the answer is lost.
    LostAfter,
    /// The connection is lost, and the target does it some time later.
    Late,
    PolicyRefuses,
    NotPermitted,
    /// The target says that it did it, and did not.
    Lies,
    /// Somebody changes the password at the target behind our back.
    Drift,
}

#[derive(Debug)]
struct World {
    /// Which version the target has; 0 is none of ours.
    target: u32,
    kept: BTreeMap<u32, Kept>,
    settled: bool,
    /// A change that will still arrive.
    late: Option<u32>,
    /// It arrives when so many more log-ins were judged.
    arrives_in: u32,
    /// What the target takes besides, as another host's account of the same name.
    also: Option<u32>,
    certain: bool,
    drifted: bool,
    dependents: Dependents,
    /// The version that what depends on the credential holds.
    held: u32,
    /// Whether the target was touched by a run before anything that depends on it was asked.
    asked: bool,
    touched_unasked: bool,
    /// What was done at the target, and is left to be done elsewhere.
    changed: bool,
}

impl World {
    fn new() -> Self {
        Self {
            target: 1,
            kept: [(1, Kept::Current)].into(),
            settled: true,
            late: None,
            arrives_in: u32::MAX,
            also: None,
            certain: true,
            drifted: false,
            dependents: Dependents::None,
            held: 1,
            asked: false,
            touched_unasked: false,
            changed: false,
        }
    }

    fn of(&self, kept: Kept) -> Vec<u32> {
        self.kept.iter().rev().filter(|(_, state)| **state == kept).map(|(version, _)| *version).collect()
    }

    fn facts(&self, wants: Wants, may_reconcile: bool) -> Facts {
        let (current, previous) = (self.of(Kept::Current).first().copied(), self.of(Kept::Previous));
        Facts {
            current,
            candidates: self.of(Kept::Candidate),
            replaced: current < previous.first().copied(),
            earlier: previous.into_iter().chain(self.of(Kept::Refused)).collect(),
            settled: self.settled,
            wants: if self.changed { Wants::Truth } else { wants },
            may_reconcile,
            certain: self.certain,
            dependents: self.dependents,
        }
    }

    /// Whether a reader that is given the current credential now can use it.
    fn readers_are_safe(&self) -> bool {
        !self.settled || self.drifted || self.of(Kept::Current) == [self.target]
    }

    fn nothing_is_lost(&self) -> bool {
        self.drifted || self.kept.contains_key(&self.target)
    }

    /// `None`: the process died.
    fn perform(&mut self, action: Action, fault: Fault) -> Option<Event> {
        if fault == Fault::CrashBefore {
            return None;
        }
        if fault == Fault::Drift {
            (self.target, self.drifted) = (0, true);
        }
        let event = match action {
            Action::Check if matches!(fault, Fault::NotPermitted | Fault::LostBefore | Fault::LostAfter) => {
                Event::NotReady
            }
            Action::Check => {
                self.asked = true;
                Event::Ready
            }
            Action::Update { .. } if matches!(fault, Fault::LostBefore | Fault::NotPermitted) => Event::NotUpdated,
            Action::Update { version } => {
                self.held = version;
                self.changed = fault == Fault::LostAfter;
                if self.changed { Event::NotUpdated } else { Event::Updated }
            }
            Action::Make => {
                let version = self.kept.keys().next_back().map_or(1, |newest| newest + 1);
                self.kept.insert(version, Kept::Candidate);
                self.settled = false;
                Event::Made(version)
            }
            Action::Change { version, with } => self.change(version, Some(with), fault),
            Action::Reconcile { version } => self.change(version, None, fault),
            Action::LogIn { .. } if matches!(fault, Fault::LostBefore | Fault::LostAfter) => Event::NotJudged,
            Action::LogIn { version } => self.log_in(version),
            Action::Settle { version, then } => {
                self.changed |= then == Then::Update;
                self.asked |= then == Then::Change && matches!(self.kept[&version], Kept::Previous | Kept::Refused);
                for state in self.kept.values_mut().filter(|state| matches!(state, Kept::Candidate | Kept::Current)) {
                    *state = Kept::Previous;
                }
                self.kept.insert(version, Kept::Current);
                (self.settled, self.drifted) = (true, self.target != version);
                Event::Kept
            }
            Action::Refuse { version } => {
                self.kept.insert(version, Kept::Refused);
                self.settled = self.of(Kept::Candidate).is_empty();
                Event::Kept
            }
            Action::End(_) => unreachable!("the run is over"),
        };
        (fault != Fault::CrashAfter).then_some(event)
    }

    fn log_in(&mut self, version: u32) -> Event {
        let takes = version == self.target || Some(version) == self.also;
        self.arrives_in = self.arrives_in.saturating_sub(1);
        if self.arrives_in == 0 {
            self.target = self.late.take().unwrap_or(self.target);
        }
        if takes { Event::Accepted } else { Event::Refused }
    }

    fn change(&mut self, version: u32, with: Option<u32>, fault: Fault) -> Event {
        if with.is_some_and(|with| with != self.target) {
            return Event::Impossible;
        }
        // What a run before it has begun was asked about then, and nothing depends on a credential that nobody knows.
        self.touched_unasked |= with == Some(self.held) && !self.asked;
        match fault {
            Fault::LostBefore => Event::Doubtful,
            Fault::Late => {
                self.late = Some(version);
                Event::Doubtful
            }
            Fault::PolicyRefuses => Event::PolicyRefused,
            Fault::NotPermitted => Event::Impossible,
            Fault::Lies => Event::Changed,
            _ => {
                self.target = version;
                if fault == Fault::LostAfter { Event::Doubtful } else { Event::Changed }
            }
        }
    }
}

/// One run, to its end or its death.
fn run(
    world: &mut World,
    wants: Wants,
    may_reconcile: bool,
    faults: &mut impl Iterator<Item = Fault>,
) -> Option<Outcome> {
    let mut machine = Machine::new(world.facts(wants, may_reconcile));
    let facts = world.facts(wants, may_reconcile);
    world.asked = facts.replaced || !facts.candidates.is_empty();
    for _ in 0..100 {
        let action = machine.next();
        if let Action::End(outcome) = action {
            return Some(outcome);
        }
        let event = world.perform(action, faults.next().unwrap_or(Fault::None))?;
        machine.on(event);
        assert!(world.nothing_is_lost() && (world.late.is_some() || world.readers_are_safe()), "{action:?}: {world:?}");
    }
    panic!("a run does not end: {world:?}");
}

fn quiet() -> impl Iterator<Item = Fault> {
    std::iter::empty()
}

fn some(faults: &[Fault]) -> impl Iterator<Item = Fault> {
    faults.iter().copied()
}

#[test]
fn a_candidate_is_kept_before_the_target_is_touched_and_settled_when_it_has_logged_in() {
    let mut machine = Machine::new(World::new().facts(Wants::Change, false));
    for (action, event) in [
        (Action::LogIn { version: 1 }, Event::Accepted),
        (Action::Make, Event::Made(2)),
        (Action::Change { version: 2, with: 1 }, Event::Changed),
        (Action::LogIn { version: 2 }, Event::Accepted),
        (Action::LogIn { version: 1 }, Event::Refused),
        (Action::Settle { version: 2, then: Then::Done }, Event::Kept),
    ] {
        assert_eq!(machine.next(), action);
        machine.on(event);
    }
    assert_eq!(machine.next(), Action::End(Outcome::Settled));
}

#[test]
fn a_target_that_is_away_is_left_alone_and_the_account_stays_settled() {
    let mut world = World::new();
    let outcome = run(&mut world, Wants::Change, false, &mut some(&[Fault::LostBefore]));
    assert_eq!((outcome, world.settled), (Some(Outcome::Later(Why::Unreachable)), true));
    assert_eq!(world.kept.len(), 1, "no candidate was made for nothing");
}

#[test]
fn a_policy_that_refuses_every_candidate_ends_the_run_with_the_old_one_in_use_and_never_sees_one_twice() {
    let mut world = World::new();
    let outcome = run(&mut world, Wants::Change, false, &mut std::iter::repeat(Fault::PolicyRefuses));
    assert_eq!((outcome, world.settled, world.target), (Some(Outcome::Later(Why::PolicyRefuses)), true, 1));
    assert_eq!(world.of(Kept::Refused), [6, 5, 4, 3, 2]);
    assert_eq!(run(&mut world, Wants::Change, false, &mut quiet()), Some(Outcome::Settled));
    assert_eq!(world.target, 7);
}

#[test]
fn what_may_not_be_changed_stays_as_it_is() {
    let mut world = World::new();
    let not_permitted = [Fault::None, Fault::None, Fault::NotPermitted];
    let outcome = run(&mut world, Wants::Change, false, &mut some(&not_permitted));
    assert_eq!((outcome, world.settled, world.target), (Some(Outcome::Later(Why::NotPermitted)), true, 1));
}

#[test]
fn the_same_candidate_is_sent_again_when_the_answer_was_lost() {
    let mut world = World::new();
    let outcome = run(&mut world, Wants::Change, false, &mut some(&[Fault::None, Fault::None, Fault::LostBefore]));
    assert_eq!((outcome, world.target, world.kept.len()), (Some(Outcome::Settled), 2, 2));
}

#[test]
fn a_change_that_arrives_after_everything_else_is_found_among_what_was_kept() {
    let mut world = World::new();
    let late = [Fault::None, Fault::None, Fault::Late, Fault::None, Fault::None, Fault::PolicyRefuses];
    assert_eq!(run(&mut world, Wants::Change, false, &mut some(&late)), Some(Outcome::Settled));
    assert_eq!((world.target, world.kept[&2]), (3, Kept::Refused));
    (world.target, world.drifted) = (world.late.take().unwrap(), true);
    assert_eq!(run(&mut world, Wants::Truth, false, &mut quiet()), Some(Outcome::Settled));
    assert_eq!((world.kept[&2], world.of(Kept::Current)), (Kept::Previous, vec![4]), "it was found, and replaced");
}

#[test]
fn an_account_that_drifted_waits_for_a_person_unless_its_administrator_may_set_a_new_one() {
    for (may_reconcile, outcome) in [(false, Outcome::Lost), (true, Outcome::Settled)] {
        let mut world = World { target: 0, settled: false, drifted: true, ..World::new() };
        assert_eq!(run(&mut world, Wants::Truth, may_reconcile, &mut quiet()), Some(outcome));
        assert_eq!(world.readers_are_safe() && world.settled, may_reconcile);
    }
}

#[test]
fn to_ask_for_the_truth_changes_nothing() {
    let mut world = World { settled: false, ..World::new() };
    assert_eq!(run(&mut world, Wants::Truth, true, &mut quiet()), Some(Outcome::Settled));
    assert_eq!((world.target, world.kept.len(), world.settled), (1, 1, true));
}

#[test]
fn while_a_change_is_on_its_way_nobody_says_that_none_logs_in() {
    let kept = BTreeMap::from([(1, Kept::Current), (2, Kept::Candidate)]);
    let on_its_way = || World { kept: kept.clone(), settled: false, late: Some(2), arrives_in: 1, ..World::new() };
    let mut world = World { certain: false, ..on_its_way() };
    assert_eq!(run(&mut world, Wants::Change, false, &mut quiet()), Some(Outcome::Later(Why::NoneLogsIn)));
    assert_eq!(run(&mut world, Wants::Change, false, &mut quiet()), Some(Outcome::Settled));
    assert_eq!(run(&mut on_its_way(), Wants::Change, false, &mut quiet()), Some(Outcome::Lost), "as it would be");
}

#[test]
fn a_credential_that_was_replaced_once_and_logs_in_again_does_not_stay() {
    let mut world = World::new();
    run(&mut world, Wants::Change, false, &mut quiet());
    (world.target, world.settled, world.drifted) = (1, false, true);
    assert_eq!(run(&mut world, Wants::Truth, false, &mut some(&[Fault::None; 3])), Some(Outcome::Settled));
    assert_eq!((world.target, world.of(Kept::Current)), (3, vec![3]));
    (world.target, world.settled, world.drifted) = (2, false, true);
    let dies = [Fault::None, Fault::None, Fault::None, Fault::CrashBefore];
    assert_eq!(run(&mut world, Wants::Truth, false, &mut some(&dies)), None, "after it was settled");
    assert_eq!(world.of(Kept::Current), [2]);
    assert_eq!(run(&mut world, Wants::Truth, false, &mut quiet()), Some(Outcome::Settled));
    assert_eq!((world.target, world.of(Kept::Current)), (4, vec![4]));
}

#[test]
fn a_new_credential_does_not_count_while_the_target_takes_the_old_one_too() {
    let mut world = World { also: Some(1), ..World::new() };
    assert_eq!(run(&mut world, Wants::Change, false, &mut quiet()), Some(Outcome::Later(Why::OldOneValid)));
    assert!(!world.settled);
    world.also = None;
    assert_eq!(run(&mut world, Wants::Change, false, &mut quiet()), Some(Outcome::Settled));
    assert_eq!((world.target, world.of(Kept::Current)), (2, vec![2]));
}

#[test]
fn the_target_is_not_touched_before_what_depends_on_the_credential_is_ready() {
    let with = |dependents| World { dependents, ..World::new() };
    let mut world = with(Dependents::First);
    let not_ready = [Fault::None, Fault::NotPermitted];
    let outcome = run(&mut world, Wants::Change, false, &mut some(&not_ready));
    assert_eq!((outcome, world.settled, world.target), (Some(Outcome::Later(Why::DependentsNotReady)), true, 1));
    assert_eq!(world.kept.len(), 1, "no candidate was made for nothing");
    assert_eq!(run(&mut world, Wants::Change, false, &mut quiet()), Some(Outcome::Settled));
    assert_eq!((world.target, world.held), (2, 2));
    let mut leaked = with(Dependents::After);
    run(&mut leaked, Wants::Change, false, &mut some(&not_ready));
    assert_ne!(leaked.target, 1, "whoever knows it is kept out, whatever depends on it");
}

#[test]
fn a_change_that_was_made_is_not_made_again_for_what_is_behind() {
    let mut world = World { dependents: Dependents::First, ..World::new() };
    let mut behind = [Fault::None; 8];
    behind[7] = Fault::NotPermitted;
    for faults in [&behind[..], &[Fault::None, Fault::None, Fault::LostBefore]] {
        let outcome = run(&mut world, Wants::Change, false, &mut some(faults));
        assert_eq!(
            (outcome, world.settled, world.target, world.held),
            (Some(Outcome::Later(Why::DependentsBehind)), true, 2, 1)
        );
    }
    assert_eq!(run(&mut world, Wants::Change, false, &mut quiet()), Some(Outcome::Settled));
    assert_eq!((world.target, world.held, world.kept.len()), (2, 2, 2));
}

#[test]
fn the_way_back_is_a_change_to_what_was_before_and_a_target_that_refuses_it_keeps_the_new_one() {
    for (faults, target) in [(&[][..], 3), (&[Fault::None, Fault::None, Fault::PolicyRefuses], 2)] {
        let kept = [(1, Kept::Previous), (2, Kept::Current), (3, Kept::Candidate)].into();
        let dependents = Dependents::First;
        let mut world = World { target: 2, kept, settled: false, held: 2, dependents, ..World::new() };
        assert_eq!(run(&mut world, Wants::Truth, false, &mut some(faults)), Some(Outcome::Settled));
        assert_eq!((world.target, world.held, world.of(Kept::Current)), (target, target, vec![target]));
    }
}

fn fault() -> impl Strategy<Value = Fault> {
    use Fault::{CrashAfter, CrashBefore, Drift, Late, Lies, LostAfter, LostBefore, None, NotPermitted, PolicyRefuses};
    prop::sample::select(vec![
        None,
        None,
        None,
        None,
        CrashBefore,
        CrashAfter,
        LostBefore,
        LostAfter,
        Late,
        PolicyRefuses,
        NotPermitted,
        Lies,
        Drift,
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn whatever_goes_wrong_no_account_is_lost_and_every_state_settles_by_itself(
        runs in prop::collection::vec((any::<bool>(), prop::collection::vec(fault(), 0..14)), 1..8),
        dependents in prop::sample::select(vec![Dependents::None, Dependents::First, Dependents::After]),
    ) {
        let mut world = World { dependents, ..World::new() };
        for (change, faults) in runs {
            let wants = if change { Wants::Change } else { Wants::Truth };
            run(&mut world, wants, true, &mut some(&faults));
            if let Some(late) = world.late.take() {
                world.target = late;
                // It was sent, so it is kept; readers learn of it by the next verification.
                prop_assert!(world.kept.contains_key(&late));
                world.drifted = true;
            }
        }
        // The faults are over: what was begun is finished, however many runs it takes.
        for _ in 0..4 {
            if run(&mut world, Wants::Change, true, &mut quiet()) == Some(Outcome::Settled) {
                break;
            }
        }
        prop_assert!(world.settled && world.of(Kept::Current) == [world.target], "{:?}", world);
        prop_assert!(world.of(Kept::Candidate).is_empty());
        prop_assert!(dependents == Dependents::None || world.held == world.target, "{:?}", world);
        prop_assert!(dependents != Dependents::First || !world.touched_unasked, "{:?}", world);
    }
}
