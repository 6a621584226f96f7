//! Accounts as they were read on systems, and whose they are: `/inventory/accounts`.

use crate::inventory::{self, ObservedEntitlement};
use crate::page::{Page, PageQuery};
use crate::person::{People, Person, working};
use crate::problem::Problem;
use crate::session::SignedIn;
use axum::Json;
use axum::extract::{Path, Query};
use connectors::connector::{Attributes, Status};
use governance::account_links::{self, Account, Filter, LinkState, Said};
use governance::{entitlements, identities};
use ledger::Ctx;
use provisioning::Protection;
use types::{IdentityId, ObservedAccountId, Timestamp};

/// An account as it was read on a system. It is under management only where `/accounts` says so.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct ObservedAccount {
    pub(crate) id: String,
    pub(crate) system: String,
    /// What the system calls it, for as long as it is there.
    pub(crate) native_id: String,
    pub(crate) login: String,
    /// `enabled` or `disabled`.
    pub(crate) status: String,
    /// `linked`, `orphaned`, `non_personal`, `unmatched` or `protected`.
    pub(crate) state: String,
    /// Whose it is.
    pub(crate) identity: Option<Person>,
    /// What the link follows from: the tests that were passed, or who said so.
    pub(crate) linked_by: Option<String>,
    /// Who answers for it although it is no person's own.
    pub(crate) owner: Option<Person>,
    /// Who said whose it is, or that it is nobody's.
    pub(crate) decided_by: Option<Person>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) decided_at: Option<Timestamp>,
    /// Why it has power by itself, beside its memberships.
    pub(crate) privileged: Vec<String>,
    /// Entitlements that it has directly and that give power, by name.
    pub(crate) power_by: Vec<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) last_used_at: Option<Timestamp>,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) from: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) until: Option<Timestamp>,
    /// `built_in` where the system calls it its own, `declared` where a person protected it.
    pub(crate) protection: Option<String>,
}

pub(crate) async fn describe_all(ctx: &Ctx, accounts: Vec<Account>) -> Result<Vec<ObservedAccount>, Problem> {
    let named = |account: &Account| {
        let holder = account.observed.link.as_ref().map(|link| link.identity.clone());
        let by = account.observed.link.as_ref().and_then(|link| link.by.parse().ok());
        let decided = account.answer.as_ref().map(|answer| answer.by.clone());
        [holder, by, decided, account.owner().cloned()].into_iter().flatten().collect::<Vec<_>>()
    };
    let ids: Vec<IdentityId> = accounts.iter().flat_map(named).collect();
    let people = People::of(ctx, &ids).await?;
    let observed = accounts.iter().map(|account| &account.observed.id);
    let mut powers = provisioning::inventory::powers(&mut ctx.read().await?, observed).await?;
    let all = accounts.into_iter().map(|account| {
        let power_by = powers.remove(&account.observed.id).unwrap_or_default();
        shown(account, power_by, &people)
    });
    Ok(all.collect())
}

fn shown(account: Account, power_by: Vec<String>, people: &People) -> ObservedAccount {
    let (owner, state) = (account.owner().map(|owner| people.person(owner)), account.state);
    let by = |by: &str| by.parse().map_or_else(|_| by.to_owned(), |id| people.person(&id).name);
    let Account { observed, answer, .. } = account;
    ObservedAccount {
        id: observed.id.to_string(),
        system: observed.system,
        native_id: observed.native_id,
        login: observed.login,
        status: match observed.status {
            Status::Enabled => "enabled",
            Status::Disabled => "disabled",
        }
        .to_owned(),
        state: state.as_str().to_owned(),
        identity: observed.link.as_ref().map(|link| people.person(&link.identity)),
        linked_by: observed.link.as_ref().map(|link| by(&link.by)),
        owner,
        decided_by: answer.as_ref().map(|answer| people.person(&answer.by)),
        decided_at: answer.map(|answer| answer.at),
        privileged: observed.privileged,
        power_by,
        last_used_at: observed.last_used_at,
        from: observed.from,
        until: observed.until,
        protection: observed.protection.map(|protection| {
            match protection {
                Protection::BuiltIn => "built_in",
                Protection::Declared => "declared",
            }
            .to_owned()
        }),
    }
}

#[derive(serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AccountQuery {
    /// Only those of this system.
    system: Option<String>,
    /// Only those of this person.
    identity: Option<String>,
    /// `linked`, `orphaned`, `non_personal`, `unmatched` or `protected`.
    state: Option<String>,
    /// Only those that have power by themselves or by a direct membership, or only the others.
    privileged: Option<bool>,
    /// A part of the login or name, in any case.
    q: Option<String>,
}

/// Accounts that are there, oldest first. A page may be short, or empty, and still name a next one.
#[utoipa::path(get, path = "/api/v1/inventory/accounts", tag = "inventory", params(AccountQuery, PageQuery), responses((status = 200, body = Page<ObservedAccount>), (status = 422, body = Problem)))]
pub(crate) async fn list(
    signed_in: SignedIn,
    Query(query): Query<AccountQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<ObservedAccount>>, Problem> {
    let identity = query.identity.as_deref().map(str::parse).transpose();
    let filter = Filter {
        system: query.system,
        identity: identity.map_err(|e: types::BadId| Problem::invalid(e.to_string()))?,
        state: query.state.as_deref().map(str::parse::<LinkState>).transpose().map_err(Problem::invalid)?,
        privileged: query.privileged,
        query: query.q,
        after: page.after()?,
        limit: page.limit(),
    };
    let listed = account_links::list(&signed_in.ctx, &filter).await?;
    let items = describe_all(&signed_in.ctx, listed.accounts).await?;
    Ok(Json(Page { items, next: listed.next.map(|next| next.to_string()) }))
}

/// Accounts of a person that are there, on every system.
#[utoipa::path(get, path = "/api/v1/identities/{id}/accounts", tag = "inventory", params(("id" = String, Path), PageQuery), responses((status = 200, body = Page<ObservedAccount>), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn of_identity(
    signed_in: SignedIn,
    Path(id): Path<IdentityId>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<ObservedAccount>>, Problem> {
    let ctx = &signed_in.ctx;
    let (after, limit) = (page.after()?, page.limit());
    let identity = Some(identities::get(ctx, &id).await?.id);
    let listed = account_links::list(ctx, &Filter { identity, after, limit, ..Filter::default() }).await?;
    let items = describe_all(ctx, listed.accounts).await?;
    Ok(Json(Page { items, next: listed.next.map(|next| next.to_string()) }))
}

/// Something that an account has.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct AccountHolding {
    pub(crate) entitlement: ObservedEntitlement,
    /// Names from the direct membership to this one; one alone where it is direct.
    pub(crate) path: Vec<String>,
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct ObservedAccountDetail {
    #[serde(flatten)]
    pub(crate) account: ObservedAccount,
    /// As the system shows them.
    #[schema(value_type = Object)]
    pub(crate) attributes: Attributes,
    /// Directly and through what that brings along.
    pub(crate) holdings: Vec<AccountHolding>,
}

/// One account with everything that it has.
#[utoipa::path(get, path = "/api/v1/inventory/accounts/{id}", tag = "inventory", params(("id" = String, Path)), responses((status = 200, body = ObservedAccountDetail), (status = 404, body = Problem)))]
pub(crate) async fn show(
    signed_in: SignedIn,
    Path(id): Path<ObservedAccountId>,
) -> Result<Json<ObservedAccountDetail>, Problem> {
    let ctx = &signed_in.ctx;
    let account = account_links::get(ctx, &id).await?;
    let held = entitlements::held_by(ctx, &account.observed).await?;
    let (entitlements, paths): (Vec<_>, Vec<_>) = held.into_iter().map(|held| (held.entitlement, held.path)).unzip();
    let people = People::of(ctx, inventory::owners(&entitlements)).await?;
    let holding =
        |(entitlement, path)| AccountHolding { entitlement: inventory::entitlement(entitlement, &people), path };
    let holdings = entitlements.into_iter().zip(paths).map(holding).collect();
    let attributes = account.observed.attributes.clone();
    let account = describe_all(ctx, vec![account]).await?.remove(0);
    Ok(Json(ObservedAccountDetail { account, attributes, holdings }))
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccountSaid {
    /// Whose it is, by id or mail address.
    #[serde(default)]
    identity: Option<String>,
    /// That it is no person's own.
    #[serde(default)]
    non_personal: bool,
    /// Who answers for it then, by id or mail address.
    #[serde(default)]
    owner: Option<String>,
    reason: String,
}

/// Say whose an account is, or that it is no person's own. It is kept, and never asked about again.
#[utoipa::path(post, path = "/api/v1/inventory/accounts/{id}/link", tag = "inventory", params(("id" = String, Path)), request_body = AccountSaid, responses((status = 200, body = ObservedAccount), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn link(
    signed_in: SignedIn,
    Path(id): Path<ObservedAccountId>,
    Json(said): Json<AccountSaid>,
) -> Result<Json<ObservedAccount>, Problem> {
    let ctx = &signed_in.ctx;
    let what = match (said.identity, said.non_personal, said.owner) {
        (Some(identity), false, None) => Said::Person(person(ctx, &identity).await?),
        (None, true, None) => Said::NonPersonal { owner: None },
        (None, true, Some(owner)) => Said::NonPersonal { owner: Some(working(ctx, &owner).await?) },
        _ => {
            return Err(Problem::invalid(
                "say either `identity`, whose account it is, or `non_personal` and perhaps the `owner` who answers for it",
            ));
        }
    };
    let account = account_links::say(ctx, &id, what, &said.reason).await?;
    Ok(Json(describe_all(ctx, vec![account]).await?.remove(0)))
}

/// Also somebody who has left, by id.
async fn person(ctx: &Ctx, text: &str) -> Result<IdentityId, Problem> {
    match text.parse() {
        Ok(id) => Ok(id),
        Err(_) => Ok(identities::by_email(ctx, text).await?.id),
    }
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccountProtection {
    /// Whether nothing is to be sent to it from now on.
    on: bool,
    reason: String,
}

/// Protect an account: nothing is sent to it from now on. Or end that.
#[utoipa::path(post, path = "/api/v1/inventory/accounts/{id}/protect", tag = "inventory", params(("id" = String, Path)), request_body = AccountProtection, responses((status = 200, body = ObservedAccount), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn protect(
    signed_in: SignedIn,
    Path(id): Path<ObservedAccountId>,
    Json(said): Json<AccountProtection>,
) -> Result<Json<ObservedAccount>, Problem> {
    let ctx = &signed_in.ctx;
    let account = account_links::protect(ctx, &id, said.on, &said.reason).await?;
    Ok(Json(describe_all(ctx, vec![account]).await?.remove(0)))
}
