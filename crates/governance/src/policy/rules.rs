//! Which policy lets more through than the one before. Pure.

use super::{LifecyclePolicy, MachinePolicy, Policy, RequestPolicy};

/// The first setting by which something passes that did not before. How long is kept what somebody comes back for lets
/// nothing through.
pub(super) fn loosened(before: &Policy, after: &Policy) -> Option<&'static str> {
    let found = requests(&before.requests, &after.requests).or_else(|| {
        let (before, after) = (before.hr_import.breaker, after.hr_import.breaker);
        first([
            ("max_leavers_share", after.max_leavers_share > before.max_leavers_share),
            ("max_leavers", after.max_leavers > before.max_leavers),
        ])
    });
    let found = found.or_else(|| machines(&before.machines, &after.machines));
    found.or_else(|| lifecycle(&before.lifecycle, &after.lifecycle))
}

fn requests(before: &RequestPolicy, after: &RequestPolicy) -> Option<&'static str> {
    first([
        ("approver", after.approver != before.approver),
        ("max_duration_minutes", after.max_duration_minutes > before.max_duration_minutes),
        ("reason_min_length", after.reason_min_length < before.reason_min_length),
        ("pending_hours", after.pending_hours > before.pending_hours),
    ])
}

fn machines(before: &MachinePolicy, after: &MachinePolicy) -> Option<&'static str> {
    first([
        ("max_days", after.max_days > before.max_days),
        ("notice_days", after.notice_days < before.notice_days),
        ("unowned_days", after.unowned_days > before.unowned_days),
    ])
}

fn lifecycle(before: &LifecyclePolicy, after: &LifecyclePolicy) -> Option<&'static str> {
    first([
        ("prepare_days", after.prepare_days > before.prepare_days),
        ("leaver_grace_days", after.leaver_grace_days > before.leaver_grace_days),
        ("mover_grace_days", after.mover_grace_days > before.mover_grace_days),
    ])
}

fn first<const N: usize>(settings: [(&'static str, bool); N]) -> Option<&'static str> {
    settings.into_iter().find_map(|(name, is_looser)| is_looser.then_some(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_setting_that_lets_more_through_is_named_and_the_other_way_is_no_loosening() {
        type Step = fn(&mut Policy, bool);
        let rows: [(&str, Step); 11] = [
            ("max_duration_minutes", |policy, up| step(&mut policy.requests.max_duration_minutes, up)),
            ("reason_min_length", |policy, up| step(&mut policy.requests.reason_min_length, !up)),
            ("pending_hours", |policy, up| step(&mut policy.requests.pending_hours, up)),
            ("max_leavers_share", |policy, up| {
                policy.hr_import.breaker.max_leavers_share += if up { 0.01 } else { -0.01 };
            }),
            ("max_leavers", |policy, up| step(&mut policy.hr_import.breaker.max_leavers, up)),
            ("max_days", |policy, up| step(&mut policy.machines.max_days, up)),
            ("notice_days", |policy, up| step(&mut policy.machines.notice_days, !up)),
            ("unowned_days", |policy, up| step(&mut policy.machines.unowned_days, up)),
            ("prepare_days", |policy, up| step(&mut policy.lifecycle.prepare_days, up)),
            ("leaver_grace_days", |policy, up| step(&mut policy.lifecycle.leaver_grace_days, up)),
            ("mover_grace_days", |policy, up| step(&mut policy.lifecycle.mover_grace_days, up)),
        ];
        let before = Policy {
            lifecycle: LifecyclePolicy { leaver_grace_days: 7, ..LifecyclePolicy::default() },
            ..Policy::default()
        };
        for (setting, change) in rows {
            for (up, expected) in [(true, Some(setting)), (false, None)] {
                let mut after = before.clone();
                change(&mut after, up);
                assert_eq!(loosened(&before, &after), expected, "{setting}");
            }
        }
        assert_eq!(loosened(&before, &before), None);
    }

    fn step(number: &mut u32, up: bool) {
        if up { *number += 1 } else { *number -= 1 }
    }
}
