//! Machine identities and who answers for them: `/machines`. A path takes the id or the name.

use crate::grants::{self, Grant};
use crate::page::{Page, PageQuery};
use crate::person::{People, Person};
use crate::problem::Problem;
use crate::requests::Because;
use crate::session::SignedIn;
use axum::Json;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use governance::identities;
use governance::machines::{self, Environment, Filter, New, Reach, State, StateName};
use ledger::Ctx;
use std::time::Duration;
use types::{IdentityId, Timestamp};

/// A service account: it holds grants like a person, and a person answers for it.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Machine {
    pub(crate) id: String,
    pub(crate) name: String,
    /// While it is unowned or ended, whoever owned it last.
    pub(crate) owner: Person,
    pub(crate) purpose: String,
    /// `production`, `staging`, `test` or `development`.
    pub(crate) environment: String,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) registered_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) ends_at: Timestamp,
    /// `active`, `unowned` or `ended`.
    pub(crate) state: String,
    /// When it ends unless somebody takes it over; `null` unless it is unowned.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) deadline: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) ended_at: Option<Timestamp>,
    /// `person`, `term_over`, `no_owner` or `source`.
    pub(crate) ended_because: Option<String>,
}

async fn describe(ctx: &Ctx, machine: machines::Machine) -> Result<Json<Machine>, Problem> {
    Ok(Json(describe_all(ctx, vec![machine]).await?.remove(0)))
}

/// In their order.
async fn describe_all(ctx: &Ctx, machines: Vec<machines::Machine>) -> Result<Vec<Machine>, Problem> {
    let people = People::of(ctx, machines.iter().map(|machine| &machine.owner)).await?;
    Ok(machines.into_iter().map(|machine| shown(machine, &people)).collect())
}

fn shown(machine: machines::Machine, people: &People) -> Machine {
    let (deadline, ended_at, ended_because) = match machine.state {
        State::Active => (None, None, None),
        State::Unowned { deadline, .. } => (Some(deadline), None, None),
        State::Ended { at, cause } => (None, Some(at), Some(cause.as_str().to_owned())),
    };
    Machine {
        id: machine.id.to_string(),
        name: machine.name,
        owner: people.person(&machine.owner),
        purpose: machine.purpose,
        environment: machine.environment.to_string(),
        registered_at: machine.registered_at,
        ends_at: machine.ends_at,
        state: machine.state.name().as_str().to_owned(),
        deadline,
        ended_at,
        ended_because,
    }
}

/// A machine that the caller may see, by the id or the name in the path.
pub(crate) async fn visible(signed_in: &SignedIn, id: &str) -> Result<machines::Machine, Problem> {
    Ok(machines::visible(&signed_in.ctx, &signed_in.caller, id).await?)
}

#[derive(serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListQuery {
    /// An identity's id.
    #[param(value_type = Option<String>)]
    owner: Option<IdentityId>,
    /// `active`, `unowned` or `ended`.
    #[param(value_type = Option<String>)]
    state: Option<StateName>,
    /// `production`, `staging`, `test` or `development`.
    #[param(value_type = Option<String>)]
    environment: Option<Environment>,
}

/// Machine identities, oldest first: one's own, and everybody's with `machines.read`.
#[utoipa::path(get, path = "/api/v1/machines", tag = "machines", params(ListQuery, PageQuery), responses((status = 200, body = Page<Machine>)))]
pub(crate) async fn list(
    signed_in: SignedIn,
    Query(query): Query<ListQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<Machine>>, Problem> {
    let filter = Filter {
        owner: machines::whose(&signed_in.caller, query.owner),
        state: query.state,
        environment: query.environment,
        after: page.after()?,
        limit: page.and_one_more(),
    };
    let items = describe_all(&signed_in.ctx, machines::list(&signed_in.ctx, &filter).await?).await?;
    Ok(Json(Page::new(items, page.limit(), |machine| machine.id.clone())))
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewMachine {
    name: String,
    /// The owner's mail address; oneself when left out.
    owner: Option<String>,
    purpose: String,
    /// `production`, `staging`, `test` or `development`.
    #[schema(value_type = String)]
    environment: Environment,
    /// From now until its end; the policy says how many at most.
    days: u32,
}

/// Register a machine identity. It holds nothing until its owner asks for it.
#[utoipa::path(post, path = "/api/v1/machines", tag = "machines", request_body = NewMachine, responses((status = 201, body = Machine), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn register(
    signed_in: SignedIn,
    Json(new): Json<NewMachine>,
) -> Result<(StatusCode, Json<Machine>), Problem> {
    let ctx = &signed_in.ctx;
    let owner = match &new.owner {
        Some(email) => Some(identities::by_email(ctx, email).await?.id),
        None => None,
    };
    let ends_at = in_days(ctx, new.days);
    let new = New { name: new.name, owner, purpose: new.purpose, environment: new.environment, ends_at };
    let machine = machines::register(ctx, new, Reach::of(&signed_in.caller)).await?;
    Ok((StatusCode::CREATED, describe(ctx, machine).await?))
}

pub(crate) fn in_days(ctx: &Ctx, days: u32) -> Timestamp {
    ctx.now().plus(Duration::from_secs(u64::from(days) * 86_400))
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct MachineDetail {
    #[serde(flatten)]
    pub(crate) machine: Machine,
    /// Oldest first.
    pub(crate) history: Vec<MachineVersion>,
    /// Newest first, at most 100.
    pub(crate) grants: Vec<Grant>,
}

/// What was known during one span.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct MachineVersion {
    #[schema(value_type = String, format = DateTime)]
    pub(crate) from: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) until: Option<Timestamp>,
    pub(crate) owner: Person,
    pub(crate) purpose: String,
    pub(crate) environment: String,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) ends_at: Timestamp,
    pub(crate) state: String,
}

/// One machine identity with its history and its grants.
#[utoipa::path(get, path = "/api/v1/machines/{id}", tag = "machines", params(("id" = String, Path)), responses((status = 200, body = MachineDetail), (status = 404, body = Problem)))]
pub(crate) async fn show(signed_in: SignedIn, Path(id): Path<String>) -> Result<Json<MachineDetail>, Problem> {
    let (ctx, machine) = (&signed_in.ctx, visible(&signed_in, &id).await?);
    let versions = machines::history(ctx, &machine.id).await?;
    let people = People::of(ctx, versions.iter().map(|version| &version.owner)).await?;
    let version = |version: machines::Version| MachineVersion {
        from: version.from,
        until: version.until,
        owner: people.person(&version.owner),
        purpose: version.purpose,
        environment: version.environment.to_string(),
        ends_at: version.ends_at,
        state: version.state,
    };
    let history = versions.into_iter().map(version).collect();
    let filter = ::grants::Filter { holder: Some(machine.id.clone()), limit: 100, ..Default::default() };
    let grants = grants::describe_all(ctx, ::grants::list(ctx, &filter).await?).await?;
    let Json(machine) = describe(ctx, machine).await?;
    Ok(Json(MachineDetail { machine, history, grants }))
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stated {
    purpose: String,
    /// `production`, `staging`, `test` or `development`; it stays while the machine holds access.
    #[schema(value_type = String)]
    environment: Environment,
}

/// State what it is for and where it works.
#[utoipa::path(put, path = "/api/v1/machines/{id}", tag = "machines", params(("id" = String, Path)), request_body = Stated, responses((status = 200, body = Machine), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn change(
    signed_in: SignedIn,
    Path(id): Path<String>,
    Json(stated): Json<Stated>,
) -> Result<Json<Machine>, Problem> {
    let (ctx, reach) = (&signed_in.ctx, Reach::of(&signed_in.caller));
    let machine = visible(&signed_in, &id).await?;
    describe(ctx, machines::change(ctx, &machine.id, &stated.purpose, stated.environment, reach).await?).await
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Extension {
    /// From now until its new end.
    days: u32,
}

/// Give it a later end.
#[utoipa::path(post, path = "/api/v1/machines/{id}/extend", tag = "machines", params(("id" = String, Path)), request_body = Extension, responses((status = 200, body = Machine), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn extend(
    signed_in: SignedIn,
    Path(id): Path<String>,
    Json(extension): Json<Extension>,
) -> Result<Json<Machine>, Problem> {
    let (ctx, reach) = (&signed_in.ctx, Reach::of(&signed_in.caller));
    let machine = visible(&signed_in, &id).await?;
    describe(ctx, machines::extend(ctx, &machine.id, in_days(ctx, extension.days), reach).await?).await
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HandOver {
    /// The new owner's mail address.
    owner: String,
    reason: String,
}

/// Somebody else answers for it: its tokens are revoked, and it keeps only what the new owner is eligible for.
#[utoipa::path(post, path = "/api/v1/machines/{id}/hand-over", tag = "machines", params(("id" = String, Path)), request_body = HandOver, responses((status = 200, body = Machine), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn hand_over(
    signed_in: SignedIn,
    Path(id): Path<String>,
    Json(given): Json<HandOver>,
) -> Result<Json<Machine>, Problem> {
    let (ctx, reach) = (&signed_in.ctx, Reach::of(&signed_in.caller));
    let machine = visible(&signed_in, &id).await?;
    let owner = identities::by_email(ctx, &given.owner).await?;
    describe(ctx, machines::hand_over(ctx, &machine.id, &owner.id, &given.reason, reach).await?).await
}

/// End it for good: its grants, tokens and open requests go at once.
#[utoipa::path(post, path = "/api/v1/machines/{id}/end", tag = "machines", params(("id" = String, Path)), request_body = Because, responses((status = 200, body = Machine), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn end(
    signed_in: SignedIn,
    Path(id): Path<String>,
    Json(because): Json<Because>,
) -> Result<Json<Machine>, Problem> {
    let (ctx, reach) = (&signed_in.ctx, Reach::of(&signed_in.caller));
    let machine = visible(&signed_in, &id).await?;
    describe(ctx, machines::end(ctx, &machine.id, &because.reason, reach).await?).await
}
