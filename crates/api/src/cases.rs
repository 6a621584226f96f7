//! Records and accounts of which a person must say whose they are: `/match-cases`.

use crate::imports::{self, ImportRun};
use crate::named::Named;
use crate::page::{Page, PageQuery};
use crate::person::{People, Person};
use crate::problem::Problem;
use crate::session::SignedIn;
use crate::sources::{SourceRecord, word};
use axum::Json;
use axum::extract::{Path, Query};
use governance::account_links::{self, AccountCase};
use governance::correlation::{self, CaseState, Decision};
use ledger::Ctx;
use types::{Failure, IdentityId, Kind, MatchCaseId, ObservedAccountId, Timestamp};

/// A record or an account that may be of somebody whom Tenure knows.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct MatchCase {
    pub(crate) id: String,
    pub(crate) source: String,
    /// What the source calls the person; of an account its login.
    pub(crate) key: String,
    /// The account that is asked about, where it is one of a system, which stands as `source` then.
    pub(crate) account: Option<String>,
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

/// Of a record or of an account.
struct Case {
    id: MatchCaseId,
    source: String,
    key: String,
    account: Option<ObservedAccountId>,
    candidates: Vec<correlation::Candidate>,
    opened_at: Timestamp,
    state: CaseState,
}

impl From<correlation::MatchCase> for Case {
    fn from(case: correlation::MatchCase) -> Self {
        let correlation::MatchCase { id, source, key, candidates, opened_at, state, .. } = case;
        Self { id, source, key, account: None, candidates, opened_at, state }
    }
}

async fn of_accounts(ctx: &Ctx, cases: Vec<AccountCase>) -> Result<Vec<Case>, Problem> {
    let named = Named::of(ctx, cases.iter().map(|case| &case.account), []).await?;
    let about = |AccountCase { id, system, account, candidates, opened_at, state }| {
        let key = named.login(Some(&account), None).unwrap_or_else(|| account.to_string());
        Case { id, source: system, key, account: Some(account), candidates, opened_at, state }
    };
    Ok(cases.into_iter().map(about).collect())
}

async fn describe_all(ctx: &Ctx, cases: Vec<Case>) -> Result<Vec<MatchCase>, Problem> {
    let named = |case: &'_ Case| {
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

fn shown(case: Case, people: &People) -> MatchCase {
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
        account: case.account.map(|account| account.to_string()),
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
    /// `record` for records of sources, as when left out, or `account` for accounts on systems.
    about: Option<String>,
}

/// Match cases, newest first.
#[utoipa::path(get, path = "/api/v1/match-cases", tag = "sources", params(CaseQuery, PageQuery), responses((status = 200, body = Page<MatchCase>)))]
pub(crate) async fn list(
    signed_in: SignedIn,
    Query(query): Query<CaseQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<MatchCase>>, Problem> {
    let (ctx, state, after) = (&signed_in.ctx, query.state.as_deref(), page.after()?);
    let found = match query.about.as_deref() {
        None | Some("record") => correlation::list(ctx, state, after.as_ref(), page.and_one_more())
            .await?
            .into_iter()
            .map(Case::from)
            .collect(),
        Some("account") => {
            of_accounts(ctx, account_links::cases(ctx, state, after.as_ref(), page.and_one_more()).await?).await?
        }
        Some(_) => return Err(Problem::invalid("`about` must be `record` or `account`")),
    };
    let items = describe_all(ctx, found).await?;
    Ok(Json(Page::new(items, page.limit(), |case: &MatchCase| case.id.clone())))
}

/// A case with the record and what is known of each candidate, to be compared.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct MatchCaseDetail {
    #[serde(flatten)]
    pub(crate) case: MatchCase,
    /// As the source states it now; `null` when it is kept no more, or when the case is about an account.
    pub(crate) record: Option<SourceRecord>,
    /// In the order of the candidates.
    pub(crate) known: Vec<crate::identities::Identity>,
}

/// One match case with the candidates side by side.
#[utoipa::path(get, path = "/api/v1/match-cases/{id}", tag = "sources", params(("id" = String, Path)), responses((status = 200, body = MatchCaseDetail), (status = 404, body = Problem)))]
pub(crate) async fn show(signed_in: SignedIn, Path(id): Path<MatchCaseId>) -> Result<Json<MatchCaseDetail>, Problem> {
    let ctx = &signed_in.ctx;
    let (found, record) = match correlation::get(ctx, &id).await {
        Ok(case) => {
            let record = correlation::record_of(ctx, &case).await?.map(SourceRecord::from);
            (Case::from(case), record)
        }
        Err(error) if error.kind() == Kind::NotFound => {
            (of_accounts(ctx, vec![account_links::case(ctx, &id).await?]).await?.remove(0), None)
        }
        Err(error) => return Err(error.into()),
    };
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

/// Say whose record it is. It is linked and applied at once, and never asked about again. Whose an account is, is said by
/// `/inventory/accounts/{id}/link`.
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
