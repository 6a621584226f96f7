//! A naive model judges the real use cases under random steps, on both engines, with a clock that only the steps move:
//! no byte flows past the stated bound, nobody is let in or kept out wrongly, and every invariant holds all the way.
//! `TENURE_MODEL_STEPS` and `TENURE_MODEL_SEED` choose how long and which; a failure prints its seed and last steps.

mod facts;
mod host;
mod judge;
mod rules;
mod seen;
mod steps;
mod world;

use judge::{Disagreement, Report, run};
use types::Chance;
use world::{Engine, Fault};

const STEPS: usize = 5_000;
const STEPS_OF_A_COMPANY: usize = 500;

fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{variable}: `{text}` is not a number")))
}

fn seed() -> u64 {
    number("TENURE_MODEL_SEED").unwrap_or_else(|| u64::from_be_bytes(Chance::system().bytes()))
}

fn steps() -> usize {
    number("TENURE_MODEL_STEPS").map_or(STEPS, |steps| usize::try_from(steps).expect("a number of steps"))
}

/// Several companies one after another, so that a failure has a short history.
async fn must_agree(engine: Engine, steps: usize) {
    let (first, mut total) = (seed(), Report::default());
    for company in 0..steps.div_ceil(STEPS_OF_A_COMPANY) {
        let seed = first.wrapping_add(company as u64);
        match run(engine, seed, STEPS_OF_A_COMPANY.min(steps - total.steps), Fault::None).await {
            Ok(report) => total.add(&report),
            Err(disagreement) => panic!("{engine:?}, TENURE_MODEL_SEED={seed}: {disagreement}"),
        }
    }
    println!("{engine:?}, seeds from {first}: {total}");
    let Report { sessions, cut, crashes, .. } = total;
    let meets_enough = sessions > steps / 20 && cut > steps / 50 && crashes > steps / 100;
    assert!(meets_enough || steps < STEPS_OF_A_COMPANY, "the steps meet too little: {total}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thousands_of_random_steps_agree_with_a_naive_model_on_sqlite() {
    must_agree(Engine::Sqlite, steps()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn random_steps_agree_with_a_naive_model_on_postgresql() {
    must_agree(Engine::Postgres, steps() / 5).await;
}

/// What the judge says about a product with this fault.
async fn found(fault: Fault) -> Disagreement {
    let seed = seed();
    match run(Engine::Sqlite, seed, 2000, fault).await {
        Ok(report) => panic!("seed {seed}: {fault:?} was not found in 2000 steps: {report}"),
        Err(disagreement) => disagreement,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_model_finds_each_planted_fault() {
    for (fault, words) in [
        (Fault::ExpiryIgnored, "after the end of its grant"),
        (Fault::OrdersIgnored, "still passes bytes"),
        (Fault::NotRecovered, "live sessions"),
    ] {
        let disagreement = found(fault).await;
        assert!(disagreement.what.contains(words), "{fault:?}: {disagreement}");
    }
}
