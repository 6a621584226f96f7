//! Everything that a host's own tools say about its local users: who they are, what they are in, which keys let them in.
//! Changes nothing.

use super::discovery::{Looked, look};
use super::passwd::{GroupEntry, PasswdEntry, expiry_days, group_entries, passwd_entries};
use super::sudoers::HostRule;
use super::system::Linux;
use super::{FoundAccount, Privilege};
use crate::ConnectorError;
use crate::account::cut;
use crate::connector::{
    Account, AccountKind, AccountRef, Attributes, Entitlement, EntitlementKind, Held, Member, Membership, NativeId,
    PAGE_OBJECTS, PRIMARY_GROUP, Page, Part, Status, Unread,
};
use std::collections::BTreeMap;
use types::Timestamp;

/// From here on numbers are people's (Debian, UID_MIN).
const FIRST_FREE_UID: u32 = 1_000;
const NOBODY: u32 = 65_534;

/// Groups that lead to root by what distributions let them do, besides those that [`look`] knows.
const SUDO_GROUPS: [&str; 3] = ["sudo", "wheel", "admin"];

/// A host as it was a moment ago.
pub(super) struct Inventory {
    users: Vec<PasswdEntry>,
    groups: Vec<GroupEntry>,
    found: BTreeMap<String, FoundAccount>,
    now: Timestamp,
    /// Sudo rules of ours, by the names that they are given by.
    rules: BTreeMap<String, HostRule>,
    expiries: BTreeMap<String, Timestamp>,
    gecos: BTreeMap<String, String>,
    ours: String,
    address: String,
    /// Users who may have other keys too, and why.
    unsure: BTreeMap<String, String>,
}

/// All pages at once: what a host says fits.
pub(super) async fn pages(linux: &Linux) -> Vec<Result<Page, ConnectorError>> {
    match Inventory::whole(linux).await {
        Ok(inventory) => {
            let unread = inventory.unread().map(Page::Unread);
            let parts = inventory.parts().into_iter().map(Page::Part);
            parts.chain(unread).chain([Page::End]).map(Ok).collect()
        }
        Err(error) => vec![Err(error)],
    }
}

impl Inventory {
    /// What its files say: users, groups, rules of ours. Other powers and keys are left out.
    pub(super) async fn read(linux: &Linux) -> Result<Self, ConnectorError> {
        let root = linux.root().await?;
        let programs: [&[&str]; 4] = [
            &["date", "+%s"],
            &["getent", "-s", "files", "passwd"],
            &["getent", "-s", "files", "group"],
            &["cut", "-d:", "-f1,8", "/etc/shadow"],
        ];
        let [clock, listed, groups, shadow] = root.outputs(programs).await?;
        let seconds = clock.trim().parse::<i64>().unwrap_or_default();
        let rules = linux.drop_ins(&root).all().await?;
        Ok(Self {
            users: passwd_entries(&listed),
            groups: group_entries(&groups),
            found: BTreeMap::new(),
            now: Timestamp::from_micros(seconds.saturating_mul(1_000_000)),
            rules,
            expiries: expiry_days(&shadow).into_iter().collect(),
            gecos: gecos(&listed),
            ours: linux.session.login().to_owned(),
            address: linux.session.address().to_owned(),
            unsure: BTreeMap::new(),
        })
    }

    /// Everything.
    pub(super) async fn whole(linux: &Linux) -> Result<Self, ConnectorError> {
        let mut host = Self::read(linux).await?;
        host.look(linux, None).await?;
        Ok(host)
    }

    /// Also what tools say of a user's powers and keys.
    ///
    /// # Errors
    /// `BrokenListing`: something could not be asked of the host, or of the one user that is looked at.
    pub(super) async fn look(&mut self, linux: &Linux, only: Option<&str>) -> Result<(), ConnectorError> {
        let Looked { found, failed, mut unsure } = look(&linux.session, self.now, only).await?;
        if let Some(detail) = failed.or_else(|| unsure.remove(only?)) {
            return Err(self.broken(detail));
        }
        self.found = found.accounts.into_iter().map(|account| (account.login.clone(), account)).collect();
        self.unsure = unsure;
        Ok(())
    }

    /// Users with keys that could not be read.
    fn unread(&self) -> Option<Unread> {
        let unsure = self.users.iter().filter(|user| self.unsure.contains_key(&user.login));
        let accounts: Vec<NativeId> = unsure.map(|user| self.id(user)).collect();
        (!accounts.is_empty()).then_some(Unread { accounts, kind: EntitlementKind::SshKey })
    }

    fn parts(&self) -> Vec<Part> {
        let mut parts = Vec::new();
        let entitlements = self.entitlements();
        for some in entitlements.chunks(PAGE_OBJECTS) {
            parts.push(Part { entitlements: some.to_vec(), ..Part::default() });
        }
        for some in self.users.chunks(PAGE_OBJECTS) {
            let mut part = Part::default();
            for user in some {
                let id = self.id(user);
                part.memberships.extend(self.held_by(user).into_iter().map(|entitlement| Membership {
                    member: Member::Account(id.clone()),
                    entitlement: entitlement.id,
                }));
                part.accounts.push(self.account(user));
            }
            parts.push(part);
        }
        parts
    }

    fn entitlements(&self) -> Vec<Entitlement> {
        let groups = self.groups.iter().map(group);
        let rules = self.rules.iter().map(|(slug, rule)| sudo_rule(slug, rule));
        let keys = self.users.iter().flat_map(|user| self.keys(&user.login));
        let mut all: BTreeMap<NativeId, Entitlement> = BTreeMap::new();
        for entitlement in groups.chain(rules).chain(keys) {
            all.entry(entitlement.id.clone()).or_insert(entitlement);
        }
        all.into_values().collect()
    }

    fn held_by(&self, user: &PasswdEntry) -> Vec<Entitlement> {
        let login = &user.login;
        let belongs = |group: &&GroupEntry| group.gid == user.gid || group.members.contains(login);
        let groups = self.groups.iter().filter(belongs).map(group);
        let rules = self.rules.iter().filter(|(_, rule)| rule.holders.contains(login));
        let rules = rules.map(|(slug, rule)| sudo_rule(slug, rule));
        let all = groups.chain(rules).chain(self.keys(login));
        all.map(|entitlement| (entitlement.id.clone(), entitlement)).collect::<BTreeMap<_, _>>().into_values().collect()
    }

    fn keys(&self, login: &str) -> Vec<Entitlement> {
        let found = self.found.get(login).into_iter().flat_map(|found| &found.keys);
        found.map(|key| entitlement(key_id(&key.fingerprint), EntitlementKind::SshKey, key_name(key), None)).collect()
    }

    /// `None`: there is no such user.
    ///
    /// # Errors
    /// `BrokenListing`: by now several have the number, and none of them the login.
    pub(super) fn user(&self, account: &AccountRef) -> Result<Option<&PasswdEntry>, ConnectorError> {
        let Some(NativeId(id)) = &account.id else {
            return Ok(self.users.iter().find(|user| user.login == account.login));
        };
        let (number, login) = id.split_once(':').unwrap_or((id, &account.login));
        let of_number: Vec<_> = self.users.iter().filter(|user| user.uid.to_string() == number).collect();
        if let Some(called) = of_number.iter().find(|user| user.login == login) {
            return Ok(Some(called));
        }
        match of_number.as_slice() {
            // It was renamed.
            [one] if !id.contains(':') => Ok(Some(one)),
            [one, other, ..] if !id.contains(':') => Err(self.broken(format!(
                "`{}` and `{}` have the number {number}, and `{}` is none of them: give each a number of its own",
                cut(&one.login),
                cut(&other.login),
                cut(&account.login)
            ))),
            _ => Ok(None),
        }
    }

    fn broken(&self, detail: String) -> ConnectorError {
        ConnectorError::BrokenListing { address: self.address.clone(), detail }
    }

    /// The number, with the login for whoever came to it later: who had it first keeps the id.
    pub(super) fn id(&self, user: &PasswdEntry) -> NativeId {
        let is_first =
            self.users.iter().find(|other| other.uid == user.uid).is_none_or(|first| first.login == user.login);
        NativeId(if is_first { user.uid.to_string() } else { format!("{}:{}", user.uid, user.login) })
    }

    /// Who else has the number of a user.
    pub(super) fn shares_number(&self, user: &PasswdEntry) -> Option<&PasswdEntry> {
        self.users.iter().find(|other| other.uid == user.uid && other.login != user.login)
    }

    pub(super) fn account(&self, user: &PasswdEntry) -> Account {
        let login = &user.login;
        let mut attributes = Attributes::from([
            ("uid".to_owned(), vec![user.uid.to_string()]),
            ("home".to_owned(), vec![user.home.clone()]),
            ("shell".to_owned(), vec![user.shell.clone()]),
        ]);
        let name = self.gecos(login).split(',').next().unwrap_or_default();
        if !name.is_empty() {
            attributes.insert("name".to_owned(), vec![name.to_owned()]);
        }
        if let Some(group) = self.groups.iter().find(|group| group.gid == user.gid) {
            attributes.insert(PRIMARY_GROUP.to_owned(), vec![group_id(&group.name).0]);
        }
        let found = self.found.get(login);
        let privileges = found.into_iter().flat_map(|found| &found.privileges);
        let by_itself = privileges.filter(|privilege| !matches!(privilege, Privilege::Group { .. }));
        let is_expired = self.expiries.get(login).is_some_and(|expiry| *expiry <= self.now);
        let is_built_in = user.uid < FIRST_FREE_UID || user.uid == NOBODY || *login == self.ours;
        Account {
            id: self.id(user),
            login: login.clone(),
            status: if is_expired { Status::Disabled } else { Status::Enabled },
            attributes,
            privileged: by_itself.map(ToString::to_string).collect(),
            last_used_at: found.and_then(|found| found.last_login),
            kind: if is_built_in { AccountKind::BuiltIn } else { AccountKind::Ordinary },
        }
    }

    pub(super) fn gecos(&self, login: &str) -> &str {
        self.gecos.get(login).map_or("", String::as_str)
    }

    pub(super) fn held(&self, user: &PasswdEntry) -> Held {
        Held { account: self.account(user), entitlements: self.held_by(user) }
    }

    pub(super) fn group(&self, name: &str) -> Option<&GroupEntry> {
        self.groups.iter().find(|group| group.name == name)
    }

    /// Who has it; `None`: there is no such thing here.
    ///
    /// # Errors
    /// `BrokenListing`: somebody's keys could not be read, who may have it too.
    pub(super) fn members(&self, entitlement: &NativeId) -> Result<Option<Vec<Member>>, ConnectorError> {
        if let Some(why) = self.unsure.values().next() {
            return Err(self.broken(why.clone()));
        }
        if !self.entitlements().iter().any(|there| there.id == *entitlement) {
            return Ok(None);
        }
        let has = |user: &&PasswdEntry| self.held_by(user).iter().any(|held| held.id == *entitlement);
        Ok(Some(self.users.iter().filter(has).map(|user| Member::Account(self.id(user))).collect()))
    }

    pub(super) fn rules_of(&self, login: &str) -> impl Iterator<Item = &String> {
        self.rules.iter().filter(move |(_, rule)| rule.holders.contains(login)).map(|(slug, _)| slug)
    }
}

pub(super) fn group_id(name: &str) -> NativeId {
    NativeId(format!("group:{name}"))
}

pub(super) fn rule_id(slug: &str) -> NativeId {
    NativeId(format!("sudo:{slug}"))
}

pub(super) fn key_id(fingerprint: &str) -> NativeId {
    NativeId(format!("key:{fingerprint}"))
}

fn entitlement(id: NativeId, kind: EntitlementKind, name: String, privileged: Option<String>) -> Entitlement {
    Entitlement { id, kind, name, privileged }
}

fn group(group: &GroupEntry) -> Entitlement {
    let root = super::discovery::why_root(&group.name).map(str::to_owned);
    let sudo = SUDO_GROUPS.contains(&group.name.as_str()).then(|| "uses sudo where its rules say so".to_owned());
    entitlement(group_id(&group.name), EntitlementKind::Group, group.name.clone(), root.or(sudo))
}

fn sudo_rule(slug: &str, rule: &HostRule) -> Entitlement {
    entitlement(rule_id(slug), EntitlementKind::SudoRule, format!("sudo {slug}"), rule.power.clone())
}

fn key_name(key: &super::FoundKey) -> String {
    let comment = cut(&key.comment);
    if comment.is_empty() { key.fingerprint.clone() } else { format!("{} ({comment})", key.fingerprint) }
}

/// What stands beside each login.
fn gecos(passwd: &str) -> BTreeMap<String, String> {
    let field = |line: &str| {
        let mut fields = line.split(':');
        Some((fields.next()?.to_owned(), fields.nth(3)?.to_owned()))
    };
    passwd.lines().filter_map(field).collect()
}
