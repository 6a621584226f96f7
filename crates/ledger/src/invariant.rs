//! One rule that must hold at every moment, with what was found when it was derived again. The rules themselves belong
//! to the crates that keep them.

/// How many rows of what has no end, such as entries, grants and recordings, a check of everything holds in memory at
/// once. What is live, open or not yet gone is held whole, and of imports their ids.
pub const ROWS_AT_ONCE: u32 = 500;

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Invariant {
    pub name: &'static str,
    /// How many things it was checked on.
    pub checked: u64,
    /// One line for each thing that breaks it.
    pub broken: Vec<String>,
}

impl Invariant {
    pub fn new(name: &'static str) -> Self {
        Self { name, checked: 0, broken: Vec::new() }
    }

    /// Counts one thing, with its problem if it has one.
    pub fn check(&mut self, problem: Option<String>) {
        self.checked += 1;
        self.broken.extend(problem);
    }
}
