//! How risky a standing privilege is. Pure.

use super::{Assessment, Because};
use crate::account_links::LinkState;
use crate::entitlements::Risk;
use std::time::Duration;
use types::Timestamp;

/// What nobody used for so long nobody seems to need.
pub const UNUSED_FOR_DAYS: u64 = 90;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Basis {
    /// The highest that is declared of what gives the power.
    pub declared: Option<Risk>,
    pub state: LinkState,
    /// Somebody answers for an account that is no person's own.
    pub is_answered_for: bool,
    pub is_protected: bool,
    pub is_enabled: bool,
    pub last_used_at: Option<Timestamp>,
}

/// Each reason raises it by so many steps, or lowers it.
pub fn assess(basis: &Basis, now: Timestamp) -> Assessment {
    let mut because = vec![basis.declared.map_or(Because::Undeclared, Because::Declared)];
    because.extend(of_use(basis, now));
    because.extend(match basis.state {
        LinkState::Orphaned => Some(Because::Orphaned),
        LinkState::Unmatched => Some(Because::Unmatched),
        LinkState::NonPersonal if !basis.is_answered_for => Some(Because::Unowned),
        LinkState::NonPersonal | LinkState::Linked | LinkState::Protected => None,
    });
    because.extend(basis.is_protected.then_some(Because::Protected));
    because.extend((!basis.is_enabled).then_some(Because::Disabled));
    let first = basis.declared.unwrap_or(Risk::High);
    let steps: i32 = because.iter().map(|because| weight(*because)).sum();
    Assessment { risk: moved(first, steps), because }
}

fn of_use(basis: &Basis, now: Timestamp) -> Option<Because> {
    match basis.last_used_at {
        None => Some(Because::UseUnknown),
        Some(at) => {
            let days = now.since(at).as_secs() / DAY.as_secs();
            (days >= UNUSED_FOR_DAYS).then_some(Because::Unused(days))
        }
    }
}

const fn weight(because: Because) -> i32 {
    match because {
        Because::Orphaned => 2,
        Because::Unused(_) | Because::Unmatched | Because::Unowned => 1,
        Because::Declared(_) | Because::Undeclared | Because::UseUnknown | Because::Protected => 0,
        Because::Disabled => -1,
    }
}

fn moved(from: Risk, steps: i32) -> Risk {
    let at = Risk::ALL.iter().position(|known| *known == from).unwrap_or_default();
    let last = Risk::ALL.len() - 1;
    let to = i32::try_from(at).unwrap_or_default().saturating_add(steps).max(0);
    Risk::ALL[usize::try_from(to).unwrap_or_default().min(last)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_company::at;

    const USED: Basis = Basis {
        declared: None,
        state: LinkState::Linked,
        is_answered_for: false,
        is_protected: false,
        is_enabled: true,
        last_used_at: None,
    };

    fn told(basis: Basis) -> (Risk, Vec<String>) {
        let assessed = assess(&basis, at("2026-11-21"));
        (assessed.risk, assessed.because.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn the_declared_risk_counts_and_what_nobody_needs_or_knows_is_riskier() {
        let used = Basis { last_used_at: Some(at("2026-11-20")), ..USED };
        for (basis, risk) in [
            (used, Risk::High),
            (Basis { declared: Some(Risk::Low), ..used }, Risk::Low),
            (Basis { declared: Some(Risk::Critical), ..used }, Risk::Critical),
            (Basis { declared: Some(Risk::Low), last_used_at: Some(at("2026-08-23")), ..USED }, Risk::Medium),
            (Basis { declared: Some(Risk::Low), last_used_at: Some(at("2026-08-24")), ..USED }, Risk::Low),
            (Basis { declared: Some(Risk::Low), state: LinkState::Orphaned, ..used }, Risk::High),
            (Basis { state: LinkState::Unmatched, ..used }, Risk::Critical),
            (Basis { state: LinkState::NonPersonal, ..used }, Risk::Critical),
            (Basis { state: LinkState::NonPersonal, is_answered_for: true, ..used }, Risk::High),
            (Basis { is_enabled: false, ..used }, Risk::Medium),
            (Basis { declared: Some(Risk::Low), is_enabled: false, ..used }, Risk::Low),
        ] {
            assert_eq!(told(basis).0, risk, "{basis:?}");
        }
    }

    #[test]
    fn every_reason_is_told() {
        let orphan = Basis {
            state: LinkState::Orphaned,
            is_protected: true,
            is_enabled: false,
            last_used_at: Some(at("2026-01-21")),
            ..USED
        };
        assert_eq!(
            told(orphan),
            (
                Risk::Critical,
                vec![
                    "gives power, and nobody has declared how risky it is".to_owned(),
                    "the account was not used for 304 days".to_owned(),
                    "whose account it is has left".to_owned(),
                    "the account is protected: nothing is ever sent to it".to_owned(),
                    "the account is disabled".to_owned(),
                ]
            )
        );
        assert_eq!(told(USED).1[1], "the system does not tell when the account was used");
    }
}
