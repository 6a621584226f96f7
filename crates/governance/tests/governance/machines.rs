//! Machine identities: whose they are, what they may hold, and how they lose it.

use crate::company::{Company, on_both_engines, root_on_web_1};
use governance::access::{self, Title};
use governance::machines::{self, Cause, Environment, Machine, New, Reach, State};
use governance::requests::{self, Decision};
use governance::{duties, identities, invariants, systems};
use grants::EndCause;
use ledger::{ROWS_AT_ONCE, finding};
use std::time::Duration;
use types::{Channel, Failure, GrantId, Permission, Role, Secret};

const DAY: u64 = 24 * 60 * 60;

const SYSTEMS: &str = r#"
[[system]]
name = "shop-db"
owner = "bob@example.com"
logins = ["postgres"]
environment = "production"
machine_logins = ["backup"]

[[system]]
name = "lab-db"
owner = "bob@example.com"
logins = ["postgres"]
environment = "test"
machine_logins = ["backup", "reader"]
"#;

fn nightly(company: &Company) -> New {
    New {
        name: "nightly".to_owned(),
        owner: None,
        purpose: "backs up the lab every night".to_owned(),
        environment: Environment::Test,
        ends_at: company.ctx.now().plus(Duration::from_secs(100 * DAY)),
    }
}

/// Alice registers `nightly`, of test.
async fn registered(company: &Company) -> Machine {
    systems::declare(&company.ctx, &toml::from_str::<systems::File>(SYSTEMS).unwrap().system).await.unwrap();
    machines::register(&company.acting("alice").await, nightly(company), Reach::Own).await.unwrap()
}

fn asked(machine: &Machine, system: &str, login: &str) -> requests::New {
    let beneficiary = Some(machine.id.clone());
    requests::New { system: system.to_owned(), login: login.to_owned(), beneficiary, ..root_on_web_1() }
}

/// Alice asks for it, Bob approves.
async fn granted(company: &Company, machine: &Machine, system: &str, login: &str) -> GrantId {
    let request = requests::submit(&company.acting("alice").await, asked(machine, system, login)).await.unwrap();
    assert_eq!((&request.beneficiary, &request.requester), (&machine.id, &company.id("alice").await));
    let decided = requests::decide(&company.acting("bob").await, &request.id, Decision::Approve, "as agreed").await;
    decided.unwrap().grant().expect("an approved request").clone()
}

async fn token(company: &Company, machine: &Machine) -> Secret<String> {
    let caller = company.caller("alice", Role::Member, None).await;
    let scopes = [Permission::SelfRead].into();
    let until = company.ctx.now().plus(Duration::from_secs(10 * DAY));
    let alice = company.acting("alice").await;
    machines::create_token(&alice, &caller, &machine.id, "cron", scopes, until).await.unwrap().1
}

async fn proves(company: &Company, token: &Secret<String>) -> bool {
    authn::tokens::authenticate(&company.ctx, token).await.is_ok()
}

async fn cause(company: &Company, grant: &GrantId) -> Option<EndCause> {
    company.grant(grant).await.ended().map(|ended| ended.cause)
}

async fn open_findings(company: &Company) -> Vec<String> {
    let found = finding::list(&company.ctx).await.unwrap();
    found.into_iter().filter(|finding| finding.cleared_at.is_none()).map(|finding| finding.kind).collect()
}

async fn broken(company: &Company) -> Vec<&'static str> {
    let checked = invariants::verify(&company.ctx, ROWS_AT_ONCE).await.unwrap();
    checked.into_iter().filter(|invariant| !invariant.broken.is_empty()).map(|invariant| invariant.name).collect()
}

/// What somebody with a shell on the database could do.
async fn tamper(company: &Company, sql: &'static str) {
    let mut tx = company.fixture.db.begin_unexplained().await.unwrap();
    assert!(tx.run(sql, Vec::new()).await.unwrap() > 0, "{sql}");
    tx.commit().await.unwrap();
}

fn code<T, E: Failure>(result: Result<T, E>) -> &'static str {
    result.map_or_else(|refused| refused.code(), |_| "yes")
}

on_both_engines! {
    async fn a_machine_identity_has_a_name_an_owner_a_purpose_and_an_end(company: Company) {
        let (alice, ada) = (company.acting("alice").await, company.acting("ada").await);
        let bob = company.id("bob").await;
        let end = |days: u64| company.ctx.now().plus(Duration::from_secs(days * DAY));
        for (expected, new, reach) in [
            ("bad_machine_name", New { name: "two words".into(), ..nightly(&company) }, Reach::Own),
            ("bad_purpose", New { purpose: "  ".into(), ..nightly(&company) }, Reach::Own),
            ("bad_end", New { ends_at: company.ctx.now(), ..nightly(&company) }, Reach::Own),
            ("bad_end", New { ends_at: end(401), ..nightly(&company) }, Reach::Own),
            ("not_your_machine", New { owner: Some(bob.clone()), ..nightly(&company) }, Reach::Own),
            ("yes", New { ends_at: end(400), ..nightly(&company) }, Reach::Own),
            ("machine_name_taken", nightly(&company), Reach::Own),
        ] {
            assert_eq!(code(machines::register(&alice, new, reach).await), expected);
        }
        let theirs = New { name: "ci".into(), owner: Some(bob.clone()), ..nightly(&company) };
        assert_eq!(machines::register(&ada, theirs, Reach::Any).await.unwrap().owner, bob);
        let nobody = machines::register(&company.ctx, New { name: "x".into(), ..nightly(&company) }, Reach::Any).await;
        assert_eq!(code(nobody), "not_a_person");
        assert_eq!(broken(&company).await, Vec::<&str>::new());
    }

    async fn a_machine_holds_what_its_owner_is_eligible_for_or_the_system_keeps_for_machines(company: Company) {
        let machine = registered(&company).await;
        let (alice, bob) = (company.acting("alice").await, company.acting("bob").await);
        for (expected, system, login) in [
            ("other_environment", "shop-db", "backup"),
            ("not_eligible", "lab-db", "postgres"),
            ("not_eligible", "web-1", "deploy"),
            ("yes", "lab-db", "backup"),
            ("already_asked", "lab-db", "backup"),
            ("yes", "web-1", "root"),
        ] {
            let answer = requests::submit(&alice, asked(&machine, system, login)).await;
            assert_eq!(code(answer), expected, "{login}@{system}");
        }
        let secret = requests::New { channels: Some([Channel::SecretRead].into()), ..asked(&machine, "lab-db", "reader") };
        assert_eq!(requests::submit(&alice, secret).await.unwrap().channels, [Channel::SecretRead].into());
        let not_hers = requests::submit(&bob, asked(&machine, "web-1", "root")).await;
        assert_eq!(code(not_hers), "not_your_machine");
        let for_herself = requests::New { login: "backup".into(), system: "lab-db".into(), ..root_on_web_1() };
        assert_eq!(code(requests::submit(&alice, for_herself).await), "not_eligible");
        let waiting = requests::list(&company.ctx, &requests::Filter { limit: 10, ..Default::default() }).await.unwrap();
        let decided = requests::decide(&alice, &waiting[0].id, Decision::Approve, "mine").await;
        assert_eq!(code(decided), "own_request");
        let decided = requests::decide(&bob, &waiting[0].id, Decision::Approve, "as agreed").await.unwrap();
        assert_eq!(company.grant(decided.grant().unwrap()).await.holder, machine.id);
        let moved = machines::change(&alice, &machine.id, "the same", Environment::Production, Reach::Own).await;
        assert_eq!(code(moved), "machine_holds_access");
        let kept = machines::change(&alice, &machine.id, "backs up", Environment::Test, Reach::Own).await;
        assert_eq!(code(kept), "yes");
        assert_eq!(machines::history(&company.ctx, &machine.id).await.unwrap().len(), 2);
        assert_eq!(broken(&company).await, Vec::<&str>::new());
    }

    async fn an_owner_who_leaves_takes_everything_from_the_machine_in_one_transaction(company: Company) {
        let machine = registered(&company).await;
        let grant = granted(&company, &machine, "lab-db", "backup").await;
        let token = token(&company, &machine).await;
        let waiting = requests::submit(&company.acting("alice").await, asked(&machine, "web-1", "root")).await.unwrap();
        assert!(proves(&company, &token).await);
        company.import(&company.feed_with("E1", "")).await;
        assert_eq!(cause(&company, &grant).await, Some(EndCause::OwnerGone));
        assert!(!proves(&company, &token).await);
        let waiting = requests::get(&company.ctx, &waiting.id).await.unwrap();
        assert_eq!(waiting.state_name(), requests::StateName::Cancelled);
        let now = company.ctx.now();
        let unowned = machines::get(&company.ctx, &machine.id).await.unwrap();
        let deadline = now.plus(Duration::from_secs(14 * DAY));
        assert_eq!(unowned.state, State::Unowned { since: now, deadline });
        let found = finding::open(&company.ctx, machines::WITHOUT_OWNER).await.unwrap();
        assert!(found.len() == 1 && found[0].detail.contains(&deadline.to_string()), "{found:?}");
        let begun = ledger::timeline::about(&company.ctx, &company.id_of_leaver("E1").await).await.unwrap();
        let begun = begun.iter().find(|line| line.kind == "leaver.begun").unwrap();
        assert_eq!(begun.body["machines_left_unowned"], 1);
        assert_eq!(
            company.timeline(&machine.id).await,
            [
                "machine.registered",
                "account.created",
                "request.submitted",
                "grant.issued",
                "request.approved",
                "token.created",
                "request.submitted",
                "request.cancelled",
                "grant.ended",
                "account.disabled",
                "token.revoked",
                "machine.unowned",
                "finding.raised",
            ]
        );
        assert_eq!(broken(&company).await, Vec::<&str>::new());

        company.pass(14 * DAY - 1);
        assert_eq!(duties::run_once(&company.ctx).await.unwrap().machines_ended, 0);
        company.pass(1);
        assert_eq!(duties::run_once(&company.ctx).await.unwrap().machines_ended, 1);
        assert_eq!(duties::run_once(&company.ctx).await.unwrap().machines_ended, 0);
        let ended = machines::get(&company.ctx, &machine.id).await.unwrap();
        assert_eq!(ended.state, State::Ended { at: company.ctx.now(), cause: Cause::NoOwner });
        assert_eq!(open_findings(&company).await, Vec::<String>::new());
    }

    async fn one_without_an_owner_gets_nothing_until_an_administrator_hands_it_over(company: Company) {
        let machine = registered(&company).await;
        company.import(&company.feed_with("E1", "")).await;
        let (bob, ada) = (company.acting("bob").await, company.acting("ada").await);
        let caller = company.caller("ada", Role::Administrator, None).await;
        let until = company.ctx.now().plus(Duration::from_secs(DAY));
        let scopes = || [Permission::SelfRead].into();
        let made = machines::create_token(&ada, &caller, &machine.id, "ci", scopes(), until).await;
        assert_eq!(code(made), "machine_without_owner");
        assert_eq!(code(requests::submit(&bob, asked(&machine, "lab-db", "backup")).await), "not_your_machine");
        assert_eq!(code(machines::extend(&ada, &machine.id, machine.ends_at, Reach::Any).await), "machine_without_owner");
        let to = company.id("bob").await;
        for (expected, who, reach, reason) in [
            ("not_your_machine", &bob, Reach::Own, "I need it"),
            ("reason_missing", &ada, Reach::Any, " "),
            ("reason_missing", &ada, Reach::Any, &"x".repeat(2001)),
            ("yes", &ada, Reach::Any, "Bob runs it now"),
            ("same_owner", &ada, Reach::Any, "Bob runs it now"),
        ] {
            assert_eq!(code(machines::hand_over(who, &machine.id, &to, reason, reach).await), expected, "{reason}");
        }
        assert_eq!(open_findings(&company).await, Vec::<String>::new());
        assert_eq!(code(machines::create_token(&ada, &caller, &machine.id, "ci", scopes(), until).await), "yes");
        let request = requests::submit(&bob, asked(&machine, "lab-db", "backup")).await.unwrap();
        let own = requests::decide(&bob, &request.id, Decision::Approve, "mine").await;
        assert_eq!(code(own), "own_request");
        assert_eq!(broken(&company).await, Vec::<&str>::new());
    }

    async fn who_hands_it_over_keeps_no_token_and_no_open_request_of_it(company: Company) {
        let machine = registered(&company).await;
        let (kept, lost) = (granted(&company, &machine, "lab-db", "backup").await, granted(&company, &machine, "web-1", "root").await);
        let token = token(&company, &machine).await;
        let (alice, mallory) = (company.acting("alice").await, company.id("mallory").await);
        machines::hand_over(&alice, &machine.id, &mallory, "I move to another team", Reach::Own).await.unwrap();
        assert!(!proves(&company, &token).await);
        assert_eq!(cause(&company, &kept).await, None);
        assert_eq!(cause(&company, &lost).await, Some(EndCause::Ineligible), "Mallory is not eligible for root");
        assert_eq!(code(machines::end(&alice, &machine.id, "done", Reach::Own).await), "not_your_machine");
        let mallory = company.acting("mallory").await;
        assert_eq!(code(machines::end(&mallory, &machine.id, "done", Reach::Own).await), "yes");
        assert_eq!(cause(&company, &kept).await, Some(EndCause::MachineEnded));
        assert_eq!(code(machines::end(&mallory, &machine.id, "done", Reach::Own).await), "machine_ended");
        assert_eq!(broken(&company).await, Vec::<&str>::new());
    }

    async fn an_owner_who_moves_takes_from_the_machine_what_they_lose_themselves(company: Company) {
        let machine = registered(&company).await;
        let (kept, lost) = (granted(&company, &machine, "lab-db", "backup").await, granted(&company, &machine, "web-1", "root").await);
        company.import(&company.feed_changing("E1", ",Platform,", ",Sales,")).await;
        assert_eq!(cause(&company, &lost).await, Some(EndCause::Ineligible));
        assert_eq!(cause(&company, &kept).await, None);
    }

    async fn its_end_comes_with_notice_and_takes_everything(company: Company) {
        let machine = registered(&company).await;
        let alice = company.acting("alice").await;
        company.pass(70 * DAY - 1);
        duties::run_once(&company.ctx).await.unwrap();
        assert_eq!(open_findings(&company).await, Vec::<String>::new());
        company.pass(1);
        duties::run_once(&company.ctx).await.unwrap();
        duties::run_once(&company.ctx).await.unwrap();
        assert_eq!(open_findings(&company).await, [machines::ENDS_SOON]);
        let end = |days: u64| machine.ends_at.plus(Duration::from_secs(days * DAY));
        for (expected, until) in [("bad_end", end(0)), ("bad_end", end(371)), ("yes", end(10))] {
            assert_eq!(code(machines::extend(&alice, &machine.id, until, Reach::Own).await), expected);
        }
        assert_eq!(open_findings(&company).await, Vec::<String>::new());
        let token = token(&company, &machine).await;
        company.pass(40 * DAY - 60 * 60);
        let grant = granted(&company, &machine, "lab-db", "backup").await;
        let longer = requests::New { minutes: 240, ..asked(&machine, "web-1", "root") };
        assert_eq!(code(requests::submit(&alice, longer).await), "machine_ends_first");
        company.pass(10 * 60);
        machines::end(&alice, &machine.id, "the lab is gone", Reach::Own).await.unwrap();
        assert_eq!(cause(&company, &grant).await, Some(EndCause::MachineEnded));
        assert!(!proves(&company, &token).await);
        assert_eq!(code(requests::submit(&alice, asked(&machine, "lab-db", "backup")).await), "machine_ended");
        assert_eq!(broken(&company).await, Vec::<&str>::new());
    }

    async fn a_token_of_a_machine_is_narrow_and_ends_before_the_machine(company: Company) {
        let machine = registered(&company).await;
        let alice = company.acting("alice").await;
        let caller = company.caller("alice", Role::Member, None).await;
        let narrow = company.caller("alice", Role::Member, Some([Permission::MachinesOwn].into())).await;
        let (last, day) = (machine.ends_at, Duration::from_secs(DAY));
        for (expected, caller, scope, until) in [
            ("scope_not_for_machines", &caller, Permission::RequestsCreate, last),
            ("scope_not_for_machines", &caller, Permission::MachinesOwn, last),
            ("scope_too_wide", &narrow, Permission::SelfRead, last),
            ("token_outlives_machine", &caller, Permission::SelfRead, last.plus(day)),
            ("bad_expiry", &caller, Permission::SelfRead, company.ctx.now()),
            ("yes", &caller, Permission::SelfRead, last),
        ] {
            let made = machines::create_token(&alice, caller, &machine.id, "ci", [scope].into(), until).await;
            assert_eq!(code(made), expected, "{scope} until {until}");
        }
        let mallory = company.caller("mallory", Role::Member, None).await;
        let tried = company.acting("mallory").await;
        let made = machines::create_token(&tried, &mallory, &machine.id, "x", [Permission::SelfRead].into(), last).await;
        assert_eq!(code(made), "not_your_machine");
    }

    async fn the_story_and_the_evidence_of_its_grant_name_the_machine_and_prove_its_owner(company: Company) {
        let machine = registered(&company).await;
        let grant = granted(&company, &machine, "lab-db", "backup").await;
        let during = company.ctx.now();
        company.pass(60);
        company.import(&company.feed_with("E1", "")).await;
        let answer = access::as_of(&company.ctx, "lab-db", None, during).await.unwrap();
        let who = &answer.holdings[0].who;
        assert_eq!((who.name.as_str(), who.is_machine, &who.id), ("nightly", true, &machine.id));
        let story = access::story(&company.ctx, &grant).await.unwrap();
        let told: Vec<String> = story
            .chapters
            .iter()
            .map(|chapter| {
                let kinds: Vec<_> = chapter.lines.iter().map(|line| line.kind.as_str()).collect();
                format!("{}: {}", chapter.title.as_str(), kinds.join(" "))
            })
            .collect();
        assert_eq!(
            told,
            [
                "HR record: import.applied",
                "Eligibility: system.declared machine.registered",
                "Request: request.submitted",
                "Approval: request.approved",
                "Grant: grant.issued",
                "End: grant.ended machine.unowned",
            ]
        );
        let hr = story.chapters.iter().find(|chapter| chapter.title == Title::HrRecord).unwrap();
        assert_eq!(hr.lines[0].personal["after.given_name"], "Alice");
        let bundle = access::evidence(&company.ctx, &grant, Vec::new()).await.unwrap();
        let shown = ledger::verify::bundle(&bundle).unwrap();
        let kinds: Vec<&str> = shown.timeline.iter().map(|(_, kind, _)| kind.as_str()).collect();
        for kind in ["import.applied", "machine.registered", "request.approved", "grant.ended", "machine.unowned"] {
            assert!(kinds.contains(&kind), "{kind} is not in {kinds:?}");
        }
        let names = identities::names(&company.ctx, [&machine.id, &machine.owner]).await.unwrap();
        assert!(names[&machine.id].is_machine && !names[&machine.owner].is_machine);
    }

    async fn a_machine_that_was_given_back_what_nobody_answers_for_is_found(company: Company) {
        let machine = registered(&company).await;
        granted(&company, &machine, "lab-db", "backup").await;
        assert_eq!(broken(&company).await, Vec::<&str>::new());
        tamper(&company, "update machines set state = 'unowned', unowned_since = 0, deadline = 9000000000000000").await;
        let both = [
            "every machine identity that holds a grant or a token has an active owner",
            "every machine identity is what the last line of its history says",
        ];
        assert_eq!(broken(&company).await, both);
    }
}
