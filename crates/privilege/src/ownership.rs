//! Carries out who answers for accounts under management and secrets, when governance decided that because somebody left.

use crate::accounts::{self, AccountError};
use crate::secrets::{self, SecretError};
use db::DbError;
use ledger::{Ctx, LedgerError};
use provisioning::ProvisioningError;
use provisioning::ownership::{self, Kind};

#[derive(Debug, thiserror::Error)]
pub(crate) enum OwnershipError {
    #[error(transparent)]
    Account(#[from] AccountError),
    #[error(transparent)]
    Secret(#[from] SecretError),
    #[error(transparent)]
    Provisioning(#[from] ProvisioningError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

/// Harmless when repeated: what is handed over waits no more.
pub(crate) async fn run_once(ctx: &Ctx) -> Result<(), OwnershipError> {
    let mut tx = ctx.read().await?;
    let waiting = ownership::to_hand_over(&mut tx).await?;
    drop(tx);
    for seen in waiting {
        let mut tx = ctx.decide().await?;
        let owned = ownership::get(&mut tx, seen.kind, &seen.subject).await?;
        let Some(heir) = owned.and_then(|owned| owned.heir) else { continue };
        match seen.kind {
            Kind::Account => accounts::hand_over(&mut tx, &seen.subject, heir).await?,
            Kind::Secret => secrets::hand_over(&mut tx, &seen.subject, heir).await?,
        }
        tx.commit().await?;
    }
    Ok(())
}
