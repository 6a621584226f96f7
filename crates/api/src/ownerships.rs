//! What leavers owned, and who answers for it since: `/ownerships`.

use crate::page::{Page, PageQuery};
use crate::person::{People, Person, working};
use crate::problem::Problem;
use crate::session::SignedIn;
use axum::Json;
use axum::extract::{Path, Query};
use governance::ownerships::{self, Filter, State};
use ledger::Ctx;
use types::{CaseId, IdentityId, OwnershipId, Timestamp};

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Ownership {
    pub(crate) id: String,
    /// The leaver case in which it came up.
    pub(crate) case: String,
    /// Who left.
    pub(crate) owner: Person,
    /// `machine`, `system`, `entitlement`, `source`, `account` under management, `secret` or `shared_account`.
    pub(crate) kind: String,
    /// Its id, or its name where it has none.
    pub(crate) subject: String,
    pub(crate) name: String,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) found_at: Timestamp,
    /// `unowned`, `handed_over`, `dies_at` or `gone`.
    pub(crate) state: String,
    /// Who took it over.
    pub(crate) successor: Option<Person>,
    /// Whoever decided that; `null` where the rule did.
    pub(crate) decided_by: Option<Person>,
    pub(crate) because: Option<String>,
    /// When it ends, unless somebody takes it over.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) deadline: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) settled_at: Option<Timestamp>,
}

async fn describe_all(ctx: &Ctx, all: Vec<ownerships::Ownership>) -> Result<Vec<Ownership>, Problem> {
    let mut who: Vec<&IdentityId> = all.iter().map(|one| &one.owner).collect();
    for one in &all {
        if let State::HandedOver { to, by, .. } = &one.state {
            who.extend([Some(to), by.as_ref()].into_iter().flatten());
        }
    }
    let people = People::of(ctx, who).await?;
    Ok(all.into_iter().map(|one| shown(one, &people)).collect())
}

fn shown(one: ownerships::Ownership, people: &People) -> Ownership {
    let (state, settled_at) = (one.state.as_str().to_owned(), one.state.settled_at());
    let (successor, decided_by, because, deadline) = match one.state {
        State::HandedOver { to, by, because, .. } => {
            (Some(people.person(&to)), by.map(|by| people.person(&by)), Some(because), None)
        }
        State::DiesAt { deadline, .. } => (None, None, None, Some(deadline)),
        State::Unowned | State::Gone { .. } => (None, None, None, None),
    };
    Ownership {
        id: one.id.to_string(),
        case: one.case.to_string(),
        owner: people.person(&one.owner),
        kind: one.thing.kind.as_str().to_owned(),
        subject: one.thing.subject,
        name: one.thing.name,
        found_at: one.found_at,
        state,
        successor,
        decided_by,
        because,
        deadline,
        settled_at,
    }
}

/// Everything that came up in a leaver's case.
pub(crate) async fn of_case(ctx: &Ctx, case: &CaseId) -> Result<Vec<Ownership>, Problem> {
    let filter = Filter { case: Some(case.clone()), limit: u32::MAX, ..Filter::default() };
    describe_all(ctx, ownerships::list(ctx, &filter).await?).await
}

#[derive(serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct OwnershipQuery {
    /// Who left.
    #[param(value_type = Option<String>)]
    owner: Option<IdentityId>,
    /// `unowned`, `handed_over`, `dies_at` or `gone`.
    state: Option<String>,
}

/// What leavers owned, newest first.
#[utoipa::path(get, path = "/api/v1/ownerships", tag = "identities", params(OwnershipQuery, PageQuery), responses((status = 200, body = Page<Ownership>)))]
pub(crate) async fn list(
    signed_in: SignedIn,
    Query(query): Query<OwnershipQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<Ownership>>, Problem> {
    let OwnershipQuery { owner, state } = query;
    let filter = Filter { owner, state, after: page.after()?, limit: page.and_one_more(), ..Filter::default() };
    let items = describe_all(&signed_in.ctx, ownerships::list(&signed_in.ctx, &filter).await?).await?;
    Ok(Json(Page::new(items, page.limit(), |one: &Ownership| one.id.clone())))
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OwnershipHandOver {
    /// Id or mail address of somebody who works here.
    to: String,
    reason: String,
}

/// Say who owns from now on what a leaver owned.
#[utoipa::path(post, path = "/api/v1/ownerships/{id}/hand-over", tag = "identities", params(("id" = String, Path)), request_body = OwnershipHandOver,
    responses((status = 200, body = Ownership), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn hand_over(
    signed_in: SignedIn,
    Path(id): Path<OwnershipId>,
    Json(given): Json<OwnershipHandOver>,
) -> Result<Json<Ownership>, Problem> {
    let ctx = &signed_in.ctx;
    ownerships::get(ctx, &id).await?;
    let to = working(ctx, &given.to).await?;
    let handed_over = ownerships::hand_over(ctx, &id, &to, &given.reason).await?;
    Ok(Json(describe_all(ctx, vec![handed_over]).await?.remove(0)))
}
