//! What the company has declared, as files: its systems, how accounts are made there, roles, sources, and the policy.

use super::systems::SYSTEMS;
use crate::years::oracle::Policy;
use crate::years::roles::{Grant, ROLES, Role, entitlements};
use governance::configuration::File;
use std::collections::{BTreeMap, BTreeSet};

/// How long everybody may ask for a log-in on the hosts.
pub(super) const MINUTES: u32 = 60;

/// By system, what can be held there.
pub(super) fn held() -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let mut held: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for Grant { system, entitlement, .. } in here() {
        held.entry(system).or_default().insert(entitlement);
    }
    held
}

fn here() -> impl Iterator<Item = Grant> {
    entitlements().into_iter().filter(|grant| SYSTEMS.contains(&grant.system))
}

/// Everything, with one owner of all.
pub(super) fn files(owner: &str, policy: Policy) -> Vec<File> {
    let systems = SYSTEMS.map(|system| {
        let logins = if is_host(system) { ", logins: [deploy]" } else { "" };
        document("System", system, &format!("{{owner: {owner}{logins}}}"))
    });
    let mappings = SYSTEMS.map(|system| {
        let attributes = match system {
            "directory" | "ad" => ", attributes: {mail: '{email}', sn: '{family_name}'}",
            _ => "",
        };
        let days = policy.retention;
        let spec = format!(
            "{{login: '{{employee_id}}', creates: true, drift: revert, delete_after_days: {days}{attributes}}}"
        );
        document("Mapping", system, &spec)
    });
    let of_entitlement = |one: Grant| {
        let power = match one.privileged {
            true => ", risk: high, privileged: {is: true, why: the company says so}",
            false => "",
        };
        document("Entitlement", &format!("{}@{}", one.entitlement, one.system), &format!("{{owner: {owner}{power}}}"))
    };
    let sources = ["hr", "contractors"].map(|source| {
        let (precedence, text) = (if source == "hr" { 100 } else { 200 }, "kind: text");
        let attributes =
            ["time_zone", "employment", "worker"].map(|name| format!("{{name: {name}, {text}}}")).join(", ");
        let settings = format!("{{precedence: {precedence}, attributes: [{attributes}]}}");
        document("Source", source, &format!("{{kind: csv, owner: {owner}, settings: {settings}}}"))
    });
    let Policy { prepare, grace, .. } = policy;
    let lifecycle = format!("{{lifecycle: {{prepare_days: {prepare}, mover_grace_days: {grace}}}}}");
    let all = [
        ("systems.yaml", systems.to_vec()),
        ("mappings.yaml", mappings.to_vec()),
        ("entitlements.yaml", here().map(of_entitlement).collect()),
        ("sources.yaml", sources.to_vec()),
        ("policy.yaml", vec![document("Policy", "default", &lifecycle)]),
    ];
    let file = |(name, documents): (&str, Vec<String>)| File { name: name.to_owned(), text: documents.join("---\n") };
    all.into_iter().map(file).chain([roles(MINUTES)]).collect()
}

/// The roles, with what everybody may ask for on the hosts.
pub(super) fn roles(minutes: u32) -> File {
    let text = ROLES.iter().map(|role| of_role(role, minutes)).collect::<Vec<_>>().join("---\n");
    File { name: "roles.yaml".to_owned(), text }
}

fn of_role(role: &Role, minutes: u32) -> String {
    let grants = role.grants.iter().filter(|grant| SYSTEMS.contains(&grant.system));
    let grants = grants.map(|one| format!("{{system: {}, entitlement: {}}}", one.system, one.entitlement));
    let grants = grants.collect::<Vec<_>>().join(", ");
    let conflicts = role.conflicts_with.map(|other| format!("\n  conflicts_with: [{other}]")).unwrap_or_default();
    let offer = |host: &str| format!("{{system: {host}, login: deploy, max_minutes: {minutes}}}");
    let eligible = match role.name {
        "staff" => format!("\n  makes_eligible: [{}, {}]", offer("web-1"), offer("web-2")),
        _ => String::new(),
    };
    let spec = format!("\n  condition: '{}'\n  grants: [{grants}]{conflicts}{eligible}", role.condition());
    document("Role", role.name, &spec)
}

fn is_host(system: &str) -> bool {
    system.starts_with("web-")
}

fn document(kind: &str, name: &str, spec: &str) -> String {
    format!("kind: {kind}\nname: {name}\nspec: {spec}\n")
}
