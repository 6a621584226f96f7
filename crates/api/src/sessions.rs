//! Live and past sessions: `/sessions`.

use crate::Api;
use crate::page::{Page, PageQuery};
use crate::person::{People, Person};
use crate::problem::Problem;
use crate::requests::Because;
use crate::session::{SignedIn, authority_ends};
use ::grants::GrantError;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::stream::{self, Stream, StreamExt};
use governance::systems;
use privilege::recordings::RecordingError;
use privilege::sessions::{Relation, SessionError};
use privilege::{leases, recordings, sessions};
use std::convert::Infallible;
use std::sync::Arc;
use tokio::sync::broadcast::{self, error::RecvError};
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
    /// `null` for a session that logged in by the vault.
    pub(crate) credential: Option<Credential>,
    /// Which account of the vault the session logged in by.
    pub(crate) vaulted: Option<Vaulted>,
}

/// A version of an account's password or key; never the credential itself.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Vaulted {
    pub(crate) account: String,
    pub(crate) version: u32,
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
    Ok(describe_all(signed_in, vec![session]).await?.remove(0))
}

/// In their order.
async fn describe_all(signed_in: &SignedIn, sessions: Vec<sessions::Session>) -> Result<Vec<Session>, Problem> {
    let ctx = &signed_in.ctx;
    let ids: Vec<SessionId> = sessions.iter().map(|session| session.id.clone()).collect();
    let mut recordings = recordings::of_sessions(ctx, &ids).await?;
    let mut credentials = leases::of_sessions(ctx, &ids).await?;
    let people = People::of(ctx, sessions.iter().map(|session| &session.holder)).await?;
    let one = |session: sessions::Session| {
        let recording = recordings.remove(&session.id).map(|recording| Recording::from(recording.state));
        let credential = credentials.remove(&session.id).map(Credential::from);
        shown(signed_in, session, &people, recording, credential)
    };
    Ok(sessions.into_iter().map(one).collect())
}

fn shown(
    signed_in: &SignedIn,
    session: sessions::Session,
    people: &People,
    recording: Option<Recording>,
    credential: Option<Credential>,
) -> Session {
    let reads = sessions::may_read_command(session.holder.as_str(), &signed_in.caller);
    let outcome = session.outcome().cloned();
    let vaulted =
        session.used.as_ref().map(|used| Vaulted { account: used.account.to_string(), version: used.version });
    Session {
        holder: people.person(&session.holder),
        end_line: session.end_line(),
        state: if session.is_live() { "live" } else { "ended" }.to_owned(),
        id: session.id.to_string(),
        grant: session.grant.to_string(),
        target: session.target,
        login: session.login,
        channel: session.channel.to_string(),
        command: session.command.filter(|_| reads),
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
        vaulted,
    }
}

#[derive(serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListQuery {
    live: Option<bool>,
    /// A grant's id.
    #[param(value_type = Option<String>)]
    grant: Option<GrantId>,
    target: Option<String>,
}

/// Sessions, newest first: one's own, everybody's with `sessions.read`, and of one grant or target whose system one owns.
#[utoipa::path(get, path = "/api/v1/sessions", tag = "sessions", params(ListQuery, PageQuery), responses((status = 200, body = Page<Session>)))]
pub(crate) async fn list(
    signed_in: SignedIn,
    Query(query): Query<ListQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<Session>>, Problem> {
    let relation = match system_of(&signed_in, query.grant.as_ref(), query.target.as_deref()).await? {
        Some(system) => relation(&signed_in, &system).await?,
        None => Relation::Other,
    };
    let filter = sessions::Filter {
        live: query.live,
        grant: query.grant,
        holder: sessions::whose(&signed_in.caller, relation),
        target: query.target,
        after: page.after()?,
        limit: page.and_one_more(),
    };
    let items = describe_all(&signed_in, sessions::list(&signed_in.ctx, &filter).await?).await?;
    Ok(Json(Page::new(items, page.limit(), |session| session.id.clone())))
}

/// The one system that all sessions of a list are on.
async fn system_of(
    signed_in: &SignedIn,
    grant: Option<&GrantId>,
    target: Option<&str>,
) -> Result<Option<String>, Problem> {
    let Some(grant) = grant else { return Ok(target.map(str::to_owned)) };
    match ::grants::get(&signed_in.ctx, grant).await {
        Ok(grant) => Ok(Some(grant.target)),
        Err(GrantError::NotFound(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

async fn relation(signed_in: &SignedIn, system: &str) -> Result<Relation, Problem> {
    let owns = systems::owns(&signed_in.ctx, &signed_in.caller.identity, system).await?;
    Ok(if owns { Relation::Owner } else { Relation::Other })
}

/// A session that the caller may see, and what they are to its system.
async fn visible(signed_in: &SignedIn, id: &SessionId) -> Result<(sessions::Session, Relation), Problem> {
    let (ctx, caller) = (&signed_in.ctx, &signed_in.caller);
    let session = match sessions::get(ctx, id).await {
        Err(SessionError::NotFound(_)) => return Err(Problem::not_found("session")),
        found => found?,
    };
    let relation = relation(signed_in, &session.target).await?;
    if !sessions::may_see(&session, caller, relation) {
        return Err(Problem::not_found("session"));
    }
    Ok((session, relation))
}

/// One session.
#[utoipa::path(get, path = "/api/v1/sessions/{id}", tag = "sessions", params(("id" = String, Path)), responses((status = 200, body = Session), (status = 404, body = Problem)))]
pub(crate) async fn show(signed_in: SignedIn, Path(id): Path<SessionId>) -> Result<Json<Session>, Problem> {
    let (session, _) = visible(&signed_in, &id).await?;
    Ok(Json(describe(&signed_in, session).await?))
}

/// End a live session at once: one's own, on a system one owns, or anybody's with `sessions.kill`.
#[utoipa::path(post, path = "/api/v1/sessions/{id}/kill", tag = "sessions", params(("id" = String, Path)), request_body = Because, responses((status = 202), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn kill(
    signed_in: SignedIn,
    Path(id): Path<SessionId>,
    Json(because): Json<Because>,
) -> Result<StatusCode, Problem> {
    let (session, relation) = visible(&signed_in, &id).await?;
    if !sessions::may_kill(&session, &signed_in.caller, relation) {
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
    headers: HeaderMap,
    Path(id): Path<SessionId>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let watching = api.node.live.watch(&id).ok_or_else(|| Problem::not_found("live session on this server"))?;
    privilege::evidence::looked_at(&signed_in.ctx, &id).await?;
    let header = stream::once(std::future::ready(Ok(Event::default().data(&*watching.header))));
    let may_no_longer = authority_ends(api.ctx.clone(), headers, Permission::SessionsReplay);
    let shown = header.chain(lines(watching.lines)).take_until(may_no_longer);
    Ok(Sse::new(shown).keep_alive(KeepAlive::default()))
}

/// As they come; a marker stands for those that a slow watcher has missed.
fn lines(from: broadcast::Receiver<Arc<str>>) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold((from, "0".to_owned()), |(mut from, mut time)| async move {
        let event = match from.recv().await {
            Ok(line) => {
                let start = line.strip_prefix('[').and_then(|line| line.split_once(','));
                time = start.map_or(time, |(time, _)| time.to_owned());
                Event::default().data(&*line)
            }
            Err(RecvError::Lagged(missed)) => {
                Event::default().data(format!(r#"[{time},"m","{missed} lines are missing here"]"#))
            }
            Err(RecvError::Closed) => return None,
        };
        Some((Ok(event), (from, time)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_watcher_who_is_too_slow_is_told_how_many_lines_are_missing() {
        let (session, watcher) = broadcast::channel::<Arc<str>>(2);
        let mut events = Sse::new(lines(watcher)).into_response().into_body().into_data_stream();
        session.send(r#"[1.5,"o","one"]"#.into()).unwrap();
        let mut text = String::from_utf8(events.next().await.unwrap().unwrap().to_vec()).unwrap();
        for line in ["two", "three", "four", "five"] {
            session.send(format!(r#"[2.5,"o","{line}"]"#).into()).unwrap();
        }
        drop(session);
        while let Some(event) = events.next().await {
            text.push_str(std::str::from_utf8(&event.unwrap()).unwrap());
        }
        let expected = [
            r#"[1.5,"o","one"]"#,
            r#"[1.5,"m","2 lines are missing here"]"#,
            r#"[2.5,"o","four"]"#,
            r#"[2.5,"o","five"]"#,
        ];
        assert_eq!(text, expected.map(|line| format!("data: {line}\n\n")).concat());
    }
}
