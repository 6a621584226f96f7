use super::model::Said;
use super::*;
use crate::mappings::{Deprovision, DriftPolicy, Template};
use crate::test_company::person;
use connectors::connector::{Attributes, Status};
use provisioning::{Link, Protection};
use std::collections::BTreeMap;
use types::{IdentityId, Timestamp};

fn account(login: &str, attributes: &[(&str, &str)]) -> ObservedAccount {
    let attributes = attributes.iter().map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()]));
    ObservedAccount {
        id: format!("oac_{:032x}", 1).parse().unwrap(),
        system: "corp".into(),
        native_id: "1".into(),
        login: login.into(),
        attributes: attributes.collect::<Attributes>(),
        status: Status::Enabled,
        privileged: Vec::new(),
        last_used_at: None,
        from: Timestamp::from_micros(0),
        until: None,
        link: None,
        protection: None,
    }
}

/// Alice Moreau (E1), another Alice Moreau (E2), Bob Lindqvist (E3).
fn people() -> Vec<Identity> {
    let named = |number, given: &str, family: &str, mail: &str| Identity {
        family_name: family.into(),
        email: mail.into(),
        ..person(number, given, None)
    };
    vec![
        named(1, "Alice", "Moreau", "alice@example.com"),
        named(2, "Alice", "Moreau", "alice.moreau@example.com"),
        named(3, "Bob", "Lindqvist", "bob@example.com"),
    ]
}

fn mapping(login: &str, authoritative: &[&str]) -> Mapping {
    Mapping {
        system: "corp".into(),
        login: Template::kept(login).unwrap(),
        attributes: BTreeMap::new(),
        compares: BTreeMap::new(),
        authoritative: authoritative.iter().map(|name| (*name).to_owned()).collect(),
        creates: true,
        renames: false,
        drift: DriftPolicy::Ask,
        deprovision: Deprovision::Disable,
    }
}

fn in_estate(mapping: Option<&Mapping>, account: &ObservedAccount) -> String {
    judged(Trust { mapping, estate: Estate::Growing }, account)
}

/// `=N` certain, `?N,M` a person decides, `-` nobody.
fn judged(trust: Trust<'_>, account: &ObservedAccount) -> String {
    let number = |id: &IdentityId| id.as_str().trim_start_matches("idn_").trim_start_matches('0').to_owned();
    match People::new(&people(), trust).judge(account) {
        Verdict::Certain(who) => format!("={}", number(&who.identity)),
        Verdict::NeedsPerson(all) => {
            let all: Vec<String> = all.iter().map(|candidate| number(&candidate.identity)).collect();
            format!("?{}", all.join(","))
        }
        Verdict::Nobody => "-".to_owned(),
    }
}

#[test]
fn what_a_system_says_of_an_account_makes_its_holder_certain_doubtful_or_unknown() {
    for (login, attributes, expected) in [
        ("x1", &[("employeeNumber", "e3")][..], "=3"),
        ("bob", &[("mail", "BOB@example.com")], "=3"),
        ("bl", &[("mail", "bob@example.com"), ("cn", "Lindqvist, Bob")], "=3"),
        // A mail address alone may be passed on.
        ("bl", &[("mail", "bob@example.com")], "?3"),
        ("bob@example.com", &[], "=3"),
        ("CORP\\blindqvist", &[], "?3"),
        ("blindqvist", &[("name", "Bob Lindqvist")], "?3"),
        ("blindqvist", &[("name", "Nightly backup")], "-"),
        // Two people of one name.
        ("alice.moreau", &[("cn", "Alice Moreau")], "?1,2"),
        ("alice.moreau", &[("cn", "Alice Moreau"), ("mail", "alice@example.com")], "=1"),
        ("alice.moreau", &[("cn", "Alice Moreau"), ("employeeID", "E1")], "=1"),
        // The number says no, whatever else says yes.
        ("bob", &[("mail", "bob@example.com"), ("cn", "Bob Lindqvist"), ("employeeNumber", "E99")], "-"),
        ("backup", &[("cn", "Bob Lindqvist")], "-"),
    ] {
        let declared = mapping("{given_name}-made-otherwise", &["mail", "EmployeeNumber", "employeeid"]);
        assert_eq!(in_estate(Some(&declared), &account(login, attributes)), expected, "{login} {attributes:?}");
    }
}

#[test]
fn what_the_holder_of_an_account_may_have_set_is_asked_about_and_never_certain() {
    let (of_number, none) = (mapping("s-{employee_id}", &["mail"]), mapping("s-{employee_id}", &[]));
    for (login, attributes, proven, unproven) in [
        ("x1", &[("mail", "bob@example.com"), ("cn", "Bob Lindqvist")][..], "=3", "?3"),
        ("x1", &[("employeeNumber", "E3")], "?3", "?3"),
        ("x1", &[("employeeNumber", "E3"), ("mail", "bob@example.com"), ("cn", "Bob Lindqvist")], "=3", "?3"),
        ("s-e3", &[], "?3", "?3"),
        ("s-e3", &[("employeeNumber", "E3")], "?3", "?3"),
        ("s-e3", &[("mail", "bob@example.com")], "=3", "?3"),
        // A number that the holder wrote hides nobody.
        ("s-e3", &[("mail", "bob@example.com"), ("employeeNumber", "E99")], "?3", "?3"),
    ] {
        let account = account(login, attributes);
        let after_the_first_plan =
            |mapping| judged(Trust { mapping: Some(mapping), estate: Estate::Settled }, &account);
        assert_eq!(after_the_first_plan(&of_number), proven, "{login} {attributes:?}");
        assert_eq!(after_the_first_plan(&none), unproven, "{login} {attributes:?}");
    }
}

#[test]
fn a_login_that_a_mapping_makes_of_a_number_is_certain_and_of_names_it_is_asked_about() {
    let (of_number, of_names) = ("s-{employee_id}", "{given_name:1}{family_name}");
    let [of_number, of_names] = [of_number, of_names].map(|login| mapping(login, &[]));
    let (by_number, by_names) = (Some(&of_number), Some(&of_names));
    let numbered = |attributes| account("s-e3", attributes);
    assert_eq!((in_estate(None, &numbered(&[])), in_estate(by_number, &numbered(&[]))), ("-".into(), "=3".into()));
    assert_eq!(in_estate(by_number, &numbered(&[("cn", "Nightly backup")])), "?3", "the name speaks against it");
    assert_eq!(in_estate(by_number, &account("bob", &[])), "?3", "a convention still asks");
    assert_eq!(in_estate(by_names, &account("blindqvist", &[])), "?3", "somebody of that name may have had it before");
    assert_eq!(in_estate(by_names, &account("amoreau", &[])), "?1,2", "the mapping makes two people the same login");
    assert_eq!(in_estate(by_names, &account("", &[])), "-");
}

#[test]
fn an_account_is_in_one_state_and_protection_comes_first() {
    let answer = |said| Answer { said, by: people()[0].id.clone(), at: Timestamp::from_micros(0) };
    let nobodys = answer(Said::NonPersonal { owner: None });
    let theirs = answer(Said::Person(people()[0].id.clone()));
    let linked = |mut account: ObservedAccount| {
        account.link = Some(Link { identity: people()[0].id.clone(), by: "same_email".into() });
        account
    };
    let plain = account("x", &[]);
    let protected = ObservedAccount { protection: Some(Protection::Declared), ..linked(plain.clone()) };
    for (account, answer, has_left, expected) in [
        (&plain, None, false, LinkState::Unmatched),
        (&plain, Some(&nobodys), false, LinkState::NonPersonal),
        (&linked(plain.clone()), Some(&theirs), false, LinkState::Linked),
        (&linked(plain.clone()), None, true, LinkState::Orphaned),
        (&protected, None, true, LinkState::Protected),
    ] {
        assert_eq!(state(account, answer, has_left), expected);
    }
}
