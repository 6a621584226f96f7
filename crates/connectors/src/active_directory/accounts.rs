//! One account of Active Directory: found, made, changed, switched on and off, deleted.

use super::ActiveDirectory;
use super::ids::{guid, guid_bytes};
use super::schema::{DISABLED, MARK, NORMAL_ACCOUNT, control};
use crate::ConnectorError;
use crate::account::{cut, settable};
use crate::acts::Accounts;
use crate::connector::{AccountRef, Attributes, Held, NativeId, NewAccount, Status};
use crate::error::one_line_without;
use crate::ldap::dn;
use crate::ldap::entry::Entry;
use crate::ldap::names::{check_attributes, value, values};
use crate::ldap::session::{Answer, CONSTRAINT_VIOLATION, ENTRY_EXISTS, NO_SUCH_OBJECT, Session, UNWILLING, replace};
use std::collections::HashSet;
use types::Secret;

/// Attributes that decide who somebody is, or that belong to Windows, in lower case.
const KEPT: [&str; 14] = [
    "admincount",
    "altsecurityidentities",
    MARK,
    "msds-allowedtoactonbehalfofotheridentity",
    "msds-allowedtodelegateto",
    "msds-keycredentiallink",
    "ntsecuritydescriptor",
    "objectguid",
    "objectsid",
    "primarygroupid",
    "serviceprincipalname",
    "sidhistory",
    "unicodepwd",
    "useraccountcontrol",
];
/// The longest login that Windows takes, in characters (MS-ADA3, 2.222).
const LOGIN: usize = 20;

impl Accounts for ActiveDirectory {
    async fn read(&self, account: &AccountRef) -> Result<Option<Held>, ConnectorError> {
        self.tree.held(account).await
    }

    async fn create(&self, new: &NewAccount) -> Result<AccountRef, ConnectorError> {
        const ACT: &str = "the creation";
        check_login(&new.login)?;
        check_attributes(&new.attributes, &KEPT)?;
        let name = value(&new.attributes, "cn").unwrap_or(&new.login);
        let dn = dn::below("CN", name, &self.tree.schema.scope.new_accounts())?;
        let password = new.password.as_ref().map(encoded).transpose()?;
        let mut session = self.tree.directory.session().await?;
        if let Some(found) = self.made_before(&mut session, new).await? {
            return Ok(found);
        }
        let attributes = self.first_attributes(new, password);
        let answer = session.add(ACT, &dn, attributes).await?;
        match answer.code {
            0 => {}
            // Somebody was faster, or another entry has this name.
            ENTRY_EXISTS | CONSTRAINT_VIOLATION => {
                if let Some(found) = self.made_before(&mut session, new).await? {
                    return Ok(found);
                }
                return Err(judge(&session, ACT, &answer, new.password.as_ref()));
            }
            _ => return Err(judge(&session, ACT, &answer, new.password.as_ref())),
        }
        let made = self.made_before(&mut session, new).await?;
        made.ok_or_else(|| session.rejected(ACT, "the account is not to be seen below the base: let both agree"))
    }

    async fn change(&self, account: &AccountRef, attributes: &Attributes) -> Result<AccountRef, ConnectorError> {
        const ACT: &str = "the change";
        check_attributes(attributes, &KEPT)?;
        let login = value(attributes, "sAMAccountName");
        login.map(check_login).transpose()?;
        let mut session = self.tree.directory.session().await?;
        let found = self.tree.changeable(&mut session, account, ACT).await?;
        let old = &found.account.login;
        let mut changes: Vec<_> = attributes
            .iter()
            .filter(|(name, values)| !name.eq_ignore_ascii_case("cn") && found.entry.texts(name) != **values)
            .map(|(name, values)| replace(name, values.iter().filter(|value| !value.is_empty()).cloned()))
            .collect();
        let principal = self.tree.schema.scope.principal(old);
        let follows = found.entry.text("userPrincipalName").is_some_and(|name| name.eq_ignore_ascii_case(&principal));
        if let Some(login) = login
            && login != old
            && follows
            && values(attributes, "userPrincipalName").is_none()
        {
            changes.push(replace("userPrincipalName", [self.tree.schema.scope.principal(login)]));
        }
        if !changes.is_empty() {
            let answer = session.modify(ACT, &found.entry.dn, changes).await?;
            taken(login, &answer)?;
            session.accept(ACT, &answer)?;
        }
        let named_by_login = dn::first_value(&found.entry.dn, "CN").as_ref() == Some(old);
        let name = value(attributes, "cn").or(login.filter(|_| named_by_login));
        if let Some(name) = name
            && dn::first_value(&found.entry.dn, "CN").as_deref() != Some(name)
        {
            let answer = session.rename(ACT, &found.entry.dn, &dn::below("CN", name, "")?).await?;
            session.accept(ACT, &answer)?;
        }
        Ok(AccountRef { id: Some(found.account.id), login: login.unwrap_or(old).to_owned() })
    }

    async fn set_status(&self, account: &AccountRef, to: Status) -> Result<(), ConnectorError> {
        const ACT: &str = "the change of its status";
        let mut session = self.tree.directory.session().await?;
        let found = self.tree.changeable(&mut session, account, ACT).await?;
        if found.account.status == to {
            return Ok(());
        }
        let now = control(&found.entry).unwrap_or(NORMAL_ACCOUNT);
        let wanted = match to {
            Status::Enabled => now & !DISABLED,
            Status::Disabled => now | DISABLED,
        };
        let change = replace("userAccountControl", [wanted.cast_signed().to_string()]);
        let answer = session.modify(ACT, &found.entry.dn, vec![change]).await?;
        session.accept(ACT, &answer)
    }

    async fn delete(&self, account: &AccountRef) -> Result<(), ConnectorError> {
        const ACT: &str = "the deletion";
        let mut session = self.tree.directory.session().await?;
        let Some(found) = self.tree.changeable_if_there(&mut session, account, ACT).await? else { return Ok(()) };
        let answer = session.delete(ACT, &found.entry.dn).await?;
        if answer.code == NO_SUCH_OBJECT { Ok(()) } else { session.accept(ACT, &answer) }
    }

    async fn set_password(&self, account: &AccountRef, password: &Secret<String>) -> Result<(), ConnectorError> {
        const ACT: &str = "the password";
        let encoded = encoded(password)?;
        let mut session = self.tree.directory.session().await?;
        let found = self.tree.changeable(&mut session, account, ACT).await?;
        let answer = session.modify(ACT, &found.entry.dn, vec![replace("unicodePwd", [encoded])]).await?;
        if answer.code == 0 { Ok(()) } else { Err(judge(&session, ACT, &answer, Some(password))) }
    }
}

impl ActiveDirectory {
    /// What an earlier try has made.
    ///
    /// # Errors
    /// `AlreadyThere`: somebody else has made an account of this login.
    async fn made_before(&self, session: &mut Session, new: &NewAccount) -> Result<Option<AccountRef>, ConnectorError> {
        let wanted = AccountRef { id: None, login: new.login.clone() };
        let Some(found) = self.tree.find(session, &wanted).await? else { return Ok(None) };
        if found.entry.text(MARK) != Some(&new.mark) {
            return Err(ConnectorError::AlreadyThere { login: cut(&new.login) });
        }
        Ok(Some(AccountRef { id: Some(found.account.id), login: found.account.login }))
    }

    /// Everything of a new account in one step, so that no half of one can stay behind.
    fn first_attributes(&self, new: &NewAccount, password: Option<Vec<u8>>) -> Vec<(Vec<u8>, HashSet<Vec<u8>>)> {
        let control = if password.is_some() { NORMAL_ACCOUNT } else { NORMAL_ACCOUNT | DISABLED };
        let fixed = [
            ("objectClass", "user".to_owned()),
            ("sAMAccountName", new.login.clone()),
            ("userAccountControl", control.to_string()),
            (MARK, new.mark.clone()),
        ];
        let mut all: Vec<(Vec<u8>, HashSet<Vec<u8>>)> = Vec::new();
        let mut put = |name: &str, values: Vec<Vec<u8>>| {
            let values: HashSet<Vec<u8>> = values.into_iter().filter(|value| !value.is_empty()).collect();
            if !values.is_empty() {
                all.push((name.as_bytes().to_vec(), values));
            }
        };
        for (name, value) in fixed {
            put(name, vec![value.into_bytes()]);
        }
        if values(&new.attributes, "userPrincipalName").is_none() {
            put("userPrincipalName", vec![self.tree.schema.scope.principal(&new.login).into_bytes()]);
        }
        put("unicodePwd", password.into_iter().collect());
        let named = |name: &str| ["cn", "samaccountname"].contains(&name.to_lowercase().as_str());
        for (name, values) in new.attributes.iter().filter(|(name, _)| !named(name)) {
            put(name, values.iter().map(|value| value.clone().into_bytes()).collect());
        }
        all
    }
}

pub(super) fn id_bytes(id: &NativeId) -> Result<[u8; 16], ConnectorError> {
    guid_bytes(id).ok_or_else(|| ConnectorError::BadName { name: cut(&id.0), reason: "it is no object guid" })
}

/// The id of an entry of whatever class.
pub(super) fn id_of(entry: &Entry) -> Option<NativeId> {
    guid(entry.bytes("objectGUID").first()?)
}

/// What Windows takes for a login (MS-SAMR, 3.1.1.6 and 3.1.1.8.4).
fn check_login(login: &str) -> Result<(), ConnectorError> {
    let odd = |c: char| c.is_control() || "\"/\\[]:;|=,+*?<>@".contains(c);
    let reason = if login.trim().is_empty() {
        "it is empty"
    } else if login.chars().count() > LOGIN {
        "it is longer than 20 characters"
    } else if login.chars().any(odd) || login.ends_with('.') || login != login.trim() {
        "windows takes no such login"
    } else {
        return Ok(());
    };
    Err(ConnectorError::BadName { name: cut(login), reason })
}

/// A password as `unicodePwd` takes it: in quotes, in UTF-16 (MS-ADTS, 3.1.1.3.1.5.1).
fn encoded(password: &Secret<String>) -> Result<Vec<u8>, ConnectorError> {
    let text = settable(password)?;
    Ok(format!("\"{text}\"").encode_utf16().flat_map(u16::to_le_bytes).collect())
}

/// A refusal where a password was part of what was asked. The directory has one code for all that it does not like.
fn judge(session: &Session, act: &'static str, answer: &Answer, password: Option<&Secret<String>>) -> ConnectorError {
    /// The system error "the password does not meet the length, complexity or history requirements".
    const PASSWORD_RESTRICTION: &str = "52D";
    let words = answer.words();
    let about_password =
        words.to_uppercase().contains(PASSWORD_RESTRICTION) || words.to_lowercase().contains("password");
    match (answer.code, password) {
        (CONSTRAINT_VIOLATION | UNWILLING, Some(password)) if about_password => {
            ConnectorError::PasswordRefused { detail: one_line_without(password.expose(), &words) }
        }
        _ => session.accept(act, answer).err().unwrap_or_else(|| session.rejected(act, words)),
    }
}

/// That the login which was asked for belongs to somebody else.
fn taken(login: Option<&str>, answer: &Answer) -> Result<(), ConnectorError> {
    match (login, answer.code) {
        (Some(login), ENTRY_EXISTS) => Err(ConnectorError::AlreadyThere { login: cut(login) }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_that_windows_does_not_take_is_refused_before_it_is_sent() {
        for (login, fits) in [
            ("alice", true),
            ("Anna-Lena Müller", true),
            ("twenty-characters-ok", true),
            ("twenty-one-characters", false),
            ("a@b", false),
            ("a\\b", false),
            ("a*", false),
            ("a.", false),
            (" a", false),
            ("a\0b", false),
            ("", false),
        ] {
            assert_eq!(check_login(login).is_ok(), fits, "{login}");
        }
    }
}
