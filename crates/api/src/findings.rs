//! What needs a person's attention: `/findings`.

use crate::page::Page;
use crate::problem::Problem;
use crate::session::SignedIn;
use axum::Json;
use types::Timestamp;

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Finding {
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) subject: String,
    /// What is wrong and what to do.
    pub(crate) detail: String,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) raised_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) cleared_at: Option<Timestamp>,
}

/// Open findings first, then the newest.
#[utoipa::path(get, path = "/api/v1/findings", tag = "findings", responses((status = 200, body = Page<Finding>)))]
pub(crate) async fn list(signed_in: SignedIn) -> Result<Json<Page<Finding>>, Problem> {
    let found = ledger::finding::list(&signed_in.ctx).await?;
    let finding = |finding: ledger::finding::Finding| Finding {
        id: finding.id.to_string(),
        kind: finding.kind,
        subject: finding.subject,
        detail: finding.detail,
        raised_at: finding.raised_at,
        cleared_at: finding.cleared_at,
    };
    Ok(Json(Page::whole(found.into_iter().map(finding).collect())))
}
