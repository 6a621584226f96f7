//! What `/metrics` says, in the text format of Prometheus.

use std::collections::BTreeSet;
use std::path::Path;
use testbed::{Engine, Testbed};

/// The names of samples that a body holds.
///
/// # Errors
/// The first line that the format does not know.
fn samples(body: &str) -> Result<BTreeSet<String>, String> {
    let mut typed = BTreeSet::new();
    let mut names = BTreeSet::new();
    for line in body.lines().filter(|line| !line.is_empty()) {
        let wrong = || format!("not in the text format: {line}");
        if let Some(comment) = line.strip_prefix("# ") {
            let mut words = comment.split(' ');
            match (words.next(), words.next(), words.next()) {
                (Some("TYPE"), Some(name), Some("counter" | "gauge" | "histogram" | "summary")) => {
                    typed.insert(name.to_owned());
                }
                (Some("HELP"), Some(_), _) => {}
                _ => return Err(wrong()),
            }
            continue;
        }
        let (series, value) = line.rsplit_once(' ').ok_or_else(wrong)?;
        value.parse::<f64>().map_err(|_| wrong())?;
        let (name, labels) = series.split_once('{').map_or((series, None), |(name, labels)| (name, Some(labels)));
        let whole = labels.is_none_or(|labels| {
            labels.strip_suffix('}').is_some_and(|pairs| {
                pairs.split(',').all(|pair| {
                    pair.split_once('=')
                        .is_some_and(|(_, value)| value.len() > 1 && value.starts_with('"') && value.ends_with('"'))
                })
            })
        });
        let good =
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b':');
        if !whole || !good || !typed.contains(name) {
            return Err(wrong());
        }
        names.insert(name.to_owned());
    }
    Ok(names)
}

/// The names in the first column of the table in `docs/metrics.md`.
fn documented() -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/metrics.md");
    let document = std::fs::read_to_string(path).unwrap();
    let rows = document.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    rows.map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn metrics_are_prometheus_text_with_exactly_the_names_of_their_document() {
    let bed = Testbed::start(Engine::Sqlite).await;
    bed.grant("root", 10).await;
    assert_eq!(bed.run(&bed.alice, "true").await.code(), Some(0));
    let checked = || async { bed.get(&bed.admin, "/metrics").await.text.contains("tenure_invariants_broken") };
    assert!(bed.eventually(std::time::Duration::from_secs(10), checked).await);
    let body = bed.get(&bed.admin, "/metrics").await;
    assert_eq!(body.status, 200);
    assert_eq!(samples(&body.text), Ok(documented()), "{}", body.text);
    assert!(samples("tenure_x 1").is_err() && samples("# TYPE x counter\nx{a=b} 1").is_err(), "the reader is strict");
    bed.stop().await;
}
