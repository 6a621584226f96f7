//! Groups of Active Directory: whose are they, and who comes and goes. The primary group of an account is a membership too,
//! which is kept with the account and cannot be left.

use super::ActiveDirectory;
use super::accounts::{id_bytes, id_of};
use super::ids::Sid;
use super::schema::{ACCOUNTS, GROUPS, primary_group};
use crate::ConnectorError;
use crate::account::cut;
use crate::acts::Entitlements;
use crate::connector::{AccountRef, Member, NativeId};
use crate::ldap::entry::Entry;
use crate::ldap::filter::{both, equals, holds};
use crate::ldap::paged::Paged;
use crate::ldap::session::{ENTRY_EXISTS, NO_SUCH_ATTRIBUTE, Session, UNWILLING, VALUE_EXISTS, minus, plus};
use crate::listing::OBJECTS;

impl Entitlements for ActiveDirectory {
    async fn members(&self, entitlement: &NativeId) -> Result<Option<Vec<Member>>, ConnectorError> {
        let mut session = self.tree.directory.session().await?;
        let Some((group, sid)) = self.group(&mut session, entitlement).await? else { return Ok(None) };
        let inside = equals("memberOf", &group.dn);
        let primary = equals("primaryGroupID", &sid.rid().to_string());
        let mut members = Vec::new();
        for (filter, member) in [
            (both(ACCOUNTS, &format!("(|{inside}{primary})")), Member::Account as fn(NativeId) -> Member),
            (both(GROUPS, &inside), Member::Entitlement),
        ] {
            for entry in Paged::all(self.tree.schema.search(&filter, &["objectGUID"]), OBJECTS, &mut session).await? {
                members.push(member(id_of(&entry).ok_or_else(|| session.broken("a member came without its id"))?));
            }
        }
        Ok(Some(members))
    }

    async fn grant(&self, account: &AccountRef, entitlement: &NativeId) -> Result<(), ConnectorError> {
        const ACT: &str = "the grant";
        let mut session = self.tree.directory.session().await?;
        let found = self.tree.changeable(&mut session, account, ACT).await?;
        let group = self.group(&mut session, entitlement).await?;
        let (group, sid) = group.ok_or_else(|| ConnectorError::NoSuchEntitlement { name: cut(&entitlement.0) })?;
        if primary_group(&found.entry) == Some(sid) {
            return Ok(());
        }
        let answer = session.modify(ACT, &group.dn, vec![plus("member", &found.entry.dn)]).await?;
        match answer.code {
            VALUE_EXISTS | ENTRY_EXISTS => Ok(()),
            _ => session.accept(ACT, &answer),
        }
    }

    async fn revoke(&self, account: &AccountRef, entitlement: &NativeId) -> Result<(), ConnectorError> {
        const ACT: &str = "the revocation";
        let mut session = self.tree.directory.session().await?;
        let Some(found) = self.tree.changeable_if_there(&mut session, account, ACT).await? else { return Ok(()) };
        let Some((group, sid)) = self.group(&mut session, entitlement).await? else { return Ok(()) };
        if primary_group(&found.entry) == Some(sid) {
            return Err(session.rejected(ACT, "it is the account's primary group: give it another one there first"));
        }
        let answer = session.modify(ACT, &group.dn, vec![minus("member", &found.entry.dn)]).await?;
        match answer.code {
            // Who is no member cannot be taken out: look who is right.
            NO_SUCH_ATTRIBUTE | UNWILLING if !self.is_in(&mut session, &found.entry, entitlement).await? => Ok(()),
            _ => session.accept(ACT, &answer),
        }
    }
}

impl ActiveDirectory {
    async fn is_in(
        &self,
        session: &mut Session,
        account: &Entry,
        entitlement: &NativeId,
    ) -> Result<bool, ConnectorError> {
        let inside = both(&holds("objectGUID", &id_bytes(entitlement)?), &equals("member", &account.dn));
        Ok(session.first(&self.tree.schema.groups_with(&inside)).await?.is_some())
    }

    async fn group(&self, session: &mut Session, id: &NativeId) -> Result<Option<(Entry, Sid)>, ConnectorError> {
        let search = self.tree.schema.groups_with(&holds("objectGUID", &id_bytes(id)?));
        let Some(entry) = session.first(&search).await? else { return Ok(None) };
        let sid = entry.bytes("objectSid").first().and_then(|bytes| Sid::read(bytes));
        let sid = sid.ok_or_else(|| session.broken("a group came without its sid"))?;
        Ok(Some((entry, sid)))
    }
}
