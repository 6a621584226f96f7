//! Databases and directories that hold accounts: `/services`.

use crate::page::Page;
use crate::problem::Problem;
use crate::session::SignedIn;
use axum::Json;
use privilege::services;

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Service {
    pub(crate) name: String,
    /// `postgres`, `mariadb`, `openldap`, `active_directory`, `scim`, `http_api`, `csv` or `manual`.
    pub(crate) kind: String,
    /// `host:port`; of a `csv` service its folder.
    pub(crate) address: String,
    /// `required`, or `loopback_plain` for a server on the same machine.
    pub(crate) tls: String,
    pub(crate) database: Option<String>,
    pub(crate) base_dn: Option<String>,
    pub(crate) admin_login: String,
    pub(crate) description: String,
}

impl From<services::Service> for Service {
    fn from(service: services::Service) -> Self {
        Self {
            kind: service.kind.to_string(),
            address: service.address(),
            name: service.name,
            tls: service.server.tls.as_str().to_owned(),
            database: service.server.database,
            base_dn: service.base_dn,
            admin_login: service.admin_login,
            description: service.description,
        }
    }
}

/// Every service, by name.
#[utoipa::path(get, path = "/api/v1/services", tag = "services", responses((status = 200, body = Page<Service>)))]
pub(crate) async fn list(signed_in: SignedIn) -> Result<Json<Page<Service>>, Problem> {
    let found = services::list(&signed_in.ctx).await?;
    Ok(Json(Page::whole(found.into_iter().map(Service::from).collect())))
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Services {
    #[schema(value_type = Vec<Object>)]
    service: Vec<services::Declaration>,
}

/// Register or change services, all or none. Those not named stay as they are.
#[utoipa::path(put, path = "/api/v1/services", tag = "services", request_body = Services, responses((status = 200, body = Page<Service>), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn declare(signed_in: SignedIn, Json(file): Json<Services>) -> Result<Json<Page<Service>>, Problem> {
    let declared = services::declare(&signed_in.ctx, &file.service).await?;
    Ok(Json(Page::whole(declared.into_iter().map(Service::from).collect())))
}
