//! Who had access to what, when and why; and the story and the evidence of one grant. Reads only, except that an
//! export is itself recorded.

mod error;
mod events;
mod model;
mod rules;

pub use error::AccessError;
pub use events::KINDS;
pub use model::{Answer, Chapter, Holder, Holding, How, Story, Title};
pub use rules::whose;

use crate::{identities, imports, machines, requests, roles, systems};
use authn::Caller;
use grants::{Because, Grant, GrantError};
use ledger::Ctx;
use ledger::bundle::{self, Attachment, Contents};
use ledger::timeline::{self, Line};
use std::collections::BTreeMap;
use std::time::Duration;
use types::{GrantId, IdentityId, Timestamp};

/// A grant that `caller` may see: their own, one on a system they own, or anybody's with `grants.read`. `None` also
/// where there is none.
pub async fn visible(ctx: &Ctx, caller: &Caller, id: &GrantId) -> Result<Option<Grant>, AccessError> {
    let grant = match grants::get(ctx, id).await {
        Err(GrantError::NotFound(_)) => return Ok(None),
        found => found?,
    };
    let system = systems::store::get(&mut ctx.read().await?, &grant.target).await?;
    let machine = machines::store::get(&mut ctx.read().await?, &grant.holder).await?;
    Ok(rules::may_see(&grant, caller, system.as_ref(), machine.as_ref()).then_some(grant))
}

/// Everyone who held access to a system at `at`, whether or not they used it.
pub async fn as_of(ctx: &Ctx, system: &str, login: Option<&str>, at: Timestamp) -> Result<Answer, AccessError> {
    let (checkpoint, _) = ctx.ledger().checkpoint().await?;
    let moment = at.plus(Duration::from_micros(1));
    let mut holdings = Vec::new();
    for grant in grants::overlapping(ctx, system, login, at, moment).await? {
        holdings.push(holding(ctx, grant, at).await?);
    }
    Ok(Answer { at, checkpoint, holdings })
}

async fn holding(ctx: &Ctx, grant: Grant, at: Timestamp) -> Result<Holding, AccessError> {
    let entries = timeline::about(ctx, &grant.id).await?;
    let Because::Request { request, role } = grant.because.clone();
    let asked = requests::get(ctx, &request).await?;
    Ok(Holding {
        who: holder(ctx, &grant.holder, at).await?,
        until: grant.ended().map_or(grant.window.until, |ended| ended.at),
        true_on: rules::held(&grant, at),
        known_on: rules::was_known(&grant, &entries, at),
        because: rules::because(&asked),
        grant: grant.id,
        login: grant.login,
        how: How { role, request },
        from: grant.window.from,
    })
}

async fn holder(ctx: &Ctx, id: &IdentityId, at: Timestamp) -> Result<Holder, AccessError> {
    if let Some(machine) = machines::store::get(&mut ctx.read().await?, id).await? {
        return Ok(Holder { id: machine.id, name: machine.name, is_machine: true });
    }
    let person = match identities::true_on(ctx, id, at).await? {
        Some(person) => person,
        None => identities::get(ctx, id).await?,
    };
    Ok(Holder { name: person.name(), id: person.id, is_machine: false })
}

/// The whole chain of a grant, from the HR record to the moment when nothing of it was left.
pub async fn story(ctx: &Ctx, id: &GrantId) -> Result<Story, AccessError> {
    let (checkpoint, _) = ctx.ledger().checkpoint().await?;
    let grant = grants::get(ctx, id).await?;
    let mut lines: Vec<_> = linked(ctx, &grant).await?.into_values().collect();
    lines.extend(hr_lines(ctx, &grant, rules::issued_seq(&lines)).await?);
    Ok(Story { grant, chapters: rules::chapters(lines), checkpoint })
}

/// The person whose HR record made the grant possible: the holder, or whoever asked for a machine identity.
async fn eligible(ctx: &Ctx, grant: &Grant) -> Result<IdentityId, AccessError> {
    if machines::store::get(&mut ctx.read().await?, &grant.holder).await?.is_none() {
        return Ok(grant.holder.clone());
    }
    let Because::Request { request, .. } = &grant.because;
    Ok(requests::get(ctx, request).await?.requester)
}

/// The lines of imports that made the holder who they were when the grant was issued, and the one by which they left.
/// Each is shown in the entry of its import, with the person's own values as the personal ones.
async fn hr_lines(ctx: &Ctx, grant: &Grant, issued_seq: u64) -> Result<Vec<(Title, Line)>, AccessError> {
    let mut shown = Vec::new();
    for proven in imports::proven_lines(ctx, &eligible(ctx, grant).await?).await? {
        let (mut entry, line) = (proven.entry, proven.line);
        entry.about.push(proven.import.to_string());
        entry.personal.extend(rules::as_personal(&line));
        if entry.seq < issued_seq {
            shown.push((Title::HrRecord, entry));
        } else if line.what == imports::What::Leaver && rules::ended_by_leaving(grant) {
            shown.push((Title::End, entry));
        }
    }
    Ok(shown)
}

/// Every entry that the grant's chain consists of, by sequence number: its own, those of its request, of the role and
/// the system, of the sessions and credentials that its timeline names, and of the leaver case that ended it.
async fn linked(ctx: &Ctx, grant: &Grant) -> Result<BTreeMap<u64, (Title, Line)>, AccessError> {
    let Because::Request { request, role } = &grant.because;
    let mut lines = BTreeMap::new();
    let mut add = |found: Vec<Line>| {
        let titled = |line: Line| rules::title(&line, grant).map(|title| (line.seq, (title, line)));
        lines.extend(found.into_iter().filter_map(titled));
    };
    add(timeline::about(ctx, request).await?);
    let of_grant = timeline::about(ctx, &grant.id).await?;
    for subject in rules::uses(&of_grant) {
        add(timeline::about(ctx, &subject).await?);
    }
    add(of_grant);
    add(rules::of_machine(timeline::about(ctx, &grant.holder).await?, grant));
    let declared = [roles::thread(role), systems::thread(&grant.target)];
    for thread in declared {
        let found = timeline::about(ctx, &thread).await?;
        add(rules::declared_last(found, &thread, grant.issued_at));
    }
    if rules::ended_by_leaving(grant) {
        add(rules::leaving(timeline::about(ctx, &grant.holder).await?, grant));
    }
    Ok(lines)
}

/// A bundle that proves the story offline. The caller supplies the recordings; that they were given out is recorded.
pub async fn evidence(ctx: &Ctx, id: &GrantId, recordings: Vec<Attachment>) -> Result<Vec<u8>, AccessError> {
    let grant = grants::get(ctx, id).await?;
    ctx.append(events::exported(&grant, recordings.len())).await?;
    let mut contents = Contents { recordings, ..Contents::default() };
    let chain = linked(ctx, &grant).await?;
    contents.threads.extend(chain.into_values().map(|(_, line)| line.thread));
    contents.threads.insert(grant.holder.to_string());
    for proven in imports::proven_lines(ctx, &eligible(ctx, &grant).await?).await? {
        contents.threads.insert(proven.import.to_string());
        contents.manifests.push(proven.proof);
    }
    Ok(bundle::build(ctx, id.as_str(), contents).await?)
}
