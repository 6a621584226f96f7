//! Every event in every state, and random steps against a naive second opinion.

use super::*;
use proptest::prelude::*;

const T0: Timestamp = Timestamp::from_micros(1_000_000_000);

fn at(seconds: u64) -> Timestamp {
    T0.plus(Duration::from_secs(seconds))
}

fn live() -> Machine {
    Machine::new(at(60))
}

/// What comes of the client, the program or the target, and of no order.
const OF_ITSELF: [(Event, EndReason); 5] = [
    (Event::ClientClosed, EndReason::ClientClosed),
    (Event::TargetClosed, EndReason::TargetClosed),
    (Event::TargetUnreachable, EndReason::TargetUnreachable),
    (Event::TargetRefused, EndReason::TargetRefused),
    (Event::HostKeyChanged, EndReason::HostKeyChanged),
];

const OF_THE_RECORDING: [(Event, EndReason); 2] =
    [(Event::RecordingFailed, EndReason::RecordingFailed), (Event::RecordingFull, EndReason::RecordingFull)];

const BYTES: [Event; 2] = [Event::FromClient, Event::FromTarget];

#[test]
fn bytes_pass_both_ways_until_the_deadline_and_not_at_it() {
    let mut machine = live();
    assert_eq!(machine.on(Event::FromClient, at(59)), [Action::PassToTarget]);
    assert_eq!(machine.on(Event::FromTarget, T0.plus(Duration::from_micros(59_999_999))), [Action::PassToClient]);
    for event in BYTES {
        let mut machine = live();
        let actions = machine.on(event, at(60));
        assert_eq!(
            actions,
            [Action::TellClient(EndReason::Expired), Action::CloseClient, Action::SweepTarget],
            "{event:?} at the deadline"
        );
    }
}

#[test]
fn time_alone_ends_a_session_at_its_deadline() {
    let mut machine = live();
    assert_eq!(machine.wake_at(), Some(at(60)));
    assert_eq!(machine.on(Event::Tick, at(59)), []);
    assert_eq!(machine.on(Event::Tick, at(60))[0], Action::TellClient(EndReason::Expired));
    assert_eq!(machine.end(), Some(EndReason::Expired));
}

#[test]
fn a_command_that_ends_is_the_reason_and_nothing_is_swept() {
    let (mut machine, reason) = (live(), EndReason::TargetClosed);
    assert_eq!(
        machine.on(Event::TargetClosed, at(1)),
        [Action::CloseClient, Action::CloseTarget, Action::Close(reason)]
    );
    assert_eq!((machine.end(), machine.wake_at()), (Some(reason), None));
}

#[test]
fn a_client_that_leaves_a_command_behind_has_the_target_swept() {
    let (mut machine, reason) = (live(), EndReason::ClientClosed);
    assert_eq!(machine.on(Event::ClientClosed, at(1)), [Action::CloseClient, Action::SweepTarget]);
    assert_eq!(machine.on(Event::Swept, at(2)), [Action::CloseTarget, Action::Close(reason)]);
}

#[test]
fn a_target_that_was_never_reached_is_told_and_not_swept() {
    for (event, reason) in [
        (Event::TargetUnreachable, EndReason::TargetUnreachable),
        (Event::TargetRefused, EndReason::TargetRefused),
        (Event::HostKeyChanged, EndReason::HostKeyChanged),
    ] {
        let actions = live().on(event, at(1));
        assert_eq!(
            actions,
            [Action::TellClient(reason), Action::CloseClient, Action::CloseTarget, Action::Close(reason)]
        );
    }
}

#[test]
fn every_order_and_every_failure_tells_the_person_first_and_sweeps_the_target() {
    let orders = EndReason::ALL.into_iter().filter(|reason| !OF_ITSELF.iter().any(|(_, own)| own == reason));
    for (event, reason) in orders.map(|reason| (Event::Told(reason), reason)).chain(OF_THE_RECORDING) {
        let mut machine = live();
        assert_eq!(
            machine.on(event, at(1)),
            [Action::TellClient(reason), Action::CloseClient, Action::SweepTarget],
            "{reason}"
        );
        assert_eq!(machine.wake_at(), Some(at(1).plus(SWEEP_LIMIT)));
        for late in BYTES.into_iter().chain([Event::ClientClosed, Event::Tick, Event::Told(EndReason::Killed)]) {
            assert_eq!(machine.on(late, at(2)), [], "{late:?} while sweeping");
        }
        assert_eq!(machine.on(Event::Swept, at(2)), [Action::CloseTarget, Action::Close(reason)]);
        assert_eq!(machine.wake_at(), None);
    }
}

#[test]
fn a_sweep_that_does_not_end_is_left_after_its_limit() {
    for event in [Event::Tick, Event::FromTarget, Event::ClientClosed, Event::RecordingFailed, Event::RecordingFull] {
        let mut machine = live();
        machine.on(Event::Told(EndReason::Withdrawn), at(1));
        let actions = machine.on(event, at(1).plus(SWEEP_LIMIT));
        assert_eq!(actions, [Action::CloseTarget, Action::Close(EndReason::Withdrawn)], "{event:?}");
    }
}

#[test]
fn a_target_that_goes_away_ends_the_sweep() {
    for event in [Event::TargetClosed, Event::TargetUnreachable] {
        let mut machine = live();
        machine.on(Event::Told(EndReason::Killed), at(1));
        assert_eq!(machine.on(event, at(1)), [Action::CloseTarget, Action::Close(EndReason::Killed)]);
    }
}

/// Where the connection broke, by a job that comes later.
#[test]
fn what_runs_is_ended_with_every_session_but_one_whose_program_ended_or_that_never_began() {
    let left: Vec<EndReason> = EndReason::ALL.into_iter().filter(|reason| !reason.ends_what_runs()).collect();
    assert_eq!(left, [EndReason::TargetClosed, EndReason::TargetRefused, EndReason::HostKeyChanged]);
    let orders = EndReason::ALL.map(|reason| (Event::Told(reason), reason));
    for (event, reason) in orders.into_iter().chain(OF_ITSELF).chain(OF_THE_RECORDING) {
        let swept_now = live().on(event, at(1)).contains(&Action::SweepTarget);
        let swept_later = reason == EndReason::TargetUnreachable;
        assert_eq!(swept_now || swept_later, reason.ends_what_runs(), "{event:?}");
        assert!(!(swept_now && swept_later), "{event:?}");
    }
}

#[test]
fn every_reason_has_a_line_of_its_own_that_names_the_access() {
    let lines: std::collections::BTreeSet<String> =
        EndReason::ALL.iter().map(|reason| reason.line("root", "web-1")).collect();
    assert_eq!(lines.len(), EndReason::ALL.len());
    for line in lines {
        assert!(line.starts_with("your access to root@web-1 ended: ") && line.lines().count() == 1, "{line}");
    }
}

fn any_event() -> impl Strategy<Value = Event> {
    let told = (0..EndReason::ALL.len()).prop_map(|at| Event::Told(EndReason::ALL[at]));
    let plain = proptest::sample::select(vec![
        Event::FromClient,
        Event::FromTarget,
        Event::Tick,
        Event::ClientClosed,
        Event::TargetClosed,
        Event::TargetUnreachable,
        Event::TargetRefused,
        Event::HostKeyChanged,
        Event::RecordingFailed,
        Event::RecordingFull,
        Event::Swept,
    ]);
    prop_oneof![4 => proptest::sample::select(BYTES.to_vec()), 1 => told, 2 => plain]
}

proptest! {
    #[test]
    fn whatever_happens_no_byte_passes_after_the_end_and_there_is_one_close(
        steps in proptest::collection::vec((any_event(), 0_u64..5), 1..60)
    ) {
        let mut machine = live();
        let (mut now, mut end, mut closes) = (T0, None, 0);
        for (event, seconds) in steps {
            now = now.plus(Duration::from_secs(seconds));
            let actions = machine.on(event, now);
            let passed = actions.contains(&Action::PassToTarget) || actions.contains(&Action::PassToClient);
            prop_assert!(!passed || (end.is_none() && now < at(60)));
            for action in &actions {
                if let Action::Close(reason) = action {
                    closes += 1;
                    prop_assert_eq!(Some(*reason), machine.end());
                }
            }
            prop_assert!(end.is_none() || machine.end() == end, "the reason changed");
            prop_assert!(closes <= 1);
            end = machine.end();
        }
        machine.on(Event::Tick, at(1000));
        machine.on(Event::Tick, at(2000));
        prop_assert!(machine.end().is_some() && machine.wake_at().is_none());
    }
}
