//! Who answers for a secret, what it is for, and which versions there are: `/secrets/{name}/metadata`. Never a value.

use crate::person::{People, Person, named};
use crate::problem::Problem;
use crate::secrets::sees;
use crate::sensitive::SecretName;
use crate::session::SignedIn;
use axum::Json;
use ledger::Ctx;
use privilege::secrets::{self, Describe, Metadata, State, Version};
use std::collections::BTreeMap;
use std::time::Duration;
use types::{IdentityId, Timestamp};

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct SecretMetadata {
    pub(crate) id: String,
    pub(crate) name: String,
    /// Who answers for it.
    pub(crate) owner: Person,
    pub(crate) purpose: String,
    pub(crate) custom: BTreeMap<String, String>,
    /// Whether each write must say which version it follows.
    pub(crate) cas_required: bool,
    /// With each write, older versions than so many are destroyed.
    pub(crate) max_versions: u32,
    /// Versions written from now on count as deleted after so many seconds.
    pub(crate) delete_after_seconds: Option<u64>,
    pub(crate) version: u32,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) updated_at: Timestamp,
    /// The newest 100.
    pub(crate) versions: Vec<SecretVersion>,
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct SecretVersion {
    pub(crate) version: u32,
    /// `live`, `deleted` or `destroyed`.
    pub(crate) state: String,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) created_at: Timestamp,
    pub(crate) created_by: Person,
    /// For a live one, when it will be.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) deleted_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) destroyed_at: Option<Timestamp>,
}

async fn describe(ctx: &Ctx, secret: Metadata, versions: Vec<Version>) -> Result<SecretMetadata, Problem> {
    let people = People::of(ctx, named_in(&secret, &versions)).await?;
    Ok(described(secret, &versions, &people))
}

fn named_in<'a>(secret: &'a Metadata, versions: &'a [Version]) -> impl Iterator<Item = &'a IdentityId> {
    versions.iter().filter_map(|version| version.created_by.identity()).chain([&secret.owner])
}

fn described(secret: Metadata, versions: &[Version], people: &People) -> SecretMetadata {
    SecretMetadata {
        owner: people.person(&secret.owner),
        versions: versions.iter().map(|version| shown(version, people)).collect(),
        id: secret.id.to_string(),
        name: secret.name.to_string(),
        purpose: secret.purpose,
        custom: secret.custom,
        cas_required: secret.cas_required,
        max_versions: secret.max_versions,
        delete_after_seconds: secret.delete_after.map(|span| span.as_secs()),
        version: secret.current,
        created_at: secret.created_at,
        updated_at: secret.updated_at,
    }
}

fn shown(version: &Version, people: &People) -> SecretVersion {
    let (state, deleted_at, destroyed_at) = match version.state {
        State::Live { until } => ("live", until, None),
        State::Deleted { at } => ("deleted", Some(at), None),
        State::Destroyed { at } => ("destroyed", None, Some(at)),
    };
    SecretVersion {
        version: version.number,
        state: state.to_owned(),
        created_at: version.created_at,
        created_by: people.actor(&version.created_by),
        deleted_at,
        destroyed_at,
    }
}

/// Everything about a secret but its value: with `secrets.read`, or any grant for its folder.
#[utoipa::path(get, path = "/api/v1/secrets/{name}/metadata", tag = "secrets", params(("name" = String, Path, description = "`SAFE/FOLDER/NAME`, percent-encoded as one segment")), responses((status = 200, body = SecretMetadata), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn show(signed_in: SignedIn, SecretName(name): SecretName) -> Result<Json<SecretMetadata>, Problem> {
    let (ctx, who) = (&signed_in.ctx, &signed_in.caller.identity);
    let (secret, versions) = secrets::metadata(ctx, who, sees(&signed_in), &name).await?;
    Ok(Json(describe(ctx, secret, versions).await?))
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewMetadata {
    /// By id or mail address, of somebody who works here.
    owner: Option<String>,
    purpose: Option<String>,
    /// All of it; what is not named here is gone.
    custom: Option<BTreeMap<String, String>>,
    cas_required: Option<bool>,
    /// 1 to 100, from the next write on.
    max_versions: Option<u32>,
    /// 0 for versions that live on.
    delete_after_seconds: Option<u64>,
}

/// Change what is known about a secret; what is left out stays. Needs a grant that allows `secret_write`.
#[utoipa::path(patch, path = "/api/v1/secrets/{name}/metadata", tag = "secrets", params(("name" = String, Path, description = "`SAFE/FOLDER/NAME`, percent-encoded as one segment")), request_body = NewMetadata, responses((status = 200, body = SecretMetadata), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn change(
    signed_in: SignedIn,
    SecretName(name): SecretName,
    Json(new): Json<NewMetadata>,
) -> Result<Json<SecretMetadata>, Problem> {
    let (ctx, who) = (&signed_in.ctx, &signed_in.caller.identity);
    let owner = named(ctx, new.owner.as_deref()).await?;
    let change = Describe {
        owner,
        purpose: new.purpose,
        custom: new.custom,
        cas_required: new.cas_required,
        max_versions: new.max_versions,
        delete_after: new.delete_after_seconds.map(Duration::from_secs),
    };
    let (secret, versions) = secrets::describe(ctx, who, &name, change).await?;
    let people = People::of_done(ctx, named_in(&secret, &versions)).await;
    Ok(Json(described(secret, &versions, &people)))
}
