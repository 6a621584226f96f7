//! Live and past sessions: `/sessions`.

use crate::Api;
use crate::page::{Page, PageQuery};
use crate::person::{Person, person};
use crate::problem::Problem;
use crate::requests::{Because, cursor};
use crate::session::SignedIn;
use crate::systems::owns;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::stream::{self, Stream, StreamExt};
use privilege::leases::LeaseError;
use privilege::recordings::RecordingError;
use privilege::sessions::SessionError;
use privilege::{leases, recordings, sessions};
use std::convert::Infallible;
use tokio::sync::broadcast;
use types::{GrantId, Permission, SessionId, Timestamp};

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Session {
    pub(crate) id: String,
    pub(crate) grant: String,
    pub(crate) holder: Person,
    pub(crate) target: String,
    pub(crate) login: String,
    /// `shell`, `exec`, `sftp`, …
    pub(crate) channel: String,
    /// `null` also for whoever may not replay the session.
    pub(crate) command: Option<String>,
    /// Address that the person came from.
    pub(crate) client: String,
    /// `live` or `ended`.
    pub(crate) state: String,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) started_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) ended_at: Option<Timestamp>,
    pub(crate) end_reason: Option<String>,
    /// What the person was told.
    pub(crate) end_line: Option<String>,
    pub(crate) exit_status: Option<u32>,
    pub(crate) bytes_in: u64,
    pub(crate) bytes_out: u64,
    /// Processes still alive on the target after the last look.
    pub(crate) leftover_processes: Option<u32>,
    pub(crate) recording: Option<Recording>,
    pub(crate) credential: Option<Credential>,
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Recording {
    pub(crate) sealed: bool,
    /// Of the plain asciicast, hex.
    pub sha256: Option<String>,
    pub(crate) bytes: u64,
    pub(crate) damage: Option<String>,
}

/// The certificate that the session used on the target.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Credential {
    pub(crate) serial: String,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) expires_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) ended_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) observed_gone_at: Option<Timestamp>,
}

impl From<recordings::State> for Recording {
    fn from(state: recordings::State) -> Self {
        match state {
            recordings::State::Open => Self { sealed: false, sha256: None, bytes: 0, damage: None },
            recordings::State::Sealed { proof, .. } => Self {
                sealed: true,
                bytes: proof.bytes,
                damage: proof.damage.map(|damage| damage.as_str().to_owned()),
                sha256: Some(proof.sha256),
            },
        }
    }
}

impl From<leases::Credential> for Credential {
    fn from(lease: leases::Credential) -> Self {
        let (ended_at, observed_gone_at) = match lease.state {
            leases::State::Live => (None, None),
            leases::State::Ended { at } => (Some(at), None),
            leases::State::Gone { ended_at, observed_at } => (Some(ended_at), Some(observed_at)),
        };
        Self { serial: lease.serial.to_string(), expires_at: lease.expires_at, ended_at, observed_gone_at }
    }
}

async fn describe(signed_in: &SignedIn, session: sessions::Session) -> Result<Session, Problem> {
    let ctx = &signed_in.ctx;
    // What people typed is for themselves and for those who may replay it.
    let shown = session.holder == signed_in.caller.identity || signed_in.may(Permission::SessionsReplay);
    let outcome = session.outcome().cloned();
    let recording = match recordings::get(ctx, &session.id).await {
        Ok(recording) => Some(Recording::from(recording.state)),
        Err(RecordingError::NotFound(_)) => None,
        Err(error) => return Err(error.into()),
    };
    let credential = match leases::of_session(ctx, &session.id).await {
        Ok(lease) => Some(Credential::from(lease)),
        Err(LeaseError::NoneOf(_)) => None,
        Err(error) => return Err(error.into()),
    };
    Ok(Session {
        holder: person(ctx, &session.holder).await?,
        end_line: session.end_line(),
        state: if session.is_live() { "live" } else { "ended" }.to_owned(),
        id: session.id.to_string(),
        grant: session.grant.to_string(),
        target: session.target,
        login: session.login,
        channel: session.channel.to_string(),
        command: session.command.filter(|_| shown),
        client: session.client.to_string(),
        started_at: session.started_at,
        ended_at: outcome.as_ref().map(|outcome| outcome.at),
        end_reason: outcome.as_ref().map(|outcome| outcome.reason.to_string()),
        exit_status: outcome.as_ref().and_then(|outcome| outcome.exit_status),
        bytes_in: outcome.as_ref().map_or(0, |outcome| outcome.bytes_in),
        bytes_out: outcome.as_ref().map_or(0, |outcome| outcome.bytes_out),
        leftover_processes: outcome.and_then(|outcome| outcome.leftover_processes),
        recording,
        credential,
    })
}

#[derive(serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListQuery {
    live: Option<bool>,
    /// A grant's id.
    grant: Option<String>,
    target: Option<String>,
}

/// Sessions, newest first: one's own, and everybody's with `sessions.read`.
#[utoipa::path(get, path = "/api/v1/sessions", tag = "sessions", params(ListQuery, PageQuery), responses((status = 200, body = Page<Session>)))]
pub(crate) async fn list(
    signed_in: SignedIn,
    Query(query): Query<ListQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<Session>>, Problem> {
    let filter = sessions::Filter {
        live: query.live,
        grant: cursor::<GrantId>(query.grant.as_deref())?,
        holder: (!signed_in.may(Permission::SessionsRead)).then(|| signed_in.caller.identity.clone()),
        target: query.target,
        after: cursor(page.after.as_deref())?,
        limit: page.and_one_more(),
    };
    let mut items = Vec::new();
    for session in sessions::list(&signed_in.ctx, &filter).await? {
        items.push(describe(&signed_in, session).await?);
    }
    Ok(Json(Page::new(items, page.limit(), |session| session.id.clone())))
}

/// A session that the caller may see: their own, on a system they own, or anybody's with `sessions.read`.
async fn visible(signed_in: &SignedIn, id: &SessionId) -> Result<sessions::Session, Problem> {
    let session = match sessions::get(&signed_in.ctx, id).await {
        Err(SessionError::NotFound(_)) => return Err(Problem::not_found("session")),
        found => found?,
    };
    let own = session.holder == signed_in.caller.identity;
    if own || signed_in.may(Permission::SessionsRead) || owns(signed_in, &session.target).await? {
        return Ok(session);
    }
    Err(Problem::not_found("session"))
}

/// One session.
#[utoipa::path(get, path = "/api/v1/sessions/{id}", tag = "sessions", params(("id" = String, Path)), responses((status = 200, body = Session), (status = 404, body = Problem)))]
pub(crate) async fn show(signed_in: SignedIn, Path(id): Path<SessionId>) -> Result<Json<Session>, Problem> {
    let session = visible(&signed_in, &id).await?;
    Ok(Json(describe(&signed_in, session).await?))
}

/// End a live session at once: one's own, on a system one owns, or anybody's with `sessions.kill`.
#[utoipa::path(post, path = "/api/v1/sessions/{id}/kill", tag = "sessions", params(("id" = String, Path)), request_body = Because, responses((status = 202), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn kill(
    signed_in: SignedIn,
    Path(id): Path<SessionId>,
    Json(because): Json<Because>,
) -> Result<StatusCode, Problem> {
    let session = visible(&signed_in, &id).await?;
    let own = session.holder == signed_in.caller.identity;
    if !own && !signed_in.may(Permission::SessionsKill) && !owns(&signed_in, &session.target).await? {
        let detail = "only its holder, the owner of the system and operators end a session";
        return Err(Problem::new(StatusCode::FORBIDDEN, "forbidden", detail));
    }
    sessions::kill(&signed_in.ctx, &id, &because.reason).await?;
    Ok(StatusCode::ACCEPTED)
}

/// The recording as asciicast v2. Reading it leaves evidence.
#[utoipa::path(get, path = "/api/v1/sessions/{id}/recording", tag = "sessions", params(("id" = String, Path)), responses((status = 200, body = String, content_type = "application/x-asciicast"), (status = 404, body = Problem)))]
pub(crate) async fn recording(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(id): Path<SessionId>,
) -> Result<Response, Problem> {
    let text = recordings::replay(&signed_in.ctx, &api.node, &id).await.map_err(absent)?;
    privilege::evidence::looked_at(&signed_in.ctx, &id).await?;
    Ok(([(header::CONTENT_TYPE, "application/x-asciicast")], text).into_response())
}

/// A session without a recording is no session.
fn absent(error: RecordingError) -> Problem {
    match error {
        RecordingError::NotFound(_) => Problem::not_found("session"),
        error => error.into(),
    }
}

/// A live session as server-sent events, each an asciicast line. Watching leaves evidence.
#[utoipa::path(get, path = "/api/v1/sessions/{id}/live", tag = "sessions", params(("id" = String, Path)), responses((status = 200, body = String, content_type = "text/event-stream"), (status = 404, body = Problem)))]
pub(crate) async fn live(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(id): Path<SessionId>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let watching = api.node.live.watch(&id).ok_or_else(|| Problem::not_found("live session on this server"))?;
    privilege::evidence::looked_at(&signed_in.ctx, &id).await?;
    let header = stream::once(std::future::ready(Ok(Event::default().data(&*watching.header))));
    let lines = stream::unfold(watching.lines, |mut lines| async move {
        loop {
            match lines.recv().await {
                Ok(line) => return Some((Ok(Event::default().data(&*line)), lines)),
                Err(broadcast::error::RecvError::Lagged(_)) => continue,
                Err(broadcast::error::RecvError::Closed) => return None,
            }
        }
    });
    Ok(Sse::new(header.chain(lines)).keep_alive(KeepAlive::default()))
}
