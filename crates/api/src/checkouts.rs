//! Credentials in somebody's hand: `/checkouts`.

use crate::page::{Page, PageQuery};
use crate::person::{People, Person};
use crate::problem::Problem;
use crate::requests::Because;
use crate::session::SignedIn;
use crate::words::{CheckoutCause, CheckoutState};
use axum::Json;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use ledger::Ctx;
use privilege::accounts::CredentialKind;
use privilege::checkouts::{self, After, Answer, Asked, CheckoutError, Filter, State};
use std::time::Duration;
use types::{Access, CheckoutId, IdentityId, Timestamp};

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Checkout {
    pub(crate) id: String,
    pub(crate) holder: Person,
    pub(crate) target: String,
    pub(crate) login: String,
    pub(crate) grant: String,
    /// The account under management.
    pub(crate) account: String,
    pub(crate) reason: String,
    pub(crate) state: CheckoutState,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) asked_at: Timestamp,
    pub(crate) minutes: u64,
    /// Until when a second person's answer, or the holder, is waited for.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) answer_by: Option<Timestamp>,
    pub(crate) confirmed_by: Option<Person>,
    /// Which version of the account's credential it was.
    pub(crate) version: Option<u32>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) opened_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) due_at: Option<Timestamp>,
    pub(crate) overdue: bool,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) closed_at: Option<Timestamp>,
    pub(crate) cause: Option<CheckoutCause>,
    pub(crate) ended_by: Option<Person>,
    pub(crate) end_reason: Option<String>,
    /// `stays`, `ordered` while it is being changed, or `gone` once the account was seen to have another.
    pub(crate) credential: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) gone_at: Option<Timestamp>,
}

async fn describe(ctx: &Ctx, checkout: checkouts::Checkout) -> Result<Checkout, Problem> {
    Ok(describe_all(ctx, vec![checkout]).await?.remove(0))
}

/// In their order.
async fn describe_all(ctx: &Ctx, found: Vec<checkouts::Checkout>) -> Result<Vec<Checkout>, Problem> {
    let people = People::of(ctx, found.iter().flat_map(named_in)).await?;
    Ok(found.into_iter().map(|checkout| shown(ctx, checkout, &people)).collect())
}

/// One that was opened or changed just now: whatever fails from here on, the caller learns that.
async fn describe_done(ctx: &Ctx, checkout: checkouts::Checkout) -> Checkout {
    let people = People::of_done(ctx, named_in(&checkout)).await;
    shown(ctx, checkout, &people)
}

fn named_in(checkout: &checkouts::Checkout) -> impl Iterator<Item = &IdentityId> {
    let ended_by = match &checkout.state {
        State::Ended { end, .. } => end.by.identity(),
        _ => None,
    };
    [Some(&checkout.holder), confirmed_by(checkout), ended_by].into_iter().flatten()
}

fn confirmed_by(checkout: &checkouts::Checkout) -> Option<&IdentityId> {
    match &checkout.state {
        State::Confirmed { by, .. } => Some(by),
        _ => checkout.held().and_then(|held| held.confirmed_by.as_ref()),
    }
}

fn shown(ctx: &Ctx, checkout: checkouts::Checkout, people: &People) -> Checkout {
    let held = checkout.held().cloned();
    let (closed_at, cause, end) = match &checkout.state {
        State::Returned { at, .. } => (Some(*at), None, None),
        State::Ended { end, .. } => (Some(end.at), Some(end.cause.into()), Some(end.clone())),
        State::Lapsed { at, cause } => (Some(*at), Some((*cause).into()), None),
        State::Pending { .. } | State::Confirmed { .. } | State::Open(_) => (None, None, None),
    };
    let (credential, gone_at) = match checkout.after() {
        None => (None, None),
        Some(After::Stays) => (Some("stays"), None),
        Some(After::Ordered { .. }) => (Some("ordered"), None),
        Some(After::Gone { at }) => (Some("gone"), Some(at)),
    };
    Checkout {
        holder: people.person(&checkout.holder),
        confirmed_by: confirmed_by(&checkout).map(|by| people.person(by)),
        overdue: checkout.is_open() && held.as_ref().is_some_and(|held| ctx.now() >= held.due_at),
        state: (&checkout.state).into(),
        answer_by: checkout.answer_by(),
        id: checkout.id.to_string(),
        grant: checkout.grant.to_string(),
        account: checkout.account.to_string(),
        target: checkout.target,
        login: checkout.login,
        reason: checkout.reason,
        asked_at: checkout.asked_at,
        minutes: checkout.length.as_secs() / 60,
        version: held.as_ref().map(|held| held.version),
        opened_at: held.as_ref().map(|held| held.from),
        due_at: held.map(|held| held.due_at),
        closed_at,
        cause,
        ended_by: end.as_ref().map(|end| people.actor(&end.by)),
        end_reason: end.and_then(|end| end.reason),
        credential: credential.map(str::to_owned),
        gone_at,
    }
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct New {
    target: String,
    login: String,
    /// How long it is needed. It is never longer than the grant.
    minutes: u32,
    reason: String,
    /// `password`, `ssh_key`, `api_key` or `certificate`, where the login has several.
    #[schema(value_type = Option<String>)]
    credential: Option<CredentialKind>,
}

/// A credential, told once.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Given {
    /// Of a pair of accounts, the one that is active now.
    pub(crate) login: String,
    /// `password`, `ssh_key`, `api_key` or `certificate`.
    pub(crate) kind: String,
    pub(crate) value: String,
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct CheckedOut {
    pub(crate) checkout: Checkout,
    /// `null` while a second person has not confirmed it; ask again then.
    pub(crate) given: Option<Given>,
}

/// Take an account's credential in hand, with a grant for its channel `checkout`. It is shown in this answer only.
#[utoipa::path(post, path = "/api/v1/checkouts", tag = "checkouts", request_body = New,
    responses((status = 201, body = CheckedOut), (status = 202, body = CheckedOut, description = "waits for a second person"),
        (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn create(
    signed_in: SignedIn,
    Json(new): Json<New>,
) -> Result<(StatusCode, Json<CheckedOut>), Problem> {
    let ctx = &signed_in.ctx;
    let access = Access { login: new.login, target: new.target };
    let length = Duration::from_secs(u64::from(new.minutes) * 60);
    let asked = Asked { access, credential: new.credential, length, reason: new.reason };
    let answer = match checkouts::check_out(ctx, &signed_in.caller, &asked).await {
        Ok(answer) => answer,
        Err(refusal) => return Err(named(ctx, refusal).await?),
    };
    match answer {
        Answer::Given(given) => {
            let shown = Given {
                login: given.login,
                kind: given.kind.as_str().to_owned(),
                value: given.credential.expose().clone(),
            };
            let checkout = describe_done(ctx, given.checkout).await;
            Ok((StatusCode::CREATED, Json(CheckedOut { checkout, given: Some(shown) })))
        }
        Answer::Waits(checkout) => {
            let checkout = describe_done(ctx, checkout).await;
            Ok((StatusCode::ACCEPTED, Json(CheckedOut { checkout, given: None })))
        }
    }
}

/// A refusal with the name of whom it names.
async fn named(ctx: &Ctx, refusal: CheckoutError) -> Result<Problem, Problem> {
    let by = match &refusal {
        CheckoutError::Taken { by: Some(by), .. } => by.clone(),
        _ => return Ok(refusal.into()),
    };
    let name = People::of(ctx, [&by]).await?.person(&by).name;
    let mut problem = Problem::from(refusal);
    problem.detail = problem.detail.replace(by.as_str(), &name);
    Ok(problem)
}

#[derive(serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListQuery {
    target: Option<String>,
    /// Only those that wait or are open.
    #[serde(default)]
    active: bool,
    /// Only my own, also when I may see everybody's.
    #[serde(default)]
    mine: bool,
    /// Only those that I could confirm now, oldest first.
    #[serde(default)]
    to_confirm: bool,
}

/// Checkouts, newest first: one's own, and everybody's with `checkouts.read`.
#[utoipa::path(get, path = "/api/v1/checkouts", tag = "checkouts", params(ListQuery, PageQuery),
    responses((status = 200, body = Page<Checkout>)))]
pub(crate) async fn list(
    signed_in: SignedIn,
    Query(query): Query<ListQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<Checkout>>, Problem> {
    let (ctx, caller) = (&signed_in.ctx, &signed_in.caller);
    if query.to_confirm {
        let found = checkouts::to_confirm(ctx, caller).await?;
        return Ok(Json(Page::whole(describe_all(ctx, found).await?)));
    }
    let holder = checkouts::whose(caller, query.mine);
    let (after, limit) = (page.after()?, page.and_one_more());
    let filter = Filter { holder, target: query.target, active: query.active, after, limit };
    let items = describe_all(ctx, checkouts::list(ctx, &filter).await?).await?;
    Ok(Json(Page::new(items, page.limit(), |checkout| checkout.id.clone())))
}

/// One checkout, for its holder, whoever could confirm it, and readers of all.
#[utoipa::path(get, path = "/api/v1/checkouts/{id}", tag = "checkouts", params(("id" = String, Path)),
    responses((status = 200, body = Checkout), (status = 404, body = Problem)))]
pub(crate) async fn show(signed_in: SignedIn, Path(id): Path<CheckoutId>) -> Result<Json<Checkout>, Problem> {
    let checkout = checkouts::get(&signed_in.ctx, &signed_in.caller, &id).await?;
    Ok(Json(describe(&signed_in.ctx, checkout).await?))
}

/// Say yes to somebody else's checkout: with a grant for the same account, or as an operator.
#[utoipa::path(post, path = "/api/v1/checkouts/{id}/confirm", tag = "checkouts", params(("id" = String, Path)),
    responses((status = 200, body = Checkout), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn confirm(signed_in: SignedIn, Path(id): Path<CheckoutId>) -> Result<Json<Checkout>, Problem> {
    let checkout = checkouts::confirm(&signed_in.ctx, &signed_in.caller, &id).await?;
    Ok(Json(describe_done(&signed_in.ctx, checkout).await))
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct More {
    /// From when it is due now.
    minutes: u32,
}

/// Keep it longer, within what the account and the grant allow.
#[utoipa::path(post, path = "/api/v1/checkouts/{id}/extend", tag = "checkouts", params(("id" = String, Path)),
    request_body = More, responses((status = 200, body = Checkout), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn extend(
    signed_in: SignedIn,
    Path(id): Path<CheckoutId>,
    Json(more): Json<More>,
) -> Result<Json<Checkout>, Problem> {
    let more = Duration::from_secs(u64::from(more.minutes) * 60);
    let checkout = checkouts::extend(&signed_in.ctx, &signed_in.caller, &id, more).await?;
    Ok(Json(describe_done(&signed_in.ctx, checkout).await))
}

/// Give it back, or cancel what was not handed out yet.
#[utoipa::path(post, path = "/api/v1/checkouts/{id}/return", tag = "checkouts", params(("id" = String, Path)),
    responses((status = 200, body = Checkout), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn give_back(signed_in: SignedIn, Path(id): Path<CheckoutId>) -> Result<Json<Checkout>, Problem> {
    let checkout = checkouts::check_in(&signed_in.ctx, &signed_in.caller, &id).await?;
    Ok(Json(describe_done(&signed_in.ctx, checkout).await))
}

/// Take it back from its holder. The credential is changed.
#[utoipa::path(post, path = "/api/v1/checkouts/{id}/force", tag = "checkouts", params(("id" = String, Path)),
    request_body = Because, responses((status = 200, body = Checkout), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn force(
    signed_in: SignedIn,
    Path(id): Path<CheckoutId>,
    Json(because): Json<Because>,
) -> Result<Json<Checkout>, Problem> {
    let checkout = checkouts::force_return(&signed_in.ctx, &id, &because.reason).await?;
    Ok(Json(describe_done(&signed_in.ctx, checkout).await))
}
