//! What was read on systems: how well each is known, and which entitlements there are: `/inventory`.

use crate::Api;
use crate::observed_accounts::{self, ObservedAccount};
use crate::page::{Page, PageQuery};
use crate::person::{People, Person};
use crate::problem::Problem;
use crate::session::SignedIn;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use governance::{entitlements, systems};
use ledger::Ctx;
use privilege::services::ServiceKind;
use privilege::{fulfilment, inventory, services, targets};
use std::collections::BTreeMap;
use types::{EntitlementId, IdentityId, Timestamp};

/// How well a system is known.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct SystemHealth {
    pub(crate) system: String,
    /// `linux`, or the kind of the service.
    pub(crate) kind: String,
    pub(crate) owner: Option<Person>,
    /// `never_read`, `healthy`, `in_trouble`, or `by_hand` where nothing but a person reaches it.
    pub(crate) state: String,
    /// When it was last read to its end.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) whole_at: Option<Timestamp>,
    /// When it was last read, to its end or for changes.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) changed_at: Option<Timestamp>,
    pub(crate) accounts: u64,
    pub(crate) entitlements: u64,
    pub(crate) memberships: u64,
    pub(crate) trouble: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) trouble_since: Option<Timestamp>,
    /// What the last reading lacked, where it was held because of that.
    pub(crate) missing: Option<Missing>,
    /// What is missing counts as gone with the next whole reading that lacks no more.
    pub(crate) missing_is_accepted: bool,
}

#[derive(serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Missing {
    pub(crate) accounts: u64,
    pub(crate) entitlements: u64,
    pub(crate) memberships: u64,
}

impl SystemHealth {
    fn unread(system: String, kind: &str) -> Self {
        let by_hand = kind == ServiceKind::Manual.as_str();
        Self {
            system,
            kind: kind.to_owned(),
            owner: None,
            state: if by_hand { "by_hand" } else { "never_read" }.to_owned(),
            whole_at: None,
            changed_at: None,
            accounts: 0,
            entitlements: 0,
            memberships: 0,
            trouble: None,
            trouble_since: None,
            missing: None,
            missing_is_accepted: false,
        }
    }

    fn read(state: provisioning::observe::SystemState) -> Self {
        let counted = |[accounts, entitlements, memberships]: [u64; 3]| Missing { accounts, entitlements, memberships };
        Self {
            missing: state.missing().map(counted),
            state: if state.trouble.is_some() { "in_trouble" } else { "healthy" }.to_owned(),
            whole_at: state.whole_at,
            changed_at: state.changed_at,
            accounts: state.accounts,
            entitlements: state.entitlements,
            memberships: state.memberships,
            trouble: state.trouble,
            trouble_since: state.trouble_since,
            missing_is_accepted: state.missing_is_accepted,
            ..Self::unread(state.system, &state.kind)
        }
    }
}

/// Every system that was read or can be, by name.
#[utoipa::path(get, path = "/api/v1/inventory/systems", tag = "inventory", responses((status = 200, body = Page<SystemHealth>)))]
pub(crate) async fn list_systems(signed_in: SignedIn) -> Result<Json<Page<SystemHealth>>, Problem> {
    let ctx = &signed_in.ctx;
    let mut known: BTreeMap<String, SystemHealth> = BTreeMap::new();
    for target in targets::list(ctx).await? {
        known.insert(target.name.clone(), SystemHealth::unread(target.name, "linux"));
    }
    for service in services::list(ctx).await? {
        known.insert(service.name.clone(), SystemHealth::unread(service.name, service.kind.as_str()));
    }
    for state in provisioning::inventory::systems(&mut ctx.read().await?).await? {
        known.insert(state.system.clone(), SystemHealth::read(state));
    }
    let owners: BTreeMap<String, IdentityId> =
        systems::list(ctx).await?.into_iter().map(|system| (system.name, system.owner)).collect();
    let people = People::of(ctx, owners.values()).await?;
    for (name, owner) in &owners {
        if let Some(health) = known.get_mut(name) {
            health.owner = Some(people.person(owner));
        }
    }
    Ok(Json(Page::whole(known.into_values().collect())))
}

/// Have a system read now, and from then on every hour. The answer does not wait for it.
#[utoipa::path(post, path = "/api/v1/inventory/systems/{system}/read", tag = "inventory", params(("system" = String, Path)), responses((status = 202), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn read(signed_in: SignedIn, Path(system): Path<String>) -> Result<StatusCode, Problem> {
    inventory::read(&signed_in.ctx, &system).await?;
    Ok(StatusCode::ACCEPTED)
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MissingAccepted {
    /// As the system's state tells it. When more is missing by now, nothing is accepted.
    missing: Missing,
    reason: String,
}

/// Say that what is missing on a system is gone indeed, and have it read: a whole reading that lacks no more concludes it.
#[utoipa::path(post, path = "/api/v1/inventory/systems/{system}/accept-missing", tag = "inventory", params(("system" = String, Path)), request_body = MissingAccepted, responses((status = 202), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn accept_missing(
    signed_in: SignedIn,
    Path(system): Path<String>,
    Json(said): Json<MissingAccepted>,
) -> Result<StatusCode, Problem> {
    let reason = types::Reason::new(&said.reason)?;
    let Missing { accounts, entitlements, memberships } = said.missing;
    let told = [accounts, entitlements, memberships];
    provisioning::inventory::accept_missing(&signed_in.ctx, &system, told, reason.as_str()).await?;
    inventory::read(&signed_in.ctx, &system).await?;
    Ok(StatusCode::ACCEPTED)
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct SystemSays {
    /// What the system says of itself, in one line.
    pub(crate) says: String,
}

/// Reach a system, log in, and hear what it is. Changes nothing.
#[utoipa::path(post, path = "/api/v1/inventory/systems/{system}/test", tag = "inventory", params(("system" = String, Path)), responses((status = 200, body = SystemSays), (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn test(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(system): Path<String>,
) -> Result<Json<SystemSays>, Problem> {
    let health = fulfilment::test(&signed_in.ctx, &api.node, &system).await?;
    Ok(Json(SystemSays { says: health.says }))
}

/// A group, role or right as it was read on a system.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct ObservedEntitlement {
    pub(crate) id: String,
    pub(crate) system: String,
    /// What the system calls it, for as long as it is there.
    pub(crate) native_id: String,
    pub(crate) name: String,
    /// By which it can be asked for and given, as `SLUG@SYSTEM`.
    pub(crate) slug: String,
    /// `group`, `role`, `database_grant`, `sudo_rule`, `ssh_key` or `other`.
    pub(crate) kind: String,
    /// Why it gives power, where it does: what a person said counts before what the system says.
    pub(crate) privileged: Option<String>,
    /// Decides about it, where somebody said so.
    pub(crate) owner: Option<Person>,
    /// `low`, `medium`, `high` or `critical`, where somebody said so.
    pub(crate) risk: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) from: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) until: Option<Timestamp>,
}

pub(crate) fn entitlement(observed: entitlements::Observed, people: &People) -> ObservedEntitlement {
    let privileged = observed.privileged().map(str::to_owned);
    let (entitlement, said) = (observed.entitlement, observed.said);
    ObservedEntitlement {
        id: entitlement.id.to_string(),
        system: entitlement.system,
        native_id: entitlement.native_id,
        name: entitlement.name,
        slug: entitlement.slug,
        kind: entitlement.kind.as_str().to_owned(),
        privileged,
        owner: said.as_ref().map(|said| people.person(&said.owner)),
        risk: said.map(|said| said.risk.as_str().to_owned()),
        from: entitlement.from,
        until: entitlement.until,
    }
}

pub(crate) fn owners(all: &[entitlements::Observed]) -> Vec<&IdentityId> {
    all.iter().filter_map(|one| one.said.as_ref()).map(|said| &said.owner).collect()
}

#[derive(serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct EntitlementQuery {
    /// Only those of this system.
    system: Option<String>,
}

/// Entitlements as they were read, oldest first.
#[utoipa::path(get, path = "/api/v1/inventory/entitlements", tag = "inventory", params(EntitlementQuery, PageQuery), responses((status = 200, body = Page<ObservedEntitlement>), (status = 422, body = Problem)))]
pub(crate) async fn list_entitlements(
    signed_in: SignedIn,
    Query(query): Query<EntitlementQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<ObservedEntitlement>>, Problem> {
    let (ctx, after) = (&signed_in.ctx, page.after::<EntitlementId>()?);
    let found = entitlements::observed(ctx, query.system.as_deref(), after.as_ref(), page.and_one_more()).await?;
    let people = People::of(ctx, owners(&found)).await?;
    let items = found.into_iter().map(|observed| entitlement(observed, &people)).collect();
    Ok(Json(Page::new(items, page.limit(), |one: &ObservedEntitlement| one.id.clone())))
}

/// An account that has an entitlement.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct EntitlementMember {
    #[serde(flatten)]
    pub(crate) account: ObservedAccount,
    /// Names from its direct membership to this one; one alone where it is direct.
    pub(crate) path: Vec<String>,
}

/// Every account that has it, directly or through what brings it along.
#[utoipa::path(get, path = "/api/v1/inventory/entitlements/{id}/members", tag = "inventory", params(("id" = String, Path), PageQuery), responses((status = 200, body = Page<EntitlementMember>), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn members(
    signed_in: SignedIn,
    Path(id): Path<EntitlementId>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<EntitlementMember>>, Problem> {
    let (ctx, after) = (&signed_in.ctx, page.after()?);
    let found = entitlements::members(ctx, &id, after.as_ref(), page.and_one_more()).await?;
    Ok(Json(Page::new(described(ctx, found).await?, page.limit(), |one: &EntitlementMember| one.account.id.clone())))
}

async fn described(ctx: &Ctx, members: Vec<entitlements::Member>) -> Result<Vec<EntitlementMember>, Problem> {
    let (accounts, paths): (Vec<_>, Vec<_>) = members.into_iter().map(|one| (one.account, one.path)).unzip();
    let accounts = observed_accounts::describe_all(ctx, accounts).await?;
    Ok(accounts.into_iter().zip(paths).map(|(account, path)| EntitlementMember { account, path }).collect())
}
