//! Which breakers a plan trips, and which declaration lets more through than before. Pure: what was done before is counted
//! from rows, so that no crash sets it to nothing.

use super::{Breaker, Counts, Limit, Trip};
use crate::loosening::is_higher;

/// Every limit that the plan exceeds. What a person confirmed or ordered by name belongs in no count.
pub fn trips(breakers: &[Breaker], counts: impl Fn(&Breaker) -> Counts) -> Vec<Trip> {
    breakers.iter().flat_map(|breaker| trips_of(breaker, counts(breaker))).collect()
}

fn trips_of(breaker: &Breaker, counts: Counts) -> Vec<Trip> {
    let Counts { planned, recent, there } = counts;
    if planned == 0 {
        return Vec::new();
    }
    let exceeded = |counted: u64, limit: Option<u64>, window_minutes: Option<u32>| {
        let limit = limit.filter(|limit| counted > *limit)?;
        Some(Trip { breaker: breaker.name.clone(), counts: breaker.counts, counted, limit, window_minutes })
    };
    let of_run = exceeded(planned, most(breaker.per_run, there), None);
    let of_window = breaker.window.and_then(|window| {
        let before = there.saturating_add(recent);
        exceeded(planned.saturating_add(recent), most(window.limit, before), Some(window.minutes))
    });
    of_run.into_iter().chain(of_window).collect()
}

/// One alone never trips a share, so that small systems can be managed; a number says what it says.
fn most(limit: Limit, there: u64) -> Option<u64> {
    let rounding = 1e-6;
    let by_share = limit.share.map(|share| ((there as f64 * share + rounding).floor() as u64).max(1));
    match (by_share, limit.number) {
        (Some(share), Some(number)) => Some(share.min(number)),
        (share, number) => share.or(number),
    }
}

/// Whether some plan passes the one that the other would have held.
pub fn loosens(before: &Breaker, after: &Breaker) -> bool {
    let window = match (before.window, after.window) {
        (Some(before), Some(after)) => after.minutes < before.minutes || is_looser(before.limit, after.limit),
        (Some(before), None) => before.limit != Limit::default(),
        (None, _) => false,
    };
    before.counts != after.counts || window || is_looser(before.per_run, after.per_run)
}

fn is_looser(before: Limit, after: Limit) -> bool {
    is_higher(before.share, after.share) || is_higher(before.number, after.number)
}

#[cfg(test)]
mod tests {
    use super::super::{Measure, Window};
    use super::*;
    use proptest::prelude::*;

    fn breaker(share: f64, number: u64, window: Option<(f64, u64)>) -> Breaker {
        let limit = |share, number| Limit { share: Some(share), number: Some(number) };
        Breaker {
            name: "accounts".into(),
            counts: Measure::Accounts,
            per_run: limit(share, number),
            window: window.map(|(share, number)| Window { minutes: 1440, limit: limit(share, number) }),
        }
    }

    fn tripped(breaker: &Breaker, planned: u64, recent: u64, there: u64) -> Vec<(u64, u64, Option<u32>)> {
        let found = trips(std::slice::from_ref(breaker), |_| Counts { planned, recent, there });
        found.into_iter().map(|trip| (trip.counted, trip.limit, trip.window_minutes)).collect()
    }

    #[test]
    fn a_plan_trips_by_share_or_by_number_whichever_is_less() {
        let breaker = breaker(0.05, 50, None);
        for (planned, there, limit) in [
            (5, 100, None),
            (6, 100, Some(5)),
            (50, 2_000, None),
            (51, 2_000, Some(50)),
            // One alone does not trip a share; of nothing at all, two do.
            (1, 3, None),
            (2, 3, Some(1)),
            (1, 0, None),
            (2, 0, Some(1)),
            (0, 0, None),
        ] {
            let expected: Vec<_> = limit.map(|limit| (planned, limit, None)).into_iter().collect();
            assert_eq!(tripped(&breaker, planned, 0, there), expected, "{planned} of {there}");
        }
    }

    #[test]
    fn a_slow_bleed_trips_the_window() {
        let breaker = breaker(0.05, 50, Some((0.1, 100)));
        assert_eq!(tripped(&breaker, 4, 0, 100), []);
        assert_eq!(tripped(&breaker, 4, 4, 96), []);
        assert_eq!(tripped(&breaker, 4, 8, 92), [(12, 10, Some(1440))]);
        // What was done before holds nothing up that is not of its kind.
        assert_eq!(tripped(&breaker, 0, 80, 20), []);
        assert_eq!(tripped(&breaker, 20, 90, 10_000), [(110, 100, Some(1440))]);
        assert_eq!(tripped(&breaker, 60, 90, 10_000), [(60, 50, None), (150, 100, Some(1440))]);
    }

    #[test]
    fn a_limit_that_is_not_set_trips_nothing_and_a_number_of_none_trips_always() {
        let mut breaker = breaker(0.0, 0, None);
        assert_eq!(tripped(&breaker, 1, 0, 1_000), [(1, 0, None)]);
        breaker.per_run = Limit::default();
        assert_eq!(tripped(&breaker, u64::MAX, u64::MAX, 1), []);
        breaker.per_run = Limit { share: Some(0.5), number: None };
        assert_eq!(tripped(&breaker, 501, 0, 1_000), [(501, 500, None)]);
    }

    #[test]
    fn a_trip_says_what_would_be_too_much_and_how_much_is_allowed() {
        let found = trips(&[breaker(0.05, 50, Some((0.1, 60)))], |_| Counts { planned: 60, recent: 5, there: 10_000 });
        let told: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "60 accounts would be disabled or deleted, more than the limit of 50 of the breaker `accounts`",
                "65 accounts would be disabled or deleted within 24 hours, more than the limit of 60 of the breaker \
                 `accounts`",
            ]
        );
    }

    #[test]
    fn what_lets_more_through_than_before_is_looser_and_what_lets_less_through_is_not() {
        let before = breaker(0.1, 50, Some((0.2, 100)));
        let with = |change: fn(&mut Breaker)| {
            let mut after = before.clone();
            change(&mut after);
            loosens(&before, &after)
        };
        let looser: [fn(&mut Breaker); 7] = [
            |after| after.per_run.number = Some(51),
            |after| after.per_run.number = None,
            |after| after.per_run.share = Some(0.11),
            |after| after.window = None,
            |after| after.window.as_mut().unwrap().minutes = 60,
            |after| after.window.as_mut().unwrap().limit.share = None,
            |after| after.counts = Measure::Grants,
        ];
        assert!(looser.into_iter().all(with));
        let tighter: [fn(&mut Breaker); 4] = [
            |_| {},
            |after| after.per_run.number = Some(49),
            |after| after.window.as_mut().unwrap().minutes = 2_880,
            |after| after.window.as_mut().unwrap().limit.share = Some(0.0),
        ];
        assert!(!tighter.into_iter().any(with));
        let without_window = Breaker { window: None, ..before.clone() };
        assert!(!loosens(&without_window, &before));
    }

    #[test]
    fn the_defaults_hold_a_plan_that_does_too_much_of_anything() {
        for (measure, passes, there) in [
            (Measure::Accounts, 50, 10_000),
            (Measure::Creations, 1_000, 10_000),
            (Measure::Grants, 500, 10_000),
            (Measure::Privileged, 5, 10_000),
            (Measure::Accounts, 5, 100),
            // The first accounts of a system are looked at by a person.
            (Measure::Creations, 1, 0),
        ] {
            let held = |planned| {
                let of = |breaker: &Breaker| match breaker.counts == measure {
                    true => Counts { planned, recent: 0, there },
                    false => Counts::default(),
                };
                !trips(&Breaker::defaults(), of).is_empty()
            };
            assert_eq!((held(passes), held(passes + 1)), (false, true), "{measure:?} of {there}");
        }
    }

    proptest! {
        /// However a bleed is cut into runs, no more than the window's number passes unseen.
        #[test]
        fn no_cutting_into_runs_passes_the_window(runs in proptest::collection::vec(1u64..20, 1..60)) {
            let breaker = breaker(1.0, 1_000, Some((1.0, 100)));
            let mut done = 0;
            for planned in runs {
                if tripped(&breaker, planned, done, 10_000 - done).is_empty() {
                    done += planned;
                }
            }
            prop_assert!(done <= 100);
        }
    }
}
