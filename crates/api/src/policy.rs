//! The policy for requests and imports: `/policy`. The body has the shape of `policy.toml`, with a reason where
//! more is let through than before.

use crate::problem::Problem;
use crate::session::SignedIn;
use axum::Json;
use governance::policy::{self, ImportPolicy, LifecyclePolicy, MachinePolicy, Policy, RequestPolicy};

/// The policy that holds now.
#[utoipa::path(get, path = "/api/v1/policy", tag = "systems", responses((status = 200, body = Object)))]
pub(crate) async fn show(signed_in: SignedIn) -> Result<Json<Policy>, Problem> {
    Ok(Json(policy::get(&signed_in.ctx).await?))
}

#[derive(Default, serde::Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct DeclaredPolicy {
    #[schema(value_type = Object)]
    requests: RequestPolicy,
    #[schema(value_type = Object)]
    hr_import: ImportPolicy,
    #[schema(value_type = Object)]
    machines: MachinePolicy,
    #[schema(value_type = Object)]
    lifecycle: LifecyclePolicy,
    /// Needed when it would let more through than before.
    reason: Option<String>,
}

/// Declare the policy; what is left out takes its default.
#[utoipa::path(put, path = "/api/v1/policy", tag = "systems", request_body = DeclaredPolicy, responses((status = 200, body = Object), (status = 422, body = Problem)))]
pub(crate) async fn declare(signed_in: SignedIn, Json(given): Json<DeclaredPolicy>) -> Result<Json<Policy>, Problem> {
    let DeclaredPolicy { requests, hr_import, machines, lifecycle, reason } = given;
    let policy = Policy { requests, hr_import, machines, lifecycle };
    policy::declare(&signed_in.ctx, &policy, reason.as_deref()).await?;
    show(signed_in).await
}
