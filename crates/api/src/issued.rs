//! Certificates and tokens that issuers issued: `/issued`.

use crate::page::{Page, PageQuery};
use crate::person::{People, Person};
use crate::problem::Problem;
use crate::requests::Because;
use crate::session::SignedIn;
use axum::Json;
use axum::extract::{Path, Query};
use ledger::Ctx;
use privilege::issuers::{self, State};
use types::{CredentialId, GrantId, Timestamp};

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Issued {
    pub(crate) id: String,
    pub(crate) issuer: String,
    pub(crate) profile: String,
    /// `x509`, `jwt` or `ssh`.
    pub(crate) form: String,
    pub(crate) grant: String,
    pub(crate) holder: Person,
    /// Hex for X.509, decimal for SSH, the `jti` of a token.
    pub(crate) serial: String,
    /// Names, principals or audiences.
    pub(crate) names: Vec<String>,
    /// Of what was issued, hex.
    pub(crate) sha256: String,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) issued_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) expires_at: Timestamp,
    /// `live`, `ended`, or `gone`: expired, or seen on the published revocation list.
    pub(crate) state: String,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) ended_at: Option<Timestamp>,
    /// `expired`, `revoked`, `grant_ended` or `key_withdrawn`.
    pub(crate) end_cause: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) gone_at: Option<Timestamp>,
}

impl Issued {
    pub(crate) async fn one(ctx: &Ctx, issued: issuers::Issued) -> Result<Self, Problem> {
        let people = People::of(ctx, [&issued.holder]).await?;
        Ok(Self::shown(issued, &people))
    }

    fn shown(issued: issuers::Issued, people: &People) -> Self {
        let (state, ended_at, cause, gone_at) = match issued.state {
            State::Live => ("live", None, None, None),
            State::Ended { at, cause } => ("ended", Some(at), Some(cause), None),
            State::Gone { ended_at, cause, observed_at } => ("gone", Some(ended_at), Some(cause), Some(observed_at)),
        };
        Self {
            id: issued.id.to_string(),
            issuer: issued.issuer,
            profile: issued.profile,
            form: issued.form.as_str().to_owned(),
            grant: issued.grant.to_string(),
            holder: people.person(&issued.holder),
            serial: issued.serial,
            names: issued.names,
            sha256: issued.sha256,
            issued_at: issued.issued_at,
            expires_at: issued.expires_at,
            state: state.to_owned(),
            ended_at,
            end_cause: cause.map(|cause| cause.as_str().to_owned()),
            gone_at,
        }
    }
}

#[derive(serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListQuery {
    issuer: Option<String>,
    /// A grant's id.
    #[param(value_type = Option<String>)]
    grant: Option<GrantId>,
    live: Option<bool>,
}

/// What was issued, newest first: to oneself, and to everybody with `leases.read`.
#[utoipa::path(get, path = "/api/v1/issued", tag = "issuers", params(ListQuery, PageQuery), responses((status = 200, body = Page<Issued>)))]
pub(crate) async fn list(
    signed_in: SignedIn,
    Query(query): Query<ListQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<Issued>>, Problem> {
    let filter = issuers::Filter {
        issuer: query.issuer,
        grant: query.grant,
        holder: None,
        live: query.live,
        after: page.after()?,
        limit: page.and_one_more(),
    };
    let found = issuers::list_issued(&signed_in.ctx, &signed_in.caller, filter).await?;
    let people = People::of(&signed_in.ctx, found.iter().map(|issued| &issued.holder)).await?;
    let items = found.into_iter().map(|issued| Issued::shown(issued, &people)).collect();
    Ok(Json(Page::new(items, page.limit(), |issued| issued.id.clone())))
}

/// Revoke a certificate or a token: one's own, or anybody's with `leases.revoke`. It is on the revocation list when
/// this is answered.
#[utoipa::path(post, path = "/api/v1/issued/{id}/revoke", tag = "issuers", params(("id" = String, Path)), request_body = Because, responses((status = 200, body = Issued), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn revoke(
    signed_in: SignedIn,
    Path(id): Path<CredentialId>,
    Json(because): Json<Because>,
) -> Result<Json<Issued>, Problem> {
    let revoked = issuers::revoke(&signed_in.ctx, &signed_in.caller, &id, &because.reason).await?;
    Ok(Json(Issued::one(&signed_in.ctx, revoked).await?))
}
