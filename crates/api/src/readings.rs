//! Sources of people that Tenure reads itself: `/sources/{name}/test`, `/read` and `/readings`.

use crate::Api;
use crate::page::{Page, PageQuery};
use crate::problem::Problem;
use crate::session::SignedIn;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use governance::sources;
use privilege::feeds;
use provisioning::feed::{self, Outcome, Reading};
use types::{ReadId, Timestamp};

/// What a source answered when it was tried. Nothing of it is kept.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct TriedSource {
    /// Rows that came, at most twenty; of a file its bytes.
    pub(crate) size: u64,
    /// The columns of the rows; none of a file.
    pub(crate) columns: Vec<String>,
    /// Columns that the source names and that did not come.
    pub(crate) missing: Vec<String>,
}

/// Ask a source for a little, to see whether its service lets Tenure in and has the columns that it names.
#[utoipa::path(post, path = "/api/v1/sources/{name}/test", tag = "sources", params(("name" = String, Path)), responses((status = 200, body = TriedSource), (status = 404, body = Problem), (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn test(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(name): Path<String>,
) -> Result<Json<TriedSource>, Problem> {
    let ctx = &signed_in.ctx;
    let question = sources::question(ctx, &name).await?;
    let sample = feeds::test(ctx, &api.node, &question).await?;
    let has_columns = !sample.columns.is_empty();
    let missing = if has_columns { sources::missing(ctx, &name, &sample.columns).await? } else { Vec::new() };
    Ok(Json(TriedSource { size: sample.size as u64, columns: sample.columns.into_iter().collect(), missing }))
}

/// A reading of a source, from the moment that it was asked for.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct SourceReading {
    pub(crate) id: String,
    pub(crate) source: String,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) asked_at: Timestamp,
    /// Whether it reads everything, or only what changed.
    pub(crate) whole: bool,
    /// `asked`, `reading`, `ended` and `broken`, which wait to be taken, `applied`, `held`, `unchanged` or `refused`.
    pub(crate) state: String,
    /// Pages that came so far.
    pub(crate) pages: u64,
    /// Records that came so far.
    pub(crate) records: u64,
    /// The import that it became, where it became one.
    pub(crate) import: Option<String>,
    /// Such as `feed_half_loaded` or `host_unreachable`; `null` unless it was refused.
    pub(crate) code: Option<String>,
    pub(crate) detail: Option<String>,
}

impl From<Reading> for SourceReading {
    fn from(reading: Reading) -> Self {
        let (import, trouble) = match &reading.state {
            feed::State::Settled { outcome: Outcome::Applied(import) | Outcome::Held(import), .. } => {
                (Some(import), None)
            }
            feed::State::Settled { outcome: Outcome::Refused(trouble), .. } | feed::State::Broken { trouble, .. } => {
                (None, Some(trouble))
            }
            feed::State::Settled { outcome: Outcome::Unchanged, .. }
            | feed::State::Asked
            | feed::State::Reading
            | feed::State::Ended { .. } => (None, None),
        };
        Self {
            id: reading.id.to_string(),
            asked_at: reading.asked_at,
            whole: reading.question.is_whole(),
            state: reading.state.as_str().to_owned(),
            pages: reading.pages,
            records: reading.records,
            import: import.map(ToString::to_string),
            code: trouble.map(|trouble| trouble.code.clone()),
            detail: trouble.map(|trouble| trouble.detail.clone()),
            source: reading.source,
        }
    }
}

/// Have a source read now. A reading that is under way is the answer.
#[utoipa::path(post, path = "/api/v1/sources/{name}/read", tag = "sources", params(("name" = String, Path)), responses((status = 202, body = SourceReading), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn create(
    signed_in: SignedIn,
    Path(name): Path<String>,
) -> Result<(StatusCode, Json<SourceReading>), Problem> {
    let reading = sources::read(&signed_in.ctx, &name).await?;
    Ok((StatusCode::ACCEPTED, Json(reading.into())))
}

/// Readings of a source, newest first.
#[utoipa::path(get, path = "/api/v1/sources/{name}/readings", tag = "sources", params(("name" = String, Path), PageQuery), responses((status = 200, body = Page<SourceReading>), (status = 404, body = Problem)))]
pub(crate) async fn list(
    signed_in: SignedIn,
    Path(name): Path<String>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<SourceReading>>, Problem> {
    let after: Option<ReadId> = page.after()?;
    let found = sources::readings(&signed_in.ctx, &name, after.as_ref(), page.and_one_more()).await?;
    let items = found.into_iter().map(SourceReading::from).collect();
    Ok(Json(Page::new(items, page.limit(), |reading: &SourceReading| reading.id.clone())))
}

/// How far a reading is, and what became of it.
#[utoipa::path(get, path = "/api/v1/sources/{name}/readings/{id}", tag = "sources", params(("name" = String, Path), ("id" = String, Path)), responses((status = 200, body = SourceReading), (status = 404, body = Problem)))]
pub(crate) async fn show(
    signed_in: SignedIn,
    Path((name, id)): Path<(String, ReadId)>,
) -> Result<Json<SourceReading>, Problem> {
    Ok(Json(sources::reading(&signed_in.ctx, &name, &id).await?.into()))
}
