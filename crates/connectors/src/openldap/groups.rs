//! Groups of an OpenLDAP directory: whose are they, and who comes and goes. An entry may be of several classes of groups;
//! a member is then one by each of their attributes.

use super::inventory::{GROUPS, MEMBERS};
use super::system::OpenLdap;
use crate::ConnectorError;
use crate::account::cut;
use crate::acts::Entitlements;
use crate::connector::{AccountRef, Entitlement, Member, NativeId};
use crate::ldap::dn;
use crate::ldap::entry::Entry;
use crate::ldap::filter::{both, equals};
use crate::ldap::listing::Schema;
use crate::ldap::session::{
    NO_SUCH_ATTRIBUTE, NO_SUCH_OBJECT, OBJECT_CLASS_VIOLATION, Search, Session, VALUE_EXISTS, minus, plus,
};
use crate::ldap::tree::Found;
use futures::{StreamExt, TryStreamExt};

/// Members that are looked up at once.
const AT_ONCE: usize = 16;

/// How groups name an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) dn: String,
    pub(super) login: String,
}

impl Entitlements for OpenLdap {
    async fn members(&self, entitlement: &NativeId) -> Result<Option<Vec<Member>>, ConnectorError> {
        let mut session = self.tree.directory.session().await?;
        let Some(group) = self.group(&mut session, entitlement).await? else { return Ok(None) };
        let found = futures::stream::iter(self.lookups(&group)).map(|search| {
            let mut session = session.clone();
            async move { session.first(&search).await }
        });
        let found: Vec<Option<Entry>> = found.buffered(AT_ONCE).try_collect().await?;
        let mut members: Vec<Member> = found.iter().flatten().filter_map(|entry| self.member(entry)).collect();
        members.sort();
        members.dedup();
        Ok(Some(members))
    }

    async fn grant(&self, account: &AccountRef, entitlement: &NativeId) -> Result<(), ConnectorError> {
        const ACT: &str = "the grant";
        let mut session = self.tree.directory.session().await?;
        let found = self.tree.changeable(&mut session, account, ACT).await?;
        let group = self.group(&mut session, entitlement).await?;
        let group = group.ok_or_else(|| ConnectorError::NoSuchEntitlement { name: cut(&entitlement.0) })?;
        let (mut changes, named) = (Vec::new(), Named::of(&found));
        for attribute in member_attributes(&group) {
            if standing(&group, attribute, &named).is_empty() {
                changes.push(plus(attribute, named.value(attribute)));
                changes.extend(self.placeholder_in(&group, attribute).map(|placeholder| minus(attribute, placeholder)));
            }
        }
        if changes.is_empty() {
            return Ok(());
        }
        let answer = session.modify(ACT, &group.dn, changes).await?;
        match answer.code {
            VALUE_EXISTS => Ok(()),
            // Somebody else was the first member, and took the placeholder away.
            NO_SUCH_ATTRIBUTE => Err(session.busy("the members of a group changed meanwhile")),
            _ => session.accept(ACT, &answer),
        }
    }

    async fn revoke(&self, account: &AccountRef, entitlement: &NativeId) -> Result<(), ConnectorError> {
        const ACT: &str = "the revocation";
        let mut session = self.tree.directory.session().await?;
        let Some(found) = self.tree.changeable_if_there(&mut session, account, ACT).await? else { return Ok(()) };
        match self.group(&mut session, entitlement).await? {
            Some(group) => self.take_out(&mut session, &group, &Named::of(&found)).await,
            None => Ok(()),
        }
    }
}

impl OpenLdap {
    /// What who is called so is a direct member of, each with its entry and its members.
    pub(super) async fn groups_of(
        &self,
        session: &mut Session,
        whose: &Named,
    ) -> Result<Vec<(Entry, Entitlement)>, ConnectorError> {
        self.tree.groups(session, vec![self.tree.schema.groups_with(whose)]).await
    }

    /// Where the members of a group are found that can be ours.
    fn lookups(&self, group: &Entry) -> Vec<Search> {
        let schema = &self.tree.schema;
        let names = ["member", "uniqueMember"].into_iter().flat_map(|name| group.texts(name));
        let by_name = names.filter(|name| dn::is_below(name, &schema.scope.base)).map(|name| Search {
            base: name,
            scope: ldap3::Scope::Base,
            ..schema.search("(objectClass=*)", &["objectClass", "entryUUID"])
        });
        let logins = group.texts("memberUid").into_iter();
        let by_login = logins.map(|login| schema.accounts_with(&equals(&schema.scope.login_attribute, &login)));
        by_name.chain(by_login).collect()
    }

    fn member(&self, entry: &Entry) -> Option<Member> {
        let id = NativeId(entry.text("entryUUID")?.to_owned());
        let classes = entry.texts("objectClass");
        let is_group = classes.iter().any(|class| MEMBER_OF.iter().any(|(group, _)| class.eq_ignore_ascii_case(group)));
        Some(if is_group { Member::Entitlement(id) } else { Member::Account(id) })
    }

    /// Ends every membership of the account in a group that came with its members.
    pub(super) async fn take_out(
        &self,
        session: &mut Session,
        group: &Entry,
        named: &Named,
    ) -> Result<(), ConnectorError> {
        const ACT: &str = "the revocation";
        let mut changes = Vec::new();
        for attribute in MEMBERS {
            let standing = standing(group, attribute, named);
            let is_last = !standing.is_empty() && group.texts(attribute).len() == standing.len();
            if is_last && attribute != "memberUid" {
                let Some(placeholder) = &self.tree.schema.scope.placeholder else {
                    let why = "it is the last member, and a group there cannot be empty: declare a `placeholder`";
                    return Err(session.rejected(ACT, why));
                };
                changes.push(plus(attribute, placeholder));
            }
            changes.extend(standing.iter().map(|value| minus(attribute, value)));
        }
        if changes.is_empty() {
            return Ok(());
        }
        let answer = session.modify(ACT, &group.dn, changes).await?;
        match answer.code {
            // The group, or the membership, went meanwhile.
            NO_SUCH_OBJECT => Ok(()),
            NO_SUCH_ATTRIBUTE | VALUE_EXISTS | OBJECT_CLASS_VIOLATION => {
                Err(session.busy("the members of a group changed meanwhile"))
            }
            _ => session.accept(ACT, &answer),
        }
    }

    /// Lets all groups that name an account as it was called name it as it is called now: not every directory sees to that
    /// by itself. Harmless when run twice.
    pub(super) async fn follow(&self, session: &mut Session, old: &Named, new: &Named) -> Result<(), ConnectorError> {
        const ACT: &str = "the change of its memberships";
        for (group, _) in self.groups_of(session, old).await? {
            for attribute in MEMBERS {
                for stale in standing(&group, attribute, old) {
                    let current = new.value(attribute);
                    let answer = session.modify(ACT, &group.dn, vec![plus(attribute, current)]).await?;
                    if answer.code != VALUE_EXISTS {
                        session.accept(ACT, &answer)?;
                    }
                    let answer = session.modify(ACT, &group.dn, vec![minus(attribute, &stale)]).await?;
                    if answer.code != NO_SUCH_ATTRIBUTE {
                        session.accept(ACT, &answer)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// The placeholder as the group writes it, if it stands there.
    fn placeholder_in<'a>(&'a self, group: &Entry, attribute: &str) -> Option<&'a str> {
        let placeholder = self.tree.schema.scope.placeholder.as_deref()?;
        let stands = group.texts(attribute).iter().any(|member| dn::key(member) == dn::key(placeholder));
        stands.then_some(placeholder)
    }

    async fn group(&self, session: &mut Session, id: &NativeId) -> Result<Option<Entry>, ConnectorError> {
        let filter = both(GROUPS, &equals("entryUUID", &id.0));
        session.first(&Search { filter, ..self.tree.schema.members() }).await
    }
}

/// The classes of groups, each with the attribute of its members.
const MEMBER_OF: [(&str, &str); 3] =
    [("groupOfNames", "member"), ("groupOfUniqueNames", "uniqueMember"), ("posixGroup", "memberUid")];

/// By which attributes this group has members.
fn member_attributes(group: &Entry) -> impl Iterator<Item = &'static str> {
    let classes = group.texts("objectClass");
    let has = move |wanted: &str| classes.iter().any(|class| class.eq_ignore_ascii_case(wanted));
    MEMBER_OF.into_iter().filter(move |(class, _)| has(class)).map(|(_, attribute)| attribute)
}

/// The values by which an account is a member, as the group writes them.
fn standing(group: &Entry, attribute: &str, named: &Named) -> Vec<String> {
    let name = dn::key(&named.dn);
    let is_it = |value: &String| match attribute {
        "memberUid" => *value == named.login,
        _ => name.is_some() && dn::key(value) == name,
    };
    group.texts(attribute).into_iter().filter(is_it).collect()
}

impl Named {
    pub(super) fn of(found: &Found) -> Self {
        Self { dn: found.entry.dn.clone(), login: found.account.login.clone() }
    }

    /// What stands in this attribute of a group for the account.
    fn value(&self, attribute: &str) -> &str {
        if attribute == "memberUid" { &self.login } else { &self.dn }
    }
}
