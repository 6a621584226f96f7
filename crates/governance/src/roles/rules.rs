//! Which declarations make sense, who has a role, and what it makes them eligible for. Pure.

use super::holding::{self, Held};
use super::{
    Attribute, Condition, Declaration, DeclaredCondition, Eligibility, Entitled, Role, RoleError, Test, judge,
};
use crate::identities::Identity;
use crate::systems::System;
use types::{Channel, Timestamp};

const LONGEST_DESCRIPTION: usize = 1024;
const LONGEST_VALUE: usize = 255;
/// Roles and entitlements that one role may name.
const MOST: usize = 200;

/// The declarations as roles.
pub(super) fn checked(declarations: &[Declaration], own: &judge::Own) -> Result<Vec<Role>, RoleError> {
    let mut roles: Vec<Role> = Vec::with_capacity(declarations.len());
    for declaration in declarations {
        if roles.iter().any(|earlier| earlier.name == declaration.name) {
            return Err(RoleError::Twice(declaration.name.clone()));
        }
        roles.push(role(declaration)?);
    }
    match judge::faults(&roles, own).into_iter().next() {
        Some((role, fault)) => Err(RoleError::BadCondition { role, fault }),
        None => Ok(roles),
    }
}

fn role(declaration: &Declaration) -> Result<Role, RoleError> {
    let name = &declaration.name;
    let inside = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if name.is_empty() || name.len() > 63 || !name.bytes().all(inside) {
        return Err(RoleError::BadName(name.chars().take(70).collect()));
    }
    match (declaration.when.is_empty() && declaration.condition.is_none(), declaration.given) {
        (true, false) => return Err(RoleError::NoCondition(name.clone())),
        (false, true) => return Err(RoleError::GivenWithCondition(name.clone())),
        (true, true) | (false, false) => {}
    }
    let long = |when: &DeclaredCondition| {
        let values = when.equals.iter().chain(&when.starts_with).chain(when.one_of.iter().flatten());
        values.into_iter().any(|value| value.len() > LONGEST_VALUE)
    };
    if declaration.description.len() > LONGEST_DESCRIPTION || declaration.when.iter().any(long) {
        return Err(RoleError::TooLong(name.clone()));
    }
    let empty = |offer: &super::Offer| offer.max_minutes == 0 || offer.max_sessions == 0 || offer.channels.is_empty();
    if declaration.makes_eligible.iter().any(empty) {
        return Err(RoleError::EmptyOffer { role: name.clone() });
    }
    Ok(Role {
        name: name.clone(),
        description: declaration.description.clone(),
        when: declaration.when.iter().map(|when| condition(name, when)).collect::<Result<_, _>>()?,
        condition: declaration.condition.clone(),
        includes: declaration.includes.clone(),
        grants: declaration.grants.clone(),
        conflicts_with: declaration.conflicts_with.clone(),
        makes_eligible: declaration.makes_eligible.clone(),
    })
}

fn condition(role: &str, declared: &DeclaredCondition) -> Result<Condition, RoleError> {
    let known = Attribute::ALL.into_iter().find(|attribute| attribute.as_str() == declared.attribute);
    let attribute = known.ok_or_else(|| RoleError::UnknownAttribute {
        role: role.to_owned(),
        attribute: declared.attribute.chars().take(60).collect(),
        known: Attribute::ALL.map(Attribute::as_str).join(", "),
    })?;
    let test = match (&declared.equals, &declared.one_of, &declared.starts_with) {
        (Some(value), None, None) if !value.is_empty() => Test::Equals(value.clone()),
        (None, Some(values), None) if !values.is_empty() && values.iter().all(|value| !value.is_empty()) => {
            Test::OneOf(values.clone())
        }
        (None, None, Some(start)) if !start.is_empty() => Test::StartsWith(start.clone()),
        _ => return Err(RoleError::BadTest { role: role.to_owned(), attribute: attribute.as_str().to_owned() }),
    };
    Ok(Condition { attribute, test })
}

/// Every login that the roles name exists on its system.
pub(super) fn logins_exist(roles: &[Role], systems: &[System]) -> Result<(), RoleError> {
    for role in roles {
        for offer in &role.makes_eligible {
            if !systems.iter().any(|system| system.name == offer.system && system.logins.contains(&offer.login)) {
                let shown = |text: &str| text.chars().take(70).collect::<String>();
                let (system, login) = (shown(&offer.system), shown(&offer.login));
                return Err(RoleError::UnknownLogin { role: role.name.clone(), system, login });
            }
        }
    }
    Ok(())
}

/// Every role and system that the declared roles name exists, and no role includes itself.
pub(super) fn names_exist(declared: &[Role], all: &[Role], systems: &[System]) -> Result<(), RoleError> {
    let known = |name: &String| all.iter().any(|role| role.name == *name);
    let shown = |text: &str| text.chars().take(70).collect::<String>();
    for role in declared {
        let mut named = role.includes.iter().chain(&role.conflicts_with);
        if let Some(name) = named.find(|name| !known(name) || **name == role.name) {
            return Err(RoleError::UnknownRole { role: role.name.clone(), named: shown(name) });
        }
        let missing = |entitled: &&Entitled| !systems.iter().any(|system| system.name == entitled.system);
        if let Some(entitled) = role.grants.iter().find(missing) {
            return Err(RoleError::UnknownSystem { role: role.name.clone(), system: shown(&entitled.system) });
        }
        let long = |entitled: &Entitled| entitled.entitlement.is_empty() || entitled.entitlement.len() > LONGEST_VALUE;
        if role.grants.iter().any(long) || role.includes.len() + role.grants.len() + role.conflicts_with.len() > MOST {
            return Err(RoleError::TooLong(role.name.clone()));
        }
    }
    holding::circle(all).map_or(Ok(()), |way| Err(RoleError::Circle(way.join(" → "))))
}

/// What a person may ask for, the longest terms first. Nobody who is not working is eligible for anything, whatever
/// they hold.
pub(super) fn eligibility(
    identity: &Identity,
    held: &[Held<'_>],
    systems: &[System],
    policy_minutes: u32,
    now: Timestamp,
) -> Vec<Eligibility> {
    if !identity.is_working(now) {
        return Vec::new();
    }
    let mut eligible = Vec::new();
    for Held { role, because } in held {
        let still_there = |system: &str, login: &str| {
            systems.iter().any(|known| known.name == system && known.logins.contains(login))
        };
        for offer in role.makes_eligible.iter().filter(|offer| still_there(&offer.system, &offer.login)) {
            eligible.push(Eligibility {
                system: offer.system.clone(),
                login: offer.login.clone(),
                role: role.name.clone(),
                max_minutes: offer.max_minutes.min(policy_minutes),
                channels: offer.channels.clone(),
                max_sessions: offer.max_sessions,
                because: because.clone(),
            });
        }
    }
    eligible.sort_by(|a, b| (&a.system, &a.login, b.max_minutes).cmp(&(&b.system, &b.login, a.max_minutes)));
    eligible
}

/// Stands in the place of a role where a system itself offers a login to machine identities. No role has this name.
const MACHINE_LOGINS: &str = "machine_logins";

/// The logins that systems offer to machine identities, each by the channels that the request names.
pub(super) fn for_machines(systems: &[System], policy_minutes: u32) -> impl Iterator<Item = Eligibility> {
    systems.iter().flat_map(move |system| {
        system.machine_logins.iter().map(move |login| Eligibility {
            system: system.name.clone(),
            login: login.clone(),
            role: MACHINE_LOGINS.to_owned(),
            max_minutes: policy_minutes,
            channels: Channel::ALL.into_iter().collect(),
            max_sessions: super::model::default_sessions(),
            because: format!("system `{}`: `{login}` is for machine identities", system.name),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::super::Catalogue;
    use super::*;
    use crate::test_company::{alice, as_recorded, at};
    use std::collections::BTreeSet;
    use types::Failure;

    fn checked(declarations: &[Declaration]) -> Result<Vec<Role>, RoleError> {
        super::checked(declarations, &judge::Own::new())
    }

    fn declared(attribute: &str, equals: Option<&str>, starts_with: Option<&str>) -> Declaration {
        let text = |text: Option<&str>| text.map(str::to_owned);
        let (equals, starts_with) = (text(equals), text(starts_with));
        let when = DeclaredCondition { attribute: attribute.into(), equals, one_of: None, starts_with };
        let offer = r#"{"system": "web-1", "login": "root", "max_minutes": 60}"#;
        let makes_eligible = vec![serde_json::from_str(offer).unwrap()];
        Declaration { name: "sre".into(), when: vec![when], makes_eligible, ..Declaration::default() }
    }

    fn web_1(logins: &[&str]) -> System {
        let logins = logins.iter().map(|login| (*login).to_owned()).collect();
        System {
            name: "web-1".into(),
            description: String::new(),
            owner: alice().id,
            logins,
            environment: None,
            machine_logins: BTreeSet::new(),
        }
    }

    fn eligible(declaration: Declaration, identity: &Identity) -> Vec<Eligibility> {
        offered(&checked(&[declaration]).unwrap(), identity, web_1(&["root"]), 240)
    }

    fn offered(roles: &[Role], identity: &Identity, system: System, policy_minutes: u32) -> Vec<Eligibility> {
        let catalogue = Catalogue::of(roles.to_vec(), vec![system], judge::Own::new(), policy_minutes).unwrap();
        catalogue.eligibility(identity, at("2026-03-02"))
    }

    #[test]
    fn a_condition_that_holds_makes_eligible_and_one_that_does_not_makes_nothing() {
        let alice = alice();
        for (attribute, equals, starts_with, expected) in [
            ("department", Some("Platform"), None, true),
            ("department", Some("platform"), None, false),
            ("department", None, Some("Plat"), true),
            ("job_title", None, Some("Database"), false),
            ("status", Some("active"), None, true),
            ("manager_id", Some("E2"), None, true),
            ("employee_id", Some("E1"), None, true),
            ("email", Some("alice@example.com"), None, true),
        ] {
            let found = eligible(declared(attribute, equals, starts_with), &alice);
            assert_eq!(!found.is_empty(), expected, "{attribute} {equals:?} {starts_with:?}");
        }
        let found = eligible(declared("department", Some("Platform"), None), &alice);
        assert_eq!(found[0].because, "role `sre`: department is `Platform`");
        assert_eq!(found[0].max_minutes, 60);
    }

    #[test]
    fn nobody_on_leave_before_the_first_day_or_after_the_last_is_eligible() {
        use crate::identities::Status;
        let role = || declared("department", Some("Platform"), None);
        let person = |status, start: &str, end: Option<&str>| {
            let (start_date, end_date) = (start.parse().unwrap(), end.map(|day| day.parse().unwrap()));
            as_recorded(Identity { status, start_date, end_date, ..alice() })
        };
        for (identity, expected) in [
            (person(Status::Active, "2026-03-02", None), 1),
            (person(Status::Active, "2026-03-03", None), 0),
            (person(Status::Active, "2020-01-01", Some("2026-03-02")), 1),
            (person(Status::Active, "2020-01-01", Some("2026-03-01")), 0),
            (person(Status::Leave, "2020-01-01", None), 0),
            (person(Status::Terminated, "2020-01-01", None), 0),
        ] {
            assert_eq!(eligible(role(), &identity).len(), expected, "{identity:?}");
        }
    }

    #[test]
    fn an_unknown_attribute_is_refused_with_the_list_of_those_known() {
        let error = checked(&[declared("salary", Some("high"), None)]).unwrap_err();
        assert_eq!(error.code(), "unknown_attribute");
        let expected = "role `sre`: there is no attribute `salary`: the attributes are \
                        department, job_title, status, manager_id, employee_id, email";
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn a_role_must_have_a_condition_with_exactly_one_test() {
        assert!(checked(&[declared("department", Some("x"), None)]).is_ok());
        let none = Declaration { when: Vec::new(), ..declared("department", None, None) };
        for (declaration, code) in [
            (none, "no_condition"),
            (Declaration { given: true, ..declared("department", Some("x"), None) }, "given_with_condition"),
            (
                Declaration {
                    condition: Some("principal.salary > 3".into()),
                    ..declared("department", Some("x"), None)
                },
                "bad_condition",
            ),
            (declared("department", None, None), "bad_test"),
            (declared("department", Some("x"), Some("x")), "bad_test"),
            (declared("department", None, Some("")), "bad_test"),
        ] {
            assert_eq!(checked(&[declaration]).unwrap_err().code(), code);
        }
    }

    #[test]
    fn a_bad_condition_is_refused_with_its_place_and_what_to_do() {
        let condition = Some("principal.department ==\n  \"Platform\" && principal.sallary == \"x\"".to_owned());
        let role = Declaration { name: "sre".into(), condition, ..Declaration::default() };
        let told = checked(&[role]).unwrap_err().to_string();
        assert!(told.starts_with("role `sre`: condition, line 2, column "), "{told}");
        assert!(told.contains("sallary") && told.contains("department"), "{told}");
    }

    #[test]
    fn a_role_names_roles_and_systems_that_there_are_and_never_itself() {
        let role = |name: &str| Role { name: name.into(), ..Role::default() };
        let named = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let of = |system: &str| vec![Entitled { system: system.into(), entitlement: "staff".into() }];
        for (one, code) in [
            (Role { includes: named(&["other"]), ..role("one") }, None),
            (Role { includes: named(&["nothing"]), ..role("one") }, Some("unknown_role")),
            (Role { conflicts_with: named(&["one"]), ..role("one") }, Some("unknown_role")),
            (Role { includes: named(&["circle"]), ..role("one") }, Some("circle_of_roles")),
            (Role { grants: of("web-1"), ..role("one") }, None),
            (Role { grants: of("web-2"), ..role("one") }, Some("unknown_system")),
        ] {
            let circle = Role { includes: named(&["one"]), ..role("circle") };
            let all = [one.clone(), role("other"), circle];
            let result = names_exist(std::slice::from_ref(&one), &all, &[web_1(&["root"])]);
            assert_eq!(result.err().map(|error| error.code()), code, "{one:?}");
        }
    }

    #[test]
    fn a_role_may_offer_only_logins_that_exist_and_a_login_taken_away_is_offered_no_more() {
        let roles = checked(&[declared("department", Some("Platform"), None)]).unwrap();
        assert!(logins_exist(&roles, &[web_1(&["root"])]).is_ok());
        assert_eq!(logins_exist(&roles, &[web_1(&["deploy"])]).unwrap_err().code(), "unknown_login");
        assert!(offered(&roles, &alice(), web_1(&["deploy"]), 240).is_empty());
    }

    #[test]
    fn the_policy_shortens_what_a_role_offers_and_never_lengthens_it() {
        let roles = checked(&[declared("department", Some("Platform"), None)]).unwrap();
        for (policy, expected) in [(30, 30), (60, 60), (240, 60)] {
            let found = offered(&roles, &alice(), web_1(&["root"]), policy);
            assert_eq!(found[0].max_minutes, expected);
            assert_eq!(found[0].channels, BTreeSet::from(types::Channel::DEFAULT));
        }
    }
}
