//! Standing privileges, and their conversion to privileges on request: `/standing`.

use crate::conversions::{self, Conversion};
use crate::page::{Page, PageQuery};
use crate::person::{People, Person};
use crate::problem::Problem;
use crate::session::SignedIn;
use authn::Caller;
use axum::Json;
use axum::extract::Query;
use axum::http::StatusCode;
use governance::conversions::{self as converting, Breakers, New, USUAL_DEADLINE};
use governance::entitlements::Risk;
use governance::standing::{self, Filter, Privilege};
use ledger::Ctx;
use types::{Failure, IdentityId, Timestamp};

/// Something that gives power, and the way to it.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct StandingPower {
    /// The entitlement; `null` for what the account has by itself.
    pub(crate) name: Option<String>,
    /// Which rule says so.
    pub(crate) why: String,
    /// Names from the direct membership to it; one alone where it is direct.
    pub(crate) path: Vec<String>,
}

/// A privilege that somebody has all the time.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct StandingPrivilege {
    /// `ACCOUNT/ENTITLEMENT`, by which it is converted; the account alone where it has the power by itself.
    pub(crate) id: String,
    pub(crate) system: String,
    pub(crate) account: String,
    pub(crate) login: String,
    /// `linked`, `orphaned`, `non_personal`, `unmatched` or `protected`.
    pub(crate) account_state: String,
    /// The direct membership by which it is had.
    pub(crate) entitlement: Option<String>,
    pub(crate) entitlement_name: Option<String>,
    /// Its name in `NAME@SYSTEM`.
    pub(crate) slug: Option<String>,
    /// Whose the account is.
    pub(crate) holder: Option<Person>,
    /// Who answers for the entitlement, else for the system.
    pub(crate) owner: Option<Person>,
    pub(crate) powers: Vec<StandingPower>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) last_used_at: Option<Timestamp>,
    /// `low`, `medium`, `high` or `critical`.
    pub(crate) risk: String,
    pub(crate) risk_because: Vec<String>,
    /// The roles by which it could be asked for.
    pub(crate) roles: Vec<String>,
    /// Why it cannot be converted as it is; `null` where it can.
    pub(crate) why_not: Option<String>,
    /// The code of that.
    pub(crate) why_not_code: Option<String>,
}

fn shown(privilege: Privilege, people: &People) -> StandingPrivilege {
    let account = privilege.account.observed;
    let (entitlement, name, slug) = match privilege.by {
        Some(by) => (Some(by.entitlement.to_string()), Some(by.name), Some(by.slug)),
        None => (None, None, None),
    };
    let id = match &entitlement {
        Some(entitlement) => format!("{}/{entitlement}", account.id),
        None => account.id.to_string(),
    };
    let powers = privilege.powers.into_iter();
    let power = |power: standing::Power| StandingPower { name: power.name, why: power.why, path: power.path };
    StandingPrivilege {
        id,
        system: account.system,
        account: account.id.to_string(),
        login: account.login,
        account_state: privilege.account.state.as_str().to_owned(),
        entitlement,
        entitlement_name: name,
        slug,
        holder: privilege.holder.as_ref().map(|holder| people.person(holder)),
        owner: privilege.owner.as_ref().map(|owner| people.person(owner)),
        powers: powers.map(power).collect(),
        last_used_at: privilege.last_used_at,
        risk: privilege.assessment.risk.as_str().to_owned(),
        risk_because: privilege.assessment.because.iter().map(ToString::to_string).collect(),
        roles: privilege.roles,
        why_not: privilege.obstacle.as_ref().map(ToString::to_string),
        why_not_code: privilege.obstacle.as_ref().map(|obstacle| obstacle.code().to_owned()),
    }
}

#[derive(serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct StandingQuery {
    system: Option<String>,
    /// Whose the account is.
    #[param(value_type = Option<String>)]
    holder: Option<IdentityId>,
    /// Who answers for the entitlement, else for the system.
    #[param(value_type = Option<String>)]
    owner: Option<IdentityId>,
    /// At least `low`, `medium`, `high` or `critical`.
    #[param(value_type = Option<String>)]
    risk: Option<Risk>,
    /// Only what can be converted, or only what cannot.
    convertible: Option<bool>,
}

/// Standing privileges, in order of their accounts; what a grant gives for a time is not among them. `limit` counts
/// accounts. A page may be short, or empty, and still name a next one.
#[utoipa::path(get, path = "/api/v1/standing", tag = "standing", params(StandingQuery, PageQuery), responses((status = 200, body = Page<StandingPrivilege>), (status = 422, body = Problem)))]
pub(crate) async fn list(
    signed_in: SignedIn,
    Query(query): Query<StandingQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<StandingPrivilege>>, Problem> {
    let StandingQuery { system, holder, owner, risk, convertible } = query;
    let filter = Filter { system, holder, owner, risk, convertible, after: page.after()?, limit: page.limit() };
    let listed = standing::list(&signed_in.ctx, &filter).await?;
    let items = describe_all(&signed_in.ctx, listed.privileges).await?;
    Ok(Json(Page { items, next: listed.next.map(|next| next.to_string()) }))
}

async fn describe_all(ctx: &Ctx, all: Vec<Privilege>) -> Result<Vec<StandingPrivilege>, Problem> {
    let named: Vec<IdentityId> = all.iter().flat_map(|one| one.holder.iter().chain(&one.owner)).cloned().collect();
    let people = People::of(ctx, &named).await?;
    Ok(all.into_iter().map(|one| shown(one, &people)).collect())
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConversionOrder {
    /// As `id` of what `/standing` lists; 1 to 200, all or none.
    memberships: Vec<String>,
    /// Is given to whoever may not ask yet.
    role: Option<String>,
    reason: String,
    /// Minutes in which each is to be seen gone, or is undone; a day unless told.
    within_minutes: Option<u32>,
    /// Do what a breaker held when somebody else began it; needs `plans.confirm`.
    #[serde(default)]
    let_through: bool,
}

fn wanted(order: ConversionOrder, caller: &Caller) -> Result<New, Problem> {
    let memberships = order.memberships.iter().map(|one| one.parse()).collect::<Result<_, String>>();
    Ok(New {
        memberships: memberships.map_err(Problem::invalid)?,
        role: order.role,
        reason: order.reason,
        within_minutes: order.within_minutes.unwrap_or(USUAL_DEADLINE),
        breakers: Breakers::of(caller, order.let_through)?,
    })
}

/// Have standing privileges to be had on request from now on: whoever has one may ask for it, and the membership is taken
/// away. All or none. Nobody converts their own. What a breaker holds is done when somebody else who may confirm plans
/// converts the same within a day and lets it through.
#[utoipa::path(post, path = "/api/v1/standing/convert", tag = "standing", request_body = ConversionOrder, responses((status = 201, body = Page<Conversion>), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn convert(
    signed_in: SignedIn,
    Json(order): Json<ConversionOrder>,
) -> Result<(StatusCode, Json<Page<Conversion>>), Problem> {
    let begun = converting::convert(&signed_in.ctx, &wanted(order, &signed_in.caller)?).await?;
    let items = conversions::describe_all(&signed_in.ctx, begun).await?;
    Ok((StatusCode::CREATED, Json(Page::whole(items))))
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct ConversionRehearsal {
    /// One for each membership, in turn.
    pub(crate) lines: Vec<ConversionLine>,
    /// What would hold them all, unless it is let through.
    pub(crate) held_by: Vec<String>,
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct ConversionLine {
    pub(crate) membership: String,
    /// By which it would be asked for; `null` where it cannot be converted.
    pub(crate) role: Option<String>,
    /// That role would be given to whoever has it.
    pub(crate) gives_role: bool,
    pub(crate) why_not: Option<String>,
    pub(crate) why_not_code: Option<String>,
}

/// See what would come of converting, without anything being done.
#[utoipa::path(post, path = "/api/v1/standing/rehearse", tag = "standing", request_body = ConversionOrder, responses((status = 200, body = ConversionRehearsal), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn rehearse(
    signed_in: SignedIn,
    Json(order): Json<ConversionOrder>,
) -> Result<Json<ConversionRehearsal>, Problem> {
    let rehearsal = converting::rehearse(&signed_in.ctx, &wanted(order, &signed_in.caller)?).await?;
    let line = |line: converting::Line| {
        let (begun, error) = match line.outcome {
            Ok(begun) => (Some(begun), None),
            Err(error) => (None, Some(error)),
        };
        ConversionLine {
            membership: line.membership.to_string(),
            gives_role: begun.as_ref().is_some_and(|begun| begun.assignment.is_some()),
            role: begun.map(|begun| begun.role),
            why_not: error.as_ref().map(ToString::to_string),
            why_not_code: error.as_ref().map(|error| error.code().to_owned()),
        }
    };
    Ok(Json(ConversionRehearsal {
        lines: rehearsal.lines.into_iter().map(line).collect(),
        held_by: rehearsal.trips.iter().map(ToString::to_string).collect(),
    }))
}
