//! What the entries of an OpenLDAP directory mean: accounts of one object class, and groups of the three usual ones. Asks
//! nothing and changes nothing.

use super::groups::Named;
use super::system::{Lock, Scope};
use crate::ConnectorError;
use crate::connector::{Account, AccountKind, AccountRef, Attributes, Entitlement, EntitlementKind, NativeId, Status};
use crate::ldap::dn;
use crate::ldap::entry::{Entry, Range};
use crate::ldap::filter::{both, equals};
use crate::ldap::listing::{Keyed, Members, Schema};
use crate::ldap::session::Search;
use crate::ldap::tree::Found;

/// Groups by members' names (RFC 4519, 3.5 and 3.6) and by their logins (RFC 2307).
pub(super) const GROUPS: &str = "(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames)(objectClass=posixGroup))";
/// Attributes that hold members: the first two their names, the last their logins.
pub(super) const MEMBERS: [&str; 3] = ["member", "uniqueMember", "memberUid"];
/// Of an account that the overlay `ppolicy` keeps locked until somebody unlocks it
/// (draft-behera-ldap-password-policy-11, 5.3.3).
pub(super) const LOCKED_FOR_EVER: &str = "000001010000Z";
pub(super) const LOCKED_AT: &str = "pwdAccountLockedTime";

const ATTRIBUTES: [&str; 11] = [
    "cn",
    "departmentNumber",
    "description",
    "displayName",
    "employeeNumber",
    "entryDN",
    "givenName",
    "mail",
    "sn",
    "telephoneNumber",
    "title",
];
const GROUP: [&str; 3] = ["entryUUID", "cn", "objectClass"];

pub(super) struct OpenLdapSchema {
    pub(super) scope: Scope,
    /// Who we are there.
    pub(super) login: String,
}

impl OpenLdapSchema {
    pub(super) fn search(&self, filter: &str, attributes: &[&str]) -> Search {
        Search {
            base: self.scope.base.clone(),
            scope: ldap3::Scope::Subtree,
            filter: filter.to_owned(),
            attributes: attributes.iter().map(|name| (*name).to_owned()).collect(),
            controls: Vec::new(),
        }
    }

    /// Every account: an entry of the class that has a login.
    fn every_account(&self) -> String {
        both(&equals("objectClass", &self.scope.account_class), &format!("({}=*)", self.scope.login_attribute))
    }

    /// Accounts that fit `filter`, with everything that [`account`](Schema::account) needs.
    pub(super) fn accounts_with(&self, filter: &str) -> Search {
        let mut search = self.search(&both(&self.every_account(), filter), &ATTRIBUTES);
        search.attributes.extend(["entryUUID".to_owned(), self.scope.login_attribute.clone()]);
        search.attributes.extend(self.scope.attributes.iter().cloned());
        match &self.scope.lock {
            Lock::None => {}
            Lock::PasswordPolicy => search.attributes.push(LOCKED_AT.to_owned()),
            Lock::Attribute { name, .. } => search.attributes.push(name.clone()),
        }
        search
    }

    /// Groups of whom is called so, with their members.
    pub(super) fn groups_with(&self, whose: &Named) -> Search {
        let by_name = format!("{}{}", equals("member", &whose.dn), equals("uniqueMember", &whose.dn));
        let filter = both(GROUPS, &format!("(|{by_name}{})", equals("memberUid", &whose.login)));
        Search { filter, ..self.members() }
    }

    fn status(&self, entry: &Entry) -> Status {
        let (name, locked) = match &self.scope.lock {
            Lock::None => return Status::Enabled,
            Lock::PasswordPolicy => (LOCKED_AT, LOCKED_FOR_EVER),
            Lock::Attribute { name, locked, .. } => (name.as_str(), locked.as_str()),
        };
        let is_locked = entry.texts(name).iter().any(|value| value.eq_ignore_ascii_case(locked));
        if is_locked { Status::Disabled } else { Status::Enabled }
    }
}

impl Schema for OpenLdapSchema {
    fn entitlements(&self) -> Search {
        self.search(GROUPS, &GROUP)
    }

    fn accounts(&self) -> Search {
        self.accounts_with("(objectClass=*)")
    }

    fn members(&self) -> Search {
        self.search(GROUPS, &[&GROUP[..], &MEMBERS[..]].concat())
    }

    fn more_members(&self, _: &NativeId, _: usize) -> Option<Search> {
        None
    }

    fn one(&self, account: &AccountRef) -> Result<Vec<Search>, ConnectorError> {
        let by_login = equals(&self.scope.login_attribute, &account.login);
        let Some(id) = &account.id else { return Ok(vec![self.accounts_with(&by_login)]) };
        let by_id = equals("entryUUID", &id.0);
        // Servers have an index of logins, and seldom one of ids.
        Ok(vec![self.accounts_with(&both(&by_login, &by_id)), self.accounts_with(&by_id)])
    }

    fn base(&self) -> &str {
        &self.scope.base
    }

    fn anywhere(&self, id: &NativeId, tree: &str) -> Result<Search, ConnectorError> {
        Ok(Search { base: tree.to_owned(), ..self.search(&equals("entryUUID", &id.0), &["entryUUID"]) })
    }

    fn groups_of(&self, found: &Found) -> Vec<Search> {
        vec![self.groups_with(&Named::of(found))]
    }

    /// Not every server keeps such names, and none of them those of groups that count logins.
    fn groups_named_by(&self, _: &Found) -> Option<(Vec<Search>, usize)> {
        None
    }

    fn moved(&self, key: &str) -> Option<Search> {
        let dn = key.strip_prefix(BY_NAME).filter(|dn| dn::is_below(dn, &self.scope.base))?;
        Some(Search { base: dn.to_owned(), scope: ldap3::Scope::Base, ..self.accounts() })
    }

    fn entitlement(&self, entry: &Entry) -> Option<Keyed<Entitlement>> {
        let id = NativeId(entry.text("entryUUID")?.to_owned());
        let name = entry.text("cn")?.to_owned();
        let object = Entitlement { id, kind: EntitlementKind::Group, name, privileged: None };
        Some(Keyed { object, keys: vec![by_name(&entry.dn)?], implied: Vec::new() })
    }

    fn account(&self, entry: &Entry) -> Option<Keyed<Account>> {
        let id = NativeId(entry.text("entryUUID")?.to_owned());
        let login = login_of(entry, &self.scope.login_attribute)?;
        let keys = vec![by_name(&entry.dn)?, by_login(&login)];
        let own = ATTRIBUTES.into_iter().chain(self.scope.attributes.iter().map(String::as_str));
        let attributes = own.map(|name| (name.to_owned(), entry.texts(name))).filter(|(_, values)| !values.is_empty());
        let is_ours = dn::key(&self.login).is_some_and(|ours| keys[0] == format!("{BY_NAME}{ours}"));
        let object = Account {
            id,
            login,
            status: self.status(entry),
            attributes: attributes.collect::<Attributes>(),
            privileged: Vec::new(),
            last_used_at: None,
            kind: if is_ours { AccountKind::BuiltIn } else { AccountKind::Ordinary },
        };
        Some(Keyed { object, keys, implied: Vec::new() })
    }

    fn member_keys(&self, entry: &Entry) -> Option<Members> {
        let entitlement = NativeId(entry.text("entryUUID")?.to_owned());
        let names = ["member", "uniqueMember"].iter().flat_map(|name| entry.texts(name));
        let names = names.filter_map(|name| by_name(&name));
        let logins = entry.texts("memberUid").into_iter().map(|login| by_login(&login));
        let mut keys: Vec<String> = names.chain(logins).collect();
        keys.sort();
        keys.dedup();
        Some(Members { entitlement, keys, range: Range { next: None } })
    }
}

const BY_NAME: &str = "dn:";

fn by_name(dn: &str) -> Option<String> {
    dn::key(dn).map(|key| format!("{BY_NAME}{key}"))
}

/// Logins of groups are told apart by case (RFC 2307, 5.1).
fn by_login(login: &str) -> String {
    format!("login:{login}")
}

/// Of several values the one that the entry is named by, or the first of all by order: the same in every listing.
pub(super) fn login_of(entry: &Entry, attribute: &str) -> Option<String> {
    let mut logins = entry.texts(attribute);
    logins.sort();
    let named = dn::first_value(&entry.dn, attribute).filter(|named| logins.contains(named));
    named.or_else(|| logins.into_iter().next())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema(lock: Lock) -> OpenLdapSchema {
        let scope = Scope { lock, ..Scope::new("dc=example,dc=test") };
        OpenLdapSchema { scope, login: "UID=tenure, dc=example, dc=test".to_owned() }
    }

    fn person(login: &[u8], more: &[(&str, &[u8])]) -> Entry {
        let id: &[u8] = b"6f1b9d3e-0000-1041-8000-000000000001";
        let dn = format!("uid={},dc=example,dc=test", String::from_utf8_lossy(login));
        Entry::of(&dn, &[&[("entryUUID", id), ("uid", login)], more].concat())
    }

    #[test]
    fn an_account_is_off_when_the_declared_attribute_says_so_and_not_when_a_guess_locked_it_for_minutes() {
        let named = Lock::Attribute { name: "employeeType".to_owned(), locked: "Locked".to_owned(), unlocked: None };
        for (lock, more, status) in [
            (Lock::None, vec![], Status::Enabled),
            (Lock::PasswordPolicy, vec![], Status::Enabled),
            (Lock::PasswordPolicy, vec![(LOCKED_AT, &b"000001010000Z"[..])], Status::Disabled),
            (Lock::PasswordPolicy, vec![(LOCKED_AT, &b"20261122101010Z"[..])], Status::Enabled),
            (named.clone(), vec![("employeeType", &b"locked"[..])], Status::Disabled),
            (named, vec![("employeeType", &b"contractor"[..])], Status::Enabled),
        ] {
            let account = schema(lock).account(&person(b"ann", &more)).unwrap().object;
            assert_eq!((account.login.as_str(), account.status), ("ann", status));
        }
    }

    #[test]
    fn who_we_are_is_never_an_account_to_change_however_the_name_is_written() {
        let kind = |login: &[u8]| schema(Lock::None).account(&person(login, &[])).unwrap().object.kind;
        assert_eq!((kind(b"tenure"), kind(b"ann")), (AccountKind::BuiltIn, AccountKind::Ordinary));
    }

    #[test]
    fn an_account_of_two_logins_has_the_one_in_its_name() {
        let entry = person(b"bob", &[("uid", b"alfred")]);
        assert_eq!(login_of(&entry, "uid").as_deref(), Some("bob"));
        assert_eq!(login_of(&Entry::of("cn=x", &[("uid", b"b"), ("uid", b"a")]), "uid").as_deref(), Some("a"));
    }
}
