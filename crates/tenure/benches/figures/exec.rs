//! The time from starting `ssh HOST true` to its end, through Tenure and directly, in turn.

use crate::served::{Served, Way, succeed};
use crate::table::{Figure, Goal, median, ms, quantile};
use std::time::{Duration, Instant};

const RUNS: usize = 60;

pub(crate) async fn measure(served: &Served) -> Vec<Figure> {
    let (mut direct, mut through) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        direct.push(once(served, Way::Direct).await);
        through.push(once(served, Way::Tenure).await);
    }
    let added = median(&through).saturating_sub(median(&direct));
    vec![Figure {
        name: "a new exec",
        measured: format!(
            "{} added at the median of {RUNS}: {}, 90 % within {}",
            ms(added),
            ms(median(&through)),
            ms(quantile(&through, 0.9))
        ),
        beside: format!("{} directly, 90 % within {}", ms(median(&direct)), ms(quantile(&direct, 0.9))),
        goal: Some(Goal { text: "less than 30 ms added", is_met: added < Duration::from_millis(30) }),
    }]
}

async fn once(served: &Served, way: Way) -> Duration {
    let begun = Instant::now();
    succeed(&mut served.ssh(way, "root", "true")).await;
    begun.elapsed()
}
