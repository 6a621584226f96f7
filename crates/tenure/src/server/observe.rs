//! Logs and metrics. Neither ever holds a secret.

use crate::config::{Config, LogFormat};
use anyhow::{Context, Result};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use privilege::sessions::EndReason;
use std::sync::OnceLock;
use tracing_subscriber::EnvFilter;

/// Logs go to standard error, so that standard output stays for answers.
pub(crate) fn start_logging(config: &Config) -> Result<()> {
    let filter = EnvFilter::try_new(&config.log_level)
        .with_context(|| format!("setting `log.level`: `{}` is not a level or a filter", config.log_level))?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = match config.log_format {
        LogFormat::Text => builder.with_target(false).try_init(),
        LogFormat::Json => builder.json().try_init(),
    };
    started.map_err(|e| anyhow::anyhow!("logging is started already: {e}"))
}

/// One recorder for the process, whoever asks first.
pub(crate) fn prometheus() -> PrometheusHandle {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    let install = || PrometheusBuilder::new().install_recorder().expect("no other recorder is installed");
    let handle = HANDLE.get_or_init(install).clone();
    begin_at_zero();
    handle
}

/// What has not happened yet reads as zero, so that an alarm can be built on it.
fn begin_at_zero() {
    for name in [
        "tenure_https_connections_refused_total",
        "tenure_ledger_commits_total",
        "tenure_ledger_entries_total",
        "tenure_ssh_connections_refused_total",
    ] {
        metrics::counter!(name).increment(0);
    }
    for direction in ["in", "out"] {
        metrics::counter!("tenure_ssh_bytes_total", "direction" => direction).increment(0);
    }
    for reason in EndReason::ALL {
        metrics::counter!("tenure_ssh_sessions_total", "end" => reason.as_str()).increment(0);
    }
    metrics::gauge!("tenure_ssh_sessions_live").increment(0.0);
}
