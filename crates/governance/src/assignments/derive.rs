//! Keeps what roles grant by their conditions equal to what the conditions say: with every change of a person, and
//! for everybody when roles were declared anew.

use super::rules::Difference;
use super::{Assignment, Because, EndCause, Ended, What, events, rules, store};
use crate::identities::{self, Identity};
use crate::movers::rules::LostRole;
use crate::movers::{self, Kept, Move, MoverCase};
use crate::roles::{self, Catalogue, Held};
use crate::states::State;
use crate::{entitlements, reconciliation};
use db::DbError;
use db::jobs::{JobError, NewJob, Worker};
use ledger::{Ctx, LedgerError, Write};
use std::collections::{BTreeMap, BTreeSet};
use types::{Actor, AssignmentId, IdentityId, JobId, Timestamp};

/// The kind of the job that goes through everybody.
const JOB: &str = "assignments.derive";

/// People of one transaction of that job.
const AT_ONCE: u32 = 500;

/// What the change follows from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Follows {
    /// The person's record: who has not left keeps for a grace what they lose by it.
    Record,
    /// Anything else: what is not earned any more ends at once.
    Other,
}

/// What roles grant these people is theirs, and what they do not any more is not, from now on. Returns whose
/// assignments changed.
pub(crate) async fn rederive(
    ctx: &Ctx,
    tx: &mut Write,
    people: &[&Identity],
    catalogue: &Catalogue,
    follows: Follows,
) -> Result<BTreeSet<IdentityId>, DbError> {
    let now = tx.now();
    let mut open = store::open_of(tx, people.iter().map(|person| &person.id)).await?;
    let (mut begun, mut ended): (Vec<Assignment>, BTreeMap<&str, Vec<Assignment>>) = (Vec::new(), BTreeMap::new());
    let (mut in_grace, mut said) = (Vec::new(), None);
    for person in people {
        let has = open.remove(&person.id).unwrap_or_default();
        let holds = Holds::of(person, catalogue, &has, now);
        let state = person.outlook.settled();
        let ends_grace = |role: &str| holds.ends_grace(role, catalogue);
        let difference = rules::difference(state, &holds.by_condition, has.clone(), ends_grace);
        let works_here = matches!(state, State::Active | State::Leave { .. } | State::Suspended { .. });
        let moved = holds.moved(&difference, &has, catalogue, now);
        if let Some(moved) = moved.filter(|_| follows == Follows::Record && works_here) {
            let said = match &said {
                Some(said) => said,
                None => said.insert(entitlements::said_of_power(tx).await?),
            };
            let case = movers::begin(ctx, tx, person, moved, said).await?;
            let replaced: Vec<Assignment> = has.iter().filter(|one| is_kept_anew(one, &case)).cloned().collect();
            if !replaced.is_empty() {
                ended.entry(EndCause::Over.as_str()).or_default().extend(replaced);
                in_grace.push(&person.id);
            }
            begun.extend(case.kept.iter().map(|kept| in_window(ctx, &case, kept)));
        }
        if difference.end.iter().any(|(one, _)| matches!(one.because, Because::Grace { .. })) {
            in_grace.push(&person.id);
        }
        begun.extend(difference.begin.into_iter().map(|(role, values)| birthright(ctx, person, role, values, now)));
        for (assignment, cause) in difference.end {
            ended.entry(cause.as_str()).or_default().push(assignment);
        }
    }
    if begun.is_empty() && ended.is_empty() {
        return Ok(BTreeSet::new());
    }
    let all_ended: Vec<Assignment> = ended.values().flatten().cloned().collect();
    tx.also(events::derived(&begun, &all_ended));
    for cause in EndCause::ALL {
        let of_cause: Vec<&AssignmentId> = ended.get(cause.as_str()).into_iter().flatten().map(|one| &one.id).collect();
        store::end_all(tx, &of_cause, Ended { at: now, cause }).await?;
    }
    store::insert_all(tx, &begun).await?;
    for identity in in_grace {
        movers::settle(tx, identity).await?;
    }
    Ok(begun.into_iter().chain(all_ended).map(|assignment| assignment.identity).collect())
}

/// What somebody would hold if these were the roles: the roles, and the assignments that are open then. Nothing is kept
/// for a grace that is not kept already, and nothing is changed.
pub(crate) fn foreseen<'a>(
    ctx: &Ctx,
    person: &Identity,
    catalogue: &'a Catalogue,
    open: &[Assignment],
) -> (Vec<Held<'a>>, Vec<Assignment>) {
    let now = ctx.now();
    let holds = Holds::of(person, catalogue, open, now);
    let ends_grace = |role: &str| holds.ends_grace(role, catalogue);
    let difference = rules::difference(person.outlook.settled(), &holds.by_condition, open.to_vec(), ends_grace);
    let stays = |one: &&Assignment| difference.end.iter().all(|(ended, _)| ended.id != one.id);
    let kept: Vec<Assignment> = open.iter().filter(stays).cloned().collect();
    let begun = difference.begin.into_iter().map(|(role, values)| birthright(ctx, person, role, values, now));
    (holds.with_gifts.unwrap_or(holds.by_condition), kept.into_iter().chain(begun).collect())
}

/// The roles that somebody holds now.
struct Holds<'a> {
    by_condition: Vec<Held<'a>>,
    /// With those that they were given, where there are such.
    with_gifts: Option<Vec<Held<'a>>>,
}

impl<'a> Holds<'a> {
    fn of(person: &Identity, catalogue: &'a Catalogue, has: &[Assignment], now: Timestamp) -> Self {
        let is_gift = |one: &&Assignment| one.holds(now) && matches!(one.because, Because::Person { .. });
        let gifts: Vec<&Assignment> = has.iter().filter(is_gift).collect();
        let with_gifts = (!gifts.is_empty()).then(|| catalogue.with(person, &gifts));
        Self { by_condition: catalogue.by_condition(person), with_gifts }
    }

    fn all(&self) -> &[Held<'a>] {
        self.with_gifts.as_ref().unwrap_or(&self.by_condition)
    }

    fn ends_grace(&self, role: &str, catalogue: &Catalogue) -> bool {
        self.all().iter().any(|held| held.role.name == role) || catalogue.is_forbidden_beside(self.all(), role)
    }

    /// What somebody loses by a change of their record; `None` when that is nothing.
    fn moved(
        &self,
        difference: &Difference,
        has: &[Assignment],
        catalogue: &Catalogue,
        now: Timestamp,
    ) -> Option<Move> {
        let ends = |one: &Assignment| difference.end.iter().any(|(ended, _)| ended.id == one.id);
        let lost = |one: &&Assignment| ends(one) && matches!(one.because, Because::Condition { .. });
        let mut lost: Vec<&str> = has.iter().filter(lost).filter_map(role_of).collect();
        if lost.is_empty() {
            return None;
        }
        lost.sort_unstable();
        let mut still = BTreeSet::new();
        // What is kept of a role that was lost before ends earlier than what is kept from now on.
        let is_kept = |one: &Assignment| matches!(one.because, Because::Grace { .. });
        for one in has.iter().filter(|one| !ends(one) && !is_kept(one)) {
            match &one.what {
                What::Entitlement(entitled) => {
                    still.insert(entitled.clone());
                }
                What::Role(role) if one.holds(now) => still.extend(catalogue.grants_of(role)),
                What::Role(_) => {}
            }
        }
        let gained: Vec<String> = difference.begin.iter().map(|(role, _)| role.clone()).collect();
        still.extend(gained.iter().flat_map(|role| catalogue.grants_of(role)));
        let lost = lost.into_iter().map(|name| LostRole {
            name: name.to_owned(),
            grants: catalogue.grants_of(name),
            is_forbidden: catalogue.is_forbidden_beside(self.all(), name),
        });
        Some(Move { gained, lost: lost.collect(), still })
    }
}

fn role_of(assignment: &Assignment) -> Option<&str> {
    match &assignment.what {
        What::Role(role) => Some(role),
        What::Entitlement(_) => None,
    }
}

/// Whether it is kept of a role that was lost before, and now of another one too.
fn is_kept_anew(one: &Assignment, case: &MoverCase) -> bool {
    let same = |kept: &Kept| one.what == What::Entitlement(kept.entitled.clone());
    matches!(one.because, Because::Grace { .. }) && case.kept.iter().any(same)
}

/// What is kept until the end of the grace.
fn in_window(ctx: &Ctx, case: &MoverCase, kept: &Kept) -> Assignment {
    Assignment {
        id: AssignmentId::new(ctx.clock(), ctx.chance()),
        identity: case.identity.clone(),
        what: What::Entitlement(kept.entitled.clone()),
        from: case.begun_at,
        until: Some(case.grace_until),
        given_at: case.begun_at,
        because: Because::Grace { role: kept.role.clone(), case: case.id.clone() },
        ended: None,
    }
}

fn birthright(ctx: &Ctx, person: &Identity, role: String, values: String, now: Timestamp) -> Assignment {
    Assignment {
        id: AssignmentId::new(ctx.clock(), ctx.chance()),
        identity: person.id.clone(),
        what: What::Role(role),
        from: now,
        until: None,
        given_at: now,
        because: Because::Condition { values },
        ended: None,
    }
}

/// Has everybody's assignments derived anew soon.
pub(crate) async fn later(ctx: &Ctx, tx: &mut Write) -> Result<(), DbError> {
    let (key, due_at) = ("all".to_owned(), tx.now());
    let job = NewJob { kind: JOB, key, payload: String::new(), due_at, max_attempts: None };
    tx.enqueue(&JobId::new(ctx.clock(), ctx.chance()), &job).await
}

async fn everybody(ctx: &Ctx) -> Result<(), LedgerError> {
    let mut after = None;
    loop {
        let mut tx = ctx.decide().await?;
        let filter = identities::Filter { after, limit: AT_ONCE, ..identities::Filter::default() };
        let people = identities::store::list(&mut tx, &filter).await?;
        let Some(last) = people.last() else { return Ok(()) };
        after = Some(last.id.clone());
        let catalogue = roles::catalogue(&mut tx, []).await?;
        let changed = rederive(ctx, &mut tx, &people.iter().collect::<Vec<_>>(), &catalogue, Follows::Other).await?;
        if !changed.is_empty() {
            reconciliation::mark(&mut tx, &changed).await?;
            tx.commit().await?;
        }
    }
}

/// Registers what goes through everybody.
pub fn handlers(worker: Worker, ctx: &Ctx) -> Worker {
    let ctx = ctx.acting_as(Actor::duty(JOB));
    worker.handle(JOB, move |_| {
        let ctx = ctx.clone();
        async move { everybody(&ctx).await.map_err(|error| JobError::Retry(error.to_string())) }
    })
}
