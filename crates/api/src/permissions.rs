//! Who may call what: every endpoint once. The router denies whatever is not listed here.

use axum::http::Method;
use types::{Permission as P, Role};

/// What an endpoint asks of its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody, also without signing in.
    Public,
    /// A caller with this permission. Rules about ownership narrow it further.
    Needs(P),
}

/// Method, path as in the OpenAPI document, and access.
pub const ENDPOINTS: &[(Method, &str, Access)] = &[
    (Method::GET, "/healthz", Access::Public),
    (Method::GET, "/readyz", Access::Public),
    (Method::GET, "/ssh/ca.pub", Access::Public),
    (Method::GET, "/ssh/krl", Access::Public),
    (Method::GET, "/ssh/ca.pub/{name}", Access::Public),
    (Method::GET, "/ssh/krl/{name}", Access::Public),
    (Method::GET, "/pki/{name}/crl", Access::Public),
    (Method::GET, "/pki/{name}/ca.pem", Access::Public),
    (Method::GET, "/.well-known/jwks.json", Access::Public),
    (Method::GET, "/.well-known/openid-configuration", Access::Public),
    (Method::GET, "/tokens/revoked", Access::Public),
    (Method::GET, "/metrics", Access::Needs(P::MetricsRead)),
    (Method::POST, "/api/v1/setup/begin", Access::Public),
    (Method::POST, "/api/v1/setup/complete", Access::Public),
    (Method::POST, "/api/v1/sign-in", Access::Public),
    (Method::POST, "/api/v1/sign-out", Access::Needs(P::SelfRead)),
    (Method::GET, "/api/v1/me", Access::Needs(P::SelfRead)),
    (Method::GET, "/api/v1/me/access", Access::Needs(P::SelfRead)),
    (Method::GET, "/api/v1/me/tokens", Access::Needs(P::SelfCredentials)),
    (Method::POST, "/api/v1/me/tokens", Access::Needs(P::SelfCredentials)),
    (Method::DELETE, "/api/v1/me/tokens/{id}", Access::Needs(P::SelfCredentials)),
    (Method::GET, "/api/v1/me/ssh-keys", Access::Needs(P::SelfCredentials)),
    (Method::POST, "/api/v1/me/ssh-keys", Access::Needs(P::SelfCredentials)),
    (Method::DELETE, "/api/v1/me/ssh-keys/{id}", Access::Needs(P::SelfCredentials)),
    (Method::POST, "/api/v1/me/ssh-certificate", Access::Needs(P::SelfCredentials)),
    (Method::GET, "/api/v1/requests", Access::Needs(P::SelfRead)),
    (Method::POST, "/api/v1/requests", Access::Needs(P::RequestsCreate)),
    (Method::GET, "/api/v1/requests/{id}", Access::Needs(P::SelfRead)),
    (Method::POST, "/api/v1/requests/{id}/approve", Access::Needs(P::RequestsDecide)),
    (Method::POST, "/api/v1/requests/{id}/deny", Access::Needs(P::RequestsDecide)),
    (Method::POST, "/api/v1/requests/{id}/cancel", Access::Needs(P::RequestsCreate)),
    (Method::GET, "/api/v1/grants", Access::Needs(P::SelfRead)),
    (Method::GET, "/api/v1/grants/{id}", Access::Needs(P::SelfRead)),
    (Method::POST, "/api/v1/grants/{id}/withdraw", Access::Needs(P::RequestsCreate)),
    (Method::GET, "/api/v1/grants/{id}/story", Access::Needs(P::SelfRead)),
    (Method::GET, "/api/v1/grants/{id}/evidence", Access::Needs(P::EvidenceExport)),
    (Method::GET, "/api/v1/sessions", Access::Needs(P::SelfRead)),
    (Method::GET, "/api/v1/sessions/{id}", Access::Needs(P::SelfRead)),
    (Method::POST, "/api/v1/sessions/{id}/kill", Access::Needs(P::RequestsCreate)),
    (Method::GET, "/api/v1/sessions/{id}/recording", Access::Needs(P::SessionsReplay)),
    (Method::GET, "/api/v1/sessions/{id}/live", Access::Needs(P::SessionsReplay)),
    (Method::GET, "/api/v1/identities", Access::Needs(P::IdentitiesRead)),
    (Method::GET, "/api/v1/identities/{id}", Access::Needs(P::IdentitiesRead)),
    (Method::POST, "/api/v1/identities/{id}/setup-link", Access::Needs(P::IdentitiesInvite)),
    (Method::PUT, "/api/v1/identities/{id}/roles", Access::Needs(P::RolesAssign)),
    (Method::GET, "/api/v1/identities/{id}/timeline", Access::Needs(P::IdentitiesRead)),
    (Method::POST, "/api/v1/identities/{id}/terminate", Access::Needs(P::LifecycleTerminate)),
    (Method::POST, "/api/v1/identities/{id}/suspend", Access::Needs(P::LifecycleTerminate)),
    (Method::POST, "/api/v1/identities/{id}/leave", Access::Needs(P::LifecycleTerminate)),
    (Method::POST, "/api/v1/identities/{id}/resume", Access::Needs(P::LifecycleTerminate)),
    (Method::GET, "/api/v1/identities/{id}/assignments", Access::Needs(P::IdentitiesRead)),
    (Method::GET, "/api/v1/assignments", Access::Needs(P::InventoryRead)),
    (Method::POST, "/api/v1/assignments", Access::Needs(P::EntitlementsWrite)),
    (Method::POST, "/api/v1/assignments/{id}/end", Access::Needs(P::EntitlementsWrite)),
    (Method::GET, "/api/v1/entitlements", Access::Needs(P::InventoryRead)),
    (Method::PUT, "/api/v1/entitlements", Access::Needs(P::EntitlementsWrite)),
    (Method::GET, "/api/v1/machines", Access::Needs(P::MachinesOwn)),
    (Method::POST, "/api/v1/machines", Access::Needs(P::MachinesOwn)),
    (Method::GET, "/api/v1/machines/{id}", Access::Needs(P::MachinesOwn)),
    (Method::PUT, "/api/v1/machines/{id}", Access::Needs(P::MachinesOwn)),
    (Method::POST, "/api/v1/machines/{id}/extend", Access::Needs(P::MachinesOwn)),
    (Method::POST, "/api/v1/machines/{id}/hand-over", Access::Needs(P::MachinesOwn)),
    (Method::POST, "/api/v1/machines/{id}/end", Access::Needs(P::MachinesOwn)),
    (Method::GET, "/api/v1/machines/{id}/tokens", Access::Needs(P::MachinesOwn)),
    (Method::POST, "/api/v1/machines/{id}/tokens", Access::Needs(P::MachinesOwn)),
    (Method::DELETE, "/api/v1/machines/{id}/tokens/{token}", Access::Needs(P::MachinesOwn)),
    (Method::GET, "/api/v1/imports", Access::Needs(P::IdentitiesRead)),
    (Method::POST, "/api/v1/imports", Access::Needs(P::IdentitiesImport)),
    (Method::GET, "/api/v1/imports/{id}", Access::Needs(P::IdentitiesRead)),
    (Method::POST, "/api/v1/imports/{id}/confirm", Access::Needs(P::IdentitiesImport)),
    (Method::GET, "/api/v1/sources/{name}/scim", Access::Needs(P::SourcesRead)),
    (Method::PUT, "/api/v1/sources/{name}/scim", Access::Needs(P::SourcesWrite)),
    (Method::GET, "/scim/{source}/v2/ServiceProviderConfig", Access::Needs(P::SourcesPush)),
    (Method::GET, "/scim/{source}/v2/Schemas", Access::Needs(P::SourcesPush)),
    (Method::GET, "/scim/{source}/v2/Schemas/{id}", Access::Needs(P::SourcesPush)),
    (Method::GET, "/scim/{source}/v2/ResourceTypes", Access::Needs(P::SourcesPush)),
    (Method::GET, "/scim/{source}/v2/ResourceTypes/{id}", Access::Needs(P::SourcesPush)),
    (Method::GET, "/scim/{source}/v2/Me", Access::Needs(P::SourcesPush)),
    (Method::PUT, "/scim/{source}/v2/Me", Access::Needs(P::SourcesPush)),
    (Method::PATCH, "/scim/{source}/v2/Me", Access::Needs(P::SourcesPush)),
    (Method::DELETE, "/scim/{source}/v2/Me", Access::Needs(P::SourcesPush)),
    (Method::POST, "/scim/{source}/v2/Bulk", Access::Needs(P::SourcesPush)),
    (Method::GET, "/scim/{source}/v2", Access::Needs(P::SourcesPush)),
    (Method::POST, "/scim/{source}/v2/.search", Access::Needs(P::SourcesPush)),
    (Method::POST, "/scim/{source}/v2/{type}/.search", Access::Needs(P::SourcesPush)),
    (Method::GET, "/scim/{source}/v2/{type}", Access::Needs(P::SourcesPush)),
    (Method::POST, "/scim/{source}/v2/{type}", Access::Needs(P::SourcesPush)),
    (Method::GET, "/scim/{source}/v2/{type}/{id}", Access::Needs(P::SourcesPush)),
    (Method::PUT, "/scim/{source}/v2/{type}/{id}", Access::Needs(P::SourcesPush)),
    (Method::PATCH, "/scim/{source}/v2/{type}/{id}", Access::Needs(P::SourcesPush)),
    (Method::DELETE, "/scim/{source}/v2/{type}/{id}", Access::Needs(P::SourcesPush)),
    (Method::GET, "/api/v1/sources", Access::Needs(P::SourcesRead)),
    (Method::PUT, "/api/v1/sources", Access::Needs(P::SourcesWrite)),
    (Method::GET, "/api/v1/identities/{id}/records", Access::Needs(P::IdentitiesRead)),
    (Method::GET, "/api/v1/match-cases", Access::Needs(P::CasesRead)),
    (Method::GET, "/api/v1/match-cases/{id}", Access::Needs(P::CasesRead)),
    (Method::POST, "/api/v1/match-cases/{id}/decide", Access::Needs(P::CasesDecide)),
    (Method::GET, "/api/v1/systems", Access::Needs(P::SystemsRead)),
    (Method::PUT, "/api/v1/systems", Access::Needs(P::SystemsWrite)),
    (Method::GET, "/api/v1/roles", Access::Needs(P::SystemsRead)),
    (Method::PUT, "/api/v1/roles", Access::Needs(P::SystemsWrite)),
    (Method::GET, "/api/v1/policy", Access::Needs(P::SystemsRead)),
    (Method::PUT, "/api/v1/policy", Access::Needs(P::SystemsWrite)),
    (Method::GET, "/api/v1/targets", Access::Needs(P::TargetsRead)),
    (Method::PUT, "/api/v1/targets", Access::Needs(P::TargetsWrite)),
    (Method::PUT, "/api/v1/targets/{name}/host-key", Access::Needs(P::TargetsWrite)),
    (Method::POST, "/api/v1/targets/{name}/discover", Access::Needs(P::TargetsDiscover)),
    (Method::GET, "/api/v1/targets/{name}/accounts", Access::Needs(P::TargetsRead)),
    (Method::GET, "/api/v1/services", Access::Needs(P::ServicesRead)),
    (Method::PUT, "/api/v1/services", Access::Needs(P::ServicesWrite)),
    (Method::GET, "/api/v1/credential-profiles", Access::Needs(P::SystemsRead)),
    (Method::PUT, "/api/v1/credential-profiles", Access::Needs(P::ProfilesWrite)),
    (Method::GET, "/api/v1/leases", Access::Needs(P::SelfRead)),
    (Method::POST, "/api/v1/leases", Access::Needs(P::LeasesUse)),
    (Method::POST, "/api/v1/leases/revoke", Access::Needs(P::LeasesRevoke)),
    (Method::GET, "/api/v1/leases/backlog", Access::Needs(P::LeasesRead)),
    (Method::POST, "/api/v1/leases/sweep", Access::Needs(P::LeasesRevoke)),
    (Method::GET, "/api/v1/leases/{id}", Access::Needs(P::SelfRead)),
    (Method::POST, "/api/v1/leases/{id}/renew", Access::Needs(P::LeasesUse)),
    (Method::POST, "/api/v1/leases/{id}/revoke", Access::Needs(P::LeasesUse)),
    (Method::GET, "/api/v1/secrets", Access::Needs(P::SelfRead)),
    (Method::GET, "/api/v1/secrets/{name}", Access::Needs(P::SecretsUse)),
    (Method::PUT, "/api/v1/secrets/{name}", Access::Needs(P::SecretsUse)),
    (Method::PATCH, "/api/v1/secrets/{name}", Access::Needs(P::SecretsUse)),
    (Method::DELETE, "/api/v1/secrets/{name}", Access::Needs(P::SecretsUse)),
    (Method::POST, "/api/v1/secrets/{name}/delete", Access::Needs(P::SecretsUse)),
    (Method::POST, "/api/v1/secrets/{name}/undelete", Access::Needs(P::SecretsUse)),
    (Method::POST, "/api/v1/secrets/{name}/destroy", Access::Needs(P::SecretsUse)),
    (Method::GET, "/api/v1/secrets/{name}/metadata", Access::Needs(P::SelfRead)),
    (Method::PATCH, "/api/v1/secrets/{name}/metadata", Access::Needs(P::SecretsUse)),
    (Method::POST, "/api/v1/secrets/{name}/wrap", Access::Needs(P::SecretsUse)),
    (Method::POST, "/api/v1/unwrap", Access::Public),
    (Method::POST, "/api/v1/unwrap/lookup", Access::Public),
    (Method::GET, "/api/v1/checkouts", Access::Needs(P::SelfRead)),
    (Method::POST, "/api/v1/checkouts", Access::Needs(P::CheckoutsUse)),
    (Method::GET, "/api/v1/checkouts/{id}", Access::Needs(P::SelfRead)),
    (Method::POST, "/api/v1/checkouts/{id}/confirm", Access::Needs(P::CheckoutsUse)),
    (Method::POST, "/api/v1/checkouts/{id}/extend", Access::Needs(P::CheckoutsUse)),
    (Method::POST, "/api/v1/checkouts/{id}/return", Access::Needs(P::CheckoutsUse)),
    (Method::POST, "/api/v1/checkouts/{id}/force", Access::Needs(P::CheckoutsForce)),
    (Method::GET, "/api/v1/accounts", Access::Needs(P::AccountsRead)),
    (Method::POST, "/api/v1/accounts", Access::Needs(P::AccountsWrite)),
    (Method::GET, "/api/v1/accounts/{id}", Access::Needs(P::AccountsRead)),
    (Method::PUT, "/api/v1/accounts/{id}", Access::Needs(P::AccountsWrite)),
    (Method::DELETE, "/api/v1/accounts/{id}", Access::Needs(P::AccountsWrite)),
    (Method::POST, "/api/v1/accounts/{id}/verify", Access::Needs(P::AccountsRotate)),
    (Method::POST, "/api/v1/accounts/{id}/rotate", Access::Needs(P::AccountsRotate)),
    (Method::POST, "/api/v1/accounts/{id}/reconcile", Access::Needs(P::AccountsRotate)),
    (Method::PUT, "/api/v1/accounts/{id}/value", Access::Needs(P::AccountsWrite)),
    (Method::PUT, "/api/v1/accounts/{id}/pair", Access::Needs(P::AccountsWrite)),
    (Method::GET, "/api/v1/accounts/{id}/history", Access::Needs(P::AccountsRead)),
    (Method::GET, "/api/v1/accounts/{id}/dependents", Access::Needs(P::AccountsRead)),
    (Method::POST, "/api/v1/accounts/{id}/dependents/find", Access::Needs(P::AccountsWrite)),
    (Method::POST, "/api/v1/accounts/{id}/dependents/dry-run", Access::Needs(P::AccountsWrite)),
    (Method::PUT, "/api/v1/dependents/{id}", Access::Needs(P::AccountsWrite)),
    (Method::DELETE, "/api/v1/dependents/{id}", Access::Needs(P::AccountsWrite)),
    (Method::GET, "/api/v1/password-policies", Access::Needs(P::AccountsRead)),
    (Method::PUT, "/api/v1/password-policies", Access::Needs(P::AccountsWrite)),
    (Method::GET, "/api/v1/rotations", Access::Needs(P::AccountsRead)),
    (Method::GET, "/api/v1/rotations/{id}", Access::Needs(P::AccountsRead)),
    (Method::GET, "/api/v1/issuers", Access::Needs(P::SystemsRead)),
    (Method::POST, "/api/v1/issuers", Access::Needs(P::ProfilesWrite)),
    (Method::GET, "/api/v1/issuers/{name}", Access::Needs(P::SystemsRead)),
    (Method::GET, "/api/v1/issuers/{name}/request", Access::Needs(P::ProfilesWrite)),
    (Method::POST, "/api/v1/issuers/{name}/import-certificate", Access::Needs(P::ProfilesWrite)),
    (Method::POST, "/api/v1/issuers/{name}/rotate-key", Access::Needs(P::ProfilesWrite)),
    (Method::POST, "/api/v1/issuers/{name}/withdraw", Access::Needs(P::ProfilesWrite)),
    (Method::GET, "/api/v1/issuers/{name}/profiles", Access::Needs(P::SystemsRead)),
    (Method::PUT, "/api/v1/issuers/{name}/profiles", Access::Needs(P::ProfilesWrite)),
    (Method::POST, "/api/v1/issuers/{name}/issue", Access::Needs(P::LeasesUse)),
    (Method::GET, "/api/v1/issued", Access::Needs(P::SelfRead)),
    (Method::POST, "/api/v1/issued/{id}/revoke", Access::Needs(P::LeasesUse)),
    (Method::GET, "/api/v1/scans", Access::Needs(P::HygieneScan)),
    (Method::POST, "/api/v1/scans", Access::Needs(P::HygieneScan)),
    (Method::POST, "/api/v1/scans/recordings", Access::Needs(P::HygieneScan)),
    (Method::POST, "/api/v1/scans/{id}/digests", Access::Needs(P::HygieneScan)),
    (Method::POST, "/api/v1/scans/{id}/matches", Access::Needs(P::HygieneScan)),
    (Method::GET, "/api/v1/hygiene/lint", Access::Needs(P::HygieneScan)),
    (Method::GET, "/api/v1/access/as-of", Access::Needs(P::AccessRead)),
    (Method::GET, "/api/v1/ledger/entries", Access::Needs(P::LedgerRead)),
    (Method::GET, "/api/v1/ledger/raw", Access::Needs(P::LedgerRead)),
    (Method::GET, "/api/v1/ledger/checkpoint", Access::Needs(P::LedgerRead)),
    (Method::GET, "/api/v1/ledger/consistency", Access::Needs(P::LedgerRead)),
    (Method::GET, "/api/v1/findings", Access::Needs(P::FindingsRead)),
    (Method::GET, "/api/v1/invariants", Access::Needs(P::InvariantsVerify)),
    (Method::GET, "/api/v1/seal", Access::Public),
    (Method::POST, "/api/v1/seal/unseal", Access::Public),
    (Method::POST, "/api/v1/seal/seal", Access::Needs(P::SealSeal)),
    (Method::POST, "/api/v1/seal/rotate-root", Access::Needs(P::SealRekey)),
    (Method::POST, "/api/v1/seal/rekey", Access::Needs(P::SealRekey)),
    (Method::POST, "/api/v1/seal/forget-node", Access::Needs(P::SealRekey)),
    (Method::GET, "/api/v1/overview", Access::Needs(P::SelfRead)),
];

pub(crate) fn access(method: &Method, path: &str) -> Option<Access> {
    let method = if method == Method::HEAD { &Method::GET } else { method };
    ENDPOINTS.iter().find(|(m, p, _)| m == method && *p == path).map(|(.., access)| *access)
}

/// The methods that a path has.
pub(crate) fn methods(path: &str) -> Vec<&'static str> {
    ENDPOINTS.iter().filter(|(_, listed, _)| *listed == path).map(|(method, ..)| method.as_str()).collect()
}

/// The whole matrix as text: permissions by role, then endpoints by permission.
pub fn matrix() -> String {
    let mut text = String::from("# Permissions of Tenure itself, by role\n\n");
    for permission in P::ALL {
        let holders: Vec<&str> = Role::ALL.into_iter().filter(|r| r.permits(*permission)).map(Role::as_str).collect();
        text += &format!("{:<20} {}\n", permission.as_str(), holders.join(" "));
    }
    text += "\n# What the token of a machine identity can have\n\n";
    for permission in P::ALL.iter().filter(|permission| permission.fits_a_machine()) {
        text += &format!("{permission}\n");
    }
    text += "\n# Endpoints, by what they need\n\n";
    for (method, path, access) in ENDPOINTS {
        let needs = match access {
            Access::Public => "public",
            Access::Needs(permission) => permission.as_str(),
        };
        text += &format!("{:<7} {path:<40} {needs}\n", method.as_str());
    }
    text += "\n# Channels of a grant, each asks for a permit of its own\n\n";
    for channel in types::Channel::ALL {
        let given =
            if types::Channel::DEFAULT.contains(&channel) { "by default" } else { "only when the grant names it" };
        text += &format!("{:<20} {given}\n", channel.as_str());
    }
    text
}
