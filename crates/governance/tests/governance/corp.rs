//! `corp`, a system with accounts and groups as a plain value, which tests read and change as the privilege plane would.

use crate::company::Company;
use crate::listed::native;
use connectors::connector::{
    Account, AccountKind, AccountRef, Attributes, Entitlement, EntitlementKind, Held, Member, Membership, Part, Status,
};
use governance::breakers::{self, Breaker, Limit};
use governance::plans::{self, Outcome, Plan};
use governance::{drifts, duties, entitlements, mappings, systems};
use ledger::finding;
use provisioning::machine::Answer;
use provisioning::observe::{self, Reading, Scope};
use provisioning::order::{self, OrderFilter};
use provisioning::walk;
use provisioning::{Act, Holder, Link, ObservedAccount, Order, What, fulfil, inventory};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use types::IdentityId;

const SYSTEM: &str = r#"
[[system]]
name = "corp"
owner = "bob@example.com"
logins = ["root"]
"#;

const MAPPING: &str = r#"
[[mapping]]
system = "corp"
login = "{given_name:1}{family_name}"
creates = true

[mapping.attributes]
mail = "{email}"
department = "{department}"
"#;

const ENTITLEMENTS: &str = r#"
[[entitlement]]
system = "corp"
slug = "staff"
owner = "bob@example.com"

[[entitlement]]
system = "corp"
slug = "admins"
owner = "bob@example.com"
"#;

#[derive(Debug, Clone, Default)]
pub(crate) struct Corp {
    pub(crate) accounts: BTreeMap<String, Account>,
    /// By name, with why one gives power.
    pub(crate) groups: BTreeMap<String, Option<String>>,
    pub(crate) members: BTreeSet<(String, String)>,
    /// Groups in groups.
    pub(crate) nested: BTreeSet<(String, String)>,
    made: u32,
}

impl Corp {
    /// Two groups, of which `admins` gives power; declared and mapped with a policy for drift, and read once.
    pub(crate) async fn mapped(company: &Company, drift: &str) -> Self {
        let groups = [("staff".to_owned(), None), ("admins".to_owned(), Some("administers".to_owned()))].into();
        let corp = Self { groups, ..Self::default() };
        let file: systems::File = toml::from_str(SYSTEM).unwrap();
        systems::declare(&company.ctx, &file.system).await.unwrap();
        let file: entitlements::File = toml::from_str(ENTITLEMENTS).unwrap();
        entitlements::declare(&company.ctx, &file.entitlement, None).await.unwrap();
        map(company, drift).await;
        corp.read(company).await;
        corp
    }

    pub(crate) fn add(&mut self, login: &str, attributes: Attributes) -> String {
        self.made += 1;
        let id = format!("n{}", self.made);
        let (login, kind) = (login.to_owned(), AccountKind::Ordinary);
        let (status, privileged, last_used_at) = (Status::Enabled, Vec::new(), None);
        let account = Account { id: native(&id), login, status, attributes, privileged, last_used_at, kind };
        self.accounts.insert(id.clone(), account);
        id
    }

    pub(crate) fn id_of(&self, login: &str) -> String {
        let of = |(id, account): (&String, &Account)| (account.login == login).then(|| id.clone());
        self.accounts.iter().find_map(of).expect("an account of that login")
    }

    pub(crate) fn join(&mut self, login: &str, group: &str) {
        self.members.insert((self.id_of(login), group.to_owned()));
    }

    pub(crate) fn leave(&mut self, login: &str, group: &str) {
        self.members.remove(&(self.id_of(login), group.to_owned()));
    }

    pub(crate) fn account(&mut self, login: &str) -> &mut Account {
        let id = self.id_of(login);
        self.accounts.get_mut(&id).unwrap()
    }

    pub(crate) fn remove(&mut self, login: &str) {
        let id = self.id_of(login);
        self.accounts.remove(&id);
        self.members.retain(|(member, _)| *member != id);
    }

    /// The account's groups, and whether it is enabled.
    pub(crate) fn told(&self, login: &str) -> String {
        let id = self.id_of(login);
        let groups = self.members.iter().filter(|(member, _)| *member == id).map(|(_, group)| group.as_str());
        let status = if self.accounts[&id].status == Status::Enabled { "enabled" } else { "disabled" };
        std::iter::once(status).chain(groups).collect::<Vec<_>>().join(" ")
    }

    fn entitlement(&self, name: &str) -> Entitlement {
        let (kind, privileged) = (EntitlementKind::Group, self.groups[name].clone());
        Entitlement { id: native(name), kind, name: name.to_owned(), privileged }
    }

    fn parts(&self) -> Vec<Part> {
        let accounts = Part { accounts: self.accounts.values().cloned().collect(), ..Part::default() };
        let entitlements = self.groups.keys().map(|name| self.entitlement(name)).collect();
        let membership = |(member, group): &(String, String)| Membership {
            member: Member::Account(native(member)),
            entitlement: native(group),
        };
        let nested = |(inner, outer): &(String, String)| Membership {
            member: Member::Entitlement(native(inner)),
            entitlement: native(outer),
        };
        let memberships = self.members.iter().map(membership).chain(self.nested.iter().map(nested)).collect();
        vec![Part { entitlements, ..Part::default() }, accounts, Part { memberships, ..Part::default() }]
    }

    /// A second later, to its end.
    pub(crate) async fn read(&self, company: &Company) {
        self.reading(company).await.end(&company.ctx, None).await.unwrap();
    }

    /// The same, without its end.
    pub(crate) async fn reading(&self, company: &Company) -> Reading {
        company.pass(1);
        let mut reading = Reading::begin(&company.ctx, "corp", "csv", Scope::Whole).await.unwrap();
        for part in self.parts() {
            reading.page(&company.ctx, &part).await.unwrap();
        }
        reading
    }

    /// Carries out whatever is ordered, and looks at what came of it.
    pub(crate) async fn carry_out(&mut self, company: &Company) {
        loop {
            let tasks = fulfil::take(&company.ctx, "corp", 100).await.unwrap();
            if tasks.is_empty() {
                return;
            }
            for task in tasks {
                let is_taken = |login: &String| self.accounts.values().any(|account| account.login == *login);
                if task.order.act == Act::Create && task.order.login.as_ref().is_some_and(is_taken) {
                    let there = Answer::AlreadyThere { native_id: None, trouble: "somebody else made it".into() };
                    fulfil::answered(&company.ctx, vec![(task.order, there)]).await.unwrap();
                    continue;
                }
                let id = self.carry(&task);
                fulfil::answered(&company.ctx, vec![(task.order, Answer::Yes)]).await.unwrap();
                self.look(company, &id).await;
            }
        }
    }

    async fn look(&self, company: &Company, id: &str) {
        let held = self.accounts.get(id).map(|account| {
            let of = self.members.iter().filter(|(member, _)| member == id);
            Held { account: account.clone(), entitlements: of.map(|(_, group)| self.entitlement(group)).collect() }
        });
        let login = held.as_ref().map_or(String::new(), |held| held.account.login.clone());
        let asked = AccountRef { id: Some(native(id)), login };
        observe::account(&company.ctx, "corp", "csv", &asked, held.as_ref()).await.unwrap();
    }

    /// Returns what the account is called there.
    fn carry(&mut self, task: &fulfil::Task) -> String {
        if task.order.act == Act::Create {
            return self.add(task.order.login.as_ref().unwrap(), task.body.attributes.clone());
        }
        let id = task.account.as_ref().expect("an account that is there").native_id.clone();
        let group = || task.entitlement.as_ref().expect("a group").native_id.clone();
        match task.order.act {
            Act::Create => {}
            Act::Change => self.accounts.get_mut(&id).unwrap().attributes.extend(task.body.attributes.clone()),
            Act::Enable => self.accounts.get_mut(&id).unwrap().status = Status::Enabled,
            Act::Disable => self.accounts.get_mut(&id).unwrap().status = Status::Disabled,
            Act::Delete => drop(self.accounts.remove(&id)),
            Act::Grant => drop(self.members.insert((id.clone(), group()))),
            Act::Revoke => drop(self.members.remove(&(id.clone(), group()))),
        }
        id
    }

    /// Whatever is due is computed, let through where it is the first, carried out, and seen to be done.
    pub(crate) async fn loaded(&mut self, company: &Company) {
        compared(company).await;
        let held = open_plan(company).await.expect("the first plan is held");
        plans::confirm(&company.acting("ada").await, &held.id, "looked at the first load").await.unwrap();
        self.carry_out(company).await;
        compared(company).await;
        assert_eq!(open_plan(company).await, None);
    }
}

/// Where a handful of accounts is everybody, each share is tripped by two: numbers alone count.
pub(crate) async fn loosened(company: &Company) {
    let number = Limit { share: None, number: Some(100) };
    let loose = Breaker::defaults().into_iter().map(|breaker| Breaker { per_run: number, window: None, ..breaker });
    breakers::declare(&company.ctx, &loose.collect::<Vec<_>>(), Some("a small company")).await.unwrap();
}

/// With a policy for drift.
pub(crate) async fn map(company: &Company, drift: &str) {
    let mut file: mappings::File = toml::from_str(MAPPING).unwrap();
    file.mapping[0].drift = serde_json::from_value(drift.into()).unwrap();
    mappings::declare(&company.ctx, &file.mapping, None).await.unwrap();
}

/// Lets duties and jobs do what is due, twice, as time goes on.
pub(crate) async fn compared(company: &Company) {
    for _ in 0..2 {
        company.pass(1);
        duties::run_once(&company.ctx).await.unwrap();
        company.worker().run_due().await.unwrap();
    }
}

pub(crate) async fn open_plan(company: &Company) -> Option<Plan> {
    let filter = plans::Filter { limit: 1, ..plans::Filter::default() };
    let newest = plans::list(&company.ctx, &filter).await.unwrap().into_iter().next();
    newest.filter(|plan| ["held", "released"].contains(&plan.state.as_str()))
}

pub(crate) async fn newest_plan(company: &Company) -> Plan {
    let filter = plans::Filter { limit: 1, ..plans::Filter::default() };
    plans::list(&company.ctx, &filter).await.unwrap().remove(0)
}

pub(crate) async fn acts(company: &Company, plan: &Plan) -> Vec<&'static str> {
    let lines = plans::lines(&company.ctx, &plan.id, 0, 1_000).await.unwrap();
    lines.into_iter().map(|(_, line)| line.act.as_str()).collect()
}

pub(crate) async fn open_orders(company: &Company) -> Vec<Order> {
    let filter = OrderFilter { open: true, limit: 1_000, ..OrderFilter::default() };
    order::list(&company.ctx, &filter).await.unwrap()
}

pub(crate) async fn findings(company: &Company, kind: &str) -> usize {
    finding::open(&company.ctx, kind).await.unwrap().len()
}

/// Drifts by state, those that are over left out.
pub(crate) async fn drifted(company: &Company) -> Vec<String> {
    let all = drifts::list(&company.ctx, &drifts::Filter { limit: 100, ..Default::default() }).await.unwrap();
    let live = all.into_iter().filter(|drift| drift.answer.as_str() != "over");
    let mut told: Vec<String> = live.map(|drift| format!("{} {}", drift.answer.as_str(), drift.act.as_str())).collect();
    told.sort();
    told
}

pub(crate) async fn observed(company: &Company, login: &str) -> ObservedAccount {
    let mut tx = company.ctx.read().await.unwrap();
    walk::by_login(&mut tx, "corp", [login]).await.unwrap().remove(0)
}

pub(crate) async fn link(company: &Company, login: &str, whose: &IdentityId) {
    let account = observed(company, login).await;
    let mut tx = company.ctx.decide().await.unwrap();
    let link = Link { identity: whose.clone(), by: "test".into() };
    inventory::link(&mut tx, &account.id, Some(link)).await.unwrap();
    tx.commit().await.unwrap();
}

pub(crate) async fn protect(company: &Company, login: &str) {
    let account = observed(company, login).await;
    let mut tx = company.ctx.decide().await.unwrap();
    inventory::protect(&mut tx, &account.id, true, "break glass").await.unwrap();
    tx.commit().await.unwrap();
}

/// An order that somebody gives beside every plan.
pub(crate) async fn order_for_a_time(company: &Company, login: &str, group: &str) {
    let account = observed(company, login).await;
    let mut tx = company.ctx.decide().await.unwrap();
    let entitlement = inventory::by_slug(&mut tx, "corp", group).await.unwrap().unwrap().id;
    let new = provisioning::NewOrder {
        system: "corp".into(),
        identity: account.link.map(|link| link.identity),
        cause: provisioning::Cause::Grant,
        because: "grt_1".into(),
        plan: None,
        what: What::Grant { holder: Holder::Account(account.id), entitlement },
    };
    order::give(&company.ctx, &mut tx, vec![new]).await.unwrap();
    tx.commit().await.unwrap();
}

pub(crate) fn is_held(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Held(..))
}

pub(crate) const ONE_DAY: Duration = Duration::from_secs(24 * 60 * 60);
