//! Asking for access and deciding on it: `/requests`.

use crate::machines;
use crate::page::{Page, PageQuery};
use crate::person::{People, Person};
use crate::problem::Problem;
use crate::session::SignedIn;
use authn::Caller;
use axum::Json;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use governance::requests::{self, AccessRequest, Approver, Decision, Filter, New, State, StateName, View};
use std::collections::BTreeSet;
use types::{Channel, IdentityId, RequestId, Timestamp};

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Request {
    pub(crate) id: String,
    pub(crate) requester: Person,
    /// Who would hold the grant.
    pub(crate) beneficiary: Person,
    pub(crate) target: String,
    pub(crate) login: String,
    pub(crate) channels: Vec<String>,
    pub(crate) minutes: u32,
    pub(crate) reason: String,
    /// The role that makes the beneficiary eligible.
    pub(crate) role: String,
    /// `pending`, `approved`, `denied`, `cancelled` or `expired`.
    pub(crate) state: String,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) submitted_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) decided_at: Option<Timestamp>,
    pub(crate) decided_by: Option<Person>,
    pub(crate) decision_reason: Option<String>,
    /// Who may decide, while it is pending.
    pub(crate) approvers: Vec<ApproverLine>,
    pub(crate) grant: Option<String>,
    pub(crate) you_may_decide: bool,
    pub(crate) why_not: Option<String>,
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct ApproverLine {
    /// `null` stands for any administrator.
    pub(crate) person: Option<Person>,
    pub(crate) because: String,
}

async fn describe(signed_in: &SignedIn, request: AccessRequest) -> Result<Request, Problem> {
    let view = requests::view(&signed_in.ctx, request, &signed_in.caller.identity).await?;
    Ok(describe_all(signed_in, vec![view]).await?.remove(0))
}

/// In their order.
pub(crate) async fn describe_all(signed_in: &SignedIn, views: Vec<View>) -> Result<Vec<Request>, Problem> {
    let people = People::of(&signed_in.ctx, views.iter().flat_map(named)).await?;
    Ok(views.into_iter().map(|view| shown(&signed_in.caller, view, &people)).collect())
}

/// Everybody whom a request names.
fn named(view: &View) -> impl Iterator<Item = &IdentityId> {
    let request = &view.request;
    let approver = match &view.route.approver {
        Approver::Person(id) => Some(id),
        Approver::AnyAdministrator => None,
    };
    let decided_by = request.decided().map(|decided| &decided.by);
    [&request.requester, &request.beneficiary].into_iter().chain(approver).chain(decided_by)
}

fn shown(caller: &Caller, view: View, people: &People) -> Request {
    let may = view.may_be_decided_by(caller);
    let View { request, route, why_not } = view;
    let pending = matches!(request.state, State::Pending { .. });
    let person = match &route.approver {
        Approver::Person(id) => Some(people.person(id)),
        Approver::AnyAdministrator => None,
    };
    let approver = ApproverLine { person, because: route.because };
    let decided = request.decided().cloned();
    Request {
        requester: people.person(&request.requester),
        beneficiary: people.person(&request.beneficiary),
        state: request.state_name().as_str().to_owned(),
        grant: request.grant().map(ToString::to_string),
        id: request.id.to_string(),
        target: request.system,
        login: request.login,
        channels: request.channels.iter().map(ToString::to_string).collect(),
        minutes: request.minutes,
        reason: request.reason,
        role: request.role,
        submitted_at: request.submitted_at,
        decided_at: decided.as_ref().map(|decided| decided.at),
        decided_by: decided.as_ref().map(|decided| people.person(&decided.by)),
        decision_reason: decided.map(|decided| decided.reason),
        approvers: if pending { vec![approver] } else { Vec::new() },
        you_may_decide: pending && may,
        why_not: why_not.filter(|_| pending).map(|why| why.to_string()),
    }
}

#[derive(serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListQuery {
    /// `pending`, `approved`, `denied`, `cancelled` or `expired`.
    #[param(value_type = Option<String>)]
    state: Option<StateName>,
    /// Only those that I may decide on now.
    #[serde(default)]
    to_decide: bool,
    /// Only my own, also when I may see everybody's.
    #[serde(default)]
    mine: bool,
}

/// Requests, newest first: one's own, and everybody's with `requests.read`. Those to decide on: oldest first.
#[utoipa::path(get, path = "/api/v1/requests", tag = "requests", params(ListQuery, PageQuery),
    responses((status = 200, body = Page<Request>)))]
pub(crate) async fn list(
    signed_in: SignedIn,
    Query(query): Query<ListQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<Request>>, Problem> {
    let (ctx, me, after) = (&signed_in.ctx, &signed_in.caller.identity, page.after()?);
    let views = if query.to_decide {
        requests::waiting_for(ctx, me, after.as_ref(), page.and_one_more()).await?
    } else {
        let of = requests::whose(&signed_in.caller, query.mine);
        let filter = Filter { of, state: query.state, after, limit: page.and_one_more(), ..Default::default() };
        requests::views(ctx, requests::list(ctx, &filter).await?, me).await?
    };
    let items = describe_all(&signed_in, views).await?;
    Ok(Json(Page::new(items, page.limit(), |request| request.id.clone())))
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    target: String,
    login: String,
    /// How long the grant is to last, from its approval.
    minutes: u32,
    reason: String,
    /// Such as `shell`, `exec`, `sftp`; the ordinary ones when left out.
    #[schema(value_type = Option<Vec<String>>)]
    channels: Option<BTreeSet<Channel>>,
    /// For whom, when not for oneself: an identity's id.
    #[schema(value_type = Option<String>)]
    beneficiary: Option<IdentityId>,
    /// Instead of a beneficiary: a machine identity that one owns, by its name or id.
    for_machine: Option<String>,
}

/// Ask for a login that a role makes one eligible for.
#[utoipa::path(post, path = "/api/v1/requests", tag = "requests", request_body = Asked,
    responses((status = 201, body = Request), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn create(
    signed_in: SignedIn,
    Json(asked): Json<Asked>,
) -> Result<(StatusCode, Json<Request>), Problem> {
    let beneficiary = match (asked.beneficiary, &asked.for_machine) {
        (Some(_), Some(_)) => return Err(Problem::invalid("give `beneficiary` or `for_machine`, not both")),
        (beneficiary, None) => beneficiary,
        (None, Some(machine)) => Some(machines::visible(&signed_in, machine).await?.id),
    };
    let new = New {
        system: asked.target,
        login: asked.login,
        minutes: asked.minutes,
        channels: asked.channels,
        reason: asked.reason,
        beneficiary,
    };
    let request = requests::submit(&signed_in.ctx, new).await?;
    Ok((StatusCode::CREATED, Json(describe(&signed_in, request).await?)))
}

async fn visible(signed_in: &SignedIn, id: &RequestId) -> Result<AccessRequest, Problem> {
    let request = requests::visible(&signed_in.ctx, &signed_in.caller, id).await?;
    request.ok_or_else(|| Problem::not_found("request"))
}

/// One request, for its people, those who may decide on it, and readers of all.
#[utoipa::path(get, path = "/api/v1/requests/{id}", tag = "requests", params(("id" = String, Path)),
    responses((status = 200, body = Request), (status = 404, body = Problem)))]
pub(crate) async fn show(signed_in: SignedIn, Path(id): Path<RequestId>) -> Result<Json<Request>, Problem> {
    let request = visible(&signed_in, &id).await?;
    Ok(Json(describe(&signed_in, request).await?))
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Because {
    pub(crate) reason: String,
}

async fn decide(
    signed_in: &SignedIn,
    id: &RequestId,
    decision: Decision,
    reason: &str,
) -> Result<Json<Request>, Problem> {
    visible(signed_in, id).await?;
    let request = requests::decide(&signed_in.ctx, id, decision, reason).await?;
    Ok(Json(describe(signed_in, request).await?))
}

/// Approve: the grant begins at once.
#[utoipa::path(post, path = "/api/v1/requests/{id}/approve", tag = "requests", params(("id" = String, Path)),
    request_body = Because, responses((status = 200, body = Request), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn approve(
    signed_in: SignedIn,
    Path(id): Path<RequestId>,
    Json(because): Json<Because>,
) -> Result<Json<Request>, Problem> {
    decide(&signed_in, &id, Decision::Approve, &because.reason).await
}

/// Deny.
#[utoipa::path(post, path = "/api/v1/requests/{id}/deny", tag = "requests", params(("id" = String, Path)),
    request_body = Because, responses((status = 200, body = Request), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn deny(
    signed_in: SignedIn,
    Path(id): Path<RequestId>,
    Json(because): Json<Because>,
) -> Result<Json<Request>, Problem> {
    decide(&signed_in, &id, Decision::Deny, &because.reason).await
}

/// Take one's own request back.
#[utoipa::path(post, path = "/api/v1/requests/{id}/cancel", tag = "requests", params(("id" = String, Path)),
    responses((status = 200, body = Request), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn cancel(signed_in: SignedIn, Path(id): Path<RequestId>) -> Result<Json<Request>, Problem> {
    visible(&signed_in, &id).await?;
    let request = requests::cancel(&signed_in.ctx, &id).await?;
    Ok(Json(describe(&signed_in, request).await?))
}
