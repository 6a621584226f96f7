//! `cargo xtask test`: everything that must hold before a change lands, ended by one line of counts.
//! A skipped test is a failure: what cannot run here was not tested.

use std::ops::AddAssign;
use std::process::{Command, ExitCode};
use std::thread;

use anyhow::Result;
use peers::postgres::{Durability, SHARED_URL, Server};

use crate::stage::{Heard, Stream, listen, show, stage};
use crate::{repository, setup};

pub(crate) fn run() -> ExitCode {
    let counts = match stage("setup", setup::for_build) {
        Ok(()) => run_all(),
        Err(error) => failure(&error),
    };
    println!("{}", counts.line());
    if counts.failed == 0 && counts.skipped == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn run_all() -> Counts {
    // Compiling and installing peers need nothing of one another: a new machine waits for the slower one only.
    let (mut counts, set_up) = thread::scope(|scope| {
        let installing = scope.spawn(|| stage("setup of the peers", setup::for_tests));
        (check_all(), installing.join().expect("setting up does not panic"))
    });
    counts += match set_up {
        Ok(()) => tests("tests", || {
            let postgres = Server::start_with(Durability::Fast)?;
            // A test waits for its peers during a third of its time.
            let at_once = thread::available_parallelism().map_or(1, |cores| cores.get() * 3 / 2);
            let mut nextest = cargo(&["nextest", "run", "--workspace", "--no-fail-fast", "--color=never"]);
            nextest.arg(format!("--test-threads={at_once}")).env(SHARED_URL, postgres.url());
            listen(&mut nextest, Stream::Stderr)
        }),
        Err(error) => failure(&error),
    };
    counts
}

/// Everything that no peer is needed for. The tests are compiled at the end.
fn check_all() -> Counts {
    let mut counts = check("format", || show(&mut cargo(&["fmt", "--all", "--check"])));
    // The binary carries the console, so the console comes first.
    if repository().join("console/package.json").exists() {
        counts += check("console build", || show(&mut npm(&["run", "build"])));
        counts += tests("console tests", || listen(&mut npm(&["test"]), Stream::Stdout));
    }
    let clippy = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
    counts += check("clippy", || show(&mut cargo(&clippy)));
    counts += check("compiling the tests", || show(&mut cargo(&["test", "--workspace", "--no-run", "--quiet"])));
    counts
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    passed: u64,
    failed: u64,
    skipped: u64,
}

impl Counts {
    fn line(self) -> String {
        let mut line = format!("{} passed, {} failed", self.passed, self.failed);
        if self.skipped > 0 {
            line.push_str(&format!(", {} skipped", self.skipped));
        }
        line
    }

    /// Reads the summary of nextest or vitest: numbers, each followed by what it counts.
    fn of_summary(line: &str) -> Counts {
        let words: Vec<&str> = line.split_whitespace().collect();
        let mut counts = Counts::default();
        for pair in words.windows(2) {
            let Ok(number) = pair[0].parse::<u64>() else { continue };
            match pair[1].trim_end_matches([',', ';']) {
                "passed" => counts.passed += number,
                // nextest: "1 timed out", "1 exec failed"
                "failed" | "timed" | "exec" => counts.failed += number,
                "skipped" | "todo" => counts.skipped += number,
                _ => {}
            }
        }
        counts
    }

    /// Counts of a finished run; one that failed without a failed test counts as one failure.
    fn of_run(heard: &Heard) -> Counts {
        let is_summary = |line: &&String| {
            let line = line.trim_start();
            line.starts_with("Summary [") || line.starts_with("Tests  ")
        };
        let mut counts = Counts::default();
        for line in heard.lines.iter().filter(is_summary) {
            counts += Counts::of_summary(line);
        }
        if counts.failed == 0 && (!heard.succeeded || counts.passed == 0) {
            counts.failed = 1;
        }
        counts
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, more: Counts) {
        self.passed += more.passed;
        self.failed += more.failed;
        self.skipped += more.skipped;
    }
}

/// A stage without tests of its own: it counts only when it fails.
fn check(name: &str, work: impl FnOnce() -> Result<()>) -> Counts {
    stage(name, work).map_or_else(|error| failure(&error), |()| Counts::default())
}

fn tests(name: &str, run: impl FnOnce() -> Result<Heard>) -> Counts {
    stage(name, run).map_or_else(|error| failure(&error), |heard| Counts::of_run(&heard))
}

fn failure(error: &anyhow::Error) -> Counts {
    eprintln!("error: {error:#}");
    Counts { failed: 1, ..Counts::default() }
}

fn cargo(arguments: &[&str]) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.args(arguments).current_dir(repository());
    cargo
}

fn npm(arguments: &[&str]) -> Command {
    let mut npm = Command::new("npm");
    npm.args(arguments).current_dir(repository().join("console")).env("NO_COLOR", "1");
    npm
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_read_from_the_summaries_of_both_runners() {
        let rows = [
            ("     Summary [   3.0s] 15 tests run: 15 passed, 0 skipped", (15, 0, 0)),
            ("     Summary [   3.0s] 15 tests run: 13 passed (1 slow, 2 leaky), 2 failed, 4 skipped", (13, 2, 4)),
            (
                "     Summary [   3.0s] 9 tests run: 6 passed, 1 failed, 1 exec failed, 1 timed out, 0 skipped",
                (6, 3, 0),
            ),
            ("      Tests  7 passed (7)", (7, 0, 0)),
            ("      Tests  1 failed | 6 passed | 2 skipped (9)", (6, 1, 2)),
        ];
        for (line, (passed, failed, skipped)) in rows {
            assert_eq!(Counts::of_summary(line), Counts { passed, failed, skipped }, "{line}");
        }
    }

    #[test]
    fn a_run_that_tested_nothing_or_broke_off_is_a_failure() {
        let run = |lines: &[&str], succeeded| {
            Counts::of_run(&Heard { lines: lines.iter().map(ToString::to_string).collect(), succeeded })
        };
        assert_eq!(run(&["error: could not compile"], false).failed, 1);
        assert_eq!(run(&[], true).failed, 1);
        assert_eq!(run(&[" Summary [ 1s] 2 tests run: 2 passed, 0 skipped"], false).failed, 1);
        assert_eq!(run(&[" Summary [ 1s] 2 tests run: 2 passed, 0 skipped"], true).failed, 0);
    }

    #[test]
    fn skipped_is_named_only_where_something_was_skipped() {
        assert_eq!(Counts { passed: 3, failed: 0, skipped: 0 }.line(), "3 passed, 0 failed");
        assert_eq!(Counts { passed: 3, failed: 1, skipped: 2 }.line(), "3 passed, 1 failed, 2 skipped");
    }
}
