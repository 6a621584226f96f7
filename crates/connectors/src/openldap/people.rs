//! One account of an OpenLDAP directory: found, made, changed, switched on and off, deleted.

use super::groups::Named;
use super::inventory::{LOCKED_AT, LOCKED_FOR_EVER};
use super::password::set_in;
use super::system::{Lock, OpenLdap};
use crate::ConnectorError;
use crate::account::{cut, settable};
use crate::acts::Accounts;
use crate::connector::{AccountRef, Attributes, Held, NewAccount, Status};
use crate::ldap::dn;
use crate::ldap::names::{check_attributes, value, values};
use crate::ldap::session::{ENTRY_EXISTS, NO_SUCH_OBJECT, Session, replace};
use crate::ldap::tree::Found;
use std::collections::{BTreeMap, HashSet};
use types::Secret;

/// Where the mark of who made an account is kept, as one value of several.
const MARK: &str = "description";

impl Accounts for OpenLdap {
    async fn read(&self, account: &AccountRef) -> Result<Option<Held>, ConnectorError> {
        self.tree.held(account).await
    }

    async fn create(&self, new: &NewAccount) -> Result<AccountRef, ConnectorError> {
        const ACT: &str = "the creation";
        self.check_writable(&new.attributes)?;
        new.password.as_ref().map(settable).transpose()?;
        let scope = &self.tree.schema.scope;
        let dn = dn::below(&scope.login_attribute, &new.login, &scope.new_accounts())?;
        let mut session = self.tree.directory.session().await?;
        let before = self.made_before(&mut session, new).await?;
        let is_new = before.is_none();
        let made = match before {
            Some(found) => found,
            None => {
                let answer = session.add(ACT, &dn, self.first_attributes(new)).await?;
                if answer.code != ENTRY_EXISTS {
                    session.accept(ACT, &answer)?;
                }
                let unseen = "another entry has its name, or it is not to be seen below the base: let both agree";
                let made = self.made_before(&mut session, new).await?;
                made.ok_or_else(|| session.rejected(ACT, unseen))?
            }
        };
        // The entry is made without one: whoever finds it made by an earlier try cannot know whether it got there.
        if let Some(password) = &new.password {
            match set_in(&mut session, None, &made.entry.dn, password).await {
                // It did, and the directory takes no password twice.
                Err(ConnectorError::PasswordRefused { .. })
                    if !is_new && self.tree.directory.lets_in(&made.entry.dn, password).await? => {}
                outcome => outcome?,
            }
        }
        Ok(AccountRef { id: Some(made.account.id), login: made.account.login })
    }

    async fn change(&self, account: &AccountRef, attributes: &Attributes) -> Result<AccountRef, ConnectorError> {
        const ACT: &str = "the change";
        let login_attribute = &self.tree.schema.scope.login_attribute;
        let mut others = attributes.clone();
        others.retain(|name, _| !name.eq_ignore_ascii_case(login_attribute));
        self.check_writable(&others)?;
        if values(attributes, login_attribute).is_some_and(|logins| logins.len() != 1) {
            return Err(ConnectorError::BadName { name: cut(login_attribute), reason: "an account has one login" });
        }
        let mut session = self.tree.directory.session().await?;
        let found = self.tree.changeable(&mut session, account, ACT).await?;
        let changes: Vec<_> = others
            .iter()
            .filter(|(name, values)| found.entry.texts(name) != **values)
            .map(|(name, values)| replace(name, values.iter().filter(|value| !value.is_empty()).cloned()))
            .collect();
        if !changes.is_empty() {
            let answer = session.modify(ACT, &found.entry.dn, changes).await?;
            session.accept(ACT, &answer)?;
        }
        let id = Some(found.account.id.clone());
        match values(attributes, login_attribute) {
            Some([login]) if *login != found.account.login => self.rename(&mut session, &found, login).await?,
            // An earlier try may have ended between the account and its groups.
            Some([login]) if *login != account.login => {
                self.finish_rename(&mut session, &found, &account.login).await?
            }
            _ => return Ok(AccountRef { id, login: found.account.login }),
        }
        let login = value(attributes, login_attribute).unwrap_or_default().to_owned();
        Ok(AccountRef { id, login })
    }

    async fn set_status(&self, account: &AccountRef, to: Status) -> Result<(), ConnectorError> {
        const ACT: &str = "the change of its status";
        let (name, value) = match (&self.tree.schema.scope.lock, to) {
            (Lock::None, _) => return Err(ConnectorError::NotSupported { act: "switch accounts off or on" }),
            (Lock::PasswordPolicy, Status::Disabled) => (LOCKED_AT, Some(LOCKED_FOR_EVER)),
            (Lock::PasswordPolicy, Status::Enabled) => (LOCKED_AT, None),
            (Lock::Attribute { name, locked, .. }, Status::Disabled) => (name.as_str(), Some(locked.as_str())),
            (Lock::Attribute { name, unlocked, .. }, Status::Enabled) => (name.as_str(), unlocked.as_deref()),
        };
        let mut session = self.tree.directory.session().await?;
        let found = self.tree.changeable(&mut session, account, ACT).await?;
        if found.account.status == to {
            return Ok(());
        }
        let answer = session.modify(ACT, &found.entry.dn, vec![replace(name, value)]).await?;
        session.accept(ACT, &answer)
    }

    /// Deletes an account and, before it, its memberships: a name that groups keep would let in who gets it next.
    async fn delete(&self, account: &AccountRef) -> Result<(), ConnectorError> {
        const ACT: &str = "the deletion";
        let mut session = self.tree.directory.session().await?;
        let Some(found) = self.tree.changeable_if_there(&mut session, account, ACT).await? else { return Ok(()) };
        let named = Named::of(&found);
        for (group, _) in self.groups_of(&mut session, &named).await? {
            self.take_out(&mut session, &group, &named).await?;
        }
        let answer = session.delete(ACT, &found.entry.dn).await?;
        if answer.code == NO_SUCH_OBJECT { Ok(()) } else { session.accept(ACT, &answer) }
    }

    async fn set_password(&self, account: &AccountRef, password: &Secret<String>) -> Result<(), ConnectorError> {
        settable(password)?;
        let mut session = self.tree.directory.session().await?;
        let found = self.tree.changeable(&mut session, account, "the password").await?;
        set_in(&mut session, None, &found.entry.dn, password).await
    }
}

impl OpenLdap {
    /// What an earlier try has made.
    ///
    /// # Errors
    /// `AlreadyThere`: somebody else has made an account of this login.
    async fn made_before(&self, session: &mut Session, new: &NewAccount) -> Result<Option<Found>, ConnectorError> {
        let found = self.tree.find(session, &AccountRef { id: None, login: new.login.clone() }).await?;
        match found {
            Some(found) if !found.entry.texts(MARK).contains(&new.mark) => {
                Err(ConnectorError::AlreadyThere { login: cut(&new.login) })
            }
            found => Ok(found),
        }
    }

    fn first_attributes(&self, new: &NewAccount) -> Vec<(Vec<u8>, HashSet<Vec<u8>>)> {
        let scope = &self.tree.schema.scope;
        let mut all: BTreeMap<String, HashSet<Vec<u8>>> = BTreeMap::new();
        let mut put = |name: &str, value: &str| {
            all.entry(name.to_lowercase()).or_default().insert(value.as_bytes().to_vec());
        };
        put("objectClass", &scope.account_class);
        put(&scope.login_attribute, &new.login);
        put(MARK, &new.mark);
        for (name, values) in &new.attributes {
            for value in values.iter().filter(|value| !value.is_empty()) {
                put(name, value);
            }
        }
        // The usual classes of people do not go without them.
        for name in ["cn", "sn"] {
            if value(&new.attributes, name).is_none_or(str::is_empty) {
                put(name, &new.login);
            }
        }
        all.into_iter().map(|(name, values)| (name.into_bytes(), values)).collect()
    }

    /// Gives an account another login, and then its groups.
    async fn rename(&self, session: &mut Session, found: &Found, login: &str) -> Result<(), ConnectorError> {
        const ACT: &str = "the change of its login";
        let (attribute, old) = (&self.tree.schema.scope.login_attribute, Named::of(found));
        let mut new = Named { login: login.to_owned(), ..old.clone() };
        let answer = if dn::first_value(&old.dn, attribute).is_some() {
            new.dn = dn::below(attribute, login, dn::parent(&old.dn).unwrap_or_default())?;
            session.rename(ACT, &old.dn, &dn::below(attribute, login, "")?).await?
        } else {
            session.modify(ACT, &old.dn, vec![replace(attribute, [login])]).await?
        };
        if answer.code == ENTRY_EXISTS {
            return Err(ConnectorError::AlreadyThere { login: cut(login) });
        }
        session.accept(ACT, &answer)?;
        self.follow(session, &old, &new).await
    }

    /// Lets groups follow who was called `login` and is not any more, unless somebody else is called so now.
    async fn finish_rename(&self, session: &mut Session, found: &Found, login: &str) -> Result<(), ConnectorError> {
        let (attribute, new) = (&self.tree.schema.scope.login_attribute, Named::of(found));
        if self.tree.find(session, &AccountRef { id: None, login: login.to_owned() }).await?.is_some() {
            return Ok(());
        }
        let dn = match dn::first_value(&new.dn, attribute) {
            Some(_) => dn::below(attribute, login, dn::parent(&new.dn).unwrap_or_default())?,
            None => new.dn.clone(),
        };
        self.follow(session, &Named { dn, login: login.to_owned() }, &new).await
    }

    /// No mapping writes what names an account or switches it off.
    fn check_writable(&self, attributes: &Attributes) -> Result<(), ConnectorError> {
        let scope = &self.tree.schema.scope;
        let lock = match &scope.lock {
            Lock::None | Lock::PasswordPolicy => LOCKED_AT.to_lowercase(),
            Lock::Attribute { name, .. } => name.to_lowercase(),
        };
        check_attributes(attributes, &[&scope.login_attribute.to_lowercase(), &lock, "uidnumber", "gidnumber"])
    }
}
