//! Whatever a leaver owned has another owner, or a date on which it ends, before their case is done.

use crate::company::{Company, on_both_engines};
use crate::estate::Corp;
use connectors::connector::Status;
use governance::account_links::{self, Said};
use governance::lifecycle::{self, Step};
use governance::machines::{self, Environment, Reach};
use governance::ownerships::{self, Filter, Kind, OWNED_BY_NOBODY, Ownership, State};
use governance::{duties, entitlements, identities, invariants, systems};
use ledger::finding;
use provisioning::ownership::{self, Kind as Elsewhere};
use std::time::Duration;
use types::{Failure, IdentityId, Role};

const DAY: u64 = 24 * 60 * 60;
const ENTITLEMENT: &str = "[[entitlement]]\nsystem = 'web-1'\nslug = 'editors'\nowner = 'bob@example.com'\n";

async fn left_by(company: &Company, who: &IdentityId) -> Vec<Ownership> {
    let filter = Filter { owner: Some(who.clone()), limit: 100, ..Filter::default() };
    let mut all = ownerships::list(&company.ctx, &filter).await.unwrap();
    all.sort_by_key(|one| one.thing.kind);
    all
}

/// What somebody left, in one line each.
async fn told(company: &Company, who: &IdentityId) -> Vec<String> {
    let mut told = Vec::new();
    for one in left_by(company, who).await {
        let to = match &one.state {
            State::HandedOver { to, .. } => {
                format!(" to {}", identities::get(&company.ctx, to).await.unwrap().given_name)
            }
            _ => String::new(),
        };
        told.push(format!("{} {}: {}{to}", one.thing.kind.as_str(), one.thing.name, one.state.as_str()));
    }
    told
}

async fn case_is_open(company: &Company, who: &IdentityId) -> bool {
    duties::run_once(&company.ctx).await.unwrap();
    lifecycle::of_identity(&company.ctx, who).await.unwrap().unwrap().is_open()
}

/// As privilege says what there is, and whose.
async fn kept(company: &Company, kind: Elsewhere, subject: &str, owner: &IdentityId) {
    let mut tx = company.fixture.db.begin_unexplained().await.unwrap();
    ownership::keep(&mut tx, kind, &subject, Some(&format!("name of {subject}")), owner).await.unwrap();
    tx.commit().await.unwrap();
}

/// As privilege does by itself.
async fn privilege_hands_over(company: &Company) -> usize {
    let waiting = ownership::to_hand_over(&mut company.ctx.read().await.unwrap()).await.unwrap();
    let count = waiting.len();
    for owned in waiting {
        kept(company, owned.kind, &owned.subject, &owned.heir.unwrap()).await;
    }
    count
}

/// The same: another credential where whoever left may know it.
async fn privilege_changes(company: &Company) -> usize {
    let known = ownership::to_change(&mut company.ctx.read().await.unwrap()).await.unwrap();
    let mut tx = company.fixture.db.begin_unexplained().await.unwrap();
    for owned in &known {
        ownership::was_changed(&mut tx, &owned.subject).await.unwrap();
    }
    tx.commit().await.unwrap();
    known.len()
}

async fn nightly_of(company: &Company, who: &str) -> machines::Machine {
    let new = machines::New {
        name: "nightly".to_owned(),
        owner: None,
        purpose: "backs up every night".to_owned(),
        environment: Environment::Test,
        ends_at: company.ctx.now().plus(Duration::from_secs(100 * DAY)),
    };
    machines::register(&company.acting(who).await, new, Reach::Own).await.unwrap()
}

async fn all_holds(company: &Company) {
    let invariants = invariants::verify(&company.ctx, 100).await.unwrap();
    let broken: Vec<_> = invariants.iter().flat_map(|invariant| &invariant.broken).collect();
    assert!(broken.is_empty(), "{broken:?}");
}

fn code<T, E: Failure>(result: Result<T, E>) -> &'static str {
    result.map_or_else(|refused| refused.code(), |_| "yes")
}

on_both_engines! {
    async fn the_last_owner_who_leaves_is_followed_by_the_manager_or_a_death_date(company: Company) {
        let (bob, carol) = (company.id("bob").await, company.id("carol").await);
        entitlements::declare(&company.ctx, &toml::from_str::<entitlements::File>(ENTITLEMENT).unwrap().entitlement, None).await.unwrap();
        let machine = nightly_of(&company, "bob").await;
        kept(&company, Elsewhere::Account, "mac_1", &bob).await;
        kept(&company, Elsewhere::Secret, "sec_1", &bob).await;
        kept(&company, Elsewhere::Secret, "sec_2", &carol).await;
        company.import(&company.feed_with("E2", "")).await;
        assert_eq!(
            told(&company, &bob).await,
            [
                "machine nightly: dies_at",
                "system web-1: handed_over to Carol",
                "entitlement editors@web-1: handed_over to Carol",
                "account name of mac_1: handed_over to Carol",
                "secret name of sec_1: handed_over to Carol",
            ]
        );
        assert_eq!(systems::get(&company.ctx, "web-1").await.unwrap().owner, carol);
        assert_eq!(entitlements::list(&company.ctx).await.unwrap()[0].owner, carol);
        let State::DiesAt { deadline, .. } = left_by(&company, &bob).await[0].state else { panic!() };
        assert_eq!(deadline, company.ctx.now().plus(Duration::from_secs(14 * DAY)));
        all_holds(&company).await;

        // What privilege keeps is handed over when privilege did it.
        assert!(case_is_open(&company, &bob).await);
        assert_eq!(privilege_hands_over(&company).await, 2);
        assert!(case_is_open(&company, &bob).await, "he knows the password of the account");
        assert_eq!(privilege_changes(&company).await, 1);
        assert!(!case_is_open(&company, &bob).await);
        let case = lifecycle::of_identity(&company.ctx, &bob).await.unwrap().unwrap();
        let Step::Done { owned_at, .. } = case.step else { panic!("{case:?}") };
        assert!(owned_at.is_some());
        let kinds = company.timeline(&case.id).await;
        assert_eq!(kinds[kinds.len() - 2..], ["leaver.ownership_settled", "leaver.done"]);
        assert_eq!(company.timeline(&"system:web-1").await.last().unwrap(), "system.declared");
        all_holds(&company).await;
        // Nobody took the machine over: it dies on its date.
        company.pass(14 * DAY);
        duties::run_once(&company.ctx).await.unwrap();
        assert!(matches!(machines::get(&company.ctx, &machine.id).await.unwrap().state, machines::State::Ended { .. }));
        all_holds(&company).await;
    }

    async fn a_leaver_is_not_done_while_one_thing_is_unowned(company: Company) {
        let (bob, carol, mallory) = (company.id("bob").await, company.id("carol").await, company.id("mallory").await);
        // Nobody administers, and nobody above Bob works here.
        authn::accounts::set_roles(&company.ctx, &company.id("ada").await, &[Role::Member].into()).await.unwrap();
        company.import(&company.feed_changing("E3", ",active,", ",leave,")).await;
        let without_bob = company.feed_changing("E3", ",active,", ",leave,");
        let without_bob: String = without_bob.lines().filter(|line| !line.starts_with("E2,")).map(|line| format!("{line}\n")).collect();
        company.import(&without_bob).await;
        assert_eq!(told(&company, &bob).await, ["system web-1: unowned"]);
        let unowned = left_by(&company, &bob).await.remove(0);
        let asked = finding::open(&company.ctx, OWNED_BY_NOBODY).await.unwrap();
        assert!(asked.len() == 1 && asked[0].detail.contains(unowned.id.as_str()), "{asked:?}");
        company.pass(3 * DAY);
        assert!(case_is_open(&company, &bob).await, "for as long as it takes");
        all_holds(&company).await;
        let size = company.log_size().await;
        assert!(case_is_open(&company, &bob).await);
        assert_eq!(company.log_size().await, size, "it is asked once");

        let ada = company.acting("ada").await;
        let hand_over = |to: IdentityId, reason: &'static str| {
            let (ctx, id) = (ada.clone(), unowned.id.clone());
            async move { code(ownerships::hand_over(&ctx, &id, &to, reason).await) }
        };
        assert_eq!(code(ownerships::hand_over(&company.ctx, &unowned.id, &mallory, "x").await), "not_a_person");
        assert_eq!(hand_over(mallory.clone(), " ").await, "reason_missing");
        assert_eq!(hand_over(carol, "she is the chief").await, "owner_not_working");
        assert_eq!(hand_over("idn_00000000000000000000000000000009".parse().unwrap(), "who?").await, "no_such_identity");
        assert_eq!(hand_over(mallory.clone(), "knows it best").await, "yes");
        assert_eq!(hand_over(mallory.clone(), "knows it best").await, "same_owner");
        assert_eq!(systems::get(&company.ctx, "web-1").await.unwrap().owner, mallory);
        assert!(!case_is_open(&company, &bob).await);
        assert!(finding::open(&company.ctx, OWNED_BY_NOBODY).await.unwrap().is_empty());
        let kinds = ["ownership.unowned", "finding.raised", "ownership.handed_over", "finding.cleared"];
        assert_eq!(company.timeline(&unowned.id).await, kinds);
        all_holds(&company).await;
    }

    async fn what_nobody_could_take_goes_to_the_manager_who_is_back_or_to_whom_it_is_declared(company: Company) {
        let bob = company.id("bob").await;
        authn::accounts::set_roles(&company.ctx, &company.id("ada").await, &[Role::Member].into()).await.unwrap();
        let away = company.feed_changing("E3", ",active,", ",leave,");
        company.import(&away).await;
        let without_bob = |feed: &str| -> String { feed.lines().filter(|line| !line.starts_with("E2,")).map(|line| format!("{line}\n")).collect() };
        company.import(&without_bob(&away)).await;
        assert!(case_is_open(&company, &bob).await);
        company.import(&without_bob(&company.feed)).await;
        assert!(!case_is_open(&company, &bob).await);
        assert_eq!(told(&company, &bob).await, ["system web-1: handed_over to Carol"]);
    }

    async fn circular_managers_end_at_an_administrator(company: Company) {
        // Bob reports to Carol and Carol to Bob; both leave.
        let circle = company.feed_changing("E3", "Chief Executive Officer,,", "Chief Executive Officer,E2,");
        company.import(&circle).await;
        let (bob, ada) = (company.id("bob").await, company.id("ada").await);
        let gone: String = circle.lines().filter(|line| !line.starts_with("E2,") && !line.starts_with("E3,")).map(|line| format!("{line}\n")).collect();
        company.import(&gone).await;
        assert_eq!(systems::get(&company.ctx, "web-1").await.unwrap().owner, ada);
        let told = left_by(&company, &bob).await;
        assert!(told.iter().any(|one| matches!(&one.state, State::HandedOver { .. })), "{told:?}");
        assert!(!case_is_open(&company, &bob).await);
        all_holds(&company).await;
    }

    async fn a_machine_of_a_leaver_is_handed_over_here_or_there_and_both_know(company: Company) {
        let (alice, bob) = (company.id("alice").await, company.id("bob").await);
        let machine = nightly_of(&company, "alice").await;
        company.import(&company.feed_with("E1", "")).await;
        assert!(!case_is_open(&company, &alice).await, "it dies on a date");
        let left = left_by(&company, &alice).await.remove(0);
        assert_eq!((left.thing.kind, left.state.as_str()), (Kind::Machine, "dies_at"));
        let ada = company.acting("ada").await;
        ownerships::hand_over(&ada, &left.id, &bob, "Bob runs it now").await.unwrap();
        let machine = machines::get(&company.ctx, &machine.id).await.unwrap();
        assert_eq!((&machine.owner, &machine.state), (&bob, &machines::State::Active));
        assert!(finding::open(&company.ctx, machines::WITHOUT_OWNER).await.unwrap().is_empty());
        assert_eq!(told(&company, &alice).await, ["machine nightly: handed_over to Bob"]);
        // Bob gives it on: who owns it is not a matter of Alice's leaving any more.
        let mallory = company.id("mallory").await;
        machines::hand_over(&company.acting("bob").await, &machine.id, &mallory, "her turn", Reach::Own).await.unwrap();
        assert_eq!(code(ownerships::hand_over(&ada, &left.id, &bob, "back to Bob").await), "owned_elsewhere");
    }

    async fn a_machine_that_is_taken_over_where_machines_are_is_known_here(company: Company) {
        let (alice, bob) = (company.id("alice").await, company.id("bob").await);
        let machine = nightly_of(&company, "alice").await;
        company.import(&company.feed_with("E1", "")).await;
        machines::hand_over(&company.acting("ada").await, &machine.id, &bob, "Bob runs it now", Reach::Any).await.unwrap();
        assert_eq!(told(&company, &alice).await, ["machine nightly: handed_over to Bob"]);
    }

    async fn who_owns_something_again_after_leaving_is_found(company: Company) {
        let bob = company.id("bob").await;
        company.import(&company.feed_with("E2", "")).await;
        assert!(!case_is_open(&company, &bob).await);
        let mut tx = company.fixture.db.begin_unexplained().await.unwrap();
        tx.run("update systems set owner = (select id from identities where employee_id = 'E2')", Vec::new()).await.unwrap();
        tx.commit().await.unwrap();
        let checked = invariants::verify(&company.ctx, 100).await.unwrap();
        let broken: Vec<_> = checked.iter().filter(|one| !one.broken.is_empty()).map(|one| one.name).collect();
        assert_eq!(broken, ["nobody who has left and whose case is closed owns anything"]);
    }

    async fn a_shared_account_of_a_leaver_gets_another_owner_and_another_credential(company: Company) {
        let (bob, carol) = (company.id("bob").await, company.id("carol").await);
        let mut corp = Corp::new("corp", &["backup", "deploy"], &[]);
        corp.read(&company).await;
        for login in ["backup", "deploy"] {
            let said = Said::NonPersonal { owner: Some(bob.clone()) };
            let id = corp.account(&company, login).await.id;
            account_links::say(&company.acting("ada").await, &id, said, "the team shares it").await.unwrap();
        }
        kept(&company, Elsewhere::Account, "mac_1", &carol).await;
        let mut tx = company.fixture.db.begin_unexplained().await.unwrap();
        ownership::keep(&mut tx, Elsewhere::Account, &"mac_2", Some("Backup@corp"), &carol).await.unwrap();
        tx.commit().await.unwrap();
        company.import(&company.feed_with("E2", "")).await;
        let shared = ["shared_account backup@corp: handed_over to Carol", "shared_account deploy@corp: handed_over to Carol"];
        let all = told(&company, &bob).await;
        assert!(shared.iter().all(|shared| all.iter().any(|one| one == shared)), "{all:?}");
        let owned = account_links::owned_by(&mut company.ctx.read().await.unwrap(), &carol).await.unwrap();
        assert_eq!(owned.len(), 2);
        // One is under management: its password is changed before he is done with. Of the other a person is told.
        assert!(case_is_open(&company, &bob).await);
        assert_eq!(finding::open(&company.ctx, ownerships::KNOWN_TO_LEAVER).await.unwrap().len(), 1);
        assert_eq!(privilege_changes(&company).await, 1);
        assert!(!case_is_open(&company, &bob).await);
        corp.set("deploy", Status::Disabled);
        corp.read(&company).await;
        finding::raise(&company.ctx, ownerships::KNOWN_TO_LEAVER, "no account", "nobody can see to it").await.unwrap();
        duties::run_once(&company.ctx).await.unwrap();
        assert!(finding::open(&company.ctx, ownerships::KNOWN_TO_LEAVER).await.unwrap().is_empty());
        all_holds(&company).await;
    }

    async fn beginning_the_management_of_an_account_that_a_leaver_answered_for_closes_neither_the_case_nor_the_finding_before_another_credential_is_settled(company: Company) {
        let (bob, carol) = (company.id("bob").await, company.id("carol").await);
        let mut corp = Corp::new("corp", &["backup", "deploy"], &[]);
        corp.read(&company).await;
        for login in ["backup", "deploy"] {
            let said = Said::NonPersonal { owner: Some(bob.clone()) };
            let id = corp.account(&company, login).await.id;
            account_links::say(&company.acting("ada").await, &id, said, "the team shares it").await.unwrap();
        }
        company.import(&company.feed_with("E2", "")).await;
        let open = async || finding::open(&company.ctx, ownerships::KNOWN_TO_LEAVER).await.unwrap().len();
        let managed = async |subject: &str, name: &str| {
            let mut tx = company.fixture.db.begin_unexplained().await.unwrap();
            ownership::keep(&mut tx, Elsewhere::Account, &subject, Some(name), &carol).await.unwrap();
            tx.commit().await.unwrap();
        };
        assert_eq!(open().await, 2);
        // Whoever takes it under management may give the password that he knows.
        managed("mac_1", "Backup@corp").await;
        assert!(case_is_open(&company, &bob).await);
        assert_eq!(open().await, 2);
        assert_eq!(privilege_changes(&company).await, 1);
        assert!(!case_is_open(&company, &bob).await);
        duties::run_once(&company.ctx).await.unwrap();
        assert_eq!(open().await, 1);

        // Of the other the finding rests while it is disabled or gone, and no longer.
        for (status, expected) in [(Status::Disabled, 0), (Status::Enabled, 1)] {
            corp.set("deploy", status);
            corp.read(&company).await;
            duties::run_once(&company.ctx).await.unwrap();
            assert_eq!(open().await, expected, "{status:?}");
        }
        corp.remove("deploy");
        corp.look(&company, "deploy").await;
        duties::run_once(&company.ctx).await.unwrap();
        assert_eq!(open().await, 0);
        corp.add("deploy");
        corp.read(&company).await;
        duties::run_once(&company.ctx).await.unwrap();
        assert_eq!(open().await, 1);
        managed("mac_2", "deploy@corp").await;
        corp.set("deploy", Status::Disabled);
        corp.read(&company).await;
        for _ in 0..2 {
            duties::run_once(&company.ctx).await.unwrap();
            assert_eq!(open().await, 1, "managed is not changed");
        }
        assert!(ownership::is_known_to(&mut company.ctx.read().await.unwrap(), &bob).await.unwrap());
        assert_eq!(privilege_changes(&company).await, 1);
        duties::run_once(&company.ctx).await.unwrap();
        assert_eq!(open().await, 0);
        all_holds(&company).await;
    }

    async fn a_shared_account_that_is_renamed_is_known_to_whoever_left_as_before_and_keeps_its_owner(company: Company) {
        let (bob, carol, ada) = (company.id("bob").await, company.id("carol").await, company.id("ada").await);
        let mut corp = Corp::new("corp", &["backup", "deploy"], &[]);
        corp.read(&company).await;
        for login in ["backup", "deploy"] {
            let said = Said::NonPersonal { owner: Some(bob.clone()) };
            let id = corp.account(&company, login).await.id;
            account_links::say(&company.acting("ada").await, &id, said, "the team shares it").await.unwrap();
        }
        corp.rename("deploy", "deploy-1");
        corp.read(&company).await;
        company.import(&company.feed_with("E2", "")).await;
        let open = async || {
            duties::run_once(&company.ctx).await.unwrap();
            finding::open(&company.ctx, ownerships::KNOWN_TO_LEAVER).await.unwrap().len()
        };
        let owned = async |who: &IdentityId| account_links::owned_by(&mut company.ctx.read().await.unwrap(), who).await.unwrap().len();
        assert_eq!((open().await, owned(&carol).await), (2, 2));
        for (login, to) in [("backup", "backup-2"), ("deploy-1", "deploy-2")] {
            corp.rename(login, to);
        }
        corp.read(&company).await;
        assert_eq!((open().await, owned(&carol).await), (2, 2));
        for (status, expected) in [(Status::Disabled, 1), (Status::Enabled, 2)] {
            corp.set("deploy-2", status);
            corp.read(&company).await;
            assert_eq!(open().await, expected, "{status:?}");
        }

        // Under management by its new name, and renamed again before it has another credential.
        let mut tx = company.fixture.db.begin_unexplained().await.unwrap();
        ownership::keep(&mut tx, Elsewhere::Account, &"mac_1", Some("Backup-2@corp"), &carol).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(open().await, 2);
        assert!(ownership::is_known_to(&mut company.ctx.read().await.unwrap(), &bob).await.unwrap());
        corp.rename("backup-2", "backup-3");
        corp.read(&company).await;
        assert_eq!((open().await, owned(&carol).await), (2, 2));
        assert_eq!(privilege_changes(&company).await, 1);
        assert_eq!(open().await, 1);

        // What has the number of one that is gone is another account.
        corp.remove("deploy-2");
        corp.look(&company, "deploy").await;
        assert_eq!((open().await, owned(&carol).await), (0, 1));
        corp.add("deploy");
        corp.rename("deploy", "printer");
        corp.read(&company).await;
        assert_eq!((open().await, owned(&carol).await), (0, 1));
        let without: String = company.feed.lines().filter(|line| !line.starts_with("E2,") && !line.starts_with("E3,")).map(|line| format!("{line}\n")).collect();
        company.import(&without).await;
        assert_eq!((owned(&carol).await, owned(&ada).await), (0, 1));
        all_holds(&company).await;
    }
}
