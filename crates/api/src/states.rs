//! What somebody is, was and will be, and what a person orders about it: `/identities/{id}/…`.

use crate::identities::{Identity, describe};
use crate::person::{People, Person};
use crate::problem::Problem;
use crate::session::SignedIn;
use crate::story::{StoryLine, actors, story_line};
use axum::Json;
use axum::extract::Path;
use governance::states::{self, New, OrderKind};
use std::collections::BTreeSet;
use types::{IdentityId, Timestamp};

/// A state that somebody is in, from one moment on.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct StatePhase {
    #[schema(value_type = String, format = DateTime)]
    pub(crate) from: Timestamp,
    /// `pre_hire`, `active`, `leave`, `suspended`, `terminated` or `archived`.
    pub(crate) state: String,
    /// What belongs to the state: first day, cause, until when.
    #[schema(value_type = Object)]
    pub(crate) facts: serde_json::Value,
}

/// What a person ordered; it outranks what sources say.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct StateOrder {
    /// `suspended`, `terminated_for_cause` or `leave`.
    pub(crate) kind: String,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) from: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) until: Option<Timestamp>,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) ordered_at: Timestamp,
    pub(crate) by: Person,
    pub(crate) reason: String,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) lifted_at: Option<Timestamp>,
    pub(crate) lifted_by: Option<Person>,
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct IdentityTimeline {
    /// What the person is, and will be as far as that is known.
    pub(crate) phases: Vec<StatePhase>,
    /// Oldest first.
    pub(crate) orders: Vec<StateOrder>,
    /// What the ledger holds about it, oldest first.
    pub(crate) lines: Vec<StoryLine>,
}

/// The life of a person in the organisation: what was, what is, and what is known to come.
#[utoipa::path(get, path = "/api/v1/identities/{id}/timeline", tag = "identities", params(("id" = String, Path)), responses((status = 200, body = IdentityTimeline), (status = 404, body = Problem)))]
pub(crate) async fn timeline(
    signed_in: SignedIn,
    Path(id): Path<IdentityId>,
) -> Result<Json<IdentityTimeline>, Problem> {
    let ctx = &signed_in.ctx;
    let person = governance::identities::get(ctx, &id).await?;
    let orders = states::orders(ctx, &id).await?;
    let lines = states::timeline(ctx, &id).await?;
    let mut who: BTreeSet<&IdentityId> = orders.iter().map(|order| &order.by).collect();
    who.extend(orders.iter().filter_map(|order| order.lifted.as_ref()).map(|lifted| &lifted.by));
    let (people, acted) = (People::of(ctx, who).await?, actors(ctx, lines.iter()).await?);
    let phases = person.outlook.phases().iter().map(|phase| StatePhase {
        from: phase.from,
        state: phase.state.name().as_str().to_owned(),
        facts: facts(&phase.state),
    });
    let shown = |order: states::StateOrder| StateOrder {
        kind: order.kind.as_str().to_owned(),
        from: order.from,
        until: order.until,
        ordered_at: order.ordered_at,
        by: people.person(&order.by),
        reason: order.reason,
        lifted_at: order.lifted.as_ref().map(|lifted| lifted.at),
        lifted_by: order.lifted.map(|lifted| people.person(&lifted.by)),
    };
    Ok(Json(IdentityTimeline {
        phases: phases.collect(),
        orders: orders.into_iter().map(shown).collect(),
        lines: lines.into_iter().map(|line| story_line(&signed_in.caller, &acted, line)).collect(),
    }))
}

/// The fields of a state besides its name.
fn facts(state: &states::State) -> serde_json::Value {
    let mut facts = serde_json::to_value(state).expect("a state is plain data");
    if let Some(facts) = facts.as_object_mut() {
        facts.remove("state");
    }
    facts
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Termination {
    reason: String,
    /// Since when they have left; now when it is left out. A past moment acts now, a later one then.
    #[schema(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
}

/// Say that somebody has left, ahead of every source and until a person lifts it. Access ends at once.
#[utoipa::path(post, path = "/api/v1/identities/{id}/terminate", tag = "identities", params(("id" = String, Path)), request_body = Termination,
    responses((status = 200, body = Identity), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn terminate(
    signed_in: SignedIn,
    Path(id): Path<IdentityId>,
    Json(given): Json<Termination>,
) -> Result<Json<Identity>, Problem> {
    let new = New { reason: given.reason, from: given.at, until: None };
    order(&signed_in, &id, OrderKind::TerminatedForCause, new).await
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Absence {
    reason: String,
    /// Now when it is left out.
    #[schema(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
    /// Until a person lifts it, when it is left out.
    #[schema(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
}

impl From<Absence> for New {
    fn from(given: Absence) -> Self {
        Self { reason: given.reason, from: given.at, until: given.until }
    }
}

/// Somebody holds and proves nothing until then. Grants end at once and do not come back.
#[utoipa::path(post, path = "/api/v1/identities/{id}/suspend", tag = "identities", params(("id" = String, Path)), request_body = Absence,
    responses((status = 200, body = Identity), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn suspend(
    signed_in: SignedIn,
    Path(id): Path<IdentityId>,
    Json(given): Json<Absence>,
) -> Result<Json<Identity>, Problem> {
    order(&signed_in, &id, OrderKind::Suspended, given.into()).await
}

/// Somebody is on leave until then: they sign in, and hold no privilege.
#[utoipa::path(post, path = "/api/v1/identities/{id}/leave", tag = "identities", params(("id" = String, Path)), request_body = Absence,
    responses((status = 200, body = Identity), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn leave(
    signed_in: SignedIn,
    Path(id): Path<IdentityId>,
    Json(given): Json<Absence>,
) -> Result<Json<Identity>, Problem> {
    order(&signed_in, &id, OrderKind::Leave, given.into()).await
}

async fn order(signed_in: &SignedIn, id: &IdentityId, kind: OrderKind, new: New) -> Result<Json<Identity>, Problem> {
    let person = states::order(&signed_in.ctx, id, kind, new).await?;
    Ok(Json(describe(&signed_in.ctx, person).await?))
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Resumption {
    reason: String,
}

/// Lift everything that a person ordered about somebody's state: the sources have the word again.
#[utoipa::path(post, path = "/api/v1/identities/{id}/resume", tag = "identities", params(("id" = String, Path)), request_body = Resumption,
    responses((status = 200, body = Identity), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn resume(
    signed_in: SignedIn,
    Path(id): Path<IdentityId>,
    Json(given): Json<Resumption>,
) -> Result<Json<Identity>, Problem> {
    let person = states::resume(&signed_in.ctx, &id, &given.reason).await?;
    Ok(Json(describe(&signed_in.ctx, person).await?))
}
