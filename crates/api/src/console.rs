//! The web console, embedded in the binary. Every unknown path outside the API is the console's page, whose own
//! router knows it.

use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

#[derive(rust_embed::RustEmbed)]
#[folder = "../../console/dist"]
struct Assets;

pub(crate) async fn serve(uri: Uri) -> Response {
    let path = uri.path().trim_start_matches('/');
    if path.starts_with("api/") || path.starts_with("scim/") {
        return crate::problem::Problem::not_found("endpoint").into_response();
    }
    match Assets::get(path) {
        Some(file) => asset(path, file, "public, max-age=31536000, immutable"),
        None if path.starts_with("assets/") => StatusCode::NOT_FOUND.into_response(),
        None => Assets::get("index.html").map_or_else(missing, |file| asset("index.html", file, "no-cache")),
    }
}

/// Whether this is the path of a file of the console.
pub(crate) fn has(path: &str) -> bool {
    matches!(path, "/" | "/index.html") || Assets::get(path.trim_start_matches('/')).is_some()
}

fn asset(path: &str, file: rust_embed::EmbeddedFile, cache: &'static str) -> Response {
    let kind = match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("svg") => "image/svg+xml",
        Some("wasm") => "application/wasm",
        Some("woff2") => "font/woff2",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    };
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, cache)], file.data).into_response()
}

fn missing() -> Response {
    (StatusCode::NOT_FOUND, "this build has no console").into_response()
}
