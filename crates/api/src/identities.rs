//! People and what is known about them: `/identities`.

use crate::Api;
use crate::me::Eligibility;
use crate::page::{Page, PageQuery};
use crate::person::{People, Person};
use crate::problem::Problem;
use crate::session::SignedIn;
use authn::accounts::AccountError;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use governance::states::StateName;
use governance::{identities, lifecycle, roles};
use ledger::Ctx;
use std::collections::BTreeSet;
use types::{IdentityId, Role, Timestamp};

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Identity {
    pub(crate) id: String,
    pub(crate) employee_id: String,
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) department: String,
    pub(crate) job_title: String,
    pub(crate) manager: Option<Person>,
    /// What the source says: `active`, `leave` or `terminated`.
    pub(crate) status: String,
    /// `pre_hire`, `active`, `leave`, `suspended`, `terminated` or `archived`: from the source, orders and the time.
    pub(crate) state: String,
    pub(crate) start_date: String,
    pub(crate) end_date: Option<String>,
    /// Where its days are counted, by its name in the IANA database.
    pub(crate) time_zone: String,
}

pub(crate) async fn describe(ctx: &Ctx, identity: identities::Identity) -> Result<Identity, Problem> {
    Ok(describe_all(ctx, vec![identity]).await?.remove(0))
}

/// In their order.
async fn describe_all(ctx: &Ctx, identities: Vec<identities::Identity>) -> Result<Vec<Identity>, Problem> {
    let managers: BTreeSet<&IdentityId> = identities.iter().filter_map(|identity| identity.manager.as_ref()).collect();
    let people = People::of(ctx, managers).await?;
    let shown = |identity: identities::Identity| Identity {
        name: identity.name(),
        id: identity.id.to_string(),
        employee_id: identity.employee_id,
        email: identity.email,
        department: identity.department,
        job_title: identity.job_title,
        manager: identity.manager.map(|manager| people.person(&manager)),
        status: identity.status.as_str().to_owned(),
        state: identity.outlook.settled().name().as_str().to_owned(),
        time_zone: identity.time_zone.name().to_owned(),
        start_date: identity.start_date.as_str().to_owned(),
        end_date: identity.end_date.map(|day| day.as_str().to_owned()),
    };
    Ok(identities.into_iter().map(shown).collect())
}

#[derive(serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListQuery {
    /// Part of the name, the address or the employee number.
    q: Option<String>,
    department: Option<String>,
    /// `active`, `leave` or `terminated`.
    #[param(value_type = Option<String>)]
    status: Option<identities::Status>,
    /// `pre_hire`, `active`, `leave`, `suspended`, `terminated` or `archived`.
    #[param(value_type = Option<String>)]
    state: Option<StateName>,
}

/// People, in the order in which they became known.
#[utoipa::path(get, path = "/api/v1/identities", tag = "identities", params(ListQuery, PageQuery), responses((status = 200, body = Page<Identity>)))]
pub(crate) async fn list(
    signed_in: SignedIn,
    Query(query): Query<ListQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<Identity>>, Problem> {
    let filter = identities::Filter {
        query: query.q,
        department: query.department,
        status: query.status,
        state: query.state,
        after: page.after()?,
        limit: page.and_one_more(),
    };
    let items = describe_all(&signed_in.ctx, identities::list(&signed_in.ctx, &filter).await?).await?;
    Ok(Json(Page::new(items, page.limit(), |identity| identity.id.clone())))
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct IdentityDetail {
    #[serde(flatten)]
    pub(crate) identity: Identity,
    /// Oldest first.
    pub(crate) history: Vec<Version>,
    /// In Tenure itself; `null` without an account.
    pub(crate) roles: Option<Vec<String>>,
    pub(crate) eligibilities: Vec<Eligibility>,
    pub(crate) leaver: Option<LeaverCase>,
}

/// What was known during one span.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Version {
    #[schema(value_type = String, format = DateTime)]
    pub(crate) true_from: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) from: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) until: Option<Timestamp>,
    pub(crate) identity: Identity,
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct LeaverCase {
    pub(crate) id: String,
    #[schema(value_type = Object)]
    pub(crate) step: serde_json::Value,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) event_at: Timestamp,
    pub(crate) withdrawn: u64,
    /// Seconds from the news until the last privilege was seen gone.
    pub(crate) took_seconds: Option<f64>,
}

/// One person with history, eligibility and, if they left, how far that is.
#[utoipa::path(get, path = "/api/v1/identities/{id}", tag = "identities", params(("id" = String, Path)), responses((status = 200, body = IdentityDetail), (status = 404, body = Problem)))]
pub(crate) async fn show(signed_in: SignedIn, Path(id): Path<IdentityId>) -> Result<Json<IdentityDetail>, Problem> {
    let ctx = &signed_in.ctx;
    let identity = describe(ctx, identities::get(ctx, &id).await?).await?;
    let versions = identities::history(ctx, &id).await?;
    let known = describe_all(ctx, versions.iter().map(|version| version.identity.clone()).collect()).await?;
    let version = |(version, identity): (identities::Version, Identity)| Version {
        true_from: version.true_from,
        from: version.from,
        until: version.until,
        identity,
    };
    let history = versions.into_iter().zip(known).map(version).collect();
    let eligibilities = roles::eligibility(ctx, &id).await?.into_iter().map(Eligibility::from).collect();
    let leaver = lifecycle::of_identity(ctx, &id).await?.map(|case| LeaverCase {
        id: case.id.to_string(),
        step: serde_json::to_value(&case.step).expect("a step is plain data"),
        event_at: case.event_at,
        withdrawn: case.withdrawn,
        took_seconds: case.took().map(|took| took.as_secs_f64()),
    });
    let account = match authn::accounts::get(ctx, &id).await {
        Ok(account) => Some(account).filter(|account| account.enabled),
        Err(AccountError::NotFound(_)) => None,
        Err(error) => return Err(error.into()),
    };
    let roles = account.map(|account| account.roles.iter().map(ToString::to_string).collect());
    Ok(Json(IdentityDetail { identity, history, roles, eligibilities, leaver }))
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct SetupLink {
    /// Give it to the person over a channel you trust. Works once, for 72 hours.
    pub(crate) link: String,
}

/// A one-time link with which a person sets a password and an authenticator.
#[utoipa::path(post, path = "/api/v1/identities/{id}/setup-link", tag = "identities", params(("id" = String, Path)), responses((status = 201, body = SetupLink), (status = 404, body = Problem)))]
pub(crate) async fn setup_link(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(id): Path<IdentityId>,
) -> Result<(StatusCode, Json<SetupLink>), Problem> {
    let token = authn::setup::create(&signed_in.ctx, &id).await?;
    let link = format!("{}/setup#{}", api.origin, token.expose());
    Ok((StatusCode::CREATED, Json(SetupLink { link })))
}

#[derive(serde::Deserialize, serde::Serialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TenureRoles {
    /// `member`, `auditor`, `operator`, `administrator`. Everybody stays a member.
    #[schema(value_type = Vec<String>)]
    roles: BTreeSet<Role>,
}

/// Give somebody roles in Tenure itself. Nobody changes their own.
#[utoipa::path(put, path = "/api/v1/identities/{id}/roles", tag = "identities", params(("id" = String, Path)), request_body = TenureRoles, responses((status = 200, body = TenureRoles), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn assign_roles(
    signed_in: SignedIn,
    Path(id): Path<IdentityId>,
    Json(given): Json<TenureRoles>,
) -> Result<Json<TenureRoles>, Problem> {
    authn::accounts::set_roles(&signed_in.ctx, &id, &given.roles).await?;
    let roles = authn::accounts::get(&signed_in.ctx, &id).await?.roles;
    Ok(Json(TenureRoles { roles }))
}
