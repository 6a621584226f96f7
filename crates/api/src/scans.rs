//! Scans for values of the vault that lie open somewhere: `/scans`. Digests come in and names go out; never a value.

use crate::page::{Page, PageQuery};
use crate::person::{People, Person};
use crate::problem::Problem;
use crate::session::SignedIn;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use data_encoding::HEXLOWER;
use privilege::hygiene::{self, Digest, Told, Value, What};
use types::{ScanId, Timestamp};

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Scan {
    pub(crate) id: String,
    /// `git`, `folder` or `recordings`.
    pub(crate) what: String,
    pub(crate) begun_by: Person,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) begun_at: Timestamp,
    /// From then on it answers nothing.
    #[schema(value_type = String, format = DateTime)]
    pub(crate) expires_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) ended_at: Option<Timestamp>,
    /// Compared so far.
    pub(crate) digests: u64,
    /// Values that were found.
    pub(crate) matched: u64,
}

/// Every scan, the newest first.
#[utoipa::path(get, path = "/api/v1/scans", tag = "scans", params(PageQuery), responses((status = 200, body = Page<Scan>)))]
pub(crate) async fn list(signed_in: SignedIn, Query(page): Query<PageQuery>) -> Result<Json<Page<Scan>>, Problem> {
    let ctx = &signed_in.ctx;
    let found = hygiene::list(ctx, page.after::<ScanId>()?.as_ref(), page.and_one_more()).await?;
    let people = People::of(ctx, found.iter().map(|scan| &scan.begun_by)).await?;
    let shown = found.into_iter().map(|scan| Scan {
        id: scan.id.to_string(),
        what: scan.what.as_str().to_owned(),
        begun_by: people.person(&scan.begun_by),
        begun_at: scan.begun_at,
        expires_at: scan.expires_at,
        ended_at: scan.ended_at,
        digests: scan.digests,
        matched: scan.matched,
    });
    Ok(Json(Page::new(shown.collect(), page.limit(), |scan| scan.id.clone())))
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewScan {
    what: Reads,
}

/// What somebody else than the server reads.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
enum Reads {
    Git,
    Folder,
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct BegunScan {
    pub(crate) id: String,
    /// For HMAC-SHA256, in hex. A digest is the first 16 bytes.
    pub(crate) key: String,
    /// 2^20 bits in base64, bit n in byte n / 8 at n % 8. A digest whose first 20 bits name a bit that is not set is no
    /// value of the vault.
    pub(crate) filter: String,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) expires_at: Timestamp,
}

/// Begin a scan. It is one's own, and valid for an hour.
#[utoipa::path(post, path = "/api/v1/scans", tag = "scans", request_body = NewScan, responses((status = 201, body = BegunScan), (status = 422, body = Problem)))]
pub(crate) async fn begin(
    signed_in: SignedIn,
    Json(new): Json<NewScan>,
) -> Result<(StatusCode, Json<BegunScan>), Problem> {
    let what = match new.what {
        Reads::Git => What::Git,
        Reads::Folder => What::Folder,
    };
    let begun = hygiene::begin(&signed_in.ctx, &signed_in.caller.identity, what).await?;
    let answer = BegunScan {
        id: begun.scan.id.to_string(),
        key: HEXLOWER.encode(begun.key.expose()),
        filter: begun.filter.to_base64(),
        expires_at: begun.scan.expires_at,
    };
    Ok((StatusCode::CREATED, Json(answer)))
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Digests {
    /// 1 to 10,000, each 32 hex digits.
    digests: Vec<String>,
}

/// A value of the vault that lies open somewhere.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Match {
    pub(crate) digest: String,
    /// `secret` or `account`.
    pub(crate) kind: String,
    pub(crate) id: String,
    /// Of a secret its name, of an account `LOGIN@TARGET`.
    pub(crate) name: String,
    pub(crate) version: u32,
    /// Of a secret, the key in its value.
    pub(crate) key: Option<String>,
    /// Of an account: `current`, `candidate`, `previous` or `refused`.
    pub(crate) state: Option<String>,
    /// The rotation that it led to.
    pub(crate) rotation: Option<String>,
}

impl From<hygiene::Match> for Match {
    fn from(found: hygiene::Match) -> Self {
        let (digest, version) = (found.digest.to_string(), found.value.version());
        let rotation = found.rotation.map(|id| id.to_string());
        match found.value {
            Value::Secret { id, name, key, .. } => {
                let (kind, id) = ("secret".to_owned(), id.to_string());
                Self { digest, kind, id, name, version, key: Some(key), state: None, rotation }
            }
            Value::Account { id, name, state, .. } => {
                let (kind, id, state) = ("account".to_owned(), id.to_string(), state.as_str().to_owned());
                Self { digest, kind, id, name, version, key: None, state: Some(state), rotation }
            }
        }
    }
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Matches {
    pub(crate) matches: Vec<Match>,
}

fn digest(text: &str) -> Result<Digest, Problem> {
    text.parse().map_err(Problem::invalid)
}

/// Ask which digests are values of the vault. An account whose credential is found is rotated at once, where its
/// settings say so.
#[utoipa::path(post, path = "/api/v1/scans/{id}/digests", tag = "scans", params(("id" = String, Path)), request_body = Digests, responses((status = 200, body = Matches), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn compare(
    signed_in: SignedIn,
    Path(id): Path<String>,
    Json(given): Json<Digests>,
) -> Result<Json<Matches>, Problem> {
    let digests = given.digests.iter().map(|text| digest(text)).collect::<Result<Vec<_>, _>>()?;
    let id = id.parse().map_err(|_| Problem::not_found("scan"))?;
    let found = hygiene::compare(&signed_in.ctx, &signed_in.caller.identity, &id, &digests).await?;
    Ok(Json(Matches { matches: found.into_iter().map(Match::from).collect() }))
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Places {
    /// At most 200; none when nothing was found.
    matches: Vec<PlacesOfOne>,
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlacesOfOne {
    digest: String,
    /// 1 to 20, each one line of at most 500 bytes. Never the value itself.
    places: Vec<String>,
    /// Places that are not named.
    #[serde(default)]
    more: u64,
}

/// Tell where a scan found what it found, and end it.
#[utoipa::path(post, path = "/api/v1/scans/{id}/matches", tag = "scans", params(("id" = String, Path)), request_body = Places, responses((status = 204), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn tell(
    signed_in: SignedIn,
    Path(id): Path<String>,
    Json(given): Json<Places>,
) -> Result<StatusCode, Problem> {
    let id = id.parse().map_err(|_| Problem::not_found("scan"))?;
    let mut told = Vec::with_capacity(given.matches.len());
    for PlacesOfOne { digest: text, places, more } in given.matches {
        told.push(Told { digest: digest(&text)?, places, more });
    }
    hygiene::tell(&signed_in.ctx, &signed_in.caller.identity, &id, &told).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct RecordingsScan {
    pub(crate) id: String,
    pub(crate) recordings: u64,
    /// Those of other servers, and those that are broken.
    pub(crate) unreadable: u64,
    pub(crate) found: Vec<FoundMatch>,
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct FoundMatch {
    #[serde(flatten)]
    pub(crate) value: Match,
    pub(crate) places: Vec<String>,
}

/// Scan every recording that this server keeps.
#[utoipa::path(post, path = "/api/v1/scans/recordings", tag = "scans", responses((status = 200, body = RecordingsScan)))]
pub(crate) async fn recordings(
    signed_in: SignedIn,
    State(api): State<crate::Api>,
) -> Result<Json<RecordingsScan>, Problem> {
    let read = hygiene::scan_recordings(&signed_in.ctx, &api.node, &signed_in.caller.identity).await?;
    let found = read.found.into_iter().map(|(found, places)| FoundMatch { value: found.into(), places });
    Ok(Json(RecordingsScan {
        id: read.scan.to_string(),
        recordings: read.recordings,
        unreadable: read.unreadable,
        found: found.collect(),
    }))
}

/// Something to improve.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Lint {
    /// A word in snake_case.
    pub(crate) rule: String,
    /// A name or an id.
    pub(crate) subject: String,
    /// What is wrong and what to do.
    pub(crate) detail: String,
}

/// What in the set-up makes a leak likelier or worse, by rule.
#[utoipa::path(get, path = "/api/v1/hygiene/lint", tag = "scans", responses((status = 200, body = Page<Lint>)))]
pub(crate) async fn lint(signed_in: SignedIn) -> Result<Json<Page<Lint>>, Problem> {
    let found = hygiene::lint(&signed_in.ctx).await?;
    let shown =
        found.into_iter().map(|lint| Lint { rule: lint.rule.to_owned(), subject: lint.subject, detail: lint.detail });
    Ok(Json(Page::whole(shown.collect())))
}
