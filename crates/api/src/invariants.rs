//! Every invariant, derived again now: `/invariants`.

use crate::Api;
use crate::problem::Problem;
use crate::session::SignedIn;
use axum::Json;
use axum::extract::State;
use ledger::{Ctx, Invariant, ROWS_AT_ONCE};
use privilege::invariants::Depth;
use privilege::sessions::Node;
use std::collections::BTreeMap;
use types::Timestamp;

#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub struct Invariants {
    pub broken: u64,
    /// How many things each invariant was held against.
    pub checked: BTreeMap<String, u64>,
    pub problems: Vec<Broken>,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub struct Broken {
    pub invariant: String,
    pub detail: String,
}

const LEDGER: &str = "the ledger is whole";

/// Derives every invariant again, of the ledger and of both planes.
pub async fn verify(ctx: &Ctx, node: &Node, depth: Depth) -> Result<Invariants, Problem> {
    let (entries, wrong) = ledger::verify::database(ctx, ROWS_AT_ONCE).await?;
    let mut checked = BTreeMap::from([(LEDGER.to_owned(), entries)]);
    let mut problems: Vec<Broken> =
        wrong.into_iter().map(|detail| Broken { invariant: LEDGER.to_owned(), detail }).collect();
    let planes = [
        authn::invariants::verify(ctx, ROWS_AT_ONCE).await?,
        governance::invariants::verify(ctx, ROWS_AT_ONCE).await?,
        privilege::invariants::verify(ctx, node, depth, ROWS_AT_ONCE).await?,
    ];
    for Invariant { name, checked: count, broken } in planes.into_iter().flatten() {
        checked.insert(name.to_owned(), count);
        problems.extend(broken.into_iter().map(|detail| Broken { invariant: name.to_owned(), detail }));
    }
    Ok(Invariants { broken: problems.len() as u64, checked, problems, at: ctx.now() })
}

/// Derive every invariant again, now.
#[utoipa::path(get, path = "/api/v1/invariants", tag = "invariants", responses((status = 200, body = Invariants)))]
pub(crate) async fn show(State(api): State<Api>, signed_in: SignedIn) -> Result<Json<Invariants>, Problem> {
    Ok(Json(verify(&signed_in.ctx, &api.node, Depth::Everything).await?))
}
