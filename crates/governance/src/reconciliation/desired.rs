//! What somebody's account on a system should be, from their state and what they are entitled to. Pure.

use super::{Desired, Present, Wanted};
use crate::mappings::{Deprovision, Mapping, Template};
use crate::states::State;
use connectors::connector::Attributes;
use std::collections::BTreeMap;
use std::time::Duration;
use types::Timestamp;

const ONE_DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Who it is about, as far as one system is concerned.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    pub state: &'a State,
    pub values: &'a BTreeMap<String, String>,
    /// What assignments in force come to on this system.
    pub wanted: &'a [Wanted],
}

/// Power is for who is at work. Who is prepared, on leave or suspended has at most an account that is disabled, with what
/// is ordinary; who has left keeps neither beyond their grace.
pub fn desired(subject: &Subject<'_>, mapping: &Mapping, now: Timestamp) -> Desired {
    match subject.state {
        State::Active => present(subject, mapping, Use::AtWork),
        State::PreHire { preparing: true, .. } => present(subject, mapping, Use::Prepared),
        State::Leave { .. } | State::Suspended { .. } => present(subject, mapping, Use::Paused),
        State::PreHire { preparing: false, .. } => Desired::Needless,
        State::Terminated { keeps_accounts: true, .. } => Desired::Fading,
        State::Terminated { since, learned, .. } => match mapping.deprovision {
            Deprovision::DeleteAfterDays(days) if learned.unwrap_or(*since).plus(ONE_DAY * days) <= now => {
                Desired::Absent
            }
            _ => Desired::Needless,
        },
        State::Archived { .. } => match mapping.deprovision {
            Deprovision::DeleteAfterDays(_) => Desired::Absent,
            Deprovision::Disable => Desired::Needless,
        },
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    AtWork,
    Prepared,
    Paused,
}

fn present(subject: &Subject<'_>, mapping: &Mapping, used: Use) -> Desired {
    // Whoever is entitled to nothing here needs no account here.
    if subject.wanted.is_empty() {
        return Desired::Needless;
    }
    let Some(login) = mapping.login.fill_login(subject.values) else { return Desired::Needless };
    let kept = subject.wanted.iter().filter(|wanted| used == Use::AtWork || !wanted.privileged);
    let filled = |templates: &BTreeMap<String, Template>| -> Attributes {
        let filled = templates.iter().filter_map(|(name, template)| Some((name, template.fill(subject.values)?)));
        filled.map(|(name, value)| (name.clone(), vec![value])).collect()
    };
    Desired::Present(Present {
        login,
        attributes: filled(&mapping.attributes),
        compares: filled(&mapping.compares),
        enabled: used == Use::AtWork,
        made: mapping.creates && used != Use::Paused,
        renamed: mapping.renames,
        entitlements: kept.map(|wanted| (wanted.entitlement.clone(), wanted.clone())).collect(),
    })
}
