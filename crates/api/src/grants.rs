//! Grants, their story and their evidence: `/grants`.

use crate::Api;
use crate::page::{Page, PageQuery};
use crate::person::{Person, actor, person, recorded_actor};
use crate::problem::Problem;
use crate::requests::{Because, cursor};
use crate::session::SignedIn;
use crate::systems::owns;
use ::grants::GrantError;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use governance::requests::Reach;
use governance::{access, requests};
use ledger::Ctx;
use privilege::sessions;
use types::{GrantId, Permission, Timestamp};

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
    /// `expired`, `withdrawn` or `leaver`.
    pub(crate) cause: String,
    pub(crate) by: Person,
    pub(crate) reason: String,
}

pub(crate) async fn describe(ctx: &Ctx, grant: ::grants::Grant) -> Result<Grant, Problem> {
    use ::grants::State;
    let overdue = grant.state == State::Standing && grant.window.has_ended(ctx.now());
    let (state, gone_at) = match &grant.state {
        State::Standing if overdue => ("ended", None),
        State::Standing => ("standing", None),
        State::Ended(_) => ("ended", None),
        State::Gone { observed_at, .. } => ("gone", Some(*observed_at)),
    };
    let ended = match grant.ended() {
        Some(ended) => Some(GrantEnd {
            at: ended.at,
            cause: ended.cause.as_str().to_owned(),
            by: actor(ctx, &ended.by).await?,
            reason: ended.reason.clone(),
        }),
        None => None,
    };
    let ::grants::Because::Request { request, role } = &grant.because;
    let because = GrantBecause { kind: "request".into(), request: request.to_string(), role: role.clone() };
    let live = sessions::Filter { live: Some(true), grant: Some(grant.id.clone()), limit: 200, ..Default::default() };
    Ok(Grant {
        holder: person(ctx, &grant.holder).await?,
        live_sessions: sessions::list(ctx, &live).await?.len() as u64,
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
    })
}

/// A grant that the caller may see: their own, on a system they own, or anybody's with `grants.read`.
pub(crate) async fn visible(signed_in: &SignedIn, id: &GrantId) -> Result<::grants::Grant, Problem> {
    let grant = match ::grants::get(&signed_in.ctx, id).await {
        Err(GrantError::NotFound(_)) => return Err(Problem::not_found("grant")),
        found => found?,
    };
    let own = grant.holder == signed_in.caller.identity;
    if own || signed_in.may(Permission::GrantsRead) || owns(signed_in, &grant.target).await? {
        return Ok(grant);
    }
    Err(Problem::not_found("grant"))
}

#[derive(serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListQuery {
    target: Option<String>,
    /// An identity's id.
    holder: Option<String>,
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
    let holder = if signed_in.may(Permission::GrantsRead) {
        cursor(query.holder.as_deref())?
    } else {
        Some(signed_in.caller.identity.clone())
    };
    let filter = ::grants::Filter {
        holder,
        target: query.target,
        standing_at: query.standing.then(|| ctx.now()),
        after: cursor(page.after.as_deref())?,
        limit: page.and_one_more(),
    };
    let mut items = Vec::new();
    for grant in ::grants::list(ctx, &filter).await? {
        items.push(describe(ctx, grant).await?);
    }
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
    let reach = if signed_in.may(Permission::GrantsWithdraw) { Reach::Any } else { Reach::Own };
    let grant = requests::withdraw(&signed_in.ctx, &id, &because.reason, reach).await?;
    Ok(Json(describe(&signed_in.ctx, grant).await?))
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Story {
    pub(crate) grant: Grant,
    pub(crate) chapters: Vec<Chapter>,
    pub(crate) checkpoint: StoryCheckpoint,
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Chapter {
    pub(crate) title: String,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) at: Timestamp,
    pub(crate) lines: Vec<StoryLine>,
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct StoryLine {
    pub(crate) seq: u64,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) at: Timestamp,
    pub(crate) kind: String,
    /// The id of the noun that it changed: grant, request, session, …
    pub(crate) thread: String,
    pub(crate) actor: Person,
    #[schema(value_type = Object)]
    pub(crate) facts: serde_json::Value,
    pub(crate) personal: std::collections::BTreeMap<String, String>,
}

/// The log that the story was read from.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct StoryCheckpoint {
    pub(crate) size: u64,
    /// Hex.
    pub(crate) root: String,
    /// C2SP verifier key.
    pub(crate) key: String,
}

pub(crate) async fn story_line(signed_in: &SignedIn, mut line: ledger::timeline::Line) -> Result<StoryLine, Problem> {
    let (ctx, me) = (&signed_in.ctx, &signed_in.caller.identity);
    // What people typed is for themselves and for those who may replay it.
    if line.actor != me.as_str() && !signed_in.may(Permission::SessionsReplay) {
        line.personal.remove("command");
    }
    Ok(StoryLine {
        seq: line.seq,
        at: line.at,
        kind: line.kind,
        thread: line.thread,
        actor: recorded_actor(ctx, &line.actor).await?,
        facts: serde_json::Value::Object(line.body),
        personal: line.personal,
    })
}

/// The whole chain of a grant, from the HR record to the last credential seen gone.
#[utoipa::path(get, path = "/api/v1/grants/{id}/story", tag = "grants", params(("id" = String, Path)),
    responses((status = 200, body = Story), (status = 404, body = Problem)))]
pub(crate) async fn story(signed_in: SignedIn, Path(id): Path<GrantId>) -> Result<Json<Story>, Problem> {
    visible(&signed_in, &id).await?;
    let ctx = &signed_in.ctx;
    let story = access::story(ctx, &id).await?;
    let mut chapters = Vec::with_capacity(story.chapters.len());
    for chapter in story.chapters {
        let mut lines = Vec::with_capacity(chapter.lines.len());
        for line in chapter.lines {
            lines.push(story_line(&signed_in, line).await?);
        }
        chapters.push(Chapter { title: chapter.title.as_str().to_owned(), at: chapter.at, lines });
    }
    let checkpoint = StoryCheckpoint {
        size: story.checkpoint.size,
        root: data_encoding::HEXLOWER.encode(&story.checkpoint.root),
        key: ctx.ledger().verifying_key().to_string(),
    };
    Ok(Json(Story { grant: describe(ctx, story.grant).await?, chapters, checkpoint }))
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
