//! What other declarations would change, and for whom: `/simulations`.

use crate::configuration::{
    ConfigurationChange, ConfigurationChanges, ConfigurationFiles, ConfigurationPlan, described, read, terms,
};
use crate::page::{Page, PageQuery};
use crate::person::{People, Person};
use crate::problem::Problem;
use crate::session::SignedIn;
use axum::Json;
use axum::extract::{Path, Query};
use governance::configuration;
use governance::simulations::{self, Filter, State};
use ledger::Ctx;
use types::{IdentityId, SimulationId, Timestamp};

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Simulation {
    pub(crate) id: String,
    /// `computed` or `applied`.
    pub(crate) state: String,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) computed_at: Timestamp,
    pub(crate) computed_by: Option<Person>,
    /// What would be declared otherwise, such as `change Role sre`.
    pub(crate) changes: Vec<String>,
    /// People who were looked at: everybody.
    pub(crate) looked_at: u64,
    /// People of whom something would change.
    pub(crate) people: u64,
    pub(crate) gained: SimulationTally,
    pub(crate) lost: SimulationTally,
    /// Attributes of people and of their accounts, and terms, that become something else.
    pub(crate) changed: u64,
    /// People who would hold two roles that nobody may have at once, and do not now.
    pub(crate) conflicts: u64,
    /// Systems that are mapped and were never read to their end: nothing is said of accounts there.
    pub(crate) unread: Vec<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) applied_at: Option<Timestamp>,
    pub(crate) applied_by: Option<Person>,
}

/// Effects of one act, by what they are about.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct SimulationTally {
    pub(crate) roles: u64,
    /// Logins that may be asked for.
    pub(crate) eligibilities: u64,
    pub(crate) entitlements: u64,
    /// Of the entitlements, those that give power.
    pub(crate) privileged: u64,
    pub(crate) accounts: u64,
}

impl From<simulations::Tally> for SimulationTally {
    fn from(tally: simulations::Tally) -> Self {
        let simulations::Tally { roles, eligibilities, entitlements, privileged, accounts } = tally;
        Self { roles, eligibilities, entitlements, privileged, accounts }
    }
}

pub(crate) async fn describe_all(ctx: &Ctx, all: Vec<simulations::Simulation>) -> Result<Vec<Simulation>, Problem> {
    let applied = |one: &simulations::Simulation| match &one.state {
        State::Applied { at, by } => (Some(*at), by.clone()),
        State::Computed => (None, None),
    };
    let who: Vec<IdentityId> =
        all.iter().flat_map(|one| one.computed_by.clone().into_iter().chain(applied(one).1)).collect();
    let people = People::of(ctx, &who).await?;
    let shown = |one: simulations::Simulation| {
        let (applied_at, applied_by) = applied(&one);
        Simulation {
            unread: one.unread().map(str::to_owned).collect(),
            id: one.id.to_string(),
            state: one.state.as_str().to_owned(),
            computed_at: one.computed_at,
            computed_by: one.computed_by.map(|by| people.person(&by)),
            changes: one.changes,
            looked_at: one.looked_at,
            people: one.lines,
            gained: one.counts.gained.into(),
            lost: one.counts.lost.into(),
            changed: one.counts.changed,
            conflicts: one.counts.conflicts,
            applied_at,
            applied_by: applied_by.map(|by| people.person(&by)),
        }
    };
    Ok(all.into_iter().map(shown).collect())
}

#[derive(serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct SimulationQuery {
    /// `computed` or `applied`.
    state: Option<String>,
}

/// Simulations, newest first.
#[utoipa::path(get, path = "/api/v1/simulations", tag = "simulations", params(SimulationQuery, PageQuery), responses((status = 200, body = Page<Simulation>)))]
pub(crate) async fn list(
    signed_in: SignedIn,
    Query(query): Query<SimulationQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<Simulation>>, Problem> {
    let filter = Filter { state: query.state, after: page.after()?, limit: page.and_one_more() };
    let items = describe_all(&signed_in.ctx, simulations::list(&signed_in.ctx, &filter).await?).await?;
    Ok(Json(Page::new(items, page.limit(), |one| one.id.clone())))
}

/// Compute what files would change for everybody, and everything that is wrong with them. What is declared stays as it is.
#[utoipa::path(post, path = "/api/v1/simulations", tag = "simulations", request_body = ConfigurationFiles, responses((status = 200, body = ConfigurationPlan), (status = 409, body = Problem)))]
pub(crate) async fn run(
    signed_in: SignedIn,
    Json(given): Json<ConfigurationFiles>,
) -> Result<Json<ConfigurationPlan>, Problem> {
    let terms = terms(given.prune, given.reason);
    let plan = configuration::plan(&signed_in.ctx, &read(given.files), &terms).await?;
    Ok(Json(described(&signed_in.ctx, plan).await?))
}

/// One simulation.
#[utoipa::path(get, path = "/api/v1/simulations/{id}", tag = "simulations", params(("id" = String, Path)), responses((status = 200, body = Simulation), (status = 404, body = Problem)))]
pub(crate) async fn show(signed_in: SignedIn, Path(id): Path<SimulationId>) -> Result<Json<Simulation>, Problem> {
    let one = simulations::get(&signed_in.ctx, &id).await?;
    Ok(Json(describe_all(&signed_in.ctx, vec![one]).await?.remove(0)))
}

/// Everything that would change for one person.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct SimulationLine {
    pub(crate) position: u64,
    pub(crate) identity: Person,
    /// What they would lose stands first.
    pub(crate) effects: Vec<SimulationEffect>,
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct SimulationEffect {
    /// `loses`, `changes` or `gains`.
    pub(crate) act: String,
    /// `record`, `role`, `conflict`, `eligibility`, `entitlement` or `account`.
    pub(crate) kind: String,
    /// Where, if it is on a system.
    pub(crate) system: Option<String>,
    /// Of the role, the entitlement, the login or the attribute.
    pub(crate) name: String,
    pub(crate) before: Option<String>,
    pub(crate) after: Option<String>,
    /// It gives or takes power.
    pub(crate) privileged: bool,
    /// Of a loss what it was held by.
    pub(crate) because: String,
}

impl From<simulations::Effect> for SimulationEffect {
    fn from(effect: simulations::Effect) -> Self {
        let simulations::Effect { act, kind, system, name, before, after, privileged, because } = effect;
        let (act, kind) = (act.as_str().to_owned(), kind.as_str().to_owned());
        Self { act, kind, system, name, before, after, privileged, because }
    }
}

#[derive(serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct SimulationLineQuery {
    /// Only what would change for this person.
    #[param(value_type = Option<String>)]
    identity: Option<IdentityId>,
}

/// What would change, a line for each person.
#[utoipa::path(get, path = "/api/v1/simulations/{id}/lines", tag = "simulations", params(("id" = String, Path), SimulationLineQuery, PageQuery), responses((status = 200, body = Page<SimulationLine>), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn lines(
    signed_in: SignedIn,
    Path(id): Path<SimulationId>,
    Query(query): Query<SimulationLineQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<SimulationLine>>, Problem> {
    let ctx = &signed_in.ctx;
    let from = page.after::<u64>()?.map_or(0, |after| after.saturating_add(1));
    let found = match query.identity {
        Some(identity) => simulations::line_of(ctx, &id, &identity).await?.into_iter().collect(),
        None => simulations::lines(ctx, &id, from, page.and_one_more()).await?,
    };
    let people = People::of(ctx, found.iter().map(|(_, line)| &line.identity)).await?;
    let shown = |(position, line): (u64, simulations::Line)| SimulationLine {
        position,
        identity: people.person(&line.identity),
        effects: line.effects.into_iter().map(SimulationEffect::from).collect(),
    };
    Ok(Json(Page::new(found.into_iter().map(shown).collect(), page.limit(), |line| line.position.to_string())))
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SimulationOrder {
    reason: String,
}

/// Declare what a simulation is about, in one transaction, if that would still do what it says.
#[utoipa::path(post, path = "/api/v1/simulations/{id}/apply", tag = "simulations", params(("id" = String, Path)), request_body = SimulationOrder, responses((status = 200, body = ConfigurationChanges), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn apply(
    signed_in: SignedIn,
    Path(id): Path<SimulationId>,
    Json(order): Json<SimulationOrder>,
) -> Result<Json<ConfigurationChanges>, Problem> {
    let changes = simulations::apply(&signed_in.ctx, &id, &order.reason).await?;
    Ok(Json(ConfigurationChanges { changes: changes.into_iter().map(ConfigurationChange::from).collect() }))
}
