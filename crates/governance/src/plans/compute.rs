//! From what differs to a plan. First everybody who may differ is looked at in a snapshot; who differs indeed is looked at
//! once more inside the transaction that decides, so that nothing is ordered for a reason that holds no more.

use super::store::{self, KeptLine};
use super::{
    Counts, Hold, Outcome, Plan, PlanError, PlanLine, Released, State, all_over, events, lines, lines_in, tell,
};
use crate::breakers::{self, Breaker, Measure, Trip};
use crate::reconciliation::store::{self as marks, Position, SettledRow, set_position, settle, unsettle};
use crate::reconciliation::{self, Ground, Line, Look, Reach, Suspects, look};
use crate::{conversions, drifts};
use data_encoding::HEXLOWER;
use db::{ReadTx, Value};
use ledger::{Ctx, Write, manifest};
use provisioning::observe::SystemState;
use provisioning::order::{self, Given};
use provisioning::{Act, NewOrder, Rank};
use std::collections::BTreeSet;
use types::{IdentityId, ObservedAccountId, PlanId, Reason, Timestamp};

/// Steps of one plan. What is beyond waits for the next.
const MOST_LINES: usize = 20_000;

/// People that are looked at closely at once.
const AT_ONCE: usize = 500;

/// Accounts of one transaction that says that they are as they should be.
const SETTLED_AT_ONCE: usize = 5_000;

/// What a person asks for.
#[derive(Default)]
pub(super) struct Request {
    pub(super) insists: bool,
    pub(super) confirmation: Option<Confirmation>,
}

/// Who takes responsibility for a plan that was held, and why.
pub(super) struct Confirmation {
    pub(super) held: PlanId,
    /// Why it was held, as the person was told.
    pub(super) holds: Vec<Hold>,
    pub(super) by: IdentityId,
    pub(super) reason: Reason,
}

impl Confirmation {
    /// Whether the person was told of each of these, and of no less.
    fn knows(&self, holds: &[Hold]) -> bool {
        holds.iter().all(|hold| self.holds.iter().any(|told| hold.is_told_by(told)))
    }
}

pub(crate) async fn compute(ctx: &Ctx, system: &str) -> Result<Outcome, PlanError> {
    work(ctx, system, &Request::default()).await
}

pub(super) async fn work(ctx: &Ctx, system: &str, request: &Request) -> Result<Outcome, PlanError> {
    let mut tx = ctx.read().await?;
    let Some(ground) = Ground::read(&mut tx, system).await? else { return Ok(Outcome::NothingKnown) };
    let reach = match request {
        // Somebody waits for the answer.
        Request { confirmation: Some(_), .. } => Reach::OpenPlan,
        Request { insists: true, .. } => Reach::Anew,
        Request { .. } => Reach::System,
    };
    let Suspects { people, position, is_whole } = reconciliation::suspects(&mut tx, &ground, reach, ctx.now()).await?;
    let (ids, mut differing): (Vec<IdentityId>, Vec<IdentityId>) = (people.into_iter().collect(), Vec::new());
    let (mut settled, mut unsettled) = (Vec::new(), Vec::new());
    for some in ids.chunks(AT_ONCE) {
        for looked in look(&mut tx, &ground, some, Look { ctx, insists: request.insists }).await? {
            if looked.is_news() {
                differing.push(looked.identity);
            } else {
                settled.extend(looked.settled);
                unsettled.extend(looked.unsettled);
            }
        }
    }
    drop(tx);
    keep_all_settled(ctx, system, &settled, &unsettled).await?;
    let found = Found { position, is_whole, looked_at: ids.len(), settled: settled.len() };
    decide(ctx, system, &differing, found, request).await
}

/// What a snapshot said. Whatever changed since is looked at again, because it is marked.
struct Found {
    position: Position,
    is_whole: bool,
    looked_at: usize,
    settled: usize,
}

/// In transactions that hold nobody up for long.
async fn keep_all_settled(
    ctx: &Ctx,
    system: &str,
    settled: &[SettledRow],
    unsettled: &[ObservedAccountId],
) -> Result<(), PlanError> {
    for some in settled.chunks(SETTLED_AT_ONCE) {
        let mut tx = ctx.record(reconciliation::compared(system, 0, some.len())).await?;
        keep_settled(&mut tx, system, some, &[]).await?;
        tx.commit().await?;
    }
    for some in unsettled.chunks(SETTLED_AT_ONCE) {
        let mut tx = ctx.record(reconciliation::compared(system, 0, 0)).await?;
        keep_settled(&mut tx, system, &[], some).await?;
        tx.commit().await?;
    }
    Ok(())
}

async fn keep_settled(
    tx: &mut Write,
    system: &str,
    settled: &[SettledRow],
    unsettled: &[ObservedAccountId],
) -> Result<(), PlanError> {
    for row in settled {
        settle(tx, system, row).await?;
    }
    for account in unsettled {
        unsettle(tx, account).await?;
    }
    Ok(())
}

async fn decide(
    ctx: &Ctx,
    system: &str,
    differing: &[IdentityId],
    found: Found,
    request: &Request,
) -> Result<Outcome, PlanError> {
    let told = tell::open(ctx, system).await?;
    let mut tx = ctx.decide().await?;
    let Some(ground) = Ground::read(&mut tx, system).await? else { return Ok(Outcome::NothingKnown) };
    let mut lines = Vec::new();
    for some in differing.chunks(AT_ONCE) {
        for looked in look(&mut tx, &ground, some, Look { ctx, insists: request.insists }).await? {
            drifts::keep(ctx, &mut tx, &looked.drifts, &looked.over).await?;
            keep_settled(&mut tx, system, &looked.settled, &looked.unsettled).await?;
            lines.extend(looked.lines);
        }
    }
    let lines = tell::without_taken_logins(ctx, &mut tx, &ground, lines, (found.is_whole, &told)).await?;
    tell::missing_entitlements(ctx, &mut tx, &ground, &told).await?;
    let draft = Draft::of(lines);
    let open = store::open_of(&mut tx, system).await?;
    let mut position = found.position.since(marks::position(&mut tx, system).await?.as_ref());
    let outcome = match (draft.lines.is_empty(), open) {
        (true, open) => nothing_to_do(&mut tx, open).await?,
        (false, Some(open)) if open.is_held() && request.confirmation.is_none() && open.content == draft.content => {
            Outcome::Nothing
        }
        (false, open) => settle_draft(ctx, &mut tx, &ground, draft, open, request, &mut position).await?,
    };
    tx.also(reconciliation::compared(system, found.looked_at, found.settled));
    set_position(&mut tx, system, &position).await?;
    tx.commit().await?;
    Ok(outcome)
}

/// What is to be done, before anybody says whether it may be.
struct Draft {
    lines: Vec<(Line, PlanLine)>,
    counts: Counts,
    more: u64,
    content: [u8; 32],
}

impl Draft {
    fn of(mut all: Vec<Line>) -> Self {
        let rank = |line: &Line| Rank::of(line.what.act(), line.cause, line.privileged);
        all.sort_by(|a, b| (rank(a), &a.identity).cmp(&(rank(b), &b.identity)));
        let mut counts = Counts::default();
        for line in &all {
            counts.add(line.what.act(), line.privileged, 1);
        }
        let more = all.len().saturating_sub(MOST_LINES) as u64;
        all.truncate(MOST_LINES);
        let with_kept = |line: Line| {
            let kept = PlanLine::from(&line);
            (line, kept)
        };
        let lines: Vec<(Line, PlanLine)> = all.into_iter().map(with_kept).collect();
        let content = lines::content(lines.iter().map(|(_, kept)| kept));
        Self { lines, counts, more, content }
    }

    fn gives_power_to(&self, who: &IdentityId) -> bool {
        let gives = |line: &PlanLine| line.act == Act::Grant && line.privileged && line.identity == *who;
        self.lines.iter().any(|(_, line)| gives(line))
    }
}

/// All is as it should be, or under way.
async fn nothing_to_do(tx: &mut Write, open: Option<Plan>) -> Result<Outcome, PlanError> {
    let Some(plan) = open else { return Ok(Outcome::Nothing) };
    match plan.state.clone() {
        State::Released(released) if all_over(tx, &plan.id).await? => {
            let plan = Plan { state: State::Settled { released, at: tx.now() }, ..plan };
            tx.also(events::settled(&plan));
            store::update(tx, &plan).await?;
        }
        State::Held { .. } => supersede(tx, plan, None).await?,
        _ => {}
    }
    Ok(Outcome::Nothing)
}

async fn settle_draft(
    ctx: &Ctx,
    tx: &mut Write,
    ground: &Ground,
    draft: Draft,
    open: Option<Plan>,
    request: &Request,
    position: &mut Position,
) -> Result<Outcome, PlanError> {
    if let Some(confirmation) = request.confirmation.as_ref().filter(|one| draft.gives_power_to(&one.by)) {
        return Err(PlanError::Own(confirmation.held.clone()));
    }
    let holds = holds(tx, ground, &draft.counts, position.loaded_at, ctx.now()).await?;
    let confirmation = match &request.confirmation {
        Some(confirmation) if confirmation.knows(&holds) && is_no_more(ctx, tx, &draft, &confirmation.held).await? => {
            Some(confirmation)
        }
        _ => None,
    };
    let released = (holds.is_empty() || confirmation.is_some())
        .then(|| Released { at: tx.now(), confirmed_by: confirmation.map(|confirmation| confirmation.by.clone()) });
    let state = match &released {
        Some(released) => State::Released(released.clone()),
        None => State::Held { holds: holds.clone() },
    };
    let plan = kept(ctx, tx, ground, &draft, open, state).await?;
    if let Some(confirmation) = confirmation {
        tx.also(events::confirmed(&plan.id, &confirmation.held, &confirmation.by, confirmation.reason.as_str()));
        let trips: Vec<_> = holds.iter().filter_map(Hold::trip).cloned().collect();
        breakers::let_through(tx, plan.id.as_str(), &trips, &confirmation.reason).await?;
        if holds.contains(&Hold::FirstLoad) {
            position.loaded_at = Some(tx.now());
        }
    }
    if released.is_none() {
        tell::held(ctx, tx, &plan, &holds).await?;
        return Ok(Outcome::Held(plan.id, holds));
    }
    tell::not_held(tx, &plan.id).await?;
    let orders = draft.lines.into_iter().map(|(line, _)| NewOrder {
        system: ground.system.clone(),
        identity: Some(line.identity),
        cause: line.cause,
        because: line.because.unwrap_or_else(|| plan.id.to_string()),
        plan: Some(plan.id.to_string()),
        what: line.what,
    });
    order::give_where(ctx, tx, orders.collect(), &ground.said).await?;
    Ok(Outcome::Released(plan.id))
}

/// The plan as it is kept: the held one where it is the same still, otherwise a new one that takes its place.
async fn kept(
    ctx: &Ctx,
    tx: &mut Write,
    ground: &Ground,
    draft: &Draft,
    open: Option<Plan>,
    state: State,
) -> Result<Plan, PlanError> {
    match open {
        Some(open) if open.is_held() && open.content == draft.content => {
            let plan = Plan { state, ..open };
            store::update(tx, &plan).await?;
            return Ok(plan);
        }
        _ => {}
    }
    let id = PlanId::new(ctx.clock(), ctx.chance());
    if let Some(open) = open {
        supersede(tx, open, Some(&id)).await?;
    }
    let bytes: Vec<Vec<u8>> = draft.lines.iter().map(|(_, kept)| lines::to_bytes(ctx, kept)).collect();
    let plan = Plan {
        system: ground.system.clone(),
        computed_at: tx.now(),
        counts: draft.counts.clone(),
        lines: draft.lines.len() as u64,
        more: draft.more,
        manifest: HEXLOWER.encode(&manifest::root(&bytes)),
        content: draft.content,
        state,
        id,
    };
    tx.also(match &plan.state {
        State::Held { holds } => events::held(&plan, holds),
        _ => events::released(&plan),
    });
    store::insert(tx, &plan).await?;
    let mut rows = Vec::with_capacity(bytes.len());
    for (position, ((line, _), bytes)) in (0_u64..).zip(draft.lines.iter().zip(bytes)) {
        let sealed = lines::sealed(ctx, &plan.id, position, &bytes)?;
        let (act, identity) = (line.what.act().as_str(), line.identity.clone());
        rows.push(KeptLine { sealed, act, identity, desired: line.desired });
    }
    store::insert_lines(tx, &plan.id, rows).await?;
    Ok(plan)
}

async fn supersede(tx: &mut Write, plan: Plan, successor: Option<&PlanId>) -> Result<(), PlanError> {
    let state = State::Superseded { released: plan.state.released().cloned(), at: tx.now() };
    let plan = Plan { state, ..plan };
    tx.also(events::superseded(&plan, successor));
    store::update(tx, &plan).await?;
    tell::not_held(tx, &plan.id).await
}

/// Whether everything in the draft is in the plan that a person saw. What is beyond a draft waits for the next plan.
async fn is_no_more(ctx: &Ctx, tx: &mut ReadTx, draft: &Draft, seen: &PlanId) -> Result<bool, PlanError> {
    let held = lines_in(ctx, tx, seen, 0, u32::MAX).await?;
    let seen: BTreeSet<Vec<u8>> = held.iter().map(|(_, line)| lines::deed(line)).collect();
    Ok(draft.lines.iter().all(|(_, line)| seen.contains(&lines::deed(line))))
}

/// What a person has to look at.
async fn holds(
    tx: &mut ReadTx,
    ground: &Ground,
    counts: &Counts,
    loaded_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<Vec<Hold>, PlanError> {
    let trips = trips(tx, &ground.state, counts, now).await?.into_iter().map(Hold::Tripped);
    Ok(loaded_at.is_none().then_some(Hold::FirstLoad).into_iter().chain(trips).collect())
}

/// Every breaker that so much at once on a system would trip.
pub(crate) async fn trips(
    tx: &mut ReadTx,
    system: &SystemState,
    counts: &Counts,
    now: Timestamp,
) -> Result<Vec<Trip>, PlanError> {
    let breakers = breakers::settings(tx).await?;
    let mut recent = Vec::with_capacity(breakers.len());
    for breaker in &breakers {
        let since = breaker.window.map(|window| now.minus(window.length()));
        recent.push(match since {
            Some(since) => unconfirmed_since(tx, &system.system, since).await?.of(breaker.counts),
            None => 0,
        });
    }
    let count = |breaker: &Breaker| {
        let at = breakers.iter().position(|known| known.name == breaker.name).unwrap_or_default();
        breakers::Counts {
            planned: counts.of(breaker.counts),
            recent: recent[at],
            there: there(system, breaker.counts),
        }
    };
    Ok(breakers::rules::trips(&breakers, count))
}

const fn there(system: &SystemState, measure: Measure) -> u64 {
    match measure {
        Measure::Accounts | Measure::Creations => system.accounts,
        Measure::Grants | Measure::Privileged => system.memberships,
    }
}

/// What plans and conversions ordered that nobody was asked about, from rows.
async fn unconfirmed_since(tx: &mut ReadTx, system: &str, since: Timestamp) -> Result<Counts, PlanError> {
    let given = order::given_since(tx, system, since).await?;
    let plans: BTreeSet<&String> = given.iter().filter_map(|given| given.plan.as_ref()).collect();
    let confirmed = store::confirmed(tx, plans.into_iter().map(Value::from).collect()).await?;
    let mut counts = conversions::unconfirmed_since(tx, system, since).await?;
    for Given { act, rank, plan, orders } in given {
        if plan.is_some_and(|plan| !confirmed.contains(&plan)) {
            let privileged = act == Act::Grant && rank == Rank::of(Act::Grant, provisioning::Cause::Plan, true);
            counts.add(act, privileged, orders);
        }
    }
    Ok(counts)
}
