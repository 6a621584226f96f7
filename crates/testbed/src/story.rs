//! What the ledger tells of a testbed, as text that a journey compares.

use crate::{Person, Testbed};
use ledger::timeline;

impl Testbed {
    /// What the ledger says about an id: one line for each entry, `kind by whom`. What runs by itself is `tenure`.
    pub async fn timeline(&self, subject: &str) -> Vec<String> {
        self.timeline_with(subject, &[]).await
    }

    /// The same with some facts of each entry behind it, where it has them.
    pub async fn timeline_with(&self, subject: &str, facts: &[&str]) -> Vec<String> {
        let lines = timeline::about(self.ctx(), &subject).await.expect("a timeline");
        let told = |line: timeline::Line| {
            let facts = facts.iter().filter_map(|fact| line.body.get(*fact)?.as_str());
            let start = format!("{} by {}", line.kind, self.name_of(&line.actor));
            std::iter::once(start.as_str()).chain(facts).collect::<Vec<_>>().join(" ")
        };
        lines.into_iter().map(told).collect()
    }

    /// What somebody was refused, each with its channel and why.
    pub async fn refusals_of(&self, person: &Person) -> Vec<String> {
        let told = self.timeline_with(person.id.as_str(), &["channel", "code"]).await;
        told.into_iter().filter(|line| line.starts_with("permit.refused")).collect()
    }

    fn name_of(&self, actor: &str) -> String {
        let people = [&self.alice, &self.bob, &self.carol, &self.admin, &self.mallory];
        let known = people.into_iter().find(|person| person.id.as_str() == actor);
        let by_itself = actor.starts_with("duty:").then_some("tenure");
        known.map_or_else(|| by_itself.unwrap_or(actor).to_owned(), |person| person.name.to_owned())
    }

    /// Every invariant of the ledger and both planes, derived again: the lines that are broken.
    pub async fn broken_invariants(&self) -> Vec<String> {
        let answer = self.get(&self.carol, "/api/v1/invariants").await;
        let problems = answer.json["problems"].as_array().cloned().expect("a list of problems");
        problems.into_iter().map(|problem| problem.to_string()).collect()
    }
}
