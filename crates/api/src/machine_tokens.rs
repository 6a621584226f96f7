//! The tokens with which a machine identity calls: `/machines/{id}/tokens`. Its owner makes them, never it itself.

use crate::credentials::{CreatedToken, NewToken, Token};
use crate::machines::{in_days, visible};
use crate::page::Page;
use crate::problem::Problem;
use crate::session::SignedIn;
use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use governance::machines::{self, Reach};
use types::TokenId;

/// Its tokens that have not been revoked.
#[utoipa::path(get, path = "/api/v1/machines/{id}/tokens", tag = "machines", params(("id" = String, Path)), responses((status = 200, body = Page<Token>), (status = 404, body = Problem)))]
pub(crate) async fn list(signed_in: SignedIn, Path(id): Path<String>) -> Result<Json<Page<Token>>, Problem> {
    let machine = visible(&signed_in, &id).await?;
    let found = machines::tokens(&signed_in.ctx, &machine).await?;
    Ok(Json(Page::whole(found.into_iter().map(Token::from).collect())))
}

/// Make a token that expires before the machine identity ends. Its secret is shown in this answer only.
#[utoipa::path(post, path = "/api/v1/machines/{id}/tokens", tag = "machines", params(("id" = String, Path)), request_body = NewToken, responses((status = 201, body = CreatedToken), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn create(
    signed_in: SignedIn,
    Path(id): Path<String>,
    Json(new): Json<NewToken>,
) -> Result<(StatusCode, Json<CreatedToken>), Problem> {
    let (ctx, caller) = (&signed_in.ctx, &signed_in.caller);
    let machine = visible(&signed_in, &id).await?;
    let (scopes, expires_at) = (new.scopes()?, in_days(ctx, new.days));
    let (token, secret) = machines::create_token(ctx, caller, &machine.id, &new.name, scopes, expires_at).await?;
    Ok((StatusCode::CREATED, Json(CreatedToken { token: token.into(), secret: secret.expose().clone() })))
}

/// Revoke one of its tokens at once.
#[utoipa::path(delete, path = "/api/v1/machines/{id}/tokens/{token}", tag = "machines", params(("id" = String, Path), ("token" = String, Path)), responses((status = 204), (status = 404, body = Problem)))]
pub(crate) async fn revoke(
    signed_in: SignedIn,
    Path((id, token)): Path<(String, TokenId)>,
) -> Result<StatusCode, Problem> {
    let machine = visible(&signed_in, &id).await?;
    machines::revoke_token(&signed_in.ctx, &machine.id, &token, Reach::of(&signed_in.caller)).await?;
    Ok(StatusCode::NO_CONTENT)
}
