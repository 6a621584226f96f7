//! Grants, their story and their evidence: `/grants`.

use crate::Api;
use crate::page::{Page, PageQuery};
use crate::person::{People, Person};
use crate::problem::Problem;
use crate::requests::Because;
use crate::session::SignedIn;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use governance::requests::Reach;
use governance::{access, requests};
use ledger::Ctx;
use privilege::sessions;
use std::collections::HashMap;
use types::{GrantId, IdentityId, Timestamp};

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Grant {
    pub(crate) id: String,
    pub(crate) holder: Person,
    pub(crate) target: String,
    pub(crate) login: String,
    pub(crate) channels: Vec<String>,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) from: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) until: Timestamp,
    pub(crate) max_sessions: u32,
    pub(crate) because: GrantBecause,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) issued_at: Timestamp,
    /// `standing`, `ended`, or `gone` once the target was seen clean.
    pub(crate) state: String,
    pub(crate) ended: Option<GrantEnd>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) gone_at: Option<Timestamp>,
    pub(crate) live_sessions: u64,
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct GrantBecause {
    pub(crate) kind: String,
    pub(crate) request: String,
    pub(crate) role: String,
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct GrantEnd {
    #[schema(value_type = String, format = DateTime)]
    pub(crate) at: Timestamp,
    /// `expired`, `withdrawn`, `leaver`, `ineligible`, `owner_gone` or `machine_ended`.
    pub(crate) cause: String,
    pub(crate) by: Person,
    pub(crate) reason: String,
}

pub(crate) async fn describe(ctx: &Ctx, grant: ::grants::Grant) -> Result<Grant, Problem> {
    Ok(describe_all(ctx, vec![grant]).await?.remove(0))
}

/// In their order.
pub(crate) async fn describe_all(ctx: &Ctx, grants: Vec<::grants::Grant>) -> Result<Vec<Grant>, Problem> {
    let enders = grants.iter().filter_map(|grant| grant.ended()?.by.identity());
    let people = People::of(ctx, grants.iter().map(|grant| &grant.holder).chain(enders)).await?;
    let live = sessions::count_live(ctx, grants.iter().map(|grant| &grant.id)).await?;
    Ok(grants.into_iter().map(|grant| shown(ctx, grant, &people, &live)).collect())
}

fn shown(ctx: &Ctx, grant: ::grants::Grant, people: &People, live: &HashMap<GrantId, u64>) -> Grant {
    use ::grants::State;
    let overdue = grant.state == State::Standing && grant.window.has_ended(ctx.now());
    let (state, gone_at) = match &grant.state {
        State::Standing if overdue => ("ended", None),
        State::Standing => ("standing", None),
        State::Ended(_) => ("ended", None),
        State::Gone { observed_at, .. } => ("gone", Some(*observed_at)),
    };
    let ended = grant.ended().map(|ended| GrantEnd {
        at: ended.at,
        cause: ended.cause.as_str().to_owned(),
        by: people.actor(&ended.by),
        reason: ended.reason.clone(),
    });
    let ::grants::Because::Request { request, role } = &grant.because;
    let because = GrantBecause { kind: "request".into(), request: request.to_string(), role: role.clone() };
    Grant {
        holder: people.person(&grant.holder),
        live_sessions: live.get(&grant.id).copied().unwrap_or(0),
        id: grant.id.to_string(),
        target: grant.target,
        login: grant.login,
        channels: grant.channels.iter().map(ToString::to_string).collect(),
        from: grant.window.from,
        until: grant.window.until,
        max_sessions: grant.terms.max_sessions,
        because,
        issued_at: grant.issued_at,
        state: state.to_owned(),
        ended,
        gone_at,
    }
}

pub(crate) async fn visible(signed_in: &SignedIn, id: &GrantId) -> Result<::grants::Grant, Problem> {
    let grant = access::visible(&signed_in.ctx, &signed_in.caller, id).await?;
    grant.ok_or_else(|| Problem::not_found("grant"))
}

#[derive(serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListQuery {
    target: Option<String>,
    /// An identity's id.
    #[param(value_type = Option<String>)]
    holder: Option<IdentityId>,
    /// Only those that stand now.
    #[serde(default)]
    standing: bool,
}

/// Grants, newest first: one's own, and everybody's with `grants.read`.
#[utoipa::path(get, path = "/api/v1/grants", tag = "grants", params(ListQuery, PageQuery),
    responses((status = 200, body = Page<Grant>)))]
pub(crate) async fn list(
    signed_in: SignedIn,
    Query(query): Query<ListQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<Grant>>, Problem> {
    let ctx = &signed_in.ctx;
    let holder = access::whose(&signed_in.caller, query.holder);
    let filter = ::grants::Filter {
        holder,
        target: query.target,
        standing_at: query.standing.then(|| ctx.now()),
        after: page.after()?,
        limit: page.and_one_more(),
    };
    let items = describe_all(ctx, ::grants::list(ctx, &filter).await?).await?;
    Ok(Json(Page::new(items, page.limit(), |grant| grant.id.clone())))
}

/// One grant.
#[utoipa::path(get, path = "/api/v1/grants/{id}", tag = "grants", params(("id" = String, Path)),
    responses((status = 200, body = Grant), (status = 404, body = Problem)))]
pub(crate) async fn show(signed_in: SignedIn, Path(id): Path<GrantId>) -> Result<Json<Grant>, Problem> {
    let grant = visible(&signed_in, &id).await?;
    Ok(Json(describe(&signed_in.ctx, grant).await?))
}

/// Withdraw: nothing starts with it any more, and what is live ends within a second.
#[utoipa::path(post, path = "/api/v1/grants/{id}/withdraw", tag = "grants", params(("id" = String, Path)),
    request_body = Because, responses((status = 200, body = Grant), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn withdraw(
    signed_in: SignedIn,
    Path(id): Path<GrantId>,
    Json(because): Json<Because>,
) -> Result<Json<Grant>, Problem> {
    visible(&signed_in, &id).await?;
    let reach = Reach::of(&signed_in.caller);
    let grant = requests::withdraw(&signed_in.ctx, &id, &because.reason, reach).await?;
    Ok(Json(describe(&signed_in.ctx, grant).await?))
}

/// The evidence of a grant as one file that verifies offline.
#[utoipa::path(get, path = "/api/v1/grants/{id}/evidence", tag = "grants", params(("id" = String, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/json"), (status = 404, body = Problem)))]
pub(crate) async fn evidence(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(id): Path<GrantId>,
) -> Result<Response, Problem> {
    visible(&signed_in, &id).await?;
    let ctx = &signed_in.ctx;
    let recordings = privilege::evidence::attachments(ctx, &api.node, &id).await?;
    let bundle = access::evidence(ctx, &id, recordings).await?;
    let name = format!("attachment; filename=\"{id}.evidence.json\"");
    Ok(([(header::CONTENT_TYPE, "application/json".to_owned()), (header::CONTENT_DISPOSITION, name)], bundle)
        .into_response())
}
