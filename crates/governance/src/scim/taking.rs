//! What was pushed becomes true of people: users go, as records, where those of every source go. One of whom nothing can be
//! made yet holds up nobody else.

use super::{ScimFault, records, store};
use crate::imports::{self, Mode};
use crate::sources::{self, EVERYBODYS, Held, Source, SourceError, SourceKind};
use connectors::hr_csv::EmploymentStatus;
use connectors::sources::{Extent, Record};
use db::DbError;
use db::jobs::{JobError, NewJob, Worker};
use ledger::{Ctx, Write, finding};
use std::collections::{BTreeMap, HashMap, HashSet};
use types::{Actor, Failure, JobId};

/// The kind of the job that takes what was pushed to a source.
const JOB: &str = "scim.take";

/// The finding while a user that was pushed cannot be taken as a record.
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
    let Sifted { sound, faulty, ended } = sifted(&source, whole);
    tell(ctx, name, &sound, &gone, &faulty).await?;
    take_ended(ctx, &source, &ended).await?;
    let feed = records::as_feed(sound, Extent::Changes { gone });
    imports::take(ctx, name, &feed, Mode::Apply).await.map_err(Box::new)?;
    Ok(())
}

/// That somebody has left is taken, whatever is wrong with the rest of what was pushed of them: the rest stays as it was.
async fn take_ended(ctx: &Ctx, source: &Source, keys: &[String]) -> Result<(), ScimFault> {
    let (mut ended, mut gone, mut addresses) = (Vec::new(), Vec::new(), HashSet::new());
    let mut tx = ctx.read().await?;
    for key in keys {
        let known = sources::store::record(&mut tx, &source.name, key).await?;
        let Some(Held { mut record, gone_at: None, .. }) = known else { continue };
        match &mut record.employment {
            Some(employment) if employment.status != EmploymentStatus::Terminated => {
                employment.status = EmploymentStatus::Terminated;
            }
            _ => continue,
        }
        let address = record.text("email").map(str::to_lowercase);
        // What was sound once may be so no more: then there is nothing of it to keep.
        match problem(source, &record).is_none() && addresses.insert(address) {
            true => ended.push(record),
            false => gone.push(record.key),
        }
    }
    drop(tx);
    if !(ended.is_empty() && gone.is_empty()) {
        let feed = records::as_feed(ended, Extent::Changes { gone });
        imports::take(ctx, &source.name, &feed, Mode::Apply).await.map_err(Box::new)?;
    }
    Ok(())
}

/// What is wrong with a record by itself.
fn problem(source: &Source, record: &Record) -> Option<&'static str> {
    let alone = records::as_feed(vec![record.clone()], Extent::Changes { gone: Vec::new() });
    sources::rules::validate(source, &alone).err().map(|refusal| refusal.code())
}

/// What was pushed, by what can be taken of it.
struct Sifted {
    sound: Vec<Record>,
    /// With the code of what is wrong with each.
    faulty: BTreeMap<String, &'static str>,
    /// Those of the faulty ones who have left.
    ended: Vec<String>,
}

fn sifted(source: &Source, records: Vec<Record>) -> Sifted {
    let own = source.own_attributes();
    let mut addresses: HashMap<String, u32> = HashMap::new();
    for address in records.iter().filter_map(|record| record.text("email")) {
        *addresses.entry(address.to_lowercase()).or_default() += 1;
    }
    let (mut sound, mut faulty, mut ended) = (Vec::new(), BTreeMap::new(), Vec::new());
    for mut record in records {
        record.attributes.retain(|name, _| EVERYBODYS.contains(&name.as_str()) || own.contains(name));
        let shared = record.text("email").is_some_and(|address| addresses[&address.to_lowercase()] > 1);
        let Some(code) = problem(source, &record).or(shared.then_some("feed_doubled")) else {
            sound.push(record);
            continue;
        };
        if record.employment.as_ref().is_some_and(|employment| employment.status == EmploymentStatus::Terminated) {
            ended.push(record.key.clone());
        }
        faulty.insert(record.key, code);
    }
    Sifted { sound, faulty, ended }
}

async fn tell(
    ctx: &Ctx,
    source: &str,
    sound: &[Record],
    gone: &[String],
    faulty: &BTreeMap<String, &'static str>,
) -> Result<(), ScimFault> {
    for (key, code) in faulty {
        let detail = format!(
            "the user `{key}` that was pushed to the source `{source}` cannot be taken ({code}): a name and a mail \
             address of their own are needed, and a time zone of the IANA database if any; correct it where it is pushed from"
        );
        finding::raise(ctx, NOT_TAKEN, key, &detail).await?;
    }
    for open in finding::open(ctx, NOT_TAKEN).await? {
        if gone.contains(&open.subject) || sound.iter().any(|record| record.key == open.subject) {
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
