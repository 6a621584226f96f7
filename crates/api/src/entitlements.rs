//! What is said about entitlements of systems: `/entitlements`.

use crate::page::Page;
use crate::person::{People, Person};
use crate::problem::Problem;
use crate::session::SignedIn;
use axum::Json;
use governance::entitlements;
use ledger::Ctx;

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Entitlement {
    pub(crate) system: String,
    pub(crate) slug: String,
    pub(crate) owner: Person,
    pub(crate) description: String,
    /// `low`, `medium`, `high` or `critical`.
    pub(crate) risk: String,
    /// `null` leaves it to what the system's connector says.
    pub(crate) privileged: Option<bool>,
    /// Why it is privileged or not, whatever the connector says.
    pub(crate) privileged_why: Option<String>,
    pub(crate) requestable: bool,
    pub(crate) max_minutes: Option<u32>,
}

async fn describe_all(ctx: &Ctx, all: Vec<entitlements::Entitlement>) -> Result<Page<Entitlement>, Problem> {
    let people = People::of(ctx, all.iter().map(|entitlement| &entitlement.owner)).await?;
    let shown = |entitlement: entitlements::Entitlement| Entitlement {
        owner: people.person(&entitlement.owner),
        system: entitlement.system,
        slug: entitlement.slug,
        description: entitlement.description,
        risk: entitlement.risk.as_str().to_owned(),
        privileged: entitlement.privileged.as_ref().map(|privileged| privileged.is),
        privileged_why: entitlement.privileged.map(|privileged| privileged.why),
        requestable: entitlement.requestable,
        max_minutes: entitlement.max_minutes,
    };
    Ok(Page::whole(all.into_iter().map(shown).collect()))
}

/// Every entitlement that something was said about, by system and name.
#[utoipa::path(get, path = "/api/v1/entitlements", tag = "assignments", responses((status = 200, body = Page<Entitlement>)))]
pub(crate) async fn list(signed_in: SignedIn) -> Result<Json<Page<Entitlement>>, Problem> {
    let found = entitlements::list(&signed_in.ctx).await?;
    Ok(Json(describe_all(&signed_in.ctx, found).await?))
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entitlements {
    #[schema(value_type = Vec<Object>)]
    entitlement: Vec<entitlements::Declaration>,
    /// Needed when one would let more through than before, or is said to give no power.
    #[serde(default)]
    reason: Option<String>,
}

/// Say who owns entitlements, how risky they are and whether they may be asked for; all or none.
#[utoipa::path(put, path = "/api/v1/entitlements", tag = "assignments", request_body = Entitlements, responses((status = 200, body = Page<Entitlement>), (status = 422, body = Problem)))]
pub(crate) async fn declare(
    signed_in: SignedIn,
    Json(file): Json<Entitlements>,
) -> Result<Json<Page<Entitlement>>, Problem> {
    let declared = entitlements::declare(&signed_in.ctx, &file.entitlement, file.reason.as_deref()).await?;
    Ok(Json(describe_all(&signed_in.ctx, declared).await?))
}
