//! How a figure is shown, and the arithmetic that all of them share.

use std::fmt;
use std::time::Duration;

pub(crate) struct Figure {
    pub(crate) name: &'static str,
    pub(crate) measured: String,
    /// What was measured beside it, in the same run.
    pub(crate) beside: String,
    pub(crate) goal: Option<Goal>,
}

pub(crate) struct Goal {
    pub(crate) text: &'static str,
    pub(crate) is_met: bool,
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n{}\n  measured  {}\n  beside    {}", self.name, self.measured, self.beside)?;
        match &self.goal {
            Some(goal) => write!(f, "\n  goal      {}: {}", goal.text, if goal.is_met { "met" } else { "MISSED" }),
            None => Ok(()),
        }
    }
}

/// What the figures were measured on.
pub(crate) fn machine() -> String {
    let read = |file: &str| std::fs::read_to_string(file).unwrap_or_default();
    let (cpu, load) = (read("/proc/cpuinfo"), read("/proc/loadavg"));
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let profile = if cfg!(debug_assertions) { "NOT optimised: these figures say nothing" } else { "optimised" };
    format!(
        "{cores} cores of {}, Linux {}, load {} at the start; {profile}",
        model.trim_start_matches(['\t', ' ', ':']).trim(),
        read("/proc/sys/kernel/osrelease").trim(),
        load.split(' ').next().unwrap_or_default(),
    )
}

/// The value that this share of all does not exceed.
pub(crate) fn quantile(durations: &[Duration], share: f64) -> Duration {
    let mut sorted = durations.to_vec();
    sorted.sort_unstable();
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted[rank.clamp(1, sorted.len()) - 1]
}

pub(crate) fn median(durations: &[Duration]) -> Duration {
    quantile(durations, 0.5)
}

pub(crate) fn ms(duration: Duration) -> String {
    format!("{:.1} ms", duration.as_secs_f64() * 1000.0)
}
