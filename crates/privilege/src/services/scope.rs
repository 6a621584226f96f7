//! What of a service is read and changed, where its address does not say it. Pure.

use super::{Service, ServiceKind};
use connectors::http_api::{Description, DescriptionError};
use connectors::openldap::Lock;
use connectors::{active_directory, openldap, scim};
use std::collections::BTreeSet;

/// Each kind of service has some of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Scope {
    /// Where the tables of a `csv` service are, on this server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    /// What can be held on a `manual` service, by name: `badge-office`. Who holds it is what persons say they did.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub entitlements: BTreeSet<String>,
    /// Where a `scim` service is on its server, such as `/scim/v2`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Whether a `scim` service keeps passwords.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passwords: Option<bool>,
    /// What an `http_api` service is like, in YAML: see [`Description`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api: Option<String>,
    /// Below which entry of a directory new accounts are made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_accounts: Option<String>,
    /// Attributes of a directory that are read besides the usual ones.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<String>,
    /// The object class of accounts; `openldap` only, like all below.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_class: Option<String>,
    /// The attribute with the login, by which new accounts are named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub login_attribute: Option<String>,
    /// How an account is switched off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lock: Option<Lock>,
    /// Who stands in a group that would be without a member: a name that no entry has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub placeholder: Option<String>,
}

impl Scope {
    /// Whether all of it belongs to a kind of service.
    pub(super) fn fits(&self, kind: ServiceKind) -> bool {
        let is_openldap = kind == ServiceKind::Openldap;
        let is_directory = is_openldap || kind == ServiceKind::ActiveDirectory;
        let openldap = self.account_class.is_some()
            || self.login_attribute.is_some()
            || self.lock.is_some()
            || self.placeholder.is_some();
        let directory = self.new_accounts.is_some() || !self.attributes.is_empty();
        let scim = self.path.is_some() || self.passwords.is_some();
        (is_openldap || !openldap)
            && (is_directory || !directory)
            && (kind == ServiceKind::Scim || !scim)
            && (kind == ServiceKind::HttpApi || self.api.is_none())
            && (kind == ServiceKind::Csv || self.folder.is_none())
            && (kind == ServiceKind::Manual || self.entitlements.is_empty())
    }

    /// Without what says only how things are changed there, or what persons can be asked for.
    pub(super) fn seen(&self) -> Self {
        let (new_accounts, passwords, placeholder, entitlements) = (None, None, None, BTreeSet::new());
        Self { new_accounts, passwords, placeholder, entitlements, ..self.clone() }
    }

    pub(crate) fn of_scim(service: &Service) -> scim::Scope {
        let (path, passwords) = (service.scope.path.clone().unwrap_or_default(), service.scope.passwords);
        scim::Scope { path, passwords: passwords.unwrap_or_default() }
    }

    /// # Errors
    /// The first fault of the file, with where in it it is.
    pub(crate) fn of_http_api(&self) -> Result<Description, DescriptionError> {
        Description::parse(self.api.as_deref().unwrap_or_default())
    }

    pub(crate) fn of_openldap(service: &Service) -> openldap::Scope {
        let (scope, usual) = (&service.scope, openldap::Scope::new(service.base_dn.as_deref().unwrap_or_default()));
        openldap::Scope {
            new_accounts: scope.new_accounts.clone(),
            account_class: scope.account_class.clone().unwrap_or(usual.account_class),
            login_attribute: scope.login_attribute.clone().unwrap_or(usual.login_attribute),
            lock: scope.lock.clone().unwrap_or_default(),
            placeholder: scope.placeholder.clone(),
            attributes: scope.attributes.clone(),
            base: usual.base,
        }
    }

    pub(crate) fn of_active_directory(service: &Service) -> active_directory::Scope {
        let usual = active_directory::Scope::new(service.base_dn.as_deref().unwrap_or_default());
        let (new_accounts, attributes) = (service.scope.new_accounts.clone(), service.scope.attributes.clone());
        active_directory::Scope { new_accounts, attributes, ..usual }
    }
}
