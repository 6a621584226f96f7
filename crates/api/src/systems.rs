//! Systems with their owners, and the roles that make people eligible: `/systems`, `/roles`.

use crate::page::Page;
use crate::person::{People, Person};
use crate::problem::Problem;
use crate::session::SignedIn;
use axum::Json;
use governance::{roles, systems};
use ledger::Ctx;

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct System {
    pub(crate) name: String,
    pub(crate) description: String,
    /// Decides on requests for its logins.
    pub(crate) owner: Person,
    pub(crate) logins: Vec<String>,
    /// `production`, `staging`, `test` or `development`: machine identities of another one never get access.
    pub(crate) environment: Option<String>,
    /// What may be asked for any machine identity of the environment.
    pub(crate) machine_logins: Vec<String>,
}

/// In their order.
async fn describe_all(ctx: &Ctx, systems: Vec<systems::System>) -> Result<Vec<System>, Problem> {
    let people = People::of(ctx, systems.iter().map(|system| &system.owner)).await?;
    let shown = |system: systems::System| System {
        owner: people.person(&system.owner),
        name: system.name,
        description: system.description,
        logins: system.logins.into_iter().collect(),
        environment: system.environment.map(|environment| environment.to_string()),
        machine_logins: system.machine_logins.into_iter().collect(),
    };
    Ok(systems.into_iter().map(shown).collect())
}

/// Every system, by name.
#[utoipa::path(get, path = "/api/v1/systems", tag = "systems", responses((status = 200, body = Page<System>)))]
pub(crate) async fn list(signed_in: SignedIn) -> Result<Json<Page<System>>, Problem> {
    let found = systems::list(&signed_in.ctx).await?;
    Ok(Json(Page::whole(describe_all(&signed_in.ctx, found).await?)))
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Systems {
    #[schema(value_type = Vec<Object>)]
    system: Vec<systems::Declaration>,
}

/// Register or change systems, all or none. Those not named stay as they are.
#[utoipa::path(put, path = "/api/v1/systems", tag = "systems", request_body = Systems, responses((status = 200, body = Page<System>), (status = 422, body = Problem)))]
pub(crate) async fn declare(signed_in: SignedIn, Json(file): Json<Systems>) -> Result<Json<Page<System>>, Problem> {
    let declared = systems::declare(&signed_in.ctx, &file.system).await?;
    Ok(Json(Page::whole(describe_all(&signed_in.ctx, declared).await?)))
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Role {
    pub(crate) name: String,
    pub(crate) description: String,
    #[schema(value_type = Vec<Object>)]
    pub(crate) when: serde_json::Value,
    /// In Cedar; must hold beside `when`.
    pub(crate) condition: Option<String>,
    /// Roles that everybody has who has this one.
    pub(crate) includes: Vec<String>,
    /// `{system, entitlement}`: what everybody has who has this role.
    #[schema(value_type = Vec<Object>)]
    pub(crate) grants: serde_json::Value,
    /// Roles that nobody may have beside this one.
    pub(crate) conflicts_with: Vec<String>,
    #[schema(value_type = Vec<Object>)]
    pub(crate) makes_eligible: serde_json::Value,
}

impl From<roles::Role> for Role {
    fn from(role: roles::Role) -> Self {
        Self {
            name: role.name,
            description: role.description,
            when: serde_json::to_value(role.when).expect("conditions are plain data"),
            condition: role.condition,
            includes: role.includes,
            grants: serde_json::to_value(role.grants).expect("entitlements are plain data"),
            conflicts_with: role.conflicts_with,
            makes_eligible: serde_json::to_value(role.makes_eligible).expect("offers are plain data"),
        }
    }
}

/// Every role, by name.
#[utoipa::path(get, path = "/api/v1/roles", tag = "systems", responses((status = 200, body = Page<Role>)))]
pub(crate) async fn list_roles(signed_in: SignedIn) -> Result<Json<Page<Role>>, Problem> {
    let found = roles::list(&signed_in.ctx).await?;
    Ok(Json(Page::whole(found.into_iter().map(Role::from).collect())))
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Roles {
    #[schema(value_type = Vec<Object>)]
    role: Vec<roles::Declaration>,
}

/// Register or change roles, all or none. Those not named stay as they are.
#[utoipa::path(put, path = "/api/v1/roles", tag = "systems", request_body = Roles, responses((status = 200, body = Page<Role>), (status = 422, body = Problem)))]
pub(crate) async fn declare_roles(signed_in: SignedIn, Json(file): Json<Roles>) -> Result<Json<Page<Role>>, Problem> {
    let roles = roles::declare(&signed_in.ctx, &file.role).await?;
    Ok(Json(Page::whole(roles.into_iter().map(Role::from).collect())))
}
