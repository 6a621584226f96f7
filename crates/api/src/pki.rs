//! What verifiers read without signing in: certificates of authorities, revocation lists, public keys. None is a secret.

use crate::Api;
use crate::problem::Problem;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use privilege::issuers::publish;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tower::ServiceExt;
use types::Timestamp;

/// A revocation must be known soon, also behind a cache.
const FRESH: &str = "public, max-age=60";
const LARGEST: usize = 64 << 20;

/// What anybody is given at a public path, through the whole surface; `None` unless it is there.
pub async fn fetch(router: &Router, path: &str) -> Option<Vec<u8>> {
    let request = Request::get(path).body(Body::empty()).ok()?;
    let answer = router.clone().oneshot(request).await.ok()?;
    if answer.status() != StatusCode::OK {
        return None;
    }
    to_bytes(answer.into_body(), LARGEST).await.ok().map(|bytes| bytes.to_vec())
}

/// The bytes with their `ETag`, or that the caller has them already.
fn tagged(headers: &HeaderMap, kind: &'static str, bytes: Vec<u8>) -> Response {
    let tag = format!("\"{}\"", data_encoding::HEXLOWER.encode(&Sha256::digest(&bytes)[..16]));
    let fresh = [(header::ETAG, tag.clone()), (header::CACHE_CONTROL, FRESH.to_owned())];
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == tag.as_bytes());
    if known {
        return (StatusCode::NOT_MODIFIED, fresh).into_response();
    }
    (fresh, [(header::CONTENT_TYPE, kind)], bytes).into_response()
}

/// The revocation list of an X.509 issuer (RFC 5280), in DER.
#[utoipa::path(get, path = "/pki/{name}/crl", tag = "pki", params(("name" = String, Path)), responses((status = 200, body = Vec<u8>, content_type = "application/pkix-crl"), (status = 304), (status = 404, body = Problem)))]
pub(crate) async fn crl(
    State(api): State<Api>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    Ok(tagged(&headers, "application/pkix-crl", publish::crl(&api.ctx, &name).await?))
}

/// The certificate of an X.509 issuer, and those above it behind it, in PEM.
#[utoipa::path(get, path = "/pki/{name}/ca.pem", tag = "pki", params(("name" = String, Path)), responses((status = 200, body = String, content_type = "application/x-pem-file"), (status = 404, body = Problem)))]
pub(crate) async fn chain(
    State(api): State<Api>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    Ok(tagged(&headers, "application/x-pem-file", publish::chain(&api.ctx, &name).await?.into_bytes()))
}

/// The line of an SSH issuer for `TrustedUserCAKeys`, or for `@cert-authority` in `known_hosts`.
#[utoipa::path(get, path = "/ssh/ca.pub/{name}", tag = "ssh", params(("name" = String, Path)), responses((status = 200, body = String, content_type = "text/plain"), (status = 404, body = Problem)))]
pub(crate) async fn ssh_authority(State(api): State<Api>, Path(name): Path<String>) -> Result<String, Problem> {
    Ok(format!("{}\n", publish::ssh_authority(&api.ctx, &name).await?))
}

/// The OpenSSH revocation list (KRL) of an SSH issuer for `RevokedKeys`.
#[utoipa::path(get, path = "/ssh/krl/{name}", tag = "ssh", params(("name" = String, Path)), responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"), (status = 304), (status = 404, body = Problem)))]
pub(crate) async fn krl(
    State(api): State<Api>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    Ok(tagged(&headers, "application/octet-stream", publish::krl(&api.ctx, &name).await?))
}

/// The public keys of every issuer of tokens (RFC 7517).
#[utoipa::path(get, path = "/.well-known/jwks.json", tag = "tokens", responses((status = 200, body = Object), (status = 304)))]
pub(crate) async fn jwks(State(api): State<Api>, headers: HeaderMap) -> Result<Response, Problem> {
    Ok(tagged(&headers, "application/jwk-set+json", publish::jwks(&api.ctx).await?.to_string().into_bytes()))
}

/// What a verifier of tokens must know to find the keys (OpenID Connect Discovery, section 3, as far as it applies).
#[utoipa::path(get, path = "/.well-known/openid-configuration", tag = "tokens", responses((status = 200, body = Object)))]
pub(crate) async fn discovery(State(api): State<Api>) -> Json<Value> {
    Json(json!({
        "issuer": api.origin,
        "jwks_uri": format!("{}{}", api.origin, publish::JWKS_PATH),
        "response_types_supported": ["id_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256", "EdDSA"],
    }))
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct RevokedTokens {
    pub(crate) items: Vec<RevokedToken>,
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct RevokedToken {
    pub(crate) jti: String,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) expires_at: Timestamp,
}

/// Tokens that were revoked and have not expired. Whoever verifies tokens and does not ask here believes one until it
/// expires: within an hour.
#[utoipa::path(get, path = "/tokens/revoked", tag = "tokens", responses((status = 200, body = RevokedTokens), (status = 304)))]
pub(crate) async fn revoked_tokens(State(api): State<Api>, headers: HeaderMap) -> Result<Response, Problem> {
    let revoked = publish::revoked_tokens(&api.ctx).await?;
    let items = revoked.into_iter().map(|one| RevokedToken { jti: one.serial, expires_at: one.expires_at }).collect();
    let text = serde_json::to_vec(&RevokedTokens { items }).map_err(|error| Problem::internal(&error))?;
    Ok(tagged(&headers, "application/json", text))
}
