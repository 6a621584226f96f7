//! What a person has to know of a plan: that it is held, that a login is taken, that an entitlement is not there.

use super::{Hold, Plan, PlanError};
use crate::reconciliation::{Ground, Line};
use ledger::{Ctx, Write, finding};
use provisioning::{Act, order, walk};
use std::collections::{BTreeMap, BTreeSet};
use types::{IdentityId, PlanId};

const HELD: &str = "plan_held";
const LOGIN_TAKEN: &str = "login_taken";
const NOT_THERE: &str = "entitlement_not_there";

/// Subjects of open findings about one system, by kind.
pub(super) struct Told {
    logins: BTreeSet<String>,
    entitlements: BTreeSet<String>,
}

pub(super) async fn open(ctx: &Ctx, system: &str) -> Result<Told, PlanError> {
    let of_system = format!("@{system}");
    let subjects = |findings: Vec<finding::Finding>| {
        let of = findings.into_iter().map(|finding| finding.subject);
        of.filter(|subject| subject.ends_with(&of_system)).collect()
    };
    Ok(Told {
        logins: subjects(finding::open(ctx, LOGIN_TAKEN).await?),
        entitlements: subjects(finding::open(ctx, NOT_THERE).await?),
    })
}

pub(super) async fn held(ctx: &Ctx, tx: &mut Write, plan: &Plan, holds: &[Hold]) -> Result<(), PlanError> {
    let why: Vec<String> = holds.iter().map(ToString::to_string).collect();
    let detail = format!(
        "the plan of `{}` is held: {}: look at it with `tenure plans show {}`, then confirm it",
        plan.system,
        why.join("; "),
        plan.id
    );
    finding::raise_in(ctx, tx, HELD, plan.id.as_str(), &detail).await?;
    Ok(())
}

pub(super) async fn not_held(tx: &mut Write, plan: &PlanId) -> Result<(), PlanError> {
    Ok(finding::clear_in(tx, HELD, plan.as_str()).await.map(drop)?)
}

/// An account of that login that is somebody else's, or nobody's, is not taken for the one that is to be made; and of two
/// people who would get the same login one alone does.
pub(super) async fn without_taken_logins(
    ctx: &Ctx,
    tx: &mut Write,
    ground: &Ground,
    mut lines: Vec<Line>,
    (is_whole, told): (bool, &Told),
) -> Result<Vec<Line>, PlanError> {
    let mut wanted: BTreeMap<String, BTreeSet<IdentityId>> = BTreeMap::new();
    for line in lines.iter().filter(|line| line.what.act() == Act::Create) {
        if let Some(login) = line.what.login() {
            wanted.entry(login.to_lowercase()).or_default().insert(line.identity.clone());
        }
    }
    let (mut taken, mut refused): (BTreeMap<String, String>, BTreeSet<IdentityId>) = Default::default();
    for account in walk::by_login(tx, &ground.system, wanted.keys().map(String::as_str)).await? {
        let login = account.login.to_lowercase();
        let whose = if account.link.is_some() { "somebody else's" } else { "nobody's" };
        refused.extend(wanted.remove(&login).into_iter().flatten());
        taken.insert(
            login,
            format!("the account `{}` has it, and is {whose}: link it, or map another login", account.id),
        );
    }
    for (login, people) in wanted.into_iter().filter(|(_, people)| people.len() > 1) {
        refused.extend(people.into_iter().skip(1));
        taken.insert(login, "two people would get it: map a login that tells them apart".to_owned());
    }
    for (login, why) in &taken {
        let detail = format!("no account is made on `{}` with the login `{login}`: {why}", ground.system);
        finding::raise_in(ctx, tx, LOGIN_TAKEN, &format!("{login}@{}", ground.system), &detail).await?;
    }
    // Whoever was refused is looked at again after each reading, and only then.
    for subject in told.logins.iter().filter(|_| is_whole) {
        let login = subject.strip_suffix(&format!("@{}", ground.system)).unwrap_or(subject);
        if !taken.contains_key(login) {
            finding::clear_in(tx, LOGIN_TAKEN, subject).await?;
        }
    }
    lines.retain(|line| line.what.account().is_some() || !refused.contains(&line.identity));
    let mut subjects = BTreeSet::new();
    lines.retain(|line| subjects.insert(order::subject(&line.what)));
    Ok(lines)
}

/// What roles grant there, and the system does not have.
pub(super) async fn missing_entitlements(
    ctx: &Ctx,
    tx: &mut Write,
    ground: &Ground,
    told: &Told,
) -> Result<(), PlanError> {
    let missing: BTreeSet<String> = ground.missing.iter().map(|slug| format!("{slug}@{}", ground.system)).collect();
    for subject in &missing {
        let detail =
            format!("a role grants `{subject}`, which is not there: nobody is given it; mend the role or the system");
        finding::raise_in(ctx, tx, NOT_THERE, subject, &detail).await?;
    }
    for subject in told.entitlements.difference(&missing) {
        finding::clear_in(tx, NOT_THERE, subject).await?;
    }
    Ok(())
}
