//! A company's first feed: everybody taken in, and what their roles give them computed, on embedded SQLite.

use crate::evidence::open_with;
use crate::idle::resident;
use crate::table::{Figure, Goal};
use connectors::hr_csv;
use db::jobs::Worker;
use governance::imports::{self, Mode, Outcome};
use governance::{assignments, duties, identities, roles, systems};
use ledger::Ctx;
use std::fmt::Write;
use std::path::Path;
use std::time::Instant;
use testbed::years::feed::{Columns, Feeds};
use testbed::years::roles::{ROLES, SYSTEMS};
use testbed::years::{Company, Date, Source, Story};

const SEED: u64 = 4711;
const SIZES: [usize; 2] = [10_000, 100_000];
const FIRST_DAY: &str = "2026-01-05";
/// The rest of a company comes from other sources.
const PERCENT_BY_HR: usize = 92;

struct Run {
    people: usize,
    assignments: u64,
    seconds: f64,
    resident: u64,
}

pub(crate) async fn measure() -> Vec<Figure> {
    let mut runs = Vec::new();
    for people in SIZES {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
        runs.push(import(folder.path(), people).await);
    }
    let told = |run: &Run| {
        format!(
            "{} people and {} assignments in {:.1} s: {:.0} people a second, {} MB resident afterwards",
            run.people,
            run.assignments,
            run.seconds,
            run.people as f64 / run.seconds,
            run.resident / 1_000_000
        )
    };
    let rate = runs.iter().map(|run| run.people as f64 / run.seconds).fold(f64::INFINITY, f64::min);
    vec![Figure {
        name: "first import with birthright computed, SQLite, evidence with fsync",
        measured: runs.iter().map(told).collect::<Vec<_>>().join("\n            "),
        beside: "nothing: Syncope publishes 7.4 people a second, Entra 100 objects a minute".to_owned(),
        goal: Some(Goal { text: "at least 2,000 people a second", is_met: rate >= 2_000.0 }),
    }]
}

async fn import(folder: &Path, people: usize) -> Run {
    let (ctx, people, seconds) = taken_in(folder, people).await;
    let filter = assignments::Filter { limit: u32::MAX, ..Default::default() };
    let assignments = assignments::list(&ctx, &filter).await.expect("assignments").len() as u64;
    assert!(assignments as usize > people, "everybody has what their roles give");
    ctx.db().close().await;
    Run { people, assignments, seconds, resident: resident(std::process::id()) }
}

/// A company with its systems and roles, how many people it has, and the seconds that its first feed took.
pub(crate) async fn taken_in(folder: &Path, people: usize) -> (Ctx, usize, f64) {
    let (ctx, feed, owner) = founded(folder, people).await;
    declare(&ctx, &owner).await;
    let begun = Instant::now();
    let people = take_in(&ctx, &feed).await;
    (ctx, people, begun.elapsed().as_secs_f64())
}

/// A company of one person, who is the first in the feed of everybody, with the mail address of that person.
pub(crate) async fn founded(folder: &Path, people: usize) -> (Ctx, String, String) {
    let ctx = open_with(folder, &tenure::server::migrations()).await;
    let story = Story {
        company: Company::generate(SEED, people * 100 / PERCENT_BY_HR, Date::parse(FIRST_DAY)),
        days: Vec::new(),
    };
    let feed = Feeds::new(&story, Columns::Ten).first(Source::Hr);
    let (header, rest) = feed.split_once('\n').expect("a header");
    let first = rest.lines().next().expect("a first person");
    let alone = hr_csv::read(format!("{header}\n{first}\n#end,1\n").as_bytes()).expect("a feed");
    let owner = alone.records[0].email.clone();
    imports::apply(&ctx, &alone, Mode::Apply).await.expect("an import");
    work(&ctx).await;
    identities::by_email(&ctx, &owner).await.expect("the owner");
    (ctx, feed, owner)
}

/// Returns how many people the feed has.
pub(crate) async fn take_in(ctx: &Ctx, feed: &str) -> usize {
    let feed = hr_csv::read(feed.as_bytes()).expect("a feed");
    let run = imports::apply(ctx, &feed, Mode::Apply).await.expect("an import");
    assert!(matches!(run.outcome, Outcome::Applied(_)), "the import is applied");
    work(ctx).await;
    feed.records.len()
}

/// One person owns every system.
async fn declare(ctx: &Ctx, owner: &str) {
    let (mut all, mut declared) = (String::new(), String::new());
    for system in SYSTEMS {
        writeln!(all, "[[system]]\nname = \"{system}\"\nowner = \"{owner}\"\nlogins = []").expect("text");
    }
    for role in ROLES.iter().filter(|role| role.kind.is_none()) {
        let grants = role
            .grants
            .iter()
            .map(|grant| format!("{{ system = \"{}\", entitlement = \"{}\" }}", grant.system, grant.entitlement));
        let grants = grants.collect::<Vec<_>>().join(", ");
        let condition = role.condition();
        writeln!(declared, "[[role]]\nname = \"{}\"\ncondition = '{condition}'\ngrants = [{grants}]", role.name)
            .expect("text");
    }
    let all: systems::File = toml::from_str(&all).expect("systems");
    systems::declare(ctx, &all.system).await.expect("systems");
    let declared: roles::File = toml::from_str(&declared).expect("roles");
    roles::declare(ctx, &declared.role).await.expect("roles");
    work(ctx).await;
}

pub(crate) async fn work(ctx: &Ctx) {
    let worker = Worker::new(ctx.db().clone(), ctx.clock().clone(), ctx.chance(), |job| async move {
        panic!("a job died: {job:?}");
    });
    duties::handlers(worker, ctx).run_due().await.expect("the jobs that are due");
}
