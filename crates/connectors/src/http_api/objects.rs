//! What the items of a described API are as accounts, entitlements and memberships. Asks nothing.

use super::description::{Accounts, Entitlements, Memberships, Pointer};
use crate::connector::{Account, AccountKind, Entitlement, Member, Membership, NativeId, Status};
use serde_json::Value;

/// `None`: it lacks what every one has. `ours` is the login that we have there ourselves.
pub(super) fn account(of: &Accounts, item: &Value, ours: &str) -> Option<Account> {
    let login = text(&of.login, item)?;
    let enabled = of.enabled.as_ref().is_none_or(|enabled| enabled.at.of(item) == Some(&enabled.is));
    let attributes = of.attributes.iter().map(|(name, at)| (name.clone(), texts(at, item)));
    Some(Account {
        id: NativeId(text(&of.id, item)?),
        kind: if login == ours { AccountKind::BuiltIn } else { AccountKind::Ordinary },
        login,
        status: if enabled { Status::Enabled } else { Status::Disabled },
        attributes: attributes.filter(|(_, values)| !values.is_empty()).collect(),
        privileged: Vec::new(),
        last_used_at: None,
    })
}

pub(super) fn entitlement(of: &Entitlements, item: &Value) -> Option<Entitlement> {
    let (id, name) = (NativeId(text(&of.id, item)?), text(&of.name, item)?);
    Some(Entitlement { id, kind: of.kind, name, privileged: None })
}

/// Who is in an entitlement that says it itself.
pub(super) fn members(of: &Entitlements, item: &Value) -> Option<Vec<Membership>> {
    let Some(members) = &of.members else { return Some(Vec::new()) };
    let entitlement = NativeId(text(&of.id, item)?);
    let listed = members.at.of(item).map_or(Some(&[][..]), |listed| listed.as_array().map(Vec::as_slice))?;
    let member = |one: &Value| Some(between(text(&members.account, one)?, entitlement.clone()));
    listed.iter().map(member).collect()
}

pub(super) fn membership(of: &Memberships, item: &Value) -> Option<Membership> {
    Some(between(text(&of.account, item)?, NativeId(text(&of.entitlement, item)?)))
}

fn between(account: String, entitlement: NativeId) -> Membership {
    Membership { member: Member::Account(NativeId(account)), entitlement }
}

/// Its only value, which is not empty.
pub(super) fn text(at: &Pointer, item: &Value) -> Option<String> {
    plain(at.of(item)?).filter(|text| !text.is_empty())
}

fn texts(at: &Pointer, item: &Value) -> Vec<String> {
    match at.of(item) {
        Some(Value::Array(all)) => all.iter().filter_map(plain).collect(),
        Some(one) => plain(one).into_iter().collect(),
        None => Vec::new(),
    }
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
