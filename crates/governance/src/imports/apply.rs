//! Carrying out a plan inside one transaction. Leavers first, and of a leaver the privileged access first.

use super::model::{First, RecordWrite};
use super::{Attributes, Change, Import, ImportError, LeaverSign, Plan, What, events, lines, naming, store};
use crate::assignments::{self, Follows};
use crate::identities::{self, Identity, Status};
use crate::roles::{self, Catalogue};
use crate::sources::{self, Held};
use crate::states::{self, Employment, Given, days};
use crate::{correlation, lifecycle, reconciliation};
use authn::accounts::{self, AccountError};
use data_encoding::HEXLOWER;
use ledger::{Ctx, Write, manifest};
use std::collections::{BTreeSet, HashMap, HashSet};
use types::{IdentityId, Reason, Timestamp};

/// Who took responsibility for applying what the breaker would hold, and why.
pub(super) struct Confirmation {
    pub(super) by: IdentityId,
    pub(super) reason: String,
}

impl Confirmation {
    pub(super) fn by(ctx: &Ctx, reason: &str) -> Result<Self, ImportError> {
        let by = ctx.actor().identity().ok_or(ImportError::NotAPerson)?.clone();
        Ok(Self { by, reason: Reason::new(reason)?.as_str().to_owned() })
    }
}

pub(super) struct Batch<'a> {
    pub(super) import: &'a Import,
    pub(super) plan: &'a Plan,
    pub(super) confirmation: Option<Confirmation>,
}

pub(super) async fn carry_out(ctx: &Ctx, tx: &mut Write, batch: Batch<'_>) -> Result<(), ImportError> {
    let Batch { import, plan, confirmation } = batch;
    let people = People::new(ctx, tx, plan).await?;
    let catalogue = roles::catalogue(tx, people.known.keys()).await?;
    let written: Vec<Vec<u8>> =
        plan.changes.iter().map(|change| lines::to_bytes(ctx, people.id(change), &change.line())).collect();
    let root = HEXLOWER.encode(&manifest::root(&written));
    tx.also(events::applied(import, &root, written.len(), confirmation.as_ref()));
    let leavers = plan.changes.iter().filter(|change| change.what == What::Leaver);
    for change in leavers {
        save(ctx, tx, import, change, &people, &catalogue).await?;
    }
    let others = plan.changes.iter().filter(|change| change.what != What::Leaver);
    let (joiners, known): (Vec<&Change>, Vec<&Change>) = others.partition(|change| change.what == What::Joiner);
    for change in &known {
        save(ctx, tx, import, change, &people, &catalogue).await?;
    }
    join(ctx, tx, &joiners, &people, &catalogue).await?;
    // Who is known may give a name up that a newcomer takes.
    let mut nameless = name_accounts(tx, known.into_iter().filter(|change| people.needs_name(change)), &people).await?;
    nameless.extend(name_newcomers(tx, &joiners, &people).await?);
    naming::later(ctx, tx, nameless).await?;
    let changed = plan.changes.iter().map(|change| people.id(change));
    keep_lines(ctx, tx, import, changed.zip(&written)).await?;
    keep_records(tx, plan, &people).await?;
    states::look_at(ctx, tx, restated(plan)).await?;
    let of = (import.source.as_str(), &import.id);
    Ok(correlation::keep_doubts(ctx, tx, of, &plan.doubts, &plan.cleared).await.map_err(Box::new)?)
}

/// Of whom something else is stated that does not show yet: another employment speaks for them.
fn restated(plan: &Plan) -> BTreeSet<&IdentityId> {
    let changed: HashSet<&IdentityId> = plan.changes.iter().filter_map(|change| change.identity.as_ref()).collect();
    let stated = plan.records.iter().filter_map(|write| write.held.identity.as_ref());
    stated.filter(|identity| !changed.contains(identity)).collect()
}

/// Keeps what the source stated, with whose it is.
async fn keep_records(tx: &mut Write, plan: &Plan, people: &People) -> Result<(), ImportError> {
    let (mut new, mut renewed) = (Vec::new(), Vec::new());
    for RecordWrite { held, joiner, first } in plan.records.iter().cloned() {
        let joined = joiner.map(|number| people.ids[&number].clone());
        let held = Held { identity: joined.or(held.identity), ..held };
        match first {
            First::Yes => new.push(held),
            First::No => renewed.push(held),
        }
    }
    sources::store::save_records(tx, &renewed).await?;
    Ok(sources::store::insert_new_records(tx, &new).await?)
}

async fn join(
    ctx: &Ctx,
    tx: &mut Write,
    joiners: &[&Change],
    people: &People,
    catalogue: &Catalogue,
) -> Result<(), ImportError> {
    let now = tx.now();
    let new: Vec<_> = joiners.iter().map(|change| (people.identity(change), true_from(change, now))).collect();
    identities::store::insert_all(tx, &new, now).await?;
    let new: Vec<&Identity> = new.iter().map(|(identity, _)| identity).collect();
    reconciliation::mark_new(tx, &new.iter().map(|person| &person.id).collect::<Vec<_>>()).await?;
    Ok(assignments::rederive(ctx, tx, &new, catalogue, Follows::Other).await.map(drop)?)
}

async fn save(
    ctx: &Ctx,
    tx: &mut Write,
    import: &Import,
    change: &Change,
    people: &People,
    catalogue: &Catalogue,
) -> Result<(), ImportError> {
    let (identity, now) = (people.identity(change), tx.now());
    identities::store::change(tx, &identity, true_from(change, now), now).await?;
    let sign = change.sign.unwrap_or(LeaverSign::Terminated);
    let event = lifecycle::Event { import: Some(&import.id), at: import.received_at, sign };
    let was = people.known[&identity.id].outlook.settled();
    Ok(states::follow(ctx, tx, was, &identity, catalogue, event).await?)
}

/// Gives everybody their account under the mail address. A name may become free only when its last owner has got
/// another one, so what is refused is tried again as long as that helps. Returns whose name another keeps.
async fn name_accounts(
    tx: &mut Write,
    changes: impl Iterator<Item = &Change>,
    people: &People,
) -> Result<Vec<IdentityId>, ImportError> {
    let mut waiting: Vec<&Change> = changes.collect();
    loop {
        let mut refused = Vec::new();
        for change in &waiting {
            match name_account(tx, change, people.id(change)).await {
                Ok(()) => {}
                Err(AccountError::NameTaken(_)) => refused.push(*change),
                Err(error) => return Err(error.into()),
            }
        }
        if refused.len() == waiting.len() {
            return Ok(refused.into_iter().map(|change| people.id(change).clone()).collect());
        }
        waiting = refused;
    }
}

/// Returns whose name another keeps.
async fn name_newcomers(tx: &mut Write, joiners: &[&Change], people: &People) -> Result<Vec<IdentityId>, AccountError> {
    let newcomers = joiners.iter().filter(|change| people.needs_name(change));
    let newcomers: Vec<_> = newcomers.map(|change| (people.id(change), change.after.email.as_str())).collect();
    accounts::create_all(tx, &newcomers).await
}

async fn name_account(tx: &mut Write, change: &Change, id: &IdentityId) -> Result<(), AccountError> {
    accounts::ensure(tx, id, &change.after.email).await?;
    if change.what == What::Rejoiner {
        accounts::enable(tx, id).await?;
    }
    Ok(())
}

/// Keeps what the manifest in the ledger covers, sealed.
async fn keep_lines<'a>(
    ctx: &Ctx,
    tx: &mut Write,
    import: &Import,
    written: impl Iterator<Item = (&'a IdentityId, &'a Vec<u8>)>,
) -> Result<(), ImportError> {
    let mut sealed = Vec::new();
    for (position, (identity, line)) in (0_u64..).zip(written) {
        sealed.push((identity, lines::seal_line(ctx, &import.id, position, line)?));
    }
    Ok(store::insert_lines(tx, &import.id, sealed).await?)
}

/// Since when a change is true in the world.
fn true_from(change: &Change, now: Timestamp) -> Timestamp {
    let Attributes { status, start_date, end_date, time_zone, .. } = &change.after;
    let over = end_date.as_ref().map(|day| days::ends(day, time_zone)).filter(|over| *over <= now);
    match (status, over) {
        (Status::Terminated, Some(over)) => over,
        (Status::Terminated, None) => now,
        _ if change.what == What::Joiner => days::starts(start_date, time_zone),
        _ => now,
    }
}

/// Ids by employee number, those of joiners included; and what is known of people whom the plan changes.
struct People {
    ids: HashMap<String, IdentityId>,
    known: HashMap<IdentityId, Identity>,
    given: Given,
    now: Timestamp,
}

impl People {
    async fn new(ctx: &Ctx, tx: &mut Write, plan: &Plan) -> Result<Self, ImportError> {
        let mut ids = identities::store::ids(tx).await?;
        for change in plan.changes.iter().filter(|change| change.identity.is_none()) {
            ids.insert(change.after.employee_id.clone(), IdentityId::new(ctx.clock(), ctx.chance()));
        }
        let changed = || plan.changes.iter().filter_map(|change| change.identity.as_ref());
        let known = identities::store::of_ids(tx, changed()).await?;
        Ok(Self { given: states::given(tx, changed()).await?, ids, known, now: tx.now() })
    }

    fn id<'a>(&'a self, change: &'a Change) -> &'a IdentityId {
        change.identity.as_ref().unwrap_or_else(|| &self.ids[&change.after.employee_id])
    }

    fn identity(&self, change: &Change) -> Identity {
        let (after, id) = (change.after.clone(), self.id(change));
        let known = self.known.get(id);
        let time_zone = after.time_zone;
        let status_since = match known {
            Some(known) if known.status == after.status => known.status_since,
            Some(known) if after.status == Status::Terminated => {
                states::rules::known_over(&known.employment(), self.now).unwrap_or(self.now)
            }
            _ => self.now,
        };
        let end = after.end_date.as_ref();
        let alone = [Employment::alone(after.status, &after.start_date, end, &time_zone, status_since)];
        let employments = if change.employments.is_empty() { &alone[..] } else { &change.employments };
        let before = known.map(|known| &known.outlook);
        let outlook = self.given.outlook(id, employments, before, self.now);
        Identity {
            id: id.clone(),
            manager: after.manager_id.as_ref().and_then(|manager| self.ids.get(manager)).cloned(),
            employee_id: after.employee_id,
            given_name: after.given_name,
            family_name: after.family_name,
            email: after.email,
            department: after.department,
            job_title: after.job_title,
            manager_employee_id: after.manager_id,
            status: after.status,
            start_date: after.start_date,
            end_date: after.end_date,
            time_zone,
            status_since,
            attributes: after.own,
            outlook: known.map_or_else(|| outlook.clone(), |known| outlook.clone().following(&known.outlook)),
        }
    }

    /// Whether somebody's account must get a name, which is also how it is given and opened again.
    fn needs_name(&self, change: &Change) -> bool {
        let renamed = change.before.as_ref().is_none_or(|before| before.email != change.after.email);
        !self.identity(change).outlook.settled().is_shut_out() && (renamed || change.what == What::Rejoiner)
    }
}
