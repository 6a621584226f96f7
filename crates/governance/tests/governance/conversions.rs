//! Standing privileges that become privileges on request: the right is taken away and seen gone, whoever had it may ask
//! for it, and what breaks on the way is undone.

use crate::company::{Company, on_both_engines};
use crate::corp::{self, findings, loosened};
use crate::estate::Corp;
use connectors::connector::Status;
use governance::assignments;
use governance::breakers::{self, Breaker, Limit, Window};
use governance::conversions::{self, Breakers, Conversion, ConversionError, Membership, New, State};
use governance::requests::{self, RequestError};
use governance::roles::Entitled;
use governance::standing::{self, Filter};
use governance::{drifts, duties, invariants, roles, systems};
use ledger::{Ctx, finding};
use provisioning::machine::Answer;
use provisioning::order::{self, OrderFilter};
use provisioning::{Act, Cause, Holder, NewOrder, What, fulfil, inventory};
use types::{Channel, ConversionId, Failure, GrantId, IdentityId};

const SYSTEM: &str = "[[system]]\nname = \"corp\"\nowner = \"bob@example.com\"\nlogins = [\"admins\"]\n";

const ROLES: &str = r#"
[[role]]
name = "corp-admin"
given = true
[[role.makes_eligible]]
system = "corp"
login = "admins"
max_minutes = 60
channels = ["membership"]

[[role]]
name = "bystander"
given = true

[[role]]
name = "born-admin"
given = true
includes = ["corp-admin"]
[[role.grants]]
system = "corp"
entitlement = "admins"
"#;

/// Alice and Bob are administrators of `corp` all the time; a role by which that can be asked for is there.
pub(crate) async fn ready(company: &Company) -> Corp {
    declared(company).await;
    loosened(company).await;
    let corp =
        Corp::new("corp", &["alice", "bob", "root"], &[("alice", "admins"), ("alice", "staff"), ("bob", "admins")]);
    corp.read(company).await;
    for name in ["alice", "bob"] {
        corp.is(company, name, &company.id(name).await).await;
    }
    corp
}

async fn declared(company: &Company) {
    let file: systems::File = toml::from_str(SYSTEM).unwrap();
    systems::declare(&company.ctx, &file.system).await.unwrap();
    let file: roles::File = toml::from_str(ROLES).unwrap();
    roles::declare(&company.ctx, &file.role).await.unwrap();
}

pub(crate) async fn membership(company: &Company, login: &str, slug: &str) -> Membership {
    let mut tx = company.ctx.read().await.unwrap();
    let filter = inventory::AccountFilter { system: Some("corp".into()), limit: 100, ..Default::default() };
    let all = inventory::accounts(&mut tx, &filter).await.unwrap();
    let account = all.into_iter().find(|account| account.login == login).unwrap().id;
    Membership { account, entitlement: inventory::by_slug(&mut tx, "corp", slug).await.unwrap().unwrap().id }
}

fn new(memberships: Vec<Membership>) -> New {
    New {
        memberships,
        role: Some("corp-admin".into()),
        reason: "nobody needs it every day".into(),
        within_minutes: 60,
        breakers: Breakers::Hold,
    }
}

pub(crate) async fn convert(company: &Company, login: &str) -> Result<Conversion, ConversionError> {
    let wanted = new(vec![membership(company, login, "admins").await]);
    Ok(conversions::convert(&company.acting("ada").await, &wanted).await?.remove(0))
}

async fn undo(ctx: &Ctx, id: &ConversionId) -> Result<Conversion, ConversionError> {
    conversions::undo(ctx, id, "the night shift needs it", Breakers::Hold).await
}

/// A second later, what is due is done.
pub(crate) async fn look(company: &Company) {
    company.pass(1);
    duties::run_once(&company.ctx).await.unwrap();
}

pub(crate) async fn state(company: &Company, id: &ConversionId) -> State {
    conversions::get(&company.ctx, id).await.unwrap().state
}

async fn told(company: &Company, id: &ConversionId) -> (&'static str, &'static str) {
    match state(company, id).await {
        State::Undone { why, .. } => ("undone", why.as_str()),
        State::Abandoned { why, .. } => ("abandoned", why.as_str()),
        State::Restoring { why, .. } => ("restoring", why.as_str()),
        other => (other.as_str(), ""),
    }
}

/// What the ledger tells of it, without the orders.
async fn steps(company: &Company, id: &ConversionId) -> Vec<String> {
    let mut kinds = company.timeline(id).await;
    kinds.retain(|kind| kind.starts_with("conversion."));
    kinds
}

pub(crate) async fn asks(company: &Company, name: &str) -> Result<requests::AccessRequest, RequestError> {
    let wanted = requests::New {
        system: "corp".into(),
        login: "admins".into(),
        minutes: 30,
        channels: Some([Channel::Membership].into()),
        reason: "the index is broken".into(),
        beneficiary: None,
    };
    requests::submit(&company.acting(name).await, wanted).await
}

pub(crate) async fn may_ask(company: &Company, name: &str) -> bool {
    let id = company.id(name).await;
    roles::eligibility(&company.ctx, &id).await.unwrap().iter().any(|one| one.login == "admins")
}

pub(crate) async fn all_holds(company: &Company) {
    let invariants = invariants::verify(&company.ctx, 3).await.unwrap();
    let broken: Vec<_> = invariants.iter().flat_map(|invariant| &invariant.broken).collect();
    assert!(broken.is_empty(), "{broken:?}");
}

async fn broken(company: &Company) -> Vec<&'static str> {
    let invariants = invariants::verify(&company.ctx, 3).await.unwrap();
    invariants.into_iter().filter(|invariant| !invariant.broken.is_empty()).map(|invariant| invariant.name).collect()
}

async fn refused(company: &Company, login: &str) -> &'static str {
    convert(company, login).await.expect_err("a refusal").code()
}

/// What is ordered is taken, and answered so.
async fn answer(company: &Company, answer: Answer) {
    let tasks = fulfil::take(&company.ctx, "corp", 100).await.unwrap();
    assert!(!tasks.is_empty(), "something is ordered");
    let answered = tasks.into_iter().map(|task| (task.order, answer.clone()));
    fulfil::answered(&company.ctx, answered.collect()).await.unwrap();
}

/// As privilege orders it when a grant begins or ends.
async fn by_grant(company: &Company, act: Act, grant: &GrantId, who: &IdentityId) {
    let Membership { account, entitlement } = membership(company, "alice", "admins").await;
    // Orders of one millisecond have no order.
    company.pass(1);
    let what = match act {
        Act::Grant => What::Grant { holder: Holder::Account(account), entitlement },
        _ => What::Revoke { account, entitlement },
    };
    let new = NewOrder {
        system: "corp".into(),
        identity: Some(who.clone()),
        cause: Cause::Grant,
        because: grant.to_string(),
        plan: None,
        what,
    };
    let mut tx = company.ctx.decide().await.unwrap();
    order::give(&company.ctx, &mut tx, vec![new]).await.unwrap();
    tx.commit().await.unwrap();
}

on_both_engines! {
    async fn whoever_had_it_all_the_time_may_ask_for_it_and_does_not_have_it_any_more(company: Company) {
        let mut corp = ready(&company).await;
        assert_eq!(asks(&company, "alice").await.unwrap_err().code(), "not_eligible");
        let conversion = convert(&company, "alice").await.unwrap();
        assert!(may_ask(&company, "alice").await, "she may ask before it is taken away");
        assert_eq!(corp.groups_of("alice"), ["admins", "staff"]);
        look(&company).await;
        assert_eq!(state(&company, &conversion.id).await, State::Removing, "it was not seen gone");
        corp.obey(&company).await;
        look(&company).await;
        assert_eq!(state(&company, &conversion.id).await.as_str(), "done");
        assert_eq!((corp.groups_of("alice"), corp.groups_of("bob")), (vec!["staff"], vec!["admins"]));
        asks(&company, "alice").await.unwrap();
        assert_eq!(asks(&company, "bob").await.unwrap_err().code(), "not_eligible");
        assert_eq!(steps(&company, &conversion.id).await, ["conversion.begun", "conversion.done"]);
        let orders = order::list(&company.ctx, &OrderFilter { limit: 9, ..OrderFilter::default() }).await.unwrap();
        assert_eq!((orders[0].cause, orders[0].because.clone()), (Cause::Conversion, conversion.id.to_string()));
        assert_eq!(refused(&company, "alice").await, "not_a_member", "it is none that stands any more");
        let size = company.log_size().await;
        look(&company).await;
        assert_eq!(company.log_size().await, size, "what is done is left alone");
        all_holds(&company).await;
    }

    async fn only_another_person_converts_what_can_be_asked_for_and_nothing_else_gives(company: Company) {
        let corp = ready(&company).await;
        let ada = company.acting("ada").await;
        let wanted = |login: &'static str, slug: &'static str| {
            let company = &company;
            async move { new(vec![membership(company, login, slug).await]) }
        };
        let code = |result: Result<Vec<Conversion>, ConversionError>| result.expect_err("a refusal").code();
        let alices = wanted("alice", "admins").await;
        assert_eq!(code(conversions::convert(&company.ctx, &alices).await), "not_a_person");
        assert_eq!(code(conversions::convert(&company.acting("alice").await, &alices).await), "own_privilege");
        for (change, expected) in [
            (New { reason: " ".into(), ..alices.clone() }, "reason_missing"),
            (New { within_minutes: 0, ..alices.clone() }, "bad_deadline"),
            (New { memberships: vec![], ..alices.clone() }, "how_many"),
            (New { memberships: [&alices.memberships[..], &alices.memberships].concat(), ..alices.clone() }, "how_many"),
            (New { role: None, ..alices.clone() }, "not_eligible"),
            (New { role: Some("bystander".into()), ..alices.clone() }, "role_offers_nothing"),
            (New { role: Some("born-admin".into()), ..alices.clone() }, "role_gives_it"),
            (New { role: Some("no-such".into()), ..alices.clone() }, "no_such_role"),
            (wanted("alice", "staff").await, "gives_no_power"),
        ] {
            assert_eq!(code(conversions::convert(&ada, &change).await), expected, "{change:?}");
        }
        corp.protect(&company, "alice", true).await;
        assert_eq!(refused(&company, "alice").await, "protected");
        corp.protect(&company, "alice", false).await;
        let given = assignments::What::Entitlement(Entitled { system: "corp".into(), entitlement: "admins".into() });
        let file = "[[entitlement]]\nsystem = \"corp\"\nslug = \"admins\"\nowner = \"bob@example.com\"\n";
        let file: governance::entitlements::File = toml::from_str(file).unwrap();
        governance::entitlements::declare(&company.ctx, &file.entitlement, None).await.unwrap();
        let gift = assignments::New {
            identity: company.id("alice").await,
            what: given,
            from: None,
            until: None,
            reason: "she administers it".into(),
        };
        let gift = assignments::give(&ada, gift).await.unwrap();
        let error = convert(&company, "alice").await.unwrap_err();
        assert_eq!(error.code(), "assigned");
        assert!(error.to_string().contains("tenure assignments end"), "{error}");
        assignments::end(&ada, &gift.id, "on request from now on").await.unwrap();
        // All or none: Bob's is refused, so Alice's is not begun.
        corp.protect(&company, "bob", true).await;
        let both = [alices.memberships.clone(), wanted("bob", "admins").await.memberships].concat();
        assert_eq!(code(conversions::convert(&ada, &new(both.clone())).await), "protected");
        let rehearsal = conversions::rehearse(&ada, &new(both)).await.unwrap();
        let outcomes: Vec<_> = rehearsal.lines.iter().map(|line| line.outcome.as_ref().map_err(Failure::code)).collect();
        assert!(outcomes[0].is_ok() && outcomes[1] == Err("protected"), "{outcomes:?}");
        assert!(!may_ask(&company, "alice").await, "a rehearsal keeps nothing");
        convert(&company, "alice").await.unwrap();
        assert_eq!(refused(&company, "alice").await, "converting");
        assert_eq!(order::list(&company.ctx, &OrderFilter { limit: 9, ..OrderFilter::default() }).await.unwrap().len(), 1);
    }

    async fn what_the_system_refuses_to_take_away_is_undone_and_stands_as_before(company: Company) {
        let mut corp = ready(&company).await;
        let conversion = convert(&company, "alice").await.unwrap();
        answer(&company, Answer::Never("permission denied".into())).await;
        look(&company).await;
        assert_eq!(told(&company, &conversion.id).await, ("undone", "refused"));
        assert!(!may_ask(&company, "alice").await, "she has it, so she does not ask for it");
        assert_eq!((corp.obey(&company).await, corp.groups_of("alice")), (0, vec!["admins", "staff"]));
        assert_eq!(findings(&company, "order_refused").await, 0, "nobody wants it any more");
        assert_eq!(steps(&company, &conversion.id).await, ["conversion.begun", "conversion.undone"]);
        assert_eq!(undo(&company.acting("ada").await, &conversion.id).await.unwrap_err().code(), "conversion_over");
        // Nothing of it stands in the way of the next attempt.
        let again = convert(&company, "alice").await.unwrap();
        corp.obey(&company).await;
        look(&company).await;
        assert_eq!(state(&company, &again.id).await.as_str(), "done");
        all_holds(&company).await;
    }

    async fn a_system_that_is_away_until_the_deadline_has_nothing_taken_away_when_it_is_back(company: Company) {
        let mut corp = ready(&company).await;
        let conversion = convert(&company, "alice").await.unwrap();
        company.pass(59 * 60);
        look(&company).await;
        assert_eq!(state(&company, &conversion.id).await, State::Removing);
        company.pass(6 * 60);
        let late = "every conversion that is not done in time is undone within five minutes";
        assert_eq!(broken(&company).await, [late], "while nobody looks");
        look(&company).await;
        assert_eq!(told(&company, &conversion.id).await, ("undone", "not_gone_in_time"));
        assert_eq!((corp.obey(&company).await, corp.groups_of("alice")), (0, vec!["admins", "staff"]));
        assert!(!may_ask(&company, "alice").await);
        all_holds(&company).await;
    }

    async fn what_may_have_been_taken_away_is_given_back_and_seen_there_before_nobody_may_ask_any_more(company: Company) {
        let mut corp = ready(&company).await;
        let conversion = convert(&company, "alice").await.unwrap();
        answer(&company, Answer::Unclear("the answer was lost".into())).await;
        corp.leave_group("alice", "admins");
        company.pass(3_600);
        look(&company).await;
        assert_eq!(told(&company, &conversion.id).await, ("restoring", "not_gone_in_time"));
        assert!(may_ask(&company, "alice").await, "she is not left with neither");
        assert_eq!(findings(&company, "conversion_restoring").await, 1);
        // Somebody looks what became of the first order; then the second one goes.
        corp.look(&company, "alice").await;
        corp.obey(&company).await;
        look(&company).await;
        assert_eq!(told(&company, &conversion.id).await, ("undone", "not_gone_in_time"));
        assert!(corp.groups_of("alice").contains(&"admins") && !may_ask(&company, "alice").await);
        assert_eq!(findings(&company, "conversion_restoring").await, 0);
        assert_eq!(
            steps(&company, &conversion.id).await,
            ["conversion.begun", "conversion.restoring", "conversion.undone"]
        );
        corp.read(&company).await;
        look(&company).await;
        assert_eq!((corp.obey(&company).await, findings(&company, "revoke_came_back").await), (0, 0), "nothing fights");
        all_holds(&company).await;
    }

    async fn nothing_is_given_back_to_somebody_who_leaves_or_is_away_in_between(company: Company) {
        let mut corp = ready(&company).await;
        let ada = company.acting("ada").await;
        let bobs = convert(&company, "bob").await.unwrap();
        corp.obey(&company).await;
        look(&company).await;
        undo(&ada, &bobs.id).await.unwrap();
        company.import(&company.feed_changing("E2", ",active,", ",leave,")).await;
        look(&company).await;
        assert_eq!(told(&company, &bobs.id).await, ("abandoned", "is_away"));
        corp.obey(&company).await;
        assert!(corp.groups_of("bob").is_empty(), "what was not sent is not given");
        assert_eq!(undo(&ada, &bobs.id).await.unwrap_err().code(), "conversion_over");

        let alices = convert(&company, "alice").await.unwrap();
        company.import(&company.feed_changing("E1", "active,2021-09-06,", "terminated,2021-09-06,2026-11-20")).await;
        look(&company).await;
        assert_eq!(told(&company, &alices.id).await, ("abandoned", "has_left"));
        corp.obey(&company).await;
        look(&company).await;
        assert_eq!((corp.groups_of("alice"), corp.status("alice")), (vec!["staff"], Status::Disabled));
        all_holds(&company).await;
    }

    async fn an_account_that_is_protected_in_between_is_sent_nothing_and_stays_as_it_is(company: Company) {
        let mut corp = ready(&company).await;
        let conversion = convert(&company, "alice").await.unwrap();
        corp.protect(&company, "alice", true).await;
        look(&company).await;
        assert_eq!(told(&company, &conversion.id).await, ("undone", "taken_back"));
        assert_eq!((corp.obey(&company).await, corp.groups_of("alice")), (0, vec!["admins", "staff"]));
        corp.protect(&company, "alice", false).await;

        let again = convert(&company, "alice").await.unwrap();
        corp.obey(&company).await;
        look(&company).await;
        corp.protect(&company, "alice", true).await;
        assert_eq!(undo(&company.acting("ada").await, &again.id).await.unwrap_err().code(), "protected");
        assert_eq!((corp.obey(&company).await, corp.groups_of("alice")), (0, vec!["staff"]));
        all_holds(&company).await;
    }

    async fn a_person_has_it_back_as_it_was_and_never_for_themselves(company: Company) {
        let mut corp = ready(&company).await;
        let conversion = convert(&company, "alice").await.unwrap();
        corp.obey(&company).await;
        look(&company).await;
        let ada = company.acting("ada").await;
        assert_eq!(undo(&company.ctx, &conversion.id).await.unwrap_err().code(), "not_a_person");
        assert_eq!(undo(&company.acting("alice").await, &conversion.id).await.unwrap_err().code(), "own_privilege");
        let request = asks(&company, "alice").await.unwrap();
        let decided = requests::decide(&company.acting("bob").await, &request.id, requests::Decision::Approve, "go on").await;
        let grant = decided.unwrap().grant().unwrap().clone();
        assert_eq!(undo(&ada, &conversion.id).await.unwrap_err().code(), "grant_stands");
        requests::withdraw(&ada, &grant, "no longer needed", requests::Reach::Any).await.unwrap();
        assert_eq!(undo(&ada, &conversion.id).await.unwrap().state.as_str(), "restoring");
        assert_eq!(undo(&ada, &conversion.id).await.unwrap_err().code(), "conversion_under_way");
        corp.obey(&company).await;
        look(&company).await;
        assert_eq!(told(&company, &conversion.id).await, ("undone", "person"));
        assert!(corp.groups_of("alice").contains(&"admins") && !may_ask(&company, "alice").await);

        let late = convert(&company, "alice").await.unwrap();
        corp.obey(&company).await;
        look(&company).await;
        company.pass(31 * 24 * 3_600);
        assert_eq!(undo(&company.acting("ada").await, &late.id).await.unwrap_err().code(), "too_late");
        all_holds(&company).await;
    }

    async fn while_a_grant_gives_it_a_conversion_waits_and_is_done_when_the_grant_has_ended(company: Company) {
        let mut corp = ready(&company).await;
        let (conversion, alice) = (convert(&company, "alice").await.unwrap(), company.id("alice").await);
        let request = asks(&company, "alice").await.unwrap();
        let decided = requests::decide(&company.acting("bob").await, &request.id, requests::Decision::Approve, "go on").await;
        let grant = decided.unwrap().grant().unwrap().clone();
        by_grant(&company, Act::Grant, &grant, &alice).await;
        corp.obey(&company).await;
        let listed = standing::list(&company.ctx, &Filter { holder: Some(alice.clone()), limit: 9, ..Filter::default() }).await;
        assert!(listed.unwrap().privileges.iter().all(|one| one.by.as_ref().is_none_or(|by| by.slug != "admins")
            || one.obstacle.as_ref().is_some_and(|why| why.code() == "converting")));
        company.pass(7_200);
        look(&company).await;
        assert_eq!(state(&company, &conversion.id).await, State::Removing, "the grant takes away what it gave");
        by_grant(&company, Act::Revoke, &grant, &alice).await;
        look(&company).await;
        assert_eq!(told(&company, &conversion.id).await.0, "removing");
        corp.obey(&company).await;
        look(&company).await;
        assert_eq!(state(&company, &conversion.id).await.as_str(), "done");
        assert!(may_ask(&company, "alice").await && corp.groups_of("alice") == ["staff"]);
    }

    async fn breakers_count_what_is_converted_and_what_is_given_back_and_a_person_can_let_it_through(company: Company) {
        let mut corp = ready(&company).await;
        let limit = |number| Limit { share: None, number: Some(number) };
        let of_day = |number| Some(Window { minutes: 24 * 60, limit: limit(number) });
        let tight: Vec<Breaker> = Breaker::defaults().into_iter().map(|breaker| match breaker.name.as_str() {
            "grants" => Breaker { per_run: limit(1), window: of_day(1), ..breaker },
            "privileged" => Breaker { per_run: limit(0), window: None, ..breaker },
            _ => breaker,
        }).collect();
        breakers::declare(&company.ctx, &tight, Some("a small company")).await.unwrap();
        let ada = company.acting("ada").await;
        let both = vec![membership(&company, "alice", "admins").await, membership(&company, "bob", "admins").await];
        let error = conversions::convert(&ada, &new(both.clone())).await.unwrap_err();
        assert_eq!(error.code(), "breaker_tripped");
        assert!(error.to_string().contains("2 entitlements would be taken away"), "{error}");
        assert_eq!(conversions::rehearse(&ada, &new(both)).await.unwrap().trips.len(), 2);
        assert!(!may_ask(&company, "alice").await, "all or none");
        let alices = convert(&company, "alice").await.unwrap();
        let bobs = New { breakers: Breakers::LetThrough, ..new(vec![membership(&company, "bob", "admins").await]) };
        let carol = company.acting("carol").await;
        let code = async |ctx: &Ctx, new: &New| conversions::convert(ctx, new).await.unwrap_err().code();
        assert_eq!(code(&carol, &bobs).await, "nobody_else_began", "what nobody was held with is let through by nobody");
        assert_eq!(refused(&company, "bob").await, "breaker_tripped", "a slow bleed trips the window");
        assert_eq!(code(&ada, &bobs).await, "nobody_else_began", "not by who began it");
        let bobs = conversions::convert(&carol, &bobs).await.unwrap().remove(0);
        let mut tx = company.ctx.read().await.unwrap();
        assert_eq!(breakers::overrides_of(&mut tx, bobs.id.as_str()).await.unwrap()[0].reason, "nobody needs it every day");
        drop(tx);
        corp.obey(&company).await;
        look(&company).await;
        assert_eq!(undo(&ada, &alices.id).await.unwrap_err().code(), "breaker_tripped");
        let undone = conversions::undo(&ada, &alices.id, "the night shift needs it", Breakers::LetThrough).await.unwrap();
        assert_eq!(undone.state.as_str(), "restoring");
    }

    async fn what_a_breaker_held_is_told_until_somebody_else_lets_it_through_or_nobody_does_for_a_day(company: Company) {
        ready(&company).await;
        let (none, ada) = (Limit { share: None, number: Some(0) }, company.acting("ada").await);
        let tight = Breaker::defaults().into_iter().map(|breaker| Breaker { per_run: none, window: None, ..breaker });
        breakers::declare(&company.ctx, &tight.collect::<Vec<_>>(), None).await.unwrap();
        let (alices, bobs) = (membership(&company, "alice", "admins").await, membership(&company, "bob", "admins").await);
        let both = new(vec![alices.clone(), bobs.clone()]);
        assert_eq!(conversions::convert(&ada, &both).await.unwrap_err().code(), "breaker_tripped");
        let of_both = finding::open(&company.ctx, "conversion_held").await.unwrap().remove(0);
        for said in [&alices.to_string(), &bobs.to_string(), "--role corp-admin", "the breaker `grants`"] {
            assert!(of_both.detail.contains(said), "{of_both:?}");
        }
        for login in ["alice", "bob", "bob"] {
            assert_eq!(refused(&company, login).await, "breaker_tripped");
        }
        assert_eq!(findings(&company, "conversion_held").await, 3, "what is begun twice is told once");

        let bobs = New { breakers: Breakers::LetThrough, ..new(vec![bobs]) };
        conversions::convert(&company.acting("carol").await, &bobs).await.unwrap();
        assert_eq!(findings(&company, "conversion_held").await, 2);
        loosened(&company).await;
        convert(&company, "alice").await.unwrap();
        assert_eq!(findings(&company, "conversion_held").await, 1, "what trips nothing any more waits for nobody");

        company.pass(24 * 60 * 60 - 2);
        look(&company).await;
        assert_eq!(findings(&company, "conversion_held").await, 1);
        company.pass(1);
        look(&company).await;
        assert_eq!(findings(&company, "conversion_held").await, 0);
        let thread = format!("held-conversion:{}", of_both.subject);
        assert_eq!(company.timeline(&thread).await, ["conversion.held", "conversion.lapsed"]);
    }

    async fn a_conversion_fights_with_no_plan_and_no_policy_for_drift(company: Company) {
        loosened(&company).await;
        let mut corp = corp::Corp::mapped(&company, "ask").await;
        declared(&company).await;
        let staff = assignments::What::Entitlement(Entitled { system: "corp".into(), entitlement: "staff".into() });
        let identity = company.id("alice").await;
        let gift = assignments::New { identity, what: staff, from: None, until: None, reason: "works there".into() };
        let ada = company.acting("ada").await;
        assignments::give(&ada, gift).await.unwrap();
        corp.loaded(&company).await;
        corp.join("amoreau", "admins");
        corp.read(&company).await;
        corp::compared(&company).await;
        assert_eq!(refused(&company, "amoreau").await, "drift_undecided");
        let filter = drifts::Filter { limit: 9, ..drifts::Filter::default() };
        let drift = drifts::list(&company.ctx, &filter).await.unwrap().remove(0);
        drifts::decide(&ada, &drift.id, drifts::Decision::Accept, "until somebody converts it").await.unwrap();
        let conversion = convert(&company, "amoreau").await.unwrap();
        corp::compared(&company).await;
        assert_eq!(corp::open_plan(&company).await, None, "what is ordered is ordered once");
        corp.carry_out(&company).await;
        corp.read(&company).await;
        corp::compared(&company).await;
        assert_eq!((state(&company, &conversion.id).await.as_str(), corp.told("amoreau")), ("done", "enabled staff".into()));
        assert_eq!((corp::open_plan(&company).await, corp::drifted(&company).await), (None, vec![]));

        undo(&ada, &conversion.id).await.unwrap();
        corp::compared(&company).await;
        corp.carry_out(&company).await;
        corp.read(&company).await;
        corp::compared(&company).await;
        assert_eq!(told(&company, &conversion.id).await, ("undone", "person"));
        assert_eq!((corp::open_plan(&company).await, corp::drifted(&company).await), (None, vec![]), "it was given back");
        corp::map(&company, "revert").await;
        corp::compared(&company).await;
        corp.carry_out(&company).await;
        assert_eq!(corp.told("amoreau"), "enabled admins staff");
        all_holds(&company).await;
    }

    async fn what_a_breaker_holds_is_let_through_by_who_may_confirm_plans(company: Company) {
        let administrator = company.caller("ada", types::Role::Administrator, None).await;
        let scoped = [types::Permission::EntitlementsWrite].into();
        let token = company.caller("ada", types::Role::Administrator, Some(scoped)).await;
        assert_eq!(Breakers::of(&administrator, true).unwrap(), Breakers::LetThrough);
        assert_eq!(Breakers::of(&token, true).unwrap_err().code(), "may_not_confirm");
        assert_eq!(Breakers::of(&token, false).unwrap(), Breakers::Hold);
    }
}
