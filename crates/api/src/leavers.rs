//! Who has left, and how far everything of theirs is taken away: `/leavers`.

use crate::named::Named;
use crate::page::{Page, PageQuery};
use crate::person::{People, Person};
use crate::problem::Problem;
use crate::session::SignedIn;
use axum::Json;
use axum::extract::{Path, Query};
use governance::lifecycle::{self, Case};
use ledger::Ctx;
use provisioning::{ObservedAccount, Order};
use std::time::Duration;
use types::{CaseId, Timestamp};

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Leaver {
    pub(crate) id: String,
    pub(crate) identity: Person,
    /// What the case waits for: `await_sessions_ended`, `await_privilege_gone`, `await_accounts_disabled` or
    /// `await_ownership`; else `done`, or `cancelled` when the person came back.
    pub(crate) step: String,
    /// When the news reached Tenure.
    #[schema(value_type = String, format = DateTime)]
    pub(crate) event_at: Timestamp,
    /// The import that said so.
    pub(crate) import: Option<String>,
    /// Grants that were withdrawn.
    pub(crate) withdrawn: u64,
    /// How often something was found that had to go after all.
    pub(crate) reopened: u32,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) account_disabled_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) closed_at: Option<Timestamp>,
    pub(crate) seconds: LeaverSeconds,
}

/// From the news on; `null` while it is not over, or when there was nothing to do.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct LeaverSeconds {
    pub(crate) sessions_ended: Option<f64>,
    pub(crate) last_privilege_gone: Option<f64>,
    pub(crate) accounts_disabled: Option<f64>,
    pub(crate) owned: Option<f64>,
}

async fn describe_all(ctx: &Ctx, cases: Vec<Case>) -> Result<Vec<Leaver>, Problem> {
    let people = People::of(ctx, cases.iter().map(|case| &case.identity)).await?;
    Ok(cases.iter().map(|case| shown(case, &people)).collect())
}

fn shown(case: &Case, people: &People) -> Leaver {
    let (times, seconds) = (case.times(), |took: Option<Duration>| took.map(|took| took.as_secs_f64()));
    Leaver {
        id: case.id.to_string(),
        identity: people.person(&case.identity),
        step: case.step.as_str().to_owned(),
        event_at: case.event_at,
        import: case.import.as_ref().map(ToString::to_string),
        withdrawn: case.withdrawn,
        reopened: case.reopened,
        account_disabled_at: case.step.account_disabled_at(),
        closed_at: case.step.closed_at(),
        seconds: LeaverSeconds {
            sessions_ended: seconds(times.sessions_ended),
            last_privilege_gone: seconds(times.last_privilege_gone),
            accounts_disabled: seconds(times.accounts_disabled),
            owned: seconds(times.owned),
        },
    }
}

/// Leaver cases, newest first.
#[utoipa::path(get, path = "/api/v1/leavers", tag = "identities", params(PageQuery), responses((status = 200, body = Page<Leaver>)))]
pub(crate) async fn list(signed_in: SignedIn, Query(page): Query<PageQuery>) -> Result<Json<Page<Leaver>>, Problem> {
    let after: Option<CaseId> = page.after()?;
    let found = lifecycle::list(&signed_in.ctx, after.as_ref(), page.and_one_more()).await?;
    let items = describe_all(&signed_in.ctx, found).await?;
    Ok(Json(Page::new(items, page.limit(), |leaver: &Leaver| leaver.id.clone())))
}

/// What was ordered on a system because somebody left.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct LeaverOrder {
    pub(crate) id: String,
    pub(crate) system: String,
    /// `revoke` of what gives power, or `disable`.
    pub(crate) act: String,
    pub(crate) account: Option<String>,
    pub(crate) login: Option<String>,
    pub(crate) entitlement: Option<String>,
    /// What its system calls the entitlement.
    pub(crate) entitlement_name: Option<String>,
    /// `gone` when it was seen there; `waiting_for_person` where only a person reaches the system.
    pub(crate) state: String,
    /// What is in its way.
    pub(crate) trouble: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) ordered_at: Timestamp,
}

impl LeaverOrder {
    fn new(order: Order, named: &Named) -> Self {
        Self {
            id: order.id.to_string(),
            login: named.login(order.account.as_ref(), order.login),
            entitlement_name: named.entitlement(order.entitlement.as_ref()),
            account: order.account.map(|account| account.to_string()),
            entitlement: order.entitlement.map(|entitlement| entitlement.to_string()),
            act: order.act.as_str().to_owned(),
            state: order.state.as_str().to_owned(),
            trouble: order.state.trouble().map(str::to_owned),
            system: order.system,
            ordered_at: order.ordered_at,
        }
    }
}

/// An enabled account of a leaver that nothing is ever sent to: a person has to see to it.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct LeaverProtected {
    pub(crate) id: String,
    pub(crate) system: String,
    pub(crate) login: String,
}

impl From<ObservedAccount> for LeaverProtected {
    fn from(account: ObservedAccount) -> Self {
        Self { id: account.id.to_string(), system: account.system, login: account.login }
    }
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct LeaverDetail {
    #[serde(flatten)]
    pub(crate) leaver: Leaver,
    pub(crate) orders: Vec<LeaverOrder>,
    pub(crate) protected: Vec<LeaverProtected>,
    pub(crate) ownerships: Vec<crate::ownerships::Ownership>,
}

/// One leaver case: what was ordered where, what only a person can settle, and what becomes of what they owned.
#[utoipa::path(get, path = "/api/v1/leavers/{id}", tag = "identities", params(("id" = String, Path)), responses((status = 200, body = LeaverDetail), (status = 404, body = Problem)))]
pub(crate) async fn show(signed_in: SignedIn, Path(id): Path<CaseId>) -> Result<Json<LeaverDetail>, Problem> {
    let ctx = &signed_in.ctx;
    let case = lifecycle::get(ctx, &id).await?;
    let progress = lifecycle::progress(ctx, &case).await?;
    let accounts = progress.orders.iter().filter_map(|order| order.account.as_ref());
    let entitlements = progress.orders.iter().filter_map(|order| order.entitlement.as_ref());
    let named = Named::of(ctx, accounts, entitlements).await?;
    let ownerships = crate::ownerships::of_case(ctx, &case.id).await?;
    Ok(Json(LeaverDetail {
        leaver: describe_all(ctx, vec![case]).await?.remove(0),
        orders: progress.orders.into_iter().map(|order| LeaverOrder::new(order, &named)).collect(),
        protected: progress.protected.into_iter().map(LeaverProtected::from).collect(),
        ownerships,
    }))
}
