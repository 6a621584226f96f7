//! Grants that are a membership: given when they begin, taken when they end, and gone when that was seen. A folder of tables
//! stands for all systems.

use super::house::{House, MINUTE, on_both_engines};
use super::invariants::check;
use super::systems::Corp;
use grants::issue::{self, NewGrant};
use grants::{Because, EndCause, Grant, State as GrantState, Terms, enforce};
use ledger::{Entry, EventKind, finding};
use privilege::inventory as readings;
use privilege::memberships::{self, State};
use privilege::{duties, gone};
use provisioning::{Act, Cause, Holder, Link, What, fulfil, inventory, order};
use std::collections::BTreeSet;
use std::time::Duration;
use types::{Channel, IdentityId, RequestId, Window};

const DECIDED: EventKind = EventKind { name: "test.decided", doc: "" };

impl Corp<'_> {
    /// Says whose account it is.
    async fn belongs_to(&self, login: &str, identity: &IdentityId) {
        let account = self.account(login).await.unwrap().id;
        let mut tx = self.house.ctx.record(Entry::new(DECIDED, &"test")).await.unwrap();
        let link = Link { identity: identity.clone(), by: "test".into() };
        inventory::link(&mut tx, &account, Some(link)).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn grant(&self, who: &IdentityId, slug: &str, from: Duration, length: Duration) -> Grant {
        let ctx = &self.house.ctx;
        let request = RequestId::new(&self.house.clock, ctx.chance());
        let mut tx = ctx.record(Entry::new(DECIDED, &request)).await.unwrap();
        let new = NewGrant {
            holder: who.clone(),
            target: "corp".into(),
            login: slug.into(),
            channels: BTreeSet::from([Channel::Membership]),
            window: Window::starting(ctx.now().plus(from), length),
            terms: Terms { max_sessions: 1 },
            because: Because::Request { request, role: "admin".into() },
        };
        let grant = issue::issue(ctx, &mut tx, new).await.unwrap();
        tx.commit().await.unwrap();
        grant
    }

    async fn duties(&self) {
        enforce::expire_due(&self.house.ctx).await.unwrap();
        duties::run_once(&self.house.ctx).await.unwrap();
    }

    /// What is due is done, carried out and looked at.
    async fn pass(&self) {
        self.duties().await;
        self.settle().await;
        self.duties().await;
    }

    fn is_in(&self, account: u32, entitlement: &str) -> bool {
        self.table("memberships.csv").lines().any(|line| line == format!("{account},{entitlement}"))
    }

    async fn is_gone(&self, grant: &Grant) -> bool {
        matches!(grants::get(&self.house.ctx, &grant.id).await.unwrap().state, GrantState::Gone { .. })
    }
}

on_both_engines! {
    async fn whoever_has_a_grant_is_a_member_while_it_stands_and_seen_gone_afterwards(house: House) {
        let corp = Corp::new(&house).await;
        let bob = house.alice.clone();
        corp.belongs_to("bob", &bob).await;
        let grant = corp.grant(&bob, "admins", MINUTE * 10, MINUTE * 60).await;
        corp.pass().await;
        assert!(!corp.is_in(2, "adm") && memberships::get(&house.ctx, &grant.id).await.unwrap().is_none(), "not yet");
        house.clock.advance(MINUTE * 10);
        corp.pass().await;
        assert!(corp.is_in(2, "adm"));
        let given = memberships::get(&house.ctx, &grant.id).await.unwrap().unwrap();
        let added = order::get(&house.ctx, given.added_by.as_ref().unwrap()).await.unwrap();
        assert_eq!((added.act, added.cause, added.state.as_str()), (Act::Grant, Cause::Grant, "observed"));
        corp.pass().await;
        assert_eq!(house.kinds(&grant.id).await.iter().filter(|kind| *kind == "membership.given").count(), 1);

        house.clock.advance(MINUTE * 60);
        corp.duties().await;
        let State::Taking { order, .. } = memberships::get(&house.ctx, &grant.id).await.unwrap().unwrap().state else {
            panic!("it is being taken away")
        };
        let remove = order::get(&house.ctx, &order).await.unwrap();
        assert_eq!((remove.act, remove.rank.0, remove.because), (Act::Revoke, 0, grant.id.to_string()));
        assert!(!corp.is_gone(&grant).await, "it was not seen yet");
        corp.pass().await;
        assert!(!corp.is_in(2, "adm") && corp.is_in(2, "stf"), "and nothing else was taken");
        assert!(corp.is_gone(&grant).await);
        let kinds = house.kinds(&grant.id).await;
        let ours: Vec<&String> = kinds.iter().filter(|kind| kind.starts_with("membership.")).collect();
        assert_eq!(ours, ["membership.given", "membership.taken", "membership.gone"]);
        assert_eq!(check(&house).await, Vec::<&str>::new());
    }

    async fn a_system_that_is_away_when_a_grant_ends_keeps_it_from_being_gone_until_it_was_seen(house: House) {
        let corp = Corp::new(&house).await;
        let bob = house.alice.clone();
        corp.belongs_to("bob", &bob).await;
        let grant = corp.grant(&bob, "admins", Duration::ZERO, MINUTE * 60).await;
        corp.pass().await;
        assert!(corp.is_in(2, "adm"));
        corp.hide();
        house.withdraw(&grant, EndCause::Withdrawn).await;
        corp.pass().await;
        house.clock.advance(gone::GONE_WITHIN);
        corp.pass().await;
        assert!(!corp.is_gone(&grant).await);
        let late = finding::open(&house.ctx, "grant_not_gone").await.unwrap();
        assert!(late[0].detail.contains("its holder was not seen to be out of admins yet"), "{late:?}");
        corp.bring_back();
        house.clock.advance(MINUTE * 10);
        corp.pass().await;
        assert!(!corp.is_in(2, "adm") && corp.is_gone(&grant).await);
        assert!(finding::open(&house.ctx, "grant_not_gone").await.unwrap().is_empty());
    }

    async fn whoever_carries_an_order_and_dies_with_it_leaves_nobody_in_and_nobody_out(house: House) {
        let corp = Corp::new(&house).await;
        let bob = house.alice.clone();
        corp.belongs_to("bob", &bob).await;
        let grant = corp.grant(&bob, "admins", Duration::ZERO, MINUTE * 60).await;
        corp.duties().await;
        // Taken, and nothing more is heard of whoever took it.
        assert_eq!(fulfil::take(&house.ctx, "corp", 100).await.unwrap().len(), 1);
        house.withdraw(&grant, EndCause::Withdrawn).await;
        corp.duties().await;
        assert!(!corp.is_gone(&grant).await, "nobody knows what became of it");
        house.clock.advance(MINUTE * 10);
        corp.pass().await;
        corp.pass().await;
        assert!(!corp.is_in(2, "adm") && corp.is_gone(&grant).await);

        let again = corp.grant(&bob, "admins", Duration::ZERO, MINUTE * 60).await;
        corp.pass().await;
        assert!(corp.is_in(2, "adm"));
        house.clock.advance(MINUTE * 60);
        corp.duties().await;
        assert_eq!(fulfil::take(&house.ctx, "corp", 100).await.unwrap().len(), 1);
        house.clock.advance(MINUTE * 10);
        corp.pass().await;
        assert!(!corp.is_in(2, "adm") && corp.is_gone(&again).await);
        assert_eq!(check(&house).await, Vec::<&str>::new());
    }

    async fn who_was_in_there_before_stays_and_of_two_grants_the_last_one_takes(house: House) {
        let corp = Corp::new(&house).await;
        let bob = house.alice.clone();
        corp.belongs_to("bob", &bob).await;
        let staff = corp.grant(&bob, "staff", Duration::ZERO, MINUTE * 10).await;
        let long = corp.grant(&bob, "admins", Duration::ZERO, MINUTE * 60).await;
        corp.pass().await;
        let short = corp.grant(&bob, "admins", Duration::ZERO, MINUTE * 30).await;
        corp.pass().await;
        assert!(memberships::get(&house.ctx, &short.id).await.unwrap().is_none(), "the longer one gives it");
        house.withdraw(&long, EndCause::Withdrawn).await;
        corp.pass().await;
        assert!(corp.is_in(2, "adm") && corp.is_gone(&long).await, "the other one stands");
        house.clock.advance(MINUTE * 31);
        corp.pass().await;
        assert!(!corp.is_in(2, "adm") && corp.is_gone(&short).await);
        assert!(corp.is_in(2, "stf") && corp.is_gone(&staff).await, "what they had before is theirs");
        assert_eq!(check(&house).await, Vec::<&str>::new());
    }

    async fn who_is_on_the_way_out_when_a_grant_begins_is_let_in_by_it_and_out_again_at_its_end(house: House) {
        let corp = Corp::new(&house).await;
        let bob = house.alice.clone();
        corp.belongs_to("bob", &bob).await;
        let revoke = corp.give(vec![corp.revoke("bob", "staff").await]).await.remove(0);
        let grant = corp.grant(&bob, "staff", Duration::ZERO, MINUTE * 60).await;
        corp.duties().await;
        assert_eq!(corp.state(&revoke).await, "superseded", "the newer intention counts");
        assert!(memberships::get(&house.ctx, &grant.id).await.unwrap().unwrap().added_by.is_some());
        corp.pass().await;
        assert!(corp.is_in(2, "stf"));
        house.withdraw(&grant, EndCause::Withdrawn).await;
        corp.pass().await;
        assert!(!corp.is_in(2, "stf") && corp.is_gone(&grant).await);
        assert_eq!(check(&house).await, Vec::<&str>::new());
    }

    async fn what_something_else_is_giving_when_a_grant_begins_stays_at_its_end(house: House) {
        let corp = Corp::new(&house).await;
        let bob = house.alice.clone();
        corp.belongs_to("bob", &bob).await;
        let account = corp.account("bob").await.unwrap().id;
        let entitlement = corp.group("admins").await;
        corp.give(vec![What::Grant { holder: Holder::Account(account), entitlement }]).await;
        let grant = corp.grant(&bob, "admins", Duration::ZERO, MINUTE * 60).await;
        corp.pass().await;
        assert!(corp.is_in(2, "adm"));
        house.withdraw(&grant, EndCause::Withdrawn).await;
        corp.pass().await;
        assert!(corp.is_in(2, "adm") && corp.is_gone(&grant).await, "it is not the grant's to take");
        assert_eq!(check(&house).await, Vec::<&str>::new());
    }

    async fn a_group_that_one_listing_lacks_and_the_next_has_again_keeps_nobody_in_it(house: House) {
        let corp = Corp::new(&house).await;
        let bob = house.alice.clone();
        corp.belongs_to("bob", &bob).await;
        let read = async |groups: &str, members: &str| {
            house.clock.advance(Duration::from_secs(1));
            corp.write("entitlements.csv", groups);
            corp.write("memberships.csv", members);
            readings::read(&house.ctx, "corp").await.unwrap();
            corp.work().await;
        };
        let fewer = corp.table("entitlements.csv");
        let all = format!("{fewer}nig,Night,on call\n");
        read(&all, &corp.table("memberships.csv")).await;
        let admins = corp.grant(&bob, "admins", Duration::ZERO, MINUTE * 60).await;
        let night = corp.grant(&bob, "night", Duration::ZERO, MINUTE * 60).await;
        corp.pass().await;
        assert!(corp.is_in(2, "adm") && corp.is_in(2, "nig"));
        let members = corp.table("memberships.csv");
        read(&fewer, &members.replace("2,nig\n", "")).await;
        read(&all, &members).await;
        house.withdraw(&admins, EndCause::Withdrawn).await;
        house.withdraw(&night, EndCause::Withdrawn).await;
        corp.pass().await;
        corp.pass().await;
        assert!(!corp.is_in(2, "adm") && !corp.is_in(2, "nig"));
        assert!(corp.is_gone(&admins).await && corp.is_gone(&night).await);
        assert_eq!(check(&house).await, Vec::<&str>::new());
    }

    async fn an_account_that_one_listing_lacks_and_the_next_has_again_keeps_no_grant_from_being_gone(house: House) {
        let corp = Corp::new(&house).await;
        let bob = house.alice.clone();
        corp.belongs_to("bob", &bob).await;
        let grant = corp.grant(&bob, "admins", Duration::ZERO, MINUTE * 60).await;
        corp.pass().await;
        let (accounts, members) = (corp.table("accounts.csv"), corp.table("memberships.csv"));
        let without = |table: &str, of: &str| table.lines().filter(|line| !line.starts_with(of)).map(|line| format!("{line}\n")).collect::<String>();
        for (accounts, members) in [(without(&accounts, "2,"), without(&members, "2,")), (accounts, members)] {
            house.clock.advance(Duration::from_secs(1));
            corp.write("accounts.csv", &accounts);
            corp.write("memberships.csv", &members);
            readings::read(&house.ctx, "corp").await.unwrap();
            corp.work().await;
        }
        assert!(corp.is_in(2, "adm"));
        house.withdraw(&grant, EndCause::Withdrawn).await;
        corp.pass().await;
        corp.pass().await;
        assert!(!corp.is_in(2, "adm") && corp.is_gone(&grant).await);
        assert_eq!(check(&house).await, Vec::<&str>::new());
    }

    async fn without_an_account_or_an_entitlement_nothing_is_given_and_a_person_is_told(house: House) {
        let corp = Corp::new(&house).await;
        let bob = house.alice.clone();
        let stranger = IdentityId::new(&house.clock, house.ctx.chance());
        corp.belongs_to("bob", &bob).await;
        let nobody = corp.grant(&stranger, "admins", Duration::ZERO, MINUTE * 60).await;
        let nothing = corp.grant(&bob, "no-such", Duration::ZERO, MINUTE * 60).await;
        let other = {
            let ctx = &house.ctx;
            let mut tx = ctx.record(Entry::new(DECIDED, &"other")).await.unwrap();
            let new = NewGrant {
                holder: bob.clone(),
                target: "corp".into(),
                login: "admins".into(),
                channels: BTreeSet::from([Channel::Shell]),
                window: Window::starting(ctx.now(), MINUTE * 60),
                terms: Terms { max_sessions: 1 },
                because: Because::Request { request: RequestId::new(&house.clock, ctx.chance()), role: "admin".into() },
            };
            let grant = issue::issue(ctx, &mut tx, new).await.unwrap();
            tx.commit().await.unwrap();
            grant
        };
        corp.pass().await;
        let told = finding::open(&house.ctx, "membership_not_given").await.unwrap();
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(!corp.is_in(2, "adm"), "a grant for another channel is no membership");
        for grant in [&nobody, &nothing, &other] {
            assert!(memberships::get(&house.ctx, &grant.id).await.unwrap().is_none());
            house.withdraw(grant, EndCause::Withdrawn).await;
        }
        corp.pass().await;
        assert!(finding::open(&house.ctx, "membership_not_given").await.unwrap().is_empty());
        for grant in [&nobody, &nothing, &other] {
            assert!(corp.is_gone(grant).await, "nothing was given, so nothing is left");
        }
    }
}
