//! The HTTP surface while the seal is closed: what opens it, what watches it, the console's files, and for everything else
//! an answer that says so.

use crate::problem::Problem;
use crate::seal::{self, SealControl};
use crate::{console, health, session};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::from_fn;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

/// What a sealed server answers.
pub fn sealed_router(seal: SealControl) -> Router {
    let router = Router::new()
        .route("/api/v1/seal", get(seal::show))
        .route("/api/v1/seal/unseal", post(seal::unseal))
        .route("/healthz", get(health::healthz))
        .route_layer(from_fn(session::public))
        .fallback(anything_else);
    crate::dressed(router).with_state(seal)
}

async fn anything_else(State(seal): State<SealControl>, request: Request) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let accepted = request.headers().get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    let path = request.uri().path();
    if reads && !path.starts_with("/api/") && (accepted.contains("text/html") || console::has(path)) {
        return console::serve(request.uri().clone()).await;
    }
    let because = seal.status.borrow().because.clone().unwrap_or_default();
    let detail = format!("the server is sealed: no secret leaves it and nobody is let in. {because}");
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "sealed", detail.trim_end()).into_response()
}
