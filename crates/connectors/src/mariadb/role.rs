//! How a MariaDB server names its accounts, roles and rights, here and in its own statements. Pure.

use super::password::host;
use crate::ConnectorError;
use crate::connector::{Entitlement, EntitlementKind, NativeId};
use crate::quote_sql::mariadb_name;

/// A user and the host that it comes from, or a role, which has no host.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Named {
    pub(super) user: String,
    pub(super) host: String,
}

impl Named {
    pub(super) fn role(name: &str) -> Self {
        Self { user: name.to_owned(), host: String::new() }
    }

    /// `alice` comes from everywhere; one that comes from elsewhere only is `alice@localhost`.
    pub(super) fn login(&self) -> String {
        if self.host == "%" { self.user.clone() } else { format!("{}@{}", self.user, self.host) }
    }

    pub(super) fn id(&self) -> NativeId {
        NativeId(format!("{}@{}", self.user, self.host))
    }

    /// No host holds an `@`.
    pub(super) fn of_id(id: &NativeId) -> Option<Self> {
        let (user, host) = id.0.rsplit_once('@')?;
        (!host.is_empty()).then(|| Self { user: user.to_owned(), host: host.to_owned() })
    }

    /// As statements name it.
    pub(super) fn quoted(&self) -> Result<String, ConnectorError> {
        let user = mariadb_name(&self.user)?;
        if self.host.is_empty() { Ok(user) } else { Ok(format!("{user}@{}", host(&self.host)?)) }
    }

    /// The server's own, which Debian's and MariaDB's installation make.
    pub(super) fn is_the_servers(&self) -> bool {
        ["root", "mysql", "mariadb.sys", "debian-sys-maint", ""].contains(&self.user.as_str())
    }
}

/// Rights on everything: the column of `mysql.user`, and the right as statements name it.
pub(super) const POWERS: [(&str, &str); 9] = [
    ("Super_priv", "super"),
    ("Create_user_priv", "create user"),
    ("Grant_priv", "grant option"),
    ("File_priv", "file"),
    ("Shutdown_priv", "shutdown"),
    ("Select_priv", "select"),
    ("Insert_priv", "insert"),
    ("Update_priv", "update"),
    ("Delete_priv", "delete"),
];

const POWER: &str = "power:";
const ROLE: &str = "role:";
pub(super) const GRANT: &str = "grant:";

pub(super) fn power(right: &str) -> Entitlement {
    let name = format!("{right} on *.*");
    let id = NativeId(format!("{POWER}{right}"));
    Entitlement { id, kind: EntitlementKind::Other, privileged: Some(name.clone()), name }
}

/// What an entitlement is to the server.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Meant<'a> {
    Role(&'a str),
    Power(&'static str),
    Grant,
    Nothing,
}

pub(super) fn meant(id: &NativeId) -> Meant<'_> {
    if let Some(name) = id.0.strip_prefix(ROLE) {
        return Meant::Role(name);
    }
    if let Some(right) = id.0.strip_prefix(POWER) {
        return POWERS
            .iter()
            .find(|(_, known)| *known == right)
            .map_or(Meant::Nothing, |(_, known)| Meant::Power(known));
    }
    if id.0.starts_with(GRANT) { Meant::Grant } else { Meant::Nothing }
}

pub(super) fn role_id(name: &str) -> NativeId {
    NativeId(format!("{ROLE}{name}"))
}

pub(super) fn role(name: &str, powers: &[&str]) -> Entitlement {
    let privileged = (!powers.is_empty()).then(|| format!("{} on *.*", powers.join(", ")));
    Entitlement { id: role_id(name), kind: EntitlementKind::Role, name: name.to_owned(), privileged }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_found_again_by_its_id() {
        for (user, host, login) in [
            ("ann", "%", "ann"),
            ("ann", "localhost", "ann@localhost"),
            ("ann@example.com", "%", "ann@example.com"),
            ("ann@example.com", "10.0.0.%", "ann@example.com@10.0.0.%"),
        ] {
            let named = Named { user: user.to_owned(), host: host.to_owned() };
            assert_eq!(named.login(), login);
            assert_eq!(Named::of_id(&named.id()), Some(named));
        }
        assert_eq!(Named::of_id(&NativeId("a_role@".to_owned())), None);
    }
}
