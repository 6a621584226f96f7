//! What I am and what I may have: `/me`.

use crate::Api;
use crate::grants::{self, Grant};
use crate::person::{People, Person};
use crate::problem::Problem;
use crate::requests::{self as asked, Request};
use crate::session::SignedIn;
use axum::Json;
use axum::extract::State;
use governance::identities::{self, IdentityError};
use governance::{machines, requests, roles};
use ledger::Ctx;
use types::{IdentityId, Permission};

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
    pub(crate) email: Option<String>,
    pub(crate) department: Option<String>,
    pub(crate) job_title: Option<String>,
    /// Of a machine identity: its owner.
    pub(crate) manager: Option<Person>,
}

/// Who I am here, and what I may do.
#[utoipa::path(get, path = "/api/v1/me", tag = "me", responses((status = 200, body = Me)))]
pub(crate) async fn show(State(api): State<Api>, signed_in: SignedIn) -> Result<Json<Me>, Problem> {
    let (ctx, caller) = (&signed_in.ctx, &signed_in.caller);
    let profile = profile(ctx, &caller.identity).await?;
    let permissions = Permission::ALL.iter().filter(|p| caller.may(**p)).map(ToString::to_string).collect();
    let roles = caller.roles.iter().map(ToString::to_string).collect();
    let gateway = Gateway { host: api.gateway.ip().to_string(), port: api.gateway.port() };
    Ok(Json(Me { identity: profile, roles, permissions, gateway }))
}

/// Of a person, or of a machine identity, whose owner stands in the place of a manager.
async fn profile(ctx: &Ctx, id: &IdentityId) -> Result<Profile, Problem> {
    let identity = match identities::get(ctx, id).await {
        Err(IdentityError::NotFound(_)) => {
            let machine = machines::get(ctx, id).await?;
            let people = People::of(ctx, [&machine.owner]).await?;
            return Ok(Profile {
                id: machine.id.to_string(),
                name: machine.name,
                email: None,
                department: None,
                job_title: None,
                manager: Some(people.person(&machine.owner)),
            });
        }
        found => found?,
    };
    let people = People::of(ctx, &identity.manager).await?;
    Ok(Profile {
        id: identity.id.to_string(),
        name: identity.name(),
        email: Some(identity.email),
        department: Some(identity.department),
        job_title: Some(identity.job_title),
        manager: identity.manager.map(|manager| people.person(&manager)),
    })
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
