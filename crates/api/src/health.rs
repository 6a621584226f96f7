//! `GET /healthz`: the process runs. `GET /readyz`: it can serve, because its ledger can be read.

use crate::Api;
use crate::problem::Problem;
use axum::Json;
use axum::extract::State;

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Health {
    pub(crate) status: String,
}

/// Whether the process runs.
#[utoipa::path(get, path = "/healthz", tag = "health", responses((status = 200, body = Health)))]
pub(crate) async fn healthz() -> Json<Health> {
    Json(Health { status: "alive".to_owned() })
}

/// Whether the server can serve: its database answers and its ledger is open.
#[utoipa::path(get, path = "/readyz", tag = "health", responses((status = 200, body = Health), (status = 503, body = Problem)))]
pub(crate) async fn readyz(State(api): State<Api>) -> Result<Json<Health>, Problem> {
    api.ctx.ledger().size().await?;
    Ok(Json(Health { status: "ready".to_owned() }))
}
