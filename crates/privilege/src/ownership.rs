//! Carries out who answers for accounts under management and secrets, when governance decided that because somebody left; and
//! has credentials changed that whoever left may know.

use crate::accounts::{self, AccountError, Managed, State};
use crate::rotation::{self, Cause};
use crate::secrets::{self, SecretError};
use db::DbError;
use ledger::{Ctx, LedgerError, finding};
use provisioning::ProvisioningError;
use provisioning::ownership::{self, Kind};
use types::ManagedAccountId;

/// The finding while somebody who left may know a credential that only a person can change.
const KNOWN_TO_LEAVER: &str = "credential_known_to_leaver";

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
    change_known(ctx).await
}

/// Orders another credential of each account that somebody who left answered for, once, and sees when it is there. What
/// Tenure cannot change by itself waits for a person, who is told.
async fn change_known(ctx: &Ctx) -> Result<(), OwnershipError> {
    let known = ownership::to_change(&mut ctx.read().await?).await?;
    for seen in known {
        let Ok(id) = seen.subject.parse::<ManagedAccountId>() else { continue };
        let account = accounts::get(ctx, &id).await?;
        match seen.known_version {
            None => change(ctx, &account).await?,
            Some(version) if has_another(&account, version) => {
                let mut tx = ctx.record(accounts::known_no_more(&account)).await?;
                ownership::was_changed(&mut tx, id.as_str()).await?;
                finding::clear_in(&mut tx, KNOWN_TO_LEAVER, id.as_str()).await?;
                tx.commit().await?;
            }
            Some(_) => {}
        }
    }
    Ok(())
}

fn has_another(account: &Managed, known: u32) -> bool {
    matches!(account.state, State::Settled { current } if current > known)
}

async fn change(ctx: &Ctx, account: &Managed) -> Result<(), OwnershipError> {
    let mut tx = ctx.decide().await?;
    // 0: it came without one, and none is kept.
    let known = accounts::find_managed(&mut tx, &account.id).await?.state.current().unwrap_or_default();
    match rotation::order(ctx, &mut tx, &account.id, Cause::Leaver).await {
        Ok(_) => {}
        Err(AccountError::ByHand(_)) => {
            let detail = format!(
                "whoever answered for `{}` before may know its credential, which Tenure cannot change: set another one \
                 there, then give it with `tenure accounts give`",
                account.name()
            );
            tx.also(accounts::known_to_leaver(account));
            finding::raise_in(ctx, &mut tx, KNOWN_TO_LEAVER, account.id.as_str(), &detail).await?;
        }
        Err(error) => return Err(error.into()),
    }
    ownership::is_changing(&mut tx, account.id.as_str(), known).await?;
    Ok(tx.commit().await?)
}
