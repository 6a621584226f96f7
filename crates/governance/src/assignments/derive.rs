//! Keeps what roles grant by their conditions equal to what the conditions say: with every change of a person, and
//! for everybody when roles were declared anew.

use super::{Assignment, Because, EndCause, Ended, What, events, rules, store};
use crate::identities::{self, Identity};
use crate::roles::{self, Catalogue};
use db::DbError;
use db::jobs::{JobError, NewJob, Worker};
use ledger::{Ctx, LedgerError, Write};
use std::collections::BTreeMap;
use types::{Actor, AssignmentId, JobId, Timestamp};

/// The kind of the job that goes through everybody.
const JOB: &str = "assignments.derive";

/// People of one transaction of that job.
const AT_ONCE: u32 = 500;

/// What roles grant these people is theirs, and what they do not any more is not, from now on. Returns how many
/// assignments changed.
pub(crate) async fn rederive(
    ctx: &Ctx,
    tx: &mut Write,
    people: &[&Identity],
    catalogue: &Catalogue,
) -> Result<usize, DbError> {
    let now = tx.now();
    let mut open = store::open_of(tx, people.iter().map(|person| &person.id)).await?;
    let (mut begun, mut ended): (Vec<Assignment>, BTreeMap<&str, Vec<Assignment>>) = (Vec::new(), BTreeMap::new());
    for person in people {
        let by_condition = catalogue.by_condition(person);
        let has = open.remove(&person.id).unwrap_or_default();
        let difference = rules::difference(person.outlook.settled(), &by_condition, has);
        begun.extend(difference.begin.into_iter().map(|(role, values)| birthright(ctx, person, role, values, now)));
        for (assignment, cause) in difference.end {
            ended.entry(cause.as_str()).or_default().push(assignment);
        }
    }
    if begun.is_empty() && ended.is_empty() {
        return Ok(0);
    }
    let all_ended: Vec<Assignment> = ended.values().flatten().cloned().collect();
    tx.also(events::derived(&begun, &all_ended));
    for cause in EndCause::ALL {
        let of_cause: Vec<&AssignmentId> = ended.get(cause.as_str()).into_iter().flatten().map(|one| &one.id).collect();
        store::end_all(tx, &of_cause, Ended { at: now, cause }).await?;
    }
    store::insert_all(tx, &begun).await?;
    Ok(begun.len() + all_ended.len())
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
        if rederive(ctx, &mut tx, &people.iter().collect::<Vec<_>>(), &catalogue).await? > 0 {
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
