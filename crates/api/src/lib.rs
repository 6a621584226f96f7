//! The REST API and the embedded console. Handlers parse, call one use case and show; no rule and no SQL here.

mod account_settings;
mod accounts;
mod as_of;
mod assignments;
mod breakers;
mod cases;
mod checkouts;
mod configuration;
mod console;
mod conversions;
mod credential_profiles;
mod credentials;
mod dependents;
mod drifts;
mod entitlements;
mod findings;
mod grants;
mod health;
mod idempotency;
mod identities;
mod imports;
pub mod invariants;
mod inventory;
mod issued;
mod issuers;
mod leases;
mod leavers;
mod log;
mod machine_tokens;
mod machines;
mod mappings;
mod me;
mod metrics;
mod movers;
mod named;
mod observed_accounts;
mod orders;
mod overview;
mod ownerships;
mod page;
pub mod permissions;
mod person;
mod pki;
mod plans;
mod policy;
mod problem;
mod readings;
mod requests;
mod rotations;
mod scans;
mod scim;
mod seal;
mod sealed;
mod secret_metadata;
mod secrets;
mod sensitive;
mod services;
mod session;
mod sessions;
mod sign_in;
mod simulations;
mod sources;
mod ssh;
mod standing;
mod states;
mod story;
mod systems;
mod targets;
mod text;
mod tickets;
mod words;
mod wraps;

pub use pki::fetch;
pub use problem::Problem;
pub use seal::{Resealing, SealControl, SealOrder, SealStatus, UnsealGiven};
pub use sealed::sealed_router;

/// Every column of sealed values that this crate writes.
pub const SEALED: &[&::seal::Column] = &[idempotency::SEALED];

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::{from_fn, from_fn_with_state};
use ledger::Ctx;
use metrics_exporter_prometheus::PrometheusHandle;
use privilege::leases::RevocationList;
use privilege::sessions::Node;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// No body that is held in memory is larger. HR feeds are read while they arrive, within their own limits.
pub(crate) const LARGEST_BODY: usize = 1 << 20;

/// What the handlers share.
#[derive(Clone)]
pub struct Api {
    /// Acts as nobody; each call gets its own by who calls.
    pub ctx: Ctx,
    pub node: Node,
    /// `https://host:port`, under which people reach the console.
    pub origin: String,
    /// Where the SSH gateway listens.
    pub gateway: SocketAddr,
    pub prometheus: PrometheusHandle,
    pub seal: SealControl,
    /// For target hosts, which all ask at the same moment.
    pub revocations: RevocationList,
    /// Of the continuous check; negative before the first.
    pub broken_invariants: Arc<AtomicI64>,
}

#[derive(OpenApi)]
#[openapi(info(
    title = "Tenure",
    description = "Identity governance and privileged access in one: every privilege has a term.",
    license(name = "Apache-2.0", identifier = "Apache-2.0")
))]
struct Document;

fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(health::healthz))
        .routes(routes!(health::readyz))
        .routes(routes!(metrics::show))
        .routes(routes!(ssh::authority))
        .routes(routes!(ssh::krl))
        .routes(routes!(pki::ssh_authority))
        .routes(routes!(pki::krl))
        .routes(routes!(pki::crl))
        .routes(routes!(pki::chain))
        .routes(routes!(pki::jwks))
        .routes(routes!(pki::discovery))
        .routes(routes!(pki::revoked_tokens))
        .routes(routes!(sign_in::begin))
        .routes(routes!(sign_in::complete))
        .routes(routes!(sign_in::sign_in))
        .routes(routes!(sign_in::sign_out))
        .routes(routes!(me::show))
        .routes(routes!(me::access))
        .routes(routes!(credentials::list_tokens, credentials::create_token))
        .routes(routes!(credentials::revoke_token))
        .routes(routes!(credentials::list_keys, credentials::register_key))
        .routes(routes!(credentials::remove_key))
        .routes(routes!(credentials::issue_certificate))
        .routes(routes!(requests::list, requests::create))
        .routes(routes!(requests::show))
        .routes(routes!(requests::approve))
        .routes(routes!(requests::deny))
        .routes(routes!(requests::cancel))
        .routes(routes!(grants::list))
        .routes(routes!(grants::show))
        .routes(routes!(grants::withdraw))
        .routes(routes!(story::show))
        .routes(routes!(grants::evidence))
        .routes(routes!(sessions::list))
        .routes(routes!(sessions::show))
        .routes(routes!(sessions::kill))
        .routes(routes!(sessions::recording))
        .routes(routes!(sessions::live))
        .routes(routes!(identities::list))
        .routes(routes!(identities::show))
        .routes(routes!(identities::setup_link))
        .routes(routes!(identities::assign_roles))
        .routes(routes!(states::timeline))
        .routes(routes!(assignments::list))
        .routes(routes!(assignments::of_identity))
        .routes(routes!(assignments::give))
        .routes(routes!(assignments::end))
        .routes(routes!(entitlements::list))
        .routes(routes!(entitlements::declare))
        .routes(routes!(mappings::list, mappings::declare))
        .routes(routes!(plans::list, plans::compute))
        .routes(routes!(plans::show))
        .routes(routes!(plans::lines))
        .routes(routes!(plans::confirm))
        .routes(routes!(orders::list))
        .routes(routes!(standing::list))
        .routes(routes!(standing::convert))
        .routes(routes!(standing::rehearse))
        .routes(routes!(conversions::list))
        .routes(routes!(conversions::show))
        .routes(routes!(conversions::undo))
        .routes(routes!(drifts::list))
        .routes(routes!(drifts::show))
        .routes(routes!(drifts::decide))
        .routes(routes!(states::terminate))
        .routes(routes!(states::suspend))
        .routes(routes!(states::leave))
        .routes(routes!(states::resume))
        .routes(routes!(inventory::list_systems))
        .routes(routes!(inventory::read))
        .routes(routes!(inventory::accept_missing))
        .routes(routes!(inventory::test))
        .routes(routes!(inventory::list_entitlements))
        .routes(routes!(inventory::members))
        .routes(routes!(observed_accounts::list))
        .routes(routes!(observed_accounts::show))
        .routes(routes!(observed_accounts::of_identity))
        .routes(routes!(observed_accounts::link))
        .routes(routes!(observed_accounts::protect))
        .routes(routes!(breakers::list, breakers::declare))
        .routes(routes!(leavers::list))
        .routes(routes!(leavers::show))
        .routes(routes!(ownerships::list))
        .routes(routes!(ownerships::hand_over))
        .routes(routes!(movers::list))
        .routes(routes!(movers::show))
        .routes(routes!(machines::list, machines::register))
        .routes(routes!(machines::show, machines::change))
        .routes(routes!(machines::extend))
        .routes(routes!(machines::hand_over))
        .routes(routes!(machines::end))
        .routes(routes!(machine_tokens::list, machine_tokens::create))
        .routes(routes!(machine_tokens::revoke))
        .routes(routes!(imports::list, imports::create))
        .routes(routes!(imports::show))
        .routes(routes!(imports::confirm))
        .routes(routes!(sources::list, sources::declare))
        .routes(routes!(sources::of_identity))
        .routes(routes!(configuration::plan))
        .routes(routes!(configuration::apply))
        .routes(routes!(simulations::list, simulations::run))
        .routes(routes!(simulations::show))
        .routes(routes!(simulations::lines))
        .routes(routes!(simulations::apply))
        .routes(routes!(configuration::export))
        .routes(routes!(configuration::drift))
        .routes(routes!(configuration::schema))
        .routes(routes!(readings::test))
        .routes(routes!(readings::create))
        .routes(routes!(readings::list))
        .routes(routes!(readings::show))
        .routes(routes!(tickets::list))
        .routes(routes!(tickets::show))
        .routes(routes!(tickets::done))
        .routes(routes!(cases::list))
        .routes(routes!(cases::show))
        .routes(routes!(cases::decide))
        .routes(routes!(scim::client::show, scim::client::declare))
        .routes(routes!(scim::discovery::config))
        .routes(routes!(scim::discovery::list_schemas))
        .routes(routes!(scim::discovery::show_schema))
        .routes(routes!(scim::discovery::list_types))
        .routes(routes!(scim::discovery::show_type))
        .routes(routes!(scim::me::show, scim::me::replace, scim::me::patch, scim::me::delete))
        .routes(routes!(scim::bulk::run))
        .routes(routes!(scim::search::list_all))
        .routes(routes!(scim::search::search_all))
        .routes(routes!(scim::search::search))
        .routes(routes!(scim::search::list, scim::resources::create))
        .routes(routes!(
            scim::resources::show,
            scim::resources::replace,
            scim::resources::patch,
            scim::resources::delete
        ))
        .routes(routes!(systems::list, systems::declare))
        .routes(routes!(systems::list_roles, systems::declare_roles))
        .routes(routes!(targets::list, targets::declare))
        .routes(routes!(services::list, services::declare))
        .routes(routes!(checkouts::list, checkouts::create))
        .routes(routes!(checkouts::show))
        .routes(routes!(checkouts::confirm))
        .routes(routes!(checkouts::extend))
        .routes(routes!(checkouts::give_back))
        .routes(routes!(checkouts::force))
        .routes(routes!(policy::show, policy::declare))
        .routes(routes!(targets::pin))
        .routes(routes!(targets::discover))
        .routes(routes!(targets::accounts))
        .routes(routes!(credential_profiles::list, credential_profiles::declare))
        .routes(routes!(leases::list, leases::issue))
        .routes(routes!(leases::revoke_all))
        .routes(routes!(leases::backlog))
        .routes(routes!(leases::sweep))
        .routes(routes!(leases::show))
        .routes(routes!(leases::renew))
        .routes(routes!(leases::revoke))
        .routes(routes!(secrets::list))
        .routes(routes!(secrets::read, secrets::write, secrets::merge, secrets::remove))
        .routes(routes!(secrets::delete))
        .routes(routes!(secrets::undelete))
        .routes(routes!(secrets::destroy))
        .routes(routes!(secret_metadata::show, secret_metadata::change))
        .routes(routes!(wraps::wrap))
        .routes(routes!(wraps::unwrap))
        .routes(routes!(wraps::lookup))
        .routes(routes!(accounts::list, accounts::import))
        .routes(routes!(accounts::show, accounts::set, accounts::unmanage))
        .routes(routes!(accounts::verify))
        .routes(routes!(accounts::give))
        .routes(routes!(accounts::pair))
        .routes(routes!(accounts::history))
        .routes(routes!(accounts::policies, accounts::declare_policies))
        .routes(routes!(dependents::list))
        .routes(routes!(dependents::find))
        .routes(routes!(dependents::dry_run))
        .routes(routes!(dependents::keep, dependents::remove))
        .routes(routes!(rotations::rotate))
        .routes(routes!(rotations::reconcile))
        .routes(routes!(rotations::list))
        .routes(routes!(rotations::show))
        .routes(routes!(issuers::list, issuers::create))
        .routes(routes!(issuers::show))
        .routes(routes!(issuers::request))
        .routes(routes!(issuers::import))
        .routes(routes!(issuers::rotate))
        .routes(routes!(issuers::withdraw))
        .routes(routes!(issuers::profiles, issuers::declare_profiles))
        .routes(routes!(issuers::issue))
        .routes(routes!(issued::list))
        .routes(routes!(issued::revoke))
        .routes(routes!(scans::list, scans::begin))
        .routes(routes!(scans::recordings))
        .routes(routes!(scans::compare))
        .routes(routes!(scans::tell))
        .routes(routes!(scans::lint))
        .routes(routes!(as_of::show))
        .routes(routes!(log::entries))
        .routes(routes!(log::raw))
        .routes(routes!(log::checkpoint))
        .routes(routes!(log::consistency))
        .routes(routes!(findings::list))
        .routes(routes!(invariants::show))
        .routes(routes!(seal::show))
        .routes(routes!(seal::unseal))
        .routes(routes!(seal::close))
        .routes(routes!(seal::rekey))
        .routes(routes!(seal::rotate_root))
        .routes(routes!(seal::forget_node))
        .routes(routes!(overview::show))
}

/// The OpenAPI 3.1 document, pretty-printed.
pub fn openapi() -> String {
    let mut document = routes().into_openapi();
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in [
            ("get", &mut item.get),
            ("put", &mut item.put),
            ("post", &mut item.post),
            ("patch", &mut item.patch),
            ("delete", &mut item.delete),
        ] {
            if let Some(operation) = operation {
                operation.operation_id = Some(operation_id(method, path));
            }
        }
    }
    let mut text = document.to_pretty_json().expect("the document can be printed");
    text.push('\n');
    text
}

/// `post_requests_id_approve` for `POST /api/v1/requests/{id}/approve`: unique, because method and path are.
fn operation_id(method: &str, path: &str) -> String {
    let path = path.trim_start_matches("/api/v1").replace(['{', '}'], "").replace(['/', '-', '.'], "_");
    format!("{method}{path}")
}

/// The whole HTTP surface.
pub fn router(api: Api) -> Router {
    let (router, _) = routes().split_for_parts();
    let router = router
        .route_layer(from_fn(text::storable))
        .route_layer(from_fn_with_state(api.clone(), idempotency::once))
        .route_layer(from_fn_with_state(api.clone(), session::guard))
        .fallback(console::serve);
    dressed(router).with_state(api)
}

/// What every answer has: its form when it is a refusal, its limits, its headers.
fn dressed<S: Clone + Send + Sync + 'static>(router: Router<S>) -> Router<S> {
    router
        .layer(CatchPanicLayer::new())
        .layer(from_fn(problem::worded))
        .layer(from_fn(scim::form::worded))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(CompressionLayer::new())
        .layer(from_fn(no_store))
        .layer(fixed(header::CONTENT_SECURITY_POLICY, CONTENT_POLICY))
        .layer(fixed(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(fixed(header::X_FRAME_OPTIONS, "DENY"))
        .layer(fixed(header::REFERRER_POLICY, "no-referrer"))
        .layer(fixed(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000"))
}

/// Styles of the component library are set on elements; scripts are files of this origin only. The player's
/// terminal emulator is WebAssembly.
const CONTENT_POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' data:; connect-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

fn fixed(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
}

/// Answers of the API stay out of caches; the console's assets say for themselves how long they hold.
async fn no_store(request: axum::extract::Request, next: axum::middleware::Next) -> axum::response::Response {
    let mut response = next.run(request).await;
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
