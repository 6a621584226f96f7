//! Conversions of standing privileges, and how far each of them is: `/conversions`.

use crate::page::{Page, PageQuery};
use crate::person::{People, Person};
use crate::problem::Problem;
use crate::session::SignedIn;
use crate::story;
use axum::Json;
use axum::extract::{Path, Query};
use governance::conversions::{self, Breakers, Filter, State};
use ledger::{Ctx, timeline};
use provisioning::inventory;
use types::{ConversionId, IdentityId, Timestamp};

/// A standing privilege on its way to being one on request.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Conversion {
    pub(crate) id: String,
    pub(crate) system: String,
    pub(crate) account: String,
    pub(crate) login: String,
    pub(crate) entitlement: String,
    /// The name of the entitlement in `NAME@SYSTEM`.
    pub(crate) slug: String,
    /// Whose it was, and who may ask for it.
    pub(crate) identity: Person,
    /// By which they may ask.
    pub(crate) role: String,
    /// The role was given for this.
    pub(crate) assignment: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) began_at: Timestamp,
    pub(crate) began_by: Person,
    /// Not seen gone by then, it is undone.
    #[schema(value_type = String, format = DateTime)]
    pub(crate) deadline: Timestamp,
    /// `removing`, `done`, `restoring`, `undone` or `abandoned`.
    pub(crate) state: String,
    /// Why it is or was undone: `person`, `refused`, `not_gone_in_time`, `taken_back` or `given_otherwise`; or why it was
    /// given up: `has_left`, `is_away` or `taken_otherwise`.
    pub(crate) why: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) over_at: Option<Timestamp>,
    /// The order that takes it away.
    pub(crate) removal: String,
    /// The order that gives it back.
    pub(crate) restoration: Option<String>,
}

pub(crate) async fn describe_all(ctx: &Ctx, all: Vec<conversions::Conversion>) -> Result<Vec<Conversion>, Problem> {
    let named: Vec<IdentityId> = all.iter().flat_map(|one| [one.identity.clone(), one.began_by.clone()]).collect();
    let people = People::of(ctx, &named).await?;
    let mut shown = Vec::with_capacity(all.len());
    let mut tx = ctx.read().await?;
    for one in all {
        let login = inventory::account(&mut tx, &one.account).await?.login;
        let slug = inventory::entitlement(&mut tx, &one.entitlement).await?.slug;
        let (why, over_at, restoration) = match &one.state {
            State::Removing => (None, None, None),
            State::Done { at } => (None, Some(*at), None),
            State::Restoring { why, order, .. } => (Some(why.as_str()), None, order.as_ref()),
            State::Undone { why, at } => (Some(why.as_str()), Some(*at), None),
            State::Abandoned { why, at } => (Some(why.as_str()), Some(*at), None),
        };
        shown.push(Conversion {
            id: one.id.to_string(),
            account: one.account.to_string(),
            login,
            entitlement: one.entitlement.to_string(),
            slug,
            identity: people.person(&one.identity),
            assignment: one.assignment.as_ref().map(ToString::to_string),
            began_at: one.began_at,
            began_by: people.person(&one.began_by),
            deadline: one.deadline,
            state: one.state.as_str().to_owned(),
            why: why.map(str::to_owned),
            over_at,
            removal: one.removal.to_string(),
            restoration: restoration.map(ToString::to_string),
            system: one.system,
            role: one.role,
        });
    }
    Ok(shown)
}

#[derive(serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ConversionQuery {
    system: Option<String>,
    #[param(value_type = Option<String>)]
    identity: Option<IdentityId>,
    /// `removing`, `done`, `restoring`, `undone` or `abandoned`.
    state: Option<String>,
}

/// Conversions, newest first.
#[utoipa::path(get, path = "/api/v1/conversions", tag = "standing", params(ConversionQuery, PageQuery), responses((status = 200, body = Page<Conversion>)))]
pub(crate) async fn list(
    signed_in: SignedIn,
    Query(query): Query<ConversionQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<Conversion>>, Problem> {
    let ConversionQuery { system, identity, state } = query;
    let filter = Filter { system, identity, state, after: page.after()?, limit: page.and_one_more() };
    let items = describe_all(&signed_in.ctx, conversions::list(&signed_in.ctx, &filter).await?).await?;
    Ok(Json(Page::new(items, page.limit(), |one| one.id.clone())))
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct ConversionDetail {
    #[serde(flatten)]
    pub(crate) conversion: Conversion,
    /// What happened, oldest first, each with its entry in the ledger.
    pub(crate) steps: Vec<ConversionStep>,
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct ConversionStep {
    /// Of the entry in the ledger.
    pub(crate) seq: u64,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) at: Timestamp,
    /// The kind of the entry, such as `conversion.begun` or `order.gone`.
    pub(crate) kind: String,
    pub(crate) actor: Person,
}

/// One conversion, with its steps and those of its orders.
#[utoipa::path(get, path = "/api/v1/conversions/{id}", tag = "standing", params(("id" = String, Path)), responses((status = 200, body = ConversionDetail), (status = 404, body = Problem)))]
pub(crate) async fn show(signed_in: SignedIn, Path(id): Path<ConversionId>) -> Result<Json<ConversionDetail>, Problem> {
    let ctx = &signed_in.ctx;
    let found = conversions::get(ctx, &id).await?;
    let lines = timeline::about(ctx, &found.id).await?;
    let people = story::actors(ctx, lines.iter()).await?;
    let step = |line: timeline::Line| ConversionStep {
        seq: line.seq,
        at: line.at,
        actor: people.recorded_actor(&line.actor),
        kind: line.kind,
    };
    let steps = lines.into_iter().map(step).collect();
    let conversion = describe_all(ctx, vec![found]).await?.remove(0);
    Ok(Json(ConversionDetail { conversion, steps }))
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConversionUndo {
    reason: String,
    /// Do it although a breaker trips; needs `plans.confirm`.
    #[serde(default)]
    let_through: bool,
}

/// Have it back as it was before, within 30 days. Nobody gives a privilege back to themselves.
#[utoipa::path(post, path = "/api/v1/conversions/{id}/undo", tag = "standing", params(("id" = String, Path)), request_body = ConversionUndo, responses((status = 200, body = Conversion), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn undo(
    signed_in: SignedIn,
    Path(id): Path<ConversionId>,
    Json(wanted): Json<ConversionUndo>,
) -> Result<Json<Conversion>, Problem> {
    let (ctx, breakers) = (&signed_in.ctx, Breakers::of(&signed_in.caller, wanted.let_through)?);
    let undone = conversions::undo(ctx, &id, &wanted.reason, breakers).await?;
    Ok(Json(describe_all(ctx, vec![undone]).await?.remove(0)))
}
