//! What I am and what I may have: `/me`.

use crate::Api;
use crate::grants::{self, Grant};
use crate::person::{People, Person};
use crate::problem::Problem;
use crate::requests::{self as asked, Request};
use crate::session::SignedIn;
use axum::Json;
use axum::extract::State;
use governance::{identities, requests, roles};
use types::Permission;

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Me {
    pub(crate) identity: Profile,
    pub(crate) roles: Vec<String>,
    pub(crate) permissions: Vec<String>,
    /// Where `ssh` goes.
    pub(crate) gateway: Gateway,
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Gateway {
    pub(crate) host: String,
    pub(crate) port: u16,
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Profile {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) department: String,
    pub(crate) job_title: String,
    pub(crate) manager: Option<Person>,
}

/// Who I am here, and what I may do.
#[utoipa::path(get, path = "/api/v1/me", tag = "me", responses((status = 200, body = Me)))]
pub(crate) async fn show(State(api): State<Api>, signed_in: SignedIn) -> Result<Json<Me>, Problem> {
    let (ctx, caller) = (&signed_in.ctx, &signed_in.caller);
    let identity = identities::get(ctx, &caller.identity).await?;
    let people = People::of(ctx, &identity.manager).await?;
    let permissions = Permission::ALL.iter().filter(|p| caller.may(**p)).map(ToString::to_string).collect();
    let profile = Profile {
        id: identity.id.to_string(),
        name: identity.name(),
        email: identity.email,
        department: identity.department,
        job_title: identity.job_title,
        manager: identity.manager.map(|manager| people.person(&manager)),
    };
    let roles = caller.roles.iter().map(ToString::to_string).collect();
    let gateway = Gateway { host: api.gateway.ip().to_string(), port: api.gateway.port() };
    Ok(Json(Me { identity: profile, roles, permissions, gateway }))
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct MyAccess {
    pub(crate) eligibilities: Vec<Eligibility>,
    /// Newest first, at most 100.
    pub(crate) grants: Vec<Grant>,
    /// Newest first, at most 100.
    pub(crate) requests: Vec<Request>,
}

/// A login that I may ask for.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Eligibility {
    pub(crate) target: String,
    pub(crate) login: String,
    pub(crate) role: String,
    pub(crate) max_minutes: u32,
    pub(crate) channels: Vec<String>,
    pub(crate) because: String,
}

impl From<roles::Eligibility> for Eligibility {
    fn from(from: roles::Eligibility) -> Self {
        Self {
            target: from.system,
            login: from.login,
            role: from.role,
            max_minutes: from.max_minutes,
            channels: from.channels.iter().map(ToString::to_string).collect(),
            because: from.because,
        }
    }
}

/// What I may ask for, what I hold and what I asked for.
#[utoipa::path(get, path = "/api/v1/me/access", tag = "me", responses((status = 200, body = MyAccess)))]
pub(crate) async fn access(signed_in: SignedIn) -> Result<Json<MyAccess>, Problem> {
    let (ctx, me) = (&signed_in.ctx, &signed_in.caller.identity);
    let eligibilities = roles::eligibility(ctx, me).await?.into_iter().map(Eligibility::from).collect();
    let filter = ::grants::Filter { holder: Some(me.clone()), limit: 100, ..Default::default() };
    let grants = grants::describe_all(ctx, ::grants::list(ctx, &filter).await?).await?;
    let filter = requests::Filter { of: Some(me.clone()), limit: 100, ..Default::default() };
    let views = requests::views(ctx, requests::list(ctx, &filter).await?, me).await?;
    let requests = asked::describe_all(&signed_in, views).await?;
    Ok(Json(MyAccess { eligibilities, grants, requests }))
}
