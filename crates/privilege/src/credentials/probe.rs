//! Whether a service can be reached, by a connection that says nothing: so cheap that a service that comes back is
//! seen within seconds, however long the revoker's delays have grown meanwhile.

use super::{CredentialError, revoker};
use crate::fulfilment;
use crate::services::{self, ServiceError};
use connectors::Server;
use db::jobs;
use ledger::Ctx;
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::net::TcpStream;
use types::Actor;

const EVERY: Duration = Duration::from_secs(2);
const PATIENCE: Duration = Duration::from_secs(1);

/// Works until the task is dropped.
pub async fn run(ctx: Ctx) {
    let ctx = ctx.acting_as(Actor::duty("privilege.probe"));
    let mut away = BTreeSet::new();
    loop {
        if let Err(error) = look(&ctx, &mut away).await {
            tracing::warn!(%error, "services that are away could not be looked at");
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// Lets the revoker, and who carries orders out, try those now that were away when looked at last and are back. `away` is what this look saw.
pub async fn look(ctx: &Ctx, away: &mut BTreeSet<String>) -> Result<(), CredentialError> {
    let mut still = BTreeSet::new();
    for kind in [revoker::KIND, fulfilment::KIND] {
        let waiting = jobs::waiting(&mut ctx.read().await?, kind).await?;
        for job in waiting.into_iter().filter(|job| !job.running && job.attempts > 0) {
            match reach(ctx, &job.key).await {
                Err(_) => drop(still.insert(job.key)),
                Ok(()) if away.contains(&job.key) => {
                    jobs::hasten(ctx.db(), kind, &job.key, ctx.now()).await?;
                }
                Ok(()) => {}
            }
        }
    }
    *away = still;
    Ok(())
}

/// Connects and hangs up; or why that was not possible.
pub(super) async fn reach(ctx: &Ctx, service: &str) -> Result<(), String> {
    let Server { host, port, .. } = match services::get(ctx, service).await {
        Ok(service) if service.kind.is_server() => service.server,
        Ok(_) => return Ok(()),
        // Not a server, so there is nothing to reach.
        Err(ServiceError::NotFound(_)) => return Ok(()),
        Err(error) => return Err(error.to_string()),
    };
    let away = |problem: String| format!("`{service}` cannot be reached: {problem}");
    match tokio::time::timeout(PATIENCE, TcpStream::connect((host.as_str(), port))).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(away(error.to_string())),
        Err(_) => Err(away(format!("no answer within {} s", PATIENCE.as_secs()))),
    }
}
