//! What one person gains, loses and keeps otherwise between two sides of a change. Pure.

use super::side::Holding;
use super::{Act, Effect, Kind};
use crate::reconciliation::{Desired, Present};
use std::collections::{BTreeMap, BTreeSet};

/// Whether somebody who needs no account on a system has one there: only then it matters what becomes of it.
pub(super) type Owning<'a> = dyn Fn(&str) -> bool + 'a;

/// Losses first. `owns` says of a system whether the person has an account there.
pub(super) fn effects(before: &Holding, after: &Holding, owns: &Owning<'_>) -> Vec<Effect> {
    let mut all = roles(before, after);
    all.extend(conflict(before, after));
    all.extend(eligibility(before, after));
    all.extend(entitlements(before, after));
    let systems: BTreeSet<&String> = before.accounts.keys().chain(after.accounts.keys()).collect();
    for system in systems {
        let desired = |holding: &Holding| holding.accounts.get(system).cloned().unwrap_or(Desired::Needless);
        all.extend(account(system, &desired(before), &desired(after), owns));
    }
    all.sort();
    all
}

fn effect(act: Act, kind: Kind, name: &str, because: &str) -> Effect {
    let (name, because) = (name.to_owned(), because.to_owned());
    Effect { act, kind, system: None, name, before: None, after: None, privileged: false, because }
}

/// What only one side has, and what both have.
fn compared<'a, K: Ord, V>(
    before: &'a BTreeMap<K, V>,
    after: &'a BTreeMap<K, V>,
) -> impl Iterator<Item = (&'a K, Option<&'a V>, Option<&'a V>)> {
    let keys: BTreeSet<&K> = before.keys().chain(after.keys()).collect();
    keys.into_iter().map(|key| (key, before.get(key), after.get(key)))
}

fn roles(before: &Holding, after: &Holding) -> Vec<Effect> {
    let told = |(role, before, after): (&String, Option<&String>, Option<&String>)| match (before, after) {
        (Some(because), None) => Some(effect(Act::Loses, Kind::Role, role, because)),
        (None, Some(because)) => Some(effect(Act::Gains, Kind::Role, role, because)),
        _ => None,
    };
    compared(&before.roles, &after.roles).filter_map(told).collect()
}

fn conflict(before: &Holding, after: &Holding) -> Option<Effect> {
    match (&before.conflict, &after.conflict) {
        (None, Some(two)) => Some(effect(Act::Gains, Kind::Conflict, two, "nobody may have both")),
        (Some(two), None) => Some(effect(Act::Loses, Kind::Conflict, two, "nobody may have both")),
        _ => None,
    }
}

fn eligibility(before: &Holding, after: &Holding) -> Vec<Effect> {
    let mut all = Vec::new();
    for ((system, login), before, after) in compared(&before.eligible, &after.eligible) {
        let on = |act: Act, because: &str, before: Option<&String>, after: Option<&String>| Effect {
            system: Some(system.clone()),
            before: before.cloned(),
            after: after.cloned(),
            ..effect(act, Kind::Eligibility, login, because)
        };
        match (before, after) {
            (Some((terms, because)), None) => all.push(on(Act::Loses, because, Some(terms), None)),
            (None, Some((terms, because))) => all.push(on(Act::Gains, because, None, Some(terms))),
            (Some((before, _)), Some((after, because))) if before != after => {
                all.push(on(Act::Changes, because, Some(before), Some(after)));
            }
            _ => {}
        }
    }
    all
}

fn entitlements(before: &Holding, after: &Holding) -> Vec<Effect> {
    let power = |is: bool| if is { "privileged" } else { "ordinary" };
    let mut all = Vec::new();
    for (entitled, before, after) in compared(&before.entitled, &after.entitled) {
        let on = |act: Act, privileged: bool, because: &str| Effect {
            system: Some(entitled.system.clone()),
            privileged,
            ..effect(act, Kind::Entitlement, &entitled.entitlement, because)
        };
        match (before, after) {
            (Some((is, because)), None) => all.push(on(Act::Loses, *is, because)),
            (None, Some((is, because))) => all.push(on(Act::Gains, *is, because)),
            (Some((was, _)), Some((is, because))) if was != is => all.push(Effect {
                before: Some(power(*was).to_owned()),
                after: Some(power(*is).to_owned()),
                ..on(Act::Changes, true, because)
            }),
            _ => {}
        }
    }
    all
}

fn account(system: &str, before: &Desired, after: &Desired, owns: &Owning<'_>) -> Vec<Effect> {
    let on = |act: Act, name: &str, because: &str| Effect {
        system: Some(system.to_owned()),
        ..effect(act, Kind::Account, name, because)
    };
    match (before, after) {
        (Desired::Present(before), Desired::Present(after)) => changes(before, after, &on),
        (Desired::Present(before), _) => vec![on(Act::Loses, &before.login, "nothing there needs an account any more")],
        (_, Desired::Present(after)) => {
            let because = if after.made { "the account is made" } else { "an account that is there is theirs to use" };
            vec![on(Act::Gains, &after.login, because)]
        }
        (Desired::Absent, Desired::Absent) => Vec::new(),
        (_, Desired::Absent) if owns(system) => {
            vec![on(Act::Loses, "account", "the mapping deletes accounts of people who have left")]
        }
        (Desired::Absent, _) if owns(system) => {
            vec![on(Act::Gains, "account", "the mapping keeps accounts of people who have left, disabled")]
        }
        _ => Vec::new(),
    }
}

fn changes(before: &Present, after: &Present, on: &dyn Fn(Act, &str, &str) -> Effect) -> Vec<Effect> {
    let mut all = Vec::new();
    let mut changed = |name: &str, before: Option<String>, after: Option<String>| {
        if before != after {
            all.push(Effect { before, after, ..on(Act::Changes, name, "the mapping of the system") });
        }
    };
    changed("login", Some(before.login.clone()), Some(after.login.clone()));
    for (name, before, after) in compared(&before.attributes, &after.attributes) {
        let text = |values: Option<&Vec<String>>| values.map(|values| values.join(", "));
        changed(name, text(before), text(after));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roles::Entitled;

    fn present(login: &str, attributes: &[(&str, &str)]) -> Desired {
        let attribute = |(name, value): &(&str, &str)| ((*name).to_owned(), vec![(*value).to_owned()]);
        Desired::Present(Present {
            login: login.into(),
            attributes: attributes.iter().map(attribute).collect(),
            compares: BTreeMap::new(),
            enabled: true,
            made: true,
            renamed: false,
            entitlements: BTreeMap::new(),
        })
    }

    fn holding(roles: &[&str], entitled: &[(&str, bool)], account: Desired) -> Holding {
        let entitlement = |name: &str| Entitled { system: "corp".into(), entitlement: name.into() };
        Holding {
            roles: roles.iter().map(|name| ((*name).to_owned(), format!("role `{name}`"))).collect(),
            conflict: None,
            eligible: BTreeMap::new(),
            entitled: entitled.iter().map(|(name, is)| (entitlement(name), (*is, "why".into()))).collect(),
            accounts: [("corp".to_owned(), account)].into(),
        }
    }

    fn told(before: &Holding, after: &Holding, owns: bool) -> Vec<String> {
        let line = |effect: Effect| {
            let Effect { act, kind, name, before, after, privileged, .. } = effect;
            let values = format!("{} {}", before.unwrap_or_default(), after.unwrap_or_default());
            let power = if privileged { " power" } else { "" };
            format!("{} {} {name} {}{power}", act.as_str(), kind.as_str(), values.trim()).trim().replace("  ", " ")
        };
        effects(before, after, &|_| owns).into_iter().map(line).collect()
    }

    #[test]
    fn nothing_is_told_of_what_stays_and_losses_stand_first() {
        let before =
            holding(&["staff", "sre"], &[("staff", false), ("admins", true)], present("al", &[("mail", "a@x")]));
        assert!(told(&before, &before, true).is_empty());
        let after = holding(&["staff", "dba"], &[("staff", true), ("dbas", false)], present("al", &[("mail", "b@x")]));
        assert_eq!(
            told(&before, &after, true),
            [
                "loses role sre",
                "loses entitlement admins power",
                "changes entitlement staff ordinary privileged power",
                "changes account mail a@x b@x",
                "gains role dba",
                "gains entitlement dbas",
            ]
        );
    }

    #[test]
    fn an_account_that_nobody_has_is_not_said_to_be_deleted() {
        let (kept, deleted) = (holding(&[], &[], Desired::Needless), holding(&[], &[], Desired::Absent));
        assert_eq!(told(&kept, &deleted, true), ["loses account account"]);
        assert_eq!(told(&deleted, &kept, true), ["gains account account"]);
        assert!(told(&kept, &deleted, false).is_empty());
        assert_eq!(told(&kept, &holding(&[], &[], present("al", &[])), false), ["gains account al"]);
        assert_eq!(told(&holding(&[], &[], present("al", &[])), &kept, false), ["loses account al"]);
    }
}
