//! Random events of the lifecycle against a naive model: people come, move, leave and come back by two sources, persons
//! order, give and declare, systems are changed by hand, are away and lose answers, time passes by minutes and by weeks, and
//! the process may stop wherever it waits. Now and then everything comes to rest: then what should be by the model, what was
//! observed and what is there are the same. `TENURE_STEPS` makes it longer, and `TENURE_SEED` repeats one.

mod hr;
mod judge;
mod model;
mod place;
mod process;
mod steps;
mod world;

use crate::company::Company;
use db::fixture;
use types::Chance;
use world::World;

/// In a company; then another one begins, so that a failure has a short history.
const STEPS: u64 = 200;
/// Of what runs with every change; a longer run draws its own.
const SEED: u64 = 500;
const RESTS_EVERY: u64 = 40;
const SHOWN: usize = 60;

#[derive(Default)]
struct Counts {
    events: u64,
    crashes: usize,
    confirmed: usize,
    entries: u64,
}

fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{variable}: `{text}` is not a number")))
}

async fn company(empty: Company, seed: u64, steps: u64, counts: &mut Counts) {
    let mut world = Box::pin(World::new(empty, seed)).await;
    for step in 1..=steps {
        let mut told = match Box::pin(world.step()).await {
            Ok(did) => {
                world.trail.push(format!("{step:>4} {} {did}", world.now()));
                Ok(())
            }
            Err(wrong) => Err(wrong),
        };
        if told.is_ok() {
            told = world.grants_are_of_who_works().await;
        }
        if told.is_ok() && (step % RESTS_EVERY == 0 || step == steps) {
            told = Box::pin(world.rest()).await;
            if told.is_ok() {
                told = Box::pin(world.judge()).await;
            }
            world.trail.push(format!("{step:>4} {} comes to rest", world.now()));
        }
        if let Err(wrong) = told {
            let last = world.trail.split_off(world.trail.len().saturating_sub(SHOWN)).join("\n");
            panic!("TENURE_SEED={seed}, step {step}: {wrong}\nthe last steps:\n{last}");
        }
    }
    counts.events += steps;
    counts.crashes += world.process.crashes;
    counts.confirmed += world.confirmed;
    counts.entries += world.process.company.log_size().await;
}

async fn agree(engine: &str, steps: u64) {
    let drawn = || u64::from_be_bytes(Chance::system().bytes()) / 2;
    let is_long = number("TENURE_STEPS").is_some();
    let first = number("TENURE_SEED").unwrap_or_else(|| if is_long { drawn() } else { SEED });
    let mut counts = Counts::default();
    while counts.events < steps {
        let seed = first + counts.events / STEPS;
        let fixture = match engine {
            "sqlite" => fixture::sqlite(&crate::company::migrations()).await,
            _ => fixture::postgres(&crate::company::migrations()).await,
        };
        company(Company::empty(fixture).await, seed, STEPS.min(steps - counts.events), &mut counts).await;
    }
    let Counts { events, crashes, confirmed, entries } = counts;
    println!(
        "{engine}, TENURE_SEED={first}: {events} events, {crashes} crashes, {confirmed} confirmations, {entries} entries, \
         0 disagreements"
    );
}

#[tokio::test]
async fn random_events_and_crashes_agree_with_a_naive_model_on_sqlite() {
    agree("sqlite", number("TENURE_STEPS").unwrap_or(400)).await;
}

#[tokio::test]
async fn random_events_and_crashes_agree_with_a_naive_model_on_postgresql() {
    agree("postgresql", number("TENURE_STEPS").map_or(200, |steps| steps / 5)).await;
}
