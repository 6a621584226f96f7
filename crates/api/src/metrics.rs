//! Prometheus metrics: `/metrics`.

use crate::Api;
use crate::problem::Problem;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use privilege::credentials;

/// Metrics in the Prometheus text format.
#[utoipa::path(get, path = "/metrics", tag = "metrics", responses((status = 200, body = String, content_type = "text/plain")))]
pub(crate) async fn show(State(api): State<Api>) -> Result<Response, Problem> {
    let (open, dead) = db::jobs::backlog(api.ctx.db()).await?;
    metrics::gauge!("tenure_jobs_open").set(open as f64);
    metrics::gauge!("tenure_jobs_dead").set(dead as f64);
    let backlog = credentials::backlog(&api.ctx).await?;
    let waiting: u64 = backlog.iter().map(|service| service.count).sum();
    let oldest = backlog.iter().map(|service| api.ctx.now().since(service.oldest)).max().unwrap_or_default();
    metrics::gauge!("tenure_revocations_waiting").set(waiting as f64);
    metrics::gauge!("tenure_revocations_oldest_seconds").set(oldest.as_secs_f64());
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4")];
    Ok((kind, api.prometheus.render()).into_response())
}
