//! The machine against a system that loses answers, carries out late what it was sent, and is changed by hand.

use super::*;
use proptest::prelude::*;

const START: Timestamp = Timestamp::from_micros(1_795_253_400_000_000);
const READ: Observer = Observer::Read;

fn facts(act: Act) -> Facts {
    Facts { act, attempts: 1, is_followed: false }
}

fn seen(as_ordered: bool) -> Event {
    Event::Seen { as_ordered, by: READ }
}

fn next(state: &State, act: Act, event: Event) -> Option<State> {
    on(state, &facts(act), event, START).map(|step| step.state)
}

fn unknown() -> State {
    State::Unknown { trouble: "no answer".into() }
}

#[test]
fn a_revoke_is_not_over_before_it_is_seen_and_reopens_when_it_comes_back() {
    let sending = next(&State::Ordered, Act::Revoke, Event::Taken).unwrap();
    let done = next(&sending, Act::Revoke, Event::Answered(Answer::Yes)).unwrap();
    assert!(done.is_open(), "{done:?}");
    assert_eq!(next(&done, Act::Revoke, seen(false)), None, "it may take effect in a moment");
    let gone = next(&done, Act::Revoke, seen(true)).unwrap();
    assert_eq!(gone, State::Gone { at: START, by: READ });
    let again = on(&gone, &facts(Act::Revoke), seen(false), START).unwrap();
    assert_eq!(again, Step { state: State::Ordered, follow_ups: vec![FollowUp::TellCameBack] });
    let granted = State::Observed { at: START, by: READ };
    assert_eq!(
        next(&granted, Act::Grant, seen(false)),
        None,
        "what was taken away by hand is drift, and no order's affair"
    );
}

#[test]
fn what_was_said_to_be_done_and_is_not_seen_for_a_minute_is_sent_again() {
    let done = State::Done { at: START };
    let after = |seconds| on(&done, &facts(Act::Grant), seen(false), START.plus(Duration::from_secs(seconds)));
    assert_eq!(after(59), None);
    assert!(matches!(after(60).unwrap().state, State::Waiting { .. }));
}

#[test]
fn nothing_is_sent_again_before_somebody_looked() {
    assert_eq!(next(&unknown(), Act::Grant, Event::Taken), None);
    let again = next(&unknown(), Act::Grant, seen(false)).unwrap();
    assert_eq!(again, State::Waiting { until: START.plus(Duration::from_secs(2)), trouble: "no answer".into() });
    assert_eq!(next(&again, Act::Grant, Event::Taken), None, "not at once");
    assert_eq!(next(&unknown(), Act::Grant, seen(true)), Some(State::Observed { at: START, by: READ }));
}

#[test]
fn an_account_of_the_right_name_is_not_taken_for_the_one_that_was_ordered() {
    let again = next(&unknown(), Act::Create, seen(true)).unwrap();
    assert!(matches!(again, State::Waiting { .. }), "its mark says whose it is: {again:?}");
    assert_eq!(next(&State::Ordered, Act::Create, seen(true)), None);
    let conflict = State::Conflict { native_id: None, trouble: "it is not ours".into() };
    assert_eq!(next(&conflict, Act::Create, seen(true)), None);
    let done = State::Done { at: START };
    assert_eq!(next(&done, Act::Create, seen(true)), Some(State::Observed { at: START, by: READ }));
}

#[test]
fn what_can_be_tried_again_waits_longer_each_time_and_never_gives_up() {
    let later = |attempts, not_before| {
        let facts = Facts { act: Act::Revoke, attempts, is_followed: false };
        let answer = Answer::Later { not_before, trouble: "busy".into() };
        match on(&State::Sending { since: START }, &facts, Event::Answered(answer), START).unwrap().state {
            State::Waiting { until, .. } => until.since(START).as_secs(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!([1, 2, 3, 8, 9, 1000].map(|attempts| later(attempts, None)), [2, 4, 8, 256, 300, 300]);
    assert_eq!(later(1, Some(START.plus(Duration::from_secs(30)))), 30, "the system named a time");
    assert_eq!(later(1, Some(START)), 2);
}

#[test]
fn whoever_comes_too_late_changes_nothing() {
    for state in [State::Ordered, unknown(), State::Done { at: START }, State::Superseded { at: START }] {
        assert_eq!(next(&state, Act::Grant, Event::Answered(Answer::Yes)), None, "{state:?}");
    }
    for event in [Event::Taken, seen(true), seen(false), Event::Freed, Event::Withdrawn] {
        assert_eq!(next(&State::Superseded { at: START }, Act::Revoke, event), None);
    }
}

#[test]
fn a_person_can_withdraw_a_refused_order_and_do_it_by_hand() {
    let refused =
        next(&State::Sending { since: START }, Act::Disable, Event::Answered(Answer::Never("no".into()))).unwrap();
    assert!(!refused.is_open());
    assert_eq!(next(&refused, Act::Disable, seen(true)), Some(State::Gone { at: START, by: READ }));
    assert_eq!(next(&refused, Act::Disable, Event::Withdrawn), Some(State::Superseded { at: START }));
    let waiting = State::WaitingForPerson { since: START };
    let confirmed = Event::Seen { as_ordered: true, by: Observer::Person };
    let made = next(&waiting, Act::Create, confirmed);
    assert_eq!(made, Some(State::Observed { at: START, by: Observer::Person }));
}

/// One membership on a system, and every order about it.
#[derive(Debug, Default)]
struct Subject {
    orders: Vec<Placed>,
    is_member: bool,
    /// Sent, and carried out at any time from now on.
    late: Vec<Act>,
    now: u64,
}

#[derive(Debug)]
struct Placed {
    act: Act,
    state: State,
    attempts: u32,
    looked_since_sent: bool,
}

#[derive(Debug, Clone, Copy)]
enum Happens {
    Order(Act),
    SendAndAnswer,
    SendAndLose { carried_out: Carried },
    SendAndRefuseForNow,
    TakeAndStop,
    Look,
    ByHand { member: bool },
    Late,
    Wait,
}

#[derive(Debug, Clone, Copy)]
enum Carried {
    AtOnce,
    Late,
    Never,
}

fn happens() -> impl Strategy<Value = Happens> {
    prop_oneof![
        2 => Just(Happens::Order(Act::Grant)),
        2 => Just(Happens::Order(Act::Revoke)),
        3 => Just(Happens::SendAndAnswer),
        1 => Just(Happens::SendAndLose { carried_out: Carried::AtOnce }),
        1 => Just(Happens::SendAndLose { carried_out: Carried::Late }),
        1 => Just(Happens::SendAndLose { carried_out: Carried::Never }),
        1 => Just(Happens::SendAndRefuseForNow),
        1 => Just(Happens::TakeAndStop),
        3 => Just(Happens::Look),
        1 => any::<bool>().prop_map(|member| Happens::ByHand { member }),
        1 => Just(Happens::Late),
        2 => Just(Happens::Wait),
    ]
}

impl Subject {
    fn now(&self) -> Timestamp {
        START.plus(Duration::from_secs(self.now))
    }

    fn apply(&mut self, at: usize, event: Event) -> bool {
        let is_followed = self.orders.iter().skip(at + 1).any(|order| order.state == State::Queued);
        let facts = Facts { act: self.orders[at].act, attempts: self.orders[at].attempts, is_followed };
        let Some(step) = on(&self.orders[at].state, &facts, event, self.now()) else { return false };
        self.orders[at].state = step.state;
        if step.follow_ups.contains(&FollowUp::FreeFollower) {
            let follower = self.orders.iter().rposition(|order| order.state == State::Queued).expect("it is followed");
            assert!(self.apply(follower, Event::Freed));
        }
        true
    }

    fn order(&mut self, act: Act) {
        for at in 0..self.orders.len() {
            self.apply(at, Event::Withdrawn);
        }
        let unsettled = self.orders.iter().any(|order| order.state.is_unsettled());
        let state = if unsettled { State::Queued } else { State::Ordered };
        self.orders.push(Placed { act, state, attempts: 0, looked_since_sent: true });
    }

    fn send(&mut self) -> Option<usize> {
        let at = (0..self.orders.len()).find(|at| self.apply(*at, Event::Taken))?;
        let others = self.orders.iter().filter(|order| order.state.is_unsettled()).count();
        assert_eq!(others, 1, "one at a time: {:?}", self.orders);
        assert!(self.orders[at].looked_since_sent, "sent twice without a look: {:?}", self.orders);
        self.orders[at].attempts += 1;
        Some(at)
    }

    fn carry_out(&mut self, act: Act) {
        self.is_member = act == Act::Grant;
    }

    fn look(&mut self) {
        for at in 0..self.orders.len() {
            let as_ordered = self.is_member == (self.orders[at].act == Act::Grant);
            self.orders[at].looked_since_sent |= matches!(self.orders[at].state, State::Unknown { .. });
            self.apply(at, seen(as_ordered));
        }
    }

    fn happen(&mut self, what: Happens) {
        match what {
            Happens::Order(act) => self.order(act),
            Happens::SendAndAnswer => {
                if let Some(at) = self.send() {
                    self.carry_out(self.orders[at].act);
                    self.apply(at, Event::Answered(Answer::Yes));
                }
            }
            Happens::SendAndLose { carried_out } => {
                if let Some(at) = self.send() {
                    match carried_out {
                        Carried::AtOnce => self.carry_out(self.orders[at].act),
                        Carried::Late => self.late.push(self.orders[at].act),
                        Carried::Never => {}
                    }
                    self.orders[at].looked_since_sent = false;
                    self.apply(at, Event::Answered(Answer::Unclear("no answer".into())));
                }
            }
            Happens::SendAndRefuseForNow => {
                if let Some(at) = self.send() {
                    self.apply(at, Event::Answered(Answer::Later { not_before: None, trouble: "busy".into() }));
                }
            }
            Happens::TakeAndStop => {
                if let Some(at) = self.send() {
                    self.orders[at].looked_since_sent = false;
                    self.apply(at, Event::Forgotten);
                }
            }
            Happens::Look => self.look(),
            Happens::ByHand { member } => self.is_member = member,
            Happens::Late => {
                if let Some(act) = self.late.pop() {
                    self.carry_out(act);
                }
            }
            Happens::Wait => self.now += 400,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_revoke_while_the_grant_is_in_flight_waits_for_its_answer_and_then_wins(
        story in prop::collection::vec(happens(), 1..40),
    ) {
        let mut subject = Subject::default();
        for what in story {
            subject.happen(what);
            let open = subject.orders.iter().filter(|order| order.state.is_open() && order.state != State::Queued);
            prop_assert!(open.count() <= 1, "{:?}", subject.orders);
            let queued = subject.orders.iter().filter(|order| order.state == State::Queued).count();
            prop_assert!(queued <= 1, "{:?}", subject.orders);
        }
        // What is on its way arrives, and from now on the system behaves.
        while !subject.late.is_empty() {
            subject.happen(Happens::Late);
        }
        for _ in 0..6 {
            for what in [Happens::Look, Happens::Wait, Happens::SendAndAnswer, Happens::Look] {
                subject.happen(what);
            }
        }
        let Some(last) = subject.orders.last() else { return Ok(()) };
        prop_assert!(!last.state.is_open(), "{:?}", subject.orders);
        match last.act {
            Act::Revoke => {
                prop_assert!(!subject.is_member, "{:?}", subject);
                let gone = matches!(last.state, State::Gone { .. });
                prop_assert!(gone, "{:?}", subject.orders);
            }
            // Whoever took it away by hand afterwards made a drift, which no order answers.
            _ => {
                let observed = matches!(last.state, State::Observed { .. });
                prop_assert!(observed, "{:?}", subject.orders);
            }
        }
        let others = &subject.orders[..subject.orders.len() - 1];
        let over = |state: &State| matches!(state, State::Superseded { .. } | State::Observed { .. });
        prop_assert!(others.iter().all(|order| over(&order.state)), "{:?}", subject.orders);
    }
}
