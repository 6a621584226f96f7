//! What depends on an account under management: `/accounts/{id}/dependents`, `/dependents/{id}`. No answer holds a password,
//! nor what else stands on a line with one.

use crate::Api;
use crate::page::Page;
use crate::problem::Problem;
use crate::session::SignedIn;
use crate::words::DependentState;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use privilege::dependents::{self, Reading};
use types::{DependentId, ManagedAccountId, Timestamp};

/// A file on a host that holds the password of an account.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Dependent {
    pub(crate) id: String,
    pub(crate) account: String,
    /// The target that the file is on.
    pub(crate) host: String,
    pub(crate) file: String,
    /// `systemd_unit`, `environment_file`, `cron_tab`, `connection_string` or `setting`.
    #[schema(value_type = String)]
    pub(crate) place: dependents::Place,
    /// The systemd unit that reads it.
    pub(crate) unit: Option<String>,
    /// Counted from 1, as last seen.
    pub(crate) lines: Vec<u32>,
    /// Whether the account's login stands near one of the lines.
    pub(crate) names_login: bool,
    pub(crate) state: DependentState,
    /// The version of the password that it holds, as last seen or written.
    pub(crate) holds: u32,
    /// Whether its unit is restarted after an update.
    pub(crate) restart: bool,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) found_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) seen_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) kept_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) updated_at: Option<Timestamp>,
    /// Why it could not be updated.
    pub(crate) last_error: Option<String>,
}

impl From<dependents::Dependent> for Dependent {
    fn from(dependent: dependents::Dependent) -> Self {
        let last_error = dependent.last_error().map(str::to_owned);
        let state = (&dependent.state).into();
        let (restart, kept_at, updated_at) = match dependent.state {
            dependents::State::Found => (false, None, None),
            dependents::State::Kept { since, reading, updated_at, .. } => {
                (reading == Reading::AfterRestart, Some(since), updated_at)
            }
        };
        Self {
            id: dependent.id.to_string(),
            account: dependent.account.to_string(),
            host: dependent.host,
            file: dependent.file,
            place: dependent.place,
            unit: dependent.unit,
            lines: dependent.lines,
            names_login: dependent.names_login,
            state,
            holds: dependent.holds,
            restart,
            found_at: dependent.found_at,
            seen_at: dependent.seen_at,
            kept_at,
            updated_at,
            last_error,
        }
    }
}

/// What depends on an account, by host and file.
#[utoipa::path(get, path = "/api/v1/accounts/{id}/dependents", tag = "accounts", params(("id" = String, Path)), responses((status = 200, body = Page<Dependent>), (status = 404, body = Problem)))]
pub(crate) async fn list(
    signed_in: SignedIn,
    Path(id): Path<ManagedAccountId>,
) -> Result<Json<Page<Dependent>>, Problem> {
    let found = dependents::list(&signed_in.ctx, &id).await?;
    Ok(Json(Page::whole(found.into_iter().map(Dependent::from).collect())))
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LookOn {
    /// The target to look on.
    host: String,
    /// Whole paths of files or folders to look at besides systemd units, what they read, and cron tabs.
    #[serde(default)]
    files: Vec<String>,
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct FoundDependents {
    pub(crate) items: Vec<Dependent>,
    /// What could not be looked at.
    pub(crate) gaps: Vec<String>,
}

/// Look on a host for files that hold the account's password, by the password itself. Nothing is changed there, and what is
/// found is not touched before somebody keeps it.
#[utoipa::path(post, path = "/api/v1/accounts/{id}/dependents/find", tag = "accounts", params(("id" = String, Path)), request_body = LookOn, responses((status = 200, body = FoundDependents), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn find(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(id): Path<ManagedAccountId>,
    Json(given): Json<LookOn>,
) -> Result<Json<FoundDependents>, Problem> {
    let looked = dependents::find(&signed_in.ctx, &api.node, &id, &given.host, &given.files).await?;
    let items = looked.found.into_iter().map(Dependent::from).collect();
    Ok(Json(FoundDependents { items, gaps: looked.gaps }))
}

/// A line that would change, with stars in place of the password and without what else stands there.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct MaskedLine {
    /// Counted from 1.
    pub(crate) number: u32,
    pub(crate) shown: String,
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct DependentRehearsal {
    pub(crate) dependent: Dependent,
    pub(crate) lines: Vec<MaskedLine>,
    /// Why it could not be updated. A kept one that cannot stops rotations before the target is touched.
    pub(crate) problem: Option<String>,
}

impl From<dependents::Rehearsal> for DependentRehearsal {
    fn from(rehearsal: dependents::Rehearsal) -> Self {
        let line = |line: dependents::Line| MaskedLine { number: line.number, shown: line.shown };
        Self {
            dependent: rehearsal.dependent.into(),
            lines: rehearsal.lines.into_iter().map(line).collect(),
            problem: rehearsal.problem,
        }
    }
}

/// See what a rotation would change in each dependent, without changing anything.
#[utoipa::path(post, path = "/api/v1/accounts/{id}/dependents/dry-run", tag = "accounts", params(("id" = String, Path)), responses((status = 200, body = Page<DependentRehearsal>), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn dry_run(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(id): Path<ManagedAccountId>,
) -> Result<Json<Page<DependentRehearsal>>, Problem> {
    let rehearsed = dependents::dry_run(&signed_in.ctx, &api.node, &id).await?;
    Ok(Json(Page::whole(rehearsed.into_iter().map(DependentRehearsal::from).collect())))
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeepDependent {
    /// Whether its unit is restarted after an update.
    #[serde(default)]
    restart: bool,
}

/// Confirm that the account's rotations are to update a file.
#[utoipa::path(put, path = "/api/v1/dependents/{id}", tag = "accounts", params(("id" = String, Path)), request_body = KeepDependent, responses((status = 200, body = Dependent), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn keep(
    signed_in: SignedIn,
    Path(id): Path<DependentId>,
    Json(given): Json<KeepDependent>,
) -> Result<Json<Dependent>, Problem> {
    let reading = if given.restart { Reading::AfterRestart } else { Reading::ByItself };
    Ok(Json(dependents::keep(&signed_in.ctx, &id, reading).await?.into()))
}

/// Have rotations leave a file alone. The file stays as it is.
#[utoipa::path(delete, path = "/api/v1/dependents/{id}", tag = "accounts", params(("id" = String, Path)), responses((status = 204), (status = 404, body = Problem)))]
pub(crate) async fn remove(signed_in: SignedIn, Path(id): Path<DependentId>) -> Result<StatusCode, Problem> {
    dependents::remove(&signed_in.ctx, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
