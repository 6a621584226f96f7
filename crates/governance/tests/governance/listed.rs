//! Accounts and entitlements as a connector lists them.

use connectors::connector::{Account, AccountKind, Attributes, Entitlement, EntitlementKind, NativeId, Status};

pub(crate) fn native(id: &str) -> NativeId {
    NativeId(id.to_owned())
}

pub(crate) fn account(login: &str) -> Account {
    Account {
        id: native(login),
        login: login.to_owned(),
        status: Status::Enabled,
        attributes: Attributes::new(),
        privileged: Vec::new(),
        last_used_at: None,
        kind: AccountKind::Ordinary,
    }
}

pub(crate) fn group(id: &str, name: &str, privileged: Option<&str>) -> Entitlement {
    let privileged = privileged.map(str::to_owned);
    Entitlement { id: native(id), kind: EntitlementKind::Group, name: name.to_owned(), privileged }
}
