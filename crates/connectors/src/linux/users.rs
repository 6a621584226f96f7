//! One local user of a host: found, made, changed, switched on and off, deleted, by the host's own tools.

use super::as_root::{AsRoot, unexpected};
use super::inventory::{Inventory, group_id, key_id, rule_id};
use super::password::set_password;
use super::ssh::Output;
use super::sudoers::{is_plain_login, is_slug};
use super::system::Linux;
use super::user_keys;
use crate::ConnectorError;
use crate::account::{cut, settable};
use crate::acts::{Accounts, Entitlements};
use crate::connector::{Account, AccountKind, AccountRef, Attributes, Held, Member, NativeId, NewAccount, Status};
use crate::error::one_line;
use types::Secret;

const ADD: &str = include_str!("add_user.sh");
const DELETE: &str = include_str!("delete_user.sh");
/// `useradd` and `usermod`: the login is taken.
const TAKEN: u32 = 9;
/// `userdel` and `usermod`: it is logged in.
const IN_USE: u32 = 8;
/// Another holds the lock of the password files.
const LOCKED: [u32; 2] = [1, 10];

/// A user that was found, with the host that it was found on.
struct Found {
    host: Inventory,
    account: Account,
}

impl Accounts for Linux {
    async fn read(&self, account: &AccountRef) -> Result<Option<Held>, ConnectorError> {
        let mut host = Inventory::read(self).await?;
        let Some(login) = host.user(account)?.map(|user| user.login.clone()) else { return Ok(None) };
        host.look(self, Some(&login)).await?;
        Ok(host.user(account)?.map(|user| host.held(user)))
    }

    async fn create(&self, new: &NewAccount) -> Result<AccountRef, ConnectorError> {
        const ACT: &str = "the creation";
        check_login(&new.login)?;
        let Wanted { name, shell, login: _ } = Wanted::read(&new.attributes)?;
        let mark = field(&new.mark)?;
        new.password.as_ref().map(settable).transpose()?;
        let root = self.root().await?;
        let gecos = format!("{},,,,{mark}", name.unwrap_or_default());
        let argv = ["/bin/sh", "-c", ADD, "sh", &new.login, &gecos, shell.unwrap_or_default()];
        let output = root.run(&argv, None).await?;
        if output.status != TAKEN {
            self.accept(ACT, &output)?;
        }
        let wanted = AccountRef { id: None, login: new.login.clone() };
        let Some(found) = self.find(&wanted).await? else {
            return Err(ConnectorError::AlreadyThere { login: cut(&new.login) });
        };
        if found.host.gecos(&new.login).split(',').nth(4) != Some(mark) {
            return Err(ConnectorError::AlreadyThere { login: cut(&new.login) });
        }
        if let Some(password) = &new.password {
            set_password(&self.session, &new.login, password).await?;
        }
        Ok(AccountRef { id: Some(found.account.id), login: new.login.clone() })
    }

    async fn change(&self, account: &AccountRef, attributes: &Attributes) -> Result<AccountRef, ConnectorError> {
        const ACT: &str = "the change";
        let wanted = Wanted::read(attributes)?;
        let found = self.changeable(account, ACT).await?;
        let old = found.account.login.as_str();
        let mut argv = vec!["usermod"];
        let gecos = wanted.name.map(|name| with_name(found.host.gecos(old), name));
        if let Some(gecos) = gecos.as_deref().filter(|gecos| *gecos != found.host.gecos(old)) {
            argv.extend(["--comment", gecos]);
        }
        argv.extend(wanted.shell.into_iter().flat_map(|shell| ["--shell", shell]));
        let renamed = wanted.login.filter(|login| *login != old);
        argv.extend(renamed.into_iter().flat_map(|login| ["--login", login]));
        let root = self.root().await?;
        if argv.len() > 1 {
            argv.extend(["--", old]);
            let output = root.run(&argv, None).await?;
            if output.status == TAKEN {
                return Err(ConnectorError::AlreadyThere { login: cut(wanted.login.unwrap_or_default()) });
            }
            self.accept(ACT, &output)?;
        }
        let login = wanted.login.unwrap_or(old);
        // Also those of an earlier try that ended half way.
        for stale in [old, account.login.as_str()].into_iter().filter(|stale| *stale != login) {
            self.rules_follow(&root, &found.host, stale, login).await?;
        }
        Ok(AccountRef { id: Some(found.account.id.clone()), login: login.to_owned() })
    }

    /// Locks the password and lets the account expire: then no key and no certificate lets in either.
    async fn set_status(&self, account: &AccountRef, to: Status) -> Result<(), ConnectorError> {
        const ACT: &str = "the change of its status";
        let found = self.changeable(account, ACT).await?;
        if found.account.status == to {
            return Ok(());
        }
        let root = self.root().await?;
        let login = found.account.login.as_str();
        match to {
            Status::Disabled => {
                self.accept(ACT, &root.run(&["usermod", "--lock", "--expiredate", "1", "--", login], None).await?)
            }
            Status::Enabled => {
                self.accept(ACT, &root.run(&["usermod", "--expiredate", "", "--", login], None).await?)?;
                // Refused where unlocking would leave no password at all: then there was none before.
                root.run(&["usermod", "--unlock", "--", login], None).await.map(drop)
            }
        }
    }

    async fn delete(&self, account: &AccountRef) -> Result<(), ConnectorError> {
        const ACT: &str = "the deletion";
        let found = match self.changeable(account, ACT).await {
            Err(ConnectorError::NoSuchAccount { .. }) => return Ok(()),
            found => found?,
        };
        // Whoever shares its number would be taken for it from then on.
        let sharing = found.host.user(account)?.and_then(|user| found.host.shares_number(user));
        if let Some(other) = sharing.filter(|_| !found.account.id.0.contains(':')) {
            let other = cut(&other.login);
            return Err(self.rejected(ACT, format!("`{other}` has the same number: give that one a number of its own")));
        }
        let root = self.root().await?;
        let login = &found.account.login;
        for slug in found.host.rules_of(login) {
            self.drop_ins(&root)
                .change(ACT, slug, |holders| {
                    holders.remove(login);
                })
                .await?;
        }
        let uid = found.account.attributes.get("uid").and_then(|uid| uid.first()).map_or("0", String::as_str);
        self.accept(ACT, &root.run(&["/bin/sh", "-c", DELETE, "sh", login, uid], None).await?)
    }

    async fn set_password(&self, account: &AccountRef, password: &Secret<String>) -> Result<(), ConnectorError> {
        settable(password)?;
        let found = self.changeable(account, "the password").await?;
        set_password(&self.session, &found.account.login, password).await
    }
}

impl Entitlements for Linux {
    async fn members(&self, entitlement: &NativeId) -> Result<Option<Vec<Member>>, ConnectorError> {
        let host = match What::read(entitlement) {
            Some(What::Key(_)) => Inventory::whole(self).await?,
            _ => Inventory::read(self).await?,
        };
        host.members(entitlement)
    }

    async fn grant(&self, account: &AccountRef, entitlement: &NativeId) -> Result<(), ConnectorError> {
        const ACT: &str = "the grant";
        let found = self.changeable(account, ACT).await?;
        let login = found.account.login.clone();
        let root = self.root().await?;
        match What::read(entitlement) {
            Some(What::Rule(slug)) if self.scope.sudo.contains_key(slug) => {
                self.drop_ins(&root)
                    .change(ACT, slug, |holders| {
                        holders.insert(login);
                    })
                    .await
            }
            Some(What::Group(name)) if found.host.group(name).is_some() => {
                let argv = ["usermod", "--append", "--groups", name, "--", &login];
                self.accept(ACT, &root.run(&argv, None).await?)
            }
            Some(What::Key(_)) => Err(ConnectorError::NotSupported { act: "give somebody a key" }),
            Some(What::Group(_) | What::Rule(_)) | None => {
                Err(ConnectorError::NoSuchEntitlement { name: cut(&entitlement.0) })
            }
        }
    }

    async fn revoke(&self, account: &AccountRef, entitlement: &NativeId) -> Result<(), ConnectorError> {
        const ACT: &str = "the revocation";
        let found = match self.changeable(account, ACT).await {
            Err(ConnectorError::NoSuchAccount { .. }) => return Ok(()),
            found => found?,
        };
        let login = &found.account.login;
        let root = self.root().await?;
        match What::read(entitlement) {
            Some(What::Rule(slug)) => {
                self.drop_ins(&root)
                    .change(ACT, slug, |holders| {
                        holders.remove(login);
                    })
                    .await
            }
            Some(What::Group(name)) => match found.host.group(name) {
                Some(group) if group.members.contains(login) => {
                    self.accept(ACT, &root.run(&["gpasswd", "--delete", login, name], None).await?)
                }
                Some(group) if found.host.user(account)?.is_some_and(|user| user.gid == group.gid) => {
                    Err(self.rejected(ACT, "it is the user's primary group: give it another one there first"))
                }
                _ => Ok(()),
            },
            Some(What::Key(fingerprint)) => user_keys::remove(&root, login, fingerprint).await,
            None => Ok(()),
        }
    }
}

impl Linux {
    async fn find(&self, account: &AccountRef) -> Result<Option<Found>, ConnectorError> {
        let host = Inventory::read(self).await?;
        let found = host.user(account)?.map(|user| host.account(user));
        Ok(found.map(|account| Found { host, account }))
    }

    /// The user that is to be changed, and may be.
    async fn changeable(&self, account: &AccountRef, act: &'static str) -> Result<Found, ConnectorError> {
        let found = self.find(account).await?;
        let found = found.ok_or_else(|| ConnectorError::NoSuchAccount { login: cut(&account.login) })?;
        match found.account.kind {
            AccountKind::BuiltIn => Err(self.rejected(act, "it is one of the system's own users, or ours")),
            AccountKind::Ordinary if !is_plain_login(&found.account.login) => {
                Err(self.rejected(act, "its login is none that tools take as a plain name"))
            }
            AccountKind::Ordinary => Ok(found),
        }
    }

    /// Lets the sudo rules of ours name a user as it is called now, unless somebody else is called so.
    async fn rules_follow(
        &self,
        root: &AsRoot<'_>,
        host: &Inventory,
        stale: &str,
        login: &str,
    ) -> Result<(), ConnectorError> {
        let is_there =
            |login: &str| host.user(&AccountRef { id: None, login: login.to_owned() }).map(|user| user.is_some());
        let is_theirs = is_there(stale)? && is_there(login)?;
        for slug in host.rules_of(stale).filter(|_| !is_theirs) {
            let follow = |holders: &mut std::collections::BTreeSet<String>| {
                holders.remove(stale);
                holders.insert(login.to_owned());
            };
            self.drop_ins(root).change("the change", slug, follow).await?;
        }
        Ok(())
    }

    fn accept(&self, act: &'static str, output: &Output) -> Result<(), ConnectorError> {
        let said = one_line(&output.stderr_text());
        match output.status {
            0 => Ok(()),
            IN_USE => Err(self.busy("the user is logged in")),
            status if LOCKED.contains(&status) && said.contains("lock") => Err(self.busy(&said)),
            _ if said.starts_with("sudo:") => {
                Err(ConnectorError::NotPermitted { login: cut(self.session.login()), detail: said })
            }
            2 | 3 | 4 | 6 => Err(self.rejected(act, said)),
            _ => Err(unexpected(&[act], output)),
        }
    }

    fn busy(&self, detail: &str) -> ConnectorError {
        ConnectorError::Busy { address: self.session.address().to_owned(), detail: detail.to_owned() }
    }
}

/// What an id stands for.
enum What<'a> {
    Group(&'a str),
    Rule(&'a str),
    Key(&'a str),
}

impl<'a> What<'a> {
    fn read(id: &'a NativeId) -> Option<Self> {
        let (kind, name) = id.0.split_once(':')?;
        let what = match kind {
            "group" => Self::Group(name),
            "sudo" => Self::Rule(name),
            "key" => Self::Key(name),
            _ => return None,
        };
        let is_it = *id
            == match what {
                Self::Group(name) => group_id(name),
                Self::Rule(slug) => rule_id(slug),
                Self::Key(fingerprint) => key_id(fingerprint),
            };
        // What is none of their names is not handed to tools.
        let is_plain = match what {
            Self::Group(name) => is_plain_login(name),
            Self::Rule(slug) => is_slug(slug),
            Self::Key(_) => true,
        };
        (is_it && is_plain).then_some(what)
    }
}

/// Attributes that can be set.
struct Wanted<'a> {
    name: Option<&'a str>,
    shell: Option<&'a str>,
    login: Option<&'a str>,
}

impl<'a> Wanted<'a> {
    fn read(attributes: &'a Attributes) -> Result<Self, ConnectorError> {
        let bad = |name: &str, reason| Err(ConnectorError::BadName { name: cut(name), reason });
        let mut wanted = Self { name: None, shell: None, login: None };
        for (name, values) in attributes {
            let value = match values.as_slice() {
                [] => "",
                [value] => value.as_str(),
                _ => return bad(name, "it has one value"),
            };
            match name.as_str() {
                "name" => wanted.name = Some(field(value)?),
                "shell" if is_path(value) => wanted.shell = Some(value),
                "shell" => return bad(value, "a shell is a whole path"),
                "login" => wanted.login = Some(check_login(value)?),
                _ => return bad(name, "a user has no such attribute to set"),
            }
        }
        Ok(wanted)
    }
}

fn is_path(text: &str) -> bool {
    text.starts_with('/') && text.len() < 256 && !text.chars().any(|c| c.is_control() || c == ':')
}

/// One of the fields beside a login, which commas part (passwd(5), GECOS).
fn field(text: &str) -> Result<&str, ConnectorError> {
    if text.len() > 200 || text.chars().any(|c| c.is_control() || ":,=\\\"".contains(c)) {
        let reason = "it holds a colon, a comma, a control character or another that ends a field, or it is too long";
        return Err(ConnectorError::BadName { name: cut(text), reason });
    }
    Ok(text)
}

fn check_login(login: &str) -> Result<&str, ConnectorError> {
    if is_plain_login(login) {
        return Ok(login);
    }
    let reason = "a login is up to 32 lower case letters, digits, dots, dashes and underscores, a letter first";
    Err(ConnectorError::BadName { name: cut(login), reason })
}

fn with_name(gecos: &str, name: &str) -> String {
    let rest = gecos.split_once(',').map_or("", |(_, rest)| rest);
    if rest.is_empty() { name.to_owned() } else { format!("{name},{rest}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_name_changes_and_the_mark_beside_it_stays() {
        for (gecos, name, after) in [
            ("Ann,,,,ord-1", "Ann Berg", "Ann Berg,,,,ord-1"),
            ("Ann", "Bea", "Bea"),
            ("", "Bea", "Bea"),
            (",,,,ord-1", "", ",,,,ord-1"),
        ] {
            assert_eq!(with_name(gecos, name), after);
        }
    }

    proptest! {
        #[test]
        fn no_text_breaks_out_of_its_field(text in "(?s)[a-z,:=\n\\\\\" é]{0,20}") {
            if let Ok(field) = field(&text) {
                let line = format!("ann:x:1000:1000:{}:/home/ann:/bin/sh", with_name("x,,,,mark", field));
                let fields: Vec<&str> = line.split(':').collect();
                prop_assert_eq!(fields.len(), 7);
                prop_assert_eq!(fields[4].split(',').nth(4), Some("mark"));
                prop_assert_eq!(line.lines().count(), 1);
            }
        }
    }
}
