//! Random steps of conversions against a system that obeys, refuses, is away and loses answers, and against one sentence:
//! whoever is at work has the privilege or may ask for it, and in the end exactly one of both.

use crate::company::{Company, on_both_engines};
use crate::conversions::{all_holds, convert, look, may_ask, ready};
use crate::dice::Dice;
use crate::estate::Corp;
use governance::conversions::{self, Breakers, Conversion, Filter};
use provisioning::fulfil;
use provisioning::machine::Answer;
use std::collections::BTreeSet;
use types::{Failure, Kind};

const WHO: [&str; 2] = ["alice", "bob"];
const SEEDS: [u64; 2] = [1, 20_261_121];
const STEPS: usize = 30;

struct Case<'a> {
    company: &'a Company,
    corp: Corp,
    protected: BTreeSet<&'static str>,
    /// What was done so far, to be told when something breaks.
    trail: Vec<String>,
}

impl Case<'_> {
    async fn step(&mut self, dice: &mut Dice) {
        let name = WHO[usize::try_from(dice.roll(2)).unwrap()];
        let company = self.company;
        let told = match dice.roll(10) {
            0 | 1 => outcome("convert", name, convert(company, name).await.map(|_| ())),
            2 => self.undo(name).await,
            3 => format!("obey: {}", self.corp.obey(company).await),
            4 => self.refuse().await,
            5 => {
                let carried_out = dice.roll(2) == 1;
                self.corp.lose(company, carried_out).await;
                format!("lose, carried out: {carried_out}")
            }
            6 => {
                self.corp.look(company, name).await;
                format!("look at {name}")
            }
            7 => {
                let on = !self.protected.contains(name);
                self.protect(name, on).await;
                format!("protect {name}: {on}")
            }
            _ => {
                let seconds = if dice.roll(4) == 0 { 4_000 } else { 400 };
                company.pass(seconds);
                format!("pass {seconds} s")
            }
        };
        self.trail.push(told);
        look(company).await;
        for name in WHO {
            assert!(self.has(name) || may_ask(company, name).await, "{name} has neither\n{}", self.trail.join("\n"));
        }
    }

    async fn protect(&mut self, name: &'static str, on: bool) {
        self.corp.protect(self.company, name, on).await;
        match on {
            true => self.protected.insert(name),
            false => self.protected.remove(name),
        };
    }

    fn has(&self, name: &str) -> bool {
        self.corp.groups_of(name).contains(&"admins")
    }

    async fn newest(&self, name: &str) -> Option<Conversion> {
        let identity = Some(self.company.id(name).await);
        let filter = Filter { identity, limit: 1, ..Filter::default() };
        conversions::list(&self.company.ctx, &filter).await.unwrap().into_iter().next()
    }

    async fn undo(&self, name: &str) -> String {
        let Some(newest) = self.newest(name).await else { return format!("nothing of {name} to undo") };
        let ada = self.company.acting("ada").await;
        let undone = conversions::undo(&ada, &newest.id, "they need it after all", Breakers::Hold).await;
        outcome("undo", name, undone.map(|_| ()))
    }

    async fn refuse(&self) -> String {
        let tasks = fulfil::take(&self.company.ctx, "corp", 100).await.unwrap();
        let told = format!("refuse: {}", tasks.len());
        let answered = tasks.into_iter().map(|task| (task.order, Answer::Never("permission denied".into())));
        fulfil::answered(&self.company.ctx, answered.collect()).await.unwrap();
        told
    }

    /// The system is back and does what it is told; what it refused, a person asks for once more.
    async fn comes_to_rest(&mut self) {
        for name in self.protected.clone() {
            self.protect(name, false).await;
        }
        for _ in 0..8 {
            self.company.pass(400);
            for name in WHO {
                self.corp.look(self.company, name).await;
            }
            self.corp.obey(self.company).await;
            look(self.company).await;
            for name in WHO {
                if self.newest(name).await.is_some_and(|newest| newest.state.as_str() == "restoring") {
                    let told = self.undo(name).await;
                    self.trail.push(told);
                }
            }
        }
        for name in WHO {
            let newest = self.newest(name).await;
            let state = newest.as_ref().map_or("undone", |newest| newest.state.as_str());
            let expected = match state {
                "done" => (false, true),
                "undone" => (true, false),
                other => panic!("{name} is still {other}\n{}", self.trail.join("\n")),
            };
            let found = (self.has(name), may_ask(self.company, name).await);
            assert_eq!(found, expected, "{name} is {state}\n{}", self.trail.join("\n"));
        }
    }
}

/// A refusal is an answer; a fault is not.
fn outcome(act: &str, name: &str, result: Result<(), conversions::ConversionError>) -> String {
    match result {
        Ok(()) => format!("{act} {name}"),
        Err(refused) => {
            assert!(!matches!(refused.kind(), Kind::Internal | Kind::Unavailable), "{act} {name}: {refused}");
            format!("{act} {name}: {}", refused.code())
        }
    }
}

on_both_engines! {
    async fn whatever_happens_everybody_has_it_or_may_ask_for_it_and_in_the_end_one_of_both(company: Company) {
        let corp = ready(&company).await;
        let mut case = Case { company: &company, corp, protected: BTreeSet::new(), trail: Vec::new() };
        for seed in SEEDS {
            case.trail = vec![format!("seed {seed}")];
            let mut dice = Dice(seed);
            for _ in 0..STEPS {
                case.step(&mut dice).await;
            }
            case.comes_to_rest().await;
        }
        all_holds(&company).await;
    }
}
