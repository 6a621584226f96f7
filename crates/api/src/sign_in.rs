//! Setting up an account by its one-time link, signing in and out: the console's cookie.

use crate::Api;
use crate::problem::Problem;
use crate::sensitive::Sensitive;
use crate::session::{COOKIE, SignedIn, cookie, same_origin};
use axum::Json;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::net::SocketAddr;
use types::Secret;

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Link {
    #[schema(value_type = String)]
    token: Secret<String>,
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Begun {
    pub(crate) name: String,
    /// For an authenticator: `otpauth://totp/…`.
    pub(crate) otpauth_uri: String,
}

/// What a set-up link is for, with a new secret for an authenticator. Can be repeated; only the last secret counts.
#[utoipa::path(post, path = "/api/v1/setup/begin", tag = "sign-in", request_body = Link, responses((status = 200, body = Begun), (status = 403, body = Problem)))]
pub(crate) async fn begin(
    State(api): State<Api>,
    headers: HeaderMap,
    Sensitive(link): Sensitive<Link>,
) -> Result<Json<Begun>, Problem> {
    same_origin(&api, &headers)?;
    let begun = authn::setup::begin(&api.ctx, &link.token).await?;
    Ok(Json(Begun { name: begun.name, otpauth_uri: begun.otpauth_uri.expose().clone() }))
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Completion {
    #[schema(value_type = String)]
    token: Secret<String>,
    #[schema(value_type = String)]
    password: Secret<String>,
    /// Six digits from the authenticator.
    #[schema(value_type = String)]
    code: Secret<String>,
}

/// Sets password and authenticator, spends the link and signs in.
#[utoipa::path(post, path = "/api/v1/setup/complete", tag = "sign-in", request_body = Completion, responses((status = 204), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn complete(
    State(api): State<Api>,
    headers: HeaderMap,
    Sensitive(completion): Sensitive<Completion>,
) -> Result<Response, Problem> {
    same_origin(&api, &headers)?;
    let code = completion.code.expose();
    let signed_in = authn::setup::complete(&api.ctx, &completion.token, &completion.password, code).await?;
    Ok(with_cookie(signed_in.cookie.expose(), authn::sign_in::LIFETIME.as_secs()))
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Credentials {
    /// The mail address.
    name: String,
    #[schema(value_type = String)]
    password: Secret<String>,
    /// Six digits from the authenticator.
    #[schema(value_type = String)]
    code: Secret<String>,
}

/// Sign in; the answer sets the console's cookie.
#[utoipa::path(post, path = "/api/v1/sign-in", tag = "sign-in", request_body = Credentials, responses((status = 204), (status = 403, body = Problem)))]
pub(crate) async fn sign_in(
    State(api): State<Api>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Sensitive(given): Sensitive<Credentials>,
) -> Result<Response, Problem> {
    same_origin(&api, &headers)?;
    let code = given.code.expose();
    let signed_in = authn::sign_in::sign_in(&api.ctx, &given.name, &given.password, code, peer.ip()).await?;
    Ok(with_cookie(signed_in.cookie.expose(), authn::sign_in::LIFETIME.as_secs()))
}

/// Sign out.
#[utoipa::path(post, path = "/api/v1/sign-out", tag = "sign-in", responses((status = 204)))]
pub(crate) async fn sign_out(signed_in: SignedIn, headers: HeaderMap) -> Result<Response, Problem> {
    if let Some(cookie) = cookie(&headers) {
        authn::sign_in::sign_out(&signed_in.ctx, &cookie).await?;
    }
    Ok(with_cookie("", 0))
}

fn with_cookie(value: &str, max_age: u64) -> Response {
    let cookie = format!("{COOKIE}={value}; Path=/; Max-Age={max_age}; Secure; HttpOnly; SameSite=Strict");
    (StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response()
}
