//! What stops a plan that would do too much at once: `/breakers`.

use crate::page::Page;
use crate::problem::Problem;
use crate::session::SignedIn;
use axum::Json;
use governance::breakers::{self, Breaker, Limit, Setting};
use types::Timestamp;

/// The most that may happen; the lower of the two. Without either there is no limit.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct BreakerLimit {
    /// Of what there is, from 0 to 1; never less than one.
    pub(crate) share: Option<f64>,
    pub(crate) number: Option<u64>,
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct BreakerWindow {
    pub(crate) minutes: u32,
    pub(crate) limit: BreakerLimit,
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct BreakerSetting {
    pub(crate) name: String,
    /// `accounts` disabled or deleted, `grants` taken away, `privileged` ones given, or `creations`.
    pub(crate) counts: String,
    pub(crate) per_run: BreakerLimit,
    pub(crate) window: Option<BreakerWindow>,
    /// `null` where the default holds.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) declared_at: Option<Timestamp>,
}

fn shown(setting: Setting) -> BreakerSetting {
    let limit = |limit: Limit| BreakerLimit { share: limit.share, number: limit.number };
    let Breaker { name, counts, per_run, window } = setting.breaker;
    BreakerSetting {
        name,
        counts: counts.as_str().to_owned(),
        per_run: limit(per_run),
        window: window.map(|window| BreakerWindow { minutes: window.minutes, limit: limit(window.limit) }),
        declared_at: setting.declared_at,
    }
}

/// Every breaker that holds now, by name.
#[utoipa::path(get, path = "/api/v1/breakers", tag = "plans", responses((status = 200, body = Page<BreakerSetting>)))]
pub(crate) async fn list(signed_in: SignedIn) -> Result<Json<Page<BreakerSetting>>, Problem> {
    let found = breakers::list(&signed_in.ctx).await?;
    Ok(Json(Page::whole(found.into_iter().map(shown).collect())))
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Breakers {
    #[schema(value_type = Vec<Object>)]
    breaker: Vec<Breaker>,
    /// Needed when one would let more through than before.
    #[serde(default)]
    reason: Option<String>,
}

/// Add breakers or change them, all or none. Those not named stay as they are.
#[utoipa::path(put, path = "/api/v1/breakers", tag = "plans", request_body = Breakers, responses((status = 200, body = Page<BreakerSetting>), (status = 422, body = Problem)))]
pub(crate) async fn declare(
    signed_in: SignedIn,
    Json(file): Json<Breakers>,
) -> Result<Json<Page<BreakerSetting>>, Problem> {
    let declared = breakers::declare(&signed_in.ctx, &file.breaker, file.reason.as_deref()).await?;
    Ok(Json(Page::whole(declared.into_iter().map(shown).collect())))
}
