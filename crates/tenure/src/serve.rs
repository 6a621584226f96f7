//! `tenure serve`: the ordinary server.

use crate::cli::ServeArgs;
use crate::config::Config;
use crate::server::{Server, start_logging};
use anyhow::Result;
use tokio::signal::unix::{SignalKind, signal};
use types::{Chance, Clock};

pub(crate) async fn run(args: ServeArgs) -> Result<()> {
    let config = Config::load(&args.config)?;
    start_logging(&config)?;
    let server = Server::start(&config, Clock::system(), Chance::system()).await?;
    tracing::info!(console = server.url, ssh = %server.ssh, "tenure is ready");
    until_told().await?;
    tracing::info!("tenure is stopping: live sessions end");
    server.stop().await;
    Ok(())
}

/// Returns on SIGINT or SIGTERM.
pub(crate) async fn until_told() -> Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted?,
        _ = terminate.recv() => {}
    }
    Ok(())
}
