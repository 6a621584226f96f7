//! What every refusal is: a problem with a stable code and one line that helps, and nothing in the ledger but refusals.

use crate::world::World;
use ledger::timeline;
use testbed::Answer;

/// How large a message may be.
const LONGEST: usize = 2000;
/// Bytes of an entry that tells of a refusal.
const LONGEST_ENTRY: usize = 4 << 10;

/// What is not as it should be, so that one run tells all of it.
#[derive(Default)]
pub(crate) struct Report(Vec<String>);

impl Report {
    pub(crate) fn expect(&mut self, holds: bool, problem: impl FnOnce() -> String) {
        if !holds {
            self.0.push(problem().chars().take(400).collect());
        }
    }

    pub(crate) fn must_be_empty(self) {
        assert!(self.0.is_empty(), "{} problems:\n{}", self.0.len(), self.0.join("\n"));
    }

    /// Whether an answer is a success, or a refusal as it should be.
    pub(crate) fn check(&mut self, answer: &Answer, what: &str) {
        self.expect(answer.status < 500, || format!("{what}: {}", answer.text));
        if answer.status < 400 {
            return;
        }
        if what.contains(" /scim/") {
            return self.check_scim(answer, what);
        }
        let [detail, code] = ["detail", "code"].map(|key| answer.json[key].as_str().unwrap_or_default());
        let word = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        let is_problem = answer.json["status"] == answer.status && !code.is_empty() && code.bytes().all(word);
        self.expect(is_problem, || format!("{what}: no problem: {}", answer.text));
        self.expect(is_line(detail), || format!("{what}: no line of help: {detail:?}"));
    }

    /// RFC 7644, section 3.12.
    fn check_scim(&mut self, answer: &Answer, what: &str) {
        let is_error = answer.json["schemas"] == serde_json::json!(["urn:ietf:params:scim:api:messages:2.0:Error"])
            && answer.json["status"].as_str() == Some(&answer.status.to_string());
        self.expect(is_error, || format!("{what}: no error of SCIM: {}", answer.text));
        let detail = answer.json["detail"].as_str().unwrap_or_default();
        self.expect(is_line(detail), || format!("{what}: no line of help: {detail:?}"));
    }

    /// Whether nothing that somebody did and that was not refused is in the ledger since an entry.
    pub(crate) async fn nothing_done(&mut self, world: &World, size: u64, what: &str) {
        let entries = timeline::raw(world.bed.ctx(), size, 1000).await.unwrap();
        let large = entries.iter().find(|entry| entry.bytes.len() > LONGEST_ENTRY);
        self.expect(large.is_none(), || format!("{what}: {} bytes for good in the log", large.unwrap().bytes.len()));
        let of_people = entries.into_iter().filter(|entry| !entry.actor.starts_with("duty:"));
        let acts: Vec<_> = of_people.map(|entry| entry.kind).filter(|kind| !kind.ends_with("refused")).collect();
        self.expect(acts.is_empty(), || format!("{what}: was refused and left {acts:?}"));
    }
}

fn is_line(detail: &str) -> bool {
    (12..LONGEST).contains(&detail.len()) && !detail.chars().any(|c| c.is_control() || c == '\u{202e}')
}

pub(crate) async fn size(world: &World) -> u64 {
    world.bed.ctx().ledger().size().await.unwrap()
}
