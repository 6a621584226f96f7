//! Who is calling: a bearer token or the console's cookie becomes a caller, or the call ends here. Identity comes
//! from nothing else; no header of a proxy is believed.

use crate::Api;
use crate::permissions::{self, Access, access};
use crate::problem::Problem;
use authn::Caller;
use axum::body::{Body, to_bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use ledger::Ctx;
use std::time::Duration;
use types::{Actor, Permission, Secret};

/// `__Host-` binds it to this origin, to HTTPS and to the root path (RFC 6265bis section 4.1.3.2).
pub(crate) const COOKIE: &str = "__Host-tenure";
const CSRF_HEADER: &str = "x-tenure-csrf";
const PUBLIC_BODY: usize = 16 << 10;
/// How long a call under way goes on without proving its caller again.
const PROVEN_FOR: Duration = Duration::from_secs(60);
const PUBLIC_BODY_TIME: Duration = Duration::from_secs(10);

/// A caller that has proven an identity and holds the permission of the endpoint.
#[derive(Clone)]
pub(crate) struct SignedIn {
    pub(crate) caller: Caller,
    pub(crate) ctx: Ctx,
}

impl SignedIn {
    pub(crate) fn may(&self, permission: Permission) -> bool {
        self.caller.may(permission)
    }
}

impl<S: Send + Sync> axum::extract::FromRequestParts<S> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut axum::http::request::Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(Problem::not_signed_in)
    }
}

/// Lets a call through to its endpoint, or answers for it. Unlisted endpoints are denied.
pub(crate) async fn guard(State(api): State<Api>, mut request: Request, next: Next) -> Result<Response, Problem> {
    let path = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned()).unwrap_or_default();
    match access(request.method(), &path) {
        Some(Access::Public) => request = bounded(request).await?,
        Some(Access::Needs(permission)) => {
            let caller = authenticate(&api, request.method(), request.headers()).await?;
            if !caller.may(permission) {
                let detail = format!("this needs the permission `{permission}`, which you do not have here");
                return Err(Problem::new(StatusCode::FORBIDDEN, "forbidden", detail));
            }
            let ctx = api.ctx.acting_as(Actor::Identity(caller.identity.clone()));
            request.extensions_mut().insert(SignedIn { caller, ctx });
        }
        None => return Ok(unlisted(&path)),
    }
    Ok(next.run(request).await)
}

/// The answer to what no endpoint is for.
fn unlisted(path: &str) -> Response {
    let methods = permissions::methods(path).join(", ");
    if methods.is_empty() {
        return Problem::not_found("endpoint").into_response();
    }
    let detail = format!("this address takes {methods}");
    let problem = Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail);
    ([(header::ALLOW, methods)], problem).into_response()
}

/// For a surface on which nobody signs in.
pub(crate) async fn public(request: Request, next: Next) -> Result<Response, Problem> {
    Ok(next.run(bounded(request).await?).await)
}

/// The whole body of somebody who has proven nothing yet: small, and soon.
async fn bounded(request: Request) -> Result<Request, Problem> {
    let (parts, body) = request.into_parts();
    let slow = |_| Problem::new(StatusCode::REQUEST_TIMEOUT, "too_slow", "the body did not arrive in time");
    let body = tokio::time::timeout(PUBLIC_BODY_TIME, to_bytes(body, PUBLIC_BODY)).await.map_err(slow)?;
    Ok(Request::from_parts(parts, Body::from(body.map_err(|_| Problem::too_large())?)))
}

async fn authenticate(api: &Api, method: &Method, headers: &HeaderMap) -> Result<Caller, Problem> {
    let by_cookie = !headers.contains_key(header::AUTHORIZATION) && cookie(headers).is_some();
    if by_cookie && !matches!(*method, Method::GET | Method::HEAD) {
        same_origin(api, headers)?;
    }
    prove(&api.ctx, headers).await
}

/// The context of a caller of a public endpoint: who they are, where they prove it, and nobody where they do not try.
pub(crate) async fn whoever(api: &Api, headers: &HeaderMap) -> Result<Ctx, Problem> {
    if !headers.contains_key(header::AUTHORIZATION) && cookie(headers).is_none() {
        return Ok(api.ctx.clone());
    }
    let caller = authenticate(api, &Method::POST, headers).await?;
    Ok(api.ctx.acting_as(Actor::Identity(caller.identity)))
}

/// Who the bearer token or the cookie proves now.
async fn prove(ctx: &Ctx, headers: &HeaderMap) -> Result<Caller, Problem> {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let token =
            value.to_str().ok().and_then(|text| text.strip_prefix("Bearer ")).ok_or_else(Problem::not_signed_in)?;
        let caller = authn::tokens::authenticate(ctx, &Secret::new(token.to_owned())).await;
        return caller.map_err(|error| unproven(error.into()));
    }
    let cookie = cookie(headers).ok_or_else(Problem::not_signed_in)?;
    authn::sign_in::authenticate(ctx, &cookie).await.map_err(|error| unproven(error.into()))
}

/// Returns when a call under way has outlived its authority: what proved its caller no longer does, or the permission
/// is lost. Looked at whenever an account changes, and at least each minute; a look that fails ends it too.
pub(crate) async fn authority_ends(ctx: Ctx, headers: HeaderMap, needs: Permission) {
    let mut wakes = ctx.db().wakes();
    while prove(&ctx, &headers).await.is_ok_and(|caller| caller.may(needs)) {
        wakes.next(authn::TOPIC, PROVEN_FOR).await;
    }
}

/// A proof that does not hold is no identity: 401, so that a client knows to prove it again.
fn unproven(problem: Problem) -> Problem {
    if problem.status != StatusCode::FORBIDDEN.as_u16() {
        return problem;
    }
    Problem::new(StatusCode::UNAUTHORIZED, &problem.code, problem.detail)
}

pub(crate) fn cookie(headers: &HeaderMap) -> Option<Secret<String>> {
    let pairs = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let value = pairs.flat_map(|line| line.split("; ")).find_map(|pair| pair.strip_prefix(COOKIE)?.strip_prefix('='));
    value.map(|value| Secret::new(value.to_owned()))
}

/// A write that carries the cookie must come from the console's own page.
pub(crate) fn same_origin(api: &Api, headers: &HeaderMap) -> Result<(), Problem> {
    let refused = |detail: &str| Err(Problem::new(StatusCode::FORBIDDEN, "cross_site", detail));
    if headers.get(CSRF_HEADER).is_none_or(|value| value != "1") {
        return refused("a write with the console's cookie needs the header `X-Tenure-Csrf: 1`");
    }
    match headers.get(header::ORIGIN) {
        Some(origin) if origin.as_bytes() == api.origin.as_bytes() => Ok(()),
        None => Ok(()),
        Some(_) => refused("this write comes from another site: open the console by its own address"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use authn::{accounts, tokens};
    use ledger::Ledger;
    use seal::RootKey;
    use std::collections::BTreeSet;
    use types::{Chance, Clock, IdentityId, Role};

    #[tokio::test]
    async fn no_call_outlives_the_role_or_the_account_of_its_caller_and_one_of_another_goes_on() {
        let migrations = [seal::MIGRATIONS, ledger::MIGRATIONS, authn::MIGRATIONS].concat();
        let fixture = db::fixture::sqlite(&migrations).await;
        let (clock, chance) = (Clock::still("2026-11-21T09:00:00Z".parse().unwrap()), Chance::system());
        let root = RootKey::File(Secret::new([7; 32]));
        Ledger::initialise(&fixture.db, &root, &clock, &chance, "tenure.test/log").await.unwrap();
        let ctx = Ctx::new(Ledger::open(fixture.db.clone(), &root, clock, chance).await.unwrap(), Actor::Console);
        let mut watching = Vec::new();
        for name in ["carol", "dave"] {
            let id = IdentityId::new(ctx.clock(), ctx.chance());
            let mut tx = ctx.decide().await.unwrap();
            accounts::ensure(&mut tx, &id, name).await.unwrap();
            tx.commit().await.unwrap();
            accounts::set_roles(&ctx, &id, &BTreeSet::from([Role::Auditor])).await.unwrap();
            let until = ctx.now().plus(Duration::from_secs(3600));
            let scopes = BTreeSet::from([Permission::SessionsReplay]);
            let (_, token) = tokens::create(&ctx, &id, "watch", scopes, until).await.unwrap();
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, format!("Bearer {}", token.expose()).parse().unwrap());
            watching.push((id, Box::pin(authority_ends(ctx.clone(), headers, Permission::SessionsReplay))));
        }
        let [(carol, mut carols), (dave, mut daves)] = watching.try_into().ok().unwrap();
        let (soon, at_last) = (Duration::from_millis(300), Duration::from_secs(10));
        assert!(tokio::time::timeout(soon, &mut carols).await.is_err());
        accounts::set_roles(&ctx, &carol, &BTreeSet::new()).await.unwrap();
        tokio::time::timeout(at_last, carols).await.expect("carol may no longer watch");
        assert!(tokio::time::timeout(soon, &mut daves).await.is_err());
        let mut tx = ctx.decide().await.unwrap();
        accounts::disable(&mut tx, &dave).await.unwrap();
        tx.commit().await.unwrap();
        tokio::time::timeout(at_last, daves).await.expect("dave has no account");
    }
}
