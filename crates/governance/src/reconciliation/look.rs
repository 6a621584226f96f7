//! Looks closely at some people on one system: what lies between what is and what should be, and what explains it. Reads,
//! and writes nothing, so that it can be done once more inside the transaction that acts on it.

use super::desired::{Subject, desired};
use super::difference::difference;
use super::ground::Ground;
use super::store::{self, SettledRow};
use super::verdict::{Facts, Settled, Verdict, verdict};
use super::{Desired, Observed, Step, StepKind, Unshown};
use crate::drifts::{self, Answer, Drift};
use crate::identities::{self, Identity};
use crate::mappings::DriftPolicy;
use crate::plans::{self, PlanError};
use crate::states::State;
use crate::{assignments, mappings};
use connectors::connector::Status;
use db::ReadTx;
use ledger::Ctx;
use provisioning::walk::{self, Held};
use provisioning::{Act, Cause, Order, What, order};
use std::collections::{BTreeMap, HashMap};
use types::{DriftId, IdentityId, ObservedAccountId, Timestamp};

/// A step that is to be ordered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) identity: IdentityId,
    pub(crate) what: What,
    pub(crate) privileged: bool,
    pub(crate) cause: Cause,
    /// Id of what it follows from; the plan's own where there is nothing else.
    pub(crate) because: Option<String>,
    /// Of all that the person should be on the system.
    pub(crate) desired: [u8; 32],
}

/// What came of looking at one person.
#[derive(Debug, Clone)]
pub(crate) struct Looked {
    pub(crate) identity: IdentityId,
    pub(crate) lines: Vec<Line>,
    /// New ones, and those with another state.
    pub(crate) drifts: Vec<Drift>,
    /// Those that nothing is left of.
    pub(crate) over: Vec<Drift>,
    /// What is as it should be now, and was not known to be.
    pub(crate) settled: Vec<SettledRow>,
    /// Rows of accounts that are not there any more.
    pub(crate) unsettled: Vec<ObservedAccountId>,
}

impl Looked {
    fn nothing(identity: &IdentityId) -> Self {
        Self {
            identity: identity.clone(),
            lines: Vec::new(),
            drifts: Vec::new(),
            over: Vec::new(),
            settled: Vec::new(),
            unsettled: Vec::new(),
        }
    }

    /// Whether something is to be decided in a transaction.
    pub(crate) fn is_news(&self) -> bool {
        !(self.lines.is_empty() && self.drifts.is_empty() && self.over.is_empty())
    }
}

/// How to look.
#[derive(Clone, Copy)]
pub(crate) struct Look<'a> {
    pub(crate) ctx: &'a Ctx,
    /// A person asked: what was refused is tried once more.
    pub(crate) insists: bool,
}

/// Everything about some people that is read at once.
struct Known {
    people: HashMap<IdentityId, Identity>,
    assignments: HashMap<IdentityId, Vec<assignments::Assignment>>,
    held: HashMap<IdentityId, Vec<Held>>,
    settled: HashMap<IdentityId, Vec<SettledRow>>,
    drifts: HashMap<IdentityId, Vec<Drift>>,
    /// What each person should be when something was ordered for them last.
    ordered: HashMap<IdentityId, [u8; 32]>,
}

impl Known {
    async fn read(tx: &mut ReadTx, ground: &Ground, ids: &[IdentityId]) -> Result<Self, PlanError> {
        let mut held: HashMap<IdentityId, Vec<Held>> = HashMap::new();
        for one in walk::accounts_on(tx, &ground.system, ids).await? {
            if let Some(link) = &one.account.link {
                held.entry(link.identity.clone()).or_default().push(one);
            }
        }
        Ok(Self {
            people: identities::store::of_ids(tx, ids).await?,
            assignments: assignments::store::open_of(tx, ids).await?,
            settled: store::settled_of(tx, &ground.system, ids).await?,
            drifts: drifts::store::live_of(tx, &ground.system, ids).await?,
            ordered: plans::store::ordered_desires(tx, &ground.system, ids).await?,
            held,
        })
    }
}

/// One person with the steps, before these are explained.
struct Case<'a> {
    person: &'a Identity,
    desired: Desired,
    steps: Vec<Step>,
}

pub(crate) async fn look(
    tx: &mut ReadTx,
    ground: &Ground,
    ids: &[IdentityId],
    how: Look<'_>,
) -> Result<Vec<Looked>, PlanError> {
    let known = Known::read(tx, ground, ids).await?;
    let cases: Vec<Case<'_>> = ids.iter().filter_map(|id| case(ground, &known, id, how.ctx.now())).collect();
    let subjects = cases.iter().flat_map(|case| &case.steps).map(|step| order::subject(&step.what));
    let latest = order::latest(tx, &ground.system, subjects).await?;
    let to_make = cases.iter().filter(|case| case.steps.iter().any(|step| step.what.act() == Act::Create));
    let making = order::being_made(tx, &ground.system, to_make.map(|case| &case.person.id)).await?;
    let ordered = Orders { latest, making };
    Ok(cases.into_iter().map(|case| explained(ground, &known, case, &ordered, how)).collect())
}

/// What was ordered before that a step may have to do with.
struct Orders {
    latest: BTreeMap<String, Order>,
    /// By person, the login of the account that is being made.
    making: BTreeMap<IdentityId, String>,
}

impl Orders {
    /// Whether an account with another login is being made for somebody.
    fn make_another(&self, person: &IdentityId, what: &What) -> bool {
        let other = |login: &String| what.login().is_some_and(|wanted| wanted.to_lowercase() != login.to_lowercase());
        self.making.get(person).is_some_and(other)
    }
}

fn case<'a>(ground: &Ground, known: &'a Known, id: &IdentityId, now: Timestamp) -> Option<Case<'a>> {
    // Machine identities are no people: nothing says which accounts they should have.
    let person = known.people.get(id)?;
    let open = known.assignments.get(id).map_or(&[][..], Vec::as_slice);
    let values = mappings::values(person);
    let wanted = ground.wanted(open, now);
    let subject = Subject { state: person.outlook.at(now), values: &values, wanted: &wanted };
    let desired = desired(&subject, &ground.mapping, now);
    let accounts: Vec<Observed> = known.held.get(id).into_iter().flatten().map(observed).collect();
    let digest = desired.digest();
    let were_so = known.settled.get(id).is_some_and(|rows| rows.iter().any(|row| row.desired == digest));
    let unshown = match were_so || known.ordered.get(id) == Some(&digest) {
        true => Unshown::AreAsWanted,
        false => Unshown::Differ,
    };
    let steps = difference(&desired, &accounts, &ground.powers, unshown);
    Some(Case { person, desired, steps })
}

fn observed(held: &Held) -> Observed {
    let account = &held.account;
    Observed {
        account: account.id.clone(),
        login: account.login.clone(),
        attributes: account.attributes.clone(),
        enabled: account.status == Status::Enabled,
        entitlements: held.direct.clone(),
        is_protected: account.protection.is_some(),
    }
}

fn explained(ground: &Ground, known: &Known, case: Case<'_>, ordered: &Orders, how: Look<'_>) -> Looked {
    let (Case { person, desired, steps }, now) = (case, how.ctx.now());
    let (id, state, digest) = (&person.id, person.outlook.at(now), desired.digest());
    let rows = known.settled.get(id).map_or(&[][..], Vec::as_slice);
    let newest = rows.iter().max_by_key(|row| row.at);
    let settled = newest.map(|row| Settled { at: row.at, same: row.desired == digest });
    let mut live: BTreeMap<(String, Act), &Drift> = BTreeMap::new();
    for drift in known.drifts.get(id).into_iter().flatten() {
        live.insert((drift.subject.clone(), drift.act), drift);
    }
    let (mut looked, mut quiet, mut login_is_stuck) = (Looked::nothing(id), true, false);
    for step in steps {
        let subject = subject_of(&step);
        let facts = Facts {
            at_work: *state == State::Active,
            settled,
            latest: ordered.latest.get(&subject),
            ordered_as_wanted: known.ordered.get(id) == Some(&digest),
            makes_another: ordered.make_another(id, &step.what),
            login_is_stuck,
            insists: how.insists,
            now,
        };
        let found = live.remove(&(subject, step.what.act()));
        let line = |cause: Cause, because: Option<String>| Line {
            identity: id.clone(),
            what: step.what.clone(),
            privileged: step.privileged,
            cause: if state.has_left() { Cause::Leaver } else { cause },
            because,
            desired: digest,
        };
        let verdict = verdict(&step, &facts);
        login_is_stuck |= step.what.act() == Act::Create && verdict == Verdict::Stuck;
        let policy = policy_for(ground, &step, facts.at_work);
        match (verdict, found) {
            (Verdict::UnderWay | Verdict::Stuck, _) => quiet = false,
            (Verdict::Explained, _) => {}
            // What a person accepted stays accepted, whatever else should be now.
            (_, Some(found)) if found.is_accepted() && facts.at_work && !found.must_be_judged_again(policy) => {}
            (Verdict::Follows, None) => {
                looked.lines.push(line(Cause::Plan, step.because.clone()));
                quiet = false;
            }
            (Verdict::Follows | Verdict::Drift, found) => {
                let drift = match found {
                    Some(found) => found.judged(policy, now),
                    None => drift(how.ctx, ground, id, &step, policy),
                };
                quiet &= drift.is_accepted();
                told(&mut looked, found, drift, step.kind, line);
            }
        }
    }
    looked.over = live.into_values().map(|drift| drift.over(now)).collect();
    if quiet {
        let row = |held: &Held| SettledRow {
            account: held.account.id.clone(),
            identity: id.clone(),
            desired: digest,
            observed: held.digest,
            at: now,
        };
        let rows_now: Vec<SettledRow> = known.held.get(id).into_iter().flatten().map(row).collect();
        settle(&mut looked, rows, rows_now);
    }
    looked
}

fn settle(looked: &mut Looked, before: &[SettledRow], now: Vec<SettledRow>) {
    let gone = before.iter().filter(|row| now.iter().all(|there| there.account != row.account));
    looked.unsettled = gone.map(|row| row.account.clone()).collect();
    looked.settled = now.into_iter().filter(|row| !before.iter().any(|known| known.is_same(row))).collect();
}

/// Somebody is told of a difference, unless they were; where it is changed back, that is a line.
fn told(
    looked: &mut Looked,
    before: Option<&Drift>,
    drift: Drift,
    kind: StepKind,
    line: impl FnOnce(Cause, Option<String>) -> Line,
) {
    if drift.is_reverting() && kind == StepKind::ToDo {
        looked.lines.push(line(Cause::Drift, Some(drift.id.to_string())));
    }
    if before != Some(&drift) {
        looked.drifts.push(drift);
    }
}

/// A difference that is only told is about no order.
fn subject_of(step: &Step) -> String {
    match step.kind {
        StepKind::ToDo => order::subject(&step.what),
        StepKind::OnlyTold => order::subject(&step.what) + drifts::COMPARED,
    }
}

fn policy_for(ground: &Ground, step: &Step, at_work: bool) -> DriftPolicy {
    match (step.kind, at_work) {
        (StepKind::OnlyTold, _) => DriftPolicy::Accept,
        (StepKind::ToDo, true) => ground.mapping.drift,
        (StepKind::ToDo, false) => DriftPolicy::Revert,
    }
}

fn drift(ctx: &Ctx, ground: &Ground, identity: &IdentityId, step: &Step, policy: DriftPolicy) -> Drift {
    Drift {
        id: DriftId::new(ctx.clock(), ctx.chance()),
        system: ground.system.clone(),
        subject: subject_of(step),
        act: step.what.act(),
        identity: identity.clone(),
        account: step.what.account().cloned(),
        entitlement: step.what.entitlement().cloned(),
        privileged: step.privileged,
        found_at: ctx.now(),
        answer: Answer::of(policy, ctx.now()),
    }
}
