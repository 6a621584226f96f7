//! A system with accounts and groups as a plain value. It is away at times, and loses answers; what privilege does there is
//! told through the doors of `provisioning`. Whatever is stopped half-way has happened half-way.

use super::process::Told;
use crate::company::Company;
use crate::dice::Dice;
use crate::listed::native;
use connectors::connector::{
    Account, AccountKind, AccountRef, Attributes, Entitlement, EntitlementKind, Held, Member, Membership, Part, Status,
};
use provisioning::fulfil::{self, Task};
use provisioning::machine::Answer;
use provisioning::observe::{self, Outcome, Reading, Scope};
use provisioning::{Act, inventory};
use std::collections::{BTreeMap, BTreeSet};

/// Members of it have power.
pub(crate) const POWER: &str = "admins";

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct There {
    pub(crate) login: String,
    pub(crate) enabled: bool,
    pub(crate) attributes: Attributes,
    pub(crate) mark: Option<String>,
}

pub(crate) struct Place {
    pub(crate) name: &'static str,
    pub(crate) groups: &'static [&'static str],
    pub(crate) accounts: BTreeMap<String, There>,
    pub(crate) members: BTreeSet<(String, String)>,
    /// Memberships that somebody gave by hand.
    pub(crate) by_hand: BTreeSet<(String, String)>,
    /// Accounts of nobody that have somebody's login.
    pub(crate) squatters: BTreeSet<String>,
    pub(crate) is_away: bool,
    /// Of a hundred answers.
    pub(crate) loses: u64,
    made: u32,
    dice: Dice,
}

impl Place {
    pub(crate) fn new(name: &'static str, groups: &'static [&'static str], dice: Dice) -> Self {
        let (accounts, members, by_hand, squatters) = Default::default();
        Self { name, groups, accounts, members, by_hand, squatters, is_away: false, loses: 0, made: 0, dice }
    }

    pub(crate) fn add(&mut self, login: &str, attributes: Attributes, mark: Option<String>) -> String {
        self.made += 1;
        let id = format!("{}{}", self.name, self.made);
        self.accounts.insert(id.clone(), There { login: login.to_owned(), enabled: true, attributes, mark });
        id
    }

    pub(crate) fn remove(&mut self, id: &str) {
        self.accounts.remove(id);
        self.members.retain(|(member, _)| member != id);
    }

    /// A person deletes whatever has a login that is not theirs. Nobody gave it anything but by hand.
    pub(crate) fn evict(&mut self) -> Told {
        for id in std::mem::take(&mut self.squatters) {
            self.is_as_given_by_hand(&id)?;
            self.remove(&id);
        }
        Ok(())
    }

    pub(crate) fn is_as_given_by_hand(&self, id: &str) -> Told {
        let given = self.members.iter().find(|(member, _)| member == id).filter(|given| !self.by_hand.contains(*given));
        given
            .map_or(Ok(()), |given| Err(format!("{given:?} on {} is of nobody, and nobody gave it by hand", self.name)))
    }

    pub(crate) fn of_login(&self, login: &str) -> Option<&String> {
        self.accounts.iter().find(|(_, there)| there.login == login).map(|(id, _)| id)
    }

    pub(crate) fn groups_of(&self, id: &str) -> BTreeSet<&str> {
        self.members.iter().filter(|(member, _)| member == id).map(|(_, group)| group.as_str()).collect()
    }

    fn account(&self, id: &str) -> Option<Account> {
        let There { login, enabled, attributes, .. } = self.accounts.get(id)?.clone();
        let status = if enabled { Status::Enabled } else { Status::Disabled };
        let (privileged, last_used_at, kind) = (Vec::new(), None, AccountKind::Ordinary);
        Some(Account { id: native(id), login, status, attributes, privileged, last_used_at, kind })
    }

    fn entitlement(name: &str) -> Entitlement {
        let privileged = (name == POWER).then(|| "administers everything".to_owned());
        Entitlement { id: native(name), kind: EntitlementKind::Group, name: name.to_owned(), privileged }
    }

    fn held(&self, id: &str) -> Option<Held> {
        let entitlements = self.groups_of(id).into_iter().map(Self::entitlement).collect();
        Some(Held { account: self.account(id)?, entitlements })
    }

    /// Privilege reads all of it, and a person believes what looks cut off.
    pub(crate) async fn read(&self, company: &Company) {
        if self.is_away {
            return observe::broken(&company.ctx, self.name, "csv", "away", "it is away").await.unwrap();
        }
        let mut reading = Reading::begin(&company.ctx, self.name, "csv", Scope::Whole).await.unwrap();
        let entitlements = self.groups.iter().map(|name| Self::entitlement(name)).collect();
        reading.page(&company.ctx, &Part { entitlements, ..Part::default() }).await.unwrap();
        let accounts = self.accounts.keys().filter_map(|id| self.account(id)).collect();
        let membership = |(id, group): &(String, String)| Membership {
            member: Member::Account(native(id)),
            entitlement: native(group),
        };
        let memberships = self.members.iter().map(membership).collect();
        reading.page(&company.ctx, &Part { accounts, memberships, ..Part::default() }).await.unwrap();
        if let Outcome::Held { .. } = reading.end(&company.ctx, None).await.unwrap() {
            inventory::accept_missing(&company.ctx, self.name, [u64::MAX; 3], "they are gone indeed").await.unwrap();
        }
    }

    /// Privilege takes what is ordered here and sends it, as often as something is due, and looks what became of it.
    pub(crate) async fn work(&mut self, company: &Company) -> Told {
        fulfil::recover(&company.ctx, self.name).await.unwrap();
        if !self.is_away {
            self.look_at_all(company).await;
        }
        loop {
            let tasks = fulfil::take(&company.ctx, self.name, 100).await.unwrap();
            if tasks.is_empty() {
                return Ok(());
            }
            let ranks: Vec<_> = tasks.iter().map(|task| task.order.rank).collect();
            if !ranks.is_sorted() {
                return Err(format!("`{}` is sent {ranks:?}: what takes power away does not go first", self.name));
            }
            let mut answers = Vec::new();
            for task in tasks {
                let answer = self.send(&task)?;
                answers.push((task.order, answer));
            }
            fulfil::answered(&company.ctx, answers).await.unwrap();
            if self.is_away {
                return Ok(());
            }
            self.look_at_all(company).await;
        }
    }

    /// What was sent and not seen, each account by itself.
    async fn look_at_all(&self, company: &Company) {
        let tasks = fulfil::unseen(&company.ctx, self.name, None, 1_000).await.unwrap();
        let asked = |task: &Task| match &task.account {
            Some(account) => (Some(account.native_id.clone()), account.login.clone()),
            None => (None, task.order.login.clone().unwrap_or_default()),
        };
        for (id, login) in tasks.iter().map(asked).collect::<BTreeSet<_>>() {
            let found = id.clone().or_else(|| self.of_login(&login).cloned());
            let held = found.and_then(|id| self.held(&id));
            let asked = AccountRef { id: id.as_deref().map(native), login };
            observe::account(&company.ctx, self.name, "csv", &asked, held.as_ref()).await.unwrap();
        }
    }

    fn send(&mut self, task: &Task) -> Result<Answer, String> {
        let trouble = || "no answer".to_owned();
        if self.is_away {
            return Ok(Answer::Later { not_before: None, trouble: "it is away".to_owned() });
        }
        if self.dice.percent(self.loses) {
            if self.dice.percent(50) {
                self.carry(task)?;
            }
            return Ok(Answer::Unclear(trouble()));
        }
        self.carry(task)
    }

    fn carry(&mut self, task: &Task) -> Result<Answer, String> {
        let order = &task.order;
        if order.act == Act::Create {
            return Ok(self.create(order.login.as_deref().unwrap_or_default(), task));
        }
        let Some(account) = &task.account else { return Ok(Answer::Never("no account is named".to_owned())) };
        let id = account.native_id.clone();
        let Some(there) = self.accounts.get_mut(&id) else {
            let gone = format!("there is no account {id}");
            return Ok(if order.act.removes() { Answer::Yes } else { Answer::Never(gone) });
        };
        let group = task.entitlement.as_ref().map(|entitlement| entitlement.native_id.clone()).unwrap_or_default();
        match order.act {
            Act::Create => {}
            Act::Change => {
                let mut attributes = task.body.attributes.clone();
                if let Some(login) = attributes.remove("login") {
                    there.login = login[0].clone();
                }
                there.attributes.extend(attributes);
            }
            Act::Enable => there.enabled = true,
            Act::Disable => there.enabled = false,
            Act::Delete => self.remove(&id),
            Act::Grant => drop(self.members.insert((id, group))),
            Act::Revoke => drop(self.members.remove(&(id, group))),
        }
        Ok(Answer::Yes)
    }

    /// Knows its own work by the mark.
    fn create(&mut self, login: &str, task: &Task) -> Answer {
        let mark = task.order.id.to_string();
        match self.of_login(login) {
            Some(id) if self.accounts[id].mark.as_ref() == Some(&mark) => Answer::Yes,
            Some(id) => Answer::AlreadyThere { native_id: Some(id.clone()), trouble: "it is taken".to_owned() },
            None => {
                self.add(login, task.body.attributes.clone(), Some(mark));
                Answer::Yes
            }
        }
    }
}
