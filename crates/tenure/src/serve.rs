//! `tenure serve`: the ordinary server.

use crate::cli::ServeArgs;
use crate::config::Config;
use crate::server::{Server, start_logging};
use anyhow::Result;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::signal::unix::{SignalKind, signal};
use types::{Chance, Clock};

pub(crate) async fn run(args: ServeArgs) -> Result<()> {
    let config = Config::load(&args.config)?;
    start_logging(&config)?;
    allow_many_connections();
    let mut server = Server::start(&config, Clock::system(), Chance::system()).await?;
    match (server.live(), server.seal_status().because) {
        (Some(live), _) => tracing::info!(console = server.url, ssh = %live.ssh, "tenure is ready"),
        (None, because) => tracing::warn!(console = server.url, because, "tenure is sealed"),
    }
    let over = until_over(&mut server).await;
    tracing::info!("tenure is stopping: live sessions end");
    server.stop().await;
    over
}

/// Returns when the server is told to stop, and with an error when it cannot go on.
pub(crate) async fn until_over(server: &mut Server) -> Result<()> {
    tokio::select! {
        told = until_told() => told,
        error = server.lost() => Err(error),
    }
}

/// Systems allow few open files unless a program asks for more; each session needs three.
fn allow_many_connections() {
    let limit = getrlimit(Resource::Nofile);
    // It stays as it was where this is refused.
    let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit });
}

/// Returns on SIGINT or SIGTERM.
async fn until_told() -> Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted?,
        _ = terminate.recv() => {}
    }
    Ok(())
}
