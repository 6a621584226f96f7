//! What can go wrong with a membership for a time.

use db::DbError;
use grants::GrantError;
use ledger::LedgerError;
use provisioning::ProvisioningError;

#[derive(Debug, thiserror::Error)]
pub enum MembershipError {
    #[error(transparent)]
    Grant(#[from] GrantError),
    #[error(transparent)]
    Provisioning(#[from] ProvisioningError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}
