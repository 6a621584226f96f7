//! Rows of what is, what should be, and the steps between; and that the steps lead there.

use super::super::{StepKind, Subject, desired};
use super::*;
use crate::mappings::{Deprovision, DriftPolicy, Mapping, Template};
use crate::states::{Cause, State};
use crate::test_company::{at, id};
use proptest::prelude::*;
use provisioning::Act;
use types::ObservedAccountId;

fn entitlement(number: u32) -> EntitlementId {
    format!("ent_{number:032x}").parse().unwrap()
}

fn account_id(number: u32) -> ObservedAccountId {
    format!("oac_{number:032x}").parse().unwrap()
}

/// Even numbers give power.
fn powers() -> Powers {
    (0..10).step_by(2).map(entitlement).collect()
}

fn wanted(numbers: &[u32]) -> Vec<Wanted> {
    let one = |number: &u32| {
        let entitlement = entitlement(*number);
        Wanted { privileged: powers().contains(&entitlement), entitlement, because: format!("asg {number}") }
    };
    numbers.iter().map(one).collect()
}

fn mapping(deprovision: Deprovision) -> Mapping {
    let parse = |text| Template::parse(text, &["given_name", "family_name", "department"]).unwrap();
    Mapping {
        system: "corp".into(),
        login: parse("{given_name:1}{family_name}"),
        attributes: [("ou".into(), parse("{department}")), ("cn".into(), parse("{given_name} {family_name}"))].into(),
        compares: [("room".into(), parse("{department}"))].into(),
        authoritative: Default::default(),
        creates: true,
        renames: false,
        drift: DriftPolicy::Ask,
        deprovision,
    }
}

fn values() -> BTreeMap<String, String> {
    let values = [("given_name", "Alice"), ("family_name", "Moreau"), ("department", "Platform")];
    values.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
}

fn now() -> Timestamp {
    at("2026-11-20")
}

fn states() -> Vec<State> {
    let (starts, since) = (at("2026-12-01"), at("2026-11-01"));
    vec![
        State::PreHire { starts, preparing: false },
        State::PreHire { starts, preparing: true },
        State::Active,
        State::Leave { until: None },
        State::Suspended { by: id(2), until: None },
        State::Terminated { since, learned: None, cause: Cause::Stated, keeps_accounts: true },
        State::Terminated { since, learned: None, cause: Cause::Stated, keeps_accounts: false },
        State::Archived { since },
    ]
}

fn of(state: &State, numbers: &[u32], deprovision: Deprovision) -> Desired {
    let (values, wanted) = (values(), wanted(numbers));
    desired(&Subject { state, values: &values, wanted: &wanted }, &mapping(deprovision), now())
}

fn observed(enabled: bool, numbers: &[u32]) -> Observed {
    let Desired::Present(present) = of(&State::Active, &[1], Deprovision::Disable) else { panic!() };
    Observed {
        account: account_id(1),
        login: present.login,
        attributes: present.attributes,
        enabled,
        entitlements: numbers.iter().map(|number| (entitlement(*number), now())).collect(),
        is_protected: false,
    }
}

fn told(steps: &[Step]) -> Vec<String> {
    let number = |entitlement: &EntitlementId| {
        entitlement.as_str().trim_start_matches("ent_").trim_start_matches('0').to_owned()
    };
    let tell = |step: &Step| {
        let entitlement = step.what.entitlement().map_or(String::new(), |found| format!(" {}", number(found)));
        let power = if step.privileged { "!" } else { "" };
        let only = if step.kind == StepKind::OnlyTold { " (told)" } else { "" };
        format!("{}{entitlement}{power}{only}", step.what.act().as_str())
    };
    steps.iter().map(tell).collect()
}

fn steps(desired: &Desired, accounts: &[Observed]) -> Vec<String> {
    told(&difference(desired, accounts, &powers(), Unshown::Differ))
}

#[test]
fn each_state_keeps_what_it_may_and_power_is_for_who_is_at_work() {
    let all_gone: &[&str] = &["revoke 2!", "revoke 1", "disable"];
    let paused: &[&str] = &["revoke 2!", "disable"];
    let made: &[&str] = &["create", "grant 1"];
    // What becomes of one that is enabled and has all, and of none at all.
    let rows: [(&[&str], &[&str]); 8] = [
        (all_gone, &[]),
        (paused, made),
        (&[], &["create", "grant 1", "grant 2!"]),
        (paused, &[]),
        (paused, &[]),
        (paused, &[]),
        (all_gone, &[]),
        (&["delete"], &[]),
    ];
    for (state, (from_all, from_none)) in states().iter().zip(rows) {
        let desired = of(state, &[1, 2], Deprovision::DeleteAfterDays(30));
        assert_eq!(steps(&desired, &[observed(true, &[1, 2])]), from_all, "{state:?}");
        assert_eq!(steps(&desired, &[]), from_none, "{state:?}");
    }
    let kept = of(&states()[7], &[], Deprovision::Disable);
    assert_eq!(steps(&kept, &[observed(true, &[1])]), ["revoke 1", "disable"]);
    let due = of(&states()[6], &[], Deprovision::DeleteAfterDays(19));
    assert_eq!(steps(&due, &[observed(false, &[])]), ["delete"]);
}

#[test]
fn what_differs_is_put_right_and_what_a_system_does_not_show_is_set_once() {
    let desired = of(&State::Active, &[1, 2], Deprovision::Disable);
    let with = |change: fn(&mut Observed)| {
        let mut account = observed(true, &[1, 2]);
        change(&mut account);
        steps(&desired, &[account])
    };
    assert_eq!(with(|_| {}), Vec::<String>::new());
    assert_eq!(with(|account| account.enabled = false), ["enable"]);
    assert_eq!(with(|account| _ = account.entitlements.insert(entitlement(4), now())), ["revoke 4!"]);
    assert_eq!(with(|account| _ = account.entitlements.remove(&entitlement(2))), ["grant 2!"]);
    assert_eq!(with(|account| drop(account.attributes.insert("ou".into(), vec!["Sales".into()]))), ["change"]);
    assert_eq!(with(|account| drop(account.attributes.insert("phone".into(), vec!["1".into()]))), Vec::<String>::new());
    assert_eq!(with(|account| drop(account.attributes.insert("room".into(), vec!["1".into()]))), ["change (told)"]);
    assert_eq!(with(|account| account.login = "other".into()), Vec::<String>::new(), "the only one is theirs");
    assert_eq!(with(|account| drop(account.attributes.remove("ou"))), ["change"]);
    let mut silent = observed(true, &[1, 2]);
    silent.attributes.clear();
    assert_eq!(told(&difference(&desired, &[silent], &powers(), Unshown::AreAsWanted)), Vec::<String>::new());
}

#[test]
fn an_account_is_deleted_so_many_days_after_the_leaving_became_known() {
    let since = at("2020-01-01");
    let left = |learned| State::Terminated { since, learned, cause: Cause::Stated, keeps_accounts: false };
    for (learned, days, expected) in [
        (None, 30, Desired::Absent),
        (Some(now()), 30, Desired::Needless),
        (Some(at("2026-10-21")), 30, Desired::Absent),
        (Some(at("2026-10-22")), 30, Desired::Needless),
    ] {
        assert_eq!(of(&left(learned), &[1], Deprovision::DeleteAfterDays(days)), expected, "{learned:?}");
    }
}

#[test]
fn a_login_follows_the_name_where_the_mapping_says_so() {
    let Desired::Present(present) = of(&State::Active, &[1], Deprovision::Disable) else { panic!() };
    let desired = Desired::Present(Present { renamed: true, ..present });
    let account = Observed { login: "amaiden".into(), ..observed(true, &[1]) };
    let found = difference(&desired, &[account], &powers(), Unshown::Differ);
    let login = found[0].what.attributes().unwrap()["login"].clone();
    assert_eq!((told(&found), login), (vec!["change".to_owned()], vec!["amoreau".to_owned()]));
}

#[test]
fn a_second_account_has_no_right_to_anything_and_goes_with_its_owner() {
    let second = || Observed { account: account_id(2), login: "alice-admin".into(), ..observed(true, &[1, 4]) };
    let desired = of(&State::Active, &[1], Deprovision::Disable);
    assert_eq!(steps(&desired, &[second(), observed(true, &[1])]), ["revoke 4!", "revoke 1"]);
    let away = of(&State::Leave { until: None }, &[1], Deprovision::Disable);
    assert_eq!(steps(&away, &[observed(true, &[1]), second()]), ["revoke 4!", "revoke 1", "disable", "disable"]);
    let gone = of(&states()[6], &[], Deprovision::Disable);
    assert_eq!(steps(&gone, &[observed(true, &[]), second()]), ["revoke 4!", "revoke 1", "disable", "disable"]);
}

#[test]
fn who_is_entitled_to_nothing_on_a_system_needs_no_account_there() {
    let desired = of(&State::Active, &[], Deprovision::Disable);
    assert_eq!(steps(&desired, &[]), Vec::<String>::new());
    assert_eq!(steps(&desired, &[observed(true, &[])]), ["disable"]);
    let (nameless, wanted) = (BTreeMap::from([("given_name".to_owned(), "Prince".to_owned())]), wanted(&[1]));
    let subject = Subject { state: &State::Active, values: &nameless, wanted: &wanted };
    assert_eq!(super::super::desired(&subject, &mapping(Deprovision::Disable), now()), Desired::Needless);
    // And where nobody allowed it, no account is made.
    let mapping = Mapping { creates: false, ..mapping(Deprovision::Disable) };
    let values = values();
    let subject = Subject { state: &State::Active, values: &values, wanted: &wanted };
    assert_eq!(steps(&super::super::desired(&subject, &mapping, now()), &[]), Vec::<String>::new());
}

#[test]
fn the_same_desire_has_the_same_digest_whatever_it_follows_from() {
    let one = of(&State::Active, &[1, 2], Deprovision::Disable);
    let Desired::Present(mut present) = one.clone() else { panic!() };
    present.entitlements.values_mut().for_each(|wanted| wanted.because = "asg other".into());
    assert_eq!(Desired::Present(present.clone()).digest(), one.digest());
    present.enabled = false;
    assert_ne!(Desired::Present(present).digest(), one.digest());
}

/// What accounts are after these steps were carried out, by their words alone.
fn carried_out(steps: &[Step], mut accounts: Vec<Observed>) -> Vec<Observed> {
    for step in steps.iter().filter(|step| step.kind == StepKind::ToDo) {
        if let What::Create { login, attributes } = &step.what {
            assert!(accounts.is_empty(), "made twice");
            accounts.push(Observed { login: login.clone(), attributes: attributes.clone(), ..observed(true, &[]) });
            continue;
        }
        if let What::Delete { account } = &step.what {
            accounts.retain(|known| known.account != *account);
            continue;
        }
        let of = |known: &&mut Observed| step.what.account().is_none_or(|account| known.account == *account);
        let account = accounts.iter_mut().find(of).expect("something to change");
        match &step.what {
            What::Change { attributes, .. } => account.attributes.extend(attributes.clone()),
            What::Enable { .. } => account.enabled = true,
            What::Disable { .. } => account.enabled = false,
            What::Grant { entitlement, .. } => drop(account.entitlements.insert(entitlement.clone(), now())),
            What::Revoke { entitlement, .. } => drop(account.entitlements.remove(entitlement)),
            What::Create { .. } | What::Delete { .. } => {}
        }
    }
    accounts
}

fn numbers() -> impl Strategy<Value = Vec<u32>> {
    proptest::collection::btree_set(1u32..8, 0..5).prop_map(|numbers| numbers.into_iter().collect())
}

fn accounts() -> impl Strategy<Value = Vec<Observed>> {
    let one = (any::<bool>(), numbers(), any::<bool>());
    proptest::collection::vec(one, 0..3).prop_map(|all| {
        let account = |(at, (enabled, has, protected)): (u32, (bool, Vec<u32>, bool))| Observed {
            account: account_id(at + 1),
            login: if at == 0 { "amoreau".into() } else { format!("second-{at}") },
            is_protected: protected,
            ..observed(enabled, &has)
        };
        (0..).zip(all).map(account).collect()
    })
}

proptest! {
    /// Carried out, and looked at once more, every plan leads to a plan of nothing: one that is prepared is disabled when
    /// it was made.
    #[test]
    fn what_a_plan_orders_makes_observed_what_is_desired(
        state in proptest::sample::select(states()),
        want in numbers(),
        mut accounts in accounts(),
        delete in any::<bool>(),
    ) {
        let deprovision = if delete { Deprovision::DeleteAfterDays(1) } else { Deprovision::Disable };
        let desired = of(&state, &want, deprovision);
        for _ in 0..2 {
            let steps = difference(&desired, &accounts, &powers(), Unshown::Differ);
            accounts = carried_out(&steps, accounts);
        }
        let left = difference(&desired, &accounts, &powers(), Unshown::Differ);
        prop_assert!(left.is_empty(), "{:?}", told(&left));
    }

    /// Whatever the facts, nobody who is not at work is given power, and what takes power away comes first.
    #[test]
    fn power_is_given_to_who_is_at_work_and_taken_away_before_anything_else(
        state in proptest::sample::select(states()),
        want in numbers(),
        accounts in accounts(),
    ) {
        let steps = difference(&of(&state, &want, Deprovision::Disable), &accounts, &powers(), Unshown::Differ);
        let gives_power = |step: &Step| step.what.act() == Act::Grant && step.privileged;
        prop_assert!(state == State::Active || !steps.iter().any(gives_power));
        let ranks: Vec<_> = steps.iter().map(|step| Rank::of(step.what.act(), provisioning::Cause::Plan, step.privileged)).collect();
        prop_assert!(ranks.is_sorted());
    }

    #[test]
    fn nothing_is_ever_sent_to_a_protected_account(
        state in proptest::sample::select(states()),
        want in numbers(),
        accounts in accounts(),
    ) {
        let steps = difference(&of(&state, &want, Deprovision::DeleteAfterDays(1)), &accounts, &powers(), Unshown::Differ);
        for step in steps {
            let of = step.what.account().and_then(|id| accounts.iter().find(|account| account.account == *id));
            prop_assert!(of.is_none_or(|account| !account.is_protected), "{step:?}");
            // Nor is another one made beside it.
            prop_assert!(step.what.account().is_some() || accounts.is_empty(), "{step:?}");
        }
    }
}
