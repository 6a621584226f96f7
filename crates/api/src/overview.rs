//! The figures that a person sees first: `/overview`.

use crate::Api;
use crate::problem::Problem;
use crate::session::SignedIn;
use axum::Json;
use axum::extract::State;
use governance::{identities, lifecycle, requests};
use privilege::sessions;
use types::Permission;

/// Figures are `null` where the caller may not see what they count.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Overview {
    pub(crate) live_sessions: Option<u64>,
    pub(crate) standing_grants: Option<u64>,
    pub(crate) pending_requests_for_me: u64,
    pub(crate) identities: Option<u64>,
    /// From the server's own continuous check.
    pub(crate) broken_invariants: Option<u64>,
    pub(crate) open_findings: Option<u64>,
    /// From the news of the last leaver until their last privilege was seen gone.
    pub(crate) last_leaver_seconds: Option<f64>,
}

/// Figures for the first page.
#[utoipa::path(get, path = "/api/v1/overview", tag = "overview", responses((status = 200, body = Overview)))]
pub(crate) async fn show(State(api): State<Api>, signed_in: SignedIn) -> Result<Json<Overview>, Problem> {
    let ctx = &signed_in.ctx;
    let me = &signed_in.caller.identity;
    let mut overview = Overview {
        live_sessions: None,
        standing_grants: None,
        pending_requests_for_me: requests::count_waiting_for(ctx, me).await?,
        identities: None,
        broken_invariants: api.broken_invariants.load(std::sync::atomic::Ordering::Relaxed).try_into().ok(),
        open_findings: None,
        last_leaver_seconds: None,
    };
    if signed_in.may(Permission::SessionsRead) {
        overview.live_sessions = Some(sessions::live(ctx).await?.len() as u64);
    }
    if signed_in.may(Permission::GrantsRead) {
        overview.standing_grants = Some(::grants::count_standing(ctx).await?);
    }
    if signed_in.may(Permission::IdentitiesRead) {
        overview.identities = Some(identities::count_active(ctx).await?);
        overview.last_leaver_seconds =
            lifecycle::last_measured(ctx).await?.and_then(|case| case.took()).map(|took| took.as_secs_f64());
    }
    if signed_in.may(Permission::FindingsRead) {
        let findings = ledger::finding::list(ctx).await?;
        overview.open_findings = Some(findings.iter().filter(|finding| finding.cleared_at.is_none()).count() as u64);
    }
    Ok(Json(overview))
}
