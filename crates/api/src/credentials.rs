//! One's own API tokens, SSH keys and short-lived SSH certificates: `/me/tokens`, `/me/ssh-keys`, `/me/ssh-certificate`.

use crate::Api;
use crate::page::Page;
use crate::problem::Problem;
use crate::session::SignedIn;
use authn::{certificates, ssh_keys, tokens};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use std::collections::BTreeSet;
use std::time::Duration;
use types::{Permission, SshKeyId, Timestamp, TokenId};

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Token {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) scopes: Vec<String>,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) expires_at: Timestamp,
}

impl From<tokens::Token> for Token {
    fn from(token: tokens::Token) -> Self {
        Self {
            id: token.id.to_string(),
            name: token.name,
            scopes: token.scopes.iter().map(ToString::to_string).collect(),
            created_at: token.created_at,
            expires_at: token.expires_at,
        }
    }
}

/// One's tokens that have not been revoked.
#[utoipa::path(get, path = "/api/v1/me/tokens", tag = "credentials", responses((status = 200, body = Page<Token>)))]
pub(crate) async fn list_tokens(signed_in: SignedIn) -> Result<Json<Page<Token>>, Problem> {
    let found = tokens::list(&signed_in.ctx, &signed_in.caller.identity).await?;
    Ok(Json(Page::whole(found.into_iter().map(Token::from).collect())))
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewToken {
    pub(crate) name: String,
    /// Permissions, none of which may be more than one's own.
    pub(crate) scopes: Vec<String>,
    /// At most 366.
    pub(crate) days: u32,
}

impl NewToken {
    pub(crate) fn scopes(&self) -> Result<BTreeSet<Permission>, Problem> {
        let scopes: Result<BTreeSet<Permission>, String> = self.scopes.iter().map(|scope| scope.parse()).collect();
        scopes.map_err(Problem::invalid)
    }
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct CreatedToken {
    pub(crate) token: Token,
    /// Shown once.
    pub(crate) secret: String,
}

/// Make a token. Its secret is shown in this answer only.
#[utoipa::path(post, path = "/api/v1/me/tokens", tag = "credentials", request_body = NewToken, responses((status = 201, body = CreatedToken), (status = 422, body = Problem)))]
pub(crate) async fn create_token(
    signed_in: SignedIn,
    Json(new): Json<NewToken>,
) -> Result<(StatusCode, Json<CreatedToken>), Problem> {
    let expires_at = signed_in.ctx.now().plus(Duration::from_secs(u64::from(new.days) * 86_400));
    let scopes = new.scopes()?;
    let (token, secret) = tokens::create_own(&signed_in.ctx, &signed_in.caller, &new.name, scopes, expires_at).await?;
    Ok((StatusCode::CREATED, Json(CreatedToken { token: token.into(), secret: secret.expose().clone() })))
}

/// Revoke a token at once.
#[utoipa::path(delete, path = "/api/v1/me/tokens/{id}", tag = "credentials", params(("id" = String, Path)), responses((status = 204), (status = 404, body = Problem)))]
pub(crate) async fn revoke_token(signed_in: SignedIn, Path(id): Path<TokenId>) -> Result<StatusCode, Problem> {
    tokens::revoke(&signed_in.ctx, &signed_in.caller.identity, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct SshKey {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) fingerprint: String,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) registered_at: Timestamp,
}

impl From<ssh_keys::SshKey> for SshKey {
    fn from(key: ssh_keys::SshKey) -> Self {
        Self { id: key.id.to_string(), name: key.name, fingerprint: key.fingerprint, registered_at: key.registered_at }
    }
}

/// One's registered SSH public keys.
#[utoipa::path(get, path = "/api/v1/me/ssh-keys", tag = "credentials", responses((status = 200, body = Page<SshKey>)))]
pub(crate) async fn list_keys(signed_in: SignedIn) -> Result<Json<Page<SshKey>>, Problem> {
    let found = ssh_keys::list(&signed_in.ctx, &signed_in.caller.identity).await?;
    Ok(Json(Page::whole(found.into_iter().map(SshKey::from).collect())))
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewKey {
    name: String,
    /// One line of a `.pub` file.
    public_key: String,
}

/// Register a public key to sign in to the gateway with.
#[utoipa::path(post, path = "/api/v1/me/ssh-keys", tag = "credentials", request_body = NewKey, responses((status = 201, body = SshKey), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn register_key(
    signed_in: SignedIn,
    Json(new): Json<NewKey>,
) -> Result<(StatusCode, Json<SshKey>), Problem> {
    let key = ssh_keys::register(&signed_in.ctx, &signed_in.caller.identity, &new.public_key, &new.name).await?;
    Ok((StatusCode::CREATED, Json(key.into())))
}

/// Remove a public key.
#[utoipa::path(delete, path = "/api/v1/me/ssh-keys/{id}", tag = "credentials", params(("id" = String, Path)), responses((status = 204), (status = 404, body = Problem)))]
pub(crate) async fn remove_key(signed_in: SignedIn, Path(id): Path<SshKeyId>) -> Result<StatusCode, Problem> {
    ssh_keys::remove(&signed_in.ctx, &signed_in.caller.identity, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CertificateOrder {
    /// One line of a `.pub` file.
    public_key: String,
    /// 1 to 12.
    hours: u32,
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct SshCertificate {
    /// One line for a `-cert.pub` file.
    pub(crate) certificate: String,
    /// `host:port` of the SSH gateway.
    pub(crate) gateway: String,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) expires_at: Timestamp,
}

/// A short-lived SSH certificate for a public key, to sign in to the gateway with.
#[utoipa::path(post, path = "/api/v1/me/ssh-certificate", tag = "credentials", request_body = CertificateOrder, responses((status = 201, body = SshCertificate), (status = 422, body = Problem)))]
pub(crate) async fn issue_certificate(
    State(api): State<Api>,
    signed_in: SignedIn,
    Json(order): Json<CertificateOrder>,
) -> Result<(StatusCode, Json<SshCertificate>), Problem> {
    let valid_for = Duration::from_secs(u64::from(order.hours) * 3600);
    let issued = certificates::issue(&signed_in.ctx, &signed_in.caller.identity, &order.public_key, valid_for).await?;
    let answer =
        SshCertificate { certificate: issued.line, gateway: api.gateway.to_string(), expires_at: issued.expires_at };
    Ok((StatusCode::CREATED, Json(answer)))
}
