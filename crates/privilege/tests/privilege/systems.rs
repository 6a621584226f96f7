//! Systems read, and changed as ordered: a folder of tables stands for all of them.

use super::house::{House, declaration, host_key, on_both_engines};
use connectors::connector::{Attributes, Status};
use ledger::{Entry, EventKind, finding};
use privilege::fulfilment;
use privilege::inventory as readings;
use privilege::services::{self, Declaration};
use provisioning::inventory::{self, AccountFilter};
use provisioning::order;
use provisioning::{Cause, Holder, NewOrder, ObservedAccount, Order, What, fulfil};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;
use types::Failure;

const DECIDED: EventKind = EventKind { name: "test.decided", doc: "" };
const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(3600);

/// `corp`, a folder of tables with two accounts, read once.
pub(crate) struct Corp<'a> {
    pub(crate) house: &'a House,
    folder: PathBuf,
}

impl<'a> Corp<'a> {
    pub(crate) async fn new(house: &'a House) -> Self {
        let corp = Self::of(house);
        fs::create_dir(&corp.folder).unwrap();
        corp.write("accounts.csv", "id,login,status\n1,alice,enabled\n2,bob,enabled\n");
        corp.write("entitlements.csv", "id,name,privileged\nadm,Admins,administers all of it\nstf,Staff,\n");
        corp.write("memberships.csv", "account,entitlement\n1,adm\n1,stf\n2,stf\n");
        corp.declare(&corp.folder).await;
        readings::read(&house.ctx, "corp").await.unwrap();
        corp.work().await;
        corp
    }

    /// `corp`, whatever it is.
    pub(crate) fn of(house: &'a House) -> Self {
        Self { house, folder: house.folder.path().join("corp") }
    }

    async fn declare(&self, folder: &Path) {
        let declaration = serde_json::json!({"name": "corp", "kind": "csv", "scope": {"folder": folder}});
        let declaration: Declaration = serde_json::from_value(declaration).unwrap();
        services::declare(&self.house.ctx, &[declaration]).await.unwrap();
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.join(name), text).unwrap();
    }

    pub(crate) fn table(&self, name: &str) -> String {
        fs::read_to_string(self.folder.join(name)).unwrap()
    }

    pub(crate) async fn work(&self) {
        self.house.worker().run_due().await.unwrap();
    }

    /// Works until everything that waits for a moment had it.
    pub(crate) async fn settle(&self) {
        for _ in 0..5 {
            self.work().await;
            self.house.clock.advance(3 * SECOND);
        }
    }

    pub(crate) async fn account(&self, login: &str) -> Option<ObservedAccount> {
        let filter = AccountFilter { system: Some("corp".into()), limit: 100, ..AccountFilter::default() };
        let all = inventory::accounts(&mut self.house.ctx.read().await.unwrap(), &filter).await.unwrap();
        all.into_iter().find(|account| account.login == login)
    }

    pub(crate) async fn group(&self, slug: &str) -> types::EntitlementId {
        let mut tx = self.house.ctx.read().await.unwrap();
        inventory::by_slug(&mut tx, "corp", slug).await.unwrap().expect("it was read").id
    }

    pub(crate) async fn give(&self, what: Vec<What>) -> Vec<Order> {
        let new = |what| NewOrder {
            system: "corp".into(),
            identity: Some(self.house.alice.clone()),
            cause: Cause::Plan,
            because: "pln_1".into(),
            plan: None,
            what,
        };
        let ctx = &self.house.ctx;
        let mut tx = ctx.record(Entry::new(DECIDED, &"test")).await.unwrap();
        let given = order::give(ctx, &mut tx, what.into_iter().map(new).collect()).await.unwrap();
        tx.commit().await.unwrap();
        given
    }

    pub(crate) async fn revoke(&self, login: &str, slug: &str) -> What {
        let account = self.account(login).await.unwrap().id;
        What::Revoke { account, entitlement: self.group(slug).await }
    }

    pub(crate) async fn state(&self, order: &Order) -> &'static str {
        order::get(&self.house.ctx, &order.id).await.unwrap().state.as_str()
    }

    pub(crate) async fn findings(&self, kind: &str) -> usize {
        finding::open(&self.house.ctx, kind).await.unwrap().len()
    }

    pub(crate) fn hide(&self) {
        fs::rename(&self.folder, self.folder.with_extension("away")).unwrap();
    }

    pub(crate) fn bring_back(&self) {
        fs::rename(self.folder.with_extension("away"), &self.folder).unwrap();
    }
}

on_both_engines! {
    async fn what_is_ordered_is_made_seen_and_whose_it_is_known(house: House) {
        let corp = Corp::new(&house).await;
        let create = What::Create {
            login: "carol".into(),
            attributes: Attributes::from([("mail".into(), vec!["carol@corp.example".into()])]),
        };
        let grant = What::Grant { holder: Holder::Login("carol".into()), entitlement: corp.group("staff").await };
        let given = corp.give(vec![create, grant]).await;
        corp.settle().await;
        for order in &given {
            assert_eq!(corp.state(order).await, "observed");
        }
        assert!(corp.table("accounts.csv").contains(&format!("{0},carol,enabled,{0},carol@corp.example", given[0].id)));
        assert!(corp.table("memberships.csv").contains(&format!("{},stf", given[0].id)));
        let carol = corp.account("carol").await.unwrap();
        assert_eq!(carol.link.unwrap().identity, house.alice);
        let open = fulfil::backlog(&house.ctx).await.unwrap();
        assert!(open.is_empty(), "{open:?}");
    }

    async fn what_is_taken_away_is_seen_gone(house: House) {
        let corp = Corp::new(&house).await;
        let bob = corp.account("bob").await.unwrap().id;
        let given = corp.give(vec![corp.revoke("alice", "admins").await, What::Disable { account: bob }]).await;
        corp.settle().await;
        assert_eq!((corp.state(&given[0]).await, corp.state(&given[1]).await), ("gone", "gone"));
        assert_eq!(corp.table("memberships.csv"), "account,entitlement\n1,stf\n2,stf\n");
        assert_eq!(corp.account("bob").await.unwrap().status, Status::Disabled);
    }

    async fn what_is_not_seen_since_a_declaration_changed_is_not_gone(house: House) {
        let corp = Corp::new(&house).await;
        let narrow = house.folder.path().join("narrow");
        fs::create_dir(&narrow).unwrap();
        for (name, text) in [
            ("accounts.csv", "id,login,status\n1,alice,enabled\n".to_owned()),
            ("entitlements.csv", corp.table("entitlements.csv")),
            ("memberships.csv", "account,entitlement\n1,stf\n".to_owned()),
        ] {
            fs::write(narrow.join(name), text).unwrap();
        }
        let bob = corp.account("bob").await.unwrap().id;
        let given = corp.give(vec![corp.revoke("alice", "admins").await, What::Disable { account: bob }]).await;
        corp.declare(&narrow).await;
        corp.settle().await;
        assert_eq!((corp.state(&given[0]).await, corp.state(&given[1]).await), ("done", "done"), "nobody saw it gone");
        assert_eq!(corp.account("bob").await.unwrap().status, Status::Enabled);
        assert_eq!(corp.findings("reading_through_other_view").await, 1);

        corp.declare(&corp.folder).await;
        for _ in 0..5 {
            house.clock.advance(400 * SECOND);
            corp.work().await;
        }
        assert_eq!((corp.state(&given[0]).await, corp.state(&given[1]).await), ("gone", "gone"));
        assert_eq!(corp.table("memberships.csv"), "account,entitlement\n1,stf\n2,stf\n", "where they really are");
        assert!(corp.table("accounts.csv").contains("2,bob,disabled"));
        assert_eq!(corp.findings("reading_through_other_view").await, 0);
    }

    async fn a_system_that_is_away_gets_its_orders_when_it_is_back_and_loses_none(house: House) {
        let corp = Corp::new(&house).await;
        let revoke = corp.revoke("alice", "admins").await;
        corp.hide();
        let order = corp.give(vec![revoke]).await.remove(0);
        corp.work().await;
        assert_eq!(corp.findings("system_unreachable").await, 1);
        for _ in 0..24 {
            house.clock.advance(HOUR);
            corp.work().await;
        }
        assert!(["waiting", "ordered"].contains(&corp.state(&order).await));
        privilege::duties::run_once(&house.ctx).await.unwrap();
        assert_eq!(corp.findings("revoke_not_seen_gone").await, 1);
        corp.bring_back();
        for _ in 0..5 {
            house.clock.advance(400 * SECOND);
            corp.work().await;
        }
        assert_eq!(corp.state(&order).await, "gone");
        privilege::duties::run_once(&house.ctx).await.unwrap();
        assert_eq!((corp.findings("system_unreachable").await, corp.findings("revoke_not_seen_gone").await), (0, 0));
    }

    async fn a_server_that_stopped_after_it_sent_looks_first_and_makes_one_account(house: House) {
        let corp = Corp::new(&house).await;
        let create = What::Create { login: "carol".into(), attributes: Attributes::default() };
        let order = corp.give(vec![create]).await.remove(0);
        let taken = fulfil::take(&house.ctx, "corp", 10).await.unwrap().remove(0);
        let line = format!("{0},carol,enabled,{0}\n", taken.order.id);
        corp.write("accounts.csv", &format!("id,login,status,mark\n1,alice,enabled,\n2,bob,enabled,\n{line}"));
        corp.settle().await;
        assert_eq!(corp.state(&order).await, "observed");
        assert_eq!(corp.table("accounts.csv").matches("carol").count(), 1);
        assert_eq!(order::get(&house.ctx, &order.id).await.unwrap().attempts, 2, "the second found the work of the first");
    }

    async fn an_account_of_somebody_else_is_a_conflict_for_a_person(house: House) {
        let corp = Corp::new(&house).await;
        let create = What::Create { login: "bob".into(), attributes: Attributes::default() };
        let waits = What::Create { login: "carol".into(), attributes: Attributes::from([("status".into(), vec![])]) };
        let grant = What::Grant { holder: Holder::Login("carol".into()), entitlement: corp.group("staff").await };
        let given = corp.give(vec![create, waits, grant]).await;
        let order = &given[0];
        corp.settle().await;
        assert_eq!((corp.state(order).await, corp.findings("order_conflict").await), ("conflict", 1));
        assert_eq!((corp.state(&given[1]).await, corp.state(&given[2]).await), ("refused", "ordered"));
        let fulfilling = db::jobs::waiting(&mut house.ctx.read().await.unwrap(), provisioning::FULFIL).await.unwrap();
        assert!(fulfilling.is_empty(), "what waits for an account that nobody made keeps nobody busy");
        assert_eq!(corp.account("bob").await.unwrap().link, None);
    }

    async fn a_system_is_read_every_hour_once_it_was_and_a_broken_table_concludes_nothing(house: House) {
        let corp = Corp::new(&house).await;
        let first = inventory::system(&mut house.ctx.read().await.unwrap(), "corp").await.unwrap().unwrap();
        assert_eq!((first.accounts, first.entitlements, first.memberships), (2, 2, 3));
        corp.write("accounts.csv", "id,login,status\n1,alice,enabled\n3,dave,enabled\n");
        corp.work().await;
        assert!(corp.account("dave").await.is_none(), "it is not time yet");
        house.clock.advance(HOUR);
        corp.work().await;
        assert!(corp.account("dave").await.is_some() && corp.account("bob").await.is_none());
        corp.write("accounts.csv", "id,login,status\n1,alice,ena");
        house.clock.advance(HOUR);
        corp.work().await;
        let broken = inventory::system(&mut house.ctx.read().await.unwrap(), "corp").await.unwrap().unwrap();
        assert!(broken.trouble.unwrap().contains("cut off"));
        assert!(corp.account("dave").await.is_some());
        corp.write("accounts.csv", "id,login,status\n1,alice,enabled\n");
        house.clock.advance(HOUR);
        corp.work().await;
        let whole = inventory::system(&mut house.ctx.read().await.unwrap(), "corp").await.unwrap().unwrap();
        assert_eq!((whole.trouble, whole.accounts), (None, 1));
    }

    async fn what_nothing_reaches_is_carried_out_by_a_person(house: House) {
        let scope = serde_json::json!({"entitlements": ["door 7", "door 8"]});
        let declaration = serde_json::json!({"name": "badges", "kind": "manual", "scope": scope});
        services::declare(&house.ctx, &[serde_json::from_value(declaration).unwrap()]).await.unwrap();
        assert_eq!(fulfilment::test(&house.ctx, &house.node, "badges").await.unwrap_err().code(), "system_by_hand");
        readings::read(&house.ctx, "badges").await.unwrap();
        house.worker().run_due().await.unwrap();
        let badges = inventory::system(&mut house.ctx.read().await.unwrap(), "badges").await.unwrap().unwrap();
        assert_eq!((badges.accounts, badges.entitlements, badges.trouble), (0, 2, None));
        let reading = db::jobs::backlog(house.ctx.db()).await.unwrap();
        let create = NewOrder {
            system: "badges".into(),
            identity: Some(house.alice.clone()),
            cause: Cause::Plan,
            because: "pln_1".into(),
            plan: None,
            what: What::Create { login: "alice".into(), attributes: Attributes::default() },
        };
        let mut tx = house.ctx.record(Entry::new(DECIDED, &"test")).await.unwrap();
        let order = order::give(&house.ctx, &mut tx, vec![create]).await.unwrap().remove(0);
        tx.commit().await.unwrap();
        house.worker().run_due().await.unwrap();
        let order = order::get(&house.ctx, &order.id).await.unwrap();
        assert_eq!(order.state.as_str(), "waiting_for_person");
        assert_eq!(db::jobs::backlog(house.ctx.db()).await.unwrap(), reading, "nothing runs for it");
    }

    async fn a_system_says_what_it_is_or_why_it_cannot_be_reached(house: House) {
        let corp = Corp::new(&house).await;
        let health = fulfilment::test(&house.ctx, &house.node, "corp").await.unwrap();
        assert!(health.says.contains("2 accounts"), "{}", health.says);
        corp.hide();
        assert_eq!(fulfilment::test(&house.ctx, &house.node, "corp").await.unwrap_err().code(), "host_unreachable");
        assert_eq!(fulfilment::test(&house.ctx, &house.node, "nowhere").await.unwrap_err().kind(), types::Kind::Invalid);
        let gone = privilege::targets::Declaration { port: 1, host_key: host_key(6), ..declaration("gone-1") };
        privilege::targets::declare(&house.ctx, &[gone]).await.unwrap();
        let error = fulfilment::test(&house.ctx, &house.node, "gone-1").await.unwrap_err();
        assert_eq!(error.code(), "host_unreachable", "{error}");
    }
}
