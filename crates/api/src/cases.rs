//! Records of which a person must say whose they are: `/match-cases`.

use crate::imports::{self, ImportRun};
use crate::page::{Page, PageQuery};
use crate::person::{People, Person};
use crate::problem::Problem;
use crate::session::SignedIn;
use crate::sources::{SourceRecord, word};
use axum::Json;
use axum::extract::{Path, Query};
use governance::correlation::{self, CaseState, Decision};
use ledger::Ctx;
use types::{IdentityId, MatchCaseId, Timestamp};

/// A record that may be of somebody whom Tenure knows.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct MatchCase {
    pub(crate) id: String,
    pub(crate) source: String,
    /// What the source calls the person.
    pub(crate) key: String,
    /// The likeliest first.
    pub(crate) candidates: Vec<MatchCandidate>,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) opened_at: Timestamp,
    /// `open`, `decided` or `moot`.
    pub(crate) state: String,
    pub(crate) decided_by: Option<Person>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) decided_at: Option<Timestamp>,
    /// Whose it was said to be; `null` when it was somebody new, or nothing was said.
    pub(crate) identity: Option<Person>,
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct MatchCandidate {
    pub(crate) person: Person,
    pub(crate) score: i32,
    /// What speaks for it and against it, such as `same_email`, `nearly_same_name` or `unlike_name`.
    pub(crate) because: Vec<String>,
}

async fn describe_all(ctx: &Ctx, cases: Vec<correlation::MatchCase>) -> Result<Vec<MatchCase>, Problem> {
    let named = |case: &'_ correlation::MatchCase| {
        let candidates = case.candidates.iter().map(|candidate| candidate.identity.clone());
        let decided = match &case.state {
            CaseState::Decided { by, identity, .. } => vec![Some(by.clone()), identity.clone()],
            CaseState::Open | CaseState::Moot { .. } => Vec::new(),
        };
        candidates.chain(decided.into_iter().flatten()).collect::<Vec<_>>()
    };
    let ids: Vec<IdentityId> = cases.iter().flat_map(named).collect();
    let people = People::of(ctx, &ids).await?;
    Ok(cases.into_iter().map(|case| shown(case, &people)).collect())
}

fn shown(case: correlation::MatchCase, people: &People) -> MatchCase {
    let (state, decided_by, decided_at, identity) = match case.state {
        CaseState::Open => ("open", None, None, None),
        CaseState::Decided { by, at, identity } => {
            ("decided", Some(people.person(&by)), Some(at), identity.map(|identity| people.person(&identity)))
        }
        CaseState::Moot { at } => ("moot", None, Some(at), None),
    };
    let candidate = |candidate: correlation::Candidate| MatchCandidate {
        person: people.person(&candidate.identity),
        score: candidate.score,
        because: candidate.tests.into_iter().map(word).collect(),
    };
    MatchCase {
        id: case.id.to_string(),
        source: case.source,
        key: case.key,
        candidates: case.candidates.into_iter().map(candidate).collect(),
        opened_at: case.opened_at,
        state: state.to_owned(),
        decided_by,
        decided_at,
        identity,
    }
}

#[derive(serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct CaseQuery {
    /// `open`, `decided` or `moot`.
    state: Option<String>,
}

/// Match cases, newest first.
#[utoipa::path(get, path = "/api/v1/match-cases", tag = "sources", params(CaseQuery, PageQuery), responses((status = 200, body = Page<MatchCase>)))]
pub(crate) async fn list(
    signed_in: SignedIn,
    Query(query): Query<CaseQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<MatchCase>>, Problem> {
    let after = page.after()?;
    let found = correlation::list(&signed_in.ctx, query.state.as_deref(), after.as_ref(), page.and_one_more()).await?;
    let items = describe_all(&signed_in.ctx, found).await?;
    Ok(Json(Page::new(items, page.limit(), |case: &MatchCase| case.id.clone())))
}

/// A case with the record and what is known of each candidate, to be compared.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct MatchCaseDetail {
    #[serde(flatten)]
    pub(crate) case: MatchCase,
    /// As the source states it now; `null` when it is kept no more.
    pub(crate) record: Option<SourceRecord>,
    /// In the order of the candidates.
    pub(crate) known: Vec<crate::identities::Identity>,
}

/// One match case with the candidates side by side.
#[utoipa::path(get, path = "/api/v1/match-cases/{id}", tag = "sources", params(("id" = String, Path)), responses((status = 200, body = MatchCaseDetail), (status = 404, body = Problem)))]
pub(crate) async fn show(signed_in: SignedIn, Path(id): Path<MatchCaseId>) -> Result<Json<MatchCaseDetail>, Problem> {
    let ctx = &signed_in.ctx;
    let found = correlation::get(ctx, &id).await?;
    let record = correlation::record_of(ctx, &found).await?.map(SourceRecord::from);
    let mut known = Vec::with_capacity(found.candidates.len());
    for candidate in &found.candidates {
        let identity = governance::identities::get(ctx, &candidate.identity).await?;
        known.push(crate::identities::describe(ctx, identity).await?);
    }
    let case = describe_all(ctx, vec![found]).await?.remove(0);
    Ok(Json(MatchCaseDetail { case, record, known }))
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MatchDecision {
    /// Whose record it is.
    #[schema(value_type = Option<String>)]
    identity: Option<IdentityId>,
    /// That it is of somebody whom Tenure did not know.
    #[serde(default)]
    new: bool,
    reason: String,
}

/// Say whose record it is. It is linked and applied at once, and never asked about again.
#[utoipa::path(post, path = "/api/v1/match-cases/{id}/decide", tag = "sources", params(("id" = String, Path)), request_body = MatchDecision, responses((status = 200, body = ImportRun), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn decide(
    signed_in: SignedIn,
    Path(id): Path<MatchCaseId>,
    Json(said): Json<MatchDecision>,
) -> Result<Json<ImportRun>, Problem> {
    let decision = match (said.identity, said.new) {
        (Some(identity), false) => Decision::Same(identity),
        (None, true) => Decision::New,
        (Some(_), true) | (None, false) => {
            return Err(Problem::invalid(
                "say either `identity` or `new`: whose record it is, or that it is of nobody known",
            ));
        }
    };
    let run = correlation::decide(&signed_in.ctx, &id, decision, &said.reason).await?;
    Ok(Json(imports::describe(run)))
}
