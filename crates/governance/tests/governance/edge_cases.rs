//! What goes wrong elsewhere in the life of an identity: dates that move, moves that overlap, and what is decided while
//! something changes.

use crate::company::{Company, on_both_engines, root_on_web_1};
use crate::estate::{Corp, orders_of};
use connectors::connector::Status;
use governance::assignments::{self, What};
use governance::movers::{self, Filter, MoverCase, Why};
use governance::requests::{self, Decision};
use governance::states::{self, OrderKind, StateName};
use governance::{duties, entitlements, identities, invariants, lifecycle, policy, roles};
use grants::EndCause;
use provisioning::ownership::{self, Kind as Elsewhere};
use provisioning::{Act, Cause, NewOrder, What as Ordered, order};
use types::{Failure, IdentityId, Timestamp};

const DAY: u64 = 24 * 60 * 60;

const ROLES: &str = r#"
[[role]]
name = "platform"
condition = 'principal.department == "Platform"'
grants = [{ system = "web-1", entitlement = "operators" }, { system = "web-1", entitlement = "admins" }]

[[role]]
name = "payer"
condition = 'principal.department == "Platform"'
grants = [{ system = "web-1", entitlement = "payments" }]
conflicts_with = ["buyer"]

[[role]]
name = "buyer"
condition = 'principal.department == "Support"'
grants = [{ system = "web-1", entitlement = "orders" }]

[[role]]
name = "examiner"
condition = 'principal.department == "Audit"'
grants = [{ system = "web-1", entitlement = "books" }]
conflicts_with = ["platform"]

[[role]]
name = "auditor"
given = true
conflicts_with = ["platform"]
"#;

const ADMINS: &str = "[[entitlement]]\nsystem = 'web-1'\nslug = 'admins'\nowner = 'bob@example.com'\n\
                      privileged = { is = true, why = 'may do everything' }\n";

async fn declared(company: &Company) {
    let admins = toml::from_str::<entitlements::File>(ADMINS).unwrap().entitlement;
    entitlements::declare(&company.ctx, &admins, None).await.unwrap();
    roles::declare(&company.ctx, &toml::from_str::<roles::File>(ROLES).unwrap().role).await.unwrap();
    company.worker().run_due().await.unwrap();
}

async fn has(company: &Company, identity: &IdentityId) -> Vec<String> {
    let all = assignments::entitled(&company.ctx, identity).await.unwrap();
    all.into_iter().map(|(entitled, _)| entitled.entitlement).collect()
}

async fn state(company: &Company, id: &IdentityId) -> StateName {
    identities::get(&company.ctx, id).await.unwrap().outlook.settled().name()
}

async fn moves(company: &Company, identity: &IdentityId) -> Vec<MoverCase> {
    let filter = Filter { identity: Some(identity.clone()), limit: 10, ..Filter::default() };
    movers::list(&company.ctx, &filter).await.unwrap()
}

async fn give(company: &Company, identity: &IdentityId, role: &str) -> &'static str {
    let what = What::Role(role.to_owned());
    let new =
        assignments::New { identity: identity.clone(), what, from: None, until: None, reason: "as agreed".into() };
    assignments::give(&company.acting("ada").await, new).await.map_or_else(|refused| refused.code(), |_| "yes")
}

async fn round(company: &Company) {
    duties::run_once(&company.ctx).await.unwrap();
}

async fn all_holds(company: &Company) {
    let invariants = invariants::verify(&company.ctx, 100).await.unwrap();
    let broken: Vec<_> = invariants.iter().flat_map(|invariant| &invariant.broken).collect();
    assert!(broken.is_empty(), "{broken:?}");
}

fn nia(company: &Company, start: &str) -> String {
    format!("{}E90,Nia,Okafor,nia@example.com,Support,Support Agent,E2,active,{start},\n", company.feed)
}

on_both_engines! {
    async fn a_mover_keeps_the_old_for_the_grace_and_no_forbidden_pair_is_ever_held_inside_it(company: Company) {
        declared(&company).await;
        let (alice, (_, grant)) = (company.id("alice").await, company.alice_gets_root().await);
        assert_eq!(has(&company, &alice).await, ["admins", "operators", "payments"]);
        company.import(&company.feed_changing("E1", ",Platform,", ",Support,")).await;
        // The new at once; the old for the grace, but what gives power and what conflicts with the new ends at once.
        assert_eq!(has(&company, &alice).await, ["operators", "orders"]);
        assert_eq!(company.grant(&grant).await.ended().unwrap().cause, EndCause::Ineligible);
        let case = moves(&company, &alice).await.remove(0);
        let until: Timestamp = "2026-12-05T00:00:00Z".parse().unwrap();
        assert_eq!((case.grace_until, case.settled_at), (until, None), "fourteen days later, where she lives");
        assert_eq!((case.gained.clone(), case.lost.clone()), (vec!["buyer".to_owned()], vec!["payer".to_owned(), "platform".to_owned()]));
        let mut ended: Vec<_> = case.ended.iter().map(|lost| (lost.kept.entitled.entitlement.as_str(), lost.why)).collect();
        ended.sort_by_key(|(name, _)| *name);
        assert_eq!(ended, [("admins", Why::Privileged), ("payments", Why::Conflict)]);
        // The window counts where duties are separated.
        assert_eq!(give(&company, &alice, "auditor").await, "conflicting_roles");
        all_holds(&company).await;

        company.pass(until.since(company.ctx.now()).as_secs() - 1);
        round(&company).await;
        assert_eq!(has(&company, &alice).await, ["operators", "orders"]);
        company.pass(1);
        assert_eq!(has(&company, &alice).await, ["orders"], "whatever the duty did not do yet");
        round(&company).await;
        let case = movers::get(&company.ctx, &case.id).await.unwrap();
        assert_eq!(case.settled_at, Some(company.ctx.now()));
        assert_eq!(company.timeline(&case.id).await, ["mover.begun", "mover.settled"]);
        assert_eq!(give(&company, &alice, "auditor").await, "yes");
        all_holds(&company).await;
    }

    async fn who_moves_on_within_the_grace_keeps_nothing_that_conflicts_with_the_newest(company: Company) {
        declared(&company).await;
        let alice = company.id("alice").await;
        company.import(&company.feed_changing("E1", ",Platform,", ",Support,")).await;
        company.pass(DAY);
        company.import(&company.feed_changing("E1", ",Platform,", ",Audit,")).await;
        assert_eq!(has(&company, &alice).await, ["books", "orders"]);
        let settled: Vec<bool> = moves(&company, &alice).await.iter().map(|case| case.settled_at.is_some()).collect();
        assert_eq!(settled, [false, true], "the newest first: of the older one nothing is left");
        company.pass(14 * DAY);
        round(&company).await;
        assert_eq!(has(&company, &alice).await, ["books"]);
        all_holds(&company).await;
    }

    async fn what_two_lost_roles_granted_is_kept_until_the_later_window_ends(company: Company) {
        declared(&company).await;
        let runner = "[[role]]\nname = 'runner'\ncondition = 'principal.department == \"Operations\"'\n\
                      grants = [{ system = 'web-1', entitlement = 'operators' }]\n";
        roles::declare(&company.ctx, &toml::from_str::<roles::File>(runner).unwrap().role).await.unwrap();
        let alice = company.id("alice").await;
        for (department, days) in [("Support", 3), ("Operations", 2), ("Sales", 0)] {
            company.import(&company.feed_changing("E1", ",Platform,", &format!(",{department},"))).await;
            company.pass(days * DAY);
        }
        let until = |day: &str| -> Timestamp { day.parse().unwrap() };
        for (at, expected) in [
            ("2026-12-05T00:00:00Z", &["operators", "orders"][..]),
            ("2026-12-08T00:00:00Z", &["operators"]),
            ("2026-12-10T00:00:00Z", &[]),
        ] {
            company.pass(until(at).since(company.ctx.now()).as_secs());
            round(&company).await;
            assert_eq!(has(&company, &alice).await, expected, "{at}");
        }
        assert!(moves(&company, &alice).await.iter().all(|case| case.settled_at.is_some()));
        all_holds(&company).await;
    }

    async fn whatever_fires_late_looks_again_first(company: Company) {
        declared(&company).await;
        let alice = company.id("alice").await;
        // She moves, and is back before the grace ends: nothing of her own ends when its day comes.
        company.import(&company.feed_changing("E1", ",Platform,", ",Support,")).await;
        company.pass(DAY);
        company.import(&company.feed).await;
        assert_eq!(has(&company, &alice).await, ["admins", "operators", "payments"], "what conflicts is not kept");
        let back = moves(&company, &alice).await;
        assert!(back.iter().all(|case| case.settled_at.is_some()), "{back:?}");
        company.pass(14 * DAY);
        round(&company).await;
        assert_eq!(has(&company, &alice).await, ["admins", "operators", "payments"]);
        // A last day that is moved before it comes makes nobody leave.
        company.import(&company.feed_changing("E1", "2021-09-06,", "2021-09-06,2026-12-10")).await;
        company.import(&company.feed_changing("E1", "2021-09-06,", "2021-09-06,2027-12-10")).await;
        company.pass(10 * DAY);
        round(&company).await;
        assert_eq!(state(&company, &alice).await, StateName::Active);
        all_holds(&company).await;
    }

    async fn who_leaves_within_the_grace_keeps_nothing(company: Company) {
        declared(&company).await;
        let alice = company.id("alice").await;
        company.import(&company.feed_changing("E1", ",Platform,", ",Support,")).await;
        company.import(&company.feed_with("E1", "")).await;
        assert!(has(&company, &alice).await.is_empty());
        assert!(moves(&company, &alice).await.iter().all(|case| case.settled_at.is_some()));
        company.import(&company.feed).await;
        assert_eq!(has(&company, &alice).await, ["admins", "operators", "payments"], "what the new record gives, and no more");
        all_holds(&company).await;
    }

    async fn without_a_grace_everything_ends_at_once_and_the_case_says_so(company: Company) {
        declared(&company).await;
        let before = policy::get(&company.ctx).await.unwrap();
        let lifecycle = policy::LifecyclePolicy { mover_grace_days: 0, ..before.lifecycle };
        policy::declare(&company.ctx, &policy::Policy { lifecycle, ..before }, None).await.unwrap();
        let alice = company.id("alice").await;
        company.import(&company.feed_changing("E1", ",Platform,", ",Support,")).await;
        assert_eq!(has(&company, &alice).await, ["orders"]);
        let case = moves(&company, &alice).await.remove(0);
        assert_eq!((case.kept.len(), case.settled_at), (0, Some(company.ctx.now())));
        assert!(case.ended.iter().any(|lost| lost.why == Why::NoGrace), "{case:?}");
        assert_eq!(company.timeline(&case.id).await, ["mover.begun"]);
    }

    async fn a_role_that_is_declared_anew_moves_nobody(company: Company) {
        declared(&company).await;
        let alice = company.id("alice").await;
        let narrower = ROLES.replace("principal.department == \"Platform\"'\ngrants = [{ system = \"web-1\", entitlement = \"pay", "principal.department == \"Nowhere\"'\ngrants = [{ system = \"web-1\", entitlement = \"pay");
        assert_ne!(narrower, ROLES);
        roles::declare(&company.ctx, &toml::from_str::<roles::File>(&narrower).unwrap().role).await.unwrap();
        company.worker().run_due().await.unwrap();
        assert_eq!(has(&company, &alice).await, ["admins", "operators"]);
        assert!(moves(&company, &alice).await.is_empty());
    }

    async fn a_leave_that_overlaps_a_transfer_ends_in_the_new_department(company: Company) {
        declared(&company).await;
        let alice = company.id("alice").await;
        company.import(&company.feed_changing("E1", ",active,", ",leave,")).await;
        assert_eq!(has(&company, &alice).await, ["admins", "operators", "payments"], "what of it is in force is another matter");
        let moved = company.feed_changing("E1", ",Platform,Site Reliability Engineer,E2,active,", ",Support,Support Agent,E2,leave,");
        company.import(&moved).await;
        assert_eq!(state(&company, &alice).await, StateName::Leave);
        assert_eq!(has(&company, &alice).await, ["operators", "orders"], "the grace runs meanwhile");
        company.pass(14 * DAY);
        round(&company).await;
        company.import(&company.feed_changing("E1", ",Platform,", ",Support,")).await;
        assert_eq!((state(&company, &alice).await, has(&company, &alice).await), (StateName::Active, vec!["orders".to_owned()]));
        all_holds(&company).await;
    }

    async fn a_start_that_moves_earlier_later_or_is_cancelled_leaves_exactly_what_the_new_date_needs(company: Company) {
        declared(&company).await;
        company.import(&nia(&company, "2026-11-25")).await;
        let nia_id = company.id("nia").await;
        assert_eq!((state(&company, &nia_id).await, has(&company, &nia_id).await), (StateName::PreHire, vec!["orders".to_owned()]));
        // Later: what was prepared goes. Earlier: it is back.
        company.import(&nia(&company, "2027-01-15")).await;
        assert!(has(&company, &nia_id).await.is_empty());
        company.pass(5 * DAY);
        round(&company).await;
        assert_eq!((state(&company, &nia_id).await, has(&company, &nia_id).await.len()), (StateName::PreHire, 0));
        company.import(&nia(&company, "2026-11-28")).await;
        assert_eq!(has(&company, &nia_id).await, ["orders"]);
        company.pass(2 * DAY);
        round(&company).await;
        assert_eq!(state(&company, &nia_id).await, StateName::Active);
        assert!(moves(&company, &nia_id).await.is_empty(), "a date is no move");
        all_holds(&company).await;
    }

    async fn what_was_prepared_for_somebody_who_never_starts_is_taken_away_again(company: Company) {
        declared(&company).await;
        company.import(&nia(&company, "2026-11-25")).await;
        let nia_id = company.id("nia").await;
        let mut corp = Corp::new("corp", &["nia"], &[("nia", "admins")]);
        corp.read(&company).await;
        corp.is(&company, "nia", &nia_id).await;
        company.import(&company.feed).await;
        assert_eq!(state(&company, &nia_id).await, StateName::Terminated);
        assert!(has(&company, &nia_id).await.is_empty());
        corp.obey(&company).await;
        assert_eq!((corp.status("nia"), corp.groups_of("nia").len()), (Status::Disabled, 0));
        round(&company).await;
        assert!(!lifecycle::of_identity(&company.ctx, &nia_id).await.unwrap().unwrap().is_open());
        all_holds(&company).await;
    }

    async fn a_rehire_is_judged_for_conflicts_anew(company: Company) {
        declared(&company).await;
        let mallory = company.id("mallory").await;
        assert_eq!(give(&company, &mallory, "auditor").await, "yes");
        company.import(&company.feed_with("E5", "")).await;
        // She is back, in a department whose role conflicts with what she had: that is not hers any more.
        company.import(&company.feed_changing("E5", ",Support,", ",Platform,")).await;
        assert_eq!(has(&company, &mallory).await, ["admins", "operators", "payments"]);
        assert_eq!(give(&company, &mallory, "auditor").await, "conflicting_roles");
        all_holds(&company).await;
    }

    async fn a_rehire_cancels_the_parked_delete(company: Company) {
        let alice = company.id("alice").await;
        let mut corp = Corp::new("corp", &["alice"], &[]);
        corp.read(&company).await;
        corp.is(&company, "alice", &alice).await;
        company.import(&company.feed_with("E1", "")).await;
        corp.obey(&company).await;
        let account = corp.account(&company, "alice").await.id;
        let delete = NewOrder {
            system: "corp".into(),
            identity: Some(alice.clone()),
            cause: Cause::Plan,
            because: "pln_1".into(),
            plan: None,
            what: Ordered::Delete { account },
        };
        let mut tx = company.ctx.decide().await.unwrap();
        order::give(&company.ctx, &mut tx, vec![delete]).await.unwrap();
        tx.commit().await.unwrap();
        company.import(&company.feed).await;
        assert_eq!(orders_of(&company, &alice).await.last(), Some(&(Act::Delete, "superseded")));
        assert_eq!(corp.obey(&company).await, 0, "the account is kept");
    }

    async fn who_leaves_while_their_request_is_pending_gets_nothing(company: Company) {
        let (alice, request) = (company.id("alice").await, company.alice_asks().await);
        let mut corp = Corp::new("corp", &["bob"], &[]);
        corp.read(&company).await;
        let create = NewOrder {
            system: "corp".into(),
            identity: Some(alice.clone()),
            cause: Cause::Plan,
            because: "pln_1".into(),
            plan: None,
            what: Ordered::Create { login: "alice".into(), attributes: Default::default() },
        };
        let mut tx = company.ctx.decide().await.unwrap();
        order::give(&company.ctx, &mut tx, vec![create]).await.unwrap();
        tx.commit().await.unwrap();
        company.import(&company.feed_with("E1", "")).await;
        let refused = requests::decide(&company.acting("bob").await, &request.id, Decision::Approve, "fine").await;
        assert_eq!(refused.unwrap_err().code(), "request_not_open");
        assert_eq!(orders_of(&company, &alice).await, [(Act::Create, "superseded")]);
        assert_eq!(corp.obey(&company).await, 0);
    }

    async fn a_shared_account_of_a_leaver_gets_an_owner_before_the_case_is_done(company: Company) {
        let (alice, bob) = (company.id("alice").await, company.id("bob").await);
        let keep = async |owner: &IdentityId| {
            let mut tx = company.fixture.db.begin_unexplained().await.unwrap();
            ownership::keep(&mut tx, Elsewhere::Account, &"mac_1", Some("deploy@web-1"), owner).await.unwrap();
            tx.commit().await.unwrap();
        };
        keep(&alice).await;
        company.import(&company.feed_with("E1", "")).await;
        let is_open = async || {
            round(&company).await;
            lifecycle::of_identity(&company.ctx, &alice).await.unwrap().unwrap().is_open()
        };
        let mut tx = company.ctx.read().await.unwrap();
        let account = ownership::get(&mut tx, Elsewhere::Account, "mac_1").await.unwrap().unwrap();
        drop(tx);
        assert_eq!((account.owner, account.heir), (alice.clone(), Some(bob.clone())));
        assert!(is_open().await, "privilege has not done it yet");
        keep(&bob).await;
        assert!(is_open().await, "she knows its password");
        let mut tx = company.fixture.db.begin_unexplained().await.unwrap();
        ownership::was_changed(&mut tx, "mac_1").await.unwrap();
        tx.commit().await.unwrap();
        assert!(!is_open().await);
        all_holds(&company).await;
    }

    async fn a_manager_who_changes_while_an_approval_is_open_hands_the_decision_on(company: Company) {
        let bob = company.acting("bob").await;
        let request = requests::submit(&bob, root_on_web_1()).await.unwrap();
        let decide = async |who: &str| {
            let ctx = company.acting(who).await;
            requests::decide(&ctx, &request.id, Decision::Approve, "go ahead").await.map_or_else(|refused| refused.code(), |_| "yes")
        };
        // Bob owns the system and asks for himself: his manager decides, whoever that is by then.
        company.import(&company.feed_changing("E2", ",E3,active,", ",E4,active,")).await;
        assert_eq!(decide("carol").await, "not_approver");
        assert_eq!(decide("ada").await, "yes");
    }

    async fn a_policy_that_changes_while_a_request_is_open_is_judged_by_the_new_one(company: Company) {
        let request = company.alice_asks().await;
        let mut policy = policy::get(&company.ctx).await.unwrap();
        policy.requests.max_duration_minutes = 20;
        policy::declare(&company.ctx, &policy, None).await.unwrap();
        let bob = company.acting("bob").await;
        let refused = requests::decide(&bob, &request.id, Decision::Approve, "go ahead").await.unwrap_err();
        assert_eq!(refused.code(), "too_long");
        policy.requests.max_duration_minutes = 30;
        policy::declare(&company.ctx, &policy, Some("half an hour is enough")).await.unwrap();
        requests::decide(&bob, &request.id, Decision::Approve, "go ahead").await.unwrap();
    }

    async fn who_is_suspended_keeps_what_a_move_left_them_and_no_more(company: Company) {
        declared(&company).await;
        let alice = company.id("alice").await;
        company.import(&company.feed_changing("E1", ",Platform,", ",Support,")).await;
        let why = states::New { reason: "an inquiry".into(), ..states::New::default() };
        states::order(&company.acting("ada").await, &alice, OrderKind::Suspended, why).await.unwrap();
        assert_eq!(has(&company, &alice).await, ["operators", "orders"]);
        company.pass(14 * DAY);
        round(&company).await;
        assert_eq!(has(&company, &alice).await, ["orders"]);
    }
}
