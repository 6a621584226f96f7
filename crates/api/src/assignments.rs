//! Who is given which role or entitlement, for how long and why: `/assignments`.

use crate::page::{Page, PageQuery};
use crate::person::{People, Person};
use crate::problem::Problem;
use crate::session::SignedIn;
use axum::Json;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use governance::assignments::{self, Because, Filter, New, What};
use governance::roles::Entitled;
use ledger::Ctx;
use std::collections::BTreeSet;
use types::{AssignmentId, IdentityId, Timestamp};

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Assignment {
    pub(crate) id: String,
    pub(crate) identity: Person,
    /// One of `role` and `entitlement` with its `system`.
    pub(crate) role: Option<String>,
    pub(crate) system: Option<String>,
    pub(crate) entitlement: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) from: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) until: Option<Timestamp>,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) given_at: Timestamp,
    /// Who gave it; `null` when it follows from the condition of the role.
    pub(crate) given_by: Option<Person>,
    /// The reason of whoever gave it, or the role with the values that its condition looked at.
    pub(crate) because: String,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) ended_at: Option<Timestamp>,
    /// `over`, `person`, `not_earned`, `leaver` or `undone`.
    pub(crate) ended_because: Option<String>,
}

async fn describe_all(ctx: &Ctx, all: Vec<assignments::Assignment>) -> Result<Vec<Assignment>, Problem> {
    let mut who: BTreeSet<&IdentityId> = all.iter().map(|assignment| &assignment.identity).collect();
    for assignment in &all {
        if let Because::Person { by, .. } = &assignment.because {
            who.insert(by);
        }
    }
    let people = People::of(ctx, who).await?;
    Ok(all.into_iter().map(|assignment| shown(assignment, &people)).collect())
}

fn shown(assignment: assignments::Assignment, people: &People) -> Assignment {
    let (role, entitled) = match assignment.what {
        What::Role(role) => (Some(role), None),
        What::Entitlement(entitled) => (None, Some(entitled)),
    };
    let (system, entitlement) = entitled.map(|entitled| (entitled.system, entitled.entitlement)).unzip();
    let (given_by, because) = match assignment.because {
        Because::Person { by, reason } => (Some(people.person(&by)), reason),
        Because::Condition { values } => (None, values),
        Because::Grace { role, case } => {
            (None, format!("role `{role}` granted it, and it is kept for a grace: {case}"))
        }
    };
    Assignment {
        id: assignment.id.to_string(),
        identity: people.person(&assignment.identity),
        role,
        system,
        entitlement,
        from: assignment.from,
        until: assignment.until,
        given_at: assignment.given_at,
        given_by,
        because,
        ended_at: assignment.ended.map(|ended| ended.at),
        ended_because: assignment.ended.map(|ended| ended.cause.as_str().to_owned()),
    }
}

async fn describe(ctx: &Ctx, assignment: assignments::Assignment) -> Result<Assignment, Problem> {
    Ok(describe_all(ctx, vec![assignment]).await?.remove(0))
}

#[derive(serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AssignmentQuery {
    #[param(value_type = Option<String>)]
    identity: Option<IdentityId>,
    role: Option<String>,
    /// Leaves out those that ended.
    #[serde(default)]
    open: bool,
}

/// Assignments, oldest first.
#[utoipa::path(get, path = "/api/v1/assignments", tag = "assignments", params(AssignmentQuery, PageQuery), responses((status = 200, body = Page<Assignment>)))]
pub(crate) async fn list(
    signed_in: SignedIn,
    Query(query): Query<AssignmentQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<Assignment>>, Problem> {
    let AssignmentQuery { identity, role, open } = query;
    listed(&signed_in.ctx, Filter { identity, role, open_only: open, ..Filter::default() }, &page).await
}

/// What somebody is and was given, oldest first.
#[utoipa::path(get, path = "/api/v1/identities/{id}/assignments", tag = "assignments", params(("id" = String, Path), PageQuery), responses((status = 200, body = Page<Assignment>), (status = 404, body = Problem)))]
pub(crate) async fn of_identity(
    signed_in: SignedIn,
    Path(id): Path<IdentityId>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<Assignment>>, Problem> {
    governance::identities::get(&signed_in.ctx, &id).await?;
    listed(&signed_in.ctx, Filter { identity: Some(id), ..Filter::default() }, &page).await
}

async fn listed(ctx: &Ctx, filter: Filter, page: &PageQuery) -> Result<Json<Page<Assignment>>, Problem> {
    let filter = Filter { after: page.after()?, limit: page.and_one_more(), ..filter };
    let items = describe_all(ctx, assignments::list(ctx, &filter).await?).await?;
    Ok(Json(Page::new(items, page.limit(), |assignment| assignment.id.clone())))
}

/// A role, or an entitlement with its system.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewAssignment {
    #[schema(value_type = String)]
    identity: IdentityId,
    role: Option<String>,
    system: Option<String>,
    entitlement: Option<String>,
    /// Now when it is left out.
    #[schema(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
    /// Until a person ends it, when it is left out.
    #[schema(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
    reason: String,
}

/// Give somebody a role or an entitlement. Nobody gives it to themselves, and nobody is given two roles that conflict.
#[utoipa::path(post, path = "/api/v1/assignments", tag = "assignments", request_body = NewAssignment,
    responses((status = 201, body = Assignment), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn give(
    signed_in: SignedIn,
    Json(given): Json<NewAssignment>,
) -> Result<(StatusCode, Json<Assignment>), Problem> {
    let what = match (given.role, given.system, given.entitlement) {
        (Some(role), None, None) => What::Role(role),
        (None, Some(system), Some(entitlement)) => What::Entitlement(Entitled { system, entitlement }),
        _ => return Err(Problem::invalid("name either a `role`, or an `entitlement` with its `system`")),
    };
    let new = New { identity: given.identity, what, from: given.at, until: given.until, reason: given.reason };
    let assignment = assignments::give(&signed_in.ctx, new).await?;
    Ok((StatusCode::CREATED, Json(describe(&signed_in.ctx, assignment).await?)))
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AssignmentEnd {
    reason: String,
}

/// Take back what a person gave. What follows from a condition ends with the condition.
#[utoipa::path(post, path = "/api/v1/assignments/{id}/end", tag = "assignments", params(("id" = String, Path)), request_body = AssignmentEnd,
    responses((status = 200, body = Assignment), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn end(
    signed_in: SignedIn,
    Path(id): Path<AssignmentId>,
    Json(given): Json<AssignmentEnd>,
) -> Result<Json<Assignment>, Problem> {
    let assignment = assignments::end(&signed_in.ctx, &id, &given.reason).await?;
    Ok(Json(describe(&signed_in.ctx, assignment).await?))
}
