//! What of lost roles somebody keeps for a grace. Pure.

use super::{Kept, Lost, Why};
use crate::roles::Entitled;
use std::collections::BTreeSet;

/// A role that somebody lost.
#[derive(Debug, Clone)]
pub(crate) struct LostRole {
    pub(crate) name: String,
    pub(crate) grants: Vec<Entitled>,
    /// It may not be held beside one that they hold now.
    pub(crate) is_forbidden: bool,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) kept: Vec<Kept>,
    pub(crate) ended: Vec<Lost>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Grace {
    Some,
    None,
}

/// `still` is what they are entitled to by something else. Each thing is kept once, by the first role that allows it.
pub(crate) fn window(
    lost: &[LostRole],
    still: &BTreeSet<Entitled>,
    privileged: &BTreeSet<Entitled>,
    grace: Grace,
) -> Window {
    let mut window = Window::default();
    let all = lost.iter().flat_map(|role| role.grants.iter().map(move |entitled| (role, entitled)));
    for (role, entitled) in all.filter(|(_, entitled)| !still.contains(entitled)) {
        let kept = Kept { entitled: entitled.clone(), role: role.name.clone() };
        let why = match grace {
            _ if privileged.contains(entitled) => Some(Why::Privileged),
            _ if role.is_forbidden => Some(Why::Conflict),
            Grace::None => Some(Why::NoGrace),
            Grace::Some => None,
        };
        match why {
            None if window.kept.iter().all(|other| other.entitled != kept.entitled) => window.kept.push(kept),
            None => {}
            Some(why) => window.ended.push(Lost { kept, why }),
        }
    }
    let kept: BTreeSet<Entitled> = window.kept.iter().map(|kept| kept.entitled.clone()).collect();
    window.ended.retain(|lost| !kept.contains(&lost.kept.entitled));
    window
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn entitled(name: &str) -> Entitled {
        Entitled { system: "corp".into(), entitlement: name.to_owned() }
    }

    fn role(name: &str, grants: &[&str], is_forbidden: bool) -> LostRole {
        LostRole { name: name.into(), grants: grants.iter().map(|name| entitled(name)).collect(), is_forbidden }
    }

    fn told(window: Window) -> Vec<String> {
        let kept = window.kept.into_iter().map(|kept| format!("{} by {}", kept.entitled.entitlement, kept.role));
        let ended = window.ended.into_iter().map(|lost| {
            let Kept { entitled, role } = lost.kept;
            format!("not {} of {role}: {}", entitled.entitlement, lost.why.as_str())
        });
        kept.chain(ended).collect()
    }

    #[test]
    fn what_is_neither_privileged_nor_forbidden_nor_held_otherwise_is_kept_once() {
        let (still, privileged) = (BTreeSet::from([entitled("staff")]), BTreeSet::from([entitled("admins")]));
        let lost = [role("buyer", &["orders", "staff", "admins"], false), role("payer", &["payments", "orders"], true)];
        assert_eq!(
            told(window(&lost, &still, &privileged, Grace::Some)),
            ["orders by buyer", "not admins of buyer: privileged", "not payments of payer: conflict"]
        );
        assert_eq!(
            told(window(&lost[..1], &still, &privileged, Grace::None)),
            ["not orders of buyer: no_grace", "not admins of buyer: privileged"]
        );
    }

    proptest! {
        #[test]
        fn nothing_privileged_and_nothing_of_a_forbidden_role_alone_is_ever_kept(
            lost in prop::collection::vec((0..4_u8, prop::collection::vec(0..6_u8, 0..5), any::<bool>()), 0..5),
            still in prop::collection::btree_set(0..6_u8, 0..4),
            privileged in prop::collection::btree_set(0..6_u8, 0..4),
        ) {
            let name = |n: u8| entitled(&n.to_string());
            let roles: Vec<LostRole> = lost.iter().map(|(role, grants, is_forbidden)| LostRole {
                name: role.to_string(),
                grants: grants.iter().copied().map(name).collect(),
                is_forbidden: *is_forbidden,
            }).collect();
            let still: BTreeSet<Entitled> = still.into_iter().map(name).collect();
            let privileged: BTreeSet<Entitled> = privileged.into_iter().map(name).collect();
            let window = window(&roles, &still, &privileged, Grace::Some);
            for kept in &window.kept {
                prop_assert!(!privileged.contains(&kept.entitled) && !still.contains(&kept.entitled));
                let allows = |role: &LostRole| role.name == kept.role && !role.is_forbidden && role.grants.contains(&kept.entitled);
                prop_assert!(roles.iter().any(allows));
                prop_assert_eq!(window.kept.iter().filter(|other| other.entitled == kept.entitled).count(), 1);
            }
            // Everything lost is told, once kept or else ended.
            for role in &roles {
                for entitled in role.grants.iter().filter(|entitled| !still.contains(entitled)) {
                    let is_kept = window.kept.iter().any(|kept| kept.entitled == *entitled);
                    let is_ended = window.ended.iter().any(|lost| lost.kept.entitled == *entitled);
                    prop_assert!(is_kept != is_ended);
                }
            }
        }
    }
}
