//! `Idempotency-Key` on creations and on new versions: the same key and call, by the same token or sign-in, is done once
//! and answered alike.

use crate::Api;
use crate::problem::Problem;
use crate::session::{SignedIn, cookie};
use authn::bearer;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use db::idempotency::{self, Claim};
use seal::{Column, Record};
use types::Secret;

const HEADER: HeaderName = HeaderName::from_static("idempotency-key");
const LONGEST_KEY: usize = 128;
/// Feeds are too large to be kept for comparison, and the same feed again changes nothing anyway.
pub(crate) const FEEDS: &str = "/api/v1/imports";
/// Nothing is kept of a credential on demand that could be answered again: each call makes another one.
const LEASES: &str = "/api/v1/leases";
/// Of the answers to these, which carry a secret, only that they were given is kept.
const SECRET_ANSWERS: [&str; 8] =
    ["/tokens", "/setup-link", "/wrap", "/unwrap", "/issue", "/leases", "/checkouts", "/scans"];
const LARGEST_ANSWER: usize = 4 << 20;

pub(crate) const SEALED: &Column =
    &seal::column!("idempotency", "sealed_body", "idempotency", "caller || ' ' || key", "sealed_body");

pub(crate) async fn once(
    State(api): State<Api>,
    signed_in: Option<axum::Extension<SignedIn>>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let key = request.headers().get(HEADER).cloned();
    let (Some(key), Some(caller)) = (key, signed_in) else {
        return Ok(next.run(request).await);
    };
    let once = matches!(*request.method(), Method::POST | Method::PUT | Method::PATCH);
    if !once || [FEEDS, LEASES].contains(&request.uri().path()) {
        return Ok(next.run(request).await);
    }
    let key = readable(&key)?;
    let caller = caller.caller.identity.to_string();
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, crate::LARGEST_BODY).await.map_err(|_| Problem::too_large())?;
    // What proved the caller is known to nobody else: whoever reads the digest cannot try values that the body may hold.
    let proof = Secret::new(proof(&parts.headers));
    let (proof, target) = (proof.expose(), format!("{} {}", parts.method, parts.uri));
    let digest = bearer::digest(&[&proof.len().to_be_bytes(), proof, target.as_bytes(), &[0], &body]);
    let row = format!("{caller} {key}");
    let record = Record { table: "idempotency", column: "sealed_body", row: &row };
    match idempotency::claim(api.ctx.db(), &caller, &key, digest, api.ctx.now()).await? {
        Claim::Mine => {}
        Claim::Answered { .. } if has_secret(parts.uri.path()) => {
            return Err(conflict("created already; the secret is shown once: make another one if it was lost"));
        }
        Claim::Answered { status, sealed_body } => {
            let body = api.ctx.seal().unseal(record, &sealed_body)?;
            return Ok(answer(status, Bytes::copy_from_slice(body.expose())));
        }
        Claim::UnderWay => return Err(conflict("the same call is under way or was cut off: look whether it was done")),
        Claim::OtherCall => return Err(conflict("this idempotency key was used for another call: use a new one")),
    }
    let secret = has_secret(parts.uri.path());
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    // What waits for somebody else has not been given yet: the same call takes it afterwards.
    let waits = secret && response.status() == StatusCode::ACCEPTED;
    if waits || !response.status().is_success() {
        idempotency::release(api.ctx.db(), &caller, &key).await?;
        return Ok(response);
    }
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), LARGEST_ANSWER).await.map_err(|e| Problem::internal(&e))?;
    let kept = if secret { &[][..] } else { &body[..] };
    // It is done: an answer that cannot be kept is given all the same, and the key stays taken.
    match api.ctx.seal().seal(record, kept) {
        Ok(sealed) => {
            if let Err(error) = idempotency::answer(api.ctx.db(), &caller, &key, status, sealed).await {
                tracing::warn!(%error, "an answer could not be kept for its idempotency key");
            }
        }
        Err(error) => tracing::warn!(%error, "an answer could not be sealed for its idempotency key"),
    }
    Ok(answer(status, body))
}

fn proof(headers: &HeaderMap) -> Vec<u8> {
    let token = headers.get(header::AUTHORIZATION).map(|value| value.as_bytes().to_vec());
    token.or_else(|| Some(cookie(headers)?.expose().as_bytes().to_vec())).unwrap_or_default()
}

fn has_secret(path: &str) -> bool {
    SECRET_ANSWERS.iter().any(|end| path.ends_with(end))
}

fn readable(key: &HeaderValue) -> Result<String, Problem> {
    let key = key.to_str().ok().filter(|key| !key.is_empty() && key.len() <= LONGEST_KEY);
    key.map(str::to_owned).ok_or_else(|| Problem::invalid("an idempotency key has 1 to 128 visible characters"))
}

fn answer(status: u16, body: Bytes) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

fn conflict(detail: &str) -> Problem {
    Problem::new(StatusCode::CONFLICT, "idempotency_key", detail)
}
