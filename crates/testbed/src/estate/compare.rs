//! What ought to be on a system against what it says of itself. Pure.

use super::systems::Seen;
use crate::years::oracle::{Account, Desired};
use crate::years::{Human, State};
use std::collections::{BTreeMap, BTreeSet};

/// What ought to be on one system, by login.
pub(super) fn expected<'a>(
    desired: &'a BTreeMap<Human, Desired>,
    system: &str,
) -> BTreeMap<&'a str, (Human, &'a Account, &'a Desired)> {
    let of = |(human, desired): (&Human, &'a Desired)| {
        let seconds = desired.seconds.iter().filter(|(of, _)| *of == system).map(|(_, account)| account);
        let all = desired.accounts.get(system).into_iter().chain(seconds);
        all.map(|account| (account.login.as_str(), (*human, account, desired))).collect::<Vec<_>>()
    };
    desired.iter().flat_map(of).collect()
}

/// A line for each account that is not what it should be. `strangers` are nobody's of the company.
pub(super) fn differences(
    desired: &BTreeMap<Human, Desired>,
    system: &str,
    seen: &BTreeMap<String, Seen>,
    strangers: &BTreeSet<String>,
) -> Vec<String> {
    let expected = expected(desired, system);
    let of_expected = expected.iter().filter_map(|(login, (human, account, desired))| {
        let wrong = wrong(account, desired, seen.get(*login))?;
        Some(format!("{system}: {login} of human {human}, {:?}: {wrong}", desired.state))
    });
    let unknown = seen.keys().filter(|login| !expected.contains_key(login.as_str()) && !strangers.contains(*login));
    of_expected.chain(unknown.map(|login| format!("{system}: {login} is there and should not be"))).collect()
}

fn wrong(account: &Account, desired: &Desired, seen: Option<&Seen>) -> Option<String> {
    let Some(seen) = seen else {
        return (!account.may_be_gone).then(|| format!("is missing, should be {account:?}"));
    };
    let holds: BTreeSet<&str> = seen.holds.iter().map(String::as_str).collect();
    if seen.enabled != account.enabled || holds != account.entitlements {
        return Some(format!("is {seen:?}, should be {account:?}"));
    }
    let email = &desired.employment.written.email;
    let is_kept = account.enabled && desired.state == State::Active;
    let other = seen.mail.as_ref().filter(|mail| is_kept && *mail != email);
    other.map(|mail| format!("has the address {mail}, should have {email}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::years::oracle::{Oracle, Policy};
    use crate::years::{Company, Date};

    #[test]
    fn whatever_is_not_as_it_should_be_has_a_line() {
        let company = Company::generate(1, 100, Date::parse("2027-01-04"));
        let oracle = Oracle::new(&company, Policy::default());
        let all = expected(oracle.desired(), "ad");
        let as_it_should_be: BTreeMap<String, Seen> = all
            .iter()
            .map(|(login, (_, account, desired))| {
                let holds = account.entitlements.iter().map(|name| (*name).to_owned()).collect();
                let mail = Some(desired.employment.written.email.clone());
                ((*login).to_owned(), Seen { enabled: account.enabled, holds, mail })
            })
            .collect();
        let lines = |seen: &BTreeMap<String, Seen>| {
            differences(oracle.desired(), "ad", seen, &BTreeSet::from(["guest".to_owned()]))
        };
        assert_eq!(lines(&as_it_should_be), Vec::<String>::new());
        let one = as_it_should_be.keys().next().unwrap().clone();
        let changed = |change: &dyn Fn(&mut BTreeMap<String, Seen>)| {
            let mut seen = as_it_should_be.clone();
            change(&mut seen);
            lines(&seen).len()
        };
        assert_eq!(changed(&|seen| drop(seen.remove(&one))), 1, "one is missing");
        assert_eq!(changed(&|seen| seen.get_mut(&one).unwrap().enabled = false), 1);
        assert_eq!(changed(&|seen| seen.get_mut(&one).unwrap().holds.clear()), 1);
        assert_eq!(changed(&|seen| seen.get_mut(&one).unwrap().mail = Some("x@y".to_owned())), 1);
        let stranger = |login: &str| {
            let seen = as_it_should_be[&one].clone();
            changed(&move |all| drop(all.insert(login.to_owned(), seen.clone())))
        };
        assert_eq!((stranger("guest"), stranger("mallory")), (0, 1));
    }
}
