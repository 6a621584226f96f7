//! HR feeds: `/imports`.

use crate::page::{Page, PageQuery};
use crate::problem::Problem;
use crate::requests::Because;
use crate::session::SignedIn;
use axum::Json;
use axum::body::{Body, BodyDataStream, Bytes};
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use bytes::Buf;
use connectors::hr_csv::FeedError;
use connectors::sources::{Feed, csv};
use futures::StreamExt;
use governance::imports::{self, Mode, Outcome};
use governance::sources;
use std::collections::BTreeMap;
use std::io::{self, Read};
use std::time::Duration;
use tokio::runtime::Handle;
use types::{ImportId, Timestamp};

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Counts {
    pub(crate) joiners: u64,
    pub(crate) movers: u64,
    pub(crate) leavers: u64,
    pub(crate) unchanged: u64,
    /// Records of which a person must say whose they are.
    pub(crate) undecided: u64,
}

impl From<imports::Counts> for Counts {
    fn from(counts: imports::Counts) -> Self {
        let imports::Counts { joiners, movers, leavers, unchanged, undecided } = counts;
        Self { joiners, movers, leavers, unchanged, undecided }
    }
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Change {
    pub(crate) employee_id: String,
    /// `joiner`, `rejoiner`, `mover` or `leaver`.
    pub(crate) what: String,
    pub(crate) before: BTreeMap<String, String>,
    pub(crate) after: BTreeMap<String, String>,
}

fn word(value: impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

impl From<imports::Line> for Change {
    fn from(line: imports::Line) -> Self {
        Self { employee_id: line.employee_id, what: word(line.what), before: line.before, after: line.after }
    }
}

/// What a feed would do, did, or would do if a person confirmed it.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct ImportRun {
    /// `null` where nothing was written.
    pub(crate) id: Option<String>,
    /// `planned`, `unchanged`, `applied` or `held`.
    pub(crate) state: String,
    pub(crate) held_because: Option<String>,
    pub(crate) counts: Counts,
    pub(crate) changes: Vec<Change>,
}

pub(crate) fn describe(run: imports::Run) -> ImportRun {
    let (state, id, trip) = match run.outcome {
        Outcome::Planned(trip) => ("planned", None, trip),
        Outcome::Unchanged => ("unchanged", None, None),
        Outcome::Applied(id) => ("applied", Some(id), None),
        Outcome::Held(id, trip) => ("held", Some(id), Some(trip)),
    };
    ImportRun {
        id: id.map(|id| id.to_string()),
        state: state.to_owned(),
        held_because: trip.map(|trip| trip.to_string()),
        counts: run.counts.into(),
        changes: run.lines.into_iter().map(Change::from).collect(),
    }
}

#[derive(serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Options {
    /// Show the plan and write nothing.
    #[serde(default)]
    dry_run: bool,
    /// Whose feed it is; `hr` unless told.
    source: Option<String>,
}

/// Import a feed of a source (CSV). The same feed again changes nothing.
#[utoipa::path(post, path = "/api/v1/imports", tag = "imports", params(Options), request_body(content = String, content_type = "text/csv"), responses((status = 200, body = ImportRun), (status = 422, body = Problem)))]
pub(crate) async fn create(
    signed_in: SignedIn,
    Query(options): Query<Options>,
    body: Body,
) -> Result<Json<ImportRun>, Problem> {
    let mode = if options.dry_run { Mode::DryRun } else { Mode::Apply };
    let source = sources::csv(&signed_in.ctx, options.source.as_deref().unwrap_or(sources::HR)).await?;
    let columns = source.own_attributes();
    let arriving = Arriving { stream: body.into_data_stream(), runtime: Handle::current(), rest: Bytes::new() };
    let read = tokio::task::spawn_blocking(move || read(arriving, &columns)).await;
    let feed = match read.map_err(|e| Problem::internal(&e))? {
        Ok(feed) => feed,
        Err((fault, rest)) => {
            tokio::spawn(throw_away(rest));
            return Err(imports::unreadable(&signed_in.ctx, &source, fault, &mode).await?.into());
        }
    };
    Ok(Json(describe(imports::take(&signed_in.ctx, &source.name, &feed, mode).await?)))
}

/// How long a client may go on sending after a fault was found in its feed.
const LINGER: Duration = Duration::from_secs(30);

/// The feed, or its fault and what was not read.
fn read(mut arriving: Arriving, columns: &[String]) -> Result<Feed, (FeedError, BodyDataStream)> {
    csv::read(&mut arriving, columns).map_err(|fault| (fault, arriving.stream))
}

/// Many clients look at an answer only when everything is sent.
async fn throw_away(mut rest: BodyDataStream) {
    let arrive = async { while let Some(Ok(_)) = rest.next().await {} };
    // One that is still sending then is cut off.
    let _ = tokio::time::timeout(LINGER, arrive).await;
}

/// A body that is read while it arrives, on a thread that may block: a fault is found without holding the whole.
struct Arriving {
    stream: BodyDataStream,
    runtime: Handle,
    rest: Bytes,
}

impl Read for Arriving {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.rest.is_empty() {
            match self.runtime.block_on(self.stream.next()) {
                Some(bytes) => self.rest = bytes.map_err(io::Error::other)?,
                None => return Ok(0),
            }
        }
        let count = out.len().min(self.rest.len());
        self.rest.copy_to_slice(&mut out[..count]);
        Ok(count)
    }
}

/// An import that was applied or held.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Import {
    pub(crate) id: String,
    /// Whose feed it was.
    pub(crate) source: String,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) received_at: Timestamp,
    /// Of the feed, hex.
    pub sha256: String,
    pub(crate) records: u64,
    pub(crate) counts: Counts,
    /// `applied`, `held` or `superseded`.
    pub(crate) state: String,
    pub(crate) held_because: Option<String>,
}

impl From<imports::Import> for Import {
    fn from(import: imports::Import) -> Self {
        let (state, trip) = match &import.state {
            imports::State::Applied { .. } => ("applied", None),
            imports::State::Held { trip } => ("held", Some(trip.to_string())),
            imports::State::Superseded { trip, .. } => ("superseded", Some(trip.to_string())),
        };
        Self {
            id: import.id.to_string(),
            source: import.source,
            received_at: import.received_at,
            sha256: import.sha256,
            records: import.records,
            counts: import.counts.into(),
            state: state.to_owned(),
            held_because: trip,
        }
    }
}

#[derive(serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ImportQuery {
    /// Only those of this source.
    source: Option<String>,
}

/// Imports, newest first.
#[utoipa::path(get, path = "/api/v1/imports", tag = "imports", params(ImportQuery, PageQuery), responses((status = 200, body = Page<Import>)))]
pub(crate) async fn list(
    signed_in: SignedIn,
    Query(query): Query<ImportQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<Import>>, Problem> {
    let (source, after) = (query.source.as_deref(), page.after()?);
    let found = imports::list(&signed_in.ctx, source, after.as_ref(), page.and_one_more()).await?;
    let items = found.into_iter().map(Import::from).collect();
    Ok(Json(Page::new(items, page.limit(), |import: &Import| import.id.clone())))
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct ImportDetail {
    #[serde(flatten)]
    pub(crate) import: Import,
    pub(crate) changes: Vec<Change>,
}

/// One import with its changes.
#[utoipa::path(get, path = "/api/v1/imports/{id}", tag = "imports", params(("id" = String, Path)), responses((status = 200, body = ImportDetail), (status = 404, body = Problem)))]
pub(crate) async fn show(signed_in: SignedIn, Path(id): Path<ImportId>) -> Result<Json<ImportDetail>, Problem> {
    let import = imports::get(&signed_in.ctx, &id).await?.into();
    let changes = imports::changes(&signed_in.ctx, &id).await?.into_iter().map(Change::from).collect();
    Ok(Json(ImportDetail { import, changes }))
}

/// Apply an import that the breaker held: a named person takes responsibility.
#[utoipa::path(post, path = "/api/v1/imports/{id}/confirm", tag = "imports", params(("id" = String, Path)), request_body = Because, responses((status = 200, body = ImportRun), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn confirm(
    signed_in: SignedIn,
    Path(id): Path<ImportId>,
    Json(because): Json<Because>,
) -> Result<(StatusCode, Json<ImportRun>), Problem> {
    let run = imports::confirm(&signed_in.ctx, &id, &because.reason).await?;
    Ok((StatusCode::OK, Json(describe(run))))
}
