//! Alice is in the group of administrators of an application for an hour, and nobody has to remember to take her out.

use crate::shop::{eligible, grant};
use privilege::{inventory, services};
use provisioning::Link;
use provisioning::inventory::{self as observed, AccountFilter};
use serde_json::json;
use std::time::Duration;
use testbed::{Engine, Person, Testbed};
use types::Actor;

const PATIENCE: Duration = Duration::from_secs(30);
const HOUR: Duration = Duration::from_secs(3600);

/// `corp`, a folder of tables in which alice and mallory have accounts and nobody is an administrator.
pub(crate) struct Corp<'a> {
    bed: &'a Testbed,
}

impl<'a> Corp<'a> {
    pub(crate) async fn open(bed: &'a Testbed) -> Self {
        let folder = bed.folder().join("csv/corp");
        std::fs::create_dir_all(&folder).unwrap();
        for (name, text) in [
            ("accounts.csv", "id,login,status\n1,alice,enabled\n2,mallory,enabled\n"),
            ("entitlements.csv", "id,name,privileged\nadm,Admins,administers all of it\nstf,Staff,\n"),
            ("memberships.csv", "account,entitlement\n1,stf\n2,stf\n"),
        ] {
            std::fs::write(folder.join(name), text).unwrap();
        }
        let ctx = &bed.ctx().acting_as(Actor::Console);
        let service = json!({"name": "corp", "kind": "csv", "scope": {"folder": folder}});
        services::declare(ctx, &[serde_json::from_value(service).unwrap()]).await.unwrap();
        inventory::read(ctx, "corp").await.unwrap();
        let corp = Self { bed };
        for person in [&bed.alice, &bed.mallory] {
            corp.belongs_to(person).await;
        }
        eligible(bed, "corp", "admins", "membership").await;
        corp
    }

    /// Says that the account which is called as somebody is theirs, as soon as it was read.
    async fn belongs_to(&self, person: &Person) {
        let ctx = &self.bed.ctx().acting_as(Actor::Console);
        let filter = AccountFilter { system: Some("corp".into()), limit: 10, ..AccountFilter::default() };
        let find = || async {
            let mut tx = ctx.read().await.unwrap();
            observed::accounts(&mut tx, &filter).await.unwrap().into_iter().find(|one| one.login == person.name)
        };
        assert!(self.bed.eventually(PATIENCE, || async { find().await.is_some() }).await, "corp is read");
        let account = find().await.unwrap();
        let mut tx = ctx.decide().await.unwrap();
        let link = Link { identity: person.id.clone(), by: "test".into() };
        observed::link(&mut tx, &account.id, Some(link)).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn becomes(&self, line: &str, is_there: bool) -> bool {
        let file = self.bed.folder().join("csv/corp/memberships.csv");
        let holds = || std::fs::read_to_string(&file).unwrap().lines().any(|one| one == line);
        self.bed.eventually(PATIENCE, || async { holds() == is_there }).await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_member_for_an_hour_is_seen_gone_afterwards_and_who_is_not_eligible_never_is_one() {
    for engine in Engine::BOTH {
        let bed = Testbed::start(engine).await;
        let corp = Corp::open(&bed).await;
        let body = json!({"target": "corp", "login": "admins", "minutes": 60, "reason": "let me in",
            "channels": ["membership"]});
        let refused = bed.post(&bed.mallory, "/api/v1/requests", body).await;
        assert!(refused.status >= 400, "{}", refused.text);
        let given = grant(&bed, &bed.alice, "admins@corp", &["membership"], 60).await;
        assert!(corp.becomes("1,adm", true).await, "{:?}", bed.timeline(&given).await);
        let is_observed = || async { bed.timeline(&given).await.iter().any(|line| line == "order.observed by tenure") };
        assert!(bed.eventually(PATIENCE, is_observed).await, "{:?}", bed.timeline(&given).await);
        bed.clock.advance(HOUR);
        assert!(corp.becomes("1,adm", false).await, "{:?}", bed.timeline(&given).await);
        bed.gone(&given).await;
        assert!(corp.becomes("1,stf", true).await && corp.becomes("2,adm", false).await);
        let mut story = bed.timeline(&given).await;
        // The end of the window counts, whether or not somebody has written it down yet.
        let ended = story.iter().position(|line| line == "grant.ended by tenure").expect("the grant has ended");
        story.remove(ended);
        assert_eq!(
            story,
            [
                "grant.issued by bob",
                "request.approved by bob",
                "order.given by tenure",
                "membership.given by tenure",
                "order.sent by tenure",
                "order.done by tenure",
                "order.observed by tenure",
                "order.given by tenure",
                "membership.taken by tenure",
                "order.sent by tenure",
                "order.done by tenure",
                "order.gone by tenure",
                "membership.gone by tenure",
                "grant.gone by tenure",
            ]
        );

        let withdrawn = grant(&bed, &bed.alice, "admins@corp", &["membership"], 60).await;
        assert!(corp.becomes("1,adm", true).await);
        bed.withdraw(&withdrawn).await;
        assert!(corp.becomes("1,adm", false).await);
        bed.gone(&withdrawn).await;
        assert_eq!(bed.broken_invariants().await, Vec::<String>::new());
        bed.stop().await;
    }
}
