//! Credentials on demand: `/leases`.

use crate::page::{Page, PageQuery};
use crate::person::{People, Person};
use crate::problem::Problem;
use crate::requests::Because;
use crate::session::SignedIn;
use crate::words::{LeaseCause, LeaseState};
use axum::Json;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use privilege::credentials::{self, Filter, Made, Order, Selection, State};
use std::time::Duration;
use types::{CredentialId, GrantId, IdentityId, Timestamp};

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Lease {
    pub(crate) id: String,
    pub(crate) grant: String,
    pub(crate) holder: Person,
    pub(crate) service: String,
    pub(crate) profile: String,
    /// Such as `database_user`.
    pub(crate) kind: String,
    /// What it is called at the service.
    pub(crate) name: String,
    pub(crate) state: LeaseState,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) ordered_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) ends_at: Timestamp,
    /// No renewal goes beyond this.
    #[schema(value_type = String, format = DateTime)]
    pub(crate) latest_end_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) ended_at: Option<Timestamp>,
    pub(crate) cause: Option<LeaseCause>,
    /// When it was seen not to be there any more.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) gone_at: Option<Timestamp>,
}

async fn describe(signed_in: &SignedIn, lease: credentials::Lease) -> Result<Lease, Problem> {
    Ok(describe_all(signed_in, vec![lease]).await?.remove(0))
}

/// In their order.
async fn describe_all(signed_in: &SignedIn, leases: Vec<credentials::Lease>) -> Result<Vec<Lease>, Problem> {
    let people = People::of(&signed_in.ctx, leases.iter().map(|lease| &lease.holder)).await?;
    Ok(leases.into_iter().map(|lease| shown(lease, &people)).collect())
}

fn shown(lease: credentials::Lease, people: &People) -> Lease {
    let ended = lease.state.ended();
    Lease {
        id: lease.id.to_string(),
        grant: lease.grant.to_string(),
        holder: people.person(&lease.holder),
        service: lease.service,
        profile: lease.profile,
        kind: lease.kind,
        name: lease.name,
        state: (&lease.state).into(),
        ordered_at: lease.ordered_at,
        ends_at: lease.ends_at,
        latest_end_at: lease.latest_end_at,
        ended_at: ended.map(|(at, _)| at),
        cause: ended.map(|(_, cause)| LeaseCause::from(&cause)),
        gone_at: match lease.state {
            State::Gone { observed_at, .. } => Some(observed_at),
            _ => None,
        },
    }
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LeaseOrder {
    service: String,
    /// The profile.
    login: String,
    /// As long as the profile and the grant allow, when left out.
    minutes: Option<u32>,
}

/// A lease with what proves it.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct IssuedLease {
    pub(crate) lease: Lease,
    pub(crate) database_user: DatabaseUser,
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct DatabaseUser {
    /// `postgres` or `mariadb`.
    pub(crate) engine: String,
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) database: Option<String>,
    pub(crate) user: String,
    /// Shown once, and never kept.
    pub(crate) password: String,
}

/// Make a credential. Needs a grant for `login@service` that allows `credential`. Each call makes another one, also with
/// the same idempotency key: nothing is kept that could be shown twice.
#[utoipa::path(post, path = "/api/v1/leases", tag = "leases", request_body = LeaseOrder, responses((status = 201, body = IssuedLease), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn issue(
    signed_in: SignedIn,
    Json(order): Json<LeaseOrder>,
) -> Result<(StatusCode, Json<IssuedLease>), Problem> {
    let (who, ttl) = (signed_in.caller.identity.clone(), order.minutes.map(minutes));
    let token = signed_in.caller.token().cloned();
    let order = Order { who, service: order.service, login: order.login, ttl, token };
    let issued = credentials::issue(&signed_in.ctx, order).await?;
    let Made::DatabaseUser { engine, host, port, database, password } = issued.made;
    let user = DatabaseUser {
        engine: engine.to_owned(),
        host,
        port,
        database,
        user: issued.lease.name.clone(),
        password: password.expose().clone(),
    };
    let lease = describe(&signed_in, issued.lease).await?;
    Ok((StatusCode::CREATED, Json(IssuedLease { lease, database_user: user })))
}

fn minutes(minutes: u32) -> Duration {
    Duration::from_secs(60 * u64::from(minutes))
}

#[derive(serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct LeaseQuery {
    service: Option<String>,
    profile: Option<String>,
    /// A grant's id.
    #[param(value_type = Option<String>)]
    grant: Option<GrantId>,
    /// An identity's id.
    #[param(value_type = Option<String>)]
    holder: Option<IdentityId>,
    /// `issuing`, `live`, `ending` or `gone`.
    state: Option<String>,
}

/// Leases, newest first: one's own, and everybody's with `leases.read`.
#[utoipa::path(get, path = "/api/v1/leases", tag = "leases", params(LeaseQuery, PageQuery), responses((status = 200, body = Page<Lease>)))]
pub(crate) async fn list(
    signed_in: SignedIn,
    Query(query): Query<LeaseQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<Lease>>, Problem> {
    let own = credentials::whose(&signed_in.caller);
    if own.as_ref().is_some_and(|own| query.holder.as_ref().is_some_and(|holder| holder != own)) {
        return Ok(Json(Page::whole(Vec::new())));
    }
    let filter = Filter {
        service: query.service,
        profile: query.profile,
        grant: query.grant,
        holder: own.or(query.holder),
        state: query.state,
        after: page.after()?,
        limit: page.and_one_more(),
    };
    let items = describe_all(&signed_in, credentials::list(&signed_in.ctx, &filter).await?).await?;
    Ok(Json(Page::new(items, page.limit(), |lease| lease.id.clone())))
}

/// One lease.
#[utoipa::path(get, path = "/api/v1/leases/{id}", tag = "leases", params(("id" = String, Path)), responses((status = 200, body = Lease), (status = 404, body = Problem)))]
pub(crate) async fn show(signed_in: SignedIn, Path(id): Path<CredentialId>) -> Result<Json<Lease>, Problem> {
    let lease = credentials::get(&signed_in.ctx, &signed_in.caller, &id).await?;
    Ok(Json(describe(&signed_in, lease).await?))
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Renewal {
    /// From now on; as long as it may, when left out.
    minutes: Option<u32>,
}

/// Let one's own credential last longer, within its grant and its profile.
#[utoipa::path(post, path = "/api/v1/leases/{id}/renew", tag = "leases", params(("id" = String, Path)), request_body = Renewal, responses((status = 200, body = Lease), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn renew(
    signed_in: SignedIn,
    Path(id): Path<CredentialId>,
    Json(renewal): Json<Renewal>,
) -> Result<Json<Lease>, Problem> {
    let renewed = credentials::renew(&signed_in.ctx, &signed_in.caller, &id, renewal.minutes.map(minutes)).await?;
    Ok(Json(describe(&signed_in, renewed).await?))
}

/// Revoke one's own credential, or anybody's with `leases.revoke`.
#[utoipa::path(post, path = "/api/v1/leases/{id}/revoke", tag = "leases", params(("id" = String, Path)), request_body = Because, responses((status = 200, body = Lease), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn revoke(
    signed_in: SignedIn,
    Path(id): Path<CredentialId>,
    Json(because): Json<Because>,
) -> Result<Json<Lease>, Problem> {
    let revoked = credentials::revoke(&signed_in.ctx, &signed_in.caller, &id, &because.reason).await?;
    Ok(Json(describe(&signed_in, revoked).await?))
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BulkRevocation {
    service: Option<String>,
    profile: Option<String>,
    #[schema(value_type = Option<String>)]
    grant: Option<GrantId>,
    #[schema(value_type = Option<String>)]
    holder: Option<IdentityId>,
    reason: String,
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct RevokedLeases {
    /// How many were live and are being removed now.
    pub(crate) revoked: u64,
}

/// Revoke every live credential that fits all that is given, of which at least one must be.
#[utoipa::path(post, path = "/api/v1/leases/revoke", tag = "leases", request_body = BulkRevocation, responses((status = 200, body = RevokedLeases), (status = 422, body = Problem)))]
pub(crate) async fn revoke_all(
    signed_in: SignedIn,
    Json(order): Json<BulkRevocation>,
) -> Result<Json<RevokedLeases>, Problem> {
    let BulkRevocation { service, profile, grant, holder, reason } = order;
    let selection = Selection { service, profile, grant, holder };
    let revoked = credentials::revoke_all(&signed_in.ctx, &selection, &reason).await?;
    Ok(Json(RevokedLeases { revoked }))
}

/// What of a service waits to be removed.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct ServiceBacklog {
    pub(crate) service: String,
    pub(crate) count: u64,
    /// When the oldest of them ended.
    #[schema(value_type = String, format = DateTime)]
    pub(crate) oldest: Timestamp,
    /// Attempts that failed in a row.
    pub(crate) attempts: u32,
    pub(crate) last_error: Option<String>,
    /// `null` while it is being tried.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) next_try: Option<Timestamp>,
}

/// Ended credentials that were not seen gone yet, by service.
#[utoipa::path(get, path = "/api/v1/leases/backlog", tag = "leases", responses((status = 200, body = Page<ServiceBacklog>)))]
pub(crate) async fn backlog(signed_in: SignedIn) -> Result<Json<Page<ServiceBacklog>>, Problem> {
    let shown = |found: credentials::Backlog| ServiceBacklog {
        service: found.service,
        count: found.count,
        oldest: found.oldest,
        attempts: found.attempts,
        last_error: found.last_error,
        next_try: found.next_try,
    };
    let found = credentials::backlog(&signed_in.ctx).await?;
    Ok(Json(Page::whole(found.into_iter().map(shown).collect())))
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SweepOrder {
    service: String,
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Sweep {
    /// Credentials with the mark of this installation that are there.
    pub(crate) found: u64,
    /// Of those, the ones that no lease explains.
    pub(crate) orphans: u64,
    /// Of those, the ones that were seen gone afterwards.
    pub(crate) removed: u64,
}

/// Search a service now for credentials that no lease explains, and remove them. This happens every hour by itself.
#[utoipa::path(post, path = "/api/v1/leases/sweep", tag = "leases", request_body = SweepOrder, responses((status = 200, body = Sweep), (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn sweep(signed_in: SignedIn, Json(order): Json<SweepOrder>) -> Result<Json<Sweep>, Problem> {
    let credentials::Swept { found, orphans, removed } = credentials::sweep(&signed_in.ctx, &order.service).await?;
    Ok(Json(Sweep { found, orphans, removed }))
}
