//! A company carried through its days on seven real systems, as large and as long as is asked for: `cargo xtask years`.

use testbed::estate::{Term, carry_through};

/// Those of two years of a company of five thousand.
const WHOLE: Term = Term { seed: 5_000, people: 5_000, days: 730 };

#[tokio::main]
async fn main() {
    let arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let numbers: Result<Vec<usize>, _> = arguments.map(|argument| argument.parse()).collect();
    let term = match numbers.as_deref() {
        Ok([]) => WHOLE,
        Ok([people, days]) => Term { people: *people, days: *days, ..WHOLE },
        _ => {
            eprintln!("usage: cargo xtask years [PEOPLE DAYS]");
            std::process::exit(2);
        }
    };
    let total = carry_through(term, |line| println!("{line}")).await;
    println!("after every day all systems were as they should be: {total}");
}
