//! Who had access to what, when and why: `/access/as-of`.

use crate::person::Person;
use crate::problem::Problem;
use crate::session::SignedIn;
use axum::Json;
use axum::extract::Query;
use governance::access;
use types::Timestamp;

#[derive(serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Question {
    target: String,
    login: Option<String>,
    /// Now, when left out. RFC 3339 in UTC, or a day.
    #[param(value_type = Option<String>)]
    at: Option<Timestamp>,
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct AsOf {
    #[schema(value_type = String, format = DateTime)]
    pub(crate) at: Timestamp,
    /// Entries of the log that the answer was read from.
    pub(crate) checkpoint: u64,
    pub(crate) holdings: Vec<Holding>,
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Holding {
    pub(crate) holder: Person,
    pub(crate) login: String,
    pub(crate) role: String,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) from: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) until: Timestamp,
    pub(crate) because: String,
    pub(crate) grant: String,
    /// Whether it was so, by all that is known now.
    pub(crate) true_on: bool,
    /// Whether the log of that moment said so.
    pub(crate) known_on: bool,
}

/// Who held access at a moment, how and why.
#[utoipa::path(get, path = "/api/v1/access/as-of", tag = "access", params(Question), responses((status = 200, body = AsOf), (status = 404, body = Problem)))]
pub(crate) async fn show(signed_in: SignedIn, Query(question): Query<Question>) -> Result<Json<AsOf>, Problem> {
    let ctx = &signed_in.ctx;
    let at = question.at.unwrap_or_else(|| ctx.now());
    let answer = access::as_of(ctx, &question.target, question.login.as_deref(), at).await?;
    let holding = |holding: access::Holding| Holding {
        holder: Person::new(holding.who.id.to_string(), holding.who.name, holding.who.is_machine),
        login: holding.login,
        role: holding.how.role,
        from: holding.from,
        until: holding.until,
        because: holding.because,
        grant: holding.grant.to_string(),
        true_on: holding.true_on,
        known_on: holding.known_on,
    };
    let holdings = answer.holdings.into_iter().map(holding).collect();
    Ok(Json(AsOf { at: answer.at, checkpoint: answer.checkpoint.size, holdings }))
}
