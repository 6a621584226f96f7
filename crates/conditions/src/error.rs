//! What is wrong with a condition, where, and what to do. Turns what Cedar says of its policies into that.

use miette::Diagnostic;

/// One fault in the text of a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConditionError {
    /// From 1.
    pub line: u32,
    /// In characters, from 1.
    pub column: u32,
    pub problem: String,
    pub remedy: String,
}

impl std::fmt::Display for ConditionError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}, column {}: {}: {}", self.line, self.column, self.problem, self.remedy)
    }
}

impl std::error::Error for ConditionError {}

/// The text of a condition, and how many bytes of a policy stand before it.
pub(crate) struct Place<'a> {
    pub(crate) text: &'a str,
    pub(crate) before: usize,
}

impl Place<'_> {
    /// `remedy` stands in where the diagnostic has none.
    pub(crate) fn error(&self, found: &dyn Diagnostic, remedy: &str) -> ConditionError {
        let problem = found.to_string();
        let problem = problem.strip_prefix(PREFIX).unwrap_or(&problem).to_owned();
        let help = found.help().map(|help| help.to_string());
        let help = help.map(|help| help.strip_prefix(PREFIX).unwrap_or(&help).replace("`e has ", "`principal has "));
        let label = found.labels().and_then(|mut labels| labels.next());
        let offset = label.map_or(0, |label| label.offset().saturating_sub(self.before));
        self.at(offset, problem, help.unwrap_or_else(|| remedy.to_owned()))
    }

    /// A fault at a byte of the text.
    pub(crate) fn at(&self, offset: usize, problem: String, remedy: String) -> ConditionError {
        let until = (0..=offset.min(self.text.len())).rev().find(|at| self.text.is_char_boundary(*at)).unwrap_or(0);
        let before = &self.text[..until];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        ConditionError { line: number(line), column: number(column), problem, remedy }
    }
}

/// How Cedar opens a message about the only policy it was given.
const PREFIX: &str = "for policy `condition`, ";

pub(crate) const POLICY: &str = "condition";
