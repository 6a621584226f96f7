//! A Linux host as a system with accounts and entitlements: its local users, its groups, sudo rules of ours, keys that let
//! in. Who stands in a directory belongs to that directory and is not seen here.

use super::as_root::AsRoot;
use super::sudoers::{DeclaredRule, DropIns};
use super::{HostSession, inventory};
use crate::ConnectorError;
use crate::acts::Listed;
use crate::connector::{Can, Capabilities, Health, Pages};
use futures::{FutureExt, StreamExt};
use std::collections::BTreeMap;
use std::num::NonZeroU8;

/// What of a host we look after.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// Sudo rules that can be given, by the names that they are given by.
    #[serde(default)]
    pub sudo: BTreeMap<String, DeclaredRule>,
}

impl Scope {
    /// # Errors
    /// `BadName`.
    pub fn check(&self) -> Result<(), ConnectorError> {
        self.sudo.iter().try_for_each(|(slug, rule)| rule.check(slug))
    }
}

/// A host over one connection, whose login is root or may use `sudo -n` for everything. When the connection is lost, every
/// act says so: whoever made it makes another.
pub struct Linux {
    pub(super) session: HostSession,
    pub(super) scope: Scope,
}

impl Linux {
    /// # Errors
    /// `BadName`.
    pub fn on(session: HostSession, scope: Scope) -> Result<Self, ConnectorError> {
        scope.check()?;
        Ok(Self { session, scope })
    }

    pub(super) async fn root(&self) -> Result<AsRoot<'_>, ConnectorError> {
        AsRoot::on(&self.session).await
    }

    pub(super) fn drop_ins<'a>(&'a self, root: &'a AsRoot<'a>) -> DropIns<'a> {
        DropIns { root, rules: &self.scope.sudo, address: self.session.address() }
    }

    pub(super) fn rejected(&self, act: &'static str, detail: impl Into<String>) -> ConnectorError {
        ConnectorError::Rejected { address: self.session.address().to_owned(), act, detail: detail.into() }
    }
}

impl Listed for Linux {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            create: Can::Yes,
            disable: Can::Yes,
            delete: Can::Yes,
            grant: Can::Yes,
            set_password: Can::Yes,
            nested: Can::No,
            last_use: Can::Yes,
            marks: Can::Yes,
            parallel: NonZeroU8::MIN,
        }
    }

    async fn test(&self) -> Result<Health, ConnectorError> {
        let root = self.root().await?;
        let look = ". /etc/os-release 2>/dev/null; echo \"${PRETTY_NAME:-Linux}, $(uname -n)\"";
        let output = root.run(&["/bin/sh", "-c", look], None).await?;
        Ok(Health { says: crate::error::one_line(&output.stdout_text()) })
    }

    fn list(&self) -> Pages<'_> {
        inventory::pages(self).into_stream().flat_map(futures::stream::iter).boxed()
    }
}
