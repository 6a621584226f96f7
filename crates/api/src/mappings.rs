//! How accounts on systems are made and kept: `/mappings`.

use crate::page::Page;
use crate::problem::Problem;
use crate::session::SignedIn;
use axum::Json;
use governance::mappings::{self, Declaration};

/// A mapping as it was declared.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Mapping {
    pub(crate) system: String,
    /// Such as `{given_name:1}{family_name}`.
    pub(crate) login: String,
    /// Templates by attribute: what is set.
    #[schema(value_type = Object)]
    pub(crate) attributes: std::collections::BTreeMap<String, String>,
    /// Templates by attribute: what is compared, told, and never set.
    #[schema(value_type = Object)]
    pub(crate) compares: std::collections::BTreeMap<String, String>,
    /// Attributes that nobody sets there but its administrators, so that they prove whose an account is.
    pub(crate) authoritative: Vec<String>,
    /// Whether accounts are made there.
    pub(crate) creates: bool,
    /// Whether an account gets another login when its owner's name changes.
    pub(crate) renames: bool,
    /// `revert`, `accept` or `ask`: what becomes of what is changed by hand.
    pub(crate) drift: String,
    /// `null` where accounts of people who have left stay, disabled.
    pub(crate) delete_after_days: Option<u32>,
}

impl From<&mappings::Mapping> for Mapping {
    fn from(mapping: &mappings::Mapping) -> Self {
        let stated = Declaration::from(mapping);
        Self {
            system: stated.system,
            login: stated.login,
            attributes: stated.attributes,
            compares: stated.compares,
            authoritative: stated.authoritative.into_iter().collect(),
            creates: stated.creates,
            renames: stated.renames,
            drift: stated.drift.as_str().to_owned(),
            delete_after_days: stated.delete_after_days,
        }
    }
}

/// Every mapping, by system. A system without one is read and never changed.
#[utoipa::path(get, path = "/api/v1/mappings", tag = "plans", responses((status = 200, body = Page<Mapping>)))]
pub(crate) async fn list(signed_in: SignedIn) -> Result<Json<Page<Mapping>>, Problem> {
    let found = mappings::list(&signed_in.ctx).await?;
    Ok(Json(Page::whole(found.iter().map(Mapping::from).collect())))
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mappings {
    #[schema(value_type = Vec<Object>)]
    mapping: Vec<Declaration>,
    /// Needed when one would let more through than before.
    #[serde(default)]
    reason: Option<String>,
}

/// Say how accounts on systems are made and kept, all or none. Those not named stay as they are.
#[utoipa::path(put, path = "/api/v1/mappings", tag = "plans", request_body = Mappings, responses((status = 200, body = Page<Mapping>), (status = 422, body = Problem)))]
pub(crate) async fn declare(signed_in: SignedIn, Json(file): Json<Mappings>) -> Result<Json<Page<Mapping>>, Problem> {
    let declared = mappings::declare(&signed_in.ctx, &file.mapping, file.reason.as_deref()).await?;
    Ok(Json(Page::whole(declared.iter().map(Mapping::from).collect())))
}
