//! Changing the credentials of accounts under management: `/accounts/{id}/rotate`, `/rotations`.

use crate::page::{Page, PageQuery};
use crate::problem::Problem;
use crate::session::SignedIn;
use crate::words::{RotationCause, RotationState};
use axum::Json;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use privilege::rotation::{self, Cause};
use types::{ManagedAccountId, RotationId, Timestamp};

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Rotation {
    pub(crate) id: String,
    /// The account that is changed.
    pub(crate) account: String,
    pub(crate) login: String,
    pub(crate) target: String,
    /// The account that was named: of a pair, the one that is not handed out is changed.
    pub(crate) asked_for: String,
    pub(crate) cause: RotationCause,
    pub(crate) state: RotationState,
    /// The version that logs in since its end.
    pub(crate) version: Option<u32>,
    /// The version that the target has already, while files that hold the password are being updated.
    pub(crate) changed_to: Option<u32>,
    pub(crate) attempts: u32,
    /// Why the last run did not end it.
    pub(crate) last_error: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) ordered_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) retry_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) ended_at: Option<Timestamp>,
}

impl From<rotation::Rotation> for Rotation {
    fn from(rotation: rotation::Rotation) -> Self {
        let ended = rotation.ended;
        Self {
            id: rotation.id.to_string(),
            account: rotation.account.to_string(),
            login: rotation.login,
            target: rotation.target,
            asked_for: rotation.asked_for.to_string(),
            cause: (&rotation.cause).into(),
            state: ended.as_ref().map(|ended| ended.how).into(),
            version: ended.as_ref().and_then(|ended| ended.version),
            changed_to: rotation.changed.filter(|_| ended.is_none()).map(|changed| changed.to),
            attempts: rotation.attempts,
            last_error: rotation.last_error,
            ordered_at: rotation.ordered_at,
            retry_at: rotation.retry_at,
            ended_at: ended.map(|ended| ended.at),
        }
    }
}

/// Order a new credential. It is set and verified by itself; ask for the rotation to see how it goes.
#[utoipa::path(post, path = "/api/v1/accounts/{id}/rotate", tag = "accounts", params(("id" = String, Path)), responses((status = 202, body = Rotation), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn rotate(
    signed_in: SignedIn,
    Path(id): Path<ManagedAccountId>,
) -> Result<(StatusCode, Json<Rotation>), Problem> {
    let rotation = rotation::rotate(&signed_in.ctx, &id, Cause::Person).await?;
    Ok((StatusCode::ACCEPTED, Json(rotation.into())))
}

/// Find out which of the kept credentials logs in; if none does, set a new one through the administrator.
#[utoipa::path(post, path = "/api/v1/accounts/{id}/reconcile", tag = "accounts", params(("id" = String, Path)), responses((status = 202, body = Rotation), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn reconcile(
    signed_in: SignedIn,
    Path(id): Path<ManagedAccountId>,
) -> Result<(StatusCode, Json<Rotation>), Problem> {
    let rotation = rotation::rotate(&signed_in.ctx, &id, Cause::Reconcile).await?;
    Ok((StatusCode::ACCEPTED, Json(rotation.into())))
}

#[derive(serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Filter {
    #[param(value_type = Option<String>)]
    account: Option<ManagedAccountId>,
    /// Only those that are not ended.
    open: Option<bool>,
}

/// Rotations, newest first.
#[utoipa::path(get, path = "/api/v1/rotations", tag = "accounts", params(Filter, PageQuery), responses((status = 200, body = Page<Rotation>)))]
pub(crate) async fn list(
    signed_in: SignedIn,
    Query(filter): Query<Filter>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<Rotation>>, Problem> {
    let open = filter.open.unwrap_or(false);
    let filter = rotation::Filter { account: filter.account, open, after: page.after()?, limit: page.and_one_more() };
    let found = rotation::list(&signed_in.ctx, &filter).await?;
    let items = found.into_iter().map(Rotation::from).collect();
    Ok(Json(Page::new(items, page.limit(), |rotation| rotation.id.clone())))
}

/// One rotation.
#[utoipa::path(get, path = "/api/v1/rotations/{id}", tag = "accounts", params(("id" = String, Path)), responses((status = 200, body = Rotation), (status = 404, body = Problem)))]
pub(crate) async fn show(signed_in: SignedIn, Path(id): Path<RotationId>) -> Result<Json<Rotation>, Problem> {
    Ok(Json(rotation::get(&signed_in.ctx, &id).await?.into()))
}
