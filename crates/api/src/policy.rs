//! The policy for requests and imports: `/policy`. The body has the shape of `policy.toml`.

use crate::problem::Problem;
use crate::session::SignedIn;
use axum::Json;
use governance::policy::{self, Policy};

/// The policy that holds now.
#[utoipa::path(get, path = "/api/v1/policy", tag = "systems", responses((status = 200, body = Object)))]
pub(crate) async fn show(signed_in: SignedIn) -> Result<Json<Policy>, Problem> {
    Ok(Json(policy::get(&signed_in.ctx).await?))
}

/// Declare the policy; what is left out takes its default.
#[utoipa::path(put, path = "/api/v1/policy", tag = "systems", request_body = Object, responses((status = 200, body = Object), (status = 422, body = Problem)))]
pub(crate) async fn declare(signed_in: SignedIn, Json(given): Json<Policy>) -> Result<Json<Policy>, Problem> {
    policy::declare(&signed_in.ctx, &given).await?;
    show(signed_in).await
}
