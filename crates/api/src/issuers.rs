//! Authorities and signers of tokens, and what may be asked of them: `/issuers`.

use crate::Api;
use crate::issued::Issued;
use crate::page::Page;
use crate::problem::Problem;
use crate::session::SignedIn;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use privilege::issuers::{self, Old, Request};
use std::collections::BTreeSet;
use types::Timestamp;

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Issuer {
    pub(crate) id: String,
    /// The TARGET in `PROFILE@ISSUER`.
    pub(crate) name: String,
    /// `x509_root`, `x509_intermediate`, `jwt` or `ssh`.
    pub(crate) kind: String,
    #[schema(value_type = Object)]
    pub(crate) terms: issuers::Terms,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) created_at: Timestamp,
    /// Since then it issues nothing.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) withdrawn_at: Option<Timestamp>,
    /// Oldest first; the last one signs.
    pub(crate) keys: Vec<Key>,
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Key {
    pub(crate) id: String,
    /// PEM, a JWK, or an OpenSSH line.
    pub(crate) public_key: String,
    /// The CA certificate, in PEM; `null` until an intermediate has its own.
    pub(crate) certificate: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) created_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) retired_at: Option<Timestamp>,
    /// Until then a retired key verifies what it signed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) published_until: Option<Timestamp>,
}

impl From<issuers::Issuer> for Issuer {
    fn from(issuer: issuers::Issuer) -> Self {
        Self {
            id: issuer.id.to_string(),
            name: issuer.name,
            kind: issuer.terms.kind().to_owned(),
            terms: issuer.terms,
            created_at: issuer.created_at,
            withdrawn_at: issuer.withdrawn_at,
            keys: issuer.keys.into_iter().map(Key::from).collect(),
        }
    }
}

impl From<issuers::Key> for Key {
    fn from(key: issuers::Key) -> Self {
        Self {
            id: key.id.to_string(),
            public_key: key.public_key,
            certificate: key.authority.map(|authority| authority.certificate),
            created_at: key.created_at,
            retired_at: key.retired.map(|retired| retired.at),
            published_until: key.retired.map(|retired| retired.published_until),
        }
    }
}

/// Every issuer, by name.
#[utoipa::path(get, path = "/api/v1/issuers", tag = "issuers", responses((status = 200, body = Page<Issuer>)))]
pub(crate) async fn list(signed_in: SignedIn) -> Result<Json<Page<Issuer>>, Problem> {
    let found = issuers::list(&signed_in.ctx).await?;
    Ok(Json(Page::whole(found.into_iter().map(Issuer::from).collect())))
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewIssuer {
    /// Lower case letters, digits, `.`, `_` and `-`.
    name: String,
    /// With `kind`: `x509_root`, `x509_intermediate`, `jwt` or `ssh`.
    #[schema(value_type = Object)]
    terms: issuers::Terms,
}

/// Make an issuer, with a key that never leaves the seal: a root, an intermediate below a root of ours or to be signed
/// elsewhere, an SSH authority, or a signer of tokens.
#[utoipa::path(post, path = "/api/v1/issuers", tag = "issuers", request_body = NewIssuer, responses((status = 201, body = Issuer), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn create(
    State(api): State<Api>,
    signed_in: SignedIn,
    Json(new): Json<NewIssuer>,
) -> Result<(StatusCode, Json<Issuer>), Problem> {
    let new = issuers::Declaration { name: new.name, terms: new.terms };
    let made = issuers::create(&signed_in.ctx, &api.origin, &new).await?;
    Ok((StatusCode::CREATED, Json(made.into())))
}

/// One issuer.
#[utoipa::path(get, path = "/api/v1/issuers/{name}", tag = "issuers", params(("name" = String, Path)), responses((status = 200, body = Issuer), (status = 404, body = Problem)))]
pub(crate) async fn show(signed_in: SignedIn, Path(name): Path<String>) -> Result<Json<Issuer>, Problem> {
    Ok(Json(issuers::get(&signed_in.ctx, &name).await?.into()))
}

/// The request for the certificate of an intermediate, in PEM, to be signed elsewhere.
#[utoipa::path(get, path = "/api/v1/issuers/{name}/request", tag = "issuers", params(("name" = String, Path)), responses((status = 200, body = String, content_type = "text/plain"), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn request(signed_in: SignedIn, Path(name): Path<String>) -> Result<String, Problem> {
    Ok(issuers::request(&signed_in.ctx, &name).await?)
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Signed {
    /// In PEM, with those above it behind it.
    certificate: String,
}

/// Take the certificate that was made elsewhere of that request. It must be for this key, a CA's, and valid now.
#[utoipa::path(post, path = "/api/v1/issuers/{name}/import-certificate", tag = "issuers", params(("name" = String, Path)), request_body = Signed, responses((status = 200, body = Issuer), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn import(
    signed_in: SignedIn,
    Path(name): Path<String>,
    Json(signed): Json<Signed>,
) -> Result<Json<Issuer>, Problem> {
    Ok(Json(issuers::import(&signed_in.ctx, &name, &signed.certificate).await?.into()))
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeyRotation {
    /// `expires`: tokens of the old key verify until they expire; `withdrawn`: all of them end now.
    #[schema(value_type = String)]
    old: Old,
}

/// Sign tokens with a new key from now on.
#[utoipa::path(post, path = "/api/v1/issuers/{name}/rotate-key", tag = "issuers", params(("name" = String, Path)), request_body = KeyRotation, responses((status = 200, body = Issuer), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn rotate(
    signed_in: SignedIn,
    Path(name): Path<String>,
    Json(rotation): Json<KeyRotation>,
) -> Result<Json<Issuer>, Problem> {
    Ok(Json(issuers::rotate(&signed_in.ctx, &name, rotation.old).await?.into()))
}

/// Let an issuer issue nothing any more; an intermediate goes onto the revocation list of its root, where that is ours.
#[utoipa::path(post, path = "/api/v1/issuers/{name}/withdraw", tag = "issuers", params(("name" = String, Path)), responses((status = 200, body = Issuer), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn withdraw(signed_in: SignedIn, Path(name): Path<String>) -> Result<Json<Issuer>, Problem> {
    Ok(Json(issuers::withdraw(&signed_in.ctx, &name).await?.into()))
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct IssuerProfile {
    /// The LOGIN in `PROFILE@ISSUER`.
    pub(crate) name: String,
    pub(crate) max_minutes: u32,
    /// With `kind`: `x509`, `jwt` or `ssh`.
    #[schema(value_type = Object)]
    pub(crate) rules: issuers::Rules,
}

impl From<issuers::Profile> for IssuerProfile {
    fn from(profile: issuers::Profile) -> Self {
        Self { name: profile.name, max_minutes: profile.max_minutes, rules: profile.rules }
    }
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Profiles {
    #[schema(value_type = Vec<Object>)]
    profile: Vec<issuers::Profile>,
}

/// What may be asked of an issuer, by name.
#[utoipa::path(get, path = "/api/v1/issuers/{name}/profiles", tag = "issuers", params(("name" = String, Path)), responses((status = 200, body = Page<IssuerProfile>), (status = 404, body = Problem)))]
pub(crate) async fn profiles(
    signed_in: SignedIn,
    Path(name): Path<String>,
) -> Result<Json<Page<IssuerProfile>>, Problem> {
    let found = issuers::profiles(&signed_in.ctx, &name).await?;
    Ok(Json(Page::whole(found.into_iter().map(IssuerProfile::from).collect())))
}

/// Say what may be asked of an issuer, all or none. Profiles not named stay as they are.
#[utoipa::path(put, path = "/api/v1/issuers/{name}/profiles", tag = "issuers", params(("name" = String, Path)), request_body = Profiles, responses((status = 200, body = Page<IssuerProfile>), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn declare_profiles(
    signed_in: SignedIn,
    Path(name): Path<String>,
    Json(file): Json<Profiles>,
) -> Result<Json<Page<IssuerProfile>>, Problem> {
    let declared = issuers::declare_profiles(&signed_in.ctx, &name, &file.profile).await?;
    Ok(Json(Page::whole(declared.into_iter().map(IssuerProfile::from).collect())))
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Order {
    profile: String,
    /// As long as profile and grant allow when it is left out.
    minutes: Option<u32>,
    /// A PKCS #10 request in PEM, whose names are taken and nothing else; without, the key pair is made here.
    csr: Option<String>,
    #[serde(default)]
    dns: Vec<String>,
    #[serde(default)]
    ips: Vec<String>,
    /// SPIFFE ids.
    #[serde(default)]
    uris: Vec<String>,
    /// A line of a `.pub` file; without, the key pair is made here.
    public_key: Option<String>,
    #[serde(default)]
    principals: Vec<String>,
    /// All of the profile's when it is left out.
    #[serde(default)]
    audiences: BTreeSet<String>,
}

impl From<Order> for issuers::Request {
    fn from(order: Order) -> Self {
        Self {
            profile: order.profile,
            minutes: order.minutes,
            csr: order.csr,
            dns: order.dns,
            ips: order.ips,
            uris: order.uris,
            public_key: order.public_key,
            principals: order.principals,
            audiences: order.audiences,
            token: None,
        }
    }
}

/// What was issued. Keys and tokens are in this answer only.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Issuance {
    pub(crate) issued: Issued,
    /// PEM, or an OpenSSH line.
    pub(crate) certificate: Option<String>,
    /// PEM of the authorities between the certificate and its root.
    pub(crate) chain: Option<String>,
    /// Where the key pair was made here; PEM, or as OpenSSH keeps it.
    pub(crate) private_key: Option<String>,
    pub(crate) token: Option<String>,
}

/// Have a certificate or a token issued, under a grant for `PROFILE@ISSUER`. Its private part is shown in this answer
/// only.
#[utoipa::path(post, path = "/api/v1/issuers/{name}/issue", tag = "issuers", params(("name" = String, Path)), request_body = Order, responses((status = 201, body = Issuance), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn issue(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(name): Path<String>,
    Json(order): Json<Order>,
) -> Result<(StatusCode, Json<Issuance>), Problem> {
    let who = &signed_in.caller.identity;
    let request = Request { token: signed_in.caller.token().cloned(), ..order.into() };
    let issuance = issuers::issue(&signed_in.ctx, &api.origin, who, &name, request).await?;
    let shown = Issuance {
        issued: Issued::one(&signed_in.ctx, issuance.issued).await?,
        certificate: issuance.certificate,
        chain: issuance.chain,
        private_key: issuance.private_key.map(|key| key.expose().clone()),
        token: issuance.token.map(|token| token.expose().clone()),
    };
    Ok((StatusCode::CREATED, Json(shown)))
}
