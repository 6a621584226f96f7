//! `corp`, a system that the privilege plane would read and change: a plain value that tests change, told through the
//! doors of `provisioning` as privilege tells them.

use crate::company::Company;
use crate::listed::native;
use connectors::connector::{
    Account, AccountKind, AccountRef, Attributes, Entitlement, EntitlementKind, Held, Member, Membership, Part, Status,
};
use provisioning::machine::Answer;
use provisioning::observe::{self, Reading, Scope};
use provisioning::order::{self, OrderFilter};
use provisioning::{Act, Link, ObservedAccount, Order, fulfil, inventory};
use std::collections::BTreeMap;
use types::{Actor, IdentityId};

#[derive(Debug, Clone)]
pub(crate) struct Corp {
    pub(crate) name: &'static str,
    accounts: BTreeMap<String, Account>,
    memberships: Vec<(String, String)>,
}

/// Groups of every system here; members of `admins` have power.
const GROUPS: [&str; 2] = ["admins", "staff"];

impl Corp {
    pub(crate) fn new(name: &'static str, logins: &[&str], memberships: &[(&str, &str)]) -> Self {
        let mut corp = Self { name, accounts: BTreeMap::new(), memberships: Vec::new() };
        logins.iter().for_each(|login| corp.add(login));
        memberships.iter().for_each(|(login, group)| corp.join(login, group));
        corp
    }

    pub(crate) fn add(&mut self, login: &str) {
        let account = Account {
            id: native(login),
            login: login.to_owned(),
            status: Status::Enabled,
            attributes: Attributes::default(),
            privileged: Vec::new(),
            last_used_at: None,
            kind: AccountKind::Ordinary,
        };
        self.accounts.insert(login.to_owned(), account);
    }

    pub(crate) fn join(&mut self, login: &str, group: &str) {
        self.memberships.push((login.to_owned(), group.to_owned()));
    }

    pub(crate) fn leave_group(&mut self, login: &str, group: &str) {
        self.memberships.retain(|(member, of)| (member.as_str(), of.as_str()) != (login, group));
    }

    pub(crate) fn remove(&mut self, login: &str) {
        self.accounts.remove(login);
        self.memberships.retain(|(member, _)| member != login);
    }

    fn entitlement(name: &str) -> Entitlement {
        let privileged = (name == "admins").then(|| "administers everything".to_owned());
        Entitlement { id: native(name), kind: EntitlementKind::Group, name: name.to_owned(), privileged }
    }

    fn held(&self, login: &str) -> Option<Held> {
        let account = self.accounts.get(login)?.clone();
        let of = self.memberships.iter().filter(|(member, _)| member == login);
        Some(Held { account, entitlements: of.map(|(_, group)| Self::entitlement(group)).collect() })
    }

    /// Privilege reads all of it.
    pub(crate) async fn read(&self, company: &Company) {
        company.pass(1);
        let mut reading = Reading::begin(&company.ctx, self.name, "csv", Scope::Whole).await.unwrap();
        let entitlements = GROUPS.iter().map(|name| Self::entitlement(name)).collect();
        reading.page(&company.ctx, &Part { entitlements, ..Part::default() }).await.unwrap();
        let accounts = self.accounts.values().cloned().collect();
        let membership = |(login, group): &(String, String)| Membership {
            member: Member::Account(native(login)),
            entitlement: native(group),
        };
        let memberships = self.memberships.iter().map(membership).collect();
        reading.page(&company.ctx, &Part { accounts, memberships, ..Part::default() }).await.unwrap();
        reading.end(&company.ctx, None).await.unwrap();
    }

    /// Privilege carries out whatever is ordered here, and looks at what became of it.
    pub(crate) async fn obey(&mut self, company: &Company) -> usize {
        let mut done = 0;
        loop {
            let tasks = fulfil::take(&company.ctx, self.name, 100).await.unwrap();
            if tasks.is_empty() {
                return done;
            }
            done += tasks.len();
            for task in tasks {
                self.change(
                    &task.order,
                    task.account.as_ref(),
                    task.entitlement.as_ref().map(|e| e.native_id.as_str()),
                );
                let (order, account) = (task.order, task.account);
                fulfil::answered(&company.ctx, vec![(order, Answer::Yes)]).await.unwrap();
                if let Some(account) = account {
                    self.look(company, &account.login).await;
                }
            }
        }
    }

    /// Whatever is ordered here is carried out or not, and nobody hears which.
    pub(crate) async fn lose(&mut self, company: &Company, carried_out: bool) {
        for task in fulfil::take(&company.ctx, self.name, 100).await.unwrap() {
            if carried_out {
                let group = task.entitlement.as_ref().map(|e| e.native_id.as_str());
                self.change(&task.order, task.account.as_ref(), group);
            }
            let lost = Answer::Unclear("the answer was lost".into());
            fulfil::answered(&company.ctx, vec![(task.order, lost)]).await.unwrap();
        }
    }

    fn change(&mut self, order: &Order, account: Option<&ObservedAccount>, group: Option<&str>) {
        let login = account.map_or_else(String::new, |account| account.login.clone());
        match order.act {
            Act::Disable => self.set(&login, Status::Disabled),
            Act::Enable => self.set(&login, Status::Enabled),
            Act::Revoke => self.leave_group(&login, group.unwrap_or_default()),
            Act::Grant => self.be_in(login, group.unwrap_or_default()),
            Act::Create => self.add(order.login.as_deref().unwrap_or_default()),
            Act::Change | Act::Delete => {}
        }
    }

    fn be_in(&mut self, login: String, group: &str) {
        self.leave_group(&login, group);
        self.memberships.push((login, group.to_owned()));
    }

    /// It stays the account that it is, of no group.
    pub(crate) fn rename(&mut self, login: &str, to: &str) {
        let account = self.accounts.remove(login).expect("an account of that login");
        self.accounts.insert(to.to_owned(), Account { login: to.to_owned(), ..account });
    }

    pub(crate) fn set(&mut self, login: &str, status: Status) {
        if let Some(account) = self.accounts.get_mut(login) {
            account.status = status;
        }
    }

    pub(crate) fn status(&self, login: &str) -> Status {
        self.accounts[login].status
    }

    pub(crate) fn groups_of(&self, login: &str) -> Vec<&str> {
        self.memberships.iter().filter(|(member, _)| member == login).map(|(_, group)| group.as_str()).collect()
    }

    pub(crate) async fn look(&self, company: &Company, login: &str) {
        let asked = AccountRef { id: Some(native(login)), login: login.to_owned() };
        let held = self.held(login);
        observe::account(&company.ctx, self.name, "csv", &asked, held.as_ref()).await.unwrap();
    }

    pub(crate) async fn account(&self, company: &Company, login: &str) -> ObservedAccount {
        let filter = inventory::AccountFilter {
            system: Some(self.name.into()),
            limit: 1_000,
            ..inventory::AccountFilter::default()
        };
        let all = inventory::accounts(&mut company.ctx.read().await.unwrap(), &filter).await.unwrap();
        all.into_iter().find(|account| account.login == login).expect("it was read")
    }

    /// As whoever links accounts would.
    pub(crate) async fn is(&self, company: &Company, login: &str, identity: &IdentityId) {
        let account = self.account(company, login).await;
        let link = Link { identity: identity.clone(), by: "employee_number".into() };
        let ctx = company.ctx.acting_as(Actor::duty("governance"));
        let mut tx = ctx.decide().await.unwrap();
        inventory::link(&mut tx, &account.id, Some(link)).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub(crate) async fn protect(&self, company: &Company, login: &str, on: bool) {
        let account = self.account(company, login).await;
        let mut tx = company.ctx.decide().await.unwrap();
        inventory::protect(&mut tx, &account.id, on, "break glass").await.unwrap();
        tx.commit().await.unwrap();
    }
}

/// Every order about somebody, oldest first and then as they are sent: what, and what became of it.
pub(crate) async fn orders_of(company: &Company, who: &IdentityId) -> Vec<(Act, &'static str)> {
    let filter = OrderFilter { identity: Some(who.clone()), limit: 100, ..OrderFilter::default() };
    let mut orders = order::list(&company.ctx, &filter).await.unwrap();
    orders.sort_by_key(|order| (order.ordered_at, order.system.clone(), order.rank));
    orders.into_iter().map(|order| (order.act, order.state.as_str())).collect()
}
