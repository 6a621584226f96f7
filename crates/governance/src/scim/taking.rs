//! What was pushed becomes true of people: users go, as records, where those of every source go. One of whom nothing can be
//! made yet holds up nobody else.

use super::{ScimFault, records, store};
use crate::imports::{self, Mode};
use crate::sources::sift::{self, Sifted};
use crate::sources::{self, EVERYBODYS, Source, SourceError, SourceKind};
use connectors::hr_csv::EmploymentStatus;
use connectors::sources::{Extent, Record};
use db::DbError;
use db::jobs::{JobError, NewJob, Worker};
use ledger::{Ctx, Write, finding};
use std::collections::{BTreeMap, HashSet};
use types::{Actor, Failure, JobId};

/// The kind of the job that takes what was pushed to a source.
const JOB: &str = "scim.take";

/// The finding while not all of a user that was pushed can be taken as a record.
pub const NOT_TAKEN: &str = "scim_user_not_taken";

pub(super) async fn later(ctx: &Ctx, tx: &mut Write, source: &str) -> Result<(), DbError> {
    let due_at = tx.now();
    let job = NewJob { kind: JOB, key: source.to_owned(), payload: String::new(), due_at, max_attempts: None };
    tx.enqueue(&JobId::new(ctx.clock(), ctx.chance()), &job).await
}

/// Takes all users as they are now; what is known already changes nothing. A source that is not declared any more means nothing.
async fn take(ctx: &Ctx, name: &str) -> Result<(), ScimFault> {
    let source = match sources::get(ctx, name).await {
        Ok(source) if source.kind == SourceKind::Scim => source,
        Ok(_) | Err(SourceError::NotFound(_)) => return Ok(()),
        Err(error) => return Err(Box::new(error).into()),
    };
    let mut tx = ctx.read().await?;
    let whole = records::all(&mut tx, name).await?;
    let gone = store::users_gone(&mut tx, name).await?;
    drop(tx);
    let (sound, faulty, ended) = sifted(ctx, &source, whole).await?;
    tell(ctx, name, &sound, &faulty).await?;
    let gone = [gone, ended].concat();
    let feed = records::as_feed(sound, Extent::Changes { gone });
    imports::take(ctx, name, &feed, Mode::Apply).await.map_err(Box::new)?;
    Ok(())
}

/// With the code of what is wrong with each, by key.
type Faulty = BTreeMap<String, &'static str>;

/// What can be taken of what was pushed, what is wrong with it, and of whom nothing can be taken but that they have left.
async fn sifted(
    ctx: &Ctx,
    source: &Source,
    mut whole: Vec<Record>,
) -> Result<(Vec<Record>, Faulty, Vec<String>), ScimFault> {
    let own = source.own_attributes();
    for record in &mut whole {
        record.attributes.retain(|name, _| EVERYBODYS.contains(&name.as_str()) || own.contains(name));
    }
    if sources::rules::fit(source, &whole).is_ok() {
        return Ok((whole, Faulty::new(), Vec::new()));
    }
    let known = sources::store::stated(&mut ctx.read().await?, &source.name).await?;
    let Sifted { sound, unfit, misfits } = sift::sift(source, whole, &known);
    let has_ended = |record: &&Record| {
        record.employment.as_ref().is_some_and(|employment| employment.status == EmploymentStatus::Terminated)
    };
    let ended = unfit.iter().filter(has_ended).map(|record| record.key.clone()).collect();
    let faulty = misfits.into_iter().map(|misfit| (misfit.key, misfit.code)).collect();
    Ok((sound, faulty, ended))
}

async fn tell(ctx: &Ctx, source: &str, sound: &[Record], faulty: &Faulty) -> Result<(), ScimFault> {
    for (key, code) in faulty {
        let detail = format!(
            "not all of the user `{key}` that was pushed to the source `{source}` can be taken ({code}): a name and a mail \
             address of their own are needed, and a time zone of the IANA database if any; what was known before stays \
             until it is corrected where it is pushed from, and who was not known is not taken"
        );
        finding::raise(ctx, NOT_TAKEN, key, &detail).await?;
    }
    let keys: HashSet<&str> = sound.iter().map(|record| record.key.as_str()).collect();
    for open in finding::open(ctx, NOT_TAKEN).await? {
        let is_sound = keys.contains(open.subject.as_str()) && !faulty.contains_key(&open.subject);
        if is_sound || store::is_gone(&mut ctx.read().await?, source, &open.subject).await? {
            finding::clear(ctx, NOT_TAKEN, &open.subject).await?;
        }
    }
    Ok(())
}

/// Registers what takes users.
pub(crate) fn handlers(worker: Worker, ctx: &Ctx) -> Worker {
    let ctx = ctx.acting_as(Actor::duty(JOB));
    worker.handle(JOB, move |job| {
        let ctx = ctx.clone();
        // The queue keeps what it is told, and the error's text may hold what was pushed.
        async move { take(&ctx, &job.key).await.map_err(|error| JobError::Retry(error.code().to_owned())) }
    })
}
