//! Who holds which role, and by what: a condition, a gift, or a role that includes it. Pure.

use super::model::Role;
use conditions::{Value, Values};
use std::collections::BTreeMap;
use types::Timestamp;

/// A role that a person gave to somebody, for as long as it lasts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Given {
    pub(crate) role: String,
    pub(crate) until: Option<Timestamp>,
}

/// A role that somebody holds.
#[derive(Debug, Clone)]
pub(crate) struct Held<'a> {
    pub(crate) role: &'a Role,
    /// One line: the roles that lead to it, and what gives the first of them.
    pub(crate) because: String,
}

/// Every role that follows from those that hold by themselves, by name. `looks_at` names what a role's condition
/// looks at.
pub(crate) fn held<'a>(
    roles: &'a [Role],
    values: &Values,
    by_condition: &[&str],
    given: &[Given],
    looks_at: impl Fn(&str) -> Vec<String>,
) -> Vec<Held<'a>> {
    let known: BTreeMap<&str, &Role> = roles.iter().map(|role| (role.name.as_str(), role)).collect();
    let judged = by_condition.iter().map(|name| (*name, facts(values, &looks_at(name))));
    let gifts = given.iter().map(|gift| {
        let until = gift.until.map_or(String::new(), |until| format!(" until {until}"));
        (gift.role.as_str(), format!("given{until}"))
    });
    let mut held: BTreeMap<&str, Held<'a>> = BTreeMap::new();
    for (name, why) in judged.chain(gifts) {
        let Some(role) = known.get(name) else { continue };
        let mut open = vec![(*role, format!("role `{name}`"))];
        while let Some((role, path)) = open.pop() {
            if held.contains_key(role.name.as_str()) {
                continue;
            }
            for name in &role.includes {
                if let Some(included) = known.get(name.as_str()) {
                    open.push((included, format!("{path} includes `{name}`")));
                }
            }
            held.insert(&role.name, Held { role, because: format!("{path}: {why}") });
        }
    }
    held.into_values().collect()
}

fn facts(values: &Values, attributes: &[String]) -> String {
    let fact = |name: &String| match values.get(name) {
        Some(Value::Text(text)) => format!("{name} is `{text}`"),
        Some(Value::Number(number)) => format!("{name} is {number}"),
        Some(Value::List(values)) => {
            let values: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
            format!("{name} is {}", values.join(" and "))
        }
        None => format!("there is no {name}"),
    };
    attributes.iter().map(fact).collect::<Vec<_>>().join(", ")
}

/// Two roles that nobody may hold at once, if somebody would.
pub(crate) fn conflict<'a>(held: &[Held<'a>]) -> Option<(&'a str, &'a str)> {
    let name = |held: &Held<'a>| held.role.name.as_str();
    held.iter().find_map(|one| {
        let other = held.iter().find(|other| one.role.conflicts_with.contains(&other.role.name))?;
        Some((name(one), name(other)))
    })
}

/// A way from a role to itself, if there is one.
pub(super) fn circle(roles: &[Role]) -> Option<Vec<String>> {
    let known: BTreeMap<&str, &Role> = roles.iter().map(|role| (role.name.as_str(), role)).collect();
    let mut done: BTreeMap<&str, bool> = BTreeMap::new();
    for role in roles {
        let mut path: Vec<(&Role, usize)> = vec![(role, 0)];
        while let Some((role, next)) = path.last().copied() {
            if next == 0 && done.contains_key(role.name.as_str()) {
                path.pop();
                continue;
            }
            let Some(name) = role.includes.get(next) else {
                done.insert(&role.name, true);
                path.pop();
                continue;
            };
            if let Some(last) = path.last_mut() {
                last.1 += 1;
            }
            if let Some(at) = path.iter().position(|(on, _)| on.name == *name) {
                let way = path[at..].iter().map(|(on, _)| on.name.clone());
                return Some(way.chain([name.clone()]).collect());
            }
            if let Some(included) = known.get(name.as_str()) {
                path.push((included, 0));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_company::at;

    fn roles(all: &[(&str, &[&str])]) -> Vec<Role> {
        let role = |(name, includes): &(&str, &[&str])| Role {
            name: (*name).to_owned(),
            includes: includes.iter().map(|name| (*name).to_owned()).collect(),
            ..Role::default()
        };
        all.iter().map(role).collect()
    }

    fn told(roles: &[Role], by_condition: &[&str], given: &[Given]) -> Vec<String> {
        let values = Values::from([("department".to_owned(), Value::Text("Platform".to_owned()))]);
        let held = held(roles, &values, by_condition, given, |_| vec!["department".to_owned()]);
        held.into_iter().map(|held| held.because).collect()
    }

    #[test]
    fn who_holds_a_role_holds_what_it_includes_and_the_reason_names_the_way() {
        let roles = roles(&[("lead", &["sre"]), ("sre", &["staff"]), ("staff", &[]), ("cook", &[])]);
        assert_eq!(
            told(&roles, &["lead"], &[]),
            [
                "role `lead`: department is `Platform`",
                "role `lead` includes `sre`: department is `Platform`",
                "role `lead` includes `sre` includes `staff`: department is `Platform`",
            ]
        );
        let gift = Given { role: "sre".into(), until: Some(at("2026-12-31")) };
        assert_eq!(
            told(&roles, &[], &[gift]),
            [
                "role `sre`: given until 2026-12-31T00:00:00.000000Z",
                "role `sre` includes `staff`: given until 2026-12-31T00:00:00.000000Z",
            ]
        );
        let gone = Given { role: "no-longer-there".into(), until: None };
        assert!(told(&roles, &[], &[gone]).is_empty());
    }

    #[test]
    fn a_circle_of_roles_is_told_with_its_way() {
        for (all, expected) in [
            (&[("a", &["b"][..]), ("b", &["c"]), ("c", &["a"])][..], Some("a b c a")),
            (&[("a", &["a"])], Some("a a")),
            (&[("x", &["a"]), ("a", &["b"]), ("b", &["a"])], Some("a b a")),
            (&[("a", &["b", "c"]), ("b", &["d"]), ("c", &["d"]), ("d", &[])], None),
            (&[("a", &["nothing"])], None),
        ] {
            assert_eq!(circle(&roles(all)).map(|way| way.join(" ")).as_deref(), expected, "{all:?}");
        }
    }

    #[test]
    fn two_roles_conflict_whichever_of_them_says_so_and_also_when_one_is_included() {
        let mut roles = roles(&[("pays", &[]), ("orders", &[]), ("buyer", &["orders"]), ("other", &[])]);
        roles[0].conflicts_with = vec!["orders".into()];
        for (names, expected) in [
            (&["pays", "orders"][..], Some(("pays", "orders"))),
            (&["pays", "buyer"], Some(("pays", "orders"))),
            (&["buyer", "other"], None),
        ] {
            let held = held(&roles, &Values::new(), names, &[], |_| Vec::new());
            assert_eq!(conflict(&held), expected, "{names:?}");
        }
    }
}
