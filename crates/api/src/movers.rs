//! Who moved and lost roles, and what of it they keep for a grace: `/movers`.

use crate::page::{Page, PageQuery};
use crate::person::{People, Person};
use crate::problem::Problem;
use crate::session::SignedIn;
use axum::Json;
use axum::extract::{Path, Query};
use governance::movers::{self, Filter, Kept, MoverCase};
use ledger::Ctx;
use types::{IdentityId, MoverCaseId, Timestamp};

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Mover {
    pub(crate) id: String,
    pub(crate) identity: Person,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) begun_at: Timestamp,
    /// What is kept ends then.
    #[schema(value_type = String, format = DateTime)]
    pub(crate) grace_until: Timestamp,
    /// Roles that the person has since.
    pub(crate) gained: Vec<String>,
    /// Roles that they had before.
    pub(crate) lost: Vec<String>,
    pub(crate) kept: Vec<MoverEntitlement>,
    /// What ended at once.
    pub(crate) ended: Vec<MoverEntitlement>,
    /// When nothing was kept any more.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) settled_at: Option<Timestamp>,
}

/// Something that a lost role granted.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct MoverEntitlement {
    pub(crate) system: String,
    pub(crate) entitlement: String,
    pub(crate) role: String,
    /// Why it is not kept: `privileged`, `conflict` or `no_grace`; `null` where it is.
    pub(crate) why: Option<String>,
}

impl MoverEntitlement {
    fn new(kept: Kept, why: Option<movers::Why>) -> Self {
        let (system, entitlement) = (kept.entitled.system, kept.entitled.entitlement);
        Self { system, entitlement, role: kept.role, why: why.map(|why| why.as_str().to_owned()) }
    }
}

async fn describe_all(ctx: &Ctx, cases: Vec<MoverCase>) -> Result<Vec<Mover>, Problem> {
    let people = People::of(ctx, cases.iter().map(|case| &case.identity)).await?;
    let shown = |case: MoverCase| Mover {
        id: case.id.to_string(),
        identity: people.person(&case.identity),
        begun_at: case.begun_at,
        grace_until: case.grace_until,
        gained: case.gained,
        lost: case.lost,
        kept: case.kept.into_iter().map(|kept| MoverEntitlement::new(kept, None)).collect(),
        ended: case.ended.into_iter().map(|lost| MoverEntitlement::new(lost.kept, Some(lost.why))).collect(),
        settled_at: case.settled_at,
    };
    Ok(cases.into_iter().map(shown).collect())
}

#[derive(serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct MoverQuery {
    #[param(value_type = Option<String>)]
    identity: Option<IdentityId>,
    /// Leaves out those of which nothing is kept any more.
    #[serde(default)]
    open: bool,
}

/// Mover cases, newest first.
#[utoipa::path(get, path = "/api/v1/movers", tag = "identities", params(MoverQuery, PageQuery), responses((status = 200, body = Page<Mover>)))]
pub(crate) async fn list(
    signed_in: SignedIn,
    Query(query): Query<MoverQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<Mover>>, Problem> {
    let MoverQuery { identity, open } = query;
    let filter = Filter { identity, open_only: open, after: page.after()?, limit: page.and_one_more() };
    let items = describe_all(&signed_in.ctx, movers::list(&signed_in.ctx, &filter).await?).await?;
    Ok(Json(Page::new(items, page.limit(), |mover: &Mover| mover.id.clone())))
}

/// One mover case.
#[utoipa::path(get, path = "/api/v1/movers/{id}", tag = "identities", params(("id" = String, Path)), responses((status = 200, body = Mover), (status = 404, body = Problem)))]
pub(crate) async fn show(signed_in: SignedIn, Path(id): Path<MoverCaseId>) -> Result<Json<Mover>, Problem> {
    let case = movers::get(&signed_in.ctx, &id).await?;
    Ok(Json(describe_all(&signed_in.ctx, vec![case]).await?.remove(0)))
}
