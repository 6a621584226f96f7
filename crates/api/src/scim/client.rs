//! Who pushes to a source by SCIM: `/sources/{name}/scim`.

use crate::Api;
use crate::problem::Problem;
use crate::session::SignedIn;
use axum::Json;
use axum::extract::{Path, State};
use governance::scim::{self, Dialect};

/// Who pushes to a source by SCIM, and where.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct ScimClient {
    source: String,
    /// `strict`, `entra` or `okta`: how the client departs from the RFCs.
    client: String,
    /// The id of the machine identity or person, besides administrators.
    pushed_by: Option<String>,
    /// What a client is told as the address of the service.
    url: String,
}

fn described(api: &Api, client: scim::Client) -> Json<ScimClient> {
    Json(ScimClient {
        url: format!("{}/scim/{}/v2", api.origin, client.source),
        source: client.source,
        client: client.dialect.as_str().to_owned(),
        pushed_by: client.pushed_by.map(|who| who.to_string()),
    })
}

/// How a source is pushed to by SCIM.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScimClientDeclaration {
    /// `strict`, `entra` or `okta`.
    #[schema(value_type = String)]
    client: Dialect,
    /// The name of a machine identity, or the mail address of a person.
    pushed_by: Option<String>,
}

/// Who pushes to a source.
#[utoipa::path(get, path = "/api/v1/sources/{name}/scim", tag = "sources", params(("name" = String, Path)), responses((status = 200, body = ScimClient), (status = 404, body = Problem)))]
pub(crate) async fn show(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(name): Path<String>,
) -> Result<Json<ScimClient>, Problem> {
    Ok(described(&api, scim::client(&signed_in.ctx, &name).await?))
}

/// Say who pushes to a source.
#[utoipa::path(put, path = "/api/v1/sources/{name}/scim", tag = "sources", params(("name" = String, Path)), request_body = ScimClientDeclaration, responses((status = 200, body = ScimClient), (status = 422, body = Problem)))]
pub(crate) async fn declare(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(name): Path<String>,
    Json(given): Json<ScimClientDeclaration>,
) -> Result<Json<ScimClient>, Problem> {
    let declared = scim::declare(&signed_in.ctx, &name, given.client, given.pushed_by.as_deref()).await?;
    Ok(described(&api, declared))
}
