//! Values of secrets: `/secrets`. Which of them somebody reads or writes, a grant decides. A name is one segment of the path,
//! percent-encoded, so that nothing of it can be taken for another path.

use crate::page::{Page, PageQuery};
use crate::person::{People, Person, named};
use crate::problem::Problem;
use crate::sensitive::{SecretName, Sensitive};
use crate::session::SignedIn;
use axum::Json;
use axum::extract::Query;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use privilege::secrets::{self, Change, Data, Listed, Name, NewVersion, Reading, Sees, Which};
use serde_json::{Map, Value};
use types::{Permission, Timestamp};

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct SecretLine {
    /// Ends in `/` where more lies below.
    pub(crate) name: String,
    pub(crate) owner: Option<Person>,
    pub(crate) purpose: Option<String>,
    pub(crate) version: Option<u32>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) updated_at: Option<Timestamp>,
}

#[derive(serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PrefixQuery {
    /// A safe, a folder, or a part of one; everything unless told.
    #[serde(default)]
    prefix: String,
}

/// What a caller sees of names and metadata.
pub(crate) fn sees(signed_in: &SignedIn) -> Sees {
    if signed_in.may(Permission::SecretsRead) { Sees::Everything } else { Sees::OwnFolders }
}

/// One level of names below a prefix, never a value: everybody's with `secrets.read`, else what one's own grants are for.
#[utoipa::path(get, path = "/api/v1/secrets", tag = "secrets", params(PrefixQuery, PageQuery), responses((status = 200, body = Page<SecretLine>), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn list(
    signed_in: SignedIn,
    Query(query): Query<PrefixQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<SecretLine>>, Problem> {
    let (ctx, who) = (&signed_in.ctx, &signed_in.caller.identity);
    let prefix = query.prefix.parse().map_err(secrets::SecretError::Name)?;
    let after: Option<String> = page.after()?;
    let limit = page.and_one_more();
    let found = secrets::list(ctx, who, sees(&signed_in), &prefix, after.as_deref(), limit).await?;
    let owners = found.iter().filter_map(|listed| match listed {
        Listed::Secret(secret) => Some(&secret.owner),
        Listed::Folder(_) => None,
    });
    let people = People::of(ctx, owners).await?;
    let lines = found.into_iter().map(|listed| line(listed, &people)).collect();
    Ok(Json(Page::new(lines, page.limit(), |line| line.name.clone())))
}

fn line(listed: Listed, people: &People) -> SecretLine {
    match listed {
        Listed::Folder(name) => SecretLine { name, owner: None, purpose: None, version: None, updated_at: None },
        Listed::Secret(secret) => SecretLine {
            owner: Some(people.person(&secret.owner)),
            purpose: Some(secret.purpose),
            version: Some(secret.current),
            updated_at: Some(secret.updated_at),
            name: secret.name.to_string(),
        },
    }
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct SecretValue {
    pub(crate) name: String,
    pub(crate) version: u32,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) created_at: Timestamp,
    /// Keys with texts, whole numbers, truth values or nulls.
    #[schema(value_type = Object)]
    pub(crate) data: Map<String, Value>,
}

/// The answer that holds a value, spliced in as it was sealed.
pub(crate) fn shown(name: &Name, reading: &Reading) -> Response {
    let Reading { version, created_at, json, .. } = reading;
    let head = SecretValue { name: name.to_string(), version: *version, created_at: *created_at, data: Map::new() };
    let mut body = serde_json::to_vec(&head).expect("an answer is plain data");
    body.truncate(body.len() - "{}}".len());
    body.extend_from_slice(json.expose());
    body.push(b'}');
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

#[derive(serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct VersionQuery {
    /// The current one unless told.
    version: Option<u32>,
}

/// The value of a secret. Needs a grant that allows `secret_read`; the answer leaves when its evidence is durable.
#[utoipa::path(get, path = "/api/v1/secrets/{name}", tag = "secrets", params(("name" = String, Path, description = "`SAFE/FOLDER/NAME`, percent-encoded as one segment"), VersionQuery), responses((status = 200, body = SecretValue), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn read(
    signed_in: SignedIn,
    SecretName(name): SecretName,
    Query(query): Query<VersionQuery>,
) -> Result<Response, Problem> {
    let reading = secrets::read(&signed_in.ctx, &signed_in.caller.identity, &name, query.version).await?;
    Ok(shown(&name, &reading))
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewValue {
    /// Keys with texts, whole numbers of 64 bits, truth values or nulls: at most 128, and 512 KiB in all.
    #[schema(value_type = Object)]
    data: Data,
    /// The version that this one follows; 0 for a secret that must not exist.
    cas: Option<u32>,
    /// With the first version: who answers for it, by id or mail address; the caller unless told.
    owner: Option<String>,
    /// With the first version: what it is for. A secret without a purpose is not kept.
    purpose: Option<String>,
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct WrittenVersion {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) version: u32,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) created_at: Timestamp,
}

async fn keep(
    signed_in: &SignedIn,
    name: Name,
    new: NewValue,
    change: impl FnOnce(Data) -> Change,
) -> Result<Json<WrittenVersion>, Problem> {
    let owner = named(&signed_in.ctx, new.owner.as_deref()).await?;
    let version =
        NewVersion { name: name.clone(), change: change(new.data), cas: new.cas, owner, purpose: new.purpose };
    let written = secrets::write(&signed_in.ctx, &signed_in.caller.identity, version).await?;
    let (id, version, created_at) = (written.id.to_string(), written.version, written.at);
    Ok(Json(WrittenVersion { id, name: name.to_string(), version, created_at }))
}

/// Keep a value as the next version. Needs a grant that allows `secret_write`.
#[utoipa::path(put, path = "/api/v1/secrets/{name}", tag = "secrets", params(("name" = String, Path, description = "`SAFE/FOLDER/NAME`, percent-encoded as one segment")), request_body = NewValue, responses((status = 200, body = WrittenVersion), (status = 403, body = Problem), (status = 409, body = Problem), (status = 413, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn write(
    signed_in: SignedIn,
    SecretName(name): SecretName,
    Sensitive(new): Sensitive<NewValue>,
) -> Result<Json<WrittenVersion>, Problem> {
    keep(&signed_in, name, new, Change::Replace).await
}

/// Keep the current value with some keys replaced; those that are null are removed (RFC 7396).
#[utoipa::path(patch, path = "/api/v1/secrets/{name}", tag = "secrets", params(("name" = String, Path, description = "`SAFE/FOLDER/NAME`, percent-encoded as one segment")), request_body = NewValue, responses((status = 200, body = WrittenVersion), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 413, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn merge(
    signed_in: SignedIn,
    SecretName(name): SecretName,
    Sensitive(new): Sensitive<NewValue>,
) -> Result<Json<WrittenVersion>, Problem> {
    keep(&signed_in, name, new, Change::Merge).await
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Versions {
    /// The current one unless told.
    versions: Option<Vec<u32>>,
}

impl From<Versions> for Which {
    fn from(named: Versions) -> Self {
        named.versions.map_or(Self::Latest, Self::These)
    }
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct ChangedVersions {
    /// Those that are other than before.
    pub(crate) versions: Vec<u32>,
}

/// Delete versions: they cannot be read until they are brought back.
#[utoipa::path(post, path = "/api/v1/secrets/{name}/delete", tag = "secrets", params(("name" = String, Path, description = "`SAFE/FOLDER/NAME`, percent-encoded as one segment")), request_body = Versions, responses((status = 200, body = ChangedVersions), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn delete(
    signed_in: SignedIn,
    SecretName(name): SecretName,
    Json(named): Json<Versions>,
) -> Result<Json<ChangedVersions>, Problem> {
    let versions = secrets::delete(&signed_in.ctx, &signed_in.caller.identity, &name, named.into()).await?;
    Ok(Json(ChangedVersions { versions }))
}

/// Bring deleted versions back.
#[utoipa::path(post, path = "/api/v1/secrets/{name}/undelete", tag = "secrets", params(("name" = String, Path, description = "`SAFE/FOLDER/NAME`, percent-encoded as one segment")), request_body = Versions, responses((status = 200, body = ChangedVersions), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn undelete(
    signed_in: SignedIn,
    SecretName(name): SecretName,
    Json(named): Json<Versions>,
) -> Result<Json<ChangedVersions>, Problem> {
    let versions = secrets::undelete(&signed_in.ctx, &signed_in.caller.identity, &name, named.into()).await?;
    Ok(Json(ChangedVersions { versions }))
}

/// Destroy versions: their bytes are overwritten and never come back.
#[utoipa::path(post, path = "/api/v1/secrets/{name}/destroy", tag = "secrets", params(("name" = String, Path, description = "`SAFE/FOLDER/NAME`, percent-encoded as one segment")), request_body = Versions, responses((status = 200, body = ChangedVersions), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn destroy(
    signed_in: SignedIn,
    SecretName(name): SecretName,
    Json(named): Json<Versions>,
) -> Result<Json<ChangedVersions>, Problem> {
    let versions = secrets::destroy(&signed_in.ctx, &signed_in.caller.identity, &name, named.into()).await?;
    Ok(Json(ChangedVersions { versions }))
}

#[derive(serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Confirmation {
    /// The name of the secret once more.
    #[serde(default)]
    confirm: String,
}

/// Destroy a secret with every version and its metadata, for good.
#[utoipa::path(delete, path = "/api/v1/secrets/{name}", tag = "secrets", params(("name" = String, Path, description = "`SAFE/FOLDER/NAME`, percent-encoded as one segment"), Confirmation), responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn remove(
    signed_in: SignedIn,
    SecretName(name): SecretName,
    Query(confirmation): Query<Confirmation>,
) -> Result<StatusCode, Problem> {
    secrets::remove(&signed_in.ctx, &signed_in.caller.identity, &name, &confirmation.confirm).await?;
    Ok(StatusCode::NO_CONTENT)
}
