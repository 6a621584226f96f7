//! Accounts under management and password policies: `/accounts`, `/password-policies`. No answer holds a credential.

use crate::Api;
use crate::account_settings::Settings;
use crate::page::{Page, PageQuery};
use crate::person::{self, People, Person};
use crate::problem::Problem;
use crate::sensitive::Sensitive;
use crate::session::SignedIn;
use crate::words::{AccountState, VersionState};
use axum::Json;
use axum::extract::{Path, Query, State};
use connectors::LogIn;
use ledger::Ctx;
use privilege::{accounts, passwords};
use types::{ManagedAccountId, Secret, Timestamp};

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct ManagedAccount {
    pub(crate) id: String,
    /// The target or service that it is on.
    pub(crate) target: String,
    pub(crate) login: String,
    /// `person`, `shared` or `service`.
    pub(crate) kind: String,
    /// `password`, `ssh_key`, `api_key` or `certificate`.
    pub(crate) credential: String,
    /// Whether Tenure can log in with it, and so verify and rotate it by itself.
    pub(crate) verifiable: bool,
    pub(crate) owner: Person,
    pub(crate) purpose: String,
    pub(crate) policy: String,
    pub(crate) state: AccountState,
    /// The version that logs in, as far as is known.
    pub(crate) current: Option<u32>,
    pub(crate) pair: Option<Pair>,
    pub(crate) rotate_every_seconds: Option<u64>,
    pub(crate) verify_every_seconds: Option<u64>,
    /// `itself` or `administrator`.
    pub(crate) change_as: String,
    pub(crate) reconcile_by: Option<String>,
    /// `automatic` or `ask`.
    pub(crate) reconcile: String,
    pub(crate) rotate_on_leak: bool,
    pub(crate) dual_control: bool,
    pub(crate) one_time: bool,
    /// Whether one person at a time has it in hand.
    pub(crate) exclusive: bool,
    pub(crate) max_checkout_seconds: Option<u64>,
    pub(crate) grace_seconds: u64,
    /// `retry`, or `roll_back`: what happens when files that hold the password cannot be updated after a change.
    pub(crate) dependents_behind: String,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) managed_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) changed_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) verified_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) verify_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) rotate_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) unmanaged_at: Option<Timestamp>,
}

/// The other account of a pair, and which of the two is handed out.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Pair {
    pub(crate) other: String,
    pub(crate) handed_out: bool,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) flipped_at: Option<Timestamp>,
}

async fn describe_all(ctx: &Ctx, found: Vec<accounts::Managed>) -> Result<Vec<ManagedAccount>, Problem> {
    let people = People::of(ctx, found.iter().map(|account| &account.owner)).await?;
    let shown = |account: accounts::Managed| {
        let settings = account.settings;
        let pair = account.pair.map(|pair| Pair {
            other: pair.other.to_string(),
            handed_out: pair.handed_out,
            flipped_at: pair.flipped_at,
        });
        ManagedAccount {
            id: account.id.to_string(),
            target: account.target,
            login: account.login,
            kind: settings.kind.as_str().to_owned(),
            credential: account.credential.as_str().to_owned(),
            verifiable: account.credential.is_verifiable(),
            owner: people.person(&account.owner),
            purpose: settings.purpose,
            policy: settings.policy,
            state: (&account.state).into(),
            current: account.state.current(),
            pair,
            rotate_every_seconds: settings.rotate_every_seconds,
            verify_every_seconds: settings.verify_every_seconds,
            change_as: settings.change_as.as_str().to_owned(),
            reconcile_by: settings.reconcile_by.map(|by| by.to_string()),
            reconcile: settings.reconcile.as_str().to_owned(),
            rotate_on_leak: settings.rotate_on_leak,
            dual_control: settings.dual_control,
            one_time: settings.one_time,
            exclusive: settings.exclusive,
            max_checkout_seconds: settings.max_checkout_seconds,
            grace_seconds: settings.grace_seconds,
            dependents_behind: settings.dependents_behind.as_str().to_owned(),
            managed_at: account.managed_at,
            changed_at: account.changed_at,
            verified_at: account.verified_at,
            verify_at: account.verify_at,
            rotate_at: account.rotate_at,
            unmanaged_at: account.unmanaged_at,
        }
    };
    Ok(found.into_iter().map(shown).collect())
}

async fn describe(ctx: &Ctx, account: accounts::Managed) -> Result<Json<ManagedAccount>, Problem> {
    let one = describe_all(ctx, vec![account]).await?.pop();
    one.map(Json).ok_or_else(|| Problem::not_found("account"))
}

#[derive(serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Filter {
    target: Option<String>,
    login: Option<String>,
    /// `settled`, `changing` or `unknown`.
    state: Option<String>,
    /// Also those that are not managed any more.
    all: Option<bool>,
}

/// Accounts under management, newest first.
#[utoipa::path(get, path = "/api/v1/accounts", tag = "accounts", params(Filter, PageQuery), responses((status = 200, body = Page<ManagedAccount>)))]
pub(crate) async fn list(
    signed_in: SignedIn,
    Query(filter): Query<Filter>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<ManagedAccount>>, Problem> {
    let filter = accounts::Filter {
        target: filter.target,
        login: filter.login,
        owner: None,
        state: filter.state,
        all: filter.all.unwrap_or(false),
        after: page.after()?,
        limit: page.and_one_more(),
    };
    let found = accounts::list(&signed_in.ctx, &filter).await?;
    let items = describe_all(&signed_in.ctx, found).await?;
    Ok(Json(Page::new(items, page.limit(), |account| account.id.clone())))
}

/// An account as somebody puts it under management.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccountImport {
    target: String,
    login: String,
    #[schema(value_type = String)]
    kind: accounts::AccountKind,
    #[schema(value_type = String)]
    credential: accounts::CredentialKind,
    /// Mail address or id of somebody who works here.
    owner: String,
    purpose: String,
    /// What it proves itself with now. Sealed at once, and in no answer.
    #[schema(value_type = Option<String>)]
    value: Option<Secret<String>>,
    /// Instead of `value`: a new one is set through the administrator.
    #[serde(default)]
    generate: bool,
    /// How else than usual it is managed, as in `PUT /accounts/{id}`.
    #[serde(default)]
    #[schema(value_type = Object)]
    settings: accounts::Change,
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Imports {
    account: Vec<AccountImport>,
}

/// Put accounts under management, all or none.
#[utoipa::path(post, path = "/api/v1/accounts", tag = "accounts", request_body = Imports, responses((status = 201, body = Page<ManagedAccount>), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn import(
    signed_in: SignedIn,
    Sensitive(given): Sensitive<Imports>,
) -> Result<(axum::http::StatusCode, Json<Page<ManagedAccount>>), Problem> {
    let ctx = &signed_in.ctx;
    let mut imports = Vec::with_capacity(given.account.len());
    for account in given.account {
        let owner = person::working(ctx, &account.owner).await?;
        let value = match (account.value, account.generate) {
            (Some(value), false) => accounts::Given::Value(value),
            (None, true) => accounts::Given::Generate,
            _ => return Err(Problem::invalid("give either `value` or `generate`")),
        };
        imports.push(accounts::Import {
            target: account.target,
            login: account.login,
            kind: account.kind,
            credential: account.credential,
            owner,
            purpose: account.purpose,
            given: value,
            change: account.settings,
        });
    }
    let managed = accounts::import(ctx, imports).await?;
    Ok((axum::http::StatusCode::CREATED, Json(Page::whole(describe_all(ctx, managed).await?))))
}

/// One account under management.
#[utoipa::path(get, path = "/api/v1/accounts/{id}", tag = "accounts", params(("id" = String, Path)), responses((status = 200, body = ManagedAccount), (status = 404, body = Problem)))]
pub(crate) async fn show(
    signed_in: SignedIn,
    Path(id): Path<ManagedAccountId>,
) -> Result<Json<ManagedAccount>, Problem> {
    describe(&signed_in.ctx, accounts::get(&signed_in.ctx, &id).await?).await
}

/// Change how an account is managed; what is not named stays, and `null` takes a schedule or limit away.
#[utoipa::path(put, path = "/api/v1/accounts/{id}", tag = "accounts", params(("id" = String, Path)), request_body = Settings, responses((status = 200, body = ManagedAccount), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn set(
    signed_in: SignedIn,
    Path(id): Path<ManagedAccountId>,
    Json(given): Json<Settings>,
) -> Result<Json<ManagedAccount>, Problem> {
    let ctx = &signed_in.ctx;
    let change = given.change(ctx).await?;
    describe(ctx, accounts::set(ctx, &id, change).await?).await
}

/// End the management of an account. What was kept of its credentials stays sealed for a time, its history for good.
#[utoipa::path(delete, path = "/api/v1/accounts/{id}", tag = "accounts", params(("id" = String, Path)), responses((status = 204), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn unmanage(
    signed_in: SignedIn,
    Path(id): Path<ManagedAccountId>,
) -> Result<axum::http::StatusCode, Problem> {
    accounts::unmanage(&signed_in.ctx, &id).await?;
    Ok(axum::http::StatusCode::NO_CONTENT)
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Verified {
    /// Whether the kept credential logged in.
    pub(crate) accepted: bool,
    pub(crate) account: ManagedAccount,
}

/// Log in with the kept credential now.
#[utoipa::path(post, path = "/api/v1/accounts/{id}/verify", tag = "accounts", params(("id" = String, Path)), responses((status = 200, body = Verified), (status = 404, body = Problem), (status = 409, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn verify(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(id): Path<ManagedAccountId>,
) -> Result<Json<Verified>, Problem> {
    let ctx = &signed_in.ctx;
    let answer = accounts::verify(ctx, &api.node, &id).await?;
    let Json(account) = describe(ctx, accounts::get(ctx, &id).await?).await?;
    Ok(Json(Verified { accepted: answer == LogIn::Accepted, account }))
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CredentialValue {
    /// What it proves itself with from now on. Sealed at once, and in no answer.
    #[schema(value_type = String)]
    value: Secret<String>,
}

/// Give the credential that somebody set at the system by hand.
#[utoipa::path(put, path = "/api/v1/accounts/{id}/value", tag = "accounts", params(("id" = String, Path)), request_body = CredentialValue, responses((status = 200, body = ManagedAccount), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn give(
    signed_in: SignedIn,
    Path(id): Path<ManagedAccountId>,
    Sensitive(given): Sensitive<CredentialValue>,
) -> Result<Json<ManagedAccount>, Problem> {
    describe(&signed_in.ctx, accounts::give(&signed_in.ctx, &id, given.value).await?).await
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct With {
    /// The other account; `null` takes the pair apart.
    #[schema(value_type = Option<String>)]
    with: Option<ManagedAccountId>,
}

/// Let two accounts take turns: one is handed out while the other is changed.
#[utoipa::path(put, path = "/api/v1/accounts/{id}/pair", tag = "accounts", params(("id" = String, Path)), request_body = With, responses((status = 200, body = ManagedAccount), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn pair(
    signed_in: SignedIn,
    Path(id): Path<ManagedAccountId>,
    Json(given): Json<With>,
) -> Result<Json<ManagedAccount>, Problem> {
    let ctx = &signed_in.ctx;
    match given.with {
        Some(other) => accounts::pair(ctx, &id, &other).await?,
        None => accounts::unpair(ctx, &id).await?,
    }
    describe(ctx, accounts::get(ctx, &id).await?).await
}

/// One version of a credential, without the credential.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct CredentialVersion {
    pub(crate) version: u32,
    pub(crate) state: VersionState,
    pub(crate) public_key: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) made_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) verified_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) ended_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) destroyed_at: Option<Timestamp>,
}

/// The versions that an account's credential had, newest first.
#[utoipa::path(get, path = "/api/v1/accounts/{id}/history", tag = "accounts", params(("id" = String, Path)), responses((status = 200, body = Page<CredentialVersion>), (status = 404, body = Problem)))]
pub(crate) async fn history(
    signed_in: SignedIn,
    Path(id): Path<ManagedAccountId>,
) -> Result<Json<Page<CredentialVersion>>, Problem> {
    let shown = |version: accounts::Version| CredentialVersion {
        version: version.version,
        state: (&version.state).into(),
        public_key: version.public_key,
        made_at: version.made_at,
        verified_at: version.verified_at,
        ended_at: version.ended_at,
        destroyed_at: version.destroyed_at,
    };
    let versions = accounts::history(&signed_in.ctx, &id).await?;
    Ok(Json(Page::whole(versions.into_iter().map(shown).collect())))
}

/// Every password policy; the built-in one first.
#[utoipa::path(get, path = "/api/v1/password-policies", tag = "accounts", responses((status = 200, body = Page<Object>)))]
pub(crate) async fn policies(signed_in: SignedIn) -> Result<Json<Page<passwords::Policy>>, Problem> {
    Ok(Json(Page::whole(passwords::list(&signed_in.ctx).await?)))
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Policies {
    #[schema(value_type = Vec<Object>)]
    policy: Vec<passwords::Policy>,
}

/// Declare password policies, all or none. Those not named stay as they are.
#[utoipa::path(put, path = "/api/v1/password-policies", tag = "accounts", request_body = Policies, responses((status = 200, body = Page<Object>), (status = 422, body = Problem)))]
pub(crate) async fn declare_policies(
    signed_in: SignedIn,
    Json(file): Json<Policies>,
) -> Result<Json<Page<passwords::Policy>>, Problem> {
    Ok(Json(Page::whole(passwords::declare(&signed_in.ctx, &file.policy).await?)))
}
