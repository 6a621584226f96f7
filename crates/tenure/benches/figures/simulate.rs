//! One changed rule simulated over everybody: who would gain and lose what on every system, kept with its evidence.

use crate::first_import::taken_in;
use crate::idle::resident;
use crate::table::{Figure, Goal};
use connectors::connector::{Entitlement, EntitlementKind, NativeId, Part};
use governance::configuration::{self, File, Prune};
use governance::mappings::{self, Declaration};
use ledger::Ctx;
use provisioning::observe::{Reading, Scope};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;
use testbed::years::roles::{ROLES, SYSTEMS};

const SIZES: [usize; 2] = [10_000, 100_000];
const ROLE: &str = "platform";

struct Run {
    people: u64,
    concerned: u64,
    seconds: f64,
    resident: u64,
}

pub(crate) async fn measure() -> Vec<Figure> {
    let mut runs = Vec::new();
    for people in SIZES {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
        runs.push(simulate(folder.path(), people).await);
    }
    let told = |run: &Run| {
        format!(
            "{} people, something would change for {} of them: {:.1} s, {} MB resident",
            run.people,
            run.concerned,
            run.seconds,
            run.resident / 1_000_000
        )
    };
    let largest = runs.last().expect("a run");
    vec![Figure {
        name: "one changed rule simulated, seven systems mapped, SQLite, evidence with fsync",
        measured: runs.iter().map(told).collect::<Vec<_>>().join("\n            "),
        beside: "nothing".to_owned(),
        goal: Some(Goal { text: "100,000 people in under 5 s", is_met: largest.seconds < 5.0 }),
    }]
}

async fn simulate(folder: &Path, people: usize) -> Run {
    let (ctx, _, _) = taken_in(folder, people).await;
    for system in SYSTEMS {
        read(&ctx, system).await;
    }
    map(&ctx).await;
    let files = [File { name: "role.yaml".to_owned(), text: changed() }];
    let begun = Instant::now();
    let plan = configuration::plan(&ctx, &files, &Prune::No.into()).await.expect("a plan");
    let seconds = begun.elapsed().as_secs_f64();
    let simulation = plan.simulation.expect("a simulation");
    assert!(simulation.lines > 0 && simulation.counts.gained.accounts > 0, "the rule concerns somebody");
    ctx.db().close().await;
    Run { people: simulation.looked_at, concerned: simulation.lines, seconds, resident: resident(std::process::id()) }
}

/// The role is for another department, too.
fn changed() -> String {
    let role = ROLES.iter().find(|role| role.name == ROLE).expect("the role");
    let grant = |grant: &testbed::years::roles::Grant| {
        format!("    - {{system: {}, entitlement: {}}}\n", grant.system, grant.entitlement)
    };
    let grants: String = role.grants.iter().map(grant).collect();
    let condition = format!("{} || principal.department == \"Sales\"", role.condition());
    format!("kind: Role\nname: {ROLE}\nspec:\n  condition: '{condition}'\n  grants:\n{grants}")
}

async fn read(ctx: &Ctx, system: &str) {
    let grants = ROLES.iter().flat_map(|role| role.grants).filter(|grant| grant.system == system);
    let names: BTreeMap<&str, bool> = grants.map(|grant| (grant.entitlement, grant.privileged)).collect();
    let entitlement = |(name, privileged): (&str, bool)| Entitlement {
        id: NativeId(name.to_owned()),
        kind: EntitlementKind::Group,
        name: name.to_owned(),
        privileged: privileged.then(|| "administers".to_owned()),
    };
    let entitlements = names.into_iter().map(entitlement).collect();
    let mut reading = Reading::begin(ctx, system, "csv", Scope::Whole).await.expect("a reading");
    reading.page(ctx, &Part { entitlements, ..Part::default() }).await.expect("a page");
    reading.end(ctx, None).await.expect("its end");
}

async fn map(ctx: &Ctx) {
    let declaration = |system: &str| Declaration {
        system: system.to_owned(),
        login: "{given_name:1}{family_name}".to_owned(),
        attributes: [("mail".to_owned(), "{email}".to_owned())].into(),
        compares: Default::default(),
        authoritative: Default::default(),
        creates: true,
        renames: false,
        drift: mappings::DriftPolicy::Ask,
        delete_after_days: None,
    };
    let all: Vec<Declaration> = SYSTEMS.into_iter().map(declaration).collect();
    mappings::declare(ctx, &all, None).await.expect("mappings");
}
