//! What target hosts read without signing in: the CA's public key and the revocation list. Neither is a secret.

use crate::Api;
use crate::problem::Problem;
use authn::authority::{self, Purpose};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use privilege::leases;
use sha2::{Digest, Sha256};
use std::time::Duration;
use tokio::time::Instant;

const LONGEST_WAIT: u64 = 60;

/// The line for a host's `TrustedUserCAKeys`.
#[utoipa::path(get, path = "/ssh/ca.pub", tag = "ssh", responses((status = 200, body = String, content_type = "text/plain")))]
pub(crate) async fn authority(State(api): State<Api>) -> Result<String, Problem> {
    Ok(format!("{}\n", authority::public_key(&api.ctx, Purpose::Targets).await?))
}

#[derive(serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wait {
    /// Wait up to so many seconds, 60 at most, for a list with another `ETag` than that of `If-None-Match`.
    #[serde(default)]
    wait: u64,
}

/// The OpenSSH revocation list (KRL) for a host's `RevokedKeys`.
#[utoipa::path(get, path = "/ssh/krl", tag = "ssh", params(Wait), responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"), (status = 304)))]
pub(crate) async fn krl(
    State(api): State<Api>,
    Query(query): Query<Wait>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let deadline = Instant::now() + Duration::from_secs(query.wait.min(LONGEST_WAIT));
    let mut wakes = api.ctx.db().wakes();
    loop {
        let list = api.revocations.krl(&api.ctx).await?;
        let tag = format!("\"{}\"", data_encoding::HEXLOWER.encode(&Sha256::digest(&list)[..16]));
        if known.as_ref() != Some(&tag) {
            let kind = (header::CONTENT_TYPE, "application/octet-stream".to_owned());
            return Ok(([kind, (header::ETAG, tag)], list.to_vec()).into_response());
        }
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(StatusCode::NOT_MODIFIED.into_response());
        }
        wakes.next(leases::TOPIC, left).await;
    }
}
