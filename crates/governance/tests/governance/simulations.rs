//! Simulations: who would gain and lose what by other declarations, and because of what, before they are made.

use crate::company::{Company, on_both_engines};
use crate::corp::{Corp, compared, link};
use connectors::sources::{Asserted, Extent, Feed, Record, csv};
use governance::assignments::{self, New, What};
use governance::configuration::{self, Fault, File, Plan, Prune};
use governance::imports::{self, Mode};
use governance::roles::Entitled;
use governance::simulations::{self, Act, Effect, Filter, Kind, Simulation, SimulationError, State};
use governance::states::{self, OrderKind};
use governance::{duties, identities, invariants, roles, sources};
use std::collections::BTreeMap;
use types::{Failure, IdentityId, SimulationId};

fn file(text: &str) -> Vec<File> {
    vec![File { name: "all.yaml".to_owned(), text: text.to_owned() }]
}

async fn plan(company: &Company, text: &str) -> Plan {
    let plan = configuration::plan(&company.ctx, &file(text), &Prune::No.into()).await.unwrap();
    assert_eq!(plan.faults, []);
    plan
}

async fn simulate(company: &Company, text: &str) -> Simulation {
    plan(company, text).await.simulation.expect("something would be declared")
}

async fn declare(company: &Company, text: &str) {
    let state = plan(company, text).await.state.unwrap();
    configuration::apply(&company.ctx, &file(text), &Prune::No.into(), &state).await.unwrap();
    compared(company).await;
}

async fn apply(company: &Company, id: &SimulationId) -> Result<usize, SimulationError> {
    let ada = company.acting("ada").await;
    simulations::apply(&ada, id, "agreed with the owners").await.map(|changes| changes.len())
}

/// What a simulation says, as `Name act kind what`, by name.
async fn told(company: &Company, simulation: &Simulation) -> Vec<String> {
    let mut told = Vec::new();
    for (_, line) in simulations::lines(&company.ctx, &simulation.id, 0, 1_000).await.unwrap() {
        let person = identities::get(&company.ctx, &line.identity).await.unwrap();
        told.extend(line.effects.iter().map(|effect| format!("{} {}", person.given_name, shown(effect))));
    }
    told.sort();
    told
}

fn shown(effect: &Effect) -> String {
    let Effect { act, kind, system, name, before, after, privileged, .. } = effect;
    let at = system.as_ref().map_or(String::new(), |system| format!("@{system}"));
    let values = match (before, after) {
        (Some(before), Some(after)) => format!(" {before} > {after}"),
        _ => String::new(),
    };
    let power = if *privileged { " with power" } else { "" };
    format!("{} {} {name}{at}{values}{power}", act.as_str(), kind.as_str())
}

async fn because(company: &Company, simulation: &Simulation, who: &str, name: &str) -> String {
    let who = company.id(who).await;
    let (_, line) = simulations::line_of(&company.ctx, &simulation.id, &who).await.unwrap().expect("a line");
    line.effects.into_iter().find(|effect| effect.name == name).expect("an effect").because
}

fn role(condition: &str) -> String {
    format!(
        "kind: Role\nname: platform\nspec:\n  condition: 'principal.{condition}'\n  grants:\n    - {{system: corp, entitlement: staff}}\n    - {{system: corp, entitlement: admins}}\n"
    )
}

/// `corp` is mapped and read, and whoever is in Platform is in both of its groups.
async fn with_platform(company: &Company) -> Corp {
    let corp = Corp::mapped(company, "ask").await;
    declare(company, &role("department == \"Platform\"")).await;
    corp
}

on_both_engines! {
    async fn a_changed_condition_tells_who_gains_and_who_loses_what_and_because_of_what(company: Company) {
        with_platform(&company).await;
        let (before, size) = (configuration::export(&company.ctx).await.unwrap(), company.log_size().await);
        let simulation = simulate(&company, &role("department == \"Support\"")).await;
        let lost = |name: &str, login: &str| {
            [
                format!("{name} loses account {login}@corp"),
                format!("{name} loses entitlement admins@corp with power"),
                format!("{name} loses entitlement staff@corp"),
                format!("{name} loses role platform"),
            ]
        };
        let mut expected: Vec<String> = [lost("Alice", "amoreau"), lost("Bob", "blindqvist")].concat();
        expected.extend(lost("Mallory", "mquinn").map(|line| line.replace("loses", "gains")));
        assert_eq!(told(&company, &simulation).await, expected);
        assert_eq!(because(&company, &simulation, "alice", "admins").await, "role `platform`: department is `Platform`");
        assert_eq!(because(&company, &simulation, "mallory", "admins").await, "role `platform`: department is `Support`");
        let (gained, lost) = (simulation.counts.gained, simulation.counts.lost);
        assert_eq!((simulation.looked_at, simulation.lines), (40, 3));
        assert_eq!((gained.roles, gained.entitlements, gained.privileged, gained.accounts), (1, 2, 1, 1));
        assert_eq!((lost.roles, lost.entitlements, lost.privileged, lost.accounts), (2, 4, 2, 2));
        assert_eq!(simulation.changes, ["change Role platform"]);
        assert_eq!(simulation.unread().count(), 0);

        // Nothing but its own evidence was written, and the same asked again is the same.
        assert_eq!(company.log_size().await, size + 1);
        assert_eq!(company.timeline(&simulation.id).await, ["simulation.computed"]);
        assert_eq!(simulate(&company, &role("department == \"Support\"")).await, simulation);
        compared(&company).await;
        assert_eq!(configuration::export(&company.ctx).await.unwrap(), before);
        assert_eq!(assignments::entitled(&company.ctx, &company.id("alice").await).await.unwrap().len(), 2);
        assert!(assignments::entitled(&company.ctx, &company.id("mallory").await).await.unwrap().is_empty());
    }

    async fn a_person_applies_it_with_a_reason_once_and_it_does_what_it_said(company: Company) {
        with_platform(&company).await;
        let wanted = role("department == \"Support\"");
        let simulation = simulate(&company, &wanted).await;
        let id = &simulation.id;
        let nobody = simulations::apply(&company.ctx, id, "the night job wants it").await.unwrap_err();
        assert_eq!(nobody.code(), "not_a_person");
        let silent = simulations::apply(&company.acting("ada").await, id, " ").await.unwrap_err();
        assert_eq!(silent.code(), "reason_missing");
        assert_eq!(apply(&company, id).await.unwrap(), 1);
        assert_eq!(company.timeline(id).await, ["simulation.computed", "simulation.applied"]);
        compared(&company).await;
        let entitled = async |name: &str| {
            assignments::entitled(&company.ctx, &company.id(name).await).await.unwrap().len()
        };
        assert_eq!((entitled("alice").await, entitled("bob").await, entitled("mallory").await), (0, 0, 2));
        assert_eq!(plan(&company, &wanted).await.simulation, None, "there is nothing left to simulate");
        let ada = company.id("ada").await;
        let State::Applied { by, .. } = simulations::get(&company.ctx, id).await.unwrap().state else { panic!() };
        assert_eq!(by, Some(ada));
        assert_eq!(apply(&company, id).await.unwrap_err().code(), "simulation_applied");
        let missing = SimulationId::new(company.ctx.clock(), company.ctx.chance());
        assert_eq!(apply(&company, &missing).await.unwrap_err().code(), "no_such_simulation");
        let applied = Filter { state: Some("applied".into()), limit: 10, ..Filter::default() };
        let listed = simulations::list(&company.ctx, &applied).await.unwrap();
        assert_eq!(listed.iter().map(|one| &one.id).collect::<Vec<_>>(), [id]);
        for invariant in invariants::verify(&company.ctx, 2).await.unwrap() {
            assert_eq!(invariant.broken, Vec::<String>::new(), "{}", invariant.name);
        }
        let mut tx = company.fixture.db.begin_unexplained().await.unwrap();
        tx.run("delete from simulation_lines where position = 1", vec![]).await.unwrap();
        tx.commit().await.unwrap();
        let verified = invariants::verify(&company.ctx, 2).await.unwrap();
        let broken: Vec<&String> = verified.iter().flat_map(|invariant| &invariant.broken).collect();
        assert!(broken.iter().any(|problem| problem.contains(id.as_str())), "{broken:?}");
    }

    async fn one_that_was_computed_on_another_state_is_refused_and_says_what_moved(company: Company) {
        let mut corp = with_platform(&company).await;
        let wanted = role("department == \"Support\"");
        let refusal = async |id: &SimulationId| {
            let refused = apply(&company, id).await.unwrap_err();
            assert_eq!(refused.code(), "simulation_moved");
            refused.to_string()
        };
        let simulation = simulate(&company, &wanted).await;
        declare(&company, "kind: Role\nname: night\nspec: {given: true}\n").await;
        assert_eq!(refusal(&simulation.id).await, "computed before the role `night` changed: run it again");

        let simulation = simulate(&company, &wanted).await;
        corp.groups.insert("admins".to_owned(), None);
        corp.read(&company).await;
        assert_eq!(refusal(&simulation.id).await, "computed before what was read of `corp` changed: run it again");

        // A group that nothing names, and somebody whom it does not concern: both are no reason.
        let simulation = simulate(&company, &wanted).await;
        corp.groups.insert("night".to_owned(), None);
        corp.read(&company).await;
        company.import(&company.feed_changing("E6", ",Sales,", ",Marketing,")).await;
        compared(&company).await;
        company.import(&company.feed_changing("E7", ",Sales,", ",Support,")).await;
        compared(&company).await;
        let whom = "computed before the record or the assignments of a person whom it concerns changed: run it again";
        assert_eq!(refusal(&simulation.id).await, whom);
        company.import(&company.feed).await;
        compared(&company).await;
        assert_eq!(apply(&company, &simulation.id).await.unwrap(), 1, "everybody is as they were");
    }

    async fn what_changes_for_nobody_is_told_of_nobody_and_leaves_evidence(company: Company) {
        with_platform(&company).await;
        let text = role("department == \"Platform\"") + "  description: Runs the platform\n";
        let simulation = simulate(&company, &text).await;
        assert_eq!((simulation.looked_at, simulation.lines), (40, 0));
        assert_eq!(simulation.counts, simulations::Counts::default());
        assert!(simulations::lines(&company.ctx, &simulation.id, 0, 10).await.unwrap().is_empty());
        assert_eq!(company.timeline(&simulation.id).await, ["simulation.computed"]);
        assert_eq!(apply(&company, &simulation.id).await.unwrap(), 1);
    }

    async fn a_circle_of_roles_and_a_broken_condition_are_told_with_line_and_column_and_leave_nothing(company: Company) {
        let size = company.log_size().await;
        let place = |fault: &Fault| (fault.line, fault.column);
        let broken = "kind: Role\nname: odd\nspec:\n  condition: 'principal.shoe_size == 44'\n";
        let planned = configuration::plan(&company.ctx, &file(broken), &Prune::No.into()).await.unwrap();
        assert_eq!((planned.faults.iter().map(place).collect::<Vec<_>>(), planned.simulation), (vec![(4, 3)], None));
        let told = &planned.faults[0].problem;
        assert!(told.contains("line 1, column") && told.contains("shoe_size"), "{told}");
        let circle = "kind: Role\nname: one\nspec: {given: true, includes: [two]}\n---\nkind: Role\nname: two\nspec:\n  given: true\n  includes: [one]\n";
        let planned = configuration::plan(&company.ctx, &file(circle), &Prune::No.into()).await.unwrap();
        assert!(planned.faults[0].problem.contains("circle") && planned.faults[0].line > 0, "{:?}", planned.faults);
        assert_eq!(planned.simulation, None);
        assert_eq!(company.log_size().await, size);
    }

    async fn another_order_of_sources_tells_whose_record_and_roles_come_out_otherwise(company: Company) {
        with_platform(&company).await;
        let source = |precedence_of: &str| {
            format!("kind: Source\nname: ad\nspec:\n  kind: csv\n  owner: bob@example.com\n  settings: {{authority: attributes{precedence_of}}}\n")
        };
        declare(&company, &source("")).await;
        // The directory knows two of them, and is right about one.
        let record = |key: &str, number: &str, department: &str| {
            let values = [("employee_id", number), ("department", department)];
            let attributes: BTreeMap<String, Asserted> =
                values.iter().map(|(name, value)| ((*name).to_owned(), Asserted::text(*value))).collect();
            Record { key: key.to_owned(), attributes, employment: None }
        };
        let records = vec![record("g1", "E1", "Support"), record("g2", "E2", "Platform")];
        let feed = Feed { records, extent: Extent::Whole, sha256: "1".into(), as_of: None };
        imports::take(&company.ctx, "ad", &feed, Mode::Apply).await.unwrap();
        compared(&company).await;
        let simulation = simulate(&company, &source(", precedence_of: {department: 1}")).await;
        let expected = [
            "Alice changes record department Platform > Support",
            "Alice loses account amoreau@corp",
            "Alice loses eligibility root@web-1",
            "Alice loses entitlement admins@corp with power",
            "Alice loses entitlement staff@corp",
            "Alice loses role platform",
            "Alice loses role sre-root",
        ];
        assert_eq!(told(&company, &simulation).await, expected);
        assert_eq!(because(&company, &simulation, "alice", "department").await, "the source `ad` says so");

        // The next feed does it.
        apply(&company, &simulation.id).await.unwrap();
        company.pass(60);
        imports::take(&company.ctx, "hr", &csv::read(company.feed.replace("E40,Person", "E40,P.").as_bytes(), &[]).unwrap(), Mode::Apply).await.unwrap();
        compared(&company).await;
        let alice = identities::get(&company.ctx, &company.id("alice").await).await.unwrap();
        assert_eq!(alice.department, "Support");
        assert!(sources::of_identity(&company.ctx, &alice.id).await.unwrap().0.is_some());
    }

    async fn another_mapping_tells_what_becomes_of_accounts(company: Company) {
        let mut corp = with_platform(&company).await;
        corp.add("blindqvist", BTreeMap::new());
        corp.read(&company).await;
        link(&company, "blindqvist", &company.id("bob").await).await;
        let mapping = |login: &str, more: &str| {
            format!("kind: Mapping\nname: corp\nspec:\n  login: '{login}'\n  creates: true\n  attributes: {{mail: '{{email}}'}}\n{more}")
        };
        let simulation = simulate(&company, &mapping("{family_name}", "")).await;
        let expected = [
            "Alice changes account department@corp",
            "Alice changes account login@corp amoreau > moreau",
            "Bob changes account department@corp",
            "Bob changes account login@corp blindqvist > lindqvist",
        ];
        assert_eq!(told(&company, &simulation).await, expected);

        // Of those who have left it is told where they have an account still.
        let last = states::New { reason: "stole the silver".into(), ..states::New::default() };
        for who in ["bob", "mallory"] {
            let (ada, who) = (company.acting("ada").await, company.id(who).await);
            states::order(&ada, &who, OrderKind::TerminatedForCause, last.clone()).await.unwrap();
        }
        company.pass(10 * 24 * 60 * 60);
        let text = mapping("{given_name:1}{family_name}", "  delete_after_days: 7\n").replace("attributes: {mail: '{email}'}", "attributes: {mail: '{email}', department: '{department}'}");
        let simulation = simulate(&company, &text).await;
        assert_eq!(told(&company, &simulation).await, ["Bob loses account account@corp"]);
    }

    async fn what_may_be_asked_for_is_told_with_its_terms_and_a_forbidden_pair_by_name(company: Company) {
        let text = "kind: Role\nname: sre-root\nspec:\n  when:\n    - {attribute: department, equals: Platform}\n  conflicts_with: [keeper]\n  makes_eligible:\n    - {system: web-1, login: root, max_minutes: 30, channels: [shell], max_sessions: 1}\n---\nkind: Role\nname: keeper\nspec:\n  when:\n    - {attribute: department, equals: Platform}\n  makes_eligible:\n    - {system: web-1, login: deploy, max_minutes: 10, channels: [shell], max_sessions: 1}\n";
        let simulation = simulate(&company, text).await;
        let told = told(&company, &simulation).await;
        let of_alice: Vec<&str> = told.iter().filter_map(|line| line.strip_prefix("Alice ")).collect();
        let terms = told.iter().find(|line| line.starts_with("Alice changes eligibility root@web-1 60 minutes")).unwrap();
        assert!(terms.ends_with("> 30 minutes, 1 sessions, shell"), "{terms}");
        assert_eq!(of_alice.len(), 4, "{of_alice:?}");
        for line in ["gains role keeper", "gains conflict sre-root and keeper", "gains eligibility deploy@web-1"] {
            assert!(of_alice.contains(&line), "{line}: {of_alice:?}");
        }
        assert_eq!((simulation.lines, simulation.counts.conflicts, simulation.counts.changed), (2, 2, 2));
    }

    async fn what_nobody_applies_is_forgotten_after_30_days_and_what_was_applied_stays(company: Company) {
        with_platform(&company).await;
        let applied = simulate(&company, &role("department == \"Support\"")).await;
        apply(&company, &applied.id).await.unwrap();
        // What a declared plan carried is forgotten with it.
        company.pass(24 * 60 * 60);
        let old = simulate(&company, &role("department == \"Platform\"")).await;
        company.pass(24 * 60 * 60);
        let newer = simulate(&company, &role("department == \"Sales\"")).await;
        company.pass(28 * 24 * 60 * 60);
        duties::run_once(&company.ctx).await.unwrap();
        company.pass(24 * 60 * 60 - 1);
        assert_eq!(duties::run_once(&company.ctx).await.unwrap().simulations_forgotten, 0);
        company.pass(1);
        assert_eq!(duties::run_once(&company.ctx).await.unwrap().simulations_forgotten, 1);
        assert_eq!(duties::run_once(&company.ctx).await.unwrap().simulations_forgotten, 0);
        let error = simulations::lines(&company.ctx, &old.id, 0, 9).await.unwrap_err();
        assert_eq!((error.code(), error.kind()), ("no_such_simulation", types::Kind::NotFound));
        assert_eq!(apply(&company, &old.id).await.unwrap_err().code(), "no_such_simulation");
        assert_eq!(company.timeline(&old.id).await, ["simulation.computed", "simulation.forgotten"]);
        for kept in [&applied.id, &newer.id] {
            assert!(!simulations::lines(&company.ctx, kept, 0, 9).await.unwrap().is_empty(), "{kept}");
        }
        for invariant in invariants::verify(&company.ctx, 2).await.unwrap() {
            assert_eq!(invariant.broken, Vec::<String>::new(), "{}", invariant.name);
        }
    }

    async fn a_plan_of_files_carries_it_and_is_applied_with_it_to_the_same_files_only(company: Company) {
        with_platform(&company).await;
        let wanted = role("department == \"Support\"");
        let id = simulate(&company, &wanted).await.id;
        let ada = company.acting("ada").await;
        let others = file(&role("department == \"Sales\""));
        let refused = simulations::apply_files(&ada, &id, &others, &Prune::No.into()).await.unwrap_err();
        assert_eq!(refused.code(), "simulation_of_other_files");
        let pruned = simulations::apply_files(&ada, &id, &file(&wanted), &Prune::Yes.into()).await.unwrap_err();
        assert_eq!(pruned.code(), "simulation_of_other_files");
        assert_eq!(simulations::apply_files(&ada, &id, &file(&wanted), &Prune::No.into()).await.unwrap().len(), 1);
        assert_eq!(company.timeline(&id).await, ["simulation.computed", "simulation.applied"]);
        assert_eq!(company.timeline(&"configuration").await.last().unwrap(), "simulation.applied");
        assert!(configuration::drift(&company.ctx).await.unwrap().unwrap().changes.is_empty());
    }
}

/// What somebody may ask for and is entitled to, told by the slices that decide it.
async fn holdings(company: &Company, people: &[IdentityId]) -> BTreeMap<(IdentityId, String), ()> {
    let mut all = BTreeMap::new();
    for id in people {
        for (Entitled { system, entitlement }, _) in assignments::entitled(&company.ctx, id).await.unwrap() {
            all.insert((id.clone(), format!("entitlement {entitlement}@{system}")), ());
        }
        for eligible in roles::eligibility(&company.ctx, id).await.unwrap() {
            all.insert((id.clone(), format!("eligibility {}@{}", eligible.login, eligible.system)), ());
        }
    }
    all
}

/// What a simulation says of the same.
async fn foreseen(company: &Company, id: &SimulationId) -> Vec<(IdentityId, Act, String)> {
    let mut all = Vec::new();
    for (_, line) in simulations::lines(&company.ctx, id, 0, 1_000).await.unwrap() {
        for effect in &line.effects {
            if matches!(effect.kind, Kind::Entitlement | Kind::Eligibility) && effect.act != Act::Changes {
                let system = effect.system.as_deref().unwrap_or_default();
                let name = format!("{} {}@{system}", effect.kind.as_str(), effect.name);
                all.push((line.identity.clone(), effect.act, name));
            }
        }
    }
    all.sort();
    all
}

/// Roles that include, forbid and grant at random, out of a fixed seed.
fn any_roles(seed: &mut u64) -> String {
    let mut next = |below: u64| {
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*seed >> 33) % below
    };
    const CONDITIONS: [&str; 6] = [
        "condition: 'principal.department == \"Platform\"'",
        "condition: 'principal.department == \"Sales\" && principal.employee_id like \"E1*\"'",
        "condition: 'principal.job_title like \"*Engineer\"'",
        "when: [{attribute: manager_id, equals: E3}]",
        "condition: 'principal.department == \"Support\" || principal.department == \"IT\"'",
        "given: true",
    ];
    let mut text = String::new();
    for number in 0..5 {
        let condition = CONDITIONS[next(6) as usize];
        let group = ["staff", "admins"][next(2) as usize];
        text.push_str(&format!("kind: Role\nname: r{number}\nspec:\n  {condition}\n"));
        if next(3) > 0 {
            text.push_str(&format!("  grants: [{{system: corp, entitlement: {group}}}]\n"));
        }
        if number > 0 && next(3) == 0 {
            text.push_str(&format!("  includes: [r{}]\n", next(number)));
        }
        if next(4) == 0 {
            text.push_str("  makes_eligible: [{system: web-1, login: deploy, max_minutes: 10}]\n");
        }
        text.push_str("---\n");
    }
    text
}

#[tokio::test]
async fn what_it_says_of_everybody_is_what_comes_of_it_over_declarations_at_random() {
    let company = Company::on_sqlite().await;
    Corp::mapped(&company, "ask").await;
    let (mut seed, mut seen) = (4711, 0);
    let given = |number: u32| format!("kind: Role\nname: r{number}\nspec: {{given: true}}\n---\n");
    declare(&company, &(0..5).map(given).collect::<String>()).await;
    let ada = company.acting("ada").await;
    for (who, role) in [("alice", "r1"), ("p8", "r1"), ("p9", "r2"), ("p12", "r4")] {
        let (what, reason) = (What::Role(role.into()), "helps out".to_owned());
        let new = New { identity: company.id(who).await, what, from: None, until: None, reason };
        assignments::give(&ada, new).await.unwrap();
    }
    let everybody =
        identities::list(&company.ctx, &identities::Filter { limit: 100, ..Default::default() }).await.unwrap();
    let people: Vec<IdentityId> = everybody.into_iter().map(|person| person.id).collect();
    for round in 0..4 {
        let text = any_roles(&mut seed);
        let before = holdings(&company, &people).await;
        let Some(simulation) = plan(&company, &text).await.simulation else { continue };
        apply(&company, &simulation.id).await.unwrap();
        compared(&company).await;
        let after = holdings(&company, &people).await;
        let lost = before.keys().filter(|key| !after.contains_key(key)).map(|key| (key, Act::Loses));
        let gained = after.keys().filter(|key| !before.contains_key(key)).map(|key| (key, Act::Gains));
        let mut really: Vec<(IdentityId, Act, String)> =
            lost.chain(gained).map(|((who, what), act)| (who.clone(), act, what.clone())).collect();
        really.sort();
        seen += really.len();
        assert_eq!(foreseen(&company, &simulation.id).await, really, "round {round}:\n{text}");
    }
    assert!(seen > 50, "too little happened to prove anything: {seen}");
}
