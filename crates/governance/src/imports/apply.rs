//! Carrying out a plan inside one transaction. Leavers first, and of a leaver the privileged access first.

use super::{Attributes, Change, Import, ImportError, LeaverSign, Plan, What, events, lines, naming, store};
use crate::identities::{self, Identity, Status, end_of, has_passed};
use crate::roles::{self, Catalogue};
use crate::{lifecycle, machines};
use authn::accounts::{self, AccountError};
use data_encoding::HEXLOWER;
use grants::EndCause;
use ledger::{Ctx, Write, manifest};
use std::collections::HashMap;
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
    let written: Vec<Vec<u8>> =
        plan.changes.iter().map(|change| lines::to_bytes(ctx, people.id(change), &change.line())).collect();
    let root = HEXLOWER.encode(&manifest::root(&written));
    tx.also(events::applied(import, &root, written.len(), confirmation.as_ref()));
    let leavers = plan.changes.iter().filter(|change| change.what == What::Leaver);
    for change in leavers {
        leave(ctx, tx, import, change, &people).await?;
    }
    let others = plan.changes.iter().filter(|change| change.what != What::Leaver);
    let (joiners, known): (Vec<&Change>, Vec<&Change>) = others.partition(|change| change.what == What::Joiner);
    let catalogue = roles::catalogue(tx).await?;
    for change in &known {
        save(ctx, tx, change, &people, &catalogue).await?;
    }
    join(tx, &joiners, &people).await?;
    // Who is known may give a name up that a newcomer takes.
    let mut nameless = name_accounts(tx, known.into_iter().filter(needs_name), &people).await?;
    nameless.extend(name_newcomers(tx, &joiners, &people).await?);
    naming::later(ctx, tx, nameless).await?;
    let changed = plan.changes.iter().map(|change| people.id(change));
    keep_lines(ctx, tx, import, changed.zip(&written)).await
}

async fn join(tx: &mut Write, joiners: &[&Change], people: &People) -> Result<(), ImportError> {
    let now = tx.now();
    let new: Vec<_> = joiners.iter().map(|change| (people.identity(change), true_from(change, now))).collect();
    Ok(identities::store::insert_all(tx, &new, now).await?)
}

async fn leave(
    ctx: &Ctx,
    tx: &mut Write,
    import: &Import,
    change: &Change,
    people: &People,
) -> Result<(), ImportError> {
    let leaving = people.identity(change);
    let sign = change.sign.unwrap_or(LeaverSign::Terminated);
    let event = lifecycle::Event { import: Some(&import.id), at: import.received_at, sign };
    lifecycle::begin(ctx, tx, &leaving.id, event).await?;
    let now = tx.now();
    Ok(identities::store::change(tx, &leaving, true_from(change, now), now).await?)
}

async fn save(
    ctx: &Ctx,
    tx: &mut Write,
    change: &Change,
    people: &People,
    catalogue: &Catalogue,
) -> Result<(), ImportError> {
    let (identity, now) = (people.identity(change), tx.now());
    identities::store::change(tx, &identity, true_from(change, now), now).await?;
    match change.what {
        What::Rejoiner => Ok(lifecycle::cancel(tx, &identity.id).await?),
        What::Joiner | What::Mover | What::Leaver => {
            withdraw_unearned(ctx, tx, &identity, catalogue).await?;
            Ok(machines::withdraw_unearned(ctx, tx, &identity, catalogue).await.map_err(Box::new)?)
        }
    }
}

/// Ends grants on logins for which no role makes the person eligible any more.
async fn withdraw_unearned(
    ctx: &Ctx,
    tx: &mut Write,
    identity: &Identity,
    catalogue: &Catalogue,
) -> Result<(), ImportError> {
    let now = tx.now();
    let open = grants::not_ended_of(tx, &identity.id).await?;
    if open.is_empty() {
        return Ok(());
    }
    let eligible = catalogue.eligibility(identity, now);
    for grant in open.into_iter().filter(|grant| !grant.window.has_ended(now)) {
        if !eligible.iter().any(|offer| offer.system == grant.target && offer.login == grant.login) {
            let reason = "the HR record changed, and no role makes the holder eligible any more";
            grants::issue::withdraw(ctx, tx, &grant.id, EndCause::Ineligible, reason).await?;
        }
    }
    Ok(())
}

fn needs_name(change: &&Change) -> bool {
    let renamed = change.before.as_ref().is_none_or(|before| before.email != change.after.email);
    change.after.status != Status::Terminated && (renamed || change.what == What::Rejoiner)
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
    let newcomers = joiners.iter().filter(|change| needs_name(change));
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
    let Attributes { status, start_date, end_date, .. } = &change.after;
    match (status, end_date) {
        (Status::Terminated, Some(last_day)) if has_passed(end_date.as_ref(), now) => end_of(last_day),
        (Status::Terminated, _) => now,
        _ if change.what == What::Joiner => start_date.start_utc(),
        _ => now,
    }
}

/// Ids by employee number, those of joiners included.
struct People(HashMap<String, IdentityId>);

impl People {
    async fn new(ctx: &Ctx, tx: &mut Write, plan: &Plan) -> Result<Self, ImportError> {
        let mut ids = identities::store::ids(tx).await?;
        for change in plan.changes.iter().filter(|change| change.identity.is_none()) {
            ids.insert(change.after.employee_id.clone(), IdentityId::new(ctx.clock(), ctx.chance()));
        }
        Ok(Self(ids))
    }

    fn id(&self, change: &Change) -> &IdentityId {
        &self.0[&change.after.employee_id]
    }

    fn identity(&self, change: &Change) -> Identity {
        let after = change.after.clone();
        Identity {
            id: self.id(change).clone(),
            manager: after.manager_id.as_ref().and_then(|manager| self.0.get(manager)).cloned(),
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
        }
    }
}
