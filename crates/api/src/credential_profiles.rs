//! Which credentials can be made on demand: `/credential-profiles`.

use crate::page::Page;
use crate::problem::Problem;
use crate::session::SignedIn;
use axum::Json;
use privilege::credentials;

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct CredentialProfile {
    /// The login of `LOGIN@SERVICE`; for a database the group role whose membership is given.
    pub(crate) name: String,
    pub(crate) service: String,
    /// One member, named after the kind, with its settings.
    #[schema(value_type = Object)]
    pub(crate) kind: serde_json::Value,
    pub(crate) max_ttl_minutes: u64,
    /// How many of one grant may be there at a time.
    pub(crate) max_live: u32,
    pub(crate) description: String,
}

impl From<credentials::Profile> for CredentialProfile {
    fn from(profile: credentials::Profile) -> Self {
        Self {
            kind: serde_json::to_value(&profile.kind).expect("a kind is plain data"),
            max_ttl_minutes: profile.max_ttl.as_secs() / 60,
            max_live: profile.max_live,
            name: profile.name,
            service: profile.service,
            description: profile.description,
        }
    }
}

/// Every profile, by service and name.
#[utoipa::path(get, path = "/api/v1/credential-profiles", tag = "leases", responses((status = 200, body = Page<CredentialProfile>)))]
pub(crate) async fn list(signed_in: SignedIn) -> Result<Json<Page<CredentialProfile>>, Problem> {
    let found = credentials::profiles(&signed_in.ctx).await?;
    Ok(Json(Page::whole(found.into_iter().map(CredentialProfile::from).collect())))
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CredentialProfiles {
    #[schema(value_type = Vec<Object>)]
    profile: Vec<credentials::Declaration>,
}

/// Register or change profiles, all or none. Those not named stay as they are, and so does what was made.
#[utoipa::path(put, path = "/api/v1/credential-profiles", tag = "leases", request_body = CredentialProfiles, responses((status = 200, body = Page<CredentialProfile>), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn declare(
    signed_in: SignedIn,
    Json(file): Json<CredentialProfiles>,
) -> Result<Json<Page<CredentialProfile>>, Problem> {
    let declared = credentials::declare(&signed_in.ctx, &file.profile).await?;
    Ok(Json(Page::whole(declared.into_iter().map(CredentialProfile::from).collect())))
}
