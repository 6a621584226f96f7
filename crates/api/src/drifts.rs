//! What was changed by hand on systems, and what becomes of it: `/drifts`.

use crate::named::Named;
use crate::page::{Page, PageQuery};
use crate::person::{People, Person};
use crate::problem::Problem;
use crate::session::SignedIn;
use axum::Json;
use axum::extract::{Path, Query};
use governance::drifts::{self, Answer, Decision, Filter};
use ledger::Ctx;
use types::{DriftId, IdentityId, Timestamp};

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Drift {
    pub(crate) id: String,
    pub(crate) system: String,
    /// Whose account it is.
    pub(crate) identity: Person,
    /// `null` where the account is missing.
    pub(crate) account: Option<String>,
    /// Of the account.
    pub(crate) login: Option<String>,
    pub(crate) entitlement: Option<String>,
    /// What its system calls the entitlement.
    pub(crate) entitlement_name: Option<String>,
    /// What would change it back: `create`, `change`, `enable`, `disable`, `delete`, `grant` or `revoke`.
    pub(crate) changed_back_by: String,
    /// It is about power.
    pub(crate) privileged: bool,
    /// `waiting`, `reverting`, `accepted` or `over`.
    pub(crate) state: String,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) found_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) decided_at: Option<Timestamp>,
    /// `null` where the policy of the system decided, or nobody.
    pub(crate) decided_by: Option<Person>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) over_at: Option<Timestamp>,
}

async fn describe_all(ctx: &Ctx, all: Vec<drifts::Drift>) -> Result<Vec<Drift>, Problem> {
    let decided_by = |drift: &drifts::Drift| drift.answer.decided().and_then(|decided| decided.by.clone());
    let deciders = all.iter().filter_map(decided_by);
    let who: Vec<IdentityId> = all.iter().map(|drift| drift.identity.clone()).chain(deciders).collect();
    let people = People::of(ctx, &who).await?;
    let accounts = all.iter().filter_map(|drift| drift.account.as_ref());
    let entitlements = all.iter().filter_map(|drift| drift.entitlement.as_ref());
    let named = Named::of(ctx, accounts, entitlements).await?;
    let shown = |drift: drifts::Drift| Drift {
        id: drift.id.to_string(),
        identity: people.person(&drift.identity),
        account: drift.account.as_ref().map(ToString::to_string),
        login: named.login(drift.account.as_ref(), None),
        entitlement: drift.entitlement.as_ref().map(ToString::to_string),
        entitlement_name: named.entitlement(drift.entitlement.as_ref()),
        changed_back_by: drift.act.as_str().to_owned(),
        privileged: drift.privileged,
        state: drift.answer.as_str().to_owned(),
        found_at: drift.found_at,
        decided_at: drift.answer.decided().map(|decided| decided.at),
        decided_by: decided_by(&drift).map(|by| people.person(&by)),
        over_at: match &drift.answer {
            Answer::Over { at, .. } => Some(*at),
            _ => None,
        },
        system: drift.system,
    };
    Ok(all.into_iter().map(shown).collect())
}

#[derive(serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct DriftQuery {
    system: Option<String>,
    #[param(value_type = Option<String>)]
    identity: Option<IdentityId>,
    /// `waiting`, `reverting`, `accepted` or `over`.
    state: Option<String>,
    /// Only what is about power, or only what is not.
    privileged: Option<bool>,
}

/// Drifts, newest first.
#[utoipa::path(get, path = "/api/v1/drifts", tag = "plans", params(DriftQuery, PageQuery), responses((status = 200, body = Page<Drift>)))]
pub(crate) async fn list(
    signed_in: SignedIn,
    Query(query): Query<DriftQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<Drift>>, Problem> {
    let DriftQuery { system, identity, state, privileged } = query;
    let filter = Filter { system, identity, state, privileged, after: page.after()?, limit: page.and_one_more() };
    let items = describe_all(&signed_in.ctx, drifts::list(&signed_in.ctx, &filter).await?).await?;
    Ok(Json(Page::new(items, page.limit(), |drift| drift.id.clone())))
}

/// One drift.
#[utoipa::path(get, path = "/api/v1/drifts/{id}", tag = "plans", params(("id" = String, Path)), responses((status = 200, body = Drift), (status = 404, body = Problem)))]
pub(crate) async fn show(signed_in: SignedIn, Path(id): Path<DriftId>) -> Result<Json<Drift>, Problem> {
    let drift = drifts::get(&signed_in.ctx, &id).await?;
    Ok(Json(describe_all(&signed_in.ctx, vec![drift]).await?.remove(0)))
}

#[derive(Debug, Clone, Copy, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DriftAnswer {
    Revert,
    Accept,
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DriftDecision {
    decision: DriftAnswer,
    reason: String,
}

/// Say what becomes of it: it is changed back with the next plan of its system, or stays for as long as its owner is at
/// work. Nobody decides about their own account.
#[utoipa::path(post, path = "/api/v1/drifts/{id}/decide", tag = "plans", params(("id" = String, Path)), request_body = DriftDecision, responses((status = 200, body = Drift), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn decide(
    signed_in: SignedIn,
    Path(id): Path<DriftId>,
    Json(given): Json<DriftDecision>,
) -> Result<Json<Drift>, Problem> {
    let decision = match given.decision {
        DriftAnswer::Revert => Decision::Revert,
        DriftAnswer::Accept => Decision::Accept,
    };
    let decided = drifts::decide(&signed_in.ctx, &id, decision, &given.reason).await?;
    Ok(Json(describe_all(&signed_in.ctx, vec![decided]).await?.remove(0)))
}
