//! Orders to change systems, and what became of them: `/orders`.

use crate::named::Named;
use crate::page::{Page, PageQuery};
use crate::person::{People, Person};
use crate::problem::Problem;
use crate::session::SignedIn;
use axum::Json;
use axum::extract::Query;
use provisioning::order::{self, OrderFilter};
use types::{IdentityId, PlanId, Timestamp};

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct SystemOrder {
    pub(crate) id: String,
    pub(crate) system: String,
    /// `create`, `change`, `enable`, `disable`, `delete`, `grant` or `revoke`.
    pub(crate) act: String,
    /// The lowest is sent first.
    pub(crate) rank: u32,
    /// Whose account it is about, where it is somebody's.
    pub(crate) identity: Option<Person>,
    pub(crate) account: Option<String>,
    /// Of the account, also of one that was not there when it was ordered.
    pub(crate) login: Option<String>,
    pub(crate) entitlement: Option<String>,
    /// What its system calls the entitlement.
    pub(crate) entitlement_name: Option<String>,
    /// `plan`, `leaver`, `mover`, `grant`, `drift`, `conversion` or `person`.
    pub(crate) cause: String,
    /// Id of what it follows from.
    pub(crate) because: String,
    pub(crate) plan: Option<String>,
    /// `queued`, `ordered`, `sending`, `unknown`, `waiting`, `waiting_for_person`, `done`, `observed`, `gone`, `refused`,
    /// `conflict` or `superseded`.
    pub(crate) state: String,
    /// Why it is not done.
    pub(crate) trouble: Option<String>,
    pub(crate) attempts: u32,
    /// How often what it had taken away came back.
    pub(crate) reopened: u32,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) ordered_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) sent_at: Option<Timestamp>,
}

#[derive(serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct OrderQuery {
    system: Option<String>,
    #[param(value_type = Option<String>)]
    plan: Option<PlanId>,
    #[param(value_type = Option<String>)]
    identity: Option<IdentityId>,
    /// One of the states of an order.
    state: Option<String>,
    /// Leaves out those of which nothing is to happen any more.
    #[serde(default)]
    open: bool,
}

/// Orders, newest first.
#[utoipa::path(get, path = "/api/v1/orders", tag = "plans", params(OrderQuery, PageQuery), responses((status = 200, body = Page<SystemOrder>)))]
pub(crate) async fn list(
    signed_in: SignedIn,
    Query(query): Query<OrderQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<SystemOrder>>, Problem> {
    let OrderQuery { system, plan, identity, state, open } = query;
    let (plan, limit) = (plan.map(|plan| plan.to_string()), page.and_one_more());
    let filter = OrderFilter { system, plan, identity, state, open, because: None, after: page.after()?, limit };
    let found = order::list(&signed_in.ctx, &filter).await?;
    let people = People::of(&signed_in.ctx, found.iter().filter_map(|order| order.identity.as_ref())).await?;
    let accounts = found.iter().filter_map(|order| order.account.as_ref());
    let entitlements = found.iter().filter_map(|order| order.entitlement.as_ref());
    let named = Named::of(&signed_in.ctx, accounts, entitlements).await?;
    let shown = |order: provisioning::Order| SystemOrder {
        id: order.id.to_string(),
        act: order.act.as_str().to_owned(),
        rank: order.rank.0,
        identity: order.identity.as_ref().map(|identity| people.person(identity)),
        login: named.login(order.account.as_ref(), order.login),
        entitlement_name: named.entitlement(order.entitlement.as_ref()),
        account: order.account.map(|account| account.to_string()),
        entitlement: order.entitlement.map(|entitlement| entitlement.to_string()),
        cause: order.cause.as_str().to_owned(),
        because: order.because,
        plan: order.plan,
        state: order.state.as_str().to_owned(),
        trouble: order.state.trouble().map(str::to_owned),
        attempts: order.attempts,
        reopened: order.reopened,
        ordered_at: order.ordered_at,
        sent_at: order.sent_at,
        system: order.system,
    };
    Ok(Json(Page::new(found.into_iter().map(shown).collect(), page.limit(), |order| order.id.clone())))
}
