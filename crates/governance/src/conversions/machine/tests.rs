//! The machine against a system that loses answers, refuses and is away, and people who leave, come back and change their
//! minds.

use super::*;
use proptest::prelude::*;
use std::time::Duration;

const START: Timestamp = Timestamp::from_micros(1_795_253_400_000_000);

/// Alice's right as it is while it is being taken away.
const STANDING: Seen = Seen {
    removal: Removal::Pending,
    restoration: None,
    is_held: true,
    is_there: true,
    may_be_given: true,
    held_for_a_time: false,
    holder: Holder::AtWork,
    is_overdue: false,
};

fn look(state: &State, seen: Seen) -> Option<Step> {
    on(state, &seen, Event::Looked, START)
}

fn order(number: u32) -> OrderId {
    format!("ord_{number:032x}").parse().unwrap()
}

fn restoring(order: Option<OrderId>) -> State {
    State::Restoring { why: Why::Refused, since: START, order }
}

#[test]
fn what_is_not_seen_gone_is_not_done_and_what_is_seen_gone_is() {
    assert_eq!(look(&State::Removing, STANDING), None);
    assert_eq!(look(&State::Removing, Seen { removal: Removal::Unclear, ..STANDING }), None);
    let gone = look(&State::Removing, Seen { removal: Removal::Gone, is_held: false, ..STANDING }).unwrap();
    assert_eq!(gone, Step { state: State::Done { at: START }, acts: vec![] });
    assert_eq!(look(&gone.state, Seen { is_overdue: true, ..STANDING }), None, "nobody asks any more");
}

#[test]
fn what_surely_was_not_taken_away_is_left_alone_and_what_may_have_been_is_given_back() {
    for (removal, is_held, acts) in [
        (Removal::Pending, true, vec![Act::WithdrawRemoval, Act::EndEligibility]),
        (Removal::Refused, true, vec![Act::WithdrawRemoval, Act::EndEligibility]),
        (Removal::TakenBack, true, vec![Act::WithdrawRemoval, Act::EndEligibility]),
        (Removal::Unclear, true, vec![Act::GiveBack]),
        (Removal::Unclear, false, vec![Act::GiveBack]),
        (Removal::Pending, false, vec![Act::GiveBack]),
    ] {
        let seen = Seen { removal, is_held, is_overdue: true, ..STANDING };
        assert_eq!(look(&State::Removing, seen).unwrap().acts, acts, "{removal:?}, held {is_held}");
    }
}

#[test]
fn nothing_is_undone_before_its_time_is_over_unless_the_system_refuses_or_somebody_asks() {
    assert_eq!(look(&State::Removing, STANDING), None);
    for (removal, why) in [(Removal::Refused, Why::Refused), (Removal::TakenBack, Why::TakenBack)] {
        let step = look(&State::Removing, Seen { removal, ..STANDING }).unwrap();
        assert_eq!(step.state, State::Undone { why, at: START });
    }
    let asked = on(&State::Removing, &STANDING, Event::UndoAsked, START).unwrap();
    assert_eq!(asked.state, State::Undone { why: Why::Person, at: START });
    let done = Seen { removal: Removal::Gone, is_held: false, ..STANDING };
    let asked = on(&State::Done { at: START }, &done, Event::UndoAsked, START).unwrap();
    assert_eq!(asked.acts, [Act::GiveBack]);
}

#[test]
fn nothing_is_given_back_to_whoever_left_or_is_away() {
    for (holder, why) in [(Holder::Left, Left::HasLeft), (Holder::Away, Left::IsAway)] {
        let step = look(&restoring(Some(order(1))), Seen { holder, ..STANDING }).unwrap();
        assert_eq!(step.state, State::Abandoned { why, at: START });
        assert_eq!(step.acts, [Act::WithdrawRestoration]);
        let seen = Seen { holder, removal: Removal::Gone, is_held: false, ..STANDING };
        assert_eq!(on(&State::Done { at: START }, &seen, Event::UndoAsked, START), None);
    }
    let left = Seen { holder: Holder::Left, removal: Removal::Refused, ..STANDING };
    let step = look(&State::Removing, left).unwrap();
    assert_eq!((step.state.as_str(), step.acts), ("abandoned", vec![]), "their leaver case takes it from here");
    let away = Seen { holder: Holder::Away, removal: Removal::Refused, is_overdue: true, ..STANDING };
    assert_eq!(look(&State::Removing, away), None, "it waits until they are back");
}

#[test]
fn while_a_grant_gives_it_nothing_is_undone_and_when_the_grant_has_ended_it_is_gone() {
    let held = Seen { removal: Removal::ForATime, held_for_a_time: true, is_overdue: true, ..STANDING };
    assert_eq!(look(&State::Removing, held), None);
    assert_eq!(on(&State::Removing, &held, Event::UndoAsked, START), None);
    assert_eq!(look(&restoring(None), held), None, "a grant takes away what it gave: it is given back afterwards");
    let ended = Seen { removal: Removal::Gone, is_held: false, ..STANDING };
    assert_eq!(look(&State::Removing, ended).unwrap().state, State::Done { at: START });
}

#[test]
fn what_a_protected_account_cannot_be_given_back_waits_until_it_can() {
    let shut = Seen { removal: Removal::Unclear, is_held: false, may_be_given: false, is_overdue: true, ..STANDING };
    let step = look(&State::Removing, shut).unwrap();
    assert!(step.state.as_str() == "restoring" && step.acts.is_empty(), "{step:?}");
    assert_eq!(look(&step.state, shut), None);
    let open = Seen { may_be_given: true, ..shut };
    assert_eq!(look(&step.state, open).unwrap().acts, [Act::GiveBack]);
    let unsure = Seen { is_held: true, ..shut };
    assert_eq!(look(&step.state, unsure), None, "it may have been taken away since it was seen");
    let by_hand = Seen { is_held: true, removal: Removal::TakenBack, ..shut };
    assert_eq!(look(&step.state, by_hand).unwrap().acts, [Act::WithdrawRemoval, Act::EndEligibility]);
}

#[test]
fn what_the_system_does_not_take_back_stays_open_until_a_person_insists() {
    let refused = Seen { restoration: Some(Restoration::Refused), is_held: false, ..STANDING };
    let state = restoring(Some(order(1)));
    assert_eq!(look(&state, refused), None);
    assert_eq!(on(&state, &refused, Event::UndoAsked, START).unwrap().acts, [Act::GiveBack]);
    let pending = Seen { restoration: Some(Restoration::Pending), ..refused };
    assert_eq!(on(&state, &pending, Event::UndoAsked, START), None, "it is under way");
    let otherwise = Seen { restoration: Some(Restoration::TakenOtherwise), ..refused };
    assert_eq!(look(&state, otherwise).unwrap().state.as_str(), "abandoned", "nobody fights over it");
}

/// Alice, her right, and the orders about it.
#[derive(Debug)]
struct World {
    state: State,
    seen: Seen,
    /// What the system has.
    is_member: bool,
    is_eligible: bool,
    now: Timestamp,
    orders: u32,
}

#[derive(Debug, Clone, Copy)]
enum Move {
    Look,
    AskUndo,
    Pass,
    Lose { done: bool },
    ReadBack,
    Refuse,
    Protect(bool),
    Becomes(Holder),
    GrantBegins,
    GrantEnds,
}

impl World {
    fn new() -> Self {
        Self { state: State::Removing, seen: STANDING, is_member: true, is_eligible: true, now: START, orders: 0 }
    }

    fn makes(&mut self, made: Move) {
        let seen = &mut self.seen;
        match made {
            Move::Look => self.event(Event::Looked),
            Move::AskUndo => self.event(Event::UndoAsked),
            Move::Pass => {
                self.now = self.now.plus(Duration::from_secs(60));
                seen.is_overdue = true;
            }
            Move::Lose { done } if self.state == State::Removing && seen.removal == Removal::Pending => {
                seen.removal = Removal::Unclear;
                self.is_member &= !done;
            }
            Move::ReadBack => self.read_back(),
            Move::Refuse if self.state == State::Removing && seen.removal == Removal::Pending => {
                seen.removal = Removal::Refused;
            }
            Move::Refuse if seen.restoration == Some(Restoration::Pending) => {
                seen.restoration = Some(Restoration::Refused);
            }
            Move::Protect(on) => {
                seen.may_be_given = !on;
                if on && seen.removal == Removal::Pending && self.state == State::Removing {
                    seen.removal = Removal::TakenBack;
                }
                if on && seen.restoration == Some(Restoration::Pending) {
                    seen.restoration = Some(Restoration::TakenBack);
                }
            }
            Move::Becomes(holder) if seen.holder != Holder::Left => seen.holder = holder,
            Move::GrantBegins if self.is_eligible && self.state == State::Removing => {
                let gives = matches!(seen.removal, Removal::Pending | Removal::Gone);
                if gives && seen.may_be_given && seen.holder == Holder::AtWork {
                    (seen.removal, seen.held_for_a_time) = (Removal::ForATime, true);
                    (self.is_member, seen.is_held) = (true, true);
                }
            }
            Move::GrantEnds if seen.held_for_a_time => {
                (seen.removal, seen.held_for_a_time) = (Removal::Gone, false);
                (self.is_member, seen.is_held) = (false, false);
            }
            _ => {}
        }
    }

    fn read_back(&mut self) {
        let seen = &mut self.seen;
        match (&self.state, seen.restoration) {
            (_, Some(Restoration::Pending)) => {
                (self.is_member, seen.is_held) = (true, true);
                seen.restoration = Some(Restoration::Observed);
            }
            (_, None) if seen.removal == Removal::Unclear => {
                seen.removal = if self.is_member { Removal::Pending } else { Removal::Gone };
                seen.is_held = self.is_member;
            }
            _ => {}
        }
    }

    fn event(&mut self, event: Event) {
        let was_over = !self.state.is_open() && !matches!(self.state, State::Done { .. });
        let Some(step) = on(&self.state, &self.seen, event, self.now) else { return };
        assert!(!was_over, "what is over stays over: {self:?} {step:?}");
        self.state = step.state;
        for act in step.acts {
            self.acts(act);
        }
        if matches!(self.state, State::Done { .. }) {
            assert!(!self.is_member, "done is seen gone: {self:?}");
        }
    }

    fn acts(&mut self, act: Act) {
        match act {
            Act::WithdrawRemoval => {
                assert!(self.is_member, "what may have been done is not merely withdrawn: {self:?}");
                self.seen.removal = Removal::TakenBack;
            }
            Act::GiveBack => {
                assert!(self.seen.may_be_given, "nothing is sent to a protected account: {self:?}");
                assert!(self.seen.holder == Holder::AtWork && !self.seen.held_for_a_time, "{self:?}");
                self.orders += 1;
                let State::Restoring { order: kept, .. } = &mut self.state else { panic!("{self:?}") };
                *kept = Some(order(self.orders));
                self.seen.restoration = Some(Restoration::Pending);
            }
            Act::EndEligibility => {
                assert!(self.is_member, "nobody is left with neither: {self:?}");
                self.is_eligible = false;
            }
            Act::WithdrawRestoration => {}
        }
    }
}

fn any_move() -> impl Strategy<Value = Move> {
    prop_oneof![
        5 => Just(Move::Look),
        1 => Just(Move::AskUndo),
        1 => Just(Move::Pass),
        2 => any::<bool>().prop_map(|done| Move::Lose { done }),
        3 => Just(Move::ReadBack),
        1 => Just(Move::Refuse),
        1 => any::<bool>().prop_map(Move::Protect),
        1 => prop_oneof![Just(Holder::AtWork), Just(Holder::Away), Just(Holder::Left)].prop_map(Move::Becomes),
        1 => Just(Move::GrantBegins),
        1 => Just(Move::GrantEnds),
    ]
}

proptest! {
    /// Whoever is at work has the right, or may ask for it, whatever happens; and when all is quiet it is one of both.
    #[test]
    fn nobody_falls_between_two_chairs(moves in proptest::collection::vec(any_move(), 0..60)) {
        let mut world = World::new();
        for made in moves {
            world.makes(made);
            prop_assert!(world.is_member || world.is_eligible, "{world:?}");
        }
        let left = world.seen.holder == Holder::Left;
        for made in [Move::GrantEnds, Move::Becomes(Holder::AtWork), Move::Protect(false), Move::Pass] {
            world.makes(made);
        }
        // The system is back and does what it is told; what it refused, a person asks for once more.
        for _ in 0..6 {
            for made in [Move::Look, Move::ReadBack] {
                world.makes(made);
            }
            if world.seen.restoration == Some(Restoration::Refused) && matches!(world.state, State::Restoring { .. }) {
                world.makes(Move::AskUndo);
            }
        }
        match &world.state {
            State::Done { .. } => prop_assert!(!world.is_member && world.is_eligible, "{world:?}"),
            State::Undone { .. } => prop_assert!(world.is_member && !world.is_eligible, "{world:?}"),
            State::Abandoned { .. } => prop_assert!(world.is_eligible || left, "{world:?}"),
            // The system answers nothing else any more: it is ordered away still, and will be.
            State::Removing | State::Restoring { .. } => prop_assert!(false, "nothing is left open: {world:?}"),
        }
    }
}
