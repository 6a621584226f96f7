//! From sending a withdrawal to the end of the client's own `ssh`, whose session it ends.

use crate::served::{Served, Way};
use crate::table::{Figure, Goal, ms, quantile};
use std::time::{Duration, Instant};
use testbed::Live;

const TIMES: usize = 200;

pub(crate) async fn measure(served: &Served) -> Vec<Figure> {
    let (mut from_sent, mut from_answered) = (Vec::new(), Vec::new());
    for _ in 0..TIMES {
        let grant = served.grant("deploy").await;
        let mut session = Live::start(served.ssh(Way::Tenure, "deploy", "echo session is up; exec cat"));
        session.hear("session is").await;
        let sent = tokio::time::Instant::now();
        let last_words = tokio::spawn(session.last_words(sent));
        let begun = Instant::now();
        served.withdraw(&grant).await;
        let answered = begun.elapsed();
        let end = last_words.await.expect("the client's end");
        assert!(end.text.contains("your access to deploy@web-1 ended"), "{end:?}");
        from_sent.push(end.after);
        from_answered.push(end.after.saturating_sub(answered));
    }
    let (p50, p99) = (quantile(&from_sent, 0.5), quantile(&from_sent, 0.99));
    vec![Figure {
        name: "withdrawal to disconnect",
        measured: format!(
            "{} at the median, {} at the 99th percentile, {} at most, of {TIMES}",
            ms(p50),
            ms(p99),
            ms(quantile(&from_sent, 1.0))
        ),
        beside: format!(
            "from the API's answer on: {} at the median, {} at the 99th percentile",
            ms(quantile(&from_answered, 0.5)),
            ms(quantile(&from_answered, 0.99))
        ),
        goal: Some(Goal { text: "within 100 ms; 1 s is the promise", is_met: p99 < Duration::from_millis(100) }),
    }]
}
