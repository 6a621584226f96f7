//! The project's chores: `cargo xtask setup`, `cargo xtask test` and others. One file for each.
//! Nothing of this ships, and no chore knows a noun of the product.

mod bench;
mod debian_host;
mod directory_host;
mod docs;
mod setup;
mod stage;
mod test;
mod years;

use std::env;
use std::path::Path;
use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask setup    install what the tests need
       cargo xtask test     set up, check the style, run every test, print the counts
       cargo xtask bench    measure the promised figures; names measure some of them only
       cargo xtask years    a company of 5,000 through two years on seven systems; PEOPLE DAYS for less
       cargo xtask docs     write the generated documents again";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["setup"] => finish(setup::run()),
        ["docs"] => finish(docs::run()),
        ["bench", figures @ ..] => finish(bench::run(figures)),
        ["years", numbers @ ..] => finish(years::run(numbers)),
        ["test"] => test::run(),
        _ => {
            eprintln!("{USAGE}");
            ExitCode::from(2)
        }
    }
}

fn finish(done: anyhow::Result<()>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn repository() -> &'static Path {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().and_then(Path::parent);
    crates.expect("this crate lives two folders below the repository")
}
