//! What persons are asked to do on systems that nothing of ours reaches: `/tickets`.

use crate::named::Named;
use crate::page::{Page, PageQuery};
use crate::person::{People, Person};
use crate::problem::Problem;
use crate::session::SignedIn;
use axum::Json;
use axum::extract::{Path, Query};
use governance::tickets::{self, Filter, Reach, State};
use ledger::Ctx;
use provisioning::{Order, order};
use std::collections::BTreeMap;
use types::{TicketId, Timestamp};

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Ticket {
    pub(crate) id: String,
    /// The order that is to be carried out.
    pub(crate) order: String,
    pub(crate) system: String,
    /// `create`, `change`, `enable`, `disable`, `delete`, `grant` or `revoke`.
    pub(crate) act: String,
    /// The account on the system.
    pub(crate) login: Option<String>,
    /// What is to be granted or revoked.
    pub(crate) entitlement: Option<String>,
    /// Whose account it is.
    pub(crate) identity: Option<Person>,
    /// Who works on it where it is about the owner of the system.
    pub(crate) stand_in: Option<Person>,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) opened_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) remind_at: Timestamp,
    pub(crate) reminders: u32,
    /// `open`, `done`, or `moot` when nobody wants it any more.
    pub(crate) state: String,
    pub(crate) done_by: Option<Person>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) closed_at: Option<Timestamp>,
}

async fn describe_all(ctx: &Ctx, found: Vec<(tickets::Ticket, Order)>) -> Result<Vec<Ticket>, Problem> {
    let people_of = |(ticket, order): &(tickets::Ticket, Order)| {
        let by = match &ticket.state {
            State::Done { by, .. } => Some(by.clone()),
            State::Open | State::Moot { .. } => None,
        };
        [order.identity.clone(), ticket.stand_in.clone(), by].into_iter().flatten().collect::<Vec<_>>()
    };
    let ids: Vec<_> = found.iter().flat_map(people_of).collect();
    let people = People::of(ctx, &ids).await?;
    let accounts = found.iter().filter_map(|(_, order)| order.account.as_ref());
    let entitlements = found.iter().filter_map(|(_, order)| order.entitlement.as_ref());
    let named = Named::of(ctx, accounts, entitlements).await?;
    let shown = |(ticket, order): (tickets::Ticket, Order)| {
        let (done_by, closed_at) = match &ticket.state {
            State::Open => (None, None),
            State::Done { by, at } => (Some(people.person(by)), Some(*at)),
            State::Moot { at } => (None, Some(*at)),
        };
        Ticket {
            id: ticket.id.to_string(),
            order: order.id.to_string(),
            act: order.act.as_str().to_owned(),
            login: named.login(order.account.as_ref(), order.login),
            entitlement: named.entitlement(order.entitlement.as_ref()),
            identity: order.identity.as_ref().map(|identity| people.person(identity)),
            stand_in: ticket.stand_in.as_ref().map(|stand_in| people.person(stand_in)),
            system: ticket.system,
            opened_at: ticket.opened_at,
            remind_at: ticket.remind_at,
            reminders: ticket.reminders,
            state: ticket.state.as_str().to_owned(),
            done_by,
            closed_at,
        }
    };
    Ok(found.into_iter().map(shown).collect())
}

#[derive(serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct TicketQuery {
    /// `open`, `done` or `moot`.
    state: Option<String>,
    system: Option<String>,
}

/// Tickets of the systems that one owns, or whose owner one stands in for, newest first; everybody's with `tickets.manage`.
#[utoipa::path(get, path = "/api/v1/tickets", tag = "tickets", params(TicketQuery, PageQuery), responses((status = 200, body = Page<Ticket>)))]
pub(crate) async fn list(
    signed_in: SignedIn,
    Query(query): Query<TicketQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<Ticket>>, Problem> {
    let worker = match Reach::of(&signed_in.caller) {
        Reach::Any => None,
        Reach::Own => Some(signed_in.caller.identity.clone()),
    };
    let (after, limit) = (page.after()?, page.and_one_more());
    let filter = Filter { state: query.state, system: query.system, worker, after, limit };
    let items = describe_all(&signed_in.ctx, tickets::list(&signed_in.ctx, &filter).await?).await?;
    Ok(Json(Page::new(items, page.limit(), |ticket: &Ticket| ticket.id.clone())))
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct TicketDetail {
    #[serde(flatten)]
    pub(crate) ticket: Ticket,
    /// What is to be set, by the names of the system; empty once it is done.
    pub(crate) attributes: BTreeMap<String, Vec<String>>,
}

/// One ticket with everything that is needed to carry it out.
#[utoipa::path(get, path = "/api/v1/tickets/{id}", tag = "tickets", params(("id" = String, Path)), responses((status = 200, body = TicketDetail), (status = 404, body = Problem)))]
pub(crate) async fn show(signed_in: SignedIn, Path(id): Path<TicketId>) -> Result<Json<TicketDetail>, Problem> {
    let (ctx, caller) = (&signed_in.ctx, &signed_in.caller);
    let found = tickets::get(ctx, &id, &caller.identity, Reach::of(caller)).await?;
    let attributes = order::attributes(ctx, &found.1.id).await?;
    let ticket = describe_all(ctx, vec![found]).await?.remove(0);
    Ok(Json(TicketDetail { ticket, attributes }))
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TicketProof {
    /// What was done and where that can be looked up; the auditors will read it.
    proof: String,
}

/// Say that it was done. From then on it counts as seen on the system.
#[utoipa::path(post, path = "/api/v1/tickets/{id}/done", tag = "tickets", params(("id" = String, Path)), request_body = TicketProof, responses((status = 200, body = Ticket), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn done(
    signed_in: SignedIn,
    Path(id): Path<TicketId>,
    Json(said): Json<TicketProof>,
) -> Result<Json<Ticket>, Problem> {
    let (ctx, reach) = (&signed_in.ctx, Reach::of(&signed_in.caller));
    let ticket = tickets::done(ctx, &id, &said.proof, reach).await?;
    let order = order::get(ctx, &ticket.order).await?;
    Ok(Json(describe_all(ctx, vec![(ticket, order)]).await?.remove(0)))
}
