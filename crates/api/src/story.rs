//! What the ledger tells, for people: the story of a grant, and the lines that any list of entries is shown as.

use crate::grants;
use crate::person::{People, Person};
use crate::problem::Problem;
use crate::session::SignedIn;
use authn::Caller;
use axum::Json;
use axum::extract::Path;
use governance::access;
use ledger::Ctx;
use ledger::timeline::Line;
use privilege::sessions;
use std::collections::{BTreeMap, BTreeSet};
use types::{Actor, GrantId, IdentityId, Timestamp};

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Story {
    pub(crate) grant: grants::Grant,
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
    pub(crate) personal: BTreeMap<String, String>,
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

/// The people who acted in these lines.
pub(crate) async fn actors<'a>(ctx: &Ctx, lines: impl Iterator<Item = &'a Line>) -> Result<People, Problem> {
    let actors: Vec<Actor> = lines.filter_map(|line| Actor::try_from(line.actor.clone()).ok()).collect();
    let people: BTreeSet<&IdentityId> = actors.iter().filter_map(Actor::identity).collect();
    People::of(ctx, people).await
}

pub(crate) fn story_line(caller: &Caller, people: &People, mut line: Line) -> StoryLine {
    if !sessions::may_read_command(&line.actor, caller) {
        line.personal.remove("command");
    }
    StoryLine {
        seq: line.seq,
        at: line.at,
        kind: line.kind,
        thread: line.thread,
        actor: people.recorded_actor(&line.actor),
        facts: serde_json::Value::Object(line.body),
        personal: line.personal,
    }
}

/// The whole chain of a grant, from the HR record to the last credential seen gone.
#[utoipa::path(get, path = "/api/v1/grants/{id}/story", tag = "grants", params(("id" = String, Path)),
    responses((status = 200, body = Story), (status = 404, body = Problem)))]
pub(crate) async fn show(signed_in: SignedIn, Path(id): Path<GrantId>) -> Result<Json<Story>, Problem> {
    grants::visible(&signed_in, &id).await?;
    let ctx = &signed_in.ctx;
    let story = access::story(ctx, &id).await?;
    let people = actors(ctx, story.chapters.iter().flat_map(|chapter| &chapter.lines)).await?;
    let told = |line| story_line(&signed_in.caller, &people, line);
    let chapter = |chapter: access::Chapter| Chapter {
        title: chapter.title.as_str().to_owned(),
        at: chapter.at,
        lines: chapter.lines.into_iter().map(told).collect(),
    };
    let chapters = story.chapters.into_iter().map(chapter).collect();
    let checkpoint = StoryCheckpoint {
        size: story.checkpoint.size,
        root: data_encoding::HEXLOWER.encode(&story.checkpoint.root),
        key: ctx.ledger().verifying_key().to_string(),
    };
    Ok(Json(Story { grant: grants::describe(ctx, story.grant).await?, chapters, checkpoint }))
}
