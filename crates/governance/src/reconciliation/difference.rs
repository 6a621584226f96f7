//! From what should be and what is to the steps between, those first that take power away. Pure: when the steps were
//! carried out, there are none.

use super::{Desired, Observed, Powers, Present, Step, StepKind, Unshown, Wanted};
use connectors::connector::Attributes;
use provisioning::{Cause, Holder, Rank, What};
use std::collections::BTreeMap;
use types::{EntitlementId, Timestamp};

/// The steps for one person on one system. Nothing is ever a step for a protected account.
pub fn difference(desired: &Desired, accounts: &[Observed], powers: &Powers, unshown: Unshown) -> Vec<Step> {
    let free = || accounts.iter().filter(|account| !account.is_protected);
    let none = BTreeMap::new();
    let mut steps = Vec::new();
    match desired {
        Desired::Needless => free().for_each(|account| {
            steps.extend(revokes(account, &none, |_| true, powers));
            steps.extend(status(account, false));
        }),
        Desired::Absent => steps.extend(free().map(|account| to_do(What::Delete { account: account.account.clone() }))),
        Desired::Fading => free().for_each(|account| {
            steps.extend(revokes(account, &none, |entitlement| powers.contains(entitlement), powers));
            steps.extend(status(account, false));
        }),
        Desired::Present(present) => {
            let first = main(present, accounts);
            match first {
                None if present.made => steps.extend(made(present)),
                Some(account) if !account.is_protected => steps.extend(kept(present, account, powers, unshown)),
                None | Some(_) => {}
            }
            // What nobody assigned to a second account it has no right to.
            let others = free().filter(|account| first.is_none_or(|first| first.account != account.account));
            others.for_each(|account| {
                steps.extend(revokes(account, &none, |_| true, powers));
                steps.extend((!present.enabled).then(|| status(account, false)).flatten());
            });
        }
    }
    steps.sort_by_key(|step| Rank::of(step.what.act(), Cause::Plan, step.privileged));
    steps
}

/// The account that is meant: the one of that login, else the only one.
pub(super) fn main<'a>(present: &Present, accounts: &'a [Observed]) -> Option<&'a Observed> {
    let same = accounts.iter().find(|account| account.login.to_lowercase() == present.login.to_lowercase());
    same.or(accounts.first())
}

fn made(present: &Present) -> Vec<Step> {
    // One that may not be used yet is made all the same; nobody has its password.
    let create = What::Create { login: present.login.clone(), attributes: present.attributes.clone() };
    let holder = || Holder::Login(present.login.clone());
    let grants = present.entitlements.values().map(|wanted| grant(holder(), wanted));
    std::iter::once(to_do(create)).chain(grants).collect()
}

fn kept(present: &Present, account: &Observed, powers: &Powers, unshown: Unshown) -> Vec<Step> {
    let id = || account.account.clone();
    let mut steps = revokes(account, &present.entitlements, |_| true, powers);
    steps.extend(status(account, present.enabled));
    let mut attributes = changed(&present.attributes, &account.attributes, unshown);
    if present.renamed && present.login != account.login {
        attributes.insert("login".to_owned(), vec![present.login.clone()]);
    }
    if !attributes.is_empty() {
        steps.push(to_do(What::Change { account: id(), attributes }));
    }
    let told = changed(&present.compares, &account.attributes, Unshown::AreAsWanted);
    if !told.is_empty() {
        let step = to_do(What::Change { account: id(), attributes: told });
        steps.push(Step { kind: StepKind::OnlyTold, ..step });
    }
    let missing =
        present.entitlements.values().filter(|wanted| !account.entitlements.contains_key(&wanted.entitlement));
    steps.extend(missing.map(|wanted| grant(Holder::Account(id()), wanted)));
    steps
}

fn revokes(
    account: &Observed,
    wanted: &BTreeMap<EntitlementId, Wanted>,
    of: impl Fn(&EntitlementId) -> bool,
    powers: &Powers,
) -> Vec<Step> {
    let lost = account.entitlements.iter().filter(|(entitlement, _)| !wanted.contains_key(*entitlement));
    let revoke = |(entitlement, since): (&EntitlementId, &Timestamp)| Step {
        privileged: powers.contains(entitlement),
        since: Some(*since),
        ..to_do(What::Revoke { account: account.account.clone(), entitlement: entitlement.clone() })
    };
    lost.filter(|(entitlement, _)| of(entitlement)).map(revoke).collect()
}

fn status(account: &Observed, enabled: bool) -> Option<Step> {
    let id = || account.account.clone();
    match (account.enabled, enabled) {
        (true, false) => Some(to_do(What::Disable { account: id() })),
        (false, true) => Some(to_do(What::Enable { account: id() })),
        _ => None,
    }
}

fn grant(holder: Holder, wanted: &Wanted) -> Step {
    Step {
        privileged: wanted.privileged,
        because: Some(wanted.because.clone()),
        ..to_do(What::Grant { holder, entitlement: wanted.entitlement.clone() })
    }
}

fn to_do(what: What) -> Step {
    Step { what, privileged: false, because: None, since: None, kind: StepKind::ToDo }
}

/// Those that are something else there; others are nobody's business here.
fn changed(wanted: &Attributes, is: &Attributes, unshown: Unshown) -> Attributes {
    let differs = |(name, values): &(&String, &Vec<String>)| match is.get(*name) {
        Some(shown) => shown != *values,
        None => unshown == Unshown::Differ,
    };
    wanted.iter().filter(differs).map(|(name, values)| (name.clone(), values.clone())).collect()
}

#[cfg(test)]
mod tests;
