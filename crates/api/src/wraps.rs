//! Secrets on their way to one reader: `/secrets/{name}/wrap` makes a token, `/unwrap` opens it once. Whoever bears the token
//! needs no account, unless it was wrapped for somebody.

use crate::Api;
use crate::person::named;
use crate::problem::Problem;
use crate::secrets::{SecretValue, shown};
use crate::sensitive::{SecretName, Sensitive};
use crate::session::{SignedIn, whoever};
use axum::Json;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use privilege::secrets;
use std::net::SocketAddr;
use std::time::Duration;
use types::{Secret, Timestamp};

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WrapOrder {
    /// The current one unless told.
    version: Option<u32>,
    /// At most 86,400, a day.
    ttl_seconds: u64,
    /// Only this person, signed in, may open it; by id or mail address.
    #[serde(rename = "for")]
    recipient: Option<String>,
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct WrappedSecret {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) version: u32,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) expires_at: Timestamp,
    /// Shown once.
    pub(crate) token: String,
}

/// Wrap a version for one delivery. Needs a grant that allows `secret_read`, which must still stand when it is opened.
#[utoipa::path(post, path = "/api/v1/secrets/{name}/wrap", tag = "secrets", params(("name" = String, Path, description = "`SAFE/FOLDER/NAME`, percent-encoded as one segment")), request_body = WrapOrder, responses((status = 201, body = WrappedSecret), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn wrap(
    signed_in: SignedIn,
    SecretName(name): SecretName,
    Json(order): Json<WrapOrder>,
) -> Result<(StatusCode, Json<WrappedSecret>), Problem> {
    let (ctx, who, ttl) = (&signed_in.ctx, &signed_in.caller.identity, Duration::from_secs(order.ttl_seconds));
    let recipient = named(ctx, order.recipient.as_deref()).await?;
    let wrapped = secrets::wrap(ctx, who, &name, order.version, ttl, recipient).await?;
    let answer = WrappedSecret {
        id: wrapped.id.to_string(),
        name: name.to_string(),
        version: wrapped.version,
        expires_at: wrapped.expires_at,
        token: wrapped.token.expose().clone(),
    };
    Ok((StatusCode::CREATED, Json(answer)))
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WrapToken {
    #[schema(value_type = String)]
    token: Secret<String>,
}

/// Open a wrapped secret. Works once; whatever is wrong with a token, the answer is the same.
#[utoipa::path(post, path = "/api/v1/unwrap", tag = "secrets", request_body = WrapToken, responses((status = 200, body = SecretValue), (status = 403, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn unwrap(
    State(api): State<Api>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Sensitive(given): Sensitive<WrapToken>,
) -> Result<Response, Problem> {
    let ctx = whoever(&api, &headers).await?;
    let (name, reading) = secrets::unwrap(&ctx, &given.token, peer.ip()).await?;
    Ok(shown(&name, &reading))
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct WrapEnvelope {
    pub(crate) id: String,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) expires_at: Timestamp,
    pub(crate) ttl_seconds: u64,
}

/// Since when and until when a token can be opened, without opening it.
#[utoipa::path(post, path = "/api/v1/unwrap/lookup", tag = "secrets", request_body = WrapToken, responses((status = 200, body = WrapEnvelope), (status = 403, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn lookup(
    State(api): State<Api>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Sensitive(given): Sensitive<WrapToken>,
) -> Result<Json<WrapEnvelope>, Problem> {
    let found = secrets::lookup(&api.ctx, &given.token, peer.ip()).await?;
    Ok(Json(WrapEnvelope {
        id: found.id.to_string(),
        ttl_seconds: found.expires_at.since(found.wrapped_at).as_secs(),
        created_at: found.wrapped_at,
        expires_at: found.expires_at,
    }))
}
