//! The time from starting `ssh HOST true` to its end, through Tenure and directly, in turn. Directly also with the key
//! exchange that Tenure and this client agree on, which may be cheaper than what OpenSSH agrees on with itself.

use crate::served::{Served, Way, succeed};
use crate::table::{Figure, Goal, median, ms, quantile};
use std::time::{Duration, Instant};

const RUNS: usize = 60;

const SAME_KEX: [&str; 2] = ["-o", "KexAlgorithms=curve25519-sha256"];

pub(crate) async fn measure(served: &Served) -> Vec<Figure> {
    let (mut direct, mut direct_same, mut through) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..RUNS {
        direct.push(once(served, Way::Direct, &[]).await);
        through.push(once(served, Way::Tenure, &[]).await);
        direct_same.push(once(served, Way::Direct, &SAME_KEX).await);
    }
    let added = |to: &[Duration]| median(&through).as_secs_f64() - median(to).as_secs_f64();
    let shown = |times: &[Duration]| format!("{}, 90 % within {}", ms(median(times)), ms(quantile(times, 0.9)));
    vec![Figure {
        name: "a new exec",
        measured: format!(
            "{:+.1} ms at the median of {RUNS}, {:+.1} ms with the same key exchange: {}",
            added(&direct) * 1000.0,
            added(&direct_same) * 1000.0,
            shown(&through)
        ),
        beside: format!("{} directly; with the same key exchange {}", shown(&direct), shown(&direct_same)),
        goal: Some(Goal {
            text: "less than 30 ms added, with the same key exchange too",
            is_met: added(&direct).max(added(&direct_same)) < 0.030,
        }),
    }]
}

async fn once(served: &Served, way: Way, options: &[&str]) -> Duration {
    let begun = Instant::now();
    succeed(served.client(way, peers::tools::ssh(), "root").args(options).args(["127.0.0.1", "true"])).await;
    begun.elapsed()
}
