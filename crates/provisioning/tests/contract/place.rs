//! A place to order and to observe in: one system, `corp`, as a plain value that tests change.

use connectors::connector::{
    Account, AccountKind, AccountRef, Attributes, Entitlement, EntitlementKind, Held, Member, Membership, NativeId,
    Part, Status,
};
use db::fixture::{self, Fixture};
use ledger::{Ctx, Entry, EventKind, Ledger, Write, finding, timeline};
use provisioning::observe::{Outcome, Reading, Scope};
use provisioning::order::{self, OrderFilter};
use provisioning::{
    Cause, Holder, Link, NewOrder, ObservedAccount, ObservedEntitlement, Order, ProvisioningError, What, fulfil,
    inventory, observe,
};
use seal::RootKey;
use std::collections::BTreeMap;
use std::time::Duration;
use types::{Actor, Chance, Clock, IdentityId, Secret};

const DECIDED: EventKind = EventKind { name: "test.decided", doc: "" };

pub(crate) struct Place {
    _fixture: Fixture,
    pub(crate) ctx: Ctx,
    pub(crate) alice: IdentityId,
}

pub(crate) async fn places() -> Vec<Place> {
    let migrations = [seal::MIGRATIONS, ledger::MIGRATIONS, provisioning::MIGRATIONS].concat();
    let mut places = Vec::new();
    for fixture in [fixture::sqlite(&migrations).await, fixture::postgres(&migrations).await] {
        let (clock, chance) = (Clock::still("2026-11-22T09:00:00Z".parse().unwrap()), Chance::system());
        let root = RootKey::File(Secret::new([7; 32]));
        Ledger::initialise(&fixture.db, &root, &clock, &chance, "tenure.test/log").await.unwrap();
        let alice = IdentityId::new(&clock, &chance);
        let ledger = Ledger::open(fixture.db.clone(), &root, clock, chance).await.unwrap();
        places.push(Place { _fixture: fixture, ctx: Ctx::new(ledger, Actor::Console), alice });
    }
    places
}

/// What `corp` holds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Corp {
    pub(crate) accounts: BTreeMap<String, Account>,
    pub(crate) groups: BTreeMap<String, Option<String>>,
    pub(crate) memberships: Vec<Membership>,
}

pub(crate) fn native(id: &str) -> NativeId {
    NativeId(id.to_owned())
}

pub(crate) fn of_account(account: &str, group: &str) -> Membership {
    Membership { member: Member::Account(native(account)), entitlement: native(group) }
}

impl Corp {
    pub(crate) fn with(accounts: &[&str], groups: &[(&str, Option<&str>)], memberships: &[(&str, &str)]) -> Self {
        let mut corp = Self::default();
        accounts.iter().for_each(|login| corp.add(login));
        corp.groups = groups.iter().map(|(name, why)| ((*name).to_owned(), why.map(str::to_owned))).collect();
        corp.memberships = memberships.iter().map(|(account, group)| of_account(account, group)).collect();
        corp
    }

    pub(crate) fn add(&mut self, login: &str) {
        let account = Account {
            id: native(login),
            login: login.to_owned(),
            status: Status::Enabled,
            attributes: Attributes::from([("mail".to_owned(), vec![format!("{login}@corp.example")])]),
            privileged: Vec::new(),
            last_used_at: None,
            kind: AccountKind::Ordinary,
        };
        self.accounts.insert(login.to_owned(), account);
    }

    /// An account by whose id nobody knows its login.
    pub(crate) fn add_as(&mut self, id: &str, login: &str) {
        self.add(login);
        let account = self.accounts.remove(login).expect("it was added");
        self.accounts.insert(id.to_owned(), Account { id: native(id), ..account });
    }

    pub(crate) fn nest(&mut self, inner: &str, outer: &str) {
        self.memberships.push(Membership { member: Member::Entitlement(native(inner)), entitlement: native(outer) });
    }

    pub(crate) fn leave(&mut self, account: &str, group: &str) {
        self.memberships.retain(|membership| *membership != of_account(account, group));
    }

    pub(crate) fn remove(&mut self, account: &str) {
        self.accounts.remove(account);
        self.memberships.retain(|membership| membership.member != Member::Account(native(account)));
    }

    fn entitlement(&self, name: &str) -> Entitlement {
        let privileged = self.groups[name].clone();
        Entitlement { id: native(name), kind: EntitlementKind::Group, name: name.to_owned(), privileged }
    }

    /// Memberships first: what they name may come later.
    pub(crate) fn pages(&self) -> Vec<Part> {
        let memberships = Part { memberships: self.memberships.clone(), ..Part::default() };
        let entitlements = self.groups.keys().map(|name| self.entitlement(name)).collect();
        let entitlements = Part { entitlements, ..Part::default() };
        let accounts: Vec<Account> = self.accounts.values().cloned().collect();
        let accounts = accounts.chunks(2).map(|some| Part { accounts: some.to_vec(), ..Part::default() });
        [memberships, entitlements].into_iter().chain(accounts).collect()
    }

    pub(crate) fn held(&self, login: &str) -> Option<Held> {
        let account = self.accounts.get(login)?.clone();
        let of = self.memberships.iter().filter(|membership| membership.member == Member::Account(native(login)));
        let entitlements = of.map(|membership| self.entitlement(&membership.entitlement.0)).collect();
        Some(Held { account, entitlements })
    }
}

impl Place {
    /// A second after whatever happened before.
    pub(crate) async fn read(&self, corp: &Corp) -> Result<Outcome, ProvisioningError> {
        self.ctx.clock().advance(Duration::from_secs(1));
        let mut reading = Reading::begin(&self.ctx, "corp", "csv", Scope::Whole).await?;
        for page in corp.pages() {
            reading.page(&self.ctx, &page).await?;
        }
        reading.end(&self.ctx, None).await
    }

    /// `corp` as a system that only persons reach.
    pub(crate) async fn by_hand(&self, names: &[&str]) {
        self.ctx.clock().advance(Duration::from_secs(1));
        let groups: Vec<_> = names.iter().map(|name| (*name, None)).collect();
        let mut reading = Reading::begin(&self.ctx, "corp", "manual", Scope::ByHand).await.unwrap();
        for page in Corp::with(&[], &groups, &[]).pages() {
            reading.page(&self.ctx, &page).await.unwrap();
        }
        reading.end(&self.ctx, None).await.unwrap();
    }

    pub(crate) async fn says_done(&self, order: &Order) {
        let mut tx = self.decision().await;
        order::done_by_person(&self.ctx, &mut tx, &order.id).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub(crate) async fn look(&self, corp: &Corp, login: &str) {
        let asked = AccountRef { id: Some(native(login)), login: login.to_owned() };
        observe::account(&self.ctx, "corp", "csv", &asked, corp.held(login).as_ref()).await.unwrap();
    }

    pub(crate) async fn account(&self, native: &str) -> Option<ObservedAccount> {
        let filter = inventory::AccountFilter { system: Some("corp".into()), limit: 1_000, ..Default::default() };
        let all = inventory::accounts(&mut self.ctx.read().await.unwrap(), &filter).await.unwrap();
        all.into_iter().find(|account| account.native_id == native)
    }

    pub(crate) async fn group(&self, native: &str) -> Option<ObservedEntitlement> {
        let mut tx = self.ctx.read().await.unwrap();
        let all = inventory::entitlements(&mut tx, Some("corp"), None, 1_000).await.unwrap();
        all.into_iter().find(|entitlement| entitlement.native_id == native)
    }

    pub(crate) async fn held_by(&self, native: &str) -> Vec<String> {
        let account = self.account(native).await.expect("it is there");
        let mut tx = self.ctx.read().await.unwrap();
        let mut names: Vec<String> =
            inventory::direct(&mut tx, &account).await.unwrap().into_iter().map(|held| held.name).collect();
        names.sort();
        names
    }

    pub(crate) async fn is_alices(&self, native: &str) {
        let account = self.account(native).await.unwrap();
        let link = Link { identity: self.alice.clone(), by: "test".into() };
        let mut tx = self.decision().await;
        inventory::link(&mut tx, &account.id, Some(link)).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub(crate) async fn protects(&self, native: &str) {
        let account = self.account(native).await.unwrap();
        let mut tx = self.decision().await;
        inventory::protect(&mut tx, &account.id, true, "break glass").await.unwrap();
        tx.commit().await.unwrap();
    }

    pub(crate) async fn decision(&self) -> Write {
        self.ctx.record(Entry::new(DECIDED, &"test")).await.unwrap()
    }

    pub(crate) fn new_order(&self, what: What) -> NewOrder {
        NewOrder {
            system: "corp".into(),
            identity: Some(self.alice.clone()),
            cause: Cause::Plan,
            because: "pln_1".into(),
            plan: Some("pln_1".into()),
            what,
        }
    }

    pub(crate) async fn give(&self, what: Vec<What>) -> Result<Vec<Order>, ProvisioningError> {
        let orders = what.into_iter().map(|what| self.new_order(what)).collect();
        let mut tx = self.decision().await;
        let given = order::give(&self.ctx, &mut tx, orders).await?;
        tx.commit().await.unwrap();
        Ok(given)
    }

    pub(crate) async fn grant(&self, account: &str, group: &str) -> What {
        let holder = match self.account(account).await {
            Some(account) => Holder::Account(account.id),
            None => Holder::Login(account.to_owned()),
        };
        What::Grant { holder, entitlement: self.group(group).await.unwrap().id }
    }

    pub(crate) async fn revoke(&self, account: &str, group: &str) -> What {
        let entitlement = self.group(group).await.unwrap().id;
        What::Revoke { account: self.account(account).await.unwrap().id, entitlement }
    }

    pub(crate) async fn take(&self) -> Vec<Order> {
        fulfil::take(&self.ctx, "corp", 100).await.unwrap().into_iter().map(|task| task.order).collect()
    }

    pub(crate) async fn state(&self, order: &Order) -> &'static str {
        order::get(&self.ctx, &order.id).await.unwrap().state.as_str()
    }

    pub(crate) async fn open(&self) -> Vec<Order> {
        order::list(&self.ctx, &OrderFilter { open: true, limit: 1_000, ..OrderFilter::default() }).await.unwrap()
    }

    pub(crate) async fn findings(&self, kind: &str) -> usize {
        finding::open(&self.ctx, kind).await.unwrap().len()
    }

    /// A person says that what is missing is gone, however much it is.
    pub(crate) async fn accepts(&self, reason: &str) -> Result<(), ProvisioningError> {
        inventory::accept_missing(&self.ctx, "corp", [u64::MAX; 3], reason).await
    }

    /// What the only finding of a kind says.
    pub(crate) async fn told(&self, kind: &str) -> String {
        let mut open = finding::open(&self.ctx, kind).await.unwrap();
        assert_eq!(open.len(), 1, "{open:?}");
        open.remove(0).detail
    }

    pub(crate) async fn kinds(&self, thread: &impl ToString) -> Vec<String> {
        timeline::about(&self.ctx, thread).await.unwrap().into_iter().map(|line| line.kind).collect()
    }

    pub(crate) async fn entries(&self) -> u64 {
        self.ctx.ledger().size().await.unwrap()
    }
}
