//! Targets, and the privileged accounts found on them: `/targets`.

use crate::Api;
use crate::page::Page;
use crate::problem::Problem;
use crate::session::SignedIn;
use axum::Json;
use axum::extract::{Path, State};
use privilege::{discovery, targets};
use types::Timestamp;

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Target {
    pub(crate) name: String,
    pub(crate) host: String,
    pub(crate) port: u16,
    /// The only host key that is accepted from it.
    pub(crate) host_key: String,
    pub(crate) fingerprint: String,
    /// Whether its sshd reads the KRL, so that an ended certificate is refused at once.
    pub(crate) reads_krl: bool,
    /// By what people are logged in: `certificate`, or `vaulted` for the password or key that the vault keeps.
    pub(crate) sign_in: String,
    pub(crate) description: String,
    pub(crate) discovery_login: String,
    /// Sudo rules that can be given there, by the names that they are given by.
    #[schema(value_type = Object)]
    pub(crate) sudo: serde_json::Value,
}

impl From<targets::Target> for Target {
    fn from(target: targets::Target) -> Self {
        Self {
            host_key: target.host_key_pin.to_string(),
            fingerprint: target.host_key_pin.fingerprint(),
            name: target.name,
            host: target.host,
            port: target.port,
            reads_krl: target.reads_krl,
            sign_in: target.sign_in.as_str().to_owned(),
            description: target.description,
            discovery_login: target.discovery_login,
            sudo: serde_json::to_value(target.sudo).expect("rules are plain data"),
        }
    }
}

/// Every target, by name.
#[utoipa::path(get, path = "/api/v1/targets", tag = "targets", responses((status = 200, body = Page<Target>)))]
pub(crate) async fn list(signed_in: SignedIn) -> Result<Json<Page<Target>>, Problem> {
    let found = targets::list(&signed_in.ctx).await?;
    Ok(Json(Page::whole(found.into_iter().map(Target::from).collect())))
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Targets {
    #[schema(value_type = Vec<Object>)]
    target: Vec<targets::Declaration>,
}

/// Register or change targets, all or none. Those not named stay as they are.
#[utoipa::path(put, path = "/api/v1/targets", tag = "targets", request_body = Targets, responses((status = 200, body = Page<Target>), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn declare(signed_in: SignedIn, Json(file): Json<Targets>) -> Result<Json<Page<Target>>, Problem> {
    let declared = targets::declare(&signed_in.ctx, &file.target).await?;
    Ok(Json(Page::whole(declared.into_iter().map(Target::from).collect())))
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HostKey {
    /// `ssh-ed25519 AAAA…`, as in a `known_hosts` file after the name.
    host_key: String,
}

/// Pin another host key: from now on only this one is accepted.
#[utoipa::path(put, path = "/api/v1/targets/{name}/host-key", tag = "targets", params(("name" = String, Path)), request_body = HostKey, responses((status = 200, body = Target), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn pin(
    signed_in: SignedIn,
    Path(name): Path<String>,
    Json(given): Json<HostKey>,
) -> Result<Json<Target>, Problem> {
    Ok(Json(targets::pin(&signed_in.ctx, &name, &given.host_key).await?.into()))
}

/// An account on a target, as the last discovery saw it.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Account {
    pub(crate) id: String,
    pub(crate) login: String,
    pub(crate) privileged: bool,
    /// One line for each way in which it is privileged.
    pub(crate) how: Vec<String>,
    pub(crate) login_possible: bool,
    #[schema(value_type = Vec<Object>)]
    pub(crate) keys: serde_json::Value,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) last_login: Option<Timestamp>,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) first_seen_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) last_seen_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) gone_at: Option<Timestamp>,
}

impl From<discovery::Account> for Account {
    fn from(account: discovery::Account) -> Self {
        Self {
            id: account.id.to_string(),
            privileged: account.facts.privileged(),
            how: account.facts.how(),
            login_possible: account.facts.login_possible,
            keys: serde_json::to_value(&account.facts.keys).expect("keys are plain data"),
            last_login: account.facts.last_login,
            login: account.facts.login,
            first_seen_at: account.first_seen,
            last_seen_at: account.last_seen,
            gone_at: account.gone_at,
        }
    }
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Discovery {
    pub(crate) accounts: Vec<Account>,
    /// Logins that were not there before.
    pub(crate) appeared: Vec<String>,
    /// Logins whose privileges or keys are other than before.
    pub(crate) changed: Vec<String>,
    /// Logins that are not there any more.
    pub(crate) gone: Vec<String>,
    /// What could not be read, and why.
    pub(crate) gaps: Vec<String>,
}

/// Look at the target now: who is privileged there, and how.
#[utoipa::path(post, path = "/api/v1/targets/{name}/discover", tag = "targets", params(("name" = String, Path)), responses((status = 200, body = Discovery), (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn discover(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(name): Path<String>,
) -> Result<Json<Discovery>, Problem> {
    let report = discovery::discover(&signed_in.ctx, &api.node, &name).await?;
    let accounts = discovery::accounts(&signed_in.ctx, &name).await?.into_iter().map(Account::from).collect();
    let discovery::Report { appeared, changed, gone, gaps, .. } = report;
    Ok(Json(Discovery { accounts, appeared, changed, gone, gaps }))
}

/// The accounts of the last discovery.
#[utoipa::path(get, path = "/api/v1/targets/{name}/accounts", tag = "targets", params(("name" = String, Path)), responses((status = 200, body = Page<Account>), (status = 404, body = Problem)))]
pub(crate) async fn accounts(signed_in: SignedIn, Path(name): Path<String>) -> Result<Json<Page<Account>>, Problem> {
    let found = discovery::accounts(&signed_in.ctx, &name).await?;
    Ok(Json(Page::whole(found.into_iter().map(Account::from).collect())))
}
