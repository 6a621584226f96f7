//! What is to be changed on systems, held or done: `/plans`.

use crate::named::Named;
use crate::page::{Page, PageQuery};
use crate::person::{People, Person};
use crate::problem::Problem;
use crate::session::SignedIn;
use axum::Json;
use axum::extract::{Path, Query};
use governance::plans::{self, Filter, Outcome, State};
use ledger::Ctx;
use types::{IdentityId, PlanId, Timestamp};

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct ReconciliationPlan {
    pub(crate) id: String,
    pub(crate) system: String,
    /// `held`, `released`, `settled` or `superseded`.
    pub(crate) state: String,
    /// Why it waits for a person; empty unless it is held.
    pub(crate) held_because: Vec<String>,
    pub(crate) counts: PlanCounts,
    pub(crate) lines: u64,
    /// Steps that wait for a later plan, because this one is as large as plans get.
    pub(crate) more: u64,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) computed_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) released_at: Option<Timestamp>,
    /// Who let it through, where it was held.
    pub(crate) confirmed_by: Option<Person>,
}

/// Steps by what they do.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct PlanCounts {
    pub(crate) create: u64,
    pub(crate) change: u64,
    pub(crate) enable: u64,
    pub(crate) disable: u64,
    pub(crate) delete: u64,
    pub(crate) grant: u64,
    pub(crate) revoke: u64,
    /// Of the grants, those that give power.
    pub(crate) privileged: u64,
}

impl From<plans::Counts> for PlanCounts {
    fn from(counts: plans::Counts) -> Self {
        let plans::Counts { create, change, enable, disable, delete, grant, revoke, privileged } = counts;
        Self { create, change, enable, disable, delete, grant, revoke, privileged }
    }
}

async fn describe_all(ctx: &Ctx, all: Vec<plans::Plan>) -> Result<Vec<ReconciliationPlan>, Problem> {
    let confirmed = |plan: &plans::Plan| plan.state.released().and_then(|released| released.confirmed_by.clone());
    let who: Vec<IdentityId> = all.iter().filter_map(confirmed).collect();
    let people = People::of(ctx, &who).await?;
    let shown = |plan: plans::Plan| ReconciliationPlan {
        held_because: match &plan.state {
            State::Held { holds } => holds.iter().map(ToString::to_string).collect(),
            _ => Vec::new(),
        },
        released_at: plan.state.released().map(|released| released.at),
        confirmed_by: confirmed(&plan).map(|by| people.person(&by)),
        state: plan.state.as_str().to_owned(),
        id: plan.id.to_string(),
        system: plan.system,
        counts: plan.counts.into(),
        lines: plan.lines,
        more: plan.more,
        computed_at: plan.computed_at,
    };
    Ok(all.into_iter().map(shown).collect())
}

#[derive(serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PlanQuery {
    system: Option<String>,
    /// `held`, `released`, `settled` or `superseded`.
    state: Option<String>,
}

/// Plans, newest first.
#[utoipa::path(get, path = "/api/v1/plans", tag = "plans", params(PlanQuery, PageQuery), responses((status = 200, body = Page<ReconciliationPlan>)))]
pub(crate) async fn list(
    signed_in: SignedIn,
    Query(query): Query<PlanQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<ReconciliationPlan>>, Problem> {
    let PlanQuery { system, state } = query;
    let filter = Filter { system, state, after: page.after()?, limit: page.and_one_more() };
    let items = describe_all(&signed_in.ctx, plans::list(&signed_in.ctx, &filter).await?).await?;
    Ok(Json(Page::new(items, page.limit(), |plan| plan.id.clone())))
}

/// One plan.
#[utoipa::path(get, path = "/api/v1/plans/{id}", tag = "plans", params(("id" = String, Path)), responses((status = 200, body = ReconciliationPlan), (status = 404, body = Problem)))]
pub(crate) async fn show(signed_in: SignedIn, Path(id): Path<PlanId>) -> Result<Json<ReconciliationPlan>, Problem> {
    let plan = plans::get(&signed_in.ctx, &id).await?;
    Ok(Json(describe_all(&signed_in.ctx, vec![plan]).await?.remove(0)))
}

/// One step of a plan.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct PlanStep {
    pub(crate) position: u64,
    /// `create`, `change`, `enable`, `disable`, `delete`, `grant` or `revoke`.
    pub(crate) act: String,
    pub(crate) identity: Person,
    pub(crate) account: Option<String>,
    /// Of the account, also of one that is not there yet.
    pub(crate) login: Option<String>,
    pub(crate) entitlement: Option<String>,
    /// What its system calls the entitlement.
    pub(crate) entitlement_name: Option<String>,
    /// What is set.
    #[schema(value_type = Object)]
    pub(crate) attributes: std::collections::BTreeMap<String, Vec<String>>,
    pub(crate) privileged: bool,
    /// `plan`, `leaver` or `drift`.
    pub(crate) cause: String,
    /// The assignment or the drift that it follows from.
    pub(crate) because: Option<String>,
}

/// The steps of a plan, those first that take power away.
#[utoipa::path(get, path = "/api/v1/plans/{id}/lines", tag = "plans", params(("id" = String, Path), PageQuery), responses((status = 200, body = Page<PlanStep>), (status = 404, body = Problem)))]
pub(crate) async fn lines(
    signed_in: SignedIn,
    Path(id): Path<PlanId>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<PlanStep>>, Problem> {
    let from = page.after::<u64>()?.map_or(0, |after| after.saturating_add(1));
    let found = plans::lines(&signed_in.ctx, &id, from, page.and_one_more()).await?;
    let people = People::of(&signed_in.ctx, found.iter().map(|(_, line)| &line.identity)).await?;
    let accounts = found.iter().filter_map(|(_, line)| line.account.as_ref());
    let entitlements = found.iter().filter_map(|(_, line)| line.entitlement.as_ref());
    let named = Named::of(&signed_in.ctx, accounts, entitlements).await?;
    let shown = |(position, line): (u64, plans::PlanLine)| PlanStep {
        position,
        act: line.act.as_str().to_owned(),
        identity: people.person(&line.identity),
        login: named.login(line.account.as_ref(), line.login),
        entitlement_name: named.entitlement(line.entitlement.as_ref()),
        account: line.account.map(|account| account.to_string()),
        entitlement: line.entitlement.map(|entitlement| entitlement.to_string()),
        attributes: line.attributes,
        privileged: line.privileged,
        cause: line.cause.as_str().to_owned(),
        because: line.because,
    };
    Ok(Json(Page::new(found.into_iter().map(shown).collect(), page.limit(), |step| step.position.to_string())))
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanConfirmation {
    reason: String,
}

/// What came of computing a plan.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct PlanOutcome {
    /// `released`, `held` or `nothing`: there is nothing to do that is not done or held already.
    pub(crate) outcome: String,
    pub(crate) plan: Option<String>,
    /// Why it is held.
    pub(crate) held_because: Vec<String>,
}

fn outcome(outcome: Outcome) -> Json<PlanOutcome> {
    let (word, plan, holds) = match outcome {
        Outcome::Released(plan) => ("released", Some(plan), Vec::new()),
        Outcome::Held(plan, holds) => ("held", Some(plan), holds),
        Outcome::Nothing | Outcome::NothingKnown => ("nothing", None, Vec::new()),
    };
    Json(PlanOutcome {
        outcome: word.to_owned(),
        plan: plan.map(|plan| plan.to_string()),
        held_because: holds.iter().map(ToString::to_string).collect(),
    })
}

/// Let a held plan through. It is computed once more: where it would do more than what was shown, it is held again.
#[utoipa::path(post, path = "/api/v1/plans/{id}/confirm", tag = "plans", params(("id" = String, Path)), request_body = PlanConfirmation, responses((status = 200, body = PlanOutcome), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn confirm(
    signed_in: SignedIn,
    Path(id): Path<PlanId>,
    Json(given): Json<PlanConfirmation>,
) -> Result<Json<PlanOutcome>, Problem> {
    Ok(outcome(plans::confirm(&signed_in.ctx, &id, &given.reason).await?))
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanAsked {
    system: String,
}

/// Compare a system with what it should hold, now. What it refused before is tried once more.
#[utoipa::path(post, path = "/api/v1/plans", tag = "plans", request_body = PlanAsked, responses((status = 200, body = PlanOutcome), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn compute(signed_in: SignedIn, Json(asked): Json<PlanAsked>) -> Result<Json<PlanOutcome>, Problem> {
    Ok(outcome(plans::compute_now(&signed_in.ctx, &asked.system).await?))
}
