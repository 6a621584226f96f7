//! A whole listing of a system as lines of text.

use connectors::connector::{
    AccountKind, AccountRef, Attributes, Member, NativeId, NewAccount, Page, Part, Since, Status,
};
use connectors::{Connector, ConnectorError, listing};
use futures::StreamExt;
use std::collections::BTreeMap;
use types::Secret;

/// Everything, with the end that proves it.
pub(crate) async fn whole(system: &dyn Connector) -> Result<Vec<Part>, ConnectorError> {
    let mut pages = std::pin::pin!(listing::checked("here".to_owned(), system.list(Since::Ever)));
    let mut parts = Vec::new();
    loop {
        match pages.next().await.expect("a checked listing has an end")? {
            Page::Part(part) => parts.push(part),
            Page::End { .. } => return Ok(parts),
        }
    }
}

/// What was listed, but for what is the system's own: names in place of ids.
pub(crate) async fn lines(system: &dyn Connector) -> Vec<String> {
    let parts = whole(system).await.unwrap();
    let accounts = || parts.iter().flat_map(|part| &part.accounts);
    let entitlements = || parts.iter().flat_map(|part| &part.entitlements);
    let logins: BTreeMap<&NativeId, &str> = accounts().map(|one| (&one.id, one.login.as_str())).collect();
    let names: BTreeMap<&NativeId, &str> = entitlements().map(|one| (&one.id, one.name.as_str())).collect();
    let mut lines = Vec::new();
    for one in accounts().filter(|one| one.kind == AccountKind::Ordinary) {
        let status = if one.status == Status::Enabled { "enabled" } else { "disabled" };
        let attributes: Vec<String> =
            one.attributes.iter().map(|(name, values)| format!("{name}={}", values.join("+"))).collect();
        lines.push(format!("account {}: {status} {} {}", one.login, one.privileged.join("+"), attributes.join(" ")));
    }
    for one in entitlements() {
        lines.push(format!("{} {}: {}", one.kind.as_str(), one.name, one.privileged.as_deref().unwrap_or("ordinary")));
    }
    for one in parts.iter().flat_map(|part| &part.memberships) {
        let member = match &one.member {
            Member::Account(id) => format!("account {}", logins[id]),
            Member::Entitlement(id) => format!("entitlement {}", names[id]),
        };
        lines.push(format!("{member} in {}", names[&one.entitlement]));
    }
    for line in &mut lines {
        line.truncate(line.trim_end().len());
    }
    lines.sort();
    lines
}

/// The id of the entitlement of this name.
pub(crate) async fn named(system: &dyn Connector, name: &str) -> NativeId {
    let parts = whole(system).await.unwrap();
    let mut all = parts.into_iter().flat_map(|part| part.entitlements);
    all.find(|one| one.name == name).unwrap_or_else(|| panic!("no entitlement {name}")).id
}

pub(crate) fn by_login(login: &str) -> AccountRef {
    AccountRef { id: None, login: login.to_owned() }
}

pub(crate) fn new(login: &str, password: Option<&str>, mark: &str) -> NewAccount {
    let password = password.map(|password| Secret::new(password.to_owned()));
    NewAccount { login: login.to_owned(), attributes: Attributes::new(), password, mark: mark.to_owned() }
}

pub(crate) fn attribute(name: &str, value: &str) -> Attributes {
    Attributes::from([(name.to_owned(), vec![value.to_owned()])])
}

/// What an account holds, and whether it is enabled; `None` when it is not there.
pub(crate) async fn held(system: &dyn Connector, login: &str) -> Option<(Status, Vec<String>)> {
    let held = system.read(&by_login(login)).await.unwrap()?;
    let mut names: Vec<String> = held.entitlements.into_iter().map(|one| one.name).collect();
    names.sort();
    Some((held.account.status, names))
}
